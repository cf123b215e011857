"""SPARQL 1.1 Protocol, the query operation: from a request's parts to an answer's parts."""

import re
from binascii import a2b_qp
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from server import messages
from server.asking import Query, QueryFailed, Streamed
from server.messages import Problem
from server.sparql import query_text
from server.web import negotiation
from server.web.negotiation import GRAPHS, HTML, RESULTS

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
RESULT_OFFERS: Final = tuple(RESULTS.values())
GRAPH_OFFERS: Final = tuple(GRAPHS.values())
GRAPH_FORMS: Final = frozenset(["CONSTRUCT", "DESCRIBE"])
ALL_OFFERS: Final = (*RESULT_OFFERS, *GRAPH_OFFERS, HTML)
DESCRIPTION_OFFERS: Final = (*GRAPH_OFFERS, HTML)
ROWS: Final = 500  # rows of a result that a page shows; the whole result is fetched in another format
MOST_BODY: Final = 2**20  # bytes
Headers = tuple[tuple[bytes, bytes], ...]
CORS: Final[Headers] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After, X-Data-Version"),
)
PREFLIGHT: Final[Headers] = (
    (b"allow", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"Accept, Accept-Language, Cache-Control, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
)


@dataclass(slots=True)
class Request:
    """What the protocol looks at; `body` is None when a POST has no Content-Length."""

    method: str
    query_string: bytes
    content_type: str = ""
    body: bytes | None = b""
    accept: str | None = None
    accept_language: str | None = None


@dataclass(slots=True)
class Asked:
    """A request that was understood. `query` is None when none was sent."""

    query: str | None
    default: tuple[str, ...]
    named: tuple[str, ...]
    seconds: float | None
    format: str | None
    language: str


@dataclass(slots=True)
class Reply:
    """An answer to a client: its body whole, or an answer of the engine whose pieces are to be sent as they come."""

    status: int
    headers: Headers
    body: bytes | Streamed = b""
    told: bool = False  # the journal has it already


def read(request: Request) -> Asked | Problem:
    """What is asked for, or the problem with the request."""
    try:
        pairs = _pairs(request.query_string)
        direct: str | None = None
        if request.method == "POST":
            posted = _posted(request)
            if isinstance(posted, Problem):
                return posted
            if isinstance(posted, str):
                direct = posted
            else:
                pairs = pairs + posted
    except (UnicodeDecodeError, ValueError):
        return _bad("Frågan är inte giltig UTF-8.", "The request is not valid UTF-8.")
    if len(pairs) == 1 and pairs[0][0] == "query" and direct is None:
        return Asked(pairs[0][1], (), (), None, None, negotiation.language(request.accept_language))
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if "update" in values:
        return messages.of_failure(QueryFailed("refused", what="update"), "", {})
    for name in ("query", "timeout", "format", "lang"):
        if len(values.get(name, [])) > 1:
            return _bad(f"Parametern {name} står flera gånger.", f"The parameter {name} is given more than once.")
    if direct is not None and "query" in values:
        return _bad("Frågan står både i adressen och i kroppen.", "The query stands in the address and the body.")
    seconds = _seconds(values.get("timeout"))
    if isinstance(seconds, Problem):
        return seconds
    asked = values["format"][0] if values.get("format") and values["format"][0] else None
    return Asked(
        direct if direct is not None else values.get("query", [None])[0],
        tuple(values.get("default-graph-uri", [])),
        tuple(values.get("named-graph-uri", [])),
        seconds,
        asked,
        negotiation.language(request.accept_language, values.get("lang", [None])[0]),
    )


def wants_page(asked: Asked, accept: str | None) -> bool:
    """Whether the answer is to be an HTML page: the form, or a table of the result."""
    if asked.query is None and not asked.format:
        chosen = negotiation.choose(accept, DESCRIPTION_OFFERS)
        return chosen is not None and chosen.format is HTML
    if asked.format:
        return negotiation.by_name(asked.format, [HTML]) is not None
    chosen = negotiation.choose(accept, ALL_OFFERS)
    if chosen and chosen.format is not HTML and accept and "html" in accept.lower():  # what the query cannot give
        is_graph = query_text.first_keyword(asked.query or "") in GRAPH_FORMS
        chosen = negotiation.choose(accept, (*(GRAPH_OFFERS if is_graph else RESULT_OFFERS), HTML))
    return chosen is not None and chosen.format is HTML


@dataclass(slots=True)
class Planned:
    """A query as it goes to the engine, and what its answer is to be called, for rows and for a graph."""

    query: Query
    results: negotiation.Choice | None
    graphs: negotiation.Choice | None

    def media_type(self, form: str) -> str:
        chosen = self.graphs if form == "graph" else self.results
        return chosen.media_type if chosen else "application/octet-stream"


def plan(asked: Asked, accept: str | None, coding: str | None = None, client: str | None = None) -> Planned | Problem:
    """What to ask the engine, or the problem with what was asked."""
    if asked.query is None:
        return _no_query()
    if asked.format:
        results = negotiation.by_name(asked.format, RESULT_OFFERS)
        graphs = negotiation.by_name(asked.format, GRAPH_OFFERS)
    else:
        results = negotiation.choose(accept, RESULT_OFFERS)
        graphs = negotiation.choose(accept, GRAPH_OFFERS)
    if results is None and graphs is None:
        return not_acceptable(ALL_OFFERS)
    query = Query(
        asked.query,
        results.format.name if results else None,
        graphs.format.name if graphs else None,
        asked.default,
        asked.named,
        asked.seconds,
        coding=coding,
        client=client,
    )
    return Planned(query, results, graphs)


def undescribed(asked: Asked, accept: str | None) -> Problem:
    """Why a request without a query gets no service description: it wants the result of a query, or a format in which
    there is none."""
    results = RESULT_OFFERS
    chosen = negotiation.by_name(asked.format, results) if asked.format else negotiation.choose(accept, results)
    return _no_query() if chosen else not_acceptable(DESCRIPTION_OFFERS)


def problem_of(failure: QueryFailed, query: str, prefixes: Mapping[str, str]) -> Problem:
    """What a client is told of a query without a result."""
    if failure.kind == "not-acceptable":
        return not_acceptable(GRAPH_OFFERS if failure.details["form"] == "graph" else RESULT_OFFERS)
    return messages.of_failure(failure, query, prefixes)


def refusal(problem: Problem, language: str) -> Reply:
    """A problem as an answer for a program."""
    body = problem.json(language)
    headers = (
        (b"content-type", messages.MEDIA_TYPE.encode()),
        (b"vary", b"Accept, Accept-Language"),
        (b"cache-control", b"no-store"),
        *((name.lower().encode(), value.encode("latin-1")) for name, value in problem.headers),
        *CORS,
    )
    return Reply(problem.status, headers, body)


def not_acceptable(offers: Sequence[negotiation.Format]) -> Problem:
    """406, with the media types that there are."""
    listed = negotiation.alternatives(offers)
    return Problem(
        406,
        f"Inget av de begärda formaten finns; det här finns: {listed}.",
        f"None of the formats asked for is served; these are: {listed}.",
        {"kind": "not-acceptable", "alternatives": listed.split(", ")},
    )


def _pairs(query_string: bytes) -> list[tuple[str, str]]:
    text = query_string.decode("ascii") if query_string.isascii() else query_string.decode("utf-8")
    if text.startswith("query=") and "&" not in text:  # what most programs send
        return [("query", _unquoted(query_string[6:]))]
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)


def _unquoted(text: bytes) -> str:
    """A form's value without its coding, as urllib.parse.unquote_plus has it. Raises UnicodeDecodeError.

    Quoted-printable is the same coding with another sign, and is decoded in C, at a tenth of the cost; what is not
    well-formed, or has line feeds, which are something else there, is left to the slower way.
    """
    if b"\n" not in text and b"\r" not in text:
        found = a2b_qp(text.replace(b"=", b"=3D").replace(b"%", b"=").replace(b"+", b" "))
        if len(found) == len(text) - 2 * text.count(b"%"):
            return found.decode("utf-8")
    return unquote_plus(text.decode("utf-8"), errors="strict")


def _posted(request: Request) -> list[tuple[str, str]] | str | Problem:
    if request.body is None:
        return Problem(411, "Content-Length saknas.", "Content-Length is missing.")
    if len(request.body) > MOST_BODY:
        return messages.of_failure(QueryFailed("too-long", bytes=MOST_BODY), "", {})
    parsed = Message()
    parsed["Content-Type"] = request.content_type or "missing/missing"
    media_type = parsed.get_content_type()
    if (parsed.get_content_charset() or "utf-8") not in {"utf-8", "utf8", "us-ascii"}:
        return Problem(415, "Frågan måste vara kodad som UTF-8.", "The query must be encoded as UTF-8.")
    if media_type == FORM:
        return _pairs(request.body)
    if media_type == DIRECT:
        return request.body.decode("utf-8")
    if media_type == UPDATE:
        return messages.of_failure(QueryFailed("refused", what="update"), "", {})
    return Problem(
        415,
        f"Skicka frågan som {FORM} eller {DIRECT}.",
        f"Send the query as {FORM} or {DIRECT}.",
        headers=(("Accept-Post", f"{FORM}, {DIRECT}"),),
    )


def _seconds(values: list[str] | None) -> float | None | Problem:
    if not values or not values[0]:
        return None
    seconds = float(values[0]) if re.fullmatch(r"\d{1,6}(\.\d{0,9})?", values[0], re.ASCII) else 0.0
    if not 0 < seconds <= 3600:
        return _bad("timeout ska vara ett antal sekunder.", "timeout must be a number of seconds.")
    return seconds


def _no_query() -> Problem:
    return _bad(
        "Ingen fråga: skicka den i parametern query, eller som application/sparql-query.",
        "No query: send it in the parameter query, or as application/sparql-query.",
    )


def _bad(sv: str, en: str, more: Mapping[str, str] | None = None) -> Problem:
    return Problem(400, sv, en, more or {"kind": "request"})

"""SPARQL 1.1 Protocol, the query operation: from a request's parts to an answer's parts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server import messages
from server.asking import Limits, Query, QueryFailed, Streamed
from server.messages import Problem
from server.sparql import query_text
from server.web import media_type, negotiation, parameters
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
PROLOGUE: Final = 8 * 1024  # characters of a query in which its first keyword is looked for
LONGEST_NAME: Final = 20  # characters of a parameter's name that is compared with `query`
ACCEPTED: Final = (("Accept-Post", f"{FORM}, {DIRECT}"),)
CHARSETS: Final = frozenset(["", "utf-8", "utf8", "us-ascii"])
OF_ANOTHER: Final = Problem(
    412,
    "Det som finns här har en annan entitetstagg än de i If-Match: hämta det på nytt.",
    "What is here has another entity tag than those of If-Match: fetch it anew.",
    {"kind": "precondition"},
)
NO_LENGTH: Final = Problem(411, "Content-Length saknas.", "Content-Length is missing.")
_QUERY: Final = re.compile(r"[\W_]*query[\W_]*", re.IGNORECASE)
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


def read(request: Request, longest: int = Limits().query) -> Asked | Problem:
    """What is asked for, or the problem with the request; a query has at most `longest` bytes."""
    try:
        pairs = parameters.pairs(request.query_string)
        direct: str | None = None
        if request.method == "POST":
            posted = _posted(request, longest)
            if isinstance(posted, Problem):
                return posted
            if isinstance(posted, str):
                direct = posted
            else:
                pairs = pairs + posted
    except (UnicodeDecodeError, ValueError):
        return _bad(
            "Frågan är inte giltig UTF-8, har trasiga procentkoder (%) eller över tusen parametrar.",
            "The request is not valid UTF-8, or has broken percent-encoding (%) or over a thousand parameters.",
        )
    if direct is None and any(name == "query" and _longer(value, longest) for name, value in pairs):
        return messages.of_failure(QueryFailed("too-long", bytes=longest), "", {})
    if len(pairs) == 1 and pairs[0][0] == "query" and direct is None:
        return Asked(pairs[0][1], (), (), None, None, negotiation.language(request.accept_language))
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if "update" in values:
        return messages.of_failure(QueryFailed("refused", what="update"), "", {})
    if misnamed := next(filter(_misnamed, values), None):
        return _bad(
            f"Parametern heter query, inte {misnamed!r}.", f"The parameter is called query, and not {misnamed!r}."
        )
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
        is_graph = query_text.first_keyword((asked.query or "")[:PROLOGUE]) in GRAPH_FORMS
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


def _longer(query: str, longest: int) -> bool:
    return len(query) * 4 > longest and len(query.encode("utf-8", "surrogatepass")) > longest


def _misnamed(name: str) -> bool:
    """Whether a parameter's name is `query` in other capitals, or with other signs around it."""
    return name != "query" and len(name) <= LONGEST_NAME and bool(_QUERY.fullmatch(name))


def _posted(request: Request, longest: int) -> list[tuple[str, str]] | str | Problem:
    if request.body is None:
        return NO_LENGTH
    if len(request.body) > MOST_BODY:
        return messages.of_failure(QueryFailed("too-long", bytes=MOST_BODY), "", {})
    sent = media_type.read(request.content_type or "missing/missing")
    if sent is None:
        return Problem(
            415,
            f"Rubriken Content-Type går inte att läsa: skriv {FORM} eller {DIRECT}, och högst charset=utf-8.",
            f"The header Content-Type cannot be read: write {FORM} or {DIRECT}, and charset=utf-8 at most.",
            headers=ACCEPTED,
        )
    if sent.charset not in CHARSETS:
        return Problem(415, "Frågan måste vara kodad som UTF-8.", "The query must be encoded as UTF-8.")
    if sent.name == FORM:
        return parameters.pairs(request.body)
    if sent.name == DIRECT:
        if len(request.body) > longest:
            return messages.of_failure(QueryFailed("too-long", bytes=longest), "", {})
        return request.body.decode("utf-8")
    if sent.name == UPDATE:
        return messages.of_failure(QueryFailed("refused", what="update"), "", {})
    return Problem(
        415, f"Skicka frågan som {FORM} eller {DIRECT}.", f"Send the query as {FORM} or {DIRECT}.", headers=ACCEPTED
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

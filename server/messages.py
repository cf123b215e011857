"""What a client is told when it gets no result: one sentence in Swedish and one in English, and a status."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from server.asking import QueryFailed
from server.sparql import query_text
from server.web import negotiation


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that is not what was asked for (RFC 9457); `more` are members for programs."""

    status: int
    sv: str
    en: str
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    def text(self, language: str) -> str:
        return self.en if language == "en" else self.sv

    def json(self, language: str) -> bytes:
        members = {"type": "about:blank", "title": TITLES.get(self.status, "Error"), "status": self.status}
        members |= {"detail": self.text(language), "sv": self.sv, "en": self.en, **self.more}
        return (json.dumps(members, ensure_ascii=False, indent=2) + "\n").encode()


TITLES: Final = {
    300: "Multiple Choices",
    308: "Permanent Redirect",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    410: "Gone",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Content Too Large",
    414: "URI Too Long",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
SECURITY: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""What every answer says to browsers."""
MEDIA_TYPE: Final = "application/problem+json"
TOLD: Final = ("seconds", "line", "column")
"""What programs are told of a failure beside its kind."""
MOST_TOKENS: Final = 2000  # of a query that are read where the engine does not tell which prefixes are missing


# By the kind of a failure: status, sentences with {places} for its details, and seconds after which to try again.
_FAILURES: Final[Mapping[str, tuple[int, str, str, int | None]]] = {
    "dataset": (400, "En graf i frågan är inte en giltig IRI.", "A graph in the query is no valid IRI.", None),
    "function": (
        400,
        "Funktionen {function}{where_sv} finns inte: här finns de i SPARQL 1.1 och omvandling till XML Schemas "
        "datatyper.",
        "There is no function {function}{where_en}: there are those of SPARQL 1.1 and casts to the datatypes of XML "
        "Schema.",
        None,
    ),
    "refused update": (
        403,
        "Här går det bara att läsa: uppdateringar (INSERT, DELETE, LOAD, CLEAR …) utförs inte.",
        "This service is read-only: updates (INSERT, DELETE, LOAD, CLEAR …) are not carried out.",
        None,
    ),
    "refused service": (
        403,
        "SERVICE är avstängt: ställ frågan till den andra tjänsten för sig och slå ihop svaren själv.",
        "SERVICE is turned off: ask the other service by itself and combine the answers yourself.",
        None,
    ),
    "not-acceptable graph": (
        406,
        "Frågan ger en graf men inget av de begärda formaten är ett grafformat.",
        "The query gives a graph, and none of the formats asked for is one for graphs.",
        None,
    ),
    "not-acceptable rows": (
        406,
        "Frågan ger rader men inget av de begärda formaten är ett format för rader.",
        "The query gives rows, and none of the formats asked for is one for rows.",
        None,
    ),
    "unwritable character": (
        406,
        "Svaret innehåller ett tecken som inte kan stå i XML: {value}. Det kan hämtas som {others}.",
        "The result holds a character that XML cannot hold: {value}. It can be fetched as {others}.",
        None,
    ),
    "unwritable predicate": (
        406,
        "Svaret innehåller ett predikat som inte kan skrivas i RDF/XML: {value}. Det kan hämtas som {others}.",
        "The result holds a predicate that RDF/XML cannot write: {value}. It can be fetched as {others}.",
        None,
    ),
    "unwritable triple": (
        406,
        "Svaret innehåller trippeltermer, som inte kan skrivas i JSON-LD. Det kan hämtas som {others}.",
        "The result holds triple terms, which JSON-LD cannot write. It can be fetched as {others}.",
        None,
    ),
    "too-many-parallel": (
        429,
        "Du har redan så många frågor i gång som en klient får ha: försök igen om {wait} s, när en är klar.",
        "You have as many queries under way as a client may have: wait until one ends and try again in {wait} s.",
        None,
    ),
    "too-much-time": (
        429,
        "Dina frågor har använt den tid som en klient får: försök igen om {wait} s, helst med snävare frågor.",
        "Your queries have used the time that one client may use: try again in {wait} s, with narrower queries.",
        None,
    ),
    "too-many-errors": (
        429,
        "För många av dina frågor har misslyckats: rätta dem, och försök igen om {wait} s.",
        "Too many of your queries have failed: correct them, and try again in {wait} s.",
        None,
    ),
    "too-long": (
        413,
        "Frågan är längre än {KiB} KiB: dela upp den i flera.",
        "The query is longer than {KiB} KiB: divide it into several.",
        None,
    ),
    "too-deep": (
        400,
        "Frågan är för djup: parenteser mer än {depth} djupt i varandra, eller hundratals led i rad. Dela upp den.",
        "The query is too deep: brackets more than {depth} in each other, or hundreds of steps in a row. Divide it.",
        None,
    ),
    "timeout": (
        504,
        "Frågan avbröts efter {seconds:g} s: begränsa den (en nämnd, ett år, LIMIT) och försök igen.",
        "The query was stopped after {seconds:g} s: narrow it (one body, one year, LIMIT) and try again.",
        None,
    ),
    "crash": (
        503,
        "Frågan krävde mer minne eller djupare nästling än tjänsten tillåter: förenkla den.",
        "The query needed more memory or deeper nesting than the service allows: simplify it.",
        None,
    ),
    "too-large": (
        503,
        "Svaret är större än {MiB} MiB: hämta det i delar med ORDER BY, LIMIT och OFFSET.",
        "The result is larger than {MiB} MiB: fetch it in parts with ORDER BY, LIMIT and OFFSET.",
        None,
    ),
    "disk": (
        503,
        "Disken för stora svar är full hos tjänsten: begränsa frågan (LIMIT), eller försök igen om en stund.",
        "The service's disk for large results is full: narrow the query (LIMIT), or try again in a while.",
        30,
    ),
    "unread": (
        503,
        "Du har för många stora svar som inte är hämtade: hämta eller avbryt dem, och försök igen.",
        "You have too many large results that are not fetched yet: fetch or cancel them, and try again.",
        30,
    ),
    "busy": (
        503,
        "Alla frågeprocesser är upptagna: försök igen om några sekunder.",
        "All query processes are busy: try again in a few seconds.",
        5,
    ),
    "unavailable": (
        503,
        "Inget är publicerat ännu: kör `kommungraf ingest` först.",
        "Nothing is published yet: run `kommungraf ingest` first.",
        30,
    ),
    "unreachable": (
        503,
        "Databasmotorn bakom tjänsten svarar inte: försök igen om en stund.",
        "The engine behind the service does not answer: try again in a while.",
        30,
    ),
    "engine": (
        500,
        "Frågan kunde inte besvaras på grund av ett fel i tjänsten; felet är inte ditt.",
        "The query could not be answered because of an error in the service; it is not your fault.",
        None,
    ),
}


def of_failure(failure: QueryFailed, query: str, prefixes: Mapping[str, str]) -> Problem:
    """The answer to a query that failed; `prefixes` are those that may be suggested where one was forgotten."""
    details = failure.details
    kind = failure.reason
    if kind == "syntax":
        return _syntax(details, query, prefixes)
    if kind == "refused":
        kind += " update" if details["what"] == "update" else " service"
    elif kind == "not-acceptable":
        kind += " graph" if details["form"] == "graph" else " rows"
    elif kind == "unwritable":
        kind += f" {details['holds']}"
    status, sv, en, wait = _FAILURES.get(kind, _FAILURES["engine"])
    size = details.get("bytes", 0)
    facts = {
        "seconds": details.get("seconds", 0.0),
        "wait": details.get("wait", 0),
        "KiB": size // 1024,
        "MiB": size // 2**20,
        "depth": details.get("depth", 0),
        "function": details.get("function", ""),
        "value": details.get("value", ""),
        "others": _others(details),
        **_where(details),
    }
    more = {"kind": failure.reason} | {name: details[name] for name in TOLD if details.get(name) is not None}
    if failure.reason == "unwritable":
        more["alternatives"] = _others(details).split(", ")
    wait = details.get("wait", wait)
    headers = (("Retry-After", str(wait)),) if wait else ()
    return Problem(status, sv.format_map(facts), en.format_map(facts), more, headers)


def _others(details: Mapping[str, Any]) -> str:
    """The media types of the formats that a result may have beside that which cannot hold it."""
    offers = negotiation.GRAPHS if details.get("form") == "graph" else negotiation.RESULTS
    return negotiation.alternatives([offer for name, offer in offers.items() if name != details.get("format")])


def _where(details: Mapping[str, Any]) -> dict[str, str]:
    line, column = details.get("line"), details.get("column")
    sv, en = (f" (rad {line}, kolumn {column})", f" (line {line}, column {column})") if line else ("", "")
    return {"where_sv": sv, "where_en": en}


def _syntax(details: Mapping[str, Any], query: str, prefixes: Mapping[str, str]) -> Problem:
    line, column = details["line"], details["column"]
    more = {"kind": "syntax", "line": line, "column": column, "message": details["message"]}
    where_sv = f"på rad {line}, kolumn {column}" if line else "någonstans"
    where_en = f"at line {line}, column {column}" if line else "somewhere"
    undeclared = details["undeclared"] if "undeclared" in details else query_text.undeclared(query, MOST_TOKENS)
    missing = [prefix for prefix in undeclared if prefix in prefixes]
    if missing:
        lines = " ".join(f"PREFIX {prefix}: <{prefixes[prefix]}>" for prefix in missing)
        return Problem(
            400,
            f"Frågan går inte att läsa {where_sv}: lägg till {lines} överst.",
            f"The query cannot be read {where_en}: add {lines} at the top.",
            more | {"missing_prefixes": missing},
        )
    said = details["message"]
    if undeclared and "prefix" in said.lower():
        listed = ", ".join(f"{prefix[:80]}:" for prefix in undeclared[:5])
        return Problem(
            400,
            f"Frågan går inte att läsa {where_sv}: prefixet {listed} är inte deklarerat.",
            f"The query cannot be read {where_en}: the prefix {listed} is declared nowhere.",
            more | {"undeclared_prefixes": undeclared[:5]},
        )
    if len(said) > 160:
        said = said[:160] + "…"
    return Problem(
        400,
        f"Frågan går inte att läsa {where_sv} (motorn säger: {said}).",
        f"The query cannot be read {where_en} (the engine says: {said}).",
        more,
    )

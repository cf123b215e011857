"""What a client is told when it gets no result: one sentence in Swedish and one in English, and a status."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from server import query_text
from server.pool import QueryFailed


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
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    411: "Length Required",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
MEDIA_TYPE: Final = "application/problem+json"


def of_failure(failure: QueryFailed, query: str, prefixes: Mapping[str, str]) -> Problem:
    """The answer to a query that failed; `prefixes` are those that may be suggested where one was forgotten."""
    details = failure.details
    more = {"kind": failure.kind}
    match failure.kind:
        case "syntax":
            return _syntax(details, query, prefixes)
        case "dataset":
            return Problem(400, "En graf i frågan är inte en giltig IRI.", "A graph in the query is no valid IRI.")
        case "refused" if details["what"] == "update":
            return Problem(
                403,
                "Här går det bara att läsa: uppdateringar (INSERT, DELETE, LOAD, CLEAR …) utförs inte.",
                "This service is read-only: updates (INSERT, DELETE, LOAD, CLEAR …) are not carried out.",
                more,
            )
        case "refused":
            return Problem(
                403,
                "SERVICE är avstängt: ställ frågan till den andra tjänsten för sig och slå ihop svaren själv.",
                "SERVICE is turned off: ask the other service by itself and combine the answers yourself.",
                more,
            )
        case "not-acceptable":
            return Problem(
                406,
                "Frågan ger en graf men ingen av de begärda formaten är ett grafformat."
                if details["form"] == "graph"
                else "Frågan ger rader men inget av de begärda formaten är ett format för rader.",
                "The query gives a graph, and none of the formats asked for is one for graphs."
                if details["form"] == "graph"
                else "The query gives rows, and none of the formats asked for is one for rows.",
                more,
            )
        case "too-long":
            size = details["bytes"] // 1024
            return Problem(
                413,
                f"Frågan är längre än {size} KiB: dela upp den i flera.",
                f"The query is longer than {size} KiB: divide it into several.",
                more,
            )
        case "timeout":
            seconds = f"{details['seconds']:g}"
            return Problem(
                503,
                f"Frågan avbröts efter {seconds} s: begränsa den (en nämnd, ett år, LIMIT) och försök igen.",
                f"The query was stopped after {seconds} s: narrow it (one body, one year, LIMIT) and try again.",
                more | {"seconds": details["seconds"]},
            )
        case "crash":
            return Problem(
                503,
                "Frågan krävde mer minne eller djupare nästling än tjänsten tillåter: förenkla den.",
                "The query needed more memory or deeper nesting than the service allows: simplify it.",
                more,
            )
        case "too-large":
            size = details["bytes"] // 2**20
            return Problem(
                503,
                f"Svaret är större än {size} MiB: hämta det i delar med ORDER BY, LIMIT och OFFSET.",
                f"The result is larger than {size} MiB: fetch it in parts with ORDER BY, LIMIT and OFFSET.",
                more,
            )
        case "busy":
            return Problem(
                503,
                "Alla frågeprocesser är upptagna: försök igen om några sekunder.",
                "All query processes are busy: try again in a few seconds.",
                more,
                (("Retry-After", "5"),),
            )
        case "unavailable":
            return Problem(
                503,
                "Inget är publicerat ännu: kör `kommungraf ingest` först.",
                "Nothing is published yet: run `kommungraf ingest` first.",
                more,
                (("Retry-After", "30"),),
            )
    return Problem(
        500,
        "Frågan kunde inte besvaras på grund av ett fel i tjänsten; felet är inte ditt.",
        "The query could not be answered because of an error in the service; it is not your fault.",
        more,
    )


def _syntax(details: Mapping[str, Any], query: str, prefixes: Mapping[str, str]) -> Problem:
    line, column = details["line"], details["column"]
    more = {"kind": "syntax", "line": line, "column": column, "message": details["message"]}
    where_sv = f"på rad {line}, kolumn {column}" if line else "någonstans"
    where_en = f"at line {line}, column {column}" if line else "somewhere"
    missing = [prefix for prefix in query_text.undeclared(query) if prefix in prefixes]
    if missing:
        lines = " ".join(f"PREFIX {prefix}: <{prefixes[prefix]}>" for prefix in missing)
        return Problem(
            400,
            f"Frågan går inte att läsa {where_sv}: lägg till {lines} överst.",
            f"The query cannot be read {where_en}: add {lines} at the top.",
            more | {"missing_prefixes": missing},
        )
    said = details["message"]
    if len(said) > 160:
        said = said[:160] + "…"
    return Problem(
        400,
        f"Frågan går inte att läsa {where_sv} (motorn säger: {said}).",
        f"The query cannot be read {where_en} (the engine says: {said}).",
        more,
    )

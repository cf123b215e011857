"""Queries whose depth or length is the attack: the shapes that ended the engine's process when it had a small stack."""

from collections.abc import Iterator
from typing import Final

from tests.attacks.attack import Attack, asking

CAP: Final = 64 * 1024  # bytes of a query
UNDER: Final = frozenset({200, 400, 413, 503, 504})  # evaluated, or refused, or stopped: all of them are right
SECONDS: Final = 0.5

# What comes before, the part that opens a level (@: its number), the middle, the part that closes one, what follows.
SHAPES: Final = {
    "groups": ("ASK ", "{", "", "}", ""),
    "parentheses": ("ASK { FILTER ", "(", "1", ")", " }"),
    "sums": ("ASK { FILTER(1", "+1", "", "", ") }"),
    "IF": ("ASK { FILTER(", "IF(true,1,", "1", ")", ") }"),
    "EXISTS": ("ASK { ", "FILTER EXISTS{", "", "}", " }"),
    "negations": ("ASK { FILTER(", "!", "true", "", ") }"),
    "path parentheses": ("ASK { ?s ", "(", "<a:b>", ")", " ?o }"),
    "sub-SELECT": ("SELECT * {", "{SELECT * {", "", "}}", "}"),
    "GRAPH": ("ASK {", "GRAPH ?g {", "", "}", "}"),
    "SELECT expressions": ("SELECT ", "(1 AS ?v@)", "", "", " {}"),
    "OPTIONAL": ("ASK {", "OPTIONAL{?s ?p ?o ", "", "}", "}"),
    "BIND": ("ASK {", "BIND(1 AS ?v@) ", "", "", "}"),
    "MINUS": ("ASK {?s ?p ?o ", "MINUS{?s ?p ?o} ", "", "", "}"),
    "path alternatives": ("ASK {?s <a:b>", "|<a:b>", "", "", " ?o}"),
    "path steps": ("ASK {?s <a:b>", "/<a:b>", "", "", " ?o}"),
    "&&": ("ASK {?s ?p ?o FILTER(?o=1", "&&?o=1", "", "", ")}"),
    "||": ("ASK {?s ?p ?o FILTER(?o=1", "||?o=1", "", "", ")}"),
    "triple terms": ("ASK {?s ?p ", "<<(<a:a> <a:b> ", "<a:c>", ")>>", "}"),
    "UNION": ("ASK {{}", "UNION{}", "", "", "}"),
    "blank nodes": ("ASK {?s ?p ", "[?p ", "?o", "]", "}"),
    "collections": ("ASK {?s ?p ", "(", "1", ")", "}"),
    "triple patterns": ("ASK {", "?s@ ?p@ ?o@.", "", "", "}"),
    "IN list": ("ASK {FILTER(1 IN (0", ",0", "", "", "))}"),
    "CONCAT": ("ASK {FILTER(CONCAT(''", ",''", "", "", ")='')}"),
    "VALUES": ("ASK {VALUES ?x {", "1 ", "", "", "}}"),
}  # fmt: skip

# Parts of texts that are no query, and that a careless reader of words reads again and again.
TEXTS: Final = (
    "\\''' ", '\\""" ', "'''a ", "\\' ", "a....", "a:", "_:a.", "<", "<a", "a:%", "@a-", "'''\\", "#", "\\u0022", "\u0301", "[",
)  # fmt: skip


def query(shape: tuple[str, str, str, str, str], size: int) -> str:
    """A query of a shape, as long as fits into so many bytes."""
    before, opening, middle, closing, after = shape
    left = size - len(before + middle + after)
    parts: list[str] = []
    while (left := left - len(part := opening.replace("@", str(len(parts)))) - len(closing)) >= 0:
        parts.append(part)
    return before + "".join(parts) + middle + closing * len(parts) + after


def attacks() -> Iterator[Attack]:
    for name, shape in SHAPES.items():
        under = query(shape, CAP)
        yield asking(f"{name}, 64 KiB", under, UNDER, SECONDS)
        yield asking(f"{name}, over 64 KiB", under + " " * (CAP + 1 - len(under)), {413}, SECONDS)
    for name in ("path steps", "triple patterns", "blank nodes", "collections"):
        thousand = query(
            SHAPES[name], {"triple patterns": 17_000, "blank nodes": 5_000, "collections": 2_000}.get(name, 6_000)
        )
        yield asking(f"{name}, a thousand", thousand, UNDER, SECONDS)
    for part in TEXTS:
        text = f"SELECT * FROM <a:b> {{ {part * ((CAP - 30) // len(part.encode()))}"
        yield asking(f"64 KiB of {part!a}", text, UNDER - {200}, SECONDS)
    graphs = " ".join(f"FROM <a:{n}>" for n in range(4000))
    yield asking("4,000 FROM", f"SELECT * {graphs} {{ ?s ?p ?o }}", UNDER, SECONDS)
    yield asking(
        "4,000 prefixes",
        " ".join(f"PREFIX p{n}: <a:>" for n in range(3000)) + " ASK { p0:a p0:b ?c }",
        UNDER,
        SECONDS,
    )

"""A query's result in other ways than as a table: bars, the text of a format, a picture of the graph."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Any, Final

import pyoxigraph as ox

from server.asking import QueryFailed, Rows, Term
from server.naming import AT_ONCE, look_up
from server.query_page.example_values import XSD
from server.site import Site, is_iri

NUMBERS: Final = frozenset(
    XSD + each for each in ("integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger")
)
BARS: Final = 60
NODES: Final = 150
PLACES: Final = 50  # municipalities whose names are asked for beside those of what is shown
LONGEST: Final = 60  # characters of a name in the picture
GRAPH: Final = ("turtle", "ntriples", "jsonld")
RAW: Final = ("json", "csv")
_GRAPH_FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart. `start` and `width` are per cent of the width of the chart; `value` is as in the result."""

    label: tuple[Term, ...]
    value: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one column, named by another. `labels`, `numbers`: the columns there are to choose from."""

    label: tuple[str, ...]
    number: str
    labels: tuple[str, ...]
    numbers: tuple[str, ...]
    bars: tuple[Bar, ...]
    cut: bool


def chart(found: Rows, label: str | None = None, number: str | None = None) -> Chart | None:
    """Bars of the last numeric column, named by the first of the others and as many more as tell the rows apart, or
    of the columns that are named; None where a result has no such columns."""
    columns = {name: [row[at] for row in found.rows] for at, name in enumerate(found.variables)}
    numbers = tuple(name for name, terms in columns.items() if _numeric(terms))
    labels = tuple(name for name in found.variables if any(columns[name]))
    if not numbers or len(labels) < 2 or found.form == "graph":
        return None
    chosen = number if number in numbers else numbers[-1]
    named = (label,) if label in labels and label != chosen else _telling(columns, labels, numbers, chosen)
    rows = [(value, tuple(columns[each][at] for each in named)) for at, value in enumerate(columns[chosen]) if value]
    shown = rows[:BARS]
    amounts = [_amount(value) or Decimal(0) for value, _ in shown]
    low, high = min([Decimal(0), *amounts]), max([Decimal(0), *amounts])
    scale = 100 / (high - low) if high > low else Decimal(0)
    bars = tuple(
        Bar(
            tuple(each for each in names if each),
            value.value,
            _percent((min(amount, Decimal(0)) - low) * scale),
            _percent(abs(amount) * scale),
        )
        for (value, names), amount in zip(shown, amounts, strict=True)
    )
    return Chart(named, chosen, labels, numbers, bars, len(rows) > BARS or found.more)


def _telling(
    columns: Mapping[str, list[Term | None]], labels: tuple[str, ...], numbers: tuple[str, ...], chosen: str
) -> tuple[str, ...]:
    """The columns that name the bars: as few as tell them apart, words rather than numbers, numbers rather than IRIs;
    the first of them where none do."""

    def weight(name: str) -> int:
        kinds = {each.kind for each in columns[name] if each}
        return 1 if name in numbers else 0 if kinds == {"literal"} else 20

    others = [each for each in labels if each != chosen]
    sets = [names for many in (1, 2, 3) for names in combinations(others[:12], many)]
    for names in sorted(sets, key=lambda names: sum(map(weight, names)) + 5 * len(names)):
        rows = list(zip(*(columns[each] for each in names), strict=True))
        if len(set(rows)) == len(rows):
            return names
    return (min(others, key=weight),)


def raw(found: Rows, format: str | None, prefixes: Mapping[str, str]) -> tuple[str, str]:
    """The rows of a result in one of the formats of `formats`, and the name of that format."""
    names = formats(found)
    chosen = format if format in names else names[0]
    if found.form == "graph":
        triples = [triple for triple in (_triple(row) for row in found.rows) if triple]
        written = ox.serialize(triples, format=_GRAPH_FORMATS[chosen], prefixes=dict(prefixes)) or b""
        return written.decode(), chosen
    if found.boolean is not None:
        return json.dumps({"head": {}, "boolean": found.boolean}, indent=2) + "\n", chosen
    return (_json(found) if chosen == "json" else _csv(found)), chosen


def formats(found: Rows) -> tuple[str, ...]:
    """The formats in which a result is shown as text."""
    if found.form == "graph":
        return GRAPH
    return ("json",) if found.boolean is not None else RAW


def picture(site: Site, found: Rows, language: str) -> dict[str, Any] | None:
    """The nodes and links of a small graph, for a program that draws; None where rows are no triples or too many.

    {"nodes": [{"name", "kind"}], "links": [{"source", "target", "name"}]}, sources and targets as places
    among the nodes; a literal is a node of its own in each statement.
    """
    if not is_graph(found) or found.more:
        return None
    shown = {each.value for row in found.rows for each in row if each and each.kind == "iri"}
    names = (
        look_up(site, language, sorted(each for each in shown if is_iri(each))) if len(shown) <= 3 * NODES else None
    )
    if names is None:
        return None
    places: dict[object, int] = {}
    nodes: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []

    def place(term: Term, key: object) -> int:
        if key not in places:
            places[key] = len(nodes)
            name = names.of(term.value) if term.kind == "iri" else term.value
            nodes.append({"name": name if len(name) <= LONGEST else name[: LONGEST - 1] + "…", "kind": term.kind})
        return places[key]

    for number, row in enumerate(found.rows):
        subject, name, value = row
        if not subject or not name or not value:
            continue
        source = place(subject, subject)
        target = place(value, (number, value) if value.kind == "literal" else value)
        links.append({"source": source, "target": target, "name": names.of(name.value)})
        if len(nodes) > NODES:
            return None
    return {"nodes": nodes, "links": links} if nodes else None


def named(site: Site, found: Rows, language: str) -> dict[str, tuple[str, str, str]]:
    """What the first things in a result are called, as many as one query asks for, and what tells those apart that
    are called the same, and the language of the name where it is another than the page's; nothing where the names
    cannot be had."""
    shown = dict.fromkeys(each.value for row in found.rows for each in row if each and each.kind == "iri")
    asked = [each for each in shown if is_iri(each)][: AT_ONCE - PLACES]
    places = dict.fromkeys(place for each in asked if (place := site.place_of(each)))
    try:
        names = look_up(site, language, [*asked, *list(places)[:PLACES]])
    except QueryFailed:
        return {}
    told = {each: names.of_body(each) for each in asked if each in names.known}
    times = Counter(told.values())
    return {
        each: (name, site.short(each) if times[name] > 1 else "", names.language_of(each))
        for each, name in told.items()
    }


def is_graph(found: Rows) -> bool:
    """Whether each row is a statement: the result of CONSTRUCT or DESCRIBE, or of SELECT ?s ?p ?o."""
    return found.form == "graph" or found.variables == ("s", "p", "o")


def _numeric(terms: list[Term | None]) -> bool:
    given = [each for each in terms if each]
    return bool(given) and all(each.datatype in NUMBERS and _amount(each) is not None for each in given)


def _amount(term: Term) -> Decimal | None:
    try:
        value = Decimal(term.value)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 300 else None


def _percent(value: Decimal) -> float:
    return round(float(value), 2)


def _triple(row: tuple[Term | None, ...]) -> ox.Triple | None:
    subject, name, value = (_node(each) for each in row)
    if isinstance(subject, ox.NamedNode | ox.BlankNode) and isinstance(name, ox.NamedNode) and value:
        return ox.Triple(subject, name, value)
    return None


def _node(term: Term | None) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    if term is None or term.kind == "triple":
        return None
    if term.kind == "iri":
        return ox.NamedNode(term.value) if is_iri(term.value) else None
    if term.kind == "blank":
        return ox.BlankNode(term.value.removeprefix("_:"))
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype) if term.datatype else None)


def _json(found: Rows) -> str:
    """SPARQL 1.1 Query Results JSON Format."""
    rows = [
        {name: _said(term) for name, term in zip(found.variables, row, strict=True) if term} for row in found.rows
    ]
    whole = {"head": {"vars": list(found.variables)}, "results": {"bindings": rows}}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _said(term: Term) -> dict[str, str]:
    value = term.value.removeprefix("_:") if term.kind == "blank" else term.value
    told = {"type": {"iri": "uri", "blank": "bnode"}.get(term.kind, term.kind), "value": value}
    if term.language:
        told["xml:lang"] = term.language
    elif term.datatype and term.datatype != XSD + "string":
        told["datatype"] = term.datatype
    return told


def _csv(found: Rows) -> str:
    """The values alone, as SPARQL 1.1 Query Results CSV has them."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(found.variables)
    writer.writerows([term.value if term else "" for term in row] for row in found.rows)
    return written.getvalue()

"""Answers to queries: read from the formats of SPARQL 1.1, and compared as the suites ask.

Solutions are multisets, in order only where the query orders them; blank nodes may be named anew (one to one);
graphs are isomorphic. The engine writes a number, a date or a truth value in one way ("01" becomes "1"), which the
data model allows, so literals are compared by value, with their datatypes.
"""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from rdflib import RDF, BNode, Graph, Literal, Namespace
from rdflib.compare import isomorphic
from rdflib.term import Node

XSD = "http://www.w3.org/2001/XMLSchema#"
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
XML = "{http://www.w3.org/2005/sparql-results#}"
WHOLE = (
    "byte short int long unsignedByte unsignedShort unsignedInt unsignedLong integer positiveInteger negativeInteger"
)
EXACT = {*WHOLE.split(), "nonPositiveInteger", "nonNegativeInteger", "decimal"}
TIMES = {"dateTime", "date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay", "dateTimeStamp"}

Term = tuple[str, ...]
"""("uri", IRI), ("bnode", label) or ("literal", value, language, datatype); CSV tells only ("text", text)."""
Row = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Table:
    """Solutions; a boolean is a table without variables whose one row, where it is true, is empty."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


Answer = Table | bool | Graph


def literal(text: str, language: str = "", datatype: str = "") -> Term:
    """A literal by its value: numbers, times and truth values in one form."""
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    try:
        if name in EXACT:
            text = format(Decimal(text).normalize(), "f")
        elif name in {"double", "float"}:
            text = repr(float(text))
    except (InvalidOperation, ValueError):
        pass  # an ill-typed literal is its text
    if name == "boolean":
        text = {"1": "true", "0": "false"}.get(text, text)
    elif name in TIMES:
        text = re.sub(r"(\.\d*?)0+(?=$|Z|[+-])", r"\1", re.sub(r"[+-]00:00$", "Z", text)).replace(".Z", "Z")
    plain = name == "string" or datatype.endswith("#langString")
    return ("literal", text, language.lower(), "" if plain else datatype)


def from_xml(text: bytes) -> Table | bool:
    """SPARQL Query Results XML Format."""
    root = ElementTree.fromstring(text)
    boolean = root.find(XML + "boolean")
    if boolean is not None:
        return boolean.text == "true"
    rows = []
    for result in root.findall(f"{XML}results/{XML}result"):
        row: dict[str, Term] = {}
        for binding in result:
            term = binding[0]
            kind, value = term.tag.removeprefix(XML), term.text or ""
            language = term.get("{http://www.w3.org/XML/1998/namespace}lang", "")
            known = kind in {"uri", "bnode"}
            row[binding.attrib["name"]] = (
                (kind, value) if known else literal(value, language, term.get("datatype", ""))
            )
        rows.append(row)
    return Table(tuple(each.attrib["name"] for each in root.findall(f"{XML}head/{XML}variable")), tuple(rows))


def from_json(text: bytes) -> Table | bool:
    """SPARQL 1.1 Query Results JSON Format."""
    found = json.loads(text)
    if "boolean" in found:
        return bool(found["boolean"])
    rows = [
        {
            name: literal(term["value"], term.get("xml:lang", ""), term.get("datatype", ""))
            if "literal" in term["type"]
            else (term["type"], term["value"])
            for name, term in row.items()
        }
        for row in found["results"]["bindings"]
    ]
    return Table(tuple(found["head"]["vars"]), tuple(rows))


def from_csv(text: bytes) -> Table:
    """SPARQL 1.1 Query Results CSV: a text does not say whether it is an IRI or a literal, nor of which type."""
    head, *lines = csv.reader(io.StringIO(text.decode(), newline=""))
    rows = [{name: _from_csv(cell) for name, cell in zip(head, line, strict=True) if cell} for line in lines]
    return Table(tuple(head), tuple(rows))


def _from_csv(cell: str) -> Term:
    if cell.startswith("_:"):
        return ("bnode", cell[2:])
    return ("text", repr(float(cell)) if re.fullmatch(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?", cell) else cell)


_TSV_TERM = re.compile(r'<(?P<iri>.*)>|_:(?P<bnode>.*)|"(?P<text>.*)"(?:@(?P<language>.*)|\^\^<(?P<datatype>.*)>)?')


def from_tsv(text: bytes) -> Table:
    """SPARQL 1.1 Query Results TSV: terms as in Turtle, numbers without quotation marks."""
    head, *lines = text.decode().rstrip("\n").split("\n")
    names = tuple(name.removeprefix("?") for name in head.split("\t"))
    return Table(
        names,
        tuple(
            {name: _from_tsv(cell) for name, cell in zip(names, line.split("\t"), strict=True) if cell}
            for line in lines
        ),
    )


def _from_tsv(cell: str) -> Term:
    found = _TSV_TERM.fullmatch(cell)
    if found is None:
        number = "double" if "e" in cell.lower() else "decimal" if "." in cell else "integer"
        return literal(cell, "", XSD + number)
    if found["iri"] is not None:
        return ("uri", found["iri"])
    if found["bnode"] is not None:
        return ("bnode", found["bnode"])
    return literal(found["text"], found["language"] or "", found["datatype"] or "")


def from_turtle(text: bytes, base: str) -> Answer:
    """A graph, or the solutions that it describes in the vocabulary for result sets of the first test suites."""
    graph = from_rdf(text, "turtle", base)
    described = graph.value(None, RDF.type, RS.ResultSet)
    if described is None:
        return graph
    rows = tuple(
        {
            str(graph.value(each, RS.variable)): _term(graph.value(each, RS.value))
            for each in graph.objects(row, RS.binding)
        }
        for row in graph.objects(described, RS.solution)
    )
    return Table(tuple(map(str, graph.objects(described, RS.resultVariable))), rows)


def _term(node: Node | None) -> Term:
    if isinstance(node, Literal):
        return literal(str(node), node.language or "", str(node.datatype or ""))
    return ("bnode" if isinstance(node, BNode) else "uri", str(node))


def from_rdf(text: bytes, format: str, base: str) -> Graph:
    """A graph in Turtle ("turtle") or N-Triples ("nt"); rdflib gives its numbers and truth values one form."""
    return Graph().parse(data=text, format=format, publicID=base)


def same(found: Answer, expected: Answer, ordered: bool) -> bool:
    """Whether an answer is the expected one; the order of the columns is left free."""
    if isinstance(found, Table) and isinstance(expected, Table):
        return set(found.variables) == set(expected.variables) and _same_rows(found.rows, expected.rows, ordered)
    if isinstance(found, Graph) and isinstance(expected, Graph):
        return bool(isomorphic(found, expected))
    return type(found) is type(expected) and found == expected


def _same_rows(found: Sequence[Row], expected: Sequence[Row], ordered: bool) -> bool:
    if len(found) != len(expected):
        return False
    blank = any(term[0] == "bnode" for row in (*found, *expected) for term in row.values())
    if not blank:
        ours, theirs = [_key(row) for row in found], [_key(row) for row in expected]
        return ours == theirs if ordered else Counter(ours) == Counter(theirs)
    return _matched(list(found), list(expected), {}, {}, ordered)


def _key(row: Row) -> tuple[tuple[str, Term], ...]:
    return tuple(sorted(row.items()))


def _matched(found: list[Row], left: list[Row], there: dict[str, str], back: dict[str, str], ordered: bool) -> bool:
    """Whether the rows found are those left under some one-to-one renaming of blank nodes that agrees with this one."""
    if not found:
        return True
    first, *rest = found
    for at, candidate in enumerate(left[:1] if ordered else left):
        renamed = _renamed(first, candidate, there, back)
        if renamed and _matched(rest, left[:at] + left[at + 1 :], *renamed, ordered):
            return True
    return False


def _renamed(
    row: Row, other: Row, there: Mapping[str, str], back: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]] | None:
    if row.keys() != other.keys():
        return None
    there, back = dict(there), dict(back)
    for name, term in row.items():
        wanted = other[name]
        if term[0] == wanted[0] == "bnode":
            if there.setdefault(term[1], wanted[1]) != wanted[1] or back.setdefault(wanted[1], term[1]) != term[1]:
                return None
        elif term != wanted:
            return None
    return there, back

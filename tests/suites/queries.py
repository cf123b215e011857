"""The W3C's query and result format tests: asked of the engine alone and over HTTP, and judged in one way."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox

from server.sparql import query_text
from tests.suites.answers import Answer, Table, from_csv, from_json, from_rdf, from_tsv, from_turtle, from_xml, same
from tests.suites.manifests import QueryTest
from tests.suites.service import EMPTY, Graphs, Served

# By the form of the expected result: what is asked for, and how both are read. Graphs and result sets in Turtle: XML.
READERS: dict[str, tuple[str, Callable[[bytes], Answer]]] = {
    ".csv": ("text/csv", from_csv),
    ".tsv": ("text/tab-separated-values", from_tsv),
    ".srx": ("application/sparql-results+xml", from_xml),
    ".srj": ("application/sparql-results+json", from_json),
}
FORMATS = {
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
}
NTRIPLES = "application/n-triples"


class NotAnswered(Exception):
    """A query was answered neither with a result nor with a syntax error: what was said instead."""


def graphs(test: QueryTest) -> Graphs:
    """What the store of a test holds."""
    held: dict[str | None, list[ox.Triple]] = {None: []}
    for path in test.data:
        held[None] += _triples(path)
    for path in test.named:
        held[path.as_uri()] = _triples(path)
    return held


def _triples(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(path), base_iri=path.as_uri(), rename_blank_nodes=True)]


def by_engine(test: QueryTest, held: Graphs) -> Answer | None:
    """The engine's own answer, None where it refuses the syntax."""
    store = ox.Store()
    for graph, triples in held.items():
        where = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        store.extend(ox.Quad(each.subject, each.predicate, each.object, where) for each in triples)
    try:
        found = store.query(test.query.read_text("utf-8"), base_iri=test.query.as_uri())
    except SyntaxError:
        return None
    except RuntimeError:
        if test.result is None:
            return True  # the syntax is right; what it means is not asked
        raise
    accept, read = _asked_for(test)
    if isinstance(found, ox.QueryTriples):
        return from_rdf(found.serialize(format=ox.RdfFormat.N_TRIPLES) or b"", "nt", EMPTY)
    return read(found.serialize(format=FORMATS[accept]) or b"")


def over_http(test: QueryTest, served: Served, version: str) -> Answer | None:
    """The answer of a server that serves the test's graphs, under this version, None where it refuses the syntax. Raises NotAnswered.

    The protocol has no place for a base IRI, so the query's is written before it.
    """
    text = test.query.read_text("utf-8")
    dataset = []
    if not test.data and not query_text.dataset(text).clauses or any(not path.stat().st_size for path in test.data):
        dataset = [("default-graph-uri", EMPTY), *(("named-graph-uri", path.as_uri()) for path in test.named)]
    accept, read = _asked_for(test)
    got = served.request(
        "POST",
        f"/sparql?{urlencode(dataset)}",
        {"Content-Type": "application/sparql-query", "Accept": f"{accept}, {NTRIPLES}"},
        f"BASE <{test.query.as_uri()}>\n{text}".encode(),
    )
    if got.status == 400 and json.loads(got.body)["kind"] == "syntax":
        return None
    if got.status == 400 and test.result is None:
        return True  # the syntax is right; another reason not to answer is told
    if got.status != 200:
        raise NotAnswered(f"{got.status} {got.body.decode()[:300]}")
    if got.headers["X-Data-Version"] != version:
        raise NotAnswered(f"from version {got.headers['X-Data-Version']} of the data, not from {version}")
    return from_rdf(got.body, "nt", EMPTY) if got.media_type == NTRIPLES else read(got.body)


def passes(test: QueryTest, found: Answer | None) -> bool:
    """Whether an answer is what the suite expects. The columns of CSV have the order of the expected file."""
    if test.result is None:
        return (found is None) == test.kind.startswith("Negative")
    if found is None:
        return False
    form = test.result.suffix
    text = test.result.read_bytes()
    expected = READERS[form][1](text) if form in READERS else from_turtle(text, test.result.as_uri())
    if form == ".csv" and isinstance(found, Table) and isinstance(expected, Table):
        return found.variables == expected.variables and same(found, expected, False)
    return same(found, expected, ordered(test.query.read_text("utf-8")))


def ordered(query: str) -> bool:
    """Whether the solutions themselves are ordered, not only those of a part of the query."""
    after = query.rpartition("}")[2]
    return re.search(r"\border\s+by\b", after, re.IGNORECASE) is not None


def _asked_for(test: QueryTest) -> tuple[str, Callable[[bytes], Answer]]:
    return READERS.get(test.result.suffix if test.result else "", READERS[".srx"])

"""The W3C's suites as their manifests tell them; they lie beside the checkout and are never copied into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

SUITES = Path(__file__).parents[3] / "shared/suites"
SPARQL = SUITES / "w3c-rdf-tests/sparql/sparql11"
NEEDED = pytest.mark.skipif(not SPARQL.is_dir(), reason="../shared/suites, the W3C's suites, is absent")

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
STATUS = Namespace("http://www.w3.org/2011/http-statusCodes#")


@dataclass(frozen=True, slots=True)
class QueryTest:
    """A test of the query or of the result format suite. `kind` is the class of the test without its namespace."""

    name: str
    kind: str
    query: Path
    data: tuple[Path, ...]
    named: tuple[Path, ...]
    result: Path | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it is to be sent, and what the answer must be; statuses are patterns such as "2xx"."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str | None
    answer: tuple[str, str] | None  # the media type and the text of the body expected


def query_tests(manifest: str) -> list[QueryTest]:
    """The tests of a manifest (a file name in the SPARQL 1.1 folder) in its order."""
    return [_query_test(graph, entry) for graph, entry in entries(SPARQL / manifest)]


def exchanges(manifest: str) -> dict[str, list[Exchange]]:
    """The HTTP exchanges of each test of a manifest, by the local name of the test."""
    return {
        str(entry).rpartition("#")[2]: [
            _exchange(graph, each)
            for each in Collection(graph, _one(graph, _one(graph, entry, MF.action), HT.requests))
        ]
        for graph, entry in entries(SPARQL / manifest)
    }


def entries(path: Path) -> Iterator[tuple[Graph, Node]]:
    """The entries of a manifest and of those that it includes."""
    graph = Graph().parse(path, publicID=path.as_uri())
    me = URIRef(path.as_uri())
    for included in graph.objects(me, MF.include):
        for other in Collection(graph, included):
            yield from entries(_path(other))
    for listed in graph.objects(me, MF.entries):
        yield from ((graph, entry) for entry in Collection(graph, listed))


def _query_test(graph: Graph, entry: Node) -> QueryTest:
    action = _one(graph, entry, MF.action)
    query = graph.value(action, QT.query)
    result = graph.value(entry, MF.result)
    return QueryTest(
        "/".join(str(entry).rpartition("#")[::2])
        .removesuffix("/manifest")
        .replace("/manifest/", "/")
        .split("-sparql11/")[1],
        _local(_one(graph, entry, RDF.type)),
        _path(query or action),
        tuple(sorted(map(_path, graph.objects(action, QT.data)))),
        tuple(sorted(map(_path, graph.objects(action, QT.graphData)))),
        _path(result) if result else None,
    )


def _exchange(graph: Graph, request: Node) -> Exchange:
    answer = _one(graph, request, HT.resp)
    body, encoding = _content(graph, request)
    boolean, wanted = graph.value(answer, MF.expectedBoolean), graph.value(answer, MF.expectedFormat)
    text, _ = _content(graph, answer)
    return Exchange(
        str(_one(graph, request, HT.methodName)),
        str(_one(graph, request, HT.absolutePath)),
        _headers(graph, request),
        body.encode(encoding),
        tuple(sorted(_local(status) for status in graph.objects(answer, MF.expectedStatus))),
        boolean.toPython() if isinstance(boolean, Literal) else None,
        str(wanted) if wanted else None,
        (dict(_headers(graph, answer)).get("content-type", ""), text) if text else None,
    )


def _headers(graph: Graph, message: Node) -> tuple[tuple[str, str], ...]:
    listed = graph.value(message, HT.headers)
    found = Collection(graph, listed) if listed else ()
    return tuple((str(graph.value(each, HT.fieldName)), str(graph.value(each, HT.fieldValue))) for each in found)


def _content(graph: Graph, message: Node) -> tuple[str, str]:
    body = graph.value(message, HT.body)
    if body is None:
        return "", "utf-8"
    return str(_one(graph, body, CNT.chars)), str(_one(graph, body, CNT.characterEncoding))


def _one(graph: Graph, subject: Node, predicate: URIRef) -> Node:
    found = graph.value(subject, predicate)
    assert found is not None, f"{subject} has no {predicate}"
    return found


def _path(node: Node) -> Path:
    return Path(str(node).removeprefix("file://"))


def _local(node: Node) -> str:
    return str(node).rpartition("#")[2].removeprefix("StatusCode")

"""The W3C SHACL suite (core and SPARQL) through the gate's own engine."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from shapes import engine

ROOT = Path(__file__).parents[3] / "shared/suites/w3c-data-shapes/data-shapes-test-suite/tests"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SH = engine.SH

Graph = dict[tuple[engine.Term, str], list[engine.Term]]
Key = tuple[str, str, str, str, str, str]


def triples(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(path), base_iri=path.as_uri())]


def index(found: list[ox.Triple]) -> Graph:
    graph: Graph = {}
    for triple in found:
        graph.setdefault((triple.subject, triple.predicate.value), []).append(triple.object)
    return graph


def items(graph: Graph, head: engine.Term) -> Iterator[engine.Term]:
    while (head, RDF + "first") in graph:
        yield graph[head, RDF + "first"][0]
        head = graph[head, RDF + "rest"][0]


def manifests(path: Path) -> Iterator[Path]:
    """Every file with entries below a manifest."""
    graph = index(triples(path))
    me = ox.NamedNode(path.as_uri())
    if (me, MF + "entries") in graph:
        yield path
    for included in graph.get((me, MF + "include"), []):
        assert isinstance(included, ox.NamedNode)
        yield from manifests(Path(included.value.removeprefix("file://")))


def key(*terms: str | None) -> Key:
    plain = ["" if t is None else "_:b" if t == "path" or t.startswith("_:") else t for t in terms]
    return plain[0], plain[1], plain[2], plain[3], plain[4], plain[5]


def expected(graph: Graph, report: engine.Term) -> Counter[Key]:
    fields = ("focusNode", "resultPath", "value", "sourceShape", "sourceConstraintComponent", "resultSeverity")
    return Counter(
        key(*(str(graph[result, SH + f][0]) if (result, SH + f) in graph else None for f in fields))
        for result in graph.get((report, SH + "result"), [])
    )


def found(data: list[ox.Triple], shapes: list[ox.Triple]) -> Counter[Key]:
    results = engine.run("".join(f"{triple} .\n" for triple in data), engine.load(shapes), "nt")
    return Counter(key(r.focus, r.path, r.value, r.shape, r.component, r.severity) for r in results)


def document(graph: Graph, action: engine.Term, which: str) -> list[ox.Triple]:
    node = graph[action, SHT + which][0]
    assert isinstance(node, ox.NamedNode)
    return triples(Path(node.value.removeprefix("file://")))


FILES = sorted(manifests(ROOT / "manifest.ttl")) if ROOT.exists() else []


@pytest.mark.skipif(not FILES, reason="the W3C suite is not on this machine")
def test_the_suite_is_whole() -> None:
    assert len(FILES) == 120


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_w3c(path: Path) -> None:
    graph = index(triples(path))
    for entry in items(graph, graph[ox.NamedNode(path.as_uri()), MF + "entries"][0]):
        action, result = graph[entry, MF + "action"][0], graph[entry, MF + "result"][0]
        data, shapes = document(graph, action, "dataGraph"), document(graph, action, "shapesGraph")
        if result == ox.NamedNode(SHT + "Failure"):
            with pytest.raises((engine.UnsupportedShape, ValueError)):
                found(data, shapes)
        else:
            assert found(data, shapes) == expected(graph, result)

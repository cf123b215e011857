"""The gate beside pySHACL: the same graph, the same shapes, the same number of results."""

import time
from collections.abc import Iterator, Sequence

import pyoxigraph as ox
import pyshacl
import rdflib

from mapping.document import BASE, PersonLines, Reading, alone
from mapping.identity import person_quads
from mapping.triples import document_quads
from shapes import files, load, validate
from tests.benchmarks.measure import Figure, cpu
from tests.benchmarks.reading import Source, readings

AIM = 50.0
SHACL = rdflib.Namespace("http://www.w3.org/ns/shacl#")


def figures(found: Sequence[Source], runs: int = 5) -> Iterator[Figure]:
    """(c) the shapes loaded, and each graph judged; pySHACL judges once, its graph and shapes being parsed before."""
    shapes = _shapes()
    ours, theirs = cpu(lambda: load.__wrapped__(None), _shapes, runs=runs)
    yield Figure("gate", "shapes loaded and checked", ours, len(shapes), "triples", "rdflib parses them", theirs)
    for source, reading in zip(found, readings(found), strict=True):
        yield _judged(source.name, reading, shapes, runs)


def _judged(name: str, reading: Reading, shapes: rdflib.Graph, runs: int) -> Figure:
    persons = alone(reading)
    quads = document_quads(reading.record, reading.text, reading.sha256, BASE, persons)
    context = PersonLines.read(person_quads(persons, BASE)).of(quads)
    lines = sorted({f"{quad.triple} .\n" for quad in ox.parse((quads + context).encode(), ox.RdfFormat.N_QUADS)})
    (ours,) = cpu(lambda: validate(quads, context), runs=runs)
    graph = rdflib.Graph().parse(data="".join(lines), format="nt")
    started = time.process_time()
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True)
    theirs = time.process_time() - started
    assert isinstance(report, rdflib.Graph)
    results = len(set(report.objects(None, SHACL.result)))
    if results != len(validate(quads, context)):
        raise RuntimeError(f"{name}: the gate and pySHACL ({results} results) do not agree")
    return Figure("gate", f"{name}: validate", ours, len(lines), "triples", "pySHACL", theirs, aim=AIM)


def _shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in files():
        graph.parse(path)
    return graph

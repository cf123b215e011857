"""Every shape, both ways: `examples/<shape>/conforms.ttl` and `violates.ttl`, judged by the gate and by pySHACL.

`violates.ttl` begins with what is expected, `# expects: kgs:<shape> <component>`, the whole of what the shape of
the folder's name must say; the nodes at fault, and no others, have "fel" in their IRI.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

import shapes
from shapes import engine, gate

HERE = Path(__file__).parent / "examples"
KGS = "https://w3id.org/kommungraf/shapes#"
SH = rdflib.Namespace(engine.SH)
PREFIXES = Path(gate.__file__).with_name("prefixes.ttl")
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
EXPECTS = re.compile(r"^# expects: kgs:(\S+) (\S+)$", re.MULTILINE)
# Shapes without a target, which others use.
HELPERS = {"IsoDate"}

Seen = set[tuple[str, str, str, str, str, str]]


def node_shapes() -> Iterator[tuple[str, Path]]:
    for path in shapes.files():
        for name in re.findall(r"^kgs:(\S+) a sh:NodeShape", path.read_text(), re.MULTILINE):
            yield name, path


SHAPES = {name: path for name, path in node_shapes() if name not in HELPERS}


def ntriples(path: Path) -> str:
    return "".join(f"{quad.triple} .\n" for quad in ox.parse(path=str(path)))


def of_shape(name: str, shape: str) -> bool:
    """Whether a shape is the named node shape or one of its property shapes."""
    return shape.removeprefix(KGS).partition("-")[0] == name or shape.removeprefix(KGS) in (name, f"{name}-value")


def problems(name: str, which: str) -> list[shapes.Problem]:
    found = gate.judge(ntriples(HERE / name / f"{which}.ttl"), gate.load((PREFIXES, SHAPES[name])))
    return [problem for problem in found if of_shape(name, problem.shape)]


@cache
def shacl_graph(path: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(data=gate.load((PREFIXES, path)).shapes.ntriples, format="nt")


def plain(term: rdflib.term.Node | None) -> str:
    return "" if term is None else "_:b" if isinstance(term, rdflib.BNode) else str(term)


def reference(data: str, path: Path) -> Seen:
    """What pySHACL says."""
    graph = rdflib.Graph().parse(data=data, format="nt")
    report = pyshacl.validate(graph, shacl_graph=shacl_graph(path), inference="none")[1]
    assert isinstance(report, rdflib.Graph)
    return seen(report)


def seen(report: rdflib.Graph) -> Seen:
    """The results of a validation report, without their order and their blank nodes."""
    fields = (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
    results: Seen = set()
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        a, b, c, d, e, f = (plain(report.value(result, field)) for field in fields)
        results.add((a, b, c, d, e, f))
    return results


def gated(data: str, judged_by: engine.Shapes) -> Seen:
    """What the gate's engine says, in the same form."""

    def text(term: str | None) -> str:
        return "" if term is None else "_:b" if term == "path" or term.startswith("_:") else gate.plain(term)

    return {
        (text(r.focus), text(r.path), text(r.value), text(r.shape), text(r.component), text(r.severity))
        for r in engine.run(data, judged_by)
    }


def test_every_shape_has_its_examples() -> None:
    assert {path.name for path in HERE.iterdir()} == set(SHAPES)


@pytest.mark.parametrize("name", SHAPES)
def test_conforms(name: str) -> None:
    assert problems(name, "conforms") == []


@pytest.mark.parametrize("name", SHAPES)
def test_violates(name: str) -> None:
    path = HERE / name / "violates.ttl"
    found = problems(name, "violates")
    component = engine.SH + "{}ConstraintComponent"
    expected = {(KGS + shape, component.format(what)) for shape, what in EXPECTS.findall(path.read_text())}
    assert {(problem.shape, problem.component) for problem in found} == expected
    typed = [quad.subject for quad in ox.parse(path=str(path)) if quad.predicate.value == RDF_TYPE]
    at_fault = {node.value for node in typed if isinstance(node, ox.NamedNode) and "fel" in node.value}
    named = {problem.focus for problem in found if not problem.focus.startswith("_:")}
    assert at_fault <= named
    assert all("fel" in focus for focus in named)


def test_every_constraint_is_seen_to_fail() -> None:
    """Each property shape and each rule is expected by some example: none is there for show."""
    expected = {shape for name in SHAPES for shape, _ in EXPECTS.findall((HERE / name / "violates.ttl").read_text())}
    with_constraints = {
        name
        for path in shapes.files()
        for name in re.findall(
            r"^kgs:(\S+) (?:sh:path|a sh:NodeShape ;\n.*\n    sh:(?:severity|or))", path.read_text(), re.M
        )
    }
    assert with_constraints - expected - HELPERS == set()


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("which", ["conforms", "violates"])
def test_gate_agrees_with_pyshacl(name: str, which: str) -> None:
    data = ntriples(HERE / name / f"{which}.ttl")
    judged_by = gate.load((PREFIXES, SHAPES[name])).shapes
    assert gated(data, judged_by) == reference(data, SHAPES[name])

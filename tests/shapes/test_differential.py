"""The gate's engine beside pySHACL where engines are known to differ, on one large graph, and in time.

An engine that passes the W3C suite has been seen to find no xsd:date or xsd:gYear greater than another. pySHACL
(rdflib) does not order xsd:gYear itself; there the truth alone is the measure, and the shapes compare integers.
"""

import random
import re
from collections import defaultdict
from itertools import product
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

import shapes
from shapes import engine, gate
from tests.growth import seconds
from tests.shapes import test_examples as examples

PREFIX = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/> .
"""
PAIRS = {
    "date": [("2024-03-12", "2024-03-12"), ("2023-12-31", "2024-01-01"), ("2024-01-01", "2023-12-31")],
    "gYear": [("2024", "2024"), ("2023", "2024"), ("2024", "2023")],
    "dateTime": [
        ("2024-03-12T09:00:00Z", "2024-03-12T10:00:00+01:00"),
        ("2024-03-12T09:00:00Z", "2024-03-12T09:00:01Z"),
        ("2024-03-12T09:00:01Z", "2024-03-12T09:00:00Z"),
    ],
    "integer": [("10", "10"), ("9", "10"), ("10", "9")],
    "nonNegativeInteger": [("10", "10"), ("9", "10"), ("10", "9")],
    "decimal": [("1.0", "1.0"), ("0.9", "1.0"), ("1.0", "0.9")],
}
# For an equal, a rising and a falling pair: does the operator hold?
OPERATORS = {
    "=": (True, False, False),
    "!=": (False, True, True),
    "<": (False, True, False),
    ">": (False, False, True),
    "<=": (True, True, False),
    ">=": (True, False, True),
}


# What rdflib does not order.
UNORDERED = {"gYear"}


def check(datatype: str, shapes_ttl: str, data_ttl: str, at_fault: set[str]) -> None:
    """Both engines must find exactly the nodes at fault."""
    loaded = engine.load(quad.triple for quad in ox.parse(PREFIX + shapes_ttl, format=ox.RdfFormat.TURTLE))
    nodes = {f"https://example.org/{name}" for name in at_fault}
    assert {result.focus[1:-1] for result in engine.run(PREFIX + data_ttl, loaded, "turtle")} == nodes
    if datatype not in UNORDERED:
        shacl = rdflib.Graph().parse(data=PREFIX + shapes_ttl, format="turtle")
        data = rdflib.Graph().parse(data=PREFIX + data_ttl, format="turtle")
        report = pyshacl.validate(data, shacl_graph=shacl, inference="none")[1]
        assert isinstance(report, rdflib.Graph)
        assert {str(node) for node in report.objects(None, examples.SH.focusNode)} == nodes


def pairs(datatype: str) -> str:
    return "\n".join(
        f':p{number} a :Pair ; :left "{left}"^^xsd:{datatype} ; :right "{right}"^^xsd:{datatype} .'
        for number, (left, right) in enumerate(PAIRS[datatype])
    )


@pytest.mark.parametrize("datatype,operator", list(product(PAIRS, OPERATORS)))
def test_sparql_compares(datatype: str, operator: str) -> None:
    rule = f""":S a sh:NodeShape ; sh:targetClass :Pair ; sh:sparql [ sh:select \"\"\"SELECT $this WHERE {{
        $this <https://example.org/left> ?left ; <https://example.org/right> ?right . FILTER (?left {operator} ?right)
    }}\"\"\" ] ."""
    true = {f"p{number}" for number, holds in enumerate(OPERATORS[operator]) if holds}
    check(datatype, rule, pairs(datatype), true)


@pytest.mark.parametrize("datatype,constraint", list(product(PAIRS, ["lessThan", "lessThanOrEquals"])))
def test_core_compares_properties(datatype: str, constraint: str) -> None:
    shape = f":S a sh:NodeShape ; sh:targetClass :Pair ; sh:property [ sh:path :left ; sh:{constraint} :right ] ."
    operator = {"lessThan": "<", "lessThanOrEquals": "<="}[constraint]
    fails = {f"p{number}" for number, holds in enumerate(OPERATORS[operator]) if not holds}
    check(datatype, shape, pairs(datatype), fails)


@pytest.mark.parametrize("datatype,constraint", list(product(PAIRS, ["minInclusive", "minExclusive"])))
def test_core_compares_with_a_bound(datatype: str, constraint: str) -> None:
    shape = f":S a sh:NodeShape ; sh:targetClass :Pair ; sh:property [ sh:path :right ; sh:{constraint} {{}} ] ."
    # The bound is the left value, pair by pair.
    for number, (left, right) in enumerate(PAIRS[datatype]):
        data = f':p{number} a :Pair ; :right "{right}"^^xsd:{datatype} .'
        operator = {"minInclusive": ">=", "minExclusive": ">"}[constraint]
        # An equal, a rising, a falling pair, seen from the right.
        holds = (operator == ">=", True, False)[number]
        fails = set[str]() if holds else {f"p{number}"}
        check(datatype, shape.format(f'"{left}"^^xsd:{datatype}'), data, fails)


@pytest.mark.parametrize(
    "datatype,good,bad",
    [
        ("date", "2024-02-29", "2023-02-29"),
        ("date", "2024-12-31", "2024-13-01"),
        ("integer", "-7", "7.0"),
        ("nonNegativeInteger", "0", "-1"),
        ("boolean", "true", "ja"),
        ("decimal", "87.5", "87,5"),
        ("dateTime", "2024-03-12T09:00:00Z", "i går"),
    ],
)
def test_ill_typed_literals(datatype: str, good: str, bad: str) -> None:
    shape = f":S a sh:NodeShape ; sh:targetClass :T ; sh:property [ sh:path :value ; sh:datatype xsd:{datatype} ] ."
    data = f':good a :T ; :value "{good}"^^xsd:{datatype} . :bad a :T ; :value "{bad}"^^xsd:{datatype} .'
    check(datatype, shape, data, {"bad"})


def test_all_shapes_at_once_and_many_times_faster() -> None:
    """Every example in one graph, every shape at once: the same results, in a small part of the CPU time."""
    data = "".join(
        examples.ntriples(path) for path in sorted(examples.HERE.glob("*/*.ttl")) if "blank" not in str(path)
    )
    loaded = gate.load()
    taken = min(seconds(lambda: engine.run(data, loaded.shapes)) for _ in range(3))
    graph = rdflib.Graph().parse(data=data, format="nt")
    shacl = rdflib.Graph().parse(data=loaded.shapes.ntriples, format="nt")
    reports = []
    reference = seconds(lambda: reports.append(pyshacl.validate(graph, shacl_graph=shacl, inference="none")[1]))
    (report,) = reports
    assert isinstance(report, rdflib.Graph)
    print(f"{len(graph)} triples: gate {taken:.3f} s, pySHACL {reference:.1f} s of CPU")
    assert examples.seen(report) == examples.gated(data, loaded.shapes)
    assert reference > 20 * taken


def test_start() -> None:
    """Loading the shapes costs no more than twenty times what it costs to parse their files."""

    def parsed() -> object:
        return [list(ox.parse(path=str(path))) for path in sorted(Path(shapes.__file__).parent.rglob("*.ttl"))]

    def loaded() -> object:
        gate.load.cache_clear()
        return shapes.load()

    assert min(seconds(loaded) for _ in range(3)) < 20 * min(seconds(parsed) for _ in range(3))


def mutated(seed: int) -> str:
    """The conforming examples with eighty changes: facts dropped, doubled, or given another fact's object."""
    chance = random.Random(seed)
    facts = [
        (quad.subject, quad.predicate, quad.object)
        for path in sorted(examples.HERE.glob("*/conforms.ttl"))
        for quad in ox.parse(path=str(path))
    ]
    objects = defaultdict(list)
    for _, predicate, value in facts:
        objects[predicate].append(value)
    for _ in range(80):
        at = chance.randrange(len(facts))
        subject, predicate, value = facts[at]
        match chance.randrange(4):
            case 0:
                del facts[at]
            case 1:
                facts.append((subject, predicate, chance.choice(objects[predicate])))
            case 2:
                facts[at] = (chance.choice(facts)[0], predicate, value)
            case 3 if isinstance(value, ox.Literal) and not value.language:
                later = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), value.value)
                facts[at] = (subject, predicate, ox.Literal(later, datatype=value.datatype))
    return "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in facts)


@pytest.mark.parametrize("seed", range(2))
def test_agreement_on_changed_graphs(seed: int) -> None:
    loaded = gate.load()
    data = mutated(seed)
    graph = rdflib.Graph().parse(data=data, format="nt")
    shacl = rdflib.Graph().parse(data=loaded.shapes.ntriples, format="nt")
    report = pyshacl.validate(graph, shacl_graph=shacl, inference="none")[1]
    assert isinstance(report, rdflib.Graph)
    ours = examples.gated(data, loaded.shapes)
    assert len(ours) > 100
    assert ours == examples.seen(report)

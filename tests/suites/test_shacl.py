"""The W3C's SHACL suite (120 tests, core and SPARQL) by the gate's engine and by pySHACL, the reference.

Where the two say otherwise of a graph, the test is named in shacl_differences.txt with the reason. An engine that
passes the whole suite has been seen to find no date greater than another, so comparisons of times are added here.
"""

import warnings
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from shapes import engine
from tests.shapes import test_w3c_suite as w3c

NAMED = Path(__file__).with_name("shacl_differences.txt")
NEEDED = pytest.mark.skipif(not w3c.FILES, reason="../shared/suites, the W3C's SHACL suite, is absent")
FAILURE = "failure"

Verdict = bool | str
"""Whether the graph conforms, or that the shapes cannot be judged by."""


def ours(data: str, shapes: list[ox.Triple]) -> Verdict:
    """What the gate's engine says, called as the gate calls it."""
    try:
        return not engine.run(data, engine.load(shapes))
    except ValueError:  # UnsupportedShape is one
        return FAILURE


def pyshacls(data: str, shapes: list[ox.Triple]) -> Verdict:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            conforms, report, _ = pyshacl.validate(
                rdflib.Graph().parse(data=data, format="nt"),
                shacl_graph=rdflib.Graph().parse(data=ntriples(shapes), format="nt"),
                inference="none",
            )
        except Exception:  # pySHACL and rdflib raise of all kinds
            return FAILURE
    return bool(conforms) if isinstance(report, rdflib.Graph) else FAILURE


def ntriples(triples: list[ox.Triple]) -> str:
    return "".join(f"{triple} .\n" for triple in triples)


@pytest.fixture(scope="module")
def verdicts() -> dict[str, tuple[Verdict, Verdict, Verdict]]:
    """For each test what is expected, what the gate's engine says, and what pySHACL says."""
    found = {}
    for path in w3c.FILES:
        graph = w3c.index(w3c.triples(path))
        for entry in w3c.items(graph, graph[ox.NamedNode(path.as_uri()), w3c.MF + "entries"][0]):
            action, result = graph[entry, w3c.MF + "action"][0], graph[entry, w3c.MF + "result"][0]
            data = ntriples(w3c.document(graph, action, "dataGraph"))
            shapes = w3c.document(graph, action, "shapesGraph")
            expected: Verdict = FAILURE
            if result != ox.NamedNode(w3c.SHT + "Failure"):
                conforms = graph[result, w3c.SH + "conforms"][0]
                assert isinstance(conforms, ox.Literal)
                expected = conforms.value in {"true", "1"}
            found[str(path.relative_to(w3c.ROOT))] = expected, ours(data, shapes), pyshacls(data, shapes)
    return found


def named() -> dict[str, str]:
    lines = [line for line in NAMED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = dict(line.split(": ", 1) for line in lines)
    assert len(found) == len(lines) and all(found.values())
    return found


@NEEDED
def test_the_suite(verdicts: dict[str, tuple[Verdict, Verdict, Verdict]]) -> None:
    assert len(verdicts) == 120
    wrong = {name: verdict for name, verdict in verdicts.items() if verdict[0] != verdict[1]}
    assert len(verdicts) - len(wrong) >= 118, wrong


@NEEDED
def test_the_reference_agrees(verdicts: dict[str, tuple[Verdict, Verdict, Verdict]]) -> None:
    assert {name for name, (_, mine, theirs) in verdicts.items() if mine != theirs} == set(named())


DATA = """
@prefix : <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:early a :Meeting ; :date "2023-12-31"^^xsd:date ; :year "2023"^^xsd:gYear ; :at "2023-12-31T23:30:00+01:00"^^xsd:dateTime .
:late a :Meeting ; :date "2024-01-01"^^xsd:date ; :year "2024"^^xsd:gYear ; :at "2024-01-01T00:30:00+01:00"^^xsd:dateTime .
:leap a :Meeting ; :date "2024-02-29"^^xsd:date ; :year "2024"^^xsd:gYear ; :at "2024-02-29T09:00:00Z"^^xsd:dateTime .
:wrong a :Meeting ; :date "2025-03-01"^^xsd:date ; :year "2024"^^xsd:gYear ; :at "2025-03-01T09:00:00Z"^^xsd:dateTime .
"""
# Literals that are no times: a comparison with them is an error. rdflib compares their texts, so pySHACL is not asked.
ILL = (
    DATA
    + """
:ill a :Meeting ; :date "2024-13-01"^^xsd:date ; :year "förra året" ; :at "kl. 9" .
"""
)
# What makes a meeting fail a rule, with the meetings that do; ?d, ?y and ?t are its date, year and time.
CASES = [
    ('?d > "2024-01-01"^^xsd:date', {"leap", "wrong"}),
    ('?d >= "2024-01-01"^^xsd:date', {"late", "leap", "wrong"}),
    ('?d < "2024-01-01"^^xsd:date', {"early"}),
    ('?d <= "2024-01-01"^^xsd:date', {"early", "late"}),
    ('?d = "2024-02-29"^^xsd:date', {"leap"}),
    ('?d > "2023-12-31"^^xsd:date && ?d < "2024-02-01"^^xsd:date', {"late"}),
    ('?t < "2024-01-01T00:00:00+01:00"^^xsd:dateTime', {"early"}),
    ('?t = "2023-12-31T23:30:00Z"^^xsd:dateTime', {"late"}),
    ('?t >= "2024-02-29T09:00:00Z"^^xsd:dateTime', {"leap", "wrong"}),
    ("YEAR(?t) = 2025", {"wrong"}),
    ('?y = "2023"^^xsd:gYear', {"early"}),
    ("xsd:integer(STR(?y)) > 2023", {"late", "leap", "wrong"}),
    ("xsd:integer(SUBSTR(STR(?d), 1, 4)) != xsd:integer(STR(?y))", {"wrong"}),
    ("EXISTS { ?other :date ?later . FILTER (?later > ?d) }", {"early", "late", "leap"}),
    ("NOT EXISTS { ?other :date ?later . FILTER (?later > ?d) }", {"wrong", "ill"}),
    ("EXISTS { ?other :at ?later . FILTER (?later > ?t) }", {"early", "late", "leap"}),
]


def at_fault(data: str, rules: list[ox.Triple]) -> set[str]:
    """The focus nodes that the gate's engine finds at fault."""
    facts = ntriples([quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)])
    return {result.focus[1:-1] for result in engine.run(facts, engine.load(rules))}


@pytest.mark.parametrize(("rule", "fails"), CASES, ids=[rule for rule, _ in CASES])
def test_times_in_sparql_rules(rule: str, fails: set[str]) -> None:
    """Both engines must find exactly these meetings at fault, ours also beside one whose times are none."""
    shapes = f"""
        @prefix : <https://example.org/> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        :Rules sh:declare
            [ sh:prefix "" ; sh:namespace "https://example.org/"^^xsd:anyURI ] ,
            [ sh:prefix "xsd" ; sh:namespace "http://www.w3.org/2001/XMLSchema#"^^xsd:anyURI ] .
        :Rule a sh:NodeShape ; sh:targetClass :Meeting ; sh:sparql [ sh:prefixes :Rules ; sh:select '''
            SELECT $this WHERE {{ $this :date ?d ; :year ?y ; :at ?t . FILTER ({rule}) }}
        ''' ] .
    """
    rules = [quad.triple for quad in ox.parse(shapes, format=ox.RdfFormat.TURTLE)]
    expected = {f"https://example.org/{name}" for name in fails}
    assert at_fault(ILL, rules) == expected
    expected.discard("https://example.org/ill")
    assert at_fault(DATA, rules) == expected
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, report, _ = pyshacl.validate(
            rdflib.Graph().parse(data=DATA, format="turtle"),
            shacl_graph=rdflib.Graph().parse(data=ntriples(rules), format="nt"),
            inference="none",
        )
    assert isinstance(report, rdflib.Graph)
    assert {str(node) for node in report.objects(None, rdflib.SH.focusNode)} == expected

"""The shapes as data: in step with the ontology, whole, and refused when the engine would skip a part of them."""

import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

import ontology
from shapes import engine, files, gate

NS = "https://w3id.org/kommungraf/ns#"
CONCEPT = "https://w3id.org/kommungraf/concept/"
SH = engine.SH
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
FORMATS = Path(__file__).parents[3] / "shared/research/registry-number-formats.json"


@cache
def triples() -> list[ox.Triple]:
    return [quad.triple for path in files() for quad in ox.parse(path=str(path))]


def values(name: str) -> dict[str, list[engine.Term]]:
    """Subject → objects of one SHACL property, over all shapes."""
    found: dict[str, list[engine.Term]] = defaultdict(list)
    for triple in triples():
        if triple.predicate.value == SH + name:
            found[str(triple.subject)].append(triple.object)
    return found


def members(head: engine.Term) -> list[str]:
    """The nodes of an RDF list."""
    rest, first = ({str(t.subject): str(t.object) for t in triples() if t.predicate.value.endswith(end)}
                   for end in ("#rest", "#first"))  # fmt: skip
    found, node = [], str(head)
    while node in first:
        found.append(first[node])
        node = rest[node]
    return found


def datatypes() -> dict[str, set[str]]:
    """Property shape → the datatypes it allows: its own, or one of those that the members of its sh:or ask for."""
    own = {shape: {str(term) for term in terms} for shape, terms in values("datatype").items()}
    either = {shape: members(heads[0]) for shape, heads in values("or").items()}
    of_members = {
        shape: set().union(*(own[each] for each in nodes))
        for shape, nodes in either.items()
        if set(nodes) <= set(own)
    }
    return {shape: found for shape, found in (own | of_members).items() if shape in values("path")}


def declared() -> set[str]:
    return {
        quad.subject.value
        for path in ontology.files()
        for quad in ox.parse(path=str(path))
        if isinstance(quad.subject, ox.NamedNode)
    }


def used() -> set[str]:
    """Every term of ours in the shapes, in their queries too."""
    iris = set()
    for triple in triples():
        for term in (triple.subject, triple.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith((NS, CONCEPT)):
                iris.add(term.value)
        if isinstance(triple.object, ox.Literal):
            iris |= {NS + name for name in re.findall(r"\bkg:(\w+)", triple.object.value)}
            iris |= set(re.findall(rf"<({CONCEPT}[\w/-]+)>", triple.object.value))
    return iris


def test_every_term_is_declared() -> None:
    assert used() - declared() == set()


def test_every_class_has_a_shape_that_asks_for_its_standard_class() -> None:
    targets = {str(term): shape for shape, terms in values("targetClass").items() for term in terms}
    asked = values("hasValue")
    super_classes = defaultdict(set)
    for path in ontology.files():
        for quad in ox.parse(path=str(path)):
            if quad.predicate.value == RDFS + "subClassOf" and isinstance(quad.subject, ox.NamedNode):
                super_classes[quad.subject.value].add(str(quad.object))
    ours = {iri for iri in super_classes if iri.startswith(NS)}
    assert len(ours) > 50
    for iri in ours:
        assert f"<{iri}>" in targets, iri
        name = iri.removeprefix(NS)
        (standard,) = asked[f"<https://w3id.org/kommungraf/shapes#{name}-class>"]
        assert str(standard) in super_classes[iri], iri


def test_lists_of_concepts_are_the_schemes_of_the_ontology() -> None:
    """A concept added to the ontology must be allowed by the shapes, and none other."""
    seen = set()
    for shape, heads in values("in").items():
        listed = set(members(heads[0]))
        scheme = min(listed).removeprefix(f"<{CONCEPT}").split("/")[0]
        assert listed == {f"<{iri}>" for iri in ontology.concepts(scheme).values()}, shape
        seen.add(scheme)
    assert len(seen) >= 11


def test_ranges_agree_with_the_ontology() -> None:
    ranges = {
        quad.subject.value: quad.object
        for path in ontology.files()
        for quad in ox.parse(path=str(path))
        if quad.predicate.value == RDFS + "range" and isinstance(quad.subject, ox.NamedNode)
    }
    paths = values("path")
    classes = {shape: {str(term) for term in terms} for shape, terms in values("class").items()}
    for shape, asked in (*datatypes().items(), *classes.items()):
        path = paths[shape][0]
        if isinstance(path, ox.NamedNode) and path.value in ranges and path.value.startswith(NS):
            assert asked == {str(ranges[path.value])}, shape


def test_years_have_a_pattern() -> None:
    """Neither engine looks inside an xsd:gYear."""
    years = {shape for shape, asked in datatypes().items() if any(each.endswith("#gYear>") for each in asked)}
    assert len(years) >= 2
    assert years <= set(values("pattern"))


def test_every_shape_that_can_fail_says_why_in_both_languages() -> None:
    loaded = gate.load()
    can_fail = set(values("path")) | set(values("sparql")) | set(values("severity"))
    inner = {node for node in can_fail if node.startswith("_:")}
    for shape in can_fail - inner:
        owner_says = shape in loaded.messages
        by_property = any(f"{shape[:-1]}-value>" == other for other in loaded.messages)
        assert owner_says or by_property, shape
    for swedish, english in loaded.messages.values():
        assert swedish != english
        assert len(re.findall(r"[.:]", swedish)) >= 2, swedish
        assert len(re.findall(r"[.:]", english)) >= 2, english


REFUSED = {
    "unknown constraint": "sh:property [ sh:path :p ; sh:nonsense 1 ]",
    "rule of the advanced features": "sh:rule [ sh:order 1 ]",
    "count that is no number": 'sh:property [ sh:path :p ; sh:minCount "one" ]',
    "count that is negative": "sh:property [ sh:path :p ; sh:minCount -1 ]",
    "flag that is no boolean": 'sh:closed "yes"',
    "kind of node misspelt": "sh:nodeKind sh:Iri",
    "pattern with a look-ahead": 'sh:property [ sh:path :p ; sh:pattern "(?=a)b" ]',
    "pattern that does not close": 'sh:property [ sh:path :p ; sh:pattern "(a" ]',
    "query that does not parse": 'sh:sparql [ sh:select "SELECT $this WHERE {" ]',
    "query with an unknown prefix": 'sh:sparql [ sh:select "SELECT $this WHERE { $this kg:nope ?x }" ]',
    "query with MINUS": 'sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o MINUS { $this ?p 1 } }" ]',
    "query with VALUES": 'sh:sparql [ sh:select "SELECT $this WHERE { VALUES ?o { 1 } $this ?p ?o }" ]',
    "query that asks a server": 'sh:sparql [ sh:select "SELECT $this { SERVICE <http://a.example> { ?s ?p ?o } }" ]',
    "query with a computed value": 'sh:sparql [ sh:select "SELECT $this (STR(?o) AS ?value) { $this ?p ?o }" ]',
    "query that rebinds the focus": 'sh:sparql [ sh:select "SELECT $this { BIND (1 AS $this) }" ]',
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_engine_would_skip_is_refused(what: str) -> None:
    text = f"@prefix sh: <{SH}> . @prefix : <urn:x:> . :S a sh:NodeShape ; sh:targetClass :T ; {REFUSED[what]} ."
    with pytest.raises(engine.UnsupportedShape):
        engine.load(quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE))


def test_a_shape_without_both_languages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.ttl"
    path.write_text(
        f'@prefix sh: <{SH}> . <https://example.org/S> a sh:NodeShape ; sh:nodeKind sh:IRI ; sh:message "fel"@sv .'
    )
    with pytest.raises(engine.UnsupportedShape, match="English"):
        gate.load((path,))


KNOWN_NUMBERS = (
    "KS 2024/1023",
    "SOF 2024/791",
    "KFKS 2015/15-002",
    "KS/2018:298 - 001",
    "Kst/2012:214",
    "KSN-2014-0604",
    "KSN 2015-1345",
    "KS-2015/1634.109",
    "KS2014/154-8",
    "KU.2017.91",
    "2011/KS 0206 001",
    "2009 KS141 0330",
    "2019/0041 NTN-1",
    "2016/0452.519 KS",
    "2016/0031-042",
    "2023/1204",
    "Ks 1084/2023",
    "00322/2026",
    "1379/22",
    "1.7.1-213/2020",
    "1.5.3-219-2012",
    "2006-152-307",
    "171-988/2016",
    "T2016-02417",
    "01.04/1188/2021",
    "KS 02-820 107",
    "H 00:189",
    "KS 11/214",
)
NO_NUMBERS = ("2024-03-12", "", "KS", "2024", "Dnr saknas", "§ 7", "KS 2024/", "(KS 2024/1)", "se ärende 7")


def number_problems(notation: str) -> list[str]:
    node = "<https://kommungraf.example/id/registry-number/9999/x>"
    data = (
        f"{node} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{NS}RegistryNumber> .\n"
        f"{node} <http://www.w3.org/2004/02/skos/core#notation> {ox.Literal(notation)} .\n"
    )
    return [
        problem.component for problem in gate.validate(data) if problem.path and problem.path.endswith("notation")
    ]


@pytest.mark.parametrize("notation", KNOWN_NUMBERS)
def test_registry_numbers_of_all_kinds_pass(notation: str) -> None:
    assert number_problems(notation) == []


@pytest.mark.parametrize("notation", NO_NUMBERS)
def test_what_is_no_registry_number_fails(notation: str) -> None:
    assert number_problems(notation)


@pytest.mark.skipif(not FORMATS.exists(), reason="the research on registry numbers is not on this machine")
def test_researched_registry_numbers_pass() -> None:
    examples = [example for form in json.loads(FORMATS.read_text()) for example in form["examples"]]
    assert len(examples) > 60
    assert [example for example in examples if number_problems(example)] == []


def test_the_shapes_are_shapes() -> None:
    """SHACL's own shapes of shapes graphs, by pySHACL."""
    graph = rdflib.Graph().parse(data=gate.load().shapes.ntriples, format="nt")
    conforms, _, report = pyshacl.validate(rdflib.Graph(), shacl_graph=graph, meta_shacl=True, inference="none")
    assert conforms, report


def test_comparisons_stand_beside_a_datatype() -> None:
    """The engine compares "1" with 1 where SHACL says that they cannot be compared: the datatype must be asked for too."""
    paths = values("path")
    for name in ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"):
        assert set(values(name)) <= set(values("datatype"))
    typed = {str(paths[shape][0]) for shape in datatypes()}
    for name in ("lessThan", "lessThanOrEquals"):
        for shape, others in values(name).items():
            assert {str(paths[shape][0]), *map(str, others)} <= typed, shape


def test_lists_of_terms_are_those_of_the_ontology() -> None:
    """A new property or class is a new line in terms.ttl."""
    queries = {subject: str(terms[0]) for subject, terms in values("select").items() if "declared-" in subject}
    for name, declared_terms in (("properties", ontology.properties()), ("classes", ontology.classes())):
        query = queries[f"<https://w3id.org/kommungraf/shapes#declared-{name}-query>"]
        listed = {NS + term for term in re.findall(r"(?<=\|)\w+(?=\|)", query)}
        assert listed == {iri for iri in declared_terms if iri.startswith(NS)}

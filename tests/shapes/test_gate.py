"""What the gate answers: problems in order, the context as part of the graph, the report."""

import dataclasses
from pathlib import Path

import pyoxigraph as ox
import pytest

import shapes
from shapes import engine, gate

BASE = "https://kommungraf.example/id/"
PREFIXES = """@prefix kg: <https://w3id.org/kommungraf/ns#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kgc: <https://w3id.org/kommungraf/concept/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
PERSON = "<person/9999/alva-berg-s> a kg:Person, foaf:Person ."
NAMED = '<person/9999/alva-berg-s> foaf:name "Alva Berg" ; kg:isOfficial false .'
MEETING = """<meeting/9999/socialnamnden/2024-03-12> a kg:Meeting, prov:Activity ;
    kg:date "2024-03-12"^^xsd:date ; kg:adjustedOn "2024-03-01"^^xsd:date ; kg:location "Rådhuset" ."""

EVIDENCE = "kg:evidence <span/0123456789abcdef/0-6> ; prov:wasGeneratedBy <run/0123456789abcdef/0.1.0>"
SOURCE = f"""<span/0123456789abcdef/0-6> a kg:SourceSpan, oa:SpecificResource ;
    oa:hasSource <document/0123456789abcdef> ;
    oa:start "0"^^xsd:nonNegativeInteger ; oa:end "6"^^xsd:nonNegativeInteger ; oa:exact "Beslut" .
<document/0123456789abcdef> a kg:Agenda, kg:Document, foaf:Document ; kg:sha256 "{"0123456789abcdef" * 4}" ;
    kg:canonicalText <text/0123456789abcdef> .
<run/0123456789abcdef/0.1.0> a kg:MappingRun, prov:Activity ; kg:programVersion "0.1.0" .
"""
ALLOWED = {
    "an item of an agenda without a date": """<agenda-item/0123456789abcdef/1> a kg:AgendaItem, prov:Entity ;
        kg:position 1 ; kg:itemType kgc:item-type\\/other ; dcterms:title "Budget"@sv""",
    "a listed document without a number": """<document/9999/bilaga-1> a kg:Document, foaf:Document ;
        dcterms:title "Bilaga 1"@sv""",
    "an authority that is no known municipality": """<municipality/nordvik> a kg:LocalAuthority,
        org:FormalOrganization ; rdfs:label "Nordviks kommun"@sv""",
    "a local party": """<party/9999/VIF> a kg:Party, org:Organization ; skos:notation "VIF\"""",
    "a listed annual report that was not read": """<document/9999/SN-2024-31-2> a kg:AnnualReport, kg:Document,
        foaf:Document ; dcterms:title "Verksamhetsberättelse"@sv""",
    "a vote of which only the result is known": """<vote/1> a kg:VoteEvent, prov:Activity ; kg:yesCount 7 ;
        kg:noCount 4""",
}


def nquads(turtle: str, graph: str = "graph/0123456789abcdef") -> str:
    parsed = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE, base_iri=BASE)
    return "".join(f"{quad.triple} <{BASE}{graph}> .\n" for quad in parsed)


def paths(problems: list[shapes.Problem]) -> list[str]:
    return [(problem.path or "").rpartition("#")[2].rpartition("/")[2] for problem in problems]


def test_nothing_is_wrong_with_nothing() -> None:
    assert shapes.validate("") == []


def test_the_context_is_part_of_the_graph() -> None:
    alone = paths(shapes.validate(nquads(PERSON)))
    together = paths(shapes.validate(nquads(PERSON), nquads(NAMED, "graph/persons")))
    assert sorted(set(alone) - set(together)) == ["isOfficial", "name"]
    assert shapes.validate(nquads(PERSON).encode(), nquads(NAMED).encode()) == shapes.validate(nquads(PERSON + NAMED))


def test_a_triple_in_two_graphs_counts_once() -> None:
    once = nquads(MEETING)
    assert shapes.validate(once + nquads(MEETING, "graph/other")) == shapes.validate(once)


def test_the_worst_comes_first_and_every_field_is_plain() -> None:
    problems = shapes.validate(nquads(MEETING))
    severities = [problem.severity for problem in problems]
    assert severities == sorted(severities, key=["violation", "warning", "info"].index)
    assert set(severities) == {"violation", "warning"}
    (late,) = [problem for problem in problems if problem.severity == "warning"]
    assert late == shapes.Problem(
        severity="warning",
        focus=BASE + "meeting/9999/socialnamnden/2024-03-12",
        path="https://w3id.org/kommungraf/ns#date",
        value="2024-03-12",
        shape="https://w3id.org/kommungraf/shapes#adjusted-after-meeting-value",
        component=engine.SH + "LessThanOrEqualsConstraintComponent",
        message_sv=late.message_sv,
        message_en=late.message_en,
    )
    assert "justeringsdatum" in late.message_sv
    assert "adjustment" in late.message_en


def test_a_personal_number_is_found_and_not_repeated() -> None:
    data = nquads('<document/x> dcterms:title "Ansökan från 121212-1212"@sv .')
    (problem,) = shapes.validate(data)
    assert (problem.severity, problem.focus) == ("violation", BASE + "document/x")
    assert problem.path == "http://purl.org/dc/terms/title"
    assert "121212" not in repr(problem)


def test_messages_hold_the_value() -> None:
    meeting = "<meeting/9999/socialnamnden/2024-03-12>"
    data = f"""{meeting} a kg:Meeting . <treatment/a> kg:treatedAt {meeting} ; kg:paragraphNumber 7 .
        <treatment/b> kg:treatedAt {meeting} ; kg:paragraphNumber 9 ."""
    (gap,) = [problem for problem in shapes.validate(nquads(data)) if problem.severity == "warning"]
    assert "§ 9 " in gap.message_sv
    assert "§ 9 " in gap.message_en


def test_what_is_no_rdf_raises() -> None:
    with pytest.raises(ValueError):
        shapes.validate("this is no N-Quads")


def test_report() -> None:
    problems = shapes.validate(nquads(MEETING + ' [] a kg:Case ; dcterms:identifier "KS 2024/1" .'))
    report, document, graph = (
        BASE + "report/0123456789abcdef",
        BASE + "document/0123456789abcdef",
        BASE + "graph/reports",
    )
    text = shapes.report_quads(problems, report, document, graph)
    assert text == shapes.report_quads(problems, report, document, graph)
    assert text.splitlines() == sorted(text.splitlines())
    quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    assert {str(quad.graph_name) for quad in quads} == {f"<{graph}>"}
    assert not any(isinstance(term, ox.BlankNode) for quad in quads for term in (quad.subject, quad.object))
    store = ox.Store()
    store.extend(quads)
    rows = store.query(
        """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX kg: <https://w3id.org/kommungraf/ns#>
        SELECT ?result { ?document kg:hasReport ?report . ?report a sh:ValidationReport ; sh:conforms false ;
            sh:result ?result . ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:resultSeverity ?severity ;
            sh:resultMessage ?sv, ?en . FILTER (LANG(?sv) = "sv" && LANG(?en) = "en") }""",
        use_default_graph_as_union=True,
    )
    assert isinstance(rows, ox.QuerySolutions)
    assert {row["result"].value for row in rows} == {f"{report}/{n}" for n in range(1, len(problems) + 1)}


def test_a_report_of_warnings_conforms() -> None:
    (warning,) = [problem for problem in shapes.validate(nquads(MEETING)) if problem.severity == "warning"]
    text = shapes.report_quads([warning], BASE + "report/x", BASE + "document/x", BASE + "graph/reports")
    assert '<http://www.w3.org/ns/shacl#conforms> "true"' in text


@pytest.mark.parametrize("what", ALLOWED)
def test_unknown_stays_absent(what: str) -> None:
    assert shapes.validate(nquads(SOURCE + f"{ALLOWED[what]} ; {EVIDENCE} .")) == []


EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*/*.ttl"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_shapes_that_concern_a_graph_say_all_that_the_whole_of_them_say(path: Path) -> None:
    """Leaving out the shapes that have nothing to aim at changes no answer."""
    graph = "".join(f"{quad.triple} .\n" for quad in ox.parse(path=str(path)))
    loaded = gate.load().shapes
    whole = dataclasses.replace(loaded, targeted=(), always=loaded.ntriples)
    assert len(loaded.concerning(graph)) < len(loaded.ntriples)
    assert set(engine.run(graph, loaded)) == set(engine.run(graph, whole))

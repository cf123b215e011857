"""The JSON-LD context: what is committed is what is made, and documents written with it say what they mean."""

import json
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

import ontology
from ontology.graph import terms, values
from ontology.jsonld_context import FILE, STANDARD, written

AGAIN = "python -c \"from ontology.jsonld_context import FILE, written; FILE.write_text(written(), 'utf-8')\""
CONTEXT: dict[str, Any] = ontology.context()["@context"]
SUBJECT = "https://data.example/id/thing/1"
LITERALS = {
    "string": ("ord", "ord"),
    "boolean": (True, "true"),
    "integer": (7, "7"),
    "decimal": ("7.50", "7.50"),
    "date": ("2024-03-12", "2024-03-12"),
    "gYear": ("2024", "2024"),
}
"""Local name of a datatype: a value in JSON, and the same in Turtle."""

DOCUMENT: dict[str, Any] = {
    "id": "https://data.example/id/treatment/9999/socialnamnden/2024-03-12/7",
    "type": ["ItemTreatment", "prov:Activity"],
    "treatedAt": {
        "id": "https://data.example/id/meeting/9999/socialnamnden/2024-03-12",
        "type": "Meeting",
        "date": "2024-03-12",
    },
    "paragraphNumber": 7,
    "immediatelyAdjusted": False,
    "title": {"sv": "Remiss av motion om fler bänkar"},
    "itemType": "kgc:item-type/motion",
    "resultedIn": {
        "id": "https://data.example/id/decision/7",
        "type": "Decision",
        "decisionOutcome": "kgc:outcome/approved",
        "hasPoint": [
            {"id": "https://data.example/id/point/1", "pointNumber": "1", "text": {"sv": "Motionen avslås."}},
            {
                "id": "https://data.example/id/point/2",
                "pointNumber": "3 a",
                "text": {"sv": ["Det ena.", "Det andra."]},
            },
        ],
    },
}
TURTLE = """
@prefix kg: <https://w3id.org/kommungraf/ns#> . @prefix kgc: <https://w3id.org/kommungraf/concept/> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @base <https://data.example/id/> .
<treatment/9999/socialnamnden/2024-03-12/7> a kg:ItemTreatment, prov:Activity ;
    kg:treatedAt <meeting/9999/socialnamnden/2024-03-12> ; kg:paragraphNumber 7 ; kg:immediatelyAdjusted false ;
    dcterms:title "Remiss av motion om fler bänkar"@sv ; kg:itemType <https://w3id.org/kommungraf/concept/item-type/motion> ;
    kg:resultedIn <decision/7> .
<meeting/9999/socialnamnden/2024-03-12> a kg:Meeting ; kg:date "2024-03-12"^^xsd:date .
<decision/7> a kg:Decision ; kg:hasPoint <point/1>, <point/2> ;
    kg:decisionOutcome <https://w3id.org/kommungraf/concept/outcome/approved> .
<point/1> kg:pointNumber "1" ; kg:text "Motionen avslås."@sv .
<point/2> kg:pointNumber "3 a" ; kg:text "Det ena."@sv, "Det andra."@sv .
"""


def expanded(document: dict[str, Any]) -> rdflib.Graph:
    """What rdflib, which fetches nothing here, reads in a document that carries the committed context."""
    whole = {**json.loads(FILE.read_text("utf-8")), **document}
    return rdflib.Graph().parse(data=json.dumps(whole), format="json-ld")


def test_what_is_committed_is_what_is_made() -> None:
    assert FILE.read_text("utf-8") == written(), f"the vocabulary has changed; write the context anew: {AGAIN}"


def test_a_document_expands_to_the_same_graph() -> None:
    assert isomorphic(expanded(DOCUMENT), rdflib.Graph().parse(data=TURTLE, format="turtle"))


def test_the_engine_reads_it_alike() -> None:
    whole = json.dumps({**ontology.context(), **DOCUMENT})
    read = {quad.triple for quad in ox.parse(whole, format=ox.RdfFormat.JSON_LD)}
    assert read == {quad.triple for quad in ox.parse(TURTLE, format=ox.RdfFormat.TURTLE)}


def cases() -> list[tuple[str, Any, str]]:
    """Each of our properties with a value of its range: its name, the value in JSON, and in Turtle."""
    found: list[tuple[str, Any, str]] = []
    for iri in ontology.properties():
        name = iri.removeprefix(ontology.PREFIXES["kg"])
        kind = values(terms(), iri, "rdf:type")[0].text
        ranges = [value.text for value in values(terms(), iri, "rdfs:range")]
        if kind.endswith("ObjectProperty"):
            found.append((name, SUBJECT, f"<{SUBJECT}>"))
        elif not kind.endswith("DatatypeProperty"):
            found.append((name, {"id": SUBJECT}, f"<{SUBJECT}>"))
        elif not ranges or ranges[0].endswith("langString"):
            found.append((name, {"sv": "ord", "en": "word"}, '"ord"@sv, "word"@en'))
        else:
            datatype = ranges[0].rpartition("#")[2]
            value, text = LITERALS[datatype]
            typed = "" if datatype == "string" else f"^^<{ontology.PREFIXES['xsd']}{datatype}>"
            found.append((name, value, f'"{text}"{typed}'))
    return found


@pytest.mark.parametrize(("name", "value", "turtle"), cases(), ids=[each[0] for each in cases()])
def test_each_property_gives_values_of_its_range(name: str, value: object, turtle: str) -> None:
    graph = expanded({"id": SUBJECT, name: value})
    said = f"<{SUBJECT}> <{ontology.PREFIXES['kg']}{name}> {turtle} ."
    assert len(graph) and isomorphic(graph, rdflib.Graph().parse(data=said, format="turtle"))


@pytest.mark.parametrize("iri", ontology.classes())
def test_each_class_has_its_short_name(iri: str) -> None:
    graph = expanded({"id": SUBJECT, "type": iri.removeprefix(ontology.PREFIXES["kg"])})
    assert list(graph) == [(rdflib.URIRef(SUBJECT), rdflib.RDF.type, rdflib.URIRef(iri))]


def test_no_name_has_two_meanings() -> None:
    own = [iri.removeprefix(ontology.PREFIXES["kg"]) for iri in (*ontology.classes(), *ontology.properties())]
    names = [*own, *STANDARD, *ontology.PREFIXES, "id", "type", "@version"]
    assert len(names) == len(set(names)) == len(CONTEXT)
    for name, (curie, _) in STANDARD.items():
        told = CONTEXT[name]
        assert (told if isinstance(told, str) else told["@id"]) == curie

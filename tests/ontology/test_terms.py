"""Every name of the model reaches Python, and no other does."""

import pytest

import ontology
from ontology import KG, KGC, UnknownTerm, concept, std, term
from tests.ontology.names import CLASSES, CONCEPTS, PROPERTIES, STANDARD


@pytest.mark.parametrize("name", CLASSES)
def test_class_is_declared(name: str) -> None:
    assert KG[name] in ontology.classes()


@pytest.mark.parametrize("name", PROPERTIES)
def test_property_is_declared(name: str) -> None:
    assert KG[name] in ontology.properties()


@pytest.mark.parametrize("scheme", CONCEPTS)
def test_concepts_are_declared(scheme: str) -> None:
    missing = set(CONCEPTS[scheme].split()) - set(ontology.concepts(scheme))
    assert not missing
    for notation in CONCEPTS[scheme].split():
        assert concept(scheme, notation) == f"https://w3id.org/kommungraf/concept/{scheme}/{notation}"


@pytest.mark.parametrize(("name", "standard"), STANDARD.items())
def test_standard_class(name: str, standard: str) -> None:
    assert ontology.standard_class(KG[name]) == (std(standard),)


def test_three_ways_to_one_iri() -> None:
    iri = "https://w3id.org/kommungraf/ns#heldBy"
    assert KG.heldBy == KG["heldBy"] == KG("heldBy") == term("kg:heldBy") == iri
    assert KGC["outcome/approved"] == concept("outcome", "approved")


def test_own_superclasses() -> None:
    assert ontology.superclasses(KG.Motion) == (KG.Matter,)
    assert ontology.superclasses(KG.Minutes) == (KG.Document,)
    assert ontology.superclasses(KG.Meeting) == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("kg:Meetng", "kg:Meeting"),
        ("kg:heldby", "kg:heldBy"),
        ("kgc:outcome/aproved", "kgc:outcome/approved"),
        ("kgc:municipality/01800", "kgc:municipality/0180"),
        ("foaf:nam", "foaf:name"),
        ("dcterm:title", "dcterms:"),
    ],
)
def test_unknown_term_suggests_the_nearest(written: str, meant: str) -> None:
    with pytest.raises(UnknownTerm, match=f"did you mean {meant}"):
        term(written)


def test_unknown_terms_raise_by_every_door() -> None:
    with pytest.raises(UnknownTerm):
        _ = KG.Sammantrade
    with pytest.raises(AttributeError):
        _ = KG.Sammantrade
    with pytest.raises(UnknownTerm):
        concept("outcome", "maybe")
    with pytest.raises(UnknownTerm):
        ontology.concepts("outcomes")
    with pytest.raises(UnknownTerm):
        std("foaf:mbox")
    with pytest.raises(UnknownTerm):
        std("kg:Meeting")
    with pytest.raises(UnknownTerm):
        ontology.standard_class("https://w3id.org/kommungraf/ns#Meetng")
    with pytest.raises(UnknownTerm):
        ontology.label("https://w3id.org/kommungraf/ns#Meetng")


def test_labels() -> None:
    assert ontology.label(KG.Meeting, "sv") == "sammanträde"
    assert ontology.label(KG.Meeting, "en") == "meeting"
    assert ontology.label(concept("outcome", "referred-back"), "sv") == "återremiss"
    assert ontology.label(std("foaf:name"), "en") == "name"
    assert ontology.label(concept("party", "S"), "sv") == "Socialdemokraterna"
    assert ontology.label(KG.Meeting, "fi") == "sammanträde"


def test_definition_teaches() -> None:
    assert ontology.definition(KG.Case, "en").endswith('"')
    assert "Exempel:" in ontology.definition(KG.Case, "sv")

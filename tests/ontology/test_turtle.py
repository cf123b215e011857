"""The Turtle itself: described in two languages, aligned, and free of names that nobody declared."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

import ontology
from ontology import KG, PREFIXES

NS = "https://w3id.org/kommungraf/ns"
SKOS, RDFS, OWL = PREFIXES["skos"], PREFIXES["rdfs"], PREFIXES["owl"]


def node(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> tuple[str, str | None]:
    """The text of a node and its language, or None."""
    assert isinstance(value, ox.NamedNode | ox.Literal), "no blank nodes"
    return value.value, value.language if isinstance(value, ox.Literal) else None


DESCRIBED: dict[str, dict[str, list[tuple[str, str | None]]]] = {}
IRIS: set[str] = set()
for path in ontology.files():
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        said = DESCRIBED.setdefault(node(quad.subject)[0], {})
        said.setdefault(quad.predicate.value, []).append(node(quad.object))
        IRIS |= {part.value for part in (quad.subject, quad.predicate, quad.object) if isinstance(part, ox.NamedNode)}


def texts(iri: str, predicate: str) -> list[str]:
    return [text for text, _ in DESCRIBED[iri].get(predicate, [])]


def by_language(iri: str, predicate: str) -> dict[str, str]:
    found = DESCRIBED[iri][predicate]
    by_tag = {language: text for text, language in found if language}
    assert len(by_tag) == len(found), f"{iri} says {predicate} twice in one language, or without one"
    return by_tag


@pytest.mark.parametrize("iri", [*ontology.classes(), *ontology.properties()])
def test_term_is_described(iri: str) -> None:
    labels = by_language(iri, RDFS + "label")
    definitions = by_language(iri, SKOS + "definition")
    assert set(labels) == set(definitions) == {"sv", "en"}
    assert re.search(r'\. Exempel: "[^"]+"$', definitions["sv"])
    assert re.search(r'\. Example: "[^"]+"$', definitions["en"])
    assert definitions["sv"] != definitions["en"]
    assert texts(iri, RDFS + "isDefinedBy") == [NS]


@pytest.mark.parametrize("scheme", ontology.schemes())
def test_scheme_is_described(scheme: str) -> None:
    scheme_iri = PREFIXES["kgc"] + scheme
    assert set(by_language(scheme_iri, SKOS + "definition")) == {"sv", "en"}
    members = ontology.concepts(scheme)
    assert members
    for iri in members.values():
        assert set(by_language(iri, SKOS + "prefLabel")) == {"sv", "en"}
        assert set(by_language(iri, RDFS + "label")) == {"sv", "en"}
        assert texts(iri, SKOS + "topConceptOf") == [scheme_iri]
        (notation,) = texts(iri, SKOS + "notation")
        if scheme not in ("party", "municipality", "county"):
            definitions = by_language(iri, SKOS + "definition")
            assert re.search(r'\. Exempel: "[^"]+"$', definitions["sv"])
            assert re.search(r'\. Example: "[^"]+"$', definitions["en"])
            assert iri == f"{scheme_iri}/{notation}"


def test_no_undeclared_term_of_ours_is_used() -> None:
    declared = {*ontology.classes(), *ontology.properties()}
    declared |= {iri for iri, said in DESCRIBED.items() if RDFS + "label" in said}
    used = {iri for iri in IRIS if iri.startswith((PREFIXES["kg"], PREFIXES["kgc"]))}
    assert not used - declared


def test_no_undeclared_standard_property_is_used() -> None:
    used = {predicate for said in DESCRIBED.values() for predicate in said}
    assert not {iri for iri in used if RDFS + "label" not in DESCRIBED.get(iri, {})}


def test_each_term_is_declared_once() -> None:
    for iri in (*ontology.classes(), *ontology.properties()):
        assert len(texts(iri, PREFIXES["rdf"] + "type")) == 1, iri
        assert len(texts(iri, RDFS + "domain")) <= 1, f"{iri}: several rdfs:domain mean their intersection"
        assert len(texts(iri, RDFS + "range")) <= 1, f"{iri}: several rdfs:range mean their intersection"


def test_several_kinds_of_proposer_give_no_range() -> None:
    for name in ("proposedBy", "reservedBy", "statedBy", "person", "yesMeans", "noMeans", "documents"):
        assert RDFS + "range" not in DESCRIBED[KG[name]], name


def test_nothing_is_inverse() -> None:
    assert OWL + "inverseOf" not in IRIS


def test_header() -> None:
    (version,) = texts(NS, OWL + "versionInfo")
    (version_iri,) = texts(NS, OWL + "versionIRI")
    assert version_iri == f"{NS}/{version}"
    for name in ("license", "issued", "modified"):
        assert len(texts(NS, PREFIXES["dcterms"] + name)) == 1, name
    (prior,) = texts(NS, OWL + "priorVersion")
    assert [int(part) for part in prior.removeprefix(f"{NS}/").split(".")] < [
        int(part) for part in version.split(".")
    ]
    assert texts(NS, PREFIXES["dcterms"] + "modified") >= texts(NS, PREFIXES["dcterms"] + "issued")
    assert texts(NS, PREFIXES["vann"] + "preferredNamespacePrefix") == ["kg"]
    assert texts(NS, PREFIXES["vann"] + "preferredNamespaceUri") == [PREFIXES["kg"]]
    for curie in ("dcterms:title", "dcterms:description"):
        assert set(by_language(NS, ontology.std(curie))) == {"sv", "en"}
    (creator,) = texts(NS, ontology.std("dcterms:creator"))
    assert texts(creator, PREFIXES["rdf"] + "type") == [ontology.std("foaf:Organization")]


def test_files_are_all_the_turtle_of_the_folder() -> None:
    folder = Path(ontology.__file__).parent
    assert set(ontology.files()) == set(folder.glob("*.ttl"))
    assert {"core", "concepts", "parties", "municipalities", "superclasses"} <= {p.stem for p in ontology.files()}

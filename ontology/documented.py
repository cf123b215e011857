"""Each class and property with all that a page tells of it, in one language."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from ontology.alignments import Alignment, aligned
from ontology.graph import PREFIXES, Value, in_language, terms, topics, values
from ontology.terms import classes, concepts, graph_of, properties, superclasses, term

EXAMPLE: Final = re.compile(r'(?s)(.*?)\s*(?:Exempel|Example): "(.*)"\Z')
KINDS: Final = {"Class": "class", "ObjectProperty": "object", "DatatypeProperty": "datatype", "Property": "property"}


@dataclass(frozen=True, slots=True)
class Documented:
    """A class or a property of ours.

    `kind`: "class", "object" (leads to a resource), "datatype" (to a literal) or "property" (to either); `topic`: the
    name of its file ("meetings"); `alternatives`: other labels, with their language; `broader`, `narrower`: the terms
    above and below it; `domain`, `range`: what a property is stated of, and leads to; all IRIs.
    """

    iri: str
    name: str
    kind: str
    topic: str
    label: str
    other_label: str
    alternatives: tuple[Value, ...]
    definition: str
    example: str
    broader: tuple[str, ...]
    narrower: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A property at a class: `inherited` from a superclass where it is not stated of the class itself."""

    property: str
    inherited: str | None


@cache
def documented(language: str) -> dict[str, Documented]:
    """IRI to description of every class and property, in "sv" or "en", in order of label."""
    topic = topics()
    found = [_documented(iri, language, topic[iri]) for iri in (*classes(), *properties())]
    return {each.iri: each for each in sorted(found, key=lambda each: (each.label.casefold(), each.name))}


@cache
def stated_of(iri: str) -> tuple[Use, ...]:
    """The properties of a class: its own first, then those of its superclasses."""
    return tuple(_uses(iri, "rdfs:domain", "schema:domainIncludes"))


@cache
def leading_to(iri: str) -> tuple[Use, ...]:
    """The properties that lead to a class, read backwards from it (no inverse is declared: each is stored once)."""
    return tuple(_uses(iri, "rdfs:range", "schema:rangeIncludes"))


def _uses(iri: str, *curies: str) -> Iterable[Use]:
    for each in (iri, *superclasses(iri)):
        for name in sorted(properties()):
            if each in _iris(name, *curies):
                yield Use(name, None if each == iri else each)


def _documented(iri: str, language: str, topic: str) -> Documented:
    text = in_language(values(terms(), iri, "skos:definition"), language) or ""
    match = EXAMPLE.match(text)
    labels = values(terms(), iri, "rdfs:label")
    return Documented(
        iri=iri,
        name=iri.removeprefix(PREFIXES["kg"]),
        kind=KINDS[re.split("[#/]", values(terms(), iri, "rdf:type")[0].text)[-1]],
        topic=topic,
        label=in_language(labels, language) or "",
        other_label=in_language(labels, "sv" if language == "en" else "en") or "",
        alternatives=tuple(values(terms(), iri, "skos:altLabel")),
        definition=match[1] if match else text,
        example=match[2] if match else "",
        broader=_iris(iri, "rdfs:subClassOf", "rdfs:subPropertyOf"),
        narrower=tuple(
            each
            for each in (*classes(), *properties())
            if iri in _iris(each, "rdfs:subClassOf", "rdfs:subPropertyOf")
        ),
        domain=_iris(iri, "rdfs:domain", "schema:domainIncludes"),
        range=_iris(iri, "rdfs:range", "schema:rangeIncludes"),
        alignments=aligned(iri),
    )


def _iris(iri: str, *curies: str) -> tuple[str, ...]:
    return tuple(value.text for curie in curies for value in values(terms(), iri, curie))


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept, or a concept scheme: `name` is what follows kgc: in its IRI ("outcome/approved")."""

    iri: str
    name: str
    notation: str
    label: str
    other_label: str
    definition: str
    example: str


def scheme(name: str, language: str) -> Concept:
    """A concept scheme by its name ("outcome"). Raises UnknownTerm."""
    return _concept(term(f"kgc:{name}"), language)


def members(name: str, language: str) -> list[Concept]:
    """The concepts of a scheme, in the order of its file. Raises UnknownTerm."""
    return [_concept(iri, language) for iri in concepts(name).values()]


def _concept(iri: str, language: str) -> Concept:
    graph = graph_of(iri)
    labels = values(graph, iri, "skos:prefLabel")
    text = in_language(values(graph, iri, "skos:definition"), language) or ""
    match = EXAMPLE.match(text)
    return Concept(
        iri=iri,
        name=iri.removeprefix(PREFIXES["kgc"]),
        notation="".join(value.text for value in values(graph, iri, "skos:notation")),
        label=in_language(labels, language) or "",
        other_label=in_language(labels, "sv" if language == "en" else "en") or "",
        definition=match[1] if match else text,
        example=match[2] if match else "",
    )


@dataclass(frozen=True, slots=True)
class Header:
    """The ontology itself. `version`, `prior`: "0.2.0"; `modified`: an ISO date."""

    title: str
    description: str
    version: str
    prior: str
    modified: str
    licence: str


def header(language: str) -> Header:
    """What ontology/core.ttl says of the ontology, in "sv" or "en"."""
    iri = PREFIXES["kg"].rstrip("#")

    def text(curie: str) -> str:
        return in_language(values(terms(), iri, curie), language) or ""

    return Header(
        title=text("dcterms:title"),
        description=text("dcterms:description"),
        version=text("owl:versionInfo"),
        prior=text("owl:priorVersion").rpartition("/")[2],
        modified=text("dcterms:modified"),
        licence=text("dcterms:license"),
    )

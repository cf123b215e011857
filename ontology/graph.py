"""The Turtle files of this folder as plain Python dictionaries, read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

FOLDER = Path(__file__).parent
AUTHORITY = ("municipalities", "parties")
"""Names of the files with authority data; read only when they are asked for."""

PREFIXES: dict[str, str] = {
    "kg": "https://w3id.org/kommungraf/ns#",
    "kgc": "https://w3id.org/kommungraf/concept/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "adms": "http://www.w3.org/ns/adms#",
    "oa": "http://www.w3.org/ns/oa#",
    "qb": "http://purl.org/linked-data/cube#",
    "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "wd": "http://www.wikidata.org/entity/",
}
"""Prefix to namespace, for every vocabulary that appears in published data."""

RDF_TYPE = PREFIXES["rdf"] + "type"
RDFS_LABEL = PREFIXES["rdfs"] + "label"


@dataclass(frozen=True, slots=True)
class Value:
    """The object of a triple: an IRI (`language` None and `datatype` None) or a literal."""

    text: str
    language: str | None = None
    datatype: str | None = None


Graph = dict[str, dict[str, list[Value]]]
"""subject IRI -> predicate IRI -> values, in the order of the file."""


def files() -> tuple[Path, ...]:
    """Every Turtle file of the ontology, its concepts and its authority data, in order of name."""
    return tuple(sorted(FOLDER.glob("*.ttl")))


def _read(paths: tuple[Path, ...]) -> Graph:
    graph: Graph = {}
    for path in paths:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            subject, object_ = quad.subject, quad.object
            if isinstance(subject, ox.NamedNode):
                values = graph.setdefault(subject.value, {}).setdefault(quad.predicate.value, [])
                if isinstance(object_, ox.Literal):
                    values.append(Value(object_.value, object_.language, object_.datatype.value))
                elif isinstance(object_, ox.NamedNode):
                    values.append(Value(object_.value))
    return graph


@cache
def terms() -> Graph:
    """Classes, properties, concepts and the standard terms in use: every file but the authority data."""
    return _read(tuple(path for path in files() if path.stem not in AUTHORITY))


@cache
def topics() -> dict[str, str]:
    """Each term, concept and scheme -> the name of the file that says of what type it is ("meetings")."""
    return {
        iri: path.stem
        for path in files()
        if path.stem not in AUTHORITY
        for iri, said in _read((path,)).items()
        if RDF_TYPE in said
    }


@cache
def authority(name: str) -> Graph:
    """The authority data of one file: "municipalities" or "parties"."""
    return _read((FOLDER / f"{name}.ttl",))


def values(graph: Graph, subject: str, curie: str) -> list[Value]:
    """The values of a property written as prefix:name; empty where the subject has none."""
    prefix, _, local = curie.partition(":")
    return graph.get(subject, {}).get(PREFIXES[prefix] + local, [])


def in_language(found: list[Value], language: str) -> str | None:
    """The text in the wanted language, else in Swedish, else any; None where there is none."""
    by_language = {value.language: value.text for value in reversed(found)}
    return by_language.get(language) or by_language.get("sv") or next(iter(by_language.values()), None)

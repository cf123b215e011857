"""The terms of the catalogue (DCAT 3, DCAT-AP 3.0.1), and statements made with them."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import pyoxigraph as ox

ADMS: Final = "http://www.w3.org/ns/adms#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCATAP: Final = "http://data.europa.eu/r5r/"
DCTERMS: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
ORG: Final = "https://www.w3.org/ns/org#"  # https here: so it is written in DCAT-AP-SE 3.0.1
RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SPDX: Final = "http://spdx.org/rdf/terms#"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
EU: Final = "http://publications.europa.eu/resource/authority/"
IANA: Final = "http://www.iana.org/assignments/media-types/"
VOCABULARY: Final = "https://w3id.org/kommungraf/ns"
PREFIXES: Final = {
    "adms": ADMS, "dcat": DCAT, "dcatap": DCATAP, "dcterms": DCTERMS, "foaf": FOAF, "spdx": SPDX, "vcard": VCARD,
    "xsd": XSD,
}  # fmt: skip

Said = Iterator[ox.Triple]


def is_a(subject: str, class_: str) -> ox.Triple:
    return link(subject, RDF_TYPE, class_)


def link(subject: str, predicate: str, target: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(target))


def value(subject: str, predicate: str, text: str, datatype: str = XSD + "string") -> ox.Triple:
    return ox.Triple(
        ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(text, datatype=ox.NamedNode(datatype))
    )


def texts(subject: str, predicate: str, said: Mapping[str, str]) -> Said:
    """The text in each language that it is there in."""
    for language, text in said.items():
        yield ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(text, language=language))


def identifier(iri: str) -> str:
    """A UUID that is the same for the same IRI (RFC 9562, 5.5): harvesters know a dataset by it again."""
    return str(uuid5(NAMESPACE_URL, iri))

"""The ways to the data in the catalogue: dump files, the SPARQL service and the change feed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

from server.catalogue.facts import DumpFile
from server.catalogue.publisher import Texts
from server.catalogue.terms import (
    DCAT,
    DCATAP,
    DCTERMS,
    EU,
    IANA,
    SPDX,
    VOCABULARY,
    XSD,
    Said,
    is_a,
    link,
    texts,
    value,
)

Profile = Literal["dcat-ap-se", "dcat-ap"]
FILE_TYPES: Final = {
    "application/ld+json": "JSON_LD",
    "application/n-quads": "RDF_N_QUADS",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "application/trig": "RDF_TRIG",
    "application/vnd.apache.parquet": "PARQUET",
    "application/csvm+json": "JSON",
    "application/json": "JSON",
    "application/gzip": "GZIP",
    "application/zip": "ZIP",
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/turtle": "RDF_TURTLE",
}
"""By media type, the name in the EU's table of file types."""
SPARQL: Final = "text/turtle"  # what the endpoint answers who sends no query and names no format: its description
SPARQL_TEXTS: Final = (
    {"sv": "SPARQL-tjänst", "en": "SPARQL service"},
    {
        "sv": "Sök i datamängden med frågespråket SPARQL 1.1. Tjänsten är öppen och kräver ingen nyckel.",
        "en": "Search the dataset with the query language SPARQL 1.1. The service is open and needs no key.",
    },
)
FEED_TEXTS: Final = (
    {"sv": "Ändringsflöde", "en": "Change feed"},
    {
        "sv": "Det som läggs till, ändras och tas bort, i den ordning det sker, som Linked Data Event Stream.",
        "en": "What is added, changed and removed, in the order it happens, as a Linked Data Event Stream.",
    },
)


ALGORITHM: Final[dict[Profile, str]] = {
    "dcat-ap-se": SPDX + "checksumAlgorithm_sha256",
    "dcat-ap": SPDX.replace("http:", "https:") + "checksumAlgorithm_sha256",
}
"""The other conflict: the EU's shapes of tables (mdr-vocabularies) want https, where SPDX and DIGG have http."""


@dataclass(frozen=True, slots=True)
class Access:
    """A distribution: its IRI, title, description and address; `media_type` is that of what it holds, `file` is the
    file where it is one, `service` the IRI of the service where it is one."""

    iri: str
    title: Texts
    description: Texts
    address: str
    media_type: str
    file: DumpFile | None = None
    service: str | None = None


def of_files(dataset: str, web: str, files: Iterable[DumpFile]) -> list[Access]:
    """The dump files of a dataset, reached at web/dumps/…"""
    return [
        Access(
            f"{dataset}/{quote(each.name)}",
            {"sv": each.name, "en": each.name},
            each.describes,
            f"{web}/dumps/{quote(each.name)}",
            each.media_type,
            file=each,
        )
        for each in files
    ]


def of_sparql(dataset: str, web: str, service: str) -> Access:
    return Access(f"{dataset}/sparql", *SPARQL_TEXTS, f"{web}/sparql", SPARQL, service=service)


def of_feed(dataset: str, web: str) -> Access:
    return Access(f"{dataset}/feed", *FEED_TEXTS, f"{web}/feed", "application/trig")


def distribution(access: Access, profile: Profile) -> Said:
    """The statements on a distribution (DCAT-AP-SE 3.0.1, dcat:Distribution) but its licence."""
    iri, file = access.iri, access.file
    yield is_a(iri, DCAT + "Distribution")
    yield from texts(iri, DCTERMS + "title", access.title)
    yield from texts(iri, DCTERMS + "description", access.description)
    yield link(iri, DCAT + "accessURL", access.address)
    yield link(iri, DCATAP + "availability", EU + "planned-availability/AVAILABLE")
    yield link(iri, DCTERMS + "conformsTo", VOCABULARY)
    yield from format_of(iri, access.media_type, profile)
    if access.service:
        yield link(iri, DCAT + "accessService", access.service)
    yield link(iri, DCAT + "mediaType", IANA + access.media_type)
    if file and file.made:
        yield value(iri, DCTERMS + "modified", file.made, XSD + "dateTime")
    if file:
        yield link(iri, DCAT + "downloadURL", access.address)
        yield value(iri, DCAT + "byteSize", str(file.bytes), XSD + "nonNegativeInteger")
        yield link(iri, SPDX + "checksum", iri + "/checksum")
        yield is_a(iri + "/checksum", SPDX + "Checksum")
        yield link(iri + "/checksum", SPDX + "algorithm", ALGORITHM[profile])
        yield value(iri + "/checksum", SPDX + "checksumValue", file.sha256, XSD + "hexBinary")
        if file.coding:
            packed = "packageFormat" if file.coding == "zip" else "compressFormat"  # DCAT 3, 6.8.20 and 6.8.19
            yield link(iri, DCAT + packed, f"{IANA}application/{file.coding}")


def format_of(iri: str, media_type: str, profile: Profile) -> Said:
    """dcterms:format, on which the rules conflict: DCAT-AP-SE 3.0.1 wants the media type as a
    literal, the shapes of DCAT-AP 3.0.1 an IRI of the EU's table of file types."""
    if profile == "dcat-ap-se":
        yield value(iri, DCTERMS + "format", media_type)
    elif media_type in FILE_TYPES:
        yield link(iri, DCTERMS + "format", f"{EU}file-type/{FILE_TYPES[media_type]}")

"""The catalogue as people read it: what it tells of each dataset and of each way to the data."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from server.catalogue.publisher_keys import licence_name
from server.catalogue.terms import DCAT, DCTERMS, EU, FOAF, IANA, RDF_TYPE
from server.web.negotiation import GRAPHS

FORMATS: Final = {
    **{each.media_type: each.label for each in GRAPHS.values()},
    "text/csv": "CSV",
    "application/csvm+json": "CSVW",
    "application/vnd.apache.parquet": "Parquet",
    "application/zip": "ZIP",
    "application/geo+json": "GeoJSON",
    "text/html": "HTML",
}
"""What a media type is called."""


@dataclass(frozen=True, slots=True)
class Way:
    """A distribution. `address` is where it is fetched, `bytes` its size where it is a file, `coding` how it is
    packed ("gzip"), `modified` an ISO 8601 time."""

    title: str
    description: str
    address: str
    media_type: str
    coding: str
    bytes: int | None
    modified: str

    @property
    def form(self) -> str:
        """The format as it is called: "N-Quads, gzip"."""
        name = FORMATS.get(self.media_type, self.media_type)
        return f"{name}, {self.coding}" if self.coding else name


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset; `issued`, `modified`, `first` and `last` are ISO 8601, empty where nothing is said. `licence` is an
    IRI; it is empty where parts have different ones, which `rights` tells."""

    iri: str
    title: str
    description: str
    publisher: str
    homepage: str
    licence: str
    rights: str
    issued: str
    modified: str
    first: str
    last: str
    version: str
    frequency: str
    landing: str
    keywords: tuple[str, ...]
    ways: tuple[Way, ...]

    @property
    def licence_name(self) -> str:
        return licence_name(self.licence) if self.licence else ""

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that the data can be had in, each once."""
        return tuple(dict.fromkeys(FORMATS.get(way.media_type, way.media_type) for way in self.ways))


class Told:
    """The statements of a catalogue by subject and predicate, read in one language."""

    def __init__(self, triples: Iterable[ox.Triple], language: str) -> None:
        self.language = language
        self.said: defaultdict[tuple[str, str], list[ox.NamedNode | ox.Literal]] = defaultdict(list)
        for each in triples:
            if isinstance(each.subject, ox.NamedNode) and isinstance(each.object, ox.NamedNode | ox.Literal):
                self.said[each.subject.value, each.predicate.value].append(each.object)

    def all(self, subject: str, predicate: str) -> list[str]:
        """The values in the reader's language, or all of them where none is in it."""
        found = self.said.get((subject, predicate), [])
        own = [each.value for each in found if isinstance(each, ox.Literal) and each.language == self.language]
        return own or [each.value for each in found]

    def one(self, subject: str, predicate: str) -> str:
        """The first value, or nothing."""
        return next(iter(self.all(subject, predicate)), "")

    def datasets(self) -> list[str]:
        """The IRIs of all datasets, in the order of the catalogue."""
        kind = ox.NamedNode(DCAT + "Dataset")
        return [subject for (subject, name), found in self.said.items() if name == RDF_TYPE and kind in found]


def dataset(told: Told, iri: str) -> Dataset:
    """What a catalogue tells of one of its datasets."""
    publisher, period = told.one(iri, DCTERMS + "publisher"), told.one(iri, DCTERMS + "temporal")
    distributions = told.all(iri, DCAT + "distribution")
    return Dataset(
        iri=iri,
        title=told.one(iri, DCTERMS + "title"),
        description=told.one(iri, DCTERMS + "description"),
        publisher=told.one(publisher, FOAF + "name"),
        homepage=told.one(publisher, FOAF + "homepage"),
        licence=told.one(distributions[0], DCTERMS + "license"),
        rights=told.one(told.one(distributions[0], DCTERMS + "rights"), DCTERMS + "description"),
        issued=told.one(iri, DCTERMS + "issued"),
        modified=told.one(iri, DCTERMS + "modified"),
        first=told.one(period, DCAT + "startDate"),
        last=told.one(period, DCAT + "endDate"),
        version=told.one(iri, DCAT + "version"),
        frequency=told.one(iri, DCTERMS + "accrualPeriodicity").removeprefix(EU + "frequency/"),
        landing=told.one(iri, DCAT + "landingPage"),
        keywords=tuple(told.all(iri, DCAT + "keyword")),
        ways=tuple(_way(told, each) for each in distributions),
    )


def _way(told: Told, iri: str) -> Way:
    size = told.one(iri, DCAT + "byteSize")
    return Way(
        title=told.one(iri, DCTERMS + "title"),
        description=told.one(iri, DCTERMS + "description"),
        address=told.one(iri, DCAT + "downloadURL") or told.one(iri, DCAT + "accessURL"),
        media_type=told.one(iri, DCAT + "mediaType").removeprefix(IANA),
        coding=told.one(iri, DCAT + "compressFormat").removeprefix(IANA + "application/"),
        bytes=int(size) if size else None,
        modified=told.one(iri, DCTERMS + "modified"),
    )

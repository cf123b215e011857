"""What a dump says of itself: statistics and access by the Vocabulary of Interlinked Datasets (W3C Note, 2011)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from server.catalogue import rights
from server.export.dumps import DumpFile, Offer
from server.export.rdf import written
from server.export.statistics import CONCEPTS, RDF_TYPE, WIKIDATA, XSD, Statistics
from server.export.tables import local

VOID: Final = "http://rdfs.org/ns/void#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
DCT: Final = "http://purl.org/dc/terms/"
NAME: Final = "void.ttl"
TARGETS: Final = {
    CONCEPTS: ("concepts", {"sv": "Kommungrafs begrepp", "en": "The concepts of Kommungraf"}),
    WIKIDATA: ("wikidata", {"sv": "Wikidata", "en": "Wikidata"}),
}
"""What the data link to, by the beginning of its IRIs: a name for its own IRI, and its title."""
PREFIXES: Final = {"void": VOID, "dcterms": DCT, "foaf": FOAF, "xsd": XSD}


def dataset(base: str) -> str:
    """The IRI of the dataset that the description is of: that of everything, as in the catalogue."""
    return f"{base}/datasets/all"


def write_void(
    folder: Path,
    found: Statistics,
    base: str,
    offer: Offer,
    files: Iterable[DumpFile],
    made: str,
    service: bool = True,
) -> DumpFile:
    """Describe the default graph; `files` are those that are offered, `made` is when it was published, `service` is
    whether there is a SPARQL service too."""
    triples = list(_description(found, base, offer, files, made, service))
    with written(folder / NAME) as out:
        out.write(_turtle(triples))
    sv, en = (
        "Statistik: tripplar, klasser och egenskaper (VoID)",
        "Statistics: triples, classes and properties (VoID)",
    )
    described = {"sv": sv, "en": en}
    return DumpFile(NAME, "text/turtle", None, out.bytes, out.sha256, described, triples=len(set(triples)))


def as_published(about: Mapping[str, Any], base: str, offer: Offer, files: Iterable[DumpFile]) -> bytes:
    """The description, in Turtle, that can be made of what was counted at the publication
    (server.storage.snapshot.about): without the numbers of subjects and of links."""
    found = Statistics(about["triples"], classes=Counter(about["classes"]), properties=Counter(about["properties"]))
    return _turtle(_description(found, base, offer, files, str(about["published"]), service=True))


def _turtle(triples: Iterable[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""


def _description(
    found: Statistics, base: str, offer: Offer, files: Iterable[DumpFile], made: str, service: bool
) -> Iterator[ox.Triple]:
    """What can be said; of `found`, what was counted."""
    whole = dataset(base)

    def number(subject: str, name: str, value: int) -> ox.Triple:
        return _said(subject, VOID + name, ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer")))

    document = f"{base}/.well-known/void"
    yield _said(document, RDF_TYPE, ox.NamedNode(VOID + "DatasetDescription"))
    yield _said(document, FOAF + "primaryTopic", ox.NamedNode(whole))
    yield _said(whole, RDF_TYPE, ox.NamedNode(VOID + "Dataset"))
    for language, title in sorted(offer.title.items()):
        yield _said(whole, DCT + "title", ox.Literal(title, language=language))
    yield rights.terms(whole, base, offer.licence, offer.imported)
    yield from rights.statement(base, offer.web, offer.licence, offer.imported)
    yield _said(whole, DCT + "modified", ox.Literal(made, datatype=ox.NamedNode(XSD + "dateTime")))
    yield _said(whole, VOID + "uriSpace", ox.Literal(f"{base}/id/"))
    if service:
        yield _said(whole, VOID + "sparqlEndpoint", ox.NamedNode(f"{offer.web}/sparql"))
    for file in files:
        if file.encoding and file.triples is not None and file.municipality is None:
            yield _said(whole, VOID + "dataDump", ox.NamedNode(f"{offer.web}/dumps/{file.name}"))
    yield number(whole, "triples", found.triples)
    if found.distinct_subjects:
        yield number(whole, "entities", found.entities)
        yield number(whole, "distinctSubjects", found.distinct_subjects)
    yield number(whole, "classes", len(found.classes))
    yield number(whole, "properties", len(found.properties))
    classes, properties = _parts(base, found.classes, "class"), _parts(base, found.properties, "property")
    for part in classes:
        yield _said(whole, VOID + "classPartition", ox.NamedNode(part))
    for part in properties:
        yield _said(whole, VOID + "propertyPartition", ox.NamedNode(part))
    for part, iri in classes.items():
        yield _said(part, VOID + "class", ox.NamedNode(iri))
        yield number(part, "entities", found.classes[iri])
    for part, iri in properties.items():
        yield _said(part, VOID + "property", ox.NamedNode(iri))
        yield number(part, "triples", found.properties[iri])
        if iri in found.subjects:
            yield number(part, "distinctSubjects", found.subjects[iri])
    yield from _linked(found, base)
    for (space, iri), links in sorted(found.links.items()):
        yield number(_linkset(base, space, iri), "triples", links)


def _linked(found: Statistics, base: str) -> Iterator[ox.Triple]:
    """A void:Linkset for each property that leads to another dataset, and what that dataset is (VoID, section 5)."""
    for space in sorted({space for space, _ in found.links}):
        name, titles = TARGETS[space]
        target = f"{base}/.well-known/void#{name}"
        yield _said(target, RDF_TYPE, ox.NamedNode(VOID + "Dataset"))
        yield _said(target, VOID + "uriSpace", ox.Literal(space))
        for language, title in titles.items():
            yield _said(target, DCT + "title", ox.Literal(title, language=language))
        for iri in sorted(iri for where, iri in found.links if where == space):
            links = _linkset(base, space, iri)
            yield _said(links, RDF_TYPE, ox.NamedNode(VOID + "Linkset"))
            yield _said(links, VOID + "linkPredicate", ox.NamedNode(iri))
            yield _said(links, VOID + "subjectsTarget", ox.NamedNode(dataset(base)))
            yield _said(links, VOID + "objectsTarget", ox.NamedNode(target))
            yield _said(dataset(base), VOID + "subset", ox.NamedNode(links))


def _linkset(base: str, space: str, iri: str) -> str:
    """The IRI of the links by a property: it has the property's name, and a hash since two may have the same."""
    mark = hashlib.sha256(iri.encode()).hexdigest()[:8]
    return f"{base}/.well-known/void#{TARGETS[space][0]}-{local(iri)}-{mark}"


def _parts(base: str, counts: Mapping[str, int], kind: str) -> dict[str, str]:
    """The IRI of each part, which is named and no blank node, and that of what it is a part by."""
    found: dict[str, str] = {}
    for iri in sorted(counts):
        part = f"{base}/.well-known/void#{kind}-{local(iri)}"
        while part in found:
            part += "-"
        found[part] = iri
    return found


def _said(subject: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(name), value)

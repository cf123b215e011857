"""The catalogue as a graph: DCAT-AP-SE 3.0.1, or DCAT-AP 3.0.1 where its rules are others.

Things are named under the base, as everything published, and reached under the publisher's web address. No blank
nodes; no dcat:CatalogRecord (DIGG's rules for harvesting).
"""

from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from server.catalogue import access as catalogue_access
from server.catalogue import rights
from server.catalogue.access import Access, Profile, distribution, format_of
from server.catalogue.facts import DumpFile, Facts, Place
from server.catalogue.publisher import Contact, Publisher, Texts, title_of
from server.catalogue.publisher_keys import CC0
from server.catalogue.terms import (
    DCAT,
    DCTERMS,
    EU,
    FOAF,
    ORG,
    VCARD,
    VOCABULARY,
    XSD,
    Said,
    identifier,
    is_a,
    link,
    texts,
    value,
)

PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
DESCRIPTION: Final = {
    "sv": "Sammanträden, ärenden, beslut, motioner, reservationer och röstningar ur kommunala handlingar, med "
    "hänvisning till det ställe i handlingen där varje uppgift står.",
    "en": "Meetings, cases, decisions, motions, reservations and votes from municipal documents, each with a "
    "reference to the place in the document where it stands.",
}
KEYWORDS: Final = {
    "sv": ("beslut", "kommun", "motion", "nämnd", "protokoll", "röstning"),
    "en": ("committee", "decision", "minutes", "motion", "municipality", "vote"),
}
FEES: Final = "https://dataportal.se/concepts/orgAspects/feeFinanzing"
STANDARDS: Final = {
    VOCABULARY: {"sv": "Kommungrafs vokabulär", "en": "The Kommungraf vocabulary"},
    PROTOCOL: {"sv": "SPARQL 1.1-protokollet", "en": "SPARQL 1.1 Protocol"},
}


def catalogue(
    publisher: Publisher,
    base: str,
    facts: Facts,
    files: tuple[DumpFile, ...],
    feed: bool,
    profile: Profile = "dcat-ap-se",
) -> list[ox.Triple]:
    """Every statement of the catalogue, the same and in the same order for the same facts and files.

    `base` is that of the data's IRIs; `feed` is whether there is a change feed.
    """
    root, whole, service = f"{base}/datasets/catalogue", f"{base}/datasets/all", f"{base}/datasets/sparql"
    web = publisher.web
    access = catalogue_access.of_files(whole, web, (each for each in files if each.municipality is None))
    access += [catalogue_access.of_sparql(whole, web, service)]
    access += [catalogue_access.of_feed(whole, web)] if feed else []
    datasets = [whole]
    said = [
        *_dataset(whole, publisher, facts, facts, _titles(publisher, None)),
        *(link(whole, DCTERMS + "spatial", _spatial(publisher, place)) for place in facts.places),
        *(() if facts.places else (link(whole, DCTERMS + "spatial", EU + "country/SWE"),)),
        *_landing(whole, web + "/"),
        *_distributions(whole, access, publisher, facts, base, profile),
    ]
    for place in facts.places:
        iri = f"{base}/datasets/{place.code}"
        datasets.append(iri)
        said += _dataset(iri, publisher, facts, place, _titles(publisher, place))
        said += [link(iri, DCTERMS + "spatial", _spatial(publisher, place)), link(iri, DCTERMS + "isPartOf", whole)]
        said += _landing(iri, web + place.iri.removeprefix(base))
        own = catalogue_access.of_files(iri, web, (each for each in files if each.municipality == place.code))
        ways = [*own, catalogue_access.of_sparql(iri, web, service)]
        said += _distributions(iri, ways, publisher, facts, base, profile)
    told = [
        *_catalog(root, publisher, facts, datasets, service),
        *_agent(publisher),
        *_contact(_contact_iri(base), publisher.contact),
        *_service(service, publisher, _contact_iri(base), datasets, profile),
        rights.terms(service, base, publisher.licence, facts.imported),
        *rights.statement(base, web, publisher.licence, facts.imported),
        *(link(iri, DCAT + "contactPoint", _contact_iri(base)) for iri in datasets),
        *said,
        *(triple for iri, title in STANDARDS.items() for triple in _standard(iri, title)),
    ]
    subjects = {triple.subject: number for number, triple in reversed(list(enumerate(told)))}
    return sorted(dict.fromkeys(told), key=lambda triple: subjects[triple.subject])


def without_service(said: Iterable[ox.Triple]) -> list[ox.Triple]:
    """A catalogue as it is where files alone are offered: without the SPARQL service, the ways to the data that lead
    through it, and the standard that it conforms to."""
    told = list(said)
    gone: set[object] = {ox.NamedNode(PROTOCOL)}
    for triple in told:
        if triple.predicate.value == DCAT + "accessService" or triple.object == ox.NamedNode(DCAT + "DataService"):
            gone.add(triple.subject)
    return [triple for triple in told if triple.subject not in gone and triple.object not in gone]


def _contact_iri(base: str) -> str:
    return f"{base}/datasets/contact"


def _catalog(iri: str, publisher: Publisher, facts: Facts, datasets: list[str], service: str) -> Said:
    yield is_a(iri, DCAT + "Catalog")
    yield from texts(iri, DCTERMS + "title", publisher.title)
    yield from texts(iri, DCTERMS + "description", publisher.description)
    yield link(iri, DCTERMS + "publisher", publisher.iri)
    yield link(iri, DCTERMS + "license", CC0)  # the only one that DCAT-AP-SE allows for a catalogue
    yield from _times(iri, facts.issued, facts.modified)
    yield from _languages(iri)
    yield from _page(iri, FOAF + "homepage", publisher.web + "/")
    yield link(iri, DCTERMS + "spatial", EU + "country/SWE")
    yield link(iri, DCAT + "themeTaxonomy", EU + "data-theme")
    for each in datasets:
        yield link(iri, DCAT + "dataset", each)
    yield link(iri, DCAT + "service", service)


def _dataset(iri: str, publisher: Publisher, facts: Facts, own: Facts | Place, titles: tuple[Texts, Texts]) -> Said:
    """The statements on a dataset; `own`: the facts that are of it alone."""
    yield is_a(iri, DCAT + "Dataset")
    yield from texts(iri, DCTERMS + "title", titles[0])
    yield from texts(iri, DCTERMS + "description", titles[1])
    yield link(iri, DCTERMS + "publisher", publisher.iri)
    yield value(iri, DCTERMS + "identifier", identifier(iri))
    yield from _times(iri, facts.issued, own.modified)
    yield from _languages(iri)
    yield from _keywords(iri, publisher)
    yield link(iri, DCTERMS + "accrualPeriodicity", f"{EU}frequency/{publisher.frequency}")
    yield link(iri, DCTERMS + "accessRights", EU + "access-right/PUBLIC")
    yield link(iri, DCTERMS + "conformsTo", VOCABULARY)
    yield value(iri, DCAT + "version", own.version)
    if period := own.period:
        yield link(iri, DCTERMS + "temporal", iri + "/period")
        yield is_a(iri + "/period", DCTERMS + "PeriodOfTime")
        yield value(iri + "/period", DCAT + "startDate", period.first, XSD + "date")
        yield value(iri + "/period", DCAT + "endDate", period.last, XSD + "date")


def _service(iri: str, publisher: Publisher, contact: str, datasets: list[str], profile: Profile) -> Said:
    yield is_a(iri, DCAT + "DataService")
    yield from texts(iri, DCTERMS + "title", catalogue_access.SPARQL_TEXTS[0])
    yield from texts(iri, DCTERMS + "description", catalogue_access.SPARQL_TEXTS[1])
    yield link(iri, DCAT + "endpointURL", publisher.web + "/sparql")
    yield link(iri, DCAT + "endpointDescription", publisher.web + "/openapi.json")
    yield link(iri, DCTERMS + "publisher", publisher.iri)
    yield link(iri, DCAT + "contactPoint", contact)
    yield from _keywords(iri, publisher)
    yield link(iri, DCTERMS + "accessRights", EU + "access-right/PUBLIC")
    yield link(iri, DCTERMS + "conformsTo", PROTOCOL)
    yield from format_of(iri, catalogue_access.SPARQL, profile)
    for each in datasets:
        yield link(iri, DCAT + "servesDataset", each)


def _agent(publisher: Publisher) -> Said:
    iri = publisher.iri
    yield is_a(iri, FOAF + "Agent")
    yield from texts(iri, FOAF + "name", publisher.name)
    yield from texts(iri, DCTERMS + "description", publisher.about)
    yield link(iri, DCTERMS + "type", publisher.type)
    if publisher.identifier:
        yield value(iri, DCTERMS + "identifier", publisher.identifier)
    if publisher.homepage:
        yield from _page(iri, FOAF + "homepage", publisher.homepage)
    if publisher.fees:
        yield link(iri, ORG + "classification", FEES)


def _contact(iri: str, contact: Contact) -> Said:
    yield is_a(iri, VCARD + "Organization")
    yield from texts(iri, VCARD + "fn", contact.name)
    yield link(iri, VCARD + "hasEmail", "mailto:" + contact.email)
    if contact.url:
        yield link(iri, VCARD + "hasURL", contact.url)
    if contact.phone:
        phone = iri + "/telephone"
        yield link(iri, VCARD + "hasTelephone", phone)
        yield is_a(phone, VCARD + "Voice")
        yield link(phone, VCARD + "hasValue", "tel:" + contact.phone.replace(" ", ""))
    if address := contact.address:
        place = iri + "/address"
        yield link(iri, VCARD + "hasAddress", place)
        yield is_a(place, VCARD + "Address")
        yield value(place, VCARD + "street-address", address.street)
        yield value(place, VCARD + "postal-code", address.postal_code)
        yield value(place, VCARD + "locality", address.city)
        yield value(place, VCARD + "country-name", address.country)


def _distributions(
    dataset: str, access: list[Access], publisher: Publisher, facts: Facts, base: str, profile: Profile
) -> Said:
    """The ways to a dataset. The files of a municipality hold nothing that was imported; all others do."""
    for each in access:
        others = () if each.file and each.file.municipality else facts.imported
        yield link(dataset, DCAT + "distribution", each.iri)
        yield from distribution(each, profile)
        yield rights.terms(each.iri, base, publisher.licence, others)


def _titles(publisher: Publisher, place: Place | None) -> tuple[Texts, Texts]:
    title, description = title_of(publisher), publisher.dataset_description or DESCRIPTION
    return (_of_place(title, place), _of_place(description, place)) if place else (title, description)


def _of_place(said: Texts, place: Place) -> Mapping[str, str]:
    names = {language: place.names.get(language, place.code) for language in said}
    return {language: f"{text.rstrip('.')}: {names[language]}" for language, text in said.items()}


def _spatial(publisher: Publisher, place: Place) -> str:
    return publisher.spatial.get(place.code, place.iri)


def _times(iri: str, issued: str, modified: str) -> Said:
    yield value(iri, DCTERMS + "issued", issued, XSD + "dateTime")
    yield value(iri, DCTERMS + "modified", modified, XSD + "dateTime")


def _languages(iri: str) -> Said:
    for code in ("SWE", "ENG"):
        yield link(iri, DCTERMS + "language", f"{EU}language/{code}")


def _keywords(iri: str, publisher: Publisher) -> Said:
    for language, words in (publisher.keywords or KEYWORDS).items():
        for word in words:
            yield from texts(iri, DCAT + "keyword", {language: word})
    for theme in publisher.themes:
        yield link(iri, DCAT + "theme", f"{EU}data-theme/{theme}")


def _landing(iri: str, address: str) -> Said:
    return _page(iri, DCAT + "landingPage", address)


def _page(iri: str, predicate: str, address: str) -> Said:
    yield link(iri, predicate, address)
    yield is_a(address, FOAF + "Document")


def _standard(iri: str, title: Texts) -> Said:
    yield is_a(iri, DCTERMS + "Standard")
    yield from texts(iri, DCTERMS + "title", title)

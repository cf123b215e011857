"""Under which licences what is published stands, where data of others were imported: ours holds for our own alone.

What holds data of others has no dcterms:license then, of which DCAT-AP allows one, but a dcterms:RightsStatement that
tells, part by part, which licence holds. DCAT-AP-SE has such statements of the Open Data Rights Statement vocabulary.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from server.asking import Rows
from server.catalogue.publisher import Texts
from server.catalogue.publisher_keys import licence_name
from server.catalogue.terms import DCTERMS, VOCABULARY, Said, is_a, link, texts

ACCEPTED: Final = f"{VOCABULARY.removesuffix('ns')}concept/processing-status/accepted"
ODRS: Final = "http://schema.theodi.org/odrs#"
MOST: Final = 1000  # imported datasets
OWN: Final = {"sv": "Våra egna uppgifter", "en": "Our own data"}
UNKNOWN: Final = {
    "sv": "licensen är inte känd; fråga den som gav ut dem",
    "en": "the licence is not known; ask their publisher",
}
OF: Final = {"sv": "Uppgifter som importerats ur {0}", "en": "Data imported from {0}"}

Ask = Callable[[str, int], Rows]
"""Something that answers a query with at most so many rows, as server.blocking.Blocking.rows."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What others published and was imported: the IRI of its dataset, how it is called, its web address or "", and
    its licence or ""."""

    iri: str
    name: str
    source: str
    licence: str


def imported(ask: Ask, base: str) -> tuple[Imported, ...]:
    """The datasets that were imported, by name. Raises QueryFailed."""
    found = ask(
        f"SELECT DISTINCT ?d ?name ?source ?licence WHERE {{ ?d a <{VOCABULARY}#ImportedDataset> ; "
        f"<{VOCABULARY}#fileName> ?name "
        f"OPTIONAL {{ ?d <{DCTERMS}source> ?source }} OPTIONAL {{ ?d <{DCTERMS}license> ?licence }} "
        f"FILTER EXISTS {{ ?d <{VOCABULARY}#processingStatus> <{ACCEPTED}> }} "
        f'FILTER(STRSTARTS(STR(?d), "{base}/id/")) }} ORDER BY ?name ?d',
        MOST,
    )
    return tuple(Imported(*(each.value if each else "" for each in row)) for row in found.rows)


def statement_iri(base: str) -> str:
    """The IRI of the statement."""
    return f"{base}/datasets/rights"


def told(licence: str, others: tuple[Imported, ...]) -> Texts:
    """The statement for people, in "sv" and "en"."""
    return {
        language: "; ".join(text[language] for _, text, _, _ in _parts(licence, others)) + "."
        for language in ("sv", "en")
    }


def terms(of: str, base: str, licence: str, others: tuple[Imported, ...]) -> ox.Triple:
    """What is said of something that holds all that is published: our licence, or the statement."""
    return link(of, DCTERMS + "rights", statement_iri(base)) if others else link(of, DCTERMS + "license", licence)


def statement(base: str, web: str, licence: str, others: tuple[Imported, ...]) -> Said:
    """The statement, and one for each part of what is published; nothing where nothing was imported. Who holds the
    rights to what others published, and how they want to be named, is not known, and not said."""
    if not others:
        return
    whole = statement_iri(base)
    yield is_a(whole, DCTERMS + "RightsStatement")
    yield is_a(whole, ODRS + "RightsStatement")
    for name in ("copyrightStatement", "reuserGuidelines"):
        yield link(whole, ODRS + name, f"{web}/data")
    yield from texts(whole, DCTERMS + "description", told(licence, others))
    for name, text, part_licence, source in _parts(licence, others):
        part = f"{whole}/{name}"
        yield link(whole, DCTERMS + "hasPart", part)
        yield is_a(part, DCTERMS + "RightsStatement")
        yield from texts(part, DCTERMS + "description", text)
        if part_licence:
            yield link(part, DCTERMS + "license", part_licence)
        if source:
            yield link(part, DCTERMS + "source", source)


def _parts(licence: str, others: tuple[Imported, ...]) -> list[tuple[str, Texts, str, str]]:
    """Of each part a name for its IRI, what is told of it, its licence, and the IRI of the dataset it is from."""
    own = {language: f"{text}: {licence_name(licence)}, {licence}" for language, text in OWN.items()}
    parts: list[tuple[str, Texts, str, str]] = [("own", own, licence, "")]
    for each in others:
        called = each.name if each.source in {"", each.name} else f"{each.name} ({each.source})"
        text = {code: f"{of.format(called)}: {each.licence or UNKNOWN[code]}" for code, of in OF.items()}
        parts.append((each.iri.rpartition("/")[2], text, each.licence, each.iri))
    return parts

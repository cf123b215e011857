"""Cases, registry numbers, listed and cited documents."""

import re

from mapping.records import ListedDocument, Quote, RegistryRef
from mapping.registry_numbers import parse, split_document_id
from mapping.text import Span
from mapping.triples_page import Page
from ontology import KG, concept, std

_DOCUMENT_TYPES = (
    ("minutes-extract", "MinutesExtract", re.compile(r"protokollsutdrag|utdrag ur protokoll")),
    ("official-report", "OfficialReport", re.compile(r"tjänsteutlåtande|tjänsteskrivelse|tjänsteutl\b")),
    ("annual-report", "AnnualReport", re.compile(r"verksamhetsberättelse|årsredovisning|årsberättelse")),
    ("motion", "MotionDocument", re.compile(r"motion")),
    ("minutes", "Minutes", re.compile(r"protokoll")),
    ("agenda", "Agenda", re.compile(r"dagordning|föredragningslista|kallelse")),
    ("appendix", "Appendix", re.compile(r"bilag[ao]r?")),
    ("decision", "Document", re.compile(r"(?:ordförande|delegations|regerings)?beslut\b")),
    ("letter", "Document", re.compile(r"skrivelse|brev\b")),
    ("statement", "Document", re.compile(r"yttrande|remissvar|svar på remiss")),
    ("referral", "Document", re.compile(r"remiss")),
    ("report", "Document", re.compile(r"\w*(?:rapport|utredning)\b|redovisning|uppföljning|betänkande")),
    ("plan", "Document", re.compile(r"\w*plan\b|policy|riktlinje|(?:tillämpnings)?anvisning")),
    ("interpellation", "Document", re.compile(r"interpellation|enkel fråga")),
    ("application", "Document", re.compile(r"ansökan")),
    ("other", "Document", re.compile(r"presentation\b|bildspel|karta\b")),
)


def registry_number(page: Page, notation: str, verbatim: str, span: Span, classification: str | None = None) -> str:
    """A registry number as a node, taken apart; `classification`: the code that stands free behind it."""
    iri = page.node(page.name.registry_number(notation), KG.RegistryNumber, span)
    page.plain(iri, KG.notationVerbatim, " ".join(verbatim.split()))
    if page.graph.first(iri, "number"):
        page.plain(iri, std("skos:notation"), notation)
        number = parse(notation)
        if number is not None:
            page.plain(iri, KG.registryAuthority, number.authority)
            page.graph.year(iri, KG.registryYear, number.year)
            page.graph.integer(iri, KG.registrySequence, number.sequence)
            classification = number.classification or classification
    page.single(iri, KG.classificationCode, classification)
    return iri


def case(page: Page, notation: str, verbatim: str, span: Span, classification: str | None = None) -> str:
    """The case that a registry number identifies."""
    iri = page.node(page.name.case(notation), KG.Case, span)
    page.single(iri, std("dcterms:identifier"), notation)
    number = registry_number(page, notation, verbatim, span, classification)
    page.graph.link(iri, KG.hasRegistryNumber, number)
    return iri


def cases(page: Page, subject: str, refs: tuple[RegistryRef, ...]) -> None:
    """The cases of an item: its own, and those it is related to; its own answers that of the referring body."""
    own, referring = [], []
    for ref in refs:
        iri = case(page, ref.normalised, ref.verbatim, ref.span, ref.classification)
        page.graph.link(subject, KG.concernsCase if ref.role == "own" else KG.relatedCase, iri)
        if ref.role == "own":
            own.append(iri)
        elif ref.role == "referrer":
            referring.append(iri)
    for iri in own:
        for other in referring:
            if iri != other:
                page.graph.link(iri, KG.respondsTo, other)


def listed_documents(page: Page, subject: str, listed: tuple[ListedDocument, ...]) -> None:
    """The documents listed under an item; with an identifier they are the same wherever they are listed."""
    for position, document in enumerate(listed, 1):
        split = split_document_id(document.identifier) if document.identifier else None
        iri = (
            page.name.listed_document(document.identifier)
            if document.identifier
            else f"{subject}/document/{position}"
        )
        page.graph.link(subject, KG.basedOnDocument, iri)
        notation, own = _type(document)
        page.evidence(iri, document.span)
        if not page.graph.first(iri, "listed"):
            continue
        page.node(iri, KG[own], document.span)
        page.prose(iri, std("dcterms:title"), document.title)
        page.plain(iri, std("dcterms:identifier"), document.identifier)
        if notation:
            page.graph.link(iri, std("dcterms:type"), concept("document-type", notation))
        if split:
            page.graph.link(iri, KG.partOfCase, case(page, split[0], document.identifier or split[0], document.span))


def _type(document: ListedDocument) -> tuple[str | None, str]:
    """(notation, class) told by the printed type, else by the first words of the title."""
    for words in (document.type or "", document.title[:40] if document.type is None else ""):
        for notation, own, pattern in _DOCUMENT_TYPES:
            if pattern.match(words.lower()):
                return notation, own
    return None, "Document"


def references(page: Page, subject: str, quotes: tuple[Quote, ...]) -> None:
    """Bills, official reports and statutes that a text cites."""
    for quote in quotes:
        iri = page.node(page.name.cited_document(quote.text), KG.Document, quote.span)
        page.single(iri, std("dcterms:identifier"), quote.text)
        page.graph.link(subject, std("dcterms:references"), iri)

"""A record becomes a graph: every fact with the place where it stands, as sorted N-Quads lines."""

from mapping.iris import Namer, municipality_key, slug
from mapping.mentions import administration_of, parts, posts
from mapping.nquads import Graph
from mapping.parties import meant
from mapping.personal_numbers import mask
from mapping.program import version
from mapping.records import DocumentRecord
from mapping.resolution import Resolution
from mapping.text import Span, Text
from mapping.triples_cases import case, registry_number
from mapping.triples_items import agenda_items, of_document, treatments
from mapping.triples_meeting import meeting
from mapping.triples_page import Page
from mapping.triples_reports import annual_report
from ontology import KG, concept, std

_CLASSES = {
    "minutes": "Minutes",
    "minutes-extract": "MinutesExtract",
    "agenda": "Agenda",
    "official-report": "OfficialReport",
    "motion": "MotionDocument",
    "interpellation": "Document",
    "annual-report": "AnnualReport",
}


def document_quads(
    record: DocumentRecord,
    text: Text,
    sha256: str,
    base: str,
    resolution: Resolution,
    *,
    program_version: str | None = None,
) -> str:
    """Everything that a document says, as sorted N-Quads lines of the named graph <base>/id/graph/{sha16}.

    `base`: without a slash at its end; `resolution`: must come from mentions that include those of this record;
    `program_version`: of the run, the installed one if not given. Equal arguments give equal bytes.
    """
    page = _page(record, text, sha256, base, resolution, program_version or version())
    _source(page, sha256, program_version or version())
    if record.body:
        page.body(record.body, record.body_span)
    _authority(page)
    met = meeting(page)
    if record.kind in ("minutes", "minutes-extract"):
        treatments(page, met or page.name.meeting)
    elif record.kind == "agenda":
        agenda_items(page, met)
    else:
        of_document(page)
    if record.annual_report:
        annual_report(page, record.annual_report)
    about = met or (page.name.body_of(record.body) if record.body and record.kind == "annual-report" else None)
    if about:
        page.graph.link(page.name.document, KG.documents, about)
    _people(page)
    return page.graph.lines()


def _page(record: DocumentRecord, text: Text, sha256: str, base: str, resolution: Resolution, program: str) -> Page:
    sha16 = sha256[:16]
    date = record.meeting.date if record.meeting and record.meeting.date else record.date
    name = Namer(
        base, municipality_key(record.municipality) or sha16, slug(record.body) if record.body else None, date, sha16
    )
    known = (record.date_span, record.body_span, record.municipality_span, record.title and record.title.span)
    fallback = next((span for span in known if span), None) or (record.items[0].span if record.items else None)
    if fallback is None:
        fallback = Span(0, max(1, len(text.canonical.partition("\n")[0])))
    return Page(
        Graph(name.graph), name, record, text, mask(text.canonical), name.run(program), resolution, (fallback,)
    )


def _source(page: Page, sha256: str, program: str) -> None:
    """The source document, its text and the run that read it."""
    record, graph, document = page.record, page.graph, page.name.document
    page.node(document, KG[_CLASSES[record.kind]], record.title.span if record.title else None)
    graph.link(document, std("dcterms:type"), concept("document-type", record.kind))
    page.prose(document, std("dcterms:title"), record.title)
    graph.link(document, KG.canonicalText, page.name.text)
    graph.plain(document, KG.sha256, sha256)
    if page.text.page_count:
        graph.integer(document, KG.pageCount, page.text.page_count)
    if record.kind in ("motion", "interpellation", "official-report") and record.date:
        graph.date(document, std("dcterms:issued"), record.date)
        page.evidence(document, record.date_span)
    for ref in record.own_registry_numbers:
        printed = (ref.normalised, ref.verbatim, ref.span, ref.classification)
        graph.link(document, KG.hasRegistryNumber, registry_number(page, *printed))
        graph.link(document, KG.partOfCase, case(page, *printed))
    graph.typed(page.run, KG.MappingRun)
    graph.plain(page.run, KG.programVersion, program)
    graph.link(page.run, std("prov:used"), document)


def _authority(page: Page) -> None:
    """The local authority where it is none of the 290 municipalities, which the authority data describe."""
    printed = page.record.municipality
    if printed and not page.name.municipality.isdigit():
        iri = page.name.authority()
        page.graph.typed(iri, KG.LocalAuthority)
        if printed.startswith("Region "):
            page.graph.typed(iri, KG.Region)
        elif "förbund" in printed.lower():
            page.graph.typed(iri, KG.JointAuthority)
        if page.record.municipality_span:  # absent where the caller named the municipality
            page.node(iri, KG.LocalAuthority, page.record.municipality_span)
        page.prose(iri, std("rdfs:label"), printed)


def _people(page: Page) -> None:
    """Everybody named, with the posts that this document shows."""
    serving = administration_of(page.record)
    for part in parts(page.record):
        page.person(part.actor)
        party = meant(part.actor.party, page.name.municipality)
        page.party(part.actor)
        for kind, organization, role in posts(party.code if party else None, page.name.body, serving, part.role):
            page.membership(part.actor, kind, organization, role)

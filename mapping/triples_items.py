"""Agenda items and the paragraphs of the minutes, with their matters."""

from mapping.iris import number_slug, paragraph
from mapping.records import Item, Matter
from mapping.text import Span
from mapping.triples_acts import decision, proposals, reservations, statements, votes, withdrawals
from mapping.triples_cases import case, cases, listed_documents, references
from mapping.triples_page import Page
from ontology import KG, concept, std

_MATTERS = {
    "motion": "Motion",
    "member-letter": "MemberLetter",
    "interpellation": "Interpellation",
    "simple-question": "SimpleQuestion",
    "citizen-proposal": "CitizenProposal",
    "referral": "Referral",
    "report": "Report",
}


def treatments(page: Page, meeting: str) -> None:
    """The items of minutes or of an extract."""
    seen: dict[str, int] = {}
    for item in page.record.items:
        segment = number_slug(item.number or "").lower() or f"item-{item.position}"
        seen[segment] = seen.get(segment, 0) + 1
        if seen[segment] > 1:  # a number printed twice: two paragraphs, which the shapes report
            segment = f"{segment}.{seen[segment]}"
        iri = page.node(page.name.treatment(segment), KG.ItemTreatment, *(_head(item) or (item.span,)))
        page.graph.link(iri, KG.treatedAt, meeting)
        number, suffix = paragraph(item.number) if item.number else (None, None)
        if number is not None:
            page.graph.integer(iri, KG.paragraphNumber, number)
        page.plain(iri, KG.paragraphSuffix, suffix)
        page.prose(iri, KG.subtitle, item.subtitle)
        _described(page, iri, item)
        moved = proposals(page, iri, item.proposals)
        decided = decision(page, iri, item, moved)
        votes(page, iri, item.votes, moved)
        reserved = reservations(page, iri, item, decided, moved)
        statements(page, iri, item, reserved, moved)
        withdrawals(page, iri, item)
        page.prose(iri, KG.procedure, item.procedure)
        if item.immediately_adjusted:
            page.graph.boolean(iri, KG.immediatelyAdjusted, True)
            page.evidence(iri, item.immediately_adjusted)
        if item.report_date:
            page.graph.date(iri, KG.administrationReportDate, item.report_date)
            page.evidence(iri, item.report_date_span or item.span)


def _head(item: Item) -> tuple[Span, ...]:
    """Where the number and the title of an item stand."""
    return tuple(span for span in (item.number_span, item.title.span if item.title else None) if span)


def agenda_items(page: Page, meeting: str | None) -> None:
    for item in page.record.items:
        iri = page.node(
            page.name.agenda_item(item.position), KG.AgendaItem, item.title.span if item.title else item.span
        )
        if meeting:
            page.graph.link(iri, KG.onAgendaOf, meeting)
        page.graph.integer(iri, KG.position, item.position)
        page.plain(iri, KG.itemNumber, item.number)
        _described(page, iri, item)
        proposals(page, iri, item.proposals)


def of_document(page: Page) -> None:
    """What a motion or an official report is about: said of the document itself, which is no agenda item."""
    document = page.name.document
    for item in page.record.items:
        for ref in item.registry_numbers:
            iri = case(page, ref.normalised, ref.verbatim, ref.span, ref.classification)
            page.graph.link(document, KG.partOfCase if ref.role == "own" else KG.relatedCase, iri)
        matters(page, document, item)
        page.prose(document, KG.summary, item.summary)
        proposals(page, document, item.proposals)
        listed_documents(page, document, item.documents)
        references(page, document, item.references)


def _described(page: Page, iri: str, item: Item) -> None:
    page.prose(iri, std("dcterms:title"), item.title)
    page.graph.link(iri, KG.itemType, concept("item-type", item.item_type))
    cases(page, iri, item.registry_numbers)
    matters(page, iri, item)
    page.prose(iri, KG.summary, item.summary)
    if item.summary:
        page.evidence(iri, item.summary.span)
    listed_documents(page, iri, item.documents)
    references(page, iri, item.references)


def matters(page: Page, subject: str, item: Item) -> None:
    """What an item is about. The only one of its kind in a case is known by the case, wherever it is told of."""
    kinds = [matter.kind for matter in item.matters]
    for position, matter in enumerate(item.matters, 1):
        notation = _case_of(item, matter) if kinds.count(matter.kind) == 1 else None
        iri = page.name.matter(notation, matter.kind) if notation else f"{subject}/matter/{position}"
        page.node(iri, KG[_MATTERS[matter.kind]], matter.span)
        page.graph.link(subject, KG.concernsMatter, iri)
        page.prose(iri, std("dcterms:title"), matter.title)
        page.signed(iri, KG.submittedBy, matter.authors)
        if notation and page.graph.first(iri, KG.partOfCase):
            page.graph.link(iri, KG.partOfCase, page.name.case(notation))
        referrer = page.named_body(matter.referred_by)
        if referrer and page.graph.first(iri, KG.referredBy):
            page.graph.link(iri, KG.referredBy, referrer)
        for number, question in enumerate(matter.questions, 1):
            asked = page.node(f"{iri}/question/{number}", KG.Question, question.span)
            page.graph.link(iri, KG.question, asked)
            if page.graph.first(asked, "asked"):
                page.graph.integer(asked, KG.position, number)
                page.prose(asked, KG.text, question)


def _case_of(item: Item, matter: Matter) -> str | None:
    """The registry number under which a matter is kept: the referring body's where it came on referral."""
    if matter.kind in ("motion", "referral", "citizen-proposal", "interpellation"):
        wanted: tuple[str, ...] = ("referrer", "own")
    else:
        wanted = ("own",)
    found = [ref.normalised for role in wanted for ref in item.registry_numbers if ref.role == role]
    return found[0] if found else None

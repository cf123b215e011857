"""Meetings: when, where, who was there, who adjusted the minutes."""

from mapping.iris import paragraph
from mapping.records import Attendance, Meeting
from mapping.triples_page import Page
from ontology import KG, concept

_HELD = ("minutes", "minutes-extract")


def meeting(page: Page) -> str | None:
    """The meeting that a document tells of; None where it tells of none, or an agenda does not say when."""
    record = page.record
    if record.kind not in (*_HELD, "agenda") or (record.kind == "agenda" and page.name.date is None):
        return None
    told = record.meeting
    span = (told.date_span if told else None) or record.date_span
    iri = page.node(page.name.meeting, KG.Meeting, span)
    if record.body:
        page.graph.link(iri, KG.heldBy, page.name.body_of(record.body))
    if page.name.date:
        page.graph.date(iri, KG.date, page.name.date)
        if span:
            page.plain(iri, KG.dateVerbatim, page.verbatim(span))
    if told:
        _told(page, iri, told)
    if page.name.date:
        _presenters(page, iri)
    return iri


def _told(page: Page, iri: str, told: Meeting) -> None:
    page.plain(iri, KG.minutesNumber, told.minutes_number)
    page.prose(iri, KG.location, told.location)
    for predicate, actors in (
        (KG.chair, (told.chair,)),
        (KG.secretary, (told.secretary,)),
        (KG.adjustedBy, told.adjusters),
    ):
        for actor in actors:
            if actor and actor.name:
                page.graph.link(iri, predicate, page.person(actor))
    if told.adjusted_on:
        page.graph.date(iri, KG.adjustedOn, told.adjusted_on)
        if told.adjustment_announced:
            page.graph.boolean(iri, KG.adjustmentAnnounced, True)
        page.evidence(iri, told.adjusted_on_span)
    for attendance in told.attendance:
        if attendance.actor.name:
            _attended(page, iri, attendance)


def _attended(page: Page, meeting_iri: str, attendance: Attendance) -> None:
    actor = attendance.actor
    iri = page.node(page.name.attendance(page.person_slug(actor)), KG.Attendance, actor.span)
    page.graph.link(meeting_iri, KG.hasAttendance, iri)
    for number in attendance.paragraphs or ():
        page.graph.integer(iri, KG.presentForParagraph, number)
    if not page.graph.first(iri, "attended"):
        return
    page.graph.link(iri, KG.attendee, page.person(actor))
    page.graph.link(iri, KG.attendanceRole, concept("role", attendance.role))
    page.as_printed(iri, actor, page.party(actor))
    if attendance.note:
        page.prose(iri, KG.text, attendance.note)
    other = attendance.substitutes_for
    if other and other.name and page.person_slug(other) != page.person_slug(actor):
        page.graph.link(iri, KG.substitutesFor, page.person(other))


def _presenters(page: Page, meeting_iri: str) -> None:
    """Officials who presented an item were there for it; the roll of the meeting goes before."""
    told = page.record.meeting
    listed = {page.person_slug(seat.actor) for seat in told.attendance if seat.actor.name} if told else set()
    for item in page.record.items:
        number = paragraph(item.number)[0] if item.number else None
        for actor in item.presenters:
            if actor.name and page.person_slug(actor) not in listed:
                _attended(page, meeting_iri, Attendance(actor, "presenter", None, (number,) if number else None))

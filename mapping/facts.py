"""What a document was found to say, counted: facts by kind, those inferred rather than stated, and what is missing.

This is what a ledger keeps of a reading, as plain values, for reports and sums over many documents.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from mapping.personal_numbers import masked
from mapping.records import (
    Actor,
    AnnualReport,
    Decision,
    DocumentRecord,
    Item,
    Meeting,
    Point,
    Proposal,
    Quote,
    RegistryRef,
    Statement,
    Unread,
    Withdrawal,
)
from mapping.signature import layout_of
from mapping.text import Span, Text

# Records that are facts, and what the facts are called; of others (quotes, actors) they are only parts.
_PLURALS = {
    "Meeting": "meetings",
    "Attendance": "attendances",
    "Item": "items",
    "Decision": "decisions",
    "Proposal": "proposals",
    "Vote": "votes",
    "Ballot": "ballots",
    "Reservation": "reservations",
    "Matter": "matters",
    "ListedDocument": "listed documents",
    "RegistryRef": "registry numbers",
    "Goal": "goals",
    "GoalActivity": "activities",
    "Indicator": "indicators",
}
_BY_KIND = {
    "special_statement": "special statements",
    "substitute_statement": "substitute statements",
    "protocol_note": "notes to the minutes",
    "conflict_of_interest": "recusals",
    "abstention": "non-participations",
}
QUOTE = 160


def account(record: DocumentRecord, text: Text) -> dict[str, Any]:
    """What a ledger keeps of a reading, ready for JSON: what the document is, its layout, its facts by kind, how many
    are inferred, the gaps in the series of §, the items without a registry number, and where personal numbers were
    masked. Places are pages and lines, both from 1 (a page is None where the format has none)."""
    counted: Counter[str] = Counter()
    inferred: Counter[str] = Counter()
    for kind, value in _facts(record):
        counted[kind] += 1
        inferred[kind] += _is_inferred(value)
    counted["persons"] = len(record.persons)
    inferred += Counter(dict.fromkeys(_inferred_of_document(record), 1))
    place = Places(text)
    return {
        "kind": record.kind,
        "municipality": record.municipality,
        "body": record.body,
        "date": record.date.isoformat() if record.date else None,
        "pages": text.page_count,
        "layout": layout_of(record, text),
        "facts": {kind: number for kind, number in sorted(counted.items()) if number},
        "inferred": {kind: number for kind, number in sorted(inferred.items()) if number},
        "gaps": [
            {"first": gap.first, "last": gap.last, "after": gap.after, "before": gap.before}
            | place.of(gap.span)
            | {"candidates": [place.of(candidate) for candidate in gap.candidates]}
            for gap in record.account.gaps
        ],
        "withoutRegistryNumber": [
            {"number": item.number, "title": item.title.text if item.title else None} | place.of(item.span)
            for item in without_registry_number(record)
        ],
        "personalNumbers": [place.of(Span(start, end)) for start, end in masked(text.canonical)],
    }


def without_registry_number(record: DocumentRecord) -> tuple[Item, ...]:
    """The items that have no registry number; formalities (the opening, who adjusts the minutes) never have one."""
    if len(record.items) == 1 and record.own_registry_numbers:
        return ()  # a motion or an official report: the document's number is the item's
    return tuple(i for i in record.items if not i.registry_numbers and i.item_type != "formality")


def _facts(value: Any, within: str = "") -> Iterator[tuple[str, Any]]:
    """Every fact in a record, with its kind."""
    if isinstance(value, tuple | list):
        for part in value:
            yield from _facts(part, within)
        return
    if not is_dataclass(value) or isinstance(value, type | Span | Quote | Unread):
        return
    if isinstance(value, Point):
        yield f"{within} points".strip(), value
    elif isinstance(value, Statement | Withdrawal):
        yield _BY_KIND.get(value.kind, value.kind), value
    elif (name := _PLURALS.get(type(value).__name__)) is not None:
        yield name, value
    elif isinstance(value, Actor):
        return
    inside = {Decision: "decision", Proposal: "proposal"}.get(type(value), within)
    for each in fields(value):
        if isinstance(value, DocumentRecord) and each.name in ("account", "persons"):
            continue
        part = getattr(value, each.name)
        if each.name == "questions":
            yield from (("questions", question) for question in part)
        yield from _facts(part, inside)


def _is_inferred(value: Any) -> bool:
    """Whether a fact says something that the text does not say in so many words."""
    if getattr(value, "confidence", "stated") == "inferred":
        return True
    if isinstance(value, Decision):
        return value.outcome_verbatim is None and value.outcome != "other"
    if isinstance(value, Meeting | RegistryRef | AnnualReport | Item):
        return False
    return any(_party_from_elsewhere(actor) for actor in _own_actors(value))


def _own_actors(value: Any) -> Iterator[Actor]:
    for each in fields(value) if is_dataclass(value) else ():
        part = getattr(value, each.name)
        for actor in part if isinstance(part, tuple) else (part,):
            if isinstance(actor, Actor):
                yield actor


def _party_from_elsewhere(actor: Actor) -> bool:
    return actor.name is not None and actor.party is not None and actor.party_verbatim is None


def _inferred_of_document(record: DocumentRecord) -> Iterator[str]:
    """What is known of the document itself though it is not printed in it: it was given by who submitted it."""
    if record.municipality is not None and record.municipality_span is None:
        yield "municipality"
    if record.body is not None and record.body_span is None:
        yield "body"
    if record.date is not None and record.date_span is None:
        yield "date"


class Places:
    """Places in a text, for a person: page, line and quote."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._breaks = [found.start() for found in re.finditer("\n", text.canonical)]

    def line(self, offset: int) -> int:
        """The line (1 = first) on which an offset stands."""
        return bisect_left(self._breaks, offset) + 1

    def of(self, span: Span) -> dict[str, Any]:
        """`page`, `line` and `quote` (one line, at most QUOTE characters) of a stretch."""
        canonical = self._text.canonical
        quote = re.sub(r"\s+", " ", canonical[span.start : min(span.end, span.start + QUOTE)]).strip()
        return {"page": self._text.page_of(span.start), "line": self.line(span.start), "quote": quote}

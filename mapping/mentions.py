"""Who is named in a document, and as what: the raw material of identity."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mapping.iris import administration_slug, municipality_key, slug
from mapping.names import normalise
from mapping.parties import meant
from mapping.records import Actor, DocumentRecord, Item
from mapping.text import Span


@dataclass(frozen=True, slots=True)
class Part:
    """An actor in one place: `role` a notation of the role scheme or None; `roster` names the list in which
    nobody stands twice (an attendance list, the signatories of a proposal), None outside of lists."""

    actor: Actor
    role: str | None
    roster: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """All that one document says under one name and party.

    `name` is the spelling, normalised; `party` its code today ("FP" is "L"), None where none is stated;
    `municipality` the key of IRIs, `body` the slug, `administration`
    that of the one administration that the document names; `rosters` the lists of the document in which it stands;
    `corrected_date` the day by decision, where that is not `date`: identity goes by what was printed.
    """

    name: str
    party: str | None
    municipality: str
    body: str | None
    administration: str | None
    date: datetime.date | None
    roles: tuple[str, ...]
    is_official: bool
    document: str
    spans: tuple[Span, ...]
    rosters: frozenset[str] = frozenset()
    corrected_date: datetime.date | None = None


_TITLES = (
    ("first-vice-chair", re.compile(r"(?:1:e|1:a|första|förste)\s+vice\s+ordförande")),
    ("vice-chair", re.compile(r"vice\s+ordförande|viceordförande")),
    ("chair", re.compile(r"(?<!gruppens )\bordförande")),
    ("serving-substitute", re.compile(r"tj(?:änst)?g\w*\.?\s*ers|tjänstgörande\s+ersättar")),
    ("substitute", re.compile(r"\b(?:ersättar|suppleant)")),
    ("member", re.compile(r"\bled(?:amot|amöter)")),
    ("insight", re.compile(r"insyn")),
    ("secretary", re.compile(r"(?:nämnd|möte|kommun|proto?koll)?sekreterare")),
)


def title_role(title: str | None) -> str | None:
    """The role of a body that a printed title means ("2:e vice ordförande": "vice-chair"), None for any other."""
    low = (title or "").lower()
    return next((role for role, pattern in _TITLES if pattern.search(low)), None)


def parts(record: DocumentRecord) -> Iterator[Part]:
    """Everybody named, place by place, in the order of the records; whole groups and administrations left out."""
    found = [part for part in _all_parts(record) if part.actor.name and not part.actor.is_administration]
    known = {part.actor.name for part in found if part.role}
    for part in found:
        role = part.role
        if role is None and part.actor.is_official:
            role = "official" if part.actor.name not in known else None
        elif role is None:
            role = title_role(part.actor.title)
        yield Part(part.actor, role, part.roster)


def _all_parts(record: DocumentRecord) -> Iterator[Part]:
    meeting = record.meeting
    if meeting is not None:
        for attendance in meeting.attendance:
            yield Part(attendance.actor, attendance.role, "attendance")
            if attendance.substitutes_for:
                yield Part(attendance.substitutes_for, None, None)
        if meeting.chair:
            yield Part(meeting.chair, "chair", None)
        if meeting.secretary:
            yield Part(meeting.secretary, "secretary", None)
        for adjuster in meeting.adjusters:
            yield Part(adjuster, "adjuster", "adjusters")
    for number, item in enumerate(record.items):
        yield from _item_parts(item, f"{number}")
    for actor in record.persons:
        yield Part(actor, None, None)


def _item_parts(item: Item, where: str) -> Iterator[Part]:
    acts: dict[str, list[tuple[Actor, ...]]] = {
        "proposal": [act.by for act in item.proposals],
        "reservation": [act.by for act in item.reservations],
        "statement": [act.by for act in item.statements],
        "withdrawal": [act.by for act in item.withdrawals],
    }
    for kind, each in acts.items():
        for i, by in enumerate(each):
            for actor in by:
                yield Part(actor, None, f"{where}/{kind}/{i}")
    for i, matter in enumerate(item.matters):
        for actor in matter.authors:
            yield Part(actor, None, f"{where}/matter/{i}")
    for i, vote in enumerate(item.votes):
        for ballot in vote.ballots:
            yield Part(ballot.actor, None, f"{where}/vote/{i}")
    for actor in item.presenters:
        yield Part(actor, "presenter", f"{where}/presenters")
    for actor in item.officials:
        if actor.name not in {presenter.name for presenter in item.presenters}:
            yield Part(actor, "official", f"{where}/officials")


def mentions(record: DocumentRecord, sha16: str) -> tuple[Mention, ...]:
    """The persons of one document, one mention for each name and party, in order of name and party."""
    municipality = municipality_key(record.municipality) or sha16
    body = slug(record.body) if record.body else None
    date = record.meeting.date if record.meeting and record.meeting.date else record.date
    serving = administration_of(record)
    found: dict[tuple[str, str | None], list[Part]] = {}
    for part in parts(record):
        found.setdefault(identified(part.actor, municipality), []).append(part)
    return tuple(
        Mention(
            name,
            party,
            municipality,
            body,
            serving,
            date,
            tuple(sorted({part.role for part in told if part.role})),
            party is None and any(part.actor.is_official for part in told),
            sha16,
            tuple(sorted({part.actor.span for part in told})),
            frozenset(part.roster for part in told if part.roster),
        )
        for (name, party), told in sorted(found.items(), key=lambda entry: (entry[0][0], entry[0][1] or ""))
    )


def administration_of(record: DocumentRecord) -> str | None:
    """The slug of the one administration whose proposals a document tells of; the officials in it serve there."""
    body = slug(record.body) if record.body else None
    printed = {
        administration_slug(actor.name, body)
        for item in record.items
        for proposal in item.proposals
        for actor in proposal.by
        if actor.is_administration and actor.name
    }
    named = {one for one in printed if not one.startswith(f"{body}-")} or printed
    return next(iter(named)) if len(named) == 1 else None


def posts(
    party: str | None, body: str | None, serving: str | None, role: str | None
) -> Iterator[tuple[str, str, str]]:
    """(kind, organisation, role) of each post that a mention in a role shows: kind party, body or administration."""
    if party:
        yield "party", party, "member"
    if role in ("official", "presenter") and serving and not party:
        yield "administration", serving, role
    elif role and body:
        yield "body", body, role


def identified(actor: Actor, municipality: str) -> tuple[str, str | None]:
    """The name and party under which an actor's mention is kept."""
    party = meant(actor.party, municipality)
    return normalise(actor.name or ""), party.code if party else None

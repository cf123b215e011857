"""What a record says, as a flat list of facts that can be held against a gold file."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mapping.records import Actor, DocumentRecord, Item, Matter, Vote
from ontology import municipality_code

Key = tuple[object, ...]

ROLES = {
    "first-vice-chair": "vice_chair",
    "vice-chair": "vice_chair",
    "serving-substitute": "serving_substitute",
    "presenter": "official",
    "insight": "other",
    "author": "other",
}
"""Roles of our scheme whose name in a gold file differs; the others are the same word."""

OUTCOMES = {
    "partly-approved": ("approved",),
    "referred-back": ("remitted",),
    "postponed": ("tabled",),
    "commissioned": ("approved", "remitted", "other"),
    "forwarded": ("approved", "remitted", "other"),
    "withdrawn": ("other",),
    "delegated": ("approved", "other"),
}
"""Outcomes of our scheme and the coarser gold outcomes that they answer to; the others are the same word."""

BALLOTS = {"abstained": "abstain", "recused": "abstain", "not-participating": "abstain"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One comparable fact. Two facts are the same where they share a key; `optional` ones (in a gold)
    are neither required nor wrong. `item` and `text` are for the reader of the list of misses."""

    kind: str
    item: str
    keys: frozenset[Key]
    text: str
    optional: bool = False


def fact(kind: str, item: str, text: str, *keys: Key, optional: bool = False) -> Fact:
    """A fact of an item; each key is completed with the item's number."""
    return Fact(kind, item, frozenset((item, *key) for key in keys), text, optional)


def fold(text: str) -> str:
    """Blanks folded, composed characters, and no blank after a hyphen (a line broke there)."""
    return re.sub(r"(?<=\w)-\s+(?=\w)", "-", " ".join(unicodedata.normalize("NFC", text).split()))


def fold_point(text: str) -> str:
    """A point without the punctuation, or the "samt" or "och", that only joins it to the next one."""
    return re.sub(r"(?:[\s.,:;]|\s(?:samt|och))+$", "", fold(text))


def fold_title(text: str) -> str:
    """A motion's or letter's title without "Motion om", "Skrivelse angående" and full stop."""
    bare = _HEAD_OF_TITLE.sub("", fold(text).strip(' ".”“'))
    return bare.casefold() or fold(text).casefold()


_HEAD_OF_TITLE = re.compile(
    r"^(?:svar på\s+)?(?:motion(?:en)?|skrivelse)(?:\s*:|\s+(?:om|angående|gällande)\b|\b(?=\s))?\s*"
    r"(?<![a-zåäö](?=[a-zåäö]))",
    re.IGNORECASE,
)


def fold_meaning(text: str) -> str:
    """What a yes or no means, without a leading "att", the consent that a yes to a proposal is ("bifaller"), and the
    closing punctuation."""
    return re.sub(r"^(?:att\s+)?(?:bifall(?:er|it|a)\s+)?", "", fold_point(text).casefold())


def bare_number(text: str) -> str:
    """A registry number without the printed label "Dnr"."""
    return re.sub(r"^(?:dnr|diarienummer|diarienr)[.:]?\s*", "", fold(text), flags=re.IGNORECASE)


def edges(text: str) -> Iterator[Key]:
    """(first words, last words) for 3 to 12 words each: a gold gives some of both."""
    words = fold(text).strip("\"”“' ").split()
    for first in range(3, 13):
        for last in range(3, 13):
            yield " ".join(words[:first]), " ".join(words[-last:])


def who(name: str | None, party: str | None) -> Key:
    """A name and party to compare: ("åsa ek", "s")."""
    return (fold(name).casefold() if name else None, party.casefold() if party else None)


def named(by: tuple[Actor, ...]) -> str:
    return ", ".join(f"{a.name or '(group)'} ({a.party or '?'})" for a in by)


def group(by: tuple[Actor, ...]) -> frozenset[Key]:
    return frozenset(who(a.name, a.party) for a in by)


def found(record: DocumentRecord) -> Iterator[Fact]:
    """Every fact of a record, whether or not a gold scores its kind."""
    yield from _document(record)
    for ref in record.own_registry_numbers:
        yield fact("own registry numbers", "", ref.normalised, *_number(ref.normalised, ref.verbatim, ref.role))
    for person in dict.fromkeys((a.name, a.party) for a in record.persons if a.name):
        yield fact("persons", "", f"{person[0]} ({person[1]})", who(*person))
    for item in record.items:
        # What a motion document asks for is its demands, not a proposal put at a meeting.
        yield from _item(item if record.kind != "motion" else replace(item, proposals=()))


def _document(record: DocumentRecord) -> Iterator[Fact]:
    meeting = record.meeting
    yield fact("document", "", record.kind, ("kind", record.kind))
    if record.municipality:
        yield fact("document", "", record.municipality, ("municipality", municipality_key(record.municipality)))
    if record.body:
        yield fact("document", "", record.body, ("body", fold(record.body).casefold()))
    date = meeting.date if meeting else None
    if date is None and record.kind in ("minutes", "minutes-extract", "agenda"):
        date = record.date
    if date:
        yield fact("document", "", str(date), ("date", str(date)))
    if meeting is None:
        return
    if meeting.minutes_number:
        yield fact("minutes number", "", meeting.minutes_number.text, ("minutes", fold(meeting.minutes_number.text)))
    if meeting.chair:
        yield fact("chair", "", named((meeting.chair,)), who(meeting.chair.name, meeting.chair.party))
    for actor in meeting.adjusters:
        yield fact("adjusters", "", named((actor,)), who(actor.name, actor.party))
    if meeting.adjusted_on:
        yield fact("adjustment date", "", str(meeting.adjusted_on), (str(meeting.adjusted_on),))
    for seat in meeting.attendance:
        role = ROLES.get(seat.role, seat.role)
        instead = seat.substitutes_for.name if seat.substitutes_for else None
        text = f"{named((seat.actor,))} {role}" + (f" for {instead}" if instead else "")
        yield fact("attendance", "", text, (*who(seat.actor.name, seat.actor.party), role, who(instead, None)))


def municipality_key(name: str) -> str:
    """The SCB code where the name is one of the 290, else the folded name without "kommun" or "stad"."""
    return municipality_code(name) or re.sub(r"(?:s\s+stad|s?\s+kommun)$", "", fold(name).casefold())


def _number(normalised: str, verbatim: str, role: str) -> tuple[Key, ...]:
    values = {fold(normalised), bare_number(verbatim)}
    return tuple((value, r) for value in values for r in (role, None))


def _item(item: Item) -> Iterator[Fact]:
    n = item.number or ""
    if item.title:
        yield fact("items", n, item.title.text, (fold(item.title.text),))
    if item.subtitle:
        yield fact("subtitles", n, item.subtitle.text, (fold(item.subtitle.text),))
    for ref in item.registry_numbers:
        yield fact(
            "registry numbers", n, f"{ref.normalised} ({ref.role})", *_number(ref.normalised, ref.verbatim, ref.role)
        )
    if item.decision:
        for point in item.decision.points:
            yield fact("decision points", n, point.text, (fold_point(point.text),))
        outcome = item.decision.outcome
        yield fact("outcomes", n, outcome, *((o,) for o in OUTCOMES.get(outcome, (outcome,))))
        if item.decision.follows_administration:
            yield fact("follows administration", n, "true", ())
    if item.immediately_adjusted:
        yield fact("immediate adjustment", n, "true", ())
    yield from _acts(item, n)
    for matter in item.matters:
        yield from _matter(matter, n)
    for vote in item.votes:
        yield from _vote(vote, n)
    for listed in item.documents:
        bare = fold(listed.printed).removeprefix(fold(listed.identifier or "")).strip(" -–")
        titles = {fold(listed.title), fold(listed.printed), bare}
        mark = fold(listed.identifier) if listed.identifier else None
        yield fact("documents", n, f"{mark or '-'} {listed.title}", *((mark, t) for t in titles))
    for actor in item.officials:
        yield fact("officials", n, named((actor,)), who(actor.name, None))
    if item.report_date:
        yield fact("report dates", n, str(item.report_date), (str(item.report_date),))
    for reference in item.references:
        yield fact("references", n, reference.text, (fold(reference.text).casefold(),))


def _acts(item: Item, n: str) -> Iterator[Fact]:
    for proposal in item.proposals:
        if all(a.is_administration for a in proposal.by):
            continue
        by = group(proposal.by)
        yield fact("proposals", n, f"{proposal.stance}: {named(proposal.by)}", (proposal.stance, by))
        for point in proposal.points:
            yield fact("proposal points", n, point.text, (fold_point(point.text),))
        if proposal.text:
            yield fact(
                "texts", n, f"proposal: {proposal.text.text}", *(("proposal", *e) for e in edges(proposal.text.text))
            )
    for reservation in item.reservations:
        yield fact("reservations", n, named(reservation.by), (group(reservation.by),))
    for statement in item.statements:
        yield fact("statements", n, f"{statement.kind}: {named(statement.by)}", (statement.kind, group(statement.by)))
        if statement.text:
            yield fact(
                "texts",
                n,
                f"statement: {statement.text.text}",
                *(("statement", *e) for e in edges(statement.text.text)),
            )
    for withdrawal in item.withdrawals:
        yield fact(
            "statements", n, f"{withdrawal.kind}: {named(withdrawal.by)}", (withdrawal.kind, group(withdrawal.by))
        )


def _matter(matter: Matter, n: str) -> Iterator[Fact]:
    if matter.kind == "motion":
        yield fact("motion titles", n, matter.title, (fold_title(matter.title),))
        for actor in matter.authors:
            yield fact("motion authors", n, named((actor,)), who(actor.name, actor.party))
    elif matter.kind == "member-letter":
        yield fact("letters", n, matter.title, (fold_title(matter.title),))
        for actor in matter.authors:
            yield fact(
                "letter authors",
                n,
                f"{named((actor,))}: {matter.title}",
                (fold_title(matter.title), who(actor.name, actor.party)),
            )
        for question in matter.questions:
            yield fact("questions", n, question.text, (fold(question.text),))


def _vote(vote: Vote, n: str) -> Iterator[Fact]:
    tally = (vote.yes, vote.no, vote.abstain or 0)
    yield fact("votes", n, f"{vote.yes} - {vote.no} - {tally[2]}", tally)
    for meaning, side in ((vote.yes_for, "yes"), (vote.no_for, "no")):
        if meaning:
            yield fact("vote meanings", n, f"{side}: {meaning.text}", (side, fold_meaning(meaning.text)))
    for ballot in vote.ballots:
        if ballot.value == "absent":
            continue  # a gold file counts the absent, and names none
        value = BALLOTS.get(ballot.value, ballot.value)
        yield fact(
            "ballots", n, f"{value}: {named((ballot.actor,))}", (value, who(ballot.actor.name, ballot.actor.party))
        )

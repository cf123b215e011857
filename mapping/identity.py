"""Who is who: mentions of all documents become persons with addresses.

Mentions of one municipality with one slug and one party are one person: that is the natural key. Beyond
that, near spellings are one person only where party and body agree, the periods meet (within five years)
and nothing speaks against it: never two who act side by side in one list. What is doubtful stays open.
The outcome is a function of the set of mentions: their order does not matter.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from mapping.decisions_on_persons import NOTHING, BadDecisions, Decisions, read_decisions
from mapping.identity_grouping import Group, Joined, Verdict, groups_of, verdicts
from mapping.identity_quads import person_quads
from mapping.mentions import Mention, mentions, posts
from mapping.reasons import ALIKE
from mapping.resolution import Note, Person, Post, Resolution

__all__ = [
    "BadDecisions",
    "Decisions",
    "Mention",
    "Note",
    "Person",
    "Post",
    "Resolution",
    "fingerprint",
    "mentions",
    "person_quads",
    "read_decisions",
    "resolve",
]


def resolve(found: Iterable[Mention], decisions: Decisions = NOTHING) -> Resolution:
    """The persons behind mentions, and notes on who was joined or left open and why."""
    groups = groups_of(found)
    judged = verdicts(groups, decisions)
    alike = [Verdict("same", group, group, ALIKE) for group in groups if len(group.names) > 1]
    clusters = _clusters(groups, [v for v in judged if v.status == "same"])
    persons: dict[tuple[str, str], Person] = {}
    addresses: dict[tuple[str, str, str | None], str] = {}
    owner: dict[tuple[str, str], Person] = {}
    for cluster in clusters:
        person = _person(cluster)
        persons[person.municipality, person.slug] = person
        for group in cluster:
            owner[group.municipality, group.slug] = person
            for mention in group.mentions:
                addresses[mention.document, mention.name, mention.party] = person.slug
    return Resolution(
        tuple(persons[at] for at in sorted(persons)),
        addresses,
        tuple(sorted(_notes((*alike, *judged), owner), key=_place)),
    )


def fingerprint(resolution: Resolution, found: Sequence[Mention]) -> str:
    """Sixteen hex digits that change when a document with these mentions would name its persons otherwise."""
    told = sorted(f"{m.name}\t{m.party}\t{resolution.slug_of(m.document, m.name, m.party)}" for m in found)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _clusters(groups: Sequence[Group], same: Sequence[Verdict]) -> list[tuple[Group, ...]]:
    one = Joined()
    for verdict in same:
        one.join(verdict.a.at, verdict.b.at)
    joined: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        joined.setdefault(one.top(group.at), []).append(group)
    return [tuple(members) for members in joined.values()]


def _person(cluster: tuple[Group, ...]) -> Person:
    """One person: the address of the earliest dated spelling, then the shortest, then the first by letters."""
    first = min(cluster, key=lambda g: (g.first is None, g.first.isoformat() if g.first else "", len(g.slug), g.slug))
    told = [mention for group in cluster for mention in group.mentions]
    counts: dict[str, int] = {}
    for mention in told:
        counts[mention.name] = counts.get(mention.name, 0) + max(1, len(mention.spans))
    best = min(counts, key=lambda name: (-counts[name], -len(name), name))
    official = all(mention.party is None for mention in told) and any(mention.is_official for mention in told)
    return Person(first.municipality, first.slug, best, tuple(sorted(set(counts) - {best})), official, _posts(told))


def _posts(told: Sequence[Mention]) -> tuple[Post, ...]:
    dates: dict[tuple[str, str, str], set[str]] = {}
    for mention in told:
        date = mention.corrected_date or mention.date
        for role in mention.roles or (None,):
            for post in posts(mention.party, mention.body, mention.administration, role):
                dates.setdefault(post, set()).update([date.isoformat()] if date else [])
    return tuple(
        Post(*post, min(seen, default=None), max(seen, default=None)) for post, seen in sorted(dates.items())
    )


def _place(note: Note) -> tuple[str, tuple[str, ...]]:
    return note.municipality, note.persons


def _notes(judged: Sequence[Verdict], owner: dict[tuple[str, str], Person]) -> Iterator[Note]:
    """One note for each person joined from several spellings, and for each pair that was kept apart."""
    told: dict[tuple[str, tuple[str, ...]], list[Verdict]] = {}
    for verdict in judged:
        slugs = tuple(sorted({owner[verdict.a.at].slug, owner[verdict.b.at].slug}))
        if len(slugs) == 1 or verdict.status != "same":
            told.setdefault((verdict.a.municipality, slugs), []).append(verdict)
    for (municipality, slugs), verdicts_here in told.items():
        status = next(s for s in ("same", "different", "open") if any(v.status == s for v in verdicts_here))
        reasons = sorted({v.reason for v in verdicts_here if v.status == status})
        spellings = {name for v in verdicts_here for group in (v.a, v.b) for name in group.names}
        sv, en = (" ".join(texts) for texts in zip(*reasons, strict=True))
        yield Note(status, municipality, slugs, tuple(sorted(spellings)), sv, en)

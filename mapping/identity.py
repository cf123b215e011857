"""Who is who: mentions of all documents become persons with addresses.

Mentions of one municipality with one slug and one party are one person: that is the natural key. Beyond
that, near spellings are one person only where party and body agree, the periods meet (within five years)
and nothing speaks against it: never two who act side by side in one list. What is doubtful stays open.
The outcome is a function of the set of mentions: their order does not matter.
"""

import hashlib
from collections.abc import Iterable, Sequence

from mapping.decisions_on_persons import NOTHING, BadDecisions, Decisions, read_decisions
from mapping.identity_grouping import Group, Verdict, groups_of, verdicts
from mapping.identity_quads import person_quads
from mapping.mentions import Mention, mentions
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
        tuple(persons[at] for at in sorted(persons)), addresses, tuple(sorted(set(_notes(judged, owner)), key=_order))
    )


def fingerprint(resolution: Resolution, found: Sequence[Mention]) -> str:
    """Sixteen hex digits that change when a document with these mentions would name its persons otherwise."""
    told = sorted(f"{m.name}\t{m.party}\t{resolution.slug_of(m.document, m.name, m.party)}" for m in found)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _clusters(groups: Sequence[Group], same: Sequence[Verdict]) -> list[tuple[Group, ...]]:
    parent = {group.at: group.at for group in groups}

    def top(at: tuple[str, str]) -> tuple[str, str]:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for verdict in same:
        a, b = sorted((top(verdict.a.at), top(verdict.b.at)))
        parent[b] = a
    joined: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        joined.setdefault(top(group.at), []).append(group)
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
    dates: dict[tuple[str, str, str], list[str]] = {}
    for mention in told:
        for post in posts_of(mention):
            seen = dates.setdefault(post, [])
            if mention.date:
                seen.append(mention.date.isoformat())
    return tuple(
        Post(*post, min(seen, default=None), max(seen, default=None)) for post, seen in sorted(dates.items())
    )


def posts_of(mention: Mention) -> tuple[tuple[str, str, str], ...]:
    """(kind, organisation, role) of each post that a mention shows: kind "party" or "body"."""
    held = [("party", mention.party, "member")] if mention.party else []
    if mention.body:
        held += [("body", mention.body, role) for role in mention.roles]
    return tuple(held)


def _notes(judged: Sequence[Verdict], owner: dict[tuple[str, str], Person]) -> Iterable[Note]:
    joined: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in judged:
        a, b = owner[verdict.a.at], owner[verdict.b.at]
        if verdict.status == "same":
            joined.setdefault((a.municipality, a.slug), []).append(verdict)
        elif a is not b:
            one, other = sorted((a, b), key=lambda p: p.slug)
            spellings = sorted({verdict.a.spelling, verdict.b.spelling})
            yield Note(verdict.status, a.municipality, (one.slug, other.slug), tuple(spellings), *verdict.reason)
    for (municipality, slug), told in joined.items():
        person = owner[told[0].a.at]
        reasons = sorted({verdict.reason for verdict in told})
        yield Note(
            "same",
            municipality,
            (slug,),
            tuple(sorted((person.name, *person.spellings))),
            " ".join(sv for sv, _ in reasons),
            " ".join(en for _, en in reasons),
        )


def _order(note: Note) -> tuple[str, tuple[str, ...], str, str]:
    return note.municipality, note.persons, note.status, note.reason_sv

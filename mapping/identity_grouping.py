"""Which mentions are one person by their natural key, and what is thought of every pair of near spellings."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from mapping.decisions_on_persons import Decisions
from mapping.mentions import Mention
from mapping.names import is_good, key, near, tokens
from mapping.reasons import CURATED, DOUBTFUL, MIXED, PARTY, PLACE, TIME, Reason, joined, likely
from mapping.resolution import natural_slug

GAP = datetime.timedelta(days=5 * 365 + 1)
"""How far apart two periods may lie for near spellings to be one person."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Which addresses have been joined to one; the first by letters stands for all of them."""

    above: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def top(self, at: tuple[str, str]) -> tuple[str, str]:
        while (over := self.above.get(at, at)) != at:
            self.above[at] = at = self.above.get(over, over)
        return at

    def join(self, a: tuple[str, str], b: tuple[str, str]) -> None:
        first, other = sorted((self.top(a), self.top(b)))
        self.above[other] = first

    def are_one(self, a: tuple[str, str], b: tuple[str, str]) -> bool:
        return self.top(a) == self.top(b)


@dataclass(frozen=True, slots=True)
class Group:
    """The mentions of one natural key: municipality, slug of the name and party."""

    municipality: str
    slug: str
    party: str | None
    mentions: tuple[Mention, ...]
    names: tuple[str, ...]
    bodies: frozenset[str | None]
    first: datetime.date | None
    last: datetime.date | None

    @property
    def at(self) -> tuple[str, str]:
        return self.municipality, self.slug

    @property
    def spelling(self) -> str:
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is thought of two groups: "same", "different" or "open", and why (Swedish, English)."""

    status: str
    a: Group
    b: Group
    reason: Reason


def groups_of(found: Iterable[Mention]) -> tuple[Group, ...]:
    """The groups, in order of municipality and slug; a mention without party joins the one it can only mean."""
    all_mentions = sorted(set(found), key=_order)
    known: dict[tuple[str, str], list[Mention]] = {}
    for mention in all_mentions:
        if mention.party:
            known.setdefault((mention.municipality, natural_slug(mention.name, None)), []).append(mention)
    members: dict[tuple[str, str], list[tuple[str | None, Mention]]] = {}
    for mention in all_mentions:
        bare = natural_slug(mention.name, None)
        party = mention.party or (
            None if mention.is_official else _only_party(mention, known.get((mention.municipality, bare), []))
        )
        slug = natural_slug(mention.name, party)
        members.setdefault((mention.municipality, slug), []).append((party, mention))
    return tuple(_group(at, told) for at, told in sorted(members.items()))


def _only_party(mention: Mention, known: Sequence[Mention]) -> str | None:
    """The party under which the same name stands in the same document, else in the same body, if only one."""
    for near_by in (
        {m.party for m in known if m.document == mention.document},
        {m.party for m in known if m.body is not None and m.body == mention.body},
    ):
        if near_by:
            return next(iter(near_by)) if len(near_by) == 1 else None
    return None


def _group(at: tuple[str, str], told: Sequence[tuple[str | None, Mention]]) -> Group:
    mentions = tuple(mention for _, mention in told)
    dates = [mention.date for mention in mentions if mention.date]
    return Group(
        *at,
        told[0][0],
        mentions,
        tuple(sorted({mention.name for mention in mentions})),
        frozenset(mention.body for mention in mentions),
        min(dates, default=None),
        max(dates, default=None),
    )


def verdicts(groups: Sequence[Group], decisions: Decisions) -> tuple[Verdict, ...]:
    """A verdict on every pair of groups that is decided or near, in order of the groups."""
    curated = list(_curated(groups, decisions))
    decided = {(v.a.at, v.b.at) for v in curated}
    judged = [v for pair in _pairs(groups) if (pair[0].at, pair[1].at) not in decided and (v := _verdict(*pair))]
    return tuple(curated + _without_contradiction(judged, curated))


def _curated(groups: Sequence[Group], decisions: Decisions) -> Iterator[Verdict]:
    told: set[tuple[tuple[str, str], tuple[str, str]]] = set()
    for decision in decisions:
        covered = [g for g in groups if decision.covers(g.municipality, frozenset(map(key, g.names)), g.party)]
        for a, b in combinations(covered, 2):
            if (a.at, b.at) not in told:
                told.add((a.at, b.at))
                yield Verdict(decision.status, a, b, joined(CURATED, decision.reason))


def _pairs(groups: Sequence[Group]) -> list[tuple[Group, Group]]:
    """Pairs of one municipality that may be near, in order of the groups: the first names begin with one sound,
    and first name and some surname differ by a letter at most. Its cost grows with the groups and the pairs told."""
    by_surname: dict[tuple[str, ...], set[int]] = {}
    for at, group in enumerate(groups):
        for first, surname in _first_and_surnames(group):
            sound = {"k": "c", "w": "v", "z": "s"}.get(first[:1], first[:1])
            for spelt in _one_letter_less(surname):
                by_surname.setdefault((group.municipality, sound, spelt), set()).add(at)
    pairs: set[tuple[int, int]] = set()
    for block in by_surname.values():
        by_first: dict[str, set[int]] = {}
        for at in block if len(block) > 1 else ():
            for first, _ in _first_and_surnames(groups[at]):
                for spelt in _one_letter_less(first):
                    by_first.setdefault(spelt, set()).add(at)
        for alike in by_first.values():
            pairs.update(combinations(sorted(alike), 2))
    return [(groups[a], groups[b]) for a, b in sorted(pairs)]


def _first_and_surnames(group: Group) -> set[tuple[str, str]]:
    """Each first name with each later part of the name; with "" where the name is one part."""
    told = [tokens(name) or ("",) for name in group.names]
    return {(parts[0], part) for parts in told for part in parts[1:] or ("",)}


def _one_letter_less(word: str) -> set[str]:
    """The word and each word left when one letter is dropped: two words share one where they differ by a letter."""
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def _verdict(a: Group, b: Group) -> Verdict | None:
    reasons = {reason for x in a.names for y in b.names if (reason := near(x, y))}
    equal = set(map(key, a.names)) & set(map(key, b.names))
    if not (reasons or equal) or _side_by_side(a, b):
        return None
    if equal:
        return Verdict("open", a, b, PARTY)
    if a.party != b.party:
        return Verdict("open", a, b, PARTY) if any(map(is_good, reasons)) else None
    if not a.party or not any(map(is_good, reasons)):
        return Verdict("open", a, b, DOUBTFUL) if _shared_body(a, b) else None
    if not _shared_body(a, b):
        return Verdict("open", a, b, PLACE)
    if not _periods_meet(a, b):
        return Verdict("open", a, b, TIME)
    return Verdict("same", a, b, likely(min(filter(is_good, reasons))))


def _shared_body(a: Group, b: Group) -> bool:
    return bool((a.bodies & b.bodies) - {None})


def _periods_meet(a: Group, b: Group) -> bool:
    """Whether two periods overlap or lie within five years; an undated one may be any time."""
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return True
    return max(a.first, b.first) - min(a.last, b.last) <= GAP


def _side_by_side(a: Group, b: Group) -> bool:
    """Whether both stand in one list of one document, where nobody stands twice."""
    mine = {(m.document, roster) for m in a.mentions for roster in m.rosters}
    return any((m.document, roster) in mine for m in b.mentions for roster in m.rosters)


def _without_contradiction(judged: list[Verdict], curated: list[Verdict]) -> list[Verdict]:
    """Open every joining in a chain of near spellings that would make one of two who are known to be two."""
    chained = Joined()
    for verdict in [v for v in (*curated, *judged) if v.status == "same"]:
        chained.join(verdict.a.at, verdict.b.at)
    spoiled = {chained.top(v.a.at) for v in curated if v.status == "different" and chained.are_one(v.a.at, v.b.at)}
    placed: dict[tuple[object, ...], tuple[str, str]] = {}
    for group in {g.at: g for v in (*curated, *judged) if v.status == "same" for g in (v.a, v.b)}.values():
        for place in {(m.document, roster) for m in group.mentions for roster in m.rosters}:
            if placed.setdefault((chained.top(group.at), *place), group.at) != group.at:
                spoiled.add(chained.top(group.at))
    return [
        Verdict("open", v.a, v.b, MIXED) if v.status == "same" and chained.top(v.a.at) in spoiled else v
        for v in judged
    ]


def _order(mention: Mention) -> tuple[str, ...]:
    date = mention.date.isoformat() if mention.date else ""
    return mention.municipality, mention.name, mention.party or "", mention.document, date, mention.body or ""

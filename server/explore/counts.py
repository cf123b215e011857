"""How many decisions or motions each choice would give: asked once for each published version, counted in memory."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from server.explore.queries import (
    COUNTED_DECISIONS,
    COUNTED_PARTIES,
    ENDED_MOTIONS,
    FACETS,
    TOLD_MOTIONS,
    TREATED,
    UNTREATED,
    Choice,
)
from server.made_once import MadeOnce
from server.site import Site

MOST: Final = 500_000  # combinations
LONGEST: Final = 30.0  # seconds of one query: it is asked once for each version


@dataclass(frozen=True, slots=True)
class Told:
    """A combination of values (by FACETS, empty where there is none), and what has it: `number` things that are
    counted by no other combination, or one thing that others may tell of too, known by `thing`."""

    values: tuple[str, ...]
    number: int
    thing: str


@dataclass(frozen=True, slots=True)
class Counts:
    """All combinations; those `by_party` tell of each thing once for each party. `days`: the same of each day (ISO
    8601); empty where things have no day."""

    told: Sequence[Told]
    by_party: Sequence[Told]
    days: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    days_by_party: Mapping[str, Sequence[Told]] = field(default_factory=dict)

    def total(self, choice: Choice) -> int:
        """How many things a choice gives."""
        return _number(each for each in self._told(choice, None) if _fits(each, choice, None))

    def facet(self, choice: Choice, facet: str) -> dict[str, int]:
        """The values of a facet and how many things each would give, all else being chosen as it is."""
        at = FACETS.index(facet)
        found: dict[str, list[Told]] = {}
        for each in self._told(choice, facet):
            if each.values[at] and _fits(each, choice, facet):
                found.setdefault(each.values[at], []).append(each)
        return {value: _number(told) for value, told in found.items()}

    def days_of(self, choice: Choice, most: int, offset: int) -> tuple[list[str], int]:
        """The days that hold the rows after the `offset` first, `most` at most, listed by date as is chosen, and how
        many rows of these days come before. No days where the order is another: then all may be needed."""
        days = self.days_by_party if choice.party else self.days
        if choice.sort not in ("newest", "oldest"):
            return [], offset
        found: list[str] = []
        before, rows = offset, 0
        for day in sorted(days, reverse=choice.sort == "newest"):
            number = _number(each for each in days[day] if _fits(each, choice, None))
            if not found and number <= before:
                before -= number
            elif number:
                found.append(day)
                rows += number
            if rows >= before + most:
                break
        return (found, before) if found else ([], offset)

    def _told(self, choice: Choice, facet: str | None) -> Sequence[Told]:
        return self.by_party if facet == "party" or choice.party else self.told


def _decisions(site: Site) -> Counts:
    days, days_by_party = _by_day(site, COUNTED_DECISIONS, 4), _by_day(site, COUNTED_PARTIES, 5)
    return Counts(_by_year(days), _by_year(days_by_party), days, days_by_party)


def _by_day(site: Site, query: str, columns: int) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for row in site.pool.rows(query, MOST, LONGEST).rows:
        body, day, outcome, kind, *party = (each.value if each else "" for each in row[:columns])
        number = row[columns]
        values = (body, day[:4], party[0] if party else "", outcome, kind)
        found.setdefault(day, []).append(Told(values, int(number.value) if number else 0, ""))
    return found


def _by_year(days: Mapping[str, Sequence[Told]]) -> list[Told]:
    numbers: Counter[tuple[str, ...]] = Counter()
    for told in days.values():
        for each in told:
            numbers[each.values] += each.number
    return [Told(values, number, "") for values, number in numbers.items()]


def _motions(site: Site) -> Counts:
    ended = {
        motion.value: outcomes.value.split()
        for motion, outcomes, _ in site.pool.rows(ENDED_MOTIONS, MOST, LONGEST).rows
        if motion and outcomes
    }
    found = []
    for row in site.pool.rows(TOLD_MOTIONS, MOST, LONGEST).rows:
        motion, body, year, party, kind = (each.value if each else "" for each in row)
        for outcome in ended.get(motion, [TREATED if body else UNTREATED]):
            found.append(Told((body, year, party, outcome, kind), 1, motion))
    return Counts(found, found)


COUNTS: Final = {"decisions": MadeOnce(_decisions), "motions": MadeOnce(_motions)}
"""Of each subject, what is published now."""


def _fits(told: Told, choice: Choice, but: str | None) -> bool:
    """Whether a combination has everything chosen, one facet not looked at."""
    return all(
        facet == but or not choice.of(facet) or choice.of(facet) == value
        for facet, value in zip(FACETS, told.values, strict=True)
    )


def _number(told: Iterable[Told]) -> int:
    things: set[str] = set()
    number = 0
    for each in told:
        if each.thing:
            things.add(each.thing)
        else:
            number += each.number
    return number + len(things)

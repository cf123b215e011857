"""Holes in the series of § of a body, by the rule of queries/02: looked for in the meeting, then in the year."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting: IRIs, the day (ISO 8601), and the numbers of its §§."""

    iri: str
    body: str
    date: str
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers from `first` to `last` that are missing before § last + 1 of a meeting.

    `kind`: "inside" the meeting; "between" it and an earlier one of the year, at which § first - 1 is the highest
    below; or "before" everything that is known of the year.
    """

    body: str
    meeting: str
    date: str
    first: int
    last: int
    kind: str

    @property
    def missing(self) -> int:
        return self.last - self.first + 1

    @property
    def year(self) -> str:
        return self.date[:4]


def gaps(meetings: Iterable[Meeting]) -> list[Gap]:
    """All holes, by body, day and number."""
    ordered = sorted(meetings, key=lambda each: (each.body, each.date, each.iri))
    found: list[Gap] = []
    for _, of_year in groupby(ordered, key=lambda each: (each.body, each.date[:4])):
        earlier: set[int] = set()
        for _, of_day in groupby(of_year, key=lambda each: each.date):
            meetings_of_day = list(of_day)
            for each in meetings_of_day:
                found.extend(_holes(each, earlier))
            for each in meetings_of_day:
                earlier |= each.numbers
    return found


def _holes(meeting: Meeting, earlier: set[int]) -> Iterator[Gap]:
    numbers = sorted(meeting.numbers)
    for before, number in zip([0, *numbers], numbers, strict=False):
        kind = "inside"
        if before == 0:
            before = max((each for each in earlier if each < number), default=0)
            kind = "between" if before else "before"
        if before + 1 < number:
            yield Gap(meeting.body, meeting.iri, meeting.date, before + 1, number - 1, kind)


def counted(found: Iterable[Gap], by: str) -> Mapping[str, tuple[int, int]]:
    """How many holes there are, and how many numbers are missing, by "body", "year" or "kind"."""
    counts: dict[str, tuple[int, int]] = {}
    for each in found:
        holes, missing = counts.get(getattr(each, by), (0, 0))
        counts[getattr(each, by)] = holes + 1, missing + each.missing
    return counts

"""A picture of events in time: one lane for each body, one dot for each event, the days along the foot; and the years
along the foot of a picture.

Places from the left are per cent of the picture's width, heights are pixels: it is as wide as the screen lets it be,
and its words keep their size.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final

NARROW: Final = 288  # pixels: a picture on the narrowest screen
EDGE: Final = 4  # per cent between either end of a lane and its dots
LANE: Final = 28  # height of a lane, below its name
APART: Final = 20  # pixels between two dots at least, from middle to middle
MOST: Final = 120  # events in one picture
TICKS: Final = 6
STEPS: Final = tuple(step * 10**power for power in range(4) for step in (1, 2, 5))  # years between two ticks
FOOT: Final = 26  # height of the years
LINE: Final = 18  # height of a line of words
LETTERS: Final = 32  # in a line of words that fits in 290 pixels


@dataclass(frozen=True, slots=True)
class Dot:
    """An event: its place, and its number in the list beside (from 1)."""

    x: float
    y: float
    number: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of words, and its height."""

    name: str
    y: float


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Years:
    """Years from `begin` up to `end`, which is not among them, with a tick every `step`; places are per cent."""

    begin: int
    end: int
    step: int

    def place(self, year: float) -> float:
        """Where a time is, from the left; 2024.5 is the middle of 2024."""
        return round(100 * (year - self.begin) / (self.end - self.begin), 2)

    def ticks(self) -> tuple[Tick, ...]:
        return tuple(Tick(self.place(year), str(year)) for year in range(self.begin, self.end, self.step))


def years(first: int, last: int) -> Years:
    """The years to draw, which may begin before the first so that the last tick has as much room as the rest."""
    shown = last + 1 - first
    step = next(each for each in STEPS if -(-shown // each) <= TICKS)
    return Years(last + 1 - step * -(-shown // step), last + 1, step)


@dataclass(frozen=True, slots=True)
class Picture:
    """Lanes by their heights, with `names` above them. `width`: what the picture needs at least, in pixels."""

    width: int
    height: int
    lanes: tuple[float, ...]
    names: tuple[Lane, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]


def picture(events: Sequence[tuple[str, str]]) -> Picture | None:
    """A picture of events, pairs of an ISO date and the name of a lane, in order of time; None where there is no
    picture to be made: fewer than two days, too many events, or a date that is none."""
    try:
        days = [date.fromisoformat(day[:10]).toordinal() for day, _ in events]
    except ValueError:
        return None
    if len(set(days)) < 2 or len(days) > MOST:
        return None
    first, last = min(days), max(days)
    y, heights, names = 0, {}, []
    for lane in dict.fromkeys(lane for _, lane in events):
        for line in textwrap.wrap(lane, LETTERS):
            y += LINE
            names.append(Lane(line, y - 4))
        heights[lane] = y + LANE / 2
        y += LANE
    within = {lane: [at for at, (_, each) in enumerate(events) if each == lane] for lane in heights}
    gap = min(100 * APART / NARROW, (100 - 2 * EDGE) / max(1, max(map(len, within.values())) - 1))
    places = [EDGE + (100 - 2 * EDGE) * (day - first) / (last - first) for day in days]
    for numbers in within.values():
        for number, x in zip(numbers, _apart([places[each] for each in numbers], gap), strict=True):
            places[number] = x
    dots = tuple(Dot(round(x, 2), heights[events[number - 1][1]], number) for number, x in enumerate(places, 1))
    ticks = tuple(Tick(at, date.fromordinal(day).isoformat()) for at, day in ((0, first), (100, last)))
    needed = max(NARROW, ceil(100 * APART / gap))
    return Picture(needed, y + FOOT, tuple(heights.values()), tuple(names), dots, ticks)


def _apart(places: Sequence[float], gap: float) -> list[float]:
    """Places in their order, moved as little as keeps them apart and within the picture."""
    found: list[float] = []
    for each in places:
        found.append(max(each, found[-1] + gap) if found else each)
    limit = 100.0 - EDGE
    for at in reversed(range(len(found))):
        found[at] = min(found[at], limit)
        limit = found[at] - gap
    return found

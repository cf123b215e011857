"""A picture of events in time: one lane for each body, one dot for each event, the days along the foot; and the years
along the foot of a picture as wide as the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

WIDTH: Final = 900
LEFT: Final = 20
LANE: Final = 46  # height of a lane, in units of the picture
TOP: Final = 26
RADIUS: Final = 8
MOST: Final = 120  # events in one picture
TICKS: Final = 6
STEPS: Final = tuple(step * 10**power for power in range(4) for step in (1, 2, 5))  # years between two ticks
FOOT: Final = 26  # height of the years
LINE: Final = 18  # height of a line of words


@dataclass(frozen=True, slots=True)
class Dot:
    """An event: its place in units of the picture, and its number in the list beside (from 1)."""

    x: float
    y: float
    number: int


@dataclass(frozen=True, slots=True)
class Lane:
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
    width: int
    height: int
    lanes: tuple[Lane, ...]
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
    names = list(dict.fromkeys(lane for _, lane in events))
    first, last = min(days), max(days)
    width = WIDTH - 2 * LEFT - 2 * RADIUS

    def place(day: int) -> float:
        return round(LEFT + RADIUS + width * (day - first) / (last - first), 1)

    dots: list[Dot] = []
    taken: dict[tuple[int, str], float] = {}
    for number, (day, (_, lane)) in enumerate(zip(days, events, strict=True), 1):
        x = place(day)
        before = taken.get((0, lane), -RADIUS * 3.0)
        x = max(x, before + RADIUS * 2.4)  # events that lie close stand beside each other
        taken[(0, lane)] = x
        dots.append(Dot(round(x, 1), TOP + LANE * names.index(lane) + LANE / 2, number))
    reach = max(WIDTH, round(max(each.x for each in dots)) + LEFT + RADIUS)
    ticks = tuple(Tick(place(day), date.fromordinal(day).isoformat()) for day in (first, last))
    lanes = tuple(Lane(name, TOP + LANE * index + LANE / 2) for index, name in enumerate(names))
    return Picture(reach, TOP + LANE * len(names) + 24, lanes, tuple(dots), ticks)

"""A picture of events in time: one lane for each body, one dot for each event, the days along the foot."""

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

"""Pictures of counts for each year: a lane for each kind, a bar for each year, with the numbers in a table beside.

Places from the left are per cent of the picture's width, all else is pixels (see `server.views.stretches`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.views.lanes import FOOT, LINE, Tick, years

HEIGHT: Final = 56  # of the tallest bar
APART: Final = 10  # between two lanes
NARROWEST: Final = 200  # pixels that the bars of a lane fill on the smallest screen, side by side
THICKEST: Final = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """`x` is the middle of its year, `y` its top; `tallest`: no bar of its kind is taller, nor comes before it."""

    x: float
    y: float
    height: float
    kind: str
    year: str
    number: int
    tallest: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A lane: its name stands at `top`, its bars at `foot`; between them there is room for the tallest's number."""

    name: str
    top: int
    foot: int


@dataclass(frozen=True, slots=True)
class Picture:
    """`thick`: how broad a bar is."""

    height: int
    thick: int
    kinds: tuple[Kind, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def picture(counts: Mapping[str, Mapping[str, int]], kinds: Sequence[str]) -> Picture | None:
    """A picture of {year: {kind: count}}, years as far apart as they are in time, all kinds on one
    scale; a kind that is not counted is left out. None where nothing is counted."""
    most = max((number for said in counts.values() for number in said.values()), default=0)
    if not most:
        return None
    time = years(min(map(int, counts)), max(map(int, counts)))
    y, shown, bars = 0, [], []
    for kind in kinds:
        said = {year: counts[year].get(kind, 0) for year in sorted(counts, key=int)}
        top = max(said, key=lambda year: said[year])
        if not said[top]:
            continue
        foot = y + LINE + LINE + round(HEIGHT * said[top] / most)
        shown.append(Kind(kind, y + LINE - 4, foot))
        for year, number in said.items():
            if number:
                x, height = time.place(int(year) + 0.5), round(HEIGHT * number / most, 1)
                bars.append(Bar(x, round(foot - height, 1), height, kind, year, number, tallest=year == top))
        y = foot + APART
    thick = max(2, min(THICKEST, NARROWEST // (time.end - time.begin)))
    return Picture(y + FOOT, thick, tuple(shown), tuple(bars), time.ticks())

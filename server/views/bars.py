"""Pictures of counts for each year: bars beside each other, one for each kind, with the numbers in a table beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 150
BAR: Final = 9
GAP: Final = 12
FOOT: Final = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in units of the picture; `kind` decides how it looks."""

    x: int
    y: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]


def every_year(counts: Mapping[str, Mapping[str, int]]) -> dict[str, Mapping[str, int]]:
    """The same with every year from the first to the last, years of four digits in order."""
    if not counts:
        return {}
    first, last = int(min(counts)), int(max(counts))
    return {f"{year:04}": counts.get(f"{year:04}", {}) for year in range(first, last + 1)}


def picture(counts: Mapping[str, Mapping[str, int]], kinds: Sequence[str]) -> Picture | None:
    """A picture of {year: {kind: count}}, years as far apart as they are in time; None where nothing is counted."""
    most = max((number for said in counts.values() for number in said.values()), default=0)
    if not most:
        return None
    bars: list[Bar] = []
    labels: list[Label] = []
    x = GAP // 2
    for year, said in every_year(counts).items():
        begin = x
        for kind in kinds:
            height = round((HEIGHT - 10) * said.get(kind, 0) / most, 1)
            bars.append(Bar(x, HEIGHT - height, height, kind))
            x += BAR
        labels.append(Label((begin + x) // 2, year))
        x += GAP
    return Picture(x, HEIGHT + FOOT, tuple(bars), tuple(labels))

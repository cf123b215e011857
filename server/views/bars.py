"""Pictures of counts for each year: bars beside each other, one for each kind, with the numbers in a table beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 150
BAR: Final = 14
GAP: Final = 22
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


def picture(counts: Mapping[str, Mapping[str, int]], kinds: Sequence[str]) -> Picture | None:
    """A picture of {year: {kind: count}}; None where nothing is counted."""
    most = max((number for said in counts.values() for number in said.values()), default=0)
    if not most:
        return None
    bars: list[Bar] = []
    labels: list[Label] = []
    x = GAP // 2
    for year in sorted(counts):
        begin = x
        for kind in kinds:
            height = round((HEIGHT - 10) * counts[year].get(kind, 0) / most, 1)
            bars.append(Bar(x, HEIGHT - height, height, kind))
            x += BAR
        labels.append(Label((begin + x) // 2, year))
        x += GAP
    return Picture(x, HEIGHT + FOOT, tuple(bars), tuple(labels))

"""A small picture of one indicator: bars from zero for the outcome and its companions, a line for the target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

BARS: Final = ("outcome", "outcomeWomen", "outcomeMen", "previousOutcome")
"""Measures that are bars, from the top; the first must be known, or there is no picture."""
LEFT: Final = 92
LONG: Final = 150
WIDTH: Final = 320
TOP: Final = 26
ROW: Final = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, in units of the picture; `name` is its measure."""

    name: str
    x: float
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Picture:
    """`zero` and `target` are places from the left; the target's text is anchored at `anchor`."""

    width: int
    height: int
    bars: Sequence[Bar]
    zero: float
    target: float | None
    anchor: str


def picture(measures: Mapping[str, Decimal]) -> Picture | None:
    """The picture of an indicator's numbers; None where there is no outcome, or nothing but zeros."""
    named = [name for name in BARS if name in measures]
    shown = [measures[name] for name in (*named, "target") if name in measures]
    low, high = min([Decimal(0), *shown]), max([Decimal(0), *shown])
    if BARS[0] not in measures or low == high:
        return None

    def place(number: Decimal) -> float:
        return round(LEFT + float((number - low) / (high - low)) * LONG, 1)

    zero, target = place(Decimal(0)), place(measures["target"]) if "target" in measures else None
    bars = [
        Bar(name, min(zero, place(measures[name])), TOP + row * ROW, round(abs(place(measures[name]) - zero), 1))
        for row, name in enumerate(named)
    ]
    return Picture(WIDTH, TOP + len(named) * ROW, bars, zero, target, _anchor(target))


def _anchor(target: float | None) -> str:
    share = ((target or LEFT) - LEFT) / LONG
    return "start" if share < 0.15 else "end" if share > 0.6 else "middle"

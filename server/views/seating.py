"""A picture of a vote: one seat for each voter in a half circle, those who said yes to the left, no to the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

SEAT: Final = 15.0  # radius of a seat, in units of the picture
APART: Final = 36.0  # between the middles of two seats
INNERMOST: Final = 70.0  # radius of the innermost row
MOST: Final = 400  # seats that a picture has at most; more become dots that nobody can tell apart


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a voter sits: `x`, `y` in units of the picture; `vote` is the last part of the ballot's concept."""

    x: float
    y: float
    vote: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The seats and the size of the picture that holds them."""

    seats: tuple[Seat, ...]
    width: int
    height: int


def picture(voters: Sequence[tuple[str, str]]) -> Picture | None:
    """Seats for voters, pairs of a vote and a short label in the order from left to right; None for too many."""
    if not 0 < len(voters) <= MOST:
        return None
    rows = _rows(len(voters))
    places = sorted(
        ((pi * (seat + 0.5) / count, radius) for radius, count in rows for seat in range(count)),
        key=lambda each: (round(each[0], 6), each[1]),
        reverse=True,
    )
    outer = rows[-1][0]
    width, height = round(2 * (outer + SEAT + 4)), round(outer + 2 * SEAT + 8)
    seats = tuple(
        Seat(
            round(width / 2 + radius * cos(angle), 1), round(height - SEAT - 4 - radius * sin(angle), 1), vote, label
        )
        for (angle, radius), (vote, label) in zip(places, voters, strict=True)
    )
    return Picture(seats, width, height)


def _rows(count: int) -> list[tuple[float, int]]:
    """Radius and number of seats of each row, the innermost first: as many rows as are needed, evenly filled."""
    number = 1
    while sum(_room(row) for row in range(number)) < count:
        number += 1
    room = [_room(row) for row in range(number)]
    filled = [count * each // sum(room) for each in room]
    for at in range(count - sum(filled)):
        filled[-1 - at % number] += 1
    return [(INNERMOST + APART * row, seats) for row, seats in enumerate(filled) if seats]


def _room(row: int) -> int:
    return int(pi * (INNERMOST + APART * row) / APART)

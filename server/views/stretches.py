"""A picture of posts in time: one lane for each body, in it a row for each role, the years along the foot.

Places from the left are per cent of the picture's width, heights are pixels: it is as wide as the screen lets it be,
and its words keep their size.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from server.views.lanes import FOOT, LETTERS, LINE, Lane, Tick, years

GAP: Final = timedelta(days=366)
"""Days that lie further apart do not show that a post was held between them."""
ROW: Final = 24  # height of what stands for a role
APART: Final = 10  # between two lanes


@dataclass(frozen=True, slots=True)
class Stretch:
    """The first and the last of days that lie close (ISO 8601), and their places; the same for a single day."""

    first: str
    last: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Row:
    y: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """`bodies` and `roles`: words and where they stand, a long name of a body in several lines. `shapes`: what the
    picture is made of, each to be explained: "bar", "once" (a single day), "broken" (a row of several stretches)."""

    height: int
    first: str
    last: str
    bodies: tuple[Lane, ...]
    roles: tuple[Lane, ...]
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    shapes: tuple[str, ...]


def stretches(days: Iterable[str]) -> list[tuple[date, date]]:
    """Days in order of time as their stretches, each its first and last day. Raises ValueError for what is no day."""
    found: list[tuple[date, date]] = []
    for day in sorted({date.fromisoformat(each[:10]) for each in days}):
        if found and day - found[-1][1] <= GAP:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def picture(posts: Sequence[tuple[str, str, Iterable[str]]]) -> Picture | None:
    """A picture of posts: the name of a body, that of a role or an empty one, and the ISO dates on which it was seen.
    None where no day is known, or one is none."""
    try:
        known = [(body, role, held) for body, role, days in posts if (held := stretches(days))]
    except ValueError:
        return None
    if not known:
        return None
    first = min(held[0][0] for _, _, held in known)
    last = max(held[-1][1] for _, _, held in known)
    time = years(first.year, last.year)
    y, bodies, roles, rows = 0, [], [], []
    for body in dict.fromkeys(body for body, _, _ in known):
        for line in textwrap.wrap(body, LETTERS):
            y += LINE
            bodies.append(Lane(line, y - 4))
        for _, role, held in (each for each in known if each[0] == body):
            if role:
                y += LINE
                roles.append(Lane(role, y - 4))
            marks = (
                Stretch(a.isoformat(), b.isoformat(), time.place(_year(a)), time.place(_year(b))) for a, b in held
            )
            rows.append(Row(y + ROW // 2, tuple(marks)))
            y += ROW
        y += APART
    days = first.isoformat(), last.isoformat()
    return Picture(
        y + FOOT, *days, tuple(bodies), tuple(roles), tuple(rows), time.ticks(), _shapes([each[2] for each in known])
    )


def _shapes(rows: Sequence[Sequence[tuple[date, date]]]) -> tuple[str, ...]:
    shown = {
        "bar": any(start != end for row in rows for start, end in row),
        "once": any(start == end for row in rows for start, end in row),
        "broken": any(len(row) > 1 for row in rows),
    }
    return tuple(shape for shape, there in shown.items() if there)


def _year(day: date) -> float:
    start = date(day.year, 1, 1)
    return day.year + (day - start).days / (366 if day.year % 4 == 0 else 365)

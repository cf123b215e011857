"""Heads and feet of pages: rows at the outer ends of a page that come back at the same place on pages near by."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product, takewhile

from mapping.formats.layout import Paper, Row, text_of

_REACH = 0.2  # of the height of the paper: eight lines of a page head below the margin
_OFTEN = 3  # pages on which a row must come back, in a document that has them
_COUNTED = 3  # figures of a row that may count pages
_FIGURES = re.compile(r"\d+")

_Place = tuple[str, int]  # a row's text with its figures left open, and its baseline
_Returning = tuple[_Place, tuple[int, ...]]  # and its figures, those that count pages less the page


@dataclass(frozen=True, slots=True)
class Margins:
    """How many rows at the top and at the bottom of a page are its head and foot."""

    head: int = 0
    foot: int = 0

    def parted(self, rows: Sequence[Row]) -> tuple[Sequence[Row], Sequence[Row], Sequence[Row]]:
        """The rows of the head, of what stands between, and of the foot."""
        end = len(rows) - self.foot
        return rows[: self.head], rows[self.head : end], rows[end:]


def margins(pages: Sequence[tuple[Sequence[Row], Paper]]) -> list[Margins]:
    """The head and foot of each page."""
    heads = [_outer(rows, paper.top, paper) for rows, paper in pages]
    feet = [_outer(rows[::-1], paper.bottom, paper) for rows, paper in pages]
    return [
        Margins(head, min(foot, len(rows) - head))
        for (rows, _), head, foot in zip(pages, _returning(heads), _returning(feet), strict=True)
    ]


def _outer(rows: Sequence[Row], edge: float, paper: Paper) -> Sequence[Row]:
    """The rows near an edge of the paper, from there on; a numbered paragraph ends a head."""
    reach = _REACH * (paper.top - paper.bottom)
    for index, row in enumerate(rows):
        if abs(row[0].baseline - edge) > reach or any("§" in run.signs for run in row):
            return rows[:index]
    return rows


def _returning(pages: Sequence[Sequence[Row]]) -> list[int]:
    """How many of the rows of each page, from the first on, come back."""
    signed = [[set(_signatures(row, page)) for row in rows] for page, rows in enumerate(pages)]
    on: dict[_Returning, list[int]] = defaultdict(list)
    for page, rows in enumerate(signed):
        for signatures in rows:
            for signature in signatures:
                on[signature].append(page)
    back = {(signature, page) for signature, where in on.items() for page in _in_series(where, len(pages))}
    return [
        next((i for i, s in enumerate(rows) if not any((each, page) in back for each in s)), len(rows))
        for page, rows in enumerate(signed)
    ]


def _in_series(where: Sequence[int], count: int) -> Iterator[int]:
    """The pages that follow one another, or every other page, without a break: a line of the text may come back at
    its place by chance, a head does so on page after page."""
    known = set(where)
    for step in (1, 2):
        least = _OFTEN if count > _OFTEN + 1 or step == 2 else max(count - 1, 2)
        for first in sorted(known):
            if first - step not in known:
                series = list(takewhile(known.__contains__, range(first, count, step)))
                if len(series) >= least:
                    yield from series


def _signatures(row: Row, page: int) -> Iterator[_Returning]:
    """What a row has in common with others like it: each of its figures is the same or counts the pages."""
    place, figures = _place(row)
    counted = min(len(figures), _COUNTED)
    for mask in product((0, page), repeat=counted):
        yield place, tuple(f - m for f, m in zip(figures, mask, strict=False)) + figures[counted:]


def _place(row: Row) -> tuple[_Place, tuple[int, ...]]:
    text = " ".join(map(text_of, row))
    return (_FIGURES.sub("#", text), round(row[0].baseline)), tuple(map(int, _FIGURES.findall(text)))

"""Placed characters -> lines of text as they stand on the page: columns kept apart by blanks, gaps as blank lines."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

_SAME_LINE = 0.4  # of the character height: superscripts join the line, the next line never does
_COLUMN_GAP = 1.0  # of the character height: a wider gap separates columns, a narrower one words
_PRINTED_GAP = 2.0  # of the character height: the same, where a blank is printed in it (justified text)
_WORD_GAP = 0.13  # of the character height: a gap that is a blank even if no blank is printed
_EQUAL = 0.15  # of the character height: the gaps of a justified line differ by less
_BLANK_LINE = 1.3  # of the usual distance of lines: a greater distance is a blank line
_MOST_BLANK_LINES = 3
_WIDEST = 400  # columns; a page that claims to be wider is damaged
_UNPRINTED = "\x1f"  # stands in a run for a gap that no blank is printed in
_SPACED_OUT = re.compile(r"[^\W\d_](?:\x1f[^\W\d_]){5,}(?: \w(?:\x1f\w)*)*")


class Glyph(NamedTuple):
    """A character on an upright page: left and right edge, baseline (growing upwards), height.

    A printed blank (" ") and a gap that stands for one ("") have no place.
    """

    sign: str
    left: float
    right: float
    baseline: float
    height: float


@dataclass(slots=True)
class _Run:
    """Characters that follow each other on one baseline."""

    signs: list[str]
    left: float
    right: float
    baseline: float
    height: float


def page_lines(glyphs: Iterable[Glyph], others: Iterable[str] = ()) -> list[str]:
    """The lines of a page from top to bottom; `others` (text in other directions) stand last, one a line."""
    runs = _runs(glyphs)
    lines: list[str] = []
    if runs:
        rows = _rows(runs)
        margin = min(run.left for run in runs)
        width = _column_width(runs)
        usual = _usual_distance(rows)
        above: list[_Run] | None = None
        for row in rows:
            if above is not None:
                lines += [""] * _blank_lines(above, row, usual)
            lines.append(_row_text(row, margin, width))
            above = row
    for other in others:
        lines += ["", other]
    return lines


def _runs(glyphs: Iterable[Glyph]) -> list[_Run]:
    runs: list[_Run] = []
    run: _Run | None = None
    blank = printed = False
    for glyph in glyphs:
        if glyph.sign in ("", " "):
            blank = True
            printed = printed or glyph.sign == " "
            continue
        if run is not None and abs(glyph.baseline - run.baseline) < 0.05:
            gap = glyph.left - run.right
            size = max(run.height, glyph.height, 0.1)
            if -0.5 * size < gap < (_PRINTED_GAP if printed else _COLUMN_GAP) * size:
                if blank or gap > _WORD_GAP * 1.6 * size:
                    run.signs.append(" " if printed else _UNPRINTED)
                run.signs.append(glyph.sign)
                run.right = max(run.right, glyph.right)
                blank = printed = False
                continue
        run = _Run([glyph.sign], glyph.left, glyph.right, glyph.baseline, glyph.height)
        runs.append(run)
        blank = printed = False
    return runs


def _rows(runs: list[_Run]) -> list[list[_Run]]:
    """Runs that stand side by side, from top to bottom, each row from left to right; overprinted runs once."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: (-run.baseline, run.left)):
        if rows:
            first = rows[-1][0]
            if first.baseline - run.baseline <= _SAME_LINE * max(first.height, run.height):
                if not any(_is_overprint(run, other) for other in rows[-1]):
                    rows[-1].append(run)
                continue
        rows.append([run])
    for row in rows:
        row.sort(key=lambda run: run.left)
    return rows


def _is_overprint(run: _Run, other: _Run) -> bool:
    """Some programs print bold type as the same letters twice, a hair apart."""
    return (
        abs(run.left - other.left) < 0.15 * run.height
        and abs(run.right - other.right) < 0.15 * run.height
        and run.signs == other.signs
    )


def _column_width(runs: list[_Run]) -> float:
    """The width of one blank: that of an average character."""
    signs = sum(len(sign) for run in runs for sign in run.signs)
    return max(sum(run.right - run.left for run in runs) / max(signs, 1), 0.5)


def _usual_distance(rows: list[list[_Run]]) -> float:
    """The commonest distance of two lines of the page, or a guess from the height of its characters."""
    height = median(row[0].height for row in rows)
    distances = Counter(
        round(2 * distance) / 2
        for above, below in zip(rows, rows[1:], strict=False)
        if 0.6 * height < (distance := above[0].baseline - below[0].baseline) < 2.2 * height
    )
    if not distances:
        return float(height) * 1.1
    most = max(distances.values())
    return min(distance for distance, times in distances.items() if times * 2 > most)


def _blank_lines(above: list[_Run], below: list[_Run], usual: float) -> int:
    """How many blank lines stand between two rows: in proportion to the gap, so that a wider gap can be told."""
    height = max(run.height for run in above + below)
    distance = above[0].baseline - below[0].baseline
    if distance <= _BLANK_LINE * max(usual, height):
        return 0
    return min(max(round(distance / max(usual, height)) - 1, 1), _MOST_BLANK_LINES)


def _row_text(row: list[_Run], margin: float, width: float) -> str:
    line = ""
    right = margin
    justified = _is_justified(row)
    for run in row:
        column = min(round((run.left - margin) / width), _WIDEST)
        if not line:
            line = " " * column
        else:
            gap = run.left - right
            if gap >= _COLUMN_GAP * run.height and not justified:
                line = line.ljust(max(column, len(line) + 2))
            elif gap > _WORD_GAP * run.height:
                line += " "
        line += _run_text(run)
        right = run.right
    return line.rstrip()


def _is_justified(row: list[_Run]) -> bool:
    """Whether wide gaps are those of stretched words: equal, and no wider than a column of figures would have."""
    gaps = [right.left - left.right for left, right in zip(row, row[1:], strict=False)]
    height = row[0].height
    letters = sum(sign.isalpha() for run in row for sign in run.signs)
    return (
        len(gaps) >= 3
        and max(gaps) < _PRINTED_GAP * height
        and max(gaps) - min(gaps) < _EQUAL * height
        and letters >= 3 * len(row)
    )


def _run_text(run: _Run) -> str:
    """The characters of a run; spaced-out type ("P R O T O K O L L") is closed up where no blank is printed."""
    text = "".join(run.signs)
    if _SPACED_OUT.fullmatch(text):
        return text.replace(_UNPRINTED, "")
    return text.replace(_UNPRINTED, " ")

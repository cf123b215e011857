"""Placed characters -> lines of text as they stand on the page: columns kept apart by blanks, gaps as blank lines."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

_SAME_LINE = 0.4  # of the character height: superscripts join the line, the next line never does
COLUMN_GAP = 1.0  # of the character height: a wider gap separates columns, a narrower one words
_PRINTED_GAP = 2.0  # of the character height: the same, where a blank is printed in it (justified text)
_SAME_WIDTH = 0.02  # points: the widths of characters of a typewriter face differ by less
_TYPED = 4  # characters of one width in succession are of a typewriter face
_WORD_GAP = 0.13  # of the character height: a gap that is a blank even if no blank is printed
_EQUAL = 0.15  # of the character height: the gaps of a justified line differ by less
_BLANK_LINE = 1.3  # of the usual distance of lines: a greater distance is a blank line
_MOST_BLANK_LINES = 3
_SHORT = 0.8  # of the widest line: a shorter one may be the last of its paragraph
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
    bold: bool = False


@dataclass(slots=True)
class Run:
    """Characters that follow each other on one baseline. `order`: its turn among the runs of the page, as drawn;
    `bold`: how many of its signs are; `pitch`: how wide each is, 0 where they differ."""

    signs: list[str]
    left: float
    right: float
    baseline: float
    height: float
    order: int
    bold: int
    pitch: float


class Paper(NamedTuple):
    """The edges of a page, turned upright as its characters are, in points."""

    left: float
    bottom: float
    right: float
    top: float


Row = list[Run]
"""Runs side by side, from left to right."""


class PlacedLine(NamedTuple):
    """A line of a page, or a blank one (""): where its row stands, and whether all its letters are bold."""

    text: str
    baseline: float = 0.0
    bold: bool = False


class Frame(NamedTuple):
    """What rows are laid out in: where their text begins, how wide a character is, and how far apart lines stand."""

    margin: float
    width: float
    usual: float


def page_rows(glyphs: Iterable[Glyph]) -> list[Row]:
    """The rows of a page from top to bottom."""
    return rows_of(_runs(glyphs))


def rows_of(runs: Iterable[Run]) -> list[Row]:
    """Runs that stand side by side, from top to bottom, each row from left to right; overprinted runs once."""
    rows: list[Row] = []
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


def frame_of(rows: Sequence[Row]) -> Frame:
    """The frame of some rows, one at least."""
    return Frame(min(run.left for row in rows for run in row), _column_width(rows), usual_distance(rows))


def lines_of(rows: Sequence[Row], frame: Frame) -> list[PlacedLine]:
    """The lines of rows that stand below one another, blank lines where the gaps are wide."""
    lines: list[PlacedLine] = []
    above: Row | None = None
    for row in rows:
        if above is not None:
            lines += gap(above, row, frame)
        lines.append(PlacedLine(_row_text(row, frame), row[0].baseline, _is_bold(row)))
        above = row
    return lines


def gap(above: Row, below: Row, frame: Frame) -> list[PlacedLine]:
    """The blank lines between two rows: in proportion to the gap, so that a wider gap can be told."""
    height = max(run.height for run in above + below)
    usual = max(frame.usual, height)
    distance = above[0].baseline - below[0].baseline
    if distance <= _BLANK_LINE * usual:
        return []
    return [PlacedLine("")] * min(max(round(distance / usual) - 1, 1), _MOST_BLANK_LINES)


def begins_paragraph(before: Sequence[Row], after: Sequence[Row]) -> bool:
    """Whether rows on a new page, or in a new column, begin a paragraph, as far as type and places tell: bold lines
    follow others; or the last line before is short, and ends a sentence or a stretch of full lines, or what follows
    stands by itself as a heading does."""
    if not before or not after or after[0][0].signs[0][0].islower():
        return False
    if _is_bold(after[0]) and not _is_bold(before[-1]):
        return True
    left, right = min(row[0].left for row in before), max(row[-1].right for row in before)
    width = _SHORT * (right - left)
    last = before[-1][-1]
    if last.right - left >= width:
        return False
    full = len(before) > 1 and before[-2][-1].right - left >= width
    alone = len(after) > 1 and bool(gap(after[0], after[1], frame_of(after)))
    return full or alone or last.signs[-1][-1] in ".!?:"


def _runs(glyphs: Iterable[Glyph]) -> list[Run]:
    runs: list[Run] = []
    run: Run | None = None
    blank = printed = False
    for glyph in glyphs:
        if glyph.sign in ("", " "):
            blank = True
            printed = printed or glyph.sign == " "
            continue
        if run is not None and abs(glyph.baseline - run.baseline) < 0.05:
            between = glyph.left - run.right
            size = max(run.height, glyph.height, 0.1)
            if -0.5 * size < between < (_PRINTED_GAP if printed else COLUMN_GAP) * size:
                if blank or between > _WORD_GAP * 1.6 * size:
                    run.signs.append(_blanks(run, between) if printed else _UNPRINTED)
                run.signs.append(glyph.sign)
                if abs(glyph.right - glyph.left - run.pitch) > _SAME_WIDTH:
                    run.pitch = 0.0
                run.right = max(run.right, glyph.right)
                run.bold += glyph.bold
                blank = printed = False
                continue
        width = glyph.right - glyph.left
        run = Run(
            [glyph.sign], glyph.left, glyph.right, glyph.baseline, glyph.height, len(runs), int(glyph.bold), width
        )
        runs.append(run)
        blank = printed = False
    return runs


def _blanks(run: Run, between: float) -> str:
    """The blanks in a gap: pdfium tells one for many, but those of a typewriter face can be counted."""
    if run.pitch and len(run.signs) >= _TYPED:
        return " " * max(round(between / run.pitch), 1)
    return " "


def _is_overprint(run: Run, other: Run) -> bool:
    """Some programs print bold type as the same letters twice, a hair apart."""
    return (
        abs(run.left - other.left) < 0.15 * run.height
        and abs(run.right - other.right) < 0.15 * run.height
        and run.signs == other.signs
    )


def _column_width(rows: Sequence[Row]) -> float:
    """The width of one blank: that of an average character."""
    signs = sum(len(sign) for row in rows for run in row for sign in run.signs)
    return max(sum(run.right - run.left for row in rows for run in row) / max(signs, 1), 0.5)


def usual_distance(rows: Sequence[Row]) -> float:
    """The commonest distance of two rows, or a guess from the height of their characters."""
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


def _row_text(row: Row, frame: Frame) -> str:
    line = ""
    right = frame.margin
    justified = _is_justified(row)
    for run in row:
        column = min(round((run.left - frame.margin) / frame.width), _WIDEST)
        if not line:
            line = " " * column
        else:
            between = run.left - right
            if between >= COLUMN_GAP * run.height and not justified:
                line = line.ljust(max(column, len(line) + 2))
            elif between > _WORD_GAP * run.height:
                line += " "
        line += text_of(run)
        right = run.right
    return line.rstrip()


def _is_justified(row: Row) -> bool:
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


def _is_bold(row: Row) -> bool:
    """Whether every sign is bold; a lone mark beside bold words (a bullet, a dash) may be roman."""
    signs = sum(sign != _UNPRINTED and not sign.isspace() for run in row for sign in run.signs)
    return sum(run.bold for run in row) >= max(signs - 1, 1)


def text_of(run: Run) -> str:
    """The characters of a run; spaced-out type ("P R O T O K O L L") is closed up where no blank is printed."""
    text = "".join(run.signs)
    if _SPACED_OUT.fullmatch(text):
        return text.replace(_UNPRINTED, "")
    return text.replace(_UNPRINTED, " ")

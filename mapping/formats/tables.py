"""Tables of DOCX and HTML as lines of text: cells side by side, kept apart by blanks, as a PDF prints them."""

from collections.abc import Sequence
from dataclasses import dataclass

_WIDEST_COLUMN = 60
_GAP = 3
_MOST_COLUMNS = 100  # that a cell spans; more is a mistake of the page


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of a table cell, and how many columns it spans."""

    lines: tuple[str, ...]
    span: int = 1


def table_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The lines of a table. A column starts at the same place in every row, unless a wide cell pushes it right.

    A table of one column, as web pages use them for layout, gives the lines of its cells one after another.
    """
    if all(len(row) <= 1 for row in rows):
        return [line for row in rows for cell in row for line in cell.lines]
    widths: dict[int, int] = {}
    for row in rows:
        column = 0
        for cell in row:
            if cell.span == 1:
                widest = max(map(len, cell.lines), default=0)
                widths[column] = max(widths.get(column, 0), min(widest, _WIDEST_COLUMN))
            column += min(cell.span, _MOST_COLUMNS)
    return [line for row in rows for line in _row_lines(row, widths)]


def _row_lines(row: Sequence[Cell], widths: dict[int, int]) -> list[str]:
    placed: list[tuple[int, Cell]] = []
    column = start = 0
    for cell in row:
        placed.append((start, cell))
        for _ in range(min(cell.span, _MOST_COLUMNS)):
            width = widths.get(column, 0)
            start += width + _GAP if width else 0
            column += 1
    lines: list[str] = []
    while placed := [(start, cell) for start, cell in placed if len(cell.lines) > len(lines)]:
        line = ""
        for start, cell in placed:
            if part := cell.lines[len(lines)]:
                line = line.ljust(max(start, len(line) + _GAP if line.strip() else 0)) + part
        lines.append(line.rstrip())
    return lines

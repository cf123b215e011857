"""Rows of an annual report's tables under a head that was read: labels, cells, and which cells are certain.

Three prints of one table are met: columns kept apart by blanks (layout), a row on one line with a blank between its
cells, and every cell on a line of its own."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mapping.annual_cells import Cell, Way, groups_of, may_end_label, number_of, placings, values_at_end, ways
from mapping.annual_columns import Column, Head
from mapping.flow import Flow, flow
from mapping.lexicon import lexicon
from mapping.records import Quote
from mapping.rows import Row
from mapping.text import Line, Span

_LABEL_ROWS = 5
_UNFINISHED = re.compile(r"\b(?:i|på|för|av|och|till|med|om|som|inom|från|per)$")
_SENTENCE = 70
_AMOUNTS = ("budgeted", "outcome", "previousOutcome")
_FACTOR = 8  # a measure changes less from year to year, a figure put together wrongly is off by a thousand


@dataclass(frozen=True, slots=True)
class TableRow:
    """`cells`: what stands in the columns that the model holds; `certain`: "stated", "inferred", or "open" where the
    columns of what is printed cannot be told, so that no cell is given."""

    label: Flow
    cells: tuple[tuple[str, Quote], ...]
    certain: str
    end: int

    @property
    def span(self) -> Span:
        return Span(self.label.offsets[0], max(self.end, self.label.offsets[-1] + 1))


Stops = Callable[[Sequence[Row], int], bool]
_Piece = tuple[Line, Cell]


@dataclass(slots=True)
class _Table:
    head: Head
    made: list[TableRow] = field(default_factory=list)
    label: list[Line] = field(default_factory=list)
    pending: list[_Piece] = field(default_factory=list)

    def close(self, cells: Sequence[tuple[str, Quote]], certain: str, end: int) -> None:
        label = flow(self.label)
        if label:
            self.made.append(TableRow(label, tuple(cells), certain, end))
        self.label, self.pending = [], []

    def leave_open(self) -> None:
        """A row whose cells do not come out: told by its label only."""
        if self.pending:
            self.close((), "open", self.pending[-1][0].end)


def read_rows(rows: Sequence[Row], index: int, head: Head, stops: Stops) -> tuple[list[TableRow], int]:
    """(the rows of a table whose head stands before `index`, the row at which it ends). `stops`: whether a row
    begins something else."""
    table = _Table(head)
    while index < len(rows) and not stops(rows, index):
        row = rows[index]
        taken = (head.spaced and _spaced_row(table, row)) or _plain_row(table, row) or _text_row(table, rows, index)
        if not taken:
            break
        index += 1
    table.leave_open()
    return table.made, index - len(table.label) if table.label else index


def _spaced_row(table: _Table, row: Row) -> bool:
    """A row whose cells stand below their columns' heads."""
    text = row.line.text
    chunks = [match.span() for match in re.finditer(r"\S+(?: \S+)*", text)]
    if table.head.words is not None:
        chunks = [chunk for chunk in chunks if chunk[0] < table.head.words - 1]
        if not chunks:
            return bool(table.made)  # a comment goes on
    begins = min(column.start for column in table.head.columns)
    label = chunks[:1] if chunks[0][0] < begins - 1 and not _one_cell(text, chunks[0]) else []
    values = chunks[len(label) :]
    columns = table.head.columns
    told = sum(1 for chunk in values if _one_cell(text, chunk))
    # Where every column has something, a word in one of them ("minska") puts no figure in doubt.
    if not told or (told < len(values) and (len(values) != len(columns) or told * 2 < len(values))):
        return False
    if len(values) == len(columns):
        placed: list[Column] | None = list(columns)
    else:
        placed = _below(values, columns)
    if label:
        if table.label and row.gap:
            table.label = []
        table.label.append(_line(row, *label[0]))
    if not table.label:
        return False
    cells = []
    for (start, end), column in zip(values, placed or (), strict=False):
        cell = _one_cell(text, (start, end))
        if cell and cell.kind == "figure" and column.role and column.role != "period":
            cells.append((column.role, _quote(row.line, start, end)))
    table.close(cells, "stated" if placed else "open", row.line.start + len(text.rstrip()))
    return True


def _one_cell(text: str, chunk: tuple[int, int]) -> Cell | None:
    found = groups_of(text[: chunk[1]], chunk[0])
    made = ways(found, 1) if found else []
    return made[0][0] if len(made) == 1 else None


def _below(values: Sequence[tuple[int, int]], columns: Sequence[Column]) -> list[Column] | None:
    """The column below whose head each value stands, each another and in their order; None where one is in doubt."""
    placed: list[Column] = []
    for start, end in values:
        over = [c for c in columns if start < c.end + 1 and end > c.start - 1]
        if len(over) != 1 or (placed and over[0].start <= placed[-1].start):
            return None
        placed.append(over[0])
    return placed


def _plain_row(table: _Table, row: Row) -> bool:
    """A row that ends in cells, or holds nothing but cells."""
    text = row.line.text.rstrip()
    begins = values_at_end(text)
    if begins == len(text):
        return False
    alone = not text[:begins].strip()
    if alone:
        return bool(table.label) and _cells_alone(table, row, text)
    table.leave_open()
    if table.label and row.gap:
        table.label = []
    if _in_a_sentence(text[:begins]):
        return False
    groups = groups_of(text, begins) or []
    columns = len(table.head.columns)
    found: list[tuple[int, Way]] = []
    for first, group in enumerate(groups):
        if first and not may_end_label(groups[first - 1].text):
            break
        found += [(group.start, way) for way in ways(groups[first:], columns)]
    way = _chosen(table.head, [each for _, each in found], text)
    if way is None and len(found) > 1:
        way = _agreed(table.head, [each for _, each in found], text)
    if way is not None:
        start = next((at for at, each in found if each is way), begins)
        table.label.append(_line(row, 0, start))
        _take(table, way, row.line, "stated" if len(found) == 1 else "inferred")
        return True
    if len([group for group in groups if group.kind != "unit"]) < 2:
        return False
    fewer = _agreed(table.head, placings(groups, columns), text) if table.head.kind == "budget" else None
    table.label.append(_line(row, 0, begins))
    if fewer is not None:
        _take(table, fewer, row.line, "inferred")
    else:
        table.close((), "open", row.line.start + len(text))
    return True


def _in_a_sentence(label: str) -> bool:
    """Whether what stands before some figures is no label but the beginning of a sentence ("minskade till")."""
    return bool(re.search(rf"(?<!\w){lexicon('annual_report')['cells']['no_label']}\s*$", label))


def _chosen(head: Head, found: Sequence[Way], text: str) -> Way | None:
    """The only way to read a row, or the only one that the figures bear out: budget, outcome and deviation agree, or
    the figures of an indicator are of one size ("simhallen 84 310 79 122" is no 84 and 310)."""
    kept = list(found)
    if len(kept) > 1 and head.kind == "budget":
        kept = [way for way in kept if _balanced(head, way, text)]
    if len(kept) > 1:
        kept = [way for way in kept if _of_one_size(head, way, text)]
    return kept[0] if len(kept) == 1 else None


def _of_one_size(head: Head, way: Way, text: str) -> bool:
    """Whether the figures of a row are within a factor of one another."""
    sized = [
        cell
        for column, cell in zip(head.columns, way, strict=True)
        if cell and cell.kind == "figure" and (head.kind == "indicators" or column.role in _AMOUNTS)
    ]
    sizes = [abs(number_of(text[cell.start : cell.end]) or Decimal(0)) for cell in sized]
    return len(sizes) > 1 and 0 < max(sizes) <= _FACTOR * min(sizes)


def _agreed(head: Head, found: Sequence[Way], text: str) -> Way | None:
    """The cells that stand in one column in every way in which budget, outcome and deviation agree."""
    kept = [way for way in found if _balanced(head, way, text)]
    if not kept:
        return None
    return tuple(cells[0] if len(set(cells)) == 1 else None for cells in zip(*kept, strict=True))


def _balanced(head: Head, way: Way, text: str) -> bool:
    """Whether a row's deviation is the difference of its budget and its outcome, none of these three left out."""
    cells = {column.role: cell for column, cell in zip(head.columns, way, strict=True) if column.role}
    values = []
    for role in ("budgeted", "outcome", "budgetDeviation"):
        cell = cells.get(role)
        value = number_of(text[cell.start : cell.end]) if cell else None
        if value is None:
            return False
        values.append(value)
    budget, outcome, deviation = values
    # A table of rounded figures may be off by one in the last place.
    places = min((value.as_tuple().exponent for value in values), key=int)
    return abs(abs(budget - outcome) - abs(deviation)) <= Decimal(1).scaleb(int(places)) and bool(budget or outcome)


def _cells_alone(table: _Table, row: Row, text: str) -> bool:
    groups = groups_of(text)
    if groups is None:
        return False
    columns = len(table.head.columns)
    if not table.pending:
        leading = len(text) - len(text.lstrip())
        for first in dict.fromkeys((0, leading)):
            found = ways(groups, columns, first_blanks=first)
            way = _chosen(table.head, found, text)
            if way is not None:
                _take(table, way, row.line, "stated" if len(found) == 1 else "inferred")
                return True
    one = ways(groups, 1)
    if len(one) != 1 or one[0][0] is None:
        if len(groups) > 1:
            table.pending.append((row.line, Cell(groups[0].start, groups[-1].end, "word")))
            table.leave_open()
            return True
        return False
    table.pending.append((row.line, one[0][0]))
    if len(table.pending) == columns:
        cells = [
            (column.role, _quote(line, cell.start, cell.end))
            for column, (line, cell) in zip(table.head.columns, table.pending, strict=True)
            if cell.kind == "figure" and column.role and column.role != "period"
        ]
        table.close(cells, "stated", row.line.start + len(text))
    return True


def _take(table: _Table, way: Way, line: Line, certain: str) -> None:
    cells = [
        (column.role, _quote(line, cell.start, cell.end))
        for column, cell in zip(table.head.columns, way, strict=True)
        if cell is not None and cell.kind == "figure" and column.role and column.role != "period"
    ]
    table.close(cells, certain, line.start + len(line.text.rstrip()))


def _text_row(table: _Table, rows: Sequence[Row], index: int) -> bool:
    """A row without cells: more of the label above it, or the beginning of the next label; False ends the table."""
    row = rows[index]
    table.leave_open()
    last = table.made[-1] if table.made and not table.label and not row.gap else None
    short = len(row.text) < _SENTENCE and not row.text.endswith(".")
    goes_on = last and (_goes_on(row.text) or _UNFINISHED.search(last.label.text))
    if last and goes_on and short and last.label.offsets[-1] < row.line.start:
        table.made[-1] = replace(last, label=_longer(last.label, row), end=row.line.end)
        return True
    if table.label and row.gap:
        return False
    if len(table.label) >= _LABEL_ROWS or len(row.text) > 110 or row.text.endswith((".", ":", "!", "?")):
        return False
    if not _values_follow(rows, index):
        return False
    table.label.append(row.line)
    return True


def _goes_on(text: str) -> bool:
    return text[0].islower() or text[0] == "(" or text[0].isdigit()


def _values_follow(rows: Sequence[Row], index: int) -> bool:
    """Whether figures come soon: a label is followed by its cells."""
    return any(re.search(r"\d|[-–—]$", row.text) for row in rows[index + 1 : index + 1 + _LABEL_ROWS])


def _longer(label: Flow, row: Row) -> Flow:
    more = flow((row.line,))
    if label.text.endswith("-") and label.text[-2:-1].islower() and more.text[:1].islower():
        return Flow(f"{label.text[:-1]}{more.text}", (*label.offsets[:-1], *more.offsets))
    return Flow(f"{label.text} {more.text}", (*label.offsets, row.line.start, *more.offsets))


def _line(row: Row, start: int, end: int) -> Line:
    return Line(row.line.text[start:end], row.line.start + start)


def _quote(line: Line, start: int, end: int) -> Quote:
    return flow((Line(line.text[start:end], line.start + start),)).quote()

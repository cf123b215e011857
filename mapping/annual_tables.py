"""The indicator tables of annual reports, cell by cell."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.annual_activities import read_analysis
from mapping.annual_cells import Way, groups_of, is_unit, ways
from mapping.annual_columns import Head, table_head
from mapping.annual_found import Found, begins_other, ends_table, is_activity_table
from mapping.annual_goals import head_of
from mapping.annual_rows import TableRow, read_rows
from mapping.broken_words import cell_flow
from mapping.flow import Flow
from mapping.lexicon import lexicon
from mapping.records import Indicator, Quote
from mapping.rows import Row, paragraphs
from mapping.text import Line, Span

_CELLS = re.compile(r"(?:-?\d[\d ,.]*\s?%?|Tas fram\b)(?:\s|$)")
_YEAR_END = re.compile(r"(?:^|\s)(?P<year>(?:19|20)\d\d)\s*$")
_UPRIGHT = re.compile(r"(?P<value>-?\d+(?:,\d+)?)\s(?P<unit>[a-zåäöA-Z%].*)$")
_REACH = 14  # rows that the head of Stockholm's indicator table takes


def without_running_heads(rows: Sequence[Row]) -> tuple[tuple[Row, ...], frozenset[int]]:
    """(rows without table heads that a page break put inside an entry, the starts of their lines).

    Such a head repeats the one before it under the same goal, and an entry goes on below it: only new entries are
    indented."""
    tables = lexicon("annual_report")["tables"]
    kept: list[Row] = []
    dropped: set[int] = set()
    last = ""
    index = 0
    while index < len(rows):
        kind = next((k for k in ("activities", "indicators") if re.match(tables[k] + r"\s*$", rows[index].text)), "")
        length = _head_length(rows, index) if kind else 0
        below = rows[index + length] if length and index + length < len(rows) else None
        if kind and kind == last and below is not None and not below.line.text.startswith("  "):
            dropped |= {row.line.start for row in rows[index : index + length]}
            index += length
            continue
        if kind:
            last = kind
        elif head_of(rows[index]):
            last = ""
        kept.append(rows[index])
        index += 1
    return tuple(kept), frozenset(dropped)


def _head_length(rows: Sequence[Row], index: int) -> int:
    """How many rows a table's head takes; 0 where the columns do not end within reach."""
    if is_activity_table(rows[index]):
        return 1
    ends = lexicon("annual_report")["tables"]["column_heads_end"]
    found = (at for at in range(index, min(index + _REACH, len(rows))) if re.search(ends, rows[at].text))
    return next(found, index - 1) - index + 1


def read_indicator_table(rows: Sequence[Row], index: int, head: Head, found: Found) -> int:
    """A table whose rows end with no period: indicators of the goal it stands under; the row behind it."""
    found.heads |= {row.line.start for row in rows[index : index + head.rows]}
    made, end = read_rows(rows, index + head.rows, head, ends_table)
    period = str(head.year) if head.year else None
    found.open += [row.span for row in made if row.certain == "open"]
    for row in made:
        found.indicators.append(_told(row, found.goal, period))
    return max(end, index + head.rows)


def _told(row: TableRow, goal: str | None, period: str | None) -> Indicator:
    per_cent = any(quote.text.endswith("%") for _, quote in row.cells)
    return Indicator(
        row.label.text,
        row.span,
        goal,
        row.cells,
        "%" if per_cent else None,
        period,
        inferred=row.certain == "inferred",
    )


def columns_of(rows: Sequence[Row], index: int, year: int | None) -> tuple[list[str], int] | None:
    """(the columns of a table whose last is the period, rows of its head); None where there is no such head."""
    head = table_head(rows[index : index + _REACH], 0, year)
    roles = [column.role for column in head.columns] if head else []
    if head is not None and roles[-1] == "period":
        return roles[:-1], head.rows
    length = _head_length(rows, index)
    return (list(lexicon("annual_report")["tables"]["columns"]), length) if length else None


def read_indicators(rows: Sequence[Row], index: int, columns: Sequence[str], length: int, found: Found) -> int:
    """Rows of an indicator table that end with a period: a label over some lines, then its cells up to the year."""
    found.heads |= {row.line.start for row in rows[index : index + length]}
    index += length
    label: list[Row] = []
    while index < len(rows):
        row = rows[index]
        if begins_other(rows, index):
            return index
        if row.text == "Analys":
            index, analysis = read_analysis(rows, index + 1)
            last = found.indicators[-1] if found.indicators else None
            if last and analysis is not None and not label and "analysis" not in dict(last.cells):
                found.indicators[-1] = replace(last, cells=(*last.cells, ("analysis", analysis)))
                found.places.append((analysis.span.start, "indicator", len(found.indicators) - 1))
                found.back_to_goal(analysis.span.end)
            continue
        upright = _upright(label, rows, index, columns, found.goal) if label and row.gap else None
        if upright is not None:
            found.indicators.append(upright[0])
            label, index = [], upright[1]
            continue
        beside = _label_beside_cells(rows, index, columns) if not label else None
        if (label and _CELLS.match(row.text)) or beside is not None:
            first = beside or row
            used = _cell_rows((first, *rows[index + 1 : index + 8]))
            if used:
                named = label or [_part(row, 0, row.text.index(first.text))]
                made = _indicator(named, (first, *rows[index + 1 : index + used]), columns, found.goal)
                found.indicators.append(made)
                if not made.cells and re.search(r"\d", first.text[: -len("2024")]):
                    found.open.append(made.span)
                label = []
                index += used
                continue
        if not label and not (row.line.text.startswith("  ") or row.gap):
            return index
        label.append(row)
        if len(label) > 10:
            found.tables.append((label[0].line.start, row.line.end))
            return index
        index += 1
    return index


def _upright(
    label: Sequence[Row], rows: Sequence[Row], index: int, columns: Sequence[str], goal: str | None
) -> tuple[Indicator, int] | None:
    """An indicator whose cells stand below each other, a paragraph each ("2,5 kg per måltid"), and
    the row behind it. Blanks before a cell are the empty cells before it."""
    cells: list[tuple[Row, ...]] = []
    at = index
    for paragraph in paragraphs(rows[index : index + 40]):
        first = paragraph[0]
        cells += [()] * (len(first.line.text) - len(first.line.text.lstrip()))
        cells.append(paragraph)
        at += len(paragraph)
        if len(cells) > len(columns) or not first.text[0].isdigit():
            break
    year = _YEAR_END.fullmatch(cells[-1][0].text) if cells and cells[-1] else None
    if len(cells) != len(columns) + 1 or year is None:
        return None
    values: list[tuple[str, Quote]] = []
    unit = None
    for column, lines in zip(columns, cells, strict=False):
        stretch = cell_flow(row.line for row in lines)
        match = _UPRIGHT.match(stretch.text)
        if lines and match is None:
            return None
        if match is not None:
            values.append((column, stretch.quote(*match.span("value"))))
            unit = unit or match.group("unit")
    name = cell_flow(row.line for row in label)
    span = Span(name.span().start, cells[-1][-1].line.end)
    return Indicator(name.text, span, goal, tuple(values), unit, year.group("year")), at


def _part(row: Row, start: int, end: int | None = None) -> Row:
    """A stretch of a row as a row of its own."""
    return replace(row, line=Line(row.text[start:end], row.start + start), text=row.text[start:end].strip())


def _label_beside_cells(rows: Sequence[Row], index: int, columns: Sequence[str]) -> Row | None:
    """The cells of a row that holds a short label and its cells on one line ("Sjukfrånvaro 5,9 % …")."""
    row = rows[index]
    for match in re.finditer(r"(?<=[\wåäö)]) (?=-?\d)", row.text):
        cells = _part(row, match.end())
        used = _cell_rows((cells, *rows[index + 1 : index + 8]))
        if used and _read_cells((cells, *rows[index + 1 : index + used]), columns):
            return cells
    return None


def _cell_rows(rows: Sequence[Row]) -> int:
    """How many rows hold the cells of one indicator: up to the year of the period; 0 where there are none."""
    joined = ""
    for used, row in enumerate(rows[:7], 1):
        part = row.line.text.strip()
        joined = f"{joined} {part}" if joined else part
        if used < len(rows) and is_unit(rows[used].text):
            continue  # "1945" and below it "GWh" is no year
        if _YEAR_END.search(joined) and (used == 1 or not _CELLS.match(part) or _YEAR_END.match(part)):
            return used
    return 0


def cells_of(printed: str, columns: int, leading: int = 0) -> tuple[Way, bool] | None:
    """(the cells of a printed row with so many columns, whether they are inferred); empty ones are None.

    One blank parts two cells, one blank more is an empty cell; `leading`: blanks before the first. Where blanks tell
    of more cells than there are columns, those before the period tell nothing: the cells left of them are
    inferred."""
    groups = groups_of(printed)
    if not groups or not re.search(r"(?:19|20)\d\d$", groups[-1].text):
        return None
    for first in dict.fromkeys((0, leading)):
        found = ways(groups, columns, first_blanks=first)
        if len(found) == 1:
            return found[0], False
    if groups[-1].blanks > 1:
        found = [way for count in range(1, columns) for way in ways(groups[:-1], count, first_blanks=0)]
        if len(found) == 1:
            return (*found[0], *((None,) * (columns - len(found[0])))), True
    return None


def _read_cells(rows: Sequence[Row], columns: Sequence[str]) -> tuple[list[tuple[str, Quote]], bool] | None:
    """(the figures of some rows by column, whether they are inferred)."""
    text, offsets = "", list[int]()
    for row in rows:
        part = row.line.text.strip()
        at = row.line.start + row.line.text.index(part)
        if text:
            # "nämnd/s" and on the next line "tyrelse"
            joint = "" if text.endswith("/s") else " "
            text, offsets = text + joint, [*offsets, *([at] * len(joint))]
        text, offsets = text + part, [*offsets, *range(at, at + len(part))]
    first = rows[0].line.text
    leading = len(first) - len(first.lstrip())
    told = cells_of(text, len(columns) + 1, leading)
    if told is None:
        return None
    cells = []
    for column, cell in zip(columns, told[0], strict=False):
        if cell is not None and cell.kind == "figure" and column:
            cells.append((column, Flow(text, tuple(offsets)).quote(cell.start, cell.end)))
    return cells, told[1]


def _indicator(label: Sequence[Row], rows: Sequence[Row], columns: Sequence[str], goal: str | None) -> Indicator:
    name = cell_flow(row.line for row in label)
    span = Span(name.span().start, rows[-1].line.start + len(rows[-1].line.text.rstrip()))
    told = _read_cells(rows, columns)
    cells = told[0] if told else []
    year = _YEAR_END.search(rows[-1].text)
    units = {match.group() for _, quote in cells if (match := re.search(r"[^\d\s,.]+$", quote.text))}
    return Indicator(
        name.text,
        span,
        goal,
        tuple(cells),
        units.pop() if len(units) == 1 else None,
        year.group("year") if year else None,
        inferred=bool(told and told[1]),
    )

"""The tables of annual reports: activities with their dates, indicators cell by cell."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from mapping.flow import flow
from mapping.lexicon import lexicon
from mapping.points import as_quote
from mapping.records import Goal, GoalActivity, Indicator, Quote
from mapping.structure import Row, paragraphs
from mapping.text import Line, Span

_DATES = re.compile(
    r"(?:^|\s)(?P<start>\d{4}-\d\d-\d\d)\s+(?P<end>\d{4}-\d\d-\d\d)\s*(?P<deviation>Ja|Nej|Avvikelse)?\s*$"
)
_CELLS = re.compile(r"(?:\d[\d ,.]*\s?%?|Tas fram\b)(?:\s|$)")
_PERIOD = re.compile(r"(?:VB|T[12]|Tertial [12]) ?(?P<year>(?:19|20)\d\d)$")  # the report that the figure is of
_YEAR_END = re.compile(r"(?:^|\s)(?P<year>(?:19|20)\d\d)\s*$")
_UPRIGHT = re.compile(r"(?P<value>-?\d+(?:,\d+)?)\s(?P<unit>[a-zåäöA-Z%].*)$")
_VALUE = re.compile(r"-?\d+(?:,\d+)?\s?(?P<unit>%)?$")


@dataclass(slots=True)
class Tables:
    """What a report has given so far. `tables`: stretches (start, end) that should have been read and were not;
    `heads`: starts of lines of table heads; `goal`: the number of the goal that what follows stands under."""

    goals: dict[str, Goal] = field(default_factory=dict)
    activities: list[GoalActivity] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    tables: list[tuple[int, int]] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)
    goal: str | None = None


@cache
def goal_head() -> re.Pattern[str]:
    """Matches a goal's head line: a group named after the level that matched, `number`, `title`."""
    levels: dict[str, list[str]] = lexicon("annual_report")["goal"]
    named = "|".join(f"(?P<{level.replace('-', '_')}>{'|'.join(entries)})" for level, entries in levels.items())
    return re.compile(rf"(?:{named})\s*:?\s*(?P<number>\d{{1,2}}(?:\.\d{{1,2}})*)\.?:?\s+(?P<title>\S.*)")


def offset_in(row: Row, offset: int) -> int:
    """The canonical offset of a position in a row's stripped text."""
    return row.line.start + row.line.text.index(row.text[0]) + offset


def read_activities(rows: Sequence[Row], index: int, read: Tables) -> int:
    """Rows of an activity table: a title, its two dates and a deviation, then perhaps an analysis."""
    title: list[Row] = []
    while index < len(rows):
        row = rows[index]
        if goal_head().match(row.text) or re.match(lexicon("annual_report")["tables"]["indicators"], row.text):
            return index
        if re.match(lexicon("annual_report")["tables"]["activities"] + r"\s*$", row.text):
            index += 1
            continue
        dates = _DATES.search(row.text)
        if dates is not None:
            head = [*title, row] if dates.start() > 0 or not title else title
            made = _activity(head, row, dates, read.goal)
            if made is not None:
                read.activities.append(made)
            title = []
        elif row.text == "Analys":
            index, analysis = _analysis(rows, index + 1)
            if read.activities and analysis is not None:
                read.activities[-1] = replace(read.activities[-1], analysis=analysis)
            continue
        else:
            title.append(row)
            if len(title) > 12:
                read.tables.append((title[0].line.start, row.line.end))
                return index + 1
        index += 1
    return index


def _activity(title: Sequence[Row], row: Row, dates: re.Match[str], goal: str | None) -> GoalActivity | None:
    whole = flow(r.line for r in title)
    printed = whole.part(0, len(whole.text) - (len(row.text) - dates.start()) if title[-1] is row else None)
    if not printed:
        return None
    deviation = dates.group("deviation")
    span = Span(printed.span().start, row.line.start + len(row.line.text.rstrip()))
    return GoalActivity(
        printed.text,
        span,
        goal,
        iso_date(dates.group("start")),
        iso_date(dates.group("end")),
        deviation != "Nej" if deviation else None,
    )


def iso_date(printed: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(printed)
    except ValueError:
        return None  # "2023-02-30" is printed, but is no day


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
        elif goal_head().match(rows[index].text):
            last = ""
        kept.append(rows[index])
        index += 1
    return tuple(kept), frozenset(dropped)


def _head_length(rows: Sequence[Row], index: int) -> int:
    """How many rows a table's head takes; 0 where the columns do not end within reach."""
    tables = lexicon("annual_report")["tables"]
    if re.match(tables["activities"] + r"\s*$", rows[index].text):
        return 1
    found = (
        at for at in range(index, min(index + 14, len(rows))) if re.search(tables["column_heads_end"], rows[at].text)
    )
    return next(found, index - 1) - index + 1


def _analysis(rows: Sequence[Row], index: int) -> tuple[int, Quote | None]:
    """The text under "Analys": up to an indented row behind a break, a table's or a goal's head."""
    start = index
    tables = lexicon("annual_report")["tables"]
    while index < len(rows):
        row = rows[index]
        stops = (
            goal_head().match(row.text)
            or re.match(tables["activities"] + r"\s*$", row.text)
            or re.match(tables["indicators"], row.text)
        )
        if stops or (index > start and row.gap and row.line.text.startswith("  ")):
            break
        if index > start and row.gap and row.text[0].isupper() and len(row.text) < 60 and not row.text.endswith("."):
            break
        index += 1
    return index, as_quote(rows[start:index])


def read_indicators(rows: Sequence[Row], index: int, read: Tables) -> int:
    """Rows of an indicator table: a label over some lines, then its cells up to the period's year."""
    tables = lexicon("annual_report")["tables"]
    limit = index + 14
    start = index
    while index < min(limit, len(rows)) and not re.search(tables["column_heads_end"], rows[index].text):
        index += 1
    index += 1
    read.heads |= {row.line.start for row in rows[start - 1 : index]}
    label: list[Row] = []
    while index < len(rows):
        row = rows[index]
        if any(re.match(head, row.text) for head in (goal_head(), tables["activities"], tables["indicators"])):
            return index
        if row.text == "Analys":
            index, analysis = _analysis(rows, index + 1)
            if read.indicators and analysis is not None and not label:
                last = read.indicators[-1]
                read.indicators[-1] = replace(last, cells=(*last.cells, ("analysis", analysis)))
            continue
        upright = _upright(label, rows, index, read.goal) if label and row.gap else None
        if upright is not None:
            read.indicators.append(upright[0])
            label, index = [], upright[1]
            continue
        beside = _label_beside_cells(rows, index) if not label else None
        if (label and _CELLS.match(row.text)) or beside is not None:
            first = beside or row
            used, cells = _cell_rows((first, *rows[index + 1 : index + 8]), 0)
            if used:
                named = label or [_part(row, 0, row.text.index(first.text))]
                read.indicators.append(_indicator(named, (first, *rows[index + 1 : index + used]), cells, read.goal))
                if not read.indicators[-1].cells:
                    read.tables.append((row.line.start, rows[index + used - 1].line.end))
                label = []
                index += used
                continue
        if not label and not (row.line.text.startswith("  ") or row.gap):
            return index
        label.append(row)
        if len(label) > 10:
            read.tables.append((label[0].line.start, row.line.end))
            return index
        index += 1
    return index


def _upright(label: Sequence[Row], rows: Sequence[Row], index: int, goal: str | None) -> tuple[Indicator, int] | None:
    """An indicator whose cells stand below each other, a paragraph each ("2,5 kg per måltid"), and
    the row behind it. Blanks before a cell are the empty cells before it."""
    columns: list[str] = lexicon("annual_report")["tables"]["columns"]
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
        stretch = flow(row.line for row in lines)
        match = _UPRIGHT.match(stretch.text)
        if lines and match is None:
            return None
        if match is not None:
            values.append((column, stretch.quote(*match.span("value"))))
            unit = unit or match.group("unit")
    name = flow(row.line for row in label)
    span = Span(name.span().start, cells[-1][-1].line.end)
    return Indicator(name.text, span, goal, tuple(values), unit, year.group("year")), at


def _part(row: Row, start: int, end: int | None = None) -> Row:
    """A stretch of a row as a row of its own."""
    return replace(row, line=Line(row.text[start:end], offset_in(row, start)), text=row.text[start:end].strip())


def _label_beside_cells(rows: Sequence[Row], index: int) -> Row | None:
    """The cells of a row that holds a short label and its cells on one line ("Sjukfrånvaro 5,9 % …")."""
    row = rows[index]
    for match in re.finditer(r"(?<=[\wåäö)]) (?=-?\d)", row.text):
        cells = _part(row, match.end())
        used, printed = _cell_rows((cells, *rows[index + 1 : index + 8]), 0)
        if used and cells_of(printed) is not None:
            return cells
    return None


def _cell_rows(rows: Sequence[Row], index: int) -> tuple[int, str]:
    """(rows that hold the cells of one indicator, their text with its blanks): up to the year of the period."""
    joined = ""
    for used in range(1, 8):
        if index + used > len(rows):
            break
        part = rows[index + used - 1].line.text.strip("\n").strip()
        joined = f"{joined} {part}" if joined else part
        if _YEAR_END.search(joined) and (used == 1 or not _CELLS.match(part) or _YEAR_END.match(part)):
            return used, joined
    return 0, ""


def cells_of(printed: str) -> list[str] | None:
    """The cells of a printed row, empty ones as "": one blank parts two cells, one blank more an empty cell.

    None where the row does not come out with as many cells as the table has columns."""
    columns = len(lexicon("annual_report")["tables"]["columns"])
    text = _PERIOD.sub(lambda m: m.group("year"), re.sub(r"(?<=\d) %", "%", printed))
    for phrase in sorted(lexicon("annual_report")["tables"]["no_value"], key=len, reverse=True):
        text = re.sub(rf"(?<=\s){phrase}(?=\s)", "∅", text)
    cells = text.split(" ")
    return cells if len(cells) == columns + 1 else None


def _indicator(label: Sequence[Row], rows: Sequence[Row], printed: str, goal: str | None) -> Indicator:
    name = flow(row.line for row in label)
    span = Span(name.span().start, rows[-1].line.start + len(rows[-1].line.text.rstrip()))
    cells = cells_of(printed)
    year = _YEAR_END.search(printed)
    return Indicator(
        name.text,
        span,
        goal,
        tuple(_values(cells, rows)) if cells else (),
        "%" if cells and any(cell.endswith("%") for cell in cells) else None,
        year.group("year") if year else None,
    )


def _values(cells: Sequence[str], rows: Sequence[Row]) -> Iterator[tuple[str, Quote]]:
    whole = flow(row.line for row in rows)
    at = 0
    for column, cell in zip(lexicon("annual_report")["tables"]["columns"], cells, strict=False):
        if not _VALUE.match(cell):
            continue
        match = re.compile(re.escape(cell).replace("%", r"\s?%")).search(whole.text, at)
        if match is not None:
            yield column, whole.quote(*match.span())
            at = match.end()

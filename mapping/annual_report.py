"""Annual reports (verksamhetsberättelser): goals with level and fulfilment, activities, indicator rows."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from mapping.account import account_of
from mapping.actors import Known
from mapping.flow import flow
from mapping.lexicon import lexicon
from mapping.people import people
from mapping.points import as_quote
from mapping.records import AnnualReport, DocumentRecord, Goal, GoalActivity, Indicator, Quote, RegistryRef
from mapping.registry_numbers import find
from mapping.setting import setting
from mapping.structure import Layout, Row
from mapping.text import Line, Span, Text

_DATES = re.compile(r"(?:^|\s)(?P<start>\d{4}-\d\d-\d\d)\s+(?P<end>\d{4}-\d\d-\d\d)\s*(?P<deviation>Ja|Nej)?\s*$")
_CELLS = re.compile(r"(?:\d[\d ,.]*\s?%?|Tas fram\b)(?:\s|$)")
_PERIOD = re.compile(r"(?:VB|T[12]|Tertial [12]) ?(?P<year>(?:19|20)\d\d)$")  # the report that the figure is of
_YEAR_END = re.compile(r"(?:^|\s)(?P<year>(?:19|20)\d\d)\s*$")
_VALUE = re.compile(r"-?\d+(?:,\d+)?\s?(?P<unit>%)?$")
_TITLE_YEAR = re.compile(
    r"(?:[Vv]erksamhetsberättelse|[Åå]rsredovisning|[Vv]erksamhetsåret|budget för|[Uu]nder)\s+(?:för\s+)?"
    r"(?P<year>(?:19|20)\d\d)"
)


@dataclass(slots=True)
class _Read:
    goals: dict[str, Goal] = field(default_factory=dict)
    activities: list[GoalActivity] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    tables: list[tuple[int, int]] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)
    goal: str | None = None


@cache
def _goal_head() -> re.Pattern[str]:
    levels: dict[str, list[str]] = lexicon("annual_report")["goal"]
    named = "|".join(f"(?P<{level.replace('-', '_')}>{'|'.join(entries)})" for level, entries in levels.items())
    return re.compile(rf"(?:{named})\s*:?\s*(?P<number>\d{{1,2}}(?:\.\d{{1,2}})*)\.?:?\s+(?P<title>\S.*)")


@cache
def _fulfilment() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, list[str]] = lexicon("annual_report")["fulfilment"]
    return tuple((value, re.compile(rf"(?:{'|'.join(entries)})\Z", re.I)) for value, entries in table.items())


def read_annual_report(text: Text, page: Layout, kind: str, known: Known, given: str | None) -> DocumentRecord:
    rows = page.rows
    where = setting(text, page, [row.line for row in rows[:40]], given)
    read = _Read()
    index = 0
    while index < len(rows):
        index = _step(rows, index, read)
    year = _year(rows, read)
    report = None
    if year is not None:
        report = AnnualReport(
            year[0], year[1], tuple(read.goals.values()), tuple(read.activities), tuple(read.indicators)
        )
    own, mentioned = _numbers(page)
    title = next(
        (row for row in rows[:40] if re.match(r"[Vv]erksamhetsberättelse\b|VERKSAMHETSBERÄTTELSE", row.text)), None
    )
    record = DocumentRecord(
        kind,
        flow((title.line,)).quote() if title else None,
        where.municipality,
        where.municipality_span,
        where.body,
        where.body_span,
        *_date_alone(rows[:12]),
        own,
        mentioned,
        annual_report=report,
    )
    record = replace(record, persons=people(record))
    return replace(record, account=account_of(text, page, record, frozenset(read.heads), read.tables))


def _date_alone(rows: Sequence[Row]) -> tuple[datetime.date | None, Span | None]:
    """A report's date: alone on one of its first lines."""
    for row in rows:
        if re.fullmatch(r"(?:Datum:?\s*)?\d{4}-\d\d-\d\d", row.text):
            return _date(row.text[-10:]), flow((row.line,)).span()
    return None, None


def _step(rows: Sequence[Row], index: int, read: _Read) -> int:
    """Reads what stands at a row; gives the index to go on from."""
    text = rows[index].text
    head = _goal_head().match(text)
    if head is not None:
        return _goal(rows, index, head, read)
    for value, pattern in _fulfilment():
        if pattern.match(text) and read.goal is not None:
            goal = read.goals[read.goal]
            if goal.fulfilment is None:
                read.goals[read.goal] = replace(goal, fulfilment=value)
            return index + 1
    tables = lexicon("annual_report")["tables"]
    if re.match(tables["activities"] + r"\s*$", text):
        return _activities(rows, index + 1, read)
    if re.match(tables["indicators"], text) and "Period" in " ".join(row.text for row in rows[index : index + 14]):
        return _indicators(rows, index + 1, read)
    return index + 1


def _goal(rows: Sequence[Row], index: int, head: re.Match[str], read: _Read) -> int:
    """A goal's head over one to three rows: it goes on while no paragraph break stands between."""
    level = next(name for name in ("council_direction", "council_area", "body") if head.groupdict().get(name))
    number = head.group("number")
    last = index
    while last + 1 < len(rows) and not rows[last + 1].gap and last - index < 3 and not _ends_title(rows, last):
        last += 1
    first = Line(rows[index].text[head.start("title") :], _at(rows[index], head.start("title")))
    title = flow([first, *(row.line for row in rows[index + 1 : last + 1])])
    span = Span(_at(rows[index], 0), title.span().end)
    parent = number.rpartition(".")[0] or None
    goal = Goal(level.replace("_", "-"), number, title.text, span, parent)
    before = read.goals.get(number)
    # Reports head a goal twice, once over the text and once over the outcome: the second may wrap its title.
    if before is None or (before.fulfilment is None and len(goal.title) > len(before.title)):
        read.goals[number] = replace(goal, fulfilment=before.fulfilment if before else None)
    read.goal = number
    return last + 1


def _ends_title(rows: Sequence[Row], at: int) -> bool:
    """Whether a goal's title is over at a row: the next row starts a sentence or is short of a wrapped line."""
    following = rows[at + 1].text
    return following[0].isupper() or any(pattern.match(following) for _, pattern in _fulfilment())


def _at(row: Row, offset: int) -> int:
    return row.line.start + row.line.text.index(row.text[0]) + offset


def _activities(rows: Sequence[Row], index: int, read: _Read) -> int:
    """Rows of an activity table: a title, its two dates and a deviation, then perhaps an analysis."""
    title: list[Row] = []
    while index < len(rows):
        row = rows[index]
        if _goal_head().match(row.text) or re.match(lexicon("annual_report")["tables"]["indicators"], row.text):
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
        _date(dates.group("start")),
        _date(dates.group("end")),
        deviation == "Ja" if deviation else None,
    )


def _date(printed: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(printed)
    except ValueError:
        return None  # "2023-02-30" is printed, but is no day


def _runs_over(rows: Sequence[Row], index: int) -> bool:
    """Whether a table's head, printed again on a new page, stands inside a text that goes on below it."""
    return index + 1 < len(rows) and rows[index + 1].text[0].islower()


def _analysis(rows: Sequence[Row], index: int) -> tuple[int, Quote | None]:
    """The text under "Analys": up to an indented row behind a break, a table's or a goal's head."""
    start = index
    tables = lexicon("annual_report")["tables"]
    while index < len(rows):
        row = rows[index]
        stops = (
            _goal_head().match(row.text)
            or re.match(tables["activities"] + r"\s*$", row.text)
            or re.match(tables["indicators"], row.text)
        )
        if stops or (index > start and row.gap and row.line.text.startswith("  ")):
            break
        if index > start and row.gap and row.text[0].isupper() and len(row.text) < 60 and not row.text.endswith("."):
            break
        index += 1
    return index, as_quote(rows[start:index])


def _indicators(rows: Sequence[Row], index: int, read: _Read) -> int:
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
        if any(re.match(head, row.text) for head in (_goal_head(), tables["activities"], tables["indicators"])):
            return index
        if row.text == "Analys":
            index, analysis = _analysis(rows, index + 1)
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


def _part(row: Row, start: int, end: int | None = None) -> Row:
    """A stretch of a row as a row of its own."""
    return replace(row, line=Line(row.text[start:end], _at(row, start)), text=row.text[start:end].strip())


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


def _year(rows: Sequence[Row], read: _Read) -> tuple[int, Span] | None:
    """The year a report is about: in its title, its first pages, else the period of its indicators."""
    for row in rows[:60]:
        match = _TITLE_YEAR.search(row.text)
        if match:
            start = _at(row, match.start("year"))
            return int(match.group("year")), Span(start, start + 4)
    periods = [indicator for indicator in read.indicators if indicator.period]
    if periods:
        return int(periods[0].period or 0), periods[0].span
    return None


def _numbers(page: Layout) -> tuple[tuple[RegistryRef, ...], tuple[RegistryRef, ...]]:
    """(the report's own number on its first lines, the numbers of cases that it mentions)."""
    own: list[RegistryRef] = []
    mentioned: list[RegistryRef] = []
    first_goal = next((i for i, row in enumerate(page.rows) if _goal_head().match(row.text)), len(page.rows))
    whole = flow(row.line for row in page.rows)
    top = page.rows[min(12, first_goal, len(page.rows) - 1)].line.start
    for match in find(whole.text):
        span = whole.span(match.start, match.end)
        on_top = span.start < top and re.match(r"\s*(?:Dnr|Diarienummer)?", whole.text[max(0, match.start - 5) :])
        role = "own" if on_top and not own else "other"
        (own if role == "own" else mentioned).append(RegistryRef(match.verbatim, match.number.notation, role, span))
    return tuple(own), tuple(mentioned)

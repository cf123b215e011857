"""Annual reports (verksamhetsberättelser): goals with level and fulfilment, activities, indicator rows."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from mapping.account import account_of
from mapping.actors import Known
from mapping.annual_tables import (
    Tables,
    goal_head,
    iso_date,
    offset_in,
    read_activities,
    read_indicators,
    without_running_heads,
)
from mapping.flow import flow
from mapping.lexicon import lexicon
from mapping.people import people
from mapping.records import AnnualReport, DocumentRecord, Goal, RegistryRef
from mapping.registry_numbers import find
from mapping.setting import setting
from mapping.structure import Layout, Row
from mapping.text import Line, Span, Text

_TITLE_YEAR = re.compile(
    r"(?:[Vv]erksamhetsberättelse|[Åå]rsredovisning|[Vv]erksamhetsåret|budget för|[Uu]nder)\s+(?:för\s+)?"
    r"(?P<year>(?:19|20)\d\d)"
)


@cache
def _fulfilment() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, list[str]] = lexicon("annual_report")["fulfilment"]
    return tuple((value, re.compile(rf"(?:{'|'.join(entries)})\Z", re.I)) for value, entries in table.items())


def read_annual_report(text: Text, page: Layout, kind: str, known: Known, given: str | None) -> DocumentRecord:
    rows, running = without_running_heads(page.rows)
    where = setting(text, page, [row.line for row in rows[:40]], given)
    read = Tables()
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
    return replace(record, account=account_of(text, page, record, running | read.heads, read.tables))


def _date_alone(rows: Sequence[Row]) -> tuple[datetime.date | None, Span | None]:
    """A report's date: alone on one of its first lines."""
    for row in rows:
        if re.fullmatch(r"(?:Datum:?\s*)?\d{4}-\d\d-\d\d", row.text):
            return iso_date(row.text[-10:]), flow((row.line,)).span()
    return None, None


def _step(rows: Sequence[Row], index: int, read: Tables) -> int:
    """Reads what stands at a row; gives the index to go on from."""
    text = rows[index].text
    head = goal_head().match(text)
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
        return read_activities(rows, index + 1, read)
    if re.match(tables["indicators"], text) and "Period" in " ".join(row.text for row in rows[index : index + 14]):
        return read_indicators(rows, index + 1, read)
    return index + 1


def _goal(rows: Sequence[Row], index: int, head: re.Match[str], read: Tables) -> int:
    """A goal's head over one to three rows: it goes on while no paragraph break stands between."""
    level = next(name for name in ("council_direction", "council_area", "body") if head.groupdict().get(name))
    number = head.group("number")
    last = index
    while last + 1 < len(rows) and not rows[last + 1].gap and last - index < 3 and not _ends_title(rows, last):
        last += 1
    first = Line(rows[index].text[head.start("title") :], offset_in(rows[index], head.start("title")))
    title = flow([first, *(row.line for row in rows[index + 1 : last + 1])])
    span = Span(offset_in(rows[index], 0), title.span().end)
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


def _year(rows: Sequence[Row], read: Tables) -> tuple[int, Span] | None:
    """The year a report is about: in its title, its first pages, else the period of its indicators."""
    for row in rows[:60]:
        match = _TITLE_YEAR.search(row.text)
        if match:
            start = offset_in(row, match.start("year"))
            return int(match.group("year")), Span(start, start + 4)
    periods = [indicator for indicator in read.indicators if indicator.period]
    if periods:
        return int(periods[0].period or 0), periods[0].span
    return None


def _numbers(page: Layout) -> tuple[tuple[RegistryRef, ...], tuple[RegistryRef, ...]]:
    """(the report's own number on its first lines, the numbers of cases that it mentions)."""
    own: list[RegistryRef] = []
    mentioned: list[RegistryRef] = []
    first_goal = next((i for i, row in enumerate(page.rows) if goal_head().match(row.text)), len(page.rows))
    whole = flow(row.line for row in page.rows)
    top = page.rows[min(12, first_goal, len(page.rows) - 1)].line.start
    for match in find(whole.text):
        span = whole.span(match.start, match.end)
        on_top = span.start < top and re.match(r"\s*(?:Dnr|Diarienummer)?", whole.text[max(0, match.start - 5) :])
        role = "own" if on_top and not own else "other"
        (own if role == "own" else mentioned).append(RegistryRef(match.verbatim, match.number.notation, role, span))
    return tuple(own), tuple(mentioned)

"""The activities of annual reports: rows of a table with two dates, or entries under a head of their own."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from mapping.annual_found import (
    Found,
    activity_head,
    begins_other,
    is_activity_table,
    iso_date,
)
from mapping.flow import Flow, flow
from mapping.lexicon import lexicon
from mapping.points import as_quote
from mapping.records import GoalActivity, Quote
from mapping.rows import Row
from mapping.text import Line, Span

_DATE = r"\d{4}-\d\d-\d\d"
_TITLE_ROWS = 12
_FIELD_ROWS = 6


@cache
def _words() -> dict[str, str]:
    return {
        key: "|".join(sorted(entries, key=len, reverse=True))
        for key, entries in lexicon("annual_report")["activity"].items()
    }


@cache
def _dates() -> re.Pattern[str]:
    words = _words()
    said = rf"{words['deviates']}|{words['follows']}|{words['neither']}"
    return re.compile(rf"(?:^|\s)(?P<start>{_DATE})\s+(?P<end>{_DATE})\s*(?P<deviation>{said})?\s*$")


@cache
def _fields() -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = _words()
    return (
        ("start", re.compile(rf"\b(?:{words['start']})\s*:?\s*(?P<value>{_DATE})\b")),
        ("end", re.compile(rf"\b(?:{words['end']})\s*:?\s*(?P<value>{_DATE})\b")),
        ("deviation", re.compile(rf"\b(?:{words['deviation']})\s*:\s*(?P<value>[^\d\W][\w ]*?)\s*(?:\.|$|\s{{2,}})")),
    )


def _deviates(said: str | None) -> bool | None:
    """Whether the plan is departed from; None where the words do not say."""
    words = _words()
    if said and re.fullmatch(words["deviates"], said, re.I):
        return True
    return False if said and re.fullmatch(words["follows"], said, re.I) else None


def read_activity(rows: Sequence[Row], index: int, found: Found) -> int:
    """An activity under a head of its own ("Aktivitet: …"), with the fields below it; the row behind them."""
    head = activity_head(rows[index])
    assert head is not None
    last = index + 1
    while last < len(rows) and last - index < 4 and not rows[last].gap and rows[last].text[0].islower():
        last += 1
    first = Line(head.group("title"), rows[index].start + head.start("title"))
    title = flow([first, *(row.line for row in rows[index + 1 : last])])
    values: dict[str, str] = {}
    end = title.span().end
    at = last
    while at < len(rows) and at - last < _FIELD_ROWS and not begins_other(rows, at):
        row = rows[at]
        said = {name: match.group("value") for name, pattern in _fields() if (match := pattern.search(row.text))}
        if not said or not any(pattern.match(row.text) for _, pattern in _fields()):
            break
        values = said | values
        end = row.end
        at += 1
    begins = rows[index].start
    found.places.append((begins, "activity", len(found.activities)))
    found.activities.append(
        GoalActivity(
            title.text,
            Span(begins, end),
            found.goal,
            iso_date(values["start"]) if "start" in values else None,
            iso_date(values["end"]) if "end" in values else None,
            _deviates(values.get("deviation")),
        )
    )
    return at


def read_activities(rows: Sequence[Row], index: int, found: Found) -> int:
    """Rows of an activity table: a title, its two dates and a deviation, then perhaps an analysis."""
    title: list[Row] = []
    found.heads.add(rows[index - 1].line.start)
    while index < len(rows):
        row = rows[index]
        if is_activity_table(row):
            index += 1
            continue
        if begins_other(rows, index):
            return index
        dates = _dates().search(row.text)
        if dates is not None:
            head = [*title, row] if dates.start() > 0 or not title else title
            made = _activity(head, row, dates, found.goal)
            if made is not None:
                found.places.append((made.span.start, "activity", len(found.activities)))
                found.activities.append(made)
                found.back_to_goal(made.span.end)
            title = []
        elif row.text == "Analys":
            index, analysis = read_analysis(rows, index + 1)
            if found.activities and analysis is not None:
                found.activities[-1] = replace(found.activities[-1], analysis=analysis)
                found.places.append((analysis.span.start, "activity", len(found.activities) - 1))
                found.back_to_goal(analysis.span.end)
            continue
        elif not title and not row.gap and row.text[0].islower() and found.activities:
            found.activities[-1] = _longer(found.activities[-1], row)
        elif not title and not row.gap and row.text.endswith(".") and found.activities:
            pass  # a comment on the activity: prose, no title of the next one
        else:
            title.append(row)
            if len(title) > _TITLE_ROWS:
                if not title[0].indented:
                    return index - len(title) + 1
                found.tables.append((title[0].line.start, row.line.end))
                return index + 1
        index += 1
    return index


def _activity(title: Sequence[Row], row: Row, dates: re.Match[str], goal: str | None) -> GoalActivity | None:
    whole = flow(r.line for r in title)
    printed = whole.part(0, len(whole.text) - len(_folded(row.text[dates.start() :])) if title[-1] is row else None)
    if not printed:
        return None
    span = Span(printed.span().start, row.line.start + len(row.line.text.rstrip()))
    return GoalActivity(
        printed.text,
        span,
        goal,
        iso_date(dates.group("start")),
        iso_date(dates.group("end")),
        _deviates(dates.group("deviation")),
    )


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _longer(activity: GoalActivity, row: Row) -> GoalActivity:
    """An activity whose title goes on below its dates."""
    more: Flow = flow((row.line,))
    broken = activity.title.endswith("-") and activity.title[-2:-1].islower()
    title = activity.title[:-1] + more.text if broken else f"{activity.title} {more.text}"
    return replace(activity, title=title, span=Span(activity.span.start, more.span().end))


def read_analysis(rows: Sequence[Row], index: int) -> tuple[int, Quote | None]:
    """The text under "Analys": up to an indented row behind a break, a table's or a goal's head."""
    start = index
    while index < len(rows):
        row = rows[index]
        if begins_other(rows, index) or (index > start and row.gap and row.line.text.startswith("  ")):
            break
        if index > start and row.gap and row.text[0].isupper() and len(row.text) < 60 and not row.text.endswith("."):
            break
        index += 1
    return index, as_quote(rows[start:index])

"""Annual reports (verksamhetsberättelser): goals with level and fulfilment, activities, indicators, economy."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.account import account_of
from mapping.annual_activities import read_activities, read_activity
from mapping.annual_budget import budget_lines, unit_above
from mapping.annual_columns import stacked_head, table_head
from mapping.annual_found import (
    Found,
    activity_head,
    ends_goals,
    ends_table,
    is_activity_table,
    is_indicator_table,
    iso_date,
)
from mapping.annual_goals import (
    LEVELS,
    bare_head,
    head_of,
    judgement,
    legend_of,
    read_goal,
    read_goal_table,
    same,
    with_parents,
)
from mapping.annual_numbers import numbers, tied
from mapping.annual_rows import read_rows
from mapping.annual_tables import columns_of, read_indicator_table, read_indicators, without_running_heads
from mapping.flow import flow
from mapping.known import Known
from mapping.people import people
from mapping.records import AnnualReport, DocumentRecord, Goal, Unread
from mapping.rows import Layout, Row
from mapping.setting import setting
from mapping.text import Span, Text

_TITLE_YEAR = re.compile(
    r"(?:[Vv]erksamhetsberättelse|[Åå]rsredovisning|ÅRSREDOVISNING|[Åå]rsbokslut|[Vv]erksamhetsåret|budget för"
    r"|[Uu]nder)\s+(?:för\s+(?:år\s+)?)?(?P<year>(?:19|20)\d\d)"
)
_TITLE = re.compile(r"[Vv]erksamhetsberättelse\b|VERKSAMHETSBERÄTTELSE|[Åå]rsredovisning\b|ÅRSREDOVISNING")


def read_annual_report(text: Text, page: Layout, kind: str, known: Known, given: str | None) -> DocumentRecord:
    own_rows, heads_of_pages = _without_page_heads(text, page.rows)
    rows, running = without_running_heads(own_rows)
    first_goal = next((i for i, row in enumerate(rows) if head_of(row)), len(rows))
    where = setting(text, page, [row.line for row in rows[: min(40, first_goal)]], given)
    year = _year(rows)
    found = Found(year[0] if year else None, legend_of(rows))
    found.judged = _judged(rows, found.legend)
    index = 0
    while index < len(rows):
        index = _step(rows, index, found)
    year = year or _year_of_indicators(found)
    own, mentioned = numbers(page, first_goal)
    title = next((row for row in rows[:40] if _TITLE.match(row.text)), None)
    whole = bool(title and re.match("[Åå]rsredovisning|ÅRSREDOVISNING", title.text))
    # The report of a whole municipality names its bodies, but is of none of them.
    cover = rows[min(12, len(rows) - 1)].line.start if rows else 0
    body = where.body_span is not None and (not whole or where.body_span.start < cover)
    report = None
    if year is not None:
        goals = with_parents(list(found.goals.values()), found.above)
        if not body:
            goals = [_of_the_council(goal, text) for goal in goals]
        report = tied(
            AnnualReport(*year, tuple(goals), tuple(found.activities), tuple(found.indicators), tuple(found.budget)),
            mentioned,
            found,
        )
    record = DocumentRecord(
        kind,
        flow((title.line,)).quote() if title else None,
        where.municipality,
        where.municipality_span,
        where.body if body else None,
        where.body_span if body else None,
        *_date_alone(rows[:12]),
        own,
        mentioned,
        annual_report=report,
    )
    record = replace(record, persons=people(record))
    account = account_of(text, page, record, running | heads_of_pages | found.heads, found.tables)
    doubts = tuple(Unread("cells left open", span) for span in found.open) if report else ()
    account = replace(account, claimed=max(0, account.claimed - len(doubts)), unread=(*account.unread, *doubts))
    return replace(record, account=account)


def _of_the_council(goal: Goal, text: Text) -> Goal:
    """A goal in the report of a whole municipality: what is headed "Verksamhetsmål" is the council's own there."""
    if goal.level != "body" or re.match(
        r"(?:\S+ )?(?:Nämnd|Styrelse)", text.canonical[goal.span.start : goal.span.end]
    ):
        return goal
    return replace(goal, level="council-area")


def _without_page_heads(text: Text, rows: Sequence[Row]) -> tuple[tuple[Row, ...], frozenset[int]]:
    """(rows less those that head more than one page in the same words, the starts of their lines)."""
    firsts: dict[int, int] = {}
    for i, row in enumerate(rows):
        number = text.page_of(row.line.start)
        if number is not None:
            firsts.setdefault(number, i)
    told: dict[str, list[int]] = {}
    for i in firsts.values():
        told.setdefault(re.sub(r"\d+", "0", rows[i].text), []).append(i)
    dropped = {i for same_words in told.values() if len(same_words) > 1 for i in same_words if not head_of(rows[i])}
    dropped = {i for i in dropped if not (is_activity_table(rows[i]) or is_indicator_table(rows[i]))}
    kept = tuple(row for i, row in enumerate(rows) if i not in dropped)
    return kept, frozenset(rows[i].line.start for i in dropped)


def _date_alone(rows: Sequence[Row]) -> tuple[datetime.date | None, Span | None]:
    """A report's date: alone on one of its first lines."""
    for row in rows:
        if re.fullmatch(r"(?:Datum:?\s*)?\d{4}-\d\d-\d\d", row.text):
            return iso_date(row.text[-10:]), flow((row.line,)).span()
    return None, None


def _judged(rows: Sequence[Row], legend: dict[str, str]) -> frozenset[tuple[str, str]]:
    """The goals (level, number or title) of which a head is followed by a judgement."""
    told = set()
    for index, row in enumerate(rows):
        head = head_of(row)
        if head is not None:
            goal, end = read_goal(rows, index, head, legend)
            if _is_judged(goal, rows, end, legend):
                told.add((goal.level, goal.number or goal.title))
    return frozenset(told)


def _is_judged(goal: Goal, rows: Sequence[Row], end: int, legend: dict[str, str]) -> bool:
    """Whether a goal's head, or one of the three rows behind it, says how far the goal is fulfilled."""
    below = range(end, min(end + 3, len(rows)))
    return goal.fulfilment is not None or any(
        judgement(rows, at, legend) and not any(head_of(row) for row in rows[end:at]) for at in below
    )


def _step(rows: Sequence[Row], index: int, found: Found) -> int:
    """Reads what stands at a row; gives the index to go on from."""
    row = rows[index]
    head = head_of(row)
    if head is not None:
        goal, end = read_goal(rows, index, head, found.legend)
        within = found.goal
        _enter(goal, found)
        elsewhere = (goal.level, goal.number or goal.title) in found.judged
        if elsewhere and not _is_judged(goal, rows, end, found.legend):
            # A goal is headed over its part of another's analysis too: the tables below that are the other's.
            found.goal = within
        return end
    below = bare_head(rows, index, found.legend)
    if below is not None:
        _enter(below[0], found)
        return below[1]
    listed = read_goal_table(rows, index, found.legend)
    if listed is not None:
        for goal in listed[0]:
            _enter(goal, found)
        found.goal = None
        found.places.append((rows[listed[1] - 1].line.end, "", None))
        return listed[1]
    told = judgement(rows, index, found.legend) if found.goal is not None else None
    if told is not None and found.goal is not None:
        goal = found.goals[found.goal]
        if goal.fulfilment is None:
            found.goals[found.goal] = replace(goal, fulfilment=told[0].value, inferred=told[0].inferred)
        return index + told[1]
    if ends_goals(row):
        found.goal = None
        found.places.append((row.line.start, "", None))
        return index + 1
    if is_activity_table(row):
        return read_activities(rows, index + 1, found)
    if activity_head(row):
        return read_activity(rows, index, found)
    return _table(rows, index, found)


def _table(rows: Sequence[Row], index: int, found: Found) -> int:
    """Reads a table of indicators or economy where its head stands at a row."""
    stacked = stacked_head(rows[index : index + 2], found.year)
    if stacked is not None and stacked.kind == "indicators":
        found.back_to_goal(rows[index].line.start)
        return read_indicator_table(rows, index, stacked, found)
    if is_indicator_table(rows[index]) and "Period" in " ".join(row.text for row in rows[index : index + 14]):
        columns = columns_of(rows, index, found.year)
        if columns is not None:
            return read_indicators(rows, index, *columns, found)
    head = table_head(rows, index, found.year)
    if head is None:
        text = rows[index].text
        if is_indicator_table(rows[index]) and re.search(r"Utfall|Resultat|\bMål", text) and not text.endswith("."):
            found.open.append(Span(rows[index].start, rows[index].end))
        return index + 1
    if head.kind == "indicators":
        found.back_to_goal(rows[index].line.start)
        return read_indicator_table(rows, index, head, found)
    if head.kind == "budget":
        made, end = read_rows(rows, index + head.rows, head, ends_table)
        lines = budget_lines(made, unit_above(rows, index, head), len(found.budget) + 1)
        found.open += [row.span for row in made if row.certain == "open"]
        if lines:
            found.heads |= {row.line.start for row in rows[index : index + head.rows]}
            found.budget.extend(lines)
        return max(end, index + head.rows)
    return index + 1


def _enter(goal: Goal, found: Found) -> None:
    """Takes a goal's head in: the same goal again, or a new one with a key of its own."""
    for key in (goal.number, f"{goal.number} {goal.title}", goal.title):
        before = found.goals.get(key) if key else None
        if before is not None and same(before, goal):
            if before.number is None and goal.number is not None:
                before = replace(before, number=goal.number)
                found.goals[before.key] = before
            # Reports head a goal twice, once over the text and once over the outcome: the second may wrap its title.
            # What a table of contents tells gives way to the head itself.
            told = before.fulfilment is not None or any(place[2] == before.key for place in found.places[:-1])
            longer = len(goal.title) > len(before.title)
            if goal.fulfilment is not None or (before.fulfilment is None and (longer or not told)):
                fulfilment, inferred = (
                    (before.fulfilment, before.inferred) if before.fulfilment else (goal.fulfilment, goal.inferred)
                )
                best = goal if longer or not told else before
                found.goals[before.key] = replace(best, key=before.key, fulfilment=fulfilment, inferred=inferred)
            found.goal = before.key
            break
    else:
        free = goal.number is not None and goal.number not in found.goals
        key = goal.number if free and goal.number else f"{goal.number} {goal.title}" if goal.number else goal.title
        found.goals[key] = replace(goal, key=key)
        found.goal = key
    if found.goal not in found.above:
        rank = LEVELS.index(goal.level)
        higher = {key for key, each in found.goals.items() if LEVELS.index(each.level) < rank}
        goals_before = (key for _, kind, key in reversed(found.places) if kind == "goal" and key in higher)
        nearest = next(goals_before, None)
        if isinstance(nearest, str):
            found.above[found.goal] = nearest
    found.back_to_goal(goal.span.start)


def _year(rows: Sequence[Row]) -> tuple[int, Span] | None:
    """The year a report is about: in its title or its first pages."""
    titles = [row for row in rows[:40] if _TITLE.match(row.text)]
    for row in (*titles, *rows[:60]):
        match = _TITLE_YEAR.search(row.text) or (
            re.search(r"\b(?P<year>(?:19|20)\d\d)$", row.text) if row in titles else None
        )
        if match:
            start = row.start + match.start("year")
            return int(match.group("year")), Span(start, start + 4)
    return None


def _year_of_indicators(found: Found) -> tuple[int, Span] | None:
    """The period of a report's indicators, where its title does not tell the year."""
    dated = next((each for each in found.indicators if each.period), None)
    return (int(dated.period or 0), dated.span) if dated else None

"""What the reading of an annual report has found so far, and where the reader stands."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from mapping.annual_columns import begins_table
from mapping.annual_goals import head_of
from mapping.lexicon import lexicon
from mapping.records import BudgetLine, Goal, GoalActivity, Indicator
from mapping.rows import Row
from mapping.text import Span


@dataclass(slots=True)
class Found:
    """`goals` by key; `goal`: the key of the goal that what follows stands under; `above`: for a goal the key of the
    nearest goal of a higher level before it; `places`: from which offset on the text is about what ("goal" with its
    key, "activity" or "indicator" with its index, "" for none of them); `tables`: stretches (start, end) that should
    have been read and were not; `open`: rows of tables of whose figures the columns cannot be told; `heads`: starts
    of lines of table heads; `year`: that of the report; `legend`: what its colours mean; `judged`: the goals (level,
    number or title) of which some head is followed by a judgement."""

    year: int | None = None
    legend: dict[str, str] = field(default_factory=dict)
    judged: frozenset[tuple[str, str]] = frozenset()
    goals: dict[str, Goal] = field(default_factory=dict)
    activities: list[GoalActivity] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    budget: list[BudgetLine] = field(default_factory=list)
    goal: str | None = None
    above: dict[str, str] = field(default_factory=dict)
    places: list[tuple[int, str, str | int | None]] = field(default_factory=list)
    tables: list[tuple[int, int]] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)
    open: list[Span] = field(default_factory=list)

    def back_to_goal(self, offset: int) -> None:
        self.places.append((offset, "goal" if self.goal else "", self.goal))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = lexicon("annual_report")
    heads = "|".join(table["activity"]["heads"])
    return (
        re.compile(rf"(?:{table['tables']['activities']})\s*$"),
        re.compile(rf"(?:{heads})(?:\s+\d{{1,3}})?\s*:\s+(?P<title>\S.*)"),
        re.compile(rf"(?:\d{{1,2}}(?:\.\d{{1,2}})*\.?\s+)?(?:{'|'.join(table['behind']['goals'])})\s*:?\Z"),
    )


def is_activity_table(row: Row) -> bool:
    return bool(_patterns()[0].match(row.text))


def activity_head(row: Row) -> re.Match[str] | None:
    """ "Aktivitet: Ta fram en plan"."""
    return _patterns()[1].match(row.text)


def ends_goals(row: Row) -> bool:
    """Whether a row heads a chapter that is about no goal: economy, staff."""
    return bool(_patterns()[2].match(row.text))


def is_indicator_table(row: Row) -> bool:
    return bool(re.match(lexicon("annual_report")["tables"]["indicators"], row.text))


def begins_other(rows: Sequence[Row], index: int) -> bool:
    """Whether a row begins something else than what is being read: a goal, a table, an activity, a chapter."""
    row = rows[index]
    return bool(
        head_of(row)
        or is_activity_table(row)
        or activity_head(row)
        or ends_goals(row)
        or (is_indicator_table(row) and not re.search(r"\d\s*%?$", re.sub(r"(?:19|20)\d\d", "", row.text)))
    )


def ends_table(rows: Sequence[Row], index: int) -> bool:
    """Whether a row is no part of a table that is being read."""
    return begins_other(rows, index) or begins_table(rows, index)


def iso_date(printed: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(printed)
    except ValueError:
        return None  # "2023-02-30" is printed, but is no day

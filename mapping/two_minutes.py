"""A file that holds the minutes of two meetings: a second cover page behind the first series of §."""

import datetime
import re
from collections.abc import Sequence

from mapping.dates import find_dates
from mapping.lexicon import BODY, heading_of
from mapping.margin import SECTION_HEAD
from mapping.records import Refused
from mapping.refusal import two_minutes
from mapping.rows import Layout, Row
from mapping.text import Text

# What the rows of a cover page begin with.
_WHERE = re.compile(r"(?:plats och tid|tid och plats|sammanträdesdatum|plats)\b", re.IGNORECASE)
_WHO = re.compile(r"(?:Beslutande|BESLUTANDE)\b\s*(?::|\s{2}|$|ledamöter)|Närvarande ledamöter\b|Tjänstgörande\b")
_ANNEXED = re.compile(r"(?:§ \d+,? )?bilag(?:a|or)\b", re.IGNORECASE)
_DECIDES = re.compile(rf"{BODY}(?:en|et|n)?\s(?:beslutar|beslutade|beslöt)\b")
_COVER = 25  # rows between what a cover page says of the place and of the members
_ABOVE = 15  # rows above a cover page that may call it an annex


def second_minutes(text: Text, page: Layout) -> Refused | None:
    """The refusal of a text in which a cover page stands between § that decide, and behind it the series begins anew
    or it has another date than the first. Minutes under the word for an annex are a part of the first."""
    rows = page.rows
    heads = [(at, number) for at, row in enumerate(rows) if (number := _number(row)) is not None]
    decisions = [at for at, row in enumerate(rows) if heading_of(row.text) == "decision" or _DECIDES.match(row.text)]
    if len(heads) < 2 or len(decisions) < 2:
        return None
    first_dates: set[datetime.date] = set()
    for at, row in enumerate(rows):
        if not _WHERE.match(row.text):
            continue
        dates = {found.date for below in rows[at : at + 2] for found in find_dates(below.text)}
        before = [head for head in heads if head[0] < at]
        behind = next((head for head in heads if head[0] > at), None)
        if not before or not any(before[0][0] < decision < at for decision in decisions):
            first_dates = first_dates or dates
            continue
        if behind is None or not any(decision > behind[0] for decision in decisions):
            return None
        anew = behind[1] <= before[-1][1] or (first_dates and dates and not dates & first_dates)
        if anew and _is_cover(rows, at, behind[0]):
            line = text.canonical.count("\n", 0, row.start) + 1
            label = _WHERE.match(row.text)
            assert label
            return two_minutes(label.group(), str(before[-1][1]), text.page_of(row.start), line)
    return None


def _number(row: Row) -> int | None:
    match = SECTION_HEAD.match(row.text)
    if match is None or match["rest"][:1].islower():
        return None
    digits = re.match(r"\d+", match["number"])
    return int(digits.group()) if digits else None


def _is_cover(rows: Sequence[Row], at: int, end: int) -> bool:
    """Whether the members stand below the place, no annex is named above, and no § between."""
    named = any(_WHO.match(row.text) for row in rows[at + 1 : min(end, at + _COVER)])
    return named and not any(_ANNEXED.match(row.text) for row in rows[max(0, at - _ABOVE) : at])

"""Heads of rolls: which column tells what, and where on the line it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from mapping.lexicon import lexicon
from mapping.rows import Row
from mapping.text import Line

CELL = re.compile(r"\S+(?: \S+)*")
# What stands above a list that names only those who are there, without marks.
_LISTS_PRESENT = re.compile(
    r"(?:NÄRVARO|Närvaro|UPPROPS|Upprops)(?:LISTA|lista|PROTOKOLL|protokoll|FÖRTECKNING|förteckning)\b"
    r"|(?:Närvarande|NÄRVARANDE|Tjänstgörande|TJÄNSTGÖRANDE)(?: ledamöter| LEDAMÖTER)?\b"
)
_HEAD_WORD = re.compile(
    r"\b(?:ja|j|närv|när|närvarande|närvaro|tjg|tjänstg|tj|x/t/n|t/n|x|förhindrad\w*|frånvarande|parti)\b",
    re.IGNORECASE,
)
_OVER_VOTES = re.compile(
    r"§§?\s*(?:\d[\d/ ,-]*)?|[Oo]mr(?:östning)?\.?\s*\d*|[Vv]otering(?:en)?\s*\d*|\d{1,2}|\(?[Ff]orts\.?\)?"
)
VOTING = ("yes", "no", "abstained", "absent")
BALLOT = "ballot"  # a column of a § in which J, N, A or F is printed
_NOT = "not"  # "Ej" in a row of its own above "tjg"
_APART = 3  # columns between the middles of words that stand upon each other
_OF_SECTION = re.compile(r"(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§ ?(?P<number>\d{1,4}(?:/\d{2,4})?)")
_MOST_WORDS = 20  # of a cell of heads
ABOVE = 8  # rows above a table's head that tell what it lists


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the head that it has: `kind` is a key of the lexicon's columns, `start` and `end` its place on the
    line as it is shown; `paragraph`: the § that a column of ballots is headed by."""

    kind: str
    start: int
    end: int
    paragraph: str | None = None

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@cache
def _columns_of() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, list[str]] = lexicon("rolls")["columns"]
    return tuple(
        (kind, re.compile("|".join(f"(?:{e})" for e in sorted(entries, key=len, reverse=True)), re.IGNORECASE))
        for kind, entries in table.items()
    )


def _column(kind: str, line: Line, start: int, end: int) -> Column:
    return Column(kind, line.column(start), line.column(start) + end - start)


def middle_of(line: Line, start: int, end: int) -> float:
    """The column that the middle of a word of a line is shown in."""
    return line.column(start) + (end - start) / 2


def _kind_of(cell: str, seen: Sequence[Column]) -> str | None:
    for kind, pattern in _columns_of():
        if pattern.fullmatch(cell):
            if kind == "no" and cell.upper() == "N" and not any(column.kind == "yes" for column in seen):
                return "not-serving"
            return kind
    return None


def _columns_in(row: Row) -> tuple[Column, ...] | None:
    """The column heads of a row that holds nothing else; None where it holds other words."""
    found: list[Column] = []
    for cell in CELL.finditer(row.line.text):
        kind = _kind_of(cell.group(), found)
        if kind is not None:
            found.append(_column(kind, row.line, *cell.span()))
            continue
        # "Ja Nej Avst" with one blank between
        parts = _phrases(cell.group(), found)
        if len(parts) > 2 or (len(parts) > 1 and (found or all(known in VOTING for _, _, known in parts))):
            found += [
                _column(known, row.line, cell.start() + start, cell.start() + end) for start, end, known in parts
            ]
        elif headed := _OF_SECTION.fullmatch(cell.group()):
            found.append(replace(_column(BALLOT, row.line, *cell.span()), paragraph=headed["number"]))
        elif cell.group() == "Ej":
            found.append(_column(_NOT, row.line, *cell.span()))
        elif not _OVER_VOTES.fullmatch(cell.group()):
            return None
    return tuple(found)


def _phrases(cell: str, seen: Sequence[Column]) -> list[tuple[int, int, str]]:
    """(start, end, kind) of the column heads that a cell strings together, the longest first; none where a word of
    it is no head."""
    words = list(re.finditer(r"\S+", cell))
    if len(words) > _MOST_WORDS:
        return []
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(words):
        for last in range(len(words), at, -1):
            start, end = words[at].start(), words[last - 1].end()
            kind = _kind_of(cell[start:end], seen)
            if kind is not None:
                found.append((start, end, kind))
                at = last
                break
        else:
            return []
    return found


def heads_at(rows: Sequence[Row], at: int) -> tuple[tuple[Column, ...], int]:
    """(columns of a table's head, rows that it takes): one row, or up to three that stand upon each other."""
    if not _HEAD_WORD.search(" ".join(row.text for row in rows[at : at + 3])):
        return (), 0
    columns: list[Column] = []
    taken = widest = 0
    for row in rows[at : at + 3]:
        found = _columns_in(row) if len(row.text) > 1 else None
        if found is None or (taken and row.gap):
            break
        columns += found
        widest = max(widest, len(found))
        taken += 1
    columns = _joined(columns)
    kinds = {column.kind for column in columns}
    voting = {"yes", "no"} <= kinds
    if voting:
        columns = [column for column in columns if column.kind != BALLOT]  # they tell which § the votes are of
    listing = bool(kinds & {"name", "party"}) and bool(kinds & {"present", "serving", "not-serving"})
    replaced = {"away", "substitute"} <= kinds
    above = rows[max(0, at - ABOVE) : at]
    # "Ersättare    Närvaro": a list of substitutes of its own
    listing = listing or (kinds == {"substitute", "present"} and columns[0].kind == "substitute")
    listed = {"name", "party"} <= kinds and any(_LISTS_PRESENT.match(row.text) for row in above)
    listed = listed or {"listed", "party"} <= kinds
    # "Närvarande X / -" under "NÄRVAROLISTA", and no head over the names
    listing = listing or ("present" in kinds and any(_LISTS_PRESENT.match(row.text) for row in above))
    if not (voting or listing or replaced or listed) or widest < 2:
        return (), 0
    return tuple(sorted(columns, key=lambda column: column.start)), taken


def _joined(columns: Sequence[Column]) -> list[Column]:
    """The columns, "Ej" above "tjg" and "Tjänstgör" above "istället för" as one."""
    above = [column for column in columns if column.kind == _NOT]
    instead = [column.middle for column in columns if column.kind == "instead"]
    joined = [
        column
        for column in columns
        if column.kind != _NOT
        and not (column.kind == "serving" and any(abs(column.middle - m) <= _APART for m in instead))
    ]
    for head in above:
        serving = [column for column in joined if column.kind == "serving"]
        below = min(serving, key=lambda c: abs(c.middle - head.middle), default=None)
        if below is not None and abs(below.middle - head.middle) <= _APART:
            joined[joined.index(below)] = replace(below, kind="not-serving")
    return joined


def column_at(columns: Sequence[Column], middle: float) -> Column:
    """The column whose head stands nearest to a place on the line."""
    return min(columns, key=lambda column: abs(column.middle - middle))


def marked_columns(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that marks stand in: of presence and of votes."""
    return tuple(c for c in columns if c.kind in ("present", "serving", "not-serving", BALLOT, *VOTING))

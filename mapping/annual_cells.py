"""The cells of a printed table row: where one ends and the next begins, and which of them are empty."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import combinations

from mapping.lexicon import lexicon

_GROUPS = 28  # more groups of figures than a row of a table has
_WAYS = 40
_COLUMNS = 9
_PHRASE = 40
_SIGN = r"(?:\+/[-–−]\s?|[-–−+±])?"
_THOUSANDS = re.compile(r"\d{3}(?:,\d+)?%?")
_LEADING = re.compile(rf"(?:\D+\s?)?{_SIGN}\d{{1,3}}")


@dataclass(frozen=True, slots=True)
class Group:
    """A run of figures, a word that stands for a value, or a unit; `blanks`: how many stand before it."""

    text: str
    start: int
    end: int
    blanks: int
    kind: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's stretch (start, end) in the row's text; "figure", or "word" for what is no number."""

    start: int
    end: int
    kind: str


_NUMBER = re.compile(r"(?P<sign>[-–−]?)[+±]?(?P<whole>\d{1,3}(?:\s\d{3})*|\d+)(?:[.,](?P<part>\d+))?")

Way = tuple[Cell | None, ...]


@cache
def _group() -> re.Pattern[str]:
    table = lexicon("annual_report")["cells"]
    empty = "|".join(sorted(table["no_value"], key=len, reverse=True))
    return re.compile(
        rf"(?P<period>{'|'.join(table['period'])})(?=\s|$)"
        rf"|(?P<word>{empty}|{'|'.join(table['words'])})(?=\s|$)"
        rf"|(?P<figure>(?:{table['limits']})?{_SIGN}\d+(?:[.,]\d+)?%?)(?=\s|$)"
        rf"|(?P<unit>%|{'|'.join(table['units'])})(?=\s|$)"
    )


def is_unit(text: str) -> bool:
    match = _group().fullmatch(text.strip())
    return match is not None and match.lastgroup == "unit"


def groups_of(text: str, start: int = 0) -> list[Group] | None:
    """The groups of a text from `start` to its end; None where something else stands there."""
    found: list[Group] = []
    at = start
    while at < len(text):
        blank = at
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            break
        match = _group().match(text, at)
        if match is None or len(found) >= _GROUPS:
            return None
        found.append(Group(match.group(), at, match.end(), at - blank, match.lastgroup or ""))
        at = match.end()
    return found


def may_end_label(group: str) -> bool:
    """Whether a label may end in a group ("årskurs 9"): a whole figure without a sign."""
    return group.isdigit()


def values_at_end(text: str) -> int:
    """Where the longest end of a text begins that holds only groups of values; its length where there is none."""
    begins = len(text.rstrip())
    ends = {begins: len(text)}  # where a group may end, and the first group behind it that is no unit
    for stretch in reversed(list(re.finditer(r"\S+", text))[-_GROUPS:]):
        start = stretch.start()
        match = _group().match(text, start)
        behind = ends.get(match.end()) if match else None
        if match is None or behind is None:
            # A phrase of several words ("Tas fram av nämnd") is a group only as a whole.
            if start < begins - _PHRASE:
                break
            continue
        begins = start
        # "tkr -1 250": the unit is of the label.
        ends[len(text[:start].rstrip())] = behind if match.lastgroup == "unit" else start
    return min(ends.values())


def ways(groups: Sequence[Group], columns: int, *, first_blanks: int = 0) -> list[Way]:
    """Every way in which groups fill so many columns: a blank parts cells or the thousands of one figure, each blank
    more is an empty cell. `first_blanks`: how many cells before the first group are empty. Empty where there is no
    way, or where there are more than anybody could choose from."""
    found: list[Way] = []
    least, most = _needs(groups)

    def go(at: int, filled: Way) -> None:
        if at == len(groups):
            found.extend([filled] * (len(filled) == columns))
            return
        empty = groups[at].blanks - 1 if at else first_blanks
        filled = (*filled, *((None,) * max(0, empty)))
        for end in _ends(groups, at):
            left = columns - len(filled) - 1
            if len(found) <= _WAYS and least[end] <= left <= most[end]:
                kind = "figure" if groups[at].kind == "figure" else "word"
                go(end, (*filled, Cell(groups[at].start, groups[end - 1].end, kind)))

    if groups and groups[0].kind != "unit":
        go(0, ())
    return found if len(found) <= _WAYS else []


def _needs(groups: Sequence[Group]) -> tuple[list[int], list[int]]:
    """(the fewest, the most cells that the groups from each one on can be, empty ones counted)."""
    least, most = [0], [0]
    for at in range(len(groups) - 1, -1, -1):
        empty = max(0, groups[at].blanks - 1) if at else 0
        least.append(least[-1] + empty + (0 if at and _joins(groups, at) else 1))
        most.append(most[-1] + empty + (groups[at].kind != "unit"))
    return least[::-1], most[::-1]


def _joins(groups: Sequence[Group], at: int) -> bool:
    """Whether a group may go on the cell before it: a unit, or three figures behind one to three."""
    group, before = groups[at], groups[at - 1]
    if group.kind == "unit":
        return before.kind in ("figure", "unit")
    if group.kind != "figure" or before.kind != "figure" or group.blanks != 1:
        return False
    return bool(_THOUSANDS.fullmatch(group.text) and _LEADING.fullmatch(before.text))


def _ends(groups: Sequence[Group], at: int) -> list[int]:
    """Where the cell that begins at a group may end (exclusive): a unit always belongs to it."""
    if groups[at].kind == "figure" and re.match(r"0\d", groups[at].text):
        return []  # "005" is the end of a figure, never its beginning
    found = []
    end = at + 1
    while True:
        while end < len(groups) and groups[end].kind == "unit":
            end += 1
        found.append(end)
        if end == len(groups) or not _joins(groups, end):
            return found
        end += 1


def placings(groups: Sequence[Group], columns: int) -> list[Way]:
    """Every way in which a row with fewer cells than columns can fill them, in their order."""
    if columns > _COLUMNS:
        return []
    found: list[Way] = []
    for cells in range(columns - 1, 2, -1):
        for way in ways(groups, cells):
            for places in combinations(range(columns), cells):
                filled: list[Cell | None] = [None] * columns
                for place, cell in zip(places, way, strict=True):
                    filled[place] = cell
                found.append(tuple(filled))
    return found


def number_of(printed: str) -> Decimal | None:
    """ "-1 500" gives -1500, "61,50 %" gives 61.50; None for what begins with no number."""
    match = _NUMBER.match(printed)
    if match is None:
        return None
    whole = re.sub(r"\s", "", match["whole"])
    return Decimal(f"{'-' if match['sign'] else ''}{whole}.{match['part'] or ''}".rstrip("."))

"""The heads of an annual report's tables: which column says what, of which year, and where it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from mapping.flow import flow
from mapping.lexicon import lexicon
from mapping.rows import CELL, Row
from mapping.text import Line

_REACH = 26  # rows that a head may take where each word of it stands on a line of its own
_YEAR = re.compile(r"(?:VB |helår |år )?(?P<year>(?:19|20)\d\d)(?![\d,])")
_LABEL_WORDS = 4
_TOKENS = 24  # more columns, with their years, than a table on a page has
_COLUMN_HINT = re.compile(r"[Uu]tfall|[Bb]okslut|UTFALL|BOKSLUT")
_BLANK = re.compile(r"(?:[\s,;:()/]|netto\b|\bi\b)+", re.I)
_DATED = ("outcome", "previousOutcome", "target", "budgeted")


@dataclass(frozen=True, slots=True)
class Column:
    """`role`: a property name of the model, "period", or "" for what the model does not hold. `start`, `end`: the
    columns of characters between which its head stands."""

    role: str
    start: int
    end: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A table's head of `rows` rows: its columns behind that of the labels; `kind` is "indicators", "budget" or ""
    where it does not tell; `spaced`: the columns stand apart by blanks, as in a text that keeps the page's layout;
    `words`: where a last column of comments begins."""

    rows: int
    columns: tuple[Column, ...]
    kind: str
    spaced: bool
    unit: str | None = None
    year: int | None = None
    words: int | None = None


@cache
def _words(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(role, pattern of its head), the longest first."""
    entries: dict[str, list[str]] = lexicon("annual_report")[table]
    flat = [(role, entry) for role, patterns in entries.items() for entry in patterns]
    flat.sort(key=lambda pair: -len(pair[1]))
    return tuple((role, re.compile(rf"(?:{entry})(?![\w-])", re.I)) for role, entry in flat)


@cache
def unit_word() -> re.Pattern[str]:
    """Matches a unit of money; its group is named after the norm form."""
    units: dict[str, str] = lexicon("annual_report")["money"]
    named = "|".join(f"(?P<{norm}>{pattern})" for norm, pattern in units.items())
    return re.compile(rf"\b(?:{named})(?![\w-])", re.I)


def _match(table: str, text: str, at: int) -> tuple[str, int] | None:
    for role, pattern in _words(table):
        match = pattern.match(text, at)
        if match:
            return role, match.end()
    return None


@dataclass(frozen=True, slots=True)
class _Token:
    """`role` None for a year."""

    role: str | None
    year: int | None
    start: int
    end: int


def _tokens(text: str) -> tuple[str, str | None, list[_Token]] | None:
    """(kind, unit, columns and years in their order); None where a word is no part of a table's head."""
    first = _match("labels", text, 0)
    kind, at = first or ("", 0)
    unit = None
    found: list[_Token] = []
    while at < len(text):
        blank = _BLANK.match(text, at)
        if blank:
            at = blank.end()
            continue
        year = _YEAR.match(text, at)
        if year:
            if not found or (found[-1].role == "outcome" and found[-1].year is not None):
                # A year alone heads the outcome of that year.
                found.append(_Token("outcome", int(year.group("year")), year.start("year"), year.end()))
                at = year.end()
                continue
            found.append(_Token(None, int(year.group("year")), year.start("year"), year.end()))
            at = year.end()
            continue
        column = _match("columns", text, at)
        if column:
            found.append(_Token(column[0], None, at, column[1]))
            at = column[1]
            continue
        money = unit_word().match(text, at)
        if money is None or unit is not None or money.end() == at:
            return None
        unit, at = money.lastgroup, money.end()
        kind = kind or "budget"
    return kind, unit, found


def _dated(tokens: Sequence[_Token]) -> list[_Token] | None:
    """Columns with their years: each year behind its own column, or all of them behind all columns."""
    columns = [token for token in tokens if token.role is not None]
    years = [token for token in tokens if token.role is None]
    if not years:
        return columns
    takes = [i for i, token in enumerate(columns) if token.role in _DATED]
    behind_all = all(token.role is None for token in tokens[len(columns) :])
    if behind_all and len(years) == len(takes):
        given = dict(zip(takes, years, strict=True))
        return [replace(token, year=given[i].year) if i in given else token for i, token in enumerate(columns)]
    made: list[_Token] = []
    for token in tokens:
        if token.role is not None:
            made.append(token)
        elif not made or made[-1].year is not None or made[-1].role in ("period",):
            return None
        else:
            made[-1] = replace(made[-1], year=token.year, end=max(made[-1].end, token.end))
    return made


def table_head(rows: Sequence[Row], index: int, year: int | None) -> Head | None:
    """The head of a table that begins at a row: the longest run of rows of which every word is part of a head.

    `year`: that of the report, where it is known."""
    text = rows[index].text
    if not (_match("labels", text, 0) or _match("columns", text, 0) or unit_word().match(text)):
        return _behind_label(rows[index], year)
    if (stacked := stacked_head(rows[index : index + 2], year)) is not None:
        return stacked
    best: tuple[str, str | None, list[_Token], int] | None = None
    for length in range(1, min(_REACH, len(rows) - index) + 1):
        if length > 1 and not _goes_on(rows[index + length - 1].text):
            break
        told = _tokens(flow(row.line for row in rows[index : index + length]).text)
        if told is not None and len(told[2]) > _TOKENS:
            return None
        if told is not None and len(told[2]) > 1:
            best = (*told, length)
    if best is None:
        return _behind_label(rows[index], year)
    if _unknown_head(rows, index + best[3]):
        return None
    return _head(rows[index : index + best[3]], best[0], best[1], best[2], year)


def stacked_head(rows: Sequence[Row], year: int | None) -> Head | None:
    """A head of two rows whose words stand upon each other: "Utfall   Utfall   Målvärde" over "2022   flickor
    2022"; None where the rows are none. `year`: that of the report, where it is known."""
    if len(rows) < 2 or rows[1].gap:
        return None
    above, below = (list(CELL.finditer(row.line.text)) for row in rows)
    label = _match("labels", above[0].group(), 0)
    if label is None or label[1] != len(above[0].group()) or len(above) < 4 or len(below) < 2:
        return None
    near = ((at, cell) for cell in below for at, head in enumerate(above) if abs(head.start() - cell.start()) <= 2)
    under = {at: cell.group() for at, cell in near}
    if len(under) != len(below) or 0 in under:
        return None
    told: list[tuple[_Token, re.Match[str]]] = []
    for at, head in enumerate(above[1:], 1):
        read = _tokens(f"{head.group()} {under.get(at, '')}".strip())
        roles = [token.role for token in read[2] if token.role] if read else []
        if read is None or not roles:
            return None
        own = next((token.year for token in read[2] if token.year is not None), None)
        told.append((_Token(roles[-1], own, head.start(), head.end()), head))
    current = year or max((token.year or 0 for token, _ in told), default=0) or None
    columns = tuple(Column(_role(token, current), head.start(), head.end(), token.year) for token, head in told)
    roles = [column.role for column in columns if column.role]
    kind = label[0]
    return Head(2, columns, kind, True, None, current) if len(roles) == len(set(roles)) else None


def _behind_label(row: Row, year: int | None) -> Head | None:
    """A head of one row whose labels have a head that no lexicon holds ("Resultaträkning", "Mätetal")."""
    text = row.text
    if not _COLUMN_HINT.search(text) or len(text) > 140:
        return None
    apart = [match.end() for match in re.finditer(r"\S\s{2,}(?=\S)", text)][:1]
    words = [match.start() for match in re.finditer(r"(?<=\s)\S", text)][:_LABEL_WORDS]
    for at in dict.fromkeys((*apart, *words)):
        begins = row.line.text.index(text[0]) + at
        part = replace(row, line=Line(row.line.text[begins:], row.line.start + begins))
        told = _tokens(flow((part.line,)).text)
        if told is None or len(told[2]) < 3:
            continue
        roles = {token.role for token in told[2]}
        kind = "budget" if {"budgeted", "outcome"} <= roles else "indicators"
        if kind == "indicators" and (at not in apart or not {"outcome", "target"} <= roles):
            continue
        label = unit_word().search(text[:at])
        head = _head((part,), kind, told[1] or (label.lastgroup if label else None), told[2], year)
        if head is not None:
            moved = tuple(replace(c, start=c.start + begins, end=c.end + begins) for c in head.columns)
            comments = None if head.words is None else head.words + begins
            return replace(head, columns=moved, spaced=_spaced((row,)), words=comments)
    return None


def _unknown_head(rows: Sequence[Row], index: int) -> bool:
    """Whether a row right behind a head, where each word stands on a line of its own, is one more head: a word or
    two, and below it a label begins."""
    if index + 1 >= len(rows) or rows[index].gap or rows[index + 1].gap:
        return False
    word, below = rows[index].text, rows[index + 1].text
    return (
        len(word.split()) < 3
        and word[0].isupper()
        and below[0].isupper()
        and not re.search(r"\d", word + below)
        and rows[index - 1].text[-4:].isdigit()
    )


def _goes_on(text: str) -> bool:
    """Whether a row may be part of a head: short, and no figures but years."""
    return (
        len(text) < 140
        and not re.search(r"\d,\d|\d\s?%|[.!?]$", text)
        and not re.fullmatch(r"-?\d{1,3}(?:\s\d{3})*", text)
    )


def _head(
    rows: Sequence[Row], kind: str, unit: str | None, tokens: Sequence[_Token], year: int | None
) -> Head | None:
    columns = _dated(tokens)
    if columns is None or len(columns) < 2:
        return None
    current = year or max((c.year or 0 for c in columns if c.role in ("outcome", "budgeted")), default=0) or None
    whole = flow(row.line for row in rows)
    made = []
    for token in columns:
        start, end = _across(rows, whole.offsets[token.start], whole.offsets[token.end - 1])
        made.append(Column(_role(token, current), start, end, token.year))
    spaced = _spaced(rows)
    words = [column.start for column in made if column.role == "text"]
    if words and not (spaced and made[-1].start == words[0]):
        return None  # only columns kept apart tell a comment from what stands beside it
    made = [column for column in made if column.role != "text"]
    roles = [column.role for column in made if column.role]
    if len(roles) != len(set(roles)):
        return None
    if not kind:
        kind = "budget" if {"budgeted", "outcome"} <= set(roles) else ""
    if kind == "budget" and not {"budgeted", "outcome"} <= set(roles):
        kind = ""
    return Head(len(rows), tuple(made), kind, spaced, unit, current, words[0] if words else None)


def _role(token: _Token, current: int | None) -> str:
    """What a column holds for the model: figures of other years than this and the last are left out."""
    if token.role == "none":
        return ""
    if token.year is None or current is None or token.role not in _DATED:
        return token.role or ""
    if token.role in ("outcome", "previousOutcome"):
        if token.role == "previousOutcome":
            return token.role
        return {current: "outcome", current - 1: "previousOutcome"}.get(token.year, "")
    return (token.role or "") if token.year == current else ""


def _across(rows: Sequence[Row], first: int, last: int) -> tuple[int, int]:
    """The columns of characters that two canonical offsets stand in, on the row of the first."""
    row = next(row for row in reversed(rows) if row.line.start <= first)
    end = min(last, row.line.end - 1)
    return first - row.line.start, end - row.line.start + 1


def _spaced(rows: Sequence[Row]) -> bool:
    """Whether three or more heads of a row stand apart by more than a blank."""
    return any(len(re.findall(r"\S {2,}(?=\S)", row.line.text)) >= 2 for row in rows)


def begins_table(rows: Sequence[Row], index: int) -> bool:
    """Whether the head of a table begins at a row: its kind is told, or it has three columns or more."""
    head = table_head(rows, index, None)
    return head is not None and (bool(head.kind) or len(head.columns) > 2)

"""Points of a decision or a proposal: numbered, lettered, att-clauses, dashes, or plain paragraphs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mapping.flow import Flow, flow
from mapping.records import Point, Quote
from mapping.rows import Row
from mapping.text import Span

_NUMBERED = re.compile(r"[”\"]?(?P<number>\d{1,2})[.)]\s+(?=\S)")
_BARE = re.compile(r"(?P<number>\d{1,2})\s+(?=[A-ZÅÄÖ])")  # "1 Rapporten godkänns."
_LETTERED = re.compile(r"(?P<number>[a-z])\)\s+(?=\S)")
_ATT = re.compile(r"[”\"]?[Aa]tt\s+(?=\S)")
_GOES_ON = re.compile(r"\b(?:för|genom|till|om|utan|av|med|på|så|efter|än|i|från|trots|kring)$")  # "… för / att …"
_DASH = re.compile(r"(?:[-–—•·▪●○*\uf0b7])\s*(?=\S)")
_ADJUSTED = re.compile(r"(?:Paragrafen|Ärendet|Beslutet|Punkten)\s[^.]{0,40}omedelbart\s(?:justera|juster)\w*\.?$")
_MOTIVATED = re.compile(r"\b(?:anföra|tillägga)(?:\sföljande)?\s*[:.]?$")  # what follows is the motivation
_INTRODUCES = re.compile(
    r"(?:[.:;,]|\bbeslut\w*|\bföljande|\byrka\w*|\b(?:att|dels|samt|och)|\w(?:nämnden|styrelsen|fullmäktige))$", re.I
)
_UNFINISHED = re.compile(
    r"(?:[,-]|\b(?:och|samt|att|i|för|av|till|med|om|på|den|det|en|ett|utse|välja|utses|väljs|nedan|enligt))$"
)
_ENDS = re.compile(r"(?:[.:;?!”\"]|följande)\s*$")


@dataclass(frozen=True, slots=True)
class Points:
    """What a stretch of rows holds: the text before the points, the points, and the rows behind them."""

    before: tuple[Row, ...]
    points: tuple[Point, ...]
    rest: tuple[Row, ...]


def _point(rows: Sequence[Row], number: str | None, marker: int) -> Point | None:
    whole = flow(row.line for row in rows)
    stretch = whole.part(len(re.sub(r"\s+", " ", rows[0].text[:marker])))
    return Point(stretch.text, whole.span(), number) if stretch else None


def _marker(row: Row, style: str, expected: int) -> tuple[str | None, int] | None:
    """(number, length of the marker) where a row opens the next point of a style."""
    if style == "numbered":
        match = _NUMBERED.match(row.text)
        return (match.group("number"), match.end()) if match and int(match.group("number")) == expected else None
    if style == "bare":
        match = _BARE.match(row.text)
        return (match.group("number"), match.end()) if match and int(match.group("number")) == expected else None
    if style == "lettered":
        match = _LETTERED.match(row.text)
        return (match.group("number"), match.end()) if match and match.group("number") == _letter(expected) else None
    if style == "att":
        return (None, 0) if _ATT.match(row.text) else None
    match = _DASH.match(row.text)
    return (None, match.end()) if match else None


def _goes_on(rows: Sequence[Row], index: int, style: str) -> bool:
    """Whether an "att" at a line's start only goes on with the line before: "till sektorn för / att sökanden …"."""
    return style == "att" and index > 0 and not rows[index].gap and bool(_GOES_ON.search(rows[index - 1].text))


def _letter(position: int) -> str:
    return chr(ord("a") + position - 1)


def _skipped(row: Row, before: Row, style: str, expected: int) -> int:
    """How many numbers the document leaves out before a row: a point told as 3 behind point 1 is no part of it."""
    match = _NUMBERED.match(row.text) if style == "numbered" else None
    if match is None or not _ENDS.search(before.text):
        return 0
    number = int(match.group("number"))
    return number - expected if expected < number <= expected + 2 else 0


def _first_number(rows: Sequence[Row]) -> int:
    """The number that a list starts with: 1, but where a body counts on what another decides ("2. att …")."""
    for before, row in zip((None, *rows[:2]), rows[:3], strict=False):
        match = _NUMBERED.match(row.text)
        if match is not None:
            number = int(match.group("number"))
            opens = before is None or (row.gap and _ENDS.search(before.text)) or _INTRODUCES.search(before.text)
            return number if 1 < number < 10 and opens else 1
    return 1


def _style(rows: Sequence[Row]) -> str | None:
    for before, row in zip((None, *rows), rows, strict=False):
        match = _NUMBERED.match(row.text)
        if match and match.group("number") == "1":
            return "numbered"
        if row.text.startswith("1 ") and _BARE.match(row.text) and any(_second(row) for row in rows):
            return "bare"
        if row.text.startswith("a) "):
            return "lettered"
        if _ATT.match(row.text) and not _runs_into(before, row):
            return "att"
        if _DASH.match(row.text):
            return "dash"
    return None


def _second(row: Row) -> bool:
    return row.text.startswith("2 ") and bool(_BARE.match(row.text))


def _runs_into(before: Row | None, row: Row) -> bool:
    """Whether a sentence goes on in an att-clause that only happens to begin a line ("… och föreslår / att …")."""
    return before is not None and not row.gap and row.text[0].islower() and not _INTRODUCES.search(before.text)


def _closes(row: Row, before: Row, style: str) -> bool:
    """Whether a row after a finished sentence, behind a paragraph break, no longer belongs to the points."""
    if _MOTIVATED.search(before.text) and row.text[0].isupper():
        return True
    if not row.gap or _LETTERED.match(row.text):
        return False
    if not _ENDS.search(before.text) and not (row.text[0].isupper() and not _UNFINISHED.search(before.text)):
        return False
    return style != "dash" or not row.bullet


def split_points(rows: Sequence[Row], style: str | None = None, *, last_list: bool = False) -> Points:
    """Points of the first list in some rows (`last_list`: of the last list that starts at 1)."""
    begin = _first_number(rows) if style in (None, "numbered") else 1
    style = style or ("numbered" if begin > 1 else _style(rows))
    if style is None:
        return Points(tuple(rows), (), ())
    starts = [i for i, row in enumerate(rows) if _marker(row, style, begin) and not _goes_on(rows, i, style)]
    if not starts:
        return Points(tuple(rows), (), ())
    first = starts[-1] if last_list and style == "numbered" else starts[0]
    found: list[tuple[str | None, int, list[Row]]] = []
    expected = begin
    for index in range(first, len(rows)):
        row = rows[index]
        if _ADJUSTED.match(row.text) and index > first and (row.gap or _ENDS.search(rows[index - 1].text)):
            return Points(tuple(rows[:first]), (*_made(found), *_made([(None, 0, [row])])), tuple(rows[index + 1 :]))
        if index > first:
            expected += _skipped(row, rows[index - 1], style, expected)
        marker = None if _goes_on(rows, index, style) else _marker(row, style, expected)
        if marker is not None:
            found.append((marker[0], marker[1], [row]))
            expected += 1
        elif _closes(row, rows[index - 1], style):
            return Points(tuple(rows[:first]), _made(found), tuple(rows[index:]))
        else:
            found[-1][2].append(row)
    return Points(tuple(rows[:first]), _made(found), ())


def _made(found: Iterable[tuple[str | None, int, list[Row]]]) -> tuple[Point, ...]:
    made = (_point(rows, number, marker) for number, marker, rows in found)
    return tuple(point for point in made if point is not None)


def unnumbered(stretch: Flow) -> Point:
    """A stretch as one point without a number."""
    return Point(stretch.text, stretch.span())


def span_of(points: Sequence[Point]) -> Span:
    """From the first of one or more points to the end of the last."""
    return Span(points[0].span.start, points[-1].span.end)


def as_quote(rows: Iterable[Row]) -> Quote | None:
    """Rows as one quote; None where they hold no text."""
    stretch = flow(row.line for row in rows)
    return stretch.quote() if stretch else None

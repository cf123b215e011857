"""The goals of annual reports: how they are headed, how far they are said to be fulfilled, what stands under what."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from mapping.flow import flow
from mapping.lexicon import lexicon
from mapping.records import Goal
from mapping.rows import Row
from mapping.text import Line, Span

LEVELS = ("council-direction", "council-area", "body")
_SECTION = r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?"  # "2.1 Kommunfullmäktiges mål 1: …": the report's own numbering
_MARKS = "●○■□▲▼◆◉•\uf0b7\uf06c ⚫🟢🟡🔴"
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$|\s{4,}\d{1,3}$")


@dataclass(frozen=True, slots=True)
class Judgement:
    """`value`: "full", "partial" or "none"; `inferred`: told by a colour that the report does not explain."""

    value: str
    inferred: bool = False


def _level_words() -> str:
    """A pattern of the words that head a goal, in a group named after their level."""
    levels: dict[str, list[str]] = lexicon("annual_report")["goal"]
    return "|".join(
        f"(?P<{level.replace('-', '_')}>{'|'.join(sorted(entries, key=len, reverse=True))})"
        for level, entries in levels.items()
    )


@cache
def goal_head() -> re.Pattern[str]:
    """Matches a goal's head line: a group named after the level that matched, `number` (perhaps), `title`."""
    number = r"(?P<number>\d{1,2}(?:\.\d{1,2})*)(?![\d%])"
    return re.compile(
        rf"{_SECTION}(?:{_level_words()})(?:\s*:?\s*{number}\s*[.:–-]?\s*(?P<title>[^\W\d_a-zåäö].*\S|[”\"]\S.*)"
        rf"|\s*:\s*(?P<unnumbered>[^\W\d_a-zåäö].*\S))"
    )


@cache
def _bare_head() -> re.Pattern[str]:
    """A goal's head without its title, which stands on the next line: "Mål 1", "Nämndmål:"."""
    return re.compile(rf"{_SECTION}(?:{_level_words()})(?:\s*(?P<number>\d{{1,2}}(?:\.\d{{1,2}})*)\s*[.:]?|\s*:)")


def bare_head(rows: Sequence[Row], index: int, legend: dict[str, str]) -> tuple[Goal, int] | None:
    """(a goal whose title stands on the line below its head, the row behind it)."""
    head = _bare_head().fullmatch(rows[index].text)
    if head is None or index + 1 >= len(rows):
        return None
    row = rows[index + 1]
    other = _bare_head().fullmatch(row.text) or head_of(row) or judgement(rows, index + 1, legend)
    if other or not row.text[0].isupper() or re.search(r"\d\s*%?$|\s{3,}", row.text) or len(row.text) > 120:
        return None
    last = index + 1
    while last + 1 < len(rows) and last - index < 3 and not rows[last + 1].gap and rows[last + 1].text[0].islower():
        last += 1
    title = flow(each.line for each in rows[index + 1 : last + 1])
    level = _level(head)
    span = Span(rows[index].start, title.span().end)
    return Goal(level, head.group("number"), title.text, span), last + 1


@cache
def _table_head() -> re.Pattern[str]:
    labels = "|".join(lexicon("annual_report")["judgement"]["labels"])
    return re.compile(
        rf"(?P<label>(?:(?P<council>Kommunfullmäktiges|Fullmäktiges|KF:s|KF)[ -])?(?:[\wåäöÅÄÖ:-]+s\s)?[\w-]*[Mm]ål)"
        rf"\s{{2,}}(?:{labels})(?:\s(?:19|20)\d\d)?"
    )


def read_goal_table(rows: Sequence[Row], index: int, legend: dict[str, str]) -> tuple[list[Goal], int] | None:
    """(goals of a table of goals and how far each is fulfilled, the row behind it)."""
    head = _table_head().fullmatch(rows[index].text)
    if head is None:
        return None
    level = "council-direction" if "nriktning" in head.group("label") else "body"
    level = "council-area" if head.group("council") and level == "body" else level
    found: list[Goal] = []
    at = index + 1
    while at < len(rows):
        row = rows[at]
        apart = re.fullmatch(
            r"(?:(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?\s+)?(?P<title>\S.*?\S)\s{2,}(?P<value>\S.*)", row.text
        )
        word = apart.group("value").lstrip(_MARKS) if apart else ""
        plain = _value(word, "fulfilment", "short")
        told = Judgement(plain) if plain else colour(word, legend)
        if apart is None or told is None or not apart.group("title")[0].isupper():
            break
        title = flow((Line(apart.group("title"), row.start + apart.start("title")),))
        span = Span(row.start, row.end)
        found.append(
            Goal(level, apart.group("number"), title.text, span, fulfilment=told.value, inferred=told.inferred)
        )
        at += 1
    return (found, at) if found else None


def head_of(row: Row) -> re.Match[str] | None:
    """The goal's head that a row is, and no line of a table of contents."""
    found = goal_head().match(row.text)
    return None if found is None or _CONTENTS.search(row.text) else found


@cache
def _whole(*keys: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = lexicon("annual_report")
    return tuple(
        (value, re.compile(rf"(?:{'|'.join(e for key in keys for e in table[key].get(value, []))})\.?\Z", re.I))
        for value in ("partial", "none", "full")
    )


@cache
def _labelled() -> re.Pattern[str]:
    labels = "|".join(lexicon("annual_report")["judgement"]["labels"])
    return re.compile(rf"(?:{labels})\s*:?\s+(?P<value>\S.*)|(?P<alone>{labels})\s*:?\Z")


def _value(text: str, *keys: str) -> str | None:
    return next((value for value, pattern in _whole(*keys) if pattern.match(text)), None)


def judgement(rows: Sequence[Row], index: int, legend: dict[str, str]) -> tuple[Judgement, int] | None:
    """(what a row says of a goal's fulfilment, rows that it takes)."""
    text = rows[index].text.lstrip(_MARKS)
    plain = _value(text, "fulfilment")
    if plain is not None:
        return Judgement(plain), 1
    label = _labelled().match(text)
    if label is None:
        return None
    used = 1
    if label.group("alone"):
        if index + 1 >= len(rows):
            return None
        text, used = rows[index + 1].text.lstrip(_MARKS), 2
    else:
        text = label.group("value").lstrip(_MARKS)
    plain = _value(text, "fulfilment", "short")
    if plain is not None:
        return Judgement(plain), used
    told = colour(text, legend)
    return (told, used) if told else None


def colour(word: str, legend: dict[str, str]) -> Judgement | None:
    """What a colour word judges: as the report's legend says, else what colours mean everywhere."""
    value = _value(word, "colour")
    if value is None:
        return None
    explained = legend.get(word.lower().rstrip("t."))
    return Judgement(explained or value, explained is None)


def legend_of(rows: Iterable[Row]) -> dict[str, str]:
    """What the report says that its colours mean ("Gul   Målet är delvis uppfyllt"), by colour in small letters."""
    found: dict[str, str] = {}
    line = re.compile(r"(?P<colour>Grön|Gul|Röd)t?\s*[=:–-]?\s+(?P<meaning>\S.*)")
    for row in rows:
        match = line.match(row.text)
        value = _value(match.group("meaning"), "fulfilment") if match else None
        if match and value:
            found.setdefault(match.group("colour").lower(), value)
    return found


def read_goal(rows: Sequence[Row], index: int, head: re.Match[str], legend: dict[str, str]) -> tuple[Goal, int]:
    """(a goal's head over one to three rows, the row behind it): it goes on up to a paragraph break."""
    level = _level(head)
    group = "title" if head.group("title") else "unnumbered"
    row, told = rows[index], None
    text = row.text
    apart = re.search(r"\s{2,}(?P<word>\S+)$", text)
    if apart:
        told = colour(apart.group("word"), legend)
        text = text[: apart.start()] if told else text
    last = index
    while (
        told is None
        and last + 1 < len(rows)
        and not rows[last + 1].gap
        and last - index < 3
        and not _ends_title(rows, last, legend)
    ):
        last += 1
    first = Line(text[head.start(group) :], row.start + head.start(group))
    title = flow([first, *(each.line for each in rows[index + 1 : last + 1])])
    number = head.group("number")
    goal = Goal(
        level,
        number,
        title.text,
        Span(row.start, title.span().end),
        fulfilment=told.value if told else None,
        inferred=bool(told and told.inferred),
    )
    return goal, last + 1


def _level(head: re.Match[str]) -> str:
    return next(name for name in LEVELS if head.groupdict().get(name.replace("-", "_")))


def _ends_title(rows: Sequence[Row], at: int, legend: dict[str, str]) -> bool:
    """Whether a goal's title is over at a row: the next row starts a sentence or judges the goal."""
    following = rows[at + 1].text
    return not following[0].islower() or judgement(rows, at + 1, legend) is not None


def same(one: Goal, other: Goal) -> bool:
    """Whether two heads are of one goal: one number on one level, and one title, though one may be cut short."""
    if one.level != other.level or (one.number != other.number and one.number and other.number):
        return False
    left, right = (re.sub(r"[\W_]", "", goal.title).lower() for goal in (one, other))
    if one.number != other.number:
        return left == right
    return left.startswith(right) or right.startswith(left)


def with_parents(goals: Sequence[Goal], before: dict[str, str]) -> list[Goal]:
    """The goals with what they stand under: by their numbers, else by place. `before`: the key of the nearest goal
    of a higher level above each, by key. A report that lists its higher goals first has all others behind the last of
    them: then place tells nothing."""
    by_number = {goal.number: goal for goal in goals if goal.number and goal.key == goal.number}
    keys = {goal.key: goal for goal in goals}
    placed: dict[str, str] = {}
    made = []
    for goal in goals:
        parent = None
        stem = (goal.number or "").rpartition(".")[0]
        while stem and parent is None:
            parent = by_number.get(stem)
            stem = stem.rpartition(".")[0]
        if parent is not None and parent.key != goal.key:
            goal = replace(goal, parent=parent.key)
        elif goal.key in before:
            placed[goal.key] = before[goal.key]
        made.append(goal)
    used = set(placed.values())
    higher = [goal for goal in goals if goal.level in {keys[key].level for key in used}]
    if len(higher) > 1 and len(used) == 1:
        return made
    return [replace(goal, parent=placed.get(goal.key, goal.parent)) for goal in made]

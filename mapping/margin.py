"""What stands in the margin left of the text: headings beside what they head, or the recipients of extracts."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mapping.lexicon import heading_of
from mapping.text import Line

SECTION_HEAD = re.compile(
    r"(?:(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4})\s+)?§\s*(?P<number>\d{1,4}(?:/\d{2,4})?(?:\s?[A-Z](?=\s|$))?)"
    r"(?:(?P<stop>[.:])(?=\s+[A-ZÅÄÖ\d”\"'(]|$)|(?=\s|$))\s*(?P<rest>.*)$"
)
_BESIDE = re.compile(r"[ ]{0,30}(?P<heading>\S(?:.{0,38}\S)?)\s{2,}(?=\S)")
_NARROWEST, _WIDEST = 8, 40  # columns of a margin that holds headings
_FEWEST = 3  # headings beside text, two of them of decisions, show that this is how a document is laid out
_RECIPIENTS = re.compile(r"(?:Exp(?:edieras|edieras till|\.)?|Utdrag(?: till)?|Delges|Kopia(?: till)?)\s?:?")
_NOTE = 40  # characters of a line of a margin


@dataclass(frozen=True, slots=True)
class Beside:
    """A line of which the margin is taken off: the heading that begins there (empty where none does), where it
    stands, and the text beside it."""

    heading: str
    margin: Line | None
    text: Line


def headings_beside(
    lines: Sequence[Line], furniture: Collection[int], page_starts: Sequence[int] = ()
) -> dict[int, Beside]:
    """The lines with headings in the margin, and those of the column of text beside it, by their index; none where
    a document has no such margin. A heading that goes on in the margin of the next line is one: "Besluts-" above
    "underlag". `page_starts`: offsets of the pages, each of which may be set in columns of its own."""
    first = _first_section(lines)
    columns = _heading_columns(lines, first, page_starts) if first is not None else {}
    found: dict[int, Beside] = {}
    opened: int | None = None  # the line whose heading may go on below
    for index in range(first or 0, len(lines)):
        column = columns.get(_page_of(lines[index], page_starts))
        if column is None:
            continue
        line = lines[index]
        text = line.text
        if index in furniture or not text.strip():
            opened = None if not text.strip() else opened
            continue
        margin, rest = text[:column], Line(text[column:], line.start + column)
        if not margin.strip():
            found[index] = Beside("", None, rest)
        elif (margin.endswith(" ") and rest.text[:1].strip()) or (not rest.text.strip() and opened == index - 1):
            word = margin.strip()
            above = found[opened] if opened is not None else None
            if above is not None and above.margin is not None and opened == index - 1 and word[0].islower():
                joined = above.heading.removesuffix("-") + ("" if above.heading.endswith("-") else " ") + word
                found[index - 1] = Beside(joined, above.margin, above.text)
                found[index] = Beside("", None, rest)
            else:
                found[index] = Beside(word, Line(margin.rstrip(), line.start), rest)
            opened = index
            continue
        opened = None
    return found


def _first_section(lines: Sequence[Line]) -> int | None:
    return next((i for i, line in enumerate(lines) if SECTION_HEAD.match(line.text.strip())), None)


def _page_of(line: Line, page_starts: Sequence[int]) -> int:
    return bisect_right(page_starts, line.start)


def _heading_columns(lines: Sequence[Line], first: int, page_starts: Sequence[int]) -> dict[int, int]:
    """The column of the text beside headings that stand in the margin, by page, where most of them agree on it; none
    where a document has no such margin."""
    seen: dict[int, Counter[int]] = {}
    decisions = 0
    for line in lines[first:]:
        match = _BESIDE.match(line.text)
        heading = heading_of(match["heading"]) if match else None
        if match is None or heading in (None, "afterwards"):
            continue
        if _NARROWEST <= match.end() - match.start("heading") <= _WIDEST:
            seen.setdefault(_page_of(line, page_starts), Counter())[match.end()] += 1
            decisions += heading == "decision"
    usual = {page: columns.most_common(1)[0] for page, columns in seen.items()}
    total = sum(columns.total() for columns in seen.values())
    agree = sum(count for _, count in usual.values())
    if decisions < _FEWEST - 1 or total < _FEWEST or agree * 5 < total * 4:
        return {}
    return {page: column for page, (column, _) in usual.items()}


def text_column(lines: Sequence[Line]) -> tuple[int, int] | None:
    """(column at which the text of all § starts, offset of the first §) where a margin to the left of it holds
    other things (the recipients of extracts: Vilhelmina, Åsele); None where there is no such margin."""
    first = _first_section(lines)
    if first is None:
        return None
    starts = Counter(len(line.text) - len(line.text.lstrip()) for line in lines[first:] if line.text.strip())
    column, count = starts.most_common(1)[0]
    return (column, lines[first].start) if column >= 10 and count * 2 > starts.total() else None


def less_margin(line: Line, column: tuple[int, int] | None) -> tuple[Line, Line | None]:
    """(the line from the text column on, what stands in the margin beside it)."""
    if column is None or line.start < column[1]:
        return line, None
    at = column[0]
    beside, text = line.text[:at], line.text[at:]
    if not beside.strip() or not text.strip() or not beside.endswith("  ") or text[0].isspace() or "§" in beside:
        return line, None
    return Line(text, line.start + at), Line(beside.rstrip(), line.start)


def in_margin(line: Line, above: Line | None, aside: Sequence[Line], column: tuple[int, int] | None) -> bool:
    """Whether a line holds only what stands in the margin: the label of the recipients of an extract, or what goes
    on with the margin of the line above, where that begins."""
    if column is None or line.start < column[1]:
        return False
    if len(line.text.rstrip()) < column[0] and _RECIPIENTS.fullmatch(line.text.strip()):
        return True
    if above is None or not aside or aside[-1].start != above.start:
        return False
    begins = len(line.text) - len(line.text.lstrip())
    over = len(above.text) - len(above.text.lstrip())
    text = line.text.strip()
    alone = "   " not in text and "§" not in text
    return bool(text) and alone and begins == over < column[0] and len(text) < _NOTE

"""A text in parts, with the characters of facts marked: flat pieces, each under the facts that stand there."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_EMPTY_LINES: Final = re.compile(r"\s*\n\s*\n\s*\n")
LONGEST: Final = 15000  # characters of one part, as far as a line ends there


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters of a text, in code points; `end` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, verbatim. `fact`: the narrowest span that covers it, none of blanks alone; `opens`: whether it
    begins here."""

    text: str
    fact: Span | None
    opens: tuple[Span, ...]
    marked: bool

    @property
    def shown(self) -> str:
        """The text without the many empty lines that a page of paper has."""
        return _EMPTY_LINES.sub("\n\n", self.text)


def parts(text: str) -> list[Span]:
    """The parts of a text, each at most `LONGEST` characters and ending with a line where it has lines."""
    found: list[Span] = []
    start = 0
    while start < len(text):
        end = start + LONGEST
        if end < len(text):
            line = max(text.rfind("\n", start, end), text.rfind("\f", start, end))
            end = line + 1 if line > start else end
        found.append(Span(start, min(end, len(text))))
        start = found[-1].end
    return found or [Span(0, 0)]


def part_with(found: Sequence[Span], position: int) -> int:
    """The index of the part that holds a character, or of the last part."""
    return max(0, bisect_right([each.start for each in found], position) - 1)


def pieces(text: str, part: Span, facts: Sequence[Span], marked: Span | None) -> list[Piece]:
    """The pieces of a part, in order; joined they are the part's text."""
    inside = [each for each in facts if each.start < part.end and each.end > part.start and each.start < each.end]
    cuts = {part.start, part.end}
    for each in [*inside, *([marked] if marked else [])]:
        cuts.update(at for at in (each.start, each.end) if part.start < at < part.end)
    narrowest: dict[int, Span] = {}
    borders = sorted(cuts)
    at = {border: index for index, border in enumerate(borders)}
    for each in sorted(inside, key=lambda one: one.end - one.start, reverse=True):
        first, last = at[max(each.start, part.start)], at[min(each.end, part.end)]
        for index in range(first, last):
            narrowest[index] = each
    opened: dict[int, list[Span]] = {}
    for each in inside:
        opened.setdefault(at[max(each.start, part.start)], []).append(each)
    found: list[Piece] = []
    for index, (start, end) in enumerate(zip(borders, borders[1:], strict=False)):
        in_mark = marked is not None and marked.start <= start and end <= marked.end
        begun = tuple(sorted(opened.get(index, ())))
        fact = narrowest.get(index) if text[start:end].strip() else None  # blanks alone are no link
        found.append(Piece(text[start:end], fact, begun, in_mark))
    return found

"""Running text made of lines: blanks folded, hyphenation undone, and every character knows where it stood."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mapping.records import Quote
from mapping.text import Line, Span

# "heders- och uppfostringsresor": a hyphen that stands for a shared last part keeps its blank.
_SHARED_PART = re.compile(r"(?:och|eller|samt|respektive|som|till|alternativt)\b")
_LONGEST_WORD = 60  # letters looked at before a hyphen
_FOLDED = re.compile(r"[^\S ]|  ")  # blanks that do not stay as they are


@dataclass(frozen=True, slots=True)
class Flow:
    """A cleaned text; `offsets[i]` is the canonical offset of `text[i]`."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int = 0, end: int | None = None) -> Span:
        last = len(self.text) if end is None else end
        return Span(self.offsets[start], self.offsets[last - 1] + 1)

    def part(self, start: int, end: int | None = None) -> "Flow":
        """The stretch from start to end, outer blanks off; may be empty."""
        last = len(self.text) if end is None else end
        while start < last and self.text[start].isspace():
            start += 1
        while last > start and self.text[last - 1].isspace():
            last -= 1
        return Flow(self.text[start:last], self.offsets[start:last])

    def quote(self, start: int = 0, end: int | None = None) -> Quote:
        stretch = self.part(start, end)
        return Quote(stretch.text, stretch.span())

    def matches(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return pattern.finditer(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)


def _joint(text: list[str], following: str) -> str:
    """What stands between a line and the next: "", " ", or "-" taken away (told as "\\b")."""
    if not text or text[-1] != "-" or len(text) < 2:
        return " "
    before = text[-2]
    word_start = len(text) - 1
    while word_start and len(text) - word_start < _LONGEST_WORD and not text[word_start - 1].isspace():
        word_start -= 1
    word = "".join(text[word_start:-1])
    if before.isspace() or _SHARED_PART.match(following):
        return " "
    if (
        following[:1].islower()
        and before.isalpha()
        and not any(letter.isupper() for letter in word[1:])
        and "/" not in word
    ):
        return "\b"
    return ""


def flow(lines: Iterable[Line]) -> Flow:
    """Joins lines into running text. A hyphen at a line's end goes where a word was broken
    ("över-/lämna"), stays where it belongs to the word ("Wallin-/Strand", "1970-/talet")."""
    text: list[str] = []
    offsets: list[int] = []
    previous: Line | None = None
    for line in lines:
        stripped = line.text.strip()
        if not stripped:
            continue
        if previous is not None:
            joint = _joint(text, stripped)
            if joint == "\b":
                text.pop()
                offsets.pop()
            elif joint:
                text.append(joint)
                offsets.append(previous.end)
        position = line.start + line.text.index(stripped[0])
        if _FOLDED.search(stripped):
            for index, character in enumerate(stripped):
                blank = character.isspace()
                if blank and text[-1] == " ":
                    continue
                text.append(" " if blank else character)
                offsets.append(position + index)
        else:
            text.extend(stripped)
            offsets.extend(range(position, position + len(stripped)))
        previous = line
    return Flow("".join(text), tuple(offsets))


def sentences(stretch: Flow) -> Iterator[Flow]:
    """The sentences of a flow: ended by . ! ? before a capital; "m.fl." and initials end none."""
    start = 0
    for match in re.finditer(r"(?<=[.!?])[”\"]?\s+(?=[A-ZÅÄÖÉ”\"])", stretch.text):
        before = stretch.text[start : match.start()]
        if re.search(r"(?:\bm\.? ?fl|\bbl\.? ?a|\bs\.k|\bt\.ex|\bordf|\bnr|\bDnr|\bkl|\bv|\b[A-ZÅÄÖ])\.$", before):
            continue
        yield stretch.part(start, match.start() + len(match.group().rstrip()))
        start = match.end()
    rest = stretch.part(start)
    if rest:
        yield rest

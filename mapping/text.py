"""The canonical text of a document and its lines: every offset in the system counts its code points."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_TAB = 8  # columns between tab stops


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a canonical text: code points, end exclusive (Web Annotation, TextPositionSelector)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty or reversed span {self.start}-{self.end}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the canonical text without its line break, and where it starts."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def span(self, start: int, end: int) -> Span:
        """Where the characters from one index of the line to another stand in the canonical text."""
        return Span(self.start + start, self.start + end)

    def column(self, index: int) -> int:
        """The column, from 0, in which the character at an index of the line is shown: a tab reaches to the next
        multiple of eight."""
        return len(self.text[:index].expandtabs(_TAB)) if "\t" in self.text else index


@dataclass(frozen=True, slots=True)
class Text:
    """A canonical text.

    `page_starts` holds the offset at which each page begins, where the source tells (PDF, form feeds);
    empty where it does not. `format` is "text", "pdf", "html" or "docx".

    What places and type tell where the source has them (PDF), as starts of lines: `furniture` are the heads and feet
    of pages, the first head of its kind left out; `bold` are lines in bold type throughout.
    """

    canonical: str
    format: str = "text"
    page_starts: tuple[int, ...] = ()
    furniture: tuple[int, ...] = ()
    bold: tuple[int, ...] = ()

    def lines(self) -> Iterator[Line]:
        start = 0
        for part in self.canonical.split("\n"):
            yield Line(part, start)
            start += len(part) + 1

    def page_of(self, offset: int) -> int | None:
        """The page (1 = first) on which an offset stands, or None where pages are unknown."""
        return bisect_right(self.page_starts, offset) or None

    def marks(self) -> dict[str, tuple[int, ...]]:
        """What is known of the lines besides their text: `Text(canonical, format, **marks)` is this text again."""
        return {"page_starts": self.page_starts, "furniture": self.furniture, "bold": self.bold}

    @property
    def page_count(self) -> int | None:
        return len(self.page_starts) or None

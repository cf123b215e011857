"""Lines -> rows: furniture and margins out, paragraphs known."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mapping.furniture import furniture_of
from mapping.margin import headings_beside, in_margin, less_margin, text_column
from mapping.text import Line, Text

_BULLET = re.compile(r"[•·▪●○\uf0b7\u2022*]\s*|[-–—]\s+(?=\S)")
_SEPARATOR = re.compile(r"\s*(?:[-–]{3,40}|_{3,40}|(?:\*\s?){3,20})\s*")
_LONE_BULLET = re.compile(r"[•▪●○\uf0b7]$")


CELL = re.compile(r"\S(?:.*?\S)?(?=\s{3,}|\t|\s*$)")  # a stretch of a line, apart from the next by three blanks
FULL_LINE = 50  # characters of a line that the next may go on


@dataclass(frozen=True, slots=True)
class Row:
    """A line that carries text. `gap`: a paragraph break stands before it; `indented`: it starts with blanks;
    `bold`: it is known to be in bold type throughout."""

    line: Line
    text: str
    gap: bool
    indented: bool
    bold: bool = False

    @property
    def start(self) -> int:
        """Where the text starts, behind what the line begins with and the text leaves out."""
        return self.line.start + self.line.text.index(self.text[:1])

    @property
    def end(self) -> int:
        """Where the text ends, before the blanks that the line ends with."""
        return self.line.start + len(self.line.text.rstrip())

    @property
    def bullet(self) -> bool:
        return bool(_BULLET.match(self.text))


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of a document, and the lines that are page furniture."""

    rows: tuple[Row, ...]
    furniture: tuple[Line, ...]


def layout(text: Text) -> Layout:
    """Rows and furniture of a document."""
    lines = list(text.lines())
    placed = frozenset(text.furniture)
    furniture = furniture_of(lines, placed, text.page_starts)
    at_break = _blank_runs_beside({i for i in furniture if lines[i].start not in placed}, lines)
    # Where places tell, one blank line beside a head or foot is the page break's; more of them part paragraphs.
    at_break |= {i + step for i in furniture if lines[i].start in placed for step in (-1, 1)}
    bold = _bold_headings(lines, frozenset(text.bold))
    wanted = 2 if _double_spaced([line for i, line in enumerate(lines) if i not in furniture]) else 1
    margin = _margin(lines)
    rows: list[Row] = []
    aside: list[Line] = []
    headed_beside = headings_beside(lines, furniture, text.page_starts)
    column = None if headed_beside else text_column(lines)
    blanks, parted = 0, False
    for index, whole in enumerate(lines):
        line, beside = less_margin(whole, column)
        if beside is None and in_margin(whole, lines[index - 1] if index else None, aside, column):
            aside.append(whole)
            blanks += 1  # nothing stands beside it in the column of the text
            continue
        aside += [beside] if beside else []
        if (split := headed_beside.get(index)) is not None:
            line = split.text
            if split.margin is not None:
                rows.append(Row(split.margin, split.heading, True, False))
                blanks, parted = 0, False
        if index in furniture:
            # a short line of dashes parts what stands above from what stands below
            parted = parted or bool(_SEPARATOR.fullmatch(line.text))
            continue
        if rows and not blanks and _LONE_BULLET.match(rows[-1].text):
            line = _behind_bullet(rows.pop().line, line)
        stripped = line.text.strip()
        if not stripped:
            # Blank lines beside furniture belong to the page break.
            blanks += 0 if index in at_break else 1
            continue
        indented = line.text[margin : margin + 1].isspace()
        headed = line.start in bold and bool(rows) and not rows[-1].bold
        gap = blanks >= wanted or headed or (parted and not stripped[0].islower())
        rows.append(Row(line, stripped, gap, indented, line.start in bold))
        blanks, parted = 0, False
    beside_pages = [lines[i] for i in sorted(furniture) if lines[i].text.strip()]
    return Layout(tuple(rows), tuple(sorted((*beside_pages, *aside), key=lambda line: line.start)))


def _double_spaced(lines: Sequence[Line]) -> bool:
    """Whether every other line is blank (text extracted with a blank line after each, seen in Stockholm 2016):
    hardly a line follows another at once, and sentences run on across the blank lines."""
    at_once, continued, all_gaps, blanks, seen = 0, 0, 0, 0, False
    for line in lines:
        stripped = line.text.strip()
        if not stripped:
            blanks += 1
            continue
        if seen:
            all_gaps += 1
            at_once += blanks == 0
            continued += blanks == 1 and stripped[0].islower()
        seen, blanks = True, 0
    return all_gaps > 10 and at_once / all_gaps < 0.15 and continued >= 3


def _blank_runs_beside(furniture: set[int], lines: Sequence[Line]) -> set[int]:
    """The blank lines between furniture and the nearest text."""
    found: set[int] = set()
    for index in furniture:
        for step in (-1, 1):
            at = index + step
            while 0 <= at < len(lines) and at not in found and not lines[at].text.strip():
                found.add(at)
                at += step
    return found


def _margin(lines: Sequence[Line]) -> int:
    """How many blanks every line begins with (but for one in twenty): a margin indents nothing."""
    depths = sorted(len(line.text) - len(line.text.lstrip()) for line in lines if line.text.strip())
    return depths[len(depths) // 20] if depths else 0


def _behind_bullet(bullet: Line, line: Line) -> Line:
    """A bullet that stands on a line of its own, and the line that it belongs to, as one."""
    gap = " " * (line.start - bullet.end)
    return Line(bullet.text + gap + line.text, bullet.start)


def _bold_headings(lines: Sequence[Line], bold: frozenset[int]) -> frozenset[int]:
    """The starts of bold lines, where bold type is what headings are set in: most of the text is roman."""
    return bold if sum(len(line.text) * (1 if line.start in bold else -1) for line in lines) < 0 else frozenset()


def paragraphs(rows: Sequence[Row]) -> Iterator[tuple[Row, ...]]:
    """Rows grouped by paragraph breaks."""
    group: list[Row] = []
    for row in rows:
        if row.gap and group:
            yield tuple(group)
            group = []
        group.append(row)
    if group:
        yield tuple(group)

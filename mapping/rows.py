"""Lines -> rows: furniture and margins out, paragraphs known."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mapping.furniture import furniture_of
from mapping.text import Line, Text

_BULLET = re.compile(r"[•·▪●○\uf0b7\u2022*]\s*|[-–—]\s+(?=\S)")
SECTION_HEAD = re.compile(
    r"(?:(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4})\s+)?§\s*(?P<number>\d{1,4}(?:/\d{2,4})?(?:\s?[A-Z](?=\s|$))?)"
    r"(?:(?P<stop>[.:])(?=\s+[A-ZÅÄÖ\d”\"'(]|$)|(?=\s|$))\s*(?P<rest>.*)$"
)
_SEPARATOR = re.compile(r"\s*(?:[-–]{3,40}|_{3,40}|(?:\*\s?){3,20})\s*")
_LONE_BULLET = re.compile(r"[•▪●○\uf0b7]$")


CELL = re.compile(r"\S(?:.*?\S)?(?=\s{3,}|\t|\s*$)")  # a stretch of a line, apart from the next by three blanks
_RECIPIENTS = re.compile(r"(?:Exp(?:edieras|edieras till|\.)?|Utdrag(?: till)?|Delges|Kopia(?: till)?)\s?:?")
_IN_MARGIN = 40  # characters of a line of a margin
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
    column = _text_column(lines)
    blanks, parted = 0, False
    for index, whole in enumerate(lines):
        line, beside = _less_margin(whole, column)
        if beside is None and _in_margin(whole, lines[index - 1] if index else None, aside, column):
            aside.append(whole)
            blanks += 1  # nothing stands beside it in the column of the text
            continue
        aside += [beside] if beside else []
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


def _text_column(lines: Sequence[Line]) -> tuple[int, int] | None:
    """(column at which the text of all § starts, offset of the first §) where a margin to the left of it holds
    other things (the recipients of extracts: Vilhelmina, Åsele); None where there is no such margin."""
    first = next((i for i, line in enumerate(lines) if SECTION_HEAD.match(line.text.strip())), None)
    if first is None:
        return None
    starts = Counter(len(line.text) - len(line.text.lstrip()) for line in lines[first:] if line.text.strip())
    column, count = starts.most_common(1)[0]
    return (column, lines[first].start) if column >= 10 and count * 2 > starts.total() else None


def _less_margin(line: Line, column: tuple[int, int] | None) -> tuple[Line, Line | None]:
    """(the line from the text column on, what stands in the margin beside it)."""
    if column is None or line.start < column[1]:
        return line, None
    at = column[0]
    beside, text = line.text[:at], line.text[at:]
    if not beside.strip() or not text.strip() or not beside.endswith("  ") or text[0].isspace() or "§" in beside:
        return line, None
    return Line(text, line.start + at), Line(beside.rstrip(), line.start)


def _in_margin(line: Line, above: Line | None, aside: Sequence[Line], column: tuple[int, int] | None) -> bool:
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
    return bool(text) and alone and begins == over < column[0] and len(text) < _IN_MARGIN


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

"""One text set as PDF in several typographic forms, as word processors and records systems print it."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from textwrap import fill

from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from mapping.lexicon import heading_of

Lines = Sequence[str]

_HEAD = re.compile(r"\s*(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§ ?\d+")


def wrapped(text: str, width: int) -> str:
    """The text with its long lines broken, as they are on paper."""
    return "\n".join(
        line
        if len(line) <= width or "   " in line.strip()
        else fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )


def monospaced(text: str) -> bytes:
    """Every line as it stands, blanks and all, in a typewriter face; a form feed or a full page ends a page."""
    return _document(A4, (partial(_typed, page) for page in _pages(text, 58)))


def proportional(text: str) -> bytes:
    """Cells at the places of their columns, each printed by itself, in a face of varying width; headings in bold."""
    return _document(A4, (partial(_set, page, left=50, column=5.6, size=10) for page in _pages(text, 50)))


def with_margins(text: str) -> bytes:
    """As proportional, with a foot on each page and a head on each but the first (of more than two), that no lexicon knows, and breaks in mid-sentence."""

    pages = list(_pages(text.replace("\f", "\n"), 37))
    return _document(A4, (partial(_framed, page, i, i > 1 and len(pages) > 2) for i, page in enumerate(pages, 1)))


def two_columns(text: str) -> bytes:
    """Two columns on a page across, each filled before the next, as programs write them."""
    return _document(landscape(A4), (partial(_columns, page, 2, 400) for page in _pages(text, 80)))


def three_columns(text: str) -> bytes:
    """Three columns on a large page, line by line across the columns, as some printer drivers write them."""
    return _document(landscape(A3), (partial(_columns, page, 3, 380) for page in _pages(text, 150)))


WIDTHS = {"two_columns": 80, "three_columns": 80}
"""Characters of the longest line that a form has room for, where fewer than 110."""

FORMS: dict[str, Callable[[str], bytes]] = {
    form.__name__: form for form in (monospaced, proportional, with_margins, two_columns, three_columns)
}


def _document(size: tuple[float, float], pages: Iterator[Callable[[Canvas], None]]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _pages(text: str, height: int) -> Iterator[Lines]:
    for page in text.split("\f"):
        lines = page.split("\n")
        for start in range(0, len(lines), height):
            yield lines[start : start + height]


def _typed(page: Lines, canvas: Canvas) -> None:
    longest = max((len(line) for line in page), default=0)
    canvas.setFont("Courier", min(9, 510 / (0.6 * max(longest, 1))))
    for index, line in enumerate(page):
        if line.strip():
            canvas.drawString(45, 800 - 13 * index, line)


def _set(page: Lines, canvas: Canvas, left: float, column: float, size: float, top: float = 800) -> None:
    """Lines in cells: what two blanks or more keep apart stands at the place of its first character."""
    for index, line in enumerate(page):
        bold = heading_of(line.strip()) is not None or bool(_HEAD.match(line))
        face = "Times-Bold" if bold else "Times-Roman"
        canvas.setFont(face, size)
        right = 0.0
        for cell in re.finditer(r"\S+(?: \S+)*", line):
            x = max(left + column * cell.start(), right + 1.6 * size if cell.start() and right else 0)
            canvas.drawString(x, top - 1.25 * size * index, cell.group())
            right = x + float(stringWidth(cell.group(), face, size))


def _framed(page: Lines, number: int, headed: bool, canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 8)
    if headed:
        canvas.drawString(50, 815, "Mötesstöd Lärkan")
        canvas.drawRightString(545, 815, "Öppen handling")
        canvas.drawString(50, 804, "Utskriven ur akten")
    canvas.drawString(50, 40, "Mötesstöd Lärkan, utskrift")
    canvas.drawCentredString(297, 28, f"– {number} –")
    _set(page, canvas, left=50, column=5.6, size=10, top=770)


def _columns(page: Lines, number: int, width: float, canvas: Canvas) -> None:
    height = -(-len(page) // number)
    for index in range(number):
        _set(
            page[index * height : (index + 1) * height],
            canvas,
            30 + index * width,
            *((4.7, 8.5, 560) if number == 2 else (4.4, 8, 810)),
        )

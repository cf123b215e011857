"""PDF: the lines of each page in reading order, and what their places and type tell: heads and feet, bold lines."""

import unicodedata
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from mapping.formats.layout import PlacedLine, Row, frame_of, gap, lines_of, page_rows
from mapping.formats.pdf_columns import reading_order
from mapping.formats.pdf_glyphs import glyphs
from mapping.formats.pdf_margins import Margins, margins
from mapping.formats.plain import printable
from mapping.formats.refusals import Unreadable
from mapping.text import Text

_PAGE_LIMIT = 5000


def read_pdf(data: bytes) -> Text:
    """The text of a PDF in reading order, page by page, columns of tables kept apart by blanks.

    Raises Unreadable: encrypted, corrupt, empty, images-only, too-large.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Unreadable("encrypted") from error
        raise Unreadable(
            "corrupt", "PDF-strukturen går inte att tolka", "its PDF structure cannot be read"
        ) from error
    try:
        return _read(document)
    finally:
        document.close()


def _read(document: pdfium.PdfDocument) -> Text:
    count = len(document)
    if count > _PAGE_LIMIT:
        raise Unreadable("too-large", f"{count} sidor", f"{count} pages")
    pages: list[list[Row]] = []
    turned: list[list[str]] = []
    pictures = False
    for index in range(count):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise Unreadable("corrupt", f"sidan {index + 1}", f"page {index + 1}") from error
        upright, others = glyphs(page)
        rows = page_rows(upright)
        if not rows and not others and not pictures:
            pictures = any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3))
        page.close()
        pages.append(rows)
        turned.append(others)
    text = _joined(pages, turned)
    if not text.canonical.strip():
        if pictures:
            raise Unreadable("images-only", pages=count)
        raise Unreadable("empty")
    return text


def _joined(pages: Sequence[Sequence[Row]], turned: Sequence[Sequence[str]]) -> Text:
    parts: list[str] = []
    starts: list[int] = []
    furniture: list[int] = []
    bold: list[int] = []
    position = 0
    for rows, others, margin in zip(pages, turned, margins(pages), strict=True):
        starts.append(position)
        for line, apart in _lines(rows, margin):
            printed = printable(unicodedata.normalize("NFC", line.text)) + "\n"
            if apart and line.text:
                furniture.append(position)
            if line.bold:
                bold.append(position)
            parts.append(printed)
            position += len(printed)
        for other in others:
            parts.append("\n" + printable(unicodedata.normalize("NFC", other)) + "\n")
            position += len(parts[-1])
        if position == starts[-1]:  # a page without text is a line
            parts.append("\n")
            position += 1
    return Text("".join(parts), "pdf", tuple(starts), tuple(furniture), tuple(bold))


def _lines(rows: Sequence[Row], margin: Margins) -> Iterator[tuple[PlacedLine, bool]]:
    """The lines of a page, and whether each belongs to a head or foot that was seen before."""
    if not rows:
        return
    frame = frame_of(rows)
    cut = len(rows) - margin.foot
    head, body, foot = rows[: margin.head], rows[margin.head : cut], rows[cut:]
    for line in lines_of(head, frame):
        yield line, not margin.new
    for line in (gap(head[-1], body[0], frame) if head else []) + reading_order(body, frame):
        yield line, False
    for line in (gap(body[-1], foot[0], frame) if foot else []) + lines_of(foot, frame):
        yield line, True

"""PDF: the lines of each page in reading order, and what their places and type tell: heads and feet, bold lines."""

import math
import unicodedata
from collections.abc import Collection, Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from mapping.formats.layout import PlacedLine, Row, begins_paragraph, frame_of, lines_of, page_rows
from mapping.formats.pdf_columns import Edges, column_edges, reading_order
from mapping.formats.pdf_glyphs import glyphs
from mapping.formats.pdf_margins import margins
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
    before: Sequence[Row] = ()
    parted = [margin.parted(rows) for rows, margin in zip(pages, margins(pages), strict=True)]
    edges = {edges for _, body, _ in parted for edges in column_edges(body)}
    for number, ((head, body, foot), others) in enumerate(zip(parted, turned, strict=True)):
        starts.append(position)
        for line, apart in _lines(head, body, foot, edges, begins_paragraph(before, body)):
            printed = printable(unicodedata.normalize("NFC", line.text)) + "\n"
            if apart and line.text and (number or line.baseline < _first(body)):
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
        before = body or before
    return Text("".join(parts), "pdf", tuple(starts), tuple(furniture), tuple(bold))


def _first(body: Sequence[Row]) -> float:
    """The baseline of the first row."""
    return body[0][0].baseline if body else -math.inf


def _lines(
    head: Sequence[Row], body: Sequence[Row], foot: Sequence[Row], edges: Collection[Edges], paragraph: bool
) -> Iterator[tuple[PlacedLine, bool]]:
    """The lines of a page, and whether each belongs to its head or foot. One blank line beside these belongs to the
    break of the page; `paragraph`: there is another, as the body begins a paragraph."""
    rows = (*head, *body, *foot)
    if not rows:
        return
    frame = frame_of(rows)
    blank = (PlacedLine(""), False)
    for line in lines_of(head, frame):
        yield line, True
    if head and body:
        yield blank
    if paragraph:
        yield blank
    for line in reading_order(body, frame, edges):
        yield line, False
    if body and foot:
        yield blank
    for line in lines_of(foot, frame):
        yield line, True

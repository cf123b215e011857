"""PDF: the lines of each page in reading order, and what their places and type tell: heads and feet, bold lines."""

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from mapping.formats import pdf_ocr
from mapping.formats.pdf_glyphs import page_text
from mapping.formats.pdf_pages import Page, joined, placed
from mapping.formats.pdf_scans import has_picture, is_scan
from mapping.formats.refusals import Unreadable
from mapping.text import Text

_PAGE_LIMIT = 5000


def read_pdf(data: bytes) -> Text:
    """The text of a PDF in reading order, page by page, columns of tables kept apart by blanks.

    Scanned pages are read where text recognition is installed. Raises Unreadable: encrypted, corrupt, empty,
    images-only, scanned-pages, too-large.
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
    pages: list[Page] = []
    scans: list[int] = []
    pictures = False
    for index in range(count):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise Unreadable("corrupt", f"sidan {index + 1}", f"page {index + 1}") from error
        text = page_text(page)
        if is_scan(page, text):
            read = pdf_ocr.recognised(page) if pdf_ocr.installed() else None
            if read is None:
                scans.append(index + 1)
            text = read or text
        pictures = pictures or (not text.glyphs and has_picture(page))
        pages.append(placed(text))
        page.close()
    told = joined(pages)
    if len(scans) == count or (pictures and not told.canonical.strip()):
        raise Unreadable("images-only", pages=count)
    if scans:
        raise Unreadable("scanned-pages", *_named(scans), pages=count)
    if not told.canonical.strip():
        raise Unreadable("empty")
    return told


def _named(pages: list[int]) -> tuple[str, str]:
    """Pages as they are told in Swedish and English: "sidan 3", "sidorna 1, 3–5 och 8"."""
    stretches: list[list[int]] = []
    for page in pages:
        if stretches and stretches[-1][-1] == page - 1:
            stretches[-1][1:] = [page]
        else:
            stretches.append([page])
    parts = ["–".join(map(str, stretch)) for stretch in stretches]
    both = [", ".join(parts[:-1]) + joint + parts[-1] if len(parts) > 1 else parts[0] for joint in (" och ", " and ")]
    sv, en = ("sidan", "page") if len(pages) == 1 else ("sidorna", "pages")
    return f"{sv} {both[0]}", f"{en} {both[1]}"

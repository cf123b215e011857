"""PDF: the characters of each page with their places, laid out as lines by mapping/formats/layout.py."""

import ctypes
import math
import unicodedata
from collections import Counter

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from mapping.formats.layout import Glyph, page_lines
from mapping.formats.plain import printable
from mapping.formats.refusals import Unreadable
from mapping.text import Text

_PAGE_LIMIT = 5000
_HYPHENS = (0x02, 0xFFFE)  # how pdfium tells a hyphen at the end of a line
_SYMBOLS = {"\uf0b7": "•", "\uf0a7": "•", "\uf02d": "-", "\xad": "-"}


def read_pdf(data: bytes) -> Text:
    """The text of a PDF in reading order, page by page, columns kept apart by blanks.

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
    parts: list[str] = []
    starts: list[int] = []
    position = 0
    pictures = False
    for index in range(count):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise Unreadable("corrupt", f"sidan {index + 1}", f"page {index + 1}") from error
        lines = page_lines(*_glyphs(page))
        if not lines and not pictures:
            pictures = any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3))
        page.close()
        text = printable(unicodedata.normalize("NFC", "\n".join(lines))) + "\n"
        starts.append(position)
        parts.append(text)
        position += len(text)
    canonical = "".join(parts)
    if not canonical.strip():
        if pictures:
            raise Unreadable("images-only", pages=count)
        raise Unreadable("empty")
    return Text(canonical, "pdf", tuple(starts))


def _glyphs(page: pdfium.PdfPage) -> tuple[list[Glyph], list[str]]:
    """The characters of a page, turned upright, and the texts that run in another direction than the rest."""
    textpage = page.get_textpage()
    found: list[tuple[Glyph, int]] = []
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box_ref, x_ref, y_ref = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    last: tuple[float, float] | None = None
    high = 0
    quarter = 0
    for index in range(raw.FPDFText_CountChars(textpage)):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        sign = "-" if code in _HYPHENS else chr(code) if 0 < code < 0x110000 else " "
        if sign in " \r\n\t\xa0\x00":
            printed = " " if sign in " \xa0" and not raw.FPDFText_IsGenerated(textpage, index) else ""
            found.append((Glyph(printed, 0, 0, 0, 0), quarter))
            continue
        raw.FPDFText_GetLooseCharBox(textpage, index, box_ref)
        if last is None or (box.bottom, box.top) != last:
            last = (box.bottom, box.top)
            raw.FPDFText_GetCharOrigin(textpage, index, x_ref, y_ref)
            quarter = round(raw.FPDFText_GetCharAngle(textpage, index) / (math.pi / 2)) % 4
        glyph = _upright(sign, box, x.value, y.value, quarter)
        if all(map(math.isfinite, glyph[1:])):
            found.append((glyph, quarter))
    textpage.close()
    directions = Counter(quarter for glyph, quarter in found if glyph.height)
    main = directions.most_common(1)[0][0] if directions else 0
    upright = [glyph for glyph, quarter in found if quarter == main]
    others = []
    for other in sorted(directions.keys() - {main}):
        words = "".join(glyph.sign or " " for glyph, quarter in found if quarter == other).split()
        others.append(" ".join(words))
    return upright, others


def _upright(sign: str, box: raw.FS_RECTF, x: float, y: float, quarter: int) -> Glyph:
    sign = _SYMBOLS.get(sign, sign)
    if quarter == 1:  # pdfium counts clockwise: such text runs down the page
        return Glyph(sign, -box.top, -box.bottom, x, box.right - box.left)
    if quarter == 2:
        return Glyph(sign, -box.right, -box.left, -y, box.top - box.bottom)
    if quarter == 3:
        return Glyph(sign, box.bottom, box.top, -x, box.right - box.left)
    return Glyph(sign, box.left, box.right, y, box.top - box.bottom)

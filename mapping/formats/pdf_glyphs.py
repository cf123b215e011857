"""The characters of a PDF page, turned upright: places, heights and weight from pdfium."""

import ctypes
import math
import re
from collections import Counter
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from mapping.formats.layout import Glyph, Paper

_HYPHENS = (0x02, 0xFFFE)  # how pdfium tells a hyphen at the end of a line
_SYMBOLS = {"\uf0b7": "•", "\uf0a7": "•", "\uf02d": "-", "\xad": "-"} | {
    chr(0xFB00 + index): letters for index, letters in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))
}
_BOLD = re.compile(rb"bold|black|heavy|demi|[-,]bd\b", re.IGNORECASE)  # in names of fonts ("LiberationSans-Bold")
_FORCE_BOLD = 1 << 18  # PDF 32000-1, table 123
_NAME = 128  # bytes of a font's name that are looked at


class PageText(NamedTuple):
    """The characters of a page as drawn, and the texts that run in another direction than the rest."""

    glyphs: list[Glyph]
    others: list[str]
    paper: Paper


def page_text(page: pdfium.PdfPage) -> PageText:
    """The text of a page, turned upright."""
    textpage = page.get_textpage()
    found: list[tuple[Glyph, int]] = []
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box_ref, x_ref, y_ref = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    weight = _Weight(textpage)
    last: tuple[float, float] | None = None
    high = 0
    quarter = 0
    bold = False
    word = True
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
            word = True
            continue
        raw.FPDFText_GetLooseCharBox(textpage, index, box_ref)
        if last is None or (box.bottom, box.top) != last:
            last = (box.bottom, box.top)
            raw.FPDFText_GetCharOrigin(textpage, index, x_ref, y_ref)
            quarter = round(raw.FPDFText_GetCharAngle(textpage, index) / (math.pi / 2)) % 4
            word = True
        if word:
            bold, word = weight.is_bold(index), False
        glyph = _upright(sign, box, x.value, y.value, quarter, bold)
        if all(map(math.isfinite, glyph[1:5])):
            found.append((glyph, quarter))
    textpage.close()
    return _directions(found, page.get_cropbox())


class _Weight:
    """Whether characters of a page are bold, told by the names of their fonts."""

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self.textpage = textpage
        self.name = ctypes.create_string_buffer(_NAME)
        self.flags = ctypes.c_int()
        self.known: dict[tuple[bytes, int], bool] = {}

    def is_bold(self, index: int) -> bool:
        self.name.value = b""
        raw.FPDFText_GetFontInfo(self.textpage, index, self.name, _NAME, ctypes.byref(self.flags))
        font = (self.name.value, self.flags.value)
        if font not in self.known:
            self.known[font] = bool(_BOLD.search(font[0]) or (font[1] > 0 and font[1] & _FORCE_BOLD))
        return self.known[font]


def _directions(found: list[tuple[Glyph, int]], paper: tuple[float, float, float, float]) -> PageText:
    directions = Counter(quarter for glyph, quarter in found if glyph.height)
    main = directions.most_common(1)[0][0] if directions else 0
    upright = [glyph for glyph, quarter in found if quarter == main]
    others = []
    for other in sorted(directions.keys() - {main}):
        words = "".join(glyph.sign or " " for glyph, quarter in found if quarter == other).split()
        others.append(" ".join(words))
    left, bottom, right, top = paper
    turned = (paper, (-top, left, -bottom, right), (-right, -top, -left, -bottom), (bottom, -right, top, -left))
    return PageText(upright, others, Paper(*turned[main]))


def _upright(sign: str, box: raw.FS_RECTF, x: float, y: float, quarter: int, bold: bool) -> Glyph:
    sign = _SYMBOLS.get(sign, sign)
    if quarter == 1:  # pdfium counts clockwise: such text runs down the page
        return Glyph(sign, -box.top, -box.bottom, x, box.right - box.left, bold)
    if quarter == 2:
        return Glyph(sign, -box.right, -box.left, -y, box.top - box.bottom, bold)
    if quarter == 3:
        return Glyph(sign, box.bottom, box.top, -x, box.right - box.left, bold)
    return Glyph(sign, box.left, box.right, y, box.top - box.bottom, bold)

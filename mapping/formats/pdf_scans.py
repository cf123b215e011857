"""Scanned pages: a picture that fills the page, hardly any text over it, and dark lines of signs on light paper."""

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from mapping.formats.pdf_glyphs import PageText

_FEW = 200  # characters: what records systems stamp on a scanned page
_FILLS = 0.5  # of the page
_PIXELS = 400  # across the page, enough to tell lines from gaps
_LIGHT, _DARK = 170, 110  # levels of grey
_PAPER = 0.6  # share of light pixels on a page of text
_INK = (0.002, 0.25)  # share of dark pixels
_LINES = 5  # at least, on a page of text
_DEPTH = 3  # of forms within forms


def has_picture(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=_DEPTH))


def is_scan(page: pdfium.PdfPage, text: PageText) -> bool:
    """Whether a page is a picture of text. A photograph, a drawing and a blank sheet are none."""
    if sum(bool(glyph.height) for glyph in text.glyphs) >= _FEW:
        return False
    return _covered(page) >= _FILLS and _looks_like_text(page)


def _covered(page: pdfium.PdfPage) -> float:
    """The share of a page that pictures cover; scanners may cut a page into strips."""
    width, height = page.get_size()
    area = 0.0
    for image in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=_DEPTH):
        left, bottom, right, top = image.get_bounds()
        area += max(right - left, 0) * max(top - bottom, 0)
    return float(area / max(width * height, 1))


def _looks_like_text(page: pdfium.PdfPage) -> bool:
    width, height = page.get_size()
    bitmap = page.render(scale=_PIXELS / max(min(width, height), 1), grayscale=True)
    stride, across = bitmap.stride, bitmap.width
    grey = bytes(bitmap.buffer)
    rows = [grey[start : start + across] for start in range(0, stride * bitmap.height, stride)]
    bitmap.close()
    dark = [sum(row.count(level) for level in range(_DARK)) for row in rows]
    light = sum(row.count(level) for row in rows for level in range(_LIGHT, 256))
    pixels = max(across * len(rows), 1)
    lines = sum(above == 0 < below for above, below in zip(map(_some, dark), map(_some, dark[1:]), strict=False))
    return light >= _PAPER * pixels and _INK[0] <= sum(dark) / pixels <= _INK[1] and lines >= _LINES


def _some(dark: int) -> int:
    """Whether a row of pixels holds signs: a speck of dust is none."""
    return dark >= 3

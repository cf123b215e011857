"""Text recognition for scanned pages: Tesseract with Swedish, where it and `kommungraf[ocr]` are installed."""

import re
from functools import cache

import pypdfium2 as pdfium

from mapping.formats.layout import Glyph, Paper
from mapping.formats.pdf_glyphs import PageText

try:
    import pytesseract
except ImportError:  # the extra is not installed
    pytesseract = None

_LANGUAGE = "swe"
_DPI = 300
_SECONDS = 60  # for a page
_LINE, _WORD = 4, 5  # levels of Tesseract's table
_MISREAD = re.compile(r"\$(?=\$*\d*$)")  # the Swedish of Tesseract knows no §, and takes it for a dollar


@cache
def installed() -> bool:
    """Whether scanned pages can be read here."""
    if pytesseract is None:
        return False
    try:
        return _LANGUAGE in pytesseract.get_languages()
    except (pytesseract.TesseractNotFoundError, OSError):  # the extra is there, the program is not
        return False


def recognised(page: pdfium.PdfPage) -> PageText | None:
    """The words on a picture of a page, each as one sign where it stands; None where Tesseract fails on it."""
    picture = page.render(scale=_DPI / 72, grayscale=True).to_pil()
    try:
        table = pytesseract.image_to_data(
            picture, lang=_LANGUAGE, timeout=_SECONDS, output_type=pytesseract.Output.DICT
        )
    except (RuntimeError, pytesseract.TesseractError):  # it took too long, or could make nothing of the picture
        return None
    scale = 72 / _DPI
    glyphs: list[Glyph] = []
    baseline = height = 0.0
    for level, left, top, width, tall, text in zip(
        *(table[column] for column in ("level", "left", "top", "width", "height", "text")), strict=True
    ):
        if level == _LINE:
            baseline, height = -(top + tall) * scale, tall * scale
            glyphs.append(Glyph("", 0, 0, 0, 0))
        elif level == _WORD and text.strip():
            glyphs += [
                Glyph(_MISREAD.sub("§", text.strip()), left * scale, (left + width) * scale, baseline, height),
                Glyph(" ", 0, 0, 0, 0),
            ]
    return PageText(glyphs, [], Paper(0.0, -picture.height * scale, picture.width * scale, 0.0))

"""Bytes of a document -> canonical text. Formats are known here and nowhere else.

The format is told from the content, never from a file name: PDF, Word (.docx), HTML, plain text.
"""

import io
import re
import zipfile

from mapping.formats.docx import read_docx
from mapping.formats.files import LIMIT, bytes_of, too_large
from mapping.formats.html import read_html
from mapping.formats.pdf import read_pdf
from mapping.formats.plain import decode, read_plain
from mapping.formats.refusals import Unreadable
from mapping.records import Refused
from mapping.text import Text

__all__ = ["LIMIT", "bytes_of", "read_text"]

_TEXT_LIMIT = 20_000_000  # code points: a hundred times the largest annual report seen

# First bytes, and what such a file is called in Swedish and English.
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "en RTF-fil", "an RTF file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "en äldre Office-fil (.doc, .xls)", "an old Office file (.doc, .xls)"),
    (b"\x89PNG", "en bild (PNG)", "a picture (PNG)"),
    (b"\xff\xd8\xff", "en bild (JPEG)", "a picture (JPEG)"),
    (b"GIF8", "en bild (GIF)", "a picture (GIF)"),
    (b"II*\x00", "en bild (TIFF)", "a picture (TIFF)"),
    (b"MM\x00*", "en bild (TIFF)", "a picture (TIFF)"),
    (b"RIFF", "en bild, ett ljud eller en film", "a picture, a sound or a film"),
    (b"\x1f\x8b", "ett komprimerat arkiv (gzip)", "a compressed archive (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "ett komprimerat arkiv (7z)", "a compressed archive (7z)"),
    (b"Rar!", "ett komprimerat arkiv (RAR)", "a compressed archive (RAR)"),
    (b"%!PS", "en PostScript-fil", "a PostScript file"),
)
# A file inside a zip archive, and what the archive then is.
_ARCHIVES: tuple[tuple[str, str, str], ...] = (
    ("xl/", "ett Excel-dokument (.xlsx)", "an Excel document (.xlsx)"),
    ("ppt/", "ett PowerPoint-dokument (.pptx)", "a PowerPoint document (.pptx)"),
    ("content.xml", "ett OpenDocument-dokument (.odt, .ods)", "an OpenDocument document (.odt, .ods)"),
    ("META-INF/container.xml", "en e-bok (EPUB)", "an e-book (EPUB)"),
)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:(?><!--.{0,5000}?-->)\s*)*"
    r"<(?:!doctype\s+html|(?:html|head|body|meta|title|div|p|h[1-6]|table|ul|ol|article|section|main|span|b|strong)[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_XML_START = re.compile(
    r"\s*(?:(?><!--.{0,5000}?-->)\s*)*<(?:\?xml\s|!DOCTYPE\s|svg[\s>]|rss[\s>]|RDF[\s>]|[a-z][\w.-]{0,40}:[a-z])",
    re.IGNORECASE | re.DOTALL,
)


def read_text(data: bytes, limit: int = LIMIT) -> Text | Refused:
    """The canonical text of a document, or why it cannot be read. Never raises, whatever the bytes.

    The same bytes always give the same text. `limit` is the largest number of bytes that is read.
    """
    try:
        if len(data) > limit:
            raise too_large(len(data), limit)
        text = _read(data)
        if len(text.canonical) > _TEXT_LIMIT:
            raise Unreadable("too-large", "mer än 20 miljoner tecken", "more than 20 million characters")
        if not text.canonical.strip():
            raise Unreadable("empty")
    except Unreadable as unreadable:
        return unreadable.refused
    return text


def _read(data: bytes) -> Text:
    if not data.strip(b"\x00 \t\r\n\x0b\x0c"):
        raise Unreadable("empty")
    if b"%PDF-" in data[:1024]:
        return read_pdf(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _read_zip(data)
    for start, sv, en in _FOREIGN:
        if data.startswith(start):
            if start.startswith(b"\xd0\xcf") and "EncryptedPackage".encode("utf-16-le") in data:
                raise Unreadable("encrypted")  # a .docx with a password is wrapped in the old Office container
            raise Unreadable("unknown-format", sv, en)
    head = data[:6000].decode("latin-1").replace("\x00", "").removeprefix("ï»¿").removeprefix("ÿþ").removeprefix("þÿ")
    if _HTML_START.match(head):
        return read_html(data)
    if _XML_START.match(head):
        raise Unreadable("unknown-format", "en XML-fil", "an XML file")
    return read_plain(decode(data))


def _read_zip(data: bytes) -> Text:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if any(name.startswith("word/") for name in names):
                return read_docx(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unreadable("corrupt", "arkivet går inte att packa upp", "its archive cannot be unpacked") from error
    for part, sv, en in _ARCHIVES:
        if any(name.startswith(part) for name in names):
            raise Unreadable("unknown-format", sv, en)
    raise Unreadable("unknown-format", "ett zip-arkiv", "a zip archive")

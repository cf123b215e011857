"""Plain text: the decoded file itself, character by character, so that offsets count what an editor counts."""

import re
import unicodedata

from mapping.formats.refusals import Unreadable
from mapping.text import Text

_BOMS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Characters that XML 1.0, and so RDF/XML and SPARQL XML results, cannot carry, and those that command a terminal.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SHARE_OF_BINARY = 0.01
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_COMPOUND = re.compile(f"[{''.join(_LIGATURES)}\xad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SOFT_AT_LINE_END = re.compile(r"\xad(?=[ \t]*(?:\n|\f|\Z))")
_BROKEN_UTF8 = re.compile("[ÃÂâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def decode(data: bytes, declared: str | None = None) -> str:
    """The characters of a text file: by its byte order mark, else UTF-8, else `declared`, else Windows-1252.

    Raises Unreadable when the bytes are no text, or a broken one.
    """
    for mark, unicode in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(unicode)
            except UnicodeDecodeError as error:
                raise _broken() from error
    if b"\x00" in data:
        raise Unreadable("unknown-format", "en binärfil", "a binary file")
    for encoding in ("utf-8", declared, "cp1252"):
        if encoding:
            try:
                text = data.decode(encoding)
            except (UnicodeError, LookupError):
                continue  # the next encoding may fit
            if encoding == "cp1252" and _is_broken_utf8(text):
                raise _broken()
            return text
    raise _broken()


def read_plain(text: str) -> Text:
    """A canonical text: line ends as "\\n", form feeds as page breaks, letters in one piece, the rest as it stands.

    A form feed becomes a line end, so that every offset counts what the file counts; a form feed with nothing
    behind it begins no page. Raises Unreadable when the characters are those of a binary file.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(_UNPRINTABLE.findall(text)) > _SHARE_OF_BINARY * len(text):
        raise Unreadable("unknown-format", "en binärfil", "a binary file")
    text = in_one_piece(printable(text))
    starts = [0] + [index + 1 for index, sign in enumerate(text) if sign == "\f"] if "\f" in text else []
    if starts and not text[starts[-1] :].strip():
        starts.pop()
    return Text(text.replace("\f", "\n"), "text", tuple(starts))


def printable(text: str) -> str:
    """The text with a blank for each character that cannot be published; of equal length."""
    return _UNPRINTABLE.sub(" ", text)


def in_one_piece(text: str) -> str:
    """The text with letters as they are typed: composed ("a" and its ring are "å"), ligatures taken apart, and
    without the signs that nobody sees, such as soft hyphens; one that breaks a word at a line's end is a hyphen."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _COMPOUND.search(text):
        text = _COMPOUND.sub(lambda sign: _LIGATURES.get(sign.group(), ""), _SOFT_AT_LINE_END.sub("-", text))
    return text


def _is_broken_utf8(text: str) -> bool:
    """Whether UTF-8 was cut or mixed with something else: its two-byte letters then show as pairs such as Ã¶."""
    pairs = len(_BROKEN_UTF8.findall(text))
    return pairs > 2 and pairs > 0.5 * sum(sign in "åäöÅÄÖé" for sign in text)


def _broken() -> Unreadable:
    return Unreadable("corrupt", "texten har en trasig teckenkodning", "its text has a broken character encoding")

"""The parameters of an address or a form (application/x-www-form-urlencoded), at a cost that is bounded."""

from binascii import a2b_qp
from typing import Final
from urllib.parse import unquote_plus

MOST: Final = 1000
MOST_MALFORMED: Final = 16 * 1024  # bytes of names and values with percent signs that code nothing: they take long


def pairs(sent: bytes, most: int = MOST) -> list[tuple[str, str]]:
    """Names and values, as urllib.parse.parse_qsl has them with those that are blank. Raises ValueError: too many, no
    UTF-8, or much that is not well-formed."""
    sent.decode("utf-8")
    if sent.count(b"&") >= most:
        raise ValueError("too many parameters")
    found: list[tuple[str, str]] = []
    malformed = 0
    for each in filter(None, sent.split(b"&")):
        name, _, value = each.partition(b"=")
        texts: list[str] = []
        for part in (name, value):
            text = _unquoted(part)
            if text is None:
                malformed += len(part)
                if malformed > MOST_MALFORMED:
                    raise ValueError("too much that is not well-formed")
                text = unquote_plus(part.decode("utf-8"), errors="strict")
            texts.append(text)
        found.append((texts[0], texts[1]))
    return found


def _unquoted(text: bytes) -> str | None:
    """A name or value without its coding, as urllib.parse.unquote_plus has it; None where that is not well-formed.
    Raises UnicodeDecodeError.

    Quoted-printable is the same coding with another sign, and is decoded in C, at a tenth of the cost; only line
    feeds are something else there.
    """
    coded = text.replace(b"=", b"=3D").replace(b"%", b"=").replace(b"+", b" ")
    found = a2b_qp(coded.replace(b"\n", b"=0A").replace(b"\r", b"=0D"))
    return found.decode("utf-8") if len(found) == len(text) - 2 * text.count(b"%") else None

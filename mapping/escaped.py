"""Text in which letters are escaped: percent-encoded, as in addresses, or entities of HTML that were never read."""

import html
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Final

ESCAPED: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def unescaped(text: str) -> tuple[str, list[int]]:
    """The text that is meant, and for each sign of it, and its end, where that begins in the text as it stands."""
    meant: list[str] = []
    starts: list[int] = []
    at = 0
    for match in ESCAPED.finditer(text):
        meant += text[at : match.start()]
        starts += range(at, match.start())
        at = match.start()
        for sign, length in _signs(match[0]):
            meant.append(sign)
            starts.append(at)
            at += length
    meant += text[at:]
    starts += range(at, len(text) + 1)
    return "".join(meant), starts


def _signs(escaped: str) -> Iterator[tuple[str, int]]:
    """Each sign that is meant, and how many signs stand for it. Bytes that are no UTF-8 are Latin-1."""
    if escaped[0] == "%":
        content = bytes.fromhex(escaped.replace("%", ""))
        try:
            yield from ((sign, 3 * len(sign.encode())) for sign in content.decode("utf-8"))
        except UnicodeDecodeError:
            yield from ((sign, 3) for sign in content.decode("latin-1"))
        return
    sign = html.unescape(escaped) if escaped[1] == "#" else html5.get(escaped[1:], "")
    yield from [(sign, len(escaped))] if len(sign) == 1 else [(each, 1) for each in escaped]

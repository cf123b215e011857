"""What a body is, as Content-Type tells (RFC 9110, 8.3.1 and 5.6.6)."""

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 200  # characters of a Content-Type that is read: the time it takes is bounded
_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TYPE: Final = re.compile(rf"[ \t]*({_TOKEN}/{_TOKEN})[ \t]*")
# A parameter without a value, and blanks around its sign, are more than the grammar allows, and harm nobody.
_PARAMETER: Final = re.compile(
    rf';[ \t]*(?:({_TOKEN})[ \t]*(?:=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*)))?)?[ \t]*', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type and its charset, in small letters; "" where none is told."""

    name: str
    charset: str = ""


def read(content_type: str) -> MediaType | None:
    """What a Content-Type tells, or None where it cannot be read: too long, not of this grammar, with two charsets,
    or one that is coded (`charset*`: RFC 8187 is for other headers)."""
    found = _TYPE.match(content_type) if len(content_type) <= LONGEST else None
    if found is None:
        return None
    charsets: list[str] = []
    at = found.end()
    while at < len(content_type):
        parameter = _PARAMETER.match(content_type, at)
        if parameter is None:
            return None
        name, quoted, token = parameter.groups()
        if name and name.lower().startswith("charset*"):
            return None
        if name and name.lower() == "charset":
            charsets.append((re.sub(r"\\(.)", r"\1", quoted) if quoted else token or "").lower())
        at = parameter.end()
    if len(set(charsets)) > 1:
        return None
    return MediaType(found[1].lower(), charsets[0] if charsets else "")

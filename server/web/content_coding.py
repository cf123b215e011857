"""Content codings (RFC 9110, 8.4.1): which one an answer has, and what makes it."""

import gzip
import re
import zlib
from functools import lru_cache
from typing import Final, Protocol

import zstandard

LEAST: Final = 1024  # bytes of an answer below which coding it is not worth while
LONGEST: Final = 500  # characters of a header that are read
CODINGS: Final = ("zstd", "gzip")  # RFC 8878, RFC 1952; the one we like best first
_PART: Final = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$", re.I)


class Coder(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def choose(accept_encoding: str | None) -> str | None:
    """The coding that the client likes best of ours ("zstd", "gzip"), or None for none (RFC 9110, 12.5.3)."""
    return _choose(accept_encoding[:LONGEST]) if accept_encoding else None


@lru_cache(maxsize=512)
def _choose(accept_encoding: str) -> str | None:
    liked: dict[str, float] = {}
    for part in accept_encoding.split(","):
        if match := _PART.match(part):
            name = match[1].lower().removeprefix("x-")
            liked.setdefault(name, float(match[2] or 1))
    best, quality = None, liked.get("identity", 0.0)
    for name in CODINGS:
        found = liked.get(name, liked.get("*", 0.0))
        if found and found >= quality and (best is None or found > quality):
            best, quality = name, found
    return best


def coder(coding: str) -> Coder:
    """What codes a stream piece by piece, fast rather than small."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=3).compressobj()
    return zlib.compressobj(5, zlib.DEFLATED, 16 + zlib.MAX_WBITS)


def coded(coding: str, content: bytes) -> bytes:
    """The content in a coding, the same bytes each time."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=3).compress(content)
    return gzip.compress(content, 5, mtime=0)


def smallest(coding: str, content: bytes) -> bytes:
    """The content in a coding, for what is coded once and sent many times; the same bytes each time."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=19).compress(content)
    return gzip.compress(content, 9, mtime=0)

"""One HTTP request as the endpoint sees it, over ASGI."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Any, Final

from server.web import client_address, negotiation
from server.web.client_address import Client, Proxies

HEARD_OUT: Final = 16 * 2**20  # bytes of a body that is too long which are read before the answer
LONGEST_RANGE: Final = 200  # bytes of a Range; a longer one is ignored (RFC 9110, 14.2)
_HOST: Final = re.compile(
    rb"((?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2}){0,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{0,5}))?"
)


class Disconnected(Exception):
    """The client is gone: nobody waits for the answer."""


@dataclass(slots=True)
class Heard:
    """A request's method, path, query string and headers ({name in lower case: value}; several are joined)."""

    method: str
    path: str
    query_string: bytes
    headers: Mapping[bytes, bytes]
    client: Client
    version: str  # of HTTP

    def text(self, name: bytes) -> str | None:
        """A header's value, or None where it is missing."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def language(self) -> str:
        """The language for those who read the answer: "sv" or "en"."""
        return negotiation.language(self.text(b"accept-language"))

    def has(self, tag: bytes) -> bool:
        """Whether the client has what this entity tag stands for (If-None-Match: RFC 9110, 13.1.2)."""
        match = self.headers.get(b"if-none-match")
        return match is not None and (tag in match or match == b"*") and self.method != "POST"

    def lacks(self, tag: bytes) -> bool:
        """Whether this entity tag, which is strong, is none of those that the client wants (If-Match: RFC 9110,
        13.1.1)."""
        match = self.headers.get(b"if-match")
        if match is None or match == b"*" or self.method == "POST":
            return False
        return tag not in match.replace(b"W/" + tag, b"")

    @property
    def names_one_host(self) -> bool:
        """RFC 9112, 3.2: a request of HTTP/1.1 names one host, and a Host that is sent is well-formed (RFC 3986)."""
        host = self.headers.get(b"host")
        return self.version != "1.1" if host is None else _is_host(host)


@lru_cache(maxsize=64)
def _is_host(host: bytes) -> bool:
    found = _HOST.fullmatch(host)
    if found is None or int(found[2] or 0) > 65535:
        return False
    try:
        return not host.startswith(b"[") or IPv6Address(found[1][1:-1].decode()) is not None
    except ValueError:
        return False


def hear(scope: Mapping[str, Any], trusted: Proxies) -> Heard:
    """A request's head, and its client, behind proxies that are trusted."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        headers[name] = headers[name] + b", " + value if name in headers else value
    if len(headers.get(b"range", b"")) > LONGEST_RANGE:
        del headers[b"range"]
    peer = scope["client"]
    return Heard(
        scope["method"],
        scope["path"],
        scope["query_string"],
        headers,
        client_address.client((peer and peer[0]) or None, headers.items(), trusted),
        scope["http_version"],
    )


async def body(receive: Any, most: int) -> bytes:
    """A request's body, or the first bytes of it, more than `most`, where it is longer.

    The rest of a body that is too long is read and thrown away, within reason: a client that is cut off while it
    sends never sees the answer. Raises Disconnected.
    """
    pieces: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        piece = message["body"]
        length += len(piece)
        if length - len(piece) <= most:
            pieces.append(piece)
        if not message.get("more_body") or length > HEARD_OUT:
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)

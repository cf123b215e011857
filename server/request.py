"""One HTTP request as the endpoint sees it, over ASGI."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

HEARD_OUT: Final = 16 * 2**20  # bytes of a body that is too long which are read before the answer


class Disconnected(Exception):
    """The client is gone: nobody waits for the answer."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A request's method, path, query string and headers ({name in lower case: value}; several are joined)."""

    method: str
    path: str
    query_string: bytes
    headers: Mapping[bytes, bytes]
    peer: str
    version: str  # of HTTP

    def text(self, name: bytes) -> str | None:
        """A header's value, or None where it is missing."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


def hear(scope: Mapping[str, Any]) -> Heard:
    """A request's head."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        headers[name] = headers[name] + b", " + value if name in headers else value
    client = scope["client"]
    return Heard(
        scope["method"],
        scope["path"],
        scope["query_string"],
        headers,
        client[0] if client else "",
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

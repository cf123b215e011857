"""An answer on its way to one client: whole, in pieces as they come, or made by another application."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, TypeVar

from server.asking import QueryFailed, Streamed
from server.sparql.protocol import Headers, Reply
from server.web.connections import Connection
from server.web.kept_answers import Kept
from server.web.request import Disconnected, Heard

MOST_KEPT: Final = 4 * 2**20  # bytes of an answer in passing; a longer one is sent and not held
TAKEN: Final = 60.0  # seconds within which a client takes the next piece of a large answer
NO_SNIFFING: Final = (b"x-content-type-options", b"nosniff")
CONTENT: Final = frozenset([b"content-type", b"content-length", b"content-encoding"])  # not in 304 (RFC 9110, 15.4.5)
T = TypeVar("T")


class Sending:
    """What a client is sent, over ASGI or past it; `status` is 0 and `length` counts no bytes before it begins.

    `told`: whether the journal has been told of the request already.
    """

    __slots__ = ("_connection", "_cycle", "_heard", "_send", "length", "status", "told")

    def __init__(self, heard: Heard, scope: Any, send: Any) -> None:
        self._heard, self._send = heard, send
        self._connection: Connection = scope["connection"]
        self._cycle = scope.pop("cycle")  # each holds the other: what is let go here need not be found as garbage
        self.status = self.length = 0
        self.told = False

    async def __call__(self, message: Any) -> None:
        """Send a message of ASGI."""
        self.status = message.get("status", self.status)
        self.length += len(message.get("body", b""))
        await self._send(message)

    async def reply(self, reply: Reply) -> None:
        """Send an answer. Raises QueryFailed where it is cut."""
        self.told = reply.told
        body = reply.body
        if not isinstance(body, bytes):
            await self._stream(reply, body)
            return
        headers = reply.headers
        if reply.status not in {204, 304}:
            headers = (*headers, (b"content-length", b"%d" % len(body)))
        await self.whole(reply.status, lines(headers), body)

    async def whole(self, status: int, head: bytes, body: bytes) -> None:
        """Send an answer whose headers are written already (`lines`)."""
        self.status, self.length = status, len(body)
        await self._connection.answer(self._cycle, status, head, body if self._heard.method != "HEAD" else b"")

    async def watched(self, working: Awaitable[T]) -> T:
        """What is being worked on, unless the client leaves: then the work is cancelled. Raises Disconnected."""
        self._connection.under_way = task = asyncio.current_task()
        try:
            return await working
        except asyncio.CancelledError:
            if not task or not self._connection.gone:
                raise
            task.uncancel()
            raise Disconnected from None
        finally:
            self._connection.under_way = None

    async def _stream(self, reply: Reply, body: Streamed) -> None:
        try:
            headers = (*reply.headers, NO_SNIFFING)
            await self({"type": "http.response.start", "status": reply.status, "headers": headers})
            if self._heard.method != "HEAD":
                async for piece in body.body():
                    async with asyncio.timeout(TAKEN):
                        await self({"type": "http.response.body", "body": piece, "more_body": True})
                    await asyncio.sleep(0)  # the transport tells in the next turn of the loop that it has enough
            await self({"type": "http.response.body", "body": b""})
        except TimeoutError as error:
            raise QueryFailed("abandoned") from error
        finally:
            body.abandon()


class MadePage:
    """What another application sends a client, which is heard in passing, to be kept."""

    def __init__(self, sending: Sending) -> None:
        self._sending = sending
        self._headers: Headers = ()
        self._pieces: list[bytes] = []
        self._length = 0

    async def __call__(self, message: Any) -> None:
        """Send a message of ASGI."""
        self._headers = tuple(message.get("headers", self._headers))
        piece = message.get("body", b"")
        self._length += len(piece)
        if self._length <= MOST_KEPT:
            self._pieces.append(piece)
        else:
            self._pieces.clear()
        await self._sending(message)

    def kept(self) -> Kept | None:
        """The answer, to be given again; None where it is none that stays the same."""
        found = dict(self._headers)
        tag = found.get(b"etag")
        if self._sending.status != 200 or not tag or b"set-cookie" in found:
            return None
        if self._length > MOST_KEPT or b"no-store" in found.get(b"cache-control", b""):
            return None
        headers = tuple(each for each in self._headers if each != NO_SNIFFING)  # `lines` has it
        unchanged = tuple(each for each in headers if each[0] not in CONTENT)
        return Kept(lines(headers), tag, b"".join(self._pieces), lines(unchanged))


def lines(headers: Headers) -> bytes:
    """Headers as they are sent, with the one that every answer of ours has (RFC 9112, 5)."""
    return b"\r\n".join((*map(b": ".join, (*headers, NO_SNIFFING)), b""))

"""HTTP/1.1 connections: what the server's own parser lets through, and how long a client may take.

The parser is llhttp, which refuses what smuggles requests (RFC 9112, 6.3 and 11.2): Content-Length beside
Transfer-Encoding, lines that end in a bare LF, blanks before a colon. Here its heads are limited in size and time.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from server import messages
from server.messages import Problem

HEAD: Final = 256 * 1024  # bytes of request line and headers
ADDRESS: Final = 65535  # bytes of an address that the parser takes apart
TOO_LONG: Final = Problem(
    414,
    f"Adressen är för lång: högst {ADDRESS} tecken. Skicka en lång fråga med POST (SPARQL 1.1 Protocol).",
    f"The address is too long: at most {ADDRESS} characters. Send a long query by POST (SPARQL 1.1 Protocol).",
    {"kind": "address-too-long"},
)
"""RFC 9110, 15.5.15."""
MALFORMED: Final = Problem(
    400,
    "Begäran är ingen HTTP som kan läsas. I en adress ska blanksteg och tecken som å, ä och ö vara procentkodade: "
    "%20, %C3%A5, %C3%A4, %C3%B6.",
    "The request is no HTTP that can be read. In an address blanks and characters such as å, ä and ö have to be "
    "percent-encoded: %20, %C3%A5, %C3%A4, %C3%B6.",
    {"kind": "malformed-request"},
)
"""RFC 9112, 3.2; RFC 3986, 2.1."""
HEADERS: Final = 200  # of one request
SWEEP: Final = 1.0  # seconds between two looks at those who are slow


@dataclass(frozen=True, slots=True)
class Patience:
    """How long clients are waited for, in seconds: to send a head, to send a body, and between two requests."""

    head: float = 10.0
    body: float = 30.0
    idle: float = 60.0


class OnePiece:
    """A transport that sends what is written within one turn of the event loop at once: a head with its body."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def send(self, data: bytes) -> None:
        """Write what is whole already."""
        self._flush()
        self._transport.write(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        held, self._held = self._held, []
        if held and not self._transport.is_closing():
            self._transport.write(held[0] if len(held) == 1 else b"".join(held))


class Connection(HttpToolsProtocol):
    """One client's connection. `under_way` is what answers it now, to be cancelled when the client leaves; `gone`
    tells that it has. The scope of each request leads back here: `connection`, and `cycle` for `answer`."""

    under_way: "asyncio.Task[Any] | None" = None
    gone = False
    _head = 0
    _in_head = True
    _too_long = False
    _since = 0.0
    _asks = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._one_piece = OnePiece(transport, self.loop)
        super().connection_made(self._one_piece)  # type: ignore[arg-type]
        self._since = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        if self.under_way:
            self.under_way.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            if self._head > HEAD:  # all of it was head: what comes now may hold a body as well
                self._refuse(b"431 Request Header Fields Too Large")
                return
            self._head += len(data)
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        read = self.headers or ()  # None before the first request
        accept = b",".join(value for name, value in read if name == b"accept")
        self._tell(TOO_LONG if self._too_long else MALFORMED, b"text/html" in accept)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._asks = self._in_head = True
        self._since = self.loop.time()

    def on_headers_complete(self) -> None:
        if self.parser.get_http_version() not in {"1.0", "1.1"}:
            raise ValueError("no version of HTTP that is spoken here")
        if len(self.headers) > HEADERS:
            raise ValueError("too many headers")
        self._too_long = len(self.url) > ADDRESS
        if self._too_long:
            raise ValueError("too long an address")
        self._in_head = False
        self._since = self.loop.time()
        super().on_headers_complete()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope["connection"], scope["cycle"] = self, self.cycle

    def on_message_complete(self) -> None:
        self._asks = False
        self._in_head = True
        self._head = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The next request may begin; who sends none for long is found by `sweep`, not by a timer of its own."""
        self.server_state.total_requests += 1
        self._since = self.loop.time()
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    async def answer(self, cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> None:
        """Send a whole answer in one piece: what `cycle` makes of two messages of ASGI, at a third of the cost.

        `head` holds the headers with their ends of lines, Content-Length among them (none for 204 and 304).
        """
        if self.flow.write_paused:
            await self.flow.drain()
        if self.gone:
            return
        cycle.response_started = cycle.response_complete = True
        own = [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        if not cycle.keep_alive:
            own.append(b"connection: close\r\n")
        self._one_piece.send(b"".join((STATUS_LINE[status], *own, head, b"\r\n", body)))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def look(self) -> None:
        """See whether a client that has sent more requests than one is still there."""
        if self.under_way:
            self.flow.resume_reading()

    def too_slow(self, now: float, patience: Patience) -> bool:
        """Whether this client has taken too long to say what it wants."""
        if self._asks:
            return now - self._since > (patience.head if self._in_head else patience.body)
        return (self.cycle is None or self.cycle.response_complete) and now - self._since > patience.idle

    def turn_away(self) -> None:
        """Close the connection of a client that is too slow (RFC 9110, 15.5.9)."""
        if self._asks:
            self._refuse(b"408 Request Timeout")
        else:
            self.transport.close()

    def _tell(self, problem: Problem, to_a_person: bool) -> None:
        """Refuse with a sentence in both languages, where the application cannot be asked."""
        body, media_type = problem.json("sv"), messages.MEDIA_TYPE
        if to_a_person:
            body, media_type = f"{problem.sv}\n\n{problem.en}\n".encode(), "text/plain; charset=utf-8"
        headers = {"content-type": media_type, **messages.SECURITY, "cache-control": "no-store"}
        told = "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items())
        self._refuse(f"{problem.status} {messages.TITLES[problem.status]}".encode(), told.encode(), body)

    def _refuse(self, status: bytes, headers: bytes = b"", body: bytes = b"") -> None:
        head = b"HTTP/1.1 %b\r\n%bcontent-length: %d\r\nconnection: close\r\n\r\n" % (status, headers, len(body))
        self.transport.write(head + body)
        self.transport.close()


async def sweep(connections: Iterable[Any], patience: Patience) -> None:
    """Turn away those of the server's connections that are too slow, until cancelled."""
    loop: Any = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(SWEEP)
        now = loop.time()
        for each in list(connections):
            each.look()
            if each.too_slow(now, patience):
                each.turn_away()

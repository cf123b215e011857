"""HTTP/1.1 connections: what the server's own parser lets through, and how long a client may take.

The parser is llhttp, which refuses what smuggles requests (RFC 9112, 6.3 and 11.2): Content-Length beside
Transfer-Encoding, lines that end in a bare LF, blanks before a colon. Here its heads are limited in size and time.
"""

import asyncio
import fcntl
import logging
import socket
import sys
import termios
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from server import messages
from server.messages import Problem
from server.web.refusals import ADDRESS, HEAD, HEADERS, LARGE_HEAD, MALFORMED, SLOW, TOO_LONG, UPGRADE, has_body
from server.web.transport import Flow, OnePiece

SLICE: Final = 4096
"""Bytes that are parsed at a time: a client may send thousands of requests before it reads an answer, and what stands
behind the first that has to wait is left as it came."""
SWEEP: Final = 1.0  # seconds between two looks at those who are slow
TAKES: Final = 64 * 1024
"""Bytes that a client takes of what it was sent, in the seconds it has, if there are so many."""
LEAVING: Final = 2.0
"""Seconds for a client that is refused to read why, while what it still sends is thrown away (RFC 9112, 9.6)."""
ESTABLISHED: Final = 1
"""The state of a connection of which both sides are open, in Linux's TCP_INFO."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long clients are waited for, in seconds: to send a head, to send a body, between two requests, and to take
    the next 64 kB of an answer."""

    head: float = 10.0
    body: float = 30.0
    idle: float = 60.0
    taking: float = 60.0


class Connection(HttpToolsProtocol):
    """One client's connection. `under_way` is what answers it now, to be cancelled when the client leaves; `gone`
    tells that it has. The scope of each request leads back here: `connection`, and `cycle` for `answer`."""

    flow: Flow
    under_way: "asyncio.Task[Any] | None" = None
    gone = False
    _answered: RequestResponseCycle | None = None  # the request that is answered now, or was the last
    _head = 0
    _in_head = True
    _wrong = MALFORMED
    _since = 0.0
    _asks = False
    _refusal: bytes | None = None  # what is said when all before it is answered; then the connection closes
    _leaves: float | None = None  # since when the refused client may read that
    _behind: RequestResponseCycle | None = None  # behind which too much waited when we looked last
    _taken: tuple[int, float] | None = None  # what the client had taken, and when, since it leaves something

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._one_piece = OnePiece(transport, self.loop)
        super().connection_made(self._one_piece)  # type: ignore[arg-type]
        self.flow = Flow(self._one_piece)  # type: ignore[arg-type]
        self._since = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        self.flow.held.clear()
        if self._answered and not self._answered.response_complete:
            self._answered.disconnected = True
        if self.under_way:
            self.under_way.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refusal is None:
            self.flow.held += data
            self._parse()

    def _parse(self) -> None:
        """Parse what has come, up to the first request that has to wait for its turn. More is read while some of it
        waits: so the end of the connection is seen."""
        held, at = self.flow.held, 0
        while at < len(held) and not self.pipeline and self._refusal is None:
            piece = bytes(held[at : at + SLICE])
            at += len(piece)
            self._head += len(piece)  # what is no body: the head, and what stands behind and between chunks
            if self._head > HEAD + SLICE:
                self._wrong = LARGE_HEAD
                self.send_400_response("")
                break
            super().data_received(piece)
        del held[: at if self._refusal is None else None]
        if self.flow.is_full:
            self.flow.pause_reading()
        elif self.pipeline:
            self.flow.resume_reading()

    def send_400_response(self, msg: str) -> None:
        read = self.headers or ()  # None before the first request
        accept = b",".join(value for name, value in read if name == b"accept")
        self._tell(self._wrong, b"text/html" in accept)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._asks = self._in_head = True
        self._since = self.loop.time()

    def on_headers_complete(self) -> None:
        if self.parser.get_http_version() not in {"1.0", "1.1"}:
            raise ValueError("no version of HTTP that is spoken here")
        if len(self.headers) > HEADERS:
            self._wrong = LARGE_HEAD
            raise ValueError("too many headers")
        if len(self.url) > ADDRESS:
            self._wrong = TOO_LONG
            raise ValueError("too long an address")
        if self.parser.should_upgrade() and has_body(self.headers):  # the parser would not read it
            self._wrong = UPGRADE
            raise ValueError("a body and an upgrade")
        super().on_headers_complete()
        self._in_head = False
        self._since = self.loop.time()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope["connection"], scope["cycle"] = self, self.cycle

    def on_body(self, body: bytes) -> None:
        self._head = 0
        super().on_body(body)

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
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._refusal is not None:
            self._leave()
            return
        if self.flow.held:
            self._parse()
        if not self.pipeline:
            self.flow.resume_reading()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    async def answer(self, cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> None:
        """Send a whole answer in one piece: what `cycle` makes of two messages of ASGI, at a third of the cost.

        `head` holds the headers with their ends of lines, Content-Length among them (none for 204 and 304).
        """
        if self.flow.write_paused:
            await self.flow.drain()
        if self.gone or self._leaves is not None:
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

    def look(self, now: float, patience: Patience) -> None:
        """Let go of a client that has left, or sends far ahead, or does not take what it is sent, or was refused;
        turn away one that is too slow."""
        if self._is_gone() or self._takes_nothing(now, patience.taking):
            self.transport.abort()
        elif self._leaves is not None:
            if now - self._leaves > LEAVING:
                self.transport.close()
        elif self.too_slow(now, patience):
            self.turn_away()

    def _is_gone(self) -> bool:
        """Whether a client that is not read from now has closed its side or broken the connection; or so much waits
        behind one request for a second that its end could not be seen."""
        if not self.flow.read_paused:
            self._behind = None
            return False
        waits = self.flow.is_full and self._behind is self._answered
        self._behind = self._answered if self.flow.is_full else None
        return waits or self._told(lambda it: it.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]) != ESTABLISHED

    def _takes_nothing(self, now: float, seconds: float) -> bool:
        left, taken = self._one_piece.waiting()
        if not left:
            self._taken = None
            return False
        taken -= self._told(
            lambda it: _number(fcntl.ioctl(it, termios.TIOCOUTQ, bytes(4)))
        )  # the system has these yet
        if self._taken is None:
            self._taken = taken, now
        elif now - self._taken[1] > seconds:
            if taken - self._taken[0] < TAKES:
                return True
            self._taken = taken, now
        return False

    def _told(self, asked: Callable[[socket.socket], int]) -> int:
        """What the system tells of the connection."""
        connected = socket.socket(fileno=self.transport.get_extra_info("socket").fileno())  # uvloop's own tells less
        try:
            return asked(connected)
        finally:
            connected.detach()

    def too_slow(self, now: float, patience: Patience) -> bool:
        """Whether this client has taken too long to say what it wants."""
        if self._asks:
            waits = self.pipeline or self._refusal is not None  # for us
            return not waits and now - self._since > (patience.head if self._in_head else patience.body)
        return (self.cycle is None or self.cycle.response_complete) and now - self._since > patience.idle

    def turn_away(self) -> None:
        """Close the connection of a client that is too slow (RFC 9110, 15.5.9)."""
        if self._asks:
            self._tell(SLOW, False)
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

    def _refuse(self, status: bytes, headers: bytes, body: bytes) -> None:
        """Say why the connection closes: after the answers to all that came before (RFC 9112, 9.3.2)."""
        if self._refusal is not None:
            return
        head = b"HTTP/1.1 %b\r\n%bcontent-length: %d\r\nconnection: close\r\n\r\n" % (status, headers, len(body))
        self._refusal = head if self.url and self.parser.get_method() == b"HEAD" else head + body
        cycle = self._answered
        if cycle is None or cycle.response_complete:
            if cycle and cycle is self.cycle and self._asks and not self._in_head:
                self._refusal = b""  # it has its answer
            self._leave()
        elif cycle is self.cycle and self._asks and not self._in_head:  # what is wrong is in its own body
            if cycle.response_started:
                self.transport.abort()
            else:
                self._leave()
        elif self._asks and not self._in_head and self.pipeline and self.pipeline[0][0] is self.cycle:
            self.pipeline.popleft()

    def _leave(self) -> None:
        """Say it, and let the client read it: closed at once, with something unread, it would lose what was said."""
        if self._refusal is None or self.gone:
            return
        if self._answered and not self._answered.response_complete:
            self._answered.disconnected = True
            self._answered.message_event.set()
        self._one_piece.send(self._refusal)
        self.flow.held.clear()
        self._leaves = self.loop.time()
        self._one_piece.write_eof()
        self.flow.resume_reading()


async def sweep(connections: Iterable[Any], patience: Patience) -> None:
    """Look at the server's connections every second, until cancelled."""
    loop: Any = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(SWEEP)
        now = loop.time()
        for each in list(connections):
            try:
                each.look(now, patience)
            except Exception:
                logging.getLogger("kommungraf").exception("a connection cannot be looked at")
                each.transport.abort()


def _number(told: bytes) -> int:
    return int.from_bytes(told, sys.byteorder)

"""HTTP/1.1 written and read by hand: what a client library would not send, and whether an answer came whole."""

import http.client
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from typing import Final
from urllib.parse import urlencode

PATIENCE: Final = 20.0  # seconds without a byte after which an answer is given up
QUERY: Final = "application/sparql-query"
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/sparql-results+json"

Headers = Sequence[tuple[str, str]]


class Wrong(Exception):
    """The server did what it must not do; the message says what."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `whole` is False when the transfer broke off in a way that every client sees."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    whole: bool

    @property
    def type(self) -> str:
        return str(self.headers["Content-Type"] or "").partition(";")[0].strip()


def read_answer(file: BufferedReader, head: bool = False) -> Answer | None:
    """The next answer on a connection (RFC 9112); None when it was closed without one. Raises Wrong."""
    try:
        first = file.readline(65537)
    except ConnectionError:
        return None
    except TimeoutError as error:
        raise Wrong("no answer in time") from error
    if not first:
        return None
    match = re.match(rb"HTTP/1\.[01] (\d{3})[ \r]", first)
    if not match:
        raise Wrong(f"not an HTTP/1.1 answer: {first[:60]!r}")
    headers = http.client.parse_headers(file)
    status = int(match[1])
    if status == 100:
        return read_answer(file, head)
    if head or status in {204, 304}:
        return Answer(status, headers, b"", True)
    body = bytearray()
    try:
        for piece in _pieces(file, headers):
            body += piece
    except (ConnectionError, TimeoutError, EOFError):
        return Answer(status, headers, bytes(body), False)
    return Answer(status, headers, bytes(body), True)


def _pieces(file: BufferedReader, headers: http.client.HTTPMessage) -> Iterator[bytes]:
    """The body's pieces. Raises EOFError where it ends before it should."""
    if "chunked" in (headers["Transfer-Encoding"] or "").lower():
        while True:
            line = file.readline(1024)
            if not line.endswith(b"\r\n"):
                raise EOFError
            size = int(line.partition(b";")[0], 16)
            yield from _exactly(file, size)
            if file.readline(1024) != b"\r\n":
                raise EOFError
            if not size:
                return
    elif headers["Content-Length"] is not None:
        yield from _exactly(file, int(headers["Content-Length"]))
    else:
        while piece := file.read(2**16):
            yield piece


def _exactly(file: BufferedReader, size: int) -> Iterator[bytes]:
    while size:
        piece = file.read(min(size, 2**20))
        if not piece:
            raise EOFError
        size -= len(piece)
        yield piece


@dataclass(frozen=True, slots=True)
class Target:
    """A server, and the address that requests come from (None: the system's choice)."""

    host: str
    port: int
    source: str | None = None
    patience: float = PATIENCE

    def open(self, timeout: float | None = None) -> socket.socket:
        return socket.create_connection(
            (self.host, self.port), timeout or self.patience, (self.source, 0) if self.source else None
        )

    def head(self, method: str, path: str, headers: Headers = ()) -> bytes:
        """The head of a request as bytes; nothing is escaped or checked."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers]
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")

    def send(self, raw: bytes, head: bool = False) -> Answer | None:
        """The answer to these bytes on a connection of their own; None when it is closed without one."""
        with self.open() as connection, connection.makefile("rb") as file:
            with suppress(ConnectionError):  # what is too long may be refused, and cut off, before it is all sent
                connection.sendall(raw)
            return read_answer(file, head)

    def request(self, method: str, path: str, headers: Headers = (), body: bytes | None = None) -> Answer:
        """The answer to one request. Raises Wrong when there is none."""
        length = [] if body is None else [("Content-Length", str(len(body)))]
        raw = self.head(method, path, [*headers, *length, ("Connection", "close")])
        answer = self.send(raw + (body or b""), head=method == "HEAD")
        if answer is None:
            raise Wrong("the connection was closed without an answer")
        return answer

    def get(self, path: str, *headers: tuple[str, str]) -> Answer:
        return self.request("GET", path, headers)

    def ask(self, query: str, seconds: float | None = None, accept: str = JSON, **parameters: str) -> Answer:
        """The answer to a query sent as a POST body; `seconds` is the limit asked for."""
        asked = {**({} if seconds is None else {"timeout": f"{seconds:g}"}), **parameters}
        path = "/sparql" + ("?" + urlencode(asked) if asked else "")
        body = query.encode("utf-8", "surrogatepass")
        return self.request("POST", path, [("Content-Type", QUERY), ("Accept", accept)], body)

"""Length-prefixed frames over a stream socket: one byte that says what it is, four bytes of length, the content."""

import marshal
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

HEAD: Final = struct.Struct("!cI")
LENGTH: Final = struct.Struct("!I")
SIZE: Final = 65536  # bytes of content that one data frame of a result holds at most
AT_ONCE: Final = int(socket.MSG_DONTWAIT)  # an enumeration's own arithmetic costs more than the call

QUERY: Final = b"Q"  # to the worker: one query, marshalled: it is the same Python, and trusts who asks it
FORGET: Final = b"F"  # to the worker: the number of a query, from 1; what it was asked behind that is not to be begun
FORGOTTEN: Final = b"G"  # from the worker: so it is
READY: Final = b"R"  # from the worker: the store is open
WHOLE: Final = b"W"  # from the worker: a small result, with its outcome (see `joined`)
OUTCOME: Final = b"K"  # from the worker: the query runs, and this is what comes (Outcome)
DATA: Final = b"D"  # from the worker: a piece of the serialised result
END: Final = b"E"  # from the worker: the result is whole; the seconds it took
FAILED: Final = b"X"  # from the worker: no (more) result; the failure as JSON
LAST: Final = frozenset({WHOLE, END, FAILED})  # after these the worker goes on to what it was asked next


class Closed(Exception):
    """The other end is gone, or the frame was cut: treat the peer as dead and replace it."""


class Request(NamedTuple):
    """What a query process is asked: a query (see server.asking.Query), its limit in seconds, and the bytes that its
    result may have."""

    query: str
    results: str | None
    graphs: str | None
    default: tuple[str, ...]
    named: tuple[str, ...]
    rows: int | None
    cut: int | None
    coding: str | None
    context: str | None
    seconds: float
    most: int

    def written(self) -> bytes:
        return marshal.dumps(tuple(self))


def request(written: bytes) -> Request:
    """A request, read."""
    return Request._make(marshal.loads(written))


@dataclass(slots=True)
class Outcome:
    """What a query gives: "solutions", "boolean" or "graph"; the name of the format ("rows": see
    server.processes.evaluation); the content coding, "" for none; whether asking again gives the same; the seconds it
    took, where it is over; and the version of the data."""

    form: str
    format: str
    coding: str
    fixed: bool
    seconds: float
    version: str

    def written(self) -> bytes:
        return f"{self.form},{self.format},{self.coding},{self.fixed:d},{self.seconds},{self.version}".encode()


def outcome(written: bytes) -> Outcome:
    """An outcome, read. Raises ValueError."""
    form, name, coding, fixed, seconds, version = written.decode().split(",", 5)
    return Outcome(form, name, coding, fixed == "1", float(seconds), version)


def frame(kind: bytes, content: bytes | bytearray = b"") -> bytes:
    return HEAD.pack(kind, len(content)) + content


def joined(head: bytes, body: bytes | bytearray) -> bytes:
    """A frame's content of two parts: the length of the first, and both."""
    return LENGTH.pack(len(head)) + head + body


def parted(content: bytes) -> tuple[bytes, bytes]:
    """Both parts of such a content."""
    end = LENGTH.size + LENGTH.unpack_from(content)[0]
    return content[LENGTH.size : end], content[end:]


def send(peer: socket.socket, *frames: bytes) -> None:
    """Send frames, in one piece. Raises Closed when the peer is gone."""
    try:
        peer.sendall(frames[0] if len(frames) == 1 else b"".join(frames))
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed(str(error)) from error


def receive(peer: socket.socket, buffer: bytearray, flags: int = 0) -> list[tuple[bytes, bytes]]:
    """The frames that have come whole by now, as (kind, content); the beginning of another stays in `buffer`.

    `flags`: of recv(2). Raises Closed when the peer is gone, BlockingIOError when none comes in the socket's time."""
    found: list[tuple[bytes, bytes]] = []
    while True:
        try:
            piece = peer.recv(SIZE, flags)
        except BlockingIOError:
            if flags & AT_ONCE and found:
                return found
            raise
        except ConnectionResetError as error:
            raise Closed(str(error)) from error
        if not piece:
            raise Closed("end of stream")
        if not buffer and (one := only(piece)):
            found.append(one)
        else:
            buffer += piece
            found += split(buffer)
        if len(piece) < SIZE:
            return found
        flags |= AT_ONCE  # there may be more


def only(received: bytes) -> tuple[bytes, bytes] | None:
    """What has been received, as (kind, content), where it is one frame, whole, and no more; else None."""
    if len(received) < HEAD.size:
        return None
    kind, length = HEAD.unpack_from(received)
    return (kind, received[HEAD.size :]) if len(received) == HEAD.size + length else None


def split(buffer: bytearray) -> Iterator[tuple[bytes, bytes]]:
    """Take the whole frames from the beginning of what has been received so far, as (kind, content)."""
    at = 0
    try:
        while len(buffer) - at >= HEAD.size:
            kind, length = HEAD.unpack_from(buffer, at)
            end = at + HEAD.size + length
            if len(buffer) < end:
                return
            content = bytes(memoryview(buffer)[at + HEAD.size : end])
            at = end
            yield kind, content
    finally:
        del buffer[:at]

"""Length-prefixed frames over a stream socket: one byte that says what it is, four bytes of length, the content."""

import socket
import struct
from typing import Final

HEAD: Final = struct.Struct("!cI")
SIZE: Final = 65536  # bytes of content that one data frame of a result holds at most

QUERY: Final = b"Q"  # to the worker: one query as JSON
READY: Final = b"R"  # from the worker: the store is open
OUTCOME: Final = b"K"  # from the worker: the query runs; kind and media type as JSON
DATA: Final = b"D"  # from the worker: a piece of the serialised result
END: Final = b"E"  # from the worker: the result is whole
FAILED: Final = b"X"  # from the worker: no (more) result; the failure as JSON


class Closed(Exception):
    """The other end is gone, or the frame was cut: treat the peer as dead and replace it."""


def send(peer: socket.socket, kind: bytes, content: bytes | bytearray = b"") -> None:
    """Send one frame. Raises Closed when the peer is gone."""
    try:
        peer.sendall(HEAD.pack(kind, len(content)) + content)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed(str(error)) from error


def receive(peer: socket.socket) -> tuple[bytes, bytes]:
    """The next frame as (kind, content).

    Raises Closed when the peer is gone and TimeoutError when the socket's timeout (seconds) has passed.
    """
    kind, length = HEAD.unpack(_exactly(peer, HEAD.size))
    return kind, _exactly(peer, length) if length else b""


def _exactly(peer: socket.socket, size: int) -> bytes:
    pieces: list[bytes] = []
    while size:
        try:
            piece = peer.recv(size)
        except ConnectionResetError as error:
            raise Closed(str(error)) from error
        if not piece:
            raise Closed("end of stream")
        pieces.append(piece)
        size -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)

"""What a connection writes, and whether more is read from it."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.flow_control import FlowControl

AHEAD: Final = 128 * 1024  # bytes that a client may send before it has the answers to what it sent first


class OnePiece:
    """A transport that sends what is written within one turn of the event loop at once: a head with its body."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []
        self._written = 0

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def send(self, data: bytes) -> None:
        """Write what is whole already."""
        self._flush()
        self._written += len(data)
        self._transport.write(data)

    def waiting(self) -> tuple[int, int]:
        """Bytes that the client has not taken yet, and those that it has."""
        left = self._transport.get_write_buffer_size()
        return left, self._written - left

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
            whole = held[0] if len(held) == 1 else b"".join(held)
            self._written += len(whole)
            self._transport.write(whole)


class Flow(FlowControl):
    """Nothing more is read while very much is `held` that was not parsed yet."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self.held = bytearray()

    @property
    def is_full(self) -> bool:
        return len(self.held) > AHEAD

    def resume_reading(self) -> None:
        if not self.is_full:
            super().resume_reading()

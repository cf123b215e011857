"""A result on its way from a query process: held while it is small, streamed and kept on disk when it is large."""

import asyncio
import errno
import json
import os
import tempfile
from collections.abc import AsyncGenerator, Callable
from typing import IO, ClassVar, Final

from server.asking import QueryFailed, no_room
from server.processes import frames
from server.processes.frames import Outcome

HELD: Final = 2**20  # bytes of a result that are held until it is known to be whole; more than that is streamed
SPILLED: Final = 4 * 2**30  # bytes of all results that lie on disk for clients that have not taken them yet
SHARE: Final = 4  # one client has at most this part of them
PIECE: Final = 256 * 1024  # bytes of one piece read back from disk


class _Share(Exception):
    """The client has its share of the disk."""


class Reception:
    """What one query process sends in answer to one query (server.asking.Answer).

    The process never waits for a slow client: what the client has not taken yet lies in a temporary file. `begun` is
    done when the result is whole, or larger than HELD; it raises QueryFailed. `over` is called once, when the process
    has nothing more to say.
    """

    form = version = ""
    format: str | None = None
    coding: str | None = None
    fixed = ended = False
    seconds = 0.0
    asked = 0.0  # when the process was asked, by the clock of the event loop
    length = 0
    failure: QueryFailed | None = None
    _spilled: IO[bytes] | None = None
    _more: asyncio.Event | None = None

    spilled: ClassVar[int] = 0
    spilled_of: ClassVar[dict[str, int]] = {}  # of each client that has any

    def __init__(
        self,
        over: Callable[["Reception"], None],
        client: str | None = None,
        limit: float = 0.0,
        stood: float = 0.0,
    ) -> None:
        self.client = client
        self.limit = limit  # seconds that the query may take
        self.stood = stood  # of them gone, behind other queries
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._over = over
        self._told: list[Callable[[], None]] = []
        self._pieces: list[bytes] = []

    @property
    def whole(self) -> bytes | None:
        if not self.ended or self.failure or self._spilled:
            return None
        if len(self._pieces) != 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0]

    async def body(self) -> AsyncGenerator[bytes, None]:
        """The serialised result in pieces; to be read once. Raises QueryFailed where the rest will not come."""
        for piece in self._pieces:
            yield piece
        at = 0
        try:
            while self._spilled:
                if piece := os.pread(self._spilled.fileno(), PIECE, at):
                    at += len(piece)
                    yield piece
                elif self.ended:
                    break
                else:
                    self._more = asyncio.Event()
                    await self._more.wait()
        finally:
            self.abandon()
        if self.failure:
            raise self.failure

    def abandon(self) -> None:
        """Nobody wants the rest."""
        if not self.ended:
            self.fail(QueryFailed("abandoned"))
        if self._spilled:
            self._count(-self.length)
            self._spilled.close()
            self._spilled = None

    def then(self, told: Callable[[], None]) -> None:
        """Call this when the query process has nothing more to say, at once where it has not."""
        if self.ended:
            told()
        else:
            self._told.append(told)

    async def settled(self) -> None:
        """Wait until the query process has nothing more to say. Raises QueryFailed where it was stopped."""
        while not self.ended:
            self._more = asyncio.Event()
            await self._more.wait()
        if self.failure:
            raise self.failure

    def take(self, kind: bytes, content: bytes) -> None:
        """One frame from the query process."""
        if self.ended:
            return
        if kind == frames.WHOLE:
            head, body = frames.parted(content)
            self._begun(frames.outcome(head))
            self.length = len(body)
            self._pieces.append(body)
            self._end()
        elif kind == frames.DATA:
            self._data(content)
        elif kind == frames.OUTCOME:
            self._begun(frames.outcome(content))
        elif kind == frames.END:
            self.seconds = float(content)
            self._end()
        elif kind == frames.FAILED:
            failure = json.loads(content)
            reason = failure.pop("kind")
            self.fail(QueryFailed("crash" if reason == "memory" else reason, **failure))

    def _begun(self, outcome: Outcome) -> None:
        self.form, self.format, self.version = outcome.form, outcome.format, outcome.version
        self.coding, self.fixed, self.seconds = outcome.coding or None, outcome.fixed, outcome.seconds

    def fail(self, failure: QueryFailed) -> None:
        """No more will come."""
        if not self.ended:
            self.failure = failure
            self._end()

    def _data(self, content: bytes) -> None:
        self.length += len(content)
        if self._spilled is None and self.length <= HELD:
            self._pieces.append(content)
            return
        try:
            self._spill(content)
        except _Share:
            self._refused(QueryFailed("too-large", unread=True))
            return
        except OSError as error:
            self._refused(no_room(error))
            return
        self._tell()
        if not self.begun.done():
            self.begun.set_result(None)

    def _spill(self, content: bytes) -> None:
        """Put all of it on disk. Raises OSError."""
        if self._spilled is None:
            self._spilled = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by whoever reads the body
            self._count(self.length)
        else:
            self._count(len(content))
        if Reception.spilled > SPILLED:
            raise OSError(errno.ENOSPC, f"{SPILLED} bytes of results lie on disk already")
        if self.client and Reception.spilled_of[self.client] > SPILLED // SHARE:
            raise _Share
        left = memoryview(content)
        while left:
            left = left[self._spilled.write(left) :]  # a disk that fills up takes a part, and only then refuses

    def _count(self, length: int) -> None:
        """So many bytes more lie on disk."""
        Reception.spilled += length
        if self.client:
            left = Reception.spilled_of.pop(self.client, 0) + length
            if left:
                Reception.spilled_of[self.client] = left

    def _refused(self, failure: QueryFailed) -> None:
        """The disk for large results takes no more: what is cut must never look whole."""
        unread = not self.begun.done()
        self.fail(failure)
        if unread:
            self.abandon()

    def _tell(self) -> None:
        """Wake who waits for more."""
        if self._more:
            self._more.set()

    def _end(self) -> None:
        self.ended = True
        self._tell()
        if not self.begun.done():
            if self.failure:
                self.begun.set_exception(self.failure)
            else:
                self.begun.set_result(None)
        self._over(self)
        for told in self._told:
            told()

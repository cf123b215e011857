"""One query process as the pool sees it: what it was asked, in turn, and what it sends."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from server.asking import Query
from server.processes import frames
from server.processes.reception import Reception
from server.web.transport import OnePiece


class Line(asyncio.Protocol):
    """The frames that a query process sends; `lost` is called when it is gone."""

    def __init__(self, got: Callable[[bytes, bytes], None], lost: Callable[[], None]) -> None:
        self.got, self.lost = got, lost
        self.buffer = bytearray()

    def data_received(self, data: bytes) -> None:
        if not self.buffer and (found := frames.only(data)):  # so it is with small results
            self.got(*found)
            return
        self.buffer += data
        for kind, content in frames.split(self.buffer):
            self.got(kind, content)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost()


@dataclass(slots=True, eq=False)
class Worker:
    """One query process: its number, a descriptor of it (a number could be another process by now), and its line.

    It may be asked several queries at once, and answers them in turn: so it need not be woken for each. Those behind
    the first can be taken from it again.
    """

    number: int
    descriptor: int
    line: OnePiece | None = None
    over: Callable[[Reception], None] = lambda _: None  # what to call when a query has ended
    asked: deque[Reception] = field(default_factory=deque)  # the first runs; those that have ended are passed over
    since: float = 0.0  # when the first began, by the clock of the event loop
    answered: int = 0  # queries, so far
    forgets: int | None = None  # it was told to forget all behind that query, and has not said yet that it did
    tired: bool = False  # a query ran long enough to be put behind the others
    apart: bool = False  # it was asked by a client whose queries end processes: others are asked before it

    @property
    def running(self) -> Reception | None:
        return self.asked[0] if self.asked else None

    def ask(self, reception: Reception, query: Query, most: int) -> None:
        """Ask it one more query, whose result has `most` bytes at most."""
        reception.asked = asyncio.get_running_loop().time()
        if not self.asked:
            self.since = reception.asked
        self.asked.append(reception)
        request = frames.Request(
            query.text,
            query.results,
            query.graphs,
            query.default,
            query.named,
            query.rows,
            query.cut,
            query.coding,
            query.context,
            reception.limit,
            most,
        )
        self._send(frames.frame(frames.QUERY, request.written()))

    def stands(self, now: float) -> float:
        """For how many seconds a query has stood behind the first, which can be taken from it."""
        return now - self.asked[1].asked if len(self.asked) > 1 and self.forgets is None else 0.0

    def behind(self) -> list[Reception]:
        """What it was asked, and has not begun, as far as it is known here."""
        return [each for each in list(self.asked)[1:] if not each.ended]

    def forget(self) -> None:
        """Let it forget what it has not begun."""
        self.forgets = self.answered + 1
        self._send(frames.frame(frames.FORGET, str(self.forgets).encode()))

    def take(self, kind: bytes, content: bytes) -> bool:
        """One frame that it sent. Returns whether it can be asked more now."""
        if kind == frames.FORGOTTEN:
            told, self.forgets = self.forgets, None
            while told is not None and self.asked and self.answered + len(self.asked) > told:
                self.asked.pop()
            return told is not None
        if not self.asked:
            return False
        self.asked[0].take(kind, content)
        if kind not in frames.LAST or not self.asked:  # it may have been killed for what it sent
            return False
        self.asked.popleft()
        self.answered += 1
        self.since = asyncio.get_running_loop().time()
        if self.asked:
            self.asked[0].stood += self.since - self.asked[0].asked
        return self.forgets is None

    def yield_to_others(self) -> None:
        """Let the others go first from now on, at once (sched(7), SCHED_IDLE); it is threads that are scheduled."""
        self.tired = True
        try:
            for thread in os.listdir(f"/proc/{self.number}/task"):
                os.sched_setscheduler(int(thread), os.SCHED_IDLE, os.sched_param(0))
        except OSError:  # it ended meanwhile, or no descriptors are left: what watches the queries must go on
            return

    def kill(self) -> None:
        if self.descriptor < 0:
            return
        try:
            signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended by itself
        finally:
            os.close(self.descriptor)
            self.descriptor = -1
            if self.line:
                self.line.close()

    def _send(self, frame: bytes) -> None:
        if self.line:
            self.line.write(frame)

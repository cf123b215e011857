"""The process that forks query processes, as the pool sees it."""

import array
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from server.processes import frames
from server.processes.reception import Reception
from server.processes.worker import Settings

MALLOC: Final = "glibc.malloc.tcache_count=2000:glibc.malloc.hugetlb=1"  # the engine asks for many small pieces
START: Final = 20.0  # seconds a new query process has to open the store


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
    """One query process: its number, a descriptor of it (a number could be another process by now), and its line."""

    number: int
    descriptor: int
    line: asyncio.Transport | None = None
    over: Callable[[Reception], None] = lambda _: None  # what to call when it has nothing more to say
    answering: Reception | None = None
    client: str | None = None  # who asked last
    asked: float = 0.0  # when, by the clock of the event loop
    seconds: float = 0.0  # that this query may take
    tired: bool = False  # it ran long enough to be put behind the others

    def send(self, frame: bytes) -> None:
        if self.line:
            self.line.write(frame)

    def yield_to_others(self) -> None:
        """Let the others go first from now on, at once (sched(7), SCHED_IDLE); it is threads that are scheduled."""
        self.tired = True
        try:
            for thread in os.listdir(f"/proc/{self.number}/task"):
                os.sched_setscheduler(int(thread), os.SCHED_IDLE, os.sched_param(0))
        except (FileNotFoundError, ProcessLookupError):
            return  # it ended meanwhile

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


@dataclass(slots=True)
class Forker:
    """Starts query processes, one at a time. `fork` may be called from any thread."""

    settings: Settings
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _control: socket.socket | None = field(default=None, init=False)
    _one: threading.Lock = field(default_factory=threading.Lock, init=False)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def fork(self) -> tuple[socket.socket, Worker] | None:
        """A new query process and our end of its socket; a second try brings a new forking process."""
        with self._one:
            return self._fork() or self._fork()

    def close(self) -> None:
        """End it, and the query processes with it."""
        with self._one:
            self._end()

    def _fork(self) -> tuple[socket.socket, Worker] | None:
        if self._control is None:
            self._start()
        assert self._control
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"."], [theirs.fileno()])
            content, descriptors, _, _ = socket.recv_fds(self._control, 4, 1)
        except OSError:
            content, descriptors = b"", []
        if content:
            return ours, Worker(array.array("i", content)[0], descriptors[0])
        ours.close()
        self._end()
        return None

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(START)
        places = [str(Path(__file__).resolve().parents[2]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        where = os.pathsep.join(each for each in places if each)
        arguments = [str(theirs.fileno()), json.dumps(asdict(self.settings))]
        # each arena of glibc reserves 128 MiB of the address space that the memory limit counts
        kept = {
            "PATH": os.environ.get("PATH", ""),
            "LANG": "C.UTF-8",
            "MALLOC_ARENA_MAX": "1",
            "GLIBC_TUNABLES": MALLOC,
        }
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "server.processes.worker", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C in a terminal is for the server, which ends the pool itself
                env=kept | {"PYTHONPATH": where},
            )
        self._control = ours

    def _end(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._control = None

"""The process that forks query processes, as the pool sees it."""

import array
import asyncio
import errno
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from server.processes import frames
from server.processes.query_process import Line, Worker
from server.processes.reception import Reception
from server.processes.worker import Settings
from server.web.transport import OnePiece

MALLOC: Final = "glibc.malloc.tcache_count=2000:glibc.malloc.hugetlb=1"  # the engine asks for many small pieces
START: Final = 20.0  # seconds a new query process has to open the store


@dataclass(slots=True)
class Forker:
    """Starts query processes, one at a time. `fork` may be called from any thread, `worker` from an event loop."""

    settings: Settings
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _control: socket.socket | None = field(default=None, init=False)
    _one: threading.Lock = field(default_factory=threading.Lock, init=False)
    _closed: bool = field(default=False, init=False)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def worker(
        self,
        over: Callable[[Worker, Reception], None],
        more: Callable[[Worker], None],
        lost: Callable[[Worker], None],
    ) -> Worker | None:
        """A new query process that has opened the store, or None; `over` is called for each query that has ended,
        `more` when it can be asked more, `lost` when it has ended. Raises OSError."""
        forked = await asyncio.to_thread(self.fork)
        if forked is None:
            return None
        ours, worker = forked
        loop = asyncio.get_running_loop()
        ready = loop.create_future()

        def got(kind: bytes, content: bytes) -> None:
            if kind == frames.READY and not ready.done():
                ready.set_result(True)
            elif worker.take(kind, content):
                more(worker)

        def ended() -> None:
            if ready.done():
                lost(worker)
            else:
                ready.set_result(False)

        try:
            line, _ = await loop.create_unix_connection(lambda: Line(got, ended), sock=ours)
            worker.line, worker.over = OnePiece(line, loop), partial(over, worker)
            async with asyncio.timeout(START):
                runs = await ready
        except TimeoutError:
            runs = False
        except BaseException:
            worker.kill()
            raise
        if not runs:
            worker.kill()
            return None
        return worker

    def fork(self) -> tuple[socket.socket, Worker] | None:
        """A new query process and our end of its socket; a second try brings a new forking process. None once it is
        closed. Raises OSError."""
        with self._one:
            return None if self._closed else self._fork() or self._fork()

    def close(self) -> None:
        """End it, and the query processes with it."""
        with self._one:
            self._closed = True
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
        number = array.array("i", content)[0] if content else None
        if number and descriptors:
            return ours, Worker(number, descriptors[0])
        ours.close()
        if number is not None:  # those that run go on
            raise OSError(errno.EAGAIN, "no processes or no descriptors are left")
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
                process_group=0,  # Ctrl-C in a terminal is for the server, which ends the pool itself
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

"""The pool of query processes."""

import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from server import frames
from server.asking import Outcome, Query, QueryFailed, Rows, Term

__all__ = ["Outcome", "Pool", "Query", "QueryFailed", "Rows", "Term"]

SECONDS: Final = 10.0  # a query's time when it asks for no other
MOST_SECONDS: Final = 60.0  # what a query may ask for at most
MEMORY: Final = 2 * 2**30  # bytes of address space of one query process, its stack not counted
MOST_BYTES: Final = 256 * 2**20  # bytes of one serialised result
IN_MEMORY: Final = 4 * 2**20  # bytes of a result above which it waits on disk for its client
QUERY_BYTES: Final = 64 * 1024  # bytes of one query's text
PATIENCE: Final = 10.0  # seconds to wait for a free query process
START: Final = 20.0  # seconds a new query process has to open the store


@dataclass(frozen=True, slots=True)
class _Worker:
    peer: socket.socket
    process: int  # a descriptor: a number could be another process by now

    def alive(self) -> bool:
        return not select.select([self.process], [], [], 0)[0]

    def kill(self) -> None:
        try:
            signal.pidfd_send_signal(self.process, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended by itself
        finally:
            self.peer.close()
            os.close(self.process)


@dataclass(slots=True)
class _Forker:
    process: subprocess.Popen[bytes]
    control: socket.socket


@dataclass(slots=True)
class Pool:
    """Query processes over one data folder. Safe to use from many threads; close it when done.

    Processes are replaced when a query kills them; when this process dies, all of them die.
    """

    data_dir: Path
    size: int = 4
    seconds: float = SECONDS
    memory: int = MEMORY
    prefixes: Mapping[str, str] = field(default_factory=dict)
    endpoint: str | None = None  # the IRI that relative IRIs in queries are resolved against
    patience: float = PATIENCE
    _idle: "queue.LifoQueue[_Worker | None]" = field(default_factory=queue.LifoQueue, init=False)
    _forker: _Forker | None = field(default=None, init=False)
    _starting: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        for _ in range(self.size):
            self._idle.put(self._start())

    def query(self, query: Query) -> Outcome:
        """The whole result of a query. Raises QueryFailed."""
        if len(query.text.encode("utf-8", "surrogatepass")) > QUERY_BYTES:
            raise QueryFailed("too-long", bytes=QUERY_BYTES)
        seconds = min(query.seconds or self.seconds, MOST_SECONDS)
        worker = self._take()
        try:
            outcome = _ask(worker, query, seconds, self)
        except (QueryFailed, frames.Closed, TimeoutError) as error:
            if isinstance(error, QueryFailed) and error.kind != "too-large":
                self._idle.put(worker)
                raise
            worker.kill()
            self._idle.put(self._start_or_later())
            if isinstance(error, TimeoutError):
                raise QueryFailed("timeout", seconds=seconds) from error
            if isinstance(error, frames.Closed):
                raise QueryFailed("crash") from error
            raise
        except BaseException:
            worker.kill()
            self._idle.put(None)
            raise
        self._idle.put(worker)
        return outcome

    def rows(self, text: str, limit: int = 1000, default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> Rows:
        """A query's result as values, at most `limit` rows. Raises QueryFailed."""
        outcome = self.query(Query(text, default=default, named=named, rows=limit))
        found = json.loads(b"".join(outcome.body()))
        table = tuple(tuple(None if term is None else Term(*term) for term in row) for row in found["rows"])
        return Rows(tuple(found["variables"]), table, found["more"], found["boolean"], outcome.form)

    def close(self) -> None:
        """End the processes."""
        while not self._idle.empty():
            worker = self._idle.get()
            if worker:
                worker.kill()
        if self._forker:
            self._forker.control.close()
            self._forker.process.wait(timeout=5)
            self._forker = None

    def _take(self) -> _Worker:
        try:
            worker = self._idle.get(timeout=self.patience)
        except queue.Empty as error:
            raise QueryFailed("busy") from error
        if worker and worker.alive():
            return worker
        if worker:
            worker.kill()
        try:
            return self._start()
        except QueryFailed:
            self._idle.put(None)
            raise

    def _start_or_later(self) -> _Worker | None:
        try:
            return self._start()
        except QueryFailed:
            return None  # the next query that comes for it tries again, and tells its asker

    def _start(self) -> _Worker:
        with self._starting:
            worker = self._fork() or self._fork()  # a second try brings a new forking process
        if worker is None:
            raise QueryFailed("engine", message="no query process could be started")
        worker.peer.settimeout(START)
        try:
            frames.receive(worker.peer)
        except (frames.Closed, TimeoutError) as error:
            worker.kill()
            raise QueryFailed("engine", message="a query process did not start") from error
        return worker

    def _fork(self) -> _Worker | None:
        if self._forker is None:
            self._forker = _start_forker(self.data_dir, self.memory)
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._forker.control, [b"."], [theirs.fileno()])
            content, descriptors, _, _ = socket.recv_fds(self._forker.control, 4, 1)
        except OSError:
            content, descriptors = b"", []
        if content:
            return _Worker(ours, descriptors[0])
        ours.close()
        self._forker.control.close()
        self._forker.process.kill()
        self._forker.process.wait()
        self._forker = None
        return None


def _start_forker(data_dir: Path, memory: int) -> _Forker:
    ours, theirs = socket.socketpair()
    ours.settimeout(START)
    places = [str(Path(__file__).resolve().parents[1]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    where = os.pathsep.join(each for each in places if each)
    arguments = [str(theirs.fileno()), str(data_dir.resolve()), str(memory)]
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "server.worker", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C in a terminal is for the server, which ends the pool itself
            # each arena of glibc reserves 128 MiB of the address space that the memory limit counts
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": where, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        )
    return _Forker(process, ours)


def _ask(worker: _Worker, query: Query, seconds: float, pool: Pool) -> Outcome:
    deadline = time.monotonic() + seconds
    request = {
        "query": query.text,
        "results": query.results,
        "graphs": query.graphs,
        "default": query.default,
        "named": query.named,
        "rows": query.rows,
        "seconds": seconds,
        "prefixes": dict(pool.prefixes),
        "base": pool.endpoint,
    }
    worker.peer.settimeout(seconds)
    frames.send(worker.peer, frames.QUERY, json.dumps(request).encode())
    outcome: dict[str, Any] = {}
    pieces: list[bytes] = []
    length = 0
    spilled: IO[bytes] | None = None
    try:
        while True:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            worker.peer.settimeout(remaining)
            kind, content = frames.receive(worker.peer)
            if kind == frames.OUTCOME:
                outcome = json.loads(content)
            elif kind == frames.FAILED:
                failure = json.loads(content)
                reason = failure.pop("kind")
                raise QueryFailed("crash" if reason == "memory" else reason, **failure)
            elif kind == frames.END:
                break
            else:
                length += len(content)
                if length > MOST_BYTES:
                    raise QueryFailed("too-large", bytes=MOST_BYTES)
                if spilled is None and length > IN_MEMORY:
                    spilled = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever reads the outcome
                if spilled is None:
                    pieces.append(content)
                else:
                    spilled.write(content)
    except BaseException:
        if spilled:
            spilled.close()
        raise
    if spilled:
        spilled.seek(0)
    return Outcome(outcome["form"], outcome["format"], outcome["version"], length, tuple(pieces), spilled)

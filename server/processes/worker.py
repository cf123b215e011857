"""The processes that run user queries: one that only forks, and its children, each with a read-only store.

Started by server.processes.forker as `python -m server.processes.worker FD SETTINGS` (JSON: data_dir, memory,
prefixes, endpoint). The forking process has no threads, no store and no network. On a byte on socket FD, which brings
one end of a socket pair, it forks a child that answers queries on that socket (server.processes.frames) and sends
back the child's process number and descriptor, or NONE where there can be no more processes. When FD closes, all of
them end.
"""

import array
import json
import os
import select
import signal
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from server.processes import evaluation, frames, isolation
from server.storage import snapshot

STACK: Final = 512 * 2**20  # bytes: a query of 64 KiB nested as deep as it can be parses within this
GRACE: Final = 0.25  # seconds after its limit until a query that nobody stopped stops itself
NONE: Final = 0  # the number of a process that could not be forked
AWAKE: Final = 0.001  # seconds that a query process stays awake for the next query, where they come as soon
LONGEST: Final = 0.1  # seconds of a wait that count
LATELY: Final = 8  # waits whose mean it is


@dataclass(frozen=True, slots=True)
class Settings:
    """What all queries of a pool have in common; `memory` in bytes."""

    data_dir: str
    memory: int
    prefixes: dict[str, str]
    endpoint: str | None


@dataclass(slots=True)
class Watched:
    """Until when the query that runs may run, by time.monotonic(); None: none runs."""

    until: float | None = None


@dataclass(slots=True)
class _Asked:
    """The queries that have come and were not begun, as they came; those that were begun are counted."""

    peer: socket.socket
    waiting: deque[bytes] = field(default_factory=deque)
    begun: int = 0
    rest: bytearray = field(default_factory=bytearray)
    gap: float = 0.1  # seconds that they were waited for lately, on average

    def take(self) -> bool:
        """Take what has come; where no query waits, wait for one, a second at most. Returns whether something came.
        Raises frames.Closed."""
        try:
            found = frames.receive(self.peer, self.rest, frames.AT_ONCE) if self.waiting else self._wait()
        except BlockingIOError:
            return False
        for kind, content in found:
            if kind == frames.QUERY:
                self.waiting.append(content)
                continue
            while self.waiting and self.begun + len(self.waiting) > int(content):
                self.waiting.pop()
            frames.send(self.peer, frames.frame(frames.FORGOTTEN))
        return True

    def _wait(self) -> list[tuple[bytes, bytes]]:
        """Wait for frames; where they come soon on average, awake for a while: to be woken takes longer."""
        began = time.monotonic()
        try:
            while self.gap < AWAKE and time.monotonic() - began < AWAKE:
                try:
                    return frames.receive(self.peer, self.rest, frames.AT_ONCE)
                except BlockingIOError:
                    os.sched_yield()
            return frames.receive(self.peer, self.rest)
        finally:
            self.gap += (min(time.monotonic() - began, LONGEST) - self.gap) / LATELY

    def begin(self) -> frames.Request:
        self.begun += 1
        return frames.request(self.waiting.popleft())


def serve(peer: socket.socket, settings: Settings, watched: Watched) -> None:
    """Answer queries, one after the other, until the socket closes; open the store anew when another is published."""
    data_dir = Path(settings.data_dir)
    pointer = str(snapshot.pointer(data_dir))
    opened, seen = _open(data_dir)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 1, 0))  # cheaper than poll before recv
    frames.send(peer, frames.frame(frames.READY))
    asked = _Asked(peer)
    while True:
        try:
            came = asked.take()
        except frames.Closed:
            return
        if (came or not asked.waiting) and _published(pointer) != seen:  # who asked before may have the data of then
            if opened:
                opened.close()
            opened = None  # the engine closes a store when it is forgotten
            opened, seen = _open(data_dir)
        if asked.waiting:
            request = asked.begin()
            watched.until = time.monotonic() + request.seconds + GRACE
            _answer(opened, request, settings, peer)
            watched.until = None


def _answer(
    opened: snapshot.Snapshot | None, request: frames.Request, settings: Settings, peer: socket.socket
) -> None:
    try:
        if opened is None:
            raise evaluation.Refusal("unavailable")
        evaluation.run(opened, request, settings.prefixes, settings.endpoint, peer)
    except evaluation.Refusal as refusal:
        failure = refusal.failure
    except MemoryError:
        failure = {"kind": "memory"}
    except (OSError, RuntimeError) as error:
        failure = {"kind": "engine", "message": str(error)[:500]}
        if "service" in request.query.lower():  # one that the reading of the text has missed: there is no network
            failure = {"kind": "refused", "what": "service"}
    else:
        return
    frames.send(peer, frames.frame(frames.FAILED, json.dumps(failure).encode()))


def _open(data_dir: Path) -> tuple[snapshot.Snapshot | None, tuple[int, int] | None]:
    seen = _published(str(snapshot.pointer(data_dir)))
    try:
        return snapshot.open_current(data_dir), seen
    except (snapshot.NothingPublished, snapshot.Damaged) as error:
        print(f"kommungraf: {error}", file=sys.stderr, flush=True)
        return None, seen


def _published(pointer: str) -> tuple[int, int] | None:
    try:
        found = os.stat(pointer)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _child(parent: int, peer: socket.socket, settings: Settings) -> None:
    isolation.die_with(parent)
    isolation.limit_memory(settings.memory + STACK)
    isolation.end_first()
    _hush()
    threading.stack_size(STACK)
    watched = Watched()
    thread = threading.Thread(target=_quietly, args=(serve, peer, settings, watched))
    thread.start()
    while thread.is_alive():
        thread.join(GRACE)
        until = watched.until
        if until and time.monotonic() > until:
            os._exit(1)


def _hush() -> None:
    """Leave standard error to Python: the engine writes there when memory runs out, which the client is told."""
    sys.stderr = open(os.dup(2), "w", buffering=1, encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)


def _quietly(
    work: Callable[[socket.socket, Settings, Watched], None],
    peer: socket.socket,
    settings: Settings,
    watched: Watched,
) -> None:
    try:
        work(peer, settings, watched)
    except frames.Closed:
        return


def main(control_fd: int, settings: Settings) -> None:
    """Fork a query process for every request on the control socket until it closes."""
    isolation.no_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=control_fd)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    me = os.getpid()
    while True:
        _reap()
        if not poll.poll(1000):
            continue
        byte, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not byte:
            return
        peer = socket.socket(fileno=descriptors[0])
        try:
            child = os.fork()
        except OSError:  # no processes left just now, or no memory: those that there are go on
            peer.close()
            control.sendall(array.array("i", [NONE]).tobytes())
            continue
        if child == 0:
            control.close()
            try:
                _child(me, peer, settings)
            finally:
                os._exit(0)
        peer.close()
        descriptor = os.pidfd_open(child)
        socket.send_fds(control, [array.array("i", [child]).tobytes()], [descriptor])
        os.close(descriptor)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), Settings(**json.loads(sys.argv[2])))

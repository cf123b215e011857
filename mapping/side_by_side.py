"""Work spread over processes, of which any may die or run for ever without harm to the rest.

What a process sends back is read as values alone: one that a document has taken over cannot make its parent run
anything.
"""

import io
import math
import multiprocessing
import os
import pickle
import queue
import resource
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")

AHEAD = 2  # tasks that a process is given at a time: it never waits, and few wait for it
PATIENCE = 4.0
"""How many times its seconds of a processor a task may take by the clock: on a machine that serves others before it
(`ingest` is nice) it waits more than it works, and must not be refused for that."""
GRACE = 5.0  # seconds until a process is ended from outside that did not end itself when its time was over
_WORN = 0.5  # share of its address space that a process may hold and be given another task
_MOST = 2**30  # bytes of a result
Spread = Callable[..., Iterator[tuple[Any, Any]]]  # `spread`, or what does the same on other machines
_BEGUN, _DONE, _LARGE, _RAISED = "begun", "done", "large", "raised"


class _Told(NamedTuple):
    """What a process says, and whether it ends now."""

    kind: str
    value: Any
    ends: bool


class Lost(Enum):
    """Why a task has no result: its process died of it, was ended because the task took too long, or had not enough
    memory for it."""

    DIED = "died"
    SLOW = "slow"
    LARGE = "large"


def spread(
    work: Callable[..., Result],
    tasks: Iterable[tuple[Key, tuple[object, ...]]],
    jobs: int,
    begin: Callable[..., None] | None = None,
    given: tuple[object, ...] = (),
    seconds: float = 0,
    confine: Callable[[], None] | None = None,
) -> Iterator[tuple[Key, Result | Lost]]:
    """`work(*arguments)` of every task (key, arguments), as each is ready, or why there is no result.

    A task may take `seconds`; 0 is without end. `confine()` runs first in every process, while it has one thread,
    and takes from it what the work does not need; then `begin(*given)`. Results are made of dataclasses, exceptions
    and what is built in. An exception of `work` is raised here, and RuntimeError where a process cannot even begin.
    """
    waiting = iter(tasks)
    back: deque[tuple[Key, tuple[object, ...]]] = deque()  # given to a process that died of another task
    workers: list[_Worker[Key]] = []
    try:
        while True:
            more = True
            while more and (len(workers) < jobs or min(len(w.given) for w in workers) < AHEAD):
                task = back.popleft() if back else next(waiting, None)
                if task is None:
                    more = False
                elif len(workers) < jobs:
                    workers.append(_Worker(work, begin, given, seconds, confine, task))
                else:
                    min(workers, key=lambda worker: len(worker.given)).give(task)
            if not any(worker.given for worker in workers):
                return
            ready = wait([worker.connection for worker in workers if worker.given], GRACE if seconds else None)
            for worker in workers:
                if worker.connection not in ready:
                    worker.end_late(seconds)
            for worker in [each for each in workers if each.connection in ready]:
                told = worker.receive()
                if told is None:
                    key, result = worker.last_words()
                elif told.kind == _RAISED:
                    raise told.value
                elif told.kind == _BEGUN:
                    worker.begun = True
                    continue
                else:
                    key, result = worker.given.popleft()[0], Lost.LARGE if told.kind == _LARGE else told.value
                if told is None or told.ends:
                    workers.remove(worker)
                    back.extend(worker.given)
                    worker.end()
                yield key, result
    finally:
        for worker in workers:
            worker.end()


class _Worker(Generic[Key]):
    """A process, and the tasks it was given in their order: it works at the first of them."""

    def __init__(
        self,
        work: Callable[..., Any],
        begin: Callable[..., None] | None,
        given: tuple[object, ...],
        seconds: float,
        confine: Callable[[], None] | None,
        task: tuple[Key, tuple[object, ...]],
    ) -> None:
        # Forked from a clean server process: the engines run threads, which do not survive a fork of this one.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([work.__module__])
        self.connection, theirs = context.Pipe()
        self.process: ForkServerProcess = context.Process(
            target=_serve, args=(theirs, work, begin, given, seconds, confine), daemon=True
        )
        self.given: deque[tuple[Key, tuple[object, ...]]] = deque()
        self.begun = self.late = False
        self.since = time.monotonic()
        self.process.start()
        theirs.close()
        self.give(task)

    def give(self, task: tuple[Key, tuple[object, ...]]) -> None:
        if not self.given:
            self.since = time.monotonic()
        self.given.append(task)
        with suppress(BrokenPipeError, ConnectionResetError):  # it is dead: that is noticed when its result is read
            self.connection.send(task[1])

    def receive(self) -> "_Told | None":
        """What the process says; None where it has ended, or says what nobody can be told."""
        try:
            kind, value, ends = _Values(io.BytesIO(self.connection.recv_bytes(_MOST))).load()
        except (EOFError, ConnectionResetError):
            return None
        except Exception:  # a document may have chosen the bytes: whatever is wrong with them, the process is lost
            self.process.kill()
            return None
        self.since = time.monotonic()
        return _Told(kind, value, ends)

    def end_late(self, seconds: float) -> None:
        """End the process where its time is over, which the parser in it may have kept it from doing itself."""
        late = PATIENCE * seconds + GRACE
        if seconds and self.begun and self.given and time.monotonic() - self.since > late:
            self.late = True
            self.process.kill()

    def last_words(self) -> tuple[Key, Lost]:
        """What the dead process worked at, and why it died. RuntimeError where it was no task."""
        self.process.join(5)  # its end of the connection is closed: it has ended or is about to
        self.end()
        if not self.begun:
            raise RuntimeError(f"a process could not begin: it ended with {self.process.exitcode}")
        slow = self.late or self.process.exitcode in (-signal.SIGPROF, -signal.SIGALRM, -signal.SIGXCPU)
        return self.given.popleft()[0], Lost.SLOW if slow else Lost.DIED

    def end(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()


class _Values(pickle.Unpickler):
    """Reads what a process sent: of classes, only dataclasses, exceptions and dates that are known here already."""

    def find_class(self, module: str, name: str) -> Any:
        found = getattr(sys.modules.get(module), name, None)
        if isinstance(found, type) and (is_dataclass(found) or issubclass(found, (Exception, date))):
            return found
        raise pickle.UnpicklingError(f"a process sent {module}.{name}, which is no value")


def _serve(
    connection: Connection,
    work: Callable[..., object],
    begin: Callable[..., None] | None,
    given: tuple[object, ...],
    seconds: float,
    confine: Callable[[], None] | None,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    # They end the process, whatever it does and whoever holds its locks.
    for ending in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(ending, signal.SIG_DFL)
    tasks: queue.SimpleQueue[tuple[object, ...]] = queue.SimpleQueue()
    ends = False
    try:
        if confine is not None:
            confine()
        threading.Thread(target=_receive, args=(connection, tasks), daemon=True).start()
        if begin is not None:
            begin(*given)
        connection.send_bytes(pickle.dumps((_BEGUN, None, False)))
        while not ends:
            arguments = tasks.get()
            _limit_time(seconds)
            try:
                answer, ends = work(*arguments), _worn()
                message = pickle.dumps((_DONE, answer, ends))
            except MemoryError:
                answer, ends = None, True
                message = pickle.dumps((_LARGE, None, True))
            _limit_time(0)
            connection.send_bytes(message)
    except Exception as error:
        _limit_time(0)
        connection.send_bytes(pickle.dumps((_RAISED, error, True)))


def _limit_time(seconds: float) -> None:
    """From now this process has so many seconds of a processor, and some times as many by the clock; 0 is without
    end."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE * seconds)
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    spent = math.ceil(time.process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (spent if seconds else most, most))


def _worn() -> bool:
    """Whether this process, its memory being limited, holds so much that a document might not find enough."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return False
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize() > _WORN * limit


def _receive(connection: Connection, tasks: "queue.SimpleQueue[tuple[object, ...]]") -> None:
    """Take tasks while others are worked at. A killed parent cannot end its processes: they end without it."""
    try:
        while True:
            tasks.put(connection.recv())
    except (EOFError, OSError):
        os._exit(1)

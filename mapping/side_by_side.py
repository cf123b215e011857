"""Work spread over processes, of which any may die or run for ever without harm to the rest."""

import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from enum import Enum
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")

AHEAD = 2  # tasks that a process is given at a time: it never waits, and few wait for it


class Lost(Enum):
    """Why a task has no result: its process died of it, or was ended because the task took too long."""

    DIED = "died"
    SLOW = "slow"


def spread(
    work: Callable[..., Result],
    tasks: Iterable[tuple[Key, tuple[object, ...]]],
    jobs: int,
    begin: Callable[..., None] | None = None,
    given: tuple[object, ...] = (),
    seconds: float = 0,
) -> Iterator[tuple[Key, Result | Lost]]:
    """`work(*arguments)` of every task (key, arguments), as each is ready, or why there is no result.

    A task may take `seconds`; 0 is without end. `begin(*given)` runs first in every process.
    An exception of `work` is raised here, and RuntimeError where a process cannot even begin.
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
                    workers.append(_Worker(work, begin, given, seconds, task))
                else:
                    min(workers, key=lambda worker: len(worker.given)).give(task)
            if not any(worker.given for worker in workers):
                return
            ready = wait([worker.connection for worker in workers if worker.given])
            for worker in [each for each in workers if each.connection in ready]:
                try:
                    done, result = worker.connection.recv()
                except (EOFError, ConnectionResetError):
                    workers.remove(worker)
                    key, lost = worker.last_words()
                    back.extend(worker.given)
                    yield key, lost
                    continue
                if not done:
                    raise result
                if worker.begun:
                    yield worker.given.popleft()[0], result
                worker.begun = True
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
        task: tuple[Key, tuple[object, ...]],
    ) -> None:
        # Forked from a clean server process: the engines run threads, which do not survive a fork of this one.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["mapping.corpus"])
        self.connection, theirs = context.Pipe()
        self.process: ForkServerProcess = context.Process(
            target=_serve, args=(theirs, work, begin, given, seconds), daemon=True
        )
        self.given: deque[tuple[Key, tuple[object, ...]]] = deque()
        self.begun = False
        self.process.start()
        theirs.close()
        self.give(task)

    def give(self, task: tuple[Key, tuple[object, ...]]) -> None:
        self.given.append(task)
        with suppress(BrokenPipeError, ConnectionResetError):  # it is dead: that is noticed when its result is read
            self.connection.send(task[1])

    def last_words(self) -> tuple[Key, Lost]:
        """What the dead process worked at, and why it died. RuntimeError where it was no task."""
        self.process.join(5)  # its end of the connection is closed: it has ended or is about to
        self.end()
        if not self.begun:
            raise RuntimeError(f"a process could not begin: it ended with {self.process.exitcode}")
        return self.given.popleft()[0], Lost.SLOW if self.process.exitcode == -signal.SIGALRM else Lost.DIED

    def end(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()


def _serve(
    connection: Connection,
    work: Callable[..., object],
    begin: Callable[..., None] | None,
    given: tuple[object, ...],
    seconds: float,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, whatever it does and whoever holds its locks
    tasks: queue.SimpleQueue[tuple[object, ...]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, tasks), daemon=True).start()
    try:
        if begin is not None:
            begin(*given)
        connection.send((True, None))
        while True:
            arguments = tasks.get()
            signal.setitimer(signal.ITIMER_REAL, seconds)
            result = work(*arguments)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send((True, result))
    except Exception as error:
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.send((False, error))


def _receive(connection: Connection, tasks: "queue.SimpleQueue[tuple[object, ...]]") -> None:
    """Take tasks while others are worked at. A killed parent cannot end its processes: they end without it."""
    try:
        while True:
            tasks.put(connection.recv())
    except (EOFError, OSError):
        os._exit(1)

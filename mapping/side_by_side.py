"""Work spread over processes, of which any may die without harm to the rest."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")

AHEAD = 4  # tasks per process that wait for it: enough to keep it busy, few enough to keep memory small


def spread(
    work: Callable[..., Result],
    tasks: Iterable[tuple[Key, tuple[object, ...]]],
    jobs: int,
    begin: Callable[..., None] | None = None,
    given: tuple[object, ...] = (),
) -> Iterator[tuple[Key, Result | None]]:
    """`work(*arguments)` of every task (key, arguments), as each is ready; None where its process died of it.

    `begin(*given)` runs first in every process. An exception of `work` is raised here.
    """
    waiting = iter(tasks)
    done = False
    while not done:
        flying: dict[Future[Result], tuple[Key, tuple[object, ...]]] = {}
        with _pool(jobs, begin, given) as pool:
            try:
                while True:
                    while not done and len(flying) < jobs * AHEAD:
                        task = next(waiting, None)
                        if task is None:
                            done = True
                        else:
                            flying[pool.submit(work, *task[1])] = task
                    if not flying:
                        break
                    for future in wait(flying, return_when=FIRST_COMPLETED).done:
                        result = future.result()
                        yield flying.pop(future)[0], result
            except BrokenProcessPool:
                pass  # one of those in the air did it: each is tried by itself below
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        for key, arguments in flying.values():
            yield key, _by_itself(work, arguments, begin, given)


def _by_itself(
    work: Callable[..., Result],
    arguments: tuple[object, ...],
    begin: Callable[..., None] | None,
    given: tuple[object, ...],
) -> Result | None:
    with _pool(1, begin, given) as pool:
        pool.submit(_nothing).result()  # a process that cannot even start is no fault of the task: that is raised
        try:
            return pool.submit(work, *arguments).result()
        except BrokenProcessPool:
            return None


def _nothing() -> None:
    """To see whether a process runs."""


def _pool(jobs: int, begin: Callable[..., None] | None, given: tuple[object, ...]) -> ProcessPoolExecutor:
    # Forked from a clean server process: the engines run threads, which do not survive a fork of this one.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mapping.corpus"])
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(begin, given))


def _start(begin: Callable[..., None] | None, given: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    threading.Thread(target=_die_with_parent, daemon=True).start()
    if begin is not None:
        begin(*given)


def _die_with_parent() -> None:
    """A killed parent cannot end its processes, and they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

"""Processes of the server that are killed, or stopped, while they work."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.attacks.attack import Arena, Attack
from tests.attacks.clients import ENDLESS
from tests.attacks.judging import judged
from tests.attacks.target import Wrong
from tests.attacks.watching import SPARE, Processes

SECONDS = 2.0


def attacks() -> Iterator[Attack]:
    yield Attack(
        "kill -9 of a query process while it answers", "503 at once", _of_a_worker(signal.SIGKILL), SECONDS, True
    )
    yield Attack("a query process that hangs", "504 in time", _of_a_worker(signal.SIGSTOP), SECONDS, True)
    yield Attack("kill -9 of every query process", "next query right", all_workers, SECONDS, True)
    yield Attack("kill -9 of the forking process", "next query right", forker, SECONDS, True)


def _processes(arena: Arena) -> Processes:
    if arena.processes is None:
        raise Wrong("the server's processes are not known: give --pid")
    return arena.processes


def _kill(pid: int, sent: signal.Signals) -> None:
    """Send a signal to a descendant of the server, and to no other process that has come to have its number."""
    descriptor = os.pidfd_open(pid)
    try:
        signal.pidfd_send_signal(descriptor, sent)
    finally:
        os.close(descriptor)


def _of_a_worker(sent: signal.Signals) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        processes = _processes(arena)
        with ThreadPoolExecutor(1) as asking:
            asked = asking.submit(arena.target.ask, ENDLESS, SECONDS)
            pid = processes.busy_one()
            if pid is None:
                raise Wrong(f"no query process was seen at work: {asked.result().status}")
            _kill(pid, sent)
            began = time.monotonic()
            got = judged(asked.result(), {503} if sent == signal.SIGKILL else {504})
            took = time.monotonic() - began
        if took > (SPARE if sent == signal.SIGKILL else SECONDS + SPARE):
            raise Wrong(f"{got} after {took:.1f} s")
        time.sleep(0.2)
        if pid in processes.workers():
            raise Wrong("the process is still there")
        return got

    return act


def all_workers(arena: Arena) -> str:
    processes = _processes(arena)
    killed = processes.workers()
    for pid in killed:
        _kill(pid, signal.SIGKILL)
    return f"{len(killed)} killed, next in {arena.small.ask(arena.target):.2f} s"


def forker(arena: Arena) -> str:
    killed = _processes(arena).forkers()
    if not killed:
        raise Wrong("no process that forks query processes was found")
    for pid in killed:
        _kill(pid, signal.SIGKILL)
    return f"{len(killed)} killed, next in {arena.small.ask(arena.target):.2f} s"

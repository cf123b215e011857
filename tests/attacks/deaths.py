"""Query processes: whether they are confined, and what becomes of queries when they are killed or stopped."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.attacks.attack import Arena, Attack
from tests.attacks.clients import ENDLESS
from tests.attacks.judging import judged
from tests.attacks.target import Wrong
from tests.attacks.watching import SPARE, Processes, state

SECONDS = 2.0


def attacks() -> Iterator[Attack]:
    yield Attack("query processes look for a way out", "no network, limited memory", confined, needs_processes=True)
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
        _gone([pid])
        return got

    return act


def confined(arena: Arena) -> str:
    """A system-call filter, no new privileges, a limit of memory, and no socket but those to the server itself."""
    pids = _processes(arena).workers()
    for pid in pids:
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        limits = Path(f"/proc/{pid}/limits").read_text()
        space = next(line.split()[3] for line in limits.splitlines() if line.startswith("Max address space"))
        if (status["Seccomp"], status["NoNewPrivs"]) != ("2", "1") or space == "unlimited":
            raise Wrong(f"Seccomp {status['Seccomp']}, NoNewPrivs {status['NoNewPrivs']}, address space {space}")
        held = {os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir()}
        for table in ("tcp", "tcp6", "udp", "udp6"):
            numbers = {
                f"socket:[{line.split()[9]}]" for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
            }
            if held & numbers:
                raise Wrong(f"query process {pid} holds a {table} socket")
    return f"{len(pids)} confined"


def _gone(pids: list[int]) -> None:
    until = time.monotonic() + SPARE
    while any(state(pid) not in {"", "Z"} for pid in pids):
        if time.monotonic() > until:
            raise Wrong("the process is still there")
        time.sleep(0.01)


def all_workers(arena: Arena) -> str:
    processes = _processes(arena)
    killed = processes.workers()
    for pid in killed:
        _kill(pid, signal.SIGKILL)
    seconds = arena.small.ask(arena.target)
    _gone(killed)
    return f"{len(killed)} killed, next in {seconds:.2f} s"


def forker(arena: Arena) -> str:
    killed = _processes(arena).forkers()
    if not killed:
        raise Wrong("no process that forks query processes was found")
    for pid in killed:
        _kill(pid, signal.SIGKILL)
    seconds = arena.small.ask(arena.target)
    _gone(killed)
    return f"{len(killed)} killed, next in {seconds:.2f} s"

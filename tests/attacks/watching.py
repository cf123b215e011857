"""What is seen of a server from beside it: its processes in /proc (Linux), and who calls a listener on loopback."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SPARE: Final = 1.0  # seconds that a query process may run beyond its query's limit
TICK: Final = 0.1
PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Listener:
    """Sockets on 127.0.0.1 and ::1 that nobody has reason to call."""

    def __init__(self) -> None:
        first = socket.create_server(("127.0.0.1", 0))
        self.port = int(first.getsockname()[1])
        self.sockets = [first]
        with suppress(OSError):  # no IPv6 here
            self.sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for each in self.sockets:
            each.setblocking(False)

    def calls(self) -> int:
        """How many connections came since the last time."""
        number = 0
        for each in self.sockets:
            with suppress(BlockingIOError):
                while True:
                    each.accept()[0].close()
                    number += 1
        return number

    def close(self) -> None:
        for each in self.sockets:
            each.close()


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread of a process: its state letter, processor time in ticks, and how often it waited for something."""

    state: str
    processor: int
    waits: int


def threads(pid: int) -> dict[int, Thread]:
    found = {}
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                fields = (task / "stat").read_text().rpartition(")")[2].split()
                waits = (task / "status").read_text().partition("\nvoluntary_ctxt_switches:")[2].split()[0]
                found[int(task.name)] = Thread(fields[0], int(fields[11]) + int(fields[12]), int(waits))
    return found


def descendants(pid: int) -> Iterator[int]:
    """The processes that a process started, and those that they started."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from descendants(child)


def state(pid: int) -> str:
    """The letter of a process's state (Z: ended and not yet waited for), or "" when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _runs_queries(pid: int) -> bool:
    try:
        return b"server.processes.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the processes that do not run queries, the server itself among them: descriptors, and bytes in memory."""

    descriptors: int
    resident: int
    processes: int


@dataclass(slots=True)
class Processes:
    """A server's processes. While it is `watching`, it notes query processes that run on and on."""

    pid: int
    allowed: float = 10.0 + SPARE  # seconds that a query process may run without a pause
    found: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def forkers(self) -> list[int]:
        """The processes that fork the query processes."""
        return [each for each in descendants(self.pid) if _runs_queries(each) and list(descendants(each))]

    def workers(self) -> list[int]:
        """The query processes."""
        return [child for each in self.forkers() for child in descendants(each) if state(child) != "Z"]

    def web(self) -> list[int]:
        return [self.pid, *(each for each in descendants(self.pid) if not _runs_queries(each))]

    def zombies(self) -> list[int]:
        return [each for each in descendants(self.pid) if state(each) == "Z"]

    def running(self) -> set[int]:
        """The query processes that compute at this moment."""
        return {pid for pid in self.workers() if any(each.state == "R" for each in threads(pid).values())}

    def busy_one(self, seconds: float = 2.0) -> int | None:
        """A query process that computes for longer than one takes to start; None when there is none so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            seen = self.running()
            for _ in range(12):
                time.sleep(TICK / 4)
                seen &= self.running()
            if seen:
                return seen.pop()
        return None

    def still_running(self, until: float) -> set[int]:
        """The query processes that compute from now on until a moment of time.monotonic() without a pause."""
        left = self.running()
        while left and time.monotonic() < until:
            time.sleep(TICK / 4)
            left &= self.running()
        return left

    def figures(self) -> Figures:
        web = self.web()
        descriptors = sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in web)
        resident = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE for pid in web)
        return Figures(descriptors, resident, len(web))

    def watch(self) -> threading.Thread:
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self._ended.set()

    def _watch(self) -> None:
        since: dict[tuple[int, int], tuple[Thread, float]] = {}
        while not self._ended.wait(TICK):
            now = time.monotonic()
            seen = {(pid, tid): each for pid in self.workers() for tid, each in threads(pid).items()}
            for key, thread in seen.items():
                before, began = since.get(key, (thread, now))
                runs = thread.waits == before.waits and (thread.state == "R" or thread.processor > before.processor)
                since[key] = (thread, began if runs else now)
                if now - since[key][1] > self.allowed:
                    self.found.append(f"query process {key[0]} ran for more than {self.allowed:g} s without a pause")
                    since[key] = (thread, now)
            since = {key: each for key, each in since.items() if key in seen}

"""The two servers that are measured: `kommungraf serve`, and the engine's own server on a store of the same data."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from server.storage import snapshot
from tests.benchmarks.client import asked, request

START = 60.0  # seconds a server has to answer for the first time
TRIES = 3  # to start a server
PROGRAMS = Path(sys.executable).parent
PROCESSES = max(8, 2 * (os.cpu_count() or 1))  # queries that ours runs at once
METRICS = request("/metrics", "text/plain").encode()
PATIENCE = 10.0  # seconds until its processes are there again
LOOK = 0.02  # seconds between two looks
REST = 1.0  # seconds without a query after which it is at rest


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: where it listens, the path of its endpoint, and its process."""

    port: int
    path: str
    process: "subprocess.Popen[bytes]"

    def descriptors(self) -> int:
        """Open file descriptors of all its processes."""
        return sum(_of_each(self.family(), lambda process: len(list((process / "fd").iterdir()))))

    def memory(self) -> int:
        """Bytes of memory of all its processes that none shares with another."""
        return 1024 * sum(_of_each(self.family(), _private))

    def family(self) -> list[int]:
        """Its process, and those below it that live, by their numbers."""
        parents: dict[int, list[int]] = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                number, told = path.read_text("utf-8", "replace").split(" ", 1)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just ended
            state, parent = told.rpartition(")")[2].split()[:2]
            if state != "Z":
                parents.setdefault(int(parent), []).append(int(number))
        found = [self.process.pid]
        for pid in found:
            found.extend(parents.get(pid, []))
        return found


def _of_each(processes: list[int], told: Callable[[Path], int]) -> list[int]:
    found = []
    for pid in processes:
        try:
            found.append(told(Path("/proc") / str(pid)))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
    return found


def _private(process: Path) -> int:
    """KiB."""
    rolled = (process / "smaps_rollup").read_text("ascii")
    return sum(int(kib) for kib in re.findall(r"^Private_\w+: +(\d+) kB", rolled, re.M))


@contextmanager
def ours(data: Path, *arguments: str) -> Iterator[Served]:
    """`kommungraf serve` over a data folder."""
    command = [str(PROGRAMS / "kommungraf"), "serve", "--data", str(data), *arguments]
    with _running(lambda port: [*command, "--port", str(port)], "/sparql") as served:
        yield served


@contextmanager
def native(data: Path) -> Iterator[Served]:
    """The engine's own server over a copy of the published store (hard links: nothing writes to it)."""
    version = snapshot.current_version(data)
    if version is None:
        raise RuntimeError(f"{data}: nothing is published")
    with TemporaryDirectory(dir=data, prefix=".native-") as temporary:
        store = Path(temporary) / "store"
        kept = shutil.ignore_patterns("LOG*")
        shutil.copytree(
            snapshot.folder_of(data, version) / snapshot.ENGINE, store, ignore=kept, copy_function=os.link
        )
        command = [str(PROGRAMS / "oxigraph"), "serve-read-only", "--location", str(store)]
        with _running(lambda port: [*command, "--bind", f"127.0.0.1:{port}"], "/query") as served:
            yield served


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: Callable[[int], list[str]], path: str) -> Iterator[Served]:
    served = next((found for _ in range(TRIES) if (found := _started(command, path))), None)
    if served is None:
        raise RuntimeError(f"{path}: the server did not start")
    process = served.process
    try:
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _started(command: Callable[[int], list[str]], path: str) -> Served | None:
    """A server that answers; None where it ended: somebody else may have taken the port meanwhile."""
    port = free_port()
    process = subprocess.Popen(command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        try:
            with Line(port) as line:
                line.ask(asked(path, "ASK {}").encode())
            return Served(port, path, process)
        except OSError:
            time.sleep(0.05)
    process.kill()
    process.wait()
    return None


class Line:
    """One connection that is kept: for the clock of one client. Raises OSError where it breaks."""

    def __init__(self, port: int, source: str = "127.0.0.1", seconds: float = 90.0) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), seconds, (source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; its status, and its body as it came (with the marks of chunks, where it has them)."""
        self.socket.sendall(request)
        held = b""
        while b"\r\n\r\n" not in held:
            held += self._more()
        head, _, body = held.partition(b"\r\n\r\n")
        _, told, length = head.lower().partition(b"\r\ncontent-length:")
        if told:
            wanted = int(length.split(b"\r\n", 1)[0])
            pieces, missing = [body], wanted - len(body)
            while missing > 0:
                pieces.append(self._more())
                missing -= len(pieces[-1])
            body = b"".join(pieces)
        else:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        piece = self.socket.recv(262144)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece


def until_at_rest(line: Line) -> None:
    """Wait until ours has asked the questions that it asks for its own pages when it starts, of a large store for
    seconds."""
    since = time.perf_counter()
    while time.perf_counter() - since < REST:
        if until(line, "idle") > LOOK:
            since = time.perf_counter()
        time.sleep(LOOK)


def until(line: Line, state: str) -> float:
    """Seconds until ours says that all its query processes are in this state. Raises RuntimeError."""
    started = time.perf_counter()
    wanted = b'kommungraf_workers{state="%b"} %d.0' % (state.encode(), PROCESSES)
    while wanted not in line.ask(METRICS)[1]:
        if time.perf_counter() - started > PATIENCE:
            raise RuntimeError(f"after {PATIENCE:g} s not {PROCESSES} query processes are {state} again")
        time.sleep(LOOK)
    return time.perf_counter() - started

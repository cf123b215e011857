"""The program serving a data folder, for real."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.remote.engine import Address
from tests.conftest import COMMAND
from tests.server.data import Got, Server

START = 30.0  # seconds


@dataclass(frozen=True)
class Site:
    server: Server

    def get(self, path: str, accept: str) -> bytes:
        got = self.server.get(path, accept)
        assert got.status == 200, (path, got.status, got.text[:300])
        return got.body

    def ask(self, query: str, **parameters: str) -> Got:
        return self.server.ask(query, **parameters)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def oxigraph() -> Iterator[tuple[Address, "subprocess.Popen[bytes]"]]:
    """An empty Oxigraph server, until the end."""
    port = free_port()
    command: list[str | Path] = [Path(sys.executable).with_name("oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 20
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < until
                time.sleep(0.05)
        yield Address(f"http://127.0.0.1:{port}/query"), process
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def served(folder: Path, *options: str) -> Iterator[Site]:
    """A data folder served by `kommungraf serve` until the end."""
    port = free_port()
    command: list[str | Path] = [COMMAND, "serve", "--data", folder, "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + START
    try:
        while True:
            try:
                if Server(port).ask("ASK {}").status == 200:
                    break
            except (OSError, http.client.HTTPException):
                assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < until
            time.sleep(0.05)
        yield Site(Server(port))
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)

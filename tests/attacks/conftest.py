"""A published data folder with a hostile document in it, and a server over it that the attacks may hurt."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.storage import store
from tests.attacks import runner
from tests.attacks.attack import Arena
from tests.attacks.target import Wrong
from tests.server.conftest import RUN, free_port
from tests.server.data import BASE, make

ROOT = Path(__file__).parents[2]
TROUBLE = ("Traceback", "Error: ", "panicked", '"exception"')
HOSTILE = Path(__file__).with_name("evil.trig")


def publish(folder: Path) -> None:
    """The small graph of tests/server, and a hostile document."""
    documents = make(folder)
    quads = list(ox.parse(path=str(HOSTILE), format=ox.RdfFormat.TRIG))
    path = folder / "documents" / "eeeeeeeeeeeeeeee.nq"
    lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines()
    path.write_bytes(b"\n".join(sorted(lines)) + b"\n")
    store.publish(folder, [*documents, path], BASE)


def ready(port: int, process: subprocess.Popen[bytes]) -> Arena | None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            return runner.arena("127.0.0.1", port, process.pid)
        except (OSError, Wrong):
            time.sleep(0.05)
    return None


@pytest.fixture(scope="session")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """A server with two query processes; after the attacks it must be as it was, have written of no exception, and stop when it is told to."""
    folder = tmp_path_factory.mktemp("attacked")
    publish(folder)
    log = folder / "log.txt"
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(folder), str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    try:
        place = ready(port, process)
        assert place and place.processes, log.read_text()
        for _ in range(50):  # so that what is made at the first use is there
            place.small.ask(place.others)
        before, web = place.processes.figures(), place.processes.web()
        place.processes.watch()
        yield place
        place.processes.stop()
        wrong = runner.aftermath(place.processes, before, web)
        assert not wrong, wrong
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    written = log.read_text("utf-8", "replace")
    lines = written.split("\n")
    bad = [line for line in lines if "\x1b" in line or line.startswith('{"forged"') or any(map(line.count, TROUBLE))]
    assert not bad, "\n".join([f"{len(bad)} lines of the log tell of trouble:", *bad[:20]])
    assert process.returncode == 0

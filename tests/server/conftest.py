"""A published data folder, and a real server over it, once for all tests of this folder."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.storage import store
from tests.server import views_data
from tests.server.data import BASE, Server, make
from tests.server.views_data import Reader, reading

ROOT = Path(__file__).parents[2]
RUN = (
    "import sys; from pathlib import Path; from server.asking import Limits; from server.serve import Service, serve; "
    "sys.exit(serve(Path(sys.argv[1]), Service(port=int(sys.argv[2]), queries=2, limits=Limits(memory=2**30))))"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data_dir: Path, port: int) -> subprocess.Popen[str]:
    """A server process; wait until it answers, or has ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(data_dir), str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            if Server(port).get("/sparql?query=ASK%7B%7D").status == 200:
                break
        except OSError:
            time.sleep(0.05)
    return process


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    store.publish(folder, make(folder), BASE)
    return folder


@pytest.fixture(scope="session")
def server(published: Path) -> Iterator[Server]:
    port = free_port()
    process = start(published, port)
    assert process.poll() is None, process.communicate()[0]
    yield Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


@pytest.fixture(scope="session")
def views_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The site over the graph of views.trig."""
    folder = tmp_path_factory.mktemp("views")
    with reading(folder, views_data.published(folder)) as reader:
        yield reader


@pytest.fixture
def reader(views_site: Reader) -> Iterator[Reader]:
    """Somebody who reads that site; the engine answers again after the test."""
    yield views_site
    views_site.pool.fails, views_site.pool.kind = "", "timeout"

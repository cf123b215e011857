"""Starting and stopping: exit codes, messages, signals."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from server import store
from server.serve import NO_DATA, PORT_TAKEN
from tests.server.conftest import RUN, free_port, start
from tests.server.data import BASE, Server, make

ROOT = Path(__file__).parents[2]


def run(data_dir: Path, port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, str(data_dir), str(port)], capture_output=True, text=True, cwd=ROOT, timeout=60
    )


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly(published: Path, sent: signal.Signals) -> None:
    port = free_port()
    process = start(published, port)
    assert Server(port).get("/", "text/html").status == 200
    process.send_signal(sent)
    assert process.wait(30) == 0
    told = process.communicate()[0]
    assert f"http://127.0.0.1:{port}/" in told and "Traceback" not in told
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


def test_a_taken_port(published: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        ran = run(published, other.getsockname()[1])
    assert ran.returncode == PORT_TAKEN and "--port" in ran.stderr and "Traceback" not in ran.stderr


def test_a_folder_without_data(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        ran = run(folder, free_port())
        assert ran.returncode == NO_DATA and "ingest" in ran.stderr and "Traceback" not in ran.stderr


def test_a_damaged_store(tmp_path: Path) -> None:
    version = store.publish(tmp_path, make(tmp_path), BASE).version
    for path in (tmp_path / "store" / version / "quads").glob("MANIFEST*"):
        path.write_bytes(b"")
    ran = run(tmp_path, free_port())
    assert ran.returncode == NO_DATA and "ingest" in ran.stderr and "Traceback" not in ran.stderr

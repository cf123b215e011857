"""Starting and stopping: exit codes, messages, signals."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.processes import turns
from server.serve import NO_DATA, PORT_TAKEN, Service, own_address
from server.storage import store
from server.web import client_address
from tests.server.conftest import RUN, free_port, start
from tests.server.data import BASE, Server, make

ROOT = Path(__file__).parents[2]
ITEM = "/doc/treatment/9999/socialnamnden/2024-03-12/7"


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


@contextmanager
def running(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """A server that has answered."""
    port = free_port()
    process = start(data_dir, port)
    try:
        assert Server(port).get("/", "text/html").status == 200
        yield process
    finally:
        process.terminate()
        process.wait(30)
        process.communicate()


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *descendants(child)]
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_query_processes_are_of_the_session_of_the_server_but_not_of_its_group(published: Path) -> None:
    """sched(7), autogroup: nice values of different sessions are not compared. Ctrl-C is for a terminal's group."""
    with running(published) as process:
        below = descendants(process.pid)
        assert len(below) >= 3
        assert {os.getsid(pid) for pid in below} == {os.getsid(process.pid)}
        assert os.getpgid(process.pid) not in {os.getpgid(pid) for pid in below}


def test_nothing_outlives_a_killed_server(published: Path) -> None:
    port = free_port()
    process = start(published, port)
    assert Server(port).get("/", "text/html").status == 200
    started = {pid: os.pidfd_open(pid) for pid in descendants(process.pid)}
    assert len(started) >= 3  # a forking process, and two that answer queries
    process.kill()
    process.wait(5)
    until = time.monotonic() + 3
    while any(map(lives, started)) and time.monotonic() < until:
        time.sleep(0.02)
    left = [pid for pid in started if lives(pid)]
    for pid, descriptor in started.items():
        if pid in left:
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        os.close(descriptor)
    assert not left
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)
    process.communicate()


@pytest.mark.skipif(turns.taken() in (None, 0), reason="needs Linux 6.12")
def test_all_processes_take_short_turns(published: Path) -> None:
    with running(published) as process:
        all_of_them = [process.pid, *descendants(process.pid)]
        assert [turns.taken(pid) for pid in all_of_them] == [turns.SHORT] * len(all_of_them)
        assert len(all_of_them) >= 4 and turns.taken() != turns.SHORT


def test_a_taken_port(published: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        ran = run(published, other.getsockname()[1])
    assert ran.returncode == PORT_TAKEN and "--port" in ran.stderr and "Traceback" not in ran.stderr


def test_a_folder_without_data(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        ran = run(folder, free_port())
        assert ran.returncode == NO_DATA and "ingest" in ran.stderr and "Traceback" not in ran.stderr


def damaged(folder: Path) -> store.Published:
    published = store.publish(folder, make(folder), BASE)
    for path in (folder / "store" / published.version / "quads").glob("MANIFEST*"):
        path.write_bytes(b"")
    return published


def test_a_damaged_store_is_built_anew_before_it_is_served(tmp_path: Path) -> None:
    published = damaged(tmp_path)
    port = free_port()
    process = start(tmp_path, port)
    counted = Server(port).ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text.split()[1]
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=30)[0]
    assert counted == str(published.triples) and "built anew" in told


def test_a_damaged_store_without_files_to_build_it_from_is_not_served(tmp_path: Path) -> None:
    damaged(tmp_path)
    for path in (tmp_path / "documents").glob("*.nq"):
        path.write_text("broken\n")
    ran = run(tmp_path, free_port())
    assert ran.returncode == NO_DATA and "not whole" in ran.stderr and "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("base", "host", "proxies", "told"),
    [
        ("https://kommungraf.example", "127.0.0.1", (), "http://127.0.0.1:8000"),
        ("https://kommungraf.example", "::1", (), "http://[::1]:8000"),
        ("https://kommungraf.example", "localhost", (), "http://localhost:8000"),
        ("https://kommungraf.example", "0.0.0.0", (), None),
        ("https://kommungraf.example", "data.kommun.se", (), None),
        ("https://kommungraf.example", "127.0.0.1", ("127.0.0.1",), None),
        ("https://data.kommun.se", "127.0.0.1", (), None),
    ],
)
def test_where_pages_say_that_they_are(base: str, host: str, proxies: tuple[str, ...], told: str | None) -> None:
    assert own_address(base, Service(host, proxies=client_address.proxies(proxies))) == told


def test_whoever_asks_does_not_say_where_the_pages_are(server: Server) -> None:
    """A page that is kept would give it to others."""
    got = server.get(ITEM, "text/html", Host="elsewhere.example")
    own = f"http://127.0.0.1:{server.port}{ITEM}"
    assert (
        f'<link rel="canonical" href="{own}">' in got.text and f'<meta property="og:url" content="{own}">' in got.text
    )
    assert "elsewhere.example" not in got.text
    assert f"<code>{BASE}/id/" in got.text

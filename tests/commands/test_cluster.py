"""A cluster reads what one machine reads, byte for byte, whatever becomes of its workers."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Client

import commands.cluster
from commands.cluster import ClusterFailed, cluster
from mapping.side_by_side import Lost
from tests.conftest import ROOT, SAMPLES, kommungraf

START = 60.0  # seconds


def start(*arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def worker(address: str, *options: str, **environment: str) -> "subprocess.Popen[bytes]":
    """A worker without a nanny, which would bring it back, unless the options say otherwise."""
    named = ["distributed.cli.dask_worker", address, "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1"]
    return start(*named, *(options or ("--no-nanny",)), **environment)


@contextmanager
def scheduler(workers: int) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """A scheduler on loopback with some workers: its address, and the processes, its own the last."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    where = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    running = [start("distributed.cli.dask_scheduler", *where)]
    until = time.monotonic() + START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert running[0].poll() is None and time.monotonic() < until
            time.sleep(0.1)
    running += [worker(address) for _ in range(workers)]
    try:
        if workers:  # they start slowly on a busy machine
            with Client(address, timeout=START, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=START)
        yield address, [*running[1:], running[0]]
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def graphs(data: Path) -> dict[str, bytes]:
    """What must not depend on where documents were read."""
    paths = [data / "persons.nq", *sorted((data / "documents").glob("*.nq")), *sorted((data / "texts").iterdir())]
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in paths}


def kill_at_first(process: "subprocess.Popen[bytes]", documents: Path) -> None:
    """Kill a worker as soon as one document is there: the others are still being read."""
    until = time.monotonic() + START
    while time.monotonic() < until and not any(documents.glob("*.nq")):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)


def test_a_cluster_reads_the_same_byte_for_byte_though_a_worker_is_killed(tmp_path: Path, sample_data: Path) -> None:
    data = tmp_path / "data"
    with scheduler(2) as (address, (first, *_)):
        killer = threading.Thread(target=kill_at_first, args=(first, data / "documents"))
        killer.start()
        done = kommungraf("ingest", SAMPLES, "--data", data, "--cluster", address)
        killer.join()
        assert done.returncode == 0, done.stderr
        assert first.wait(10) == -signal.SIGKILL
    assert graphs(data) == graphs(sample_data)
    assert kommungraf("ingest", SAMPLES, "--data", data).returncode == 0
    assert graphs(data) == graphs(sample_data)


def slow(number: int) -> int:
    time.sleep(0.05)
    return number * 2


def deadly(number: int) -> int:
    """The task itself only sleeps: it is the worker around it that is killed."""
    time.sleep(0.05)
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2


def test_a_worker_killed_in_the_middle_loses_no_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.cluster, "TOGETHER", 5)
    with scheduler(2) as (address, (first, second, _)), cluster(address) as used:
        used.client.wait_for_workers(2, timeout=30)
        found = {}
        for key, result in used.spread(slow, ((n, (n,)) for n in range(100)), 1, seconds=10):
            found[key] = result
            if len(found) == 20:
                first.send_signal(signal.SIGKILL)
        assert found == {n: n * 2 for n in range(100)}
        assert second.poll() is None


def test_a_document_that_kills_its_process_leaves_the_worker_alive() -> None:
    with scheduler(1) as (address, (only, _)), cluster(address) as used:
        found = dict(used.spread(deadly, ((n, (n,)) for n in range(20)), 1, seconds=10))
        assert found == {n: Lost.DIED if n == 13 else n * 2 for n in range(20)}
        assert only.poll() is None


def test_a_task_that_kills_workers_is_lost_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks that take their worker with them, as one could that fills the machine's memory."""
    monkeypatch.setattr(commands.cluster, "TOGETHER", 4)
    monkeypatch.setattr(commands.cluster, "_there", there_deadly)
    with scheduler(0) as (address, _):
        workers = [worker(address, "--nanny", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1") for _ in range(2)]
        try:
            with cluster(address) as used:
                found = dict(used.spread(slow, ((n, (n,)) for n in range(8)), 1))
        finally:
            for process in workers:
                process.terminate()
                process.wait(20)
    assert found == {n: Lost.DIED if n == 3 else n * 2 for n in range(8)}


def there_deadly(_: object, work: object, tasks: list[tuple[int]], *__: object) -> list[int]:
    if (3,) in tasks:
        os.kill(os.getpid(), signal.SIGKILL)
    return [number * 2 for (number,) in tasks]


def test_an_error_of_the_work_is_raised_here() -> None:
    with scheduler(1) as (address, _), cluster(address) as used, pytest.raises(ZeroDivisionError):
        list(used.spread(divmod, [(1, (1, 0))], 1))


def test_another_program_on_a_worker_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = commands.cluster.programs()
    monkeypatch.setattr(commands.cluster, "programs", lambda: ours | {"kommungraf": "0.0.1+other"})
    with (
        scheduler(1) as (address, _),
        pytest.raises(ClusterFailed, match=r"kommungraf .*0\.0\.1\+other"),
        cluster(address),
    ):
        pass


def test_an_address_where_no_cluster_is_ends_with_4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = kommungraf("ingest", SAMPLES, "--data", tmp_path / "data", "--cluster", "tcp://127.0.0.1:9")
    assert done.returncode == 4
    assert done.stderr.splitlines()[0].startswith("Inget kluster svarar på tcp://127.0.0.1:9:")
    assert done.stderr.splitlines()[1].startswith("No cluster answers at tcp://127.0.0.1:9:")
    assert len(done.stderr.splitlines()) == 2
    monkeypatch.setattr(commands.cluster, "CONNECT", 1.0)
    with scheduler(0) as (address, _), pytest.raises(ClusterFailed, match="has no worker"), cluster(address):
        pass


@pytest.mark.parametrize("how", ["shut down", "killed"])
def test_a_scheduler_that_goes_away_is_told(how: str) -> None:
    with scheduler(1) as (address, (_, own)), cluster(address) as used:
        found = used.spread(slow, ((n, (n,)) for n in range(10_000)), 1)
        next(found)
        if how == "killed":
            own.kill()
        else:
            used.client.shutdown()
        with pytest.raises(ClusterFailed, match="stopped answering"):
            list(found)

"""An ingest killed at 200 random moments: what is published is always one whole publication, and a re-run completes it.

The documents are twenty short minutes, ten of them corrected versions of the first ten. Each attempt is forked from a
process that has read them all before, so that most of its time is what an ingest does to the data folder.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

import pyoxigraph as ox
import pytest

from server.data_folder import folder
from server.storage import snapshot
from server.storage.record import record_of
from tests.benchmarks import generate
from tests.conftest import ROOT

KILLS = 200
BASE = "https://data.example"
ENDED = ox.NamedNode("http://www.w3.org/ns/prov#endedAtTime")

PROGRAM = f"""
import os, sys
from pathlib import Path
from commands import ingest
from mapping import corpus
from server.data_folder import folder

def serially(work, tasks, jobs, begin=None, given=(), seconds=0, confine=None):
    if begin:
        begin(*given)
    for key, arguments in tasks:
        yield key, work(*arguments)

if __name__ == "__main__":
    read = dict(corpus.read_all(folder.expand([Path(sys.argv[1])]), None, {BASE!r}, jobs=2))
by_name = {{path.name: found for path, found in read.items()}}
corpus.spread = serially
corpus.read_one = lambda path, *_: by_name[path.name]
assert len(os.listdir("/proc/self/task")) == 1, "a process with threads must not be forked"
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            data, documents = line.rstrip().split("\\t")
            with folder.writer(Path(data)) as ledger:
                ingest.ingest(
                    ledger, folder.expand([Path(documents)]), municipality=None, base={BASE!r}
                )
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def forking(documents: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that starts an ingest for each line, `data folder TAB documents`: it says its number, then how it
    ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(documents)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def ingest(process: subprocess.Popen[str], data: Path, documents: Path, kill_after: float | None = None) -> int:
    """One ingest, killed after so many seconds; how it ended."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{data}\t{documents}\n")
    process.stdin.flush()
    child = int(process.stdout.readline())
    if kill_after is not None:
        time.sleep(kill_after)
        with suppress(ProcessLookupError):  # it had ended: nobody else has its number yet
            os.kill(child, signal.SIGKILL)
    return int(process.stdout.readline())


def published(data: Path) -> frozenset[ox.Quad]:
    """Every quad of the published store but the times of reading; it must have the counts of the record."""
    opened = snapshot.open_current(data)
    try:
        about = snapshot.about_version(data, opened.version)
        quads = list(opened.store)
    finally:
        opened.close()
    counts = Counter(quad.graph_name for quad in quads)
    triples = counts.pop(ox.DefaultGraph())
    assert (len(quads), triples, len(counts)) == (about["quads"], about["triples"], about["graphs"])
    with record_of(data / "store") as record:
        if record.version() == opened.version:
            assert {str(name)[1:-1]: number for name, number in counts.items()} == record.graphs()
    return frozenset(quad for quad in quads if quad.predicate != ENDED)


def graphs(quads: frozenset[ox.Quad]) -> set[object]:
    return {quad.graph_name for quad in quads}


def fresh(old: Path, data: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(old, data)


def state(data: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of every file of the data folder but the locks and databases."""
    return {
        str(path.relative_to(data)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in data.rglob("*")
        if path.is_file() and not path.name.endswith((".sqlite", "lock", "LOCK", "in-use"))
    }


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders `old` with ten minutes, and `new` with them and their corrected versions."""
    root = tmp_path_factory.mktemp("documents")
    for name in ("old", "new"):
        (root / name).mkdir()
    for number in range(10):
        text = generate.minutes(number, items=2)
        for name in ("old", "new"):
            (root / name / f"{number}.txt").write_text(text, "utf-8")
        (root / "new" / f"{number} rättad.txt").write_text(text.replace("Fler ", "Många fler "), "utf-8")
    return root


def test_killed_at_200_random_moments(documents: Path, tmp_path: Path) -> None:
    old, data = tmp_path / "old", tmp_path / "data"
    chance = random.Random(4)
    with forking(documents / "new") as process:
        assert ingest(process, old, documents / "old") == 0
        before = published(old)
        durations = []
        for _ in range(3):
            fresh(old, data)
            started = time.monotonic()
            assert ingest(process, data, documents / "new") == 0
            durations.append(time.monotonic() - started)
        after = published(data)
        assert len(graphs(after)) >= len(graphs(before)) + 10
        seen = {"old": 0, "new": 0, "killed": 0, "again": 0}
        fresh(old, data)
        for _ in range(KILLS):
            killed = ingest(process, data, documents / "new", chance.uniform(0, median(durations) * 1.05))
            assert killed in (0, -signal.SIGKILL)
            found = published(data)
            assert found in (before, after)
            seen["new" if found == after else "old"] += 1
            seen["killed"] += killed != 0
            if found == after and seen["again"] < 5:
                assert ingest(process, data, documents / "new") == 0
                assert published(data) == after
                seen["again"] += 1
            if found == after or chance.random() < 0.5:  # else the next goes on where this one was killed
                fresh(old, data)
        assert min(seen["old"], seen["killed"]) > KILLS // 4 and seen["new"] and seen["again"], seen
        assert ingest(process, data, documents / "new") == 0
        last, rows = state(data), folder.entries(data)
        assert ingest(process, data, documents / "new") == 0
        assert (state(data), folder.entries(data)) == (last, rows) and published(data) == after
    assert {path.name for path in (data / "store").iterdir() if path.is_dir()} == {
        snapshot.current_version(data),
        "sources",
    }
    with sqlite3.connect(data / "ledger.sqlite") as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len([entry for entry in folder.entries(data) if entry.status == "accepted"]) == 20

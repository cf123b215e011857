"""The store: built from its files beside the engine's own bulk load, and published again after one document changed."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from mapping.document import BASE
from server.data_folder import folder
from server.storage import authority, snapshot, store
from tests.benchmarks import spent
from tests.benchmarks.measure import Figure
from tests.benchmarks.servers import PROGRAMS

BUILD = "import sys; from pathlib import Path; from server.storage import store; store.build(Path(sys.argv[1]), sys.argv[2])"
PUBLISHED = 0.300  # seconds: one document replaced, until queries see it


def figures(data: Path, runs: int = 3) -> Iterator[Figure]:
    """(g) a copy of a data folder built and loaded in turn, and one of its documents replaced."""
    with copied(data) as copy:
        lines = copy / "load.nq"
        count = write_lines(copy, lines)
        published, ordered, loaded, optimized = [], [], [], []
        for _ in range(runs):
            shutil.rmtree(copy / "store", ignore_errors=True)
            with _appears(copy / "store" / "current") as seconds:
                ordered.append(spent.run(sys.executable, "-c", BUILD, copy, BASE))
            published += seconds
            native = copy / "native"
            loaded.append(spent.run(PROGRAMS / "oxigraph", "load", "--location", native, "--file", lines))
            optimized.append(spent.run(PROGRAMS / "oxigraph", "optimize", "--location", native))
            shutil.rmtree(native)
        lines.unlink()

        def built(
            told: str, ours: float, against: str, theirs: float, clock: str, aim: float | None = None
        ) -> Figure:
            return Figure("store", told, ours, count, "quads", against, theirs, clock, aim)

        bare = "native load of the same lines"
        told = "built from its files and published (wall)"
        yield built(told, median(published), bare, median(each.wall for each in loaded), "wall", 0.9)
        for clock in ("wall", "cpu"):
            ours, load, tidy = (
                median(getattr(each, clock) for each in done) for done in (ordered, loaded, optimized)
            )
            yield built(
                f"the same until its tables are in order ({clock})", ours, f"{bare}, optimized", load + tidy, clock
            )
        yield from _replaced(copy)


@contextmanager
def _appears(path: Path) -> Iterator[list[float]]:
    """The seconds until a file was there, in a list that has them at the end; looked at a hundred times a second."""
    found: list[float] = []
    ended = threading.Event()

    def watch(started: float) -> None:
        while not path.exists() and not ended.wait(0.01):
            pass
        found.append(time.perf_counter() - started)

    watching = threading.Thread(target=watch, args=[time.perf_counter()])
    watching.start()
    try:
        yield found
    finally:
        ended.set()
        watching.join()


def write_lines(data: Path, target: Path) -> int:
    """Every line of the files that are published, with its graph and without, in one file; how many there are."""
    count = 0
    with target.open("wb", buffering=2**20) as out:
        known = target.with_name("known.nq")
        known.write_bytes(authority.nquads(BASE))
        for path in [known, *sorted((data / "documents").glob("*.nq")), data / "persons.nq", data / "ledger.nq"]:
            for line in path.read_bytes().splitlines():
                out.write(line + b"\n" + line.rpartition(b" <")[0] + b" .\n")
                count += 2
        known.unlink()
    return count


def _replaced(data: Path, times: int = 20) -> Iterator[Figure]:
    """A document's graph without one of its lines, and with it again: until queries see it, which is when the file
    that names the version is replaced, and until the change feed and the search index tell of it. Now and then the
    engine merges the tables of what changed before: that is the longest."""
    entry = next(entry for entry in folder.entries(data) if entry.status == "accepted" and entry.warnings == 0)
    path = data / "documents" / f"{entry.id}.nq"
    whole = path.read_text("utf-8")
    shorter = "".join(whole.splitlines(keepends=True)[:-1])
    text = (data / "texts" / f"{entry.id}.txt").read_bytes().decode()
    seen, told = [], []
    with folder.writer(data) as ledger:
        for _, quads in zip(range(times), cycle((shorter, whole)), strict=False):
            started = time.time_ns()
            folder.keep(ledger, entry, quads, text, "", "")
            store.build(data, BASE)
            told.append((time.time_ns() - started) / 1e9)
            seen.append((snapshot.pointer(data).stat().st_ctime_ns - started) / 1e9)
    against = f"{1000 * PUBLISHED:g} ms"
    for name, seconds, aim in (
        ("one document replaced and published: p50", median(seen), 1.0),
        (f"the same: longest of {times}", max(seen), None),
        ("the same until feed and search have it: p50", median(told), None),
        (f"until feed and search have it: longest of {times}", max(told), None),
    ):
        yield Figure("store", name, seconds, 1, "documents", against, PUBLISHED, "wall", aim)


@contextmanager
def copied(data: Path) -> Iterator[Path]:
    """A copy of a data folder beside it, without its store. What is never written in place is linked."""
    with TemporaryDirectory(dir=data.parent, prefix=".copy-") as temporary:
        target = Path(temporary) / "data"
        shutil.copytree(data, target, ignore=shutil.ignore_patterns("store", ".*"), copy_function=_link)
        yield target


def _link(source: str, target: str) -> None:
    if Path(source).parent.name in folder.SUBFOLDERS:
        os.link(source, target)
    else:
        shutil.copy2(source, target)

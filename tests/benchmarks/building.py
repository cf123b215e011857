"""The store: built from its files beside the engine's own bulk load, and published again after one document changed."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from mapping.document import BASE
from server.data_folder import folder
from server.storage import authority, store
from tests.benchmarks import spent
from tests.benchmarks.measure import Figure
from tests.benchmarks.servers import PROGRAMS

BUILD = "import sys; from pathlib import Path; from server.storage import store; store.build(Path(sys.argv[1]), sys.argv[2])"
PUBLISHED = 0.300  # seconds: one document replaced and published


def figures(data: Path, runs: int = 3) -> Iterator[Figure]:
    """(g) a copy of a data folder built and loaded in turn, and one of its documents replaced."""
    with copied(data) as copy:
        lines = copy / "load.nq"
        count = write_lines(copy, lines)
        mine, theirs = [], []
        for _ in range(runs):
            shutil.rmtree(copy / "store", ignore_errors=True)
            mine.append(spent.run(sys.executable, "-c", BUILD, copy, BASE))
            native = copy / "native"
            theirs.append(spent.run(PROGRAMS / "oxigraph", "load", "--location", native, "--file", lines))
            shutil.rmtree(native)
        lines.unlink()
        for clock, aim in (("wall", 0.9), ("cpu", None)):
            ours, bare = (median(getattr(each, clock) for each in done) for done in (mine, theirs))
            told = f"built from its files ({clock})"
            yield Figure("store", told, ours, count, "quads", "native load of the same lines", bare, clock, aim)
        yield _replaced(copy, runs)


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


def _replaced(data: Path, runs: int) -> Figure:
    """A document's graph without one of its lines, and with it again."""
    entry = next(entry for entry in folder.entries(data) if entry.status == "accepted" and entry.warnings == 0)
    path = data / "documents" / f"{entry.id}.nq"
    whole = path.read_text("utf-8")
    shorter = "".join(whole.splitlines(keepends=True)[:-1])
    text = (data / "texts" / f"{entry.id}.txt").read_bytes().decode()
    taken = []
    with folder.writer(data) as ledger:
        for _ in range(runs):
            for quads in (shorter, whole):
                started = time.perf_counter()
                folder.keep(ledger, entry, quads, text, "", "")
                store.build(data, BASE)
                taken.append(time.perf_counter() - started)
    told = "one document replaced and published"
    return Figure("store", told, median(taken), 1, "documents", f"{1000 * PUBLISHED:g} ms", PUBLISHED, "wall", 1.0)


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

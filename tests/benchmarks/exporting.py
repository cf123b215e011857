"""The export: N-Quads beside the engine's own dump, the whole of it, and how much memory that takes, beside what it
takes for a quarter of the documents."""

import gzip
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import IO, cast

import pyoxigraph as ox

import ontology
from server.export.rdf import LEVEL, write_rdf, written
from server.storage import snapshot, store
from tests.benchmarks.measure import Figure

MOST = "; print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
EXPORT = (
    "import sys; from pathlib import Path; from server.export.dumping import export; export(Path(sys.argv[1]))" + MOST
)
DUMP = (
    "import sys; from pathlib import Path; import pyoxigraph as ox; from server.storage import snapshot; "
    "snapshot.open_current(Path(sys.argv[1])).store.dump(sys.argv[2], ox.RdfFormat.N_QUADS)" + MOST
)


def figures(data: Path, runs: int = 3) -> Iterator[Figure]:
    """(h) a data folder's N-Quads with checksums, compressed and not, beside the bare dump and a compressed one;
    everything; and the memory of that, beside the engine's own dump of the same and beside a quarter of it."""
    opened = snapshot.open_current(data)
    about = snapshot.about_version(data, opened.version)
    with TemporaryDirectory(dir=data.parent, prefix=".export-") as temporary:
        folder, quads = Path(temporary), int(about["quads"])

        def ours() -> None:
            target = folder / "ours"
            target.mkdir()
            next(write_rdf(target, opened.store, quads, 0, ontology.PREFIXES))
            shutil.rmtree(target)

        def plain() -> None:
            with written(folder / "ours.nq") as out:
                opened.store.dump(cast(IO[bytes], out), ox.RdfFormat.N_QUADS)
            out.path.unlink()

        def theirs() -> None:
            opened.store.dump(folder / "theirs.nq", ox.RdfFormat.N_QUADS)
            (folder / "theirs.nq").unlink()

        def packed() -> None:
            with gzip.open(folder / "theirs.nq.gz", "wb", compresslevel=LEVEL) as out:
                opened.store.dump(cast(IO[bytes], out), ox.RdfFormat.N_QUADS)
            (folder / "theirs.nq.gz").unlink()

        compressed, bare_text, own, own_gzip = _alternating((ours, plain, theirs, packed), runs)
        told = "N-Quads written, compressed, with its checksum"
        yield Figure("exporting", told, compressed, quads, "quads", "the engine's own dump", own, "wall", 0.5)
        yield Figure("exporting", told, compressed, quads, "quads", "its dump compressed", own_gzip, "wall", 0.5)
        told = "N-Quads written, with its checksum"
        yield Figure("exporting", told, bare_text, quads, "quads", "the engine's own dump", own, "wall", 0.5)
        copy = folder / "data"
        copy.mkdir()
        (copy / "store").symlink_to(data.resolve() / "store")
        began = time.perf_counter()
        peak = _peak(EXPORT, copy)
        yield Figure("exporting", "everything exported", time.perf_counter() - began, quads, "quads", clock="wall")
        bare_peak = _peak(DUMP, copy, folder / "peak.nq")
        told, unit = "most memory of an export", "MiB"
        yield Figure("exporting", told, peak, 1, unit, "the engine's own dump", bare_peak, "none")
        quarter = folder / "quarter"
        quarter.mkdir()
        store.publish(quarter, sorted((data / "documents").glob("*.nq"))[::4], str(about["base"]))
        less = _peak(EXPORT, quarter) - _peak(DUMP, quarter, folder / "less.nq")
        told = "most memory of an export, less that of the engine's own dump"
        yield Figure("exporting", told, peak - bare_peak, 1, unit, "of a quarter of it", less, "none", 0.7)
    opened.close()


def _alternating(ways: Sequence[Callable[[], None]], runs: int) -> list[float]:
    """The median seconds of each of some ways, which take turns."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(runs):
        for way, kept in zip(ways, taken, strict=True):
            began = time.perf_counter()
            way()
            kept.append(time.perf_counter() - began)
    return [median(each) for each in taken]


def _peak(program: str, *arguments: Path) -> float:
    """The most memory, in MiB, that a Python program has had, as it tells (proc_pid_status(5), VmHWM): what the kernel
    tells of it (getrusage(2)) is never less than that of the program that started it."""
    done = subprocess.run([sys.executable, "-c", program, *map(str, arguments)], capture_output=True, check=True)
    return int(done.stdout) / 1024

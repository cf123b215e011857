"""The export: N-Quads beside the engine's own dump, the whole of it, and how much memory that takes."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pyoxigraph as ox

import ontology
from server import snapshot
from server.export_rdf import write_rdf
from tests.benchmarks.measure import Figure

EXPORT = "import sys; from pathlib import Path; from server.export import export; export(Path(sys.argv[1]))"
DUMP = (
    "import sys; from pathlib import Path; import pyoxigraph as ox; from server import snapshot; "
    "snapshot.open_current(Path(sys.argv[1])).store.dump(sys.argv[2], ox.RdfFormat.N_QUADS)"
)


def figures(data: Path, runs: int = 3) -> Iterator[Figure]:
    """(h) a data folder's N-Quads, compressed and with checksums, beside the bare dump; and everything."""
    opened = snapshot.open_current(data)
    about = snapshot.about_version(data, opened.version)
    with TemporaryDirectory(dir=data.parent, prefix=".export-") as temporary:
        folder, quads = Path(temporary), int(about["quads"])

        def ours() -> None:
            target = folder / "ours"
            target.mkdir()
            next(write_rdf(target, opened.store, quads, 0, ontology.PREFIXES))
            shutil.rmtree(target)

        def theirs() -> None:
            opened.store.dump(folder / "theirs.nq", ox.RdfFormat.N_QUADS)
            (folder / "theirs.nq").unlink()

        mine, bare = _alternating(ours, theirs, runs)
        told = "N-Quads written, compressed, with its checksum"
        yield Figure("exporting", told, mine, quads, "quads", "the engine's own dump", bare, "wall", 0.5)
        copy = folder / "data"
        copy.mkdir()
        (copy / "store").symlink_to(data.resolve() / "store")
        began = time.perf_counter()
        peak = _peak(EXPORT, copy)
        yield Figure("exporting", "everything exported", time.perf_counter() - began, quads, "quads", clock="wall")
        bare_peak = _peak(DUMP, copy, folder / "peak.nq")
        told, unit = "most memory of an export", "MiB"
        yield Figure("exporting", told, peak, 1, unit, "the engine's own dump", bare_peak, "none")
    opened.close()


def _alternating(ours: Callable[[], None], theirs: Callable[[], None], runs: int) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for way, kept in zip((ours, theirs), taken, strict=True):
            began = time.perf_counter()
            way()
            kept.append(time.perf_counter() - began)
    return median(taken[0]), median(taken[1])


def _peak(program: str, *arguments: Path) -> float:
    """The most memory, in MiB, that a Python program has had. Raises RuntimeError where it fails."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_maxrss / 1024

"""Growth: the time for a document must not grow with the number of documents."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import generate, spent
from tests.benchmarks.measure import Figure

FLAT = 0.8  # of the first speed: what the last documents must still have
COMMAND = Path(sys.executable).parent / "kommungraf"


def figures(count: int = 30) -> Iterator[Figure]:
    """(d) ingest of N, 2N and 4N invented minutes: of many municipalities, and of a single one; and once more.

    What a document takes is the time of the program less that of an ingest of one document, by the documents beyond
    the first.
    """
    yield from series("12 meetings a municipality", count, 12)
    yield from series("one municipality", count, 4 * count)


def series(name: str, count: int, meetings: int, doublings: int = 2) -> Iterator[Figure]:
    """Ingests of `count` documents, at least two, and of twice as many each time."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        alone, _ = _twice(folder, 1, meetings)
        first: float | None = None
        for size in (count * 2**doubled for doubled in range(doublings + 1)):
            whole, again = _twice(folder, size, meetings)
            each = (whole.cpu - alone.cpu) / (size - 1)
            told = f"ingest, {name}: {size} documents"
            against = f"per document at {count}" if first else ""
            yield Figure("growth", told, each, 1, "documents", against, first, aim=FLAT if first else None)
            first = first or each
        told = f"ingest, {name}: {size} documents unchanged"
        yield Figure("growth", told, again.cpu, size, "documents", "the first time", whole.cpu)


def _twice(folder: Path, size: int, meetings: int) -> tuple[spent.Spent, spent.Spent]:
    source, data = folder / f"documents-{size}", folder / f"data-{size}"
    source.mkdir()
    list(generate.write(source, size, meetings=meetings))
    command = (COMMAND, "ingest", source, "--data", data, "--jobs", "1")
    return spent.run(*command), spent.run(*command)

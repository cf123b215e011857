"""The pages: what the server takes for one that it has not made before, of every kind, for many things of each."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import servers
from tests.benchmarks.measure import Figure
from tests.server.data import Server
from tests.site.pages import KINDS, found_of, many

MEDIAN = 0.150  # seconds
P95 = 0.300
MOST = 25
"""Things of each kind whose pages are asked for."""


def figures(data: Path, most: int = MOST) -> Iterator[Figure]:
    """(p) each kind's median and slowest page; the median and the 95th percentile of all."""
    with servers.ours(data) as served:
        server = Server(served.port)
        asked: set[str] = set()  # what was asked for before is kept ready
        taken: dict[str, list[float]] = {}
        for kind in KINDS:
            new = dict.fromkeys(at for at in found_of(server, many(kind, most)) if at not in asked)
            asked.update(new)
            taken[kind.name] = [_seconds(server, at) for at in new]
    for name, seconds in taken.items():
        if seconds:
            told = f"{name}: median of {len(seconds)}, slowest {1000 * max(seconds):.0f} ms"
            yield Figure("pages", told, statistics.median(seconds), 1, "pages", clock="wall")
    every = sorted(each for seconds in taken.values() for each in seconds)
    yield Figure(
        "pages", f"all {len(every)}: median", statistics.median(every), 1, "pages", "150 ms", MEDIAN, "wall", 1.0
    )
    p95 = every[int(0.95 * (len(every) - 1) + 0.5)]
    yield Figure("pages", f"all {len(every)}: p95", p95, 1, "pages", "300 ms", P95, "wall", 1.0)


def _seconds(server: Server, address: str) -> float:
    started = time.perf_counter()
    got = server.get(address, "text/html")
    if got.status >= 500:
        raise RuntimeError(f"{address}: {got.status}")
    return time.perf_counter() - started

"""The time limit: when a query that will not end is answered, and when the processes that ran it are there again."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from tests.benchmarks import servers
from tests.benchmarks.client import asked
from tests.benchmarks.measure import Figure
from tests.benchmarks.servers import Line

LATE = 0.1  # seconds after its limit that a query may be answered, and after that until all processes are there again
LIMIT = 1.0  # seconds
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LOOKUP = "SELECT ?p ?o { <https://w3id.org/kommungraf/ns#Case> ?p ?o }"


def figures(data: Path, runs: int = 5) -> Iterator[Figure]:
    """(f) one endless query at a time, and as many as there are query processes, each followed by look-ups."""
    size = max(8, 2 * (os.cpu_count() or 1))
    with servers.ours(data) as served:
        lines = [Line(served.port, f"127.0.5.{number + 1}") for number in range(size)]
        try:
            with ThreadPoolExecutor(size) as threads:
                yield from _measured("one endless query", lines, 1, threads, runs)
                yield from _measured(f"{size} endless queries at once", lines, size, threads, runs)
        finally:
            for line in lines:
                line.socket.close()


def _measured(name: str, lines: list[Line], count: int, threads: ThreadPoolExecutor, runs: int) -> Iterator[Figure]:
    endless = asked("/sparql", ENDLESS, timeout=LIMIT).encode()
    lookup = asked("/sparql", LOOKUP).encode()
    late, back, usual = [], [], []
    for _ in range(runs):
        usual.append(_last(threads, lines, lambda line: _answered(line, lookup, 200)))
        late.append(_last(threads, lines[:count], lambda line: _answered(line, endless, 503, 504)) - LIMIT)
        back.append(_last(threads, lines, lambda line: _answered(line, lookup, 200)))
    against = f"{1000 * LATE:g} ms"
    yield Figure(
        "limits", f"{name}: answered after the limit", max(*late, 1e-4), 1, "queries", against, LATE, "wall", 1.0
    )
    told = f"{name}: then {len(lines)} look-ups at once (usually {1000 * median(usual):.1f} ms)"
    yield Figure("limits", told, max(back), len(lines), "queries", against, LATE, "wall", 1.0)


def _last(threads: ThreadPoolExecutor, lines: list[Line], work: Callable[[Line], None]) -> float:
    """Seconds until the last of them is done."""
    started = time.perf_counter()
    list(threads.map(work, lines))
    return time.perf_counter() - started


def _answered(line: Line, request: bytes, *statuses: int) -> None:
    status, body = line.ask(request)
    if status not in statuses:
        raise RuntimeError(f"{status} instead of {statuses}: {body[:300]!r}")

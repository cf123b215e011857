"""The time limit: when a query that will not end is answered, and when the processes that ran it are there again."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks import servers
from tests.benchmarks.client import asked
from tests.benchmarks.measure import Figure
from tests.benchmarks.servers import Line

LATE = 0.1  # seconds after its limit that a query may be answered, and after that until all processes are there again
LIMIT = 1.0  # seconds
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LOOKUP = "SELECT ?p ?o { <https://w3id.org/kommungraf/ns#Case> ?p ?o }"


def figures(data: Path, runs: int = 5) -> Iterator[Figure]:
    """(f) one endless query at a time, and as many as there are query processes, each on a pool that is whole."""
    size = servers.PROCESSES
    with servers.ours(data) as served:
        lines = [Line(served.port, f"127.0.5.{number + 1}") for number in range(size)]
        try:
            servers.until_at_rest(lines[0])
            with ThreadPoolExecutor(size) as threads:
                yield from _measured("one endless query", lines, 1, threads, runs)
                yield from _measured(f"{size} endless queries at once", lines, size, threads, runs)
        finally:
            for line in lines:
                line.socket.close()


def _measured(name: str, lines: list[Line], count: int, threads: ThreadPoolExecutor, runs: int) -> Iterator[Figure]:
    endless = asked("/sparql", ENDLESS, timeout=LIMIT).encode()
    lookup = asked("/sparql", LOOKUP).encode()
    late, whole, standing = [], [], []
    for _ in range(runs):
        servers.until(lines[0], "idle")
        servers.until(lines[0], "standby")
        late.append(_last(threads, lines[:count], lambda line: _answered(line, endless, 503, 504)) - LIMIT)
        started = time.perf_counter()
        whole.append(servers.until(lines[0], "idle"))
        servers.until(lines[0], "standby")
        standing.append(time.perf_counter() - started)
        _last(threads, lines, lambda line: _answered(line, lookup, 200))
    against = f"{1000 * LATE:g} ms"
    for told, seconds, aim in (
        ("answered after the limit", late, 1.0),
        (f"then {len(lines)} processes free again", whole, 1.0),
        ("then as many standing by again", standing, None),
    ):
        yield Figure("limits", f"{name}: {told}", max(*seconds, 1e-4), 1, "queries", against, LATE, "wall", aim)


def _last(threads: ThreadPoolExecutor, lines: list[Line], work: Callable[[Line], None]) -> float:
    """Seconds until the last of them is done."""
    started = time.perf_counter()
    list(threads.map(work, lines))
    return time.perf_counter() - started


def _answered(line: Line, asking: bytes, *statuses: int) -> None:
    status, body = line.ask(asking)
    if status not in statuses:
        raise RuntimeError(f"{status} instead of {statuses}: {body[:300]!r}")

"""Serving: look-ups and larger answers through HTTP, beside the engine called directly and its own server.

The two servers take turns under one load generator (tests.benchmarks.client), on the same machine.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pyoxigraph as ox

from server.storage import snapshot
from tests.benchmarks import client, servers
from tests.benchmarks.client import Plan, asked
from tests.benchmarks.measure import Figure, Work, wall
from tests.benchmarks.servers import Line, Served

ADDED = 0.0004  # seconds that HTTP and isolation may add to a look-up
PREFIX = "PREFIX kg: <https://w3id.org/kommungraf/ns#> PREFIX dcterms: <http://purl.org/dc/terms/> "
CASES = PREFIX + "SELECT ?x { ?x a kg:Case } ORDER BY ?x"
LOOKUP = PREFIX + "SELECT ?treatment ?title {{ ?treatment kg:concernsCase <{}> ; dcterms:title ?title }}"
GRAPHS = PREFIX + (
    "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?x { ?s ?p ?o } } GROUP BY ?x HAVING (COUNT(*) > 900 && COUNT(*) < 3000) "
    "ORDER BY ?x"
)
GRAPH = "SELECT ?s ?p ?o {{ GRAPH <{}> {{ ?s ?p ?o }} }}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of query: its name, its texts, and the aims: of one client, and of eight clients."""

    name: str
    queries: tuple[str, ...]
    alone: str
    eight: float


def figures(data: Path, seconds: float = 1.0, calls: int = 300, rounds: int = 7) -> Iterator[Figure]:
    """(e) the figures of a published data folder. `seconds`: of one round of eight clients."""
    opened = snapshot.open_current(data)
    try:
        kinds = (
            Kind("look-ups", _filled(opened.store, CASES, LOOKUP), "added", 0.33),
            Kind("graphs of minutes", _filled(opened.store, GRAPHS, GRAPH), "times", 0.7),
        )
        yield from _ceiling(seconds)
        with servers.ours(data) as ours, servers.native(data) as native:
            with Line(ours.port) as line:
                servers.until_at_rest(line)
            for kind in kinds:
                yield from _alone(kind, opened.store, ours, native, calls)
            for kind in kinds:
                yield from _together(kind, ours, native, seconds, rounds)
    finally:
        opened.close()


def _filled(opened: ox.Store, which: str, text: str, most: int = 200) -> tuple[str, ...]:
    found = opened.query(which)
    assert isinstance(found, ox.QuerySolutions)
    known = [row["x"].value for row in found]
    if not known:
        raise RuntimeError("the corpus is too small: nothing to look up")
    return tuple(text.format(iri) for iri in known[:: max(1, len(known) // most)][:most])


def _alone(kind: Kind, opened: ox.Store, ours: Served, native: Served, calls: int) -> Iterator[Figure]:
    """One client, the three ways in turn."""
    with Line(ours.port) as mine, Line(native.port) as theirs:
        first, second, third = wall(
            _direct(opened, kind.queries), _asking(mine, ours, kind), _asking(theirs, native, kind), calls=calls
        )
    if kind.alone == "added":
        added = max(second - first, 1e-6)
        told = f"{kind.name}, 1 client: what HTTP and isolation add to {1000 * first:.2f} ms"
        yield Figure("serving", told, added, 1, "queries", f"{1000 * ADDED:g} ms", ADDED, "wall", 1.0)
    else:
        told = f"{kind.name}, 1 client: p50"
        yield Figure("serving", told, second, 1, "queries", "Store.query", first, "wall", 0.67)
    yield Figure("serving", f"{kind.name}, 1 client: p50", second, 1, "queries", "native server", third, "wall")


def _direct(opened: ox.Store, queries: Sequence[str]) -> Work:
    turn = cycle(queries)

    def ask() -> None:
        found = opened.query(next(turn))
        assert isinstance(found, ox.QuerySolutions)
        found.serialize(format=ox.QueryResultsFormat.JSON)

    return ask


def _asking(line: Line, served: Served, kind: Kind) -> Work:
    turn = cycle([asked(served.path, query).encode() for query in kind.queries])

    def ask() -> None:
        status, _ = line.ask(next(turn))
        if status != 200:
            raise RuntimeError(f"{kind.name}: {served.path} answered {status}")

    return ask


def _together(kind: Kind, ours: Served, native: Served, seconds: float, rounds: int) -> Iterator[Figure]:
    """Eight clients, a server after the other, the cache of results off and on."""
    for name, cached, aim in ((", cache off", False, kind.eight), (", from the cache", True, 1.0)):
        rates: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for served, kept in zip((ours, native), rates, strict=True):
                requests = tuple(asked(served.path, query, cache=cached) for query in kind.queries)
                kept.append(_rate(Plan(served.port, requests, 8, seconds)))
        mine, theirs = (1 / statistics.median(each) for each in rates)
        told = f"{kind.name}, 8 clients{name}"
        yield Figure("serving", told, mine, 1, "queries", "native server", theirs, "wall", aim)


def _rate(plan: Plan) -> float:
    measured = client.run(plan)
    if measured.errors:
        raise RuntimeError(f"port {plan.port}: answers other than 200: {measured.statuses}")
    return measured.rate


def _ceiling(seconds: float) -> Iterator[Figure]:
    """What the load generator itself can do, against a server that only ever says the same."""
    port = servers.free_port()
    process = subprocess.Popen([sys.executable, "-c", FIXED, str(port)])
    try:
        time.sleep(0.5)
        rate = _rate(Plan(port, (asked("/", "ASK {}"),), 8, seconds))
        yield Figure("serving", "the load generator's own ceiling, 8 clients", 1 / rate, 1, "queries", clock="wall")
    finally:
        process.kill()
        process.wait()


FIXED = """
import asyncio, sys, uvloop
answer = b"HTTP/1.1 200 OK\\r\\nContent-Length: 200\\r\\n\\r\\n" + b"x" * 200
class Fixed(asyncio.Protocol):
    def connection_made(self, transport): self.transport = transport
    def data_received(self, data): self.transport.write(answer)
async def main():
    server = await asyncio.get_running_loop().create_server(Fixed, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
uvloop.run(main())
"""

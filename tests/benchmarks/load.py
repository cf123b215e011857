"""Load: many clients for a long time, pages and queries, beside an attacker and an ingest."""

import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from mapping.document import BASE
from server.query_page.examples import FOLDER
from server.storage import snapshot, store
from tests.benchmarks import client, corpus, questions, servers, serving
from tests.benchmarks.building import copied
from tests.benchmarks.client import TIMEOUT, Measured, Plan, asked, request
from tests.benchmarks.limits import ENDLESS
from tests.benchmarks.measure import Figure
from tests.benchmarks.servers import PROGRAMS, Served

LIGHT = ("01", "03", "07", "11", "12", "16", "23")  # the questions that many ask
THINGS = serving.PREFIX + "SELECT ?x {{ ?x a {} }} ORDER BY ?x"
KINDS = ("kg:Person", "kg:Meeting", "kg:Case", "kg:Body", "kg:ItemTreatment", "kg:Minutes")
THINK = 5.0  # seconds that a client reads an answer, on average
STORM = 3.0  # minutes that they do so at most: longer than an ingest takes
PAGES = 0.8  # of the requests
NESTED = "ASK " + "{" * 9_000 + "}" * 9_000  # in an address, each takes three characters of 64 kB
SETTLED = 3.0  # seconds until the processes that an attack ended are there again, and old versions closed
GROWN = 1.2  # times the memory before that is allowed after


def figures(data: Path, minutes: float = 0.5, documents: int = 1000, clients: int = 100) -> Iterator[Figure]:
    """(h) 32 clients without a pause; then 100 who think, alone, and beside an attacker and an ingest.

    Each of the last two begins with a server that has kept no answers yet: what is asked for the first time, or for
    the first time after a publication, is what takes long, and with kept answers there is hardly any of it. Memory
    and descriptors are those at the end against half the time; where the ingest makes the data twice as many
    meanwhile, they are compared with those of a server that was started on the same data and had the clients alone,
    and what half the time says has no aim.
    """
    with copied(data) as copy:
        store.build(copy, BASE)
        requests = mixture(copy)
        with servers.ours(copy) as served:
            alone = client.run(Plan(served.port, requests, 1, max(2.0, 15 * minutes)))
            crowding = Plan(served.port, requests, 32, 30 * minutes)
            first = client.run(crowding)
            half = _held(served)
            crowd = first + client.run(crowding)
            yield _figure("32 clients", crowd, "40 × one client's p99", 40 * alone.part(0.99))
            yield from _grown("32 clients", _held(served), half)
        thinking = Plan(0, requests, clients, 60 * min(minutes, STORM), think=THINK)
        with servers.ours(copy) as served:
            calm = client.run(replace(thinking, port=served.port))
            yield _figure(f"{clients} clients who think {THINK:g} s", calm, "", None)
        with servers.ours(copy) as served:
            half_of_it = replace(thinking, port=served.port, seconds=thinking.seconds / 2)
            with _reading(copy, documents):
                first, half = _attacked(served, half_of_it)
                second, end = _attacked(served, half_of_it)
            name = f"{clients} clients, an attacker and an ingest"
            yield _figure(name, first + second, "twice the p99 without", 2 * calm.part(0.99))
        with servers.ours(copy) as served:
            client.run(replace(thinking, port=served.port))
            new = _held(served)
        yield from _grown(name, end, new, "a new server, the same data and clients")
        yield from _grown(name, end, half, aim=None)


def _figure(name: str, seen: Measured, against: str, limit: float | None) -> Figure:
    """The 99th percentile. Where anything went wrong it counts as the longest that a client waits."""
    p99 = TIMEOUT if seen.errors else seen.part(0.99)
    wrong = {status: count for status, count in seen.statuses.items() if status != "200"}
    told = (
        f"{name}: p99 (p50 {1000 * seen.part(0.5):.1f} ms, {len(seen.latencies)} answers, errors {wrong or 'none'})"
    )
    return Figure("load", told, p99, seen.rate * p99, "answers", against, limit, "wall", None if limit is None else 1)


def _held(served: Served) -> tuple[float, int]:
    """MiB of memory and open descriptors of a server, once it has come to rest."""
    time.sleep(SETTLED)
    return served.memory() / 2**20, served.descriptors()


def _grown(
    name: str,
    after: tuple[float, int],
    before: tuple[float, int],
    against: str = "at half the time",
    aim: float | None = 1 / GROWN,
) -> Iterator[Figure]:
    for what, now, then in zip(("MiB of memory", "descriptors"), after, before, strict=True):
        told = f"{name}: {what}, all processes, after"
        yield Figure("load", told, now, now, what, against, then, "none", aim)


def mixture(data: Path, count: int = 2000, seed: int = 1) -> tuple[str, ...]:
    """Requests for pages and queries as many clients make them."""
    chance = random.Random(seed)
    opened = snapshot.open_current(data)
    try:
        things = [iri for kind in KINDS for iri in _of(opened.store, kind, chance)]
        texts = [(path, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.rq")) if path.name[:2] in LIGHT]
        queries = [
            query
            for path, text in texts
            for query in questions.variants(opened.store, text, questions.VALUES[path.name[:2]], 60)
        ]
    finally:
        opened.close()
    pages = [request(iri.removeprefix(BASE).replace("/id/", "/doc/", 1), "text/html", cache=True) for iri in things]
    lookups = [asked("/sparql", query, cache=True) for query in queries]
    return tuple(chance.choice(pages if chance.random() < PAGES else lookups) for _ in range(count))


def _of(opened: ox.Store, kind: str, chance: random.Random, most: int = 300) -> list[str]:
    found = opened.query(THINGS.format(kind))
    assert isinstance(found, ox.QuerySolutions)
    iris = [row["x"].value for row in found if row["x"].value.startswith(f"{BASE}/id/")]
    return chance.sample(iris, min(most, len(iris)))


@contextmanager
def _reading(data: Path, documents: int) -> Iterator[None]:
    """Documents are read in meanwhile."""
    source = data.parent / "documents"
    source.mkdir()
    for number, paper in enumerate(corpus.papers(documents, seed=2)):
        (source / f"{number}-{paper.name}").write_bytes(paper.data)
    command: list[str | Path] = [PROGRAMS / "kommungraf", "ingest", source, "--data", data, "--jobs", "1"]
    ingest = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        ingest.terminate()
        ingest.wait()


def _attacked(served: Served, plan: Plan) -> tuple[Measured, tuple[float, int]]:
    """What the clients of a plan see while somebody asks what does not end, and what the server holds then."""
    evil = (asked("/sparql", ENDLESS), asked("/sparql", NESTED))
    attacker = client.start(Plan(served.port, evil, 2, plan.seconds, network=9))
    try:
        seen = client.run(plan)
    finally:
        client.finish(attacker)
    return seen, _held(served)

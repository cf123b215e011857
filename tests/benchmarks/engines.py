"""Virtuoso beside the local store: how long the same data take to load, and each of the shipped questions to answer.

`python -m tests.benchmarks.engines DIR` measures on a data folder that is published already.
"""

import asyncio
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from mapping.document import BASE
from server.asking import Engine, Limits, Query, QueryFailed
from server.processes.pool import Pool
from server.query_page.examples import FOLDER
from server.remote import engine_load
from server.remote.engine import Address, RemoteEngine
from server.remote.virtuoso import VirtuosoLoader
from server.storage import snapshot, store
from tests.benchmarks import corpus, questions
from tests.benchmarks.measure import Figure
from tests.engines import virtuoso
from tests.engines.virtuoso import Virtuoso

TIMES = 10  # values that each question is asked with
LIMITS = Limits(seconds=60.0)
BUFFERS = 200_000  # pages of 8 KiB: all of five million quads in memory


def figures(documents: int = 200, times: int = TIMES, data: Path | None = None) -> Iterator[Figure]:
    """(f) loading, and the shipped questions with values that stand in the data: ours is Virtuoso's time."""
    with TemporaryDirectory() as temporary:
        folder = data or Path(temporary) / "data"
        built = 0.0
        if data is None:
            corpus.make(folder, documents)
            shutil.rmtree(folder / "store", ignore_errors=True)
            began = time.perf_counter()
            store.build(folder, BASE)
            built = time.perf_counter() - began
        with virtuoso.running(buffers=BUFFERS) as server:
            yield from asyncio.run(_measured(server, folder, times, built))


async def _measured(server: Virtuoso, folder: Path, times: int, built: float) -> list[Figure]:
    remote = RemoteEngine(Address(server.query, "", server.user, server.password), limits=LIMITS)
    loader = VirtuosoLoader(server.load, f"127.0.0.1:{server.sql}", server.user, server.password, server.isql)
    found = []
    began = time.perf_counter()
    loaded = await engine_load.load(remote, folder, loader, leave=0)
    took = time.perf_counter() - began
    found.append(
        Figure(
            "load",
            "Virtuoso's loader",
            took,
            loaded.quads,
            "quads",
            "store.build" if built else "",
            built or None,
            "wall",
        )
    )
    began = time.perf_counter()
    await engine_load.load(remote, folder, loader, leave=0)
    found.append(
        Figure("load", "again, all counted", time.perf_counter() - began, loaded.quads, "quads", clock="wall")
    )
    pool = Pool(folder, 1, LIMITS)
    await pool.start()
    opened = snapshot.open_current(folder)
    try:
        for path in sorted(FOLDER.glob("*.rq")):
            found.append(await _question(path, opened.store, times, remote, pool))
            print(_told(found[-1]), file=sys.stderr, flush=True)
    finally:
        opened.close()
        await pool.close()
        await remote.close()
    return found


async def _question(path: Path, data: ox.Store, times: int, remote: RemoteEngine, pool: Pool) -> Figure:
    text, name = path.read_text("utf-8"), path.name[:2]
    texts = list(questions.variants(data, text, questions.VALUES.get(name), times)) or [text]
    theirs = [await _seconds(pool, each) for each in texts]
    ours = [await _seconds(remote, each) for each in texts]
    told = f"{name}: p50 of {len(texts)}, p95 {1000 * _p95(ours):.0f} and {1000 * _p95(theirs):.0f} ms"
    return Figure("questions", told, median(ours), 1, "queries", "the local store", median(theirs), "wall")


async def _seconds(engine: Engine, text: str) -> float:
    """How long an answer takes the second time it is asked for; the limit, where it is not finished by then."""
    took = 0.0
    for _ in range(2):
        began = time.perf_counter()
        try:
            answer = await engine.run(Query(text))
            async for _piece in answer.body():
                pass
        except QueryFailed as failure:
            if failure.kind != "timeout":
                raise
            return LIMITS.seconds
        took = time.perf_counter() - began
    return took


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1) + 0.5)]


def _told(figure: Figure) -> str:
    return f"{figure.name}: {figure.ours:.4f} s, {figure.theirs or 0:.4f} s"


if __name__ == "__main__":
    from tests.benchmarks.__main__ import table

    print(table(list(figures(data=Path(sys.argv[1])))), end="")

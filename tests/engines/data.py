"""What the tests of engines share: data folders, engines over them, and answers that can be compared."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from server.asking import Query
from server.remote.engine import Address, RemoteEngine
from server.storage import store

Result = TypeVar("Result")
BASE = "https://kommungraf.example"
QUERIES = sorted((Path(__file__).parents[2] / "server" / "queries").glob("*.rq"))
SMALL = Path(__file__).parents[1] / "server" / "query_graph.trig"
DOUBLE = {"http://www.w3.org/2001/XMLSchema#" + each for each in ("double", "float")}
DECIMAL = {"http://www.w3.org/2001/XMLSchema#" + each for each in ("decimal", "integer")}


def publish(folder: Path, quads: list[ox.Quad]) -> Path:
    """A data folder in which some quads are published, each graph as a document."""
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    for old in (folder / "documents").iterdir():
        old.unlink()
    graphs: dict[str, list[ox.Quad]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name), []).append(quad)
    for number, own in enumerate(graphs.values()):
        lines = ox.serialize(own, format=ox.RdfFormat.N_QUADS) or b""
        (folder / "documents" / f"{number:016x}.nq").write_bytes(lines)
    store.build(folder, BASE)
    return folder


def small(folder: Path) -> Path:
    """A data folder with the graph of the tests of the shipped queries."""
    return publish(folder, list(ox.parse(path=str(SMALL), format=ox.RdfFormat.TRIG)))


def with_engine(
    address: Address, work: Callable[[RemoteEngine], Awaitable[Result]], engine: RemoteEngine | None = None
) -> Result:
    """What is done with an engine, in an event loop of its own."""

    async def run() -> Result:
        remote = engine or RemoteEngine(address)
        await remote.connect()
        try:
            return await work(remote)
        finally:
            await remote.close()

    return asyncio.run(run())


async def table(engine: RemoteEngine, query: str) -> Counter[tuple[object, ...]]:
    """The rows of an answer, however often each."""
    answer = await engine.run(Query(query))
    body = b"".join([piece async for piece in answer.body()])
    return rows(ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON))


def rows(found: object) -> Counter[tuple[object, ...]]:
    """The rows of a result, numbers and booleans as SPARQL compares them."""
    assert isinstance(found, ox.QuerySolutions)
    return Counter(tuple(_value(term) for term in row) for row in found)


def _value(term: object) -> object:
    if not isinstance(term, ox.Literal):
        return None if term is None else str(term)
    kind = term.datatype.value
    if kind in DECIMAL | DOUBLE:
        return float(term.value)
    if kind.endswith("#boolean"):
        return term.value in {"true", "1"}, "boolean"
    return term.value, term.language, kind

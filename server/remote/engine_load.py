"""What is published, loaded into an engine elsewhere and counted there: each named graph, and the merge of all.

It goes by the Graph Store Protocol (server.remote.graph_client), or as files that the engine's own loader takes
(server.remote.virtuoso). A marker graph tells the engine's readers which version is there, and this program which
graphs have changed.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

import pyoxigraph as ox

from server.asking import QueryFailed
from server.remote import marker
from server.remote.client import session
from server.remote.dialect import MARKER, MERGE
from server.remote.engine import FRESH, RemoteEngine
from server.remote.graph_client import GraphStore
from server.remote.marker import Marker
from server.storage import snapshot
from server.storage.load import count

AT_ONCE: Final = 20_000  # triples in one request where a graph may be sent in parts
LEAVE: Final = 10.0 + FRESH  # seconds that queries have to leave the merge that was replaced
MOST_GRAPHS: Final = 10_000_000
COUNTS: Final = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
COUNT: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class LoadFailed(Exception):
    """The engine does not hold what is published; the message says why, in Swedish and English."""

    def __init__(self, sv: str, en: str) -> None:
        super().__init__(f"{sv}\n{en}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the engine holds now: the version, named graphs, their triples, and those of the merge; `sent` graphs
    were sent, `removed` taken away."""

    version: str
    graphs: int
    quads: int
    triples: int
    sent: int
    removed: int


@dataclass(frozen=True, slots=True)
class Published:
    """The published store of a data folder, to be sent."""

    store: ox.Store
    version: str
    base: str
    graphs: dict[str, int]
    triples: int

    def ntriples(self, name: str) -> bytes:
        """A named graph as N-Triples."""
        return self.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(name)) or b""

    def marker(self, merge: str) -> Marker:
        """The marker that tells of it."""
        lines = ((name, sorted(self.ntriples(name).splitlines())) for name in self.graphs)
        digests = {name: hashlib.sha256(b"\n".join(ordered)).hexdigest() for name, ordered in lines}
        return Marker(self.version, self.base, merge, digests)

    def merge(self) -> Iterator[bytes]:
        """The merge of all graphs as N-Triples, in parts of AT_ONCE triples."""
        quads = self.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        while part := [quad.triple for _, quad in zip(range(AT_ONCE), quads, strict=False)]:
            yield ox.serialize(part, format=ox.RdfFormat.N_TRIPLES) or b""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done: graphs to send, graphs to empty, and the graph to fill with the merge (None: not now)."""

    send: tuple[str, ...]
    remove: tuple[str, ...]
    merge: str | None


class Loader(Protocol):
    """Another way than the Graph Store Protocol to bring many triples into an engine."""

    def __call__(self, published: Published, change: Change) -> None:
        """Fill the graphs that are to be sent, and that of the merge; they are empty. Raises LoadFailed."""


async def load(engine: RemoteEngine, data_dir: Path, bulk: Loader | None = None, leave: float = LEAVE) -> Loaded:
    """Make the engine hold what is published in a data folder. Raises LoadFailed, NothingPublished and Damaged.

    Only graphs that have changed are sent, by what the engine's marker and its counts tell. The merge is sent whole,
    beside the one in use; `leave` seconds after the change the old one is removed.
    """
    opened = await asyncio.to_thread(snapshot.open_current, data_dir)
    try:
        counted = await asyncio.to_thread(count, opened.store)
        base = str(snapshot.about(data_dir)["base"])
        published = Published(opened.store, opened.version, base, counted.graphs, counted.triples)
        await engine.connect()
        usual = engine.dialect.graph_store(engine.address.query) if engine.dialect else ""
        async with session(engine.address) as connection:
            store = GraphStore(connection, engine.address.graphs or usual)
            return await _load(engine, store, published, bulk, leave)
    except QueryFailed as failure:
        raise _unlike(engine, failure) from failure
    finally:
        opened.close()


async def _load(
    engine: RemoteEngine, store: GraphStore, published: Published, bulk: Loader | None, leave: float
) -> Loaded:
    kind = engine.dialect.merge if engine.dialect else "own"
    merge = MERGE + published.version if kind == "graph" else ""
    before = marker.read(await engine.ask_as_it_is(marker.QUERY))
    if before and (before.version, before.base, before.digests.keys()) == (
        published.version, published.base, published.graphs.keys(),
    ):  # fmt: skip
        wanted = replace(before, merge=merge)  # the version is a hash of what is published
    else:
        wanted = await asyncio.to_thread(published.marker, merge)
    there = await _counts(engine)
    change = _change(published, wanted, before, there)
    same = before is not None and before.version == wanted.version
    if kind == "union" or same and await _merged(engine, wanted, there) == published.triples:
        change = replace(change, merge=None)
    if bulk and (change.send or change.merge):
        for name in (*change.remove, *(name for name in (*change.send, wanted.merge) if name in there)):
            await store.delete(name)
        await asyncio.to_thread(bulk, published, change)
    else:
        await _send(store, published, change)
    await _check(engine, published, wanted)
    if before != wanted:
        await store.put(MARKER, wanted.ntriples())
    old = [name for name in there if name.startswith(MERGE) and name != wanted.merge]
    if old:
        await asyncio.sleep(leave)
        for name in old:
            await store.delete(name)
    graphs, quads = len(published.graphs), sum(published.graphs.values())
    return Loaded(published.version, graphs, quads, published.triples, len(change.send), len(change.remove))


def _change(published: Published, wanted: Marker, before: Marker | None, there: dict[str, int]) -> Change:
    held = before.digests if before else {}
    ours = f"{published.base}/id/graph/"
    others = {*there, *held} - published.graphs.keys()
    return Change(
        tuple(
            name
            for name, number in published.graphs.items()
            if held.get(name) != wanted.digests[name] or there.get(name) != number
        ),
        tuple(name for name in others if name in held or name.startswith(ours)),
        wanted.merge,
    )


async def _send(store: GraphStore, published: Published, change: Change) -> None:
    """One request at a time: engines lose writes that meet, some of them silently. The default graph is put at once,
    as nobody may see half of it; a graph that nobody asks yet, in parts."""
    for name in change.remove:
        await store.delete(name)
    for name in change.send:
        await store.put(name, await asyncio.to_thread(published.ntriples, name))
    if change.merge == "":
        with BytesIO() as whole:
            await asyncio.to_thread(published.store.dump, whole, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
            await store.put(None, whole.getvalue())
    elif change.merge:
        await store.delete(change.merge)
        for part in published.merge():
            await store.post(change.merge, part)


async def _check(engine: RemoteEngine, published: Published, wanted: Marker) -> None:
    """Every count, there and here. Raises LoadFailed with the name of the graph."""
    there = await _counts(engine)
    for name, number in published.graphs.items():
        if there.get(name, 0) != number:
            raise _short(name, there.get(name, 0), number)
    merged = await _merged(engine, wanted, there)
    if merged != published.triples:
        raise _short(wanted.merge or "(default)", merged, published.triples)


async def _counts(engine: RemoteEngine) -> dict[str, int]:
    found = await engine.ask_as_it_is(COUNTS, MOST_GRAPHS)
    return {graph.value: int(number.value) for graph, number in found.rows if graph and number}


async def _merged(engine: RemoteEngine, wanted: Marker, there: dict[str, int]) -> int:
    """How many triples a query's default graph holds, of what was published."""
    if wanted.merge:
        return there.get(wanted.merge, 0)
    [[number]] = (await engine.ask_as_it_is(COUNT)).rows
    marked = there.get(MARKER, 0) if engine.dialect and engine.dialect.merge == "union" else 0
    return (int(number.value) if number else 0) - marked


def _short(name: str, there: int, here: int) -> LoadFailed:
    return LoadFailed(
        f"Grafen {name} har {there} påståenden i motorn men {here} i datamappen. Ladda igen; håller felet i sig, "
        "se efter i motorns logg vad den inte läste.",
        f"The graph {name} holds {there} triples in the engine and {here} in the data folder. Load again; if it "
        "stays so, see in the engine's log what it did not read.",
    )


def _unlike(engine: RemoteEngine, failure: QueryFailed) -> LoadFailed:
    if failure.kind == "unreachable":
        return LoadFailed(
            f"Ingen motor svarar på {engine.address.query}: kontrollera adressen och att den är i gång.",
            f"No engine answers at {engine.address.query}: check the address, and that it runs.",
        )
    said = failure.details.get("message", failure.kind)
    return LoadFailed(
        f"Motorn på {engine.address.query} gjorde inte som den skulle ({said}): se efter i dess logg, ladda igen.",
        f"The engine at {engine.address.query} did not do as it should ({said}): see its log, and load again.",
    )

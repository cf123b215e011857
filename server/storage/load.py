"""The bulk load of all files, and whether the store then holds what the files hold."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Semaphore
from typing import Any, Final

import pyoxigraph as ox

BYTES: Final = 24 * 2**20
"""How much the engine is given at a time: some 250 MiB of memory, whatever the number of documents."""
SIDE_BY_SIDE: Final = min(2, os.cpu_count() or 1)
"""Loads at a time: the engine reads each with one thread."""

SMALL: Final = 2_000_000
"""Quads up to which the engine's tables are put in order after a load: that takes a fifth of the time again, and each
query half as long afterwards, with a third of the files. Of a larger store the engine does so while it loads."""


@dataclass(slots=True)
class Loaded:
    """What the files have: the lines of each named graph, how many distinct triples there are without the graphs,
    and the graphs of each file."""

    lines: dict[str, int] = field(default_factory=dict)
    triples: int = 0
    holds: dict[str, set[str]] = field(default_factory=dict)


def bulk_load(store: ox.Store, files: Iterable[tuple[str, bytes]]) -> Loaded:
    """Load files of N-Quads (name, content): every quad, and its triple once into the default graph.

    Raises ValueError, naming file and line, for what is not one quad in a named graph or has a blank node as its
    subject, which the change feed could not tell of, and SyntaxError.
    """
    loaded = Loaded()
    free = Semaphore(SIDE_BY_SIDE + 1)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:

        def load(part: bytes) -> None:
            try:
                store.bulk_load(input=part, format=ox.RdfFormat.N_QUADS)
            finally:
                free.release()

        loads: list[Future[None]] = []
        for part in _parts(files, loaded):
            free.acquire()
            failed = next((each for each in loads if each.done() and each.exception()), None)
            if failed is not None:
                break
            loads.append(pool.submit(load, part))
        for each in loads:
            each.result()
    return loaded


def settle(store: ox.Store, loaded: Loaded) -> None:
    """See what was loaded to the disk; what is small in as few tables as can be."""
    store.flush()
    if sum(loaded.lines.values()) <= SMALL:
        store.optimize()


def _parts(files: Iterable[tuple[str, bytes]], loaded: Loaded) -> Iterator[bytes]:
    seen: set[int] = set()  # hashes of 64 bits, keyed anew in each process
    parts: list[bytes] = []
    size = 0
    for name, content in files:
        lines = _triples(name, content, seen, loaded)
        parts += (content, b"\n", *lines)
        size += 2 * len(content)
        if size > BYTES:
            yield b"".join(parts)
            parts, size = [], 0
    loaded.triples = len(seen)
    yield b"".join(parts)


def _triples(name: str, content: bytes, seen: set[int], loaded: Loaded) -> list[bytes]:
    """The triples of a file that no file before it had, as lines of the default graph."""
    new: list[bytes] = []
    counts: dict[bytes, int] = {}
    last, number = b"\n", 0
    for at, line in enumerate(content.split(b"\n"), 1):
        head, _, graph = line.rpartition(b" <")
        if graph != last:
            stripped = line.strip()
            if not stripped or stripped.startswith(b"#"):
                continue
            head, _, graph = stripped.rpartition(b" <")
            if not graph.endswith(b"> .") or head.count(b" ") < 2:
                raise ValueError(f"{name}, line {at}: not one quad with its named graph")
            counts[last] = number
            last, number = graph, counts.get(graph, 0)
        if head.lstrip().startswith(b"_:"):
            raise ValueError(f"{name}, line {at}: the subject is a blank node, and a data folder has none")
        number += 1
        key = hash(head)
        if key not in seen:
            seen.add(key)
            new.append(head + b" .\n")
    counts[last] = number
    del counts[b"\n"]
    graphs = {graph[:-3].decode(): lines for graph, lines in counts.items()}
    loaded.holds[name] = set(graphs)
    for graph_name, lines in graphs.items():
        loaded.lines[graph_name] = loaded.lines.get(graph_name, 0) + lines
    return new


def blame(files: Iterable[tuple[str, bytes]]) -> str | None:
    """Which file the engine cannot read, and why."""
    for name, content in files:
        try:
            for _ in ox.parse(content, format=ox.RdfFormat.N_QUADS):
                pass
        except SyntaxError as error:
            return f"{name}: {error}"
    return None


@dataclass(frozen=True, slots=True)
class Counts:
    """The triples of each named graph; of the default graph, the triples of each property and the instances of each
    class, the largest first."""

    graphs: dict[str, int]
    properties: dict[str, int]
    classes: dict[str, int]

    @property
    def triples(self) -> int:
        return sum(self.properties.values())

    @property
    def quads(self) -> int:
        return self.triples + sum(self.graphs.values())


_COUNTED: Final = (
    "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p",
    "SELECT ?c (COUNT(*) AS ?n) WHERE { ?s a ?c FILTER(ISIRI(?c)) } GROUP BY ?c",
)


def count(store: ox.Store) -> Counts:
    """Count a whole store."""

    def counted(query: str) -> dict[str, int]:
        rows: Any = store.query(query)
        return {name.value: int(number.value) for name, number in rows}

    with ThreadPoolExecutor(2) as pool:
        graphs, properties, classes = pool.map(counted, _COUNTED)
    return Counts(graphs, ordered(properties), ordered(classes))


def ordered(counts: dict[str, int]) -> dict[str, int]:
    """Counts that are not 0, the largest first."""
    return dict(sorted(((name, n) for name, n in counts.items() if n), key=lambda pair: (-pair[1], pair[0])))


def compare(store: ox.Store, counts: Counts, loaded: Loaded, content: Callable[[str], bytes]) -> set[str]:
    """The graphs whose lines are not each a triple of its own, all others having as many triples as lines.

    The engine writes numbers in one way ("1.50" becomes "1.5"), and files may repeat a line, so several lines may
    rightly be one quad: such a graph is read again by itself and must agree. `content` gives a file's content by
    its name. Raises ValueError where the store does not hold what the files hold.
    """
    if set(counts.graphs) != set(loaded.lines):
        raise ValueError("the store holds other graphs than the files")
    differing = {name for name, lines in loaded.lines.items() if counts.graphs[name] != lines}
    holding: dict[str, list[str]] = {name: [] for name in differing}
    for file, graphs in loaded.holds.items():
        for name in graphs & differing:
            holding[name].append(file)
    for name in differing:
        alone = len(triples_of(name, map(content, holding[name])))
        if alone != counts.graphs[name]:
            raise ValueError(f"graph {name} holds {counts.graphs[name]} triples, its files {alone}")
    if counts.triples != loaded.triples and not _merged(store):
        raise ValueError(f"the default graph holds {counts.triples} triples instead of {loaded.triples}")
    return differing


def triples_of(graph: str, contents: Iterable[bytes]) -> set[ox.Quad]:
    """The quads of one named graph in some files, as the engine writes them."""
    alone = ox.Store()
    for content in contents:
        alone.load(input=content, format=ox.RdfFormat.N_QUADS)
    return set(alone.quads_for_pattern(None, None, None, ox.NamedNode(graph)))


def _merged(store: ox.Store) -> bool:
    missing = "ASK { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }"
    added = "ASK { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
    return not bool(store.query(missing)) and not bool(store.query(added))

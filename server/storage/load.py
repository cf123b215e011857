"""The bulk load of all files, and whether the store then holds what the files hold."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Semaphore
from typing import Any, Final

import pyoxigraph as ox

BYTES: Final = 48 * 2**20
"""How much the engine is given at a time: some 500 MiB of memory, whatever the number of documents. Of less at a time
it makes so many tables that it has to merge them before it goes on."""
SIDE_BY_SIDE: Final = min(2, os.cpu_count() or 1)
"""Loads at a time: the engine reads each with one thread."""

SMALL: Final = 2_000_000
"""Quads up to which the engine's tables are put in order before a load is published: that takes a fifth of the time
again, and each query half as long afterwards, with a third of the files. A larger one is published first."""


@dataclass(slots=True)
class Loaded:
    """What the files have: the lines of each named graph, and how many of them are different (in each file); how many
    distinct triples there are without the graphs; and the graphs of each file."""

    lines: dict[str, int] = field(default_factory=dict)
    distinct: dict[str, int] = field(default_factory=dict)
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


def settle(store: ox.Store, loaded: Loaded) -> "Counts":
    """See what was loaded to the disk, what is small in as few tables as can be, and count it."""
    if is_small(loaded):
        store.flush()
        store.optimize()
        return count(store, loaded)
    with ThreadPoolExecutor(1) as pool:
        flushed = pool.submit(store.flush)  # which waits while the engine merges its tables
        counts = count(store, loaded)
        flushed.result()
    return counts


def is_small(loaded: Loaded) -> bool:
    """Whether the tables of what was loaded are put in order before it is published."""
    return sum(loaded.lines.values()) <= SMALL


def _parts(files: Iterable[tuple[str, bytes]], loaded: Loaded) -> Iterator[bytes]:
    seen: set[int] = set()  # hashes of 64 bits, keyed anew in each process
    parts: list[bytes] = []
    size = 0
    for name, content in files:
        new = _triples(name, content, seen, loaded)
        parts += (content, b"\n", b" .\n".join([*new, b""]))
        size += 2 * len(content)
        if size > BYTES:
            yield b"".join(parts)
            parts, size = [], 0
    loaded.triples = len(seen)
    yield b"".join(parts)


def _triples(name: str, content: bytes, seen: set[int], loaded: Loaded) -> list[bytes]:
    """The triples of a file that no file before it had, without the dots behind them."""
    new: list[bytes] = []
    for graph, triples in (_of_one_graph(content) or _of_graphs(name, content)).items():
        for triple in triples:
            key = hash(triple)
            if key not in seen:
                seen.add(key)
                new.append(triple)
        loaded.holds.setdefault(name, set()).add(graph)
        loaded.lines[graph] = loaded.lines.get(graph, 0) + len(triples)
        loaded.distinct[graph] = loaded.distinct.get(graph, 0) + len(set(triples))
    return new


def _of_one_graph(content: bytes) -> dict[str, list[bytes]] | None:
    """The triples of a file's only named graph; None where its lines have to be looked at one by one. Most files are
    as the program writes them: every line ends alike, so that they are taken apart all at once."""
    graph = content.partition(b"\n")[0].rpartition(b" <")[2]
    end, behind = b" <" + graph, -len(graph) - 2
    lines = content.split(b"\n")
    if lines.pop() or not graph.endswith(b"> .") or b"\r" in content:
        return None
    if not all(line.startswith(b"<") and line.endswith(end) for line in lines):
        return None
    triples = [line[:behind] for line in lines]
    return {graph[:-3].decode(): triples} if all(triple.count(b" ") > 1 for triple in triples) else None


def _of_graphs(name: str, content: bytes) -> dict[str, list[bytes]]:
    """The triples of a file by their named graphs."""
    found: dict[str, list[bytes]] = {}
    for at, line in enumerate(content.split(b"\n"), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith(b"#"):
            continue
        triple, _, graph = stripped.rpartition(b" <")
        if not graph.endswith(b"> .") or triple.count(b" ") < 2 or b"\r" in stripped:
            raise ValueError(f"{name}, line {at}: not one quad with its named graph")
        if triple.startswith(b"_:"):
            raise ValueError(f"{name}, line {at}: the subject is a blank node, and a data folder has none")
        found.setdefault(graph[:-3].decode(), []).append(triple)
    return found


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


_GRAPHS: Final = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_PROPERTIES: Final = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"
_CLASSES: Final = "SELECT ?c (COUNT(*) AS ?n) WHERE { ?s a ?c } GROUP BY ?c"


def count(store: ox.Store, loaded: Loaded | None = None) -> Counts:
    """Count a whole store; `loaded` tells what all of it was made of.

    The engine holds no quad that it was not given: where the named graphs hold as many together as there are
    different lines, each holds its own. Only where they do not are they counted one by one.
    """

    def counted(query: str) -> dict[str, int]:
        rows: Any = store.query(query)
        return {name.value: int(number.value) for name, number in rows if isinstance(name, ox.NamedNode)}

    with ThreadPoolExecutor(2) as pool:
        quads = pool.submit(len, store)
        properties, classes = pool.map(counted, (_PROPERTIES, _CLASSES))
    told = loaded.distinct if loaded else {}
    same = set(told) == {graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)}
    whole = same and quads.result() - sum(properties.values()) == sum(told.values())
    return Counts(told if whole else counted(_GRAPHS), ordered(properties), ordered(classes))


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

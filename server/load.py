"""One file for the engine's bulk load, and whether the store then holds what the files hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

LINES = 100_000
"""How many lines the engine is given at a time: about 260 MiB, whatever the number of documents."""


@dataclass(frozen=True, slots=True)
class Expected:
    """How many distinct triples the files have, by graph (and which file it came from) and without graphs."""

    graphs: dict[str, int]
    triples: int
    files: dict[str, list[Path]]


def write_load(target: Path, files: Sequence[Path], known: bytes) -> Expected:
    """Write every quad, and its triple without the graph, to one file; count distinct lines.

    `known` are the quads that come with the program. Raises ValueError, naming file and line, for what is not one
    quad in a named graph.
    """
    graphs: dict[str, int] = {}
    origin: dict[str, list[Path]] = {}
    triples: set[int] = set()
    extra = target.with_name("authority.nq")
    extra.write_bytes(known)
    with target.open("wb", buffering=2**20) as out:
        for path in [extra, *files]:
            lines: dict[bytes, set[int]] = {}
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    line = line.strip()
                    if not line or line.startswith(b"#"):
                        continue
                    head, _, graph = line.rpartition(b" <")
                    if not graph.endswith(b"> .") or len(head.split(b" ", 2)) != 3:
                        raise ValueError(f"{path}, line {number}: not one quad with its named graph")
                    key = hash(head)
                    triples.add(key)
                    lines.setdefault(graph[:-3], set()).add(key)
                    out.write(line + b"\n" + head + b" .\n")
            for name, keys in lines.items():
                graph_name = name.decode()
                graphs[graph_name] = graphs.get(graph_name, 0) + len(keys)
                origin.setdefault(graph_name, []).append(path)
    return Expected(graphs, len(triples), origin)


def bulk_load(store: ox.Store, lines: Path) -> None:
    """Load a file of N-Quads, so many lines at a time: the engine keeps what one load gives it in memory."""
    with lines.open("rb") as file:
        while chunk := b"".join(islice(file, LINES)):
            store.bulk_load(input=chunk, format=ox.RdfFormat.N_QUADS)


def count(store: ox.Store) -> dict[str | None, int]:
    """How many triples each named graph of the store holds; None stands for the default graph."""
    counted: dict[str | None, int] = {}
    named: Any = store.query("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    for graph, number in named:
        counted[graph.value] = int(number.value)
    default: Any = store.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    counted[None] = int(next(iter(default))[0].value)
    return counted


def compare(store: ox.Store, counted: dict[str | None, int], expected: Expected) -> None:
    """Every graph holds as many triples as its file has lines, and the default graph as many as there are at all.

    Raises ValueError where it does not. The engine writes numbers in one way ("1.50" becomes "1.5"), so two lines
    may rightly become one quad: where a count differs, the graph's files are read again by themselves and must agree.
    """
    if set(counted) - {None} != set(expected.graphs):
        raise ValueError("the store holds other graphs than the files")
    differing = [name for name, number in expected.graphs.items() if counted[name] != number]
    for name in differing:
        alone = ox.Store()
        for path in expected.files[name]:
            alone.load(path=str(path), format=ox.RdfFormat.N_QUADS)
        if sum(1 for _ in alone.quads_for_pattern(None, None, None, ox.NamedNode(name))) != counted[name]:
            raise ValueError(f"graph {name} holds {counted[name]} triples, its files {expected.graphs[name]}")
    if counted[None] != expected.triples and not _merged(store):
        raise ValueError(f"the default graph holds {counted[None]} triples instead of {expected.triples}")


def _merged(store: ox.Store) -> bool:
    missing = "ASK { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }"
    added = "ASK { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
    return not bool(store.query(missing)) and not bool(store.query(added))


def classes(store: ox.Store) -> dict[str, int]:
    """How many resources each class has, the largest first."""
    found: Any = store.query("SELECT ?c (COUNT(*) AS ?n) WHERE { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c")
    return {name.value: int(number.value) for name, number in found}

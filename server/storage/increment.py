"""What a change of some files changes in the store: found from the old and the new files, applied as one transaction.

The default graph is the merge of the named graphs (RDF 1.1 Semantics, section 4.1): a triple leaves it only when no
named graph has it any longer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

from server.storage.load import triples_of
from server.storage.record import GraphCount, Record

COUNTED: Final = 20_000
"""Triples of a graph above which it is not counted again: each changed quad is looked up all the same."""
WINDOW: Final = 64 * 2**10
"""Bytes in which two files that differ are expected to meet again; else all that follows is compared."""
RDF_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


class InDoubt(Exception):
    """The change cannot be made safely from what is known: build the whole store."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that was added, replaced or removed; the content of what was not there is empty."""

    name: str
    old: bytes
    new: bytes


@dataclass(slots=True)
class Change:
    """What to do: the quads of named graphs that go and come, the triples that leave and enter the default graph, the
    new counts of the graphs concerned, and the graphs of each file."""

    removed: set[ox.Quad] = field(default_factory=set)
    added: set[ox.Quad] = field(default_factory=set)
    left: set[ox.Triple] = field(default_factory=set)
    entered: set[ox.Triple] = field(default_factory=set)
    graphs: dict[str, GraphCount] = field(default_factory=dict)
    holds: dict[str, set[str]] = field(default_factory=dict)

    @property
    def triples(self) -> int:
        return len(self.entered) - len(self.left)

    @property
    def quads(self) -> int:
        return len(self.added) - len(self.removed) + self.triples

    @property
    def subjects(self) -> set[str]:
        """The subjects of which the default graph says something else."""
        found = (triple.subject for triples in (self.entered, self.left) for triple in triples)
        return {subject.value for subject in found if isinstance(subject, ox.NamedNode)}

    def counted(self, counts: Mapping[str, int], key: Any) -> dict[str, int]:
        """Counts of the default graph's triples after the change; `key`: under what a triple counts, or None."""
        after = Counter(counts)
        for triples, sign in ((self.entered, 1), (self.left, -1)):
            for triple in triples:
                name = key(triple)
                if name is not None:
                    after[name] += sign
        return dict(after)


def property_of(triple: ox.Triple) -> str | None:
    return triple.predicate.value if isinstance(triple.predicate, ox.NamedNode) else None


def class_of(triple: ox.Triple) -> str | None:
    is_type = triple.predicate == RDF_TYPE
    return triple.object.value if is_type and isinstance(triple.object, ox.NamedNode) else None


def differing(old: bytes, new: bytes) -> tuple[set[bytes], set[bytes]]:
    """The lines that only the old and only the new content has; stretches that are the same cost little.

    Raises InDoubt where a line was added twice; none may stand twice in the old content.
    """
    gone: list[bytes] = []
    come: list[bytes] = []
    at, there = 0, 0
    while True:
        same = _common(old, at, new, there)
        if at + same < len(old) or there + same < len(new):
            same = max(old.rfind(b"\n", at, at + same) + 1 - at, 0)
        at, there = at + same, there + same
        before, after = _window(old, at), _window(new, there)
        if not before and not after:
            break
        places = {line: place for place, line in enumerate(after) if line}
        meet = next((place for place, line in enumerate(before) if line in places), None)
        if meet is None:
            gone += old[at:].split(b"\n")
            come += new[there:].split(b"\n")
            break
        after = after[: places[before[meet]]]
        gone += before[:meet]
        come += after
        at += sum(len(line) + 1 for line in before[: meet + 1])
        there += sum(len(line) + 1 for line in after) + len(before[meet]) + 1
    removed, added = (_quad_lines(lines) for lines in (gone, come))
    if len(set(added)) < len(added):
        raise InDoubt("a line stands twice")
    return set(removed) - set(added), set(added) - set(removed)


def change(store: ox.Store, record: Record, files: Iterable[FileChange], most: int) -> Change:
    """What the files change in the store of the record, at most some number of quads; raises InDoubt."""
    files = list(files)
    found = Change()
    lines: dict[str, tuple[set[bytes], set[bytes]]] = {}
    for file in files:
        removed, added = differing(file.old, file.new)
        most -= len(removed) + len(added)
        if most < 0:
            raise InDoubt("much has changed")
        if file.old != file.new and not removed and not added:
            raise InDoubt(f"{file.name} differs in nothing that counts, or was written to in its place")
        lines[file.name] = removed, added
        found.holds[file.name] = _holds(file, record.graphs_of(file.name), added)
    gone, _ = _quads(line for removed, _ in lines.values() for line in removed)
    come, again = _quads(line for _, added in lines.values() for line in added)
    concerned = {_graph(quad) for quad in (*gone, *come)}
    known = {name: record.graph(name) for name in concerned}
    again |= {name for name, count in known.items() if not count.exact}
    again |= {_graph(quad) for quad in come - gone if quad in store}
    found.removed = {quad for quad in gone - come if _graph(quad) not in again}
    found.added = {quad for quad in come - gone if _graph(quad) not in again}
    exact = dict.fromkeys(concerned - again, True)
    for name in again:
        exact[name] = _whole_graph(store, record, name, {file.name: file for file in files}, found)
    if any(quad not in store for quad in found.removed):
        raise InDoubt("the store does not hold what was published")
    more, less = (Counter(map(_graph, quads)) for quads in (found.added, found.removed))
    for name in concerned:
        found.graphs[name] = GraphCount(known[name].triples + more[name] - less[name], exact[name])
    _merge(store, found)
    return found


def apply(store: ox.Store, found: Change) -> None:
    """Make the change, all or nothing, and see it to the disk."""
    emptied = "".join(f" ; DROP SILENT GRAPH <{name}>" for name, count in found.graphs.items() if not count.triples)
    store.update(
        f"DELETE DATA {{ {_data(found.removed, found.left)} }} ; "
        f"INSERT DATA {{ {_data(found.added, found.entered)} }}{emptied}"
    )
    store.flush()


def check(store: ox.Store, found: Change) -> None:
    """Whether a store holds the change; raises InDoubt."""
    there = (*found.added, *map(_in_default, found.entered))
    not_there = (*found.removed, *map(_in_default, found.left))
    if not all(quad in store for quad in there) or any(quad in store for quad in not_there):
        raise InDoubt("the store does not hold the change")
    for name, count in found.graphs.items():
        if count.triples <= COUNTED:
            counted = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
            if counted != count.triples:
                raise InDoubt(f"graph {name} holds {counted} triples instead of {count.triples}")


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _in_default(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, ox.DefaultGraph())


def _common(a: bytes, at: int, b: bytes, there: int) -> int:
    """How many bytes are the same from two places on."""
    most = min(len(a) - at, len(b) - there)
    same, step = 0, 1024
    while same < most and step:
        step = min(step, most - same)
        if a[at + same : at + same + step] == b[there + same : there + same + step]:
            same += step
            step = min(2 * step, 2**20)
        else:
            step //= 2
    return same


def _window(content: bytes, at: int) -> list[bytes]:
    """The whole lines of the next few kilobytes, without their ends."""
    end = content.rfind(b"\n", at, at + WINDOW)
    rest = content[at:end] if end >= 0 else content[at:]
    return rest.split(b"\n") if end >= 0 or rest else []


def _quad_lines(lines: Iterable[bytes]) -> list[bytes]:
    stripped = (line.strip() for line in lines)
    return [line for line in stripped if line and not line.startswith(b"#")]


def _graph_of(line: bytes) -> str:
    return line.rpartition(b" <")[2][:-3].decode()


def _holds(file: FileChange, before: set[str], added: set[bytes]) -> set[str]:
    """The named graphs of a changed file; only where it is not plain are all its lines looked at."""
    named = {_graph_of(line) for line in added}
    if file.new and len(before) == 1 and named <= before:
        return before
    return {_graph_of(line) for line in _quad_lines(file.new.split(b"\n"))}


def _quads(lines: Iterable[bytes]) -> tuple[set[ox.Quad], set[str]]:
    """Lines as the engine writes them, and the graphs in which several of the lines are one quad."""
    parsed = list(ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_QUADS))
    for quad in parsed:
        if not isinstance(quad.graph_name, ox.NamedNode):
            raise InDoubt("a line without a named graph")
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, (ox.NamedNode, ox.Literal)):
            raise InDoubt("a blank node")
    memory = ox.Store()
    memory.extend(parsed)
    quads = set(memory)
    written, meant = (Counter(map(_graph, each)) for each in (parsed, quads))
    return quads, {name for name, number in written.items() if number > meant[name]}


def _whole_graph(
    store: ox.Store, record: Record, name: str, changed: Mapping[str, FileChange], found: Change
) -> bool:
    """Compare a graph as a whole, where its lines are not each a triple of its own; whether they are so now."""
    holding = [file for file in changed.values() if name in found.holds[file.name]]
    if record.files_of(name) - set(changed):
        raise InDoubt(f"other files than those that changed hold graph {name}")
    after = triples_of(name, (file.new for file in holding))
    before = set(store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
    found.removed |= before - after
    found.added |= after - before
    lines = (line.strip() for file in holding for line in file.new.split(b"\n"))
    return sum(line.endswith(f" <{name}> .".encode()) for line in lines) == len(after)


def _merge(store: ox.Store, found: Change) -> None:
    """What the change of the named graphs changes in the default graph."""
    come = {quad.triple for quad in found.added}
    for triple in {quad.triple for quad in found.removed} - come:
        elsewhere = (
            quad
            for quad in store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
            if isinstance(quad.graph_name, ox.NamedNode) and quad not in found.removed
        )
        if next(elsewhere, None) is None:
            found.left.add(triple)
    found.entered = {triple for triple in come if _in_default(triple) not in store}
    if any(_in_default(triple) not in store for triple in found.left):
        raise InDoubt("the default graph does not hold what was published")


def _data(quads: Iterable[ox.Quad], triples: Iterable[ox.Triple]) -> str:
    """Quads and triples of the default graph as SPARQL 1.1 QuadData; the engine writes each term."""
    graphs: dict[str, list[str]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name), []).append(f"{quad.triple} .")
    named = (f"GRAPH {name} {{ {' '.join(lines)} }}" for name, lines in graphs.items())
    return " ".join((*(f"{triple} ." for triple in triples), *named))

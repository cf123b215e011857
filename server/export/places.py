"""What is published of each municipality of one's own, as a file: the graphs of its documents, and its persons."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from server.export.dumps import DumpFile
from server.export.rdf import Out, written
from server.site import NS

LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
CODED: Final = r"[^>]*/id/[a-z]+/(\d{4})/"
"""What the IRI of a person, and of what is said of one, begins with: SCB's code of the municipality."""


@dataclass(frozen=True, slots=True)
class Municipalities:
    """By named graph the codes of the municipalities that its document is of; by code their names in "sv" and "en";
    and the IRI of the graph of the joined persons."""

    by_graph: dict[str, frozenset[str]]
    names: dict[str, dict[str, str]]
    persons: str


@dataclass(slots=True)
class Quads:
    """N-Quads made of the N-Triples that the engine writes: each line gets the name of its graph and goes to the file
    of its municipality. `to` is that file; None: the IRI of each line's subject tells, by code, which of `files`."""

    graph: str
    files: dict[str, "Place"]
    to: "Place | None" = None
    _rest: bytes = b""

    def write(self, content: bytes) -> int:
        """Take some more, as the engine calls it."""
        whole, newline, self._rest = (self._rest + content).rpartition(b"\n")
        ends = f" <{self.graph}> .\n".encode()
        for to, lines in self._parts(whole + newline):
            to.quads += lines.count(b"\n")
            to.out.write(lines.replace(b" .\n", ends))  # a line feed in a text is escaped
        return len(content)

    def flush(self) -> None:
        """The engine asks for it at the end; it ends with a whole line."""

    def _parts(self, lines: bytes) -> Iterator[tuple["Place", bytes]]:
        if self.to:
            yield self.to, lines
            return
        for line in lines.splitlines(keepends=True):
            of = re.match(b"<" + CODED.encode(), line)
            place = self.files.get(of[1].decode()) if of else None
            if place:
                yield place, line


@dataclass(slots=True)
class Place:
    """A municipality's file that is being written: SCB's code, its names in "sv" and "en", its quads so far."""

    code: str
    names: dict[str, str]
    out: Out
    quads: int = 0

    def told(self) -> DumpFile:
        """The finished file as the manifest has it."""
        said = {
            "sv": f"{self.names['sv']}: dess handlingars namngivna grafer, och personerna i dem",
            "en": f"{self.names['en']}: the named graphs of its documents, and the persons in them",
        }
        out, kind = self.out, "application/n-quads"
        return DumpFile(
            out.path.name, kind, "gzip", out.bytes, out.sha256, said, triples=self.quads, municipality=self.code
        )


def write_places(folder: Path, store: ox.Store, base: str) -> Iterator[DumpFile]:
    """Write a file for each municipality that documents are published of, graph by graph. What stays in memory is a
    pair of IRIs for each graph, and half a MiB for each municipality."""
    graphs = _graphs(store, f"{base}/id/")
    codes = {place: _code(store, place) for _, place in graphs}
    with ExitStack() as files:
        made: dict[str, Place] = {}
        for place, code in sorted(codes.items()):
            if code and code not in made:
                out = files.enter_context(written(folder / f"kommungraf-{code}.nq.gz", packed=True))
                made[code] = Place(code, _names(store, place, code), out)
        for graph, place in graphs:
            if code := codes[place]:
                _dump(store, Quads(graph, made, made[code]))
        _dump(store, Quads(f"{base}/id/graph/persons", made))
    for each in made.values():
        yield each.told()


def _graphs(store: ox.Store, own: str) -> list[tuple[str, str]]:
    """Each named graph with a municipality that a body in it belongs to, in order. The IRI of a municipality begins
    with `own`: others, whose data was imported, publish theirs."""
    quads = store.quads_for_pattern(None, ox.NamedNode(f"{NS}partOfMunicipality"), None, None)
    found = {
        (quad.graph_name.value, quad.object.value)
        for quad in quads
        if isinstance(quad.graph_name, ox.NamedNode)
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value.startswith(own)
    }
    return sorted(found)


def _dump(store: ox.Store, quads: Quads) -> None:
    store.dump(cast(IO[bytes], quads), ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(quads.graph))


def _code(store: ox.Store, place: str) -> str | None:
    """SCB's code of a municipality, where it has one."""
    codes = [value.value for value in _values(store, place, f"{NS}municipalityCode")]
    return next((code for code in sorted(codes) if re.fullmatch(r"\d{4}", code)), None)


def _names(store: ox.Store, place: str, code: str) -> dict[str, str]:
    named = {value.language: value.value for value in _values(store, place, LABEL)}
    return {language: named.get(language) or named.get("sv") or code for language in ("sv", "en")}


def _values(store: ox.Store, subject: str, predicate: str) -> Iterator[Any]:
    quads = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, ox.DefaultGraph())
    return (quad.object for quad in quads if isinstance(quad.object, ox.Literal))


def municipalities(store: ox.Store, base: str) -> Municipalities:
    """Those that have files, and what is theirs."""
    by_graph: dict[str, frozenset[str]] = {}
    names: dict[str, dict[str, str]] = {}
    for graph, place in _graphs(store, f"{base}/id/"):
        if code := _code(store, place):
            by_graph[graph] = by_graph.get(graph, frozenset()) | {code}
            if code not in names:
                names[code] = _names(store, place, code)
    return Municipalities(by_graph, names, f"{base}/id/graph/persons")

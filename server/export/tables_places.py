"""The tables of each municipality, one archive for each (ZIP, which Excel's users can open without a program more):
the rows of the whole's tables that are of what its documents tell of, taken as those are written."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyoxigraph as ox

from server.export.dumps import DumpFile
from server.export.places import CODED, Municipalities
from server.export.rdf import written
from server.export.statistics import RDF_TYPE
from server.export.tables_csv import METADATA, Sheet, metadata

HELD: Final = 2**24  # bytes of rows, of all municipalities together, that wait in memory
EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first time that ZIP knows: the same content gives the same bytes."""
TYPE: Final = ox.NamedNode(RDF_TYPE)


class PlaceTables:
    """Takes the rows one by one; what does not fit in memory waits in a file for each table of a municipality."""

    def __init__(self, folder: Path, store: ox.Store, of: Municipalities) -> None:
        self._folder, self._store, self._of = folder, store, of
        self._waiting = folder / "rows"
        self._lines: dict[tuple[str, str], bytearray] = {}
        self._held = 0
        self._rows: Counter[tuple[str, str]] = Counter()

    def codes(self, iri: str) -> set[str]:
        """SCB's codes of the municipalities a thing is of: in whose documents it has a class, as a person where the
        joined persons have one. One look-up in the engine's index."""
        found: set[str] = set()
        subject = ox.NamedNode(iri) if ":" in iri else ox.BlankNode(iri)
        for quad in self._store.quads_for_pattern(subject, TYPE, None, None):
            graph = quad.graph_name
            if not isinstance(graph, ox.NamedNode):
                continue
            if graph.value != self._of.persons:
                found |= self._of.by_graph.get(graph.value, frozenset())
            elif (coded := re.match(CODED, iri)) and coded[1] in self._of.names:
                found.add(coded[1])
        return found

    def add(self, code: str, table: str, line: bytes) -> None:
        """Take a row of a table, as it stands in that of the whole."""
        key = code, table
        self._rows[key] += 1
        self._lines.setdefault(key, bytearray()).extend(line)
        self._held += len(line)
        if self._held >= HELD:
            self._put_aside()

    def written(self, sheets: list[Sheet], sources: Mapping[str, str]) -> Iterator[DumpFile]:
        """Write the archive of each municipality that has rows; `sources` as for tables_csv.metadata."""
        for code in sorted(self._of.names):
            own = [sheet for sheet in sheets if self._rows[code, sheet.table.name]]
            if own:
                yield self._archive(code, own, sources)
        if self._waiting.exists():
            shutil.rmtree(self._waiting)

    def _archive(self, code: str, sheets: list[Sheet], sources: Mapping[str, str]) -> DumpFile:
        path = self._folder / f"kommungraf-{code}-tables.zip"
        with written(path) as out, ZipFile(cast(IO[bytes], out), "w") as archive:
            for sheet in sheets:
                _add(archive, f"{sheet.table.name}.csv", sheet.header, *self._taken(code, sheet.table.name))
            _add(archive, METADATA, metadata([sheet.table for sheet in sheets], sources))
        rows, names = sum(self._rows[code, sheet.table.name] for sheet in sheets), self._of.names[code]
        said = {
            "sv": f"{names['sv']}: {len(sheets)} tabeller (CSV) och vad deras kolumner betyder",
            "en": f"{names['en']}: {len(sheets)} tables (CSV) and what their columns mean",
        }
        return DumpFile(path.name, "text/csv", "zip", out.bytes, out.sha256, said, rows=rows, municipality=code)

    def _taken(self, code: str, table: str) -> tuple[Path, bytes]:
        """The file where the first rows of a table wait, which need not be there, and the others."""
        return self._path(code, table), bytes(self._lines.get((code, table), b""))

    def _put_aside(self) -> None:
        self._waiting.mkdir(exist_ok=True)
        for (code, table), lines in self._lines.items():
            with self._path(code, table).open("ab") as file:
                file.write(lines)
        self._lines.clear()
        self._held = 0

    def _path(self, code: str, table: str) -> Path:
        return self._waiting / f"{code}-{table}"


def _add(archive: ZipFile, name: str, begin: bytes, waiting: Path | None = None, rest: bytes = b"") -> None:
    """Add a file to an archive: `begin`, what waits in a file where there is one, and `rest`."""
    info = ZipInfo(name, EARLIEST)
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
    there = waiting is not None and waiting.exists()
    info.file_size = len(begin) + len(rest) + (waiting.stat().st_size if waiting and there else 0)
    with archive.open(info, "w") as file:
        file.write(begin)
        if waiting and there:
            with waiting.open("rb") as lines:
                shutil.copyfileobj(lines, file)
            waiting.unlink()
        file.write(rest)

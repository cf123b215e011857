"""What the store was built from: DIR/store/record.sqlite, one row per source file and one per named graph.

It belongs to one version of the store; with the files of DIR/store/sources, which hold what was published, it says
what has changed since.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from server.storage.versions import delete, make_way

LAYOUT: Final = "1"
NAME: Final = "record.sqlite"


class Source(NamedTuple):
    """A file as it was published: bytes, time of its last change in nanoseconds, inode, SHA-256 in hex."""

    size: int
    changed: int
    inode: int
    sha256: str


SHA256: Final = attrgetter("sha256")
"""The digest of a source: thousands are asked for it at once."""


class GraphCount(NamedTuple):
    """How many triples a named graph has; `exact`: as many as its files have lines, so that each line is a triple
    of its own (the engine writes "1.50" as "1.5", and two files may say the same)."""

    triples: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Record:
    """An open record. Its version is None where it was never finished."""

    connection: sqlite3.Connection

    def version(self) -> str | None:
        row = self.connection.execute("SELECT value FROM about WHERE key = 'version'").fetchone()
        return None if row is None else str(row[0])

    def sources(self) -> dict[str, Source]:
        """Every source file by its path in the data folder."""
        rows = self.connection.execute("SELECT name, size, changed, inode, sha256 FROM files")
        return {row[0]: Source._make(row[1:]) for row in rows}

    def graph(self, name: str) -> GraphCount:
        """The count of a graph; of one that is not there, none."""
        row = self.connection.execute("SELECT triples, exact FROM graphs WHERE name = ?", [name]).fetchone()
        return GraphCount(0, True) if row is None else GraphCount(row[0], bool(row[1]))

    def graphs(self) -> dict[str, int]:
        """How many triples each named graph has."""
        return dict(self.connection.execute("SELECT name, triples FROM graphs"))

    def graphs_of(self, file: str) -> set[str]:
        return {row[0] for row in self.connection.execute("SELECT graph FROM holds WHERE file = ?", [file])}

    def files_of(self, graph: str) -> set[str]:
        return {row[0] for row in self.connection.execute("SELECT file FROM holds WHERE graph = ?", [graph])}

    def keep_all(
        self,
        version: str,
        sources: Mapping[str, Source],
        holds: Mapping[str, Iterable[str]],
        graphs: Mapping[str, GraphCount],
    ) -> None:
        """Replace everything by what a whole build was made from. `holds`: the graphs of each file."""
        with self.connection as change:
            for table in ("about", "files", "holds", "graphs"):
                change.execute(f"DELETE FROM {table}")
            self._put(version, sources, holds, graphs)

    def keep(
        self,
        version: str,
        sources: Mapping[str, Source | None],
        holds: Mapping[str, Iterable[str]],
        graphs: Mapping[str, GraphCount],
    ) -> None:
        """Note a change: the files that changed (None: gone), the graphs of each of them, the graphs' new counts."""
        with self.connection as change:
            for name in sources:
                change.execute("DELETE FROM files WHERE name = ?", [name])
                change.execute("DELETE FROM holds WHERE file = ?", [name])
            self._put(version, {name: s for name, s in sources.items() if s is not None}, holds, graphs)
            change.execute("DELETE FROM graphs WHERE triples = 0")

    def _put(
        self,
        version: str,
        sources: Mapping[str, Source],
        holds: Mapping[str, Iterable[str]],
        graphs: Mapping[str, GraphCount],
    ) -> None:
        put = self.connection.executemany
        put("REPLACE INTO about VALUES ('version', ?)", [[version]])
        put("REPLACE INTO files VALUES (?, ?, ?, ?, ?)", ((name, *source) for name, source in sources.items()))
        put("REPLACE INTO holds VALUES (?, ?)", ((file, graph) for file, names in holds.items() for graph in names))
        put("REPLACE INTO graphs VALUES (?, ?, ?)", ((name, *count) for name, count in graphs.items()))


@contextmanager
def record_of(root: Path) -> Iterator[Record]:
    """Open the record of a store's folder; one that is damaged or of another layout begins anew, empty."""
    path = root / NAME
    make_way(path, is_folder=False)
    try:
        connection = _connected(path)
    except sqlite3.DatabaseError:
        forget(root)
        connection = _connected(path)
    try:
        yield Record(connection)
    finally:
        connection.close()


@contextmanager
def record_read(root: Path) -> Iterator[Record]:
    """Open the record of a store's folder, which is not written to; an empty one where none can be read."""
    try:
        connection = sqlite3.connect(f"file:{quote(str(root / NAME))}?mode=ro", uri=True)
        try:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("damaged")
            connection.execute("SELECT * FROM files, graphs LIMIT 1")  # an empty file has neither
        except sqlite3.Error:
            connection.close()
            raise
    except sqlite3.Error:
        connection = _connected(":memory:")
    try:
        yield Record(connection)
    finally:
        connection.close()


def listed(root: Path, version: str) -> dict[str, int]:
    """How many triples each named graph of a version has; nothing where the record, which is only read, is of another
    version or cannot be read."""
    try:
        connection = sqlite3.connect(f"file:{quote(str(root / NAME))}?mode=ro", uri=True)
        try:
            record = Record(connection)
            return record.graphs() if record.version() == version else {}
        finally:
            connection.close()
    except sqlite3.Error:
        return {}


def forget(root: Path) -> None:
    """Remove the record of a store's folder."""
    for path in root.glob(f"{NAME}*"):
        delete(path, is_folder=False)


def _connected(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute("PRAGMA synchronous = FULL")
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("damaged")
            connection.execute("CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, size INTEGER NOT NULL, "
                "changed INTEGER NOT NULL, inode INTEGER NOT NULL, sha256 TEXT NOT NULL)"
            )
            connection.execute(
                "CREATE TABLE IF NOT EXISTS holds (file TEXT, graph TEXT, PRIMARY KEY (file, graph)) WITHOUT ROWID"
            )
            connection.execute("CREATE INDEX IF NOT EXISTS held ON holds (graph)")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS graphs (name TEXT PRIMARY KEY, triples INTEGER NOT NULL, "
                "exact INTEGER NOT NULL)"
            )
            layout = connection.execute("PRAGMA user_version").fetchone()[0]
            if layout not in (0, int(LAYOUT)):
                raise sqlite3.DatabaseError("another layout")
            if not layout:
                connection.execute(f"PRAGMA user_version = {LAYOUT}")
    except BaseException:
        connection.close()
        raise
    return connection

"""The ledger of a data folder: one row per input document, in SQLite, and the files that each row owns."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from urllib.parse import quote

from server.data_folder.files import DataFolderError, is_full, place, stage, sync_folder
from server.data_folder.ledger_rows import Entry, Removed, digests_in, digests_of, digests_of_all, unreadable

__all__ = ["ERASING", "SHARED", "Entry", "Ledger", "Removed", "clear", "connect", "reading", "rows"]

LAYOUT = "2"  # of the ledger; one of another layout is not used
ERASING = "erasing"
"""The note that says that the store may still hold what was erased: it is built anew before anything else. Its value:
the date and the ground of the erasure, with a blank between."""
SHARED = ("persons.nq", "ledger.nq", "corrections.nq")
"""The files that belong to no document."""
_COLUMNS = tuple(f.name for f in fields(Entry))
_TYPES = {"conforms": "INTEGER", "warnings": "INTEGER", "claimed": "INTEGER"}


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open data folder. Only the process that got it from `writer` may call what writes."""

    folder: Path
    connection: sqlite3.Connection

    def entries(self) -> list[Entry]:
        """Every row, by SHA-256."""
        rows = self.connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM documents ORDER BY sha256")
        return [Entry(*row) for row in rows]

    def put(self, entry: Entry, files: Mapping[str, str], instead: Collection[str] = ()) -> Entry:
        """Write a document's files ({relative path: content}) and its row, `instead` of other rows (SHA-256), then
        sweep what these and itself had before.

        What is to be written stands on the disk before the row names it, and is put in its place afterwards, by the
        next writer where this one is killed: no file differs from its row for good.
        """
        before = {name for each in (entry.sha256, *instead) for name in self.files_of(each)}
        digests, staged = self._stage(files)
        entry = replace(entry, files=json.dumps(digests))
        marks = ", ".join("?" * len(_COLUMNS))
        row = f"REPLACE INTO documents ({', '.join(_COLUMNS)}) VALUES ({marks})"
        with self.connection:
            self.connection.execute(row, astuple(entry))
            self.connection.executemany("DELETE FROM documents WHERE sha256 = ?", [[each] for each in instead])
            for table in ("removed", "vanished"):
                self.connection.execute(f"DELETE FROM {table} WHERE sha256 = ?", [entry.sha256])
        self._place(staged)
        for name in before - set(files):
            (self.folder / name).unlink(missing_ok=True)
        return entry

    def put_shared(self, files: Mapping[str, str]) -> None:
        """Write files of SHARED ({relative path: content}), and remember what they hold."""
        digests, staged = self._stage(files)
        with self.connection:
            rows = ((_key(name), sha256) for name, sha256 in digests.items())
            self.connection.executemany("REPLACE INTO about (key, value) VALUES (?, ?)", rows)
        self._place(staged)

    def owned(self) -> dict[str, str | None]:
        """The SHA-256 of every file that there must be, by its path in the data folder; None where an older program
        wrote it. Raises DataFolderError."""
        files = digests_of_all(self.connection.execute("SELECT sha256, files FROM documents").fetchall())
        return files | self._shared()

    def claimed(self) -> dict[str, str | None]:
        """The same, without a look at whether a document may have such a file, in half the time. Raises
        DataFolderError."""
        [(files,)] = self.connection.execute("SELECT group_concat(files) FROM documents")
        return digests_in(files or "") | self._shared()

    def _shared(self) -> dict[str, str]:
        notes = ((name, self.note(_key(name))) for name in SHARED)
        return {name: sha256 for name, sha256 in notes if sha256 is not None}

    def document_of(self, path: str) -> str:
        """The file name of the document that owns a file; "" where it belongs to none."""
        named = "SELECT file_name FROM documents WHERE substr(sha256, 1, 16) = ?"
        row = self.connection.execute(named, [path.partition("/")[2][:16]]).fetchone()
        return "" if row is None else str(row[0])

    def _stage(self, files: Mapping[str, str]) -> tuple[dict[str, str], list[Path]]:
        """Write beside each file what it is to hold, where it does not hold that yet."""
        digests, staged = {}, []
        for name in sorted(files):
            path, content = self.folder / name, files[name].encode("utf-8")
            digests[name] = hashlib.sha256(content).hexdigest()
            if not path.is_file() or path.read_bytes() != content:
                stage(path, content)
                staged.append(path)
        for parent in {path.parent for path in staged}:
            sync_folder(parent)
        return digests, staged

    def _place(self, staged: list[Path]) -> None:
        for path in staged:
            place(path)
        for parent in {path.parent for path in staged}:
            sync_folder(parent)

    def bury(self, removed: Removed, vanished: Iterable[str]) -> None:
        """Put a tombstone in the place of a document's row, and remove its files; `vanished`: hashes of its IRIs.

        The note ERASING remembers that the store still holds it."""
        names = self.files_of(removed.sha256)
        with self.connection:
            self.connection.execute("DELETE FROM documents WHERE sha256 = ?", [removed.sha256])
            self.connection.execute("REPLACE INTO removed VALUES (?, ?, ?)", astuple(removed))
            hashes = ((each, removed.sha256) for each in vanished)
            self.connection.executemany("REPLACE INTO vanished VALUES (?, ?)", hashes)
            why = f"{removed.date} {removed.ground}"
            self.connection.execute("REPLACE INTO about (key, value) VALUES (?, ?)", [ERASING, why])
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def files_of(self, sha256: str) -> list[str]:
        """The files that a document owns, by their paths in the data folder."""
        rows = self.connection.execute("SELECT files FROM documents WHERE sha256 = ?", [sha256])
        return [name for row in rows for name in digests_of(sha256, row[0])]

    def removed(self) -> list[Removed]:
        """The tombstones, by SHA-256."""
        rows = self.connection.execute("SELECT sha256, date, ground FROM removed ORDER BY sha256")
        return [Removed(*row) for row in rows]

    def keep_hashes(
        self,
        names: Iterable[tuple[str, int, str, str, str]],
        surnames: Iterable[tuple[str, int, str, bool]],
        iris: Iterable[tuple[str, str, str, str]],
        mask: Callable[[str], str],
    ) -> None:
        """Keep what is known of somebody who is erased: names (hash, letters, salt, date, ground), surnames (hash,
        letters, salt, whether it is masked in every document) and IRIs (hash, salt, date, ground); and `mask` every
        ground, of these and of what was removed and erased before."""
        every = list(surnames)
        with self.connection:
            self.connection.executemany("REPLACE INTO erased VALUES (?, ?, ?, ?, ?)", names)
            self.connection.executemany("REPLACE INTO surnames VALUES (?, ?, ?)", (each[:3] for each in every))
            self.connection.executemany(
                "REPLACE INTO everywhere VALUES (?)", ((each[0],) for each in every if each[3])
            )
            self.connection.executemany("REPLACE INTO forgotten VALUES (?, ?, ?, ?)", iris)
            for table in ("removed", "erased", "forgotten"):
                for (ground,) in self.connection.execute(f"SELECT DISTINCT ground FROM {table}").fetchall():
                    self.connection.execute(f"UPDATE {table} SET ground = ? WHERE ground = ?", [mask(ground), ground])
            last = "SELECT ?, date || ' ' || ground FROM erased ORDER BY rowid DESC LIMIT 1"
            self.connection.execute(f"REPLACE INTO about (key, value) {last}", [ERASING])

    def keep_iris(self, iris: Iterable[tuple[str, str, str, str]]) -> None:
        """Keep what is known of further IRIs (hash, salt, date, ground) that go with what is erased."""
        with self.connection:
            self.connection.executemany("REPLACE INTO forgotten VALUES (?, ?, ?, ?)", iris)

    def hashes(self) -> list[tuple[int, str, str]]:
        """(letters, salt, hash) of every name that was erased."""
        return list(self.connection.execute("SELECT letters, salt, hash FROM erased ORDER BY hash"))

    def surname_hashes(self) -> list[tuple[int, str, str, bool]]:
        """(letters, salt, hash, whether it is masked in every document) of the surnames of those who were erased."""
        every = {row[0] for row in self.connection.execute("SELECT hash FROM everywhere")}
        rows = self.connection.execute("SELECT letters, salt, hash FROM surnames ORDER BY hash")
        return [(letters, salt, hashed, hashed in every) for letters, salt, hashed in rows]

    def compact(self) -> None:
        """Write the ledger's file anew, so that nothing erased is left in it."""
        self.connection.execute("VACUUM")

    def note(self, key: str) -> str | None:
        """What is remembered under a key ("base", "personal numbers", "published"), or None."""
        row = self.connection.execute("SELECT value FROM about WHERE key = ?", [key]).fetchone()
        return None if row is None else str(row[0])

    def remember(self, key: str, value: str) -> None:
        with self.connection:
            self.connection.execute("REPLACE INTO about (key, value) VALUES (?, ?)", [key, value])


def _key(name: str) -> str:
    return f"sha256 of {name}"


def rows(path: Path) -> int | None:
    """How many documents a ledger knows, and knew; None where it is missing or was never made.

    Raises DataFolderError where it cannot be read.
    """
    if not path.is_file():
        return None
    with clear():
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True)  # a hot journal is rolled back
        try:
            there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            tables = [table for table in ("documents", "removed") if table in there]
            counts = [connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables]
            return sum(counts) if tables else None
        finally:
            connection.close()


@contextmanager
def clear() -> Iterator[None]:
    """Raise DataFolderError where a ledger is damaged or another process holds it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)  # the extended code: its last byte is the code
        if code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise DataFolderError(
                f"En annan process skriver i datamappens liggare ({error}). Vänta tills den är klar och försök "
                f"igen.\nAnother process is writing to the data folder's ledger ({error}). Wait for it to finish and "
                "try again."
            ) from error
        if isinstance(error, sqlite3.OperationalError | sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise  # no damage: the disk, or the program
        raise unreadable(error) from error


def connect(path: Path) -> sqlite3.Connection:
    """Open a ledger to write; makes it where it is missing. Raises DataFolderError where it cannot be used."""
    columns = ", ".join(f"{c} {_TYPES.get(c, 'TEXT')} NOT NULL" for c in _COLUMNS[1:])
    return _open(
        f"file:{quote(str(path))}",
        "PRAGMA synchronous = FULL",
        f"CREATE TABLE IF NOT EXISTS documents (sha256 TEXT PRIMARY KEY, {columns})",
        "PRAGMA secure_delete = ON",
        "CREATE TABLE IF NOT EXISTS removed (sha256 TEXT PRIMARY KEY, date TEXT NOT NULL, ground TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS erased (hash TEXT PRIMARY KEY, letters INTEGER NOT NULL, salt TEXT NOT NULL, "
        "date TEXT NOT NULL, ground TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS surnames (hash TEXT PRIMARY KEY, letters INTEGER NOT NULL, salt TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS everywhere (hash TEXT PRIMARY KEY)",
        "CREATE TABLE IF NOT EXISTS forgotten (hash TEXT PRIMARY KEY, salt TEXT NOT NULL, date TEXT NOT NULL, "
        "ground TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS vanished (hash TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (hash, sha256))",
        "CREATE TABLE IF NOT EXISTS corrections (number INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, "
        "predicate TEXT NOT NULL, former TEXT NOT NULL, value TEXT NOT NULL, decided_by TEXT NOT NULL, "
        "ground TEXT NOT NULL, date TEXT NOT NULL, withdrawn TEXT NOT NULL, withdrawal TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        f"INSERT OR IGNORE INTO about VALUES ('layout', '{LAYOUT}')",
    )


@contextmanager
def reading(folder: Path) -> Iterator[Ledger]:
    """Open the ledger of a data folder, which is there already, to read it.

    Raises DataFolderError where it cannot be used.
    """
    path = folder / "ledger.sqlite"
    try:
        connection = _open(f"file:{quote(str(path))}?mode=ro")
    except DataFolderError:
        if not path.with_name(f"{path.name}-journal").exists():
            raise
        connection = connect(path)  # a writer was killed in the middle: SQLite takes its half back, which is to write
    try:
        with clear():
            yield Ledger(folder, connection)
    finally:
        connection.close()


def _open(address: str, *statements: str) -> sqlite3.Connection:
    connection = None
    try:
        with clear():
            connection = sqlite3.connect(address, uri=True)
            with connection:
                for statement in statements:
                    connection.execute(statement)
            layout = connection.execute("SELECT value FROM about WHERE key = 'layout'").fetchone()[0]
    except (sqlite3.DatabaseError, TypeError, DataFolderError) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, DataFolderError) or is_full(error):
            raise
        raise unreadable(error) from error
    if layout != LAYOUT:
        connection.close()
        raise DataFolderError(
            f"Datamappen har layout {layout}, inte {LAYOUT}. Läs in handlingarna på nytt i en ny mapp.\n"
            f"The data folder has layout {layout}, not {LAYOUT}. Ingest the documents again into a new folder."
        )
    return connection

"""What the change feed knows of itself, for its writer alone: DIR/feed/index.sqlite.

A record is what the feed calls an entity: a number and nothing else, so that what is left of an erased person's IRI,
which holds the name, is a number.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from server.storage.versions import delete, make_way

LAYOUT: Final = "2"
NAME: Final = "index.sqlite"
PASSING: Final = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
)
"""What is no damage of an index: the disk, or another process."""


class Page(NamedTuple):
    """A page of the feed: which, how often it was replaced (from 1), its file, how many members it has, the numbers
    of the first and the last that it ever had, between which times (xsd:dateTime) they are, and the size and SHA-256
    of its file. A closed page gets no more members."""

    number: int
    generation: int
    file: str
    members: int
    first: int
    last: int
    lower: str
    upper: str
    closed: bool
    size: int = 0
    sha256: str = ""

    def name(self, epoch: str) -> str:
        """The last segment of its path."""
        return f"{epoch}-{self.number}" + (f"-{self.generation}" if self.generation > 1 else "")


class Known(NamedTuple):
    """A record: its number, a digest of what was told last (None: that it is gone), and the number of that member."""

    number: int
    digest: bytes | None
    member: int


@dataclass(frozen=True, slots=True)
class Index:
    """An open index, in a transaction; `numbers`: the last of each kind that was given out."""

    connection: sqlite3.Connection
    numbers: dict[str, int] = field(default_factory=dict)

    def note(self, key: str) -> str:
        """What is remembered: epoch, base, version (that is told), told (the time of it), and the last numbers."""
        row = self.connection.execute("SELECT value FROM about WHERE key = ?", [key]).fetchone()
        return "" if row is None else str(row[0])

    def remember(self, key: str, value: str) -> None:
        self.connection.execute("REPLACE INTO about VALUES (?, ?)", [key, value])

    def next(self, key: str) -> int:
        """The next number of some kind (member, record, page, file), from 1. Raises sqlite3.DatabaseError."""
        before = self.numbers.get(key)
        if before is None:
            noted = self.note(key) or "0"
            if not noted.isdecimal():
                raise sqlite3.DatabaseError(f"{key}: {noted}")
            before = int(noted)
        self.numbers[key] = number = before + 1
        return number

    def known(self, iri: str) -> Known | None:
        row = self.connection.execute("SELECT number, digest, member FROM records WHERE iri = ?", [iri]).fetchone()
        return None if row is None else Known(*row)

    def keep(self, iri: str, record: Known) -> None:
        self.connection.execute("REPLACE INTO records VALUES (?, ?, ?, ?)", [iri, *record])

    def latest(self, record: int) -> int | None:
        """The number of the last member about a record; None where nothing but its deletion is known."""
        row = self.connection.execute("SELECT member FROM records WHERE number = ?", [record]).fetchone()
        return None if row is None else int(row[0])

    def saw(self, record: int) -> None:
        """Note that a record is in the published data. Raises sqlite3.IntegrityError the second time."""
        self.connection.execute("INSERT INTO seen VALUES (?)", [record])

    def unseen(self) -> list[tuple[str, Known]]:
        """The records that are not in the published data, and were."""
        rows = self.connection.execute(
            "SELECT iri, number, digest, member FROM records WHERE digest IS NOT NULL "
            "AND number NOT IN (SELECT number FROM seen) ORDER BY number"
        )
        return [(row[0], Known(*row[1:])) for row in rows]

    def forget_gone(self) -> None:
        """Drop the IRIs of all records that are gone."""
        self.connection.execute("DELETE FROM records WHERE digest IS NULL")

    def pages(self) -> list[Page]:
        rows = self.connection.execute("SELECT * FROM pages ORDER BY number")
        return [Page._make((*row[:8], bool(row[8]), *row[9:])) for row in rows]

    def put(self, page: Page) -> None:
        self.connection.execute("REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", page)


@contextmanager
def writing(folder: Path, base: str) -> Iterator[Index]:
    """Open the index of a feed's folder in one transaction, which is undone where it ends in an error.

    One that is damaged, of another layout or of another base begins anew, with an epoch of its own. Raises
    sqlite3.Error and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    make_way(folder / NAME, is_folder=False)
    try:
        connection = _connected(folder, base)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        drop(folder)
        connection = _connected(folder, base)
    try:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM temp.seen")
            index = Index(connection)
            yield index
            for key, number in index.numbers.items():
                index.remember(key, str(number))
    finally:
        connection.close()


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error tells that an index is damaged; what else it tells may be otherwise the next time."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return isinstance(error, sqlite3.DatabaseError) and code & 0xFF not in PASSING


def drop(folder: Path) -> None:
    """Remove the index: the feed begins anew."""
    for path in folder.glob(f"{NAME}*"):
        delete(path, is_folder=False)


def compact(folder: Path) -> None:
    """Write the index anew, so that nothing of what was dropped is left in it."""
    connection = sqlite3.connect(folder / NAME, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("VACUUM")
    finally:
        connection.close()


def _connected(folder: Path, base: str) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / NAME, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("CREATE TEMP TABLE seen (number INTEGER PRIMARY KEY)")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS records (iri TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, digest BLOB, "
            "member INTEGER NOT NULL) WITHOUT ROWID"
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS pages (number INTEGER PRIMARY KEY, generation INTEGER NOT NULL, "
            "file TEXT NOT NULL, members INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, "
            "lower TEXT NOT NULL, upper TEXT NOT NULL, closed INTEGER NOT NULL, "
            "size INTEGER NOT NULL, sha256 TEXT NOT NULL)"
        )
        put = "INSERT OR IGNORE INTO about VALUES (?, ?)"
        for key, value in (("layout", LAYOUT), ("base", base), ("epoch", secrets.token_hex(4))):
            connection.execute(put, [key, value])
        connection.execute("COMMIT")
        about = dict(connection.execute("SELECT key, value FROM about WHERE key IN ('layout', 'base')"))
        if about != {"layout": LAYOUT, "base": base}:
            raise sqlite3.DatabaseError("of another layout or base")
    except BaseException:
        connection.close()
        raise
    return connection

"""The data folder: a ledger of the documents, and the files that the store is a cache of.

    DIR/ledger.sqlite        one row per input document, and whether the store is up to date
    DIR/documents/{id}.nq    the graph of an accepted document; {id}: first 16 hex of the SHA-256 of its bytes
    DIR/quarantine/{id}.nq   the graph of a document with violations, {id}.txt what to do about them, and
                             {id}.source.txt its canonical text
    DIR/reports/{id}.nq .txt validation reports of quarantined documents, and of those with warnings
    DIR/texts/{id}.txt       the canonical text, UTF-8
    DIR/decisions.toml       decisions on persons by hand, where there are any
    DIR/persons.nq           graph/persons, over all accepted documents
    DIR/ledger.nq            graph/ledger: statuses, line counts, file names and times; the only times there are
    DIR/store/               the store's own

Files are written whole or not at all; a row says which files it owns, and files that no row owns are swept
away when the next writer starts. So a writer may be killed at any moment.
"""

import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from urllib.parse import quote

SUBFOLDERS = ("documents", "quarantine", "reports", "texts")
LAYOUT = "1"


class DataFolderError(Exception):
    """The data folder cannot be used; the text says why, in Swedish and English, and is meant for the user."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger: what became of one document.

    `status` is accepted, quarantined or refused; `reason` a key, told in `reason_sv` and `reason_en`.
    `program` and `municipality` are what it was read with; `page_starts`, `ignored` ({rule: lines}),
    `unread` ([[line, rule, text]]), `mentions` and `files` are JSON; `persons` is a fingerprint of how the persons
    it mentions were resolved; `conforms` whether it does by itself (1) or not (0); `ended_at` is ISO 8601 in UTC.
    """

    sha256: str
    file_name: str
    status: str
    reason: str = ""
    reason_sv: str = ""
    reason_en: str = ""
    program: str = ""
    municipality: str = ""
    format: str = ""
    page_starts: str = "[]"
    mentions: str = "[]"
    persons: str = ""
    conforms: int = 0
    warnings: int = 0
    claimed: int = 0
    ignored: str = "{}"
    unread: str = "[]"
    files: str = "[]"
    ended_at: str = ""

    @property
    def id(self) -> str:
        return self.sha256[:16]

    @property
    def ignored_lines(self) -> int:
        return sum(json.loads(self.ignored).values())

    @property
    def unread_lines(self) -> int:
        return len(json.loads(self.unread))


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

    def put(self, entry: Entry, files: Mapping[str, str]) -> Entry:
        """Write a document's files ({relative path: content}), then its row, then sweep what it had before."""
        before = {
            e
            for row in self.connection.execute("SELECT files FROM documents WHERE sha256 = ?", [entry.sha256])
            for e in json.loads(row[0])
        }
        for name, content in files.items():
            write(self.folder / name, content.encode("utf-8"))
        entry = replace(entry, files=json.dumps(sorted(files)))
        marks = ", ".join("?" * len(_COLUMNS))
        row = f"REPLACE INTO documents ({', '.join(_COLUMNS)}) VALUES ({marks})"
        with self.connection:
            self.connection.execute(row, astuple(entry))
        for name in before - set(files):
            (self.folder / name).unlink(missing_ok=True)
        return entry

    def note(self, key: str) -> str | None:
        """What is remembered under a key ("base", "published"), or None."""
        row = self.connection.execute("SELECT value FROM about WHERE key = ?", [key]).fetchone()
        return None if row is None else str(row[0])

    def remember(self, key: str, value: str) -> None:
        with self.connection:
            self.connection.execute("REPLACE INTO about (key, value) VALUES (?, ?)", [key, value])


@contextmanager
def writer(folder: Path) -> Iterator[Ledger]:
    """Open a data folder to write, alone; makes it where it is missing, and sweeps away what no row owns.

    Raises DataFolderError where another process writes to it, or where it is no data folder.
    """
    _check(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = open(folder / "lock", "a")  # noqa: SIM115  (closed below; the lock must outlive this block)
        for name in SUBFOLDERS:
            (folder / name).mkdir(exist_ok=True)
    except OSError as error:
        raise DataFolderError(
            f"Det går inte att skriva i datamappen {folder}: {error.strerror}. Välj en annan med --data.\n"
            f"The data folder {folder} cannot be written: {error.strerror}. Choose another with --data."
        ) from error
    with lock:
        try:
            # A record lock belongs to the process alone: worker processes that outlive a killed writer hold none.
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DataFolderError(
                f"En annan process skriver i datamappen {folder}. Vänta tills den är klar och försök igen.\n"
                f"Another process is writing to the data folder {folder}. Wait for it to finish and try again."
            ) from error
        connection = _connect(folder / "ledger.sqlite")
        try:
            ledger = Ledger(folder, connection)
            _sweep(ledger)
            yield ledger
        finally:
            connection.close()


def entries(folder: Path) -> list[Entry]:
    """Every row of a data folder's ledger, by SHA-256; raises DataFolderError where there is none."""
    if not (folder / "ledger.sqlite").is_file():
        raise DataFolderError(
            f"{folder} är ingen datamapp. Fyll en med: kommungraf ingest HANDLINGAR --data {folder}\n"
            f"{folder} is no data folder. Fill one with: kommungraf ingest DOCUMENTS --data {folder}"
        )
    connection = _open(f"file:{quote(str(folder / 'ledger.sqlite'))}?mode=ro")
    try:
        return Ledger(folder, connection).entries()
    finally:
        connection.close()


def write(path: Path, content: bytes) -> bool:
    """Write a file whole or not at all, durably; says False, and leaves it, where it already holds just that."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return True


def expand(paths: Iterable[Path]) -> list[Path]:
    """The files that some paths mean: folders are searched to the bottom, hidden files left out, each file once.

    The order depends on the names alone. Raises DataFolderError for a path that does not exist.
    """
    files: set[Path] = set()
    for path in paths:
        if path.is_dir():
            files |= {f for f in path.rglob("*") if f.is_file() and not _hidden(f.relative_to(path))}
        elif path.is_file():
            files.add(path)
        else:
            raise DataFolderError(
                f"{path} finns inte. Ange en fil eller en mapp med handlingar.\n"
                f"{path} does not exist. Give a file or a folder of documents."
            )
    return sorted(files, key=lambda f: (f.name, str(f)))


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def claim_base(ledger: Ledger, base: str) -> None:
    """Remember what the IRIs of a data folder begin with; raises DataFolderError where it was another."""
    before = ledger.note("base")
    if before is not None and before != base:
        raise DataFolderError(
            f"Datamappens IRI:er börjar med {before}, inte {base}. Läs in handlingarna i en ny mapp.\n"
            f"The IRIs of the data folder begin with {before}, not {base}. Ingest the documents into a new folder."
        )
    ledger.remember("base", base)


def keep(ledger: Ledger, entry: Entry, quads: str, text: str, report: str, told: str) -> None:
    """Write an accepted or quarantined document: its graph, its text, and its report where there is one to tell."""
    name = entry.id
    if entry.status == "accepted":
        files = {f"documents/{name}.nq": quads, f"texts/{name}.txt": text}
    else:
        files = {
            f"quarantine/{name}{end}": content
            for end, content in ((".nq", quads), (".source.txt", text), (".txt", told))
        }
    if told:
        files |= {f"reports/{name}.nq": report, f"reports/{name}.txt": told}
    ledger.put(entry, files)


def canonical(ledger: Ledger, entry: Entry) -> str:
    """The canonical text of a document that was not refused."""
    name = f"texts/{entry.id}.txt" if entry.status == "accepted" else f"quarantine/{entry.id}.source.txt"
    return (ledger.folder / name).read_bytes().decode("utf-8")


def whole(ledger: Ledger, entry: Entry) -> bool:
    """Whether every file that a row owns is still there."""
    return all((ledger.folder / name).is_file() for name in json.loads(entry.files))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _check(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise DataFolderError(f"{folder} är ingen mapp.\n{folder} is not a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "lock").exists():
        raise DataFolderError(
            f"{folder} är inte tom och ingen datamapp. Ange en tom eller ny mapp med --data.\n"
            f"{folder} is not empty and no data folder. Give an empty or new folder with --data."
        )


def _connect(path: Path) -> sqlite3.Connection:
    columns = ", ".join(f"{c} {_TYPES.get(c, 'TEXT')} NOT NULL" for c in _COLUMNS[1:])
    return _open(
        f"file:{quote(str(path))}",
        "PRAGMA synchronous = FULL",
        f"CREATE TABLE IF NOT EXISTS documents (sha256 TEXT PRIMARY KEY, {columns})",
        "CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        f"INSERT OR IGNORE INTO about VALUES ('layout', '{LAYOUT}')",
    )


def _open(address: str, *statements: str) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(address, uri=True)
        with connection:
            for statement in statements:
                connection.execute(statement)
        layout = connection.execute("SELECT value FROM about WHERE key = 'layout'").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise DataFolderError(
            f"Datamappens liggare går inte att läsa ({error}). Läs in handlingarna på nytt i en ny mapp.\n"
            f"The data folder's ledger cannot be read ({error}). Ingest the documents again into a new folder."
        ) from error
    if layout != LAYOUT:
        connection.close()
        raise DataFolderError(
            f"Datamappen har layout {layout}, inte {LAYOUT}. Läs in handlingarna på nytt i en ny mapp.\n"
            f"The data folder has layout {layout}, not {LAYOUT}. Ingest the documents again into a new folder."
        )
    return connection


def _sweep(ledger: Ledger) -> None:
    owned = {name for entry in ledger.entries() for name in json.loads(entry.files)}
    for subfolder in SUBFOLDERS:
        for path in (ledger.folder / subfolder).iterdir():
            if f"{subfolder}/{path.name}" not in owned:
                path.unlink()
    for path in ledger.folder.glob(".*.tmp"):
        path.unlink()

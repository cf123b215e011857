"""The data folder: a ledger of the documents, and the files that the store is a cache of.

    DIR/ledger.sqlite        one row per input document, and whether the store is up to date
    DIR/documents/{id}.nq    the graph of an accepted document; {id}: first 16 hex of the SHA-256 of its bytes
    DIR/quarantine/{id}.nq   the graph of a document with violations, {id}.txt what to do about them, and
                             {id}.source.txt its canonical text
    DIR/reports/{id}.txt     for a clerk: problems and warnings with their places, and the account of the reading
    DIR/reports/{id}.nq      validation reports of quarantined documents, and of those with warnings
    DIR/texts/{id}.txt       the canonical text, UTF-8
    DIR/uncorrected/{id}.nq  what a document said that is published corrected (server.corrections.correction)
    DIR/followed/{id}.json   of an imported change feed: which of its pages and members were taken
    DIR/corrections.nq       graph/corrections, where there are any
    DIR/decisions.toml       decisions on persons by hand, where there are any
    DIR/renamed.tsv          things that have another IRI now, by hand, where there are any (server.gone.renamed)
    DIR/kommungraf.toml      who publishes, by hand, where it is told (server.catalogue.publisher)
    DIR/persons.nq           graph/persons, over all accepted documents
    DIR/ledger.nq            graph/ledger: statuses, line counts, file names and times; the only times there are
    DIR/store/               the store's own
    DIR/search/              the search index, a cache of the store (server.search.index)

Files are written whole or not at all; a row says which files it owns and what they hold, and when the next writer
starts, what was yet to be put in its place is put there, and files that no row owns are swept away. So a writer may
be killed at any moment. Where the ledger is lost, nothing is swept.
"""

import fcntl
import os
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from server.corrections.correction import UNCORRECTED, active, corrected
from server.data_folder.files import DataFolderError, beside, digest, expand, place, write
from server.data_folder.ledger import SHARED, Entry, Ledger, clear, connect, reading, rows
from server.data_folder.ledger_rows import SUBFOLDERS

__all__ = [
    "SUBFOLDERS", "DataFolderError", "Entry", "Ledger", "as_read", "canonical", "check_ledger", "claim_base",
    "digest", "entries", "expand", "graph_files", "held", "keep", "publish_graph", "still", "whole", "write",
    "writer",
]  # fmt: skip

WORK = ".copying"
"""Where backup and restore write what they are to put into a folder (server.data_folder.place_of_copy)."""
_TO_WRITE, _TO_READ = (struct.pack("hhqqi4x", kind, os.SEEK_SET, 0, 0, 0) for kind in (fcntl.F_WRLCK, fcntl.F_RDLCK))
"""Each a struct flock: a file from its first byte to the last."""


@contextmanager
def writer(folder: Path) -> Iterator[Ledger]:
    """Open a data folder to write, alone; makes it where it is missing, and sweeps away what no row owns.

    Raises DataFolderError where another process writes to it, where it is no data folder, or where its ledger was
    lost.
    """
    with held(folder):
        check_ledger(folder)
        for name in SUBFOLDERS:
            (folder / name).mkdir(exist_ok=True)
        connection = connect(folder / "ledger.sqlite")
        try:
            ledger = Ledger(folder, connection)
            with clear():
                _sweep(ledger)
                yield ledger
        finally:
            connection.close()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep all other writers out of a data folder; makes it where it is missing.

    Raises DataFolderError where another process writes to it, or where it is no data folder.
    """
    _check(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = open(folder / "lock", "a")  # noqa: SIM115  (closed below; the lock must outlive this block)
    except OSError as error:
        raise DataFolderError(
            f"Det går inte att skriva i datamappen {folder}: {error.strerror}. Välj en annan med --data.\n"
            f"The data folder {folder} cannot be written: {error.strerror}. Choose another with --data."
        ) from error
    with lock:
        try:
            # Of the open file, as no other program starts with it: a lock of the process (lockf) is given up when the
            # process closes any descriptor of the file, say of one that it copies.
            fcntl.fcntl(lock, fcntl.F_OFD_SETLK, _TO_WRITE)
        except OSError as error:
            raise _busy(folder) from error
        yield


def entries(folder: Path) -> list[Entry]:
    """Every row of a data folder's ledger, by SHA-256; raises DataFolderError where there is none."""
    if not (folder / "ledger.sqlite").is_file():
        _refuse_begun(folder)
        check_ledger(folder)
        raise DataFolderError(
            f"{folder} är ingen datamapp. Fyll en med: kommungraf ingest HANDLINGAR --data {folder}\n"
            f"{folder} is no data folder. Fill one with: kommungraf ingest DOCUMENTS --data {folder}"
        )
    with reading(folder) as ledger:
        return ledger.entries()


@contextmanager
def still(folder: Path) -> Iterator[None]:
    """Keep writers out of a data folder that is read, also of one that may only be read. Raises DataFolderError where
    another process writes to it."""
    if os.access(folder, os.W_OK):
        with held(folder):
            yield
        return
    with (folder / "lock").open("rb") if (folder / "lock").exists() else nullcontext() as lock:
        try:
            if lock:
                fcntl.fcntl(lock, fcntl.F_OFD_SETLK, _TO_READ)
        except BlockingIOError as error:
            raise _busy(folder) from error
        yield


def _busy(folder: Path) -> DataFolderError:
    return DataFolderError(
        f"En annan process skriver i datamappen {folder}. Vänta tills den är klar och försök igen.\n"
        f"Another process is writing to the data folder {folder}. Wait for it to finish and try again."
    )


def claim_base(ledger: Ledger, base: str) -> None:
    """Remember what the IRIs of a data folder begin with; raises DataFolderError where it was another."""
    before = ledger.note("base")
    if before is not None and before != base:
        raise DataFolderError(
            f"Datamappens IRI:er börjar med {before}, inte {base}. Läs in handlingarna i en ny mapp.\n"
            f"The IRIs of the data folder begin with {before}, not {base}. Ingest the documents into a new folder."
        )
    ledger.remember("base", base)


def keep(ledger: Ledger, entry: Entry, quads: str, text: str, report: str, told: str, account: str = "") -> None:
    """Write an accepted or quarantined document: its graph, corrected as it was decided, its text, its report where
    something was to complain of (`told`, for a clerk), and the account of its reading."""
    name = entry.id
    if entry.status == "accepted":
        files = {f"texts/{name}.txt": text, **graph_files(name, quads, corrected(quads, active(ledger)))}
    else:
        files = {
            f"quarantine/{name}{end}": content
            for end, content in ((".nq", quads), (".source.txt", text), (".txt", told))
        }
    if told:
        files[f"reports/{name}.nq"] = report
    if told or account:
        files[f"reports/{name}.txt"] = told + ("\n" if told and account else "") + account
    ledger.put(entry, files)


def graph_files(name: str, quads: str, published: str) -> dict[str, str]:
    """The files of an accepted document's graph, {relative path: content}: as it is published, and as it was read
    where that is not the same."""
    return {f"documents/{name}.nq": published} | ({} if published == quads else {f"{UNCORRECTED}/{name}.nq": quads})


def as_read(ledger: Ledger, entry: Entry) -> str:
    """The graph of an accepted document as it was read, before any correction."""
    name = f"{UNCORRECTED}/{entry.id}.nq"
    name = name if name in entry.digests else f"documents/{entry.id}.nq"
    return (ledger.folder / name).read_bytes().decode("utf-8")


def publish_graph(ledger: Ledger, entry: Entry, quads: str, published: str) -> None:
    """Write an accepted document's graph anew, and leave its other files as they are."""
    others = [name for name in entry.digests if not name.startswith(("documents/", f"{UNCORRECTED}/"))]
    files = {name: (ledger.folder / name).read_bytes().decode("utf-8") for name in others}
    ledger.put(entry, files | graph_files(entry.id, quads, published))


def canonical(ledger: Ledger, entry: Entry) -> str:
    """The canonical text of a document that was not refused."""
    name = f"texts/{entry.id}.txt" if entry.status == "accepted" else f"quarantine/{entry.id}.source.txt"
    return (ledger.folder / name).read_bytes().decode("utf-8")


def whole(ledger: Ledger, entry: Entry) -> bool:
    """Whether every file that a row owns is still there, and holds what the row says."""
    return not any(damaged(ledger.folder / name, sha256) for name, sha256 in entry.digests.items())


def damaged(path: Path, sha256: str | None) -> bool:
    """Whether a file is missing or holds something else than the ledger says (None: what it says is not known)."""
    return not path.is_file() or (sha256 is not None and digest(path) != sha256)


def _check(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise DataFolderError(f"{folder} är ingen mapp.\n{folder} is not a folder.")
    _refuse_begun(folder)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "lock").exists():
        raise DataFolderError(
            f"{folder} är inte tom och ingen datamapp. Ange en tom eller ny mapp med --data.\n"
            f"{folder} is not empty and no data folder. Give an empty or new folder with --data."
        )


def _refuse_begun(folder: Path) -> None:
    if (folder / WORK).exists() and not (folder / "ledger.sqlite").exists():
        raise DataFolderError(
            f"En återställning till {folder} är inte avslutad. Kör samma kommungraf restore igen.\n"
            f"A restoration into {folder} is not complete. Run the same kommungraf restore again."
        )


def check_ledger(folder: Path) -> None:
    """Raises DataFolderError where a folder holds what a ledger must tell of, and the ledger knows of nothing."""
    known = rows(folder / "ledger.sqlite")
    if known:
        return
    shared = [name for name in (*SHARED, "store") if known is None and (folder / name).exists()]
    if shared or any(any((folder / name).glob("[!.]*")) for name in SUBFOLDERS):
        raise DataFolderError(
            f"Liggaren {folder / 'ledger.sqlite'} saknas eller är tom, men datamappen har innehåll. Ingenting är "
            "ändrat. Återställ den från en säkerhetskopia, eller läs in handlingarna på nytt i en ny mapp.\n"
            f"The ledger {folder / 'ledger.sqlite'} is missing or empty, but the data folder is not. Nothing was "
            "changed. Restore it from a backup, or ingest the documents again into a new folder."
        )


def _sweep(ledger: Ledger) -> None:
    """Put in its place what a writer that was killed had yet to put there, and remove what no row owns."""
    owned = ledger.owned()
    for name, sha256 in owned.items():
        staged = beside(ledger.folder / name)
        if staged.is_file() and digest(staged) == sha256:
            place(ledger.folder / name)
    for subfolder in SUBFOLDERS:
        for path in (ledger.folder / subfolder).iterdir():
            if f"{subfolder}/{path.name}" not in owned:
                path.unlink()
    for path in ledger.folder.glob(".*.tmp"):
        path.unlink()
    shutil.rmtree(ledger.folder / WORK, ignore_errors=True)  # of a restoration that is complete

"""The files of a data folder, compared with what its ledger says of them."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from server.data_folder.folder import damaged
from server.data_folder.ledger import Ledger, reading


class Differs(Exception):
    """A file is missing or is not what the ledger says; the message says which, in Swedish and English, and what to
    do."""


def owned(data_dir: Path) -> dict[str, str | None]:
    """The SHA-256 of every file, by path, as the ledger says; nothing where there is no ledger. Raises
    DataFolderError."""
    if not (data_dir / "ledger.sqlite").is_file():
        return {}
    with reading(data_dir) as ledger:
        return ledger.owned()


def check_there(data_dir: Path, files: Mapping[str, str | None], there: Collection[str]) -> None:
    """Raises Differs where a file to be published is not there."""
    for name in sorted(files.keys() - set(there)):
        if name.endswith(".nq") and not name.startswith(("quarantine/", "uncorrected/")):
            _differs(data_dir, name)


def check(data_dir: Path, files: Mapping[str, str | None], there: Mapping[str, str]) -> None:
    """Raises Differs where a file, of some SHA-256 by its path, is not what the ledger says."""
    for name in files.keys() & there.keys():
        if files[name] not in (None, there[name]):
            _differs(data_dir, name)


def differences(data_dir: Path) -> Iterator[tuple[str, str]]:
    """Each file that is missing or differs, in Swedish and English; every file is read. Raises DataFolderError."""
    for name, sha256 in sorted(owned(data_dir).items()):
        if damaged(data_dir / name, sha256):
            with reading(data_dir) as ledger:
                yield wrong(ledger, name)


def _differs(data_dir: Path, name: str) -> None:
    with reading(data_dir) as ledger:
        raise Differs("\n".join(wrong(ledger, name)))


def wrong(ledger: Ledger, name: str) -> tuple[str, str]:
    """What to say, in Swedish and English, of a file that is missing or differs."""
    document = ledger.document_of(name)
    if not document:
        return (
            f"{name} saknas eller är inte vad liggaren säger. Kör kommungraf ingest med någon handling: den görs om.",
            f"{name} is missing or not what the ledger says. Run kommungraf ingest with any document: that makes it.",
        )
    return (
        f"{name} saknas eller är inte vad liggaren säger. Läs in handlingen på nytt med kommungraf ingest: "
        f"{document}",
        f"{name} is missing or not what the ledger says. Ingest the document again with kommungraf ingest: "
        f"{document}",
    )

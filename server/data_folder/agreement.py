"""The files of a data folder, compared with what its ledger says of them."""

from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from server.data_folder.folder import damaged
from server.data_folder.ledger import Ledger, reading


class Differs(Exception):
    """A file is missing or is not what the ledger says; the message says which, in Swedish and English, and what to
    do."""


def claimed(data_dir: Path) -> dict[str, str | None]:
    """The SHA-256 of every file, by path, as the ledger says, to compare with and never to go by: whether it may name
    that file is not looked at. Nothing where there is no ledger. Raises DataFolderError."""
    if not (data_dir / "ledger.sqlite").is_file():
        return {}
    with reading(data_dir) as ledger:
        return ledger.claimed()


def check_there(data_dir: Path, files: Mapping[str, str | None], there: Set[str]) -> None:
    """Raises Differs where a file to be published is not there."""
    missing = (name for name in files.keys() - there if name.endswith(".nq"))
    for name in sorted(name for name in missing if not name.startswith(("quarantine/", "uncorrected/"))):
        _differs(data_dir, name)


def check(data_dir: Path, files: Mapping[str, str | None], there: Mapping[str, str]) -> None:
    """Raises Differs where a file, of some SHA-256 by its path, is not what the ledger says."""
    for name, sha256 in there.items():
        if files.get(name) not in (None, sha256):
            _differs(data_dir, name)


def differences(data_dir: Path) -> Iterator[tuple[str, str]]:
    """Each file that is missing or differs, in Swedish and English; every file is read. Raises DataFolderError."""
    if not (data_dir / "ledger.sqlite").is_file():
        return
    with reading(data_dir) as ledger:
        owned = ledger.owned()
    for name, sha256 in sorted(owned.items()):
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

"""The files of a data folder, compared with what its ledger says of them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from server.data_folder.folder import damaged
from server.data_folder.ledger import Owned, reading


class Differs(Exception):
    """A file is missing or is not what the ledger says; the message says which, in Swedish and English, and what to
    do."""


def owned(data_dir: Path) -> dict[str, Owned]:
    """What the ledger says of every file, by path; nothing where there is no ledger. Raises DataFolderError."""
    if not (data_dir / "ledger.sqlite").is_file():
        return {}
    with reading(data_dir) as ledger:
        return ledger.owned()


def check_there(files: Mapping[str, Owned], there: Mapping[str, object]) -> None:
    """Raises Differs where a file to be published is not there."""
    for name, told in files.items():
        if name.endswith(".nq") and not name.startswith(("quarantine/", "uncorrected/")) and name not in there:
            raise Differs("\n".join(wrong(name, told)))


def check(files: Mapping[str, Owned], name: str, sha256: str) -> None:
    """Raises Differs where a file, of some SHA-256, is not what the ledger says."""
    told = files.get(name)
    if told is not None and told.sha256 not in (None, sha256):
        raise Differs("\n".join(wrong(name, told)))


def differences(data_dir: Path) -> Iterator[tuple[str, str]]:
    """Each file that is missing or differs, in Swedish and English; every file is read. Raises DataFolderError."""
    for name, told in sorted(owned(data_dir).items()):
        if damaged(data_dir / name, told.sha256):
            yield wrong(name, told)


def wrong(name: str, told: Owned) -> tuple[str, str]:
    """What to say, in Swedish and English, of a file that is missing or differs."""
    if not told.document:
        return (
            f"{name} saknas eller är inte vad liggaren säger. Kör kommungraf ingest med någon handling: den görs om.",
            f"{name} is missing or not what the ledger says. Run kommungraf ingest with any document: that makes it.",
        )
    return (
        f"{name} saknas eller är inte vad liggaren säger. Läs in handlingen på nytt med kommungraf ingest: "
        f"{told.document}",
        f"{name} is missing or not what the ledger says. Ingest the document again with kommungraf ingest: "
        f"{told.document}",
    )

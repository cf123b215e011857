"""A copy of the truth of a data folder, its ledger and files, and a data folder made from such a copy.

The copy holds no store: that is a cache of the files. `contents.json` in it says what every file holds.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.data_folder.files import DataFolderError, digest, sync_folder, sync_new, write
from server.data_folder.folder import SUBFOLDERS
from server.data_folder.ledger import Ledger
from server.gone import renamed

CONTENTS: Final = "contents.json"
LEDGER: Final = "ledger.sqlite"
LOCK: Final = "lock"
ALONE: Final = ("decisions.toml", "renamed.tsv", "kommungraf.toml", "persons.nq", "ledger.nq", "corrections.nq")


def back_up(ledger: Ledger, target: Path) -> int:
    """Copy a data folder that nobody else writes to into a new or empty folder; the number of files.

    Raises DataFolderError where the folder is not empty, or nothing could be published from the copy, since what is
    declared of renamed things cannot be used.
    """
    with_nothing(target)
    renamed.read(ledger.folder)
    beside = _beside(target)
    try:
        for path in _files(ledger.folder):
            _copy(path, beside / path.relative_to(ledger.folder))
        copy = sqlite3.connect(beside / LEDGER)
        try:
            ledger.connection.backup(copy)
        finally:
            copy.close()
        digests = {
            str(path.relative_to(beside)): digest(path) for path in sorted(beside.rglob("*")) if path.is_file()
        }
        write(beside / CONTENTS, json.dumps(digests, indent=0).encode())
        _finish(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return len(digests)


def restore(source: Path, target: Path) -> int:
    """Make a data folder, new or empty, from a copy; the number of files. Nothing is there until all is compared.

    Raises DataFolderError where the folder is not empty, or the copy is none or not what was copied.
    """
    with_nothing(target)
    digests = _contents(source)
    beside = _beside(target)
    try:
        for name, was in digests.items():
            path = source / name
            if path.is_file():
                _copy(path, beside / name)
            if not path.is_file() or digest(beside / name) != was:
                raise DataFolderError(
                    f"{path} är skadad eller borta: kopian kan inte användas. Ta en annan.\n"
                    f"{path} is damaged or missing: the copy cannot be used. Take another."
                )
        _finish(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return len(digests)


def _contents(source: Path) -> dict[str, str]:
    """The SHA-256 of each file of a copy, by its path in it: the ledger, and no path that leads out of the copy."""
    try:
        digests = json.loads((source / CONTENTS).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _no_copy(source) from error
    if not isinstance(digests, dict) or LEDGER not in digests:
        raise _no_copy(source)
    if not all(isinstance(was, str) and _within(name) for name, was in digests.items()):
        raise _no_copy(source)
    return digests


def _within(name: str) -> bool:
    """Whether this is the path of a file that backup copies."""
    parts = name.split("/")
    alone = len(parts) == 1 and name in (LEDGER, LOCK, *ALONE)
    return alone or (
        len(parts) == 2 and parts[0] in SUBFOLDERS and parts[1] not in ("", ".", "..") and "\0" not in name
    )


def _no_copy(source: Path) -> DataFolderError:
    return DataFolderError(
        f"{source} är ingen säkerhetskopia som backup har gjort.\n{source} is no copy that backup has made."
    )


def with_nothing(target: Path) -> None:
    """Raises DataFolderError where there is something at a place that must be new or an empty folder."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise DataFolderError(
            f"{target} är inte tom. Ange en ny eller tom mapp.\n{target} is not empty. Give a new or empty folder."
        )


def _files(data_dir: Path) -> Iterator[Path]:
    yield from (data_dir / name for name in ALONE if (data_dir / name).is_file())
    for name in SUBFOLDERS:
        yield from sorted(path for path in (data_dir / name).iterdir() if path.is_file())


def _beside(target: Path) -> Path:
    beside = target.absolute().with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    for name in ("", *SUBFOLDERS):
        (beside / name).mkdir(parents=True)
    (beside / LOCK).touch()
    return beside


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def _finish(beside: Path, target: Path) -> None:
    for name in ("", *SUBFOLDERS):
        sync_new(beside / name)
    beside.rename(target.absolute())
    sync_folder(target.absolute().parent)

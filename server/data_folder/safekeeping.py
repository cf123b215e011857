"""A copy of the truth of a data folder, its ledger and files, and a data folder made from such a copy.

The copy holds no store: that is a cache of the files. `contents.json` in it says what every file holds. Either is
made in a folder within its own place (server.data_folder.place_of_copy).
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from server.data_folder.agreement import wrong
from server.data_folder.files import DataFolderError, digest, write
from server.data_folder.folder import SUBFOLDERS, WORK
from server.data_folder.ledger import Ledger, reading
from server.data_folder.ledger_rows import unreadable
from server.data_folder.place_of_copy import ALONE, CONTENTS, LEDGER, LOCK, made_in, place_of
from server.gone import renamed

_TOLD: Final = 10  # files of which it is told that they differ


def back_up(ledger: Ledger, target: Path) -> int:
    """Copy a data folder that nobody else writes to into a new or empty folder; the number of files.

    Raises DataFolderError where the folder is not empty or within the other, or nothing could be published from the
    copy: a file is missing or not what the ledger says, or what is declared of renamed things cannot be used.
    """
    target = place_of(target, ledger.folder, CONTENTS)
    renamed.read(ledger.folder)
    with made_in(target, CONTENTS) as new:
        for path in _files(ledger.folder):
            _copy(path, new / path.relative_to(ledger.folder))
        copy = sqlite3.connect(new / LEDGER)
        try:
            ledger.connection.backup(copy)
        finally:
            copy.close()
        digests = {str(path.relative_to(new)): digest(path) for path in sorted(new.rglob("*")) if path.is_file()}
        _check(new, digests)
        write(new / CONTENTS, json.dumps(digests, indent=0).encode())
    return len(digests)


def restore(source: Path, target: Path) -> int:
    """Make a data folder, new or empty, from a copy; the number of files. Nothing is there until all is compared.

    Raises DataFolderError where the folder is not empty or within the copy, or the copy is none, not what was copied,
    or not what its ledger says.
    """
    target = place_of(target, source, LEDGER)
    digests = _contents(source)
    with made_in(target, LEDGER) as new:
        for name, was in digests.items():
            path = source / name
            if path.is_file():
                _copy(path, new / name)
            if not path.is_file() or digest(new / name) != was:
                raise DataFolderError(
                    f"{path} är skadad eller borta: kopian kan inte användas. Ta en annan.\n"
                    f"{path} is damaged or missing: the copy cannot be used. Take another."
                )
        try:
            _check(new, digests)
            renamed.read(new)
        except DataFolderError as error:
            sv, _, en = str(error).partition("\n")
            raise DataFolderError(
                f"Kopian {source} kan inte användas. Ta en annan. {sv}\n"
                f"The copy {source} cannot be used. Take another. {en}"
            ) from error
    return len(digests)


def _check(folder: Path, digests: Mapping[str, str]) -> None:
    """Raises DataFolderError where the ledger in a folder cannot be read, or the files, of some SHA-256 by path, are
    not what it says."""
    with reading(folder) as ledger:
        found = ledger.connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise unreadable(found)
        owned = ledger.owned()
        if ledger.note("base") is None:
            raise DataFolderError("Där finns inga handlingar.\nThere are no documents.")
        different = [
            wrong(ledger, name)
            for name, sha256 in sorted(owned.items())
            if name not in digests or sha256 not in (None, digests[name])
        ]
    if different:
        sv, en = (" ".join(each[:_TOLD]) for each in zip(*different, strict=True))
        raise DataFolderError(f"{sv}\n{en}")


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
    if (source / WORK).exists() and not (source / CONTENTS).exists():
        return DataFolderError(
            f"Kopian {source} blev inte färdig. Ta en annan, eller kör backup igen med samma mapp.\n"
            f"The copy {source} is not complete. Take another, or run backup again with the same folder."
        )
    return DataFolderError(
        f"{source} är ingen säkerhetskopia som backup har gjort.\n{source} is no copy that backup has made."
    )


def _files(data_dir: Path) -> Iterator[Path]:
    yield from (data_dir / name for name in ALONE if (data_dir / name).is_file())
    for name in SUBFOLDERS:
        yield from sorted(path for path in (data_dir / name).iterdir() if path.is_file())


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)

"""The place of a copy, or of a data folder made from one: filled whole or not at all.

It is a new or an empty folder, which may be a volume or a link, so nothing can be put in its place: all is written in
PLACE/.copying and moved up when it is whole, the file that says that it is there last. What a process that was killed
left in PLACE/.copying, or had moved up, is removed by the next one.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from server.data_folder.files import DataFolderError, locked, sync_folder, sync_new
from server.data_folder.folder import WORK
from server.data_folder.ledger_rows import SUBFOLDERS

CONTENTS: Final = "contents.json"
LEDGER: Final = "ledger.sqlite"
LOCK: Final = "lock"
ALONE: Final = ("decisions.toml", "renamed.tsv", "kommungraf.toml", "persons.nq", "ledger.nq", "corrections.nq")
VOLUME: Final = "lost+found"  # what a new volume has (ext4)
_OWN: Final = (*SUBFOLDERS, *ALONE, LOCK, LEDGER, CONTENTS)


def place_of(target: Path, source: Path, last: str) -> Path:
    """The folder that a path means, which is new or empty; links are followed.

    Raises DataFolderError where there is something, or where either of two folders is within the other."""
    place, other = Path(os.path.realpath(target)), Path(os.path.realpath(source))
    if place.is_relative_to(other) or other.is_relative_to(place):
        raise DataFolderError(
            f"{target} och {source} ligger i varandra. Ange en mapp någon annanstans.\n"
            f"Of {target} and {source} one is within the other. Give a folder elsewhere."
        )
    _refuse_full(place, last)
    return place


def _refuse_full(target: Path, last: str) -> None:
    """Raises DataFolderError where there is something at a place that must be new or an empty folder, unless it was
    left by what was broken off there."""
    left = {WORK, VOLUME, *_moved_up(target, last)}
    if target.exists() and not (target.is_dir() and {path.name for path in target.iterdir()} <= left):
        raise DataFolderError(
            f"{target} är inte tom. Ange en ny eller tom mapp.\n{target} is not empty. Give a new or empty folder."
        )


@contextmanager
def made_in(target: Path, last: str) -> Iterator[Path]:
    """A folder to fill, which becomes the content of a place when the block ends, the file `last` last; where the
    block is left otherwise, the place is as it was.

    Raises DataFolderError where something is at the place, or another process fills it.
    """
    work = target / WORK
    begun = not target.exists()
    work.mkdir(parents=True, exist_ok=True)
    with locked(work / LOCK) as alone:
        if not alone:
            raise DataFolderError(
                f"En annan process kopierar till {target}. Vänta tills den är klar.\n"
                f"Another process is copying to {target}. Wait for it to finish."
            )
        _refuse_full(target, last)
        try:
            _remove(target, last)
            for name in ("", *SUBFOLDERS):
                (work / "new" / name).mkdir()
            (work / "new" / LOCK).touch()
            yield work / "new"
            _move_up(target, last)
        finally:
            _remove(target, last)
            shutil.rmtree(work, ignore_errors=True)  # whoever writes there now may do so too
            if begun and not any(target.iterdir()):
                target.rmdir()


def _moved_up(target: Path, last: str) -> tuple[str, ...]:
    """The names that may have been moved up to a place that is not whole."""
    return _OWN if _mark(target, last).exists() and not (target / last).exists() else ()


def _mark(target: Path, last: str) -> Path:
    """The file that stands in WORK while all is moved up."""
    return target / WORK / f"before-{last}"


def _remove(target: Path, last: str) -> None:
    """Remove what was written for a place and is not whole there."""
    new = target / WORK / "new"
    for path in [*(target / name for name in _moved_up(target, last)), _mark(target, last), new]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _move_up(target: Path, last: str) -> None:
    new = target / WORK / "new"
    for name in ("", *SUBFOLDERS):
        sync_new(new / name)
    _mark(target, last).touch()
    sync_folder(target / WORK)
    for path in sorted(new.iterdir(), key=lambda each: (each.name == last, each.name)):
        if path.name == last:
            sync_folder(target)
        path.rename(target / path.name)
    sync_folder(target)
    sync_folder(target.parent)

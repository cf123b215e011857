"""The folder of a site of files: that it may be written, what its owner put there, and one site for another."""

import ctypes
import gzip
import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.export.dumping import ExportFailed
from server.storage.versions import delete

MARK: Final = ".kommungraf-site"
LIST: Final = ".kommungraf-site-files.gz"
"""Every file of the site that was made, a path on each line."""
FOLDERS: Final = {"alignments", "data", "datasets", "doc", "dumps", "en", "feed", "ns", "static"}
ROOT: Final = {*FOLDERS, "404.html", "context.jsonld", "index.html", MARK}
"""What stands at the root of a site that was made before there was such a list."""


def check(target: Path, data_dir: Path) -> None:
    """Raises ExportFailed for a folder that holds something else, lies in the data folder, or has it in itself."""
    place, data = target.resolve(), data_dir.resolve()
    if place.is_relative_to(data) or data.is_relative_to(place):
        raise ExportFailed(
            f"{target} och datamappen ligger i varandra: ange en mapp utanför {data_dir}.\n"
            f"{target} and the data folder lie in each other: give a folder outside {data_dir}."
        )
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).is_file():
        raise ExportFailed(
            f"{target} är inte tom och ingen webbplats som publish har gjort: ange en ny eller tom mapp.\n"
            f"{target} is not empty and no site that publish made: give a new or empty folder."
        )
    if target.exists() and not target.is_dir():
        raise ExportFailed(f"{target} är ingen mapp: ange en annan.\n{target} is not a folder: give another one.")


def sweep(place: Path) -> None:
    """Remove what those left who were killed while they made a site for this place."""
    for left_over in place.parent.glob(f".{place.name}.making-*"):
        if not Path("/proc", left_over.name.rpartition("-")[2]).exists():
            delete(left_over)


def finish(made: Path, mark: str) -> None:
    """Note in a finished site that it is one, and which files were made."""
    (made / MARK).write_text(mark, "utf-8")
    with gzip.open(made / LIST, "wb", 6) as told:
        for path in files_of(made):
            told.write(os.fsencode(path) + b"\n")


def take_over(made: Path, target: Path) -> None:
    """Let a finished site have the files of the earlier one that were not made: its owner put them there.

    Raises ExportFailed where the site has files of its own in their places.
    """
    taken = []
    for path in not_made(target) if target.exists() else ():
        if os.path.lexists(made / path):
            taken.append(path)
        else:
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            _take(target / path, made / path)
    if taken:
        told = "\n".join(f"  {path}" for path in taken[:10])
        raise ExportFailed(
            f"{target} har egna filer där webbplatsen nu har sina: flytta dem och kör samma kommando igen.\n"
            f"{target} has files of your own where the site has its own now: move them and run the same command "
            f"again.\n{told}"
        )


def _take(path: Path, new: Path) -> None:
    """A link to a file, which keeps its owner, mode and times; a copy where there can be none, as from another file
    system."""
    try:
        os.link(path, new, follow_symlinks=False)
    except OSError:
        shutil.copy2(path, new, follow_symlinks=False)


def not_made(site: Path) -> Iterator[str]:
    """The paths of the files in a site that are not of its making. Both lists are in the same order."""
    if not (site / LIST).is_file():
        yield from (path for path in files_of(site) if path.partition("/")[0] not in ROOT)
        return
    listed = _listed(site)
    made = next(listed, None)
    for path in files_of(site):
        while made is not None and made.split("/") < path.split("/"):
            made = next(listed, None)
        if path not in (made, LIST):
            yield path


def _listed(site: Path) -> Iterator[str]:
    try:
        with gzip.open(site / LIST, "rb") as told:
            for line in told:
                yield os.fsdecode(line.rstrip(b"\n"))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ExportFailed(
            f"{site / LIST} är skadad ({error}) och säger inte vilka filer som är egna: ange en ny mapp.\n"
            f"{site / LIST} is damaged ({error}) and does not tell which files are your own: give a new folder."
        ) from error


def files_of(folder: Path, within: str = "") -> Iterator[str]:
    """The paths of all files, sorted by their parts; a symbolic link is a file."""
    with os.scandir(folder / within) as found:
        entries = sorted((each.name, each.is_dir(follow_symlinks=False)) for each in found)
    for name, is_folder in entries:
        if is_folder:
            yield from files_of(folder, f"{within}{name}/")
        else:
            yield within + name


def exchange(made: Path, target: Path) -> None:
    """Put a finished folder in the place of another in one step, where the system can (renameat2(2)), and remove that
    other one."""
    if not target.exists():
        made.rename(target)
        return
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(here, os.fsencode(made), here, os.fsencode(target), swap):
        old = made.with_name(f"{made.name}-old")
        target.rename(old)
        made.rename(target)
        old.rename(made)
    delete(made)

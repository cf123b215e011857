"""The published store as its readers see it: DIR/store/current names a folder that never changes again."""

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from server.data_folder.files import content, digest
from server.storage import sealed

ABOUT: Final = "about.json"
ENGINE: Final = "quads"
LOCK: Final = "in-use"
PASSING: Final = ("LOCK", "IDENTITY")
"""Files of the engine that say nothing of what it holds; so do its logs, LOG and LOG.old…"""


class NothingPublished(Exception):
    """The data folder has no published store: run ingest first."""


class Damaged(Exception):
    """The published store does not hold what was published: build it again from the files."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open store. The lock is held until `close`, so that nobody removes the folder meanwhile."""

    version: str
    store: ox.Store
    lock: int

    def close(self) -> None:
        os.close(self.lock)


def pointer(data_dir: Path) -> Path:
    """The file that holds the name of the published version."""
    return data_dir / "store" / "current"


def current_version(data_dir: Path) -> str | None:
    """The published version (16 hex digits, and a number where the same was built again), or None when nothing is
    published. Raises Damaged where what names it is no file that can be read."""
    path = pointer(data_dir)
    try:
        name = content(path).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Damaged(f"{path}: {error.strerror}") from error
    return name if is_version(name) else None


def is_version(name: str) -> bool:
    """Whether a name is that of a version."""
    return re.fullmatch(r"[0-9a-f]{16}(-\d+)?", name, re.ASCII) is not None


def data_of(version: str) -> str:
    """Which data a version holds: its name without the number."""
    return version.partition("-")[0]


def folder_of(data_dir: Path, version: str) -> Path:
    return data_dir / "store" / version


def about(data_dir: Path) -> dict[str, Any]:
    """What was counted at publication: version, base, quads, triples (of the default graph), graphs, classes
    (instances of each), properties (triples of each). Raises NothingPublished, and Damaged where it is not readable.
    """
    version = current_version(data_dir)
    if version is None:
        raise NothingPublished(str(data_dir))
    return about_version(data_dir, version)


def about_version(data_dir: Path, version: str) -> dict[str, Any]:
    """What was counted of a version. Raises NothingPublished, and Damaged where it is not readable."""
    path = folder_of(data_dir, version) / ABOUT
    try:
        found = sealed.read(content(path))
        if found["version"] != data_of(version):
            raise ValueError(f"it is about {found['version']}")
    except FileNotFoundError as error:
        raise NothingPublished(str(data_dir)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{path}: {error}") from error
    return found


def seal(engine: Path, before: Mapping[str, list[Any]], most: float) -> dict[str, list[Any]]:
    """The engine's files: {name: [bytes, SHA-256 in hex]}. Those of `before` are taken over for the tables linked
    from there; new tables of more than `most` bytes get no digest: the engine checks each block that it reads
    (RocksDB's block checksums), and its manifest has their sizes."""

    def one(name: str, path: Path, size: int) -> list[Any]:
        is_table = name.endswith(".sst")
        if is_table and name in before:
            return before[name]
        return [size, "" if is_table and size > most else digest(path)]

    files = list(_files(engine))
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # to digest is most of it, and leaves Python free
        sealed = pool.map(lambda file: one(*file), files)
        return {name: told for (name, *_), told in zip(files, sealed, strict=True)}


def check_seal(engine: Path, sealed: Mapping[str, list[Any]], tables: bool = False) -> None:
    """Raises Damaged, naming the file, where an engine's files are not as they were when it was published.

    `tables`: read them too, which takes a second for each gigabyte or two; else only their sizes are looked at.
    """
    try:
        there = {name: (path, size) for name, path, size in _files(engine)}
        for name, (size, was) in sealed.items():
            if name not in there:
                raise Damaged(f"{engine / name}: missing")
            path, now = there[name]
            read = was and (tables or not name.endswith(".sst"))
            if now != size or (read and digest(path) != was):
                raise Damaged(f"{path}: not what was published")
    except OSError as error:
        raise Damaged(f"{engine}: {error.strerror}") from error


def _files(engine: Path) -> Iterator[tuple[str, Path, int]]:
    with os.scandir(engine) as entries:
        for entry in entries:
            if entry.name not in PASSING and not entry.name.startswith("LOG"):
                yield entry.name, Path(entry.path), entry.stat().st_size


def open_current(data_dir: Path) -> Snapshot:
    """Open the published store for reading only.

    Raises NothingPublished, or Damaged when its files are not what was published (the engine opens a store whose
    manifest was cut short as an empty one, without an error) or it cannot be opened.
    """
    for _ in range(5):  # a version may be replaced and removed between the look at the pointer and the lock
        version = current_version(data_dir)
        if version is None:
            raise NothingPublished(str(data_dir))
        try:
            return open_version(data_dir, version)
        except (Damaged, NothingPublished):
            if current_version(data_dir) == version and (folder_of(data_dir, version) / LOCK).exists():
                raise
    raise Damaged(f"{data_dir / 'store'}: the published version is missing")


def open_version(data_dir: Path, version: str) -> Snapshot:
    """Open a version for reading only. Raises Damaged, and NothingPublished where it is not there."""
    folder = folder_of(data_dir, version)
    try:
        lock = os.open(folder / LOCK, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise NothingPublished(str(folder)) from error
    except OSError as error:
        raise Damaged(f"{folder}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
        check_seal(folder / ENGINE, about_version(data_dir, version).get("engine", {"CURRENT": [0, ""]}))
        return Snapshot(version, ox.Store.read_only(str(folder / ENGINE)), lock)
    except (OSError, RuntimeError) as error:
        os.close(lock)
        raise Damaged(f"{folder}: {error}") from error
    except (Damaged, NothingPublished):
        os.close(lock)
        raise

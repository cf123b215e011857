"""The published store as its readers see it: DIR/store/current names a folder that never changes again."""

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

ABOUT: Final = "about.json"
ENGINE: Final = "quads"
LOCK: Final = "in-use"


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
    """The published version (16 hex digits), or None when nothing is published."""
    try:
        return pointer(data_dir).read_text("ascii").strip() or None
    except FileNotFoundError:
        return None


def folder_of(data_dir: Path, version: str) -> Path:
    return data_dir / "store" / version


def about(data_dir: Path) -> dict[str, Any]:
    """What was counted at publication: version, base, quads, triples, graphs, classes. Raises NothingPublished."""
    version = current_version(data_dir)
    if version is None:
        raise NothingPublished(str(data_dir))
    try:
        found: dict[str, Any] = json.loads((folder_of(data_dir, version) / ABOUT).read_text("utf-8"))
    except FileNotFoundError as error:
        raise NothingPublished(str(data_dir)) from error
    return found


def open_current(data_dir: Path) -> Snapshot:
    """Open the published store for reading only.

    Raises NothingPublished, or Damaged when it cannot be opened or is empty (the engine opens a store whose
    manifest was cut short as an empty one, without an error).
    """
    for _ in range(5):  # a version may be replaced and removed between the look at the pointer and the lock
        version = current_version(data_dir)
        if version is None:
            raise NothingPublished(str(data_dir))
        folder = folder_of(data_dir, version)
        try:
            lock = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            store = ox.Store.read_only(str(folder / ENGINE))
            if next(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is None:
                raise OSError("the store is empty")
        except (OSError, RuntimeError) as error:
            os.close(lock)
            if current_version(data_dir) == version and (folder / LOCK).exists():
                raise Damaged(f"{folder}: {error}") from error
            continue
        return Snapshot(version, store, lock)
    raise Damaged(f"{data_dir / 'store'}: the published version is missing")

"""Publication: from N-Quads files to the read-only store that queries see.

DIR/store/{version}/ holds the engine's files and what was counted; DIR/store/current names the version served. The
version is a hash of everything loaded, so an unchanged set is not built again. A new version is built beside the
others and becomes current by one rename: a build that is killed leaves a `.build-…` folder, which the next removes.
"""

import asyncio
import fcntl
import gc
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from server import authority, load, snapshot
from server.asking import Query, QueryFailed
from server.pool import Pool
from server.snapshot import ABOUT, ENGINE, LOCK, Damaged, NothingPublished, about, current_version, open_current

__all__ = [
    "Damaged",
    "NothingPublished",
    "Published",
    "PublishFailed",
    "QueryFailed",
    "about",
    "build",
    "current_version",
    "open_current",
    "publish",
    "query_local",
]

LAYOUT: Final = "1"  # change it when what is built from the same files changes
LEAVE: Final = 3.0  # seconds to wait for readers to leave the versions that are to be removed


class PublishFailed(Exception):
    """Nothing was published and what was served is served still; the message says why."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is served now. `rebuilt` is False when the same files were published already."""

    version: str
    quads: int
    triples: int
    graphs: int
    rebuilt: bool


def build(data_dir: Path, base: str) -> Published:
    """Publish every file of DIR/documents. Raises PublishFailed."""
    return publish(data_dir, sorted((data_dir / "documents").glob("*.nq")), base)


def publish(data_dir: Path, documents: Sequence[Path], base: str) -> Published:
    """Publish these documents' N-Quads files with the persons, the ledger, the reports and the authority data.

    Every quad stands in its named graph, and its triple once in the default graph. Raises PublishFailed.
    """
    others = [data_dir / "persons.nq", data_dir / "ledger.nq", *sorted((data_dir / "reports").glob("*.nq"))]
    files = [*documents, *(path for path in others if path.exists())]
    root = data_dir / "store"
    root.mkdir(parents=True, exist_ok=True)
    with _only_publisher(root):
        known = authority.nquads(base)
        version = _version(files, known, base)
        for left_over in root.glob(".build-*"):
            shutil.rmtree(left_over)
        if current_version(data_dir) != version or not _sound(data_dir):
            _build(root, version, files, known, base)
            _write(snapshot.pointer(data_dir), version + "\n")
            rebuilt = True
        else:
            rebuilt = False
        _remove_others(root, version)
    counted = about(data_dir)
    return Published(version, counted["quads"], counted["triples"], counted["graphs"], rebuilt)


def query_local(data_dir: Path, query: str, format: str | None = None, seconds: float | None = None) -> bytes:
    """A query's result, in a format of server.negotiation ("json", "csv", "turtle" …), without a running server.

    It runs in a process of its own with the limits of the endpoint. None: JSON or Turtle, as the query asks for rows
    or a graph. Raises QueryFailed, and NothingPublished when the folder has no store.
    """
    from server.negotiation import GRAPHS, RESULTS

    about(data_dir)
    results = format if format in RESULTS else None if format else "json"
    graphs = format if format in GRAPHS else None if format else "turtle"
    return asyncio.run(_query(data_dir, Query(query, results, graphs, seconds=seconds)))


async def _query(data_dir: Path, query: Query) -> bytes:
    pool = Pool(data_dir, size=1, prefixes=authority.prefixes(base_of(data_dir)))
    try:
        await pool.start()
        answer = await pool.run(query)
        return b"".join([piece async for piece in answer.body()])
    finally:
        await pool.close()


def base_of(data_dir: Path) -> str:
    """The base of the published data's IRIs. Raises NothingPublished."""
    return str(about(data_dir)["base"])


@contextmanager
def _only_publisher(root: Path) -> Iterator[None]:
    lock = os.open(root / "publish.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PublishFailed(f"{root}: another process is publishing; wait until it has ended") from error
        yield
    finally:
        os.close(lock)


def _version(files: Iterable[Path], known: bytes, base: str) -> str:
    parts = sorted(_digest(path) for path in files)
    text = "\n".join([LAYOUT, ox.__version__, base, hashlib.sha256(known).hexdigest(), *parts])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sound(data_dir: Path) -> bool:
    try:
        opened = open_current(data_dir)
    except (Damaged, NothingPublished):
        return False
    try:
        return bool(len(opened.store) == about(data_dir)["quads"])
    except (OSError, RuntimeError, NothingPublished):
        return False
    finally:
        opened.close()


def _build(root: Path, version: str, files: Sequence[Path], known: bytes, base: str) -> None:
    folder = root / f".build-{os.getpid()}"
    folder.mkdir()
    lines = folder / "load.nq"
    try:
        expected = load.write_load(lines, files, known)
        store = ox.Store(str(folder / ENGINE))
        load.bulk_load(store, lines)
        store.flush()
        counted = load.count(store)
        load.compare(store, counted, expected)
        lines.unlink()
        lines.with_name("authority.nq").unlink()
        figures = {
            "version": version,
            "base": base,
            "published": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "quads": len(store),
            "triples": counted.get(None, 0),
            "graphs": len(counted) - 1,
            "classes": load.classes(store),
        }
        del store
        gc.collect()  # the engine lets go of its files when the last reference is gone
        (folder / LOCK).touch()
        _write(folder / ABOUT, json.dumps(figures, ensure_ascii=False, indent=1))
        _sync(folder)
        target = root / version
        if target.exists():  # the current version, found damaged
            target.rename(root / f".build-damaged-{os.getpid()}")
        folder.rename(target)
        _sync_folder(root)
    except (OSError, SyntaxError, RuntimeError, ValueError) as error:
        raise PublishFailed(
            f"Lagret kunde inte byggas: {error}. Är en fil trasig, ta bort den och kör ingest igen; det som visades "
            f"visas ännu.\nThe store could not be built: {error}. A broken file: remove it and ingest again; "
            "what was served is served still."
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_others(root: Path, version: str) -> None:
    """Remove what nobody uses; readers look for a new version each second and leave the old one."""
    until = time.monotonic() + LEAVE
    left = [path for path in root.iterdir() if path.is_dir() and path.name != version]
    while left:
        left = [path for path in left if not _removed(path)]
        if left and time.monotonic() > until:
            return  # a long query still reads it: the next publication removes it
        if left:
            time.sleep(0.1)


def _removed(folder: Path) -> bool:
    try:
        lock = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        shutil.rmtree(folder, ignore_errors=True)
        return True
    finally:
        os.close(lock)


def _write(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all, on the disk when this returns."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path.parent)


def _sync(folder: Path) -> None:
    for where, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(Path(where) / name, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        _sync_folder(Path(where))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

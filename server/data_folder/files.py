"""Files: written whole or not at all, by one process at a time, told apart by what is in them, found in folders."""

import errno
import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path


class DataFolderError(Exception):
    """The data folder cannot be used; the text says why, in Swedish and English, and is meant for the user."""


def write(path: Path, content: bytes) -> bool:
    """Write a file whole or not at all, durably; says False, and leaves it, where it already holds just that."""
    if path.is_file() and path.read_bytes() == content:
        return False
    stage(path, content)
    place(path)
    sync_folder(path.parent)
    return True


def beside(path: Path) -> Path:
    """Where the content of a file stands before it is put in its place."""
    return path.with_name(f".{path.name}.tmp")


def stage(path: Path, content: bytes) -> None:
    """Write what a file is to hold beside it, durably but for its name; `place` puts it in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(beside(path), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def place(path: Path) -> None:
    """Put what was staged in its place."""
    os.replace(beside(path), path)


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_new(folder: Path) -> None:
    """See a folder without subfolders to the disk: its names, and each file that is not a link to one seen to
    before."""
    with os.scandir(folder) as entries:
        new = [entry.path for entry in entries if entry.stat().st_nlink == 1]
    for path in new:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    sync_folder(folder)


@contextmanager
def locked(path: Path, patience: float = 0.0) -> Iterator[bool]:
    """Hold the lock of a file (flock(2)), made where it is missing, to the end of the block; False where somebody
    else still holds it after so many seconds."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    until = time.monotonic() + patience
    try:
        while not (own := _taken(lock)) and time.monotonic() < until:
            time.sleep(0.02)
        yield own
    finally:
        os.close(lock)


def is_full(error: BaseException) -> bool:
    """Whether an error of the system, the engine or SQLite says that there is no room left."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    told = str(error).lower()
    return getattr(error, "errno", None) in full or any(
        words in told for words in ("no space left", "disk is full", "file too large", "quota exceeded")
    )


def expand(paths: Iterable[Path]) -> list[Path]:
    """The files that some paths mean: folders are searched to the bottom, hidden files left out, each file once.

    The order depends on the names alone. Raises DataFolderError for a path that does not exist.
    """
    files: set[Path] = set()
    for path in paths:
        if path.is_dir():
            files |= {f for f in path.rglob("*") if f.is_file() and not _hidden(f.relative_to(path))}
        elif path.is_file():
            files.add(path)
        else:
            raise DataFolderError(
                f"{path} finns inte. Ange en fil eller en mapp med handlingar.\n"
                f"{path} does not exist. Give a file or a folder of documents."
            )
    return sorted(files, key=lambda f: (f.name, str(f)))


def opened(path: Path) -> BufferedReader:
    """A file to be read. What is no file, and might be waited for, as a pipe, is refused. Raises OSError."""
    file = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")  # noqa: SIM115  (the caller closes it)
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, "not a regular file", str(path))


def content(path: Path) -> bytes:
    """What a file holds. Raises OSError, also for what is no file."""
    with opened(path) as file:
        return file.read()


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex. Raises OSError, also for what is no file."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)

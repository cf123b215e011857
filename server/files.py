"""Files: written whole or not at all, told apart by what is in them, and found in folders."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


class DataFolderError(Exception):
    """The data folder cannot be used; the text says why, in Swedish and English, and is meant for the user."""


def write(path: Path, content: bytes) -> bool:
    """Write a file whole or not at all, durably; says False, and leaves it, where it already holds just that."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return True


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


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)

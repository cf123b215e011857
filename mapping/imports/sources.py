"""The files of a source: read whole, within limits, and known by one checksum."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from mapping.records import Refused

MOST: Final = {"kommungraf": 256 * 2**20, "lblod": 64 * 2**20, "oparl": 64 * 2**20}
"""Bytes of a source, unpacked: some million quads of a dump, and what fits into the memory of one process."""
MOST_FILES: Final = 10_000
SUFFIXES: Final = {
    "kommungraf": (".nq", ".nq.gz"),
    "lblod": (".ttl", ".jsonld", ".nt", ".trig"),
    "oparl": (".json",),
}


@dataclass(frozen=True, slots=True)
class Source:
    """The files of a source: their names (relative to its folder) and contents, in order of name."""

    files: tuple[tuple[str, bytes], ...]


def form_of(path: Path) -> str | None:
    """The format that the name of a file, or the names in a folder, tell; None where they tell none or several."""
    names = [each.name for each in _within(path)] if path.is_dir() else [path.name]
    found = {form for form, ends in SUFFIXES.items() for name in names if name.lower().endswith(ends)}
    return found.pop() if len(found) == 1 else None


def files_of(path: Path, form: str) -> list[Path]:
    """The files of a source that are read: itself, or all in a folder that have a suffix of the format."""
    if not path.is_dir():
        return [path]
    return [each for each in _within(path) if each.name.lower().endswith(SUFFIXES[form])]


def digest(paths: Iterable[Path], root: Path) -> str:
    """The SHA-256 of a file's bytes; of a folder, that of the lines "{sha256}  {name}" of its files, by name."""
    sums = []
    for path in paths:
        with open(path, "rb") as file:
            sums.append((path.relative_to(root).as_posix(), hashlib.file_digest(file, "sha256").hexdigest()))
    if not root.is_dir():
        return sums[0][1]
    return hashlib.sha256("".join(f"{sha}  {name}\n" for name, sha in sorted(sums)).encode()).hexdigest()


def times(form: str, most: int) -> float:
    """How many times the usual memory and time a source may take that may have `most` bytes (0: as many as usual)."""
    return max(1.0, most / MOST[form])


def read(paths: Iterable[Path], root: Path, form: str, most: int = 0) -> Source | Refused:
    """The contents of some files; refused where they are more than `most` bytes (0: as many as usual), or are no gzip
    that they are called."""
    most = most or MOST[form]
    left = most
    contents: list[tuple[str, bytes]] = []
    for path in paths:
        name = path.name if path == root else path.relative_to(root).as_posix()
        try:
            with gzip.open(path) if name.lower().endswith(".gz") else open(path, "rb") as file:
                content = file.read(left + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            return broken(name, "den är ingen hel gzip-fil", "it is no whole gzip file")
        left -= len(content)
        if left < 0 or len(contents) == MOST_FILES:
            return _too_large(most)
        contents.append((name, content))
    return Source(tuple(contents))


def broken(name: str, sv: str, en: str) -> Refused:
    """Why a file that cannot be parsed is refused; what is wrong with it in two languages."""
    return Refused(
        "broken",
        f"{name} går inte att läsa: {sv}. Hämta källan på nytt, eller be den som publicerar den att rätta.",
        f"{name} cannot be read: {en}. Fetch the source anew, or ask its publisher to correct it.",
    )


def is_address(value: object) -> bool:
    """Whether a value is a web address that can be an IRI."""
    if not isinstance(value, str) or re.search(r"[\s<>\"{}|\\^`\x00-\x20]", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _too_large(most: int) -> Refused:
    size = most // 2**20
    return Refused(
        "too-large",
        f"Källan är för stor: uppackad får den ha {size} MiB och {MOST_FILES} filer. Höj gränsen med --most-mib, om "
        "datorn har minne till det, eller dela upp källan och importera delarna var för sig.",
        f"The source is too large: unpacked it may have {size} MiB and {MOST_FILES} files. Raise the limit with "
        "--most-mib, if the machine has the memory, or split the source and import the parts one by one.",
    )


def _within(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )

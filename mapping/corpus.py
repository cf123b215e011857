"""Many documents: read side by side, then made to agree on who is who."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mapping.document import BASE, Judged, PersonLines, judge, judge_alone, read, read_again
from mapping.identity import Mention, Resolution, fingerprint, person_quads, resolve
from mapping.records import Refused
from mapping.text import Text


@dataclass(frozen=True, slots=True)
class Document:
    """What is kept of a document once it is read: enough to judge it again when its persons are better known.

    `persons` is the fingerprint of the resolution it was judged with; `ignored` the lines left out by rule;
    `unread` the lines nobody could account for: (line number, rule, text).
    """

    sha256: str
    text: Text
    mentions: tuple[Mention, ...]
    persons: str
    judged: Judged
    claimed: int
    ignored: tuple[tuple[str, int], ...]
    unread: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A document that conforms by itself: what it says of persons, the resolution it was last judged with,
    and how to get at its text."""

    mentions: tuple[Mention, ...]
    persons: str
    text: Callable[[], Text]
    municipality: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """All documents, agreed on their persons: graph/persons, and each document whose graph changed by it,
    with the fingerprint of its resolution. One that violates a shape now is among `rejudged`, not accepted."""

    persons: str
    rejudged: dict[str, tuple[Judged, str]]


CRASHED = Refused(
    "crash",
    "Programmet klarade inte av att läsa filen. Spara den på nytt ur ursprungsprogrammet, eller som PDF, och försök igen.",
    "The program broke down reading the file. Save it anew from the program that made it, or as PDF, and try again.",
)


def read_one(path: Path, municipality: str | None, base: str = BASE) -> Document | Refused:
    """Read and judge one file by itself. Whatever goes wrong in reading is an answer."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return Refused("unreadable", f"Filen går inte att läsa: {error.strerror}.", f"Unreadable file: {error.strerror}.")
    try:
        reading = read(data, municipality)
        if isinstance(reading, Refused):
            return reading
        judged, account = judge_alone(reading, base), reading.record.account
    except Exception as error:  # a fault of ours with one document must not stop the others; it is told, not hidden
        where = error.__traceback__
        while where and where.tb_next:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_filename.rpartition('/')[2]}:{where.tb_lineno}" if where else "?"
        return Refused("crash", f"{CRASHED.sv} ({type(error).__name__}, {place}: {error})",
                       f"{CRASHED.en} ({type(error).__name__}, {place}: {error})")
    canonical = reading.text.canonical
    unread = tuple((canonical.count("\n", 0, u.span.start) + 1, u.reason, canonical[u.span.start : u.span.end])
                   for u in account.unread)
    persons = fingerprint(resolve(reading.mentions), reading.mentions)
    return Document(reading.sha256, reading.text, reading.mentions, persons, judged, account.claimed,
                    account.ignored, unread)


def read_all(paths: Iterable[Path], municipality: str | None, base: str = BASE,
             jobs: int = 1) -> Iterator[tuple[Path, Document | Refused]]:
    """Read files in `jobs` processes, each result as it is ready, in no particular order.

    A file that brings a process down is refused; the others are not touched by it.
    """
    yield from _spread(read_one, {path: (path, municipality, base) for path in paths}, jobs, CRASHED)


def agree(documents: Mapping[str, Known], base: str = BASE, jobs: int = 1) -> Agreement:
    """Resolve the persons over all documents, and judge again those whose persons are resolved otherwise now.

    A document that violates a shape then leaves, and the rest is resolved without it.
    """
    left = dict(documents)
    while True:
        mentions = tuple(m for sha in sorted(left) for m in left[sha].mentions)
        resolution = resolve(mentions)
        persons = person_quads(resolution, base)
        prints = {sha: fingerprint(resolution, known.mentions) for sha, known in left.items()}
        changed = [sha for sha in sorted(left) if prints[sha] != left[sha].persons]
        tasks = {sha: (sha, left[sha].text, left[sha].municipality, base) for sha in changed}
        with _resolved(resolution, persons):
            done = dict(_spread(_again, {sha: (s, text(), m, b) for sha, (s, text, m, b) in tasks.items()}, jobs, None))

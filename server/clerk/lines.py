"""The lines of a document that the reader could not account for, among the lines around them.

Which they are stands in the ledger. Their text is taken from the canonical text of an accepted document, which is
published; of any other document no text is shown here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from server.data_folder.ledger import reading

AROUND: Final = 2  # lines before and after
MOST: Final = 100  # stretches of one document on a page


@dataclass(frozen=True, slots=True)
class Unread:
    """An unread line: its number and page, from 1, and its text as the ledger has it."""

    number: int
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str
    unread: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that follow on each other, some of them unread. `at`: the characters from the first unread to the last
    ("120-245")."""

    page: int | None
    lines: Sequence[Line]
    at: str

    @property
    def first(self) -> int:
        return next(each.number for each in self.lines if each.unread)


def unread_lines(data_dir: Path, document: str) -> list[Unread]:
    """The unread lines of a document, by the first 16 hex digits of its SHA-256; none where there is no ledger.

    Raises DataFolderError where the ledger cannot be read.
    """
    if not (data_dir / "ledger.sqlite").is_file():
        return []
    with reading(data_dir) as ledger:
        found = ledger.connection.execute(
            "SELECT unread FROM documents WHERE sha256 >= ? AND sha256 < ?", [document, document + "g"]
        ).fetchall()
    return [Unread(line, page, text) for (told,) in found for line, _, text, page in json.loads(told)]


def text_of(data_dir: Path, document: str) -> str | None:
    """The canonical text of a document, where it is published."""
    path = data_dir / "texts" / f"{document}.txt"
    return path.read_bytes().decode("utf-8") if path.is_file() else None


def stretches(text: str, unread: Sequence[Unread], most: int = MOST) -> list[Stretch]:
    """The unread lines in their context, at most so many stretches. A line that the text does not have as the ledger
    tells it is left out: then the ledger is newer than what is published."""
    lines = text.split("\n")
    known = [each for each in unread if _stands(lines, each)]
    groups: list[list[Unread]] = []
    for each in sorted(known, key=lambda each: each.number):
        if groups and each.number - groups[-1][-1].number <= 2 * AROUND + 1:
            groups[-1].append(each)
        elif len(groups) == most:
            break
        else:
            groups.append([each])
    starts = _starts(lines)
    return [_stretch(lines, starts, group) for group in groups]


def _stands(lines: Sequence[str], unread: Unread) -> bool:
    return 0 < unread.number <= len(lines) and unread.text.strip().partition("\n")[0] in lines[unread.number - 1]


def _stretch(lines: Sequence[str], starts: Sequence[int], group: Sequence[Unread]) -> Stretch:
    first, last = group[0].number, group[-1].number
    numbers = {each.number for each in group}
    around = range(max(1, first - AROUND), min(len(lines), last + AROUND) + 1)
    return Stretch(
        group[0].page,
        [Line(number, lines[number - 1], number in numbers) for number in around],
        f"{starts[first - 1]}-{starts[last - 1] + len(lines[last - 1])}",
    )


def _starts(lines: Sequence[str]) -> list[int]:
    found, at = [], 0
    for each in lines:
        found.append(at)
        at += len(each) + 1
    return found


def place_of(text: str, quote: str, line: int | None) -> tuple[int, int, int] | None:
    """The line of a quotation, its first character and the one behind its last: at its line, else where it stands
    once; None where that is not certain."""
    if not quote:
        return None
    begin = 0
    if line is not None:
        begin = sum(len(each) + 1 for each in text.split("\n")[: line - 1])
    start = text.find(quote, begin)
    if start < 0 or (line is None and text.find(quote, start + 1) >= 0):
        return None
    number = text.count("\n", 0, start) + 1
    return (number, start, start + len(quote)) if line in (None, number) else None

"""Answers and pages that were made once and are given again as they are, as long as the data are the same."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from server.web.journal import Asked

BESIDES: Final = 600  # bytes that an answer takes besides its body, its headers, its question and its key
PART: Final = 16  # no answer takes more than this part of the room


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer: its headers as they are sent, those of 304 in its place, and its entity tag."""

    head: bytes
    tag: bytes
    body: bytes
    unchanged: bytes
    told: Asked | None = None  # what the journal is told each time; None: of a request for a page


class KeptAnswers:
    """The answers to the latest questions about one version of the data, so many bytes of them (0: none)."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.bytes = 0
        self.hits = self.misses = 0
        self._version: str | None = None
        self._kept: OrderedDict[tuple[bytes, ...], Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, version: str | None, key: tuple[bytes, ...]) -> Kept | None:
        """The answer to a question about a version of the data; those about another one are forgotten."""
        if version != self._version:
            self._kept.clear()
            self.bytes, self._version = 0, version
        found = self._kept.get(key)
        if found:
            self._kept.move_to_end(key)
            self.hits += 1
        else:
            self.misses += 1
        return found

    def lacks(self, version: str, key: tuple[bytes, ...]) -> bool:
        """Whether an answer to this question about this version of the data would be kept, if it is not too large."""
        return version == self._version and key not in self._kept

    def keep(self, version: str, key: tuple[bytes, ...], answer: Kept) -> None:
        """Remember an answer; the longest unasked ones make room for it."""
        size = _size(key, answer)
        if size * PART > self.room or not self.lacks(version, key):
            return
        self._kept[key] = answer
        self.bytes += size
        while self.bytes > self.room:
            old = self._kept.popitem(last=False)
            self.bytes -= _size(*old)


def _size(key: tuple[bytes, ...], answer: Kept) -> int:
    return (
        BESIDES
        + sum(map(len, key))
        + len(answer.head)
        + len(answer.body)
        + len(answer.told.text if answer.told else "")
    )

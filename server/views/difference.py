"""How two texts differ, word by word: what was taken away, what was added, what both say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

MOST: Final = 3000  # words of a text that are compared; comparing takes time by their square
UNLIKE: Final = 0.5  # of the words of the shorter text, at most in common where the texts are two different ones
_WORD: Final = re.compile(r"\s*\S+")
_THAT: Final = re.compile(r"^\s*att\b:?\s+", re.IGNORECASE | re.MULTILINE)
"""The word with which a line of a decision may begin (that)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of one of the texts, or of both."""

    kind: Literal["same", "removed", "added"]
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...] | None:
    """The pieces of both texts in order, or None where they say the same or are too long to compare.

    Spaces, capital letters, marks at the end of a word and "att" at the head of a line make no difference.
    """
    old, new = (_WORD.findall(_THAT.sub("", each)) for each in (before, after))
    if max(len(old), len(new)) > MOST:
        return None
    matcher = SequenceMatcher(None, [_plain(each) for each in old], [_plain(each) for each in new], autojunk=False)
    pieces: list[Piece] = []
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(new[c:d])))
            continue
        if a < b:
            pieces.append(Piece("removed", "".join(old[a:b])))
        if c < d:
            pieces.append(Piece("added", "".join(new[c:d])))
    return tuple(pieces) if any(each.kind != "same" for each in pieces) else None


def unlike(pieces: Sequence[Piece]) -> bool:
    """Whether the texts have so few words in common that how they differ tells nothing."""
    same, removed, added = (
        sum(len(each.text.split()) for each in pieces if each.kind == kind) for kind in ("same", "removed", "added")
    )
    return same <= UNLIKE * (same + min(removed, added))


def _plain(word: str) -> str:
    return word.strip().strip('.,;:()”"–-').casefold()

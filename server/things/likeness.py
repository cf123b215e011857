"""Which names, and which paths, are like one that was written wrong."""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os.path import commonprefix
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHOWN: Final = 5
LONGEST: Final = 200  # characters of a name or a path that is compared
WINDOW: Final = 500  # paths on each side of the place of a path that are compared, in each of two orders
BEST: Final = 50  # of those, how many are compared part by part
SHORTEST: Final = 3  # letters that a name must have to be taken for the beginning of another
ALIKE: Final = 0.7  # share of the letters that are right, below which a name is not like another
SLIP: Final = 0.5  # the same where a single letter is wrong


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths that exist, in the order of their letters, and in that of their letters from the end: a path with a slip
    in one place begins or ends as the right one does, and stands near it in one of the two. `whole`: there are no
    more than these."""

    ordered: Sequence[str]
    from_end: Sequence[str]
    whole: bool

    @classmethod
    def of(cls, paths: Iterable[str], whole: bool = True) -> "Paths":
        """These paths in both orders."""
        each = set(paths)
        return cls(sorted(each, key=folded), sorted(each, key=_backwards), whole)

    def like(self, path: str) -> list[str]:
        """Those that are like a path, the likest first: where one is the same but for capitals and accents, it
        alone; else what begins with it or it with them, and what has a slip in one of its parts."""
        asked = folded(path)
        if len(asked) > LONGEST:
            return []
        around = (
            *_around(self.ordered, asked, folded),
            *_around(self.from_end, asked[::-1], _backwards),
        )
        alike = among(asked, {each: folded(each) for each in around})
        begun = [*self._longer(asked), *self._shorter(asked)]
        same = [each for each in alike if folded(each) == asked]
        return same or list(dict.fromkeys([*begun, *alike]))[:SHOWN]

    def _longer(self, asked: str) -> list[str]:
        """Those whose last part begins with that of a path, the shortest first."""
        if len(asked.rpartition("/")[2]) < SHORTEST:
            return []
        first = bisect_left(self.ordered, asked, key=folded)
        after = self.ordered[first : first + WINDOW]
        found = [each for each in after if (path := folded(each)).startswith(asked) and "/" not in path[len(asked) :]]
        return sorted(found, key=len)

    def _shorter(self, asked: str) -> list[str]:
        """Those with whose last part that of a path begins, the longest first."""
        parent, _, name = asked.rpartition("/")
        found = []
        for end in range(len(name) - 1, SHORTEST - 1, -1):
            path = f"{parent}/{name[:end]}"
            place = bisect_left(self.ordered, path, key=folded)
            if place < len(self.ordered) and folded(self.ordered[place]) == path:
                found.append(self.ordered[place])
        return found


def folded(text: str) -> str:
    """A text without the difference between capitals and small letters, and without accents."""
    text = text.casefold()
    if text.isascii():
        return text
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


def among(asked: str, paths: Mapping[str, str]) -> list[str]:
    """Those of some paths, given folded by what they are, that have a slip in one part or none, the likest first."""
    best = process.extract(
        asked, paths, scorer=OSA.normalized_similarity, processor=None, score_cutoff=SLIP, limit=BEST
    )
    slips = [
        (slip, -len(commonprefix((asked, path))), key)
        for path, _, key in best
        if (slip := _slip(asked, path)) is not None
    ]
    return [key for _, _, key in sorted(slips)]


def _slip(asked: str, path: str) -> float | None:
    """How much differs, where only one part differs, and that by little, or a slash; else None."""
    one, other = asked.split("/"), path.split("/")
    if len(one) != len(other):
        return SLIP if OSA.distance(asked, path, score_cutoff=1) == 1 else None
    differing = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    if len(differing) > 1:
        return None
    if not differing:
        return 0.0
    distance, alike = OSA.distance(*differing[0]), OSA.normalized_similarity(*differing[0])
    return 1 - alike if alike >= (SLIP if distance == 1 else ALIKE) else None


def nearest(name: str, names: Mapping[str, str]) -> list[str]:
    """The keys of the names that are like a name: first those that stand in it as whole words or as its beginning,
    or it in them."""
    asked = folded(name)
    if not asked or len(asked) > LONGEST:
        return []
    found = {key: folded(each) for key, each in names.items()}
    whole = [key for key, each in found.items() if min(len(each), len(asked)) >= SHORTEST and _holds(each, asked)]
    whole.sort(key=lambda key: len(found[key]))
    close = process.extract(
        asked, found, scorer=OSA.normalized_similarity, processor=None, score_cutoff=ALIKE, limit=SHOWN
    )
    return list(dict.fromkeys([*whole, *(key for _, _, key in close)]))[:SHOWN]


def _holds(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short) or f"-{short}-" in f"-{long}-"


def _backwards(path: str) -> str:
    return folded(path)[::-1]


def _around(ordered: Sequence[str], place_of: str, key: Callable[[str], str]) -> Sequence[str]:
    place = bisect_left(ordered, place_of, key=key)
    return ordered[max(0, place - WINDOW) : place + WINDOW]

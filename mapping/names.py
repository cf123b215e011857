"""Names of persons: one spelling, its key for comparison, and when two spellings are near.

Near says nothing about identity: two persons may have near names. It only says how far apart the
spellings are, for `mapping.identity` to weigh with party, body and time.
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

PARTICLES = frozenset(
    (
        "af",
        "al",
        "av",
        "bin",
        "da",
        "de",
        "del",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "ten",
        "ter",
    )
    + ("van", "von", "zu")
)
GOOD = frozenset({"case", "diacritics", "hyphen", "particle", "letter", "surname"})
"""Reasons that make one person likely where party, body and time agree; the others only make one possible."""

_SAME_SOUND = ({"c", "k"}, {"v", "w"}, {"i", "y"}, {"s", "z"}, {"i", "j"}, {"q", "k"})
_DASHES = re.compile(r"\s?[\u2010\u2011\u2012\u2013\u2212-]\s?")


@lru_cache(maxsize=65536)
def normalise(name: str) -> str:
    """A name on one line: composed characters, single blanks, plain hyphens, no punctuation around it."""
    composed = unicodedata.normalize("NFC", name.replace("\u00ad", ""))
    return " ".join(_DASHES.sub("-", composed).split()).strip(" ,;:.()")


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """The name for comparison: small letters, accents gone, but å, ä and ö kept ("André Öhr": "andre öhr")."""
    folded = []
    for letter in normalise(name).casefold():
        plain = unicodedata.normalize("NFD", letter)[0]
        folded.append(letter if letter in "åäö" else {"æ": "ä", "ø": "ö"}.get(letter, plain))
    return "".join(folded)


@lru_cache(maxsize=65536)
def tokens(name: str) -> tuple[str, ...]:
    """The parts of a name in key form, hyphenated names apart, particles left out."""
    parts = tuple(part for part in re.split(r"[\s-]+", key(name)) if part)
    return tuple(part for i, part in enumerate(parts) if i == 0 or part not in PARTICLES)


def near(a: str, b: str) -> str | None:
    """Why two names are near spellings, or None where they are not, or are written alike.

    The reasons, joined by "+": "case", "diacritics", "hyphen", "particle" (von, af …), "letter" (one letter
    doubled, dropped or replaced in a part of five letters or more), "surname" (one more or one less, another
    one shared); and the doubtful ones: "short" (one letter in a short part), "first-name" (one letter that
    may make another first name: Andrea, Andreas), "initial" (another first letter: Hansson, Jansson).
    """
    first, second = normalise(a), normalise(b)
    if first == second:
        return None
    if key(first) == key(second):
        return "case" if first.casefold() == second.casefold() else "diacritics"
    mine, other = tokens(first), tokens(second)
    if mine == other:
        joined = re.sub(r"-", " ", key(first)) == re.sub(r"-", " ", key(second))
        return "hyphen" if joined else "particle"
    if min(len(mine), len(other)) < 2:
        return None
    reasons = set()
    if mine[0] != other[0]:
        given = _given(mine[0], other[0])
        if given is None:
            return None
        reasons.add(given)
    family = _family(mine[1:], other[1:])
    if family is None:
        return None
    reasons |= family
    if len(reasons - GOOD) + ("letter" in reasons) > 1:
        return None
    return "+".join(sorted(reasons))


def is_good(reason: str) -> bool:
    """Whether a reason of `near` makes one person likely, and not only possible."""
    return set(reason.split("+")) <= GOOD


def _given(a: str, b: str) -> str | None:
    if _distance(a, b) != 1:
        return None
    if min(len(a), len(b)) < 5:
        return "short"
    return "letter" if a[-1] == b[-1] and (_same_sound(a, b) or _doubled(a, b)) else "first-name"


def _family(a: tuple[str, ...], b: tuple[str, ...]) -> set[str] | None:
    """Compare surnames (and middle names): all of the shorter list must stand in the longer, in its order."""
    shorter, longer = sorted((a, b), key=len)
    reasons = {"surname"} if len(shorter) < len(longer) else set()
    edits = 0
    position = 0
    for part in shorter:
        found = next(
            ((i, r) for i, one in enumerate(longer[position:], position) if (r := _part(part, one)) is not None), None
        )
        if found is None:
            return None
        position = found[0] + 1
        if found[1]:
            reasons.add(found[1])
            edits += 1
    return reasons if edits <= 1 else None


def _part(a: str, b: str) -> str | None:
    """ "" for equal parts, a reason for near ones, None for others."""
    if a == b:
        return ""
    if _distance(a, b) != 1:
        return None
    if min(len(a), len(b)) < 5:
        return "short"
    return "letter" if a[0] == b[0] else "initial"


def _distance(a: str, b: str) -> int:
    return Levenshtein.distance(a, b, score_cutoff=1)


def _doubled(a: str, b: str) -> bool:
    """Whether a letter is doubled in one, or an h stands after a letter in one ("Tomas", "Thomas")."""
    if len(a) == len(b):
        return False
    shorter, longer = sorted((a, b), key=len)
    at = next((i for i, (x, y) in enumerate(zip(shorter, longer, strict=False)) if x != y), len(shorter))
    return longer[at] == "h" or (at > 0 and longer[at] == longer[at - 1])


def _same_sound(a: str, b: str) -> bool:
    return len(a) == len(b) and any({x, y} in _SAME_SOUND for x, y in zip(a, b, strict=True) if x != y)

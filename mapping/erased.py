"""Names that were erased: masked wherever they stand, known by a salted hash of their letters alone.

What is erased (General Data Protection Regulation, (EU) 2016/679, article 17) must not come back when it is read
again, and nothing that is kept may tell the name.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+")
_GAP = 12
"""Characters that may stand between two words of a name: blanks, a hyphen, the end of a line."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A name that is masked: how many letters it has, a salt, and the hash (64 hex digits) of salt and letters."""

    letters: int
    salt: str
    hash: str


def erased(names: Iterable[str]) -> list[Erased]:
    """What to keep of some names, to know them again in any order of first name and surname."""
    orders = {order for name in names for order in _orders(_WORD.findall(name)) if len(order) > 1}
    found = {_letters("".join(order)) for order in orders}
    salt = secrets.token_hex(16)
    return [Erased(len(letters), salt, _hash(salt, letters)) for letters in sorted(found)]


def mask_erased(text: str, rules: Sequence[Erased]) -> str:
    """The text with every letter of an erased name replaced by "•": of equal length, so that offsets hold.

    Case, accents, a word division and a genitive s make no difference.
    """
    if not rules:
        return text
    parts: list[str] = []
    position = 0
    for start, end in _found(text, rules):
        if start >= position:
            parts += [text[position:start], _WORD.sub(lambda word: "•" * len(word[0]), text[start:end])]
            position = end
    return "".join(parts) + text[position:]


def _found(text: str, rules: Sequence[Erased]) -> Iterator[tuple[int, int]]:
    words = [(match.start(), match.end(), _letters(match[0])) for match in _WORD.finditer(text)]
    known: dict[int, list[Erased]] = {}
    for rule in rules:
        known.setdefault(rule.letters, []).append(rule)
    longest = max(known) + 1
    for first, (start, _, _) in enumerate(words):
        letters = ""
        for at in range(first, len(words)):
            if at > first and words[at][0] - words[at - 1][1] > _GAP:
                break
            letters += words[at][2]
            if len(letters) > longest:
                break
            forms = (letters, letters[:-1]) if letters.endswith("s") else (letters,)
            if any(_hash(rule.salt, form) == rule.hash for form in forms for rule in known.get(len(form), ())):
                yield start, words[at][1]
                break


def _orders(words: list[str]) -> Iterator[tuple[str, ...]]:
    for cut in range(len(words)):
        yield (*words[cut:], *words[:cut])


def _letters(word: str) -> str:
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _hash(salt: str, letters: str) -> str:
    return hashlib.sha256(f"{salt} {letters}".encode()).hexdigest()

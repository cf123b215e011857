"""Names that were erased: masked wherever they stand, known by a salted hash of their letters alone.

What is erased (General Data Protection Regulation, (EU) 2016/679, article 17) must not come back when it is read
again, so something must be kept to know it by. The name cannot be read from it, but whoever has the ledger can try
names until one fits: the hash is quick, and people's names are few. The ledger is to be kept as the documents are.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mapping.escaped import ESCAPED, unescaped
from mapping.parties import without_party

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_SPACED = re.compile(rf"(?<!\w)(?:{_LETTER}[^\S\n]){{2,}}{_LETTER}(?!\w)")
"""A word with its letters spaced out."""
_SIGNS = re.compile(rf"{ESCAPED.pattern}|{WORD.pattern}")
_BLANKS = re.compile(r"[^\S\n]+")
_GAP = 12
"""Characters that may stand between two words of a name: a hyphen, the end of a line, blanks, which count as one."""
_MAILBOX = re.compile(rf"(?<![\w.-]){WORD.pattern}(?=\d{{0,4}}@)")
"""The whole of what stands before the "@" of an address of mail, where that is one word."""
HIDDEN = "•••"
_NO_INITIALS = ("i", "å", "ö")  # words of one letter


@dataclass(frozen=True, slots=True)
class Erased:
    """A name that is masked: how many letters it has, a salt, and the hash (64 hex digits) of salt and letters.

    An initial has a point behind it, which counts as a letter: "G Rimfors" is not "Grimfors". `alone`: a surname,
    masked by mapping.erased_surnames in the documents that name its bearer; `everywhere`: one that can mean nobody
    else, masked in every document (mapping.lone_surnames).
    """

    letters: int
    salt: str
    hash: str
    alone: bool = False
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    letters: str
    between: bool  # it may stand between the words of a name: an initial, or a party in brackets


def erased(names: Iterable[str], initials: bool = True, in_full: Iterable[str] = ()) -> list[Erased]:
    """What to keep of some names, to know them again in any order of first name and surname; a party is no part.

    `initials`: also where initials stand for the names before the last, but not of those that are given `in_full`.
    """
    forms = {form for name in names for form in _forms(without_party(name), initials)}
    forms |= {form for name in in_full for form in _forms(without_party(name), initials=False)}
    found = {"".join(order) for form in forms for order in _orders(form) if len(order) > 1}
    salt = secrets.token_hex(16)
    return [Erased(len(letters), salt, hashed(salt, letters)) for letters in sorted(found)]


def mask_erased(text: str, rules: Sequence[Erased]) -> str:
    """The text with every letter of an erased name replaced by "•": of equal length, so that offsets hold.

    Case, accents, a word division, letters spaced out and a genitive s make no difference, nor does an initial or a
    party in brackets between the names. A part of the name alone is left, and a name with other names in between.
    Before "@" initials and surname may run together ("kohr@"). Letters may be escaped, and full-width.
    """
    return _masked(text, rules, lambda name: _SIGNS.sub(lambda word: "•" * len(word[0]), name))


def hide_erased(text: str, rules: Sequence[Erased]) -> str:
    """The same with one mask for each name, which does not tell how long it was: where no offsets are to hold."""
    return _masked(text, rules, lambda _: HIDDEN)


def _masked(text: str, rules: Sequence[Erased], mask: Callable[[str], str]) -> str:
    rules = [rule for rule in rules if not rule.alone]
    if not rules:
        return text
    parts: list[str] = []
    position = 0
    for start, end in _found(text, rules):
        if end > position:
            start = max(start, position)
            parts += [text[position:start], mask(text[start:end])]
            position = end
    return "".join(parts) + text[position:]


def named_in(text: str, rules: Sequence[Erased]) -> list[Erased]:
    """The rules of those, of several who were erased, whose whole name stands in a text."""
    salts = {rule.salt for rule in rules if rule.alone}
    there = {salt for salt in salts if mask_erased(text, [rule for rule in rules if rule.salt == salt]) != text}
    return [rule for rule in rules if rule.salt in there]


def _found(text: str, rules: Sequence[Erased]) -> Iterator[tuple[int, int]]:
    """Where names stand, by their beginning, each as far as it goes."""
    known: dict[int, list[Erased]] = {}
    for rule in rules:
        known.setdefault(rule.letters, []).append(rule)
    found = list(_written(text, known))
    if ESCAPED.search(text):
        meant, starts = unescaped(text)
        found += [(starts[start], starts[end]) for start, end in _written(meant, known)]
    yield from sorted(found)


def _written(text: str, known: dict[int, list[Erased]]) -> Iterator[tuple[int, int]]:
    words = [_word(text, match) for match in WORD.finditer(text)]
    yield from _known_runs(text, words, known)
    yield from (match.span() for match in _MAILBOX.finditer(text) if _is_mailbox(letters_of(match[0]), known))
    if spaced := [
        _Word(*match.span(), letters_of("".join(match[0].split())), False) for match in _SPACED.finditer(text)
    ]:
        inside = {at for word in spaced for at in range(word.start, word.end)}
        others = [word for word in words if word.start not in inside]
        yield from _known_runs(text, sorted(spaced + others, key=lambda word: word.start), known)


def _known_runs(text: str, words: Sequence[_Word], known: dict[int, list[Erased]]) -> Iterator[tuple[int, int]]:
    for first in range(len(words)):
        ends = [end for letters, end in _runs(text, words, first, max(known) + 1) if _is_known(letters, known)]
        if ends:
            yield words[first].start, ends[-1]


def _runs(text: str, words: Sequence[_Word], first: int, longest: int) -> Iterator[tuple[str, int]]:
    """The letters of some words from the first on, with and without what may stand between, and where they end."""
    so_far = {""}
    for at in range(first, len(words)):
        if at > first and len(_BLANKS.sub(" ", text[words[at - 1].end : words[at].start])) > _GAP:
            return
        longer = {run + words[at].letters for run in so_far if len(run) + len(words[at].letters) <= longest}
        yield from ((run, words[at].end) for run in sorted(longer))
        so_far = longer | so_far if words[at].between and at > first else longer
        if not so_far:
            return


def _is_known(letters: str, known: dict[int, list[Erased]]) -> bool:
    forms = (letters, letters[:-1]) if letters.endswith("s") else (letters,)
    return any(hashed(rule.salt, form) == rule.hash for form in forms for rule in known.get(len(form), ()))


def _is_mailbox(letters: str, known: dict[int, list[Erased]]) -> bool:
    """Whether initials and surname run together are known, in either order: "kohr", "kgohr", "ohrk"."""
    first, second = letters[:1], letters[1:2]
    forms = (f"{first}.{letters[1:]}", f"{first}.{second}.{letters[2:]}", f"{letters}.")
    return any(hashed(rule.salt, form) == rule.hash for form in forms for rule in known.get(len(form), ()))


def _word(text: str, match: re.Match[str]) -> _Word:
    start, end = match.span()
    initial = len(letters_of(match[0])) == 1 and (match[0] not in _NO_INITIALS or text[end : end + 1] == ".")
    bracketed = text[max(start - 1, 0) : start] + text[end : end + 1] in ("()", "[]")
    return _Word(start, end, _part(match[0]) if initial else letters_of(match[0]), initial or bracketed)


def _forms(name: str, initials: bool) -> Iterator[tuple[str, ...]]:
    """The parts of a name as given, without initials in it, and with initials for its first and for all but its last
    name."""
    surname, comma, first = name.partition(",")
    names = [WORD.findall(word) for word in (f"{first} {surname}" if comma else name).split()]
    names = [words for words in names if words]
    whole = tuple(_part(word) for words in names for word in words)
    yield whole
    yield tuple(part for part in whole if not part.endswith("."))
    for cut in {1, len(names) - 1} if initials and len(names) > 1 else ():
        shortened = [[word[0] for word in words] if at < cut else words for at, words in enumerate(names)]
        yield tuple(_part(word) for words in shortened for word in words)
    if initials and len(names) > 2:
        yield tuple(_part(word) for words in ([word[0] for word in names[0]], names[-1]) for word in words)


def _part(word: str) -> str:
    letters = letters_of(word)
    return f"{letters}." if len(letters) == 1 else letters


def _orders(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for cut in range(len(parts)):
        yield (*parts[cut:], *parts[:cut])


def letters_of(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold())  # full-width letters too
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def hashed(salt: str, letters: str) -> str:
    return hashlib.sha256(f"{salt} {letters}".encode()).hexdigest()

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
from functools import cache

import ontology
from mapping.parties import without_party

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_HYPHENED = re.compile(rf"{_WORD.pattern}(?:-\n?[ \t]*{_WORD.pattern})*")
_SPACED = re.compile(rf"(?<!\w)(?:{_LETTER}[^\S\n]){{2,}}{_LETTER}(?!\w)")
"""A word with its letters spaced out."""
_BLANKS = re.compile(r"[^\S\n]+")
_GAP = 12
"""Characters that may stand between two words of a name: a hyphen, the end of a line, blanks, which count as one."""
HIDDEN = "•••"
_NO_INITIALS = ("i", "å", "ö")  # words of one letter


@dataclass(frozen=True, slots=True)
class Erased:
    """A name that is masked: how many letters it has, a salt, and the hash (64 hex digits) of salt and letters.

    An initial has a point behind it, which counts as a letter: "G Rimfors" is not "Grimfors". `alone`: a surname,
    masked by `mask_surnames` in the documents that name its bearer.
    """

    letters: int
    salt: str
    hash: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    letters: str
    between: bool  # it may stand between the words of a name: an initial, or a party in brackets


def erased(names: Iterable[str], initials: bool = True) -> list[Erased]:
    """What to keep of some names, to know them again in any order of first name and surname; a party is no part.

    `initials`: also where initials stand for the names before the last.
    """
    forms = {form for name in names for form in _forms(without_party(name), initials)}
    found = {"".join(order) for form in forms for order in _orders(form) if len(order) > 1}
    salt = secrets.token_hex(16)
    return [Erased(len(letters), salt, _hash(salt, letters)) for letters in sorted(found)]


def mask_erased(text: str, rules: Sequence[Erased]) -> str:
    """The text with every letter of an erased name replaced by "•": of equal length, so that offsets hold.

    Case, accents, a word division, letters spaced out and a genitive s make no difference, nor does an initial or a
    party in brackets between the names. A part of the name alone is left, and a name with other names in between.
    """
    return _masked(text, rules, lambda name: _WORD.sub(lambda word: "•" * len(word[0]), name))


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


def erased_surnames(names: Iterable[str], salt: str) -> list[Erased]:
    """What to keep of the surnames of somebody of some names, with the salt of these: not of surnames of one or two
    letters, nor of those that are also the name of a municipality, which stands there for another reason."""
    found = {"".join(map(_letters, words)) for name in names if (words := _surname(without_party(name)))}
    kept = sorted(each for each in found - _places() if len(each) > 2)
    return [Erased(len(each), salt, _hash(salt, each), True) for each in kept]


def mask_surnames(text: str, rules: Sequence[Erased], others: Iterable[str], names_only: bool = False) -> str:
    """The text of a document that names somebody who was erased, with the surname alone masked as well.

    It is left where one of the `others` whom the document names bears it, and where it also stands in small letters,
    as a word does; but in an address (of mail or of a page) it is masked. `names_only`: the text has no such words.
    """
    known = _surname_rules(rules)
    borne = {letters for name in others if len(words := _WORD.findall(name)) > 1 for letters in map(_letters, words)}
    found = []
    for match in _HYPHENED.finditer(text) if known else ():
        letters = _letters("".join(_WORD.findall(match[0])))
        for rule in _rules_of(letters, known):
            found.append((match, rule, match[0].islower() and not _in_address(text, match) and not names_only))
    left = {rule for _, rule, is_word in found if is_word}
    left |= {rule for letters in borne for rule in _rules_of(letters, known)}
    for match, rule, _ in found:
        if rule not in left:
            masked = _WORD.sub(lambda word: "•" * len(word[0]), match[0])
            text = text[: match.start()] + masked + text[match.end() :]
    return text


def bears_surname(text: str, rules: Sequence[Erased]) -> bool:
    """Whether a surname that was erased stands alone in a text, in whatever letters."""
    known = _surname_rules(rules)
    return any(_rules_of(_letters(match[0]), known) for match in _WORD.finditer(text)) if known else False


def _surname_rules(rules: Iterable[Erased]) -> dict[int, list[Erased]]:
    known: dict[int, list[Erased]] = {}
    for rule in rules:
        if rule.alone:
            known.setdefault(rule.letters, []).append(rule)
    return known


def _rules_of(letters: str, known: dict[int, list[Erased]]) -> list[Erased]:
    """The rules that a word is known by, itself or without a genitive s."""
    forms = (letters, letters[:-1]) if letters.endswith("s") else (letters,)
    return [rule for form in forms for rule in known.get(len(form), ()) if _hash(rule.salt, form) == rule.hash]


def _surname(name: str) -> list[str]:
    surname, comma, _ = name.partition(",")
    parts = surname.split() if comma else name.split()[1:]
    return _WORD.findall(parts[-1]) if parts else []


def _in_address(text: str, match: re.Match[str]) -> bool:
    return text[match.end() : match.end() + 1] in ("@", "_", "/") or text[: match.start()][-1:] in (
        "@",
        ".",
        "_",
        "/",
    )


@cache
def _places() -> frozenset[str]:
    return frozenset("".join(map(_letters, _WORD.findall(name))) for name in ontology.municipalities().values())


def _found(text: str, rules: Sequence[Erased]) -> Iterator[tuple[int, int]]:
    """Where names stand, by their beginning, each as far as it goes."""
    known: dict[int, list[Erased]] = {}
    for rule in rules:
        known.setdefault(rule.letters, []).append(rule)
    words = [_word(text, match) for match in _WORD.finditer(text)]
    found = list(_known_runs(text, words, known))
    if spaced := [
        _Word(*match.span(), _letters("".join(match[0].split())), False) for match in _SPACED.finditer(text)
    ]:
        inside = {at for word in spaced for at in range(word.start, word.end)}
        others = [word for word in words if word.start not in inside]
        found += _known_runs(text, sorted(spaced + others, key=lambda word: word.start), known)
    yield from sorted(found)


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
    return any(_hash(rule.salt, form) == rule.hash for form in forms for rule in known.get(len(form), ()))


def _word(text: str, match: re.Match[str]) -> _Word:
    start, end = match.span()
    initial = len(_letters(match[0])) == 1 and (match[0] not in _NO_INITIALS or text[end : end + 1] == ".")
    bracketed = text[max(start - 1, 0) : start] + text[end : end + 1] in ("()", "[]")
    return _Word(start, end, _part(match[0]) if initial else _letters(match[0]), initial or bracketed)


def _forms(name: str, initials: bool) -> Iterator[tuple[str, ...]]:
    """The parts of a name as given, without initials in it, and with initials for its first and for all but its last
    name."""
    surname, comma, first = name.partition(",")
    names = [_WORD.findall(word) for word in (f"{first} {surname}" if comma else name).split()]
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
    letters = _letters(word)
    return f"{letters}." if len(letters) == 1 else letters


def _orders(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for cut in range(len(parts)):
        yield (*parts[cut:], *parts[:cut])


def _letters(word: str) -> str:
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _hash(salt: str, letters: str) -> str:
    return hashlib.sha256(f"{salt} {letters}".encode()).hexdigest()

"""Surnames of those who were erased: masked where they stand alone, in the documents that name their bearers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

import ontology
from mapping.erased import WORD, Erased, hashed, letters_of
from mapping.lexicon import lexicon
from mapping.parties import without_party
from mapping.person_names import post_pattern

HYPHENED = re.compile(rf"{WORD.pattern}(?:-\n?[ \t]*{WORD.pattern})*")
_OF_A_PERSON: Final = re.compile(r"[^\S\n]*(?:[(\[][A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,4}[)\]]|-?•)|\s+(?:yrka|reserver)")
_NEAR: Final = 60  # characters that a post takes


def shortened(name: str) -> tuple[str, str] | None:
    """The name of somebody with two surnames, not joined by a hyphen, without the last of them, and with both of them
    joined: "Anna Alm Ek" is "Anna Alm" and "Anna Alm-Ek". None where there is one surname, or the first of them is a
    first name too."""
    surname, comma, first = without_party(name).partition(",")
    words = [word for word in (f"{first} {surname}" if comma else surname).split() if word[:1].isupper()]
    words = [word for word in words if len(letters_of(word.rstrip("."))) > 1]
    if len(words) < 3 or letters_of(words[-2].partition("-")[0]) in _given():
        return None
    return f"{words[0]} {words[-2]}", f"{words[0]} {words[-2]}-{words[-1]}"


def is_alike(name: str, other: str) -> bool:
    """Whether initials for the first names would make two names of first name and surname the same."""
    words = [[letters_of(word) for word in WORD.findall(each)] for each in (name, other)]
    (first, *_, last), others = words[0], words[1]
    return len(others) > 1 and len(others[0]) > 1 and others[0][0] == first[0] and last in others[1:]


@cache
def _given() -> frozenset[str]:
    return frozenset(map(letters_of, lexicon("people")["given_names"]))


def erased_surnames(names: Iterable[str], salt: str) -> list[Erased]:
    """What to keep of the surnames of somebody of some names, with the salt of these: not of surnames of one or two
    letters."""
    found = {"".join(map(letters_of, words)) for name in names if (words := _surname(without_party(name)))}
    kept = sorted(each for each in found if len(each) > 2)
    return [Erased(len(each), salt, hashed(salt, each), True) for each in kept]


def mask_surnames(text: str, rules: Sequence[Erased], others: Iterable[str]) -> str:
    """The text of a document that names somebody who was erased, with the surname alone masked as well.

    It is left where one of the `others` whom the document names bears it. Where it also stands in small letters, as a
    word does, or is the name of a municipality, it is masked only where a person is meant: before a party in brackets
    or "yrkar", behind a post; a word also in an address (of mail or of a page).
    """
    known = known_rules(rules)
    borne = borne_by(others, known)
    found = []
    words = set()
    for match in HYPHENED.finditer(text) if known else ():
        letters = letters_of("".join(WORD.findall(match[0])))
        for rule in rules_of(letters, known):
            found.append((match, rule, not places().isdisjoint((letters, letters.removesuffix("s")))))
            if match[0].islower() and not in_address(text, match):
                words.add(rule)
    for match, rule, is_place in reversed(found):
        if rule not in borne and (not is_place and rule not in words or _is_person(text, match)):
            masked = WORD.sub(lambda word: "•" * len(word[0]), match[0])
            text = text[: match.start()] + masked + text[match.end() :]
    return text


def borne_by(names: Iterable[str], known: dict[int, list[Erased]]) -> set[Erased]:
    """The rules of the surnames that some people bear."""
    return {rule for name in names for rule in _borne(name, known)}


def _borne(name: str, known: dict[int, list[Erased]]) -> Iterator[Erased]:
    """The rules of the surnames that somebody bears; of one who was erased, named by both surnames alone, none."""
    rules = [rules_of(letters_of(word), known) for word in WORD.findall(name)]
    if len(rules) > 1:
        own = set.intersection(*({rule.salt for rule in each} for each in rules))
        yield from (rule for each in rules for rule in each if rule.salt not in own)


def _is_person(text: str, match: re.Match[str]) -> bool:
    """Whether what stands beside a name tells that it is a person's."""
    before = text[max(match.start() - _NEAR, 0) : match.start()].rstrip()
    is_post = any(post.end() == len(before) for post in post_pattern().finditer(before))
    return is_post or before.endswith("•") or bool(_OF_A_PERSON.match(text, match.end()))


def bears_surname(text: str, rules: Iterable[Erased], as_word: bool = True) -> bool:
    """Whether a surname that was erased stands alone in a text, in whatever letters; `as_word`: also where it stands
    in small letters, as a word does, and in no address."""
    known = known_rules(rules)

    def is_one(match: re.Match[str]) -> bool:
        words = WORD.findall(match[0])
        joined = "".join(map(letters_of, words))
        there = any(rules_of(letters, known) for letters in {joined, *map(letters_of, words)})
        return there and (as_word or not match[0].islower() or in_address(text, match))

    return any(is_one(match) for match in HYPHENED.finditer(text)) if known else False


def known_rules(rules: Iterable[Erased]) -> dict[int, list[Erased]]:
    known: dict[int, list[Erased]] = {}
    for rule in rules:
        if rule.alone:
            known.setdefault(rule.letters, []).append(rule)
    return known


def rules_of(letters: str, known: dict[int, list[Erased]]) -> list[Erased]:
    """The rules that a word is known by, itself or without a genitive s."""
    forms = (letters, letters[:-1]) if letters.endswith("s") else (letters,)
    return [rule for form in forms for rule in known.get(len(form), ()) if hashed(rule.salt, form) == rule.hash]


def _surname(name: str) -> list[str]:
    surname, comma, _ = name.partition(",")
    parts = surname.split() if comma else name.split()[1:]
    return WORD.findall(parts[-1]) if parts else []


def in_address(text: str, match: re.Match[str]) -> bool:
    return text[match.end() : match.end() + 1] in ("@", "_", "/") or text[: match.start()][-1:] in (
        "@",
        ".",
        "_",
        "/",
    )


@cache
def places() -> frozenset[str]:
    """The names of the municipalities."""
    return frozenset("".join(map(letters_of, WORD.findall(name))) for name in ontology.municipalities().values())

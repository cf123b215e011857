"""Surnames that can mean nobody but somebody who was erased: masked in every document, also where it has no more of
the name. One that is also a word, a place, a firm or somebody else's is left, and so is each in a document that has
such a thing by its name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

import ontology
from mapping.erased import HIDDEN, WORD, Erased, hashed, hide_erased, letters_of
from mapping.erased_surnames import (
    HYPHENED,
    bears_surname,
    borne_by,
    in_address,
    known_rules,
    mask_surnames,
    places,
    rules_of,
)
from mapping.lexicon import lexicon
from mapping.person_names import no_names, post_pattern

_BEFORE: Final = re.compile(r"(?P<word>\S+)(?P<gap>[^\S\n]|[^\S\n]*\n[^\S\n]*)\Z")
_BEHIND: Final = re.compile(r"(?P<gap>[^\S\n]|[^\S\n]*\n[^\S\n]*)(?P<word>\S+)")
_FIRM: Final = re.compile(r"(?:\s{1,3}[\w&.-]{1,30}){0,4}?\s{1,3}(?:AB|HB|KB|Aktiebolag|aktiebolag|handelsbolag)\b")
_PROPERTY: Final = re.compile(r"\d+:\d+")
_SITE: Final = re.compile(r"(?:@|www\.|//)[\w.-]*\Z")
_NEAR: Final = 60
_JOINED: Final = 3  # words that one surname may have in the name of a file
_ABBREVIATION: Final = 4  # letters: so short a word in capitals may be one


def sole_surnames(rules: Sequence[Erased], words: Iterable[str], texts: Iterable[str]) -> set[Erased]:
    """The rules of those surnames of somebody that can mean nobody else: that are no known words, nor among the
    `words` (names of places, bodies and parties of the graph), nor mean anything else in one of the `texts`."""
    known = _ordinary() | {letters_of(word) for each in words for word in WORD.findall(each)}
    left = {rule for rule in rules if not any(hashed(rule.salt, word) == rule.hash for word in known)}
    for text in texts if left else ():
        left -= means_another(text, left)
    return left


def solely_meant(text: str, rules: Iterable[Erased]) -> list[Erased]:
    """Of the surnames that are masked in every document, those that a text without the whole names has, and that mean
    nothing else in it."""
    everywhere = [rule for rule in rules if rule.everywhere]
    if not everywhere or not bears_surname(text, everywhere):
        return []
    others = means_another(text, everywhere)
    return [rule for rule in everywhere if rule not in others]


def means_another(text: str, rules: Iterable[Erased]) -> set[Erased]:
    """The rules of the surnames that stand in a text as a word, or in the name of somebody or something else."""
    known = known_rules(rules)
    words = {match[0] for match in HYPHENED.finditer(text)} if known else set()
    exact = {word: found for word in words if (found := rules_of(_letters(word), known))}
    others = {rule for word in words for rule in _inside(word, known)}
    for match in HYPHENED.finditer(text) if exact else ():
        for rule in exact.get(match[0], ()):
            if rule not in others and _is_other(text, match, len(_letters(match[0])) > rule.letters):
                others.add(rule)
    return others


def hidden(text: str, rules: Sequence[Erased]) -> str:
    """A text without the names of those who were erased, nor the surnames that can mean nobody else; neither mask
    tells how long they were."""
    found = hide_erased(text, rules)
    return re.sub("•+", HIDDEN, mask_surnames(found, solely_meant(found, rules), ()))


def mask_in_name(name: str, rules: Iterable[Erased], others: Iterable[str]) -> str:
    """The name of a file or a source with the surnames masked that none of the `others` bears: in small letters too,
    and whatever stands between the words. Places are left, and what is a word too where hyphens join it to others."""
    known = known_rules(rules)
    free = {rule for each in known.values() for rule in each} - borne_by(others, known)
    words = list(WORD.finditer(name)) if free else []
    for first, last in ((at, at + more) for more in range(_JOINED) for at in range(len(words) - more)):
        start, end = words[first].start(), words[last].end()
        letters = "".join(letters_of(word[0]) for word in words[first : last + 1])
        found = {letters[: rule.letters] for rule in rules_of(letters, known) if rule in free}
        is_joined = "-" in (name[start - 1 : start], name[end : end + 1])
        if found and found.isdisjoint(_ordinary() if is_joined else places()):
            name = name[:start] + WORD.sub(lambda word: "•" * len(word[0]), name[start:end]) + name[end:]
    return name


def _letters(word: str) -> str:
    return "".join(letters_of(part) for part in WORD.findall(word))


def _inside(word: str, known: dict[int, list[Erased]]) -> Iterator[Erased]:
    """The rules of the surnames that a word begins with, or that are a part of it between hyphens."""
    letters = _letters(word)
    parts = WORD.findall(word)
    whole = rules_of(letters, known)
    found = [rule for part in parts if len(parts) > 1 for rule in rules_of(letters_of(part), known)]
    for length, rules in known.items():
        if len(letters) > length and letters[length:] != "s":
            found += [rule for rule in rules if hashed(rule.salt, letters[:length]) == rule.hash]
    own = {rule.salt for rule in whole}  # "Alm-Ek" of somebody who is "Alm Ek" as well
    return (rule for rule in found if rule.salt not in own)


def _is_other(text: str, match: re.Match[str], is_genitive: bool) -> bool:
    """Whether a surname where it stands is a word, or in the name of somebody or something else."""
    word, before, behind = match[0], text[max(match.start() - _NEAR, 0) : match.start()], text[match.end() :][:_NEAR]
    if in_address(text, match):
        return bool(_SITE.search(before))
    as_name = all(part.isupper() or part[1:].islower() for part in WORD.findall(word)) and word[0].isupper()
    if not as_name or (word.isupper() and len(word) <= _ABBREVIATION):
        return True
    return _goes_before(before, is_genitive) or _goes_behind(behind)


def _goes_before(text: str, is_genitive: bool) -> bool:
    match = _BEFORE.search(text)
    if match is None:
        return False
    word = match["word"].lstrip("(\"”'")
    if word.lower() in lexicon("surnames")["within"]:
        return not is_genitive
    if word.lower() in lexicon("surnames")["before"]:
        return True
    if not word[:1].isupper() or (word[-1] in ",.;:!?)]" and not re.fullmatch(r"\w\.", word)):
        return False
    if "\n" in match["gap"]:
        return letters_of(word) in _given()
    is_post = any(post.end() == len(text.rstrip()) for post in post_pattern().finditer(text.rstrip()))
    return not is_post and word not in no_names() and word not in lexicon("surnames")["openers"]


def _goes_behind(text: str) -> bool:
    if _FIRM.match(text):
        return True
    match = _BEHIND.match(text)
    if match is None:
        return False
    word = match["word"].rstrip(",.;:!?)”\"'")
    things = lexicon("surnames")["behind"]
    longer = tuple(thing for thing in things if len(thing) > 3)
    if word == "&" or _PROPERTY.match(word) or word in things or word.endswith(longer):
        return True
    is_other = word[:1].isupper() and not ontology.party(word) and not post_pattern().fullmatch(word)
    return is_other and "\n" not in match["gap"]


@cache
def _given() -> frozenset[str]:
    return frozenset(map(letters_of, lexicon("people")["given_names"]))


@cache
def _ordinary() -> frozenset[str]:
    """Words that are surnames too, first names, and names of municipalities, counties and parties."""
    names = [*ontology.municipalities().values(), *ontology.counties().values(), *no_names()]
    names += [name for party in ontology.parties() for name in (party.code, *party.names_sv)]
    names += lexicon("people")["given_names"] + lexicon("surnames")["words"] + lexicon("surnames")["openers"]
    words = {letters_of(word) for name in names for word in WORD.findall(name)}
    return frozenset(words | {_letters(name) for name in names})

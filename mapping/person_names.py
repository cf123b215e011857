"""Names of people and the posts before them, as they are printed."""

import re
from functools import cache

from mapping.flow import Flow
from mapping.known import Known
from mapping.lexicon import lexicon

# Bounded, so that a chain of hyphens is not searched through anew from each of its words.
WORD = r"[A-ZÅÄÖÉÜØÆ][\wåäöéèüøæáíóñçšžć’']{0,40}(?:-[\wåäöéüá]{1,40}){0,4}"
_INITIAL = r"[A-ZÅÄÖ]\.?"


@cache
def name_pattern() -> re.Pattern[str]:
    """A person's name: two to five words with capitals, particles between them."""
    particles = "|".join(lexicon("people")["particles"])
    part = rf"(?:[A-ZÅÄÖ]\.(?=\s)|(?:al|el|ben|bin)-{WORD}|{WORD}|{_INITIAL}(?=\s))"
    return re.compile(rf"{WORD}(?:\s(?:(?:{particles})\s)?{part}){{1,4}}")


@cache
def post_pattern() -> re.Pattern[str]:
    """A post or an office, by the words and endings of the lexicon."""
    posts = sorted(lexicon("people")["posts"], key=len, reverse=True)
    endings = "|".join(sorted(lexicon("people")["office_endings"], key=len, reverse=True))
    office = rf"(?:(?:[Tt]illförordnad|[Tt]f\.?|[Bb]iträdande|[Ss]enior)\s)?[\wåäöÅÄÖ-]{{0,30}}(?:{endings})"
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, posts))}|{office})\b", re.IGNORECASE)


@cache
def no_names() -> frozenset[str]:
    """Words with a capital that open no name."""
    return frozenset(lexicon("people")["no_names"])


def name_at(stretch: Flow, at: int, known: Known) -> int | None:
    """Where the name that starts at a position ends, or None."""
    match = name_pattern().match(stretch.text, at)
    if match is None or match.group().split()[0] in no_names():
        return None
    words = match.group().split()
    if words[0].isupper() and len(words[0]) <= 3 and known.code(words[0]) is not None:
        return None  # "…, S" at the end of one line and "NEJ:" at the start of the next
    # "Anna Ek M" is no name with an initial, and a party's name ends a person's.
    while len(words) > 1 and (known.code(words[-1]) is not None or words[-1] in no_names()):
        words.pop()
    if len(words) < 2:
        return None
    return at + len(" ".join(words))

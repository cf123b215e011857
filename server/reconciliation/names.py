"""Names and registry numbers as they are compared: what spreadsheets lose, and what must not be overlooked."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_BLANK: Final = re.compile(r"[\s\-\u2010-\u2015'’´`.()]+")
_HINT: Final = re.compile(r"\s*\(([^()]{1,60})\)\s*$")
_LABEL: Final = re.compile(r"^\s*(?:diarienummer|diarienr|dnr|ärendenummer|ärende)\b[\s.:]*", re.IGNORECASE)
_PIECE: Final = re.compile(r"\d+|[^\W\d_]+")
_OWN: Final = frozenset("åäö")  # letters of their own in Swedish: Hållén is not Hällén, and Lind is not Lind with å
_KIND: Final = re.compile(r"\b(?:kommun|kommunen|stad|municipality)\b")
_NORDIC: Final = str.maketrans("æøđł", "äödl")


def plain(text: str) -> str:
    """A name without case, with one blank for every run of blanks, hyphens, apostrophes, parentheses and full stops:
    "Anna-Karin  ÖHR" is "anna karin öhr"."""
    return _BLANK.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip().translate(_NORDIC)


def skeleton(name: str) -> str:
    """A plain name with no marks on its letters: "karin öhr" is "karin ohr". As long as the name."""
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in name)


def agree(asked: str, known: str) -> bool:
    """Whether a plain name may be the same as a known one: marks may be lost ("ohr" for "öhr"), and accents that
    are no letters of their own may differ ("andré", "andre"); "å", "ä" and "ö" are never one another."""
    if asked == known:
        return True
    return len(asked) == len(known) and all(_alike(*pair) for pair in zip(asked, known, strict=True))


def _alike(asked: str, known: str) -> bool:
    return asked == known or (asked not in _OWN and skeleton(asked) == skeleton(known))


def hint(text: str) -> tuple[str, str | None]:
    """A name and what stands in parentheses behind it: "André Sandelin (L)" is ("André Sandelin", "L")."""
    found = _HINT.search(text)
    return (text[: found.start()], found[1].strip()) if found and found.start() else (text, None)


def placed(text: str) -> Iterator[tuple[str, str]]:
    """A name and what may be a municipality behind it, the longest first: "Kommunstyrelsen i Upplands Väsby",
    "Kommunstyrelsen, Malmö", "KS 2024/112 Malmö"."""
    words = text.split()
    for at in range(1, len(words)):
        name = words[:at]
        if len(name) > 1 and name[-1].casefold() == "i":
            name = name[:-1]
        yield " ".join(name).rstrip(","), " ".join(words[at:])


def forename_first(text: str) -> str:
    """ "Sandelin, André" in the order of speech, "André Sandelin"; other texts as they are."""
    last, comma, first = text.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else text


def number(text: str) -> tuple[str, ...]:
    """The letters and figures of a registry number, in order, whatever stands between them: "Dnr SOF 2024/718",
    "sof-2024-718" and "SOF2024/0718" are ("sof", "2024", "718"). Empty where it is no such number."""
    pieces = [each.lstrip("0") or "0" for each in _PIECE.findall(unicodedata.normalize("NFC", _label_off(text)))]
    pieces = [each.casefold() for each in pieces]
    return tuple(pieces) if sum(each.isdigit() for each in pieces) >= 2 and len(pieces) < 12 else ()


def _label_off(text: str) -> str:
    return _LABEL.sub("", text)


def initials(name: str) -> tuple[str, str] | None:
    """The initial and the surname of "a sandelin", plain; None for other names."""
    first, _, last = name.partition(" ")
    return (first, last) if len(first) == 1 and len(last) > 1 else None


def town(text: str) -> str:
    """ "stockholm" for "Stockholms kommun"; a genitive's s falls, and so does one that belongs to the name."""
    return _KIND.sub("", plain(text)).strip().removesuffix("s")

"""Points that a text names out of a proposal: "beslutspunkt 3", "punkterna 1 och 3 a", "andra att-satsen"."""

import re

_NUMBER = r"\d{1,2}(?:\s?[a-z](?!\w))?(?![\w/:.]\d|\w)"
_POINTS = re.compile(
    r"\b(?:(?:besluts|förslags|att-)?punkt(?:en|erna)?|pkt\.?|att-sats(?:en|erna)?)\s(?:nr\.?\s|nummer\s)?"
    rf"(?P<numbers>{_NUMBER}(?:,\s?{_NUMBER}(?!\.\s)|(?:\s?[–-]\s?|,?\s(?:och|samt)\s){_NUMBER})*)",
    re.IGNORECASE,
)
_ORDINALS = ("första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde", "tionde")
_ORDINAL = re.compile(
    rf"\b(?P<ordinal>{'|'.join(_ORDINALS)})\s(?:(?:besluts)?punkten|(?:att|streck)-?\s?satsen)\b", re.IGNORECASE
)
# Words that say that not the whole is meant, where they name no number.
_PART = re.compile(r"\b(?:utom|förutom|bortsett från|delvis|med undantag\w* (?:för|av|från))\b", re.IGNORECASE)


def named_points(text: str) -> tuple[str, ...]:
    """The numbers of the points that a text names, in its order; ranges are told out ("1–3")."""
    found: list[tuple[int, list[str]]] = [(m.start(), _told_out(m["numbers"])) for m in _POINTS.finditer(text)]
    found += [(m.start(), [str(_ORDINALS.index(m["ordinal"].lower()) + 1)]) for m in _ORDINAL.finditer(text)]
    return tuple(dict.fromkeys(number for _, numbers in sorted(found) for number in numbers))


def part_of(text: str) -> tuple[str, ...] | None:
    """The numbers of the points that a text is about, empty where it only says that it is not about all; None where
    it is about the whole."""
    if _PART.search(text):
        return ()
    return named_points(text) or None


def same_number(a: str, b: str) -> bool:
    """Whether two printed numbers of points are the same: "3 a" and "3a"."""
    return a.replace(" ", "").lower() == b.replace(" ", "").lower()


def _told_out(numbers: str) -> list[str]:
    told: list[str] = []
    for part in re.split(r",\s?|,?\s(?:och|samt)\s", numbers):
        first, dash, last = (each.strip() for each in re.sub("–", "-", part).partition("-"))
        if dash and first.isdigit() and last.isdigit() and int(first) < int(last):
            told += [str(number) for number in range(int(first), int(last) + 1)]
        else:
            told += [each for each in (first, last) if each]
    return told

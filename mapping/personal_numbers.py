"""Swedish personal numbers and coordination numbers in running text, to keep them out of what is published.

A personal number (personnummer) is a birth date, three digits and a check digit; a coordination number
(samordningsnummer) has 60 added to the day. Ten or twelve digits; the separator is "-", or "+" from the year
a person turns 100. Organisation numbers have 20 or more where the month stands, so they never pass.
Source: the Swedish Tax Agency's descriptions of both numbers.
"""

import datetime
import re
from collections.abc import Iterator

_B = r"[ \t\xa0\u2009\u202f]"
_HYPHEN = rf"{_B}{{0,2}}[-+\u2010\u2011–−]{_B}{{0,2}}(?:\r?\n{_B}{{0,80}})?"
_NUMBER = re.compile(
    rf"(?<!\d)(?:(?P<century>18|19|20){_B}?)?"
    rf"(?:(?:(?P<date>\d{{6}})|(?P<yy>\d\d){_B}(?P<mm>\d\d){_B}(?P<dd>\d\d))(?:{_HYPHEN}|{_B}{{0,2}})"
    # An ISO date and a year behind it (2023-01-01 2023) are common, so here only a hyphen joins.
    rf"|(?P<yy2>\d\d)-(?P<mm2>\d\d)-(?P<dd2>\d\d){_HYPHEN})"
    r"(?P<last>\d{4})(?!\d)"
)
# Behind a label the number counts as it stands, mistyped or not.
_LABEL = re.compile(
    r"\b(?:personn|samordningsn|pers[.-]?\s?n|p[.-]?\s?n)(?:umret|umren|ummer|r(?![^\W\d]))"
    r"[\s:.;,(–-]{0,6}(?:är\s)?",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"(?:(?:18|19|20){_B}?)?(?:\d{{6}}|\d\d{_B}\d\d{_B}\d\d|\d\d-\d\d-\d\d(?=[-+]))"
    rf"(?:{_HYPHEN}|{_B}{{0,2}})\d(?:{_B}?\d){{3}}(?!\d)"
)
_AND = re.compile(r"(?:,|\s?och|\s?samt|\s?/)\s{0,3}")
_CENTURIES = ("18", "19", "20")


def find(text: str) -> list[tuple[int, int]]:
    """Where personal and coordination numbers stand: (start, end) in code points, end exclusive, in order.

    Counted only with a birth date that the calendar has and a right check digit. A number without century
    counts if any of the centuries 1800, 1900 and 2000 gives such a date. Behind a label ("personnummer", "pnr")
    every number written like one counts.
    """
    labelled = list(_behind_labels(text))
    plain = [(a, b) for a, b in _plain(text) if not any(a < end and start < b for start, end in labelled)]
    return sorted(labelled + plain)


def _behind_labels(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    for label in _LABEL.finditer(text):
        joint: re.Match[str] | None = label
        while joint is not None and joint.start() >= end and (hit := _LABELLED.match(text, joint.end())) is not None:
            yield hit.span()
            end = hit.end()
            joint = _AND.match(text, end)


def _plain(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while (hit := _NUMBER.search(text, position)) is not None:
        if _is_personal_number(hit):
            yield hit.span()
            position = hit.end()
        else:
            position = hit.start() + 1


def mask(text: str) -> str:
    """The text with every digit of such numbers replaced by "•": of equal length, so that offsets still hold."""
    parts = []
    position = 0
    for start, end in find(text):
        parts += [text[position:start], re.sub(r"\d", "•", text[start:end])]
        position = end
    return "".join(parts) + text[position:]


def _is_personal_number(hit: re.Match[str]) -> bool:
    date = hit["date"] or (hit["yy"] or hit["yy2"]) + (hit["mm"] or hit["mm2"]) + (hit["dd"] or hit["dd2"])
    centuries = (hit["century"],) if hit["century"] else _CENTURIES
    return any(_is_date(century + date) for century in centuries) and _check_digit_holds(date + hit["last"])


def _is_date(digits: str) -> bool:
    day = int(digits[6:])
    try:
        datetime.date(int(digits[:4]), int(digits[4:6]), day - 60 if day > 60 else day)
    except ValueError:  # no such day in the calendar
        return False
    return True


def _check_digit_holds(ten_digits: str) -> bool:
    """The Luhn check: every second digit from the first doubled, digits summed, the sum divisible by ten."""
    total = 0
    for index, digit in enumerate(ten_digits):
        product = int(digit) * (2 - index % 2)
        total += product // 10 + product % 10
    return total % 10 == 0

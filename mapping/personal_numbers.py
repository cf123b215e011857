"""Swedish personal numbers and their kin in running text, to keep them out of what is published.

A personal number (personnummer) is a birth date, three digits and a check digit; a coordination number
(samordningsnummer) has 60 added to the day. Ten or twelve digits; the separator is "-", or "+" from the year
a person turns 100. Organisation numbers have 20 or more where the month stands, so they never pass.
Schools, universities and health care give those who have neither an interim number (T-nummer, interimsnummer):
a letter stands for the first digit behind the date, and counts as 1 in the check digit, where there is one.
Numbers mistyped or read by a machine have other separators, and O, l or I for 0 and 1: these count where the
check digit holds.
Sources: the Swedish Tax Agency's descriptions of both numbers; the Ladok consortium's of the interim number.
"""

import datetime
import re
from collections.abc import Iterator
from urllib.parse import unquote

_B = r"[ \t\xa0\u2007\u2009\u200b-\u200f\u202f\u2060\ufeff]"
_BREAK = rf"(?:(?:\r?\n|\f){_B}{{0,80}}){{0,3}}"
_HYPHENS = r"[-+\xad\u2010\u2011\u2012–—―−\ufe63\uff0b\uff0d]"
_HYPHEN = rf"{_B}{{0,2}}{_BREAK}{_HYPHENS}{_B}{{0,2}}{_BREAK}"
_QUOTE = "[\"”“'’]"
_QUOTED_HYPHEN = rf"(?:[.,;:]|{_QUOTE}){_B}{{0,2}}{_HYPHENS}{_B}{{0,2}}{_QUOTE}?"
_OTHER_SIGN = rf"{_HYPHENS}{_B}{{0,2}}{_HYPHENS}|[.,;](?!{_B})|:|[^\w\s•.,;:]|_"
_ODD_JOINT = rf"(?:{_QUOTED_HYPHEN}|{_B}{{0,2}}(?:{_OTHER_SIGN}){_B}{{0,2}})"
_D = r"[\dOolI]"
_NUMBER = re.compile(
    rf"(?<!\d)(?:(?P<century>18|19|20){_B}?)?"
    rf"(?:(?:(?P<date>\d{{6}})|(?P<yy>\d\d){_B}(?P<mm>\d\d){_B}(?P<dd>\d\d))(?:(?P<hyphen>{_HYPHEN})|{_B}{{0,2}})"
    # An ISO date and a year behind it (2023-01-01 2023) are common, so here only a hyphen joins.
    rf"|(?P<yy2>\d\d)[-./](?P<mm2>\d\d)[-./](?P<dd2>\d\d)(?P<hyphen2>{_HYPHEN}))"
    r"(?P<last>\d{4}(?!\d)|[TRSUWXJKLMNPtrsuwxjklmnp]\d{3}(?!\w)|(?:TF\d\d|[A-Z]\d\d[A-Z])(?!\w))"
)
_ODD = re.compile(
    rf"(?<!\d)(?:(?P<century>[1lI][89]|2[0Oo]){_B}?)?"
    rf"(?:(?P<date>{_D}{{6}})|(?P<yy>{_D}{{2}})[-./](?P<mm>{_D}{{2}})[-./](?P<dd>{_D}{{2}}))"
    rf"(?P<joint>{_HYPHEN}|{_ODD_JOINT}|{_B}{{1,40}})(?P<last>{_D}{{4}})(?![^\W_])"
)
_AS_DIGITS = str.maketrans("OolI", "0011")
_OTHER_LABEL = re.compile(
    r"\b(?:dnr|diarien\w*|ärenden\w*|org\.?\s?n\w*|organisationsn\w*|tel\w*|mobil\w*|fax|faktura\w*|ocr\w*|konto\w*"
    r"|(?:bank|plus)giro)[\s.:]{0,3}\Z",
    re.IGNORECASE,
)
_LABEL_LENGTH = 24
# Behind a label the number counts as it stands, mistyped or not.
_LABEL = re.compile(
    r"\b(?:(?:person-?id)|(?:personn|samordningsn|interimsn|interimspersonn|reservn|T-n|pers[.-]?\s?n|p[.-]?\s?n)(?:umret|umren|ummer|r(?![^\W\d])))"
    r"[\s:.;,(–-]{0,6}(?:är\s)?",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"(?:(?:18|19|20){_B}?)?(?:{_D}{{6}}|\d\d{_B}\d\d{_B}\d\d|\d\d-\d\d-\d\d(?=[-+]))"
    rf"(?:{_HYPHEN}|{_ODD_JOINT}|{_B}{{0,2}})(?:{_D}(?:{_B}?{_D}){{3}}(?![^\W_])|\d(?:{_B}?\d){{3}}(?!\d)|[A-Z]{{1,2}}\d{{2,3}}(?!\w))"
)
# The text layer of a PDF may tear a number apart; its hyphen holds it together.
_TEAR = rf"(?:{_B}|\r?\n)?"
_TORN = re.compile(
    rf"(?<!\d)(?P<date>\d(?:{_TEAR}\d){{5}}(?:{_TEAR}\d{_TEAR}\d)?){_HYPHEN}(?P<last>\d(?:{_TEAR}\d){{3}})(?!\d)"
)
# Broken between the date and the rest, over a line's or a page's end; or every digit by itself.
_LINES = rf"{_B}{{0,80}}(?:(?:\r?\n|\f){_B}{{0,80}}){{1,3}}"
_BROKEN = re.compile(
    rf"(?<!\d)(?P<date>(?:18|19|20)?\d{{6}}|(?:18|19|20)?\d\d[-./]\d\d[-./]\d\d){_LINES}(?P<last>\d{{4}})(?!\d)"
)
_SINGLE = re.compile(r"(?<!\d)(?<!\d )(?P<date>\d(?: \d){5}(?: \d \d)?) (?P<last>\d(?: \d){3})(?! ?\d)")
# In pairs: "81 12 18 98 76".
_PAIRS = re.compile(
    rf"(?<!\d)(?<!\d )(?P<date>(?:(?:18|19|20){_B}?)?\d\d{_B}\d\d{_B}\d\d)"
    rf"(?:{_B}|{_HYPHEN})(?P<last>\d\d{_B}\d\d)(?! ?\d)"
)
_FOURS = re.compile(
    rf"(?<!\d)(?<!\d )(?P<date>(?:19|20)\d\d{_B}\d{{4}}){_B}(?P<last>\d{{4}})(?! ?\d)"
)  # "1981 1228 9874"
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")  # of other scripts, and full width
_MASKED = re.compile(
    rf"(?<!•)(?:•(?:{_B}?•){{5}}(?:{_B}?•{_B}?•)?|(?:••{_B}?)?••[-./]••[-./]••)(?:{_HYPHEN}|{_ODD_JOINT}|{_LINES}|{_B}{{0,40}})"
    rf"•(?:{_B}?•){{3}}(?!•)"
)
_AND = re.compile(r"(?:,|\s?och|\s?samt|\s?/)\s{0,3}")
_CENTURIES = ("18", "19", "20")


def find(text: str) -> list[tuple[int, int]]:
    """Where personal and coordination numbers stand: (start, end) in code points, end exclusive, in order.

    Counted only with a birth date that the calendar has and a right check digit. A number without century
    counts if any of the centuries 1800, 1900 and 2000 gives such a date. Behind a label ("personnummer", "pnr")
    every number written like one counts.
    """
    if _OTHER_DIGIT.search(text):
        text = _OTHER_DIGIT.sub(lambda digit: str(int(digit.group())), text)
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*_behind_labels(text), *_plain(text), *_torn(text), *_odd(text), *_apart(text)]):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


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


def _torn(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while (hit := _TORN.search(text, position)) is not None:
        date, last = (re.sub(r"\D", "", hit[name]) for name in ("date", "last"))
        dates = [date] if len(date) == 8 else [century + date for century in _CENTURIES]
        if date[:-6] in ("", *_CENTURIES) and any(map(_is_date, dates)) and _check_digit_holds(date[-6:] + last):
            yield hit.span()
            position = hit.end()
        else:
            position = hit.start() + 1


def _apart(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_BROKEN, _SINGLE, _PAIRS, _FOURS):
        for hit in pattern.finditer(text):
            if pattern in (_PAIRS, _FOURS) and _OTHER_LABEL.search(
                text[max(0, hit.start() - _LABEL_LENGTH) : hit.start()]
            ):
                continue
            date, last = (re.sub(r"\D", "", hit[name]) for name in ("date", "last"))
            dates = [date] if len(date) == 8 else [century + date for century in _CENTURIES]
            year = pattern is _BROKEN and "1900" <= last <= "2099"  # a date, and a year on the line below
            if not year and any(map(_is_date, dates)) and _check_digit_holds(date[-6:] + last):
                yield hit.span()


def _odd(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while (hit := _ODD.search(text, position)) is not None:
        before = text[max(0, hit.start() - _LABEL_LENGTH) : hit.start()]
        if _is_odd_number(hit) and (re.search(_HYPHENS, hit["joint"]) or not _OTHER_LABEL.search(before)):
            yield hit.span()
            position = hit.end()
        else:
            position = hit.start() + 1


def _is_odd_number(hit: re.Match[str]) -> bool:
    """Whether a row of digits with some separator is a personal number, and no date with a year, a time or an amount
    behind it, and no number of a year ("121212/2016")."""
    printed = hit["date"] or hit["yy"] + hit["mm"] + hit["dd"]
    date, last = printed.translate(_AS_DIGITS), hit["last"].translate(_AS_DIGITS)
    centuries = (hit["century"].translate(_AS_DIGITS),) if hit["century"] else _CENTURIES
    dates = [century + date for century in centuries if _is_date(century + date)]
    if not dates or not _check_digit_holds(date + last) or sum(map(str.isdecimal, printed + hit["last"])) < 6:
        return False
    joint = hit["joint"]
    if re.search(_HYPHENS, joint):
        return True
    if "1900" <= last <= "2099":
        return False
    century = dates[0][:2] if hit["century"] else "20" if date[:2] < "30" else "19"
    time, amount = last[:2] < "24" and last[2:] < "60", last[-1] == "0" and re.search(rf"{_B}|[|;,]", joint)
    return century + date[:2] < "1990" or not (time or amount)


def mask(text: str) -> str:
    """The text with every digit and letter of such numbers replaced by "•": of equal length, so that offsets hold."""
    parts = []
    position = 0
    for start, end in find(text):
        parts += [text[position:start], re.sub(r"[^\W_]", "•", text[start:end])]
        position = end
    return "".join(parts) + text[position:]


def mask_name(name: str) -> str:
    """The name of a file or an argument, masked, also where its signs are percent-encoded ("811228%2D9874")."""
    plain = unquote(name)
    return mask(plain) if find(plain) else mask(name)


def masked(text: str) -> list[tuple[int, int]]:
    """Where `mask` (or somebody before it, in the same way) has masked numbers: (start, end), in order."""
    return [hit.span() for hit in _MASKED.finditer(text)]


def _is_personal_number(hit: re.Match[str]) -> bool:
    date = hit["date"] or (hit["yy"] or hit["yy2"]) + (hit["mm"] or hit["mm2"]) + (hit["dd"] or hit["dd2"])
    centuries = (hit["century"],) if hit["century"] else _CENTURIES
    if not any(_is_date(century + date) for century in centuries):
        return False
    last = hit["last"]
    interim = last[0].isalpha()
    if interim and (hit["hyphen"] or hit["hyphen2"]):
        return True  # not every register gives its interim numbers a check digit
    return (not interim or last[0].isupper()) and _check_digit_holds(date + re.sub("[A-Z]", "1", last.upper()))


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

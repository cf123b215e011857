"""Dates as Swedish municipal documents print them; a date that no calendar has is no date."""

import datetime
import re
from dataclasses import dataclass

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "jan"),
            ("februari", "febr", "feb"),
            ("mars", "mar"),
            ("april", "apr"),
            ("maj",),
            ("juni", "jun"),
            ("juli", "jul"),
            ("augusti", "aug"),
            ("september", "sept", "sep"),
            ("oktober", "okt"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")

_BLANK = r"[ \t\xa0\u2009\u202f]"
_GAP = rf"(?:{_BLANK}{{1,4}}|{_BLANK}{{0,3}}\r?\n{_BLANK}{{0,80}})"
_CUT = rf"(?:{_BLANK}|{_BLANK}{{0,3}}\r?\n{_BLANK}{{0,80}})?"
_YEAR = r"(?P<{0}year>(?:1[6-9]|20)\d\d)(?!\d)"
_HYPHEN = r"[-\u2010\u2011–]"
# "2025-02- 13" and "2025-05-\n15" are printed where a line was broken after the hyphen.
_ISO = (
    rf"(?<!\d)(?<!\d[-/.:])(?P<iso_year>(?:1[6-9]|20)\d\d){_HYPHEN}{_CUT}"
    rf"(?P<iso_month>\d\d){_HYPHEN}{_CUT}(?P<iso_day>\d\d)(?!\d)"
)
_WORDS = (
    rf"(?<![\w.,/:])(?:(?:{'|'.join(_WEEKDAYS)})(?:en)?{_GAP})?(?:den{_GAP})?"
    rf"(?P<words_day>\d{{1,2}})(?::?[ae]|\.)?{_GAP}"
    rf"(?P<words_month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?{_GAP}{_YEAR.format('words_')}"
)
_SLASH = (
    rf"(?<![\w.,/:–-])(?:den{_GAP})?(?P<slash_day>\d{{1,2}})/(?P<slash_month>\d{{1,2}})"
    rf"(?:{_GAP}|{_HYPHEN}){_YEAR.format('slash_')}"
)
_DATE = re.compile(f"(?:{_ISO})|(?:{_WORDS})|(?:{_SLASH})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date and the stretch of text it stands in, weekday and "den" included: code points, end exclusive."""

    start: int
    end: int
    verbatim: str
    date: datetime.date


def find_dates(text: str) -> list[DateMatch]:
    """All dates with day, month and year, in order: 2025-02-21, fredag den 21 februari 2025, 21 feb 2025, 12/3 2014.

    A weekday that does not fit the date is left to the reader of the text: the date counts.
    """
    found = []
    for hit in _DATE.finditer(text):
        date = _date(hit)
        if date is not None:
            found.append(DateMatch(hit.start(), hit.end(), hit.group(), date))
    return found


def _date(hit: re.Match[str]) -> datetime.date | None:
    groups = hit.groupdict()
    for form in ("iso", "words", "slash"):
        if groups[f"{form}_year"]:
            month = groups[f"{form}_month"].lower()
            number = MONTHS[month] if form == "words" else int(month)
            try:
                return datetime.date(int(groups[f"{form}_year"]), number, int(groups[f"{form}_day"]))
            except ValueError:  # the calendar has no such day: a misprint, or a number of another kind
                return None
    return None

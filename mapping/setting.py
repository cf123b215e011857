"""Where a document belongs: body, date and number of the meeting, from heads and running text."""

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mapping.dates import find_dates
from mapping.flow import flow
from mapping.lexicon import BODY
from mapping.municipality import municipality_of
from mapping.records import Quote
from mapping.rows import CELL, Layout
from mapping.text import Line, Span, Text
from ontology import municipality_code

_TOP_LINES = 40
_BODY = re.compile(
    rf"(?P<name>{BODY}(?:en|et|n)?|KOMMUN(?:STYRELSEN|FULLMÄKTIGE)|[A-ZÅÄÖ]+NÄMNDEN"
    r"|Kommunfullmäktige|Fullmäktige|Direktionen)(?=\s|$|,|:|\.)"
)
_BODY_OF_MINUTES = re.compile(
    rf"(?P<name>{BODY}(?:en|et|n)?|Direktionen|Fullmäktige)s\s(?:protokoll|sammanträde|möte)\b"
)
_BODY_LABEL = re.compile(rf"(?:(?:Organ|Nämnd|Styrelse|Forum|Beslutsinstans)\s*:?|>)\s+(?={BODY})")
_MEETING_OF = re.compile(rf"\b[Ss]ammanträde med (?P<name>[Dd]irektionen|(?i:{BODY})(?:en|et|n)?)\b")
_VERBS = (
    r"(?:beslutar|beslutade|godkänner|uppdrar|överlämnar|avslår|föreslår|antar|bifaller|lägger|tillstyrker|avstyrker"
    r"|utser)"
)
_SUBJECT = re.compile(rf"(?P<name>{BODY}(?:en|et|n)?)\s{_VERBS}\b")
_ADDRESSED = re.compile(
    rf"(?:föreslår|hemställer)\satt\s(?P<name>[\wåäö-]*(?:nämnd|styrels|fullmäktig|utskott)[\wåäö]*)\s{_VERBS}\b"
)
# "Protokoll fört vid kommunfullmäktiges sammanträde i Rådssalen, måndagen den 3 maj 2010"
_SITTING = re.compile(
    rf"\b(?:fört|hållet) vid (?:sammanträde med |(?P<owner>(?i:{BODY})(?:en|et|n)?)s? (?:ordinarie )?sammanträde)"
    rf"(?P<with>(?i:{BODY})(?:en|et|n)?)?"
)
_SITTING_REACH = 160
_MINUTES_NUMBER = re.compile(
    r"(?:[Pp]rotokoll|PROTOKOLL|[Ss]ammanträde)\s*\(?(?:(?:[Nn][Rr]\.?|nummer)\s*(?P<number>\d{1,3}(?:/\d{2,4})?)|(?P<bare>\d{1,3}/\d{4}))"
)


@dataclass(frozen=True, slots=True)
class Setting:
    municipality: str | None = None
    municipality_span: Span | None = None
    body: str | None = None
    body_span: Span | None = None
    date: datetime.date | None = None
    date_span: Span | None = None
    minutes_number: Quote | None = None


def _headings(page: Layout, before: Sequence[Line]) -> Iterator[Line]:
    yield from page.furniture
    yield from before


def _in_cell(line: Line) -> tuple[str, Span] | None:
    """A body that fills a cell of a page head ("TRANEMO KOMMUN     BARN- OCH UTBILDNINGSNÄMNDEN")."""
    for cell in CELL.finditer(line.text):
        name = cell.group().capitalize() if cell.group().isupper() else cell.group()
        if _BODY.fullmatch(name) and len(name) < 60:
            return name, line.span(*cell.span())
    return None


def body_of(page: Layout, before: Sequence[Line], body_text: str) -> tuple[str | None, Span | None]:
    """The body: named in page heads and on the cover, else the most frequent subject of decisions."""
    named: Counter[str] = Counter()
    first: dict[str, Span] = {}
    for weight, lines in ((3, page.furniture), (1, before[:_TOP_LINES])):
        for line in lines:
            stripped = line.text.strip()
            match = _BODY.match(stripped) or _BODY_OF_MINUTES.match(stripped)
            at = line.text.find(stripped[0]) if stripped else 0
            if match is None and (inner := _BODY_LABEL.search(stripped)):
                match = _BODY.match(stripped, inner.end())
            celled = _in_cell(line) if match is None else None
            if celled is not None:
                named[celled[0]] += weight
                first.setdefault(*celled)
            if match is None or len(match.group("name")) > 60:
                continue
            name = match.group("name")
            name = name.capitalize() if name.isupper() else name
            named[name] += weight
            first.setdefault(name, line.span(at + match.start("name"), at + match.end("name")))
    if named:
        name = named.most_common(1)[0][0]
        whose, _, body = name.partition(" ")
        if body and municipality_code(whose.removesuffix("s")) and re.match(r"(?:kommun|stads)", body):
            span = first[name]  # "Stockholms kommunfullmäktige"
            return body[0].upper() + body[1:], Span(span.start + len(whose) + 1, span.end)
        return name, first[name]
    told = _SITTING.search(top.text) if (top := flow(before[:_TOP_LINES])) else None
    if told and (group := told.lastgroup):
        name = told.group(group)
        return name[0].upper() + name[1:], top.span(*told.span(group))
    if top and (meeting := _MEETING_OF.search(top.text)):
        name = meeting.group("name")
        return name[0].upper() + name[1:], top.span(*meeting.span("name"))
    for pattern in (_ADDRESSED, _SUBJECT):
        found = {match.group("name"): match.span("name") for match in reversed(list(pattern.finditer(body_text)))}
        counts = Counter(match.group("name") for match in pattern.finditer(body_text) if len(match.group("name")) > 8)
        for name, _ in counts.most_common(1):
            return name[0].upper() + name[1:], Span(*found[name])
    return None, None


def date_of(page: Layout, before: Sequence[Line]) -> tuple[datetime.date | None, Span | None]:
    """The meeting's date: labelled, else in the page heads, else the first date of the cover."""
    other = re.compile(r"juster|anslag|Datum (?:för|då)|expedier|utskriv", re.I)
    labelled = re.compile(
        r"(?<!\w)(?:Sammanträdesda(?:tum|g)|Mötesdatum|Sammanträde|Möte|Plats och tid|Tid och plats|Datum|Tid)\b",
        re.I,
    )
    # "Justeringens" may stand on a line above its "plats och tid"
    before = [
        line
        for above, line in zip((None, *before), before, strict=False)
        if not other.search(line.text) and not (above is not None and re.match(r"\s*[Jj]usteringens\s*$", above.text))
    ]
    # Page heads repeat the date of the meeting.
    headed = Counter(found[0].date for line in page.furniture if (found := find_dates(line.text)))
    if headed and headed.most_common(1)[0][1] >= 3:
        repeated = headed.most_common(1)[0][0]
        for line in page.furniture:
            dates = find_dates(line.text)
            if dates and dates[0].date == repeated:
                return repeated, line.span(dates[0].start, dates[0].end)
    told = _SITTING.search(top.text) if (top := flow(before[:_TOP_LINES])) else None
    if told and (dates := find_dates(top.text[told.end() : told.end() + _SITTING_REACH])):
        start, end = told.end() + dates[0].start, told.end() + dates[0].end
        return dates[0].date, top.span(start, end)
    pools = (
        [line for line in (*page.furniture, *before) if labelled.search(line.text) and find_dates(line.text)],
        [line for line in page.furniture if find_dates(line.text)],
        [line for line in before[:_TOP_LINES] if find_dates(line.text)],
    )
    for pool in pools:
        for line in pool:
            first = find_dates(line.text)[0]
            return first.date, line.span(first.start, first.end)
    return None, None


def minutes_number_of(page: Layout, before: Sequence[Line]) -> Quote | None:
    for line in _headings(page, before):
        match = _MINUTES_NUMBER.search(line.text)
        if match:
            group = match.lastgroup or "number"
            return flow((Line(match.group(group), line.start + match.start(group)),)).quote()
    return None


def setting(text: Text, page: Layout, before: Sequence[Line], given: str | None) -> Setting:
    municipality, municipality_span = municipality_of(text, given, frozenset(line.start for line in page.furniture))
    body, body_span = body_of(page, before, text.canonical)
    date, date_span = date_of(page, before)
    return Setting(municipality, municipality_span, body, body_span, date, date_span, minutes_number_of(page, before))

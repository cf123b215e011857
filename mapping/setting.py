"""Where a document belongs: municipality, body, date and number of the meeting, from heads and running text."""

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from mapping.dates import find_dates
from mapping.flow import flow
from mapping.lexicon import BODY
from mapping.records import Quote
from mapping.rows import CELL, Layout
from mapping.text import Line, Span, Text
from ontology import municipalities, municipality_code

_TOP_LINES = 40
_HEAD_LINES = 8
_NAMED_LINES = 20
_AUTHORITY = re.compile(
    r"(?P<name>[A-ZÅÄÖ][a-zåäöé]+(?:[- ][A-ZÅÄÖ][a-zåäöé]+)?)\s(?:kommun|stad|Kommun|Stad|KOMMUN|STAD)s?\b"
)
_SHOUTED = re.compile(r"(?P<name>[A-ZÅÄÖ]{3,})\s(?:KOMMUN|STAD)\b")
_JOINT = re.compile(
    r"\s*(?P<name>(?:[A-ZÅÄÖ][\wåäö]+\s)?(?:Kommunalförbundet|Räddningstjänstförbundet|Samordningsförbundet|Utbildningsförbundet"
    r"|(?:Kommunal|Räddnings|Samordnings|Utbildnings|Gymnasie|Miljö|Vård|Avfalls|Vatten|VA|Renhållnings|Kollektivtrafik|Hälso|Biblioteks"
    r"|Musik|Kultur|Region)[\wåäö]*förbund)(?:\s[A-ZÅÄÖ][\wåäö]+(?=\s|$)){0,3}"
    r"|Räddningstjänst(?:en)?\s[A-ZÅÄÖ][\wåäö]+(?:\s[A-ZÅÄÖ][\wåäö]+){0,2}(?=\s*$)"
    r"|(?:[A-ZÅÄÖ][\wåäö]+\s(?:och\s)?){1,4}(?:kommunal|räddning|samordning|utbildning|gymnasie|miljö|vård|avfall|kollektivtrafik)"
    r"[a-zåäö]*förbund(?=\s*$|\s{3,})|(?:[A-ZÅÄÖ]+\s){1,4}(?:KOMMUNAL|RÄDDNING|SAMORDNING|UTBILDNING|GYMNASIE|MILJÖ|VÅRD|AVFALL)"
    r"[A-ZÅÄÖ]*FÖRBUND(?=\s*$|\s{3,}))"
)
_REGION = re.compile(r"\s*(?P<name>(?:Region|REGION)\s[A-ZÅÄÖ][\wåäö]+)(?=\s*$|\s{3,})")
_NAMED_ALONE = re.compile(r"\s*(?P<name>[A-ZÅÄÖ]{3,}(?:[ -][A-ZÅÄÖ]{3,})?)\s*$")
_PLACE = re.compile(
    r"(?:[Kk]ommunhuset|[Ss]tadshuset|[Rr]ådhuset|[Kk]ommunkontoret)(?:,| i)\s(?P<name>[A-ZÅÄÖ][a-zåäöé]+)"
)
# "www.stockholm.se", "kommun@kungalv.se"; "103 23 Stockholm": feet that name the municipality by its addresses only
_DOMAIN = re.compile(r"(?:\bwww\.|@)(?P<name>[a-z-]{3,30})\.se\b")
_POSTAL = re.compile(r"(?<!\d)\d{3} ?\d\d\s{1,2}(?P<name>[A-ZÅÄÖ][A-ZÅÄÖa-zåäö]+)\s*(?:$|[,·|]|\s{2})")
# "Kommunfullmäktige i Töreboda"; "Falun 2023-11-02", "Ljungby den 18 mars 1994" on a line of their own
_COUNCIL_OF = re.compile(r"\b[Kk]ommun(?:fullmäktige|styrelsen)\si\s(?P<name>[A-ZÅÄÖ][\wåäö]+)")
# "Kulturhuset, Brotorget 1, Lund" under "Plats och tid"
_MEETING_PLACE = re.compile(r"^[^()]*,\s(?P<name>[A-ZÅÄÖ][a-zåäöé]+)(?=\s*(?:,|$|\s{3}))")
_HALL = re.compile(r"\b(?P<name>[A-ZÅÄÖ][\wåäö]+)\s(?:stadshus|kommunhus|rådhus|kommunkontor|kommunalhus)\b")
_COUNCIL = re.compile(r"\b(?P<name>[A-ZÅÄÖ][\wåäö]+)\s(?:kommun|stads)fullmäktige")
_FIRST_LINE = re.compile(r"\s*(?P<name>[A-ZÅÄÖ][a-zåäöé]{2,}(?:[ -][A-ZÅÄÖ][a-zåäöé]+)?)\s*$")
# "Remiss från Stockholms stad", "Studiebesök i Lunds kommun": a line of the cover about somebody else
_OF_OTHERS = re.compile(
    r"(?:\b(?:från|till|med|mot|hos|av)|(?<!fullmäktige )(?<!styrelsen )(?<!nämnden )(?<!utskottet )\bi)\s$"
)
_OWN = re.compile(r"\b(?:för|i|inom|hela|att)\s$")  # "budget för Stockholms stad"
_PLACE_AND_DAY = re.compile(
    r"^\s*(?P<name>[A-ZÅÄÖ][\wåäö]+),?(?: den)? (?:\d{4}-\d\d-\d\d|\d{1,2} [a-z]+ \d{4})(?=\s*$|\s{3})"
)
_STOCKHOLM = re.compile(r"\bStockholms?\b")
_STOCKHOLM_NUMBER = re.compile(r"(?<![\w.])\d{1,2}(?:\.\d{1,2}){1,3}-\d{1,5}(?:/|-)20[01]\d(?!\d)")
_ENOUGH_NUMBERS = 3
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


def _span(line: Line, start: int, end: int) -> Span:
    return Span(line.start + start, line.start + end)


def municipality_of(
    text: Text, given: str | None, heads: frozenset[int] = frozenset()
) -> tuple[str | None, Span | None]:
    """(SCB code, or the name as printed where it is no known municipality; where it stands).

    What the head of the document says goes before the name given from outside, and that before what the running
    text mentions: only one, as the owner of something, or one much more often than any other. `heads`: starts of
    the lines of page heads and feet, wherever they stand."""
    top, rest, first, owned = Counter[str](), Counter[str](), dict[str, Span](), set[str]()
    for index, line in enumerate(text.lines()):
        for match in (*_AUTHORITY.finditer(line.text), *_SHOUTED.finditer(line.text), *_PLACE.finditer(line.text)):
            name = match.group("name")
            if match.re is _PLACE and municipality_code(name) is None:
                continue
            name = name.capitalize() if name.isupper() else name
            code = (
                municipality_code(match.group())
                or municipality_code(name)
                or municipality_code(name.removesuffix("s"))
            )
            if code is None and " " in name:  # "Att Falu kommun"
                code = municipality_code(match.group().split(" ", 1)[1])
            if code is None and (index >= _TOP_LINES or name in ("Varje", "En", "Vår", "Annan", "Denna", "Egen")):
                continue
            key = code or name.removesuffix("s")
            first.setdefault(key, _span(line, *match.span()))
            sentence = line.text.rstrip().endswith(".")
            short = not sentence and (len(line.text.strip()) < 60 or not line.text[: match.start()].strip())
            foreign = bool(_OF_OTHERS.search(line.text[: match.start()]))
            path = line.text.lstrip().startswith("Din position")
            top_line = index < _TOP_LINES and not foreign and (short or match.re is _PLACE or path)
            at_head = top_line or line.start in heads
            belongs = match.group().endswith("s") or _OWN.search(line.text[: match.start()])
            owned |= {key} if belongs and not (foreign and index < _TOP_LINES) else set()
            (top if at_head else rest)[key] += 1
        if line.start in heads:
            # "Uppsala                PROTOKOLL        1 (6)"
            for cell in CELL.finditer(line.text):
                if (code := municipality_code(cell.group())) and cell.group().istitle():
                    top[code] += 1
                    first.setdefault(code, _span(line, *cell.span()))
        alone = _NAMED_ALONE.match(line.text) if index < _NAMED_LINES or line.start in heads else None
        alone = alone or (_FIRST_LINE.match(line.text) if index == 0 else None)
        if alone is not None and (code := municipality_code(alone.group("name").capitalize())):
            top[code] += 1
            first.setdefault(code, _span(line, *alone.span("name")))
        joint = _JOINT.match(line.text) if index < _TOP_LINES else None
        joint = joint or (_REGION.match(line.text) if index < _HEAD_LINES else None)
        if joint is not None:
            name = joint.group("name").title() if joint.group("name").isupper() else joint.group("name")
            key = municipality_code(name) or name  # Region Gotland is a municipality too
            top[key] += 3
            first.setdefault(key, _span(line, *joint.span("name")))
    if top:
        key = top.most_common(1)[0][0]
        return key, first[key]
    if given is not None:
        key = municipality_code(given) or given
        return key, first.get(key)
    if by_address := _by_address(text):
        return by_address
    if by_numbers := _by_numbers(text):
        return by_numbers
    ranked = rest.most_common(2)
    # "Stockholms stads ungdomsmottagningar": what is said to belong to the only one named
    owned_alone = len(ranked) == 1 and ranked[0][0] in owned
    often = bool(ranked) and ranked[0][1] >= 3 and (len(ranked) == 1 or ranked[0][1] > 2 * ranked[1][1])
    if owned_alone or often:
        return ranked[0][0], first[ranked[0][0]]
    return None, None


def _by_numbers(text: Text) -> tuple[str, Span] | None:
    """The municipality whose committees alone number cases in a form that a text prints, where it names it too:
    Stockholm's classification, number and year ("1.5.1-288/2016")."""
    named = _STOCKHOLM.search(text.canonical)
    printed = {match.group() for match in _STOCKHOLM_NUMBER.finditer(text.canonical)}
    code = municipality_code("Stockholm")
    return (code, Span(*named.span())) if named and code and len(printed) >= _ENOUGH_NUMBERS else None


def _code(name: str) -> str | None:
    return municipality_code(name.capitalize()) or municipality_code(name.capitalize().removesuffix("s"))


@cache
def _domains() -> dict[str, str]:
    """SCB codes by the names that municipalities' domains bear ("vasteras")."""
    plain = str.maketrans("åäöé ", "aaoe-")
    return {name.lower().translate(plain): code for code, name in municipalities().items()}


def _by_address(text: Text) -> tuple[str, Span] | None:
    """The one municipality whose council, or else whose domain, post town or name beside a day, a text prints."""
    for pattern in (_COUNCIL_OF, _COUNCIL, _HALL, _DOMAIN, _POSTAL, _PLACE_AND_DAY, _PLACE, _MEETING_PLACE):
        found: dict[str, Span] = {}
        for line in islice(text.lines(), _NAMED_LINES) if pattern is _MEETING_PLACE else text.lines():
            for match in pattern.finditer(line.text):
                name = match.group("name")
                code = _domains().get(name) if pattern is _DOMAIN else _code(name)
                if code is not None:
                    found.setdefault(code, _span(line, *match.span("name")))
        if len(found) == 1:
            return next(iter(found.items()))
    return None


def _headings(page: Layout, before: Sequence[Line]) -> Iterator[Line]:
    yield from page.furniture
    yield from before


def _in_cell(line: Line) -> tuple[str, Span] | None:
    """A body that fills a cell of a page head ("TRANEMO KOMMUN     BARN- OCH UTBILDNINGSNÄMNDEN")."""
    for cell in CELL.finditer(line.text):
        name = cell.group().capitalize() if cell.group().isupper() else cell.group()
        if _BODY.fullmatch(name) and len(name) < 60:
            return name, _span(line, *cell.span())
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
            first.setdefault(name, _span(line, at + match.start("name"), at + match.end("name")))
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
                return repeated, _span(line, dates[0].start, dates[0].end)
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
            return first.date, _span(line, first.start, first.end)
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

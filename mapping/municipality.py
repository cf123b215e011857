"""Which municipality or joint authority a document is of: named at its top and in its page heads, or told by an
address, a house, the form of its registry numbers, or how often the text names it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from mapping.lexicon import lexicon
from mapping.rows import CELL
from mapping.text import Line, Span, Text
from ontology import municipalities, municipality_code

_TOP_LINES = 40
_HEAD_LINES = 8
_NAMED_LINES = 20
_SHORT_LINE = 60  # characters

_WORDS = lexicon("municipality")


def _any(key: str) -> str:
    return "|".join(_WORDS[key])


def _either_case(key: str) -> str:
    return "|".join(f"[{word[0].upper()}{word[0].lower()}]{word[1:]}" for word in _WORDS[key])


_TASKS = "|".join(word[0].upper() + word[1:] for word in _WORDS["joint_tasks"])
_TASK_STEMS = "|".join(word.removesuffix("s") for word in _WORDS["joint_tasks"])

_AUTHORITY = re.compile(
    r"(?P<name>[A-ZÅÄÖ][a-zåäöé]+(?:[- ][A-ZÅÄÖ][a-zåäöé]+)?)\s(?:kommun|stad|Kommun|Stad|KOMMUN|STAD)s?\b"
)
_SHOUTED = re.compile(r"(?<![A-ZÅÄÖ])(?P<name>[A-ZÅÄÖ]{3,30})\s(?:KOMMUN|STAD)\b")
# "Medelpads Räddningstjänstförbund", "Kommunalförbundet Vattudalen", "RÄDDNINGSTJÄNSTEN SYD"
_JOINT = re.compile(
    rf"\s*(?P<name>(?:[A-ZÅÄÖ][\wåäö]+\s){{0,3}}(?:{_any('joint_first')}|(?:{_TASKS})[\wåäö]*förbund)"
    r"(?:\s[A-ZÅÄÖ][\wåäö]+(?=\s|$)){0,3}"
    r"|Räddningstjänst(?:en)?\s[A-ZÅÄÖ][\wåäö]+(?:\s[A-ZÅÄÖ][\wåäö]+){0,2}(?=\s*$)"
    rf"|(?:[A-ZÅÄÖ][\wåäö]+\s(?:och\s)?){{1,4}}(?:{_TASK_STEMS})[a-zåäö]*förbund(?=\s*$|\s{{3,}})"
    rf"|(?:[A-ZÅÄÖ]+\s){{1,4}}(?:{_TASK_STEMS.upper()})[A-ZÅÄÖ]*FÖRBUND(?=\s*$|\s{{3,}}))"
)
_REGION = re.compile(r"\s*(?P<name>(?:Region|REGION)\s[A-ZÅÄÖ][\wåäö]+)(?=\s*$|\s{3,})")
_NAMED_ALONE = re.compile(r"\s*(?P<name>[A-ZÅÄÖ]{3,}(?:[ -][A-ZÅÄÖ]{3,})?)\s*$")
_FIRST_LINE = re.compile(r"\s*(?P<name>[A-ZÅÄÖ][a-zåäöé]{2,}(?:[ -][A-ZÅÄÖ][a-zåäöé]+)?)\s*$")
_PLACE = re.compile(rf"(?:{_either_case('houses')})(?:,| i)\s(?P<name>[A-ZÅÄÖ][a-zåäöé]+)")
# "www.stockholm.se", "kommun@kungalv.se"; "103 23 Stockholm": feet that name the municipality by its addresses only
_DOMAIN = re.compile(r"(?:\bwww\.|@)(?P<name>[a-z-]{3,30})\.se\b")
_POSTAL = re.compile(r"(?<!\d)\d{3} ?\d\d\s{1,2}(?P<name>[A-ZÅÄÖ][A-ZÅÄÖa-zåäö]+)\s*(?:$|[,·|]|\s{2})")
# "Kommunfullmäktige i Töreboda"; "Falun 2023-11-02", "Ljungby den 18 mars 1994" on a line of their own
_COUNCIL_OF = re.compile(r"\b[Kk]ommun(?:fullmäktige|styrelsen)\si\s(?P<name>[A-ZÅÄÖ][\wåäö]+)")
# "Kulturhuset, Brotorget 1, Lund" under "Plats och tid"
_MEETING_PLACE = re.compile(r"^[^()]*,\s(?P<name>[A-ZÅÄÖ][a-zåäöé]+)(?=\s*(?:,|$|\s{3}))")
_HALL = re.compile(rf"\b(?P<name>[A-ZÅÄÖ][\wåäö]+)\s(?:{_any('halls')})\b")
_COUNCIL = re.compile(r"\b(?P<name>[A-ZÅÄÖ][\wåäö]+)\s(?:kommun|stads)fullmäktige")
_OF_OTHERS = re.compile(
    rf"(?:\b(?:{_any('of_others')})|{''.join(f'(?<!{word} )' for word in _WORDS['in_own'])}\bi)\s$"
)
_OWN = re.compile(rf"\b(?:{_any('own')})\s$")
_PLACE_AND_DAY = re.compile(
    r"^\s*(?P<name>[A-ZÅÄÖ][\wåäö]+),?(?: den)? (?:\d{4}-\d\d-\d\d|\d{1,2} [a-z]+ \d{4})(?=\s*$|\s{3})"
)
_STOCKHOLM = re.compile(r"\bStockholms?\b")
_STOCKHOLM_NUMBER = re.compile(r"(?<![\w.])\d{1,2}(?:\.\d{1,2}){1,3}-\d{1,5}(?:/|-)20[01]\d(?!\d)")
_ENOUGH_NUMBERS = 3
_ENOUGH_NAMES = 3
_JOINT_WEIGHT = 3  # a joint authority's name at the top goes before its members' names there


@dataclass(slots=True)
class _Names:
    """How often which municipality (SCB code, or name as printed) is named at the top and in page heads, and in the
    rest; where first; and which are said to own something."""

    top: Counter[str] = field(default_factory=Counter)
    rest: Counter[str] = field(default_factory=Counter)
    first: dict[str, Span] = field(default_factory=dict)
    owned: set[str] = field(default_factory=set)

    def at_top(self, key: str, span: Span, times: int = 1) -> None:
        self.top[key] += times
        self.first.setdefault(key, span)


def municipality_of(
    text: Text, given: str | None, heads: frozenset[int] = frozenset()
) -> tuple[str | None, Span | None]:
    """(SCB code, or the name as printed where it is no known municipality; where it stands).

    What the head of the document says goes before the name given from outside, and that before what the running
    text mentions: only one, as the owner of something, or one much more often than any other. `heads`: starts of
    the lines of page heads and feet, wherever they stand."""
    names = _Names()
    for index, line in enumerate(text.lines()):
        _mentioned(line, index, line.start in heads, names)
        _headed(line, index, line.start in heads, names)
    if names.top:
        key = names.top.most_common(1)[0][0]
        return key, names.first[key]
    if given is not None:
        key = municipality_code(given) or given
        return key, names.first.get(key)
    return _by_address(text) or _by_numbers(text) or _by_mentions(names) or (None, None)


def _mentioned(line: Line, index: int, in_head: bool, names: _Names) -> None:
    """Counts the municipalities that a line names as such: "Lunds kommun", "LUNDS KOMMUN", "Kommunhuset i Lund"."""
    for match in (*_AUTHORITY.finditer(line.text), *_SHOUTED.finditer(line.text), *_PLACE.finditer(line.text)):
        key = _key_of(match, index)
        if key is None:
            continue
        before = line.text[: match.start()]
        names.first.setdefault(key, line.span(*match.span()))
        sentence = line.text.rstrip().endswith(".")
        short = not sentence and (len(line.text.strip()) < _SHORT_LINE or not before.strip())
        foreign = bool(_OF_OTHERS.search(before))
        path = line.text.lstrip().startswith("Din position")
        at_top = index < _TOP_LINES and not foreign and (short or match.re is _PLACE or path)
        belongs = match.group().endswith("s") or _OWN.search(before)
        if belongs and not (foreign and index < _TOP_LINES):
            names.owned.add(key)
        (names.top if at_top or in_head else names.rest)[key] += 1


def _key_of(match: re.Match[str], index: int) -> str | None:
    """The municipality that a name means: its code, or at the top of a document a name that no municipality has."""
    name = match.group("name")
    if match.re is _PLACE and municipality_code(name) is None:
        return None
    name = name.capitalize() if name.isupper() else name
    code = municipality_code(match.group()) or municipality_code(name) or municipality_code(name.removesuffix("s"))
    if code is None and " " in name:  # "Att Falu kommun"
        code = municipality_code(match.group().split(" ", 1)[1])
    if code is None and (index >= _TOP_LINES or name in _WORDS["no_names"]):
        return None
    return code or name.removesuffix("s")


def _headed(line: Line, index: int, in_head: bool, names: _Names) -> None:
    """Counts the authority whose name alone fills a line of the top, or a cell of a page head."""
    if in_head:
        # "Uppsala                PROTOKOLL        1 (6)"
        for cell in CELL.finditer(line.text):
            if (code := municipality_code(cell.group())) and cell.group().istitle():
                names.at_top(code, line.span(*cell.span()))
    alone = _NAMED_ALONE.match(line.text) if index < _NAMED_LINES or in_head else None
    alone = alone or (_FIRST_LINE.match(line.text) if index == 0 else None)
    if alone is not None and (code := municipality_code(alone.group("name").capitalize())):
        names.at_top(code, line.span(*alone.span("name")))
    joint = _JOINT.match(line.text) if index < _TOP_LINES else None
    joint = joint or (_REGION.match(line.text) if index < _HEAD_LINES else None)
    if joint is not None:
        name = joint.group("name").title() if joint.group("name").isupper() else joint.group("name")
        # Region Gotland is a municipality too
        names.at_top(municipality_code(name) or name, line.span(*joint.span("name")), _JOINT_WEIGHT)


def _by_mentions(names: _Names) -> tuple[str, Span] | None:
    """The one that the running text names alone as an owner ("Stockholms stads ungdomsmottagningar"), or more than
    twice as often as any other."""
    ranked = names.rest.most_common(2)
    owned_alone = len(ranked) == 1 and ranked[0][0] in names.owned
    often = bool(ranked) and ranked[0][1] >= _ENOUGH_NAMES and (len(ranked) == 1 or ranked[0][1] > 2 * ranked[1][1])
    return (ranked[0][0], names.first[ranked[0][0]]) if owned_alone or often else None


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
                    found.setdefault(code, line.span(*match.span("name")))
        if len(found) == 1:
            return next(iter(found.items()))
    return None

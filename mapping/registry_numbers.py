"""Registry numbers (diarienummer): find them in text, take them apart, print them in one form.

A registry number identifies a case. Its notation is the printed form with blanks folded and line breaks
healed: "KS/2018:298 - 001" is "KS/2018:298-001". A classification printed as part of the number stays in
the notation, in front or behind ("1.3.1-585/2016", "KS/2018:298-001"); the number of a document inside the
case does not: "SOF 2024/791-1.1" is document 1.1 of the case "SOF 2024/791". Nor does a classification that
stands free behind the number: "Dnr 2024/123 003" is the case "2024/123", classified 003. The formats and the
citations that look like them are data, in lexicon/registry_numbers.toml.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from mapping.records import RegistryRef
from mapping.text import Span

_LEXICON = Path(__file__).parent / "lexicon" / "registry_numbers.toml"
_BLANK = r"[ \t\xa0\u2009\u202f]"
_LINE_END = rf"{_BLANK}{{0,3}}\r?\n{_BLANK}{{0,80}}"
_MACROS = {
    # A paragraph sign, or the other end of a range of paragraphs, makes a digit-led number a paragraph.
    "{start}": r"(?<![\w§/–\-])(?<!\d[.:,])",
    "{codestart}": r"(?<![\w/\-])",
    "{end}": r"(?!\w|[:/\-]\d)",
    "{code}": r"(?P<authority>[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,5})",
    "{year}": r"(?P<year>(?:19|20)\d\d)",
    "{yy}": r"(?P<year>\d\d)",
    "{gap}": rf"(?:{_BLANK}{{1,3}}|{_LINE_END})",
    "{cut}": rf"(?:{_LINE_END})?",
    "{blank}": rf"{_BLANK}?",
}
_SPOT = re.compile(r"\d\d[/:.\-]|\d/|(?:19|20)\d\d\s{1,90}[A-ZÅÄÖ]{2}|\b\d\d[A-ZÅÄÖ]{2,4}\d")
_BEFORE_SPOT, _AFTER_SPOT = 110, 120  # an authority may stand on the line before, behind indentation
_NEAR = 60  # characters looked at before a number for its label or paragraph sign
_PARAGRAPH_BEFORE = re.compile(r"(?:§|\bparagraf(?:erna)?\b)\s{0,3}(?:[\d/–,\s-]|och|samt)*\Z", re.IGNORECASE)
# A plan code that stands free behind a number: "2024/123 003", "2023/1204 1.3.1.2". What follows must not make it a
# count of things ("KS 2024/123 12 personer"), a date or a further number.
_CODE = re.compile(
    rf"{_BLANK}{{1,80}}(?P<code>\d{{2,3}}|\d{{1,2}}(?:\.\d{{1,2}}){{1,4}})(?![\w/:-]|\.\d)\.?"
    rf"(?:(?P<last>(?={_BLANK}{{0,80}}\)?{_BLANK}{{0,3}}(?:[\r\n]|\Z)))|(?={_BLANK}?[,;(]|{_BLANK}{{1,80}}[A-ZÅÄÖ]))"
)
_YEAR_AFTER = re.compile(r"[ \-](?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class RegistryNumber:
    """A registry number, taken apart.

    `year` has four digits also where two are printed (20 and up to 49 means 20yy); `notation` identifies the
    case; `document_suffix` ("2", "1.1") numbers a document inside it and is no part of the notation.
    """

    authority: str | None
    year: int
    sequence: int
    classification: str | None
    document_suffix: str | None
    notation: str


@dataclass(frozen=True, slots=True)
class Match:
    """A registry number and the stretch of text it stands in: code points, end exclusive."""

    start: int
    end: int
    verbatim: str
    number: RegistryNumber


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation of a public document ("prop. 2024/25:89"); `text` is its normalised form."""

    start: int
    end: int
    verbatim: str
    text: str


@dataclass(frozen=True, slots=True)
class _Format:
    id: str
    pattern: re.Pattern[str]
    label_required: bool
    trailing: str | None


@dataclass(frozen=True, slots=True)
class _Lexicon:
    formats: tuple[_Format, ...]
    references: tuple[tuple[re.Pattern[str], str], ...]
    label_before: re.Pattern[str]
    label_prefix: re.Pattern[str]
    joiner: re.Pattern[str]
    never: frozenset[str]
    elsewhere: frozenset[str]
    document_numbers_since: int
    classifying: frozenset[str]


def find(text: str, *, labelled: bool = False) -> list[Match]:
    """All registry numbers in a stretch of text, in order, none overlapping; the longest reading wins.

    Formats that look like ordinary text (31/16, 2023/1204) count only right after a label such as "Dnr" or
    after another number with such a label; with `labelled` the caller says that a label stands before the
    stretch (in a table head, say). Paragraph numbers, dates and citations are never taken.
    """
    lexicon = _lexicon()
    found = [
        (hit, form)
        for window in _windows(text)
        for form in lexicon.formats
        for hit in form.pattern.finditer(text, *window)
    ]
    found.sort(key=lambda pair: pair[0].start())
    kept: list[tuple[re.Match[str], _Format]] = []
    labelled_ends: set[int] = set()
    for hit, form in found:
        has_label = labelled or _has_label(text, hit.start(), labelled_ends, lexicon)
        if has_label:
            labelled_ends.add(hit.end())
        if (has_label or not form.label_required) and _plausible(text, hit, has_label, lexicon):
            kept.append((hit, form))
    kept.sort(key=lambda pair: pair[0].start() - pair[0].end())
    chosen: list[Match] = []
    taken = bytearray(len(text))
    for hit, form in kept:
        if not any(taken[hit.start() : hit.end()]):
            taken[hit.start() : hit.end()] = b"\1" * (hit.end() - hit.start())
            number = _number(hit, form, lexicon)
            code = (
                None if number.classification else code_behind(text, hit.end(), labelled=hit.end() in labelled_ends)
            )
            number = replace(number, classification=code.group("code")) if code else number
            chosen.append(Match(hit.start(), hit.end(), hit.group(), number))
    return sorted(chosen, key=lambda match: match.start)


def code_behind(text: str, at: int, *, labelled: bool) -> re.Match[str] | None:
    """The classification that stands free behind the registry number that ends at `at`; its group "code".

    It counts where nothing follows it on its line, and behind a labelled number also before a title.
    """
    code = _CODE.match(text, at)
    if code is None or (code["last"] is None and not (labelled and len(code["code"]) > 2)):
        return None
    return code


def parse(s: str) -> RegistryNumber | None:
    """The registry number that a string is, with or without its label; None when it is something else."""
    bare = _without_label(s)
    matches = find(bare, labelled=True)
    if len(matches) != 1 or matches[0].start != 0:
        return None
    code = code_behind(bare, matches[0].end, labelled=True)
    return matches[0].number if (code.end() if code else matches[0].end) == len(bare) else None


def normalise(s: str) -> str:
    """The notation of a registry number: "Dnr. KS 2024/1023" gives "KS 2024/1023". Anything else: blanks folded."""
    number = parse(s)
    return number.notation if number else " ".join(_without_label(s).split())


def split_document_id(s: str) -> tuple[str, str] | None:
    """Case and document number of "SOF 2024/828-1.6": ("SOF 2024/828", "1.6"); None where there is no document."""
    number = parse(s)
    if number is None or number.document_suffix is None:
        return None
    return number.notation, number.document_suffix


def registry_ref(match: Match, role: str, span: Span) -> RegistryRef:
    """The record of a registry number that is found; `span`: where it stands in the canonical text."""
    number = match.number
    return RegistryRef(match.verbatim, number.notation, role, span, number.classification)


def references(text: str) -> list[Reference]:
    """The citations of bills, official reports, statutes and council papers, in order, none overlapping."""
    found = [
        Reference(hit.start(), hit.end(), hit.group(), _fill(template, hit))
        for pattern, template in _lexicon().references
        for hit in pattern.finditer(text)
    ]
    found.sort(key=lambda reference: (reference.start, -reference.end))
    chosen: list[Reference] = []
    for reference in found:
        if not chosen or reference.start >= chosen[-1].end:
            chosen.append(reference)
    return chosen


def _fill(template: str, hit: re.Match[str]) -> str:
    return template.format_map({name: "".join((value or "").split()) for name, value in hit.groupdict().items()})


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """The stretches in which a number can stand: around digits and their separators."""
    start, end = 0, -1
    for spot in _SPOT.finditer(text):
        left, right = max(0, spot.start() - _BEFORE_SPOT), min(len(text), spot.end() + _AFTER_SPOT)
        if left > end:
            if end >= 0:
                yield start, end
            start = left
        end = right
    if end >= 0:
        yield start, end


def _has_label(text: str, start: int, labelled_ends: set[int], lexicon: _Lexicon) -> bool:
    before = text[max(0, start - _NEAR) : start]
    if lexicon.label_before.search(before):
        return True
    joiner = lexicon.joiner.search(before)
    return joiner is not None and start - len(joiner.group()) in labelled_ends


def _plausible(text: str, hit: re.Match[str], has_label: bool, lexicon: _Lexicon) -> bool:
    groups = hit.groupdict()
    authority = groups.get("authority")
    sequence = groups["sequence"]
    span = _SPAN_OF_YEARS.fullmatch(hit.group()[len(groups.get("authority") or "") :].strip())
    years = int(span.group("last")) - int(span.group("first")) if span else -1
    if years >= 0 and (authority is None or years <= _LONGEST_PERIOD):
        return False
    if authority is None:
        if _PARAGRAPH_BEFORE.search(text[max(0, hit.start() - _NEAR) : hit.start()]):
            return False
        return not (len(groups["year"]) == 2 and _YEAR_AFTER.match(text, hit.end()))
    if authority in lexicon.never or (authority in lexicon.elsewhere and not has_label):
        return False
    parts = re.split(r"[-\s]+", hit.group())
    if len(parts) > 3 and len(parts[-3]) == 4 and all(part.isdigit() and len(part) == 2 for part in parts[-2:]):
        return False  # KSN-2014-06-04 is a date
    spaced = hit.group()[len(authority) : len(authority) + 1].isspace() and hit.start("authority") == hit.start()
    if not spaced or has_label:
        return True
    if not authority.isupper() and len(authority) > 3:
        return False  # a word: Datum 2014-0212
    if len(authority) == 1 and "\n" in hit.group():
        return False  # a party at the end of one line, a year at the start of the next
    between = text[hit.end("year") : hit.start("sequence")]
    if "-" in between and len(groups["year"]) == 4:
        return not _is_period(int(groups["year"]), sequence)
    return True


_LONGEST_PERIOD = 20  # years that a plan may span: "KS 2013/2047" is a case
_SPAN_OF_YEARS = re.compile(r"(?P<first>(?:19|20)\d\d)\s?[-–/]\s?(?P<last>(?:19|20)\d\d)")


def _is_period(year: int, printed: str) -> bool:
    """Whether what follows a year and a hyphen is a month or a later year: 2024-05, 2024-2026."""
    if len(printed) == 2:
        return 1 <= int(printed) <= 12 or int(printed) == (year + 1) % 100
    return len(printed) == 4 and year < int(printed) <= year + 20


def _number(hit: re.Match[str], form: _Format, lexicon: _Lexicon) -> RegistryNumber:
    groups = hit.groupdict()
    authority: str | None = groups.get("authority")
    year = int(groups["year"])
    if len(groups["year"]) == 2:
        year += 2000 if year < 50 else 1900
    classification: str | None = groups.get("classification")
    suffix: str | None = None
    printed = hit.group()
    trailing: str | None = groups.get("trailing")
    if trailing is not None:
        if form.trailing == "document" or (
            form.trailing == "judge" and not _is_classification(trailing, authority, year, lexicon)
        ):
            suffix = trailing
            printed = printed[: hit.start("trailing") - hit.start()].rstrip("- \t\xa0\r\n")
        else:
            classification = trailing
    notation = re.sub(r" ?([/:.–-]) ?", r"\1", " ".join(printed.split())).replace("–", "-")
    return RegistryNumber(authority, year, int(groups["sequence"]), classification, suffix, notation)


def _is_classification(trailing: str, authority: str | None, year: int, lexicon: _Lexicon) -> bool:
    if "." in trailing:
        return False
    if trailing.startswith("0") or authority in lexicon.classifying:
        return True
    return len(trailing) in (2, 3) and year < lexicon.document_numbers_since


def _without_label(s: str) -> str:
    return _lexicon().label_prefix.sub("", s, count=1).strip().rstrip(".,;")


@cache
def _lexicon() -> _Lexicon:
    data: dict[str, Any] = tomllib.loads(_LEXICON.read_text(encoding="utf-8"))
    words = "|".join(sorted((re.escape(word) for word in data["label"]["words"]), key=len, reverse=True))
    joiners = "|".join(re.escape(word) for word in data["label"]["joiners"])
    label = rf"(?<!\w)(?:{words})\.?(?:\s{{0,3}}:)?"
    return _Lexicon(
        formats=tuple(
            _Format(row["id"], _compile(row["regex"]), row.get("label_required", False), row.get("trailing"))
            for row in data["format"]
        ),
        references=tuple((_compile(row["regex"]), row["text"]) for row in data["reference"]),
        label_before=re.compile(rf"{label}\s{{0,40}}\Z", re.IGNORECASE),
        label_prefix=re.compile(rf"\A\s*\(?{label}\s*", re.IGNORECASE),
        joiner=re.compile(rf"\s{{0,40}}(?:{joiners})\.?\s{{0,40}}\Z"),
        never=frozenset(data["authority"]["never"]),
        elsewhere=frozenset(data["authority"]["elsewhere"]),
        document_numbers_since=data["judge"]["document_numbers_since"],
        classifying=frozenset(data["judge"]["classifying_authorities"]),
    )


def _compile(regex: str) -> re.Pattern[str]:
    for macro, expansion in _MACROS.items():
        regex = regex.replace(macro, expansion)
    return re.compile(regex)

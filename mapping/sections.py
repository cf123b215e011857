"""Blocks -> sections: the stretches of a § under its headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mapping.lexicon import heading_of
from mapping.margin import SECTION_HEAD
from mapping.registry_numbers import find
from mapping.rows import Row
from mapping.text import Line

_NEVER_TITLES = ("decision", "proposed")
_CLOSED = ("decision", "proposed", "reservation", "special_statement", "substitute_statement", "protocol_note")
_REGISTRY_WORDS = re.compile(r"\b(?:dnr|diarien(?:umme)?r|diariekod|ärenden(?:umme)?r)\b", re.IGNORECASE)
_BEFORE_TEXT = re.compile(r"(?P<heading>[A-ZÅÄÖ][\w ]{2,40}):\s+(?=[A-ZÅÄÖ\d”\"])")
_BODY_IN_TEXT = r"[\wåäöÅÄÖ-]*(?:[Nn]ämnden?|[Ss]tyrelsen?|[Ff]ullmäktige|[Uu]tskottet|[Dd]irektionen|[Bb]eredningen)"
# A sentence that ends in what a body decides, its points on the lines below ("Efter proposition beslutar nämnden").
_DECIDES_BELOW = re.compile(
    rf"(?:.*\s)?(?:{_BODY_IN_TEXT}\s+(?:beslutar|beslutade|beslöt)"
    rf"|(?:beslutar|beslutade|beslöt)\s+(?:sålunda\s+|därefter\s+)?{_BODY_IN_TEXT})"
    r"(?:,?\s+(?:enhälligt|därefter|således|sålunda|för (?:egen|sin) del|följande|att|enligt\s.{3,80}"
    r"|i enlighet med\s.{3,80}|(?:på|efter)\sförslag\s(?:av|från)\s.{3,80}"
    r"|under förutsättning\s.{3,120}|med .{3,80}))*"
    r"\s*(?:[:,]|(?<=följande)\.|(?<=beslut)\.)?$"
)
_DATED = re.compile(r"\d{4}-\d\d-\d\d|\bden \d{1,2} [a-z]+ \d{4}|§")
_FOR_ITS_PART = re.compile(r"\bför (?:egen|sin) del\b")
_PAPERS = ("Yttrande", "Barnkonsekvensanalys", "Konsekvens")  # what may be listed, and may be a heading too
_POINT = re.compile(r"(?:att\b|Att\b|\d[.)]\s|[-–—•·▪●○*\uf0b7]\s*\S)")


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a § under one heading; `kind` is a key of the lexicon's headings, "" before the first."""

    kind: str
    heading: Row | None
    rows: tuple[Row, ...]


def sections(rows: Sequence[Row]) -> tuple[Section, ...]:
    """The sections of a §, its head row first, cut at heading lines. The first line of a § that has no other title
    is its title, also where it reads like a heading ("Information", "Yrkanden"); a decision is never a title."""
    rows = tuple(_headings_apart(rows))
    found: list[Section] = []
    kind, heading, body = "", None, list[Row]()
    for index, row in enumerate(rows):
        opened = heading_of(row.text)
        following = rows[index + 1].text if index + 1 < len(rows) else ""
        if kind == "documents" and opened in ("decision", "proposed") and _DATED.search(row.text):
            opened = None
        if kind == "documents" and opened == "summary" and not row.gap and row.text.startswith(_PAPERS):
            opened = None  # another body's decision among the papers: "Kommunstyrelsens beslut 2016-02-09, § 41"
        told = _decides_below(kind, body, row, following) if opened is None and body else None
        if told is not None:
            opened = "decision"
            if kind == "decision":
                first = body[-told] if told else row
                row, body = replace(first, text=_sentence(body, row, told)), body[: len(body) - told]
        if opened is None or (told is None and opened == "decision" and _runs_on(row.text, following)):
            body.append(row)
            continue
        if opened not in _NEVER_TITLES and heading is None and len(body) == index < 4 and _untitled(body):
            body.append(row)
            continue
        found.append(Section(kind, heading, tuple(body)))
        kind, heading, body = opened, row, []
    found.append(Section(kind, heading, tuple(body)))
    return tuple(section for section in found if section.heading is not None or section.rows)


def _headings_apart(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows; a heading that stands on the line of its text ("Beslut: Ärendet bordläggs.") as a row of its own."""
    kind, titled = "", False
    for index, row in enumerate(rows):
        match = _BEFORE_TEXT.match(row.text)
        opened = heading_of(match["heading"]) if match else heading_of(row.text)
        titled = titled or not _untitled(rows[:index][:4])
        begins = row.gap or (index > 0 and rows[index - 1].text.endswith((".", ":", "!", "?", "”", '"')))
        told = kind in _CLOSED[2:] and opened in ("summary", "debate")  # a statement may tell its background
        if match is None or opened is None or not titled or not begins or told:
            kind = opened or kind
            yield row
            continue
        kind = opened
        head = Line(row.text[: match.end("heading")], row.start)
        yield replace(row, line=head, text=head.text)
        rest = Line(row.text[match.end() :] + row.line.text[len(row.line.text.rstrip()) :], row.start + match.end())
        yield replace(row, line=rest, text=row.text[match.end() :], gap=False, indented=False)


def _untitled(rows: Sequence[Row]) -> bool:
    """Whether the first rows of a § give its number and registry numbers only, so that its title is to come."""
    for index, row in enumerate(rows):
        head = None if index else SECTION_HEAD.match(row.text)
        if index == 0 and head is None:
            return False
        rest = head.group("rest") if head else row.text
        for number in reversed(find(rest, labelled=True)):
            rest = rest[: number.start] + rest[number.end :]
        if re.search(r"[^\W\d_]", _REGISTRY_WORDS.sub("", rest)):
            return False
    return bool(rows)


def _runs_on(text: str, following: str) -> bool:
    """Whether "Socialnämnden föreslår att kommunfullmäktige beslutar att" is the first line of a sentence."""
    return " " in text and following[:1].islower() and not re.match(r"att\b|[a-z]\) ", following)


def _decides_below(kind: str, before: Sequence[Row], row: Row, following: str) -> int | None:
    """How many of the rows before belong to the sentence that a row ends, where it tells that the body decides the
    points below, which a motion does not; else None. Under the heading of a decision, behind what is proposed to a
    higher body, only what the body decides for its own part."""
    if row.text.endswith(" att") or not (_POINT.match(following) or row.text.endswith(("följande.", "följande:"))):
        return None
    above = 0
    for earlier, later in zip(reversed(before[-4:]), (row, *reversed(before[-4:])), strict=False):
        if later.gap or earlier.text.endswith((".", ":", ";")):
            break
        above += 1
    whole = _sentence(before, row, above)
    if kind in _CLOSED and not (kind == "decision" and _FOR_ITS_PART.search(whole)):
        return None
    if not (_DECIDES_BELOW.match(row.text) or (above < 3 and _DECIDES_BELOW.match(whole))):
        return None
    return None if re.search(r"\b(?:föreslå|yrka(?!nde)|hemställ)|\bhar\b", whole) else above


def _sentence(before: Sequence[Row], row: Row, above: int) -> str:
    """The text of a row with so many rows above it, words broken at a line's end made whole."""
    text = " ".join(part.text for part in (*before[len(before) - above :], row))
    return re.sub(r"(?<=[a-zåäö])- (?=[a-zåäö])", "", text)

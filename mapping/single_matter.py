"""What documents about one matter (motions, interpellations, official reports) have in common: the letter's head.

Heads and signatures of such documents stand in columns ("För Centerpartiet      För Miljöpartiet"): they are
read piece by piece, a piece being what stands together on a line."""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mapping.account import account_of
from mapping.actors import parse_actors
from mapping.dates import find_dates
from mapping.document_record import document_record
from mapping.flow import Flow, flow
from mapping.known import Known
from mapping.lexicon import BODY
from mapping.records import Actor, DocumentRecord, Item, Quote, RegistryRef
from mapping.registry_numbers import find, references, registry_ref
from mapping.rows import CELL, Layout, Row
from mapping.setting import Setting, setting
from mapping.text import Line, Span, Text
from ontology import municipality_code

_ADDRESSED = re.compile(
    rf"(?:(?:[\wåäöÅÄÖ]+\s)?[Tt]ill:?\s+)?(?P<body>[Kk]ommunfullmäktige|[Rr]egionfullmäktige|[Ll]andstingsfullmäktige|{BODY}(?:en|et|n)?)"
    r"(?:,?\s+(?:i\s+)?(?P<place>[A-ZÅÄÖ][\wåäöé]+(?:[- ][A-ZÅÄÖ][\wåäöé]+)?(?:\s(?:kommun|stad))?)(?=$|[\s,.]))?"
)
_OWNED = re.compile(
    r"(?P<place>[A-ZÅÄÖ][\wåäö]+?)s\s(?=kommunfullmäktige|kommunstyrelse)"
)  # "Göteborgs kommunfullmäktige"
_STAMP = re.compile(
    r"^(?:Ink(?:om|ommen|\.)?|Ankom(?:stdatum)?|Inl(?:ämnad|\.)|Diarie(?:förd|nr|nummer)?|Reg\.?)\b", re.I
)
_NUMBER_LABEL = re.compile(r"\b(?:dnr|diarien(?:umme)?r|ärenden(?:umme)?r|beteckning|vår beteckning)\b[.:]*", re.I)
_LEFT_OVER = 14  # letters that may stand beside a registry number on a line that only labels
_HEAD_ROWS = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands together on a line: its row's position, and the column where it starts."""

    row: int
    column: int
    line: Line
    gap: bool

    @property
    def text(self) -> str:
        return self.line.text


def pieces(rows: Sequence[Row]) -> Iterator[Piece]:
    """The rows cut where three blanks or a tab part two columns."""
    for number, row in enumerate(rows):
        expanded = row.line.text
        for index, part in enumerate(CELL.finditer(expanded)):
            column = len(expanded[: part.start()].expandtabs(8))
            yield Piece(number, column, Line(part.group(), row.line.start + part.start()), row.gap and not index)


def named(piece: Piece, known: Known) -> tuple[Actor, ...]:
    """The persons that a piece consists of, and nothing else ("Anna Ek (S)", "Anna Ek, Bo Al (M)"); else none."""
    stretch = flow((piece.line,))
    actors, end = parse_actors(stretch, 0, known)
    whole = stretch.text[end:].strip(" .,") == ""
    return actors if actors and whole and all(actor.name for actor in actors) else ()


def addressed(rows: Sequence[Row]) -> tuple[Quote | None, Quote | None]:
    """(the body that a document is addressed to, the municipality that stands beside it) of a letter's head."""
    top = list(pieces(rows[:_HEAD_ROWS]))
    for before, piece, after in zip((None, *top), top, (*top[1:], None), strict=False):
        match = _ADDRESSED.search(piece.text)
        if match is None or match.start() > 60 or piece.text.rstrip().endswith("."):
            continue
        led = "till " in match.group().lower() or (before is not None and before.text.rstrip(":").lower() == "till")
        alone = match.start() == 0 and match.end() == len(piece.text) and "fullmäktige" in match.group("body").lower()
        if not led and not alone:
            continue
        line = flow((piece.line,))
        owned = _OWNED.match(match.group("body"))
        if owned is not None and municipality_code(owned.group("place")) is not None:
            at = match.start("body")
            return line.quote(at + owned.end(), match.end("body")), line.quote(at, at + owned.end("place"))
        place = line.quote(*match.span("place")) if match.group("place") else None
        if place is None and after is not None and re.fullmatch(r"(?:i )?[\wåäö -]+ (?:kommun|stad)", after.text):
            place = flow((after.line,)).quote()
        return line.quote(*match.span("body")), place
    return None, None


def own_numbers(rows: Sequence[Row], extra: Iterable[Line] = ()) -> tuple[RegistryRef, ...]:
    """Registry numbers of a letter's head or stamp: on a piece that holds nothing else but a label, a date or an
    authority. A number in a sentence is of a case that the document tells of."""
    numbers: dict[str, RegistryRef] = {}
    labelled = False
    for line in (*(piece.line for piece in pieces(rows)), *(Line(p.line.text, p.line.start) for p in _cut(extra))):
        found = find(line.text, labelled=labelled)
        labelled = bool(_NUMBER_LABEL.fullmatch(line.text.strip()))
        if not found or line.text.rstrip().endswith((".", ")")) or len(_rest(line.text)) > _LEFT_OVER:
            continue
        for match in found:
            span = line.span(match.start, match.end)
            numbers.setdefault(match.number.notation, registry_ref(match, "own", span))
    return tuple(replace(ref, role="other") if index else ref for index, ref in enumerate(numbers.values()))


def _cut(lines: Iterable[Line]) -> Iterator[Piece]:
    yield from pieces([Row(line, line.text.strip(), False, False) for line in lines])


def _rest(text: str) -> str:
    """The letters of a line beside its registry numbers, its dates and its labels."""
    for match in reversed(find(text, labelled=True)):
        text = text[: match.start] + text[match.end :]
    for date in reversed(find_dates(text)):
        text = text[: date.start] + text[date.end :]
    text = re.sub(
        r"\b(?:Datum|Ink\w*|Sida|Utfärdat|Tjänste\w+|ärende)\b\.?", "", _NUMBER_LABEL.sub("", text), flags=re.I
    )
    return re.sub(r"[\W\d_]", "", text)


def letter_date(rows: Sequence[Row], where: Setting) -> tuple[datetime.date | None, Span | None]:
    """The day a letter was written: beside its signatures, else the first in its head; the day of the
    stamp only where there is no other."""
    signed: list[tuple[datetime.date, Span]] = []
    head: list[tuple[datetime.date, Span]] = []
    stamped: list[tuple[datetime.date, Span]] = []
    above = ""
    for piece in pieces(rows):
        dates = find_dates(piece.text)
        if dates:
            found = (dates[0].date, piece.line.span(dates[0].start, dates[0].end))
            rest = (piece.text[: dates[0].start] + piece.text[dates[0].end :]).strip(" ,.")
            if _STAMP.match(piece.text) or _STAMP.match(above):
                stamped.append(found)
            elif piece.row > len(rows) // 2 and len(rest) < 30 and rest.count(" ") < 3:
                signed.append(found)
            elif piece.row < _HEAD_ROWS and len(rest) < 40:
                head.append(found)
        above = piece.text
    for day, span in (*signed[-1:], *head[:1], *stamped[:1]):
        return day, span
    return where.date, where.date_span


def located(text: Text, page: Layout, given: str | None) -> tuple[Setting, Quote | None]:
    """(where a document about one matter belongs, the body it is addressed to)."""
    where = setting(text, page, [row.line for row in page.rows[:_HEAD_ROWS]], given)
    body, place = addressed(page.rows)
    code = municipality_code(place.text) or municipality_code(place.text.split()[0]) if place else None
    code = code or (municipality_code(place.text.split()[0].removesuffix("s")) if place else None)
    if place is not None and code is not None:
        where = replace(where, municipality=code, municipality_span=place.span)
    return where, body


def record_of(
    text: Text, page: Layout, kind: str, where: Setting, body: Quote | None, title: Quote | None, item: Item
) -> DocumentRecord:
    """The record of a document that is about one matter: its only item, and no meeting."""
    if body is not None:
        where = replace(where, body=body.text[0].upper() + body.text[1:], body_span=body.span)
    record = document_record(kind, where, (item,), title=title, registry_numbers=item.registry_numbers[:1])
    return replace(record, account=account_of(text, page, record))


def cited(page: Layout) -> tuple[Flow, tuple[Quote, ...]]:
    """(the whole text as one, the public documents it refers to)."""
    whole = flow(row.line for row in page.rows)
    found = {r.text: Quote(r.text, whole.span(r.start, r.end)) for r in references(whole.text)}
    return whole, tuple(found.values())

"""Minutes and extracts of minutes: the meeting, its §, and everybody who acts in them."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from mapping.account import account_of
from mapping.actors import Known, parse_actors
from mapping.cover import Cover, read_cover
from mapping.dates import find_dates
from mapping.flow import Flow, flow, sentences
from mapping.heads import settle_roles
from mapping.items import heads_of, read_item
from mapping.records import Actor, Attendance, DocumentRecord, Item, Meeting
from mapping.setting import Setting, setting
from mapping.structure import Layout, blocks
from mapping.text import Span, Text

_ADJUSTING = re.compile(
    r"\b(?:utsågs|utses|utse|utser|väljs|väljer|välja|valdes|att justera)\b.*\bjustera|justera\w* .*(?:utsågs|utses)",
    re.I,
)
_WHEN = re.compile(r"juster(?:ing|as|at|a)\b", re.I)


def read_minutes(
    text: Text, page: Layout, kind: str, known: Known, given: str | None, *, web: bool = False
) -> DocumentRecord:
    before, found = blocks(page.rows, web=web)
    heads = settle_roles(heads_of(found))
    items = tuple(
        read_item(block, head, position, known)
        for position, (block, head) in enumerate(zip(found, heads, strict=True), 1)
    )
    where = setting(text, page, [row.line for row in before], given)
    every = [int(match.group()) for item in items if (match := re.match(r"\d+", item.number or ""))]
    cover = read_cover(before, known, every)
    where = replace(where, date=where.date or cover.date, date_span=where.date_span or cover.date_span)
    parties = _parties(items, cover)
    items = tuple(_filled(item, parties) for item in items)
    meeting = _filled(_meeting(where, cover, items, page, known), parties)
    record = DocumentRecord(
        kind,
        None,
        where.municipality,
        where.municipality_span,
        where.body,
        where.body_span,
        where.date,
        where.date_span,
        (),
        meeting,
        items,
    )
    record = replace(record, persons=_persons(record))
    return replace(record, account=account_of(text, page, record))


def _meeting(where: Setting, cover: Cover, items: Sequence[Item], page: Layout, known: Known) -> Meeting:
    adjusters, adjusted_on, adjusted_span = _adjustment(items, page, known)
    chair = next((entry.actor for entry in cover.attendance if entry.role == "chair"), cover.chair)
    secretary = next((entry.actor for entry in cover.attendance if entry.role == "secretary"), cover.secretary)
    return Meeting(
        where.date,
        where.date_span,
        where.minutes_number,
        cover.location,
        chair or _spoken_chair(items),
        secretary,
        adjusters or cover.adjusters,
        cover.adjusted_on or adjusted_on,
        cover.adjusted_on_span or adjusted_span,
        cover.attendance,
    )


def _adjustment(
    items: Sequence[Item], page: Layout, known: Known
) -> tuple[tuple[Actor, ...], datetime.date | None, Span | None]:
    """Adjusters elected in a §, and when the minutes are adjusted, where the § tells."""
    for item in items:
        if item.title is None or not re.search(r"juster", item.title.text, re.I):
            continue
        rows = [row.line for row in page.rows if item.span.start <= row.line.end and row.line.start < item.span.end]
        whole = flow(rows[1:])
        actors: list[Actor] = []
        when: tuple[datetime.date, Span] | None = None
        for sentence in sentences(whole):
            dates = find_dates(sentence.text)
            if dates and _WHEN.search(sentence.text) and when is None:
                when = dates[0].date, sentence.span(dates[0].start, dates[0].end)
            if not actors and _ADJUSTING.search(sentence.text):
                actors = _elected(sentence, known)
        if actors or when:
            return tuple(actors), when[0] if when else None, when[1] if when else None
    return (), None, None


def _elected(sentence: Flow, known: Known) -> list[Actor]:
    """The names of an election, less the reserve behind "med … som ersättare"."""
    reserve = re.search(r"\bmed\s[^.]*\bsom\s(?:ersättare|reserv)|\b(?:ersättare|reserv)\b\s*:?\s", sentence.text)
    end = reserve.start() if reserve else len(sentence.text)
    found: list[Actor] = []
    at = 0
    while at < end:
        actors, stop = parse_actors(sentence, at, known)
        if actors and sentence.offsets.index(actors[0].span.start) < end:
            found += [actor for actor in actors if actor.name]
            break
        following = re.compile(r"\s+").search(sentence.text, max(at, stop))
        at = following.end() if following else end
    return found


def _spoken_chair(items: Sequence[Item]) -> Actor | None:
    """The chair as named in a §: "Ordföranden A B (S)"."""
    for actor in _actors(items):
        if actor.name and actor.title and actor.title.lower() in ("ordföranden", "ordförande"):
            return actor
    return None


def _actors(value: Any) -> Iterable[Actor]:
    """Every Actor inside records, in the order of their fields."""
    if isinstance(value, Actor):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _actors(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _actors(getattr(value, each.name))


def _parties(items: Sequence[Item], cover: Cover) -> dict[str, str]:
    """The one party that each name stands with in this document."""
    seen: dict[str, Counter[str]] = {}
    for actor in (*_actors(cover.attendance), *_actors(items)):
        if actor.name and actor.party and not actor.is_official:
            seen.setdefault(actor.name, Counter())[actor.party] += 1
    return {name: parties.most_common(1)[0][0] for name, parties in seen.items() if len(parties) == 1}


def _filled(value: Any, parties: dict[str, str]) -> Any:
    """The value with the party of actors who stand there without one, where the document knows it."""
    if isinstance(value, Actor):
        if value.name and value.party is None and value.name in parties:
            return replace(value, party=parties[value.name], is_official=False)
        return value
    if isinstance(value, tuple):
        return tuple(_filled(part, parties) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            each.name: new
            for each in fields(value)
            if (new := _filled(old := getattr(value, each.name), parties)) is not old
        }
        return replace(value, **changed) if changed else value
    return value


def _persons(record: DocumentRecord) -> tuple[Actor, ...]:
    """Everybody named in the records, once: the fullest mention of each name and party."""
    kept: dict[tuple[str, str | None], Actor] = {}
    elsewhere = {a.name for a in _actors((record.meeting, record.items)) if a.name and a.party}
    for actor in _actors((record.meeting, record.items)):
        if actor.name is None or actor.is_administration or (actor.party is None and actor.name in elsewhere):
            continue
        key = (actor.name, actor.party)
        if key not in kept or (actor.title and not kept[key].title):
            kept[key] = actor
    return tuple(kept.values())



"""The cover page: who was there, place, date, adjusters and when the minutes are adjusted."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapping.actors import parse_actors
from mapping.cover_entries import Entry, labelled_lines
from mapping.dates import find_dates
from mapping.flow import Flow, flow
from mapping.known import Known
from mapping.offices import offices
from mapping.partial_presence import paragraph_numbers
from mapping.presence import (
    attendance_of,
    attending_officials,
    is_private,
    official_beside_title,
    once_each,
    role_told,
)
from mapping.records import Actor, Attendance, DocumentRecord, Quote
from mapping.rows import FULL_LINE, Row
from mapping.text import Line, Span

_MONTHS = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
_TIME = re.compile(
    r"[\s,;(–-]*(?:\b(?:"
    r"(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?\b|\d{4}-\d\d-\d\d\b|den (?=\d)"
    rf"|\d{{1,2}} (?:{_MONTHS})\b(?: \d{{4}}\b)?"
    r"|(?:kl\b\.?|klockan) ?\d{1,2}(?:[.:]\d\d)?|\d{1,2}[.:]\d\d\b"
    r")[\s,;.)–-]*)+",
    re.I,
)
_BETWEEN_PERSONS = re.compile(
    r"\)(?P<post>,?\s(?:\d:?[ae]\s|(?:förste|andre)\s)?(?:vice\s|v\.?\s)?ordf(?:örande|\.)?)?(?:,|\s(?:och|samt))"
    r"\s(?=[A-ZÅÄÖ][\wåäö-]+\s(?:[a-z]+\s)?[A-ZÅÄÖ][^,]*\()"
)
_RESERVE = re.compile(r"\smed\s(?=[A-ZÅÄÖ].*(?:ersättare|reserv))|(?:ersättare|^med\b|reserv)")
_ADJUSTED_PART = re.compile(r"\s*(?:,\s*)?\(?§§?\s*\d[\d\s,–-]*\)?(?:,|\s(?:och|samt)\s|\s*$)")


# "Justeras den 24 maj 2017"; "Anna Ek, justerare, 2024-10-29" of an electronic signature
_ADJUSTED_THEN = re.compile(
    r"^(?:Protokollet )?[Jj]ustera(?:(?P<announced>s)|d|t|des|ts):?\s(?:den\s)?(?=\d)|, justerare, (?=\d{4}-)"
)


@dataclass(frozen=True, slots=True)
class Cover:
    """What a cover page tells; lists in the order of the page. `adjustment_announced`: the day of adjustment is one
    that is set for it, no word says that it was done."""

    attendance: tuple[Attendance, ...] = ()
    adjusters: tuple[Actor, ...] = ()
    chair: Actor | None = None
    secretary: Actor | None = None
    location: Quote | None = None
    date: datetime.date | None = None
    date_span: Span | None = None
    adjusted_on: datetime.date | None = None
    adjusted_on_span: Span | None = None
    adjustment_announced: bool = False

    def adjusted(self, date: datetime.date, span: Span, announced: bool) -> "Cover":
        """The cover with a day of adjustment, unless it tells one already; a day on which it was done goes before one
        that was only set."""
        if self.adjusted_on is not None and (announced or not self.adjustment_announced):
            return self
        return replace(self, adjusted_on=date, adjusted_on_span=span, adjustment_announced=announced)


def read_cover(rows: Sequence[Row], known: Known, every: Sequence[int]) -> Cover:
    """Reads the rows before the first §. `every`: all § numbers of the meeting, for partial presence."""
    entries = list(labelled_lines(rows))
    attendance: list[Attendance] = []
    adjusters: list[Actor] = []
    taken: set[int] = set()
    cover = Cover()
    for index, entry in enumerate(entries):
        if not entry.parts:
            continue
        for part in entry.parts:
            if when := _ADJUSTED_THEN.search(part.text):
                told = Line(part.text[when.end() :], part.start + when.end())
                cover = _dated(cover, Entry("adjustment" if when["announced"] else "adjusted", told, False))
        if entry.label in ("signatures", "") and (posts := _signed_as(entry, known)):
            cover = replace(cover, chair=cover.chair or posts[0], secretary=cover.secretary or posts[1])
            continue
        if entry.label == "substitute" and entry.opens and adjusters and _reserves(entry, attendance):
            continue  # of the adjusters
        stretch = flow((entry.parts[0],))
        whole = flow((entry.line,))
        if entry.label in ("member", "serving-substitute", "substitute", "insight", "chairing", "vice-chairing"):
            for label, lines, beside in entry.people():
                stretch = flow(lines)
                several = _several(stretch, known) if label != "absent" else []
                read = [attendance_of(one, label, known, every, beside) for one in several or [stretch]]
                attendance += [each for each in read if each is not None and label != "absent"]
            if entry.label.endswith("chairing"):
                entries[index + 1 :] = [
                    replace(e, label="member") if e.label == entry.label else e for e in entries[index + 1 :]
                ]
        elif entry.label in ("official", "outside"):
            outside = entry.label == "outside"
            if index in taken:
                continue
            if beside_title := official_beside_title(entry, known, every):
                attendance += (
                    [] if is_private(beside_title.actor.title or "") else [_from_outside(beside_title, outside)]
                )
                continue
            # "Socialdirektör A B, avdelningschef C D samt" goes on over the line; a name a line does not
            named = next(offices(whole, known), None)
            prose = named is not None and named.title is not None and whole.text.startswith(named.title)
            following = [entry.line]
            for at, later in enumerate(entries[index + 1 :], index + 1):
                last = following[-1].text.rstrip()
                text = later.line.text.lstrip()
                joined = last.endswith((",", "samt", "och"))
                new = next(offices(flow((later.line,)), known), None)
                opens = new is not None and new.title is not None and text.startswith(new.title)
                goes_on = prose and not opens and (text[:1].islower() or len(last) > FULL_LINE)
                if later.label != entry.label or later.opens or not (joined or goes_on):
                    break
                taken.add(at)
                following.append(later.line)
            attendance += [_from_outside(a, outside) for a in attending_officials(flow(following), known, every)]
        elif entry.label == "adjuster":
            for part in entry.parts:
                if signed := re.match(r"Digitalt signera[dt]\b", part.text):
                    cover = _dated(cover, replace(entry, label="adjusted")) if signed else cover
                    continue
                reserve = _RESERVE.search(part.text)
                until = reserve.start() if reserve and reserve.group().startswith(" med") else 0
                kept = part if reserve is None else Line(part.text[:until], part.start)
                if kept.text.strip():
                    adjusters += _adjusters(flow((kept,)), known)
                if reserve is not None:
                    break
        elif entry.label == "secretary" and cover.secretary is None:
            cover = replace(cover, secretary=_first_person(stretch, known))
        elif entry.label == "chair" and cover.chair is None:
            cover = replace(cover, chair=_first_person(stretch, known))
        elif entry.label == "place_time" and cover.location is None and entry.opens:
            cover = replace(cover, location=_place(whole))
        elif entry.label in ("adjusted", "adjustment", "date"):
            cover = _dated(cover, entry)
    return replace(cover, attendance=once_each(attendance), adjusters=_distinct(adjusters))


_SIGNED_AS = re.compile(r"(?P<name>[^,]+), (?P<post>ordförande|sekreterare)")


def _signed_as(entry: Entry, known: Known) -> tuple[Actor | None, Actor | None] | None:
    """(chair, secretary) of a row of signatures that names the posts: "A B, ordförande   C D, sekreterare"."""
    found: dict[str, Actor | None] = {}
    for part in entry.parts:
        match = _SIGNED_AS.fullmatch(part.text)
        if match is not None:
            found[match["post"]] = _first_person(flow((Line(match["name"], part.start),)), known)
    return (found.get("ordförande"), found.get("sekreterare")) if found else None


def _reserves(entry: Entry, attendance: Sequence[Attendance]) -> bool:
    """Whether substitutes named without a party, on a cover that prints parties or has named no members yet, are
    those of the adjusters."""
    seated = any(seat.role not in ("official", "secretary", "other") for seat in attendance)
    return "(" not in entry.line.text and (not seated or any(seat.actor.party for seat in attendance))


def _several(stretch: Flow, known: Known) -> list[Flow]:
    """The persons of a line that names more than one, each with a party: "A B (S), C D (C) §§ 41-45"."""
    between = list(stretch.matches(_BETWEEN_PERSONS))
    ends = [match.end() for match in between]
    parts = [stretch.part(start, end) for start, end in zip([0, *ends], [*ends, None], strict=False)]
    named = [parse_actors(part, 0, known)[0] for part in parts]
    # two names with a post between them may stand in two columns
    least = 3 if any(match["post"] for match in between) else 2
    return parts if len(parts) >= least and all(found and found[0].party for found in named) else []


def _from_outside(attendance: Attendance, outside: bool) -> Attendance:
    """Whoever is listed under a label of those from outside, in that role."""
    if not outside:
        return attendance
    return replace(attendance, actor=replace(attendance.actor, is_official=False), role="other")


def _adjusters(stretch: Flow, known: Known) -> list[Actor]:
    """ "A B (S) och C D (M)", also each with the § that they adjust: "A B, § 1-3, C D, §§ 4-9"."""
    found: list[Actor] = []
    for start, end in zip(*_between(stretch, _ADJUSTED_PART), strict=True):
        if part := stretch.part(start, end):
            found += [actor for actor in parse_actors(part, 0, known)[0] if actor.name]
    return found


def with_roll(cover: Cover, present: Sequence[tuple[Attendance, str]], every: Sequence[int]) -> Cover:
    """The cover with those whom a roll marks as present, each with what the roll notes of a part of the meeting."""
    told = [
        replace(
            entry,
            role=(role_told(note) or entry.role) if entry.role == "member" else entry.role,
            paragraphs=paragraph_numbers(note, every),
            note=note or None,
        )
        for entry, note in present
    ]
    named = {entry.actor.name for entry in cover.attendance if entry.role not in ("secretary", "official")}
    return replace(
        cover, attendance=once_each((*cover.attendance, *(entry for entry in told if entry.actor.name not in named)))
    )


def _place(stretch: Flow) -> Quote | None:
    """The place where place and time are told together ("Rådhuset, onsdagen den 14 juni 2023, kl. 13.15")."""
    for start, end in zip(*_between(stretch, _TIME), strict=True):
        if part := stretch.part(start, end):
            return part.quote()
    return None


def _between(stretch: Flow, pattern: re.Pattern[str]) -> tuple[list[int], list[int]]:
    """(starts, ends) of what stands between the matches."""
    found = [match.span() for match in stretch.matches(pattern)]
    return [0, *(end for _, end in found)], [*(start for start, _ in found), len(stretch.text)]


def _dated(cover: Cover, entry: Entry) -> Cover:
    dates = find_dates(entry.line.text)
    if not dates:
        return cover
    date = dates[0]
    span = entry.line.span(date.start, date.end)
    if entry.label in ("adjusted", "adjustment"):
        return cover.adjusted(date.date, span, announced=entry.label == "adjustment")
    if entry.label == "date" and cover.date is None:
        return replace(cover, date=date.date, date_span=span)
    return cover


def _first_person(stretch: Flow, known: Known) -> Actor | None:
    actors, _ = parse_actors(stretch, 0, known)
    return actors[0] if actors and actors[0].name else None


def _distinct(actors: Sequence[Actor]) -> tuple[Actor, ...]:
    kept: dict[str | None, Actor] = {}
    for actor in actors:
        kept.setdefault(actor.name, actor)
    return tuple(kept.values())


# "Närvarande var Anna Ek (S), ordförande, och Bo Alm (M)."
_TOLD = re.compile(
    r"(?:Närvarande|Beslutande|Tjänstgörande)[\w ]{0,30}? (?:var|voro|är)\s"
    r"|[Ff]öljande\b.{0,40} (?:var|är) närvarande"
)
# "Anna Ek (S)" under a heading that is none we know ("Bes1utande")
_NAMES_SOMEBODY = re.compile(r"[A-ZÅÄÖ][\w-]+ [A-ZÅÄÖ][\w-]+ \([A-ZÅÄÖ]{1,3}\)")
_NO_FACTS = ("signatures", "notice", "contents", "paragraphs", "place_time", "chair", "secretary", "absent", "date")


def label_lines(rows: Sequence[Row], record: DocumentRecord) -> frozenset[int]:
    """Starts of cover lines that are no facts: labels alone, signatures of people already read, notices."""
    named = {actor.name for actor in record.persons}
    found: set[int] = set()
    told = False
    for row, entry in zip(rows, labelled_lines(rows), strict=True):
        # a sentence that tells who was there is never passed over as a line of the cover
        told = bool(_TOLD.match(row.text)) or (told and not row.gap and not entry.opens)
        if told:
            told = not row.text.endswith(".")
            continue
        words = [re.sub(r"\s*\([^)]*\)$", "", part.text) for part in entry.parts]
        signed = all(word in named or role_told(word) or re.fullmatch(r"[_.]+", word) for word in words)
        private = any(is_private(re.sub(r"\A[^,]*,", "", text)) for text in (entry.line.text, *words))
        vacant = re.match(r"[Vv]akan[tst]", row.text)
        astray = not entry.opens and entry.label in ("", "place_time", "date") and _NAMES_SOMEBODY.search(row.text)
        if astray and not signed:
            continue
        if (
            not entry.parts
            or entry.label in _NO_FACTS
            or signed
            or vacant
            or (private and entry.label in ("official", "member"))
            or len(row.text) < 3
            or re.fullmatch(
                r"(?:Ordförande|Justerare|Justerande|Sekreterare|Vice ordförande|plats och tid|och tid):?", row.text
            )
            or not entry.label
        ):
            found.add(row.line.start)
    return frozenset(found)

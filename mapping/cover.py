"""The cover page: who was there in which role and for which §, place, adjusters, dates of adjustment."""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from mapping.actors import Known, offices, parse_actors
from mapping.dates import find_dates
from mapping.flow import Flow, flow
from mapping.lexicon import lexicon
from mapping.records import Actor, Attendance, DocumentRecord, Quote
from mapping.rows import Row
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

# There for a part of the meeting only.
_PART = re.compile(r"[\s,(]*(?:\b(?:ej|inte|utom|från|under|vid|till och med|från och med)\s)?§.*\Z")


_ADJUSTED_PART = re.compile(r"\s*(?:,\s*)?\(?§§?\s*\d[\d\s,–-]*\)?(?:,|\s(?:och|samt)\s|\s*$)")


@dataclass(frozen=True, slots=True)
class Cover:
    """What a cover page tells; lists in the order of the page."""

    attendance: tuple[Attendance, ...] = ()
    adjusters: tuple[Actor, ...] = ()
    chair: Actor | None = None
    secretary: Actor | None = None
    location: Quote | None = None
    date: datetime.date | None = None
    date_span: Span | None = None
    adjusted_on: datetime.date | None = None
    adjusted_on_span: Span | None = None


# "S    Anna Ek, ordförande     Almviks kommun": the party stands first (joint authorities).
_PARTY_FIRST = re.compile(r"\(?(?P<code>[A-ZÅÄÖ]{1,3}|[A-ZÅÄÖ][a-zåäö]{1,3}|[a-z]{1,3})\)?")
_MEMBER_OF = re.compile(r"[A-ZÅÄÖ][\wåäö]+ (?:kommun|stad|region)\b")
# Whose secretary it is: a "socialsekreterare" or "borgarrådssekreterare" keeps no minutes.
_SECRETARY = re.compile(
    r"(?:^|\b|nämnds?|kommun|utskotts?|mötes|protokolls|förbunds|region|kansli|styrelse|fullmäktige)sekreterare|^sekr\b"
)
_FULL_LINE = 50  # characters of a line that the next may go on
# What goes on about the person named to the left of it.
_SAID_OF = re.compile(
    r"[^A-ZÅÄÖ]|§|Kl\b|(?:Ordf|Vice|V\.|Tj|Ers|Ej\b|Från|Till|Ledamot|Jäv)|\(|[A-ZÅÄÖ][\wåäö-]*(?:\s[a-zåäö]|$)"
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line under a label, the label taken off."""

    label: str
    line: Line
    opens: bool
    parts: tuple[Line, ...] = ()
    row: Line | None = None
    columns: tuple[tuple[int, str], ...] = ()

    def people(self) -> Iterator[tuple[str, Line, str]]:
        """(label, stretch, what is told beside it) of each person that a row may name: names stand side by side in
        columns, and what is said of a person ("ersätter A B", "§§ 3-5") goes with the name before it."""
        groups: list[list[Line]] = []
        beside = " ".join(part.text for part in self.parts if _MEMBER_OF.match(part.text))
        for part in self.parts:
            if _MEMBER_OF.match(part.text):
                continue
            party_first = len(groups) == 1 and len(groups[0]) == 1 and _PARTY_FIRST.fullmatch(groups[0][0].text)
            if groups and (_SAID_OF.match(part.text) or party_first):
                groups[-1].append(part)
            else:
                groups.append([part])
        for group in groups:
            start, end = group[0].start, group[-1].end
            text = self.line.text[start - self.line.start : end - self.line.start]
            label = self.label
            if self.columns and self.row is not None:
                at = self.row.column(start - self.row.start)
                label = min(self.columns, key=lambda column: abs(column[0] - at))[1]
            yield label, Line(text, start), beside


@cache
def _labels() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, list[str]] = lexicon("cover")["labels"]
    pairs = [(label, entry) for label, entries in table.items() for entry in entries]
    pairs.sort(key=lambda pair: len(pair[1]), reverse=True)
    return tuple(
        (label, re.compile(entry if "(?=" in entry else rf"(?:{entry})\s*(?::\s*|\s{{2,}}|\t|$)"))
        for label, entry in pairs
    )


@cache
def _roles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, list[str]] = lexicon("cover")["roles"]
    return tuple((role, re.compile("|".join(f"(?:{e})" for e in entries), re.I)) for role, entries in table.items())


@cache
def _serves() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(lexicon('cover')['serves'])})\s*", re.I)


def _lowered(text: str) -> str | None:
    """A row whose label is shouted, the label as words are written ("LEDAMÖTER   Anna Ek")."""
    first = re.match(r"\S+(?: \S+)*", text)
    if first is None or not first.group().isupper() or len(first.group()) < 4:
        return None
    return first.group().capitalize() + text[first.end() :]


def label_of(text: str) -> str | None:
    """The key of the label that a line opens with, or None."""
    return next((label for label, pattern in _labels() if pattern.match(text)), None)


def _entries(rows: Sequence[Row]) -> Iterable[_Entry]:
    label = ""
    heads: tuple[tuple[int, str], ...] = ()
    for row, following in zip(rows, (*rows[1:], None), strict=False):
        at = len(row.line.text) - len(row.line.text.lstrip())
        opened = False
        lowered = _lowered(row.text)
        for name, pattern in _labels():
            match = pattern.match(row.text) or (pattern.match(lowered) if lowered else None)
            if match:
                # "Tjänstgörande" on one line and "ersättare" on the next are one label
                parted = row.text.startswith("ersättare") or (row.text.startswith("ERSÄTTARE") and not row.gap)
                kept = parted and label in ("serving-substitute", "substitute")
                label, at, opened = label if kept else name, at + match.end(), True
                break
        beside = _column_heads(row, following)
        heads = beside or (() if opened else heads)
        if beside and opened:
            yield _Entry(heads[0][1], Line("", row.line.end), True)
            continue
        rest = row.line.text[at:]
        if opened and rest.strip():
            # a label of its own inside the column of another: "Beslutande     Ledamöter"
            inner = next((name for name, pattern in _labels() if _alone(pattern, rest.strip())), None)
            label, rest = (inner, "") if inner else (label, rest)
            at = len(row.line.text) if inner else at
        columns = list(re.finditer(r"\S(?:.*?\S)?(?=\s{3,}|\t|\s*$)", rest))
        parts = tuple(Line(m.group(), row.line.start + at + m.start()) for m in columns)
        yield _Entry(label, Line(rest, row.line.start + at), opened, parts, row.line, heads)


_ROLES = ("member", "serving-substitute", "substitute", "insight", "official", "absent")


def _column_heads(row: Row, following: Row | None) -> tuple[tuple[int, str], ...]:
    """(column, label) of a row that opens two lists side by side: "Ledamöter          Ersättare". Where nothing
    stands below the first, the second is a label inside its column."""
    found: list[tuple[int, str]] = []
    for cell in re.finditer(r"\S+(?: \S+)*", row.line.text):
        label = next((name for name, pattern in _labels() if _alone(pattern, cell.group())), None)
        if label not in _ROLES:
            return ()
        found.append((row.line.column(cell.start()), label))
    if len({label for _, label in found}) < 2 or following is None:
        return ()
    indent = following.line.column(len(following.line.text) - len(following.line.text.lstrip()))
    return tuple(found) if abs(indent - found[0][0]) < abs(indent - found[1][0]) else ()


def _alone(pattern: re.Pattern[str], text: str) -> bool:
    match = pattern.match(text)
    return match is not None and match.end() == len(text)


def paragraph_numbers(note: str, every: Sequence[int]) -> tuple[int, ...] | None:
    """The § numbers that a note of partial presence leaves: "§§ 61-66", "ej § 24", "t.o.m. § 26"."""
    if "§" in note and not re.search(r"§§?\s*\d", note):  # "tom 63 §"
        note = re.sub(r"(\d{1,4}(?:\s*[-–]\s*\d{1,4})?)\s*§§?", r"§ \1", note)
    ranges = (
        re.findall(r"(\d{1,4})(?:/\d{2,4})?(?:\s*[-–]\s*(\d{1,4})(?:/\d{2,4})?)?", note.split("§", 1)[1])
        if "§" in note
        else []
    )
    if not ranges:
        return None
    named = (
        {n for first, last in ranges for n in range(int(first), int(last or first) + 1)}
        if len(ranges) < 50
        else set()
    )
    if re.search(r"\b(?:ej|inte|utom|ej vid)\s*§", note):
        return tuple(n for n in every if n not in named)
    first = int(ranges[0][0])
    if re.search(r"t\.?\s?o\.?\s?m\.?\s*§|till och med §", note):
        return tuple(n for n in every if n <= first)
    if re.search(r"fr\.?\s?o\.?\s?m\.?\s*§|från och med §|[Ff]rån §", note):
        return tuple(n for n in every if n >= first)
    if re.search(r"\befter\s*§", note):
        return tuple(n for n in every if n > first)
    return tuple(n for n in every if n in named) or tuple(sorted(named))


def _role_of(text: str) -> str | None:
    return next((role for role, pattern in _roles() if pattern.search(text)), None)


def _member(entry_flow: Flow, role: str, known: Known, every: Sequence[int], beside: str = "") -> Attendance | None:
    lead = re.match(r"\(?(?P<code>[A-Za-zÅÄÖåäö!]{1,4})\)?\s(?=[A-ZÅÄÖ]\S*\s[A-ZÅÄÖ])", entry_flow.text)
    code = known.code(lead.group("code")) if lead and not _title_case(lead.group("code")) else None
    start = lead.end() if lead and code else 0
    actors, end = parse_actors(entry_flow, start, known)
    if code and lead and actors and actors[0].party is None:
        actors = (replace(actors[0], party=code, party_verbatim=lead.group("code")), *actors[1:])
    if not actors or not actors[0].name:
        return None
    actor = actors[0]
    behind = entry_flow.text[end:] if len(actors) == 1 else entry_flow.text[_end_of(entry_flow, actor) :]
    behind = f"{behind} {beside}".rstrip()
    serves = _serves().search(behind)
    if serves is None and role in ("serving-substitute", "member"):
        serves = re.compile(r"\bför\s+").search(behind)
    substituted = None
    if serves is not None:
        start = len(entry_flow.text) - len(behind) + serves.end()
        others, _ = parse_actors(entry_flow, start, known)
        substituted = others[0] if others and others[0].name else None
        role = "serving-substitute"
    named = _role_of((actor.title or "") + " " + behind[: serves.start() if serves else None])
    if role == "member" and named is not None:
        role = named
        if actor.title is None and "§" not in behind:
            actor = replace(actor, title=behind.strip(" ,;"))
    if role.endswith("chairing"):
        role = "vice-chair" if role.startswith("vice") else "chair"
    if actor.party is None and role != "member" and (office := next(offices(entry_flow, known), None)):
        return Attendance(office, "official", None, paragraph_numbers(behind, every))
    note = behind.strip(" ,;") or None
    return Attendance(actor, role, substituted, paragraph_numbers(behind, every), note)


def _title_case(code: str) -> bool:
    """Whether a word may be a first name ("Kim", "Bo") rather than a code."""
    return len(code) > 1 and code.istitle()


def _end_of(stretch: Flow, actor: Actor) -> int:
    return stretch.offsets.index(actor.span.end - 1) + 1


def _officials(stretch: Flow, known: Known, every: Sequence[int]) -> Iterable[Attendance]:
    """ "Siv Ekdal, kommunchef", "Parkchef Ida Lund, gatuchef Per Ås § 7"."""
    found = sorted(offices(stretch, known), key=lambda actor: actor.span.start)
    if not found:
        actors, end = parse_actors(stretch, 0, known)
        behind = stretch.text[end:].strip(" ,")
        found = [
            replace(actor, title=actor.title or (behind.split("§")[0].strip(" ,") or None)) for actor in actors[:1]
        ]
    seen: set[str | None] = set()
    for actor in found:
        if actor.name in seen:
            continue
        seen.add(actor.name)
        part = _PART.search(actor.title or "")
        printed = (actor.title or "")[: part.start()] if part else actor.title
        title = (printed or "").lower()
        role = "secretary" if _SECRETARY.search(title) else "official"
        at = _end_of(stretch, actor)
        behind = re.split(r",\s*(?=[a-zåäö]+\s[A-ZÅÄÖ])", stretch.text[at:])[0]
        behind = (part.group() if part else "") + behind
        yield Attendance(
            replace(actor, title=printed or None, is_official=actor.party is None),
            role,
            None,
            paragraph_numbers(behind, every),
            behind.strip(" ,") or None,
        )


def read_cover(rows: Sequence[Row], known: Known, every: Sequence[int]) -> Cover:
    """Reads the rows before the first §. `every`: all § numbers of the meeting, for partial presence."""
    entries = list(_entries(rows))
    attendance: list[Attendance] = []
    adjusters: list[Actor] = []
    taken: set[int] = set()
    cover = Cover()
    for index, entry in enumerate(entries):
        if not entry.parts:
            continue
        stretch = flow((entry.parts[0],))
        whole = flow((entry.line,))
        if entry.label in ("member", "serving-substitute", "substitute", "insight", "chairing", "vice-chairing"):
            for label, part, beside in entry.people():
                read = _member(flow((part,)), label, known, every, beside) if label != "absent" else None
                attendance += [read] if read else []
            if entry.label.endswith("chairing"):
                entries[index + 1 :] = [
                    replace(e, label="member") if e.label == entry.label else e for e in entries[index + 1 :]
                ]
        elif entry.label == "official":
            if index in taken:
                continue
            if beside_title := _beside_title(entry, known, every):
                attendance.append(beside_title)
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
                goes_on = prose and not opens and (text[:1].islower() or len(last) > _FULL_LINE)
                if later.label != "official" or later.opens or not (joined or goes_on):
                    break
                taken.add(at)
                following.append(later.line)
            attendance += list(_officials(flow(following), known, every))
        elif entry.label == "adjuster":
            for part in entry.parts:
                if re.search(r"ersättare|^med\b|reserv", part.text):
                    break
                adjusters += _adjusters(flow((part,)), known)
        elif entry.label == "secretary" and cover.secretary is None:
            cover = replace(cover, secretary=_first_person(stretch, known))
        elif entry.label == "chair" and cover.chair is None:
            cover = replace(cover, chair=_first_person(stretch, known))
        elif entry.label == "place_time" and cover.location is None and entry.opens:
            cover = replace(cover, location=_place(whole))
        elif entry.label in ("adjusted", "date"):
            cover = _dated(cover, entry)
    return replace(cover, attendance=_once(attendance), adjusters=_distinct(adjusters))


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
            role=(_role_of(note) or entry.role) if entry.role == "member" else entry.role,
            paragraphs=paragraph_numbers(note, every),
            note=note or None,
        )
        for entry, note in present
    ]
    named = {entry.actor.name for entry in cover.attendance if entry.role not in ("secretary", "official")}
    return replace(
        cover, attendance=_once((*cover.attendance, *(entry for entry in told if entry.actor.name not in named)))
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


def _dated(cover: Cover, entry: _Entry) -> Cover:
    dates = find_dates(entry.line.text)
    if not dates:
        return cover
    date = dates[0]
    span = Span(entry.line.start + date.start, entry.line.start + date.end)
    if entry.label == "adjusted" and cover.adjusted_on is None:
        return replace(cover, adjusted_on=date.date, adjusted_on_span=span)
    if entry.label == "date" and cover.date is None:
        return replace(cover, date=date.date, date_span=span)
    return cover


def _first_person(stretch: Flow, known: Known) -> Actor | None:
    actors, _ = parse_actors(stretch, 0, known)
    return actors[0] if actors and actors[0].name else None


_RANK = (
    "chair",
    "first-vice-chair",
    "vice-chair",
    "member",
    "serving-substitute",
    "secretary",
    "official",
    "insight",
    "substitute",
)


def _beside_title(entry: _Entry, known: Known, every: Sequence[int]) -> Attendance | None:
    """ "Karin Ek          Rektor, § 45": an official whose title stands in a column beside the name."""
    if len(entry.parts) < 2:
        return None
    name, title = flow((entry.parts[0],)), entry.parts[1].text.strip()
    actors, end = parse_actors(name, 0, known)
    if len(actors) != 1 or actors[0].name is None or end != len(name.text) or actors[0].party or actors[0].title:
        return None
    part = _PART.search(title)
    printed = title[: part.start()].strip(" ,") if part else title
    if not printed or not printed[0].isalpha():
        return None
    role = "secretary" if _SECRETARY.search(printed.lower()) else "official"
    note = part.group().strip(" ,") if part else ""
    actor = replace(actors[0], title=printed, is_official=True)
    return Attendance(actor, role, None, paragraph_numbers(note, every), note or None)


def _once(attendance: Sequence[Attendance]) -> tuple[Attendance, ...]:
    """One attendance a person: a substitute who serves for part of the meeting is there as serving."""
    kept: dict[tuple[str | None, str | None], Attendance] = {}
    for entry in attendance:
        key = (entry.actor.name, entry.actor.party)
        if key not in kept or _RANK.index(entry.role) < _RANK.index(kept[key].role):
            kept[key] = entry
    return tuple(kept.values())


def _distinct(actors: Sequence[Actor]) -> tuple[Actor, ...]:
    kept: dict[str | None, Actor] = {}
    for actor in actors:
        kept.setdefault(actor.name, actor)
    return tuple(kept.values())


_NO_FACTS = ("signatures", "notice", "contents", "paragraphs", "place_time", "chair", "secretary", "absent", "date")


def label_lines(rows: Sequence[Row], record: DocumentRecord) -> frozenset[int]:
    """Starts of cover lines that are no facts: labels alone, signatures of people already read, notices."""
    named = {actor.name for actor in record.persons}
    found: set[int] = set()
    for row, entry in zip(rows, _entries(rows), strict=True):
        words = [re.sub(r"\s*\([^)]*\)$", "", part.text) for part in entry.parts]
        signed = all(word in named or _role_of(word) or re.fullmatch(r"[_.]+", word) for word in words)
        vacant = re.match(r"[Vv]akan[tst]", row.text)
        if (
            not entry.parts
            or entry.label in _NO_FACTS
            or signed
            or vacant
            or len(row.text) < 3
            or re.fullmatch(
                r"(?:Ordförande|Justerare|Justerande|Sekreterare|Vice ordförande|plats och tid|och tid):?", row.text
            )
            or not entry.label
        ):
            found.add(row.line.start)
    return frozenset(found)

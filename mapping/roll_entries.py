"""Entries of rolls: the rows that name a member, with what is marked and noted on them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mapping.actors import parse_actors
from mapping.flow import Flow, flow
from mapping.known import Known
from mapping.records import Actor
from mapping.roll_columns import BALLOT, CELL, VOTING, Column, column_at, marked_columns
from mapping.rows import Row
from mapping.text import Line

_MARK = re.compile(r"[Xx1JNTFA]|[-–—]|[Jj][Aa]|[Nn][Ee][Jj]|[Aa]vst(?:år)?\.?")
_PARTY_CELL = re.compile(r"\(?(?P<code>[A-Za-zÅÄÖåäö!]{1,5}|-)\)?|\((?P<scanned>5[Dd]?|1)\)")
_PARTY_AND_POST = re.compile(r"(?P<code>[A-Za-zÅÄÖåäö]{1,4}),\s(?P<post>(?:\d:?\w\s)?(?:v\.?\s?|vice\s)?ordf\w*\.?)")
_PARTY_HEADING = re.compile(r"(?P<name>[A-ZÅÄÖ][\wåäöÅÄÖ -]{2,50}?)(?:\s*\((?P<code>[\wÅÄÖåäö!]{1,5})\))?\s*:?$")
_INSTEAD = re.compile(
    r"(?:tjg |tj |tjänstgör )?(?:ers\.? )?(?:för|istf|i stället för|istället för|ersätter)\s+", re.IGNORECASE
)
_NOTED = re.compile(
    r"(?:tjg?\s)?(?:fr\.?\s?o\.?\s?m|t\.?\s?o\.?\s?m|från|till|efter|kl\b|§|ej §|närv)\W*.*\d", re.IGNORECASE
)
_MARK_AND_INSTEAD = re.compile(r"[Xx]\s(?=(?:tjg |tj |tjänstgör )?(?:för|istf|ersätter)\s[A-ZÅÄÖ])")
_MARK_AND_NOTE = re.compile(r"(?P<mark>[Xx])\s+(?P<note>distans.*|\(distans\)|§.*|kl\b.*)")
_SAME_CELL = 2  # columns
_ROLE_BEHIND = re.compile(
    r"\s*(?:[,(§]|närv|[xX-]$|(?:\d:e |förste |andre )?(?:v\.? |vice )?ordf|tj|ers|ej\b"
    r"|fr\.?\s?o|t\.?\s?o|från|till|kl)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a roll: the member, the substitute who serves instead, the marks by place, what is noted; `instead`:
    for whom the member of the row serves; `away_note`: what is noted of a member listed as away."""

    member: Actor
    substitute: Actor | None
    instead: Actor | None
    marks: tuple[tuple[str, float], ...]
    note: str
    part: str
    away_note: str = ""


@dataclass(slots=True)
class _Told:
    """What the cells of a row have told so far."""

    people: list[Actor] = field(default_factory=list)
    marks: list[tuple[str, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    of_away: list[str] = field(default_factory=list)
    party: str | None = None
    instead: Actor | None = None


def entry_of(row: Row, columns: Sequence[Column], party: str | None, part: str, known: Known) -> Entry | None:
    """A row that names a member; None where it names nobody."""
    told = _Told()
    for start, end in _cells(row.line.text):
        line = Line(row.line.text[start:end], row.line.start + start)
        at = row.line.column(start)
        if not (
            _is_seat(line.text, columns, told)
            or _tells_party(line.text, at, columns, told, known)
            or _tells_marks(line.text, at, told)
            or _tells_person(line, at, columns, told, known)
        ):
            return None
    people = told.people
    listing = any(column.kind not in (BALLOT, *VOTING) for column in columns)
    if len(people) > 1 and not told.marks and not listing:
        return None  # names side by side under "Ja" and "Nej"
    unmarked = part == "present-substitutes" or not marked_columns(columns)
    noted = told.marks or told.notes or told.of_away
    if not people or not (noted or len(people) > 1 or (unmarked and told.party)):
        return None
    member = people[0]
    if member.party is None and (told.party or party):
        member = replace(member, party=told.party or party, party_verbatim=told.party)
    return Entry(
        member,
        _of_known_party(people[1], known) if len(people) > 1 else None,
        told.instead,
        tuple(told.marks),
        " ".join(filter(None, told.notes)),
        part,
        " ".join(told.of_away),
    )


def _cells(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the cells of a row; a mark and, a blank behind it, for whom somebody serves are two."""
    for cell in CELL.finditer(text):
        cut = _MARK_AND_INSTEAD.match(cell.group())
        if cut is not None:
            yield cell.start(), cell.start() + 1
        yield cell.start() + (cut.end() if cut else 0), cell.end()


def _is_seat(text: str, columns: Sequence[Column], told: _Told) -> bool:
    """Whether a cell before everything else is the number of a seat."""
    first = not told.people and not told.marks
    return first and text.isdigit() and any(column.kind == "seat" for column in columns)


def _tells_party(text: str, at: int, columns: Sequence[Column], told: _Told, known: Known) -> bool:
    """Takes a cell that holds a party, or a party and a post ("S, ordf"); whether it does. `at`: its column."""
    post = _PARTY_AND_POST.fullmatch(text)
    if post is not None and told.people and (code := known.code(post.group("code"))) is not None:
        told.people[-1] = replace(told.people[-1], party=code, party_verbatim=post.group("code"))
        told.notes.append(post.group("post"))
        return True
    match = _PARTY_CELL.fullmatch(text)
    code = _party_in(text, match, known) if match is not None else None
    starts = (c.start for c in columns if c.kind not in ("name", "listed", "party", "note", "away"))
    before_marks = at < min(starts, default=1000) - 4 and not told.marks
    if code is None or (_MARK.fullmatch(text) and not before_marks) or (told.party is not None and not told.people):
        return False
    if told.people and told.people[-1].party is None:
        told.people[-1] = replace(told.people[-1], party=code, party_verbatim=text)
    told.party = told.party or code
    return True


def _tells_marks(text: str, at: int, told: _Told) -> bool:
    """Takes a cell of marks, or of a mark with a note ("X distans"); whether it does. `at`: its column."""
    noted = _MARK_AND_NOTE.match(text) if told.people else None
    if noted is not None:
        told.marks.append((noted.group("mark"), at + 0.5))
        told.notes.append(noted.group("note"))
        return True
    if not all(_MARK.fullmatch(word) for word in text.split()):
        return False
    told.marks += [(m.group(), at + (m.start() + m.end()) / 2) for m in re.finditer(r"\S+", text)]
    return True


def _tells_person(line: Line, at: int, columns: Sequence[Column], told: _Told, known: Known) -> bool:
    """Takes a cell that names somebody or, behind a name, notes something; False where the row is no entry."""
    stretch = flow((line,))
    if told.people and (serves := _INSTEAD.match(stretch.text)):
        others, stop = parse_actors(stretch, serves.end(), known)
        told.instead = others[0] if others and others[0].name else None
        told.notes.append(stretch.text[stop:].strip(" ,") if told.instead else line.text)
        return True
    actors, end = _person_in(stretch, told, known)
    if not actors or not actors[0].name or len(told.people) > 1:
        told.notes += [line.text] if told.people else []
        return bool(told.people)
    if told.people and column_at(columns, at + 1).kind == "instead":
        told.instead = actors[0]
        return True
    told.people.append(actors[0])
    behind = stretch.text[end:].strip(" ,")
    if behind and not _ROLE_BEHIND.match(stretch.text[end:]):
        return False  # a sentence
    if tail := re.search(r"\s(?P<mark>[Xx]|-)$", stretch.text[end:]):
        told.marks.append((tail.group("mark"), at + len(line.text) - 0.5))
    if behind:
        away = len(told.people) == 1 and any(column.kind == "away" for column in columns)
        (told.of_away if away else told.notes).append(behind)
    return True


def _person_in(stretch: Flow, told: _Told, known: Known) -> tuple[tuple[Actor, ...], int]:
    """(who is named in a cell, where the name ends): behind a party or a number, surname first, by surname alone."""
    begin = 0
    lead = re.match(r"(?P<code>[A-Za-zÅÄÖåäö]{1,4})\s(?=[A-ZÅÄÖ]\S*\s[A-ZÅÄÖ])", stretch.text)
    named = lead is not None and lead.group("code").istitle() and len(lead.group("code")) > 1  # "Kim Sandahl Rosén"
    if lead and not named and not told.people and (code := known.code(lead.group("code"))) is not None:
        told.party, begin = code, lead.end()
    begin += len(m.group()) if (m := re.match(r"\d{1,3}[.)]?\s+", stretch.text[begin:])) else 0
    if turned := known.surname_first(stretch.text[begin:]):
        return (replace(turned, span=stretch.span(begin), title=None),), len(stretch.text)
    actors, end = parse_actors(stretch, begin, known)
    if not actors and not told.people and (alone := _by_surname(stretch, begin, known)):
        return (alone,), len(stretch.text)
    return actors, end


def _of_known_party(actor: Actor, known: Known) -> Actor:
    """Whoever stands without a party in a table, with that which the list of those at the meeting tells."""
    return actor if actor.party else replace(actor, party=known.party_of(actor.name))


def with_note_below(entry: Entry, row: Row, columns: Sequence[Column], known: Known) -> Entry | None:
    """An entry with what the row below it goes on to tell: for whom somebody serves ("för A B"), or partial presence;
    None where the row holds anything else."""
    if (serves := _INSTEAD.match(row.text)) and entry.instead is None:
        stretch = flow((row.line,))
        others, end = parse_actors(stretch, serves.end(), known)
        whole = len(others) == 1 and others[0].name and end == len(stretch.text)
        return replace(entry, instead=others[0]) if whole else None
    cells = list(CELL.finditer(row.line.text))
    if not cells or not all(_NOTED.match(cell.group()) for cell in cells):
        return None
    away = next((column.start for column in columns if column.kind == "away"), None)
    for cell in cells:
        at = row.line.column(cell.start())
        if away is not None and abs(at - away) <= _SAME_CELL:
            entry = replace(entry, away_note=f"{entry.away_note} {cell.group()}".strip())
        else:
            entry = replace(entry, note=f"{entry.note} {cell.group()}".strip())
    return entry


def _party_in(cell: str, match: re.Match[str], known: Known) -> str | None:
    printed = match.group("code") or match.group("scanned")
    return known.in_brackets(printed) if cell.startswith("(") else known.code(printed)


def party_heading(row: Row, known: Known) -> str | None:
    """The party whose members follow ("Moderaterna (M)")."""
    match = _PARTY_HEADING.match(row.text)
    if match is None:
        return None
    if match.group("code") and (code := known.code(match.group("code"))):
        return code if known.code(match.group("name")) == code or len(match.group("name").split()) < 2 else None
    named = known.code(match.group("name"))
    return named if named is not None and len(match.group("name")) > 2 else None


def _by_surname(stretch: Flow, at: int, known: Known) -> Actor | None:
    """The only member of the roll with the surname that a cell holds."""
    surname = stretch.text[at:].strip()
    meant = {
        (actor.name, actor.party): actor
        for actor in known.roll
        if actor.name and actor.party and actor.name.endswith(f" {surname}")
    }
    return replace(next(iter(meant.values())), span=stretch.span(at), title=None) if len(meant) == 1 else None

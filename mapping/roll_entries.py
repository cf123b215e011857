"""Entries of rolls: the rows that name a member, with what is marked and noted on them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapping.actors import parse_actors
from mapping.flow import Flow, flow
from mapping.known import Known
from mapping.records import Actor
from mapping.roll_columns import BALLOT, CELL, VOTING, Column, column_at, marked_columns, middle_of
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


def entry_of(row: Row, columns: Sequence[Column], party: str | None, part: str, known: Known) -> Entry | None:
    """A row that names a member; None where it names nobody."""
    people: list[Actor] = []
    marks: list[tuple[str, float]] = []
    notes: list[str] = []
    starts = (c.start for c in columns if c.kind not in ("name", "listed", "party", "note", "away"))
    first = min(starts, default=1000) - 4
    printed: str | None = None
    instead: Actor | None = None
    listed_away, of_away = any(column.kind == "away" for column in columns), list[str]()
    for cell in CELL.finditer(row.line.text):
        text, middle = cell.group(), middle_of(row.line, *cell.span())
        if not people and not marks and text.isdigit() and any(column.kind == "seat" for column in columns):
            continue
        post = _PARTY_AND_POST.fullmatch(text)
        if post is not None and people and (code := known.code(post.group("code"))) is not None:
            people[-1] = replace(people[-1], party=code, party_verbatim=post.group("code"))
            notes.append(post.group("post"))
            continue
        party_cell = _PARTY_CELL.fullmatch(text)
        if (
            party_cell is not None
            and (code := _party_in(text, party_cell, known)) is not None
            and (not _MARK.fullmatch(text) or (row.line.column(cell.start()) < first and not marks))
            and (printed is None or people)
        ):
            if people and people[-1].party is None:
                people[-1] = replace(people[-1], party=code, party_verbatim=text)
            elif not people:
                printed = code
            printed = printed or code
            continue
        if people and (told := re.match(r"(?P<mark>[Xx])\s+(?P<note>distans.*|\(distans\)|§.*|kl\b.*)", text)):
            marks.append((told.group("mark"), middle_of(row.line, cell.start(), cell.start() + 1)))
            notes.append(told.group("note"))
            continue
        if _MARK.fullmatch(text):
            marks.append((text, middle))
            continue
        several = text.split()
        if len(several) > 1 and all(_MARK.fullmatch(word) for word in several):
            begin = row.line.column(cell.start())
            marks += [(m.group(), begin + (m.start() + m.end()) / 2) for m in re.finditer(r"\S+", text)]
            continue
        stretch = flow((Line(text, row.line.start + cell.start()),))
        if people and (serves := _INSTEAD.match(stretch.text)):
            others, stop = parse_actors(stretch, serves.end(), known)
            instead = others[0] if others and others[0].name else None
            notes.append(stretch.text[stop:].strip(" ,") if instead else text)
            continue
        lead = re.match(r"(?P<code>[A-Za-zÅÄÖåäö]{1,4})\s(?=[A-ZÅÄÖ]\S*\s[A-ZÅÄÖ])", stretch.text)
        begin = 0
        if lead and lead.group("code").istitle() and len(lead.group("code")) > 1:
            lead = None  # "Kim Sandahl Rosén"
        if lead is not None and not people and (code := known.code(lead.group("code"))) is not None:
            printed, begin = code, lead.end()
        begin += len(m.group()) if (m := re.match(r"\d{1,3}[.)]?\s+", stretch.text[begin:])) else 0
        actors, end = parse_actors(stretch, begin, known)
        if turned := known.surname_first(stretch.text[begin:]):
            actors, end = (replace(turned, span=stretch.span(begin), title=None),), len(stretch.text)
        if not actors and not people and (alone := _by_surname(stretch, begin, known)):
            actors, end = (alone,), len(stretch.text)
        if actors and actors[0].name and len(people) < 2:
            if people and column_at(columns, row.line.column(cell.start()) + 1).kind == "instead":
                instead = actors[0]
                continue
            people.append(actors[0])
            behind = stretch.text[end:].strip(" ,")
            if behind and not _ROLE_BEHIND.match(stretch.text[end:]):
                return None  # a sentence
            tail = re.search(r"\s(?P<mark>[Xx]|-)$", stretch.text[end:])
            if tail is not None:
                marks.append((tail.group("mark"), row.line.column(cell.start()) + len(text) - 0.5))
            if behind:
                (of_away if listed_away and len(people) == 1 else notes).append(behind)
        elif people:
            notes.append(text)
        else:
            return None
    listing = any(column.kind not in (BALLOT, *VOTING) for column in columns)
    if len(people) > 1 and not marks and not listing:
        return None  # names side by side under "Ja" and "Nej"
    unmarked = part == "present-substitutes" or not marked_columns(columns)
    if not people or not (marks or notes or of_away or len(people) > 1 or (unmarked and printed)):
        return None
    member = people[0]
    if member.party is None and (printed or party):
        member = replace(member, party=printed or party, party_verbatim=printed)
    return Entry(
        member,
        _of_known_party(people[1], known) if len(people) > 1 else None,
        instead,
        tuple(marks),
        " ".join(filter(None, notes)),
        part,
        " ".join(of_away),
    )


def _of_known_party(actor: Actor, known: Known) -> Actor:
    """Whoever stands without a party in a table, with that which the list of those at the meeting tells."""
    return actor if actor.party else replace(actor, party=known.party_of(actor.name))


def with_note_below(entry: Entry, row: Row, columns: Sequence[Column]) -> Entry | None:
    """An entry with what the row below it, which names nobody, goes on to note of partial presence; None where the
    row holds anything else."""
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

"""Rolls: tables that list the members with marks for who was there and how each voted.

Municipalities print them on the page behind the cover ("Enligt förteckning"), as annexes of the minutes
("Omröstningslista nr. 1") or inside a §. Which column a mark belongs to is told by where it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from mapping.actors import Known, parse_actors
from mapping.flow import flow
from mapping.lexicon import heading_of, lexicon, whole_line
from mapping.records import Actor, Attendance, Ballot
from mapping.structure import Row
from mapping.text import Line, Span

_CELL = re.compile(r"\S+(?: \S+)*")
_MARK = re.compile(r"[Xx1JNTF]|[-–—]|[Jj][Aa]|[Nn][Ee][Jj]|[Aa]vst(?:år)?\.?")
_PARTY_CELL = re.compile(r"\(?(?P<code>[A-Za-zÅÄÖåäö!]{1,5}|-)\)?")
_PARTY_HEADING = re.compile(r"(?P<name>[A-ZÅÄÖ][\wåäöÅÄÖ -]{2,50}?)(?:\s*\((?P<code>[\wÅÄÖåäö!]{1,5})\))?\s*:?$")
_SECTION = re.compile(r"§\s*(?P<number>\d{1,4}(?:/\d{2,4})?)")
_SECTION_ALONE = re.compile(r"(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§ ?\d{1,4}(?:/\d{2,4})?(?: [Ff]orts\.?)?")
# The title of a list, or of the annex that it is.
_TITLE = re.compile(
    r"(?:närvaro-? ?(?:och|/) ?)?(?:omröstnings|voterings|närvaro|upprops)(?:lista|protokoll|bilaga|förteckning)\b|bilaga\b",
    re.IGNORECASE,
)
# What stands above a list that names only those who are there, without marks.
_LISTS_PRESENT = re.compile(
    r"(?:NÄRVARO|Närvaro|UPPROPS|Upprops)(?:LISTA|lista|PROTOKOLL|protokoll|FÖRTECKNING|förteckning)\b"
    r"|(?:Närvarande|NÄRVARANDE|Tjänstgörande|TJÄNSTGÖRANDE)(?: ledamöter| LEDAMÖTER)?\b"
)
_HEAD_WORD = re.compile(
    r"\b(?:ja|j|närv|när|närvarande|närvaro|tjg|tjänstg|tj|x/t/n|t/n|x|förhindrad\w*|frånvarande|parti)\b", re.IGNORECASE
)
_OVER_VOTES = re.compile(
    r"§§?\s*\d[\d/ ,-]*|[Oo]mr(?:östning)?\.?\s*\d*|[Vv]otering(?:en)?\s*\d*|\d{1,2}|\(?[Ff]orts\.?\)?"
)
_INSTEAD = re.compile(
    r"(?:tjg |tj |tjänstgör )?(?:ers\.? )?(?:för|istf|i stället för|istället för|ersätter)\s+", re.IGNORECASE
)
_LIST_NUMBER = re.compile(r"(?:lista|bilaga|omröstning|votering)\s*(?:nr\.?)?\s*(\d{1,3})\b", re.IGNORECASE)
_ROLE_BEHIND = re.compile(
    r"\s*(?:[,(§]|[xX-]$|(?:\d:e |förste |andre )?(?:v\.? |vice )?ordf|tj|ers|ej\b|fr\.?\s?o|t\.?\s?o|från|till|kl)",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:t\.?\s?o\.?\s?m\.?|till och med)(?=\s*§)")
_PARTS = ("present-substitutes", "substitutes", "members")
_SAID = {"ja": "yes", "j": "yes", "nej": "no", "avstår": "abstained", "avst": "abstained", "avst.": "abstained"}
_VOTING = ("yes", "no", "abstained", "absent")
_ABOVE = 8  # rows above a table's head that tell what it lists
_OVER_COLUMNS = 3  # rows over the columns of a list without a title that may name its §
_SILENT = 3  # rows without a name that end a table


@dataclass(frozen=True, slots=True)
class _Column:
    kind: str
    start: int
    end: int

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class RollVote:
    """The ballots of one vote in a roll; `paragraph` as printed above them, `list_number` of the list."""

    ballots: tuple[Ballot, ...]
    span: Span
    paragraph: str | None = None
    list_number: str | None = None
    sums: tuple[tuple[str, int], ...] = ()

    def count(self, value: str) -> int:
        return sum(ballot.value == value for ballot in self.ballots)


@dataclass(frozen=True, slots=True)
class Roll:
    """One table: who was there (empty where it tells only of votes), the votes, and its rows."""

    present: tuple[tuple[Attendance, str], ...]  # with what is printed of partial presence
    votes: tuple[RollVote, ...]
    rows: tuple[Row, ...]


@cache
def _columns_of() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, list[str]] = lexicon("rolls")["columns"]
    return tuple(
        (kind, re.compile("|".join(f"(?:{e})" for e in sorted(entries, key=len, reverse=True)), re.IGNORECASE))
        for kind, entries in table.items()
    )


@cache
def _group_line(table: str, key: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(f"(?:{e})" for e in lexicon("rolls")[table][key]) + r")\s*:?\Z")


def _kind_of(cell: str, seen: Sequence[_Column]) -> str | None:
    for kind, pattern in _columns_of():
        if pattern.fullmatch(cell):
            if kind == "no" and cell.upper() == "N" and not any(column.kind == "yes" for column in seen):
                return "not-serving"
            return kind
    return None


def _columns_in(row: Row) -> tuple[_Column, ...] | None:
    """The column heads of a row that holds nothing else; None where it holds other words."""
    found: list[_Column] = []
    for cell in _CELL.finditer(row.line.text):
        kind = _kind_of(cell.group(), found)
        if kind is not None:
            found.append(_Column(kind, cell.start(), cell.end()))
            continue
        # "Ja Nej Avst" with one blank between
        words = [(m, _kind_of(m.group(), found)) for m in re.finditer(r"\S+", cell.group())]
        if len(words) > 1 and all(known in _VOTING for _, known in words):
            found += [
                _Column(known, cell.start() + m.start(), cell.start() + m.end())
                for m, known in words
                if known is not None
            ]
        elif not _OVER_VOTES.fullmatch(cell.group()):
            return None
    return tuple(found)


def _heads(rows: Sequence[Row], at: int) -> tuple[tuple[_Column, ...], int]:
    """(columns of a table's head, rows that it takes): one row, or up to three that stand upon each other."""
    columns: list[_Column] = []
    taken = widest = 0
    for row in rows[at : at + 3]:
        found = _columns_in(row) if len(row.text) > 1 else None
        if found is None or (taken and row.gap):
            break
        columns += found
        widest = max(widest, len(found))
        taken += 1
    kinds = {column.kind for column in columns}
    voting = {"yes", "no"} <= kinds
    listing = bool(kinds & {"name", "party"}) and bool(kinds & {"present", "serving", "not-serving"})
    replaced = {"away", "substitute"} <= kinds
    listed = {"name", "party"} <= kinds and any(_LISTS_PRESENT.match(row.text) for row in rows[max(0, at - _ABOVE) : at])
    if not (voting or listing or replaced or listed) or widest < 2:
        return (), 0
    return tuple(sorted(columns, key=lambda column: column.start)), taken


def _head_text(rows: Sequence[Row], at: int) -> str:
    return " ".join(row.text for row in rows[at : at + 3])


def rolls(rows: Sequence[Row], known: Known) -> tuple[Roll, ...]:
    """The rolls in some rows, in order."""
    found: list[Roll] = []
    index = 0
    while index < len(rows):
        columns, taken = _heads(rows, index) if _HEAD_WORD.search(_head_text(rows, index)) else ((), 0)
        if not columns:
            index += 1
            continue
        roll, end = _roll(rows, index, taken, columns, known)
        if roll is not None:
            found.append(roll)
        index = max(end, index + 1)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of a roll: the member, the substitute who serves instead, the marks by place, what is noted."""

    member: Actor
    substitute: Actor | None
    instead: Actor | None
    marks: tuple[tuple[str, float], ...]
    note: str
    part: str


def _roll(
    rows: Sequence[Row], at: int, head: int, columns: tuple[_Column, ...], known: Known
) -> tuple[Roll | None, int]:
    entries: list[_Entry] = []
    party: str | None = None
    part, silent, end = "members", 0, at + head
    sums: list[tuple[str, float]] = []
    parties: set[str] = set()
    repeated = 0
    for index in range(at + head, len(rows)):
        row = rows[index]
        if repeated:
            repeated -= 1
            continue
        if re.match(r"(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4}\s)?§\s*\d", row.text) or _ends(row):
            break
        again, height = _heads(rows, index) if _HEAD_WORD.search(_head_text(rows, index)) else ((), 0)
        if again:
            if _same(columns, again):
                columns, silent, end, repeated = again, 0, index + height, height - 1
                continue
            break
        opened = next((name for name in _PARTS if _group_line("parts", name).match(row.text)), None)
        if opened is not None:
            part, silent, end = opened, 0, index + 1
        elif _group_line("nobody", "lines").match(row.text):
            sums = _sums(row) or sums
            silent, end = 0, index + 1
        elif (named := _party_heading(row, known)) is not None:
            # the members of the next party, unless a list of all substitutes goes through the parties again
            part = part if named in parties else "members"
            parties.add(named)
            party, silent, end = named, 0, index + 1
        elif (entry := _entry(row, columns, party, part, known)) is not None:
            entries.append(entry)
            silent, end = 0, index + 1
        else:
            silent += 1
            if silent >= _SILENT:
                break
    if len(entries) < 2:
        return None, end
    taken = tuple(rows[at:end])
    return Roll(_present(columns, entries), _votes(rows, at + head, columns, entries, sums, taken), taken), end


def _ends(row: Row) -> bool:
    return heading_of(row.text) is not None or bool(whole_line("furniture", "always").match(row.text)) or bool(
        re.match(r"(?:Omröstnings|Voterings)(?:lista|protokoll|bilaga)\b|Bilaga \d", row.text)
    )


def _same(columns: Sequence[_Column], again: Sequence[_Column]) -> bool:
    return [c.kind for c in columns] == [c.kind for c in again]


def _party_heading(row: Row, known: Known) -> str | None:
    """The party whose members follow ("Moderaterna (M)")."""
    match = _PARTY_HEADING.match(row.text)
    if match is None:
        return None
    if match.group("code") and (code := known.code(match.group("code"))):
        return code if known.code(match.group("name")) == code or len(match.group("name").split()) < 2 else None
    named = known.code(match.group("name"))
    return named if named is not None and len(match.group("name")) > 2 else None


def _entry(row: Row, columns: Sequence[_Column], party: str | None, part: str, known: Known) -> _Entry | None:
    """A row that names a member; None where it names nobody."""
    people: list[Actor] = []
    marks: list[tuple[str, float]] = []
    notes: list[str] = []
    first = min((c.start for c in columns if c.kind not in ("name", "party", "note", "away")), default=1000) - 4
    printed: str | None = None
    instead: Actor | None = None
    for cell in _CELL.finditer(row.line.text):
        text, middle = cell.group(), (cell.start() + cell.end()) / 2
        party_cell = _PARTY_CELL.fullmatch(text)
        if (
            party_cell is not None
            and (code := known.code(party_cell.group("code"))) is not None
            and (not _MARK.fullmatch(text) or (cell.start() < first and not marks))
            and (printed is None or people)
        ):
            if people and people[-1].party is None:
                people[-1] = replace(people[-1], party=code, party_verbatim=text)
            elif not people:
                printed = code
            printed = printed or code
            continue
        if _MARK.fullmatch(text):
            marks.append((text, middle))
            continue
        several = text.split()
        if len(several) > 1 and all(_MARK.fullmatch(word) for word in several):
            marks += [(m.group(), cell.start() + (m.start() + m.end()) / 2) for m in re.finditer(r"\S+", text)]
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
        if actors and actors[0].name and len(people) < 2:
            people.append(actors[0])
            behind = stretch.text[end:].strip(" ,")
            if behind and not _ROLE_BEHIND.match(stretch.text[end:]):
                return None  # a sentence
            tail = re.search(r"\s(?P<mark>[Xx]|-)$", stretch.text[end:])
            if tail is not None:
                marks.append((tail.group("mark"), cell.end() - 0.5))
            if behind:
                notes.append(behind)
        elif people:
            notes.append(text)
        else:
            return None
    listing = any(column.kind not in _VOTING for column in columns)
    if len(people) > 1 and not marks and not listing:
        return None  # names side by side under "Ja" and "Nej"
    unmarked = part == "present-substitutes" or not _marked(columns)
    if not people or not (marks or notes or len(people) > 1 or (unmarked and printed)):
        return None
    member = people[0]
    if member.party is None and (printed or party):
        member = replace(member, party=printed or party, party_verbatim=printed)
    return _Entry(
        member,
        people[1] if len(people) > 1 else None,
        instead,
        tuple(marks),
        " ".join(filter(None, notes)),
        part,
    )


def _column_at(columns: Sequence[_Column], middle: float) -> _Column:
    return min(columns, key=lambda column: abs(column.middle - middle))


def _marked(columns: Sequence[_Column]) -> tuple[_Column, ...]:
    return tuple(c for c in columns if c.kind in ("present", "serving", "not-serving", *_VOTING))


def _present(columns: Sequence[_Column], entries: Sequence[_Entry]) -> tuple[tuple[Attendance, str], ...]:
    """Who was there: a mark in the column of presence, or a serving substitute. A list of votes alone tells
    nothing of presence, since it also lists those who were away."""
    told = {column.kind for column in columns}
    if "away" in told:
        return tuple(
            (Attendance(entry.substitute, "serving-substitute", entry.member), entry.note)
            for entry in entries
            if entry.substitute is not None
        )
    unmarked = not _marked(columns)
    if not unmarked and not told & {"present", "serving", "not-serving"}:
        return ()
    found: list[tuple[Attendance, str]] = []
    marked = _marked(columns)
    for entry in entries:
        kinds = {
            _column_at(marked, middle).kind: mark
            for mark, middle in entry.marks
            if marked
            and not re.fullmatch(r"[-–—F]", mark) and _column_at(marked, middle).kind not in _VOTING
        }
        there = {kind: mark.upper() for kind, mark in kinds.items()}
        substitute = entry.part != "members"
        role = "substitute" if substitute else "member"
        serves = "T" in there.values() or (substitute and "serving" in there)
        if serves:
            role = "serving-substitute"
        elif not substitute and there.get("present") == "N" or set(there) == {"not-serving"}:
            role = "substitute"
        if entry.instead is not None and (there or unmarked):
            role = "serving-substitute"
        if there or unmarked or entry.part == "present-substitutes":
            found.append((Attendance(entry.member, role, entry.instead), entry.note))
        if entry.substitute is not None:
            party = entry.substitute.party or entry.member.party
            found.append(
                (
                    Attendance(replace(entry.substitute, party=party), "serving-substitute", entry.member),
                    _UNTIL.sub("efter", entry.note) if there else entry.note,
                )
            )
    return tuple(found)


def _groups(columns: Sequence[_Column]) -> list[list[_Column]]:
    """The columns of each vote: every "Ja" opens the next."""
    groups: list[list[_Column]] = []
    for column in columns:
        if column.kind not in _VOTING:
            continue
        if column.kind == "yes":
            groups.append([])
        if groups:
            groups[-1].append(column)
    return [group for group in groups if {"yes", "no"} <= {column.kind for column in group}]


def _votes(
    rows: Sequence[Row],
    behind_head: int,
    columns: Sequence[_Column],
    entries: Sequence[_Entry],
    sums: Sequence[tuple[str, float]],
    taken: Sequence[Row],
) -> tuple[RollVote, ...]:
    groups = _groups(columns)
    marked = _marked(columns)
    labels = _labels(rows[max(0, behind_head - _ABOVE) : behind_head], groups)
    span = Span(taken[0].line.start + len(taken[0].line.text) - len(taken[0].line.text.lstrip()), taken[-1].line.end)
    made: list[RollVote] = []
    for group, (paragraph, number) in zip(groups, labels, strict=True):
        ballots: list[Ballot] = []
        for entry in entries:
            voter = entry.substitute or entry.member
            if entry.substitute is not None and voter.party is None:
                voter = replace(voter, party=entry.member.party)
            value = _ballot(entry, group, marked)
            if value is not None:
                ballots.append(Ballot(entry.member if value == "absent" else voter, value))
        told = tuple(
            (column.kind, int(figure)) for figure, middle in sums if (column := _column_at(marked, middle)) in group
        )
        if ballots:
            made.append(RollVote(tuple(ballots), span, paragraph, number, told))
    return tuple(made)


def _ballot(entry: _Entry, group: Sequence[_Column], marked: Sequence[_Column]) -> str | None:
    for mark, middle in entry.marks:
        column = _column_at(marked, middle)
        if column not in group or re.fullmatch(r"[-–—]", mark):
            continue
        return _SAID.get(mark.lower(), column.kind)
    return None


def _labels(above: Sequence[Row], groups: Sequence[Sequence[_Column]]) -> list[tuple[str | None, str | None]]:
    """(§, number of the list) of each vote, from the lines above the head that stand nearest to its columns: from the
    list's own title on, and without one only where a § stands alone over the columns. What the text above the list
    tells of other § ("bordlades den 2 mars, § 4") says nothing."""
    titled = next((i for i in range(len(above) - 1, -1, -1) if _TITLE.match(above[i].text)), None)
    own = above[-_OVER_COLUMNS if titled is None else titled :]
    number = next((m.group(1) for row in reversed(own) if (m := _LIST_NUMBER.search(row.text))), None)
    for row in reversed(own):
        sentence = titled is None or row.text.endswith((".", ";", ",", ":"))
        found = [
            (m.group("number"), (m.start() + m.end()) / 2)
            for cell in _CELL.finditer(row.line.text)
            if not sentence or _SECTION_ALONE.fullmatch(cell.group())
            for m in _SECTION.finditer(row.line.text, cell.start(), cell.end())
        ]
        if len(groups) == 1 and found:
            return [(found[0][0], number)]
        if len(groups) > 1 and len(found) == len(groups):
            return [(paragraph, number) for paragraph, _ in found]
    return [(None, number)] * len(groups)


def _sums(row: Row) -> list[tuple[str, float]]:
    return [(m.group(), (m.start() + m.end()) / 2) for m in re.finditer(r"\b\d{1,3}\b", row.line.text)]

"""Rolls: tables that list the members with marks for who was there and how each voted.

Municipalities print them on the page behind the cover ("Enligt förteckning"), as annexes of the minutes
("Omröstningslista nr. 1") or inside a §. Which column a mark belongs to is told by where it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from mapping.cover_entries import label_of
from mapping.known import Known
from mapping.lexicon import heading_of, lexicon, whole_line
from mapping.records import Attendance
from mapping.roll_ballots import RollVote, roll_votes
from mapping.roll_columns import Column, heads_at
from mapping.roll_entries import Entry, entry_of, party_heading, with_note_below
from mapping.roll_presence import present
from mapping.rows import Row
from mapping.text import Line

_PARTS = ("present-substitutes", "substitutes", "away", "members")
_POST = re.compile(r"\(?(?:(?:\d:?[ae]|förste|andre)\s)?(?:v\.?\s?|vice\s?)?ordf(?:örande|\.)?\)?", re.IGNORECASE)
_NEXT_PERSON = re.compile(r"\),\s(?=[A-ZÅÄÖ])")
_SILENT = 3  # rows without a name that end a table


@dataclass(frozen=True, slots=True)
class Roll:
    """One table: who was there (empty where it tells only of votes), the votes, and its rows."""

    present: tuple[tuple[Attendance, str], ...]  # with what is printed of partial presence
    votes: tuple[RollVote, ...]
    rows: tuple[Row, ...]


@cache
def _group_line(table: str, key: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(f"(?:{e})" for e in lexicon("rolls")[table][key]) + r")\s*:?\Z")


def rolls(rows: Sequence[Row], known: Known) -> tuple[Roll, ...]:
    """The rolls in some rows, in order."""
    found: list[Roll] = []
    index = 0
    while index < len(rows):
        columns, taken = heads_at(rows, index)
        if not columns:
            index += 1
            continue
        roll, end = _roll(rows, index, taken, columns, known)
        if roll is not None:
            found.append(roll)
        index = max(end, index + 1)
    return tuple(found)


def _roll(
    rows: Sequence[Row], at: int, head: int, columns: tuple[Column, ...], known: Known
) -> tuple[Roll | None, int]:
    entries: list[Entry] = []
    party: str | None = None
    part, silent, end = ("members" if columns[0].kind != "substitute" else "substitutes"), 0, at + head
    parties: set[str] = set()
    repeated = 0
    for index in range(at + head, len(rows)):
        row = rows[index]
        if repeated:
            repeated -= 1
            continue
        if re.match(r"(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4}\s)?§\s*\d", row.text) or _ends(row):
            break
        again, height = heads_at(rows, index)
        if again:
            if entries and _of_substitutes(columns, again):
                part, silent, end, repeated = "substitutes", 0, index + height, height - 1
                continue
            if _same(columns, again) and not _anew(rows[index + height :], entries, again, known):
                columns, silent, end, repeated = again, 0, index + height, height - 1
                continue
            break
        opened = next((name for name in _PARTS if _group_line("parts", name).match(row.text)), None)
        if opened is not None:
            part, silent, end = opened, 0, index + 1
        elif _group_line("nobody", "lines").match(row.text) or whole_line("rolls", "sums").match(row.text):
            silent, end = 0, index + 1
        elif entries and _POST.fullmatch(row.text):
            entries[-1] = replace(entries[-1], note=f"{entries[-1].note} {row.text}".strip())
            end = index + 1
        elif entries and not row.gap and (noted := with_note_below(entries[-1], row, columns, known)) is not None:
            entries[-1] = noted
            end = index + 1
        elif (named := party_heading(row, known)) is not None:
            # the members of the next party, unless a list of all substitutes goes through the parties again
            part = part if named in parties else "members"
            parties.add(named)
            party, silent, end = named, 0, index + 1
        elif found := _entries(row, columns, party, part, known):
            entries += found if part != "away" else ()
            silent, end = 0, index + 1
        else:
            silent += 1
            if silent >= _SILENT:
                break
    if len(entries) < 2:
        return None, end
    taken = tuple(rows[at:end])
    return Roll(present(columns, entries), roll_votes(rows, at + head, columns, entries, taken), taken), end


def _entries(row: Row, columns: Sequence[Column], party: str | None, part: str, known: Known) -> list[Entry]:
    """The entries of a row: one, or two where members and substitutes stand side by side, each with marks of
    their own (Nacka: "Ledamöter   Närv   Ersättare   T/N")."""
    cut = _second_list_at(columns)
    if part == "present-substitutes" and (ends := [m.end() for m in _NEXT_PERSON.finditer(row.line.text)]):
        spans = zip([0, *ends], [*ends, len(row.line.text)], strict=True)
        lines = [Line(row.line.text[start:end].rstrip(", "), row.line.start + start) for start, end in spans]
        each = [replace(row, line=line, text=line.text.strip()) for line in lines]
        return [entry for one in each if (entry := entry_of(one, columns, party, part, known)) is not None]
    if cut is None:
        entry = entry_of(row, columns, party, part, known)
        return [entry] if entry is not None else []
    text, start = row.line.text, row.line.start
    at = next((m.start() for m in re.finditer(r"\S+", text) if row.line.column(m.start()) >= cut), len(text))
    sides = (Line(text[:at], start), part), (Line(re.sub(r"[^\t]", " ", text[:at]) + text[at:], start), "substitutes")
    halves = ((replace(row, line=line, text=line.text.strip()), side) for line, side in sides if line.text.strip())
    return [entry for half, side in halves if (entry := entry_of(half, columns, party, side, known)) is not None]


def _second_list_at(columns: Sequence[Column]) -> int | None:
    """Where the list of substitutes begins that stands beside that of the members."""
    kinds = [column.kind for column in columns]
    if kinds.count("present") < 2 or "substitute" not in kinds:
        return None
    at = kinds.index("substitute")
    return columns[at].start - 1 if "present" in kinds[:at] and "present" in kinds[at:] else None


def _anew(rows: Sequence[Row], entries: Sequence[Entry], columns: Sequence[Column], known: Known) -> bool:
    """Whether the first member below a head that comes again is listed already: the list of another vote."""
    listed = {entry.member.name for entry in entries}
    first = next((e for row in rows[:_SILENT] if (e := entry_of(row, columns, None, "members", known))), None)
    return first is not None and first.member.name in listed


def _ends(row: Row) -> bool:
    return (
        heading_of(row.text) is not None
        or bool(whole_line("furniture", "always").match(row.text))
        or label_of(row.text) in ("official", "adjuster", "adjusted", "adjustment", "paragraphs", "signatures")
        or bool(re.match(r"(?:Omröstnings|Voterings)(?:lista|protokoll|bilaga)\b(?!.*\bforts)|Bilaga \d", row.text))
    )


def _of_substitutes(columns: Sequence[Column], again: Sequence[Column]) -> bool:
    """Whether a head opens the list of substitutes, which goes on under the columns of the members' list."""
    others = {c.kind for c in again} - {"substitute", "serving", "instead"}
    return again[0].kind == "substitute" and bool(others) and others <= {c.kind for c in columns}


def _same(columns: Sequence[Column], again: Sequence[Column]) -> bool:
    return [c.kind for c in columns] == [c.kind for c in again]

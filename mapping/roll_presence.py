"""Who was there and in which role, as the entries of a roll tell."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.records import Attendance
from mapping.roll_columns import BALLOT, VOTING, Column, column_at, marked_columns
from mapping.roll_entries import Entry

# "kl 18.50" where the mark of presence stands: who came or left in the meantime.
_FOR_A_PART = re.compile(r"(?:kl|från|fr\.?\s?o|t\.?\s?o|§|till)\W*.*\d")
_THERE_FOR_A_PART = re.compile(
    r"\b(?:närv(?:arande|\.)?|närvarar|kommer|kom|ank(?:ommer|om)?|anländer|lämnar|lämnade)\b.*\d|"
    r"\b(?:fr\.?\s?o\.?\s?m|t\.?\s?o\.?\s?m)\b.*\d",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:t\.?\s?o\.?\s?m\.?|till och med)(?=\s*§)")


def _marks_substitute(columns: Sequence[Column]) -> bool:
    kinds = [column.kind for column in columns]
    return "substitute" in kinds and "present" in kinds[kinds.index("substitute") :]


def present(columns: Sequence[Column], entries: Sequence[Entry]) -> tuple[tuple[Attendance, str], ...]:
    """Who was there: a mark in the column of presence, or a serving substitute. A list of votes alone tells
    nothing of presence, since it also lists those who were away."""
    told = {column.kind for column in columns}
    if "away" in told:
        for_a_part = tuple(
            (Attendance(entry.member, "member"), entry.away_note)
            for entry in entries
            if _THERE_FOR_A_PART.search(entry.away_note)
        )
        return for_a_part + tuple(
            (Attendance(entry.substitute, "serving-substitute", entry.member), entry.note)
            for entry in entries
            if entry.substitute is not None
        )
    marked = marked_columns(columns)
    unmarked = not marked
    if not unmarked and not told & {"present", "serving", "not-serving"}:
        return ()
    found: list[tuple[Attendance, str]] = []
    # "T" behind a name in the list of members: it lists the substitutes too
    mixed = any(mark.upper() == "T" for entry in entries if entry.part == "members" for mark, _ in entry.marks)
    for entry in entries:
        kinds = {
            column_at(marked, middle).kind: mark
            for mark, middle in entry.marks
            if marked
            and not re.fullmatch(r"[-–—F]", mark)
            and column_at(marked, middle).kind not in (BALLOT, *VOTING)
        }
        there = {kind: mark.upper() for kind, mark in kinds.items()}
        substitute = entry.part != "members"
        role = "substitute" if substitute else "member"
        in_part = bool(told & {"present"}) and not kinds and bool(_FOR_A_PART.match(entry.note))
        away = there.get("present") == "NEJ" or (
            there.get("present") == "N" and not substitute and not mixed and entry.instead is None
        )
        if away:
            there = {}
        serves = "T" in there.values() or (substitute and "serving" in there)
        if serves:
            role = "serving-substitute"
        elif not substitute and there.get("present") == "N" or set(there) == {"not-serving"}:
            role = "substitute"
        if entry.instead is not None and (there or unmarked):
            role = "serving-substitute"
        # "Göran Ek     Barbro Alm     X": a mark behind the substitute's column is the substitute's
        if entry.substitute is not None and there and not entry.note and _marks_substitute(columns):
            there = {}
        if there or unmarked or in_part or (not away and entry.part == "present-substitutes"):
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

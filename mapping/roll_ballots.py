"""Who voted how, as the entries of a roll tell: one vote for each group of columns Ja and Nej."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapping.lexicon import whole_line
from mapping.records import Actor, Ballot
from mapping.roll_columns import ABOVE, BALLOT, CELL, VOTING, Column, column_at, marked_columns, middle_of
from mapping.roll_entries import Entry
from mapping.rows import Row
from mapping.text import Span

_SECTION = re.compile(r"§\s*(?P<number>\d{1,4}(?:/\d{2,4})?)")
_SECTION_ALONE = re.compile(r"(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§ ?\d{1,4}(?:/\d{2,4})?(?: [Ff]orts\.?)?")
# The title of a list, or of the annex that it is.
_TITLE = re.compile(
    r"(?:närvaro-? ?(?:och|/) ?)?(?:omröstnings|voterings|närvaro|upprops)(?:lista|protokoll|bilaga|förteckning)\b"
    r"|bilaga\b",
    re.IGNORECASE,
)
_LIST_NUMBER = re.compile(r"(?:lista|bilaga|omröstning|votering)\s*(?:nr\.?)?\s*(\d{1,3})\b", re.IGNORECASE)
_SAID = {
    "ja": "yes",
    "j": "yes",
    "nej": "no",
    "avstår": "abstained",
    "avst": "abstained",
    "avst.": "abstained",
    "a": "abstained",
}
_STAYED = re.compile(r"(?:t\.?\s?o\.?\s?m\.?|till och med)\s*§\s*(?P<last>\d{1,4})", re.IGNORECASE)
_IN_SECTION = {**_SAID, "n": "no", "f": "absent"}
_OVER_COLUMNS = 3  # rows over the columns of a list without a title that may name its §


@dataclass(frozen=True, slots=True)
class RollVote:
    """The ballots of one vote in a roll; `paragraph` as printed above them, `list_number` of the list, `sums` as
    printed below them by value."""

    ballots: tuple[Ballot, ...]
    span: Span
    paragraph: str | None = None
    list_number: str | None = None
    sums: tuple[tuple[str, int], ...] = ()

    def told(self, value: str) -> int:
        """How many voted so: as the list sums it up, else as many as it names."""
        return dict(self.sums).get(value, self.count(value))

    def count(self, value: str) -> int:
        return sum(ballot.value == value for ballot in self.ballots)


def roll_votes(
    rows: Sequence[Row],
    behind_head: int,
    columns: Sequence[Column],
    entries: Sequence[Entry],
    taken: Sequence[Row],
) -> tuple[RollVote, ...]:
    """The votes of a roll: those of columns "Ja" and "Nej", and those of columns of one §. `rows` and `behind_head`
    tell what stands above its columns, `taken` the rows of the roll."""
    groups = _groups(columns)
    marked = marked_columns(columns)
    labels = _labels(rows[max(0, behind_head - ABOVE) : behind_head], groups)
    span = Span(taken[0].start, taken[-1].end)
    made: list[RollVote] = []
    for column in (column for column in columns if column.kind == BALLOT):
        cast = [(entry, value) for entry in entries if (value := _printed(entry, column, marked)) is not None]
        if any(value in ("yes", "no") for _, value in cast):
            ballots = tuple(Ballot(_voter(entry, value, column.paragraph), value) for entry, value in cast)
            made.append(RollVote(ballots, span, column.paragraph))
    for group, (paragraph, number) in zip(groups, labels, strict=True):
        ballots = tuple(
            Ballot(_voter(entry, value, paragraph), value)
            for entry in entries
            if (value := _ballot(entry, group, marked)) is not None
        )
        if ballots:
            made.append(RollVote(ballots, span, paragraph, number, _sums(taken, group, marked)))
    return tuple(made)


def _sums(taken: Sequence[Row], group: Sequence[Column], marked: Sequence[Column]) -> tuple[tuple[str, int], ...]:
    """What the last line of sums of a roll prints under the columns of a vote; none where a column has no figure."""
    last = next((row.line for row in reversed(taken) if whole_line("rolls", "sums").match(row.text)), None)
    if last is None:
        return ()
    found: dict[str, int] = {}
    for match in re.finditer(r"(?<!\S)\d{1,3}(?!\S)", last.text):
        column = column_at(marked, middle_of(last, *match.span()))
        if column in group:
            found[column.kind] = int(match.group())
    return tuple(found.items()) if {"yes", "no"} <= found.keys() else ()


def _groups(columns: Sequence[Column]) -> list[list[Column]]:
    """The columns of each vote: every "Ja" opens the next."""
    groups: list[list[Column]] = []
    for column in columns:
        if column.kind not in VOTING:
            continue
        if column.kind == "yes":
            groups.append([])
        if groups:
            groups[-1].append(column)
    return [group for group in groups if {"yes", "no"} <= {column.kind for column in group}]


def _voter(entry: Entry, value: str, paragraph: str | None) -> Actor:
    """Who cast a ballot in a §: the substitute who served instead, unless nobody did or the member was still there
    ("t o m § 102")."""
    if entry.substitute is None or value == "absent":
        return entry.member
    stayed = _STAYED.search(entry.note)
    if stayed and paragraph and int(paragraph.partition("/")[0]) <= int(stayed.group("last")):
        return entry.member
    return replace(entry.substitute, party=entry.substitute.party or entry.member.party)


def _printed(entry: Entry, column: Column, marked: Sequence[Column]) -> str | None:
    """The ballot that is printed as a letter or a word in the column of a §."""
    said = (_IN_SECTION.get(mark.lower()) for mark, middle in entry.marks if column_at(marked, middle) is column)
    return next((value for value in said if value is not None), None)


def _ballot(entry: Entry, group: Sequence[Column], marked: Sequence[Column]) -> str | None:
    for mark, middle in entry.marks:
        column = column_at(marked, middle)
        if column not in group or re.fullmatch(r"[-–—]", mark):
            continue
        return _SAID.get(mark.lower(), column.kind)
    return None


def _labels(above: Sequence[Row], groups: Sequence[Sequence[Column]]) -> list[tuple[str | None, str | None]]:
    """(§, number of the list) of each vote, from the lines above the head that stand nearest to its columns: from the
    list's own title on, and without one only where a § stands alone over the columns. What the text above the list
    tells of other § ("bordlades den 2 mars, § 4") says nothing."""
    titled = next((i for i in range(len(above) - 1, -1, -1) if _TITLE.match(above[i].text)), None)
    own = above[-_OVER_COLUMNS if titled is None else titled :]
    number = next((m.group(1) for row in reversed(own) if (m := _LIST_NUMBER.search(row.text))), None)
    for row in reversed(own):
        sentence = titled is None or row.text.endswith((".", ";", ",", ":"))
        found = [
            (m.group("number"), middle_of(row.line, *m.span()))
            for cell in CELL.finditer(row.line.text)
            if not sentence or _SECTION_ALONE.fullmatch(cell.group())
            for m in _SECTION.finditer(row.line.text, cell.start(), cell.end())
        ]
        if len(groups) == 1 and found:
            return [(found[0][0], number)]
        if len(groups) > 1 and len(found) == len(groups):
            return [(paragraph, number) for paragraph, _ in found]
        if 1 < len(found) < len(groups):  # columns kept for votes that were not held
            nearest = {_nearest(groups, middle): paragraph for paragraph, middle in found}
            return [(nearest.get(index), number) for index in range(len(groups))]
    return [(None, number)] * len(groups)


def _nearest(groups: Sequence[Sequence[Column]], middle: float) -> int:
    """The index of the columns of a vote over which a place on the line stands."""
    return min(range(len(groups)), key=lambda i: abs((groups[i][0].start + groups[i][-1].end) / 2 - middle))

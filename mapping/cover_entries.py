"""The lines of a cover page, each under the label that it belongs to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from mapping.lexicon import lexicon
from mapping.rows import CELL, Row
from mapping.text import Line

# "S    Anna Ek, ordförande     Almviks kommun": the party stands first (joint authorities).
_PARTY_FIRST = re.compile(r"\(?(?P<code>[A-ZÅÄÖ]{1,3}|[A-ZÅÄÖ][a-zåäö]{1,3}|[a-z]{1,3})\)?")
_MEMBER_OF = re.compile(r"[A-ZÅÄÖ][\wåäö]+ (?:kommun|stad|region)\b")
# "Sekreterare Mia Kvist" below those who adjust; among members and officials it is the role of one of them.
_SIGNING = re.compile(r"(?P<label>Sekreterare|Ordförande) (?=[A-ZÅÄÖ][\w-]+ (?:[a-z]+ )?[A-ZÅÄÖ])")
_SIGNERS = {"Sekreterare": "secretary", "Ordförande": "chair"}
# What goes on about the person named to the left of it.
_SAID_OF = re.compile(
    r"[^A-ZÅÄÖ]|§|Kl\b|(?:Ordf|Vice|V\.|Tj|Ers|Ej\b|Från|Till|Ledamot|Jäv)|\(|[A-ZÅÄÖ][\wåäö-]*(?:\s[a-zåäö]|$)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line under a label, the label taken off."""

    label: str
    line: Line
    opens: bool
    parts: tuple[Line, ...] = ()
    row: Line | None = None
    columns: tuple[tuple[int, str], ...] = ()
    rest: Line | None = None  # where the last of its parts goes on, on the line below

    def people(self) -> Iterator[tuple[str, tuple[Line, ...], str]]:
        """(label, lines, what is told beside it) of each person that a row may name: names stand side by side in
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
            goes_on = (self.rest,) if self.rest is not None and group is groups[-1] else ()
            yield label, (Line(text, start), *goes_on), beside


@cache
def _labels() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, list[str]] = lexicon("cover")["labels"]
    pairs = [(label, entry) for label, entries in table.items() for entry in entries]
    pairs.sort(key=lambda pair: len(pair[1]), reverse=True)
    return tuple(
        (label, re.compile(entry if "(?=" in entry else rf"(?:{entry})\s*(?::\s*|\s{{2,}}|\t|$)"))
        for label, entry in pairs
    )


def _lowered(text: str) -> str | None:
    """A row whose label is shouted, the label as words are written ("LEDAMÖTER   Anna Ek")."""
    first = re.match(r"\S+(?: \S+)*", text)
    if first is None or not first.group().isupper() or len(first.group()) < 4:
        return None
    return first.group().capitalize() + text[first.end() :]


def label_of(text: str) -> str | None:
    """The key of the label that a line opens with, or None."""
    return next((label for label, pattern in _labels() if pattern.match(text)), None)


def labelled_lines(rows: Sequence[Row]) -> Iterator[Entry]:
    """One entry a row; a row that opens with no label stands under the one before it."""
    label = ""
    taken: Line | None = None
    content: tuple[int, int] | None = None  # the columns of the last label and of what stands beside it
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
        signing = _SIGNING.match(row.text)
        if (
            signing
            and not opened
            and label in ("adjuster", "adjusted", "adjustment", "secretary", "chair", "signatures", "paragraphs")
        ):
            label, at, opened = _SIGNERS[signing.group("label")], at + signing.end(), True
        if not opened and _unknown_label(row, content):
            label, opened = "", True
        beside = _column_heads(row, following)
        heads = beside or (() if opened else heads)
        if beside and opened:
            yield Entry(heads[0][1], Line("", row.line.end), True)
            continue
        rest = row.line.text[at:]
        if opened and rest.strip():
            # a label of its own inside the column of another: "Beslutande     Ledamöter"
            inner = _label_alone(rest.strip())
            label, rest = (inner, "") if inner else (label, rest)
            at = len(row.line.text) if inner else at
        if opened:
            lead = len(row.line.text) - len(row.line.text.lstrip())
            content = (lead, row.line.column(at + len(rest) - len(rest.lstrip()))) if rest.strip() else None
        columns = list(CELL.finditer(rest))
        if taken is not None and columns:
            # the first lines of it stand in the entry above
            columns = [m for m in columns if row.line.start + at + m.start() != taken.start]
        taken = _goes_on(row, row.line.start + at + columns[-1].start(), following) if columns else None
        heads = _opened_within(heads, row, at, columns)
        parts = tuple(Line(m.group(), row.line.start + at + m.start()) for m in columns)
        yield Entry(label, Line(rest, row.line.start + at), opened, parts, row.line, heads, taken)


# "Per Ek (L), tjänstgör för / Anna Ek (L)": who is replaced stands on the next line.
_UNFINISHED = re.compile(r"\b(?:för|ersätter|istf|(?:i ?)?stället för|istället)(?:\s[A-ZÅÄÖ][\wåäö-]+)?$")


def _goes_on(row: Row, start: int, following: Row | None) -> Line | None:
    """The cell of the next row with which a row's last cell, which begins at `start`, goes on."""
    if following is None or not _UNFINISHED.search(row.text):
        return None
    column = row.line.column(start - row.line.start)
    cells = [m for m in CELL.finditer(following.line.text) if abs(following.line.column(m.start()) - column) <= 2]
    return Line(cells[-1].group(), following.line.start + cells[-1].start()) if cells else None


def _unknown_label(row: Row, content: tuple[int, int] | None) -> bool:
    """Whether a row opens with another label than we know ("Frågestund   Före sammanträdet …"): it begins where the
    last label began, and what follows stands in the column of what that label has."""
    cells = list(CELL.finditer(row.line.text))
    if (
        content is None
        or len(cells) < 2
        or not cells[0].group()[0].isupper()
        or re.search(r"\(|,|\d", cells[0].group())
    ):
        return False
    return cells[0].start() == content[0] and abs(row.line.column(cells[1].start()) - content[1]) <= 1


_ROLES = ("member", "serving-substitute", "substitute", "insight", "official", "absent")


def _column_heads(row: Row, following: Row | None) -> tuple[tuple[int, str], ...]:
    """(column, label) of a row that opens two lists side by side: "Ledamöter          Ersättare". Where nothing
    stands below the first, the second is a label inside its column."""
    found: list[tuple[int, str]] = []
    for cell in re.finditer(r"\S+(?: \S+)*", row.line.text):
        label = _label_alone(cell.group()) or _label_alone(_lowered(cell.group()) or "")
        if label not in _ROLES:
            return ()
        found.append((row.line.column(cell.start()), label))
    if len({label for _, label in found}) < 2 or following is None:
        return ()
    indent = following.line.column(len(following.line.text) - len(following.line.text.lstrip()))
    return tuple(found) if abs(indent - found[0][0]) < abs(indent - found[1][0]) else ()


def _opened_within(
    heads: tuple[tuple[int, str], ...], row: Row, at: int, cells: Sequence[re.Match[str]]
) -> tuple[tuple[int, str], ...]:
    """The heads of lists side by side, below a row one of whose cells opens another list in its column."""
    for cell in cells if heads and len(cells) > 1 else ():
        label = _label_alone(cell.group())
        if label in _ROLES:
            column = row.line.column(at + cell.start())
            nearest = min(heads, key=lambda head: abs(head[0] - column))
            heads = tuple((start, label if (start, old) == nearest else old) for start, old in heads)
    return heads


def _label_alone(text: str) -> str | None:
    """The key of the label that a text is, nothing behind it."""
    ends = ((name, pattern.match(text)) for name, pattern in _labels())
    return next((name for name, match in ends if match is not None and match.end() == len(text)), None)

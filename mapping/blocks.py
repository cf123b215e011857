"""Rows -> blocks, one per § or web agenda heading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mapping.rows import SECTION_HEAD, Row

_STOPPED = re.compile(r"(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4}\s+)?§\s*\d{1,4}(?:/\d{2,4})?\.$")
_NUMBER_FIRST = re.compile(r"(?P<number>\d{1,4})\s?§\s+(?P<rest>[A-ZÅÄÖ].*)$")
_WEB_HEAD = re.compile(r"(?P<number>\d{1,3}(?:\s?[a-z](?=\s))?)\s+(?P<rest>[A-ZÅÄÖ].*)$")
# What comes behind the last § of the minutes: annexes, lists of votes, the signatures.
_ANNEX = re.compile(
    r"Bilaga(?:\s\d{1,2})?(?:\s+(?:till\s.*|\(?§.*))?$"
    r"|(?:Omröstnings|Voterings|Närvaro|Upprops)(?:lista|protokoll|bilaga)\b.{0,90}$"
    r"|(?i:närvaro-? ?(?:och|/) ?(?:omröstnings|voterings)(?:lista|protokoll))\b.{0,30}$"
    r"|Underskrifter?$|UNDERSKRIFT(?:ER)?$|Underskriftssida\b.{0,40}$|Signaturer$"
    r"|Rätt utdraget\b.{0,60}$|Bevis om justering\b.{0,30}$"
    r"|Vid protokollet\b.{0,40}$|VID PROTOKOLLET\b.{0,40}$"
)
# The number that another body gave the item, on a line above the own head ("Au § 141").
_NUMBER_ABOVE = re.compile(r"[A-ZÅÄÖ][A-Za-zåäö]{1,4}\s§\s*\d{1,4}(?:/\d{2,4})?$")
_CONTENTS_LINE = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$")


@dataclass(frozen=True, slots=True)
class Head:
    """A numbered head: `number` as printed ("5", "63/20"), `rest` the text behind it on the line."""

    row: int
    number: str
    rest_at: int


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one §, its head row first."""

    head: Head
    rows: tuple[Row, ...]


def blocks(rows: Sequence[Row], *, web: bool = False) -> tuple[tuple[Row, ...], tuple[Block, ...]]:
    """(rows before the first §, the § blocks). `web` admits heads without §: "4 Title"."""
    heads = _increasing(_without_contents(list(_candidates(rows, web))), rows)
    if not heads:
        return tuple(rows), ()
    behind = (
        i
        for i in range(heads[-1].row + 1, len(rows))
        if _ANNEX.match(rows[i].text) and (rows[i].gap or not rows[i].text.startswith("Bilaga"))
    )
    ends = [head.row for head in heads[1:]] + [next(behind, len(rows))]
    ends = [end - 1 if end < len(rows) and _NUMBER_ABOVE.match(rows[end - 1].text) else end for end in ends]
    found = tuple(
        Block(head, tuple(rows[head.row : max(end, head.row + 1)])) for head, end in zip(heads, ends, strict=True)
    )
    return tuple(rows[: heads[0].row]), found


def _candidates(rows: Sequence[Row], web: bool) -> Iterator[Head]:
    gaps = any(row.gap for row in rows)
    stops = _stopped(rows)
    for index, row in enumerate(rows):
        match = SECTION_HEAD.match(row.text) or _NUMBER_FIRST.match(row.text)
        if match is None and web and (row.gap or not gaps):
            match = _WEB_HEAD.match(row.text)
        if match is None:
            continue
        rest = match.group("rest")
        stop = match.groupdict().get("stop")
        if stop and not rest and (not stops or _law_before(rows, index)):
            continue
        if stop and rest.endswith((".", ",", ";")) and not row.gap:
            continue  # "enligt 5 kap." and on the next line "§ 34. Nämnden avslår."
        if rest and not (rest[0].isupper() or rest[0].isdigit() or rest[0] in "”\"'("):
            continue
        if re.search(r"\bforts\b", rest) or _CONTENTS_LINE.search(row.text):
            continue
        yield Head(index, match.group("number"), match.start("rest"))


def _stopped(rows: Sequence[Row]) -> bool:
    """Whether "§ 12." alone on a line is how a document prints its heads."""
    stopped = sum(bool(_STOPPED.match(row.text)) for row in rows)
    return stopped > 0 and stopped >= sum(bool(SECTION_HEAD.match(row.text)) for row in rows) - stopped


def _law_before(rows: Sequence[Row], index: int) -> bool:
    """Whether the row before says that a § of a law follows: "enligt 5 kap." """
    return index > 0 and bool(
        re.search(r"\b(?:kap|enl|jfr)\.$|\b(?:se|enligt|och|till|bilaga)$|,$", rows[index - 1].text)
    )


def _without_contents(heads: list[Head]) -> list[Head]:
    """Heads less a table of contents: a run of heads row upon row, most of whose numbers come back later. It goes
    as a whole, so that a head which is not recognised in the body is missed rather than found in the contents."""
    runs: list[list[Head]] = []
    for head in heads:
        rises = bool(runs) and _number_key(runs[-1][-1].number) < _number_key(head.number)
        if rises and head.row - runs[-1][-1].row <= 2:
            runs[-1].append(head)
        else:
            runs.append([head])
    kept: list[Head] = []
    for run in runs:
        later = {head.number for head in heads if head.row > run[-1].row}
        again = sum(head.number in later for head in run)
        if len(run) == 1 or not again or (again * 2 < len(run) and len(run) > 2):
            kept += run
        elif len(run) <= 2:
            kept += [head for head in run if head.number not in later]
    return kept


def _increasing(heads: list[Head], rows: Sequence[Row]) -> list[Head]:
    """The longest run of heads whose numbers rise: a § quoted in running text falls out of it."""
    best: list[tuple[int, int]] = []  # (length, index of the head before or -1)
    for i, head in enumerate(heads):
        length, before = 1, -1
        for j in range(max(0, i - 200), i):
            if _follows(heads[j], head, rows) and best[j][0] + 1 > length:
                length, before = best[j][0] + 1, j
        best.append((length, before))
    if not best:
        return []
    at = max(range(len(best)), key=lambda i: best[i][0])
    chain: list[Head] = []
    while at >= 0:
        chain.append(heads[at])
        at = best[at][1]
    return chain[::-1]


def _follows(before: Head, head: Head, rows: Sequence[Row]) -> bool:
    """Whether a head comes later in the series; the same number again only with another title (a misprint)."""
    if _number_key(before.number) != _number_key(head.number):
        return _number_key(before.number) < _number_key(head.number)
    return head.row - before.row > 3 and _title_row(before, rows) != _title_row(head, rows)


def _title_row(head: Head, rows: Sequence[Row]) -> str:
    rest = rows[head.row].text[head.rest_at :].strip()
    return rest or (rows[head.row + 1].text if head.row + 1 < len(rows) else "")


def _number_key(number: str) -> tuple[int, str]:
    match = re.match(r"(\d+)\s?([A-Za-z]?)", number)
    assert match
    return int(match.group(1)), match.group(2)

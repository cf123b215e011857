"""Rows -> blocks, one per § or web agenda heading."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from mapping.lexicon import heading_of
from mapping.margin import SECTION_HEAD
from mapping.registry_numbers import find
from mapping.rows import Row
from mapping.series import paragraphs_told

_STOPPED = re.compile(r"(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4}\s+)?§\s*\d{1,4}(?:/\d{2,4})?[.:]$")
# Two or more § under one head: "§§ 1-2 Bänkar och bord".
_RANGED = re.compile(r"§§\s*(?P<number>(?P<a>\d{1,4})[-–](?P<b>\d{1,4}))\s+(?P<rest>[A-ZÅÄÖ”\"'].*)$")
_AT_ONCE = 5  # § under one head: more is the series that a cover tells
_NUMBER_FIRST = re.compile(r"(?P<number>\d{1,4})\s?§\s+(?P<rest>[A-ZÅÄÖ].*)$")
_NUMBER_ALONE = re.compile(r"(?P<number>\d{1,4})\s?§(?P<rest>)$")  # the title on the line below
_WEB_HEAD = re.compile(r"(?P<number>\d{1,3}(?:\s?[a-z](?=\s))?)\s+(?P<rest>[A-ZÅÄÖ].*)$")
# What comes behind the last § of the minutes: annexes, lists of votes, the signatures.
_ANNEX = re.compile(
    r"(?:Bilaga|BILAGA)(?:\s(?:\d{1,2}|[A-Z]))?(?:\s+(?:till\s.*|\(?(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4} )?§.*)"
    r"|:?\s{3,}\S.{0,90})?$"
    r"|(?i:omröstnings|voterings|närvaro|upprops)(?i:lista|protokoll|bilaga)\b.{0,90}$"
    r"|(?i:närvaro-? ?(?:och|/) ?(?:omröstnings|voterings)(?:lista|protokoll))\b.{0,30}$"
    r"|Underskrifter?$|UNDERSKRIFT(?:ER)?$|Underskriftssida\b.{0,40}$|Signaturer$"
    r"|Rätt utdraget\b.{0,60}$|Bevis om justering\b.{0,30}$"
    r"|Vid protokollet\b.{0,80}$|VID PROTOKOLLET\b.{0,80}$"
)
# The number that another body gave the item, on a line above the own head ("Au § 141").
_NUMBER_ABOVE = re.compile(r"[A-ZÅÄÖ][A-Za-zåäö]{1,4}\s§\s*\d{1,4}(?:/\d{2,4})?$")
_GROUP = re.compile(
    r"(?:[A-ZÅÄÖ][A-ZÅÄÖ /,-]{3,60}ÄRENDEN"
    r"|(?:Besluts|Informations|Anmälnings|Genomförande)ärenden|Bordlagda ärenden)$"
)
_LABEL = re.compile(r"\(?(?:Dnr|DNR|dnr|Diarienummer|Diarienr|DIARIENR|Ärendenummer|Ärendenr)\b")
_BELOW = 8  # rows below a head that hold its titles, its number and the heading of its decision
_REACH = 200  # heads back that a head may go on from
_OWN = 10  # quoted § that weigh as much as one with a decision or a registry number
_FEW_OTHERS = 2  # heads of the usual kind for each of another
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
    candidates = _of_one_body(_without_contents(_less_annexed(list(_candidates(rows, web)), rows)), rows)
    heads = _increasing(candidates, rows)
    if not heads:
        return tuple(rows), ()
    behind = (i for i in range(heads[-1].row + 1, len(rows)) if _opens_annex(rows, i))
    end_of_last = next(behind, len(rows))
    heads = _with_misnumbered(heads, [head for head in candidates if head.row < end_of_last], rows)
    ends = [head.row for head in heads[1:]] + [end_of_last]
    ends = [end - 1 if _numbered_above(rows, end) or _heads_group(rows, end) else end for end in ends]
    found = tuple(
        Block(head, tuple(rows[head.row : max(end, head.row + 1)])) for head, end in zip(heads, ends, strict=True)
    )
    return tuple(rows[: heads[0].row]), found


def _opens_annex(rows: Sequence[Row], at: int) -> bool:
    """Whether an annex, a list of votes or the signatures begin at a row."""
    row = rows[at]
    apart = row.gap or row.line.start > rows[at - 1].line.end + 1 or row.text[:6].lower() != "bilaga"
    return bool(_ANNEX.match(row.text)) and apart


def _of_one_body(heads: list[Head], rows: Sequence[Row]) -> list[Head]:
    """The heads less those that print another body's name than nearly all others do: "Au § 60" quoted in the minutes
    of the board that decides on its proposal."""
    bodies = [rows[head.row].text.partition("§")[0].strip().lower() for head in heads]
    named = Counter(body if body.isalpha() else "" for body in bodies)
    if len(named) < 2:
        return heads
    usual, count = named.most_common(1)[0]
    if count < _FEW_OTHERS * (len(heads) - count):
        return heads
    return [head for head, body in zip(heads, bodies, strict=True) if body == usual or not body.isalpha()]


def _less_annexed(heads: list[Head], rows: Sequence[Row]) -> list[Head]:
    """The heads up to an annex with a series of its own, which starts at a number that has been. It stands behind the
    last § with a decision or a registry number."""
    own = [head.row for head, end in _with_ends(heads, rows) if _own_section(head, end, rows)]
    for at in range(own[-1] + 1 if own else len(rows), heads[-1].row if heads else 0):
        if rows[at].text[:6].lower() == "bilaga" and _opens_annex(rows, at):
            before = [head for head in heads if head.row < at]
            behind = next(head for head in heads if head.row > at)
            if _number_key(behind.number) <= max(_number_key(head.number) for head in before):
                return before
    return heads


def _with_ends(heads: Sequence[Head], rows: Sequence[Row]) -> Iterator[tuple[Head, int]]:
    """Each head and the row of the next."""
    return zip(heads, [*(head.row for head in heads[1:]), len(rows)], strict=False)


def _numbered_above(rows: Sequence[Row], end: int) -> bool:
    """Whether the row above a head belongs to it: another body's number, no last line of a list ("Ks § 80")."""
    return (
        end < len(rows)
        and bool(_NUMBER_ABOVE.match(rows[end - 1].text))
        and (rows[end - 1].gap or rows[end].line.start == rows[end - 1].line.end + 1)
    )


def _heads_group(rows: Sequence[Row], end: int) -> bool:
    """Whether the row above a head names the group of items that begins there ("BESLUTSÄRENDEN")."""
    return end < len(rows) and rows[end - 1].gap and rows[end].gap and bool(_GROUP.match(rows[end - 1].text))


def _candidates(rows: Sequence[Row], web: bool) -> Iterator[Head]:
    gaps = any(row.gap for row in rows)
    stops = _stopped(rows)
    for index, row in enumerate(rows):
        match = SECTION_HEAD.match(row.text) or _NUMBER_FIRST.match(row.text)
        ranged = None if match else _RANGED.match(row.text)
        if ranged and 0 < int(ranged["b"]) - int(ranged["a"]) < _AT_ONCE and _like_section(rows, index, len(rows)):
            match = ranged
        alone = None if match or _law_before(rows, index) else _NUMBER_ALONE.match(row.text)
        if alone and _like_section(rows, index, len(rows)):
            match = alone
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
    last = {head.number: head.row for head in heads}
    for run in runs:
        later = {head.number for head in run if last[head.number] > run[-1].row}
        again = sum(head.number in later for head in run)
        if len(run) == 1 or not again or (again * 2 < len(run) and len(run) > 2):
            kept += run
        elif len(run) <= 2:
            kept += [head for head in run if head.number not in later]
    return kept


def _increasing(heads: list[Head], rows: Sequence[Row]) -> list[Head]:
    """The run of heads whose numbers rise that has most to show for it: the § of an ordinance or a law that is
    quoted, with neither decision nor registry number, fall out of it. The same number comes again only with another
    title (a misprint), and as much below it."""
    if not heads:
        return []
    keys = [_number_key(head.number) for head in heads]
    titles = [_title_row(head, rows) for head in heads]
    own = {at for at, (head, end) in enumerate(_with_ends(heads, rows)) if _own_section(head, end, rows)}
    # a saved web page may print a head twice, the title of the page and that of the minutes
    named = {(keys[at], titles[at]) for at in own}
    like = [at in own or (key, title) in named for at, (key, title) in enumerate(zip(keys, titles, strict=True))]
    told = paragraphs_told([row.text for row in rows[: heads[0].row]])
    lengths: list[int] = []
    befores: list[int] = []  # index of the head before or -1
    for i, head in enumerate(heads):
        length, before = 0, -1
        key, title, far = keys[i], titles[i], head.row - 3
        for j in range(max(0, i - _REACH), i):
            if lengths[j] > length and (
                keys[j] < key or (keys[j] == key and heads[j].row < far and titles[j] != title and like[i] == like[j])
            ):
                length, before = lengths[j], j
        lengths.append(length + _weight(like[i], told, keys[i][0]))
        befores.append(before)
    at = max(range(len(heads)), key=lengths.__getitem__)
    chain: list[Head] = []
    while at >= 0:
        chain.append(heads[at])
        at = befores[at]
    return chain[::-1]


def _weight(own: bool, told: Collection[int], number: int) -> int:
    """What a head counts for: as a § that decides or has a registry number, and as one of those that the cover tells
    of (`told`, empty where it tells of none)."""
    if told and number not in told:
        return 2 if own else 1
    return 1 + _OWN * (own + bool(told))


def _own_section(head: Head, end: int, rows: Sequence[Row]) -> bool:
    """Whether a head, or what stands close below it, shows that it is a § of these minutes."""
    return _registered(rows[head.row].text[head.rest_at :].strip()) or _like_section(rows, head.row, end)


def _with_misnumbered(chain: list[Head], candidates: Sequence[Head], rows: Sequence[Row]) -> list[Head]:
    """The rising heads and, among them, those out of order that have below them what only a § has: each ends the §
    before it, so that its decision does not become that one's."""
    kept = {head.row for head in chain}
    if len(kept) == len(candidates):
        return chain
    known = {(head.number, _title_row(head, rows)) for head in chain}
    forms = {_form(head, rows) for head in chain}
    gaps = any(row.gap for row in rows)
    number = ""
    found: list[Head] = []
    for at, head in enumerate(candidates):
        if head.row not in kept:
            end = candidates[at + 1].row if at + 1 < len(candidates) else len(rows)
            if (
                head.row < chain[0].row
                or head.number == number
                or (head.number, _title_row(head, rows)) in known
                or _form(head, rows) not in forms
                or (gaps and not rows[head.row].gap)
                or not _like_section(rows, head.row, end)
            ):
                continue
        number = head.number
        found.append(head)
    return found


def _form(head: Head, rows: Sequence[Row]) -> tuple[str, bool]:
    """How a head is printed: what stands before its number, and whether a year stands in it."""
    return rows[head.row].text.partition(head.number)[0].replace(" ", ""), "/" in head.number


def _like_section(rows: Sequence[Row], at: int, end: int) -> bool:
    """Whether a decision's heading or a registry number on a row of its own stands close below a head."""
    below = rows[at + 1 : min(end, at + 1 + _BELOW)]
    return any(heading_of(row.text) == "decision" or _registered(row.text) for row in below)


def _registered(text: str) -> bool:
    match = next(iter(find(text, labelled=bool(_LABEL.match(text)))), None)
    return match is not None and not re.search(r"[a-zåäö]", _LABEL.sub("", text[: match.start]))


def _title_row(head: Head, rows: Sequence[Row]) -> str:
    rest = rows[head.row].text[head.rest_at :].strip()
    return rest or (rows[head.row + 1].text if head.row + 1 < len(rows) else "")


def _number_key(number: str) -> tuple[int, str]:
    match = re.match(r"(\d+)\s?([A-Za-z]?)", number)
    assert match
    return int(match.group(1)), match.group(2)

"""Kallelser and föredragningslistor: items numbered in a column, registry numbers and officials to the right of them.

The papers of each item that stand behind the list ("Ärende 6") tell its proposal and documents; they are no items."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mapping.actors import parse_actors
from mapping.agenda_papers import PAPERS, papers_of, with_papers
from mapping.blocks import Block, Head
from mapping.flow import flow
from mapping.heads import ItemHead, settle_roles
from mapping.items import read_item
from mapping.known import Known
from mapping.lexicon import heading_of
from mapping.matters import kind_of
from mapping.records import Actor, Item, Matter, RegistryRef
from mapping.registry_numbers import find, registry_ref
from mapping.rows import Layout, Row
from mapping.single_matter import Piece, named, pieces
from mapping.text import Line

_NUMBERED = re.compile(r"\s*(?P<number>\d{1,3})(?P<stop>[.)]?)\s+(?=[A-ZÅÄÖÉ\d\"”(])")
_REPORT_PAGE = re.compile(r"(?:.{0,70}(?:   |\t))?(?:TJÄNSTE(?:SKRIVELSE|UTLÅTANDE)|Tjänste(?:skrivelse|utlåtande)$)")
_END = re.compile(
    r"(?:(?:Varmt |Hjärtligt )?[Vv]älkom(?:men|mna|na|en)!?|Välkomna\b.*"
    r"|Dokument|Bilagor|Handlingar|Ordförande|Sekreterare|Enligt uppdrag"
    r"|Kallelsen med .*|Vid förhinder\b.*"
    r"|[A-ZÅÄÖ][\wåäöé -]{2,25}(?:\sden)?\s\d{1,2} [a-z]{3,9} \d{4}|[A-ZÅÄÖ][\wåäöé]+ \d{4}-\d\d-\d\d)$"
)
_GROUP_OF_ITEMS = re.compile(
    r"(?:\w*(?:[Bb]esluts|[Ii]nformations|[Aa]nmälnings|[Öö]vriga )?[Ää]renden?\b.{0,60}|[A-ZÅÄÖ \-/]{8,80})$"
)
_COLUMNS = re.compile(
    r"(?:Nr\.?|Punkt|Ärende(?!\s\d)|§)\s.*\b(?:Dnr|Diarienr|Diarienummer|Handläggare|Föredragande|Ärende|Förslag)\b"
)
_LABEL = re.compile(
    r"(?P<label>Dnr|Diarienr|Diarienummer|Föredragande|Handläggare|Föredragning|Motionär(?:er)?|Interpellant|Frågeställare|Förslagsställare"
    r"|Bilag(?:a|or)|Tid|Sekretess)\b\s*:?\s*"
)
_AUTHOR_LABELS = ("Motionär", "Motionärer", "Interpellant", "Frågeställare")
_OFFICIAL_LABELS = ("Föredragande", "Handläggare", "Föredragning")
_MARK = re.compile(r"(?:[a-z]\)|[-–•·▪*]|\d{1,2}[.)])\s")
_STAGE = re.compile(r"\s[-–]\s(?:yttrande|svar|remissvar|remiss)$", re.I)
# "Arbetsutskottet har den 2 mars 2022 behandlat ärendet" behind a proposal
_TOLD = re.compile(
    r"(?:[A-ZÅÄÖ][\wåäö]*(?:utskottet|beredningen|nämnden|styrelsen|fullmäktige)|Förvaltningen)\s(?:har|behandlade|beslutade)\b"
)
_PRESENTED = re.compile(r"\b(?:informerar|föredrar|redogör|redovisar|presenterar|berättar|deltar)\b")
# What stands below a title and is no part of it: where the case comes from, what is to come.
_ORIGIN = re.compile(
    r"(?:Enligt|Bordlag[dt]|Återremitterat|Förslag:|Föredrag|Handling(?:ar|en)\b|Utskick|Bilaga|Beredning)"
)
_NUMBER_COLUMN = 28  # how wide a column of registry numbers before the titles may be
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class _Start:
    """A row that may open an item."""

    row: int
    number: int
    stop: bool
    column: int
    rest_at: int


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows before the list, and its items."""

    before: tuple[Row, ...]
    items: tuple[Item, ...]


def listed_items(page: Layout, rows: Sequence[Row], known: Known) -> Listed | None:
    """The items of a numbered list, where a document holds one of three or more."""
    rows = _less_feet(rows)
    starts = _series(rows)
    if len(starts) < _FEWEST:
        return None
    ends = [start.row for start in starts[1:]]
    behind = (line.start for line in page.furniture if _REPORT_PAGE.match(line.text))
    ends.append(_end(rows, starts[-1].row, next((at for at in behind if at > rows[starts[-1].row].line.start), None)))
    heads: list[ItemHead] = []
    found: list[tuple[Block, tuple[Actor, ...], tuple[Actor, ...]]] = []
    width = _width(rows, starts)
    for start, end in zip(starts, ends, strict=True):
        head, block, officials, authors = _entry(rows[start.row : end], start, width, known)
        heads.append(head)
        found.append((block, officials, authors))
    items = []
    for position, (head, (block, officials, authors)) in enumerate(zip(settle_roles(heads), found, strict=True), 1):
        item = read_item(block, head, position, known)
        items.append(_with(item, officials, authors))
    papers = dict(papers_of(rows[ends[-1] :], known))
    return Listed(
        tuple(rows[: starts[0].row]),
        tuple(with_papers(item, papers.get(item.number or ""), known) for item in items),
    )


def _less_feet(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows less page feet and repeated heads of columns: the same line three times over, or naming columns."""
    seen = Counter(re.sub(r"\d+", "0", row.text) for row in rows if len(row.text) > 20)
    feet = {
        text
        for text, count in seen.items()
        if count >= 3 and re.search(r"\b(?:KOMMUN|[Kk]ommun|[Ss]tad|Tfn|Telefon|www\.)", text)
    }
    return tuple(row for row in rows if re.sub(r"\d+", "0", row.text) not in feet and not _COLUMNS.match(row.text))


def _starts(rows: Sequence[Row]) -> Iterator[_Start]:
    for index, row in enumerate(rows):
        match = _NUMBERED.match(row.line.text)
        if match is not None and not re.match(r"\d+\s+(?:[a-zåäö]|\d{4}\b)", row.text):
            column = len(row.line.text[: match.start("number")].expandtabs(8))
            yield _Start(index, int(match.group("number")), bool(match.group("stop")), column, match.end())


def _series(rows: Sequence[Row]) -> list[_Start]:
    """The longest run of rows numbered one by one in the same manner and column."""
    starts = list(_starts(rows))
    best: list[tuple[int, int]] = []
    for i, start in enumerate(starts):
        length, before = 1, -1
        for j in range(max(0, i - 100), i):
            other = starts[j]
            follows = other.number + 1 == start.number and other.stop == start.stop
            if follows and abs(other.column - start.column) <= 2 and best[j][0] >= length:
                length, before = best[j][0] + 1, j
        best.append((length, before))
    if not best:
        return []
    at = max(range(len(best)), key=lambda i: best[i][0])
    chain: list[_Start] = []
    while at >= 0:
        chain.append(starts[at])
        at = best[at][1]
    return chain[::-1] if chain[-1].number <= 3 or len(chain) >= 6 else []


def _end(rows: Sequence[Row], last: int, report: int | None) -> int:
    """Where the list ends: its signatures, the papers of its items, a report, the foot of a web page."""
    for index in range(last + 1, len(rows)):
        row = rows[index]
        if report is not None and row.line.start > report:
            return index
        if (
            PAPERS.match(row.text)
            or _REPORT_PAGE.match(row.line.text)
            or (_END.match(row.text) and row.text != "Handlingar")
        ):
            return index
        if (
            row.gap
            and re.match(r"(?:Kallelsen|Välkom|Tillbaka|Kontakt|Om webbplatsen)", row.text)
            or row.text.startswith("Tillbaka till")
        ):
            return index
    return len(rows)


def _width(rows: Sequence[Row], starts: Sequence[_Start]) -> int:
    """How wide the column of titles is: the longest first piece of an item's row."""
    return max(len(piece.text) for start in starts for piece in _cut(rows[start.row], start)[:1])


def _cut(row: Row, start: _Start | None) -> list[Piece]:
    """The pieces of a row, without the number that opens it."""
    line = Line(row.line.text[start.rest_at :], row.line.start + start.rest_at) if start else row.line
    shift = start.rest_at if start else 0
    return [
        replace(piece, column=piece.column + shift)
        for piece in pieces((replace(row, line=line, text=line.text.strip()),))
    ]


def _entry(
    rows: Sequence[Row], start: _Start, width: int, known: Known
) -> tuple[ItemHead, Block, tuple[Actor, ...], tuple[Actor, ...]]:
    """(head, block of the left column, officials in the right one, authors behind a label) of an item."""
    number_at = rows[0].line.text.index(str(start.number))
    number = flow((Line(str(start.number), rows[0].line.start + number_at),)).quote()
    title: list[Row] = []
    body: list[Row] = []
    numbers: list[RegistryRef] = []
    officials: list[Actor] = []
    authors: list[Actor] = []
    open_title = True
    told_from: int | None = None
    edge = start.column + 4 + width * 3 // 5
    for index, row in enumerate(rows):
        if index and row.text == "Dokument":
            break
        parts = _cut(row, None if index else start)
        left = parts[0] if parts and (parts[0].column < edge or len(parts) == 1) else None
        if index and left is not None and left.column > edge:
            left = None
        beside = [part for part in parts if part is not left]
        if left is not None and not title and (numbered := _number_at_start(left)):
            # "7    KS2014/990-12  Slutredovisning": two blanks part the columns
            numbers += _numbers(numbered[0])
            left = numbered[1]
        if left is not None and not title and _only_number(left):
            # "5    KS2014/1596       Svar på motion om laddstolpar"
            titled = len(parts) > 1 and parts[1].column - left.column < _NUMBER_COLUMN
            beside, left = (parts[:1] + parts[2:], parts[1]) if titled else (parts, None)
            edge = max(edge, left.column + 2) if left else edge
        for part in beside:
            numbers += _numbers(part)
            officials += [replace(a, is_official=True) for a in named(part, known) if a.party is None]
        if left is None:
            continue
        label = _LABEL.match(left.text)
        made = Row(left.line, left.text, row.gap and index > 0, False, row.bold)
        if label is not None and title:
            open_title = False
            rest = Piece(0, 0, Line(left.text[label.end() :], left.line.start + label.end()), False)
            if label.group("label") in _AUTHOR_LABELS:
                authors += parse_actors(flow((rest.line,)), 0, known)[0]
            elif label.group("label").startswith(("Dnr", "Diarie")):
                numbers += _numbers(rest)
            elif label.group("label").startswith("Bilag") and not rest.text.strip() and index + 1 < len(rows):
                body.append(made)  # a heading: the papers stand below it
            elif label.group("label") in _OFFICIAL_LABELS:
                told, _ = parse_actors(flow((rest.line,)), 0, known)
                officials += [replace(a, is_official=True) for a in told if a.name and a.party is None]
            continue
        if _only_number(left) and title:
            numbers += _numbers(left)
            open_title = open_title and bool(row.line.text[: row.line.text.index(left.text)].strip())
            continue
        if not title or (open_title and _goes_on(title[-1], made, width)):
            title.append(made)
            continue
        open_title = False
        if not (
            _GROUP_OF_ITEMS.match(left.text) and heading_of(left.text) is None and (row.gap or index + 1 == len(rows))
        ):
            if _TOLD.match(left.text) and body and body[-1].text.endswith("."):
                told_from = len(body)
            body.append(made)
    told_rows: list[Row] = []
    if told_from is not None:
        ends = next((i for i in range(told_from, len(body)) if heading_of(body[i].text) is not None), len(body))
        told_rows, body = body[told_from:ends], body[:told_from] + body[ends:]
    stretch = flow(row.line for row in title)
    unheaded: list[Row] = []
    for row in body if not title or heading_of(title[0].text) is None else ():
        if (
            heading_of(row.text) is not None
            or re.match(r"[A-ZÅÄÖ][\w ]{2,40}:\s", row.text)
            and heading_of(row.text.split(":")[0])
        ):
            break
        unheaded.append(row)
    unheaded += told_rows
    refs = tuple({ref.normalised: ref for ref in reversed(numbers)}.values())[::-1]
    head = ItemHead(stretch.quote() if stretch else None, None, refs, number, tuple(unheaded))
    block = Block(Head(0, str(start.number), 0), (*title, *body) or (rows[0],))
    return head, block, tuple(officials), tuple(actor for actor in authors if actor.name)


def _goes_on(above: Row, row: Row, width: int) -> bool:
    """Whether a row goes on with the title above it: the title's row was full, or the row cannot open a sentence."""
    opens = any(pattern.match(row.text) for pattern in (_ORIGIN, _MARK, _LABEL))
    if row.gap or opens or heading_of(row.text) is not None:
        return False
    if row.text[0].islower():
        return True
    if _PRESENTED.search(row.text):
        return False
    return len(above.text) + len(row.text.split()[0]) + 1 > 0.8 * width and not row.text.endswith((".", ":"))


def _number_at_start(piece: Piece) -> tuple[Piece, Piece] | None:
    """(the registry number, what stands behind it) of a piece that holds both, two blanks apart."""
    found = find(piece.text, labelled=True)
    if not found or found[0].start or not re.match(r" {2}\S", piece.text[found[0].end :]):
        return None
    end = found[0].end
    before = replace(piece, line=Line(piece.text[:end], piece.line.start))
    return before, replace(
        piece, column=piece.column + end + 2, line=Line(piece.text[end + 2 :], piece.line.start + end + 2)
    )


def _only_number(piece: Piece) -> bool:
    """Whether a piece holds registry numbers and nothing else, but for their labels and codes."""
    found = find(piece.text, labelled=True)
    if not found:
        return False
    rest = piece.text[: found[0].start] + piece.text[found[-1].end :]
    return not re.search(r"[^\W\d_]", re.sub(r"\b(?:Dnr|Diarienr|Diarienummer|dnr)\b", "", rest))


def _numbers(piece: Piece) -> Iterator[RegistryRef]:
    for match in find(piece.text, labelled=True):
        span = piece.line.span(match.start, match.end)
        yield registry_ref(match, "own", span)


def _with(item: Item, officials: Sequence[Actor], authors: Sequence[Actor]) -> Item:
    """The item with the officials of its column, and with the authors that a label names."""
    kept = {actor.name: actor for actor in (*item.officials, *officials)}
    made = tuple(replace(matter, title=_STAGE.sub("", matter.title) or matter.title) for matter in item.matters)
    if authors and made:
        made = tuple(replace(matter, authors=tuple(authors)) if not matter.authors else matter for matter in made)
    elif authors and item.title and (kind := kind_of(item.title.text)):
        made = (Matter(kind, item.title.text, item.title.span, tuple(authors)),)
    return replace(item, officials=tuple(kept.values()), matters=made)

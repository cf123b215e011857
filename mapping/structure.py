"""Lines -> rows (furniture out, paragraphs known) -> blocks, one per § or web agenda heading."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mapping.lexicon import anywhere, heading_of, whole_line
from mapping.registry_numbers import find
from mapping.text import Line, Text

_HEAD_LINES = 6  # lines with text that a page head may take
_REACH = 60  # lines around a page mark that may belong to the page head, most of them blank


@dataclass(frozen=True, slots=True)
class Row:
    """A line that carries text. `gap`: a paragraph break stands before it; `indented`: it starts with blanks;
    `bold`: it is known to be in bold type throughout."""

    line: Line
    text: str
    gap: bool
    indented: bool
    bold: bool = False

    @property
    def bullet(self) -> bool:
        return bool(_BULLET.match(self.text))


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of a document, and the lines that are page furniture."""

    rows: tuple[Row, ...]
    furniture: tuple[Line, ...]


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


_BULLET = re.compile(r"[•·▪●○\uf0b7\u2022*]\s*|[-–—]\s+(?=\S)")

_SECTION_HEAD = re.compile(
    r"(?:(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4})\s+)?§\s*(?P<number>\d{1,4}(?:/\d{2,4})?(?:\s?[A-Z](?=\s|$))?)"
    r"(?:(?P<stop>\.)(?=\s+[A-ZÅÄÖ\d”\"'(]|$)|(?=\s|$))\s*(?P<rest>.*)$"
)
_STOPPED = re.compile(r"(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4}\s+)?§\s*\d{1,4}(?:/\d{2,4})?\.$")
_NUMBER_FIRST = re.compile(r"(?P<number>\d{1,4})\s?§\s+(?P<rest>[A-ZÅÄÖ].*)$")
_WEB_HEAD = re.compile(r"(?P<number>\d{1,3}(?:\s?[a-z](?=\s))?)\s+(?P<rest>[A-ZÅÄÖ].*)$")
# What comes behind the last § of the minutes: annexes, lists of votes, the signatures.
_ANNEX = re.compile(
    r"Bilaga(?:\s\d{1,2})?(?:\s+(?:till\s.*|§.*))?$"
    r"|(?:Omröstnings|Voterings|Närvaro|Upprops)(?:lista|protokoll|bilaga)\b.{0,90}$"
    r"|(?i:närvaro-? ?(?:och|/) ?(?:omröstnings|voterings)(?:lista|protokoll))\b.{0,30}$"
    r"|Underskrifter?$|UNDERSKRIFT(?:ER)?$|Underskriftssida\b.{0,40}$|Signaturer$"
    r"|Rätt utdraget\b.{0,60}$|Bevis om justering\b.{0,30}$"
    r"|Vid protokollet\b.{0,40}$|VID PROTOKOLLET\b.{0,40}$"
)
_BODY_IN_TEXT = r"[\wåäöÅÄÖ-]*(?:[Nn]ämnden?|[Ss]tyrelsen?|[Ff]ullmäktige|[Uu]tskottet|[Dd]irektionen|[Bb]eredningen)"
# A sentence that ends in what a body decides, its points on the lines below ("Efter proposition beslutar nämnden").
_DECIDES_BELOW = re.compile(
    rf"(?:.*\s)?(?:{_BODY_IN_TEXT}\s+(?:beslutar|beslutade|beslöt)"
    rf"|(?:beslutar|beslutade|beslöt)\s+(?:sålunda\s+|därefter\s+)?{_BODY_IN_TEXT})"
    r"(?:,?\s+(?:enhälligt|därefter|således|sålunda|för (?:egen|sin) del|följande|att|enligt\s.{3,80}"
    r"|i enlighet med\s.{3,80}|under förutsättning\s.{3,120}|med .{3,80}))*\s*[:,]?$"
)
_FOR_ITS_PART = re.compile(r"\bför (?:egen|sin) del\b")
_POINT = re.compile(r"(?:att\b|Att\b|1[.)]\s|[-–—•·▪●○*\uf0b7]\s*\S)")
_SEPARATOR = re.compile(r"\s*(?:[-–]{3,40}|_{3,40}|(?:\*\s?){3,20})\s*")
# The number that another body gave the item, on a line above the own head ("Au § 141").
_NUMBER_ABOVE = re.compile(r"[A-ZÅÄÖ][A-Za-zåäö]{1,4}\s§\s*\d{1,4}(?:/\d{2,4})?$")
_LONE_BULLET = re.compile(r"[•▪●○\uf0b7]$")
_NEVER_TITLES = ("decision", "proposed")
_REGISTRY_WORDS = re.compile(r"\b(?:dnr|diarien(?:umme)?r|diariekod|ärenden(?:umme)?r)\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\s{15,}\d{1,3}\s*$")
_CONTENTS_LINE = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$")


def _undated(text: str) -> str:
    """A line as page heads repeat it: blanks folded, figures alike."""
    return re.sub(r"\d+", "0", " ".join(text.split()))


def _repeated_beside(marks: Sequence[int], lines: Sequence[Line]) -> frozenset[str]:
    """Lines that stand near nearly every page mark: the municipality's own page heads, whatever they say."""
    seen: Counter[str] = Counter()
    for index in marks:
        near: set[str] = set()
        for step in (-1, 1):
            at, texts = index + step, 0
            while 0 <= at < len(lines) and abs(at - index) <= _REACH and texts < _HEAD_LINES:
                stripped = lines[at].text.strip()
                texts += bool(stripped)
                near |= {_undated(stripped)} if stripped else set()
                at += step
        seen.update(near)
    return frozenset(text for text, count in seen.items() if count >= max(4, 0.8 * len(marks)))


def _furniture(lines: Sequence[Line], placed: frozenset[int]) -> set[int]:
    """The numbers of the lines that are furniture by what they say, or by their place (`placed`: starts of lines)."""
    always = whole_line("furniture", "always")
    mark = anywhere("furniture", "page_mark")
    beside = whole_line("furniture", "beside_page_mark")
    marks = [
        index for index, line in enumerate(lines) if mark.search(line.text.rstrip()) or _PAGE_NUMBER.match(line.text)
    ]
    repeated = _repeated_beside(marks, lines)
    found = {
        i
        for i, line in enumerate(lines)
        if always.match(line.text.replace("|", " ").strip()) or _PAGE_NUMBER.match(line.text)
    }
    found |= {
        i
        for i, line in enumerate(lines)
        if line.start in placed and "§" not in line.text and heading_of(line.text.strip()) is None
    }
    for index in marks:
        found.add(index)
        for step in (-1, 1):
            at = index + step
            while 0 <= at < len(lines) and abs(at - index) <= _REACH:
                stripped = lines[at].text.strip()
                if stripped and at not in found:
                    # page heads are printed letter-spaced at times: "PRO T OK OL L", "202 0-1 1-10"
                    whole = beside.match(stripped) or beside.match(re.sub(r"(?<=\S) (?=\S)", "", stripped))
                    if not whole and _undated(stripped) not in repeated:
                        break
                    found.add(at)
                at += step
    return found


def _double_spaced(lines: Sequence[Line]) -> bool:
    """Whether every other line is blank (text extracted with a blank line after each, seen in Stockholm 2016):
    hardly a line follows another at once, and sentences run on across the blank lines."""
    at_once, continued, all_gaps, blanks, seen = 0, 0, 0, 0, False
    for line in lines:
        stripped = line.text.strip()
        if not stripped:
            blanks += 1
            continue
        if seen:
            all_gaps += 1
            at_once += blanks == 0
            continued += blanks == 1 and stripped[0].islower()
        seen, blanks = True, 0
    return all_gaps > 10 and at_once / all_gaps < 0.15 and continued >= 3


def _blank_runs_beside(furniture: set[int], lines: Sequence[Line]) -> set[int]:
    """The blank lines between furniture and the nearest text."""
    found: set[int] = set()
    for index in furniture:
        for step in (-1, 1):
            at = index + step
            while 0 <= at < len(lines) and at not in found and not lines[at].text.strip():
                found.add(at)
                at += step
    return found


def _margin(lines: Sequence[Line]) -> int:
    """How many blanks every line begins with (but for one in twenty): a margin indents nothing."""
    depths = sorted(len(line.text) - len(line.text.lstrip()) for line in lines if line.text.strip())
    return depths[len(depths) // 20] if depths else 0


def _behind_bullet(bullet: Line, line: Line) -> Line:
    """A bullet that stands on a line of its own, and the line that it belongs to, as one."""
    gap = " " * (line.start - bullet.end)
    return Line(bullet.text + gap + line.text, bullet.start)


def _bold_headings(lines: Sequence[Line], bold: frozenset[int]) -> frozenset[int]:
    """The starts of bold lines, where bold type is what headings are set in: most of the text is roman."""
    return bold if sum(len(line.text) * (1 if line.start in bold else -1) for line in lines) < 0 else frozenset()


def layout(text: Text) -> Layout:
    """Rows and furniture of a document."""
    lines = list(text.lines())
    placed = frozenset(text.furniture)
    furniture = _furniture(lines, placed)
    at_break = _blank_runs_beside({i for i in furniture if lines[i].start not in placed}, lines)
    # Where places tell, one blank line beside a head or foot is the page break's; more of them part paragraphs.
    at_break |= {i + step for i in furniture if lines[i].start in placed for step in (-1, 1)}
    bold = _bold_headings(lines, frozenset(text.bold))
    wanted = 2 if _double_spaced([line for i, line in enumerate(lines) if i not in furniture]) else 1
    margin = _margin(lines)
    rows: list[Row] = []
    aside: list[Line] = []
    column = _text_column(lines)
    blanks, parted = 0, False
    for index, whole in enumerate(lines):
        line, beside = _less_margin(whole, column)
        aside += [beside] if beside else []
        if index in furniture:
            # a short line of dashes parts what stands above from what stands below
            parted = parted or bool(_SEPARATOR.fullmatch(line.text))
            continue
        if rows and not blanks and _LONE_BULLET.match(rows[-1].text):
            line = _behind_bullet(rows.pop().line, line)
        stripped = line.text.strip()
        if not stripped:
            # Blank lines beside furniture belong to the page break.
            blanks += 0 if index in at_break else 1
            continue
        indented = line.text[margin : margin + 1].isspace()
        headed = line.start in bold and bool(rows) and not rows[-1].bold
        gap = blanks >= wanted or headed or (parted and not stripped[0].islower())
        rows.append(Row(line, stripped, gap, indented, line.start in bold))
        blanks, parted = 0, False
    beside_pages = [lines[i] for i in sorted(furniture) if lines[i].text.strip()]
    return Layout(tuple(rows), tuple(sorted((*beside_pages, *aside), key=lambda line: line.start)))


def _text_column(lines: Sequence[Line]) -> tuple[int, int] | None:
    """(column at which the text of all § starts, offset of the first §) where a margin to the left of it holds
    other things (the recipients of extracts: Vilhelmina, Åsele); None where there is no such margin."""
    first = next((i for i, line in enumerate(lines) if _SECTION_HEAD.match(line.text.strip())), None)
    if first is None:
        return None
    starts = Counter(len(line.text) - len(line.text.lstrip()) for line in lines[first:] if line.text.strip())
    column, count = starts.most_common(1)[0]
    return (column, lines[first].start) if column >= 10 and count * 2 > starts.total() else None


def _less_margin(line: Line, column: tuple[int, int] | None) -> tuple[Line, Line | None]:
    """(the line from the text column on, what stands in the margin beside it)."""
    if column is None or line.start < column[1]:
        return line, None
    at = column[0]
    beside, text = line.text[:at], line.text[at:]
    if not beside.strip() or not text.strip() or not beside.endswith("  ") or text[0].isspace() or "§" in beside:
        return line, None
    return Line(text, line.start + at), Line(beside.rstrip(), line.start)


def _number_key(number: str) -> tuple[int, str]:
    match = re.match(r"(\d+)\s?([A-Za-z]?)", number)
    assert match
    return int(match.group(1)), match.group(2)


def _stopped(rows: Sequence[Row]) -> bool:
    """Whether "§ 12." alone on a line is how a document prints its heads."""
    stopped = sum(bool(_STOPPED.match(row.text)) for row in rows)
    return stopped > 0 and stopped >= sum(bool(_SECTION_HEAD.match(row.text)) for row in rows) - stopped


def _law_before(rows: Sequence[Row], index: int) -> bool:
    """Whether the row before says that a § of a law follows: "enligt 5 kap." """
    return index > 0 and bool(
        re.search(r"\b(?:kap|enl|jfr)\.$|\b(?:se|enligt|och|till|bilaga)$|,$", rows[index - 1].text)
    )


def _candidates(rows: Sequence[Row], web: bool) -> Iterator[Head]:
    gaps = any(row.gap for row in rows)
    stops = _stopped(rows)
    for index, row in enumerate(rows):
        match = _SECTION_HEAD.match(row.text) or _NUMBER_FIRST.match(row.text)
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


def _follows(before: Head, head: Head, rows: Sequence[Row]) -> bool:
    """Whether a head comes later in the series; the same number again only with another title (a misprint)."""
    if _number_key(before.number) != _number_key(head.number):
        return _number_key(before.number) < _number_key(head.number)
    return head.row - before.row > 3 and _title_row(before, rows) != _title_row(head, rows)


def _title_row(head: Head, rows: Sequence[Row]) -> str:
    rest = rows[head.row].text[head.rest_at :].strip()
    return rest or (rows[head.row + 1].text if head.row + 1 < len(rows) else "")


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


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a § under one heading; `kind` is a key of the lexicon's headings, "" before the first."""

    kind: str
    heading: Row | None
    rows: tuple[Row, ...]


def _runs_on(text: str, following: str) -> bool:
    """Whether "Socialnämnden föreslår att kommunfullmäktige beslutar att" is the first line of a sentence."""
    return " " in text and following[:1].islower() and not re.match(r"att\b|[a-z]\) ", following)


def _untitled(rows: Sequence[Row]) -> bool:
    """Whether the first rows of a § give its number and registry numbers only, so that its title is to come."""
    for index, row in enumerate(rows):
        head = None if index else _SECTION_HEAD.match(row.text)
        if index == 0 and head is None:
            return False
        rest = head.group("rest") if head else row.text
        for number in reversed(find(rest, labelled=True)):
            rest = rest[: number.start] + rest[number.end :]
        if re.search(r"[^\W\d_]", _REGISTRY_WORDS.sub("", rest)):
            return False
    return bool(rows)


_CLOSED = ("decision", "proposed", "reservation", "special_statement", "substitute_statement", "protocol_note")


def _may_decide(kind: str, row: Row) -> bool:
    """Whether a decision may be told under a heading of a kind: behind a proposal to a higher body only what the body
    decides for its own part."""
    return kind not in _CLOSED or (kind == "decision" and bool(_FOR_ITS_PART.search(row.text)))


def _decides_below(before: Sequence[Row], row: Row, following: str) -> bool:
    """Whether a sentence that a row ends tells that the body decides the points below; a motion is none."""
    if not _POINT.match(following) or row.text.endswith(" att"):
        return False
    sentence = [row.text]
    for above, below in zip(reversed(before[-4:]), (row, *reversed(before[-4:])), strict=False):
        if below.gap or above.text.endswith((".", ":", ";")):
            break
        sentence.insert(0, above.text)
    whole = " ".join(sentence)
    if not (_DECIDES_BELOW.match(row.text) or (len(sentence) < 4 and _DECIDES_BELOW.match(whole))):
        return False
    return not re.search(r"\b(?:föreslå|yrka(?!nde)|hemställ)|\bhar\b", whole)


_BEFORE_TEXT = re.compile(r"(?P<heading>[A-ZÅÄÖ][\w ]{2,40}):\s+(?=[A-ZÅÄÖ\d”\"])")


def _headings_apart(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows; a heading that stands on the line of its text ("Beslut: Ärendet bordläggs.") as a row of its own."""
    kind, titled = "", False
    for index, row in enumerate(rows):
        match = _BEFORE_TEXT.match(row.text)
        opened = heading_of(match["heading"]) if match else heading_of(row.text)
        titled = titled or not _untitled(rows[:index][:4])
        begins = row.gap or (index > 0 and rows[index - 1].text.endswith((".", ":", "!", "?", "”", '"')))
        told = kind in _CLOSED[2:] and opened in ("summary", "debate")  # a statement may tell its background
        if match is None or opened is None or not titled or not begins or told:
            kind = opened or kind
            yield row
            continue
        kind = opened
        at = row.line.start + row.line.text.index(row.text[0])
        head = Line(row.text[: match.end("heading")], at)
        yield replace(row, line=head, text=head.text)
        rest = Line(row.text[match.end() :] + row.line.text[len(row.line.text.rstrip()) :], at + match.end())
        yield replace(row, line=rest, text=row.text[match.end() :], gap=False, indented=False)


def sections(rows: Sequence[Row]) -> tuple[Section, ...]:
    """The sections of a §, its head row first, cut at heading lines. The first line of a § that has no other title
    is its title, also where it reads like a heading ("Information", "Yrkanden"); a decision is never a title."""
    rows = tuple(_headings_apart(rows))
    found: list[Section] = []
    kind, heading, body = "", None, list[Row]()
    for index, row in enumerate(rows):
        opened = heading_of(row.text)
        following = rows[index + 1].text if index + 1 < len(rows) else ""
        if opened is None and body and _may_decide(kind, row) and _decides_below(body, row, following):
            opened = "decision"
        if opened is None or (opened == "decision" and _runs_on(row.text, following)):
            body.append(row)
            continue
        if opened not in _NEVER_TITLES and heading is None and len(body) == index < 4 and _untitled(body):
            body.append(row)
            continue
        found.append(Section(kind, heading, tuple(body)))
        kind, heading, body = opened, row, []
    found.append(Section(kind, heading, tuple(body)))
    return tuple(section for section in found if section.heading is not None or section.rows)


def paragraphs(rows: Sequence[Row]) -> Iterator[tuple[Row, ...]]:
    """Rows grouped by paragraph breaks."""
    group: list[Row] = []
    for row in rows:
        if row.gap and group:
            yield tuple(group)
            group = []
        group.append(row)
    if group:
        yield tuple(group)

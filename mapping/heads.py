"""The head of a §: its title over several lines, its subtitle, its registry numbers and whose they are."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mapping.blocks import Block
from mapping.flow import flow
from mapping.lexicon import anywhere, lexicon, whole_line
from mapping.records import Quote, RegistryRef
from mapping.registry_numbers import Match, code_behind, find, registry_ref
from mapping.rows import Row
from mapping.text import Line

_LABEL = re.compile(r"\(?\s*(?:Dnr|DNR|dnr|Diarienummer|Diarienr|DIARIENR|Ärendenummer|Ärendenr)\b[.:]?\s*")
_LEADS_ON = re.compile(r"(?:svar|svar till|yttrande till|remiss|remiss från|från|till)\s*$", re.I)
# Behind a number to the line's end; the text layer may glue a code to it ("00123/20212.6.").
_CLASSIFICATION = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2}){1,4}\.?|Diariekod:?\s*\d{3})\s*$")
_LETTER = re.compile(r"[^\W\d_]")
# Lines of a head that tell of the case and are no title; some name private persons.
_NO_TITLE = re.compile(
    r"(?:Exp(?:edieras)?|Utdrag|Kopia)\s*:\s{2,}|(?:Förslagsställare|Sökande|Klagande|Fastighet|Handläggare|Diariekod|Anmälare|Föredragande|Ansvarig)\s*:"
)
# What a head tells of the case's way here, beside its title ("Remisstid 3 oktober 2016", "(bordlagd 14/9)").
_ASIDE = re.compile(
    r"(?:Remisstid\b.*|(?:Framställd|Bordlag[dt]|Återremittera[dt]|Anmäld)\s(?:den\s)?\d.*"
    r"|\((?:framställd|bordlagd|återremitterad|anmäld|väckt)\b[^)]*\))$"
)
_PAPER = re.compile(r"PM:?(?:\sR[IVX+]+)?$")  # Stockholm: "PM: RIII (Dnr 110-1188/2017)"
_STRANGE = re.compile(
    r"\s*(?:Dnr|Diarienummer)\.?:?\s*[-–]\s*$|\s*\(?(?:Dnr|DNR|dnr|Diarienummer|Diarienr|DIARIENR|Ärendenummer|Ärendenr)\b[.:]?\s*(?:[A-ZÅÄÖ]{1,4}\s)?\S*\d\S*(?:\s+\d{2,3}(?=\s|$))?\s*"
)
_ROTEL = re.compile(r"\.?\sR(?:I{1,3}|IV|VI{0,3}|IX|X)$")
_OTHER_NUMBERS = re.compile(r"\s*(?:[A-ZÅÄÖ][A-Za-zåäö]{1,4}\s§\s*\d{1,4}(?:/\d{2,4})?(?=\s|$)\s*)+")
_TITLE_ROWS = 8
_SENTENCE = 60  # characters: a line of running text, no title's second line


@dataclass(frozen=True, slots=True)
class ItemHead:
    title: Quote | None
    subtitle: Quote | None
    registry_numbers: tuple[RegistryRef, ...]
    number: Quote
    rest: tuple[Row, ...]  # rows of the head section that are body, not head


def _cut(row: Row, start: int, end: int | None = None) -> Line:
    """A part of a row's stripped text as a line of its own, offsets kept."""
    offset = row.start
    stop = len(row.text) if end is None else end
    trailing = "  " if end is None and row.line.text.endswith("  ") else ""
    return Line(row.text[start:stop] + trailing, offset + start)


def _numbers(text: str, at_head: bool) -> list[Match]:
    """Registry numbers of a head line; on the § line itself a bare one needs no label."""
    return find(text, labelled=at_head or bool(_LABEL.match(text)))


def _reference(match: Match, line: Line, role: str) -> RegistryRef:
    stretch = flow((Line(line.text[match.start : match.end], line.start + match.start),))
    return registry_ref(match, role, stretch.span())


def _role(before: str) -> str:
    return "referrer" if anywhere("titles", "referrer").search(before) else "own"


def item_head(block: Block, rows: Sequence[Row]) -> ItemHead:
    """Reads the head; `rows` are those before the first heading of the block."""
    first = block.rows[0]
    sign = flow((_cut(first, 0, max(block.head.rest_at, 1)),))
    number_at = sign.text.find(block.head.number)
    number = sign.quote(max(0, number_at), number_at + len(block.head.number) if number_at >= 0 else None)
    lines = [_cut(first, block.head.rest_at)] if block.head.rest_at < len(first.text) else []
    pending: list[tuple[Line, Row]] = [(line, first) for line in lines] + [(_cut(row, 0), row) for row in rows[1:]]
    pending = [(line, row) for before, row in pending if (line := _less_other_numbers(before)) is not None]
    pending = [(line, row) for before, row in pending if (line := _less_strange_number(before)) is not None]
    pending = [(line, row) for line, row in pending if not _ASIDE.match(line.text.strip())]
    title: list[Line] = []
    subtitle: list[Line] = []
    numbers: list[RegistryRef] = []
    closed = False
    used = 0
    for index, (line, row) in enumerate(pending):
        text = line.text.strip()
        on_head_line = row is first
        found = _numbers(line.text, on_head_line)
        if index and row.gap and title and not found and row is not first:
            break
        if row.gap and title and row is not first and len(text) > _SENTENCE and _is_body(pending[index:]):
            break  # a number may stand in the text too ("… har i skrivelse (dnr 702/04) anhållit om befrielse.")
        if row is not first and (_NO_TITLE.match(text) or (not found and _LABEL.match(text))):
            break
        if title and row is not first and not found and _is_body(pending[index:]):
            break
        if closed and not numbers and not subtitle and not row.gap and text[0].islower():
            closed = False
        bold_ends = title and pending[index - 1][1].bold and not row.bold
        if bold_ends and not found and not whole_line("titles", "subtitle").match(text):
            break
        goes_on = (
            bool(subtitle)
            and not row.gap
            and (text[0].islower() or subtitle[-1].text.rstrip().endswith(("och", ",")))
        )
        if index >= _TITLE_ROWS or (
            closed and not found and not goes_on and not whole_line("titles", "subtitle").match(text)
        ):
            break
        before = pending[index - 1][0].text if index else ""
        rest_line, refs = _without_numbers(line, found, on_head_line, before)
        numbers += refs
        rest = rest_line.text.strip() if rest_line else ""
        rest = "" if _PAPER.match(rest) else rest
        if title and rest == flow(title).text:
            rest = ""  # web pages print the title twice
        if rest and rest_line is not None:
            if title and (whole_line("titles", "subtitle").match(rest) or goes_on):
                subtitle.append(rest_line)
            elif not (title and closed) and (title or _LETTER.search(rest)):
                title.append(rest_line)
            if line.text.endswith("  ") or found and title and not on_head_line:
                closed = True
        elif refs and title:
            closed = True
        used = index + 1
    title_flow, sub_flow = flow(title), flow(subtitle)
    named, below = title_flow, sub_flow
    tail = re.search(lexicon("titles")["tail"][0], title_flow.text) if title_flow else None
    if tail and not below:
        named, below = title_flow.part(0, tail.start()), title_flow.part(*tail.span("subtitle"))
    if code := re.search(r",?\s[A-ZÅÄÖ]{2,4}$", below.text):
        # the authority of a number that could not be read stays behind it
        below = below.part(0, code.start())
    if named.text.endswith(","):
        named = named.part(0, len(named.text) - 1)  # the number that stood behind it is taken out
    if rotel := _ROTEL.search(named.text):
        # Stockholm's department of the executive board stands behind the title
        named = named.part(0, rotel.start())
    made, made_sub = named.quote() if named else None, below.quote() if below else None
    rest_rows = tuple(row for line, row in pending[used:] if row is not first)
    return ItemHead(made, made_sub, tuple(numbers), number, rest_rows)


def _less_other_numbers(line: Line) -> Line | None:
    """A line of the head without the number that another body's minutes gave the item ("Sn § 50   Au § 84")."""
    match = _OTHER_NUMBERS.match(line.text)
    if match is None:
        return line
    return Line(line.text[match.end() :], line.start + match.end()) if line.text[match.end() :].strip() else None


def _less_strange_number(line: Line) -> Line | None:
    """A line of the head without a labelled number of a form that is not known: it is no title."""
    match = _STRANGE.match(line.text)
    if match is None or find(line.text, labelled=True):
        return line
    return Line(line.text[match.end() :], line.start + match.end()) if line.text[match.end() :].strip() else None


def _is_body(pending: Sequence[tuple[Line, Row]]) -> bool:
    """Whether rows behind a title are sentences: they start with a capital and their paragraph ends with a stop."""
    paragraph = [pending[0][1].text]
    for _, row in pending[1:]:
        if row.gap:
            break
        paragraph.append(row.text)
    if len(paragraph) == 1 and len(paragraph[0].split()) < 3:
        return False
    return not paragraph[0][0].islower() and bool(re.search(r"[.!?:”\"]$", paragraph[-1]))


def _without_numbers(
    line: Line, found: list[Match], head_line: bool, before_line: str
) -> tuple[Line | None, list[RegistryRef]]:
    """The line without its registry numbers, their labels and classifications, and the numbers."""
    if not found:
        return line, []
    refs: list[RegistryRef] = []
    lead = f"{before_line.strip()} " if _LEADS_ON.search(before_line) else ""
    start, end = 0, len(line.text)
    for match in found:
        refs.append(_reference(match, line, _role(lead + line.text[: match.start])))
    before = line.text[: found[0].start]
    last = found[-1].end
    if code := code_behind(line.text, last, labelled=head_line or bool(_LABEL.match(line.text))):
        last = code.end()
    behind = line.text[last:]
    if _CLASSIFICATION.match(behind):
        behind = ""
    before = re.sub(
        r"(?<![\s,(])[\s,(]*(?:(?:Dnr|DNR|dnr|Diarienummer|Diarienr|DIARIENR|Ärendenummer|Ärendenr)[.:]?|[.:])?$",
        "",
        before.rstrip(),
    )
    before = before.rstrip(" ,(")
    if before.strip():
        end = len(before)
    else:
        start = last + (len(behind) - len(behind.lstrip(" ),.")))
        if not behind.strip(" ).,") or not head_line and len(behind.strip()) < 3:
            return None, refs
    return Line(line.text[start:end], line.start + start), refs


def settle_roles(heads: Sequence[ItemHead]) -> list[ItemHead]:
    """Own and referring numbers by authority: the authority of most items is the body's own; own first."""
    # numbers without an authority ("1.7.1-44/2020") are a group of their own
    seen = Counter(_authority(ref) for head in heads for ref in head.registry_numbers if ref.role == "own")
    own = seen.most_common(1)[0][0] if seen else None
    referring = set(lexicon("titles")["referring_authorities"])
    settled = []
    for head in heads:
        refs: list[RegistryRef] = []
        for ref in head.registry_numbers:
            authority = _authority(ref)
            others = {_authority(other) for other in head.registry_numbers if other is not ref}
            foreign = (
                authority != own and bool(others) and (authority in referring or (own is not None and own in others))
            )
            refs.append(replace(ref, role="referrer") if foreign else ref)
        refs = _first_own(refs)
        settled.append(replace(head, registry_numbers=_unique(refs)))
    return settled


def _authority(ref: RegistryRef) -> str | None:
    found = find(ref.normalised, labelled=True)
    return found[0].number.authority if found else None


def _first_own(refs: list[RegistryRef]) -> list[RegistryRef]:
    """One number is the item's own; where every number refers, the last printed alone is the own one."""
    owns = [ref for ref in refs if ref.role == "own"]
    others = [ref for ref in refs if ref.role != "own"]
    return [*owns, *others]


def _unique(refs: Iterable[RegistryRef]) -> tuple[RegistryRef, ...]:
    kept: dict[str, RegistryRef] = {}
    for ref in refs:
        kept.setdefault(ref.normalised, ref)
    return tuple(kept.values())

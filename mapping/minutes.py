"""Minutes and extracts of minutes: the meeting, its §, and everybody who acts in them."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.account import account_of
from mapping.actors import parse_actors
from mapping.acts_elsewhere import acts_settled
from mapping.blocks import Block, blocks
from mapping.cover import Cover, label_lines, read_cover, with_roll
from mapping.dates import find_dates
from mapping.document_record import document_record
from mapping.flow import Flow, flow, sentences
from mapping.heads import settle_roles
from mapping.items import heads_of, read_item
from mapping.kinds import is_web_page
from mapping.known import Known
from mapping.lexicon import heading_of
from mapping.operative import tells_adjusted
from mapping.people import actors_in, stated_parties, with_parties
from mapping.presence import once_each
from mapping.records import Actor, Attendance, DocumentRecord, Item, Meeting
from mapping.roll_votes import open_lists, with_rolls
from mapping.rolls import Roll, rolls
from mapping.rows import Layout, Row, paragraphs
from mapping.setting import Setting, setting
from mapping.text import Span, Text
from mapping.told_presence import ROLL_CALL, told_attendance

_ADJUSTING = re.compile(
    r"\b(?:utsågs|utses|utse|utser|väljs|väljer|välja|valdes|att justera)\b.*\bjustera"
    r"|justera\w* .*(?:utsågs|utses|väljs|valdes)",
    re.I,
)
_WHEN = re.compile(r"juster(?:ing(?:en)?|as|at|a|ats|ades|des)\b", re.I)
_COLUMNS = re.compile(r"\S\s{3,}\S")
_ADJUSTED_ON = re.compile(r"[Pp]rotokoll(?:et)?\b[^.]{0,40}\sjustera(?:s|des|ts|t)\b")


def read_minutes(text: Text, page: Layout, kind: str, known: Known, given: str | None) -> DocumentRecord:
    """Minutes: the cover and the lists of members, every §, and who chaired, kept and adjusted them."""
    listed = rolls(page.rows, known)
    rows = _less(page.rows, listed)
    before, found = blocks(rows, web=is_web_page(text))
    heads = settle_roles(heads_of(found))
    every = [int(match.group()) for head in heads if (match := re.match(r"\d+", head.number.text))]
    cover = with_roll(read_cover(before, known, every), [entry for roll in listed for entry in roll.present], every)
    end = _end_of(found, rows, len(text.canonical))
    cover = _signed(cover, [row for row in page.rows if row.line.start >= end][-_SIGNED_ROWS:], known)
    cover = _with_told(cover, before, found[:_ROLL_CALL_WITHIN], known, every)
    # web pages of one § each print the title above the head of the minutes
    top = before or (found[0].rows[:_HEAD_OF_PAGE] if found else ())
    where = setting(text, page, [row.line for row in top], given)
    chaired = next((entry.actor for entry in cover.attendance if entry.role == "chair"), cover.chair)
    known = replace(known, body=where.body, roll=tuple(entry.actor for entry in cover.attendance), chair=chaired)
    items = tuple(
        read_item(block, head, position, known)
        for position, (block, head) in enumerate(zip(found, heads, strict=True), 1)
    )
    items = acts_settled(items, text.canonical)
    listed_votes = [vote for roll in rolls(page.rows, known) for vote in roll.votes]
    items = with_rolls(items, listed_votes, end)
    where = replace(where, date=where.date or cover.date, date_span=where.date_span or cover.date_span)
    parties = stated_parties((cover.attendance, items))
    items = tuple(with_parties(item, parties) for item in items)
    meeting = with_parties(_meeting(where, cover, items, page, known), parties)
    record = document_record(kind, where, items, meeting=meeting)
    account = account_of(text, page, record, label_lines(before, record), open_lists=open_lists(items, listed_votes))
    return replace(record, account=account)


_HEAD_OF_PAGE = 6  # rows below the title of a web page that are its head
_BESIDE_CHAIR = re.compile(r"(?:jämte|utöver|förutom|tillsammans med)\s(?:nämndens\s)?ordförande", re.I)
_ROLL_CALL_WITHIN = 3  # § in which the roll is called
_SIGNED_ROWS = 40  # rows at the end of a document that may be its signatures


def _with_told(
    cover: Cover, before: Sequence[Row], first: Sequence[Block], known: Known, every: Sequence[int]
) -> Cover:
    """The cover with what sentences tell of who was there and who adjusts: those of the cover page, and of the §
    of the roll call."""
    called = [block.rows[1:] for block in first if any(ROLL_CALL.search(row.text) for row in block.rows[:3])]
    prose = [
        flow(row.line for row in group)
        for part in (before, *called)
        for group in paragraphs(part)
        if not any(_COLUMNS.search(row.text) for row in group)
    ]
    entries = list(told_attendance(prose, known, every))
    told = [sentence for group in paragraphs(before) for sentence in sentences(flow(row.line for row in group))]
    adjusters = cover.adjusters or next(
        (
            tuple(found)
            for sentence in told
            if _ADJUSTING.search(sentence.text) and (found := _elected(sentence, known))
        ),
        (),
    )
    when = next(
        (
            (dates[0].date, sentence.span(dates[0].start, dates[0].end), not tells_adjusted(sentence.text))
            for sentence in told
            if _ADJUSTED_ON.search(sentence.text) and (dates := find_dates(sentence.text))
        ),
        None,
    )
    if when:
        cover = cover.adjusted(*when)
    return replace(cover, adjusters=adjusters, attendance=once_each((*cover.attendance, *entries)))


def _signed(cover: Cover, rows: Sequence[Row], known: Known) -> Cover:
    """The cover with who signed and when it was adjusted, where only the last page tells."""
    signed = read_cover(rows, known, ())
    if signed.adjusted_on and signed.adjusted_on_span:
        cover = cover.adjusted(signed.adjusted_on, signed.adjusted_on_span, signed.adjustment_announced)
    return replace(
        cover,
        chair=cover.chair or signed.chair,
        secretary=cover.secretary or signed.secretary,
        adjusters=cover.adjusters or signed.adjusters,
    )


def _end_of(found: Sequence[Block], rows: Sequence[Row], end: int) -> int:
    """Where the last § ends, with the lists that stand in it; what stands behind it are annexes."""
    last = found[-1].rows[-1].line.start if found else end
    return next((row.line.start for row in rows if row.line.start > last), end)


def _less(rows: Sequence[Row], listed: Sequence[Roll]) -> tuple[Row, ...]:
    taken = {row.line.start for roll in listed for row in roll.rows}
    return tuple(row for row in rows if row.line.start not in taken)


def _meeting(where: Setting, cover: Cover, items: Sequence[Item], page: Layout, known: Known) -> Meeting:
    adjusters, when = _adjustment(items, page, known)
    if when:
        cover = cover.adjusted(*when)
    chair = next((entry.actor for entry in cover.attendance if entry.role == "chair"), cover.chair)
    secretary = next((entry.actor for entry in cover.attendance if entry.role == "secretary"), cover.secretary)
    if secretary is not None:
        cover = replace(cover, attendance=tuple(_keeping(seat, secretary) for seat in cover.attendance))
    # Those who sign as chair and secretary were there, whether or not a roll lists them.
    listed = {entry.actor.name for entry in cover.attendance}
    signed = ((cover.chair, "chair"), (secretary, "secretary"))
    attendance = (
        *cover.attendance,
        *(Attendance(actor, role) for actor, role in signed if actor is not None and actor.name not in listed),
    )
    return Meeting(
        where.date,
        where.date_span,
        where.minutes_number,
        cover.location,
        chair or _spoken_chair(items),
        secretary,
        adjusters or cover.adjusters,
        cover.adjusted_on,
        cover.adjusted_on_span,
        cover.adjustment_announced,
        attendance,
    )


def _keeping(seat: Attendance, secretary: Actor) -> Attendance:
    """Who signs as secretary kept the minutes, also where the roll lists an official only."""
    keeps = seat.role == "official" and seat.actor.name == secretary.name
    return replace(seat, role="secretary") if keeps else seat


def _adjustment(
    items: Sequence[Item], page: Layout, known: Known
) -> tuple[tuple[Actor, ...], tuple[datetime.date, Span, bool] | None]:
    """Adjusters elected in a §, and when the minutes are adjusted, where the § tells, and whether it only announces
    it."""
    for item in items:
        if item.title is None or not re.search(r"juster", item.title.text, re.I):
            continue
        rows = [row for row in page.rows if item.span.start <= row.line.end and row.line.start < item.span.end]
        title = item.title.span
        below = [row for row in rows[1:] if not title.start <= row.start < title.end and heading_of(row.text) is None]
        whole = flow(row.line for row in below)
        actors: list[Actor] = []
        when: tuple[datetime.date, Span, bool] | None = None
        for sentence in sentences(whole):
            dates = find_dates(sentence.text)
            if dates and _WHEN.search(sentence.text) and when is None:
                span = sentence.span(dates[0].start, dates[0].end)
                when = dates[0].date, span, not tells_adjusted(sentence.text)
            if not actors and _ADJUSTING.search(sentence.text):
                actors = _elected(sentence, known)
        if actors or when:
            return tuple(actors), when
    return (), None


def _elected(sentence: Flow, known: Known) -> list[Actor]:
    """The names of an election, less the reserve behind "med … som ersättare"."""
    reserve = re.search(r"\bmed\s[^.]*\bsom\s(?:ersättare|reserv)|\b(?:ersättare|reserv)\b\s*:?\s", sentence.text)
    end = reserve.start() if reserve else len(sentence.text)
    active = re.search(r"\b(?:utse|utser|välja|väljer)\s", sentence.text[:end])
    sentence = sentence.part(0, end)
    if active is not None:
        sentence = sentence.part(active.end())
    beside = re.search(
        r"\b(?:jämte|utöver|förutom|tillsammans med)\s[^,.]*?(?=\s(?:utses|utsågs|väljs|valdes)\b|$)",
        sentence.text,
        re.I,
    )
    if beside is not None and active is None and (not beside.start() or _BESIDE_CHAIR.match(beside.group())):
        sentence = sentence.part(beside.end())
    end = len(sentence.text)
    found: list[Actor] = []
    at = 0
    while at < end:
        actors, stop = parse_actors(sentence, at, known)
        if actors and sentence.offsets.index(actors[0].span.start) < end:
            found += [actor for actor in actors if actor.name]
            break
        following = re.compile(r"\s+").search(sentence.text, max(at, stop))
        at = following.end() if following else end
    return found


def _spoken_chair(items: Sequence[Item]) -> Actor | None:
    """The chair as named in a §: "Ordföranden A B (S)"."""
    for actor in actors_in(items):
        if actor.name and actor.title and actor.title.lower() in ("ordföranden", "ordförande"):
            return actor
    return None

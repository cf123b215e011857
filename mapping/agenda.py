"""Agendas: kallelser with numbered items, and web pages whose titles are mostly lost (Stockholm 2025)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.account import account_of
from mapping.actors import find_actors
from mapping.administration_proposals import administration_proposals
from mapping.agenda_list import listed_items
from mapping.blocks import blocks
from mapping.dates import find_dates
from mapping.document_record import document_record
from mapping.flow import Flow, flow
from mapping.heads import settle_roles
from mapping.items import heads_of, item_type, read_item
from mapping.known import Known
from mapping.lexicon import BODY, whole_line
from mapping.listed_documents import listed_documents
from mapping.matters import item_matter, kind_of
from mapping.records import Actor, DocumentRecord, Item, Matter, Meeting, Proposal, Quote, RegistryRef
from mapping.registry_numbers import find, references, registry_ref
from mapping.rows import Layout, Row
from mapping.setting import Setting, setting
from mapping.text import Span, Text

_END_OF_ITEM = re.compile(r"(?:Bilagor|Bilaga|Läs mer|Handlingar|BILAGOR|BILAGA|LÄS MER|HANDLINGAR)\s?:?$")
_PAPER = re.compile(
    r"(?:Tjänsteutlåtande|Tjänsteskrivelse|Bilaga|Protokoll(?:sutdrag)?|Förteckning|Delegations(?:lista|förteckning)"
    r"|Remiss(?:brev|handling\w*|missiv)|Missiv|Minnesanteckningar|Presentation|Underlag|Sändlista)\b"
)
_WEEKDAY = r"(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?"
_PAGE_HEAD = re.compile(
    rf"(?:{BODY}(?:en|et|n)?(?:\s\d{{4}}-\d\d-\d\d)?|[A-ZÅÄÖ][\wåäö]+s? (?:kommun|stad)(?:, .*)?|\d{{4}}-\d\d-\d\d"
    r"|(?:Mötet|Sammanträdet) (?:börjar|inleds)\b.*"
    r"|(?:Kallelse|Föredragningslista|Dagordning|Sammanträde|Möte)\b.{0,60}"
    rf"|(?:Tid|Plats|Datum|Klockan|Lokal|Sammanträdesrum)\b:?(?:\s.{{0,80}})?|\d{{4}}-\d\d-\d\d\s(?:kl\.?\s?)?\d\d[.:]\d\d.{{0,20}}"
    rf"|(?i:{_WEEKDAY})\s(?:den\s)?\d{{1,2}}\s[a-z]+\s\d{{4}}.{{0,20}}|[Kk]l\.?\s\d\d[.:]\d\d.{{0,20}}"
    r"|Meny|Sök|Start|Hem|Logga in|Till innehållet|Lyssna|Start / .*)$"
)
# What the foot of a web page says below the last item.
_WEB_FOOT = re.compile(
    r"(?:Kontakt(?:a\s.{0,60}|\s?uppgifter)?|Om webbplatsen|Om (?:kakor|cookies)|Tillbaka( till .*)?"
    r"|Visa fler|Dela|Skriv ut"
    r"|Tillgänglighetsredogörelse|(?:Nämnd|Kommun|Region)sekreterare(?:\s.{3,50})?)$"
)
_LEGEND = re.compile(r"Ärende utan bilagor$|Ärendet är sekretessbelagt\b")
_CALLED = re.compile(
    r"\bkalla[sd]?e?\b.{0,80}\b(?:sammanträde|möte)"
    r"|(?<!\w)(?:Tid och plats|Plats och tid|Tid|Sammanträdesdatum|Mötesdatum|Sammanträdesdag)\b"
    r"|\b(?:sammanträder|sammanträde med)\b"
)
_LABEL_LINE = re.compile(r"\s*[A-ZÅÄÖ]\w+\s*:")
_STANDS_ALONE = ("formality", "information")
_TITLE_LENGTH = 240
_SHORT = 90


def read_agenda(text: Text, page: Layout, kind: str, known: Known, given: str | None) -> DocumentRecord:
    """A notice of meeting: items numbered as §, in a list, or on a web page one behind the other. Those who are
    called are not yet present, what is proposed is not yet decided."""
    before, found = blocks(page.rows)
    listed = listed_items(page, page.rows, known) if len(found) < 3 else None
    if len(found) >= 3:
        heads = settle_roles(heads_of(found))
        items = [read_item(b, h, n, known) for n, (b, h) in enumerate(zip(found, heads, strict=True), 1)]
    elif listed is not None:
        before, items = listed.before, list(listed.items)
    else:
        rows = _less_web_foot([row for row in page.rows if not whole_line("furniture", "web_notice").match(row.text)])
        head = _page_head_ends(rows)
        before, rows = tuple(rows[:head]), rows[head:]
        items = [_item(group, papers, n, known) for n, (group, papers) in enumerate(_groups(rows), 1)]
    head_rows = [row.line for row in before]
    items = [_undecided(item) for item in items]
    where = _held(setting(text, page, head_rows, given), before)
    meeting = Meeting(where.date, where.date_span, where.minutes_number)
    record = document_record(kind, where, items, meeting=meeting)
    return replace(record, account=account_of(text, page, record))


def _undecided(item: Item) -> Item:
    """An item of an agenda: nothing is decided yet, and what is printed as decisions is what is proposed."""
    # what members moved when another body prepared the case is not moved at this meeting
    proposals = tuple(p for p in item.proposals if all(actor.is_administration for actor in p.by))
    if item.decision is not None and item.decision.points and not proposals:
        span = item.decision.span
        office = Actor("Förvaltningen", None, span, is_administration=True)
        proposals = (Proposal((office,), "own", span, points=item.decision.points),)
    return replace(
        item,
        decision=None,
        proposals=proposals,
        votes=(),
        reservations=(),
        withdrawals=(),
        statements=(),
        immediately_adjusted=None,
    )


def _held(where: Setting, before: Sequence[Row]) -> Setting:
    """Where and when, the day of the meeting going before the day on which the notice was written."""
    lines = [row.line for row in before[:40]]
    for line, following in zip(lines, (*lines[1:], None), strict=False):
        match = _CALLED.search(line.text)
        if match is None:
            continue
        for told in (line, following):
            dates = find_dates(told.text) if told is not None else []
            if told is not None and dates and (told is line or not _LABEL_LINE.match(told.text)):
                return replace(
                    where, date=dates[0].date, date_span=Span(told.start + dates[0].start, told.start + dates[0].end)
                )
    return where


def _less_web_foot(rows: Sequence[Row]) -> list[Row]:
    """The rows up to the foot of a web page, less the legend of its signs."""
    kept = [row for row in rows if not _LEGEND.match(row.text)]
    end = next((i for i, row in enumerate(kept) if i > len(kept) // 2 and _WEB_FOOT.match(row.text)), len(kept))
    return kept[:end]


def _page_head_ends(rows: Sequence[Row]) -> int:
    """How many of the first rows are the head of a web page: up to the last of them that only a head holds."""
    end = 0
    for index, row in enumerate(rows[:14]):
        if _page_head(rows, index):
            end = index + 1
        elif _formal(row.text) or _END_OF_ITEM.match(row.text) or len(row.text) > _SHORT:
            break
    return end


def _page_head(rows: Sequence[Row], index: int) -> bool:
    """Whether a row belongs to the head of a web page: a label, or the value under one."""
    labelled = index > 0 and re.match(r"(?:Plats|Lokal|Tid|Datum|Klockan):?$", rows[index - 1].text)
    return bool(labelled or _PAGE_HEAD.match(rows[index].text))


def _is_title(row: Row) -> bool:
    return len(row.text) < _TITLE_LENGTH and not re.search(r"[.:;!?]$", row.text)


def _groups(rows: Sequence[Row]) -> list[tuple[tuple[Row, ...], list[Row]]]:
    """Rows of one item each, with the rows that name its papers: up to "Bilagor" and what is listed there, a title
    that stands alone, or a title behind a finished text."""
    groups: list[tuple[tuple[Row, ...], list[Row]]] = []
    group: list[Row] = []
    listing = False
    for index, row in enumerate(rows):
        if _END_OF_ITEM.match(row.text):
            if group:
                groups.append((tuple(group), []))
            group = []
            listing = bool(groups)
            continue
        if listing and not group and _is_paper(row, groups[-1][0][0].text):
            groups[-1][1].append(row)
            continue
        group.append(row)
        following = rows[index + 1] if index + 1 < len(rows) else None
        alone = len(group) == 1 and _is_title(row) and following is not None
        alone = alone and (_formal(row.text) or (following is not None and _short(row) and _short(following)))
        if alone or following is not None and len(group) == 1 and _is_title(row) and _formal(following.text):
            groups.append((tuple(group), []))
            group = []
            listing = False
    if group:
        groups.append((tuple(group), []))
    return groups


def _is_paper(row: Row, title: str) -> bool:
    """Whether a row below "Bilagor" names a paper of the item above, whose title it may repeat."""
    return _is_title(row) and bool(_PAPER.match(row.text) or row.text.lower() in title.lower())


def _short(row: Row) -> bool:
    """Whether a row is a title by itself: short, and no sentence."""
    return _is_title(row) and len(row.text) < _SHORT and not row.bullet


def _formal(title: str) -> bool:
    return item_type(title) in _STANDS_ALONE or title.startswith("Nämndens frågor")


def _item(rows: Sequence[Row], papers: Sequence[Row], position: int, known: Known) -> Item:
    whole = flow(row.line for row in rows)
    titled = _is_title(rows[0])
    title_flow = flow((rows[0].line,)) if titled else Flow("", ())
    title = title_flow.quote() if titled else None
    summary = flow(row.line for row in rows[1 if titled else 0 :])
    numbers = _numbers(whole)
    matter = item_matter(title, title_flow, Flow("", ()), summary, known) or _told(summary, known)
    return Item(
        position,
        whole.span(),
        title,
        item_type=item_type(title.text) if title else (_type_of(matter)),
        registry_numbers=numbers,
        matters=(matter,) if matter else (),
        summary=summary.quote() if summary else None,
        proposals=tuple(administration_proposals(summary))[-1:] if summary else (),
        documents=listed_documents(papers, "Bilagor"),
        references=tuple(Quote(r.text, whole.span(r.start, r.end)) for r in references(whole.text)),
    )


def _type_of(matter: Matter | None) -> str:
    return matter.kind if matter and matter.kind in ("motion", "member-letter", "referral") else "other"


def _numbers(whole: Flow) -> tuple[RegistryRef, ...]:
    """Numbers in a summary are of the cases it tells of, not known to be the item's own."""
    kept: dict[str, RegistryRef] = {}
    for match in find(whole.text):
        ref = registry_ref(match, "other", whole.span(match.start, match.end))
        kept.setdefault(ref.normalised, ref)
    return tuple(kept.values())


def _told(summary: Flow, known: Known) -> Matter | None:
    """The matter that a summary without a title tells of in its first sentences; its words are its title."""
    if not summary:
        return None
    first = summary.text[:300]
    kind = kind_of(first)
    if kind is None or (kind == "referral" and not re.search(r"remitterat|remiss", first)):
        return None
    word = {"motion": r"\bmotion(?:en)?\b", "member-letter": r"\bskrivelse(?:n)?\b"}.get(
        kind, r"\bremiss(?:en)?\b|\bremitterat\b"
    )
    about = re.search(
        rf"(?:{word})(?:[^.]|m\.\s?fl\.)*?\s(?:gällande|angående|om|kring)\s(?P<title>[^.]{{8,200}})", first, re.I
    )
    title = summary.quote(*about.span("title")) if about else summary.quote(0, min(120, len(summary.text)))
    end = re.search(
        r"\shar (?:inkommit|ställts|lämnats)\b|\ssom föreslår\b"
        r"|\still\s(?:(?!\still\s)[^.]){0,40}(?:nämnd|styrelse)\w*\sför\s",
        title.text,
    )
    if about and end:
        title = summary.quote(about.start("title"), about.start("title") + end.start())
    read = item_matter(title, Flow("", ()), Flow("", ()), summary, known)
    authors = read.authors if read else ()
    if not authors:
        made = item_matter(Quote(_word(kind), title.span), Flow(_word(kind), ()), Flow("", ()), summary, known)
        authors = made.authors if made else ()
    if not authors and kind in ("motion", "member-letter"):
        authors = tuple(find_actors(_first_sentence(summary), known))
    return Matter(kind, title.text, title.span, authors)


def _first_sentence(summary: Flow) -> Flow:
    end = summary.text.find(". ")
    return summary.part(0, end + 1 if end > 0 else None)


def _word(kind: str) -> str:
    return {"motion": "Motion", "member-letter": "Skrivelse"}.get(kind, "Remiss")

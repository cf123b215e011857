"""Official reports (tjänsteutlåtande, tjänsteskrivelse): who answers, to whom, when, and what is proposed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mapping.dates import find_dates
from mapping.flow import Flow, flow, sentences
from mapping.known import Known
from mapping.lexicon import BODY, anywhere, heading_of, whole_line
from mapping.listed_documents import listed_documents
from mapping.matters import item_matter
from mapping.points import as_quote, span_of, split_points
from mapping.records import Actor, DocumentRecord, Item, ListedDocument, Matter, Point, Proposal, Quote, RegistryRef
from mapping.registry_numbers import find, registry_ref
from mapping.rows import Layout, Row, paragraphs
from mapping.sections import Section, sections
from mapping.single_matter import Piece, cited, located, named, own_numbers, pieces, record_of
from mapping.text import Line, Span, Text
from ontology import municipality_code

_HANDLED = re.compile(
    r"(?:Handläggare|Referens|Kontaktperson|Föredragande|Ansvarig handläggare|Vår handläggare)\b\s*:?\s*(?P<name>.*)$"
)
_POST = re.compile(
    r"(?:[Tt](?:f|illförordnad)\.?\s|[Bb]iträdande\s)?(?:[\wåäöÅÄÖ-]+\s(?:och\s)?){0,3}?[\wåäöÅÄÖ-]*(?:direktör|chef|utredare|sekreterare|handläggare"
    r"|strateg|controller|samordnare|utvecklare|jurist|ekonom|planerare|arkitekt|ingenjör|ledare|inspektör|rektor|ansvarig)\b.{0,40}$",
    re.I,
)
_REACHED = re.compile(r"(?:(?:Tel|Tfn|Telefon)\b\.?:?\s?)?0\d{1,3}[ -]\d[\d ]{4,}$|[\w.-]{1,60}@[\w.-]{1,60}$")
_LABEL = re.compile(
    r"(?:Dnr|Diarie\w*|Datum|Handläggare|Till|Ink\.?|Sida|Telefon|Tfn|Tel|E-post|Referens|Mottagare|Dokumenttyp|Utfärdat"
    r"|Vår beteckning|Er beteckning"
    r"|Version|Motionär(?:er)?|Förslagsställare|Frågeställare|Tjänsteutlåtande|Tjänsteskrivelse|Beslutsunderlag till"
    r"|Ärende(?:nummer|nr))\b",
    re.I,
)
_OFFICE = re.compile(
    r"[A-ZÅÄÖ][\wåäöÅÄÖ]*(?:-(?:,?\s[\wåäö]+-)*\s(?:och|samt)\s[\wåäö]+)?(?:förvaltningen|förvaltning|kontoret|kontor|staben|stab|kansliet|sektorn|avdelningen)\b"
)
_RECEIVER = re.compile(
    rf"(?:(?:[\wåäöÅÄÖ]+\s)?[Tt]ill:?\s+)?(?P<body>(?i:kommun|region)(?:styrelsen|fullmäktige)|{BODY}(?:en|et|n)?)(?=$|\s\d|,\s)"
)
_PROPOSES = re.compile(
    rf"(?P<body>{BODY}(?:en|et|n)?)\s(?:beslutar|föreslår|godkänner|överlämnar|avstyrker|tillstyrker|antar|avslår|beviljar|uppdrar|ger|lämnar|noterar)\b"
)
_PLACED = re.compile(r"[A-ZÅÄÖ][\wåäöé -]{2,30}(?:kommun|KOMMUN|[Ss]tad|STAD)(?:\s[\wåäöÅÄÖ]+)?$")
_REFERS = re.compile(r"\bremitter|\bremiss", re.I)
_ANSWERS = re.compile(
    r"(?P<name>.+?)(?:[.,]|\s[–-])\s+(?=(?:[Ss]var på|[Yy]ttrande över|[Rr]emiss(?:svar)?)\b"
    r".*(?:[Mm]otion|[Ss]krivelse|[Mm]edborgarförslag))"
)
_OF_PARTY = re.compile(r"\s*\((?P<code>[A-Za-zÅÄÖåäö]{1,5})\)$")


def read_official_report(text: Text, page: Layout, kind: str, known: Known, given: str | None) -> DocumentRecord:
    """A report of officials: no decision and no meeting. Its signatories and handlers are officials; who applied,
    proposed as a citizen or is only mentioned is nobody here."""
    rows = page.rows
    where, _ = located(text, page, given)
    found = sections(rows)
    opened = next(
        (i for i, row in enumerate(rows) if heading_of(row.text) in ("proposed", "summary", "decision")), len(rows)
    )
    head = rows[:opened]
    named_there = _officials(rows, opened, known)
    officials = tuple({actor.name: actor for actor in reversed(named_there)}.values())[::-1]
    signed = [actor.span.start for actor in named_there]
    proposed = _proposed(found)
    points = tuple(point for rows_of in proposed for point in _points(rows_of, signed))
    office = _office((*(row.line for row in rows[:20]), *page.furniture))
    proposals: tuple[Proposal, ...] = ()
    if points and office is not None:
        proposals = (Proposal((office,), "own", span_of(points), points=points),)
    title = _title(head, known)
    summary_rows = [row for section in found if section.kind == "summary" for row in section.rows]
    summary = flow(row.line for row in summary_rows)
    whole, references = cited(page)
    item = Item(
        1,
        whole.span(),
        title,
        item_type="report",
        registry_numbers=(*own_numbers(head, page.furniture), *_referred(head, summary)),
        matters=tuple(m for m in (_reported(title, head, summary, known),) if m),
        summary=as_quote(summary_rows),
        proposals=proposals,
        documents=_attached(found, signed),
        officials=officials,
        references=references,
    )
    item = replace(
        item, registry_numbers=tuple({ref.normalised: ref for ref in reversed(item.registry_numbers)}.values())[::-1]
    )
    body = _receiver(head, flow(row.line for rows_of in proposed for row in rows_of))
    return record_of(text, page, kind, where, body, title, item)


def _proposed(found: Sequence[Section]) -> tuple[tuple[Row, ...], ...]:
    """The rows of the proposal, those under each sentence that proposes ("… föreslår kommunfullmäktige besluta",
    "… beslutar för egen del") apart, the sentence first."""
    kept: list[tuple[Row, ...]] = []
    for section in found:
        if section.kind == "proposed" and not kept:
            kept.append(section.rows)
        elif (
            section.kind == "decision" and section.heading is not None and (kept or section.heading.text == "Beslut")
        ):
            kept.append((section.heading, *section.rows))
        elif kept:
            break
    return tuple(kept)


def _points(rows: Sequence[Row], signed: Iterable[int]) -> Iterator[Point]:
    """The proposed decisions, list upon list; a sentence without any mark is one."""
    end = next(
        (i for i, row in enumerate(rows) if any(row.line.start <= at < row.line.end for at in signed)), len(rows)
    )
    rest: Sequence[Row] = rows[:end]
    made = False
    while rest:
        split = split_points(rest)
        if not split.points:
            break
        yield from split.points
        made, rest = True, split.rest if len(split.rest) < len(rest) else ()
    if not made and rest:
        paragraph = list(next(paragraphs(rest)))
        stretch = flow(row.line for row in paragraph)
        if not stretch.text.endswith(":"):
            yield Point(stretch.text, stretch.span())


def _receiver(head: Sequence[Row], proposal: Flow) -> Quote | None:
    """The body that a report goes to: addressed in its head, else the one that is to decide."""
    parts = list(pieces(head))
    for before, piece in zip((None, *parts), parts, strict=False):
        match = _RECEIVER.match(piece.text)
        if match is None:
            continue
        labelled = before is not None and re.fullmatch(r"(?:Till|Mottagare|Beslutsinstans):?", before.text)
        whole = match.end() == len(piece.text) or bool(re.match(r"\s\d|,\s", piece.text[match.end() :]))
        if "till" in piece.text[: match.start("body")].lower() or (
            whole and (labelled or find_dates(piece.text) or _to(parts, piece))
        ):
            return flow((piece.line,)).quote(*match.span("body"))
    match = _PROPOSES.search(proposal.text)
    return proposal.quote(*match.span("body")) if match else None


def _to(parts: Sequence[Piece], piece: Piece) -> bool:
    """Whether "Till" or "Mottagare" stands above a piece, in its column."""
    return any(
        0 < piece.row - other.row <= 2
        and abs(other.column - piece.column) <= 3
        and re.fullmatch(r"(?:Till|Mottagare):?", other.text)
        for other in parts
    )


def _title(rows: Sequence[Row], known: Known) -> Quote | None:
    """The last paragraph of the head that is no label: blank lines, or where they are lost labels, bound it."""
    kept: list[Row] = []
    for row in reversed(rows):
        parts = list(pieces((row,)))
        if len(parts) != 1 or _labels(parts[0], kept[0].text if kept else "", known):
            if kept:
                break
            continue
        kept.insert(0, row)
        if row.gap:
            break
    while len(kept) > 1 and whole_line("titles", "subtitle").match(kept[-1].text) and not kept[-1].text[0].islower():
        kept.pop()
    return flow(row.line for row in kept).quote() if kept else None


def _labels(piece: Piece, below: str, known: Known) -> bool:
    """Whether a piece of the head is no title; `below`: the row of the title under it."""
    text = piece.text
    if _LABEL.match(text) or _PLACED.match(text) or (find(text, labelled=True) and len(text) < 40):
        return True
    if (match := _OFFICE.match(text)) and match.end() == len(text) or municipality_code(text) is not None:
        return True
    if (received := _RECEIVER.match(text)) and received.end() == len(text):
        return True
    dates = find_dates(text)
    if dates and len(text) - len(dates[0].verbatim) < 20:
        return True
    if not re.search(r"[^\W\d_]{3}", text) and not (below or _OF_PARTY.match(text)):
        return True
    return any(actor.party is None for actor in named(piece, known)) and not below.startswith("(")


def _officials(rows: Sequence[Row], opened: int, known: Known) -> tuple[Actor, ...]:
    """Who handles the report (beside or under the label) and who signs it (a name above a post)."""
    parts = list(pieces(rows))
    found: list[Actor] = []
    for index, piece in enumerate(parts):
        label = _HANDLED.match(piece.text) if piece.row < opened else None
        if label is None:
            if (title := _below(parts, index, _POST)) and (name := _name(piece, known)):
                found.append(replace(name, title=title))
            elif piece.row < opened and _below(parts, index, _REACHED) and (name := _name(piece, known)):
                found.append(name)
            continue
        inline = Piece(
            piece.row, piece.column, Line(label.group("name"), piece.line.start + label.start("name")), False
        )
        if label.group("name"):
            name = _name(inline, known)
            if name is not None:
                found.append(name)
            continue
        for below in parts[index + 1 :]:
            if below.row > piece.row + 4 or (below.column == piece.column and _LABEL.match(below.text)):
                break
            beside = below.row == piece.row and below is parts[index + 1] and not _LABEL.match(below.text)
            if (beside or abs(below.column - piece.column) <= 3) and (name := _name(below, known)):
                found.append(name)
    return tuple(found)


def _name(piece: Piece, known: Known) -> Actor | None:
    """The official whose name a piece is, with the post behind a comma."""
    name, _, post = piece.text.partition(",")
    if post and not _POST.match(post.strip()):
        return None
    actors = named(replace(piece, line=Line(name, piece.line.start)), known)
    if len(actors) != 1 or actors[0].party is not None or _OFFICE.search(name) or re.search(BODY, name):
        return None
    return replace(actors[0], title=actors[0].title or post.strip() or None, is_official=True)


def _below(parts: Sequence[Piece], index: int, what: re.Pattern[str]) -> str | None:
    """What stands at once below a piece in its column, if it is what is wanted: a post, a telephone number."""
    piece = parts[index]
    for below in parts[index + 1 : index + 8]:
        if below.row > piece.row + 1:
            break
        if below.row == piece.row + 1 and abs(below.column - piece.column) <= 3:
            return below.text if what.match(below.text) else None
    return None


def _reported(title: Quote | None, head: Sequence[Row], summary: Flow, known: Known) -> Matter | None:
    """What a report is about: the motion or letter that its title names, else the report itself."""
    if title is None:
        return None
    subtitle = next(
        (flow((row.line,)) for row in head if whole_line("titles", "subtitle").match(row.text)), Flow("", ())
    )
    lines = [row.line for row in head if title.span.start <= row.line.end and row.line.start < title.span.end]
    told = flow(lines)
    matter = item_matter(title, told, subtitle, summary, known)
    if matter is None:
        return Matter("report", title.text, title.span)
    answer = _ANSWERS.match(told.text)
    if answer is not None:
        behind = told.part(answer.end())
        second = item_matter(behind.quote(), behind, Flow("", ()), summary, known)
        matter = replace(second or matter, title=answer.group("name"))
    party = _OF_PARTY.search(matter.title)
    if party and (known.code(party.group("code")) or any(a.party == party.group("code") for a in matter.authors)):
        matter = replace(matter, title=matter.title[: party.start()])
    return matter


def _referred(head: Sequence[Row], summary: Flow) -> tuple[RegistryRef, ...]:
    """The number of the body that refers the matter, told where the referral is told."""
    found: list[RegistryRef] = []
    for row in head:
        text = row.line.text
        for match in find(text):
            if anywhere("titles", "referrer").search(text[: match.start]):
                span = row.line.span(match.start, match.end)
                found.append(registry_ref(match, "referrer", span))
    for sentence in sentences(summary):
        if not _REFERS.search(sentence.text):
            continue
        for match in find(sentence.text):
            span = sentence.span(match.start, match.end)
            found.append(registry_ref(match, "referrer", span))
    return tuple(found[:1])


def _attached(found: Sequence[Section], signed: Iterable[int]) -> tuple[ListedDocument, ...]:
    """The documents listed; the office and the names that sign below them are none."""
    for section in found:
        if section.kind != "documents" or not section.rows:
            continue
        rows = section.rows
        end = next(
            (i for i, row in enumerate(rows) if any(row.line.start <= at < row.line.end for at in signed)), len(rows)
        )
        rows = rows[:end]
        while rows and (match := _OFFICE.match(rows[-1].text)) and match.end() == len(rows[-1].text):
            rows = rows[:-1]
        return listed_documents(rows, "Bilaga")
    return ()


def _office(lines: Iterable[Line]) -> Actor | None:
    for line in lines:
        match = _OFFICE.search(line.text)
        if match:
            at = line.start + match.start()
            return Actor(match.group(), None, Span(at, at + len(match.group())), is_administration=True)
    return None

"""Documents about one matter: a motion as it was handed in, an official report (tjänsteutlåtande)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mapping.account import account_of
from mapping.actors import Known, find_actors, parse_actors
from mapping.dates import find_dates
from mapping.flow import Flow, flow
from mapping.lexicon import BODY, anywhere, heading_of, whole_line
from mapping.listed_documents import listed_documents
from mapping.matters import item_matter
from mapping.people import people
from mapping.points import as_quote, split_points
from mapping.records import Actor, DocumentRecord, Item, ListedDocument, Matter, Point, Proposal, Quote, RegistryRef
from mapping.registry_numbers import find, references, registry_ref
from mapping.rows import Layout, Row, paragraphs
from mapping.sections import Section, sections
from mapping.setting import setting
from mapping.text import Line, Span, Text

_ASKS = re.compile(
    r"\b(?:yrkar|föreslår|hemställer)\b[^.]*:?$|föreslår (?:vi|jag)\b|^(?:Förslag till beslut|Yrkande)"
)
_LABELLED = re.compile(
    r"^(?:Dnr|Diarienummer|Datum|Handläggare|Till|Ink\.|Sida|Telefon|E-post|Referens|Dokumenttyp|Motion|MOTION|TJÄNSTEUTLÅTANDE|"
    r"Tjänsteutlåtande|TJÄNSTESKRIVELSE|Tjänsteskrivelse)\b",
    re.I,
)
_NAME_ALONE = re.compile(r"[A-ZÅÄÖÉ][\wåäöé-]+(?: [A-ZÅÄÖÉ][\wåäöé-]+){1,3}$")
_TITLE_ALONE = re.compile(
    r"(?:[\wåäöÅÄÖ-]*(?:direktör|chef|utredare|sekreterare|handläggare|strateg|controller|samordnare))\b.{0,40}$",
    re.I,
)
_OFFICE = re.compile(r"[A-ZÅÄÖ][\wåäö]*(?:förvaltningen|kontoret)|[A-ZÅÄÖ][\wåäö]*(?:förvaltning|kontor)$")
_PUBLIC = re.compile(rf"[Tt]ill\s+(?P<body>[Kk]ommunfullmäktige|{BODY}(?:en|et|n)?)")


def read_motion(text: Text, page: Layout, kind: str, known: Known, given: str | None) -> DocumentRecord:
    """A motion: title, date, registry number, its att-clauses, and its signatories (those named only in
    the argument are no authors)."""
    rows = page.rows
    signed_from = next((i for i, row in enumerate(rows) if i > len(rows) // 3 and _signature(row, known)), len(rows))
    asks = next((i for i, row in enumerate(rows) if _ASKS.search(row.text)), None)
    demanding = rows[asks + 1 : signed_from] if asks is not None else ()
    split = split_points(demanding, "att")
    split = split if split.points else split_points(demanding)
    points, signed = _less_signatures(split.points), rows[signed_from:] or tuple(rows[-8:])
    authors = tuple(actor for part in _columns(signed) for actor in find_actors(part, known))
    title = _title(rows, asks)
    matter = Matter("motion", title.text, title.span, authors) if title else None
    proposal = (
        Proposal(authors, "own", Span(points[0].span.start, points[-1].span.end), points=points) if points else None
    )
    return _record(text, page, kind, given, title, matter, (proposal,) if proposal and authors else (), rows[:asks])


def read_official_report(text: Text, page: Layout, kind: str, known: Known, given: str | None) -> DocumentRecord:
    """An official report: who answers, the date, the registry numbers, the proposal, the summary."""
    rows = page.rows
    found = sections(rows)
    proposed = next((s for s in found if s.kind == "proposed" and s.rows), None)
    points: tuple[Point, ...] = ()
    if proposed is not None:
        split = split_points(proposed.rows)
        points = split.points or (
            (Point(flow(r.line for r in proposed.rows).text, flow(r.line for r in proposed.rows).span()),)
        )
    office = _office(rows, page)
    opened = next(
        (i for i, row in enumerate(rows) if heading_of(row.text) in ("proposed", "summary", "decision")), len(rows)
    )
    title = _report_title(rows[:opened])
    proposals: tuple[Proposal, ...] = ()
    if points and office is not None:
        proposals = (Proposal((office,), "own", Span(points[0].span.start, points[-1].span.end), points=points),)
    summary_rows = [row for section in found if section.kind == "summary" for row in section.rows]
    matter = _reported(title, rows[:opened], flow(row.line for row in summary_rows), known)
    record = _record(
        text, page, kind, given, title, matter, proposals, rows[: len(found[0].rows)], as_quote(summary_rows)
    )
    officials = _handlers(rows)
    item = replace(record.items[0], officials=officials, documents=_attached(found))
    record = replace(record, items=(item,))
    return replace(record, persons=people(record))


def _handlers(rows: Sequence[Row]) -> tuple[Actor, ...]:
    """Officials who sign or handle the report: a name alone on a line beside "Handläggare" or above a title."""
    found: dict[str | None, Actor] = {}
    for before, row, after in zip((None, *rows), rows, (*rows[1:], None), strict=False):
        match = _NAME_ALONE.match(row.text)
        if match is None:
            continue
        title = before if before is not None and before.text.rstrip(":") == "Handläggare" else after
        if title is None or not _TITLE_ALONE.match(title.text):
            continue
        name = flow((row.line,))
        found.setdefault(name.text, Actor(name.text, None, name.span(), title=title.text, is_official=True))
    return tuple(found.values())


def _reported(title: Quote | None, head: Sequence[Row], summary: Flow, known: Known) -> Matter | None:
    """What a report is about: the motion or letter that its title names, else the report itself."""
    if title is None:
        return None
    subtitle = next(
        (flow((row.line,)) for row in head if whole_line("titles", "subtitle").match(row.text)), Flow("", ())
    )
    lines = [row.line for row in head if title.span.start <= row.line.end and row.line.start < title.span.end]
    named = item_matter(title, flow(lines), subtitle, summary, known)
    return named or Matter("report", title.text, title.span)


def _attached(found: Sequence[Section]) -> tuple[ListedDocument, ...]:
    return next((listed_documents(section.rows, "Bilaga") for section in found if section.kind == "documents"), ())


def _columns(rows: Sequence[Row]) -> Iterator[Flow]:
    """Every stretch that stands by itself on a line: names side by side stay apart."""
    for row in rows:
        for part in re.finditer(r"\S(?:.*?\S)?(?=\s{3,}|\s*$)", row.line.text):
            yield flow((Line(part.group(), row.line.start + part.start()),))


def _signature(row: Row, known: Known) -> bool:
    """Whether a row is where the signatures begin: "För Moderaterna", a line to sign on, a name with its party."""
    if re.match(r"_{4,}|För\s+[A-ZÅÄÖ]\w+(?:\s{2,}|$)|För\s+[A-ZÅÄÖ][\w ]{3,40}$", row.text):
        return True
    stretch = flow((row.line,))
    actors, end = parse_actors(stretch, 0, known)
    return bool(actors and actors[0].name and actors[0].party and end == len(stretch.text))


def _less_signatures(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Points without what the last one swallowed of the signatures."""
    return tuple(point for point in points if len(point.text) < 1500)


def _title(rows: Sequence[Row], before: int | None) -> Quote | None:
    """The title: behind the word "Motion" or "Tjänsteutlåtande", else the first line that is no label."""
    word = next(
        (
            i
            for i, row in enumerate(rows[:30])
            if re.match(r"(?:Motion|Tjänsteutlåtande|Tjänsteskrivelse)\b", row.text, re.I)
        ),
        None,
    )
    if word is not None:
        inline = re.match(
            r"(?:Motion|Tjänsteutlåtande|Tjänsteskrivelse)\s*(?::|om|-|–)?\s+(?=\S)", rows[word].text, re.I
        )
        if inline and len(rows[word].text) > inline.end() + 8 and not find_dates(rows[word].text):
            whole = flow((rows[word].line,))
            named = re.match(r"(?:Motion|MOTION)\s+(?:om|angående|gällande|rörande|-|–|:)?\s*", whole.text)
            return whole.quote(named.end()) if named and whole.text.startswith("MOTION") else whole.quote()
    start = word + 1 if word is not None else 0
    for index in range(start, min(before or len(rows), start + 25, len(rows))):
        text = rows[index].text
        if (
            _LABELLED.match(text)
            or find(text, labelled=True)
            or find_dates(text)
            or _OFFICE.match(text)
            or len(text) < 8
            or text.isupper()
        ):
            continue
        if re.search(r"[.:,]$", text) or "   " in text:
            continue
        group = [rows[index]]
        while (
            index + 1 < len(rows)
            and not rows[index + 1].gap
            and len(group) < 4
            and not re.search(r"[.:]$", rows[index + 1].text)
        ):
            index += 1
            if find(rows[index].text, labelled=True) or _LABELLED.match(rows[index].text):
                break
            group.append(rows[index])
        return flow(row.line for row in group).quote()
    return None


def _report_title(rows: Sequence[Row]) -> Quote | None:
    """The title of an official report: the last paragraph before its proposal that is no label and no number."""
    for group in reversed(list(paragraphs(rows))):
        kept = [row for row in group if not whole_line("titles", "subtitle").match(row.text) and not find(row.text)]
        lines = [row for row in kept if not _LABELLED.match(row.text) and not find_dates(row.text)]
        if lines and lines == kept and not (len(lines) == 1 and _NAME_ALONE.match(lines[0].text)):
            return flow(row.line for row in lines).quote()
    return None


def _office(rows: Sequence[Row], page: Layout) -> Actor | None:
    for line in (*(row.line for row in rows[:20]), *page.furniture):
        match = _OFFICE.search(line.text.strip())
        if match:
            at = line.start + line.text.index(match.group())
            return Actor(match.group(), None, Span(at, at + len(match.group())), is_administration=True)
    return None


def _record(
    text: Text,
    page: Layout,
    kind: str,
    given: str | None,
    title: Quote | None,
    matter: Matter | None,
    proposals: tuple[Proposal, ...],
    head: Sequence[Row],
    summary: Quote | None = None,
) -> DocumentRecord:
    lines = [row.line for row in page.rows[:40]]
    where = setting(text, page, lines, given)
    addressed = next((m for row in page.rows[:30] if (m := _PUBLIC.match(row.text))), None)
    numbers: dict[str, RegistryRef] = {}
    for row in (*head, *page.rows[:30]):
        for match in find(row.line.text):
            span = Span(row.line.start + match.start, row.line.start + match.end)
            role = "referrer" if anywhere("titles", "referrer").search(row.line.text[: match.start]) else "own"
            numbers.setdefault(match.number.notation, registry_ref(match, role, span))
    refs = _roles(tuple(numbers.values()))
    whole = flow(row.line for row in page.rows)
    item = Item(
        1,
        whole.span(),
        title,
        item_type="motion" if kind == "motion" else "report",
        registry_numbers=refs,
        matters=(matter,) if matter else (),
        summary=summary,
        proposals=proposals,
        references=tuple(
            {r.text: Quote(r.text, whole.span(r.start, r.end)) for r in references(whole.text)}.values()
        ),
    )
    body = addressed.group("body").capitalize() if addressed and kind == "motion" else where.body
    record = DocumentRecord(
        kind,
        title,
        where.municipality,
        where.municipality_span,
        body,
        where.body_span,
        where.date,
        where.date_span,
        refs[:1],
        items=(item,),
    )
    record = replace(record, persons=people(record))
    return replace(record, account=account_of(text, page, record))


def _roles(refs: tuple[RegistryRef, ...]) -> tuple[RegistryRef, ...]:
    """The first number is the document's own unless it is said to be the referring body's; the rest are others."""
    own = next((ref for ref in refs if ref.role == "own"), None)
    return tuple(
        ref if ref is own or ref.role == "referrer" else replace(ref, role="other")
        for ref in sorted(refs, key=lambda ref: ref is not own)
    )

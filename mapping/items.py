"""One § -> one `Item`: its sections read by the modules that know them."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mapping import acts, matters, told, votes
from mapping.actors import Known, offices
from mapping.blocks import Block
from mapping.dates import find_dates
from mapping.decisions import immediate, read_decision
from mapping.flow import Flow, flow, sentences
from mapping.heads import ItemHead, item_head
from mapping.lexicon import BODY, ordered
from mapping.listed_documents import listed_documents
from mapping.points import as_quote, split_points
from mapping.records import (
    Actor,
    Decision,
    Item,
    ListedDocument,
    Matter,
    Point,
    Proposal,
    Quote,
    RegistryRef,
    Reservation,
    Statement,
    Vote,
    Withdrawal,
)
from mapping.registry_numbers import find, references, registry_ref
from mapping.rows import Row
from mapping.sections import Section, sections
from mapping.text import Span
from mapping.undeclared import undeclared

_STATEMENTS = ("special_statement", "substitute_statement", "protocol_note")
_FOLLOWS = re.compile(
    r"(?:nämnden|styrelsen|fullmäktige|utskottet|direktionen)\s"
    r"(?:har\s)?(?:beslutat|beslutar|beslutade|bifaller|bifallit)\s(?:i enlighet med|enligt|bifalla)\s"
    r"(?:kontorets|\w*förvaltningens)\sförslag"
)
_EARLIER = re.compile(r"(?:Bordlag[dt]|Återremittera[dt]|Anmäl[dt])\b")
_PRESENTS = re.compile(
    r"\b(?:informera|föredra(?:r|g)|redogör|redogjorde|presentera|berätta|redovisar\b|Föredragande)", re.I
)
_FOR_ITS_PART = re.compile(r"\bför (?:egen|sin) del\b|\begen del\b")
_REPORT_DATE = re.compile(r"tjänste(?:utlåtande|skrivelse)[^.]{0,60}?(?:daterat|daterad|av|från)?\s*(?:den\s)?(?=\d)")


@dataclass(slots=True)
class _Read:
    """What the sections of one § have given so far."""

    decision: Decision | None = None
    elsewhere: Decision | None = None  # what another body is said to decide
    proposals: list[Proposal] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    printed: list[Proposal] = field(default_factory=list)  # proposals that reservations print
    statements: list[Statement] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    documents: list[ListedDocument] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)  # the rows of sections of proposals
    procedure: list[Row] = field(default_factory=list)
    summary: list[Row] = field(default_factory=list)
    debated: list[Row] = field(default_factory=list)
    immediately: Span | None = None


def heads_of(blocks: Sequence[Block]) -> list[ItemHead]:
    return [item_head(block, _first_section(block).rows) for block in blocks]


def _first_section(block: Block) -> Section:
    found = sections(block.rows)
    return found[0] if found and found[0].heading is None else Section("", None, (block.rows[0],))


def read_item(block: Block, head: ItemHead, position: int, known: Known) -> Item:
    read = _Read()
    loose: list[Row] = list(head.rest)
    voting: list[Row] = []
    for section in _joined(sections(block.rows), known):
        if section.heading is None:
            continue
        _read_section(section, read, loose, voting, known)
    unheaded = sorted((*loose, *read.debated), key=lambda row: row.line.start)
    voting += [row for row in told.votes_told(unheaded, known) if row not in voting]
    voting.sort(key=lambda row: row.line.start)
    if voting:
        read.votes += votes.votes(flow(row.line for row in voting), tuple(voting), known)
    read.immediately = read.immediately or _adjusted_at_once(block)
    if read.decision is None and loose and (found := undeclared(loose, known)):
        read.immediately = read.immediately or immediate(flow(row.line for row in loose))
        read.decision, loose = found[0], list(found[1])
    read.decision = read.decision or read.elsewhere
    telling = sorted((*read.summary, *loose), key=lambda row: row.line.start)
    summary = flow(row.line for row in telling)
    if read.decision is not None:
        read.decision = _following(read, flow(row.line for row in read.procedure))
    titles = _flow_of(block, head.title), _flow_of(block, head.subtitle)
    points = read.decision.points if read.decision else ()
    whole = flow(row.line for row in block.rows)
    found_matters = _matters(head, titles, summary, telling, points, whole, known)
    _scattered(read, telling, (*loose, *read.debated), found_matters, known)
    return Item(
        position,
        _span(block),
        head.title,
        head.number.text,
        head.number.span,
        head.subtitle,
        item_type(head.title.text) if head.title else "other",
        (*head.registry_numbers, *_told_of(summary, head)),
        found_matters,
        summary.quote() if summary else None,
        read.decision,
        (*_administration(summary, read), *acts.with_printed(acts.with_seconders(read.proposals), read.printed)),
        as_quote(read.procedure),
        tuple(read.votes),
        tuple(read.reservations),
        tuple(read.statements),
        tuple(read.withdrawals),
        tuple(read.documents),
        _officials(summary, known),
        _presenters(summary, known),
        _references(block),
        read.immediately,
        *_report_date(summary),
    )


def _read_section(section: Section, read: _Read, loose: list[Row], voting: list[Row], known: Known) -> None:
    kind, rows = section.kind, section.rows
    if kind == "decision" and _of_another(section, known):
        proposes = section.heading and re.search(r"förslag|föreslår", section.heading.text)
        read.elsewhere = read.elsewhere if proposes else read_decision(section)[0]
    elif kind == "decision":
        decision, rest = read_decision(section)
        if decision is not None:
            read.decision = _both(read.decision, decision, section)
            whole = flow(row.line for row in rows)
            read.immediately = read.immediately or immediate(whole)
        loose += rest
    elif kind == "summary" or kind == "debate":
        read.summary += rows
        read.debated += rows if kind == "debate" else ()
    elif kind == "documents":
        earlier = [row for row in rows if _EARLIER.match(row.text)]
        loose += earlier
        listed = [row for row in rows if row not in earlier]
        read.documents += listed_documents(listed, section.heading.text if section.heading else "")
    elif kind in ("proposals", "proposed"):
        read.moved += rows
        # rows of these sections that no act claims stay unread
        _, found = acts.proposals(rows, known)
        if not found and kind == "proposed":
            read.proposals += _proposed(section)
        read.proposals += found
        if any("votering" in row.text.lower() or "omröstning" in row.text.lower() for row in rows):
            voting += rows
    elif kind in ("procedure", "vote"):
        read.procedure += rows
        voting += rows
    elif kind == "reservation":
        _, made, printed = acts.reservations(section, known)
        read.reservations += made or told.reservations(rows, known)
        read.printed += printed
    elif kind in _STATEMENTS:
        # "A (S) har inte deltagit på grund av jäv" is no statement, whatever heading it stands under
        told_there = tuple(acts.withdrawals(flow(row.line for row in rows), known)) if rows else ()
        withdrawn = {withdrawal.span.start for withdrawal in told_there}
        _, declared = acts.statements(section, known)
        read.statements += [statement for statement in declared if statement.span.start not in withdrawn]
        read.withdrawals += [w for w in told_there if w.span.start in {s.span.start for s in declared}]
    elif kind in ("abstention", "recusal"):
        whole = flow(row.line for row in rows)
        read.withdrawals += acts.withdrawals(whole, known, kind == "recusal")
    elif kind == "adjusted" and section.heading is not None:
        read.immediately = read.immediately or flow((section.heading.line,)).span()
        loose += rows


def _joined(found: Sequence[Section], known: Known) -> Iterator[Section]:
    """The sections, a heading that only announces what a higher body is to decide joined with that decision:
    "Kommunstyrelsens förslag till kommunfullmäktige" and on the next line "Kommunfullmäktige beslutar"."""
    waiting: Section | None = None
    for section in found:
        if waiting is not None and waiting.heading and section.kind == "decision" and section.heading is not None:
            yield Section("decision", waiting.heading, (section.heading, *section.rows))
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = None
        announces = section.kind == "decision" and not section.rows and section.heading is not None
        if announces and section.heading and known.own(section.heading.text) and "förslag" in section.heading.text:
            waiting = section
        else:
            yield section
    if waiting is not None:
        yield waiting


def _of_another(section: Section, known: Known) -> bool:
    """Whether a heading says that another body decides or proposes: "Kommunstyrelsens förslag" in the council."""
    heading = section.heading.text if section.heading else ""
    return known.body is not None and bool(re.match(BODY, heading)) and not known.own(heading)


def _both(before: Decision | None, decision: Decision, section: Section) -> Decision:
    """The decision of a section, with what the body has proposed to a higher one where it decides the rest."""
    own = section.heading is not None and _FOR_ITS_PART.search(section.heading.text)
    if before is None or not own or before.recommends_to is None:
        return decision
    return replace(
        before,
        points=(*before.points, *decision.points),
        span=Span(before.span.start, max(before.span.end, decision.span.end)),
    )


def _proposed(section: Section) -> list[Proposal]:
    """The proposal before the meeting, printed under a heading of its own: the administration's."""
    split = split_points(section.rows)
    points = split.points or ((_whole_point(section.rows),) if section.rows else ())
    if not points or section.heading is None:
        return []
    heading = flow((section.heading.line,))
    who = re.match(r"(\w*[Ff]örvaltning|\w*[Kk]ontor)", heading.text)
    actor = Actor(
        f"{who.group(1)}{'en' if 'ning' in who.group(1) else 'et'}" if who else "Förvaltningen",
        None,
        heading.span(),
        is_administration=True,
    )
    return [Proposal((actor,), "own", Span(points[0].span.start, points[-1].span.end), points=points)]


def _whole_point(rows: Sequence[Row]) -> Point:
    stretch = flow(row.line for row in rows)
    return Point(stretch.text, stretch.span())


def _adjusted_at_once(block: Block) -> Span | None:
    """Where a sentence of its own says that the § is adjusted at once, wherever it stands."""
    rows = [row for row in block.rows if re.match(r"(?:Paragrafen|Ärendet|Beslutet|Punkten)\b", row.text)]
    return next((span for row in rows if (span := immediate(flow((row.line,))))), None)


def _following(read: _Read, procedure: Flow) -> Decision:
    assert read.decision is not None
    match = _FOLLOWS.search(procedure.text) if procedure else None
    if match is None:
        return read.decision
    return replace(read.decision, follows_administration=procedure.span(*match.span()))


def _scattered(
    read: _Read, telling: Sequence[Row], unheaded: Sequence[Row], about: Sequence[Matter], known: Known
) -> None:
    """Acts told in sentences outside a section of their own; `unheaded` rows stand under no heading at all."""
    spoken = flow(row.line for row in telling)
    if spoken:
        seen = {(w.kind, actor.name or actor.party) for w in read.withdrawals for actor in w.by}
        for withdrawal in acts.withdrawals(spoken, known):
            if not {(withdrawal.kind, actor.name or actor.party) for actor in withdrawal.by} & seen:
                read.withdrawals.append(withdrawal)
    if not read.reservations:
        read.reservations += told.reservations(unheaded, known)
    if not read.statements:
        read.statements += told.statements(unheaded, known)
    if not any(not actor.is_administration for proposal in read.proposals for actor in proposal.by):
        moved = told.not_by(told.proposals(unheaded, known), about[0].authors if about else ())
        read.proposals += moved or told.sure_proposals(spoken, known)


def _flow_of(block: Block, part: Quote | None) -> Flow:
    """A title or subtitle as running text whose characters know where they stand."""
    if part is None:
        return Flow("", ())
    inside = [row.line for row in block.rows if row.line.end > part.span.start and row.line.start < part.span.end]
    whole = flow(inside)
    start = whole.text.find(part.text)
    return whole.part(start, start + len(part.text)) if start >= 0 else whole


def _told_of(summary: Flow, head: ItemHead) -> Iterator[RegistryRef]:
    """Other cases that the summary tells of."""
    seen = {ref.normalised for ref in head.registry_numbers}
    for match in find(summary.text) if summary else ():
        if match.number.notation not in seen:
            seen.add(match.number.notation)
            yield registry_ref(match, "other", summary.span(match.start, match.end))


def _matters(
    head: ItemHead,
    titles: tuple[Flow, Flow],
    summary: Flow,
    rows: Sequence[Row],
    points: Sequence[Point],
    whole: Flow,
    known: Known,
) -> tuple[Matter, ...]:
    main = matters.item_matter(head.title, titles[0], titles[1], summary, known)
    main = main or matters.matter_below(head.title, titles[1], known)
    raised = matters.letters(rows, known) or matters.letters_in_points(points, whole, known)
    return ((main,) if main else ()) + raised


def item_type(title: str) -> str:
    """The notation of the item-type scheme that a title tells; "other" where it tells none."""
    return next((notation for notation, pattern in ordered("item_types", "type") if pattern.search(title)), "other")


def _administration(summary: Flow, read: _Read) -> tuple[Proposal, ...]:
    """The administration's proposal as the summary tells it, unless a section of its own has given it."""
    if any(actor.is_administration for proposal in read.proposals for actor in proposal.by):
        return ()
    told = list(acts.administration_proposals(summary)) if summary else []
    return tuple(told[-1:]) or acts.named_administration_proposal(
        flow(row.line for row in (*read.moved, *read.procedure))
    )


def _officials(summary: Flow, known: Known) -> tuple[Actor, ...]:
    kept: dict[str | None, Actor] = {}
    for actor in offices(summary, known) if summary else ():
        if actor.name not in kept or (actor.title and len(actor.title) > len(kept[actor.name].title or "")):
            kept[actor.name] = actor
    return tuple(kept.values())


def _presenters(summary: Flow, known: Known) -> tuple[Actor, ...]:
    """Officials in sentences that say that somebody informs or presents."""
    told = [s for s in sentences(summary) if _PRESENTS.search(s.text)] if summary else []
    found = {actor.name: actor for sentence in told for actor in offices(sentence, known)}
    return tuple(found.values())


def _references(block: Block) -> tuple[Quote, ...]:
    whole = flow(row.line for row in block.rows)
    kept: dict[str, Quote] = {}
    for found in references(whole.text):
        kept.setdefault(found.text, Quote(found.text, whole.span(found.start, found.end)))
    return tuple(kept.values())


def _report_date(summary: Flow) -> tuple[datetime.date | None, Span | None]:
    match = _REPORT_DATE.search(summary.text) if summary else None
    if match is None:
        return None, None
    dates = [
        d
        for d in find_dates(summary.text[match.start() : match.end() + 40])
        if match.start() + d.start >= match.end() - 5
    ]
    if not dates:
        return None, None
    start = match.start() + dates[0].start
    return dates[0].date, summary.span(start, match.start() + dates[0].end)


def _span(block: Block) -> Span:
    first = block.rows[0].line
    start = first.start + len(first.text) - len(first.text.lstrip())
    return Span(start, block.rows[-1].line.start + len(block.rows[-1].line.text.rstrip()))

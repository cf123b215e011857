"""One § -> one `Item`: its sections read by the modules that know them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping import matters, told, votes
from mapping.administration_proposals import administration_proposals, named_administration_proposal
from mapping.blocks import Block
from mapping.carried import after_votes
from mapping.flow import Flow, flow
from mapping.heads import ItemHead, item_head
from mapping.item_sections import Given, joined, less_elsewhere, read_section
from mapping.item_summary import cited, officials, other_cases, presenters, report_date
from mapping.joined_proposals import with_printed, with_seconders
from mapping.known import Known
from mapping.lexicon import BODY, ordered
from mapping.named_points import part_of
from mapping.operative import immediate
from mapping.points import as_quote
from mapping.records import Decision, Item, Matter, Point, Proposal, Quote, Vote
from mapping.rows import Row
from mapping.sections import Section, sections
from mapping.text import Span
from mapping.undeclared import undeclared
from mapping.withdrawals import read_withdrawals

# A line of the case's earlier handling: "- Kommunstyrelsen 2009-05-28, § 149".
_HANDLED = re.compile(
    rf"(?:[-–•]\s*|Enligt\s|(?:Bordla|Återremitt)\w+ (?:av|i)\s)?(?i:{BODY})(?:en|et|n)?,?"
    r"\s(?:den\s)?\d{4}-\d\d-\d\d(?:,?\s§+\s?\d[\d/]*)?\.?$|[-–•]\s(?!(?:Motion|Interpellation)\s(?:av|från)\s)\S[^.]{2,60}\s\d{4}-\d\d-\d\d$"
)
_CASTING_VOTE = re.compile(r"\butslagsröst(?:en)?\b(?! (?:behövdes|användes) inte)")
_FOLLOWS = re.compile(
    r"\b\w*(?:nämnden|styrelsen|fullmäktige|utskottet|direktionen)\s"
    r"(?:har\s)?(?:beslutat|beslutar|beslutade|bifaller|bifallit)\s(?:i enlighet med|enligt|bifalla)\s"
    r"(?:kontorets|\w*förvaltningens)\sförslag\b(?P<behind>[^.;]{0,60})"
)
_AS_PROPOSED = re.compile(
    r"\b(?:\w*(?:nämnden|styrelsen|fullmäktige|utskottet|direktionen)\s)?"
    r"beslut(?:ar|at|ade)\s(?:i enlighet med|enligt)\s(?:det\s)?"
    r"(?:(?:före)?liggande|framlagda)\sförslag\w*(?P<behind>[^.;]{0,60})"
)


def heads_of(blocks: Sequence[Block]) -> list[ItemHead]:
    """The head of each §: its number, titles and registry numbers."""
    return [item_head(block, _first_section(block).rows) for block in blocks]


def _first_section(block: Block) -> Section:
    found = sections(block.rows)
    return found[0] if found and found[0].heading is None else Section("", None, (block.rows[0],))


def read_item(block: Block, head: ItemHead, position: int, known: Known) -> Item:
    """Reads one §. `position`: its place among the § of the document, from 1."""
    read = Given()
    loose: list[Row] = list(head.rest)
    voting: list[Row] = []
    for section in less_elsewhere(joined(sections(block.rows), known), known):
        if section.heading is None:
            continue
        read_section(section, read, loose, voting, known)
    unheaded = sorted((*loose, *read.debated), key=lambda row: row.line.start)
    voting += [row for row in told.votes_told(unheaded, known) if row not in voting]
    voting.sort(key=lambda row: row.line.start)
    if voting:
        read.votes += votes.votes(flow(row.line for row in voting), tuple(voting), known)
    read.immediately = read.immediately or _adjusted_at_once(block)
    if read.decision is None and loose and not read.told_none and (found := undeclared(loose, known)):
        read.immediately = read.immediately or immediate(flow(row.line for row in loose))
        read.decision, loose = found[0], list(found[1])
    if read.decision is None and read.elsewhere is not None:
        read.decision = read.elsewhere
    telling = sorted((*read.summary, *loose), key=lambda row: row.line.start)
    telling = [row for row in telling if not _HANDLED.match(row.text)]
    summary = flow(row.line for row in telling)
    if read.decision is not None:
        read.decision = _following(read, flow(row.line for row in read.procedure))
    read.votes = _with_casting_vote(read.votes, flow(row.line for row in block.rows))
    titles = _flow_of(block, head.title), _flow_of(block, head.subtitle)
    points = read.decision.points if read.decision else ()
    whole = flow(row.line for row in block.rows)
    found_matters = _matters(head, titles, summary, telling, points, whole, known)
    _scattered(read, telling, (*loose, *read.debated), found_matters, known)
    return Item(
        position,
        Span(block.rows[0].start, block.rows[-1].end),
        head.title,
        head.number.text,
        head.number.span,
        head.subtitle,
        item_type(head.title.text) if head.title else "other",
        (*head.registry_numbers, *other_cases(summary, head)),
        found_matters,
        summary.quote() if summary else None,
        read.decision,
        (*_administration(summary, read), *with_printed(with_seconders(read.proposals), read.printed)),
        as_quote(read.procedure),
        tuple(read.votes),
        tuple(read.reservations),
        tuple(read.statements),
        tuple(read.withdrawals),
        tuple(read.documents),
        officials(summary, known),
        presenters(summary, known),
        cited(block),
        read.immediately,
        *report_date(summary),
    )


def _with_casting_vote(votes: Sequence[Vote], whole: Flow) -> list[Vote]:
    """The votes, the only one that ended even decided by the chair where the § tells of a casting vote."""
    even = [vote for vote in votes if vote.yes is not None and vote.yes == vote.no]
    if len(even) != 1 or not _CASTING_VOTE.search(whole.text):
        return list(votes)
    return [replace(vote, casting_vote=True) if vote is even[0] else vote for vote in votes]


def _adjusted_at_once(block: Block) -> Span | None:
    """Where a sentence of its own says that the § is adjusted at once, wherever it stands."""
    rows = [row for row in block.rows if re.match(r"(?:Paragrafen|Ärendet|Beslutet|Punkten)\b", row.text)]
    return next((span for row in rows if (span := immediate(flow((row.line,))))), None)


def _following(read: Given, procedure: Flow) -> Decision:
    """The decision, with where the procedure says that it follows the administration's proposal; approved where that,
    or that it follows the proposal before the meeting, is all that tells what became of the item."""
    assert read.decision is not None
    decision, start = read.decision, after_votes(procedure.text) if procedure else 0
    followed = _whole(_FOLLOWS.search(procedure.text)) if procedure else None
    if followed is not None:
        decision = replace(
            decision, follows_administration=procedure.span(followed.start(), followed.start("behind"))
        )
    as_proposed = followed or (_whole(_AS_PROPOSED.search(procedure.text, start)) if procedure else None)
    open_yet = decision.outcome == "other" and decision.outcome_verbatim is None
    proposes = decision.recommends_to is not None and decision.outcome in ("other", "forwarded")
    if as_proposed is None or not (open_yet or proposes):
        return decision
    words = procedure.quote(as_proposed.start(), as_proposed.start("behind"))
    return replace(decision, outcome="approved", outcome_verbatim=words)


def _whole(match: re.Match[str] | None) -> re.Match[str] | None:
    """A match, unless what stands behind it says that only some points are meant."""
    return match if match is not None and part_of(match["behind"]) is None else None


def _scattered(
    read: Given, telling: Sequence[Row], unheaded: Sequence[Row], about: Sequence[Matter], known: Known
) -> None:
    """Acts told in sentences outside a section of their own; `unheaded` rows stand under no heading at all."""
    spoken, voted = flow(row.line for row in telling), flow(row.line for row in read.procedure)
    if spoken or voted:
        seen = {(w.kind, actor.name or actor.party) for w in read.withdrawals for actor in w.by}
        for withdrawal in (w for stretch in (spoken, voted) for w in read_withdrawals(stretch, known)):
            if not {(withdrawal.kind, actor.name or actor.party) for actor in withdrawal.by} & seen:
                read.withdrawals.append(withdrawal)
    if not read.reservations:
        read.reservations += told.reservations(unheaded, known)
    if not read.statements:
        read.statements += told.statements(unheaded, known)
    if not any(not actor.is_administration for proposal in read.proposals for actor in proposal.by):
        # Stockholm tells them under "Beslutsordning"
        moved = told.not_by(told.proposals((*unheaded, *read.procedure), known), about[0].authors if about else ())
        read.proposals += moved or told.sure_proposals(spoken, known)


def _flow_of(block: Block, part: Quote | None) -> Flow:
    """A title or subtitle as running text whose characters know where they stand."""
    if part is None:
        return Flow("", ())
    inside = [row.line for row in block.rows if row.line.end > part.span.start and row.line.start < part.span.end]
    whole = flow(inside)
    start = whole.text.find(part.text)
    return whole.part(start, start + len(part.text)) if start >= 0 else whole


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
    raised = matters.letters(rows, known, matters.announces_letters(head.title)) or matters.letters_in_points(
        points, whole, known
    )
    return ((main,) if main else ()) + raised


def item_type(title: str) -> str:
    """The notation of the item-type scheme that a title tells; "other" where it tells none."""
    return next((notation for notation, pattern in ordered("item_types", "type") if pattern.search(title)), "other")


def _administration(summary: Flow, read: Given) -> tuple[Proposal, ...]:
    """The administration's proposal as the summary tells it, unless a section of its own has given it."""
    if any(actor.is_administration for proposal in read.proposals for actor in proposal.by):
        return ()
    proposed = list(administration_proposals(summary)) if summary else []
    return tuple(proposed[-1:]) or named_administration_proposal(
        flow(row.line for row in (*read.moved, *read.procedure))
    )

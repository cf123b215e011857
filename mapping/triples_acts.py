"""What happens in an item: proposals, the decision, votes, reservations, statements, withdrawals."""

import re

from mapping.carried import after_votes, carried
from mapping.named_points import part_of
from mapping.names import key
from mapping.parties import named_in
from mapping.records import Actor, Decision, Item, Point, Proposal, Reservation, Statement, Vote
from mapping.triples_page import Page
from mapping.triples_proposals import (
    PUT_OFF,
    Moved,
    administrations,
    demanded,
    meant_by,
    moved_by_same,
    parties_of,
    points_of,
    voted_for,
    won,
)
from ontology import KG, concept

_REQUESTS = {
    "approve": "approved",
    "reject": "rejected",
    "remit": "referred-back",
    "table": "postponed",
    "answered": "answered",
}
_STATEMENTS = {
    "special_statement": "SpecialStatement",
    "substitute_statement": "SubstituteStatement",
    "protocol_note": "MinutesNote",
}
_OWN = re.compile(r"\b(?:eget|egna|egen|sitt|sina|own)\b", re.IGNORECASE)


def proposals(page: Page, subject: str, found: tuple[Proposal, ...]) -> tuple[Moved, ...]:
    """The proposals of an item, and what each supports or rejects."""
    moved = tuple(Moved(f"{subject}/proposal/{i}", proposal) for i, proposal in enumerate(found, 1))
    administration = administrations(moved)
    for position, each in enumerate(moved, 1):
        iri, proposal = page.node(each.iri, KG.Proposal, each.proposal.span), each.proposal
        page.graph.link(subject, KG.hasProposal, iri)
        page.graph.integer(iri, KG.position, position)
        page.signed(iri, KG.proposedBy, proposal.by)
        points(page, iri, proposal.points)
        page.prose(iri, KG.text, proposal.text or (None if proposal.points else proposal.words))
        if proposal.part is not None:
            _of_points(page, each, moved)
            continue
        if proposal.stance in _REQUESTS and not proposal.joins_party:
            page.graph.link(iri, KG.requestedOutcome, concept("outcome", _REQUESTS[proposal.stance]))
        about_theirs = proposal.object == "proposal" and not proposal.joins_party
        if administration and administration != iri and about_theirs:
            if proposal.stance == "approve":
                page.graph.link(iri, KG.supports, administration)
            elif proposal.stance == "reject":
                page.graph.link(iri, KG.rejects, administration)
        if proposal.joins_party and (party := page.party(Actor(None, proposal.joins_party, proposal.span))):
            page.graph.link(iri, KG.joinsProposalOf, party)
            joined = meant_by(page, proposal.joins_party, tuple(m for m in moved if m is not each))
            if joined:
                page.graph.link(iri, KG.supports, joined)
    return moved


def _of_points(page: Page, each: Moved, moved: tuple[Moved, ...]) -> None:
    """What a proposal about some points of another supports or rejects: those points, never the whole."""
    proposal, others = each.proposal, tuple(m for m in moved if m is not each)
    if proposal.joins_party:
        target = meant_by(page, proposal.joins_party, others)
    elif proposal.object == "proposal":
        target = administrations(others)
    else:
        target = meant_by(page, proposal.words.text, others) if proposal.words else None
    supports = bool(proposal.joins_party) or proposal.stance == "approve"
    if not supports and proposal.stance != "reject":
        return
    for point in (p for m in others if m.iri == target for p in points_of(m, proposal.part or ())):
        page.graph.link(each.iri, KG.supportsPoint if supports else KG.rejectsPoint, point)


def points(page: Page, subject: str, found: tuple[Point, ...]) -> None:
    for position, point in enumerate(found, 1):
        iri = page.node(f"{subject}/{position}", KG.DecisionPoint, point.span)
        page.graph.link(subject, KG.hasPoint, iri)
        page.graph.integer(iri, KG.position, position)
        page.plain(iri, KG.pointNumber, point.number)
        page.prose(iri, KG.text, point.text)


def decision(page: Page, subject: str, item: Item, moved: tuple[Moved, ...]) -> str | None:
    """The decision of an item; None where the text tells of none."""
    told = item.decision
    if told is None:
        return None
    iri = page.node(f"{subject}/decision", KG.Decision, told.span)
    page.graph.link(subject, KG.resultedIn, iri)
    if page.record.body:
        page.graph.link(iri, KG.decidedBy, page.name.body_of(page.record.body))
    if page.name.date:
        page.graph.date(iri, KG.date, page.name.date)
    page.graph.link(iri, KG.decisionOutcome, concept("outcome", told.outcome))
    page.plain(iri, KG.outcomeVerbatim, told.outcome_verbatim)
    page.prose(iri, KG.preamble, told.preamble)
    if told.outcome_verbatim:
        page.evidence(iri, told.outcome_verbatim.span)
    points(page, iri, told.points)
    if told.follows_administration:
        page.graph.boolean(iri, KG.followsAdministration, True)
        page.evidence(iri, told.follows_administration)
    adopted = _adopted(page, item, told, moved)
    if adopted:
        page.graph.link(iri, KG.adopts, adopted)
    recommended = page.named_body(told.recommends_to)
    if recommended:
        page.graph.link(iri, KG.recommendsTo, recommended)
    return iri


def _adopted(page: Page, item: Item, told: Decision, moved: tuple[Moved, ...]) -> str | None:
    """The administration's proposal where the text says that it was followed, else the one proposal that the text
    says was carried ("beslutar enligt Moderaternas förslag", "bifaller A B:s yrkande"), else the one that demands
    just what was decided ("Ärendet återremitteras")."""
    if told.follows_administration:
        return administrations(moved)
    texts = [(quote.text, 0) for quote in (told.preamble, told.outcome_verbatim) if quote]
    if item.procedure:
        texts.append((item.procedure.text, after_votes(item.procedure.text)))
    winners = (won(page, match["what"], moved) for text, start in texts for match in carried(text, start))
    found = {winner.iri: winner.proposal for winner in winners if winner}
    if not found:
        return demanded(told, moved)
    if len(found) > 1:
        return None
    iri, proposal = next(iter(found.items()))
    put_off = told.outcome in PUT_OFF or proposal.stance in PUT_OFF.values()
    return demanded(told, moved) if put_off and PUT_OFF.get(told.outcome) != proposal.stance else iri


def reservations(
    page: Page, subject: str, item: Item, decided: str | None, moved: tuple[Moved, ...]
) -> tuple[str, ...]:
    made = []
    for position, reservation in enumerate(item.reservations, 1):
        iri = page.node(f"{subject}/reservation/{position}", KG.Reservation, reservation.span)
        made.append(iri)
        page.graph.link(subject, KG.hasReservation, iri)
        page.graph.integer(iri, KG.position, position)
        page.signed(iri, KG.reservedBy, reservation.by)
        page.prose(iri, KG.text, reservation.text)
        if decided:
            page.graph.link(iri, KG.against, decided)
        favoured = _favoured(page, reservation, moved)
        if favoured:
            page.graph.link(iri, KG.inFavourOf, favoured)
    return tuple(made)


def _favoured(page: Page, reservation: Reservation, moved: tuple[Moved, ...]) -> str | None:
    text = reservation.in_favour_of
    if not text:
        return None
    found = moved_by_same(page, reservation.by, moved) if _OWN.search(text) else meant_by(page, text, moved)
    if part_of(text) is not None and any(m.iri == found and len(m.proposal.points) > 1 for m in moved):
        return None  # in favour of some of its points
    return found


def statements(page: Page, subject: str, item: Item, reserved: tuple[str, ...], moved: tuple[Moved, ...]) -> None:
    iris = [f"{subject}/statement/{i}" for i in range(1, len(item.statements) + 1)]
    for position, (iri, statement) in enumerate(zip(iris, item.statements, strict=True), 1):
        page.node(iri, KG[_STATEMENTS[statement.kind]], statement.span)
        page.graph.link(subject, KG.hasStatement, iri)
        page.graph.integer(iri, KG.position, position)
        page.signed(iri, KG.statedBy, statement.by)
        page.prose(iri, KG.text, statement.text)
        if statement.endorses:
            for target in _endorsed(page, statement, item, iris, reserved, moved):
                if target != iri:
                    page.graph.link(iri, KG.endorses, target)


def _endorsed(
    page: Page, statement: Statement, item: Item, iris: list[str], reserved: tuple[str, ...], moved: tuple[Moved, ...]
) -> list[str]:
    """What a statement agrees with: the acts of just those parties that it names, else of any of them."""
    text = statement.endorses or ""
    if part_of(text) is not None:
        return []
    wanted = named_in(text, page.name.municipality)
    low = text.lower()
    acts: list[tuple[str, frozenset[str]]] = []
    if "uttalande" in low or "yttrande" in low:
        acts = [(iri, parties_of(page, act.by)) for iri, act in zip(iris, item.statements, strict=True)]
    elif "reservation" in low:
        acts = [(iri, parties_of(page, act.by)) for iri, act in zip(reserved, item.reservations, strict=True)]
    elif "förslag" in low or "yrkande" in low:
        one = meant_by(page, text, moved)
        return [one] if one else []
    exact = [iri for iri, parties in acts if wanted and parties == wanted]
    return exact or [iri for iri, parties in acts if parties and parties <= wanted]


def votes(page: Page, subject: str, found: tuple[Vote, ...], moved: tuple[Moved, ...]) -> None:
    for position, vote in enumerate(found, 1):
        iri = page.node(f"{subject}/vote/{position}", KG.VoteEvent, vote.span)
        page.graph.link(subject, KG.hasVote, iri)
        for predicate, count in (
            (KG.yesCount, vote.yes),
            (KG.noCount, vote.no),
            (KG.abstainCount, vote.abstain),
            (KG.absentCount, vote.absent),
        ):
            if count is not None:
                page.graph.integer(iri, predicate, count)
        _meanings(page, iri, vote, moved)
        if vote.casting_vote:
            page.graph.boolean(iri, KG.castingVote, True)
        for number, ballot in enumerate(vote.ballots, 1):
            if ballot.actor.name:
                cast = page.node(f"{iri}/ballot/{number}", KG.Ballot, ballot.actor.span)
                page.graph.link(iri, KG.hasBallot, cast)
                page.graph.link(cast, KG.castBy, page.person(ballot.actor))
                page.graph.link(cast, KG.ballotValue, concept("ballot", ballot.value))
                page.as_printed(cast, ballot.actor, page.party(ballot.actor))


def _meanings(page: Page, iri: str, vote: Vote, moved: tuple[Moved, ...]) -> None:
    """What yes and no were for: a proposal, else the printed words. Two answers never mean the same: where both lead
    to one proposal the words stand for each, and where the words are the same both are left open."""
    said = [(KG.yesMeans, vote.yes_for), (KG.noMeans, vote.no_for)]
    found = [(predicate, quote, voted_for(page, quote.text, moved)) for predicate, quote in said if quote]
    if len({key(quote.text) for _, quote, _ in found}) < len(found):
        return
    certain = len({target for _, _, target in found}) == len(found)
    for predicate, quote, target in found:
        page.evidence(iri, quote.span)
        if target and certain:
            page.graph.link(iri, predicate, target)
        else:
            page.prose(iri, predicate, quote)


def withdrawals(page: Page, subject: str, item: Item) -> None:
    """Recusals and non-participation, a node for each who withdrew."""
    counts = {"recusal": 0, "non-participation": 0}
    for withdrawal in item.withdrawals:
        recused = withdrawal.kind == "conflict_of_interest"
        kind, own, predicate = (
            ("recusal", KG.Recusal, KG.hasRecusal)
            if recused
            else ("non-participation", KG.NonParticipation, KG.hasNonParticipation)
        )
        for actor in withdrawal.by:
            counts[kind] += 1
            iri = page.node(f"{subject}/{kind}/{counts[kind]}", own, withdrawal.span)
            page.graph.link(subject, predicate, iri)
            page.signed(iri, KG.person, (actor,))
            party = page.party(actor)
            if party:
                page.graph.link(iri, KG.representsParty, party)
            page.prose(iri, KG.text, page.verbatim(withdrawal.span))

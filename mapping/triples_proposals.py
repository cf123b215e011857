"""Which proposal of an item a text means: the administration's, one party's, one person's."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mapping.named_points import part_of, same_number
from mapping.names import key
from mapping.parties import meant, named_in
from mapping.records import Actor, Decision, Proposal, Quote
from mapping.triples_page import Page

_ADMINISTRATION = re.compile(
    r"\b(?:\w*förvaltning(?:en)?s?|\w*kontorets?|tjänsteutlåtande\w*|föreliggande)\b", re.IGNORECASE
)
# An answer with such a word is against something, or puts it off: whose proposal it names is not what it is for.
_AGAINST = re.compile(
    r"avsl[aåo]|avstyrk|avvis|förkast|återremi|bordl|uppskj|\b(?:ej|inte|icke|emot|mot)\b", re.IGNORECASE
)
_CHANGED = re.compile(r"ändr|tillägg|undantag|\butom\b", re.IGNORECASE)
# The proposal before the meeting, as those name it who move that it be carried, and those who find that it was.
_NAMED = re.compile(
    r"(?:\b(?:bif[aö]ll\w*(?:\still)?|enligt|i enlighet med)\s|^)(?P<what>(?:(?!\soch\s)[^.,;:]){0,80}?förslag\w*)",
    re.IGNORECASE,
)
_LYING_BEFORE = re.compile(r"\b(?:(?:före)?liggande|framlag[dt]\w*)\s", re.IGNORECASE)
_BODY = re.compile(r"(?:nämnd|styrelse|fullmäktige|utskott|beredning|direktion)\w*\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moved:
    """A proposal and its address."""

    iri: str
    proposal: Proposal


def administrations(moved: Iterable[Moved]) -> str | None:
    """The administration's own proposal, if there is one."""
    return next((m.iri for m in moved if _is_administrations(m.proposal)), None)


def _is_administrations(proposal: Proposal) -> bool:
    return proposal.stance == "own" and any(actor.is_administration for actor in proposal.by)


def parties_of(page: Page, actors: Iterable[Actor]) -> frozenset[str]:
    keys = (meant(actor.party, page.name.municipality) for actor in actors)
    return frozenset(party.code for party in keys if party)


def _of_members(moved: Iterable[Moved]) -> list[Moved]:
    return [m for m in moved if not _is_administrations(m.proposal)]


def _own(moved: Iterable[Moved]) -> list[Moved]:
    """Proposals with a wording of their own: what one can be for."""
    return [m for m in _of_members(moved) if m.proposal.stance in ("own", "amend")]


def moved_by_same(page: Page, actors: tuple[Actor, ...], moved: Iterable[Moved]) -> str | None:
    """The one own proposal of the same persons, else of the same parties; None where there are several.

    Who has no proposal of another wording is for the one that he or she made, of whatever kind.
    """
    names = {key(actor.name) for actor in actors if actor.name}
    parties = parties_of(page, actors)
    every = _of_members(moved)
    for candidates in (_own(every), every):
        by_name = [m for m in candidates if names & {key(a.name) for a in m.proposal.by if a.name}]
        by_party = [m for m in candidates if parties & parties_of(page, m.proposal.by)]
        for found in (by_name, by_party):
            if len(found) == 1:
                return found[0].iri
    return None


def meant_by(page: Page, text: str, moved: Iterable[Moved]) -> str | None:
    """The one proposal that a text means by its mover: the administration, a party or a person; else None."""
    every = list(moved)
    parties = named_in(text, page.name.municipality)
    words = key(text)
    own = _own(every)
    # who has no proposal of another wording is known by the one that he or she made
    for candidates in (own, _of_members(every)):
        named = [m for m in candidates if any(a.name and _names(words, a.name) for a in m.proposal.by)]
        if not named and parties:
            named = [m for m in candidates if parties & parties_of(page, m.proposal.by)]
        if named:
            return named[0].iri if len(named) == 1 else None
    return administrations(every) if not parties and _ADMINISTRATION.search(text) else None


def _names(words: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(key(name))}s?(?!\w)", words) is not None


def won(page: Page, what: str, moved: Iterable[Moved]) -> Moved | None:
    """The one proposal that was carried where a text says that `what` was: the proposal of those whom it names, the
    administration's, or that of those who moved that the proposal before the meeting be carried, in the same words.
    The administration's also where what was carried only asks for its proposal."""
    every = list(moved)
    by_iri = {m.iri: m for m in every}
    found = by_iri.get(meant_by(page, what, every) or "")
    members = named_in(what, page.name.municipality) or any(
        a.name and _names(key(what), a.name) for m in every for a in m.proposal.by
    )
    if found is None and not members and (name := _named(what)):
        same = [m for m in _of_members(every) if _asks_for(m.proposal) and _named(m.proposal.words) == name]
        found = same[0] if len(same) == 1 else None
    if found is None or not _asks_for(found.proposal) or found.proposal.object != "proposal":
        return found
    body = found.proposal.words and _BODY.search(found.proposal.words.text)
    return found if body else by_iri.get(administrations(every) or "", found)


PUT_OFF = {"referred-back": "remit", "postponed": "table"}
"""What a proposal demands that was decided where the item was not."""
_DEMANDS = {
    "rejected": ("reject", re.compile(r"avslå\w*\s(?:\w+\s)?motionen\b|\b[Mm]otionen\s(?:\w+\s)?avslås")),
    "approved": ("approve", re.compile(r"\bbif[aö]ll\w*\s(?:\w+\s)?motionen\b|\b[Mm]otionen\s(?:\w+\s)?bifalls")),
    "answered": ("answered", re.compile(r"\bmotionen\b[^.]{0,40}\bbesvarad\b", re.IGNORECASE)),
}


def demanded(told: Decision, moved: Iterable[Moved]) -> str | None:
    """The one proposal that demands just what was decided: that the item be referred back or postponed, or what was
    to become of the motion; there none where somebody proposes what the text does not tell."""
    members = [m for m in _of_members(moved) if m.proposal.part is None]
    put_off = PUT_OFF.get(told.outcome)
    if put_off is not None:
        found = [m for m in members if m.proposal.stance == put_off]
        return found[0].iri if len(found) == 1 else None
    stance, says = _DEMANDS.get(told.outcome, ("", None))
    if says is None or not any(says.search(point.text) for point in told.points):
        return None
    about = [m for m in members if m.proposal.stance not in ("remit", "table", "decide_today")]
    found = [m for m in about if m.proposal.stance == stance]
    known = all(m.proposal.object == "motion" and m.proposal.stance not in ("own", "amend") for m in about)
    return found[0].iri if known and len(found) == 1 else None


def _asks_for(proposal: Proposal) -> bool:
    """Whether somebody only asks for the whole of what another has proposed."""
    changed = proposal.words is None or _CHANGED.search(proposal.words.text)
    return proposal.stance == "approve" and proposal.part is None and not changed


def _named(words: Quote | str | None) -> str | None:
    """How a text names the proposal before the meeting: "kommunstyrelsens förslag"; the one that lies before it has
    several names."""
    match = _NAMED.search(words.text if isinstance(words, Quote) else words or "")
    if match is None:
        return None
    name = key(re.sub(r"^(?:det|de)\s", "", match["what"].strip(), flags=re.I))
    return "föreliggande förslag" if _LYING_BEFORE.search(name) else name


def points_of(moved: Moved, numbers: Sequence[str]) -> list[str]:
    """The addresses of the points of a proposal by their printed numbers; none where it lacks one of them."""
    found = [
        f"{moved.iri}/{position}"
        for number in numbers
        for position, point in enumerate(moved.proposal.points, 1)
        if point.number and same_number(point.number, number)
    ]
    return found if len(found) == len(numbers) else []


def voted_for(page: Page, text: str, moved: Iterable[Moved]) -> str | None:
    """The one proposal that an answer in a vote is for; None where it is against one, for one with changes, or for
    some points only."""
    every = list(moved)
    if _AGAINST.search(text) or part_of(text) is not None:
        return None
    found = meant_by(page, text, every)
    return None if _CHANGED.search(text) and found == administrations(every) else found

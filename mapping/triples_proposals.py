"""Which proposal of an item a text means: the administration's, one party's, one person's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mapping.names import key
from mapping.parties import meant, named_in
from mapping.records import Actor, Proposal
from mapping.triples_page import Page

_ADMINISTRATION = re.compile(
    r"\b(?:\w*förvaltning(?:en)?s?|\w*kontorets?|tjänsteutlåtande\w*|föreliggande)\b", re.IGNORECASE
)
# An answer with such a word is against something, or puts it off: whose proposal it names is not what it is for.
_AGAINST = re.compile(
    r"avsl[aåo]|avstyrk|avvis|förkast|återremi|bordl|uppskj|\b(?:ej|inte|icke|emot|mot)\b", re.IGNORECASE
)
_CHANGED = re.compile(r"ändr|tillägg|undantag|\butom\b", re.IGNORECASE)


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


def _own(moved: Iterable[Moved]) -> list[Moved]:
    """Proposals with a wording of their own: what one can be for."""
    return [m for m in moved if not _is_administrations(m.proposal) and m.proposal.stance in ("own", "amend")]


def moved_by_same(page: Page, actors: tuple[Actor, ...], moved: Iterable[Moved]) -> str | None:
    """The one own proposal of the same persons, else of the same parties; None where there are several.

    Who has no proposal of another wording is for the one that he or she made, of whatever kind.
    """
    names = {key(actor.name) for actor in actors if actor.name}
    parties = parties_of(page, actors)
    every = [m for m in moved if not _is_administrations(m.proposal)]
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
    named = [m for m in own if any(a.name and key(a.name) in words for a in m.proposal.by)]
    if not named and parties:
        named = [m for m in own if parties & parties_of(page, m.proposal.by)]
    if named or parties:
        return named[0].iri if len(named) == 1 else None
    return administrations(every) if _ADMINISTRATION.search(text) else None


def voted_for(page: Page, text: str, moved: Iterable[Moved]) -> str | None:
    """The one proposal that an answer in a vote is for; None where it is against one, or for one with changes."""
    every = list(moved)
    if _AGAINST.search(text):
        return None
    found = meant_by(page, text, every)
    return None if _CHANGED.search(text) and found == administrations(every) else found

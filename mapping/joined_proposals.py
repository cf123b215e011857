"""Proposals completed by others: those who only second them, and what reservations print of them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.records import Actor, Proposal

_SAME = re.compile(
    r"\b(?:i (?:detta |samma )?förslaget|(?:detta|samma) förslag|(?:detta |samma )?\w*yrkande[tn]?)\b(?! om)"
    r"|^\s*(?:instämmer|instämde)\W*$"
)


def with_seconders(moved: Sequence[Proposal]) -> list[Proposal]:
    """Proposals, those who only agree with what another has moved ("instämmer i A Eks yrkande") named among the
    movers of that; where nobody by that name has moved anything, or they agree with some points of it only, they
    stay as they are."""
    kept = [proposal for proposal in moved if proposal.seconds is None or proposal.part is not None]
    for proposal in moved:
        if proposal.seconds is None or proposal.part is not None:
            continue
        joined = [i for i, other in enumerate(kept) if _named_in(proposal.seconds, other.by)]
        if not joined and _SAME.search(proposal.seconds):
            before = [i for i, other in enumerate(kept) if other.span.start < proposal.span.start]
            joined = before[-1:]
        for index in joined:
            others = tuple(a for a in proposal.by if a.name not in {actor.name for actor in kept[index].by})
            kept[index] = replace(kept[index], by=(*kept[index].by, *others))
        if not joined:
            kept.append(proposal)
    return kept


def _named_in(phrase: str, movers: Sequence[Actor]) -> bool:
    first = next((actor.name for actor in movers if actor.name), None)
    return first is not None and re.search(rf"\b{re.escape(first)}(?:s|\b)", phrase) is not None


def with_printed(moved: Sequence[Proposal], printed: Sequence[Proposal]) -> list[Proposal]:
    """Proposals, those without points completed by what their movers' reservations print of them."""
    whole = list(moved)
    for proposal in printed:
        # a whole group that reserves itself has moved by those of its members who spoke
        groups = any(actor.name is None for actor in proposal.by)
        names = {actor.party if groups else (actor.name, actor.party) for actor in proposal.by}
        for index, other in enumerate(whole):
            same = names & {actor.party if groups else (actor.name, actor.party) for actor in other.by}
            if not same or other.stance not in ("own", "amend"):
                continue
            if not (other.points and other.text):
                points = other.points or proposal.points
                whole[index] = replace(other, stance="own", points=points, text=proposal.text)
            break
        else:
            whole.append(proposal)
    return whole

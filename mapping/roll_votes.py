"""Votes of annexed lists, tied to the § they belong to."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.records import Item, Vote
from mapping.roll_ballots import RollVote

_LISTED = re.compile(r"(?:lista|bilaga|protokoll|omröstning|votering)\s*(?:nr\.?)?\s*(?P<number>\d{1,3})\b", re.I)


def with_rolls(items: Sequence[Item], listed: Sequence[RollVote], end: int) -> tuple[Item, ...]:
    """The items with the ballots of lists. A list belongs to the § that it prints, else to the § it stands in;
    behind the last § (`end`) or before the first to the § that refers to its number, else to the only vote of the
    meeting with the same counts; otherwise it stays open."""
    settled = list(items)
    for vote in listed:
        within = [item.number for item in items if item.span.start <= vote.span.start < end]
        if vote.paragraph is None and within:
            vote = replace(vote, paragraph=within[-1])
        at = _place(settled, vote)
        if at is not None:
            settled[at[0]] = _completed(settled[at[0]], at[1], vote)
    return tuple(settled)


def _agrees(told: Vote, listed: RollVote) -> bool:
    return told.yes == listed.count("yes") and told.no == listed.count("no")


def _place(items: Sequence[Item], vote: RollVote) -> tuple[int, int | None] | None:
    """(index of the item, index of its vote or None for a vote that the § does not tell) of a list."""
    if vote.paragraph is not None:
        for index, item in enumerate(items):
            if item.number == vote.paragraph:
                open_votes = [i for i, told in enumerate(item.votes) if not told.ballots]
                same = [i for i in open_votes if _agrees(item.votes[i], vote)]
                return index, next(iter(same or open_votes), None)
        return None
    if vote.list_number is not None:
        for index, item in enumerate(items):
            told = item.procedure.text if item.procedure else ""
            if vote.list_number in {m.group("number") for m in _LISTED.finditer(told)}:
                same = [i for i, v in enumerate(item.votes) if not v.ballots and _agrees(v, vote)]
                if same:
                    return index, same[0]
    alike = [
        (index, i)
        for index, item in enumerate(items)
        for i, told in enumerate(item.votes)
        if not told.ballots and _agrees(told, vote)
    ]
    return alike[0] if len(alike) == 1 else None


def _completed(item: Item, at: int | None, listed: RollVote) -> Item:
    votes = list(item.votes)
    if at is None:
        if votes:
            return item  # the § tells its votes, and this list is none of them
        votes.append(Vote(listed.span, listed.count("yes"), listed.count("no"), listed.count("abstained") or None))
        at = 0
    told = votes[at]
    votes[at] = replace(
        told,
        ballots=listed.ballots,
        yes=listed.count("yes") if told.yes is None else told.yes,
        no=listed.count("no") if told.no is None else told.no,
        abstain=told.abstain if told.abstain is not None else listed.count("abstained") or None,
    )
    return replace(item, votes=tuple(votes))

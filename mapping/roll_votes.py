"""Votes of annexed lists, tied to the § they belong to."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.records import Item, Vote
from mapping.roll_ballots import RollVote
from mapping.text import Span

_LISTED = re.compile(r"(?:lista|bilaga|protokoll|omröstning|votering)\s*(?:nr\.?)?\s*(?P<number>\d{1,3})\b", re.I)


def with_rolls(items: Sequence[Item], listed: Sequence[RollVote], end: int) -> tuple[Item, ...]:
    """The items with the ballots of lists. A list belongs to the § that it prints, else to the § it stands in;
    behind the last § (`end`) or before the first to the § that refers to its number, else to the only vote of the
    meeting with the same counts; otherwise it stays open."""
    settled = list(items)
    referring = [_referred(item) for item in items]
    for vote in listed:
        within = [index for index, item in enumerate(items) if item.span.start <= vote.span.start < end]
        at = _place(settled, referring, vote, within[-1] if within else None)
        if at is not None:
            settled[at[0]] = _completed(settled[at[0]], at[1], vote)
    return tuple(settled)


def open_lists(items: Sequence[Item], listed: Sequence[RollVote]) -> list[Span]:
    """Where the lists stand of which no ballot came to any §."""
    cast = {ballot.actor.span for item in items for vote in item.votes for ballot in vote.ballots}
    return [vote.span for vote in listed if not any(ballot.actor.span in cast for ballot in vote.ballots)]


def _agrees(told: Vote, listed: RollVote) -> bool:
    return told.yes == listed.count("yes") and told.no == listed.count("no")


def _place(
    items: Sequence[Item], referring: Sequence[set[str]], vote: RollVote, within: int | None
) -> tuple[int, int | None] | None:
    """(index of the item, index of its vote or None for a vote that the § does not tell) of a list that stands in the
    item `within`; `referring`: the numbers of lists that each item refers to."""
    if vote.paragraph is not None:
        numbered = _numbered(items, vote.paragraph)
        if len(numbered) > 1:
            agreeing = [i for i in numbered if _same(items[i], vote)]
            numbered = [within] if within in numbered else agreeing if len(agreeing) == 1 else []
        return _in_item(items, numbered[0], vote) if numbered else None
    number = vote.list_number
    open_to = [index for index, numbers in enumerate(referring) if not (number and numbers) or number in numbers]
    alike = [(index, i) for index in open_to for i in _same(items[index], vote)]
    if within is not None:
        # annexes whose beginning is not recognised stand in the last §
        astray = within == len(items) - 1 and not items[within].votes and len(alike) == 1
        return alike[0] if astray else _in_item(items, within, vote)
    named = [index for index, numbers in enumerate(referring) if number in numbers]
    if named:
        same = next(((index, i) for index in named for i in _same(items[index], vote)), None)
        untold = len(named) == 1 and not items[named[0]].votes
        return same or ((named[0], None) if untold else None)
    return alike[0] if len(alike) == 1 else None


def _referred(item: Item) -> set[str]:
    """The numbers of the lists that a § refers to, where it tells how it was voted and what was decided."""
    decided = item.decision.points if item.decision else ()
    told = [item.procedure.text if item.procedure else "", *(point.text for point in decided)]
    return {match.group("number") for text in told for match in _LISTED.finditer(text)}


def _numbered(items: Sequence[Item], paragraph: str) -> list[int]:
    """The items of a number; where none has it in full, those that have it but for the year ("5" and "5/24")."""
    found = [index for index, item in enumerate(items) if item.number == paragraph]
    if found:
        return found
    bare, _, year = paragraph.partition("/")
    parted = [(index, *(item.number or "").partition("/")[::2]) for index, item in enumerate(items)]
    return [index for index, number, of in parted if number == bare and not (of and year)]


def _same(item: Item, vote: RollVote) -> list[int]:
    """The votes of an item, still without ballots, whose counts are the list's."""
    return [i for i, told in enumerate(item.votes) if _unnamed(told) and _agrees(told, vote)]


def _in_item(items: Sequence[Item], index: int, vote: RollVote) -> tuple[int, int | None] | None:
    """A place in an item; none where it tells several votes and the list is none of them."""
    open_votes = [i for i, told in enumerate(items[index].votes) if _unnamed(told)]
    same = _same(items[index], vote)
    if not same and len(open_votes) > 1:
        return None
    return index, next(iter(same or open_votes), None)


def _unnamed(vote: Vote) -> bool:
    """Whether a vote names nobody who said yes or no; those who abstain may be named in prose."""
    return not any(ballot.value in ("yes", "no") for ballot in vote.ballots)


def _completed(item: Item, at: int | None, listed: RollVote) -> Item:
    votes = list(item.votes)
    if at is None:
        if votes:
            return item  # the § tells its votes, and this list is none of them
        votes.append(Vote(listed.span, listed.told("yes"), listed.told("no"), listed.told("abstained") or None))
        at = 0
    told = votes[at]
    names = {ballot.actor.name for ballot in listed.ballots}
    abstaining = tuple(ballot for ballot in told.ballots if ballot.actor.name not in names)
    votes[at] = replace(
        told,
        ballots=(*listed.ballots, *abstaining),
        yes=listed.told("yes") if told.yes is None else told.yes,
        no=listed.told("no") if told.no is None else told.no,
        abstain=told.abstain if told.abstain is not None else listed.told("abstained") or None,
    )
    return replace(item, votes=tuple(votes))

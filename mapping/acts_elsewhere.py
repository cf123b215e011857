"""Acts that name the § they concern ("deltog inte i beslutet i § 70") stand with that §, wherever they are told."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.records import Item, Reservation, Statement, Vote, Withdrawal

_NUMBERS = r"§{1,2}\s?\d{1,4}(?:\s?(?:[-–,]|och|samt)\s?(?:§\s?)?\d{1,4})*"
# A § of the meeting's own; "arbetsutskottets beslut § 22" is another body's.
_CONCERNS = re.compile(
    r"(?:\b(?:mot|i|vid|under|på) (?:beslute[tn]|ärende[nt]|omröstning(?:en|ar)?|votering(?:en|ar)?)"
    r" (?:i |under |på |enligt |vid )?"
    r"|\b(?:yrkandet?|förslaget|reservationen) (?:i|under|till) (?:ärende |beslut )?"
    r"|\b(?:omröstning(?:en)?|votering(?:en)?|jäv|delt(?:ar|og) (?:inte|ej)|reserver(?:ar|ade) sig"
    r"|protokollsanteckning(?:en)?|yttrandet?|reservation(?:en)?) (?:i|till|mot|på|under|vid) )"
    rf"(?P<numbers>{_NUMBERS})",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?:omröstning|votering)\b", re.IGNORECASE)
_THIS = re.compile(r"\bdetta (?:beslut|ärende)\b", re.IGNORECASE)
_DECLARED = re.compile(r"\bjäv\b", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,4})(?:\s?[-–]\s?(\d{1,4}))?")
_MOST = 50  # § that one act may concern
_SENTENCE = re.compile(r"[.!?][”\"]?(?=\s|$)|\n\s*\n")
_REACH = 600  # characters before an act and behind its start that may hold its sentence

_Act = Reservation | Statement | Withdrawal | Vote


def acts_settled(items: Sequence[Item], canonical: str) -> tuple[Item, ...]:
    """The items of a meeting, each with the reservations, statements, withdrawals and votes that concern it. What
    concerns a § that the document does not have stands nowhere.

    `canonical`: the text of the document that the spans count in."""
    held: list[list[_Act]] = [[] for _ in items]
    for index, item in enumerate(items):
        told: tuple[_Act, ...] = (*item.reservations, *item.statements, *item.withdrawals, *item.votes)
        for act in told:
            for place in _places(items, index, act, canonical):
                held[place].append(act)
    return tuple(
        replace(
            item,
            reservations=tuple(act for act in acts if isinstance(act, Reservation)),
            statements=tuple(act for act in acts if isinstance(act, Statement)),
            withdrawals=tuple(act for act in acts if isinstance(act, Withdrawal)),
            votes=tuple(act for act in acts if isinstance(act, Vote)),
        )
        for item, acts in zip(items, held, strict=True)
    )


def _numbers(act: _Act, item: Item, canonical: str) -> frozenset[int]:
    """The numbers of the § that the sentence of an act names; none where it names none."""
    before = canonical[max(item.span.start, act.span.start - _REACH) : act.span.start]
    ends = [0, *(match.end() for match in _SENTENCE.finditer(before))]
    opened = ends[-1]
    if isinstance(act, Vote) and len(ends) > 1 and _CALLED.search(before[ends[-2] : opened]):
        opened = ends[-2]  # the sentence before tells what is voted on
    behind = canonical[act.span.start : min(act.span.end, act.span.start + _REACH)]
    closed = _SENTENCE.search(behind)
    sentence = before[opened:] + behind[: closed.start() if closed else len(behind)]
    if _THIS.search(sentence):
        return frozenset()
    match = _CONCERNS.search(" ".join(sentence.split()))
    ranges = [(int(first), int(last or first)) for first, last in _RANGE.findall(match["numbers"])] if match else []
    return frozenset(number for first, last in ranges for number in range(first, min(last, first + _MOST) + 1))


def _places(items: Sequence[Item], index: int, act: _Act, canonical: str) -> list[int]:
    """The positions of the items that an act told in the item `index` belongs to. What is declared in a § for
    disqualification stays there."""
    numbers, title = _numbers(act, items[index], canonical), items[index].title
    recused = isinstance(act, Withdrawal) and act.kind == "conflict_of_interest"
    if not numbers or (recused and title is not None and _DECLARED.search(title.text)):
        return [index]
    return [place for place, item in enumerate(items) if item.number and _bare(item.number) in numbers]


def _bare(number: str) -> int:
    match = re.match(r"\d+", number)
    return int(match.group()) if match else 0

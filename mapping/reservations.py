"""Reservations in a section of their own, with their motivation and the proposals printed in them."""

import re
from collections.abc import Sequence

from mapping.actors import parse_actors
from mapping.flow import flow, sentences
from mapping.known import Known
from mapping.points import as_quote, split_points
from mapping.records import Proposal, Reservation
from mapping.rows import Row
from mapping.sections import Section
from mapping.text import Span
from mapping.turns import ends_sentence, opening, turns

_LISTED = re.compile(r"[”\"]?(?:1[.)]|Att|att)\s")
_OWN = re.compile(r"\b(?:eget|egna|sitt|sina|gemensam\w*)\b")
_FAVOUR = re.compile(r"(?:till förmån för|i enlighet med|hänvisning till)\s(?P<what>[^.;:]+)")


def read_reservations(section: Section, known: Known) -> tuple[tuple[Reservation, ...], tuple[Proposal, ...]]:
    """(reservations, proposals printed in them); text behind a reservation is its motivation.

    Stockholm's minutes of 2020 print the proposal in the reservation: "till förmån för det egna förslaget;" and
    its points, in quotation marks."""
    made: list[Reservation] = []
    printed: list[Proposal] = []
    for turn in turns(section.rows, "reservation_verbs", known):
        head = next((i for i, row in enumerate(turn.rows) if ends_sentence(row.text)), len(turn.rows) - 1) + 1
        listed_at = next((i for i, row in enumerate(turn.rows) if i and _LISTED.match(row.text)), head)
        head = min(head, listed_at)
        motivation = as_quote(turn.rows[head:])
        spoken = list(sentences(flow(row.line for row in turn.rows[:head])))
        for position, sentence in enumerate(spoken):
            opened = opening(sentence, "reservation_verbs", known)
            if opened is None:
                continue
            text = motivation if position == len(spoken) - 1 else None
            span = Span(sentence.span().start, text.span.end) if text else sentence.span()
            made.append(Reservation(opened[0], span, favoured(sentence.text), text))
        listed = split_points(turn.rows[head:])
        if listed.points and made and _OWN.search(made[-1].in_favour_of or ""):
            text = as_quote(listed.rest)
            end = text.span.end if text else listed.points[-1].span.end
            span = Span(listed.points[0].span.start, end)
            printed.append(Proposal(made[-1].by, "own", span, points=listed.points, text=text))
    return tuple(made), tuple(printed)


def only_named(rows: Sequence[Row], known: Known) -> tuple[Reservation, ...]:
    """The reservation of a section that holds names and nothing else: "Reservation: A B och C D (båda c)."."""
    if not rows:
        return ()
    whole = flow(row.line for row in rows)
    actors, end = parse_actors(whole, 0, known)
    return (Reservation(actors, whole.span()),) if actors and whole.text[end:].strip() in ("", ".") else ()


def favoured(sentence: str) -> str | None:
    """What a reservation is made in favour of, in its own words."""
    match = _FAVOUR.search(sentence)
    return match.group("what") if match else None

"""What members move in a section of proposals: "A (C) yrkar återremiss. B (SD) yrkar avslag."."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mapping.flow import Flow, flow, sentences
from mapping.known import Known
from mapping.points import as_quote, split_points
from mapping.records import Actor, Point, Proposal
from mapping.rows import Row
from mapping.stance import choices, first_found, of_own_party, stance_of
from mapping.text import Span
from mapping.turns import Turn, opening, turns

MOVES_NOTHING = re.compile(r"\s*yrka\w*\s(?:inte|ej)\b")
_SECONDS = re.compile(r"[\s:–-]*(?:instämmer|instämde|ansluter sig|anslöt sig|biträder|biträdde)\b", re.IGNORECASE)


def read_proposals(rows: Sequence[Row], known: Known) -> tuple[Proposal, ...]:
    """The proposals of a section of proposals."""
    made: list[Proposal] = []
    for turn in turns(rows, "proposal_verbs", known):
        listed = split_points(turn.rows, last_list=True)
        if len(listed.points) == 1 and _introduces(listed.before) and (plain := _plain(turn, listed.points[0])):
            made.append(plain)
        elif listed.points and _introduces(listed.before):
            points, text = listed.points, as_quote(listed.rest)
            end = text.span.end if text else points[-1].span.end
            made.append(
                Proposal(
                    turn.actors,
                    "own",
                    Span(turn.rows[0].start, end),
                    points=points,
                    text=text,
                    joins_party=_joins(_text(turn.rows), known),
                )
            )
        else:
            made += _spoken(turn, known)
    return tuple(made)


def _introduces(rows: Sequence[Row]) -> bool:
    """Whether a list of points follows as what is moved ("yrkade", "föreslår följande:")."""
    return (
        bool(re.search(r"(?:yrka\w*|yrka\w* gemensamt|följande|besluta\w*|föreslå\w*|att)\s*:?\s*$", _text(rows)))
        if rows
        else False
    )


_PLAIN = ("approve", "reject", "remit", "table", "answered", "decide_today")
_SHORT = 120  # characters


def _plain(turn: Turn, point: Point) -> Proposal | None:
    """A proposal of one att-clause that only says what is to become of the item: "att ärendet bordläggs"."""
    stance = stance_of(point.text, "own")
    if stance not in _PLAIN or len(point.text) > _SHORT:
        return None
    span = Span(turn.rows[0].start, turn.rows[-1].end)
    return Proposal(turn.actors, stance, span, first_found("object", point.text, "proposal"))


def _joins(text: str, known: Known) -> str | None:
    match = re.search(r"ansl(?:uter|öt|utit) sig till (?P<party>[\wåäöÅÄÖ]+?)s? förslag", text)
    return known.code(match.group("party")) if match else None


def _text(rows: Sequence[Row]) -> str:
    return flow(row.line for row in rows).text


def _spoken(turn: Turn, known: Known) -> Iterator[Proposal]:
    """Proposals told in sentences: "A (C) yrkar återremiss. B (SD) yrkar avslag på förslaget."."""
    whole = flow(row.line for row in turn.rows)
    for sentence in sentences(whole):
        found = opening(sentence, "proposal_verbs", known)
        if found is None:
            continue
        actors, phrase = found[0], sentence.text[found[1] :]
        if MOVES_NOTHING.match(phrase):
            continue
        for choice in choices(phrase):
            made = of_own_party(proposal_of(actors, choice, sentence), choice, known)
            yield replace(made, joins_party=_joins(sentence.text, known))


def proposal_of(actors: tuple[Actor, ...], phrase: str, sentence: Flow) -> Proposal:
    """What actors move in a phrase of a sentence: its stance, what it is about, its att-clause as its point."""
    stance = stance_of(phrase, "amend" if re.search(r"\batt\b", phrase) else "own")
    if re.match(r"\s*ansl(?:uter|öt) sig", phrase):
        stance = "approve"
    about = first_found("object", phrase, "proposal")
    clause = re.search(r"\batt\b.*$", sentence.text) if stance in ("own", "amend") else None
    points = (Point(clause.group(), sentence.span(*clause.span())),) if clause else ()
    seconds = phrase if _SECONDS.match(phrase) else None
    return Proposal(actors, stance, sentence.span(), about, points, seconds=seconds)

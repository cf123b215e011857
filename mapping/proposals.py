"""What members move in a section of proposals: "A (C) yrkar återremiss. B (SD) yrkar avslag."."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mapping.flow import Flow, flow, sentences
from mapping.known import Known
from mapping.named_points import part_of
from mapping.points import as_quote, split_points
from mapping.records import Actor, Point, Proposal, Quote
from mapping.rows import Row
from mapping.stance import choices, first_found, of_own_party, stance_of
from mapping.text import Span
from mapping.turns import Turn, opening, turns

MOVES_NOTHING = re.compile(r"\s*yrka\w*\s(?:inte|ej)\b")
_ASKS = re.compile(
    r"[\s,:–-]*(?:(?:gemensamt\s)?(?:yrka\w*(?:\spå)?|föreslår|föreslog|begär|begärde)\b)?"
    r"(?:[\s,]*med instämmande (?:av|från)\s[^.]{3,200}?[,:)]"
    r"(?=\s(?i:bifall|avslag|återremi|bordlägg|att\s)))?[\s,:]*"
)
_PUTS_OFF_POINTS = re.compile(
    r"(?:återremi|bordlägg)\w*\s(?:av\s|på\s)?(?:besluts)?punkt|punkt\w*\s[\d\s,och–-]{1,20}(?:ska(?:ll)?\s)?(?:återremi|bordlägg)"
)
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
            party, part = _joins(_text(turn.rows), known)
            made.append(
                Proposal(
                    turn.actors,
                    "own",
                    Span(turn.rows[0].start, end),
                    points=points,
                    text=text,
                    joins_party=party,
                    part=part,
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
    return Proposal(
        turn.actors,
        stance,
        span,
        first_found("object", point.text, "proposal"),
        words=Quote(point.text, point.span),
        part=part_of(point.text),
    )


def _joins(text: str, known: Known) -> tuple[str | None, tuple[str, ...] | None]:
    """(the party whose proposal a text joins, the points of it, None for the whole)."""
    match = re.search(
        r"ansl(?:uter|öt|utit) sig till (?P<party>[\wåäöÅÄÖ]+?)s? förslag(?P<behind>[^.;:]{0,80})", text
    )
    code = known.code(match.group("party")) if match else None
    return (code, part_of(match.group("behind"))) if match and code else (None, None)


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
            party, part = _joins(sentence.text, known)
            yield replace(made, joins_party=party, part=part if party else made.part)


def proposal_of(actors: tuple[Actor, ...], phrase: str, sentence: Flow) -> Proposal:
    """What actors move in a phrase of a sentence: its stance, what it is about, its att-clause as its point."""
    stance = stance_of(phrase, "amend" if re.search(r"\batt\b", phrase) else "own")
    if re.match(r"\s*ansl(?:uter|öt) sig", phrase):
        stance = "approve"
    about = first_found("object", phrase, "proposal")
    clause = re.search(r"\batt\b.*$", sentence.text) if stance in ("own", "amend") else None
    points = (Point(clause.group(), sentence.span(*clause.span())),) if clause else ()
    seconds = phrase if _SECONDS.match(phrase) else None
    words = None if points else _words(phrase, sentence)
    part = part_of(phrase) if stance in ("approve", "reject") or _PUTS_OFF_POINTS.search(phrase) else None
    return Proposal(actors, stance, sentence.span(), about, points, seconds=seconds, words=words, part=part)


def _words(phrase: str, sentence: Flow) -> Quote | None:
    """What a phrase of a sentence moves, without the verb that says that it is moved."""
    asks = _ASKS.match(phrase)
    start = sentence.text.find(phrase) + (asks.end() if asks else 0)
    end = sentence.text.find(phrase) + len(re.sub(r"(?:[\s.,;]|\s(?:och|samt))+$", "", phrase.split(". §")[0]))
    return sentence.quote(start, end) if re.search(r"\w", sentence.text[start:end]) else None

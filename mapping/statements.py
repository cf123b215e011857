"""Statements in a section of their own: special statements, those of substitutes, notes to the minutes."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mapping.actors import parse_actors
from mapping.flow import Flow, flow, sentences
from mapping.known import Known
from mapping.party_groups import parse_parties
from mapping.points import as_quote
from mapping.records import Quote, Statement
from mapping.rows import Row
from mapping.sections import Section
from mapping.turns import LOOK_AHEAD, Turn, ends_sentence, turns, verb_of

_ADJUSTED = re.compile(
    r"(?:Paragrafen|Ärendet|Beslutet|Punkten)\s[^.]{0,40}(?:omedelbart\sjuster|justeras\somedelbart)"
)


# What a substitute declares, whatever heading it stands under.
_BY_SUBSTITUTE = re.compile(r"ersättaryttrande|\bhade (?:tjänstgjort|haft (?:röst|yrkande)rätt)", re.I)


def read_statements(section: Section, known: Known) -> tuple[Statement, ...]:
    """The statements of a section of statements of one kind."""
    end = next((i for i, row in enumerate(section.rows) if i and _ADJUSTED.match(row.text)), len(section.rows))
    section = replace(section, rows=section.rows[:end])
    found = turns(section.rows, "statement_verbs", known)
    made = [_statement(section.kind, turn) for turn in found]
    if not found and section.rows:
        whole = flow(row.line for row in section.rows)
        by = re.search(r"\b(?:lämnat|lämnats|lämnades|avgavs|avgivits|anmäldes|ingavs)\s(?:av|från)\s", whole.text)
        actors = parse_actors(whole, by.end(), known)[0] if by else parse_actors(whole, 0, known)[0]
        parties, end = parse_parties(whole, 0, known)
        if not actors and parties and verb_of("statement_verbs").match(whole.text, end):
            actors = parties
        denied = re.search(r"\b(?:avstår från att|instämmer inte|lämnar inte|lämnar inget)\b", whole.text)
        if actors and not denied and actors[0].span.start - whole.span().start < 200:
            made = [Statement(section.kind, actors, whole.span(), behind_colon(whole))]
    return tuple(made)


def behind_colon(whole: Flow) -> Quote | None:
    """What stands behind the colon of an opening sentence."""
    colon = re.match(r"(?:m\.\s?fl\.|[^.:])*:\s", whole.text)
    return _rest(whole, colon.end()) if colon else None


def _rest(whole: Flow, start: int) -> Quote | None:
    """What stands from a position on, or None where nothing does."""
    rest = whole.part(start)
    return rest.quote() if rest else None


def _statement(kind: str, turn: Turn) -> Statement:
    whole = flow(row.line for row in turn.rows)
    first = next(sentences(whole))
    kind = "substitute_statement" if kind == "special_statement" and _BY_SUBSTITUTE.search(first.text) else kind
    colon = re.compile(r"(?:m\.\s?fl\.|[^.])*?:(?=\s|$)").match(first.text)
    head_end = _head_end(turn.rows)
    if head_end is not None:
        body = as_quote(turn.rows[head_end:])
    elif colon is not None:
        body = _rest(whole, colon.end())
    else:
        body = _rest(whole, len(first.text))
    endorses = re.search(r"(?:ställ(?:de|er) sig bakom|instäm(?:mer|de) i)\s(?P<what>[^.]+)", first.text)
    if endorses and body is None:
        return Statement(kind, turn.actors, whole.span(), None, first.quote(*endorses.span("what")).text)
    return Statement(kind, turn.actors, whole.span(), body)


def _head_end(rows: Sequence[Row]) -> int | None:
    """Index of the row behind the opening sentence where that ends with a colon at a row's end."""
    for index, row in enumerate(rows[:LOOK_AHEAD]):
        if row.text.endswith(":"):
            return index + 1 if index + 1 < len(rows) else None
        if ends_sentence(row.text):
            return None
    return None

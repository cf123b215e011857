"""Negations of operative words: "beviljas inte", "att inte anta", but not "godkänner förslaget att inte bygga"."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from mapping.lexicon import lexicon


@dataclass(frozen=True, slots=True)
class Negation:
    """Where the negating word stands in a text, and whether it turns consent into a plain no."""

    start: int
    end: int
    rejects: bool


@dataclass(frozen=True, slots=True)
class _Patterns:
    before: re.Pattern[str]
    after: re.Pattern[str]
    inside: re.Pattern[str]
    between: re.Pattern[str]
    clause: re.Pattern[str]
    preposition: re.Pattern[str]
    participle: re.Pattern[str]
    consent: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    table: dict[str, Any] = lexicon("outcomes")["negation"]
    # Lower case only: a name may begin with the word ("Ej").
    word = rf"\b(?P<no>{'|'.join(table['words'])})\b(?!\s(?:{'|'.join(table['none'])})\b)"
    gap = r"(?P<gap>(?:[\w-]+\s){0,3})"
    return _Patterns(
        before=re.compile(rf"{word}\s{gap}\Z"),
        after=re.compile(rf"\w*\s{gap}{word}(?=(?:\s(?P<next>\w+))?)"),
        inside=re.compile(rf"\w+\s{word}"),
        between=re.compile(rf"(?:(?:{'|'.join(table['between'])})\s)*"),
        clause=re.compile(rf"\b(?:{'|'.join(table['clauses'])})\s"),
        preposition=re.compile(rf"\b(?:{'|'.join(table['prepositions'])})\s"),
        participle=re.compile(table["participles"]),
        consent=re.compile("|".join(table["consent"]), re.I),
    )


def negation(text: str, start: int, end: int) -> Negation | None:
    """The negation of the operative words at start-end of a text, in their own clause and within three words."""
    told = _patterns()
    consent = bool(told.consent.match(text, start))
    inside = told.inside.match(text, start, end)
    if inside:
        return Negation(*inside.span("no"), consent)
    return _before(text, start, told, consent) or _after(text, end, told, consent)


def _before(text: str, start: int, told: _Patterns, consent: bool) -> Negation | None:
    window = max(0, start - 80)
    match = told.before.search(text[window:start])
    if match is None:
        return None
    gap = match["gap"]
    plain = bool(told.between.fullmatch(gap))
    if not plain and (told.clause.search(gap) or not told.preposition.match(gap)):  # "att inte bygga skolan godkänns"
        return None
    return Negation(window + match.start("no"), window + match.end("no"), consent and plain)


def _after(text: str, end: int, told: _Patterns, consent: bool) -> Negation | None:
    match = told.after.match(text, end)
    if match is None:
        return None
    gap = match["gap"]
    if told.clause.search(gap) or re.search(rf"{told.preposition.pattern}\Z", gap):
        return None
    following = match["next"] or ""
    if gap and told.participle.fullmatch(following):  # "godkänner rapporten ej verkställda beslut"
        return None
    # "godkänner rapporten ej påbörjade projekt": the negation of a participle, or of the decision
    unsure = bool(gap) and (told.preposition.search(gap) or re.fullmatch(r"\w+(?:ade|da|ta|na)", following))
    return Negation(*match.span("no"), consent and not unsure)

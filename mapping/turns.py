"""Who speaks where: texts that open with names and a verb, and the sections they divide."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from mapping.actors import parse_actors
from mapping.flow import Flow, flow, sentences
from mapping.known import Known
from mapping.lexicon import lexicon
from mapping.party_groups import parse_parties
from mapping.records import Actor
from mapping.rows import Row

LOOK_AHEAD = 12  # rows that a list of names may run over
_JOINED_BY = re.compile(
    r",?\s(?:med (?:instämmande|bifall|stöd) (?:av|från)|(?:instämd|biträdd|understödd) av|tillsammans med)\s"
)
_DASHED = re.compile(r"[A-ZÅÄÖ][^.]{3,90}\)\s[–-]\s[a-zåäö]")  # "A B (S) – bifall till ansökan"
_CHAIR_MOVES = re.compile(r"Ordföranden(?=\s(?:yrkar|yrkade)\b)")
_NUMBER = re.compile(r"\d{1,2}[.)]\s+(?=[A-ZÅÄÖ])")

# "A B (S) reserverar sig inte", "… reserverade sig i arbetsutskottet", "… avstår från att lämna särskilt yttrande"
_DENIES = {
    "reservation_verbs": re.compile(
        r"\s*(?:(?:har|kommer|vill)\s(?:inte|ej)\b|reserver\w+\ssig\s(?:(?:inte|ej|icke)\b|(?:i|vid)\s\w*(?:utskott|beredning))"
        r"|(?:lämn|anmäl|inge|avge)\w*\s(?:inte|ej|ingen)\b)"
    ),
    "statement_verbs": re.compile(
        r"\s*(?:(?:avstår|avstod|avböjer)\b|(?:lämn|anmäl|inge|avge|inkom|instäm|ansluter)\w*\s(?:sig\s)?(?:inte|ej|icke|inget)\b)"
    ),
}
_GOES_ON = re.compile(r"(?:,|\boch|\bsamt|[a-zåäö]-)$")  # a list of names over the line's end


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's part of a section: who, and the rows."""

    actors: tuple[Actor, ...]
    rows: tuple[Row, ...]


@cache
def verb_of(kind: str) -> re.Pattern[str]:
    """The verbs of a kind of act behind the names of those who act, or the colon that stands for one."""
    verbs = "|".join(sorted(lexicon("acts")[kind], key=len, reverse=True))
    asks = r"|\s[–-]\s(?=(?i:återremi|positivt |negativt |bifall|avslag|bordlägg|eget |egna |att ))"
    dashed = asks if kind == "proposal_verbs" else ""
    told = rf"(?:{verbs})\b|(?:\s?med instämmande av [^:.]{{3,60}})?:{dashed}"
    return re.compile(rf"\s*(?:,[^.:]{{0,60}},\s*|,\s)?(?:{told})")


def opening(stretch: Flow, kind: str, known: Known) -> tuple[tuple[Actor, ...], int] | None:
    """(actors, end of their list) where a text opens with names and a verb of a kind."""
    number = _NUMBER.match(stretch.text)
    start = number.end() if number else 0
    actors, end = parse_actors(stretch, start, known)
    if not actors and kind == "proposal_verbs" and known.chair and (chair := _CHAIR_MOVES.match(stretch.text, start)):
        actors, end = (replace(known.chair, span=stretch.span(*chair.span())),), chair.end()
    if not actors and kind == "reservation_verbs":
        actors, end = parse_parties(stretch, start, known)
    if actors and (joined := _JOINED_BY.match(stretch.text, end)):
        others, stop = parse_actors(stretch, joined.end(), known)
        actors, end = ((*actors, *others), stop) if others else (actors, end)
    if not actors or not (verb := verb_of(kind).match(stretch.text, end)):
        return None
    if kind in _DENIES and _DENIES[kind].match(stretch.text, end):
        return None
    # "A (M) yrkar, med instämmande av B (KD), att …"
    if joined := _JOINED_BY.match(stretch.text, verb.end()):
        actors = (*actors, *parse_actors(stretch, joined.end(), known)[0])
    # "…, vari B (KD) instämmer"
    first = next(sentences(stretch), stretch)
    if later := re.search(r",?\s(?:vari|i vilket)\s(?=[A-ZÅÄÖ][^.]{3,80}\sinstäm)", first.text):
        actors = (*actors, *parse_actors(first, later.end(), known)[0])
    return actors, end


def turns(rows: Sequence[Row], kind: str, known: Known) -> tuple[Turn, ...]:
    """The turns of a section: one begins at a row that opens with names and a verb."""
    starts: list[tuple[int, tuple[Actor, ...]]] = []
    for index, row in enumerate(rows):
        if not (row.text[0].isupper() or _NUMBER.match(row.text) or row.text[0] == "("):
            continue
        above = rows[max(0, index - 1)].text
        begins = row.gap or _DASHED.match(row.text) or re.search(r"[.:!?”\"]$|^[^.]{0,60}$", above)
        if index and not begins:
            continue
        if index and not row.gap and _GOES_ON.search(rows[index - 1].text):
            continue
        stretch = flow(r.line for r in rows[index : index + LOOK_AHEAD])
        found = opening(stretch, kind, known)
        if found is not None:
            starts.append((index, found[0]))
    if not starts:
        return ()
    ends = [start for start, _ in starts[1:]] + [len(rows)]
    return tuple(Turn(actors, tuple(rows[start:end])) for (start, actors), end in zip(starts, ends, strict=True))


def ends_sentence(text: str) -> bool:
    """Whether a row ends a sentence: a stop that belongs to "m.fl." ends none."""
    return text.endswith((".", ";", ":")) and not re.search(r"(?:m\.?\s?fl|bl\.?\s?a|s\.k|t\.ex|nr|kl)\.$", text)

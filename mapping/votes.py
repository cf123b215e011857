"""Votes: what yes and no meant, how many, and who voted how."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mapping.actors import parse_actors
from mapping.flow import Flow, flow, sentences
from mapping.known import Known
from mapping.lexicon import lexicon
from mapping.records import Actor, Ballot, Quote, Vote
from mapping.rows import Row
from mapping.text import Line, Span

_NUMBERS: list[str] = lexicon("votes")["numbers"]
_UNITS: dict[str, int] = {word: index if index < 2 else index - 1 for index, word in enumerate(_NUMBERS)}
_TENS: dict[str, int] = {word: 10 * index for index, word in enumerate(lexicon("votes")["tens"], 2)}
_WORDS = (
    _UNITS | _TENS | {t + u: ten + unit for t, ten in _TENS.items() for u, unit in _UNITS.items() if 0 < unit < 10}
)
# "27", "tjugosju", "Tjugosju (27)"
_COUNT = r"(?P<{0}>\d{{1,3}}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?:\s\(\d{{1,3}}\))?"
_VALUES = {"ja": "yes", "nej": "no", "avstår": "abstained", "avst": "abstained", "frånvarande": "absent"}

_TALLY = re.compile(
    _COUNT.format("yes")
    + r"\s*(?:ledamöter\s*)?(?:röst(?:ar|ade)\s+)?(?:ja(?:-?\s?röster|-?\s?röst)?)\b"
    + r"(?:\s*\([^()]{3,1500}\)|\s(?:från|av)\s[^.]{3,1500}?(?=\smot))?[^.\d]{0,40}?"
    + _COUNT.format("no")
    + r"\s*(?:ledamöter\s*)?(?:röst(?:ar|ade)\s+)?(?:nej(?:-?\s?röster|-?\s?röst)?)\b",
    re.IGNORECASE,
)
# "Ja-röster: 7. Nej-röster: 4."
_LABELLED = re.compile(
    r"\bja(?:-?\s?röster)?\s?:\s?(?P<yes>\d{1,3})[.,;]?\s(?:och\s)?nej(?:-?\s?röster)?\s?:\s?(?P<no>\d{1,3})\b",
    re.IGNORECASE,
)
_LINE_BALLOT = re.compile(r"\)\s+(?P<value>Ja|Nej|Avstår|JA|NEJ|AVSTÅR)$")
_MAJORITY = re.compile(_COUNT.format("yes") + r"\s+röster\s+mot\s+" + _COUNT.format("no") + r"\b", re.IGNORECASE)
_ABSTAIN = re.compile(
    _COUNT.format("abstain")
    + r"\s+(?:ledamot|ledamöter)?\s*(?:som\s+)?(?:avstår|avstod|avstått|avstående|nedlagda?\s(?:röst|röster))"
    r"|avstår\s*:?\s*(?P<later>\d{1,3})\b",
    re.IGNORECASE,
)
_ABSENT = re.compile(_COUNT.format("absent") + r"\s+(?:ledamot|ledamöter)?\s*(?:är\s+)?frånvarande", re.IGNORECASE)
_MEANING = tuple(re.compile(pattern, re.I) for pattern in lexicon("votes")["meanings"])
_NAMED = re.compile("|".join(f"(?:{pattern})" for pattern in lexicon("votes")["named"]))


def _number(printed: str | None) -> int | None:
    if printed is None:
        return None
    if printed.isdigit():
        return int(printed)
    return _WORDS[printed.lower()]


def votes(stretch: Flow, rows: tuple[Row, ...], known: Known) -> tuple[Vote, ...]:
    """The votes that a procedure tells of, in order; `rows` for ballots told as a table of X marks."""
    tallies = list(stretch.matches(_TALLY)) or list(stretch.matches(_LABELLED)) or list(stretch.matches(_MAJORITY))
    listed = _table(rows, known)
    ballots = (*listed, *_abstaining(stretch, known)) if listed else _named(stretch, known)
    if not tallies and not ballots:
        # what yes and no meant is told, how many said it stands in a list elsewhere
        held = _HELD.search(stretch.text) and any(p.search(stretch.text) for p in _MEANING)
        return (_vote(stretch, None, 0, len(stretch.text), ()),) if held else ()
    if not tallies:
        return (_vote(stretch, None, 0, len(stretch.text), ballots),)
    parted = _parted(stretch, tallies, ballots)
    made = []
    for index, tally in enumerate(tallies):
        start = tallies[index - 1].end() if index else 0
        end = tallies[index + 1].start() if index + 1 < len(tallies) else len(stretch.text)
        made.append(_vote(stretch, tally, start, end, parted[index]))
    return tuple(made)


_HELD = re.compile(r"\b(?:[Oo]mröstning|[Vv]otering)(?:en)?\b")


def _parted(stretch: Flow, tallies: Sequence[re.Match[str]], ballots: Sequence[Ballot]) -> list[tuple[Ballot, ...]]:
    """The ballots of each vote: those before its result; those behind it where its result counts them so."""
    ends = [stretch.offsets[tally.end() - 1] for tally in tallies]
    groups: list[list[Ballot]] = [[] for _ in range(len(tallies) + 1)]
    for ballot in ballots:
        groups[sum(end < ballot.actor.span.start for end in ends)].append(ballot)
    if len(groups) > 2 and not groups[0] and all(groups[1:]):
        return [tuple(group) for group in groups[1:]]  # all stand behind the results
    parted: list[tuple[Ballot, ...]] = [() for _ in tallies]
    for index, group in enumerate(groups):
        before = index - 1
        behind_result = before >= 0 and not parted[before] and _counts(group, tallies[before])
        if group and (index == len(tallies) or (behind_result and not _counts(group, tallies[index]))):
            parted[before] = (*parted[before], *group)
        elif group:
            parted[index] = tuple(group)
    return parted


def _counts(ballots: Sequence[Ballot], tally: re.Match[str]) -> bool:
    return all(
        _number(tally.group(value)) == sum(ballot.value == value for ballot in ballots) for value in ("yes", "no")
    )


def _vote(
    stretch: Flow,
    tally: re.Match[str] | None,
    start: int,
    end: int,
    ballots: tuple[Ballot, ...],
) -> Vote:
    meaning = next(
        (m for pattern in _MEANING if (m := _last(pattern, stretch.text, start, tally.start() if tally else end))),
        None,
    )
    after = tally.end() if tally else start
    abstain = _ABSTAIN.search(stretch.text, after, end)
    absent = _ABSENT.search(stretch.text, after, end)
    spans = [stretch.span(*m.span()) for m in (meaning, tally, abstain, absent) if m]
    spans += [ballot.actor.span for ballot in ballots]
    counted = _number(abstain.group("abstain") or abstain.group("later")) if abstain else None
    return Vote(
        Span(min(span.start for span in spans), max(span.end for span in spans)),
        _number(tally.group("yes")) if tally else _count(ballots, "yes"),
        _number(tally.group("no")) if tally else _count(ballots, "no"),
        counted if counted is not None else _count(ballots, "abstained"),
        _number(absent.group("absent")) if absent else None,
        _meaning(stretch, meaning, "yes"),
        _meaning(stretch, meaning, "no"),
        ballots,
        bool(re.search(r"utslagsröst", stretch.text[start:end])),
    )


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text, start, end):  # noqa: B007
        pass
    return found


def _count(ballots: tuple[Ballot, ...], value: str) -> int | None:
    return sum(ballot.value == value for ballot in ballots) or None


def _meaning(stretch: Flow, match: re.Match[str] | None, side: str) -> Quote | None:
    return stretch.quote(*match.span(side)) if match and match.group(side) else None


def _named(stretch: Flow, known: Known) -> tuple[Ballot, ...]:
    ballots: list[Ballot] = []
    for match in stretch.matches(_NAMED):
        word = next(word for word in match.groups() if word).lower()
        actors, _ = parse_actors(stretch, match.end(), known)
        actors = actors or _by_surname(stretch, match.end(), known)
        value = "abstained" if word.startswith("avst") else _VALUES[word]
        ballots += [Ballot(actor, value) for actor in actors if actor.name]
    ballots += _naming_first(stretch, known)
    ballots += _abstaining(stretch, known)
    return tuple(ballots)


_CAST = re.compile(r"\s*röst(?:ar|ade)\s(?P<value>[Jj]a|[Nn]ej|JA|NEJ)\b(?!\s*:)")


def _naming_first(stretch: Flow, known: Known) -> Iterator[Ballot]:
    """ "A B (S), C D (V) och ordföranden E F (S) röstar Ja (3)."."""
    for sentence in sentences(stretch):
        actors, end = parse_actors(sentence, 0, known)
        cast = _CAST.match(sentence.text, end) if actors else None
        if cast is not None:
            value = _VALUES[cast.group("value").lower()]
            yield from (Ballot(actor, value) for actor in actors if actor.name)


_LISTED = re.compile(
    r"[A-ZÅÄÖÉ](?:[\wåäöé.\s,-]|\([A-Za-zÅÄÖåäö]{1,4}\)){1,1500}?"
    r"(?=\s*(?:[;)]|(?<![A-ZÅÄÖÉ])\.(?!\w)|$|\b(?:Nej|Avst\w*|Ja|Ordföranden)\b))"
)


def _by_surname(stretch: Flow, at: int, known: Known) -> tuple[Actor, ...]:
    """Those of the roll whom a list of surnames means: "Ja: Ek, Alm och Dal". A list with a surname that nobody at
    the meeting has, or that two have, tells nobody."""
    match = _LISTED.match(stretch.text, at)
    if match is None or not known.roll:
        return ()
    found: list[Actor] = []
    for name in re.finditer(r"[A-ZÅÄÖÉ](?:(?!,|\soch\s|\ssamt\s).)*", match.group()):
        party = re.search(r"\s\(([A-Za-zÅÄÖåäö]{1,4})\)\s*$", name.group())
        bare = name.group()[: party.start()] if party else name.group()
        surname = re.sub(r"^[A-ZÅÄÖÉ]\.\s", "", bare).strip()
        meant = {
            (actor.name, actor.party): actor
            for actor in known.roll
            if actor.name
            and actor.party
            and actor.name.endswith(f" {surname}")
            and (surname == bare.strip() or actor.name.startswith(bare[0]))
            and (party is None or known.code(party.group(1)) == actor.party)
        }
        if len(meant) != 1:
            return ()
        actor = next(iter(meant.values()))
        start = at + name.start()
        found.append(replace(actor, span=stretch.span(start, start + len(name.group().rstrip())), title=None))
    return tuple(found)


def _abstaining(stretch: Flow, known: Known) -> Iterator[Ballot]:
    """ "A B och C D avstår från att rösta."""
    for sentence in sentences(stretch):
        actors, end = parse_actors(sentence, 0, known)
        if not actors and (
            alone := re.match(r"(?P<names>[A-ZÅÄÖÉ][^.:;()]{1,200}?)\s(?=(?:avstår|avstod)\b)", sentence.text)
        ):
            actors, end = _by_surname(sentence.part(0, alone.end("names")), 0, known), alone.end("names")
        if actors and re.match(r"\s(?:avstår|avstod)(?:\sfrån\s|\.?$)", sentence.text[end:]):
            yield from (Ballot(actor, "abstained") for actor in actors if actor.name)


def _columns(row: Row) -> list[tuple[int, str]] | None:
    """(position, value) of the columns of a table head "JA  NEJ  AVSTÅR"."""
    found = [
        (row.line.column(m.start()), _VALUES[m.group().lower()])
        for m in re.finditer(r"\b(?:Ja|Nej|Avstår|Avst|JA|NEJ|AVSTÅR)\b", row.line.text)
    ]
    told = re.search(r"[.:]$|[Jj]a-|[Nn]ej-|\bröst", row.text)
    return found if {"yes", "no"} <= {value for _, value in found} and not told else None


def _table(rows: tuple[Row, ...], known: Known) -> tuple[Ballot, ...]:
    """Ballots from a table whose marks stand under JA, NEJ and AVSTÅR."""
    ballots: list[Ballot] = []
    columns: list[tuple[int, str]] | None = None
    for row in rows:
        if _LINE_BALLOT.search(row.text) and (said := _said_beside(row, known)):
            ballots += said
            continue
        head = _columns(row)
        if head:
            columns = head
            continue
        if columns is None:
            continue
        mark = re.search(r"(?:\s{2,}|\t)(?P<mark>[xX])\s*$", row.line.text)
        beside = _side_by_side(row, columns, known) if mark is None else ()
        ballots += beside
        if mark is None and beside:
            continue
        if mark is None:
            if ballots and row.gap:
                break
            continue
        stretch = flow((row.line,))
        actors, _ = parse_actors(stretch, 0, known)
        position = row.line.column(mark.start("mark"))
        value = min(columns, key=lambda column: abs(column[0] - position))[1]
        ballots += [Ballot(actor, value) for actor in actors[:1]]
    return tuple(ballots)


_SAID = re.compile(r"\s+(?P<value>Ja|Nej|Avstår|JA|NEJ|AVSTÅR)(?=\s|$)")


def _said_beside(row: Row, known: Known) -> tuple[Ballot, ...]:
    """The ballots of a line that prints the word behind each name: "A B (S)   Ja      C D (M)   Nej"; none where it
    holds anything else."""
    stretch = flow((row.line,))
    ballots: list[Ballot] = []
    at = 0
    while at < len(stretch.text):
        actors, end = parse_actors(stretch, at, known)
        said = _SAID.match(stretch.text, end)
        if len(actors) != 1 or actors[0].name is None or said is None:
            return ()
        ballots.append(Ballot(actors[0], _VALUES[said.group("value").lower()]))
        at = said.end() + len(stretch.text[said.end() :]) - len(stretch.text[said.end() :].lstrip())
    return tuple(ballots)


def _side_by_side(row: Row, columns: Sequence[tuple[int, str]], known: Known) -> tuple[Ballot, ...]:
    """The ballots of a row of names, each under JA, NEJ or AVSTÅR; none where the row holds anything else."""
    ballots: list[Ballot] = []
    for cell in re.finditer(r"\S(?:.*?\S)?(?=\s{2,}|\t|\s*$)", row.line.text):
        stretch = flow((Line(cell.group(), row.line.start + cell.start()),))
        actors, end = parse_actors(stretch, 0, known)
        if len(actors) != 1 or actors[0].name is None or end != len(stretch.text):
            return ()
        position = row.line.column(cell.start())
        value = min(columns, key=lambda column: abs(column[0] - position))[1]
        ballots.append(Ballot(actors[0], value))
    return tuple(ballots)

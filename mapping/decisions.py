"""The meeting's own decision: its points, its outcome by the operative words, what it recommends."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from mapping.flow import Flow, flow, sentences
from mapping.lexicon import BODY, ordered
from mapping.negation import negation
from mapping.points import as_quote, split_points, unnumbered
from mapping.records import Decision, Point, Quote
from mapping.rows import Row
from mapping.sections import Section
from mapping.text import Line, Span

_RECOMMENDS = re.compile(
    rf"(?:föreslår|hemställer)\s(?:att\s)?(?P<body>[Kk]ommunfullmäktige|[Kk]ommunstyrelsen|"
    r"regionfullmäktige|regionstyrelsen|förbundsfullmäktige|förbundsdirektionen|förbundsstyrelsen|"
    rf"{BODY}(?:en|et|n)?)|"
    r"förslag till (?P<heading>kommunfullmäktige|kommunstyrelsen|regionfullmäktige|förbundsfullmäktige)"
)
_IMMEDIATE = re.compile(
    r"(?:omedelbart?\s+(?:justera\w*|juster\w*)|juster\w+\s+omedelbart|omedelbar justering|direktjuster\w+)",
    re.IGNORECASE,
)
_BODY_DECIDES = re.compile(rf"(?!Nämnd|Styrels|Utskott){BODY}(?:en|et|n)?\s(?:beslutar|beslutade)\s(?=att\s)")
# A paragraph of a decision that lays down something, and one that tells of something else.
_RULES = re.compile(r"\b(?:ska|skall|finansieras|bekostas|gäller|upphör|träder i kraft|belastar)\b")
_ACTS = re.compile(
    r"reserver|yttrand|yttrar|uttalande|yrka|jäv|delt(?:ar|og)|^(?:Ordföranden|Vid|Efter|Sedan|Beslutet)\b|informera|redogör"
    r"|överklaga|anteckn|\([A-ZÅÄÖ]{1,3}\)\s(?:föreslår|anser|menar)"
)
_AS_PROPOSED = re.compile(
    rf"{BODY}(?:en|et|n)?\s(?:beslutar|beslutade|beslöt)\s(?:i enlighet med|enligt)\s[^.]{{3,80}}förslag\."
)
_FULL_LINE = 50  # characters of a line that the next may go on
_SEVERAL = re.compile(r"[.!?]\s+(?=[A-ZÅÄÖ])")  # sentences
_AGREES = re.compile(r"(?:i enlighet med|enligt)\s[^.]{3,60}förslag")
# "Följande motioner remitteras till kommunstyrelsen:" and the motions below it
_CHANGES = re.compile(r"\w+(?:s|er|r) (?:med )?följande (?:ändring|tillägg|justering)\w*:$")
_LISTING = re.compile(r"(?:Följande|Nedanstående)\s[^:.]{3,160}:(?=\s|$)")
_INTRODUCES = re.compile(r"besluta|förslag|bifallit|avslagit|enlighet med|följande$", re.I)
_SAYS_YES_OR_NO = ("approved", "partly-approved", "rejected")
_WEAK = ("forwarded", "commissioned")  # "1. överlämnar utlåtandet som svar, 2. föreslår avslag" ends in the second
_INFORMS = r"[^.]{3,80}\s(?:informerar|informerade|föredrar|föredrog|redogör|redogjorde)\b|Föredragande\b"
_ANNOUNCEMENT = re.compile(
    r"Följande [^.]{3,60} (?:anmäls|anmäles|redovisas|föreligger|delges|har (?:in)?kommit)\b"
    r"|Ordföranden (?:meddelade|meddelar|informerade|informerar|tackade)\b"
    r"|Justering(?:en)? (?:sker|äger rum)\b|Protokollet justeras\b"
    rf"|{_INFORMS}"
)
_OPERATIVE = re.compile(
    rf"(?:{BODY}(?:en|et|n)?|Nämnden|Styrelsen|Utskottet|Fullmäktige|Ärendet|Motionen|Anmälan|Paragrafen|Ansökan|"
    r"Informationen|Rapporten|Redovisningen|Medborgarförslaget|Interpellationen|Frågan|Förslaget|Avsägelse[nr]|Meddelande(?:na|t)|Handlingarna|Deleg\w*beslute[nt]|Redovisningarna|Rapporterna|Anmälningsärende(?:na|t)|Skrivelse[nr]|"
    r"Föredragningslistan|Dagordningen|Yttrandet|Remissen|Motionerna|Interpellationerna|Medborgarförslagen|Förteckningen|Besluten|Anmälningarna|Till|Den|Att)\b"
)


def immediate(stretch: Flow) -> Span | None:
    """Where a text says that the § is adjusted at once ("förklaras inte omedelbart justerad" does not)."""
    for match in stretch.matches(_IMMEDIATE):
        if negation(stretch.text, *match.span()) is None:
            return stretch.span(*match.span())
    return None


def outcome_of(points: Sequence[Point], stretch: Flow) -> tuple[str, Quote | None]:
    """(notation, operative words): the first point that tells decides; "other" where none does.

    A negation turns consent into a rejection ("beviljas inte"); any other negated outcome is "other".
    """
    told: list[tuple[str, Quote | None]] = []
    denied: list[tuple[str, Quote | None]] = []
    for point in points:
        if len(points) > 1 and _IMMEDIATE.search(point.text) and not _SEVERAL.search(point.text):
            continue
        for notation, pattern in ordered("outcomes", "outcome"):
            match = pattern.search(point.text)
            if match is None:
                continue
            start, end = match.span()
            negated = negation(point.text, start, end)
            if negated is None:
                told.append((notation, _located(stretch, point, start, end)))
                break
            words = _located(stretch, point, min(start, negated.start), max(end, negated.end))
            if notation in _SAYS_YES_OR_NO:
                told.append(("rejected" if negated.rejects else "other", words))
                break
            # "bordläggs inte": what is decided instead may stand beside it
            denied.append(("other", words))
    strong = [told_of for told_of in told if told_of[0] not in _WEAK and not _answers_only(*told_of)]
    return (*strong, *told, *denied, ("other", None))[0]


def _answers_only(notation: str, words: Quote | None) -> bool:
    """Whether a report is only handed over as the answer; what it proposes may stand in the next point."""
    return notation == "answered" and words is not None and bool(re.search(r"\bsom (?:sitt )?svar\b", words.text))


def decides(text: str) -> bool:
    """Whether a sentence opens with who decides or with what is decided on."""
    return bool(_OPERATIVE.match(text))


def _located(stretch: Flow, point: Point, start: int, end: int) -> Quote | None:
    """The words at start-end of a point as a quote from the whole decision."""
    found = stretch.text.find(point.text[start:end], max(0, stretch.text.find(point.text[:40])))
    if found < 0:
        return None
    # The lexicon knows stems ("godkänn"); what is quoted are whole words.
    word = re.compile(r"\w*").match(stretch.text, found + end - start)
    return stretch.quote(found, word.end() if word else None)


def read_decision(section: Section) -> tuple[Decision | None, tuple[Row, ...]]:
    """The decision of a section, and the rows of it that are no part of the decision."""
    heading = section.heading
    split = split_points(section.rows)
    points, preamble, rest = split.points, None, split.rest
    if points and _told_before(split.before):
        points, preamble, rest = _introduced(section.rows)
    elif points:
        before = flow(row.line for row in split.before)
        if before:
            preamble = before.quote()
            points, preamble = _inline(points, before)
            if _CHANGES.search(before.text):
                whole = flow(row.line for row in section.rows[: len(section.rows) - len(rest)])
                points, preamble = (unnumbered(whole),), None
            elif told := _told_of_list(before, points):
                points, preamble, rest = (told,), None, section.rows[len(split.before) :]
        if heading is not None and heading.text.rstrip(" :").endswith("att") and not split.before:
            points = tuple(points)
    else:
        points, preamble, rest = _introduced(section.rows)
    if not points:
        return None, section.rows
    if not all(point.number for point in points):
        points = (*points[:-1], _less_announcement(points[-1], section.rows))
    whole = flow(row.line for row in (*((heading,) if heading else ()), *section.rows))
    outcome, verbatim = outcome_of(points, whole)
    if verbatim is None and (agreed := _AGREES.search(whole.text[: whole.text.find(points[0].text[:20])])):
        outcome, verbatim = "approved", whole.quote(*agreed.span())
    recommends = _RECOMMENDS.search(whole.text)
    taken = section.rows[: len(section.rows) - len(rest)]
    informing = _informing(taken, points[-1].span.end)
    end = taken[-1].end if taken and not informing else 0
    span = Span(points[0].span.start, max(points[-1].span.end, end))
    if preamble is not None:
        span = Span(min(span.start, preamble.span.start), span.end)
    return (
        Decision(
            points,
            outcome,
            span,
            outcome_verbatim=verbatim,
            preamble=preamble,
            recommends_to=whole.quote(*recommends.span(recommends.lastgroup or 0)) if recommends else None,
        ),
        (*informing, *rest),
    )


def _informing(rows: Sequence[Row], end: int) -> tuple[Row, ...]:
    """The rows of a decision behind its last point, which ends at `end`, where they tell who informs of something;
    of a row that the point ends in, what stands behind it."""
    behind: list[Row] = []
    for row in rows:
        if row.line.start >= end:
            behind.append(row)
        elif text := row.line.text[end - row.line.start :].strip():
            line = Line(row.line.text[end - row.line.start :], end)
            behind.append(replace(row, line=line, text=text, gap=True, indented=False))
    return tuple(behind) if behind and re.match(_INFORMS, flow(row.line for row in behind).text) else ()


def _less_announcement(point: Point, rows: Sequence[Row]) -> Point:
    """A point without the sentences behind it that only announce ("Justering sker den 28 maj")."""
    whole = flow(row.line for row in rows)
    at = whole.text.find(point.text)
    if at < 0:
        return point
    told = list(sentences(whole.part(at, at + len(point.text))))
    kept = [told[0], *takewhile(lambda s: not _ANNOUNCEMENT.match(s.text), told[1:])]
    if len(kept) == len(told):
        return point
    end = whole.offsets.index(kept[-1].offsets[-1]) + 1
    return Point(whole.part(at, end).text, Span(point.span.start, whole.offsets[end - 1] + 1), point.number)


def _inline(points: tuple[Point, ...], before: Flow) -> tuple[tuple[Point, ...], Quote | None]:
    """Text before the points: a preamble ("… föreslår att:"), or a first plain point of its own."""
    text = before.text
    if re.search(r"(?::|\batt|\bbeslutar|\bföljande|\bbesluta)$", text) or not _OPERATIVE.match(text):
        return points, before.quote()
    return (unnumbered(before), *points), None


def _told_of_list(before: Flow, points: Sequence[Point]) -> Point | None:
    """The decision that stands before a list of what it concerns: "Följande motioner remitteras för beredning:"."""
    *_, last = sentences(before)
    notation, words = outcome_of((unnumbered(last),), before)
    listed, _ = outcome_of(points, before)
    plain = all(point.number is None and not point.text.startswith("att ") for point in points)
    whole = last.text.endswith(".") and notation == "noted" and not any(p.text.startswith("att ") for p in points)
    nothing = whole or (plain and (listed == "other" or notation == "noted"))
    concerns = words is not None and notation in ("noted", "forwarded", "commissioned") and nothing
    lists = re.match(r"Följande\b|Nedanstående\b", last.text) or last.text.endswith(".")
    return unnumbered(last) if concerns and lists else None


def _introduced(rows: Sequence[Row]) -> tuple[tuple[Point, ...], Quote | None, tuple[Row, ...]]:
    """A decision without marks, less what introduces it: "Enligt kommunstyrelsens förslag:", "X beslutar"."""
    first = next((i for i, row in enumerate(rows[:4]) if row.text.endswith(":")), None)
    if first is not None and first + 1 < len(rows) and _preamble(rows[: first + 1]):
        points, rest = _plain(rows[first + 1 :])
        return points, as_quote(rows[: first + 1]), rest
    points, rest = _plain(rows)
    if not points:
        return points, None, rest
    if len(points) > 1 and _AS_PROPOSED.fullmatch(points[0].text):
        agreed = flow(row.line for row in rows).part(0, len(points[0].text))
        return points[1:], agreed.quote(), rest
    subject = _BODY_DECIDES.match(points[0].text)
    if subject is None:
        return points, None, rest
    whole = flow(row.line for row in rows)
    at = whole.offsets.index(points[0].span.start)
    start, end = at + subject.end(), at + len(points[0].text)
    clause = whole.part(start, end)
    return (unnumbered(clause), *points[1:]), whole.quote(at, start), rest


def _told_before(rows: Sequence[Row]) -> bool:
    """Whether the decision is told before a list that only informs ("Socialdirektör A B informerar om:")."""
    if not rows:
        return False
    *_, last = sentences(flow(row.line for row in rows))
    ended = any(row.gap and before.text.endswith(".") for before, row in zip(rows, rows[1:], strict=False))
    return ended or bool(_ANNOUNCEMENT.match(last.text))


def _preamble(rows: Sequence[Row]) -> bool:
    """Whether rows only introduce a decision: one sentence about whose proposal or that a body decides."""
    told = list(sentences(flow(row.line for row in rows)))
    return len(told) == 1 and not any(row.gap for row in rows[1:]) and bool(_INTRODUCES.search(told[0].text))


def _unfinished(text: str) -> bool:
    return len(text) > _FULL_LINE and not re.search(r"[.:;!?”\")]$|\d$", text)


def _plain(rows: Sequence[Row]) -> tuple[tuple[Point, ...], tuple[Row, ...]]:
    """A decision without marks: its first paragraph, and those that go on with operative words."""
    points: list[Point] = []
    group: list[Row] = []
    for index, row in enumerate((*rows, None)):
        # a sentence may go on behind a blank line in its midst
        if row is not None and group and not row.bullet and _unfinished(group[-1].text):
            group.append(row)
            continue
        # "följande ändringar:" goes on behind the break
        if row is not None and group and group[-1].text.endswith(":") and not row.bullet:
            group.append(row)
            continue
        if row is not None and not (row.gap and group) and not (group and row.indented and not group[-1].indented):
            group.append(row)
            continue
        if group:
            told = _plain_points(group, first=not points)
            if not told:
                return tuple(points), tuple(rows[index - len(group) :])
            points += told
        group = [row] if row is not None else []
    return tuple(points), ()


def _clauses(stretch: Flow, starts: frozenset[int]) -> list[Flow]:
    """The sentences of a paragraph in each of which the same body decides something, or that stand on lines of
    their own; else the whole paragraph. `starts`: where the paragraph's lines start."""
    told = list(sentences(stretch))
    first = told[0].text.split()[0]
    again = re.compile(rf"{re.escape(first)}\s\w+(?:ar|er|år|ade|de|te|r)\s")
    body = re.match(rf"{BODY}(?:en|et|n)?\s", told[0].text)
    if body and len(told) > 1 and all(again.match(s.text) for s in told):
        return told
    # sentences each on a line of its own, each with what becomes of something
    apart = all(s.offsets[0] in starts and _OPERATIVE.match(s.text) and _tells(s.text) for s in told[1:])
    return told if len(told) > 1 and apart and _tells(told[0].text) else [stretch]


def _tells(text: str) -> bool:
    return any(pattern.search(text) for _, pattern in ordered("outcomes", "outcome"))


def _plain_points(group: Sequence[Row], *, first: bool) -> list[Point]:
    """One point a paragraph; announcements are none, the immediate adjustment is a point of its own."""
    stretch = flow(row.line for row in group)
    starts = frozenset(row.line.start + row.line.text.index(row.text[0]) for row in group)
    listing = _LISTING.match(stretch.text)
    if first and listing and outcome_of((unnumbered(stretch.part(0, listing.end())),), stretch)[1] is not None:
        return [unnumbered(stretch.part(0, listing.end()))]
    if first:
        kept = list(takewhile(lambda s: not _ANNOUNCEMENT.match(s.text), sentences(stretch)))
        adjusted: list[Flow] = []
        while len(kept) > 1 and _IMMEDIATE.search(kept[-1].text) and len(kept[-1].text) < 90:
            adjusted.insert(0, kept.pop())
        if not kept:
            return []
        begin = stretch.offsets.index(kept[0].offsets[0])
        stop = stretch.offsets.index(kept[-1].offsets[-1]) + 1
        return [unnumbered(s) for s in (*_clauses(stretch.part(begin, stop), starts), *adjusted)]
    tells = _tells(stretch.text)
    lays_down = _RULES.search(stretch.text) and not _ACTS.search(stretch.text)
    if lays_down and stretch.text.endswith(".") and len(stretch.text) < 300:
        return [unnumbered(stretch)]
    if not (
        _OPERATIVE.match(stretch.text) and (tells or _IMMEDIATE.search(stretch.text)) and len(stretch.text) < 400
    ):
        return []
    return [unnumbered(stretch)]

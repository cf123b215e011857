"""The meeting's own decision in a section: its points, its outcome, what it recommends."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from mapping.flow import Flow, flow, sentences
from mapping.lexicon import BODY
from mapping.operative import announces, decides, informs
from mapping.outcomes import outcome_of
from mapping.points import split_points, unnumbered
from mapping.records import Decision, Point, Quote
from mapping.rows import Row
from mapping.sections import Section
from mapping.text import Line, Span
from mapping.unmarked_decisions import unmarked_decision

_RECOMMENDS = re.compile(
    rf"(?:föreslår|hemställer)\s(?:att\s)?(?P<body>[Kk]ommunfullmäktige|[Kk]ommunstyrelsen|"
    r"regionfullmäktige|regionstyrelsen|förbundsfullmäktige|förbundsdirektionen|förbundsstyrelsen|"
    rf"{BODY}(?:en|et|n)?)|"
    r"förslag till (?P<heading>kommunfullmäktige|kommunstyrelsen|regionfullmäktige|förbundsfullmäktige)"
)
_OPENS_POINTS = re.compile(
    r"(?::|\b(?:att|beslutar|följande|besluta)|\b(?:föreslår|hemställer)\s[\wåäö]+(?:fullmäktige|styrelsen|nämnden))$"
)
_AGREES = re.compile(r"\b(?:i enlighet med|enligt)\s[^.]{3,60}förslag\w*")
_CHANGES = re.compile(r"\w+(?:s|er|r) (?:med )?följande (?:ändring|tillägg|justering)\w*:$")


def read_decision(section: Section) -> tuple[Decision | None, tuple[Row, ...]]:
    """The decision of a section, and the rows of it that are no part of the decision."""
    heading = section.heading
    split = split_points(section.rows)
    points, preamble, rest = split.points, None, split.rest
    if points and _told_before(split.before):
        points, preamble, rest = unmarked_decision(section.rows)
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
    else:
        points, preamble, rest = unmarked_decision(section.rows)
    if not points:
        return None, section.rows
    if not all(point.number for point in points):
        points = (*points[:-1], _less_announcement(points[-1], section.rows))
    whole = flow(row.line for row in (*((heading,) if heading else ()), *section.rows))
    introduced = max(0, whole.text.find(points[0].text[:40]))
    recommended = _RECOMMENDS.search(whole.text, 0, introduced) is not None
    outcome, verbatim = outcome_of(points, whole, recommended=recommended)
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
    return tuple(behind) if behind and informs(flow(row.line for row in behind).text) else ()


def _less_announcement(point: Point, rows: Sequence[Row]) -> Point:
    """A point without the sentences behind it that only announce ("Justering sker den 28 maj")."""
    whole = flow(row.line for row in rows)
    at = whole.text.find(point.text)
    if at < 0:
        return point
    told = list(sentences(whole.part(at, at + len(point.text))))
    kept = [told[0], *takewhile(lambda s: not announces(s.text), told[1:])]
    if len(kept) == len(told):
        return point
    end = whole.offsets.index(kept[-1].offsets[-1]) + 1
    return Point(whole.part(at, end).text, Span(point.span.start, whole.offsets[end - 1] + 1), point.number)


def _inline(points: tuple[Point, ...], before: Flow) -> tuple[tuple[Point, ...], Quote | None]:
    """Text before the points: a preamble ("… föreslår att:"), or a first plain point of its own."""
    text = before.text
    if _OPENS_POINTS.search(text) or not decides(text):
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


def _told_before(rows: Sequence[Row]) -> bool:
    """Whether the decision is told before a list that only informs ("Socialdirektör A B informerar om:")."""
    if not rows:
        return False
    *_, last = sentences(flow(row.line for row in rows))
    ended = any(row.gap and before.text.endswith(".") for before, row in zip(rows, rows[1:], strict=False))
    return ended or announces(last.text)

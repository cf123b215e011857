"""The meeting's own decision: its points, its outcome by the operative words, what it recommends."""

import re
from collections.abc import Sequence

from mapping.flow import Flow, flow, sentences
from mapping.lexicon import BODY, ordered
from mapping.points import split_points, unnumbered
from mapping.records import Decision, Point, Quote
from mapping.structure import Row, Section
from mapping.text import Span

_RECOMMENDS = re.compile(
    rf"föreslår\s(?:att\s)?(?P<body>[Kk]ommunfullmäktige|[Kk]ommunstyrelsen|{BODY}(?:en|et|n)?)|"
    r"förslag till (?P<heading>kommunfullmäktige|kommunstyrelsen)"
)
_IMMEDIATE = re.compile(
    r"(?:omedelbart?\s+(?:justera\w*|juster\w*)|juster\w+\s+omedelbart|omedelbar justering|direktjuster\w+)",
    re.IGNORECASE,
)
_ANNOUNCEMENT = re.compile(r"Ordföranden (?:meddelade|meddelar|informerade|informerar|tackade)\b|Justering sker\b")
_OPERATIVE = re.compile(
    rf"(?:{BODY}(?:en|et|n)?|Nämnden|Styrelsen|Utskottet|Fullmäktige|Ärendet|Motionen|Anmälan|Paragrafen|Ansökan|"
    r"Informationen|Rapporten|Redovisningen|Medborgarförslaget|Interpellationen|Frågan|Förslaget|Avsägelsen|Till|Den|Att)\b"
)


def immediate(stretch: Flow) -> Span | None:
    """Where a text says that the § is adjusted at once."""
    match = _IMMEDIATE.search(stretch.text)
    return stretch.span(*match.span()) if match else None


def outcome_of(points: Sequence[Point], stretch: Flow) -> tuple[str, Quote | None]:
    """(notation, operative words): the first point that tells decides; "other" where none does."""
    for point in points:
        if _IMMEDIATE.search(point.text) and len(points) > 1:
            continue
        for notation, pattern in ordered("outcomes", "outcome"):
            match = pattern.search(point.text)
            if match:
                return notation, _located(stretch, point, match)
    return "other", None


def _located(stretch: Flow, point: Point, match: re.Match[str]) -> Quote | None:
    start = stretch.text.find(match.group(), max(0, stretch.text.find(point.text[:40])))
    return stretch.quote(start, start + len(match.group())) if start >= 0 else None


def read_decision(section: Section) -> tuple[Decision | None, tuple[Row, ...]]:
    """The decision of a section, and the rows of it that are no part of the decision."""
    heading = section.heading
    split = split_points(section.rows)
    points, preamble, rest = split.points, None, split.rest
    if points:
        before = flow(row.line for row in split.before)
        if before:
            preamble = before.quote()
            points, preamble = _inline(points, before)
        if heading is not None and heading.text.rstrip(" :").endswith("att") and not split.before:
            points = tuple(points)
    else:
        points, rest = _plain(section.rows)
    if not points:
        return None, section.rows
    whole = flow(row.line for row in (*((heading,) if heading else ()), *section.rows))
    outcome, verbatim = outcome_of(points, whole)
    recommends = _RECOMMENDS.search(whole.text)
    span = Span(points[0].span.start, points[-1].span.end)
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
        rest,
    )


def _inline(points: tuple[Point, ...], before: Flow) -> tuple[tuple[Point, ...], Quote | None]:
    """Text before the points: a preamble ("… föreslår att:"), or a first plain point of its own."""
    text = before.text
    if re.search(r"(?::|\batt|\bbeslutar|\bföljande|\bbesluta)$", text) or not _OPERATIVE.match(text):
        return points, before.quote()
    return (unnumbered(before), *points), None


def _plain(rows: Sequence[Row]) -> tuple[tuple[Point, ...], tuple[Row, ...]]:
    """A decision without marks: its first paragraph, and those that go on with operative words."""
    points: list[Point] = []
    group: list[Row] = []
    for index, row in enumerate((*rows, None)):
        if row is not None and not (row.gap and group) and not (group and row.indented and not group[-1].indented):
            group.append(row)
            continue
        if group:
            point = _plain_point(group, first=not points)
            if point is None:
                return tuple(points), tuple(rows[index - len(group) :])
            points.append(point)
        group = [row] if row is not None else []
    return tuple(points), ()


def _plain_point(group: Sequence[Row], *, first: bool) -> Point | None:
    stretch = flow(row.line for row in group)
    if first:
        kept = [s for s in sentences(stretch) if not _ANNOUNCEMENT.match(s.text)]
        if not kept:
            return None
        end = kept[-1].offsets[-1]
        stop = next(i for i, offset in enumerate(stretch.offsets) if offset == end) + 1
        begin = next(i for i, offset in enumerate(stretch.offsets) if offset == kept[0].offsets[0])
        return unnumbered(stretch.part(begin, stop))
    tells = any(pattern.search(stretch.text) for _, pattern in ordered("outcomes", "outcome"))
    if not (
        _OPERATIVE.match(stretch.text) and (tells or _IMMEDIATE.search(stretch.text)) and len(stretch.text) < 400
    ):
        return None
    return unnumbered(stretch)

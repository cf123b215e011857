"""Decisions whose points no numbers or dashes mark: told in paragraphs, behind what introduces them."""

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile

from mapping.flow import Flow, flow, sentences
from mapping.lexicon import BODY
from mapping.operative import adjusts_at_once, announces, decides, opens_meeting
from mapping.outcomes import outcome_of, tells_outcome
from mapping.points import as_quote, unnumbered
from mapping.records import Point, Quote
from mapping.rows import FULL_LINE, Row

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
# "Följande motioner remitteras till kommunstyrelsen:" and the motions below it
_LISTING = re.compile(r"(?:Följande|Nedanstående)\s[^:.]{3,160}:(?=\s|$)")
_INTRODUCES = re.compile(r"besluta|förslag|bifallit|avslagit|enlighet med|följande$", re.I)


def unmarked_decision(rows: Sequence[Row]) -> tuple[tuple[Point, ...], Quote | None, tuple[Row, ...]]:
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


def _preamble(rows: Sequence[Row]) -> bool:
    """Whether rows only introduce a decision: one sentence about whose proposal or that a body decides."""
    told = list(sentences(flow(row.line for row in rows)))
    return len(told) == 1 and not any(row.gap for row in rows[1:]) and bool(_INTRODUCES.search(told[0].text))


def _unfinished(text: str) -> bool:
    return len(text) > FULL_LINE and not re.search(r"[.:;!?”\")]$|\d$", text)


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
    apart = all(s.offsets[0] in starts and decides(s.text) and tells_outcome(s.text) for s in told[1:])
    return told if len(told) > 1 and apart and tells_outcome(told[0].text) else [stretch]


def _plain_points(group: Sequence[Row], *, first: bool) -> list[Point]:
    """One point a paragraph; announcements are none, the immediate adjustment is a point of its own."""
    stretch = flow(row.line for row in group)
    starts = frozenset(row.start for row in group)
    listing = _LISTING.match(stretch.text)
    if first and listing and outcome_of((unnumbered(stretch.part(0, listing.end())),), stretch)[1] is not None:
        return [unnumbered(stretch.part(0, listing.end()))]
    if first:
        told = list(sentences(stretch))
        behind = list(dropwhile(lambda s: opens_meeting(s.text), told))
        kept = list(takewhile(lambda s: not announces(s.text), behind))
        if len(behind) < len(told):
            return [unnumbered(sentence) for sentence in kept]
        adjusted: list[Flow] = []
        while len(kept) > 1 and adjusts_at_once(kept[-1].text) and len(kept[-1].text) < 90:
            adjusted.insert(0, kept.pop())
        if not kept:
            return []
        begin = stretch.offsets.index(kept[0].offsets[0])
        stop = stretch.offsets.index(kept[-1].offsets[-1]) + 1
        return [unnumbered(s) for s in (*_clauses(stretch.part(begin, stop), starts), *adjusted)]
    tells = tells_outcome(stretch.text)
    lays_down = _RULES.search(stretch.text) and not _ACTS.search(stretch.text)
    if lays_down and stretch.text.endswith(".") and len(stretch.text) < 300:
        return [unnumbered(stretch)]
    if not (decides(stretch.text) and (tells or adjusts_at_once(stretch.text)) and len(stretch.text) < 400):
        return []
    return [unnumbered(stretch)]

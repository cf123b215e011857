"""Decisions of § that have no heading "Beslut": told in the running text, by the meeting's own body."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from mapping.decisions import read_decision
from mapping.flow import Flow, flow, sentences
from mapping.known import Known
from mapping.lexicon import BODY
from mapping.operative import decides
from mapping.outcomes import outcome_of
from mapping.points import unnumbered
from mapping.records import Decision, Point
from mapping.rows import Row, paragraphs
from mapping.sections import Section
from mapping.text import Span

_LONGEST = 600  # characters of a paragraph that tells a decision
_ROLL_CALL = re.compile(
    r"(?:Efter|Vid) (?:\w+ )?upprop|Upprop (?:förrättas|sker)|Närvarande vid upprop"
    r"|(?:Ordföranden|Mötet|Sammanträdet) ajourner"
)
_DECIDES = (
    r"(?:beslutar|bifaller|avslår|godkänner|antar|utser|väljer|befriar|entledigar|medger|beviljar|lägger|överlämnar"
    r"|remitterar|bordlägger|återremitterar|fastställer|noterar|antecknar|tillstyrker|avstyrker|föreslår|uppdrar"
    r"|förklarar|ställer sig|tar del|tackar|beslutade|biföll|avslog|godkände|antog|utsåg|valde|noterade|antecknade"
    r"|överlämnade|bordlade|återremitterade|fastställde|uppmanade|lade)"
)
_DECIDED = r"(?:beslutat|bifallit|avslagit|godkänt|antagit|återremitterat|bordlagt|tagit del)"
_THUS = r"(?:(?:sålunda|således|alltså|därmed|härmed|därefter|härefter|enhälligt|också|dock)\s+)"
# What tells of an earlier decision, or of somebody else's.
_EARLIER = re.compile(
    r"§\s*\d|\bhar\s(?:i|den|vid|tidigare)\b|\b(?:föreslagit|hemställt|yrka)|^[”\"]|^Ordföranden (?:ställ|fin)"
)
_CLAUSE = re.compile(r"(?:beslut\w*\s(?:\w+\s){0,3}?|,\s(?:samt\s|dels\s)?|\ssamt\s|\soch\s)(?P<clause>att\s)")
# What no paragraph without a subject of its own is: an earlier decision, what somebody moves, a quotation.
_TOLD_OF = re.compile(
    r"\bbeslut(?:ade|at)?\b[^.]{0,60}[,(]\s?§\s*\d|\bhar\s(?:i|den|vid|tidigare)\b|\b(?:föreslagit|hemställt)\b"
    r"|\byrka(?:r|de|t)\b|\b(?:undrar|frågar|väntas|förväntas|planeras)\b|^Förslaget (?:var|är|innebar|innebär)\b"
    r"|^[”\"]|^[Ii]nget beslut\b|^[^.]{3,120},\s(?:återremitterad|bordlagd|inkommen|väckt)\b"
)
_SUBJECT = re.compile(rf"{BODY}(?:en|et|n)?\s(?:beslutar|beslutade)\satt\s")
_KINDS = ("fullmäktige", "nämnden", "styrelsen", "utskottet", "direktionen")
_OTHER_BODY = re.compile(
    rf"(?:{BODY}(?:en|et|n)?|[A-ZÅÄÖ]\w*(?:förvaltningen|kontoret)|Förvaltningen|Kontoret)(?:s\s\w+)?\s"
)
_PROPOSES = re.compile(
    r"\b(?:föreslå|föreslog|hemställ|tillstyrk|avstyrk|yrka|yttra)\w*|\bförslaget (?:var|är|innebar|innebär)\b"
    r"|\b(?:undra|fråga|vänta|förvänta|planera)\w*|\b(?:om|ifall|när) (?=\w+ beslut)",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def _own(body: str) -> re.Pattern[str]:
    """A sentence in which a body decides: "nämnden beslutar", "Härefter bifaller kommunfullmäktige"."""
    short = next((word for word in _KINDS if word[:6] in body.lower()), "nämnden")
    subject = rf"(?:{re.escape(body)}(?:en|et|n)?|{short})"
    return re.compile(
        rf"(?<![\w-]){subject}\s+{_THUS}*(?:{_DECIDES}|har\s+{_THUS}(?:med \d+ \w+ mot \d+ (?:\w+ )?)?{_DECIDED})\b"
        rf"|(?<!\w){_DECIDES}\s+{_THUS}*{subject}(?!\w)",
        re.IGNORECASE,
    )


def undeclared(loose: Sequence[Row], known: Known) -> tuple[Decision, tuple[Row, ...]] | None:
    """(the decision that loose rows tell, the rows that are no part of it), or None.

    The last sentence in which the body itself decides; else the paragraph that says what becomes of the item."""
    told = list(_decided(loose, known))
    if told:
        sentence = told[-1]
        outcome, words = outcome_of((unnumbered(sentence),), sentence)
        span = sentence.span()
        rest = tuple(row for row in loose if not (span.start <= row.line.start and row.line.end <= span.end))
        return Decision(_clauses(sentence), outcome, span, outcome_verbatim=words), rest
    found = _operative(Section("decision", None, tuple(loose)), known)
    if found is not None and outcome_of(found[0].points[:1], flow(row.line for row in loose))[1] is None:
        found = _operative_paragraph(loose, known) or found  # what goes before only tells
    return found or _operative_paragraph(loose, known) or _behind_roll_call(loose)


def _decided(loose: Sequence[Row], known: Known) -> Iterator[Flow]:
    if known.body is None:
        return
    own = _own(known.body)
    for group in paragraphs(loose):
        starts = {row.start for row in group}
        for sentence in sentences(flow(row.line for row in group)):
            earlier = _EARLIER.search(sentence.text) or _ROLL_CALL.match(sentence.text)
            decides = own.search(sentence.text)
            # "Förvaltningen föreslår att nämnden beslutar att …"
            proposed = (
                decides and _PROPOSES.search(sentence.text, 0, decides.start()) and not known.own(sentence.text)
            )
            if decides and not earlier and not proposed:
                # a line of its own above may end without a stop: "Sökande: A B, Storgatan 4"
                own_line = decides.start() and sentence.offsets[decides.start()] in starts
                yield sentence.part(decides.start()) if own_line else sentence


def _operative(section: Section, known: Known) -> tuple[Decision, tuple[Row, ...]] | None:
    decision, rest = read_decision(section)
    if decision is None or decision.outcome_verbatim is None:
        return None
    if len(decision.points) > 1 and not any(_operates(point.text) for point in decision.points):
        return None  # a list that only informs
    if len(decision.points) == 1 and (trimmed := _trimmed(decision, section)) is not None:
        decision = trimmed
    first = decision.points[0].text
    before = decision.preamble.text if decision.preamble else ""
    if _ROLL_CALL.match(first) or len(first) > _LONGEST or _others(first, known) or _others(before, known):
        return None
    if _TOLD_OF.search(f"{before} {first}".strip()):
        return None
    if _PROPOSES.search(before) and not known.own(before):
        return None
    return decision, rest


def _operates(text: str) -> bool:
    return text.startswith(("att ", "Att ")) or decides(text)


def _trimmed(decision: Decision, section: Section) -> Decision | None:
    """The decision less the sentences before it that only tell; None where it opens with who decides."""
    point = decision.points[0]
    whole = flow(row.line for row in section.rows)
    at = whole.text.find(point.text)
    told = list(sentences(whole.part(at, at + len(point.text)))) if at >= 0 else []
    if len(told) < 2 or _operates(told[0].text):
        return None
    last = len(told)
    while (
        last > 0 and decides(told[last - 1].text) and outcome_of((unnumbered(told[last - 1]),), whole)[1] is not None
    ):
        last -= 1
    kept = told[last:]
    if not kept:
        return None
    points = tuple(unnumbered(sentence) for sentence in kept)
    outcome, words = outcome_of(points, whole)
    span = Span(kept[0].span().start, kept[-1].span().end)
    return replace(decision, points=points, outcome=outcome, outcome_verbatim=words, span=span)


def _clauses(sentence: Flow) -> tuple[Point, ...]:
    """The att-clauses of a sentence that strings several together; else the sentence as one point."""
    starts = [m.start("clause") for m in _CLAUSE.finditer(sentence.text)]
    if not starts or (len(starts) < 2 and not _SUBJECT.match(sentence.text)):
        return (unnumbered(sentence),)
    parts = (sentence.part(start, end) for start, end in zip(starts, [*starts[1:], None], strict=True))
    return tuple(unnumbered(_less_joint(part)) for part in parts)


def _less_joint(part: Flow) -> Flow:
    joint = re.search(r"(?:,|,?\s(?:samt|och|dels))+\s*$", part.text)
    return part.part(0, joint.start()) if joint else part


def _behind_roll_call(loose: Sequence[Row]) -> tuple[Decision, tuple[Row, ...]] | None:
    """ "Upprop förrättas. A Ek (S) utses att justera protokollet.": what is decided behind the roll call."""
    for group in paragraphs(loose):
        told = list(sentences(flow(row.line for row in group)))
        if not _ROLL_CALL.match(told[0].text):
            continue
        for sentence in told[1:]:
            outcome, words = outcome_of((unnumbered(sentence),), sentence)
            if words is not None:
                made = Decision((unnumbered(sentence),), outcome, sentence.span(), outcome_verbatim=words)
                return made, tuple(loose)
    return None


def _others(text: str, known: Known) -> bool:
    """Whether a sentence opens with another body than the meeting's own, or with what somebody proposes."""
    return bool(known.body and _OTHER_BODY.match(text) and not known.own(text))


def _operative_paragraph(loose: Sequence[Row], known: Known) -> tuple[Decision, tuple[Row, ...]] | None:
    """The last short paragraph that tells what becomes of the item, behind a list that only informs."""
    for group in reversed(list(paragraphs(loose))):
        found = _operative(Section("decision", None, group), known)
        if found is not None and decides(found[0].points[0].text):
            others = tuple(row for row in loose if row not in group)
            return found[0], tuple(sorted((*others, *found[1]), key=lambda row: row.line.start))
    return None

"""What the running text of a § tells besides its acts: other cases, officials, the report's date, sources."""

import datetime
import re
from collections.abc import Iterator

from mapping.blocks import Block
from mapping.dates import find_dates
from mapping.flow import Flow, flow, sentences
from mapping.heads import ItemHead
from mapping.known import Known
from mapping.offices import offices
from mapping.records import Actor, Quote, RegistryRef
from mapping.registry_numbers import find, references, registry_ref
from mapping.text import Span

_REPORT_DATE = re.compile(r"tjänste(?:utlåtande|skrivelse)[^.]{0,60}?(?:daterat|daterad|av|från)?\s*(?:den\s)?(?=\d)")
_PRESENTS = re.compile(
    r"\b(?:informera|föredra(?:r|g)|redogör|redogjorde|presentera|berätta|redovisar\b|Föredragande)", re.I
)


def other_cases(summary: Flow, head: ItemHead) -> Iterator[RegistryRef]:
    """Other cases that the summary tells of."""
    seen = {ref.normalised for ref in head.registry_numbers}
    for match in find(summary.text) if summary else ():
        if match.number.notation not in seen:
            seen.add(match.number.notation)
            yield registry_ref(match, "other", summary.span(match.start, match.end))


def officials(summary: Flow, known: Known) -> tuple[Actor, ...]:
    """Every official named, once: with the longest title."""
    kept: dict[str | None, Actor] = {}
    for actor in offices(summary, known) if summary else ():
        if actor.name not in kept or (actor.title and len(actor.title) > len(kept[actor.name].title or "")):
            kept[actor.name] = actor
    return tuple(kept.values())


def presenters(summary: Flow, known: Known) -> tuple[Actor, ...]:
    """Officials in sentences that say that somebody informs or presents."""
    told = [s for s in sentences(summary) if _PRESENTS.search(s.text)] if summary else []
    found = {actor.name: actor for sentence in told for actor in offices(sentence, known)}
    return tuple(found.values())


def cited(block: Block) -> tuple[Quote, ...]:
    """What the § refers to elsewhere (other §, laws), once each."""
    whole = flow(row.line for row in block.rows)
    kept: dict[str, Quote] = {}
    for found in references(whole.text):
        kept.setdefault(found.text, Quote(found.text, whole.span(found.start, found.end)))
    return tuple(kept.values())


def report_date(summary: Flow) -> tuple[datetime.date | None, Span | None]:
    """The date of the official report that the summary tells of, and where it stands."""
    match = _REPORT_DATE.search(summary.text) if summary else None
    if match is None:
        return None, None
    dates = [
        d
        for d in find_dates(summary.text[match.start() : match.end() + 40])
        if match.start() + d.start >= match.end() - 5
    ]
    if not dates:
        return None, None
    start = match.start() + dates[0].start
    return dates[0].date, summary.span(start, match.start() + dates[0].end)

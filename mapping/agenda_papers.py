"""The papers of a kallelse's items behind its list ("Ärende 6"): their proposals, documents and summaries."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mapping.actors import parse_actors
from mapping.blocks import Block, Head
from mapping.flow import flow
from mapping.heads import item_head
from mapping.items import read_item
from mapping.known import Known
from mapping.records import Actor, Item, Matter, Quote
from mapping.rows import Row
from mapping.sections import sections
from mapping.text import Line

PAPERS = re.compile(r"Ärende\s(?:nr\s)?(?P<number>\d{1,3})[.:]?(?:\s{3,}.{0,60})?$")


def papers_of(rows: Sequence[Row], known: Known) -> Iterator[tuple[str, Item]]:
    """(number, what is read) of the papers of each item: "Ärende 6" on a line of its own, title and text below it."""
    marks = [(index, match) for index, row in enumerate(rows) if (match := PAPERS.match(row.text))]
    ends = (*(index for index, _ in marks[1:]), len(rows))
    for (index, match), end in zip(marks, ends, strict=False):
        part = tuple(rows[index:end])
        block = Block(Head(0, match.group("number"), len(rows[index].text)), part)
        head = item_head(block, sections(part)[0].rows)
        yield match.group("number"), read_item(block, head, 1, known)


def with_papers(item: Item, papers: Item | None, known: Known) -> Item:
    """The item of the list with what only its papers tell."""
    if papers is None:
        return item
    seen = {ref.normalised for ref in item.registry_numbers}
    told = (
        papers.matters
        if sum(len(m.authors) for m in papers.matters) > sum(len(m.authors) for m in item.matters)
        else ()
    )
    made = told or item.matters or papers.matters
    return replace(
        item,
        registry_numbers=(*item.registry_numbers, *(r for r in papers.registry_numbers if r.normalised not in seen)),
        matters=tuple(replace(matter, authors=_all_authors(matter, papers.summary, known)) for matter in made),
        summary=papers.summary or item.summary,
        decision=papers.decision or item.decision,
        proposals=papers.proposals or item.proposals,
        documents=papers.documents or item.documents,
        officials=item.officials or papers.officials,
    )


def _all_authors(matter: Matter, summary: Quote | None, known: Known) -> tuple[Actor, ...]:
    """The authors of a matter: those that open its summary, where the one that the title names is among them."""
    if summary is None or not matter.authors:
        return matter.authors
    start = Line(summary.text, summary.span.start)
    actors, _ = parse_actors(flow((start,)), 0, known)
    names = {actor.name for actor in actors}
    return (
        actors if len(actors) > len(matter.authors) and {a.name for a in matter.authors} <= names else matter.authors
    )

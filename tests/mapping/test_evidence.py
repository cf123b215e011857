"""What every document must show, whatever it says: each quotation stands where it is said to stand, each act in its own
§, and the gate accepts the graph or says in plain words why not. Over the samples and, where they are at hand, the
documents of ../shared."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mapping.document import Reading, judge_alone, read, tell
from mapping.records import Actor, Ballot, DocumentRecord, Item, Point, Quote, Refused, RegistryRef
from mapping.text import Span

SAMPLES = Path(__file__).parents[1] / "samples" / "documents"
SHARED = Path(__file__).parents[3] / "shared"
FORMATS = (".txt", ".pdf", ".docx", ".html")


def documents() -> list[Any]:
    folders = (SAMPLES, SHARED / "examples", SHARED / "corpus")
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    given = [pytest.param(path, id=path.stem) for path in found if path.suffix in FORMATS]
    absent = pytest.mark.skip(reason="../shared, the real documents and their golds, is absent")
    return given if SHARED.is_dir() else [*given, pytest.param(SHARED, id="shared", marks=absent)]


@cache
def reading(path: Path) -> Reading | Refused:
    return read(path.read_bytes())


def read_or_skip(path: Path) -> Reading:
    found = reading(path)
    if isinstance(found, Refused):
        assert found.sv and found.en
        pytest.skip(f"refused: {found.reason}")
    return found


def records_in(value: Any) -> Iterator[Any]:
    """Every record inside a record, itself too."""
    if isinstance(value, tuple):
        for part in value:
            yield from records_in(part)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for each in fields(value):
            yield from records_in(getattr(value, each.name))


def bare(text: str) -> str:
    """Without blanks and hyphens: words are broken over lines."""
    return re.sub(r"[\s\xad-]", "", text)


def within(words: str, source: str) -> bool:
    """Whether the words stand in a source in their order; page heads and marks of lists may stand between them."""
    letters = iter(bare(source))
    return all(letter in letters for letter in bare(words))


def quotations(record: DocumentRecord) -> Iterator[tuple[str, Span]]:
    """(words, place) of all that is quoted. A ballot may name by the surname alone; laws are cited in a norm form."""
    cited = {id(quote) for item in record.items for quote in item.references}
    voters = {id(found.actor) for found in records_in(record) if isinstance(found, Ballot)}
    for found in records_in(record):
        if isinstance(found, Quote | Point) and id(found) not in cited:
            yield found.text, found.span
        elif isinstance(found, RegistryRef):
            yield found.verbatim, found.span
        elif isinstance(found, Actor) and found.name and not found.is_administration:
            yield found.name.split()[-1] if id(found) in voters else found.name, found.span


@pytest.mark.parametrize("path", documents())
def test_every_quotation_stands_at_its_offsets(path: Path) -> None:
    found = read_or_skip(path)
    text = found.text.canonical
    astray = [
        (words, text[s.start : s.end])
        for words, s in quotations(found.record)
        if not within(words, text[s.start : s.end])
    ]
    assert astray == []


@pytest.mark.parametrize("path", documents())
def test_every_quotation_begins_and_ends_with_its_own_words(path: Path) -> None:
    found = read_or_skip(path)
    text = found.text.canonical
    quotes = [record for record in records_in(found.record) if isinstance(record, Quote)]
    cited = {id(quote) for item in found.record.items for quote in item.references}
    for quote in quotes:
        source = bare(text[quote.span.start : quote.span.end])
        assert id(quote) in cited or source[-1] == bare(quote.text)[-1] or quote.text[-1] in ".,;", quote


ACTS = (
    "title",
    "subtitle",
    "decision",
    "proposals",
    "votes",
    "reservations",
    "statements",
    "withdrawals",
    "matters",
    "documents",
    "summary",
    "procedure",
    "registry_numbers",
    "officials",
    "immediately_adjusted",
    "report_date_span",
)


def spans_in(value: Any) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    for found in records_in(value):
        yield from (part for each in fields(found) if isinstance(part := getattr(found, each.name), Span))


def of_annexed_list(item: Item, span: Span, items: tuple[Item, ...]) -> bool:
    """Whether a span is of the ballots of a vote, or of a vote that only a list tells, and stands in no other §."""
    told = {place for vote in item.votes for place in (vote.span, *spans_in(vote.ballots))}
    others = [
        other for other in items if other is not item and other.span.start < span.end and span.start < other.span.end
    ]
    return span in told and not others


@pytest.mark.parametrize("path", documents())
def test_every_act_stands_in_its_own_paragraph(path: Path) -> None:
    found = read_or_skip(path)
    items = found.record.items
    for item in items:
        for name in ACTS:
            for span in spans_in(getattr(item, name)):
                inside = item.span.start <= span.start and span.end <= item.span.end
                listed = name == "votes" and of_annexed_list(item, span, items)
                assert inside or listed, (item.number, name, found.text.canonical[span.start : span.end])


@pytest.mark.parametrize("path", documents())
def test_no_two_paragraphs_share_text(path: Path) -> None:
    items = read_or_skip(path).record.items
    assert all(item.span.end <= after.span.start for item, after in zip(items, items[1:], strict=False))


@pytest.mark.parametrize("path", documents())
def test_nobody_votes_twice_in_a_vote(path: Path) -> None:
    for item in read_or_skip(path).record.items:
        for vote in item.votes:
            voters = [(ballot.actor.name, ballot.actor.party) for ballot in vote.ballots]
            assert len(voters) == len(set(voters)), item.number


@pytest.mark.parametrize("path", documents())
def test_the_gate_accepts_the_graph_or_says_why_not(path: Path) -> None:
    judged = judge_alone(read_or_skip(path))
    violations = [c for c in judged.complaints if c.problem.severity == "violation"]
    assert judged.accepted == (not violations)
    for complaint in violations:
        assert complaint.problem.message_sv and complaint.problem.message_en
        assert complaint.problem.message_sv in tell(judged.complaints)


def test_the_checks_notice_what_is_astray() -> None:
    assert within("överlämna planen", "över-\nlämna\n\nSida 2\n\nplanen")
    assert not within("överlämna planen", "överlämna")
    assert bare("över-\nlämna planen") == "överlämnaplanen"

"""Corrections by decision: what is asked for is checked and noted; commands.correction_effects makes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from commands.correction_effects import accepted, persons_graph, published_graph
from mapping.document import PersonLines
from server.corrections.correction import (
    Correction,
    active,
    add,
    corrected,
    corrections,
    withdraw,
)
from server.corrections.graph import correction_quads, plain
from server.corrections.terms import BadCorrection, is_meant, property_named, value_like
from server.data_folder.folder import Entry, Ledger
from server.storage import authority
from shapes import Problem, validate


class DoesNotConform(Exception):
    """The corrected graph would violate shapes: these `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(f"{problem.message_sv}\n{problem.message_en}" for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction as it is asked for; `was` None where the property has one value."""

    subject: str
    property: str
    value: str
    was: str | None
    decided_by: str
    ground: str
    date: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph that a correction may change: as it is published; of a document, with its row."""

    entry: Entry | None
    published: str


def noted(ledger: Ledger, asked: Asked, base: str) -> tuple[Correction, bool]:
    """Check a correction and note it; what is published follows with the next `settle`. Whether it is a new one.

    Raises BadCorrection, and DoesNotConform where a graph with the new value would violate a shape.
    """
    predicate = property_named(asked.property)
    subject = base + asked.subject if asked.subject.startswith("/id/") else asked.subject
    graphs = list(_telling_of(ledger, subject))
    former = _former(graphs, subject, predicate, asked)
    value = value_like(former, asked.value)
    if value == former:
        for each in active(ledger):
            if (each.subject, each.predicate, each.value) == (subject, predicate, value):
                return each, False
        raise BadCorrection(
            f"{asked.property} har redan värdet ”{asked.value}”: det finns inget att rätta.",
            f"{asked.property} has the value “{asked.value}” already: there is nothing to correct.",
        )
    if value.startswith("<") and not _is_known(ledger, plain(value), base):
        raise BadCorrection(
            f"{plain(value)} finns varken i datamappen eller i ontologin: ange en IRI som grafen känner.",
            f"{plain(value)} is neither in the data folder nor in the ontology: give an IRI that the graph knows.",
            missing=True,
        )
    wanted = Correction(0, subject, predicate, former, value, asked.decided_by, asked.ground, asked.date)
    if problems := list(_violations(ledger, graphs, wanted, base)):
        raise DoesNotConform(problems)
    return add(ledger, wanted), True


def withdrawn(ledger: Ledger, number: int, ground: str) -> None:
    """Note that a correction no longer holds. Raises BadCorrection where there is none, where it was withdrawn, or
    where another one corrects its value."""
    found = {each.number: each for each in corrections(ledger)}.get(number)
    if found is None:
        raise BadCorrection(
            f"Det finns ingen rättelse {number}: kommungraf corrections visar dem.",
            f"There is no correction {number}: kommungraf corrections shows them.",
            missing=True,
        )
    if found.withdrawn:
        raise BadCorrection(
            f"Rättelse {number} är redan återtagen ({found.withdrawn}).",
            f"Correction {number} was withdrawn already ({found.withdrawn}).",
        )
    built = [c for c in active(ledger) if c.number > number and _follows(c, found)]
    if built:
        raise BadCorrection(
            f"Rättelse {built[0].number} rättar värdet av rättelse {number}: återta den först.",
            f"Correction {built[0].number} corrects the value of correction {number}: withdraw it first.",
        )
    withdraw(ledger, number, datetime.now(UTC).isoformat(timespec="seconds"), ground)


def _follows(later: Correction, earlier: Correction) -> bool:
    return (later.subject, later.predicate, later.former) == (earlier.subject, earlier.predicate, earlier.value)


def _telling_of(ledger: Ledger, subject: str) -> Iterator[Graph]:
    """The graphs that say something of a thing. Raises BadCorrection where none does."""
    head = f"<{subject}> <"
    found = False
    for entry in (*accepted(ledger), None):
        published = persons_graph(ledger) if entry is None else published_graph(ledger, entry)
        if published.startswith(head) or f"\n{head}" in published:
            found = True
            yield Graph(entry, published)
    if not found:
        raise BadCorrection(
            f"Ingen publicerad handling säger något om {subject}: kontrollera IRI:n.",
            f"No published document says anything of {subject}: check the IRI.",
            missing=True,
        )


def _former(graphs: Sequence[Graph], subject: str, predicate: str, asked: Asked) -> str:
    head = f"<{subject}> <{predicate}> "
    lines = [line for graph in graphs for line in graph.published.split("\n") if line.startswith(head)]
    values = sorted({line[len(head) : line.rindex(" <")] for line in lines})
    meant = values if asked.was is None else [each for each in values if is_meant(each, asked.was)]
    if len(meant) == 1:
        return meant[0]
    there = ", ".join(f"”{plain(each)}”" for each in values[:5]) or "–"
    if asked.was is None and not values:
        raise BadCorrection(
            f"{subject} har ingen uppgift {asked.property}: ange en som den har.",
            f"{subject} has no {asked.property}: name one that it has.",
        )
    if not meant:
        raise BadCorrection(
            f"{asked.property} är inte ”{asked.was}”; den är: {there}.",
            f"{asked.property} is not “{asked.was}”; it is: {there}.",
        )
    raise BadCorrection(
        f"{asked.property} har flera värden ({there}): säg med --was vilket som rättas.",
        f"{asked.property} has several values ({there}): say with --was which one is corrected.",
    )


def _is_known(ledger: Ledger, iri: str, base: str) -> bool:
    head = f"<{iri}> <".encode()
    shared = (authority.nquads(base), persons_graph(ledger).encode())
    documents = ((ledger.folder / f"documents/{entry.id}.nq").read_bytes() for entry in accepted(ledger))
    return any(head in content for content in (*shared, *documents))


def _violations(ledger: Ledger, graphs: Sequence[Graph], wanted: Correction, base: str) -> Iterator[Problem]:
    persons = persons_graph(ledger)
    before, after = PersonLines.read(persons), PersonLines.read(corrected(persons, [wanted]))
    judged = [graph for graph in graphs if graph.entry is not None] or list(_naming(ledger, wanted.subject))[:1]
    seen: set[Problem] = set()
    for graph in judged:
        new = corrected(graph.published, [wanted])
        more = correction_quads([wanted], base)
        old = {p for p in validate(graph.published, before.of(graph.published)) if p.severity == "violation"}
        for problem in validate(new + more, after.of(new)):
            if problem.severity == "violation" and problem not in old | seen:
                seen.add(problem)
                yield problem


def _naming(ledger: Ledger, iri: str) -> Iterator[Graph]:
    """The documents that name a thing of which graph/persons alone says something."""
    for entry in accepted(ledger):
        published = published_graph(ledger, entry)
        if f"<{iri}>" in published:
            yield Graph(entry, published)

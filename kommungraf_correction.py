"""Corrections by decision: what is asked for is checked, noted in the ledger, made in the files, and published."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain

from kommungraf_arguments import say
from mapping.document import PersonLines
from mapping.erased import Erased, mask_erased
from mapping.mentions import Mention
from ontology import KG
from server import authority, folder
from server.correction import (
    CORRECTING,
    FILE,
    UNCORRECTED,
    Correction,
    active,
    add,
    corrected,
    corrections,
    in_effect,
    replace_all,
    withdraw,
)
from server.correction_graph import DATE, correction_quads, plain
from server.correction_terms import BadCorrection, is_meant, property_named, value_like
from server.folder import Entry, Ledger
from shapes import Problem, validate

CHECKED = "corrections checked"
PERSONS = "persons.nq"


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


def settled(ledger: Ledger, base: str, persons: str) -> dict[str, str]:
    """Make every correction in the files of the documents and in graph/persons; the files that belong to no document.

    A document that violates a shape once it is corrected is published as it was read, and that is told.
    """
    decided = active(ledger)
    if ledger.note(CORRECTING):
        for entry in _accepted(ledger):
            quads = folder.as_read(ledger, entry)
            published = corrected(quads, decided)
            if published != _published(ledger, entry):
                folder.publish_graph(ledger, entry, quads, published)
    persons = corrected(persons, decided)
    _check(ledger, persons)
    every = corrections(ledger)
    there = every or (ledger.folder / FILE).exists()
    return {PERSONS: persons} | ({FILE: correction_quads(every, base)} if there else {})


def dated(ledger: Ledger, entry: Entry, mentions: tuple[Mention, ...], base: str) -> tuple[Mention, ...]:
    """The mentions of an accepted document, with the day of its meeting where that was corrected."""
    found = next((each for each in mentions if each.date), None)
    if found is None or entry.status != "accepted":
        return mentions
    occasion = f"{found.municipality}/{found.body}/{found.date}" if found.body else found.document
    line = f'<{base}/id/meeting/{occasion}> <{KG.date}> "{found.date}"^^{DATE} <'
    decided = [each for each in active(ledger) if each.predicate == KG.date]
    if not any(each.before == line for each in decided) or line not in folder.as_read(ledger, entry):
        return mentions
    day = date.fromisoformat(corrected(line, decided).split('"')[1])
    return tuple(replace(each, corrected_date=day) for each in mentions)


def told(ledger: Ledger) -> list[dict[str, object]]:
    """Every correction, with `graphs`: in how many graphs its former value stands, where it is replaced."""
    every = corrections(ledger)
    count = in_effect(_as_read(ledger), every) if every else {}
    return [asdict(each) | {"graphs": 0 if each.withdrawn else count[each.number]} for each in every]


def masked(ledger: Ledger, rules: Sequence[Erased]) -> None:
    """Mask what was erased in the corrections; one of, or to, what bears an erased name in its IRI goes."""

    def is_named(term: str) -> bool:
        return mask_erased(term, rules) != term

    def literal(term: str) -> str:
        text = plain(term)
        hidden = mask_erased(text, rules)
        return term if hidden == text else value_like(term, hidden)

    before = corrections(ledger)
    kept = [
        replace(
            each,
            former=literal(each.former),
            value=literal(each.value),
            decided_by=mask_erased(each.decided_by, rules),
            ground=mask_erased(each.ground, rules),
            withdrawal=mask_erased(each.withdrawal, rules),
        )
        for each in before
        if not any(
            term.startswith(("<", "http")) and is_named(term) for term in (each.subject, each.former, each.value)
        )
    ]
    if kept != before:
        replace_all(ledger, kept)


def dropped(ledger: Ledger, persons: str) -> None:
    """Forget every correction whose former value no document says any longer: it may be what was erased."""
    every = corrections(ledger)
    documents = (folder.as_read(ledger, entry) for entry in _accepted(ledger)) if every else ()
    count = in_effect(chain(documents, (persons,)), every)
    gone = [each.number for each in every if not count[each.number]]
    if gone:
        replace_all(ledger, (each for each in every if count[each.number]))
        numbers = ", ".join(map(str, gone))
        say(
            f"Rättelser som inte längre gäller något i handlingarna är borttagna: {numbers}.",
            f"Corrections that no longer concern anything in the documents were removed: {numbers}.",
        )


def _follows(later: Correction, earlier: Correction) -> bool:
    return (later.subject, later.predicate, later.former) == (earlier.subject, earlier.predicate, earlier.value)


def _accepted(ledger: Ledger) -> list[Entry]:
    return [entry for entry in ledger.entries() if entry.status == "accepted"]


def _published(ledger: Ledger, entry: Entry) -> str:
    return (ledger.folder / f"documents/{entry.id}.nq").read_bytes().decode("utf-8")


def _persons(ledger: Ledger) -> str:
    path = ledger.folder / PERSONS
    return path.read_bytes().decode("utf-8") if path.is_file() else ""


def _as_read(ledger: Ledger) -> Iterator[str]:
    for entry in _accepted(ledger):
        yield folder.as_read(ledger, entry)
    back = list(reversed(active(ledger)))
    persons = _persons(ledger)
    for each in back:  # graph/persons is not kept as it was read: what it says now is undone
        persons = persons.replace(each.after, each.before)
    yield persons


def _telling_of(ledger: Ledger, subject: str) -> Iterator[Graph]:
    """The graphs that say something of a thing. Raises BadCorrection where none does."""
    head = f"<{subject}> <"
    found = False
    for entry in (*_accepted(ledger), None):
        published = _persons(ledger) if entry is None else _published(ledger, entry)
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
    shared = (authority.nquads(base), _persons(ledger).encode())
    documents = ((ledger.folder / f"documents/{entry.id}.nq").read_bytes() for entry in _accepted(ledger))
    return any(head in content for content in (*shared, *documents))


def _violations(ledger: Ledger, graphs: Sequence[Graph], wanted: Correction, base: str) -> Iterator[Problem]:
    persons = _persons(ledger)
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
    for entry in _accepted(ledger):
        published = _published(ledger, entry)
        if f"<{iri}>" in published:
            yield Graph(entry, published)


def _check(ledger: Ledger, persons: str) -> None:
    """See that every corrected document conforms among the others as they are now."""
    concerned = [e for e in _accepted(ledger) if f"{UNCORRECTED}/{e.id}.nq" in e.digests]
    state = hashlib.sha256(json.dumps([[e.files for e in concerned], persons]).encode()).hexdigest()
    if not concerned or ledger.note(CHECKED) == state:
        return
    lines = PersonLines.read(persons)
    for entry in concerned:
        quads, published = folder.as_read(ledger, entry), _published(ledger, entry)
        old = {p for p in validate(quads, lines.of(quads)) if p.severity == "violation"}
        new = [p for p in validate(published, lines.of(published)) if p.severity == "violation" and p not in old]
        if new:
            folder.publish_graph(ledger, entry, quads, quads)
            say(
                f"{entry.file_name}: rättad strider handlingen mot en regel och visas som den lästes: "
                f"{new[0].message_sv}",
                f"{entry.file_name}: corrected, the document violates a rule, and is shown as it was read: "
                f"{new[0].message_en}",
            )
    ledger.remember(CHECKED, state)

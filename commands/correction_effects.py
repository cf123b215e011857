"""What corrections by decision make of a data folder: of the files of its documents, and of graph/persons."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import chain

from commands.arguments import say
from mapping.document import PersonLines
from mapping.erased import Erased, hide_erased, mask_erased, named_in
from mapping.erased_surnames import bears_surname, mask_surnames
from mapping.lone_surnames import solely_meant
from mapping.mentions import Mention
from ontology import KG
from server.corrections.correction import (
    CORRECTING,
    FILE,
    UNCORRECTED,
    Correction,
    active,
    corrected,
    corrections,
    in_effect,
    replace_all,
)
from server.corrections.graph import DATE, correction_quads, plain
from server.corrections.terms import value_like
from server.data_folder import folder
from server.data_folder.folder import Entry, Ledger
from server.data_folder.ledger import ERASING
from server.gone import forgotten
from shapes import validate

CHECKED = "corrections checked"
PERSONS = "persons.nq"


def settled(ledger: Ledger, base: str, persons: str) -> dict[str, str]:
    """Make every correction in the files of the documents and in graph/persons; the files that belong to no document.

    A document that violates a shape once it is corrected is published as it was read, and that is told.
    """
    decided = active(ledger)
    if ledger.note(CORRECTING):
        for entry in accepted(ledger):
            quads = folder.as_read(ledger, entry)
            published = corrected(quads, decided)
            if published != published_graph(ledger, entry):
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


def masked(ledger: Ledger, rules: Sequence[Erased], others: Iterable[str]) -> None:
    """Mask what was erased in the corrections; one of, or to, what bears an erased name in its IRI goes.

    Together they are as one document: where one names somebody whole, the surname alone is masked in all, unless one
    of the `others` bears it; but not in what a document says, which is masked where the document is.
    """
    before = corrections(ledger)
    texts = [text for each in before for text in _texts(each)]
    together, borne = "\n".join(texts), tuple(others)
    meant = solely_meant(mask_erased(together, rules), rules)
    surnames = list(dict.fromkeys([*named_in(together, rules), *meant]))

    def is_named(term: str) -> bool:
        return mask_erased(term, rules) != term

    def literal(term: str, also_alone: bool) -> str:
        text = plain(term)
        hidden = mask_erased(text, rules)
        hidden = mask_surnames(hidden, surnames, borne) if also_alone else hidden
        return term if hidden == text else value_like(term, hidden)

    def told(text: str) -> str:
        return mask_surnames(hide_erased(text, rules), surnames, borne)

    kept, given = [], set[tuple[str, str, str]]()
    for each in before:
        terms = (each.subject, each.former, each.value)
        if not any(term.startswith(("<", "http")) and is_named(term) for term in terms):
            former = literal(each.former, (each.subject, each.predicate, each.former) in given)
            value = literal(each.value, True)
            who, ground, withdrawal = told(each.decided_by), told(each.ground), told(each.withdrawal)
            kept.append(
                replace(each, former=former, value=value, decided_by=who, ground=ground, withdrawal=withdrawal)
            )
        given.add((each.subject, each.predicate, each.value))
    if kept != before:
        _bury(ledger, {each.number for each in before} - {each.number for each in kept})
        replace_all(ledger, kept)


def _texts(correction: Correction) -> tuple[str, ...]:
    """What a correction says in words."""
    literals = (plain(term) for term in (correction.former, correction.value) if not term.startswith("<"))
    return (*literals, correction.decided_by, correction.ground, correction.withdrawal)


def left(ledger: Ledger, rules: Sequence[Erased]) -> list[int]:
    """The corrections, by number, where a surname that was erased stands alone."""
    return [each.number for each in corrections(ledger) if any(bears_surname(text, rules) for text in _texts(each))]


def dropped(ledger: Ledger, persons: str) -> None:
    """Forget every correction whose former value no document says any longer: it may be what was erased."""
    every = corrections(ledger)
    documents = (folder.as_read(ledger, entry) for entry in accepted(ledger)) if every else ()
    count = in_effect(chain(documents, (persons,)), every)
    gone = [each.number for each in every if not count[each.number]]
    if gone:
        _bury(ledger, gone)
        replace_all(ledger, (each for each in every if count[each.number]))
        numbers = ", ".join(map(str, gone))
        say(
            f"Rättelser som inte längre gäller något i handlingarna är borttagna: {numbers}.",
            f"Corrections that no longer concern anything in the documents were removed: {numbers}.",
        )


def _bury(ledger: Ledger, numbers: Iterable[int]) -> None:
    """Remember the addresses of corrections that go with an erasure, to tell its ground there."""
    date, _, ground = (ledger.note(ERASING) or "").partition(" ")
    if date > "1":  # as an older program noted what a source erased
        ledger.keep_iris(forgotten.of_iris((f"/id/correction/{number}" for number in numbers), date, ground))


def accepted(ledger: Ledger) -> list[Entry]:
    """The rows of the accepted documents, by SHA-256."""
    return [entry for entry in ledger.entries() if entry.status == "accepted"]


def published_graph(ledger: Ledger, entry: Entry) -> str:
    """The graph of an accepted document as it is published, in N-Quads."""
    return (ledger.folder / f"documents/{entry.id}.nq").read_bytes().decode("utf-8")


def persons_graph(ledger: Ledger) -> str:
    """graph/persons as it is published, in N-Quads; empty where there is none."""
    path = ledger.folder / PERSONS
    return path.read_bytes().decode("utf-8") if path.is_file() else ""


def _as_read(ledger: Ledger) -> Iterator[str]:
    for entry in accepted(ledger):
        yield folder.as_read(ledger, entry)
    back = list(reversed(active(ledger)))
    persons = persons_graph(ledger)
    for each in back:  # graph/persons is not kept as it was read: what it says now is undone
        persons = persons.replace(each.after, each.before)
    yield persons


def _check(ledger: Ledger, persons: str) -> None:
    """See that every corrected document conforms among the others as they are now."""
    concerned = [e for e in accepted(ledger) if f"{UNCORRECTED}/{e.id}.nq" in e.digests]
    state = hashlib.sha256(json.dumps([[e.files for e in concerned], persons]).encode()).hexdigest()
    if not concerned or ledger.note(CHECKED) == state:
        return
    lines = PersonLines.read(persons)
    for entry in concerned:
        quads, published = folder.as_read(ledger, entry), published_graph(ledger, entry)
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

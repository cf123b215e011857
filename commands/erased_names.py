"""A person's name erased from a data folder: what is known of it afterwards, and the documents read without it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial

import pyoxigraph as ox

from mapping import corpus
from mapping.erased import WORD, Erased, erased, mask_erased
from mapping.erased_surnames import (
    bears_surname,
    erased_surnames,
    is_alike,
    mask_surnames,
    shortened,
)
from mapping.imports.forgotten import labels, names_of, without
from mapping.lone_surnames import hidden, mask_in_name, means_another, sole_surnames, solely_meant
from mapping.records import Refused
from ontology import KG
from server.corrections.correction import corrections
from server.corrections.graph import plain
from server.data_folder import folder, ledger_graph
from server.data_folder.folder import Entry, Ledger
from server.gone import forgotten, renamed

IMPORT = ledger_graph.IMPORT
"""What the format of a ledger's row begins with where it is no document but imported (commands.import_order)."""
NAME = ox.NamedNode("http://xmlns.com/foaf/0.1/name")
CONCERNS = ox.NamedNode(KG.concernsPerson)
SPELLINGS = (NAME, ox.NamedNode(KG.spelling))


def note(ledger: Ledger, name: str, date: str, ground: str) -> list[Erased]:
    """Keep the hashes of a name, and of each spelling that a person of this name has; from then on it is masked,
    also in the grounds that were given for what was removed and erased. The rules of the surnames."""
    persons = persons_named(ledger, name)
    names = {name, *(each for spellings in persons.values() for each in spellings)}
    shorter = [each for name in sorted(names) if (each := shortened(name))]
    others = [each for iri, spellings in _spellings(ledger).items() if iri not in persons for each in spellings]
    free = {short for short, _ in shorter if not _bears(short, others)}
    in_full = {short for short in free if any(is_alike(short, other) for other in others)}
    rules = erased(names | free - in_full, in_full=in_full)
    iris = {*persons, *_renamed(ledger, persons, rules)}
    surnames = erased_surnames(names.union(*shorter), rules[0].salt)
    sole = _sole(ledger, surnames, others, [*rules, *rules_of(ledger)]) if persons else ()
    surnames = [replace(each, everywhere=each in sole) for each in surnames]
    ledger.keep_hashes(
        ((rule.hash, rule.letters, rule.salt, date, ground) for rule in rules),
        ((each.hash, each.letters, each.salt, each.everywhere) for each in surnames),
        forgotten.of_iris(iris, date, ground),
        partial(hidden, rules=[*rules, *surnames, *rules_of(ledger)]),
    )
    return surnames


def _sole(ledger: Ledger, surnames: list[Erased], others: Iterable[str], rules: Sequence[Erased]) -> set[Erased]:
    """The surnames that can mean nobody else: no other person of the graph bears them, and nothing has them in its
    name."""
    whole = [name for name in others if len(WORD.findall(name)) > 1]
    borne = {rule for name in whole for rule in surnames if bears_surname(name, [rule])}
    names = {
        mention[key] or ""
        for entry in ledger.entries()
        for mention in json.loads(entry.mentions)
        for key in ("municipality", "body", "administration", "party")
    }
    return sole_surnames([rule for rule in surnames if rule not in borne], names, _texts(ledger, surnames, rules))


def _texts(ledger: Ledger, surnames: Sequence[Erased], rules: Sequence[Erased]) -> Iterator[str]:
    """The texts of all documents and imports in which a surname seems to mean something else, without whole names."""
    for entry in ledger.entries():
        if entry.format.startswith(IMPORT):
            files = [ledger.folder / name for name in entry.digests if name.endswith(".nq")]
            texts = [text for file in files for text in labels(file)]
        else:
            texts = [folder.canonical(ledger, entry)] if entry.status != "refused" else []
        yield from (mask_erased(text, rules) for text in texts if means_another(text, surnames))


def _bears(name: str, others: Iterable[str]) -> bool:
    """Whether one of some other persons bears a name."""
    rules = erased([name], initials=False)
    return any(mask_erased(other, rules) != other for other in others)


def _renamed(ledger: Ledger, persons: Iterable[str], rules: Sequence[Erased]) -> Iterator[str]:
    """The IRIs, among those declared as renamed, that are or were of these persons."""
    own = {path for iri in persons if (path := iri.partition("/id/person/")[2])}

    def is_meant(path: str) -> bool:
        return not own.isdisjoint(forgotten.keys_of(path)) or mask_erased(path, rules) != path

    paths = renamed.leading(renamed.read(ledger.folder), is_meant)
    return (f"{ledger.note('base')}/id/{path}" for path in paths)


def masked_renamed(ledger: Ledger) -> None:
    """Drop what is declared as renamed where that names somebody who was erased, and mask the comments."""
    known, rules = forgotten.Known(forgotten.forgotten(ledger)), rules_of(ledger)
    renamed.drop(ledger.folder, lambda path: known.find(path) is not None, partial(mask_erased, rules=rules))


def rules_of(ledger: Ledger) -> list[Erased]:
    """The names that were erased from a data folder, as far as it knows them, and their surnames."""
    whole = [Erased(*row) for row in ledger.hashes()]
    surnames = ledger.surname_hashes()
    return whole + [Erased(*row[:3], alone=True, everywhere=row[3]) for row in surnames]


def persons_named(ledger: Ledger, name: str) -> dict[str, set[str]]:
    """The persons of the data folder that bear a name, or that an IRI names, each with its spellings."""
    told = _spellings(ledger)
    if name in told:
        return {name: told[name]}
    rules = erased([name], initials=False)
    return {iri: names for iri, names in told.items() if any(mask_erased(each, rules) != each for each in names)}


def name_of(ledger: Ledger, iri: str) -> str | None:
    """The name of the person that an IRI names: the longest spelling; None where the data folder knows none."""
    return max(_spellings(ledger).get(iri, ()), key=len, default=None)


def others(ledger: Ledger) -> set[str]:
    """The names of the persons of the data folder, those aside who were erased."""
    rules = rules_of(ledger)
    every = _spellings(ledger).values() if rules else ()
    return {name for names in every for name in names if all(mask_erased(each, rules) == each for each in names)}


def _spellings(ledger: Ledger) -> dict[str, set[str]]:
    """The names of each person, by IRI: in graph/persons, in the notes on who was joined, before corrections, and in
    the graphs of what was imported."""
    persons = ledger.folder / "persons.nq"
    said: dict[str, set[str]] = {}
    concerned: dict[str, list[str]] = {}
    for quad in ox.parse(path=str(persons), format=ox.RdfFormat.N_QUADS) if persons.is_file() else ():
        if quad.predicate in SPELLINGS and isinstance(quad.object, ox.Literal):
            said.setdefault(quad.subject.value, set()).add(quad.object.value)
        elif quad.predicate == CONCERNS and isinstance(quad.object, ox.NamedNode):
            concerned.setdefault(quad.subject.value, []).append(quad.object.value)
    for note, persons_of_note in concerned.items():
        if len(persons_of_note) == 1:  # who was joined from these spellings; not two that may be one
            said.setdefault(persons_of_note[0], set()).update(said.get(note, ()))
    for each in corrections(ledger):
        if each.predicate in {name.value for name in SPELLINGS} and each.subject in said:
            said[each.subject] |= {plain(each.former), plain(each.value)}
    for iri, names in _imported(ledger):
        said.setdefault(iri, set()).update(names)
    return {iri: names for iri, names in said.items() if iri not in concerned}


def _imported(ledger: Ledger) -> Iterator[tuple[str, set[str]]]:
    """The names of each person in what was imported, by IRI, also of what is held back."""
    for entry in ledger.entries():
        for file in entry.digests if entry.format.startswith(IMPORT) else ():
            if file.startswith(("documents/", "quarantine/")) and file.endswith(".nq"):
                yield from names_of(ledger.folder / file).items()


def file_name(name: str, found: corpus.Document | Refused, rules: Sequence[Erased]) -> str:
    """A file name without what was erased; also without a surname alone, where the document had its bearer's name, or
    where it can mean nobody else."""
    if isinstance(found, Refused):
        return masked_name(name, rules)
    others, text = [mention.name for mention in found.mentions], found.text.canonical
    named = [rule for rule in rules if rule.alone] if "••" in text else []
    another = means_another(text, [rule for rule in rules if rule.everywhere])
    solely = [rule for rule in rules if rule.everywhere and rule not in another]
    return mask_in_name(mask_erased(name, rules), named + solely, others)


def masked_name(name: str, rules: Iterable[Erased]) -> str:
    """The name of a file or a source, of which nothing more is known, without what was erased."""
    rules = list(rules)
    return mask_in_name(mask_erased(name, rules), [rule for rule in rules if rule.everywhere], ())


def _masked(text: str, rules: Sequence[Erased]) -> str:
    """A text that belongs to no document, without what was erased."""
    return mask_surnames(mask_erased(text, rules), solely_meant(mask_erased(text, rules), rules), ())


def contents(ledger: Ledger) -> dict[str, object]:
    """What each document and import says, by SHA-256: hashes of its texts, its file name and why it was refused. To
    be compared before and after an erasure, with nothing read twice."""
    return {
        entry.sha256: (
            entry.file_name,
            entry.reason_sv,
            {
                sha256
                for name, sha256 in entry.digests.items()
                if entry.format.startswith(IMPORT) or name.startswith("texts/") or name.endswith(".source.txt")
            },
        )
        for entry in ledger.entries()
    }


def masked(ledger: Ledger, base: str) -> Iterator[tuple[Entry, corpus.Document | Refused]]:
    """Each document that names somebody who was erased, read again without the name; and masks the decisions."""
    rules = rules_of(ledger)
    decisions = ledger.folder / "decisions.toml"
    if rules and decisions.exists():
        written = decisions.read_bytes().decode("utf-8", "surrogateescape")  # whatever it is, no name is left in it
        folder.write(decisions, mask_erased(written, rules).encode("utf-8", "surrogateescape"))
    for entry in ledger.entries() if rules else ():
        name = masked_name(entry.file_name, rules)
        if entry.format.startswith(IMPORT) and entry.status != "refused":
            _mask_import(ledger, replace(entry, file_name=name), rules)
            continue
        if entry.status == "refused":
            sv, en = _masked(entry.reason_sv, rules), _masked(entry.reason_en, rules)
            if (name, sv, en) != (entry.file_name, entry.reason_sv, entry.reason_en):
                yield replace(entry, file_name=name), Refused(entry.reason, sv, en)
            continue
        text = corpus.recalled(asdict(entry), partial(folder.canonical, ledger, entry)).text()
        again = replace(text, canonical=mask_erased(text.canonical, rules))
        if (name, again) != (entry.file_name, text) or solely_meant(again.canonical, rules):
            hold = entry.personal_numbers == "quarantine"
            found = corpus.reread(text, entry.sha256, entry.municipality or None, base, hold, rules)
            name = file_name(entry.file_name, found, rules)
            head = Entry(entry.sha256, name, "refused", program=entry.program, municipality=entry.municipality,
                         personal_numbers=entry.personal_numbers, ended_at=entry.ended_at)  # fmt: skip
            yield head, found


def _mask_import(ledger: Ledger, entry: Entry, rules: list[Erased]) -> None:
    """Mask the names in the files of an import: what its source says cannot be read again."""
    kept = {name: (ledger.folder / name).read_text("utf-8") for name in entry.digests}
    masked = {name: (without if name.endswith(".nq") else _masked)(text, rules) for name, text in kept.items()}
    if masked != kept:  # a feed is followed from the beginning: what is masked here has other identities there
        masked = {name: text for name, text in masked.items() if not name.startswith("followed/")}
    sv, en = _masked(entry.reason_sv, rules), _masked(entry.reason_en, rules)
    ledger.put(replace(entry, reason_sv=sv, reason_en=en), masked)

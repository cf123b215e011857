"""A person's name erased from a data folder: what is known of it afterwards, and the documents read without it."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial

import pyoxigraph as ox

from mapping import corpus
from mapping.erased import Erased, erased, mask_erased
from mapping.imports.forgotten import without
from mapping.records import Refused
from ontology import KG
from server import folder
from server.folder import Entry, Ledger

IMPORT = "import "
"""What the format of a ledger's row begins with where it is no document but data of others (kommungraf_import)."""
NAME = ox.NamedNode("http://xmlns.com/foaf/0.1/name")
SPELLINGS = (NAME, ox.NamedNode(KG.spelling))


def note(ledger: Ledger, name: str, date: str, ground: str) -> None:
    """Keep the hashes of a name, and of each spelling that a person of this name has; from then on it is masked,
    also in the grounds that were given for what was removed and erased."""
    rules = erased({name, *spellings(ledger, name)})
    rows = ((rule.hash, rule.letters, rule.salt, date, ground) for rule in rules)
    ledger.keep_hashes(rows, partial(mask_erased, rules=rules + rules_of(ledger)))


def rules_of(ledger: Ledger) -> list[Erased]:
    """The names that were erased from a data folder, as far as it knows them."""
    return [Erased(*row) for row in ledger.hashes()]


def spellings(ledger: Ledger, name: str) -> set[str]:
    """How the persons that bear a name are spelled in the data folder."""
    rules = erased([name], initials=False)
    path = ledger.folder / "persons.nq"
    told: dict[str, set[str]] = {}
    if path.is_file():
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS):
            if quad.predicate in SPELLINGS and isinstance(quad.object, ox.Literal):
                told.setdefault(str(quad.subject), set()).add(quad.object.value)
    meant = [names for names in told.values() if any(mask_erased(each, rules) != each for each in names)]
    return {each for names in meant for each in names}


def masked(ledger: Ledger, base: str) -> Iterator[tuple[Entry, corpus.Document | Refused]]:
    """Each document that names somebody who was erased, read again without the name; and masks the decisions."""
    rules = rules_of(ledger)
    decisions = ledger.folder / "decisions.toml"
    if rules and decisions.exists():
        folder.write(decisions, mask_erased(decisions.read_text("utf-8"), rules).encode())
    for entry in ledger.entries() if rules else ():
        name = mask_erased(entry.file_name, rules)
        if entry.format.startswith(IMPORT) and entry.status != "refused":
            _mask_import(ledger, replace(entry, file_name=name), rules)
            continue
        if entry.status == "refused":
            sv, en = mask_erased(entry.reason_sv, rules), mask_erased(entry.reason_en, rules)
            if (name, sv, en) != (entry.file_name, entry.reason_sv, entry.reason_en):
                yield replace(entry, file_name=name), Refused(entry.reason, sv, en)
            continue
        text = corpus.recalled(asdict(entry), partial(folder.canonical, ledger, entry)).text()
        again = replace(text, canonical=mask_erased(text.canonical, rules))
        if (name, again) != (entry.file_name, text):
            hold = entry.personal_numbers == "quarantine"
            found = corpus.reread(again, entry.sha256, entry.municipality or None, base, hold)
            head = Entry(entry.sha256, name, "refused", program=entry.program, municipality=entry.municipality,
                         personal_numbers=entry.personal_numbers, ended_at=entry.ended_at)  # fmt: skip
            yield head, found


def _mask_import(ledger: Ledger, entry: Entry, rules: list[Erased]) -> None:
    """Mask the names in the files of an import: what its source says cannot be read again."""
    kept = {name: (ledger.folder / name).read_text("utf-8") for name in entry.digests}
    masked = {name: (without if name.endswith(".nq") else mask_erased)(text, rules) for name, text in kept.items()}
    sv, en = mask_erased(entry.reason_sv, rules), mask_erased(entry.reason_en, rules)
    ledger.put(replace(entry, reason_sv=sv, reason_en=en), masked)

"""Every concept is produced by the program, shown by documents, or is told to be reserved in docs/vocabulary.md."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ontology
from mapping.document import Reading, read
from mapping.identity import person_quads, read_decisions, resolve
from mapping.imports.sources import SUFFIXES
from mapping.triples import document_quads
from ontology import PREFIXES, concept
from server.data_folder.ledger import Entry, Removed
from server.data_folder.ledger_graph import ledger_quads
from tests.mapping.paragraph import TOP

ROOT = Path(__file__).parents[2]
DOCUMENTS = (*(ROOT / "tests/samples/documents").iterdir(), *(ROOT / "tests/layouts").glob("*.txt"))
BASE = "https://k.example"
AUTHORITY = {"party", "municipality", "county"}  # lists of what there is; a document need not name each
MINUTES = f"""{TOP}Ledamöter
Anna Ek (S)
Bo Alm (M)
Insynsplats
Cia Dal (V)

§ 1
Försäljning av huset

Beslut
Ärendet utgår.

Handlingar i ärendet
• Ordförandebeslut 2024-02-01
• Interpellation om bemanningen

§ 2
Beslut om lokaler

Beslut
Nämnden delegerar till förvaltningschefen att teckna avtal om lokaler.
"""
DECISIONS = """
[[different]]
municipality = "Almvik"
names = ["Bo Alm", "Cia Dal"]
reason = "Två personer."
"""


def readings() -> Iterator[Reading]:
    """All invented documents, and what they lack: a judgement that a goal is not met, the minutes above, and later
    ones, with somebody of the same name and another party."""
    [report] = [path for path in DOCUMENTS if "verksamhetsberattelse-2024" in path.name]
    unmet = report.read_bytes().replace(b"Uppfylls delvis", b"Uppfylls inte")
    later = MINUTES.replace("2024-03-12", "2024-04-09").replace("Anna Ek (S)", "Anna Ek (M)")
    own = (unmet, MINUTES.encode(), later.encode())
    for content in (*(path.read_bytes() for path in sorted(DOCUMENTS)), *own):
        found = read(content, "Almvik")
        if isinstance(found, Reading):
            yield found


@pytest.fixture(scope="module")
def produced(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The concepts that the program writes: of documents and persons, in the ledger, and of what is imported."""
    decisions = tmp_path_factory.mktemp("decisions") / "persons.toml"
    decisions.write_text(DECISIONS, "utf-8")
    found = list(readings())
    assert len(found) > 70
    persons = resolve([mention for each in found for mention in each.mentions], read_decisions(decisions))
    graphs = [document_quads(each.record, each.text, each.sha256, BASE, persons) for each in found]
    entries = [Entry(status[0] * 64, "a.txt", status) for status in ("accepted", "quarantined", "refused")]
    graphs += [person_quads(persons, BASE), ledger_quads(entries, BASE, [Removed("0" * 64, "2025-01-01", "")])]
    written = re.compile(rf" <({re.escape(PREFIXES['kgc'])}[^>]+)> <[^>]+> \.$", re.MULTILINE)
    return frozenset(
        {iri for graph in graphs for iri in written.findall(graph)}
        | {concept("import-format", form) for form in SUFFIXES}
    )


def reserved() -> dict[str, str]:
    """The concepts that docs/vocabulary.md tells to be reserved, and why."""
    told = (ROOT / "docs/vocabulary.md").read_text("utf-8").partition("## Reserved concepts")[2].partition("\n## ")[0]
    rows = [(names, why) for names, why in re.findall(r"^\| (`kgc:.+?) \| (.+?) \|$", told, re.MULTILINE)]
    return {PREFIXES["kgc"] + name: why for names, why in rows for name in re.findall(r"`kgc:([\w/-]+)`", names)}


def test_a_concept_that_nothing_produces_is_told_to_be_reserved(produced: frozenset[str]) -> None:
    schemes = [scheme for scheme in ontology.schemes() if scheme not in AUTHORITY]
    declared = {concept(scheme, notation) for scheme in schemes for notation in ontology.concepts(scheme)}
    assert len(declared) > 80
    unused = sorted(iri.removeprefix(PREFIXES["kgc"]) for iri in declared - produced)
    assert unused == sorted(iri.removeprefix(PREFIXES["kgc"]) for iri in reserved())

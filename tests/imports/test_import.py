"""Data of others in a data folder: mapped, judged, kept, replaced, removed, erased, as documents are."""

import gzip
import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

import kommungraf
from commands import erased_names
from mapping.erased import erased
from mapping.imports import dump
from mapping.imports.forgotten import without
from ontology import KG, std
from server.data_folder.folder import Entry, writer
from server.data_folder.ledger import reading
from server.query_page.examples import FOLDER
from server.storage.snapshot import open_current
from shapes import validate
from tests.server.test_queries import as_expected, rows

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLES = HERE.parent / "samples" / "documents"
OPARL, LBLOD = HERE / "data" / "oparl", HERE / "data" / "molenbeke.ttl"
OFFICIAL = ROOT.parent / "shared" / "suites" / "oparl" / "examples"
BASE, THEIRS = "https://kommungraf.example", "https://grannen.example"
QUERY = next(FOLDER.glob("27-*.rq"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(kommungraf.main, [str(each) for each in arguments])


def imported(source: Path | str, data: Path, *more: str) -> Result:
    done = run("import", source, "--data", data, *more)
    assert done.exit_code == 0, done.output
    return done


def files(data: Path) -> dict[str, bytes]:
    """What a data folder publishes and holds back."""
    folders = ("documents", "quarantine", "reports")
    return {str(p.relative_to(data)): p.read_bytes() for f in folders for p in sorted((data / f).glob("*"))}


def quads_of(data: Path) -> set[ox.Quad]:
    published = open_current(data)
    found = {quad for quad in published.store if not isinstance(quad.graph_name, ox.DefaultGraph)}
    published.close()
    return found


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the Swedish samples, an OParl folder and a file of Flemish decisions; for reading only."""
    data = tmp_path_factory.mktemp("three") / "data"
    assert run("ingest", SAMPLES, "--data", data, "--jobs", "1").exit_code == 0
    imported(OPARL, data)
    imported(LBLOD, data, "--from", "https://data.molenbeke.example/besluiten.ttl")
    return data


@pytest.fixture(scope="module")
def store(three: Path) -> Iterator[ox.Store]:
    published = open_current(three)
    yield published.store
    published.close()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A data folder with the Flemish decisions alone."""
    data = tmp_path / "data"
    imported(LBLOD, data)
    return data


def test_one_query_answers_over_the_data_of_three_countries(store: ox.Store) -> None:
    as_expected(rows(store, QUERY), HERE / "rows" / "27.tsv")
    told = (HERE / "rows" / "27.tsv").read_text("utf-8")
    assert all(name in told for name in ("Almvik", "Molenbeke", "Stadt Musterau"))


@pytest.mark.parametrize(
    ("parameter", "value", "titles"),
    [
        ("wantedParty", '"Auenland"', {"Abends geöffnete Treffpunkte"}),
        ("wantedOutcome", '"avslag"', {"Ontmoetingsplaats in de bibliotheek", "Treffpunkt im alten Bahnhof"}),
    ],
)
def test_it_answers_by_party_and_by_outcome(store: ox.Store, parameter: str, value: str, titles: set[str]) -> None:
    before = f"VALUES ?{parameter} {{ UNDEF }}"
    text = QUERY.read_text("utf-8")
    assert before in text
    answer = store.query(text.replace(before, f"VALUES ?{parameter} {{ {value} }}"))
    assert isinstance(answer, ox.QuerySolutions)
    assert {row["title"].value for row in answer} == titles


@pytest.mark.parametrize("form", ["oparl", "lblod"])
def test_what_is_mapped_stands_beside_its_original_and_names_it(three: Path, form: str) -> None:
    with reading(three) as ledger:
        (entry,) = [each for each in ledger.entries() if each.format == f"import {form}"]
    found = list(ox.parse((three / "documents" / f"{entry.id}.nq").read_bytes(), format=ox.RdfFormat.N_QUADS))
    graph, original = f"{BASE}/id/graph/{entry.id}", f"{BASE}/id/graph/{entry.id}/original"
    assert {str(quad.graph_name) for quad in found} == {f"<{graph}>", f"<{original}>"}
    there = {quad.subject for quad in found if str(quad.graph_name) == f"<{original}>"}
    derived = {q.subject: q.object for q in found if q.predicate.value == std("prov:wasDerivedFrom")}
    dataset = ox.NamedNode(f"{BASE}/id/document/{entry.id}")
    assert derived.pop(ox.NamedNode(original)) == dataset
    assert len(derived) > 20 and set(derived.values()) <= there
    run_ = ox.NamedNode(f"{BASE}/id/run/{entry.id}/{entry.program.partition('+')[0]}")
    generated = {q.subject for q in found if q.predicate.value == std("prov:wasGeneratedBy") and q.object == run_}
    assert set(derived) <= generated
    said = {(q.predicate.value, str(q.object)) for q in found if q.subject == dataset}
    assert (KG.sha256, f'"{entry.sha256}"') in said
    ended = [q.object.value for q in quads_of(three)
             if q.subject == run_ and q.predicate.value == std("prov:endedAtTime") and isinstance(q.object, ox.Literal)]  # fmt: skip
    assert [datetime.fromisoformat(each) for each in ended] == [datetime.fromisoformat(entry.ended_at)]


def test_where_a_source_was_fetched_is_published(three: Path) -> None:
    fetched = ox.NamedNode("https://data.molenbeke.example/besluiten.ttl")
    assert fetched in {quad.object for quad in quads_of(three) if quad.predicate.value == std("dcterms:source")}


def test_no_blank_nodes_and_nothing_that_violates_a_shape(three: Path) -> None:
    assert not [q for q in quads_of(three) if ox.BlankNode in (type(q.subject), type(q.object))]
    persons = (three / "persons.nq").read_text("utf-8")
    for path in (three / "documents").glob("*.nq"):
        assert not [p for p in validate(path.read_text("utf-8"), persons) if p.severity == "violation"]


def test_of_persons_only_what_they_do_in_public_is_kept(three: Path) -> None:
    content = b"".join(path.read_bytes() for path in three.rglob("*") if path.is_file()).decode("utf-8", "replace")
    assert "Wiebke Auenfeld" in content and "Lotte Vandeveld" in content
    for private in ("Ohneamt", "Zondermandaat", "1980-05-05", "+49 000", "wiebke@", "Vorzimmer", "Markt 1"):
        assert private not in content, private


def test_the_dump_of_another_keeps_its_graphs_and_identities(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    assert run("ingest", SAMPLES, "--data", theirs, "--jobs", "1", "--base", THEIRS).exit_code == 0
    (theirs / "renamed.tsv").write_text("person/almvik/karin-l\tperson/almvik/karin-lindmark-v\n")
    meeting = f"{THEIRS}/id/meeting/almvik/socialnamnden/2024-05-21"
    decision = ("--value", "Rådhuset", "--decided-by", "Nämndsekreteraren", "--ground", "Skrivfel")
    assert run("correct", meeting, "kg:location", "--data", theirs, "--jobs", "1", *decision).exit_code == 0
    exported = dump_of(theirs, tmp_path)
    judged = run("validate", exported.with_suffix(""))
    assert (judged.exit_code, " 0 violations" in judged.output) == (0, True), judged.output
    done = imported(exported, ours, "--from", "https://data.grannen.example/all.nq.gz")
    assert "left out" in done.output
    not_kept = tuple(f"/{name}>" for name in ("ontology", "alignments", "authority"))
    expected = {quad for quad in quads_of(theirs) if not str(quad.graph_name).endswith(not_kept)}
    shared = {f"<{THEIRS}/id/graph/{name}>" for name in ("persons", "ledger", "reports", "corrections", "renamed")}
    assert shared <= {str(quad.graph_name) for quad in expected}
    found = quads_of(ours)
    assert expected <= found
    parties = {q.subject for q in found if str(q.graph_name) == f"<{THEIRS}/id/graph/authority>"}
    assert ox.NamedNode(f"{THEIRS}/id/party/S") in parties
    assert all(str(subject).startswith(f"<{THEIRS}/id/") for subject in parties)
    graphs = {str(quad.graph_name) for quad in expected}
    told = {str(q.subject): q.object for q in found if q.predicate.value == std("prov:wasDerivedFrom")}
    assert graphs <= told.keys() and len({told[graph] for graph in graphs}) == 1
    assert rows_of(theirs) == {row.replace(BASE, THEIRS) for row in rows_of(ours)}
    again = imported(exported, ours)  # under the file's own name: another source with the same bytes is the same row
    assert "accepted" in again.output and len(list((ours / "documents").glob("*.nq"))) == 1


def test_a_graph_about_all_documents_is_not_judged_as_one_of_them() -> None:
    shared = ("authority", "persons", "ledger", "reports", "corrections", "renamed")
    graphs = {
        f"{THEIRS}/id/graph/{name}": [f'<{THEIRS}/id/case/1> <{KG.location}> "{name}" <{THEIRS}/id/graph/{name}> .\n']
        for name in ("1", "1/original", *shared)
    }
    assert [text for text, _ in dump.parts(dump.Dump(graphs, 0))] == graphs[f"{THEIRS}/id/graph/1"]


def dump_of(data: Path, folder: Path) -> Path:
    """The N-Quads that `export` makes of a data folder, as all.nq.gz, and unpacked as all.nq beside it."""
    assert run("export", "--data", data).exit_code == 0
    (made,) = (data / "dumps").glob("*/kommungraf.nq.gz")
    (folder / "all.nq").write_bytes(gzip.decompress(made.read_bytes()))
    return Path(shutil.copy(made, folder / "all.nq.gz"))


def rows_of(data: Path) -> set[str]:
    published = open_current(data)
    found = set(rows(published.store, QUERY).splitlines())
    published.close()
    return found


def test_the_same_again_changes_no_file(small: Path) -> None:
    before = files(small)
    imported(LBLOD, small)
    assert files(small) == before


def test_the_files_may_come_in_any_order_and_blank_nodes_under_any_label(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "molenbeke.nt"
    parsed = ox.parse(LBLOD.read_bytes(), format=ox.RdfFormat.TURTLE)
    lines = (ox.serialize(parsed, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    other.write_text("".join(sorted(lines.splitlines(keepends=True), reverse=True)))
    data = tmp_path / "other"
    imported(other, data)
    published = [
        {line.replace(path.stem, "ID") for path in (folder / "documents").glob("*.nq")
         for line in path.read_text("utf-8").splitlines() if "sha256" not in line}
        for folder in (small, data)
    ]  # fmt: skip
    assert published[0] == published[1]


def test_a_later_version_of_a_source_takes_the_place_of_the_earlier(small: Path, tmp_path: Path) -> None:
    newer = tmp_path / "new" / LBLOD.name
    newer.parent.mkdir()
    newer.write_text(LBLOD.read_text("utf-8").replace("Lindegroep", "Eikengroep"))
    assert "replaced" in imported(newer, small).output
    assert len(list((small / "documents").glob("*.nq"))) == 1
    told = {quad.object.value for quad in quads_of(small) if isinstance(quad.object, ox.Literal)}
    assert "Eikengroep" in told and "Lindegroep" not in told
    imported(LBLOD, small, "--from", "https://elders.example/molenbeke.ttl")
    assert len(list((small / "documents").glob("*.nq"))) == 2


def test_what_violates_a_shape_is_quarantined_and_the_earlier_version_stays(small: Path, tmp_path: Path) -> None:
    worse = tmp_path / "worse" / LBLOD.name
    worse.parent.mkdir()
    text = LBLOD.read_text("utf-8").replace("Goedkeuring van de notulen", "Brief van 19121212-1212")
    worse.write_text(text)
    before = {name: content for name, content in files(small).items() if name.startswith("documents/")}
    done = run("import", worse, "--data", small)
    assert done.exit_code == 3
    assert "personnummer" in done.output and "personal" in done.output and "1212-1212" not in done.output
    assert {name: content for name, content in files(small).items() if name.startswith("documents/")} == before
    (told,) = (small / "quarantine").glob("*.txt")
    assert "personnummer" in told.read_text("utf-8")
    assert run("validate", *(small / "quarantine").glob("*.nq")).exit_code == 3
    imported(LBLOD, small)
    assert not list((small / "quarantine").iterdir())


def test_remove_leaves_a_tombstone_and_it_is_not_imported_again_unasked(small: Path) -> None:
    assert run("remove", LBLOD.name, "--data", small, "--reason", "Fel källa").exit_code == 0
    assert not list((small / "documents").iterdir())
    assert not [quad for quad in quads_of(small) if "Molenbeke" in str(quad.object)]
    refused = run("import", LBLOD, "--data", small)
    assert refused.exit_code == 2 and "--again" in refused.output
    imported(LBLOD, small, "--again")
    assert [quad for quad in quads_of(small) if "Molenbeke" in str(quad.object)]


def test_rebuild_and_verify_and_status_keep_to_it(small: Path) -> None:
    before = quads_of(small)
    assert run("rebuild", "--data", small).exit_code == 0
    assert quads_of(small) == before
    assert run("verify", "--data", small).exit_code == 0
    assert "1 accepted" in run("status", "--data", small).output
    assert json.loads(run("status", "--data", small, "--json").output)["documents"]["accepted"] == 1


def test_an_erased_name_is_gone_and_stays_gone(small: Path) -> None:
    assert run("erase", "--name", "Lotte Vandeveld", "--data", small, "--ground", "Artikel 17").exit_code == 0
    imported(LBLOD, small)
    for path in small.rglob("*"):
        assert not path.is_file() or not {b"Lotte", b"Vandeveld"} & set(
            path.read_bytes().replace(b'"', b" ").split()
        ), path
    names = {
        q.object.value
        for q in quads_of(small)
        if q.predicate.value == std("foaf:name") and isinstance(q.object, ox.Literal)
    }
    assert names == {"••••• •••••••••", "Bram Oeverman", "Saar Heidekens", "Kommungraf"}


def test_an_erased_name_is_gone_from_the_identities_of_a_dump() -> None:
    person = "https://grannen.example/id/person/9999/lotte-vandeveld"
    graph = "<https://grannen.example/id/graph/1>"
    quads = "".join(
        f"{line} {graph} .\n"
        for line in (
            f'<{person}> <{std("foaf:name")}> "Lotte Vandeveld"',
            f"<https://grannen.example/id/attendance/1/lotte-vandeveld> <{KG.attendee}> <{person}>",
            f'<https://grannen.example/id/meeting/1> <{KG.location}> "Lotte-salen"',
        )
    )
    told = without(quads, erased(["Lotte Vandeveld"]))
    assert "andeveld" not in told and "Lotte-salen" in told and told.count("\n") == 3
    persons = {
        quad.subject for quad in ox.parse(told, format=ox.RdfFormat.N_QUADS) if "/person/" in str(quad.subject)
    }
    assert persons == {
        quad.object for quad in ox.parse(told, format=ox.RdfFormat.N_QUADS) if quad.predicate.value == KG.attendee
    }


def test_every_spelling_in_an_imported_graph_is_erased(tmp_path: Path) -> None:
    theirs, data = tmp_path / "theirs.nq", tmp_path / "data"
    person, named = f"<{THEIRS}/id/person/9999/p1>", f"<{std('skos:altLabel')}>"
    graph = f"<{THEIRS}/id/graph/persons> .\n"
    joined = f"<{THEIRS}/id/person-note/1>"
    theirs.write_text(
        f"{person} <{std('rdf:type')}> <{std('foaf:Person')}> {graph}"
        f'{person} <{std("foaf:name")}> "Lotte Vandeveld" {graph}{person} {named} "Lotte Van de Velde" {graph}'
        f'{joined} <{KG.concernsPerson}> {person} {graph}{joined} <{KG.spelling}> "L. Wandefeld" {graph}'
        f'<{THEIRS}/id/meeting/1> <{KG.location}> "Hos Lotte Van de Velde och Lotte Wandefeld" {graph}'
    )
    with writer(data) as ledger:
        ledger.put(Entry("0" * 64, "theirs.nq", "accepted", format="import kommungraf"),
                   {"documents/0000000000000000.nq": theirs.read_text()})  # fmt: skip
        spelled = {"Lotte Vandeveld", "Lotte Van de Velde", "L. Wandefeld"}
        iri = person.strip("<>")
        assert erased_names.persons_named(ledger, "Lotte Vandeveld") == {iri: spelled}
        assert erased_names.name_of(ledger, iri) == "Lotte Van de Velde"
        erased_names.note(ledger, "Lotte Vandeveld", "2026-11-22", "Artikel 17")
        rules = erased_names.rules_of(ledger)
    told = without(theirs.read_text(), rules)
    assert "Lotte" not in told.replace("Lotte Wandefeld", "") and "L. Wandefeld" not in told


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official OParl examples are not on this machine")
def test_the_official_examples_are_read(tmp_path: Path) -> None:
    done = imported(OFFICIAL, tmp_path / "data")
    assert "1 of · av 1 mapped · mappade: https://schema.oparl.org/1.1/Paper" in done.output


def test_a_folder_with_other_files_is_told_by_as(tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    shutil.copytree(OPARL, mixed)
    shutil.copy(LBLOD, mixed)
    assert run("import", mixed, "--data", tmp_path / "data").exit_code == 2
    imported(mixed, tmp_path / "data", "--as", "oparl")

"""What is said of one's own data stays true when data of others stand beside it: the catalogue, the
dumps and the figures of quality."""

import gzip
import json
import shutil
import signal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DCTERMS, RDF, Namespace, URIRef

from server.catalogue.publisher_keys import CC0
from server.export import dumps
from server.start import documents
from server.storage.snapshot import open_current
from tests.conftest import ROOT
from tests.imports.test_import import BASE, LBLOD, OPARL, THEIRS, imported, quads_of, run
from tests.server.catalogue.test_catalogue import EU, SE, results, with_eu
from tests.server.conftest import free_port, start
from tests.server.data import Server

LAYOUTS = ROOT / "tests/layouts"
OURS, NACKA = LAYOUTS / "ntn-sollentuna.txt", LAYOUTS / "kf-nacka.txt"
FROM, BY = "https://data.grannen.example/all.nq", "https://creativecommons.org/licenses/by/4.0/"
WEB = "http://127.0.0.1:8000"
DQV = Namespace("http://www.w3.org/ns/dqv#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")


@pytest.fixture(scope="module")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dump of another Kommungraf with our municipality and one more, and what it says of them."""
    folder = tmp_path_factory.mktemp("neighbour")
    read = run("ingest", OURS, NACKA, "--data", folder / "data", "--jobs", "1", "--base", THEIRS)
    assert read.exit_code == 0, read.output
    assert run("export", "--data", folder / "data").exit_code == 0
    (made,) = (folder / "data" / "dumps").glob("*/kommungraf.nq.gz")
    municipalities = tuple(f"<{THEIRS}/id/municipality/{code}>".encode() for code in ("0163", "0182"))
    lines = gzip.decompress(made.read_bytes()).splitlines(keepends=True)
    told = [each for each in lines if b"/id/graph/authority> ." in each and each.startswith(municipalities)]
    read_there = [each for each in lines if b"/id/graph/ledger> ." in each]
    assert len(told) > 4 and len(read_there) > 10
    told += read_there
    for file in made.parent.glob("kommungraf-0*.nq.gz"):
        told += gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    path = folder / "neighbour.nq"
    path.write_bytes(b"".join(told))
    return path


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a municipality of its own, and a publisher reached at a port."""
    data = tmp_path_factory.mktemp("alone") / "data"
    assert run("ingest", OURS, "--data", data, "--jobs", "1").exit_code == 0
    text = (ROOT / "docs/kommungraf.toml").read_text("utf-8")
    (data / "kommungraf.toml").write_text(text.replace("https://data.exempelkommun.example", WEB, 1), "utf-8")
    return data


@pytest.fixture(scope="module")
def ours(alone: Path, neighbour: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the neighbour's data, and that of Flanders and of Germany."""
    data = Path(shutil.copytree(alone, tmp_path_factory.mktemp("ours") / "data"))
    imported(neighbour, data, "--from", FROM, "--licence", BY)
    for source in (LBLOD, OPARL):
        imported(source, data)
    codes = {str(q.subject) for q in quads_of(data) if q.predicate.value.endswith("#municipalityCode")}
    assert {f"<{THEIRS}/id/municipality/0182>", f"<{THEIRS}/id/municipality/0163>"} <= codes
    assert run("export", "--data", data).exit_code == 0
    return data


def catalogue_of(data: Path) -> rdflib.Graph:
    done = run("catalogue", "--data", data, "--profile", "dcat-ap", "--format", "ntriples")
    assert done.exit_code == 0, (done.output, done.exception)
    return rdflib.Graph().parse(data=done.stdout, format="nt")


@pytest.fixture(scope="module")
def catalogue(ours: Path) -> rdflib.Graph:
    return catalogue_of(ours)


def test_only_municipalities_of_ones_own_are_datasets(catalogue: rdflib.Graph) -> None:
    own = URIRef(f"{BASE}/datasets/0163")
    assert set(catalogue.subjects(RDF.type, DCAT.Dataset)) == {own, URIRef(f"{BASE}/datasets/all")}
    assert list(catalogue.objects(own, DCAT.landingPage)) == [URIRef(f"{WEB}/id/municipality/0163")]
    assert len(list(catalogue.objects(own, DCTERMS.spatial))) == 1
    assert len(list(catalogue.objects(URIRef(f"{own}/period"), DCAT.endDate))) == 1
    assert not [each for each in catalogue.all_nodes() if str(each).startswith(THEIRS)]


@with_eu
def test_the_catalogue_still_keeps_to_the_rules_of_the_eu(catalogue: rdflib.Graph) -> None:
    assert results(catalogue, EU / "shapes.ttl") == []


def test_the_file_of_a_municipality_holds_nothing_that_others_said(ours: Path) -> None:
    (folder,) = {path.parent for path in (ours / "dumps").glob("*/kommungraf-*.nq.gz")}
    assert [path.name for path in folder.glob("kommungraf-*.nq.gz")] == ["kommungraf-0163.nq.gz"]
    assert THEIRS.encode() not in gzip.decompress((folder / "kommungraf-0163.nq.gz").read_bytes())


def texts_of(told: rdflib.Graph, subject: rdflib.term.Node) -> dict[str | None, str]:
    found = told.objects(subject, DCTERMS.description)
    return {each.language: str(each) for each in found if isinstance(each, rdflib.Literal)}


def rights_of(told: rdflib.Graph) -> dict[str, str]:
    """The licence of each part of a statement of rights, "" where none is known, by what is told of it in English."""
    [statement] = set(told.objects(None, DCTERMS.rights))
    assert statement == URIRef(f"{BASE}/datasets/rights") and (statement, RDF.type, DCTERMS.RightsStatement) in told
    whole = texts_of(told, statement)
    assert whole.keys() == {"sv", "en"} and "Uppgifter som importerats ur" in whole["sv"] and BY in whole["sv"]
    parts = {}
    for part in told.objects(statement, DCTERMS.hasPart):
        text = texts_of(told, part)
        assert text["en"] in whole["en"] and text["sv"] in whole["sv"]
        parts[text["en"].partition(": ")[0]] = str(told.value(part, DCTERMS.license) or "")
    return parts


PARTS = {
    "Our own data": CC0,
    f"Data imported from {FROM}": BY,
    "Data imported from molenbeke.ttl": "",
    "Data imported from oparl": "",
}


def test_what_holds_imported_data_does_not_claim_our_licence(
    ours: Path, alone: Path, catalogue: rdflib.Graph
) -> None:
    own = {URIRef(f"{BASE}/datasets/0163/{name}") for name in ("kommungraf-0163.nq.gz", "kommungraf-0163-tables.zip")}
    ways = set(catalogue.subjects(RDF.type, DCAT.Distribution))
    assert len(ways) > 10 and own < ways
    for each in (*ways, URIRef(f"{BASE}/datasets/sparql")):
        licence, rights = catalogue.value(each, DCTERMS.license), catalogue.value(each, DCTERMS.rights)
        assert (str(licence), rights) == (CC0, None) if each in own else (licence, bool(rights)) == (None, True), each
    assert rights_of(catalogue) == PARTS
    before = catalogue_of(alone)
    assert not set(before.objects(None, DCTERMS.rights)) and set(before.objects(None, DCTERMS.license)) == {
        URIRef(CC0)
    }


@with_eu
def test_all_that_is_recommended_and_missing_is_the_licence_of_what_has_several(
    catalogue: rdflib.Graph, ours: Path
) -> None:
    ways = set(catalogue.subjects(RDF.type, DCAT.Distribution)) - set(catalogue.subjects(DCTERMS.license))
    missing = [("Warning", "license", "None")] * len(ways)
    assert results(catalogue, EU / "shapes_recommended.ttl") == missing
    made = run("catalogue", "--data", ours, "--format", "ntriples")
    swedish = rdflib.Graph().parse(data=made.stdout, format="nt")
    unknown = {"attributionText", "attributionURL", "copyrightHolder", "jurisdiction"}
    told_of = [each for each in results(swedish, SE) if each[0] != "Info"]
    assert sorted(told_of) == sorted(missing + [("Warning", each, "None") for each in unknown])


def test_the_dump_tells_the_licence_of_each_part(ours: Path) -> None:
    dump = dumps.current(ours)
    assert dump and dump.offer and len(dump.offer.imported) == 3
    folder = dumps.folder_of(ours, dump.version)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert "licence" not in manifest and manifest["own_licence"] == CC0
    assert {each["name"]: each.get("licence") for each in manifest["imported"]} == {
        FROM: BY, "molenbeke.ttl": None, "oparl": None
    }  # fmt: skip
    assert BY in manifest["rights"]["sv"] and "the licence is not known" in manifest["rights"]["en"]
    void = rdflib.Graph().parse(folder / "void.ttl")
    assert rights_of(void) == PARTS and not set(void.objects(URIRef(f"{BASE}/datasets/all"), DCTERMS.license))
    assert run("export", "--data", ours).output.endswith("there already · finns redan\n")


def test_the_site_of_files_is_made(ours: Path, tmp_path: Path) -> None:
    done = run("publish", tmp_path / "site", "--data", ours)
    assert done.exit_code == 0, (done.output, done.exception)
    site = tmp_path / "site"
    assert (site / "datasets" / "dcat.rdf").exists()
    for name in ("datasets/dcat.ttl", "dumps/void.ttl"):
        assert rights_of(rdflib.Graph().parse(site / name)) == PARTS
    assert "licence" not in json.loads((site / "dumps" / "manifest.json").read_text("utf-8"))


def test_what_was_measured_of_ones_own_is_as_before_and_imports_are_counted_apart(
    alone: Path, catalogue: rdflib.Graph
) -> None:
    before, after = measured(catalogue_of(alone)), measured(catalogue)
    counted = f"{BASE}/datasets/quality/all/imported-datasets"
    assert (before.pop(counted), after.pop(counted)) == ("0", "3")
    assert len(before) > 10 and after == before


def test_the_front_page_counts_the_documents_that_were_read_here(ours: Path) -> None:
    published = open_current(ours)
    answer = published.store.query(documents(BASE))
    assert isinstance(answer, ox.QuerySolutions)
    assert [(row["status"].value.rpartition("/")[2], row["n"].value) for row in answer] == [("accepted", "1")]
    published.close()


def test_the_licence_of_what_was_imported_is_published_and_told_at_data(ours: Path, alone: Path) -> None:
    licensed = [q for q in quads_of(ours) if q.predicate.value == str(DCTERMS.license) and str(q.object) == f"<{BY}>"]
    (source,) = [q for q in quads_of(ours) if str(q.object) == f"<{FROM}>"]
    assert [each.subject for each in licensed] == [source.subject]
    port = free_port()
    process = start(ours, port)
    try:
        page = Server(port).get("/data?lang=en", "text/html").text
        void = rdflib.Graph().parse(data=Server(port).get("/.well-known/void").body, format="turtle")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert f'<a href="{FROM}">{FROM}</a>: <a href="{BY}">its licence</a>' in page
    assert f"{LBLOD.name}: no licence is stated" in page
    assert rights_of(void) == PARTS
    refused = run("import", LBLOD, "--data", alone, "--licence", "CC BY")
    assert refused.exit_code == 2 and "--licence CC BY is no web address" in refused.output


def measured(catalogue: rdflib.Graph) -> dict[str, str]:
    """The value of each measurement of quality, by its IRI."""
    return {str(subject): str(value) for subject, value in catalogue.subject_objects(DQV.value)}

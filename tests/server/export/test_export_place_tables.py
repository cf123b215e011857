"""The tables of single municipalities: an archive for each, with the rows of what its documents tell of."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pyoxigraph as ox
import pytest

from server.data_folder.files import write
from server.export import dumping, dumps, tables_places
from server.export.tables import CONCEPT
from server.site import NS
from server.storage import snapshot, store

BASE = "https://data.example"
PREFIXES = f"@prefix kg: <{NS}> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @base <{BASE}/id/> .\n"
SHARED = '<party/N> a kg:Party ; foaf:name "Nordpartiet"@sv .'
DOCUMENTS = {
    "aaaaaaaaaaaaaaaa": f"""<body/0180/nn> a kg:Body ; kg:partOfMunicipality <municipality/0180> .
        <meeting/0180/1> a kg:Meeting ; kg:heldBy <body/0180/nn> .
        <document/aaaaaaaaaaaaaaaa> a kg:Document, kg:Minutes . {SHARED}""",
    "bbbbbbbbbbbbbbbb": """<body/0180/nn> a kg:Body ; kg:partOfMunicipality <municipality/0180> .
        <question/b> a kg:Question ; kg:text "=1+1\\r\\n\\"två\\", | åäö"@sv .""",
    "cccccccccccccccc": f"""<body/1480/nn> a kg:Body ; kg:partOfMunicipality <municipality/1480> .
        <meeting/1480/1> a kg:Meeting ; kg:heldBy <body/1480/nn> . {SHARED}""",
    "dddddddddddddddd": """<body/almvik/nn> a kg:Body ; kg:partOfMunicipality <municipality/almvik> .
        <meeting/almvik/1> a kg:Meeting .""",
    "eeeeeeeeeeeeeeee": """<https://other.example/id/body/1280/nn> a kg:Body ;
            kg:partOfMunicipality <https://other.example/id/municipality/1280> .
        <https://other.example/id/municipality/1280> a kg:Municipality ; kg:municipalityCode "1280" .""",
}
PERSONS = """<person/0180/anna-ek> a kg:Person ; foaf:name "Anna Ek" . <person/1480/bo-al> a kg:Person .
    <person/almvik/eva-by> a kg:Person ."""
OWN = {
    "0180": {
        "Body": {"body/0180/nn"},
        "Document": {"document/aaaaaaaaaaaaaaaa"},
        "Meeting": {"meeting/0180/1"},
        "Minutes": {"document/aaaaaaaaaaaaaaaa"},
        "Party": {"party/N"},
        "Person": {"person/0180/anna-ek"},
        "Question": {"question/b"},
    },
    "1480": {
        "Body": {"body/1480/nn"},
        "Meeting": {"meeting/1480/1"},
        "Party": {"party/N"},
        "Person": {"person/1480/bo-al"},
    },
}


def quads(graph: str, told: str) -> str:
    triples = ox.parse(input=PREFIXES + told, format=ox.RdfFormat.TURTLE)
    return "".join(f"{quad.triple} <{BASE}/id/graph/{graph}> .\n" for quad in triples)


def publish(folder: Path) -> None:
    (folder / "documents").mkdir(parents=True)
    paths = []
    for name, told in DOCUMENTS.items():
        paths.append(folder / "documents" / f"{name}.nq")
        paths[-1].write_text(quads(name, told), "utf-8")
    (folder / "persons.nq").write_text(quads("persons", PERSONS), "utf-8")
    store.publish(folder, paths, BASE)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("places")
    publish(folder)
    dumping.export(folder)
    return folder


@pytest.fixture(scope="module")
def published(data: Path) -> Iterator[ox.Store]:
    opened = snapshot.open_current(data)
    yield opened.store
    opened.close()


def archives(data: Path) -> dict[str, tuple[dumps.DumpFile, Path]]:
    """By code the archive of each municipality, as the manifest has it, and where it lies."""
    dump = dumps.current(data)
    assert dump
    folder = dumps.folder_of(data, dump.version)
    return {file.municipality or "": (file, folder / file.name) for file in dump.files if file.name.endswith(".zip")}


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_each_has_the_rows_of_what_its_documents_tell_of(data: Path) -> None:
    found = archives(data)
    assert list(found) == list(OWN)
    for code, (file, path) in found.items():
        rows = {}
        with ZipFile(path) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert names[-1] == "csv-metadata.json"
            for name in names[:-1]:
                _, *told = lines(archive.read(name))
                rows[name.removesuffix(".csv")] = [row[0].removeprefix(f"{BASE}/id/") for row in told]
        assert {name: set(iris) for name, iris in rows.items()} == OWN[code]
        assert file.rows == sum(map(len, rows.values())) == sum(map(len, OWN[code].values()))
        assert file.name == f"kommungraf-{code}-tables.zip" and file.triples is None
        assert f"{len(rows)} tabeller" in file.describes["sv"] and f"{len(rows)} tables" in file.describes["en"]


def test_rows_are_those_of_the_whole(data: Path) -> None:
    for _, path in archives(data).values():
        with ZipFile(path) as archive:
            for name in archive.namelist()[:-1]:
                header, *rows = lines(archive.read(name))
                whole = lines((path.parent / name).read_bytes())
                assert header == whole[0] and [row for row in whole if row in rows] == rows


def test_metadata_is_that_of_the_tables_that_are_there(data: Path, tmp_path: Path) -> None:
    from csvw import CSVW

    for code, (_, path) in archives(data).items():
        with ZipFile(path) as archive:
            archive.extractall(tmp_path / code)
            told = json.loads(archive.read("csv-metadata.json"))
            assert [table["url"] for table in told["tables"]] == archive.namelist()[:-1]
        found = CSVW(str(tmp_path / code / "csv-metadata.json"), validate=True)
        assert found.is_valid and not found.warnings


def test_a_query_of_the_graphs_finds_the_same(published: ox.Store) -> None:
    """What the test expects is what SPARQL finds, municipality by municipality."""
    for code, own in OWN.items():
        asked = published.query(
            f"SELECT DISTINCT ?c ?s {{ GRAPH ?g {{ ?b <{NS}partOfMunicipality> <{BASE}/id/municipality/{code}> }} "
            f"GRAPH ?g {{ ?s a ?c }} FILTER(STRSTARTS(STR(?c), '{NS}') || ?c = <{CONCEPT}>) }}"
        )
        found: dict[str, set[str]] = {"Person": own["Person"]}
        for of_class, iri in asked:  # type: ignore[union-attr]
            found.setdefault(of_class.value.partition("#")[2], set()).add(iri.value.removeprefix(f"{BASE}/id/"))
        assert found == own


@pytest.mark.parametrize("held", [1, 300])
def test_what_waits_in_files_gives_the_same_bytes(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    publish(tmp_path)
    monkeypatch.setattr(tables_places, "HELD", held)
    most = []
    add = tables_places.PlaceTables.add

    def watched(self: tables_places.PlaceTables, code: str, table: str, line: bytes) -> None:
        add(self, code, table, line)
        most.append(sum(map(len, self._lines.values())))

    monkeypatch.setattr(tables_places.PlaceTables, "add", watched)
    made = dumping.export(tmp_path).dump
    assert most and max(most) < held
    assert {file.municipality: file for file in made.files if file.name.endswith(".zip")} == {
        code: file for code, (file, _) in archives(data).items()
    }
    folder = dumps.folder_of(tmp_path, made.version)
    assert {path.name for path in folder.iterdir()} == {file.name for file in made.files} | {"manifest.json"}


def test_a_dump_of_an_earlier_kind_is_made_again(tmp_path: Path) -> None:
    publish(tmp_path)
    made = dumping.export(tmp_path).dump
    earlier = replace(made, files=tuple(file for file in made.files if not file.name.endswith(".zip")))
    write(dumps.folder_of(tmp_path, made.version) / dumps.MANIFEST, earlier.json())
    again = dumping.export(tmp_path)
    assert again.made and again.dump.files == made.files and not dumping.export(tmp_path).made

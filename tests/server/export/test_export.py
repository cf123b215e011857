"""The dump of a published folder: what is in its files, that they are made whole or not at all, and once."""

import csv
import errno
import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from server.catalogue import publisher
from server.catalogue.publisher_keys import CC0
from server.export import dumping, dumps, tables_parquet
from server.export import rdf as export_rdf
from server.export import statistics as export_statistics
from server.export.tables import CONCEPT, Labels, tables
from server.export.void import DCT, VOID
from server.site import NS
from server.storage import snapshot, soundness, store
from tests.conftest import ROOT
from tests.server.data import BASE, make

PUBLISHER = publisher.read(ROOT / "docs" / "kommungraf.toml")
BY = "http://creativecommons.org/licenses/by/4.0/"
RDF_TYPE = ox.NamedNode(export_statistics.RDF_TYPE)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    store.publish(folder, make(folder), BASE)
    assert dumping.export(folder).made
    return folder


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A published folder without a dump, and a little store, so that each test may change it."""
    store.publish(tmp_path, make(tmp_path), BASE)
    return tmp_path


@pytest.fixture(scope="module")
def published(data: Path) -> Iterator[ox.Store]:
    opened = snapshot.open_current(data)
    yield opened.store
    opened.close()


def dump_of(data: Path) -> tuple[dumps.Dump, Path]:
    dump = dumps.current(data)
    assert dump
    return dump, dumps.folder_of(data, dump.version)


def read(path: Path, format: ox.RdfFormat) -> set[ox.Quad]:
    return set(ox.parse(gzip.decompress(path.read_bytes()), format=format))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_manifest_tells_what_lies_there(data: Path) -> None:
    dump, folder = dump_of(data)
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert told["version"] == dump.version == snapshot.current_version(data)
    assert {path.name for path in folder.iterdir()} == {each["name"] for each in told["files"]} | {"manifest.json"}
    for each in told["files"]:
        content = (folder / each["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (each["bytes"], each["sha256"])
        assert each["describes"]["sv"] and each["describes"]["en"]
        assert each["encoding"] == {".gz": "gzip", ".zip": "zip"}.get(Path(each["name"]).suffix)


def test_n_quads_hold_every_graph(data: Path, published: ox.Store) -> None:
    dump, folder = dump_of(data)
    found = read(folder / "kommungraf.nq.gz", ox.RdfFormat.N_QUADS)
    assert found == set(published)
    file = dump.file("kommungraf.nq.gz")
    assert file and file.triples == len(found)


@pytest.mark.parametrize(
    ("name", "format"),
    [("kommungraf.ttl.gz", ox.RdfFormat.TURTLE), ("kommungraf.jsonld.gz", ox.RdfFormat.JSON_LD)],
)
def test_turtle_and_json_ld_hold_the_default_graph(
    data: Path, published: ox.Store, name: str, format: ox.RdfFormat
) -> None:
    dump, folder = dump_of(data)
    found = read(folder / name, format)
    assert found == set(published.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    file = dump.file(name)
    assert file and file.triples == len(found)


def test_json_ld_is_one_graph(data: Path) -> None:
    _, folder = dump_of(data)
    found = json.loads(gzip.decompress((folder / "kommungraf.jsonld.gz").read_bytes()))
    assert list(found) == ["@graph"] and all("@id" in node for node in found["@graph"])


def asked(published: ox.Store, query: str) -> list[list[str]]:
    found: Any = published.query(query)
    return [[term.value for term in row] for row in found]


def test_void_says_what_queries_count(data: Path, published: ox.Store) -> None:
    _, folder = dump_of(data)
    void = ox.Store()
    void.load(path=folder / "void.ttl", format=ox.RdfFormat.TURTLE)
    whole = f"<{BASE}/datasets/all>"  # as in the catalogue

    def said(name: str) -> int:
        [[value]] = asked(void, f"SELECT ?n {{ {whole} <{VOID}{name}> ?n }}")
        return int(value)

    def counted(what: str, where: str = "") -> int:
        return int(asked(published, f"SELECT (COUNT({what}) AS ?n) {{ ?s ?p ?o {where} }}")[0][0])

    assert said("triples") == counted("*")
    assert said("distinctSubjects") == counted("DISTINCT ?s")
    assert said("entities") == counted("DISTINCT ?s", f"FILTER(STRSTARTS(STR(?s), '{BASE}/id/'))")
    assert said("properties") == counted("DISTINCT ?p")
    assert said("classes") == counted("DISTINCT ?o", f"FILTER(?p = {RDF_TYPE})")
    properties = asked(
        void,
        f"SELECT ?p ?n ?m {{ {whole} <{VOID}propertyPartition> ?x . ?x <{VOID}property> ?p ; <{VOID}triples> ?n ; "
        f"<{VOID}distinctSubjects> ?m }}",
    )
    assert sorted(properties) == sorted(
        asked(published, "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) { ?s ?p ?o } GROUP BY ?p")
    )
    classes = asked(
        void, f"SELECT ?c ?n {{ {whole} <{VOID}classPartition> ?x . ?x <{VOID}class> ?c ; <{VOID}entities> ?n }}"
    )
    assert sorted(classes) == sorted(asked(published, "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c"))
    assert not [
        quad for quad in void if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
    ]


def test_void_tells_how_many_links_lead_to_wikidata_and_the_concepts(data: Path, published: ox.Store) -> None:
    _, folder = dump_of(data)
    void = ox.Store()
    void.load(path=folder / "void.ttl", format=ox.RdfFormat.TURTLE)
    told = asked(
        void,
        f"SELECT ?space ?p ?n {{ <{BASE}/datasets/all> <{VOID}subset> ?links . ?links a <{VOID}Linkset> ; "
        f"<{VOID}subjectsTarget> <{BASE}/datasets/all> ; <{VOID}objectsTarget> ?to ; <{VOID}linkPredicate> ?p ; "
        f"<{VOID}triples> ?n . ?to a <{VOID}Dataset> ; <{VOID}uriSpace> ?space }}",
    )
    wanted = []
    for space, of in (
        ("http://www.wikidata.org/entity/", ""),
        ("https://w3id.org/kommungraf/concept/", f"FILTER(STRSTARTS(STR(?s), '{BASE}/id/'))"),
    ):
        counted = asked(
            published,
            f"SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(STRSTARTS(STR(?o), '{space}')) {of} }} GROUP BY ?p",
        )
        assert counted, space
        wanted += [[space, *each] for each in counted]
    assert sorted(told) == sorted(wanted)


def test_each_class_has_a_table_with_a_row_for_each_instance(data: Path, published: ox.Store) -> None:
    dump, folder = dump_of(data)
    counted = dict(asked(published, "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c"))
    expected = {name: int(n) for name, n in counted.items() if name.startswith(NS) or name == CONCEPT}
    assert expected
    for ending in (".csv", ".parquet"):
        assert {each.of_class: each.rows for each in dump.files if each.name.endswith(ending)} == expected
    for each in dump.files:
        if each.name.endswith(".csv"):
            iris = [row["iri"] for row in rows_of(folder / each.name)]
            assert sorted(iris) == sorted(
                quad.subject.value  # type: ignore[union-attr]
                for quad in published.quads_for_pattern(
                    None, RDF_TYPE, ox.NamedNode(each.of_class or ""), ox.DefaultGraph()
                )
            )


def test_tables_hold_every_value(data: Path, published: ox.Store) -> None:
    """Each cell of a property, parted by the rule of its metadata, is what the graph says, and nothing is missing."""
    _, folder = dump_of(data)
    group = json.loads((folder / "csv-metadata.json").read_text("utf-8"))
    for table in group["tables"]:
        columns = [each for each in table["tableSchema"]["columns"] if "propertyUrl" in each]
        told: set[tuple[str, str, str, str]] = set()
        for row in rows_of(folder / table["url"]):
            for column in columns:
                cell, between = row[column["name"]], column.get("separator")
                for value in (cell.split(between) if between else [cell]) if cell else []:
                    told.add((row["iri"], column["propertyUrl"], column.get("lang", ""), value))
        expected = {
            (iri, quad.predicate.value, getattr(quad.object, "language", None) or "", quad.object.value)  # type: ignore[union-attr]
            for iri in {each[0] for each in told}
            for quad in published.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())
            if quad.predicate != RDF_TYPE
        }
        assert told == expected


def test_the_metadata_is_csv_on_the_web(data: Path) -> None:
    from csvw import CSVW

    _, folder = dump_of(data)
    found = CSVW(str(folder / "csv-metadata.json"), validate=True)
    assert found.is_valid and not found.warnings
    spoilt = folder.parent.parent / "spoilt"
    shutil.copytree(folder, spoilt)
    path = spoilt / "Meeting.csv"
    path.write_bytes(re.sub(rb",20\d\d-\d\d-\d\d,", b",soon,", path.read_bytes()))
    assert not CSVW(str(spoilt / "csv-metadata.json"), validate=True).is_valid


def test_parquet_holds_what_the_csv_holds_with_types(data: Path) -> None:
    import pyarrow.parquet as parquet

    dump, folder = dump_of(data)
    found = [each for each in dump.files if each.media_type == tables_parquet.MEDIA_TYPE]
    for each in found:
        typed = parquet.read_table(folder / each.name).to_pylist()
        plain = rows_of(folder / each.name.replace(".parquet", ".csv"))
        assert len(typed) == len(plain)
        for left, right in zip(typed, plain, strict=True):
            assert list(left) == list(right)
            for name, value in left.items():
                shown = " | ".join(map(_printed, value)) if isinstance(value, list) else _printed(value)
                assert shown == right[name]
    meeting = parquet.read_table(folder / "Meeting.parquet").to_pylist()[0]
    assert isinstance(meeting["date"], date)


def _printed(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def graph_of(lines: str) -> ox.Store:
    found = ox.Store()
    prefix = f"@prefix kg: <{NS}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @base <{BASE}/id/> .\n"
    found.load(input=prefix + lines, format=ox.RdfFormat.TURTLE)
    return found


def made(lines: str, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of tables over a graph, by table, from Parquet."""
    import pyarrow.parquet as parquet

    from server.export.tables_csv import write_csv

    found = graph_of(lines)
    labels = Labels(found)
    sheets = write_csv(folder, found, tables(export_statistics.count(found, BASE), labels), labels)
    for _ in tables_parquet.write_parquet(folder, sheets):
        pass
    return {path.stem: parquet.read_table(path).to_pylist() for path in folder.glob("*.parquet")}


def test_values_that_fit_no_type_make_a_column_text(tmp_path: Path) -> None:
    found = made(
        '<a> a kg:Meeting ; kg:date "2025-02-30"^^xsd:date ; kg:position 99999999999999999999 ; kg:yesCount 3 .'
        '<b> a kg:Meeting ; kg:date "2025-02-03"^^xsd:date ; kg:position 1 ; kg:yesCount 1.5 ; kg:noCount 0 .',
        tmp_path,
    )
    by_iri = {row["iri"].rpartition("/")[2]: row for row in found["Meeting"]}
    assert by_iri["a"] == {
        "iri": f"{BASE}/id/a", "types": ["Meeting"], "date": "2025-02-30", "no_count": None,
        "position": "99999999999999999999", "yes_count": 3.0,
    }  # fmt: skip
    assert by_iri["b"]["yes_count"] == 1.5 and by_iri["b"]["no_count"] == 0 and by_iri["b"]["position"] == "1"


def test_texts_keep_line_ends_quotes_and_separators(tmp_path: Path) -> None:
    found = made(
        r'<a> a kg:Question ; kg:text "one\r\n\"two\", | three"@sv ; kg:spelling "x | y", "z" . <b> a kg:Question .',
        tmp_path,
    )
    [row] = [row for row in found["Question"] if row["text_sv"]]
    assert row["text_sv"] == 'one\r\n"two", | three'
    assert row["spelling"] == ["x ¦ y", "z"]


def test_links_have_labels_and_columns_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    found = made(
        "@prefix other: <https://other.example/> .\n"
        '<a> a kg:Meeting ; kg:heldBy <b> , <c> ; kg:types "t" ; kg:date "d" ; other:date "e" .\n'
        '<b> <http://www.w3.org/2000/01/rdf-schema#label> "Board"@en , "Nämnden"@sv .',
        tmp_path,
    )
    [row] = found["Meeting"]
    assert row["held_by"] == [f"{BASE}/id/b", f"{BASE}/id/c"] and row["held_by_label"] == ["Nämnden", ""]
    assert (row["types"], row["kg_types"], row["kg_date"]) == (["Meeting"], "t", "d")
    assert row["https_other_example_date"] == "e"


def test_the_same_version_is_exported_once_and_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    dump, folder = dump_of(data)
    before = (folder / "manifest.json").stat().st_mtime_ns
    again = dumping.export(data)
    assert not again.made and again.dump == dump and (folder / "manifest.json").stat().st_mtime_ns == before
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    shutil.copytree(data / "store", elsewhere / "store")
    other = dumping.export(elsewhere).dump
    assert other.files == dump.files


def test_a_dump_names_the_address_and_the_licence_that_are_told(fresh: Path) -> None:
    """And is made again where they are others now."""

    def named() -> tuple[set[str], ...]:
        dump, folder = dump_of(fresh)
        void = ox.Store()
        void.load(path=folder / "void.ttl", format=ox.RdfFormat.TURTLE)
        assert dump.file("void.ttl")
        names = (VOID + "sparqlEndpoint", VOID + "dataDump", DCT + "license")
        return tuple({each for [each] in asked(void, f"SELECT ?o {{ ?s <{name}> ?o }}")} for name in names)

    rdf = ("kommungraf.nq.gz", "kommungraf.ttl.gz", "kommungraf.jsonld.gz")
    told = replace(PUBLISHER, licence=BY)
    for web, by, address, licence in (
        (None, None, BASE, CC0),
        (None, told, PUBLISHER.web, BY),
        ("https://w.example", told, "https://w.example", BY),
        ("https://w.example", None, "https://w.example", CC0),
    ):
        assert dumping.export(fresh, web, publisher=by).made
        assert named() == ({f"{address}/sparql"}, {f"{address}/dumps/{name}" for name in rdf}, {licence})
        assert not dumping.export(fresh, web, publisher=by).made
    assert not dumping.export(fresh, take_any=True).made
    dump, folder = dump_of(fresh)
    (folder / "manifest.json").write_bytes(replace(dump, offer=None).json())  # as an earlier program made it
    assert dumping.export(fresh, "https://w.example").made


def test_a_damaged_dump_is_made_again(fresh: Path) -> None:
    first = dumping.export(fresh).dump
    (dumps.folder_of(fresh, first.version) / "void.ttl").write_bytes(b"cut")
    again = dumping.export(fresh)
    assert again.made and again.dump.files == first.files


def test_a_new_version_takes_the_place_of_the_old(fresh: Path) -> None:
    first = dumping.export(fresh).dump
    change(fresh)
    second = dumping.export(fresh).dump
    assert second.version != first.version and dumps.current(fresh) == second
    assert {path.name for path in dumps.root(fresh).iterdir()} == {second.version, "current", "lock"}


def change(data: Path) -> None:
    """Publish one statement more."""
    path = next((data / "documents").glob("*.nq"))
    last = path.read_text("utf-8").splitlines()[-1]
    subject, graph = last.split(" ")[0], last.split(" ")[-2]
    path.write_text(
        path.read_text("utf-8") + f'{subject} <http://purl.org/dc/terms/title> "New" {graph} .\n', "utf-8"
    )
    store.build(data, BASE)


def test_a_full_disk_leaves_the_earlier_dump(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = dumping.export(fresh).dump
    change(fresh)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export_rdf.Out, "_put", full)
    with pytest.raises(dumping.ExportFailed, match="full") as told:
        dumping.export(fresh)
    assert told.value.full and len(str(told.value).splitlines()) == 2
    assert dumps.current(fresh) == first
    assert {path.name for path in dumps.root(fresh).iterdir()} == {first.version, "current", "lock"}


def test_what_a_killed_export_left_is_removed(fresh: Path) -> None:
    (dumps.root(fresh) / ".making-1").mkdir(parents=True)
    (dumps.root(fresh) / ".making-1" / "kommungraf.nq.gz").write_bytes(b"half")
    assert dumps.current(fresh) is None
    version = dumping.export(fresh).dump.version
    assert {path.name for path in dumps.root(fresh).iterdir()} == {version, "current", "lock"}


@pytest.mark.parametrize("drop", [dumps.drop, lambda data: shutil.rmtree(dumps.root(data))])
def test_what_was_erased_meanwhile_does_not_come_back(fresh: Path, drop: Callable[[Path], None]) -> None:
    """A version that is published while the dump is being made: the dump is made of the new one."""
    changed: list[str] = []

    def meanwhile(name: str) -> None:
        if not changed:
            changed.append(name)
            change(fresh)
            drop(fresh)

    done = dumping.export(fresh, progress=meanwhile)
    assert changed and done.dump.version == snapshot.current_version(fresh)
    assert {path.name for path in dumps.root(fresh).iterdir()} - {"lock"} == {done.dump.version, "current"}


def test_only_one_exports_at_a_time(fresh: Path) -> None:
    def meanwhile(_: str) -> None:
        with pytest.raises(dumping.ExportFailed, match="another export"):
            dumping.export(fresh)

    assert dumping.export(fresh, progress=meanwhile).made


def test_without_pyarrow_there_are_tables_still(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_parquet, "available", lambda: False)
    dump = dumping.export(fresh).dump
    assert [each for each in dump.files if each.name.endswith(".csv")]
    assert not [each for each in dump.files if each.name.endswith(".parquet")]
    assert not dumping.export(fresh).made
    monkeypatch.undo()
    assert [each for each in dumping.export(fresh).dump.files if each.name.endswith(".parquet")]


def test_dropping_leaves_nothing(fresh: Path) -> None:
    dumping.export(fresh)
    dumps.drop(fresh)
    assert dumps.current(fresh) is None and not list(dumps.root(fresh).glob("*/"))


def test_a_file_of_which_a_bit_is_another_is_told_of_and_made_anew(fresh: Path) -> None:
    dumping.export(fresh)
    dump, folder = dump_of(fresh)
    path = folder / dump.files[0].name
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    (fault,) = dumps.faults(fresh)
    assert str(path) in fault and [en for _, en in soundness.differences(fresh) if fault in en]
    assert dumping.export(fresh).made and path.read_bytes() == content
    assert list(dumps.faults(fresh)) == [] and list(soundness.differences(fresh)) == []

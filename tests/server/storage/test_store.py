"""Publishing: snapshots that are whole, replaced at once, and cleared away."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.storage import load, publication, snapshot, store
from tests.server.data import BASE, make

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { %s }"


def ask(folder: Path, query: str) -> list[str]:
    opened = store.open_current(folder)
    try:
        return [" ".join(term.value for term in row) for row in opened.store.query(query)]  # type: ignore[union-attr]
    finally:
        opened.close()


def test_a_triple_in_two_graphs_counts_once(tmp_path: Path) -> None:
    published = store.publish(tmp_path, make(tmp_path), BASE)
    label = f'<{BASE}/id/body/9999/socialnamnden> <http://www.w3.org/2000/01/rdf-schema#label> "Socialnämnden"@sv'
    assert ask(tmp_path, COUNT % label) == ["1"]
    assert ask(tmp_path, COUNT % f"GRAPH ?g {{ {label} }}") == ["2"]
    assert ask(tmp_path, COUNT % "?s ?p ?o") == [str(published.triples)]
    assert ask(tmp_path, COUNT % "GRAPH ?g { ?s ?p ?o }") == [str(published.quads - published.triples)]
    assert published.graphs == 6  # two documents, the persons, the ontology, its alignments, the authority data


def test_a_load_in_many_parts_holds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = store.publish(tmp_path / "whole", make(tmp_path / "whole"), BASE)
    monkeypatch.setattr(load, "BYTES", 700)
    parts = store.publish(tmp_path / "parts", make(tmp_path / "parts"), BASE)
    assert (parts.quads, parts.triples, parts.graphs) == (whole.quads, whole.triples, whole.graphs)


def test_a_small_store_is_put_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query looks into few tables, in however many parts it was loaded."""

    def tables(name: str) -> int:
        store.publish(tmp_path / name, make(tmp_path / name), BASE)
        return len(list((tmp_path / name / "store").glob("*/quads/*.sst")))

    monkeypatch.setattr(load, "BYTES", 700)
    ordered = tables("ordered")
    monkeypatch.setattr(load, "SMALL", 0)
    assert tables("left") > ordered


def test_an_unchanged_set_is_not_built_again(tmp_path: Path) -> None:
    documents = make(tmp_path)
    first = store.publish(tmp_path, documents, BASE)
    again = store.publish(tmp_path, list(reversed(documents)), BASE)
    assert first.rebuilt and not again.rebuilt and first.version == again.version
    less = store.publish(tmp_path, documents[:1], BASE)
    assert less.rebuilt and less.graphs == first.graphs - 1
    assert sorted(path.name for path in (tmp_path / "store").iterdir() if path.is_dir()) == [less.version, "sources"]
    assert store.build(tmp_path, BASE).version == first.version


def test_a_version_in_use_stays_until_its_reader_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "LEAVE", 0.1)
    documents = make(tmp_path)
    first = store.publish(tmp_path, documents, BASE)
    reader = store.open_current(tmp_path)
    store.publish(tmp_path, documents[:1], BASE)
    assert (tmp_path / "store" / first.version).exists()
    assert reader.store.query("ASK { ?s ?p ?o }")
    reader.close()
    store.publish(tmp_path, documents[:1], BASE)
    assert not (tmp_path / "store" / first.version).exists()


@pytest.mark.parametrize(
    "line",
    [
        "<a:s> <b:p> <c:o> .",
        '<a:s> <b:p> "no graph" .',
        "<a:s> <b:p> <c:o> <d:g>",
        '<a:s> <b:p> "torn <d:g> .',
        "nonsense",
    ],
)
def test_a_broken_file_publishes_nothing(tmp_path: Path, line: str) -> None:
    documents = make(tmp_path)
    first = store.publish(tmp_path, documents, BASE)
    broken = tmp_path / "documents" / "dddddddddddddddd.nq"
    broken.write_text(line + "\n")
    with pytest.raises(store.PublishFailed):
        store.publish(tmp_path, [*documents, broken], BASE)
    assert store.current_version(tmp_path) == first.version
    assert ask(tmp_path, COUNT % "?s ?p ?o") == [str(first.triples)]
    assert not list((tmp_path / "store").glob(".build-*"))


def test_numbers_that_the_engine_writes_in_one_way_are_not_missing(tmp_path: Path) -> None:
    documents = make(tmp_path)
    extra = tmp_path / "documents" / "eeeeeeeeeeeeeeee.nq"
    decimal = "<http://www.w3.org/2001/XMLSchema#decimal>"
    lines = [f'<{BASE}/id/x> <a:p> "{number}"^^{decimal} <{BASE}/id/graph/e> .' for number in ("1.50", "1.5", "2")]
    extra.write_text("\n".join(lines) + "\n")
    (tmp_path / "reports").mkdir()
    for name in ("one", "two"):  # files that share a graph, and a line
        (tmp_path / "reports" / f"{name}.nq").write_text(lines[0].replace("/graph/e", "/graph/reports") + "\n")
    store.publish(tmp_path, [*documents, extra], BASE)
    assert ask(tmp_path, COUNT % f"<{BASE}/id/x> <a:p> ?o") == ["2"]
    assert ask(tmp_path, COUNT % f"GRAPH <{BASE}/id/graph/reports> {{ ?s ?p ?o }}") == ["1"]


def test_a_killed_build_leaves_what_is_served(tmp_path: Path) -> None:
    documents = make(tmp_path)
    first = store.publish(tmp_path, documents, BASE)
    code = (
        "import sys, time; from pathlib import Path; from server.storage import publication, store\n"
        "publication.sync_new = lambda folder: (print('built', flush=True), time.sleep(60))\n"
        f"store.publish(Path(sys.argv[1]), [Path(p) for p in sys.argv[2:]], {BASE!r})"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path), str(documents[0])]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None and process.stdout.readline() == "built\n"
        with pytest.raises(store.PublishFailed, match="another process"):
            store.publish(tmp_path, documents, BASE)
        process.send_signal(signal.SIGKILL)
    assert list((tmp_path / "store").glob(".build-*"))
    assert store.current_version(tmp_path) == first.version
    assert ask(tmp_path, COUNT % "?s ?p ?o") == [str(first.triples)]
    assert not store.publish(tmp_path, documents, BASE).rebuilt
    assert not list((tmp_path / "store").glob(".build-*"))


@pytest.mark.parametrize("damage", ["manifest", "folder", "table"])
def test_a_damaged_store_is_not_served_and_built_again(tmp_path: Path, damage: str) -> None:
    documents = make(tmp_path)
    first = store.publish(tmp_path, documents, BASE)
    folder = tmp_path / "store" / first.version / snapshot.ENGINE
    if damage == "manifest":
        for path in folder.glob("MANIFEST*"):
            os.truncate(path, 0)
    elif damage == "table":
        for path in folder.glob("*.sst"):
            os.truncate(path, path.stat().st_size // 2)
    else:
        for path in folder.iterdir():
            path.unlink()
    with pytest.raises(snapshot.Damaged):
        ask(tmp_path, COUNT % "?s ?p ?o")
    assert store.publish(tmp_path, documents, BASE).rebuilt
    assert ask(tmp_path, COUNT % "?s ?p ?o") == [str(first.triples)]


def test_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(store.NothingPublished):
        store.open_current(tmp_path)
    with pytest.raises(store.NothingPublished):
        store.query_local(tmp_path, "ASK {}")


def test_authority_data_stand_under_the_base(published: Path) -> None:
    kg = "PREFIX kg: <https://w3id.org/kommungraf/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    rows = f"{kg} SELECT ?name WHERE {{ GRAPH <{BASE}/id/graph/authority> {{ <{BASE}/id/%s> %s ?name }} }}"
    assert ask(published, rows % ("municipality/0180", "kg:municipalityCode")) == ["0180"]
    assert ask(published, rows % ("party/S", "skos:notation")) == ["S"]
    same = ask(published, rows % ("party/S", "<http://www.w3.org/2002/07/owl#sameAs>"))
    assert same == ["http://www.wikidata.org/entity/Q105112"]
    ours = f"{kg} ASK {{ GRAPH <{BASE}/id/graph/ontology> {{ kg:Meeting a ?class }} }}"
    opened = store.open_current(published)
    assert opened.store.query(ours)
    assert not opened.store.query("ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }")
    opened.close()


def test_query_local(published: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?m a <https://w3id.org/kommungraf/ns#Meeting> }"
    assert store.query_local(published, query, "csv") == b"n\r\n2\r\n"
    assert b'"value":"2"' in store.query_local(published, query)
    with pytest.raises(store.QueryFailed, match="timeout"):
        store.query_local(published, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", seconds=0.3)


def test_lock_is_released_when_a_reader_dies(tmp_path: Path) -> None:
    first = store.publish(tmp_path, make(tmp_path), BASE)
    code = (
        "import sys, time; from pathlib import Path; from server.storage import snapshot\n"
        "opened = snapshot.open_current(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None and process.stdout.readline() == "open\n"
        with (tmp_path / "store" / first.version / snapshot.LOCK).open() as lock:
            with pytest.raises(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            process.kill()
            process.wait()
            time.sleep(0.05)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

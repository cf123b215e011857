"""Publishing: snapshots that are whole, replaced at once, and cleared away."""

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from server.feed import log
from server.storage import load, placing, publication, snapshot, store, tables
from tests.server.data import BASE, make

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { %s }"


@contextmanager
def killed_at(step: str, before: str, data: Path, documents: list[Path]) -> Iterator[None]:
    """A process that publishes has come to a step ("module.function"), and is killed there at the end."""
    code = (
        "import sys, time; from pathlib import Path; from server.storage import load, placing, store, tables\n"
        f"{before}\n"
        f"{step} = lambda *_: (print('there', flush=True), time.sleep(60))\n"
        f"store.publish(Path(sys.argv[1]), [Path(p) for p in sys.argv[2:]], {BASE!r})"
    )
    arguments = [sys.executable, "-c", code, str(data), *map(str, documents)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None and process.stdout.readline() == "there\n"
        yield
        process.send_signal(signal.SIGKILL)


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


def tables_of(folder: Path) -> int:
    return len(list((snapshot.folder_of(folder, str(store.current_version(folder))) / "quads").glob("*.sst")))


def test_a_small_store_is_put_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query looks into few tables, in however many parts it was loaded."""
    monkeypatch.setattr(load, "BYTES", 700)
    ordered = store.publish(tmp_path / "ordered", make(tmp_path / "ordered"), BASE)
    assert store.current_version(tmp_path / "ordered") == ordered.version
    monkeypatch.setattr(load, "SMALL", 0)
    monkeypatch.setattr(tables, "put_in_order", lambda *_: None)
    store.publish(tmp_path / "left", make(tmp_path / "left"), BASE)
    assert tables_of(tmp_path / "left") > tables_of(tmp_path / "ordered")


def test_a_large_store_is_published_and_then_put_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = store.publish(tmp_path / "small", make(tmp_path / "small"), BASE)
    monkeypatch.setattr(load, "BYTES", 700)
    monkeypatch.setattr(load, "SMALL", 0)
    served: list[tuple[str | None, int]] = []
    put = placing.placed

    def placed(data_dir: Path, folder: Path, figures: dict[str, Any]) -> str:
        served.append((store.current_version(data_dir), tables_of(data_dir)))
        return put(data_dir, folder, figures)

    monkeypatch.setattr("server.storage.tables.placed", placed)
    large = tmp_path / "large"
    documents = make(large)
    first = store.publish(large, documents, BASE)
    ((meanwhile, before),) = served
    name = store.current_version(large)
    assert meanwhile == first.version and name == f"{first.version}-1" and tables_of(large) < before
    assert (first.version, first.quads) == (small.version, small.quads)
    assert ask(large, COUNT % "?s ?p ?o") == [str(first.triples)]
    assert sorted(path.name for path in (large / "store").iterdir() if path.is_dir()) == [name, "sources"]
    monkeypatch.setattr(log, "_whole", None)  # to compare all that was ever told would take minutes
    again = store.publish(large, documents, BASE)
    changed = store.publish(large, documents[:1], BASE)
    assert not again.rebuilt and changed.changed is not None and len(served) == 1


@pytest.mark.parametrize("fault", ["no room", "disk", "count"])
def test_tables_that_cannot_be_put_in_order_are_so_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    monkeypatch.setattr(load, "SMALL", 0)
    building: list[Path] = []
    with monkeypatch.context() as failing:
        if fault == "no room":
            failing.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**6, 10**6 - 1, 1))
        elif fault == "disk":
            failing.setattr("server.storage.tables.placed", full)
        else:
            failing.setattr(tables, "len", lambda _: 1, raising=False)
        failing.setattr(log, "tell", lambda *_: building.extend(tmp_path.glob("store/.build-*")))
        first = store.publish(tmp_path, make(tmp_path), BASE)
    assert "tables of the store could not be put in order" in capfd.readouterr().err
    assert store.current_version(tmp_path) == first.version
    assert not building and not list((tmp_path / "store").glob(".build-*"))
    again = store.build(tmp_path, BASE)
    assert not again.rebuilt and store.current_version(tmp_path) == f"{first.version}-1"
    assert ask(tmp_path, COUNT % "?s ?p ?o") == [str(first.triples)]


@pytest.mark.parametrize("step", ["placed", "switched"])
def test_a_process_killed_while_it_puts_tables_in_order_leaves_what_was_published(tmp_path: Path, step: str) -> None:
    documents = make(tmp_path)
    with killed_at(f"tables.{step}", "load.SMALL = 0", tmp_path, documents):
        pass
    left = str(store.current_version(tmp_path))
    assert "-" not in left and ask(tmp_path, COUNT % "?s ?p ?o") != ["0"]
    published = store.publish(tmp_path, documents, BASE)
    assert published.version == left and store.current_version(tmp_path) == f"{left}-1"
    assert ask(tmp_path, COUNT % "?s ?p ?o") == [str(published.triples)]
    names = sorted(path.name for path in (tmp_path / "store").iterdir() if path.is_dir())
    assert names == [f"{left}-1", "sources"]
    assert store.publish(tmp_path, documents[:1], BASE).changed is not None


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


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
    in_the_way = pytest.raises(store.PublishFailed, match="another process")
    with killed_at("placing.sync_new", "", tmp_path, documents[:1]), in_the_way:
        store.publish(tmp_path, documents, BASE)
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

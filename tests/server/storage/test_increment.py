"""A change published upon the version before is the same as everything loaded anew, whatever the change."""

import random
import shutil
import sqlite3
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.storage import publication, snapshot, sources, store
from server.storage.increment import InDoubt, differing
from server.storage.record import record_of
from tests.server.data import BASE

XSD = "http://www.w3.org/2001/XMLSchema#"
OBJECTS = (
    "<a:o>", "<a:p>", '"x"', '"x"@sv', '"quo\\"te } ; DROP ALL # \\\\u0041 \\n\\u0001"', f'"1.50"^^<{XSD}decimal>',
    f'"1.5"^^<{XSD}decimal>', f'"01"^^<{XSD}integer>', f'"1"^^<{XSD}integer>', f'"1"^^<{XSD}nonNegativeInteger>',
    f'"2024-01-01T00:00:00+00:00"^^<{XSD}dateTime>', f'"2024-01-01T00:00:00Z"^^<{XSD}dateTime>',
)  # fmt: skip
PREDICATES = ("<a:p>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>")
FIGURES = ("version", "quads", "triples", "graphs", "classes", "properties")


def dump(data: Path) -> set[ox.Quad]:
    opened = snapshot.open_current(data)
    try:
        return set(opened.store)
    finally:
        opened.close()


def counted(data: Path) -> dict[str, int]:
    with record_of(data / "store") as record:
        return record.graphs()


def lines(chance: random.Random, graph: str, most: int) -> str:
    made = {
        f"<a:s{chance.randrange(3)}> {chance.choice(PREDICATES)} {chance.choice(OBJECTS)} <{BASE}/id/graph/{graph}> .\n"
        for _ in range(chance.randrange(1, most))
    }
    order = sorted(made)
    if chance.random() < 0.3:
        chance.shuffle(order)
    if chance.random() < 0.1:
        order += order[:1]
    return "# a comment\n\n" * (chance.random() < 0.2) + "".join(order)


def disturb(chance: random.Random, data: Path) -> None:
    """Write, replace and remove some files, as a writer of the data folder does."""
    places = [(f"documents/{name}.nq", name) for name in "abcd"]
    places += [("persons.nq", "persons"), *((f"reports/{name}.nq", "reports") for name in "ab")]
    for name, graph in chance.sample(places, chance.randrange(1, 5)):
        path = data / name
        path.parent.mkdir(exist_ok=True)
        if path.exists() and chance.random() < 0.3:
            path.unlink()
            continue
        beside = path.with_suffix(".tmp")
        graph = chance.choice("abcd") if chance.random() < 0.1 else graph
        beside.write_text(lines(chance, graph, 14))
        beside.replace(path)


@pytest.mark.parametrize("seed", range(5))
def test_any_change_is_the_same_as_a_whole_load(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data, whole = tmp_path / "data", tmp_path / "whole"
    (data / "documents").mkdir(parents=True)
    disturb(chance, data)
    store.build(data, BASE)
    changed = 0
    for _ in range(6):
        disturb(chance, data)
        published = store.build(data, BASE)
        changed += published.changed is not None
        shutil.rmtree(whole, ignore_errors=True)
        shutil.copytree(data, whole, ignore=lambda folder, names: ["store"] if Path(folder) == data else [])
        assert store.build(whole, BASE).changed is None
        assert dump(data) == dump(whole)
        assert {name: store.about(data)[name] for name in FIGURES} == {
            name: store.about(whole)[name] for name in FIGURES
        }
        assert counted(data) == counted(whole)
        kept = {path.name for path in (data / "store" / "sources").iterdir()}
        assert kept == {path.name for path in (whole / "store" / "sources").iterdir()}
    assert changed


def test_a_triple_leaves_the_default_graph_with_the_last_graph_that_has_it(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    quad = f'<a:s> <a:p> "shared" <{BASE}/id/graph/%s> .\n'
    for name in "ab":
        (tmp_path / "documents" / f"{name}.nq").write_text(quad % name)
    triple = ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.Literal("shared"))
    first = store.build(tmp_path, BASE)
    (tmp_path / "documents" / "a.nq").unlink()
    less = store.build(tmp_path, BASE)
    assert less.changed == 1 and less.triples == first.triples and less.graphs == first.graphs - 1
    assert triple in dump(tmp_path)
    (tmp_path / "documents" / "b.nq").unlink()
    assert store.build(tmp_path, BASE).triples == first.triples - 1
    assert triple not in dump(tmp_path)


def test_the_same_content_is_the_same_version_whatever_came_before(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    path = tmp_path / "documents" / "a.nq"
    versions = []
    for text in ("one", "two", "one"):
        path.unlink(missing_ok=True)
        path.write_text(f'<a:s> <a:p> "{text}" <{BASE}/id/graph/a> .\n')
        published = store.build(tmp_path, BASE)
        versions.append(published.version)
        assert store.about(tmp_path)["version"] == published.version
    assert versions[0] == versions[2] != versions[1]


def test_a_file_written_to_in_its_place_is_loaded_anew(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    path = tmp_path / "documents" / "a.nq"
    path.write_text(f'<a:s> <a:p> "one" <{BASE}/id/graph/a> .\n')
    store.build(tmp_path, BASE)
    with path.open("r+") as file:
        file.write(f'<a:s> <a:p> "two" <{BASE}/id/graph/a> .\n')
    again = store.build(tmp_path, BASE)
    assert again.rebuilt and again.changed is None
    assert {q.object for q in dump(tmp_path) if q.subject == ox.NamedNode("a:s")} == {ox.Literal("two")}


@pytest.mark.parametrize("damage", ["record", "sources", "program"])
def test_what_is_lost_beside_the_store_is_made_anew(tmp_path: Path, damage: str) -> None:
    (tmp_path / "documents").mkdir()
    for name in "ab":
        (tmp_path / "documents" / f"{name}.nq").write_text(f'<a:s> <a:p> "{name}" <{BASE}/id/graph/{name}> .\n')
    store.build(tmp_path, BASE)
    before = dump(tmp_path)
    root = tmp_path / "store"
    if damage == "record":
        (root / "record.sqlite").write_bytes(b"no database" * 1000)
    elif damage == "sources":
        shutil.rmtree(root / "sources")
    else:
        (tmp_path / sources.PROGRAM).unlink()
    store.build(tmp_path, BASE)
    assert dump(tmp_path) == before
    (tmp_path / "documents" / "b.nq").unlink()
    store.build(tmp_path, BASE)
    assert dump(tmp_path) < before
    with sqlite3.connect(root / "record.sqlite") as connection:
        assert connection.execute("SELECT COUNT(*) FROM files").fetchone() == (2,)


def test_much_is_loaded_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "documents").mkdir()
    store.build(tmp_path, BASE)
    path = tmp_path / "documents" / "a.nq"
    path.write_text("".join(f'<a:s> <a:p> "{n}" <{BASE}/id/graph/a> .\n' for n in range(50)))
    monkeypatch.setattr(publication, "PART", 10**6)
    assert store.build(tmp_path, BASE).changed is None
    monkeypatch.setattr(publication, "PART", 10)
    path.unlink()
    assert store.build(tmp_path, BASE).changed == 50


LINES = st.lists(st.sampled_from([f"<a:{n}> <b> <c> <g> ." for n in range(12)]), unique=True, max_size=12)


@settings(max_examples=300, deadline=None)
@given(LINES, LINES, st.booleans(), st.booleans())
def test_differing_lines_are_the_difference(old: list[str], new: list[str], end: bool, other_end: bool) -> None:
    before, after = ("\n".join(part) + "\n" * last for part, last in ((old, end), (new, other_end)))
    gone, come = differing(before.encode(), after.encode())
    assert gone == {line.encode() for line in set(old) - set(new)}
    assert come == {line.encode() for line in set(new) - set(old)}


def test_a_line_added_twice_is_told() -> None:
    with pytest.raises(InDoubt):
        differing(b"<a> .\n", b"<a> .\n<b> .\n<b> .\n")

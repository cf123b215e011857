"""The change feed tells every publication: once, in order, whole, and nothing of what was erased."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import flask
import pyoxigraph as ox
import pytest

from server.blocking import Blocking
from server.feed import index as feed_index
from server.feed import log as feed_log
from server.feed import served as feed_served
from server.site import Site
from server.storage import snapshot, soundness, store
from tests.server.data import BASE
from tests.server.feed import feed_reader
from tests.server.feed.feed_reader import Member, Node
from tests.server.storage.test_increment import disturb

ROOT = Path(__file__).parents[3]
SECRET = "Vera Exempel"
SLUG = "vera-exempel-v"


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_log, "MEMBERS", 7)


def default_graph(data: Path) -> set[ox.Triple]:
    opened = snapshot.open_current(data)
    try:
        return {quad.triple for quad in opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    finally:
        opened.close()


def texts(data: Path) -> dict[str, bytes]:
    """What is served, by address."""
    found = feed_served.of(data)
    assert found
    pages = {f"{BASE}/feed/{page.name(found.epoch)}": found.text(page) for page in found.pages if page.members}
    return {f"{BASE}/feed": found.root()} | pages


def nodes(data: Path) -> list[Node]:
    served = texts(data)
    found = feed_reader.read(served.__getitem__, f"{BASE}/feed")
    assert {f"{BASE}/feed", *(node.address for node in found)} == set(served)
    return found


def members(data: Path) -> list[Member]:
    return [member for node in nodes(data) for member in node.members]


def write(data: Path, name: str, *lines: str) -> None:
    graph = f"{BASE}/id/graph/{name.partition('.')[0]}"
    path = data / name if name == "persons.nq" else data / "documents" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".tmp").write_text("".join(f"{line} <{graph}> .\n" for line in sorted(lines)))
    path.with_suffix(".tmp").replace(path)


def triple(subject: str, text: str) -> str:
    return f'<{BASE}/id/{subject}> <http://xmlns.com/foaf/0.1/name> "{text}"'


def held(folder: Path, *words: str) -> list[str]:
    """The files that hold one of some words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if any(word.encode() in path.read_bytes() for word in words)]


@pytest.mark.parametrize("seed", range(4))
def test_a_replay_is_what_is_published_whatever_changed(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    (tmp_path / "documents").mkdir()
    before: list[Member] = []
    full: dict[str, bytes] = {}
    for step in range(7):
        if step < 6:
            disturb(chance, tmp_path)
        else:
            for path in [*tmp_path.glob("*/*.nq"), *tmp_path.glob("*.nq")]:
                path.unlink()
        store.build(tmp_path, BASE)
        found = nodes(tmp_path)
        told = [member for node in found for member in node.members]
        assert feed_reader.replayed(told) == default_graph(tmp_path)
        assert told[: len(before)] == before
        assert len({member.created for member in told[len(before) :]}) <= 1
        assert len({member.record for member in told[len(before) :]}) == len(told) - len(before)
        assert [len(node.members) for node in found[:-1]] == [7] * (len(found) - 1)
        served = texts(tmp_path)
        assert {address: served[address] for address in full} == full
        before, full = told, {node.address: served[node.address] for node in found if node.upper}
    assert {"Create", "Update", "Delete"} == {member.kind for member in before}


def test_a_small_change_is_told_without_a_look_at_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.nq", triple("one", "1"), triple("two", "2"))
    write(tmp_path, "b.nq", triple("two", "2"))
    store.build(tmp_path, BASE)
    before = len(members(tmp_path))
    monkeypatch.setattr(feed_log, "_whole", None)
    write(tmp_path, "a.nq", triple("one", "1 and more"), triple("three", "3"))
    store.build(tmp_path, BASE)
    added = members(tmp_path)[before:]
    assert [(member.kind, member.thing) for member in added] == [
        ("Update", f"{BASE}/id/one"),
        ("Create", f"{BASE}/id/three"),
    ]
    (tmp_path / "documents" / "a.nq").unlink()
    store.build(tmp_path, BASE)
    assert [member.kind for member in members(tmp_path)[before + 2 :]] == ["Delete", "Delete"]
    assert feed_reader.replayed(members(tmp_path)) == default_graph(tmp_path)
    write(tmp_path, "a.nq", triple("one", "1"))
    store.build(tmp_path, BASE)
    first, again = (
        member for member in members(tmp_path) if member.thing == f"{BASE}/id/one" and member.kind == "Create"
    )
    assert first.record == again.record and first.iri != again.iri


def test_what_did_not_change_is_not_told(tmp_path: Path) -> None:
    write(tmp_path, "a.nq", triple("one", "1"))
    store.build(tmp_path, BASE)
    before = texts(tmp_path)
    store.build(tmp_path, BASE)
    store.rebuild(tmp_path, BASE)
    store.build(tmp_path, BASE, anew=True)
    soundness.repair(tmp_path)
    assert texts(tmp_path) == before


def test_what_was_erased_is_on_no_page_and_in_no_file(tmp_path: Path) -> None:
    person = [triple(f"person/9999/{SLUG}", SECRET)]
    write(tmp_path, "persons.nq", *person, triple("person/9999/other", "Bo Exempel"))
    write(tmp_path, "a.nq", triple("one", f"{SECRET} yrkar bifall"), triple("two", "2"))
    write(tmp_path, "b.nq", triple("three", f"{SECRET} reserverar sig"))
    store.build(tmp_path, BASE)
    write(tmp_path, "b.nq", triple("three", "XY reserverar sig"))  # an older version of it holds the name
    store.build(tmp_path, BASE)
    assert held(tmp_path / "feed", SECRET, SLUG)
    records = {member.record for member in members(tmp_path) if member.thing == f"{BASE}/id/person/9999/{SLUG}"}
    full = {node.address: node for node in nodes(tmp_path) if node.upper}

    (tmp_path / "documents" / "a.nq").unlink()
    write(tmp_path, "persons.nq", triple("person/9999/other", "Bo Exempel"))
    store.build(tmp_path, BASE)  # withdrawn, but not erased: the feed keeps its history
    assert held(tmp_path / "feed", SECRET, SLUG)
    assert feed_reader.replayed(members(tmp_path)) == default_graph(tmp_path)

    store.rebuild(tmp_path, BASE)
    assert not held(tmp_path / "feed", SECRET, SLUG)
    left = members(tmp_path)
    assert feed_reader.replayed(left) == default_graph(tmp_path)
    [gone] = [member for member in left if member.record in records]
    assert (gone.kind, gone.thing, gone.payload) == ("Delete", None, frozenset())
    assert len({member.record for member in left}) == len(left)
    now = {node.address: node for node in nodes(tmp_path)}
    assert all(now[address] == full[address] for address in full.keys() & now.keys())
    assert full.keys() - now.keys() and now.keys() - full.keys()

    store.rebuild(tmp_path, BASE)  # once more: nothing is superseded, and the deletion stays
    assert members(tmp_path) == left
    write(tmp_path, "persons.nq", *person)
    store.build(tmp_path, BASE)
    [again] = [member for member in members(tmp_path) if member.thing == f"{BASE}/id/person/9999/{SLUG}"]
    assert again.record not in records


def test_the_page_that_grows_stays_where_it_is_when_nothing_is_left_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_log, "MEMBERS", 10**6)
    write(tmp_path, "a.nq", triple("one", "1"))
    store.build(tmp_path, BASE)
    with feed_index.writing(feed_log.folder_of(tmp_path), BASE) as index:
        index.connection.execute("UPDATE pages SET closed = 1")
    write(tmp_path, "a.nq", triple("one", "2"))
    store.build(tmp_path, BASE)
    growing = nodes(tmp_path)[-1]
    write(tmp_path, "a.nq", triple("one", "3"))
    store.build(tmp_path, BASE)
    with feed_index.writing(feed_log.folder_of(tmp_path), BASE) as index:  # as if both were superseded
        index.connection.execute("UPDATE records SET member = 0 WHERE iri = ?", [f"{BASE}/id/one"])
    assert feed_log.forget(tmp_path, BASE) == 3
    found = feed_served.of(tmp_path)
    assert found and not found.pages[-1].members and not found.pages[-1].closed
    client = flask.Flask(__name__)
    client.extensions["kommungraf"] = Site(tmp_path, BASE, Blocking.__new__(Blocking))
    client.register_blueprint(feed_served.feed)
    path = growing.address.removeprefix(BASE)
    assert client.test_client().get(path).status_code == 200
    write(tmp_path, "a.nq", triple("one", "4"))
    store.build(tmp_path, BASE)
    assert nodes(tmp_path)[-1].address == growing.address


def test_a_blank_node_is_not_told(tmp_path: Path) -> None:
    write(tmp_path, "a.nq", '_:a <a:p> "1"')
    with pytest.raises(store.PublishFailed, match="blank node"):
        store.build(tmp_path, BASE)


def test_a_blank_node_is_refused_before_anything_is_switched(tmp_path: Path) -> None:
    write(tmp_path, "a.nq", triple("one", "1"))
    served, told = store.build(tmp_path, BASE).version, members(tmp_path)
    write(tmp_path, "a.nq", triple("one", "1"), '_:a <a:p> "1"')
    with pytest.raises(store.PublishFailed, match=r"a\.nq, line 2: the subject is a blank node"):
        store.build(tmp_path, BASE)
    assert store.current_version(tmp_path) == served and members(tmp_path) == told


def test_a_clock_that_goes_back_does_not_disturb_the_order(tmp_path: Path) -> None:
    write(tmp_path, "a.nq", triple("one", "1"))
    store.build(tmp_path, BASE)
    with feed_index.writing(feed_log.folder_of(tmp_path), BASE) as index:
        index.remember("told", "2999-01-01T00:00:00.000Z")
    write(tmp_path, "a.nq", triple("one", "2"))
    store.build(tmp_path, BASE)
    assert members(tmp_path)[-1].created == "2999-01-01T00:00:00.001Z"


KILLED_AT = ["tell", "_payload", "_written", "_manifest", "sync_folder", "_show", "write", "forget", "compact"]


@pytest.mark.parametrize("place", KILLED_AT)
@pytest.mark.parametrize("erasing", [False, True])
def test_who_is_killed_leaves_the_feed_before_or_after(tmp_path: Path, place: str, erasing: bool) -> None:
    write(tmp_path, "a.nq", *(triple(f"thing/{n}", SECRET) for n in range(20)))
    write(tmp_path, "b.nq", *(triple(f"kept/{n}", "text") for n in range(20)))
    store.build(tmp_path, BASE)
    before = members(tmp_path)
    write(tmp_path, "a.nq", *(triple(f"thing/{n}", "nothing") for n in range(0, 20, 2)))
    code = (
        "import os, sys; from pathlib import Path; from server.feed import log as feed_log; from server.storage import store\n"
        f"feed_log.MEMBERS, feed_log.{place} = 7, lambda *a: os._exit(9)\n"
        f"store.{'rebuild' if erasing else 'build'}(Path(sys.argv[1]), {BASE!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    reached = not (place == "_payload" and erasing) and not (place in ("forget", "compact") and not erasing)
    assert done.returncode == (9 if reached else 0)
    left = members(tmp_path)
    told = feed_reader.replayed(left)
    assert left == before or told == default_graph(tmp_path)
    if erasing:
        store.rebuild(tmp_path, BASE)
        assert not held(tmp_path / "feed", SECRET)
    else:
        soundness.repair(tmp_path)  # what a server does when it starts
        assert [each for each in members(tmp_path) if each in before] == before
    assert feed_reader.replayed(members(tmp_path)) == default_graph(tmp_path)
    pages = json.loads((tmp_path / "feed" / "manifest.json").read_text())["pages"]
    assert {page["file"] for page in pages} - {""} == {path.name for path in (tmp_path / "feed" / "pages").iterdir()}


def test_a_feed_that_cannot_be_written_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.nq", triple("one", "1"))
    first = store.build(tmp_path, BASE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(feed_log, "_written", full)
        write(tmp_path, "a.nq", triple("one", "2"))
        with pytest.raises(store.PublishFailed, match="change feed"):
            store.build(tmp_path, BASE)
        assert store.current_version(tmp_path) != first.version
        soundness.repair(tmp_path)  # says so and goes on: a server starts without it
    store.build(tmp_path, BASE)
    assert feed_reader.replayed(members(tmp_path)) == default_graph(tmp_path)


@pytest.mark.parametrize("harm", ["index", "manifest", "folder"])
def test_a_feed_that_was_lost_begins_anew_under_other_addresses(tmp_path: Path, harm: str) -> None:
    write(tmp_path, "a.nq", triple("one", "1"))
    store.build(tmp_path, BASE)
    before = texts(tmp_path)
    folder = feed_log.folder_of(tmp_path)
    if harm == "index":
        (folder / feed_index.NAME).write_bytes(b"no database" * 1000)
    elif harm == "manifest":
        (folder / feed_log.MANIFEST).unlink()
    else:
        folder.rename(tmp_path / "lost")
    store.build(tmp_path, BASE)
    after = texts(tmp_path)
    assert feed_reader.replayed(members(tmp_path)) == default_graph(tmp_path)
    assert after == before if harm == "manifest" else not (set(before) & set(after)) - {f"{BASE}/feed"}

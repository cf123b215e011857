"""A change feed that is damaged is not served, hinders nobody, and begins anew under other addresses."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import flask
import pytest

from server.blocking import Blocking
from server.feed import files as feed_files
from server.feed import index as feed_index
from server.feed import log as feed_log
from server.feed import served as feed_served
from server.site import Site
from server.storage import soundness, store
from tests.server.data import BASE
from tests.server.feed import feed_reader
from tests.server.feed.test_feed import default_graph, held, members, texts, triple, write

SECRET = "Vera Exempel"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose feed has full pages and one that grows."""
    monkeypatch.setattr(feed_log, "MEMBERS", 300)
    write(tmp_path, "a.nq", *(triple(f"thing/{n}", SECRET) for n in range(10)))
    write(tmp_path, "b.nq", *(triple(f"kept/{n}", "text") for n in range(8)))
    store.build(tmp_path, BASE)
    assert pages(tmp_path)[1].closed and not pages(tmp_path)[-1].closed
    return tmp_path


def pages(data: Path) -> tuple[feed_index.Page, ...]:
    found = feed_served.of(data)
    assert found
    return found.pages


def file_of(data: Path, number: int) -> Path:
    return data / "feed" / "pages" / pages(data)[number].file


def halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def header(data: Path) -> None:
    with (data / "feed" / feed_index.NAME).open("r+b") as file:
        file.seek(40)
        file.write(b"X" * 20)


def about(key: str, value: str) -> Callable[[Path], None]:
    def harm(data: Path) -> None:
        with sqlite3.connect(data / "feed" / feed_index.NAME) as connection:
            connection.execute("UPDATE about SET value = ? WHERE key = ?", [value, key])

    return harm


def whole_feed(harm: Callable[[Path], None]) -> Callable[[Path], None]:
    def damage(data: Path) -> None:
        for path in (data / "feed" / "pages").iterdir():
            path.unlink()
        (data / "feed" / "pages").rmdir()
        for path in (data / "feed").iterdir():
            path.unlink()
        (data / "feed").rmdir()
        (data / "feed").touch()
        harm(data / "feed")

    return damage


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a full page lost": lambda data: file_of(data, 0).unlink(),
    "the page that grows lost": lambda data: file_of(data, -1).unlink(),
    "the page that grows flipped": lambda data: flipped(file_of(data, -1)),
    "a page halved": lambda data: halved(file_of(data, 1)),
    "a page a pipe": lambda data: pipe(file_of(data, 1)),
    "a page a folder": lambda data: folder(file_of(data, 1)),
    "the index's header": header,
    "the index halved": lambda data: halved(data / "feed" / feed_index.NAME),
    "the index a folder": lambda data: folder(data / "feed" / feed_index.NAME),
    "a number that is none": about("member", "x"),
    "a time that is none": about("told", "x"),
    "the feed a file": whole_feed(lambda path: None),
    "the feed a pipe": whole_feed(pipe),
}


@pytest.mark.parametrize("erasing", [False, True])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_feed_that_is_damaged_begins_anew_and_hinders_no_publication(
    data: Path, damage: str, erasing: bool
) -> None:
    before = set(texts(data))
    DAMAGES[damage](data)
    write(data, "a.nq", triple("thing/1", "other"))
    (store.rebuild if erasing else store.build)(data, BASE)
    assert feed_reader.replayed(members(data)) == default_graph(data)
    assert not before & set(texts(data)) - {f"{BASE}/feed"}
    assert list(feed_files.faults(data)) == []
    assert {page.file for page in pages(data)} == {path.name for path in (data / "feed" / "pages").iterdir()}
    assert not erasing or not held(data / "feed", SECRET)


def test_a_full_page_of_which_a_bit_is_another_is_found_by_an_erasure(data: Path) -> None:
    before = set(texts(data))
    flipped(file_of(data, 0))
    store.rebuild(data, BASE)
    assert feed_reader.replayed(members(data)) == default_graph(data)
    assert not before & set(texts(data)) - {f"{BASE}/feed"}


def test_a_server_that_starts_lets_a_feed_that_was_cut_begin_anew(
    data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    halved(file_of(data, 0))
    soundness.repair(data)
    assert "The change feed is damaged and begins anew" in capfd.readouterr().err
    assert feed_reader.replayed(members(data)) == default_graph(data)


@pytest.mark.parametrize("harm", [halved, flipped, Path.unlink, pipe])
@pytest.mark.parametrize("format", ["trig", "jsonld"])
def test_a_page_that_is_not_what_was_written_is_not_served(
    data: Path, harm: Callable[[Path], None], format: str
) -> None:
    client = reader(data)
    found = feed_served.of(data)
    assert found
    path = f"/feed/{found.pages[0].name(found.epoch)}?format={format}"
    assert client.get(path).status_code == 200
    harm(file_of(data, 0))
    assert client.get(path).status_code == 503
    (fault,) = feed_files.faults(data)
    assert found.pages[0].file in fault
    assert any(fault in en for _, en in soundness.differences(data))


@pytest.mark.parametrize("harm", [halved, flipped, pipe])
def test_a_list_of_pages_that_is_not_what_was_written_is_not_served(data: Path, harm: Callable[[Path], None]) -> None:
    before = texts(data)
    harm(data / "feed" / feed_log.MANIFEST)
    assert reader(data).get("/feed").status_code == 503
    assert len(list(feed_files.faults(data))) == 1
    store.build(data, BASE)
    assert texts(data) == before


@pytest.mark.parametrize("code", feed_index.PASSING)
def test_an_index_that_cannot_be_used_now_is_kept(data: Path, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = texts(data)
    error = sqlite3.OperationalError("not now")
    error.sqlite_errorcode = code | 1 << 8

    def fails(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(feed_index, "_connected", fails)
        with pytest.raises(feed_log.NotTold, match="not now"):
            feed_log.tell(data, store.current_version(data) or "", BASE)
    store.build(data, BASE)
    assert texts(data) == before


def reader(data: Path) -> flask.testing.FlaskClient:
    app = flask.Flask(__name__)
    app.extensions["kommungraf"] = Site(data, BASE, Blocking.__new__(Blocking))
    app.register_blueprint(feed_served.feed)
    return app.test_client()

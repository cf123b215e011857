"""The search index follows what is published, and holds nothing else."""

import shutil
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.data_folder.files import write
from server.search import index as search_index
from server.search.build import BUSY, MADE, main
from server.search.current import PATIENCE, Current, NotThere
from server.search.graph import Graph
from server.search.query import Asked, search
from server.storage import snapshot, store
from tests.server.data import BASE
from tests.server.search.test_search import TRIG, placed

DECISION = f"{BASE}/id/treatment/9999/parknamnden/2024-03-12/7/decision"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    store.publish(folder, placed(folder), BASE)
    return folder


def found(data: Path, text: str) -> list[str]:
    """What an index of the served version finds."""
    index = search_index.current(data)
    assert index is not None
    searcher = index.searcher()
    assert search_index.is_of(searcher, snapshot.current_version(data) or "")
    return [hit.iri.removeprefix(f"{BASE}/id/") for hit in search(searcher, Asked(text)).hits]


def republish(data: Path, former: str, now: str) -> store.Published:
    """Publish the first document with something else in it."""
    path = data / "documents" / "1111111111111111.nq"
    text = path.read_text("utf-8")
    assert former in text
    write(path, "".join(sorted(text.replace(former, now).splitlines(keepends=True))).encode())
    return store.publish(data, sorted((data / "documents").iterdir()), BASE)


def inode(data: Path) -> int:
    return (data / "search" / "index").stat().st_ino


def test_a_change_of_one_document_changes_what_is_made_of_it_and_no_more(data: Path) -> None:
    before = inode(data)
    assert republish(data, "Svar på motion om nattöppna lekplatser", "Svar om rutschbanor").changed
    assert inode(data) == before, "the index is updated, not made anew"
    assert set(found(data, "rutschbana")) == {
        "treatment/9999/parknamnden/2024-03-12/7",
        "treatment/9999/parknamnden/2024-03-12/7/decision",
        "treatment/9999/parknamnden/2024-03-12/7/reservation/1",
        "case/9999/PN-2024-31",
    }
    assert found(data, "nattöppna") == ["matter/9999/PN-2024-31/motion"]
    assert "treatment/9999/parknamnden/2023-05-02/2" in found(data, "skötsel")


def test_an_update_leaves_the_same_as_an_index_made_anew(data: Path) -> None:
    republish(data, "gunghäst", "klätterställning")
    republish(data, "PN 2024/31", "PN 2024/32")
    asked = ("lekplatser", "klätterställning", "PN 2024/32", "PN 2024/31", "Åsa Ström", "parknämnden", "2024")
    updated = {text: sorted(found(data, text)) for text in asked}
    search_index.forget(data)
    assert search_index.make(data, lambda: True)
    assert {text: sorted(found(data, text)) for text in asked} == updated
    assert updated["PN 2024/32"] and found(data, "klätterställning")


def test_what_is_removed_is_not_found(data: Path) -> None:
    (data / "documents" / "1111111111111111.nq").unlink()
    store.publish(data, [data / "documents" / "2222222222222222.nq"], BASE)
    assert found(data, "gunghäst") == found(data, "PN 2024/31") == []
    assert "case/9999/PN-2023-5" in found(data, "PN 2023/5")


def test_after_a_rebuild_no_file_holds_what_was_removed(data: Path) -> None:
    assert any(b"stj\xc3\xa4rnljus" in path.read_bytes() for path in (data / "search").rglob("*") if path.is_file())
    republish(data, "stjärnljus", "lampor")
    store.rebuild(data, BASE)
    for path in data.rglob("*"):
        assert not path.is_file() or "stjärnlju".encode() not in path.read_bytes(), path
    assert found(data, "lampor")


def test_an_index_of_another_version_layout_or_none_is_made_anew(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = snapshot.current_version(data) or ""
    monkeypatch.setattr(search_index, "LAYOUT", "other")
    index = search_index.current(data)
    assert index is not None and not search_index.is_of(index.searcher(), version)
    republish(data, "gunghäst", "klätterställning")
    assert found(data, "klätterställning")
    (data / "search" / "index" / "meta.json").write_text("{}")
    assert search_index.current(data) is None
    assert main(data) == MADE
    assert found(data, "klätterställning")
    shutil.rmtree(data / "search")
    assert main(data) == MADE
    assert found(data, "klätterställning")
    assert not list((data / "search").glob(".*"))


def test_whoever_builds_gives_way_to_a_writer_and_stops_when_it_is_not_wanted(data: Path) -> None:
    search_index.forget(data)
    with pytest.raises(search_index.NotWanted):
        search_index.make(data, lambda: False)
    assert [path.name for path in (data / "search").iterdir()] == ["lock"]
    with search_index._only_writer(data) as alone:
        assert alone and main(data) == BUSY


def test_what_is_forgotten_while_a_server_makes_an_index_is_not_left_by_it(data: Path) -> None:
    search_index.forget(data)

    def forgotten() -> bool:
        search_index.forget(data)
        return True

    with pytest.raises(search_index.NotWanted):
        search_index.make(data, forgotten)
    assert not (data / "search").exists()


def test_a_publication_waits_for_a_server_that_makes_an_index_to_give_up(data: Path) -> None:
    def make() -> None:
        with search_index._only_writer(data) as alone:
            assert alone
            begun.set()
            time.sleep(0.3)

    begun = threading.Event()
    server = threading.Thread(target=make)
    server.start()
    begun.wait(10)
    republish(data, "gunghäst", "klätterställning")
    server.join()
    assert found(data, "klätterställning")


def test_a_publication_whose_index_fails_is_published_and_the_fault_told(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(search_index, "_update", full)
    published = republish(data, "gunghäst", "klätterställning")
    assert published.changed and "No space left" in capsys.readouterr().err
    index = search_index.current(data)
    assert index is not None and not search_index.is_of(index.searcher(), published.version)
    assert main(data) == MADE and found(data, "klätterställning")


def test_the_update_is_quick(data: Path) -> None:
    """A publication may take 300 ms in all; that of an index of some dozen things must be a small part of it."""
    subjects = {quad.subject.value for quad in ox.parse(path=str(TRIG), format=ox.RdfFormat.TRIG)}
    republish(data, "gunghäst", "klätterställning")
    opened = snapshot.open_current(data)
    times = []
    for number in range(5):
        begun = time.process_time()
        index = search_index.current(data)
        assert index is not None
        assert search_index._update(index, Graph(opened.store), f"{number:016x}", subjects)
        times.append(time.process_time() - begun)
    opened.close()
    assert min(times) < 0.1


def test_only_the_first_who_searches_waits_for_a_publication(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_update", lambda *_: (_ for _ in ()).throw(OSError("no")))
    republish(data, "gunghäst", "klätterställning")
    current = Current(data)
    monkeypatch.setattr(Current, "_make", lambda self: None)
    begun = time.monotonic()
    for _ in range(4):
        with pytest.raises(NotThere):
            current.searcher()
    assert time.monotonic() - begun < 2 * PATIENCE
    assert main(data) == MADE
    assert search_index.is_of(current.searcher(), snapshot.current_version(data) or "")

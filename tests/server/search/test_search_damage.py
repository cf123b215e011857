"""A search index that is damaged is made anew: meanwhile it is told that it is being made."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.search import current as search_current
from server.search import index as search_index
from server.storage import store
from tests.server.conftest import free_port, start
from tests.server.data import BASE, Server
from tests.server.search.test_search import placed
from tests.server.search.test_search_index import found, republish


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    store.publish(folder, placed(folder), BASE)
    return folder


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    port = free_port()
    process = start(data, port)
    yield Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def damage(data: Path) -> None:
    """Zeros in the words of the index and in what it keeps of each document."""
    files = [path for end in ("idx", "store", "term") for path in (data / "search" / "index").glob(f"*.{end}")]
    assert files
    for path in files:
        with path.open("r+b") as file:
            file.seek(min(200, path.stat().st_size // 3))
            file.write(b"\0" * min(400, path.stat().st_size // 3))


def test_a_search_over_a_damaged_index_is_told_that_it_is_being_made(server: Server, data: Path) -> None:
    damage(data)
    first = server.get("/search?q=parken&format=json")
    assert first.status == 503 and first.headers["Retry-After"] and "being made" in first.text
    until = time.monotonic() + 180
    while (got := server.get("/search?q=parken&format=json")).status == 503 and time.monotonic() < until:
        time.sleep(0.2)
    assert got.status == 200 and '"total"' in got.text


def test_a_publication_over_a_damaged_index_makes_it_anew(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = found(data, "gunghäst")
    damage(data)
    republish(data, "gunghäst", "klätterställning")
    assert "Traceback" not in capfd.readouterr().err
    assert before and found(data, "klätterställning") == before


def test_an_index_that_was_made_anew_and_is_no_better_is_not_made_again_and_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bool] = []
    monkeypatch.setattr(search_current.Current, "_make", lambda _: made.append(True))
    index = search_current.Current(data)
    index.damaged()
    assert search_index.current(data) is None
    assert index.damaged().failed and made == [True]

"""What stood only in a document that was removed answers 410, with nothing kept that tells what it was."""

import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server.data_folder import folder
from server.gone import forgotten, vanished
from server.storage import snapshot
from tests.conftest import SAMPLES, Done
from tests.server.conftest import free_port, start
from tests.server.data import Server

BASE = "https://kommungraf.example"
GONE, LEFT = "2024-02-26-kommunfullmaktige-protokoll.txt", "2016-11-15-socialnamnden-protokoll.txt"
Run = Callable[..., Done]


def things(data: Path) -> set[str]:
    """The paths of everything that the store speaks of and that is identified here."""
    opened = snapshot.open_current(data)
    try:
        terms = {str(term) for quad in opened.store for term in (quad.subject, quad.object, quad.graph_name)}
    finally:
        opened.close()
    return {term[len(BASE) + 1 : -1] for term in terms if term.startswith(f"<{BASE}/id/")}


@pytest.fixture
def data(command: Run, tmp_path: Path) -> Path:
    shutil.copytree(SAMPLES, tmp_path / "in", ignore=lambda _, names: [n for n in names if n not in (GONE, LEFT)])
    assert command("ingest", tmp_path / "in", "--data", tmp_path / "data", "--jobs", "1").returncode == 0
    return tmp_path / "data"


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    port = free_port()
    process = start(data, port)
    yield Server(port)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


def test_everything_that_a_removed_document_alone_had_is_gone(command: Run, data: Path, server: Server) -> None:
    before = things(data)
    assert command("forget", GONE, "--data", data, "--jobs", "1", "--ground", "Sekretess").returncode == 0
    after = things(data)
    lost = sorted(before - after)
    assert {path.split("/")[2] for path in lost} > {
        "meeting",
        "treatment",
        "person",
        "attendance",
        "span",
        "document",
    }
    answers = {path: server.get(path, "application/json") for path in lost}
    assert {path: got.status for path, got in answers.items() if got.status != 410} == {}
    assert all("Sekretess" in got.text for got in answers.values())
    person = next(path for path in lost if path.startswith("/id/person/"))
    for path in (person, person.replace("/id/", "/doc/"), f"{person}?lang=en"):
        for accept in ("text/html", "text/turtle"):
            assert server.get(path, accept).status == 410
    assert server.get(person + "x").status == 404
    assert {server.get(path).status for path in sorted(after)[::40]} <= {303, 410}
    with closing(sqlite3.connect(data / "ledger.sqlite")) as ledger:
        kept = "\n".join(ledger.iterdump())
    assert kept.count('INSERT INTO "vanished"') > 50
    assert not [path for path in lost if path.split("/")[2] not in ("document", "text") and path in kept]
    assert person.rpartition("/")[2].rpartition("-")[0] not in kept


def test_a_document_that_is_read_again_is_there(command: Run, data: Path) -> None:
    before = things(data)
    assert command("remove", GONE, "--data", data, "--jobs", "1", "--reason", "Fel").returncode == 0
    [meeting] = [path for path in before - things(data) if path.startswith("/id/meeting/")]
    assert vanished.problem(data, meeting) is not None
    assert command("ingest", data.parent / "in", "--data", data, "--again", "--jobs", "1").returncode == 0
    assert vanished.problem(data, meeting) is None and meeting in things(data)


def test_a_ledger_of_an_older_program_knows_of_nothing_that_vanished(command: Run, data: Path) -> None:
    with closing(sqlite3.connect(data / "ledger.sqlite")) as ledger:
        ledger.execute("DROP TABLE vanished")
    assert vanished.problem(data, "/id/meeting/9999/x/2024-01-01") is None
    assert command("remove", GONE, "--data", data, "--jobs", "1", "--reason", "Fel").returncode == 0
    assert len(folder.entries(data)) == 1


def test_a_correction_that_went_with_a_document_is_gone(command: Run, data: Path) -> None:
    [meeting] = [path for path in things(data) if path.startswith("/id/meeting/") and path.endswith("/2024-02-26")]
    about = ("--data", data, "--decided-by", "Kansliet", "--ground", "Fel", "--jobs", "1")
    done = command("correct", f"{BASE}{meeting}", "kg:location", "--value", "Rådhuset", *about)
    assert done.returncode == 0, done.stderr
    assert forgotten.problem(data, "/id/correction/1") is None
    assert command("forget", GONE, "--data", data, "--jobs", "1", "--ground", "Sekretess").returncode == 0
    gone = forgotten.problem(data, "/id/correction/1")
    assert gone is not None and gone.status == 410 and "Sekretess" in gone.en

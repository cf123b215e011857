"""The data folder: incremental, the same whatever the order, and whole after a kill at any moment."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from mapping.side_by_side import Lost, spread
from server.data_folder import folder
from server.data_folder.folder import DataFolderError, Entry
from tests.conftest import COMMAND, ROOT, SAMPLES, Done
from tests.test_front_door import bad_minutes

Run = Callable[..., Done]
REFUSED = SAMPLES.parent / "refused"
TEXTS = sorted(SAMPLES.glob("*.txt"))


def contents(data: Path) -> dict[str, bytes]:
    """Everything in a data folder that may not depend on when and how it was made."""
    files = [p for name in folder.SUBFOLDERS for p in (data / name).rglob("*")] + [data / "persons.nq"]
    return {str(p.relative_to(data)): p.read_bytes() for p in files}


def served(data: Path) -> set[ox.Quad]:
    """The quads of the published store, without the ledger's times."""
    current = (data / "store" / "current").read_text().strip()
    store = ox.Store.read_only(str(data / "store" / current / "quads"))
    ended = ox.NamedNode("http://www.w3.org/ns/prov#endedAtTime")
    return {quad for quad in store if quad.predicate != ended}


@pytest.fixture(scope="module")
def undisturbed(command: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two texts, a misprinted one and a refused one, read without any trouble."""
    root = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(inputs(root / "in"), root / "again")
    done = command("ingest", root / "in", "--data", root / "data", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return root


def inputs(target: Path) -> Path:
    target.mkdir()
    for path in (*TEXTS[:2], *REFUSED.iterdir()):
        shutil.copy(path, target)
    bad_minutes(target)
    return target


def test_every_sample_is_accepted_and_published(sample_data: Path) -> None:
    entries = folder.entries(sample_data)
    assert [e.file_name for e in entries if e.status != "accepted"] == []
    assert len(entries) == len([p for p in SAMPLES.iterdir() if p.is_file()]) >= 6
    assert {p.name for p in (sample_data / "documents").iterdir()} == {f"{e.id}.nq" for e in entries}
    graphs = {q.graph_name.value for q in served(sample_data) if isinstance(q.graph_name, ox.NamedNode)}
    assert graphs >= {f"https://kommungraf.example/id/graph/{e.id}" for e in entries}


def test_order_and_number_of_processes_do_not_matter(command: Run, sample_data: Path, tmp_path: Path) -> None:
    for path in sorted(SAMPLES.iterdir(), reverse=True):
        done = command("ingest", path, "--data", tmp_path / "data", "--jobs", "2")
        assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "data") == contents(sample_data)
    assert served(tmp_path / "data") == served(sample_data)


def test_what_is_unchanged_is_skipped(command: Run, undisturbed: Path) -> None:
    data = undisturbed / "data"
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in data.rglob("*.nq")}
    entries = folder.entries(data)
    assert command("ingest", undisturbed / "again", undisturbed / "in", "--data", data).returncode == 0
    assert folder.entries(data) == entries
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in data.rglob("*.nq")} == before


@pytest.mark.parametrize("subfolder", ["documents", "texts"])
def test_a_damaged_file_is_read_again(command: Run, undisturbed: Path, tmp_path: Path, subfolder: str) -> None:
    data = shutil.copytree(undisturbed / "data", tmp_path / "data")
    before = contents(data)
    path = next(iter((data / subfolder).iterdir()))
    path.write_bytes(b"".join(path.read_bytes().splitlines(True)[:-1]))
    (data / "persons.nq").write_text("")
    done = command("rebuild", "--data", data)
    assert done.returncode == 5 and "is missing or not what the ledger says" in done.stderr
    assert command("ingest", undisturbed / "in", "--data", data).returncode == 0
    assert contents(data) == before
    assert served(data) == served(undisturbed / "data")


def test_a_lost_file_or_another_program_is_read_again(command: Run, undisturbed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(undisturbed / "data", tmp_path / "data")
    before = contents(data)
    next(iter((data / "documents").iterdir())).unlink()
    with sqlite3.connect(data / "ledger.sqlite") as connection:
        connection.execute("UPDATE documents SET program = '0.0.1' WHERE status != 'accepted'")
    assert command("ingest", undisturbed / "in", "--data", data).returncode == 0
    assert contents(data) == before
    assert not [e for e in folder.entries(data) if e.program == "0.0.1"]


def test_a_document_that_cannot_be_judged_again_is_refused_until_it_is_read_anew(
    command: Run, undisturbed: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(undisturbed / "data", tmp_path / "data")
    broken, other = (e for e in folder.entries(data) if e.status == "accepted")
    (data / "texts" / f"{broken.id}.txt").unlink()
    with sqlite3.connect(data / "ledger.sqlite") as connection:
        connection.execute("UPDATE documents SET persons = 'otherwise' WHERE status = 'accepted'")
    assert command("ingest", undisturbed / "in" / other.file_name, "--data", data).returncode == 0
    entries = {e.sha256: e for e in folder.entries(data)}
    assert (entries[broken.sha256].status, entries[broken.sha256].reason) == ("refused", "unreadable")
    assert entries[other.sha256].status == "accepted"
    assert not any(f"/id/graph/{broken.id}" in str(quad.graph_name) for quad in served(data))
    assert command("ingest", undisturbed / "in", "--data", data).returncode == 0
    assert contents(data) == contents(undisturbed / "data")


def test_one_bad_document_never_stops_the_others(undisturbed: Path) -> None:
    data = undisturbed / "data"
    entries = {e.file_name: e for e in folder.entries(data)}
    assert sorted(e.status for e in entries.values()) == ["accepted"] * 2 + ["quarantined"] + ["refused"] * 2
    bad = entries["felskriven.txt"]
    assert not (data / "documents" / f"{bad.id}.nq").exists() and not (data / "texts" / f"{bad.id}.txt").exists()
    assert "2033" in (data / "quarantine" / f"{bad.id}.txt").read_text("utf-8")
    published = served(data)
    assert not [q for q in published if f"/id/graph/{bad.id}" in str(q.graph_name)]
    document = ox.NamedNode(f"https://kommungraf.example/id/document/{bad.id}")
    kg = "https://w3id.org/kommungraf/ns#"
    said = {
        str(q.object) for q in published if q.subject == document and q.predicate.value == f"{kg}processingStatus"
    }
    assert said == {"<https://w3id.org/kommungraf/concept/processing-status/quarantined>"}
    report = [q for q in published if f"/id/report/{bad.id}" in str(q.subject)]
    assert any("2033" in str(q.object) for q in report if q.predicate.value.endswith("#resultMessage"))
    assert any(q.predicate.value.endswith("oa#exact") for q in report)
    for name in ("tom-fil.txt", "veckobrev-forskolan-talludden.txt"):
        assert entries[name].reason and entries[name].reason_sv and entries[name].reason_en


def halved(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number // 2


def test_a_task_that_kills_its_process_takes_no_other_with_it() -> None:
    found = dict(spread(halved, ((n, (n,)) for n in range(30)), jobs=2))
    assert found == {n: Lost.DIED if n == 13 else n // 2 for n in range(30)}


def test_status_tells_documents_and_lines(command: Run, undisturbed: Path) -> None:
    text = command("status", "--data", undisturbed / "data").stdout
    assert "2 accepted, 1 quarantined, 2 refused" in text
    assert "felskriven.txt" in text and "tom-fil.txt" in text
    content = json.loads(command("status", "--data", undisturbed / "data", "--format", "json").stdout)
    assert content["documents"] == {"accepted": 2, "quarantined": 1, "refused": 2}
    assert content["lines"]["claimed"] > 50
    assert command("status", "--data", undisturbed / "data", "--json").stdout == json.dumps(
        content, ensure_ascii=False, indent=1) + "\n"  # fmt: skip
    assert [(m["municipality"], m["documents"]) for m in content["municipalities"]] == [("Almvik", 3)]
    assert sum(layout["documents"] for layout in content["layouts"]) == 3
    assert "By layout, weakest first" in text and "refused: not-a-meeting-document: 1 " in text
    accepted = [d for d in content["details"] if d["status"] == "accepted"]
    assert all(d["reading"]["facts"]["items"] and d["reading"]["layout"] for d in accepted)
    for entry in folder.entries(undisturbed / "data"):
        report = undisturbed / "data" / "reports" / f"{entry.id}.txt"
        assert report.exists() == (entry.status != "refused")
        if report.exists():
            assert "Account of reading" in report.read_text("utf-8")
    assert all(d["lines"]["ignored"] == sum(d["ignoredByRule"].values()) for d in accepted)


@contextmanager
def writing(data: Path) -> Iterator[None]:
    program = "import sys, time\nfrom pathlib import Path\nfrom server.data_folder import folder\n"
    program += "with folder.writer(Path(sys.argv[1])):\n    print('ready', flush=True)\n    time.sleep(60)\n"
    process = subprocess.Popen([sys.executable, "-c", program, data], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def test_a_second_writer_is_refused_and_a_dead_one_is_not_in_the_way(command: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with writing(data):
        done = command("ingest", TEXTS[0], "--data", data)
        assert (done.returncode, done.stdout) == (5, "")
        assert "Another process is writing" in done.stderr
        assert command("status", "--data", data).returncode == 0
    assert command("ingest", TEXTS[0], "--data", data).returncode == 0


@pytest.mark.parametrize("share", [0.15, 0.4, 0.55, 0.7, 0.85])
def test_killed_at_some_moment_and_run_again(undisturbed: Path, tmp_path: Path, command: Run, share: float) -> None:
    data = tmp_path / "data"
    arguments = ["ingest", str(undisturbed / "in"), "--jobs", "2", "--data"]
    started = time.monotonic()
    assert command(*arguments, tmp_path / "measure").returncode == 0
    whole = time.monotonic() - started
    process = subprocess.Popen([COMMAND, *arguments, data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(whole * share)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert command(*arguments, data).returncode == 0
    assert contents(data) == contents(undisturbed / "data")
    assert served(data) == served(undisturbed / "data")


DIE = """
import os, signal, sys
import server.data_folder.files, kommungraf
write = server.data_folder.files.os.replace
def dying(*arguments):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    write(*arguments)
if __name__ == "__main__":
    left = int(sys.argv.pop(1))
    server.data_folder.files.os.replace = dying
    kommungraf.main()
"""


@pytest.mark.parametrize("writes", [0, 1, 2, 4, 6, 8, 9, 10])
def test_killed_at_a_certain_write(undisturbed: Path, tmp_path: Path, command: Run, writes: int) -> None:
    data = tmp_path / "data"
    (tmp_path / "die.py").write_text(DIE)
    arguments = ["ingest", str(undisturbed / "in"), "--data", str(data), "--jobs", "1"]
    program = [sys.executable, str(tmp_path / "die.py"), str(writes), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    # ends only when its worker processes have ended too: they hold the other end of what is captured
    done = subprocess.run(program, env=environment, check=False, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert command(*arguments).returncode == 0
    assert contents(data) == contents(undisturbed / "data")
    assert served(data) == served(undisturbed / "data")


def test_what_no_row_owns_is_swept_away(tmp_path: Path) -> None:
    with folder.writer(tmp_path) as ledger:
        entry = Entry("ab" * 32, "a.txt", "accepted")
        folder.keep(ledger, entry, "quads\n", "text", "report\n", "told\n")
        assert contents_of(tmp_path) == {
            f"{name}/{'ab' * 8}.{end}"
            for name, end in (("documents", "nq"), ("texts", "txt"), ("reports", "nq"), ("reports", "txt"))
        }
        folder.keep(ledger, replace(entry, status="quarantined"), "quads\n", "text", "", "")
        assert contents_of(tmp_path) == {f"quarantine/{'ab' * 8}.{end}" for end in ("nq", "txt", "source.txt")}
    (tmp_path / "documents" / "orphan.nq").write_text("half")
    (tmp_path / "texts" / ".x.txt.tmp").write_text("half")
    with folder.writer(tmp_path) as ledger:
        assert contents_of(tmp_path) == {f"quarantine/{'ab' * 8}.{end}" for end in ("nq", "txt", "source.txt")}
        assert folder.whole(ledger, ledger.entries()[0])


def contents_of(data: Path) -> set[str]:
    return {f"{name}/{p.name}" for name in folder.SUBFOLDERS for p in (data / name).iterdir()}


def test_folders_that_are_no_data_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    for wrong in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(DataFolderError, match="\n"), folder.writer(wrong):
            pass
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger.sqlite").write_text("no database, but long enough to be taken for one" * 30)
    with pytest.raises(DataFolderError, match="cannot be read"):
        folder.entries(tmp_path / "data")


def test_a_data_folder_of_another_layout_is_refused(command: Run, undisturbed: Path, tmp_path: Path) -> None:
    data = shutil.copytree(undisturbed / "data", tmp_path / "data")
    with sqlite3.connect(data / "ledger.sqlite") as connection:
        connection.execute("UPDATE about SET value = '1' WHERE key = 'layout'")
    for arguments in (("status",), ("ingest", undisturbed / "in")):
        done = command(*arguments, "--data", data)
        assert (done.returncode, done.stdout) == (5, "")
        assert "has layout 1, not 2. Ingest the documents again into a new folder." in done.stderr


def test_another_base_is_refused(command: Run, undisturbed: Path) -> None:
    done = command("ingest", undisturbed / "in", "--data", undisturbed / "data", "--base", "https://other.example")
    assert done.returncode == 5
    assert "https://other.example" in done.stderr


def test_expand_finds_files_in_folders_once_and_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.txt", ".hidden", "a/.git/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    found = folder.expand([tmp_path / "b.txt", tmp_path])
    assert [str(p.relative_to(tmp_path)) for p in found] == ["b.txt", "a/c.txt"]
    assert folder.expand([tmp_path, tmp_path / "b.txt"]) == found
    with pytest.raises(DataFolderError, match="does not exist"):
        folder.expand([tmp_path / "none"])


def test_write_is_whole_and_leaves_what_is_right(tmp_path: Path) -> None:
    path = tmp_path / "x" / "y.nq"
    assert folder.write(path, b"one")
    before = path.stat()
    assert not folder.write(path, b"one")
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert folder.write(path, b"two") and path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["y.nq"]


def test_a_data_folder_keeps_its_own_base(command: Run, tmp_path: Path) -> None:
    data, own = tmp_path / "data", "https://data.almvik.example"
    first, second = sorted(SAMPLES.glob("*socialnamnden*.txt"))[:2]
    for given in ([first, "--base", own], [second]):
        assert command("ingest", *given, "--data", data, "--jobs", "1").returncode == 0
    oparl = ROOT / "tests" / "imports" / "data" / "oparl"
    done = command("import", oparl, "--as", "oparl", "--data", data)
    assert done.returncode == 0, done.stderr
    graphs = [path.read_text("utf-8") for path in (data / "documents").glob("*.nq")]
    assert len(graphs) >= 3 and all(
        f"<{own}/id/" in quads and "//kommungraf.example/" not in quads for quads in graphs
    )

"""Copies of a data folder, and data folders made of copies."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commands import erased_names
from server.data_folder import folder, safekeeping
from server.data_folder.files import digest
from server.data_folder.folder import writer
from server.data_folder.place_of_copy import CONTENTS, LEDGER
from tests.conftest import ROOT, Done

Run = Callable[..., Done]


@pytest.fixture
def data(sample_data: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sample_data, tmp_path / "data")


def test_nobody_writes_while_a_copy_is_made(
    command: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Done] = []
    copied = safekeeping._copy

    def copy(path: Path, target: Path) -> None:
        copied(path, target)
        if path.parent.name == "texts" and not asked:
            asked.append(command("forget", path.stem, "--data", data, "--ground", "x"))

    monkeypatch.setattr(safekeeping, "_copy", copy)
    with writer(data) as ledger:
        safekeeping.back_up(ledger, tmp_path / "copy")
    assert [done.returncode for done in asked] == [5] and "Another process is writing" in asked[0].stderr
    monkeypatch.undo()
    assert safekeeping.restore(tmp_path / "copy", tmp_path / "again") > 30


def copied(command: Run, data: Path, copy: Path) -> Path:
    done = command("backup", "--data", data, "--to", copy)
    assert done.returncode == 0, done.stderr
    return copy


def put(copy: Path, name: str, content: bytes) -> None:
    """Replace a file of a copy, and what its list of contents says of it."""
    (copy / name).write_bytes(content)
    digests = json.loads((copy / CONTENTS).read_text()) | {name: digest(copy / name)}
    (copy / CONTENTS).write_text(json.dumps(digests))


def with_row(ledger: Path, files: str) -> bytes:
    """The bytes of a ledger of which every row owns other files."""
    connection = sqlite3.connect(ledger)
    connection.execute("UPDATE documents SET files = ?", [files])
    connection.commit()
    connection.close()
    return ledger.read_bytes()


def test_a_copy_whose_ledger_names_other_files_is_refused(command: Run, data: Path, tmp_path: Path) -> None:
    copy, again, victim = copied(command, data, tmp_path / "copy"), tmp_path / "again", tmp_path / "victim.txt"
    victim.write_text("x")
    put(copy, LEDGER, with_row(copy / LEDGER, '{"../victim.txt": null}'))
    done = command("restore", "--data", again, "--from", copy)
    assert done.returncode == 5 and "ledger cannot be read" in done.stderr and "Take another" in done.stderr
    assert not again.exists() and victim.exists()


@pytest.mark.parametrize("damage", ["junk", "page", "text", "graph", "reports", "renamed"])
def test_a_copy_that_is_not_what_its_ledger_says_is_refused(
    command: Run, data: Path, tmp_path: Path, damage: str
) -> None:
    copy, again = copied(command, data, tmp_path / "copy"), tmp_path / "again"
    ledger = (copy / LEDGER).read_bytes()
    if damage == "junk":
        put(copy, LEDGER, b"junk" * 5000)
    elif damage == "page":
        put(copy, LEDGER, ledger[:8192] + b"\xff" * 4096 + ledger[12288:])
    elif damage == "renamed":
        put(copy, "renamed.tsv", b"no line of two paths\n")
    else:
        path = next((copy / {"text": "texts", "graph": "documents"}.get(damage, damage)).iterdir())
        put(copy, f"{path.parent.name}/{path.name}", path.read_bytes()[:-1])
    done = command("restore", "--data", again, "--from", copy)
    assert done.returncode == 5 and "Take another" in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert not again.exists() and {each.name for each in tmp_path.iterdir()} == {"copy", "data"}


@pytest.mark.parametrize("missing", [False, True])
def test_of_a_damaged_data_folder_no_copy_is_made(command: Run, data: Path, tmp_path: Path, missing: bool) -> None:
    path = next((data / "texts" if missing else data / "documents").iterdir())
    if missing:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-2] + b"x\n")
    done = command("backup", "--data", data, "--to", tmp_path / "copy")
    assert done.returncode == 5 and f"{path.parent.name}/{path.name} is missing or not what" in done.stderr
    assert not (tmp_path / "copy").exists()


@pytest.fixture(params=["new", "empty", "link", "volume"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two places for a copy and a data folder."""
    both = tmp_path / "copy", tmp_path / "again"
    mounted = []
    for place in both if request.param != "new" else ():
        (tmp_path / f"{place.name}-there").mkdir()
        if request.param == "link":
            place.symlink_to(tmp_path / f"{place.name}-there")
        else:
            place.mkdir()
        if request.param == "volume":
            if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], check=False, capture_output=True).returncode:
                pytest.skip("no file system can be mounted here")
            mounted.append(place)
            (place / "lost+found").mkdir()  # as on a new volume of ext4
    yield both
    for place in mounted:
        subprocess.run(["umount", "-l", place], check=True)


def test_a_copy_is_made_and_used_wherever_there_is_an_empty_folder(
    command: Run, data: Path, places: tuple[Path, Path]
) -> None:
    copy, again = places
    copied(command, data, copy)
    done = command("restore", "--data", again, "--from", copy)
    assert done.returncode == 0, done.stderr
    assert folder.entries(again) == folder.entries(data) and not list(again.glob(".copying*"))
    assert command("verify", "--data", again).returncode == 0


def test_neither_folder_may_be_within_the_other(command: Run, data: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(data)
    for place in (data / "documents" / "copy", data / "copy", link / "store" / "copy", tmp_path):
        done = command("backup", "--data", data, "--to", place)
        assert done.returncode == 5 and "one is within the other" in done.stderr, done.stderr
    copy = copied(command, data, tmp_path / "copy")
    done = command("restore", "--data", copy / "texts" / "data", "--from", copy)
    assert done.returncode == 5 and "one is within the other" in done.stderr
    assert not (copy / "texts" / "data").exists() and not (data / "copy").exists()


ENDED = """
import os, signal, sys
from pathlib import Path
from server.data_folder import safekeeping
import kommungraf
how, when, at = sys.argv.pop(1), sys.argv.pop(1), int(sys.argv.pop(1))
done = 0
def counted(real):
    def each(*arguments):
        global done
        done += 1
        if done > at:
            os._exit(9) if how == "kill" else os.kill(os.getpid(), signal.SIGTERM)
        return real(*arguments)
    return each
if when == "copy":
    safekeeping._copy = counted(safekeeping._copy)
else:
    Path.rename = counted(Path.rename)
kommungraf.main()
"""


def ended(how: str, when: str, at: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command that is killed, or told to end, after so many files were copied or moved."""
    return subprocess.run(
        [sys.executable, "-c", ENDED, how, when, str(at), *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


PHASES = [("copy", 20), ("move", 0), ("move", 6)]


@pytest.mark.parametrize(("when", "at"), PHASES)
def test_a_copy_that_is_told_to_end_leaves_nothing(data: Path, tmp_path: Path, when: str, at: int) -> None:
    done = ended("end", when, at, "backup", "--data", data, "--to", tmp_path / "copy")
    assert done.returncode == 143 and "what was unfinished was removed" in done.stderr, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


@pytest.mark.parametrize(("when", "at"), PHASES)
def test_a_copy_that_was_killed_is_told_and_made_by_the_same_command(
    command: Run, data: Path, tmp_path: Path, when: str, at: int
) -> None:
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert ended("kill", when, at, "backup", "--data", data, "--to", copy).returncode == 9
    assert {path.name for path in tmp_path.iterdir()} == {"data", "copy"}
    done = command("restore", "--data", again, "--from", copy)
    assert done.returncode == 5 and "is not complete" in done.stderr, done.stderr
    copied(command, data, copy)
    assert not (copy / ".copying").exists()
    assert ended("kill", when, at, "restore", "--data", again, "--from", copy).returncode == 9
    for arguments in (("ingest", copy), ("rebuild",), ("status",)):
        done = command(*arguments, "--data", again)
        assert done.returncode == 5 and "Run the same kommungraf restore again" in done.stderr, done.stderr
    done = command("restore", "--data", again, "--from", copy)
    assert done.returncode == 0, done.stderr
    assert folder.entries(again) == folder.entries(data) and not (again / ".copying").exists()


def test_what_somebody_put_where_a_copy_was_broken_off_is_left(command: Run, data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert ended("kill", "copy", 20, "backup", "--data", data, "--to", copy).returncode == 9
    (copy / "documents").mkdir()
    done = command("backup", "--data", data, "--to", copy)
    assert done.returncode == 5 and "is not empty" in done.stderr
    assert (copy / "documents").is_dir()


def test_a_broken_off_erasure_is_completed_before_a_copy_is_published(
    command: Run, data: Path, tmp_path: Path
) -> None:
    copy, again, name = tmp_path / "copy", tmp_path / "again", "Mirja Stålbrand"
    with writer(data) as ledger:
        erased_names.note(ledger, name, "2026-01-01", "Artikel 17")
        safekeeping.back_up(ledger, copy)
    done = command("restore", "--data", again, "--from", copy)
    assert done.returncode == 0, done.stderr
    done = command("query", f'ASK {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), "{name}")) }}', "--data", again)
    assert done.stdout == "false\n", done.stderr
    assert not [path for path in (again / "texts").iterdir() if name in path.read_text("utf-8")]

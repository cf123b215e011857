"""The commands that keep a data folder whole, a full disk, and what is written to the disk before it is said."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.data_folder import folder
from server.data_folder.place_of_copy import CONTENTS
from server.search import current as search_current
from server.search.query import Asked, search
from server.storage import snapshot, store
from tests.commands.test_ingest import contents, served
from tests.conftest import ROOT, SAMPLES, Done

Run = Callable[..., Done]


@pytest.fixture
def data(sample_data: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sample_data, tmp_path / "data")


def test_rebuild_drops_everything_and_serves_the_same(command: Run, data: Path) -> None:
    before = served(data)
    shutil.copytree(data / "store" / str(store.current_version(data)), data / "store" / "00000000deadbeef")
    done = command("rebuild", "--data", data)
    assert done.returncode == 0 and str(store.about(data)["version"]) in done.stdout, done.stderr
    assert served(data) == before
    assert {path.name for path in (data / "store").iterdir() if path.is_dir()} == {
        store.current_version(data),
        "sources",
    }
    shutil.rmtree(data / "store")
    assert command("rebuild", "--data", data).returncode == 0
    assert served(data) == before
    assert command("verify", "--data", data).returncode == 0


def test_verify_tells_each_difference(command: Run, data: Path) -> None:
    done = command("verify", "--data", data)
    assert (done.returncode, done.stderr) == (0, "") and "the store is what the files say" in done.stdout
    for number, path in enumerate(sorted((data / "documents").iterdir())[:2], 1):
        text = path.read_text("utf-8")
        path.unlink()
        path.write_text("".join(text.splitlines(True)[number:]), "utf-8")
    done = command("verify", "--data", data)
    assert (done.returncode, done.stdout) == (6, "")
    assert "0 are missing, 1 too many" in done.stderr and "0 are missing, 2 too many" in done.stderr
    assert done.stderr.count(" is missing or not what the ledger says") == 2
    assert done.stderr.count("Graph ") == 2 and "kommungraf rebuild" in done.stderr
    engine = data / "store" / str(store.current_version(data)) / snapshot.ENGINE
    os.truncate(next(engine.glob("MANIFEST*")), 0)
    done = command("verify", "--data", data)
    assert done.returncode == 6 and "The store is damaged" in done.stderr


def test_a_copy_gives_the_same_data_folder(command: Run, data: Path, tmp_path: Path) -> None:
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert command("backup", "--data", data, "--to", copy).returncode == 0
    assert not (copy / "store").exists() and not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    done = command("restore", "--data", again, "--from", copy)
    assert done.returncode == 0, done.stderr
    assert contents(again) == contents(data) and served(again) == served(data)
    assert folder.entries(again) == folder.entries(data)
    assert store.about(again)["version"] == store.about(data)["version"]
    assert command("ingest", SAMPLES, "--data", again).returncode == 0
    for mistake in (("backup", "--data", data, "--to", copy), ("restore", "--data", again, "--from", copy)):
        done = command(*mistake)
        assert done.returncode == 5 and "is not empty" in done.stderr


def test_a_copy_holds_what_the_operator_wrote(command: Run, data: Path, tmp_path: Path) -> None:
    copy, again = tmp_path / "copy", tmp_path / "again"
    shutil.copy(ROOT / "docs" / "kommungraf.toml", data)
    (data / "renamed.tsv").write_text("body/almvik/a\tbody/almvik/b\n", "utf-8")
    assert command("backup", "--data", data, "--to", copy).returncode == 0
    assert command("restore", "--data", again, "--from", copy).returncode == 0
    for name in ("kommungraf.toml", "renamed.tsv"):
        assert (again / name).read_bytes() == (data / name).read_bytes()
    assert command("catalogue", "--data", again).returncode == 0


@pytest.mark.parametrize("damage", ["text", "missing", "contents"])
def test_a_damaged_copy_makes_no_data_folder(command: Run, data: Path, tmp_path: Path, damage: str) -> None:
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert command("backup", "--data", data, "--to", copy).returncode == 0
    path = copy / CONTENTS if damage == "contents" else next((copy / "texts").iterdir())
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1])
    done = command("restore", "--data", again, "--from", copy)
    assert done.returncode == 5 and str(copy) in done.stderr
    assert not again.exists() and not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


ODD = ("[1]", "{}", "1", '{"a": 1}', "[" * 100_000, '{"ledger.sqlite": null}')
OUT = (
    "../out.txt",
    "texts/../../out.txt",
    "/out.txt",
    "texts/..",
    "texts/",
    "texts/a\0b",
    "store/current",
    "a/b/c",
)


@pytest.mark.parametrize("odd", [*ODD, *OUT])
def test_a_list_of_contents_that_backup_has_not_made_is_refused(
    command: Run, data: Path, tmp_path: Path, odd: str
) -> None:
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert command("backup", "--data", data, "--to", copy).returncode == 0
    (tmp_path / "out.txt").write_text("x")
    digests = json.loads((copy / CONTENTS).read_text()) | {odd: folder.digest(tmp_path / "out.txt")}
    (copy / CONTENTS).write_text(odd if odd in ODD else json.dumps(digests))
    done = command("restore", "--data", again, "--from", copy)
    assert done.returncode == 5 and "no copy that backup has made" in done.stderr, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"copy", "data", "out.txt"}


@pytest.mark.parametrize("name", ["rebuild", "verify", "backup", "remove"])
def test_a_folder_that_is_none_is_told_and_not_made(command: Run, tmp_path: Path, name: str) -> None:
    more = {"backup": ("--to", str(tmp_path / "copy")), "remove": ("a.pdf",)}.get(name, ())
    done = command(name, *more, "--data", tmp_path / "none")
    assert (done.returncode, done.stdout) == (5, "") and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_second_writer_is_refused_by_every_command(command: Run, data: Path, tmp_path: Path) -> None:
    with folder.writer(data):
        for arguments in (
            ("rebuild",),
            ("verify",),
            ("backup", "--to", tmp_path / "copy"),
            ("remove", folder.entries(data)[0].id),
        ):
            done = command(*arguments, "--data", data)
            assert done.returncode == 5 and "Another process is writing" in done.stderr


@pytest.fixture
def only_read(data: Path, tmp_path: Path) -> Iterator[Path]:
    """A data folder in a file system that is mounted to be read only."""
    place = tmp_path / "mounted"
    place.mkdir()
    if subprocess.run(["mount", "--bind", data, place], check=False, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        again = ["mount", "-o", "remount,bind,ro", str(place)]
        if subprocess.run(again, check=False, capture_output=True).returncode:
            pytest.skip("nothing can be mounted to be read only here")
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def test_a_folder_that_may_only_be_read_is_verified_and_searched(command: Run, only_read: Path) -> None:
    done = command("verify", "--data", only_read)
    assert done.returncode == 0 and "the store is what the files say" in done.stdout, done.stderr
    searcher = search_current.Current(only_read).searcher()
    assert search(searcher, Asked("motion")).hits


def test_an_index_that_may_only_be_read_is_opened_while_its_locks_are_taken(
    only_read: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread of Tantivy's takes a lock in the folder, now and then while that is being removed."""
    remove, place = os.rmdir, tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    taken: list[Path] = []

    def rmdir(path: str | Path, **where: int) -> None:
        if Path(path).parent == place and not taken:
            taken.append(Path(path) / ".tantivy-meta.lock")
            taken[0].touch()
        remove(path, **where)

    monkeypatch.setattr(os, "rmdir", rmdir)
    assert search(search_current.Current(only_read).searcher(), Asked("motion")).hits
    assert taken and not list(place.iterdir())


@pytest.mark.parametrize("left", [b"no database" * 100, b""])
def test_verify_changes_nothing(command: Run, data: Path, left: bytes) -> None:
    (data / "store" / "record.sqlite").write_bytes(left)
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert command("verify", "--data", data).returncode == 6
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_is_told_and_nothing_is_lost(command: Run, small_disk: Path) -> None:
    data = small_disk / "data"
    paths = sorted(SAMPLES.glob("*.txt"))
    done = command("ingest", paths[0], "--data", data, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    before = served(data)
    for room in (0, 60_000, 400_000):
        filler = small_disk / "filler"
        with filler.open("wb") as file:
            free = shutil.disk_usage(small_disk).free
            file.write(b"x" * max(0, free - room))
        done = command("ingest", *paths[1:], "--data", data, "--jobs", "1")
        assert done.returncode == 5 and "disk" in done.stderr and "run the same command again" in done.stderr
        assert "Traceback" not in done.stderr
        assert served(data) == before
        assert command("query", "ASK { ?s ?p ?o }", "--data", data).stdout == "true\n"
        filler.unlink()
    done = command("ingest", *paths[1:], "--data", data, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert served(data) > before or len(served(data)) > len(before)
    assert command("verify", "--data", data).returncode == 0


LIMITED = """
import resource, signal, sys
import kommungraf
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
kommungraf.main()
"""


@pytest.mark.parametrize("most", [1_000, 60_000, 1_500_000])
def test_files_that_cannot_grow_are_told_and_nothing_is_lost(
    command: Run, data: Path, tmp_path: Path, most: int
) -> None:
    """What a quota does: a write fails with EFBIG instead of ENOSPC."""
    before = served(data)
    path = tmp_path / "ny.txt"
    path.write_text((SAMPLES / "2024-02-26-kommunfullmaktige-protokoll.txt").read_text("utf-8") + "\n", "utf-8")
    arguments = [sys.executable, "-c", LIMITED, str(most), "ingest", str(path), "--data", str(data), "--jobs", "1"]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode != -signal.SIGXFSZ
    if done.returncode:
        assert done.returncode == 5 and "Traceback" not in done.stderr, done.stderr
        assert "run the same command again" in done.stderr
        assert served(data) == before
    assert command("ingest", path, "--data", data, "--jobs", "1").returncode == 0
    assert served(data) != before
    assert command("verify", "--data", data).returncode == 0


def test_what_is_published_is_on_the_disk_before_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is synced before the rename that makes it visible, and the folder of the name after it."""
    (tmp_path / "documents").mkdir()
    path = tmp_path / "documents" / "a.nq"
    told: list[tuple[str, str]] = []
    real_sync, real_replace, real_rename = os.fsync, os.replace, Path.rename

    def synced(descriptor: int) -> None:
        told.append(("sync", os.readlink(f"/proc/self/fd/{descriptor}")))
        real_sync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        told.append(("name", str(target)))
        return real_rename(self, target)

    def replaced(source: str | Path, target: str | Path) -> None:
        told.append(("name", str(target)))
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(Path, "rename", renamed)
    for number in range(2):
        told.clear()
        folder.write(path, f'<a:s> <a:p> "{number}" <a:g> .\n'.encode())
        assert [kind for kind, _ in told] == ["sync", "name", "sync"]
        published = store.build(tmp_path, "https://data.example")
        assert published.rebuilt and (published.changed is None) == (number == 0)
        root = tmp_path / "store"
        version = root / published.version
        placed, pointed = (told.index(("name", str(each))) for each in (version, root / "current"))
        assert placed < pointed
        before = {Path(name).name for kind, name in told[:placed] if kind == "sync"}
        new = {p.name for p in (version / snapshot.ENGINE).iterdir() if not p.name.endswith(".sst")}
        assert new | {"in-use", "quads"} <= before and any(name.endswith(".sst") for name in before)
        assert (".about.json.tmp" in before) and ("sync", str(root)) in told[placed:pointed]
        assert told[-1] == ("sync", str(root)) or ("sync", str(root)) in told[pointed:]
    assert ox.Literal("1") in {quad.object for quad in served(tmp_path)}


def test_a_document_in_whose_place_a_pipe_stands_is_read_again(command: Run, data: Path) -> None:
    path = min((data / "documents").iterdir())
    path.unlink()
    os.mkfifo(path)
    done = command("rebuild", "--data", data)
    assert done.returncode == 5 and "not a regular file" in done.stderr
    assert command("ingest", SAMPLES, "--data", data).returncode == 0
    assert path.is_file() and command("verify", "--data", data).returncode == 0

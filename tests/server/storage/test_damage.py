"""A store that is damaged is never served short: opening it is refused, or reading it fails, and it is built anew."""

import gc
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from server.data_folder import agreement
from server.data_folder import ledger as ledger_module
from server.data_folder.folder import DataFolderError, Entry, entries, writer
from server.data_folder.folder import whole as whole_row
from server.data_folder.ledger import ERASING
from server.storage import sealed, soundness, sources, store
from server.storage.snapshot import ABOUT, ENGINE, Damaged, NothingPublished, open_current
from server.storage.soundness import ensure, fault
from server.storage.versions import delete
from tests.server.data import BASE, make


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published data folder with a ledger, the store of which was changed once."""
    data = tmp_path_factory.mktemp("whole")
    made = tmp_path_factory.mktemp("made")
    with writer(data) as ledger:
        ledger.remember("base", BASE)
        for path in make(made):
            ledger.put(
                Entry(path.stem * 4, path.name, "accepted"), {f"documents/{path.name}": path.read_text("utf-8")}
            )
            store.build(data, BASE)
        shutil.copy(made / "persons.nq", data)
        assert store.build(data, BASE).changed
    return data


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "data")


def engine(data: Path) -> Path:
    return data / "store" / (data / "store" / "current").read_text().strip() / ENGINE


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def each(pattern: str, harm: Callable[[Path], None], most: int | None = None) -> Callable[[Path], None]:
    """Harm to the engine's files of a pattern, or to the first of them."""

    def damage(data: Path) -> None:
        found = sorted(engine(data).glob(pattern))
        assert found, pattern
        for path in found[:most]:
            harm(path)

    return damage


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def in_place(path: Path, put: Callable[[Path], object]) -> None:
    """Put something else where a file or a folder was."""
    delete(path)
    put(path)


def unseen(name: str, put: Callable[[Path], object]) -> Callable[[Path], None]:
    """Harm to what a start does not look at, and to the pointer, so that it is built anew."""

    def damage(data: Path) -> None:
        in_place(data / name, put)
        (data / "store" / "current").write_text("deadbeefdeadbeef")

    return damage


def about(content: str) -> Callable[[Path], object]:
    return lambda data: (engine(data).parent / ABOUT).write_text(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "manifest emptied": each("MANIFEST*", emptied),
    "manifest halved": each("MANIFEST*", halved),
    "manifest flipped": each("MANIFEST*", flip),
    "manifest removed": each("MANIFEST*", Path.unlink),
    "CURRENT removed": each("CURRENT", Path.unlink),
    "CURRENT emptied": each("CURRENT", emptied),
    "one table removed": each("*.sst", Path.unlink, 1),
    "tables halved": each("*.sst", halved),
    "logs cut": each("*.log", Path.unlink),
    "engine emptied": each("*", Path.unlink),
    "engine removed": lambda data: shutil.rmtree(engine(data)),
    "version removed": lambda data: shutil.rmtree(engine(data).parent),
    "store removed": lambda data: shutil.rmtree(data / "store"),
    "about.json garbage": about("{"),
    "about.json of another": about('{"version": "0123456789abcdef"}'),
    "about.json a list": about("[]"),
    "about.json a folder": lambda data: in_place(engine(data).parent / ABOUT, Path.mkdir),
    "about.json a pipe": lambda data: in_place(engine(data).parent / ABOUT, os.mkfifo),
    "about.json without a count": lambda data: (engine(data).parent / ABOUT).write_bytes(
        sealed.written({"version": (data / "store" / "current").read_text().strip()})
    ),
    "pointer a folder": lambda data: in_place(data / "store" / "current", Path.mkdir),
    "pointer a pipe": lambda data: in_place(data / "store" / "current", os.mkfifo),
    "pointer a link to itself": lambda data: in_place(data / "store" / "current", lambda path: path.symlink_to(path)),
    "version a file": lambda data: in_place(engine(data).parent, Path.touch),
    "version a pipe": lambda data: in_place(engine(data).parent, os.mkfifo),
    "record a folder": unseen("store/record.sqlite", Path.mkdir),
    "sources a file": unseen("store/sources", Path.touch),
    "sources a pipe": unseen("store/sources", os.mkfifo),
    "search a file": unseen("search", Path.touch),
    "store a file": lambda data: in_place(data / "store", Path.touch),
    "pointer garbage": lambda data: (data / "store" / "current").write_bytes(b"\xff\x00../../etc"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_refused_and_built_anew(
    data: Path, damage: str, capfd: pytest.CaptureFixture[str]
) -> None:
    before = store.about(data)
    DAMAGES[damage](data)
    with pytest.raises((Damaged, NothingPublished)):
        open_current(data)
    assert fault(data)
    ensure(data)
    assert "The store is built anew from the files" in capfd.readouterr().err
    after = store.about(data)
    assert {name: after[name] for name in ("version", "quads", "triples", "classes")} == {
        name: before[name] for name in ("version", "quads", "triples", "classes")
    }
    assert list(soundness.differences(data)) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_rebuild_builds_anew_whatever_is_damaged(data: Path, damage: str) -> None:
    DAMAGES[damage](data)
    store.rebuild(data, BASE)
    assert list(soundness.differences(data)) == []


def test_one_bit_in_any_table_is_found_at_the_start(data: Path) -> None:
    """The engine itself notices it only in a block that it reads, and then with an error."""
    names = sorted(path.name for path in engine(data).glob("*.sst"))
    assert len(names) > 5
    for name in names:
        table = engine(data) / name
        good = table.read_bytes()
        flip(table)
        assert fault(data)
        table.write_bytes(good)
    assert fault(data) is None
    flip(engine(data) / names[0])
    ensure(data)
    assert fault(data) is None and list(soundness.differences(data)) == []


def test_what_another_layout_or_engine_made_is_built_anew(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("layout", "engineVersion"):
        path = engine(data).parent / ABOUT
        path.write_bytes(sealed.written({**sealed.read(path.read_bytes()), name: "0"}))
        ensure(data)
        assert "built anew from the files: layout and engine" in capfd.readouterr().err
        ensure(data)
        assert capfd.readouterr().err == ""


def test_one_bit_of_what_was_counted_is_found(data: Path) -> None:
    path = engine(data).parent / ABOUT
    whole = path.read_bytes()
    for at in range(0, len(whole) - 1, 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert fault(data)
    path.write_bytes(whole)
    assert fault(data) is None
    path.write_bytes(whole.replace(b"https://d", b"https://q", 1))
    ensure(data)
    assert store.about(data)["base"] == BASE and list(soundness.differences(data)) == []


def test_what_an_older_program_counted_is_built_anew(data: Path) -> None:
    path = engine(data).parent / ABOUT
    path.write_text(json.dumps(sealed.read(path.read_bytes())))
    ensure(data)
    assert fault(data) is None and b"sha256" in (engine(data).parent / ABOUT).read_bytes()


def test_where_there_are_no_files_nothing_is_built(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        ensure(tmp_path)
    make(tmp_path)
    store.build(tmp_path, BASE)
    shutil.rmtree(tmp_path / "store")
    with pytest.raises(NothingPublished):  # without a ledger, nobody knows what the IRIs begin with
        ensure(tmp_path)


def test_where_another_process_writes_a_damaged_store_is_refused(data: Path) -> None:
    (engine(data) / "CURRENT").unlink()
    with writer(data), pytest.raises(soundness.Unsound, match="Another process is writing"):
        ensure(data)
    ensure(data)
    assert fault(data) is None


@pytest.mark.parametrize("file", ["documents", "persons.nq"])
def test_verify_tells_files_that_are_not_what_is_published(data: Path, file: str) -> None:
    assert list(soundness.differences(data)) == []
    path = next((data / file).iterdir()) if file == "documents" else data / file
    lines = path.read_bytes().splitlines(True)
    path.unlink()
    path.write_bytes(b"".join(lines[1:]))
    *by_ledger, (sv, en) = soundness.differences(data)
    assert "0 are missing, 1 too many" in en and "0 saknas, 1 är för mycket" in sv
    assert [f"{file}/{path.name} is missing or not what" in en for _, en in by_ledger] == [True] * (
        file == "documents"
    )


@pytest.mark.parametrize("content", [b"nonsense\n", b'<a:s> <a:p> "no graph" .\n', b'<a:s> <a:p> "\xff" <a:g> .\n'])
def test_verify_tells_a_file_that_cannot_be_read(data: Path, content: bytes) -> None:
    path = data / "persons.nq"
    path.unlink()
    path.write_bytes(content)
    (sv, en), *_ = soundness.differences(data)
    assert f"{path} cannot be read" in en and f"{path} går inte att läsa" in sv


def lost(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    lines = path.read_bytes().splitlines(True)
    path.unlink()
    path.write_bytes(b"".join(lines[:-1]))


@pytest.mark.parametrize("harm", [lost, cut])
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("again", ["build", "anew", "rebuild"])
def test_what_is_not_what_the_ledger_says_is_not_published(
    data: Path, harm: Callable[[Path], None], shared: bool, again: str
) -> None:
    with writer(data) as ledger:
        persons = (data / "persons.nq").read_text("utf-8")
        ledger.put_shared({"persons.nq": persons, "ledger.nq": ""})
        store.build(data, BASE)
    before = store.current_version(data)
    path = data / "persons.nq" if shared else next((data / "documents").iterdir())
    whole = path.read_text("utf-8")
    harm(path)
    with pytest.raises(store.PublishFailed, match=f"{path.name} is missing or not what the ledger says"):
        store.rebuild(data, BASE) if again == "rebuild" else store.build(data, BASE, anew=again == "anew")
    assert store.current_version(data) == before
    path.write_text(whole, "utf-8")
    gc.collect()  # the engine of the refused build lets go of its files
    assert store.build(data, BASE).version == store.about(data)["version"]


def test_the_quads_of_the_program_are_made_anew_where_they_were_cut(data: Path) -> None:
    before = store.about(data)
    cut(data / sources.PROGRAM)
    store.build(data, BASE)
    assert store.about(data)["version"] == before["version"]
    assert list(soundness.differences(data)) == []


@pytest.mark.parametrize("store_too", [True, False])
@pytest.mark.parametrize("left", ["nothing", "no bytes", "no tables", "no rows"])
def test_a_lost_ledger_sweeps_nothing_away(data: Path, left: str, store_too: bool) -> None:
    if store_too:
        shutil.rmtree(data / "store")
    path = data / "ledger.sqlite"
    if left == "no rows":
        with sqlite3.connect(path) as connection:
            connection.execute("DELETE FROM documents")
    else:
        path.unlink()
    if left == "no bytes":
        path.touch()
    elif left == "no tables":
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 1")
    before = {each: each.read_bytes() for name in ("documents", "reports") for each in (data / name).iterdir()}
    with (
        pytest.raises(DataFolderError, match=r"saknas eller är tom[^\n]*\n.*missing or empty.*Restore"),
        writer(data),
    ):
        pass
    if not store_too:
        (engine(data) / "CURRENT").unlink()
    if left in ("no rows", "nothing") and not (store_too and left == "nothing"):  # else nobody knows the base
        with pytest.raises(DataFolderError if left == "nothing" else soundness.Unsound, match="missing or empty"):
            ensure(data)
    assert before and {each: each.read_bytes() for each in before} == before


def test_what_is_published_is_not_served_without_the_ledger_that_may_tell_of_an_erasure(data: Path) -> None:
    ensure(data)
    with writer(data) as ledger:
        ledger.remember(ERASING, "2026-01-01 x")
    with pytest.raises(soundness.Unfinished, match="kommungraf rebuild"):
        ensure(data)
    (data / "ledger.sqlite").unlink()
    with pytest.raises(DataFolderError, match="missing or empty"):
        ensure(data)


@pytest.mark.parametrize("left", [(), ("lock",), ("lock", "ledger.sqlite")])
def test_a_folder_that_was_only_begun_is_gone_on_with(tmp_path: Path, left: tuple[str, ...]) -> None:
    (tmp_path / "documents").mkdir()
    for name in ("lock", *left):
        (tmp_path / name).touch()
    (tmp_path / "documents" / ".a.nq.tmp").touch()
    with writer(tmp_path) as ledger:
        assert ledger.entries() == []
    assert list((tmp_path / "documents").iterdir()) == []


def test_what_was_staged_when_its_row_was_written_is_put_in_its_place(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that is killed between the two leaves no file that differs from the ledger."""

    def killed(path: Path) -> None:
        raise KeyboardInterrupt(str(path))

    with writer(data) as ledger, monkeypatch.context() as patch:
        entry, *_ = ledger.entries()
        [name] = entry.digests
        patch.setattr(ledger_module, "place", killed)
        with pytest.raises(KeyboardInterrupt):
            ledger.put(entry, {name: "new\n"})
        with pytest.raises(KeyboardInterrupt):
            ledger.put_shared({"persons.nq": "new\n"})
    assert (data / name).read_text("utf-8") != "new\n"
    with writer(data):
        assert (data / name).read_text("utf-8") == (data / "persons.nq").read_text("utf-8") == "new\n"
    assert list(agreement.differences(data)) == []


def test_a_row_of_an_older_program_has_no_digests(data: Path) -> None:
    with writer(data) as ledger:
        entry, *_ = ledger.entries()
        [name] = entry.digests
        ledger.connection.execute("UPDATE documents SET files = ?", [json.dumps([name])])
        ledger.connection.commit()
        (data / name).write_text("other")
        assert whole_row(ledger, ledger.entries()[0])
        (data / name).unlink()
        assert not whole_row(ledger, ledger.entries()[0])


def test_a_ledger_that_another_process_holds_is_waited_for(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = partial(sqlite3.connect, timeout=0)
    with closing(sqlite3.connect(data / "ledger.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr(sqlite3, "connect", connect)
        for opened in (lambda: entries(data), writer(data).__enter__):
            with pytest.raises(DataFolderError, match="Another process is writing.* Wait") as told:
                opened()
            assert "new folder" not in str(told.value)
        monkeypatch.undo()
    assert entries(data)


def test_a_damaged_ledger_is_told_of_when_it_is_read(data: Path) -> None:
    path = data / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        [page] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'documents'").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xee" * size)
    for opened in (lambda: entries(data), writer(data).__enter__):
        with pytest.raises(DataFolderError, match=r"cannot be read .*Restore the data folder from a backup"):
            opened()


def test_a_ledger_whose_writer_was_killed_in_the_middle_is_read(data: Path) -> None:
    before = entries(data)
    child = os.fork()
    if not child:
        with writer(data) as ledger:
            ledger.connection.execute("PRAGMA cache_size = 2")
            ledger.connection.execute("BEGIN")
            for number in range(5000):
                ledger.connection.execute("INSERT INTO about VALUES (?, ?)", [f"{number}", "x" * 200])
            os._exit(0)
    os.waitpid(child, 0)
    assert (data / "ledger.sqlite-journal").exists()
    ensure(data)
    assert entries(data) == before and not (data / "ledger.sqlite-journal").exists()


@pytest.mark.parametrize("name", ["documents/pipe.nq", "renamed.tsv", "persons.nq", "store/authority.nq"])
def test_a_pipe_is_told_of_and_not_waited_for(data: Path, name: str) -> None:
    in_place(data / name, os.mkfifo)
    if name.startswith("store"):
        store.build(data, BASE)
    else:
        with pytest.raises((store.PublishFailed, DataFolderError), match="not a regular file"):
            store.rebuild(data, BASE)
        delete(data / name)
    store.build(data, BASE)


@pytest.mark.parametrize("name", ["search", "store/sources"])
def test_what_a_link_leads_to_is_not_taken_for_deleted(data: Path, tmp_path: Path, name: str) -> None:
    there = (data / name).rename(tmp_path / "elsewhere") if (data / name).is_dir() else tmp_path / "elsewhere"
    there.mkdir(exist_ok=True)
    (there / "kept").write_text("what was erased")
    (data / name).symlink_to(there)
    with pytest.raises(store.PublishFailed, match="is a link to another place"):
        store.rebuild(data, BASE)
    assert (there / "kept").exists()
    (data / name).unlink()
    store.rebuild(data, BASE)


def test_a_link_to_a_volume_that_is_not_there_is_told(data: Path, tmp_path: Path) -> None:
    shutil.rmtree(data / "store")
    (data / "store").symlink_to(tmp_path / "not mounted")
    with pytest.raises((store.PublishFailed, OSError)):
        store.rebuild(data, BASE)
    assert (data / "store").is_symlink()

"""A store that is damaged is never served short: opening it is refused, or reading it fails, and it is built anew."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from server import soundness, store
from server.folder import Entry, entries, writer
from server.snapshot import ABOUT, ENGINE, Damaged, NothingPublished, open_current
from server.soundness import ensure, fault
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
    path = engine(data).parent / ABOUT
    for was, now in (('"layout": "', '"layout": "0'), ('"engineVersion": "', '"engineVersion": "0.')):
        path = engine(data).parent / ABOUT
        path.write_text(path.read_text().replace(was, now))
        ensure(data)
        assert "built anew" in capfd.readouterr().err
        ensure(data)
        assert capfd.readouterr().err == ""


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
    [(sv, en)] = soundness.differences(data)
    assert "0 are missing, 1 too many" in en and "0 saknas, 1 är för mycket" in sv


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

"""What an operator wrote, or lost, that hinders an erasure: it is told before anything is noted."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import erased_names
from server.data_folder import folder
from server.data_folder.ledger import ERASING, reading
from tests.conftest import Done

Run = Callable[..., Done]
NAME = "Mirja Stålbrand"
FAULTS = (b"garbage = [\n", f"# {NAME}\n".encode("latin-1"), b"[[sama]]\n")


@pytest.fixture
def data(sample_data: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sample_data, tmp_path / "data")


def noted(data: Path) -> bool:
    with reading(data) as ledger:
        return bool(ledger.note(ERASING) or ledger.hashes() or ledger.removed())


@pytest.mark.parametrize("fault", FAULTS)
def test_decisions_that_cannot_be_read_are_told_before_anything_is_noted(
    command: Run, data: Path, fault: bytes
) -> None:
    (data / "decisions.toml").write_bytes(fault)
    for arguments in (
        ("forget", folder.entries(data)[0].id, "--ground", "x"),
        ("forget", "--person", NAME, "--ground", "x"),
        ("corrections", "--withdraw", "1", "--ground", "x"),
    ):
        done = command(*arguments, "--data", data)
        assert done.returncode == 5 and "Traceback" not in done.stderr, done.stderr
        assert "decisions.toml cannot be used: correct the file" in done.stderr
        assert not noted(data)
    (data / "decisions.toml").unlink()
    done = command("forget", "--person", NAME, "--ground", "x", "--data", data)
    assert done.returncode == 0, done.stderr
    assert not [path for path in (data / "texts").iterdir() if NAME in path.read_text("utf-8")]


def test_a_name_is_masked_in_decisions_that_cannot_be_read(command: Run, data: Path) -> None:
    """Where they were written after an erasure had begun."""
    with folder.writer(data) as ledger:
        erased_names.note(ledger, NAME, "2026-01-01", "x")
    (data / "decisions.toml").write_bytes(b"# \xe5\r\n" + f"# {NAME}\r\n".encode())
    done = command("rebuild", "--data", data)
    assert done.returncode == 5 and "decisions.toml cannot be used" in done.stderr, done.stderr
    assert (data / "decisions.toml").read_bytes() == b"# \xe5\r\n" + "# ••••• •••••••••\r\n".encode()
    (data / "decisions.toml").unlink()
    assert command("rebuild", "--data", data).returncode == 0


def test_a_text_that_is_missing_is_told_by_its_document(command: Run, data: Path) -> None:
    entry = next(entry for entry in folder.entries(data) if f"texts/{entry.id}.txt" in entry.digests)
    (data / "texts" / f"{entry.id}.txt").unlink()
    done = command("forget", "--person", NAME, "--ground", "x", "--data", data)
    assert (
        done.returncode == 5 and f"Ingest the document again with kommungraf ingest: {entry.file_name}" in done.stderr
    )
    assert not noted(data)

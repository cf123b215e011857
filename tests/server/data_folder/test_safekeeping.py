"""Copies of a data folder, and data folders made of copies."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from server.data_folder import safekeeping
from server.data_folder.folder import writer
from tests.conftest import Done

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

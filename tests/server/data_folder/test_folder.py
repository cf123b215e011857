"""The lock of a data folder, and what its ledger may say of files."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from server.data_folder.folder import DataFolderError, Entry, held, writer
from server.data_folder.ledger import Removed
from tests.conftest import ROOT

SECOND = """
import sys
from pathlib import Path
from server.data_folder.folder import held
with held(Path(sys.argv[1])):
    pass
"""


def second(data: Path) -> subprocess.CompletedProcess[str]:
    """Another process that tries to write to a data folder."""
    return subprocess.run(
        [sys.executable, "-c", SECOND, data], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_lock_holds_though_its_file_is_read_meanwhile(tmp_path: Path) -> None:
    with held(tmp_path):
        (tmp_path / "lock").read_bytes()
        assert "Another process is writing" in second(tmp_path).stderr
        with pytest.raises(DataFolderError, match="Another process is writing"), held(tmp_path):
            pass
        assert "Another process is writing" in second(tmp_path).stderr
    assert second(tmp_path).returncode == 0


ID, OTHER = "ab" * 8, "cd" * 8
STRANGE = (
    '{"../victim.txt": null}',
    f'{{"texts/../../{ID}.txt": null}}',
    f'{{"/texts/{ID}.txt": null}}',
    f'{{"store/{ID}.txt": null}}',
    f'{{"texts/{OTHER}.txt": null}}',
    f'{{"texts/{ID}.txt\\u0000": null}}',
    f'{{"texts/{ID}.txt": "{"e" * 63}g"}}',
    f'{{"texts/{ID}.txt": 1}}',
    '["../victim.txt"]',
    "[[]]",
    "1",
    '{"texts/',
    "[" * 100_000,
)


@pytest.mark.parametrize("files", STRANGE)
def test_a_row_that_names_what_is_no_file_of_its_own_cannot_be_read(tmp_path: Path, files: str) -> None:
    data = tmp_path / "data"
    with writer(data) as ledger:
        entry = ledger.put(Entry("ab" * 32, "a.txt", "accepted"), {f"texts/{ID}.txt": "x"})
        sound = ledger.claimed()
        assert sound == ledger.owned()
        assert ledger.entries() == [entry] and set(ledger.owned()) == set(entry.digests) == {f"texts/{ID}.txt"}
        with ledger.connection:
            ledger.connection.execute("UPDATE documents SET files = ?", [files])
        with suppress(DataFolderError):  # it may say what it likes, which is only compared with what there is
            assert ledger.claimed() != sound
        readings: tuple[Callable[[], object], ...] = (
            lambda: ledger.entries()[0].digests,
            ledger.owned,
            lambda: ledger.bury(Removed(entry.sha256, "", ""), ()),
            lambda: ledger.put(entry, {}),
        )
        for read in readings:
            with pytest.raises(DataFolderError, match="ledger cannot be read"):
                read()
    with pytest.raises(DataFolderError, match="ledger cannot be read"), writer(data):
        pass
    assert (data / "texts" / f"{ID}.txt").read_text() == "x"

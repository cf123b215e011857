"""The lock of a data folder, and what its ledger may say of files."""

import subprocess
import sys
from pathlib import Path

import pytest

from server.data_folder.folder import DataFolderError, held
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

"""What the tests share: the sample documents, the installed command, and a data folder made of the samples."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples" / "documents"
COMMAND = Path(sys.executable).parent / "kommungraf"

# The installed command may be of another checkout: what a test starts runs the code that the test is of.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))

# The same examples each time, and as long as a busy machine takes for them.
settings.register_profile("everywhere", deadline=None, derandomize=True)
settings.load_profile("everywhere")

Done = subprocess.CompletedProcess[str]


def kommungraf(*arguments: str | Path, cwd: Path = ROOT) -> Done:
    """Run the installed command."""
    return subprocess.run([COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=300)


@contextmanager
def only_once(folder: Path) -> Iterator[bool]:
    """Whether a folder that all processes of the tests share has still to be filled: others wait until that is done."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not (folder / "complete").exists()
        (folder / "complete").touch()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of the tests have."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def command() -> Callable[..., Done]:
    return kommungraf


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every sample document; for reading only."""
    data = tmp_path_factory.mktemp("samples") / "data"
    done = kommungraf("ingest", SAMPLES, "--data", data)
    assert done.returncode == 0, done.stderr
    return data

"""A Virtuoso for the tests of this folder, and the sample documents as a data folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SAMPLES, kommungraf
from tests.engines import data, virtuoso
from tests.engines.virtuoso import Virtuoso


@pytest.fixture(scope="session")
def engine() -> Iterator[Virtuoso]:
    """A running Virtuoso; a test is skipped, with the reason, where it cannot be had."""
    try:
        with virtuoso.running() as server:
            yield server
    except virtuoso.Unavailable as error:
        pytest.skip(f"no Virtuoso here: {error}")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data.small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def samples_with_refused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every sample document, those that are refused too."""
    folder = tmp_path_factory.mktemp("with-refused") / "data"
    done = kommungraf("ingest", SAMPLES, SAMPLES.parent / "refused", "--data", folder)
    assert done.returncode == 0, done.stderr
    return folder

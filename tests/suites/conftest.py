"""One server for all suites of this folder; each test publishes what it asks for."""

from collections.abc import Iterator

import pytest

from tests.suites.manifests import SPARQL
from tests.suites.service import Served, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if not SPARQL.is_dir():
        pytest.skip("../shared/suites, the W3C's suites, is absent")
    with serving(tmp_path_factory.mktemp("suites")) as running:
        yield running

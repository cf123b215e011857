"""A browser, and the site over a graph of invented documents: made once, served by every process of the tests."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, kommungraf, only_once
from tests.engines.serving import served
from tests.server.data import Server
from tests.site import chromium, pages
from tests.site.pages import Kind
from tests.site.visit import Contexts, Visit

HOSTILE = ROOT / "tests" / "site" / "hostile"
INVENTED = (SAMPLES, SAMPLES.parent / "refused", *sorted((ROOT / "tests" / "layouts").glob("*.txt")), HOSTILE)
SHARED = ROOT.parent / "shared"
REAL = tuple(SHARED / name for name in ("corpus", "examples"))
ERASED = "Erik Glömdén"

Open = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="package")
def contexts() -> Iterator[Contexts]:
    """One browser; a test is skipped, with the reason, where none can be had. It lasts as long as this folder's tests:
    while Playwright runs, its thread can run no other event loop."""
    try:
        with chromium.running() as browser:
            yield Contexts(browser)
    except chromium.Unavailable as error:
        pytest.skip(f"no Chromium here: {error}")


def made(folder: Path, *documents: Path) -> Path:
    """A data folder of documents, as the program makes it; the first who asks makes it."""
    with only_once(folder) as first:
        if first:
            commands: list[tuple[str | Path, ...]] = [("ingest", *documents)]
            if HOSTILE in documents:
                commands += [("erase", "--name", ERASED, "--ground", "Artikel 17"), ("export",)]
            for command in commands:
                done = kommungraf(*command, "--data", folder / "data")
                assert done.returncode in {0, 2, 3}, done.stderr  # some documents are refused, or in quarantine
    return folder / "data"


@pytest.fixture(scope="session")
def together(shared_folder: Path) -> Path:
    return shared_folder / "site"


@pytest.fixture(scope="package")
def invented(together: Path) -> Iterator[Server]:
    with served(made(together / "invented", *INVENTED)) as site:
        yield site.server


@pytest.fixture(scope="package")
def real(together: Path) -> Iterator[Server]:
    if not SHARED.is_dir():
        pytest.skip("no real documents here: ../shared is absent")
    with served(made(together / "real", *filter(Path.is_dir, REAL))) as site:
        yield site.server


@pytest.fixture(scope="package")
def found(invented: Server) -> Mapping[str, str]:
    """An address of each kind of page."""
    return pages.addresses(invented)


@pytest.fixture(scope="package")
def found_real(real: Server) -> Mapping[str, str]:
    return pages.addresses(real)


@pytest.fixture
def visit(contexts: Contexts, invented: Server) -> Open:
    """Opens an address of the site over invented documents."""
    return partial(contexts.visit, f"http://127.0.0.1:{invented.port}")


@pytest.fixture
def opened(visit: Open, found: Mapping[str, str]) -> Open:
    """Opens a page of a kind, which must be answered with the kind's status."""
    return partial(_opened, visit, found)


@pytest.fixture
def opened_real(contexts: Contexts, real: Server, found_real: Mapping[str, str]) -> Open:
    return partial(_opened, partial(contexts.visit, f"http://127.0.0.1:{real.port}"), found_real)


@contextmanager
def _opened(
    visit: Open, found: Mapping[str, str], kind: Kind, language: str = "sv", **options: object
) -> Iterator[Visit]:
    """As `visit`, of a kind of page and in a language."""
    assert kind.name in found, f"the graph has no {kind.name}"
    address = pages.in_language(found[kind.name], language)
    with visit(address, **options) as seen:
        assert seen.status == kind.status, f"{address} is answered {seen.status}"
        yield seen

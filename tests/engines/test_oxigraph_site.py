"""The site over an engine that trusts whoever asks it: nothing that a client sends may reach beyond it, or end it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.remote import engine_load
from server.remote.engine import Address
from tests.attacks import nesting, reaching, runner
from tests.attacks.attack import Arena, Attack, attempt
from tests.attacks.conftest import publish
from tests.engines.data import with_engine
from tests.engines.serving import Site, oxigraph, served

DEEP = [
    each for each in nesting.attacks() if "over 64" not in each.name and " of " not in each.name or "'<'" in each.name
]
ATTACKS = [*reaching.attacks(), *DEEP]


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    with oxigraph() as (address, process):
        yield address
        assert process.poll() is None


@pytest.fixture(scope="module")
def site(address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site") / "data"
    publish(folder)
    with_engine(address, lambda remote: engine_load.load(remote, folder))
    with served(folder, "--store", address.query) as site:
        yield site


@pytest.fixture(scope="module")
def arena(site: Site) -> Arena:
    return runner.arena("127.0.0.1", site.server.port)


@pytest.mark.parametrize(("number", "attack"), list(enumerate(ATTACKS)), ids=[each.name for each in ATTACKS])
def test_nothing_is_reached_from_there(arena: Arena, number: int, attack: Attack) -> None:
    row = attempt(arena, attack, number)
    assert not row.wrong, f"expected {attack.expected}, got {row.got}: {'; '.join(row.wrong)}"


def test_a_page_says_that_the_engine_does_not_answer(tmp_path: Path) -> None:
    publish(folder := tmp_path / "data")
    with oxigraph() as (address, process):
        with_engine(address, lambda remote: engine_load.load(remote, folder))
        with served(folder, "--store", address.query) as site:
            assert site.server.get("/data").status == 200
            process.terminate()
            process.wait(10)
            for path in ("/", "/browse/bodies?lang=en", "/quality?lang=en", "/sparql?query=ASK%7B%7D&lang=en"):
                got = site.server.get(path, "text/html" if "query=" not in path else "application/json")
                assert got.status == 503 and "ingest" not in got.text, path
                assert ("does not answer" if "lang=en" in path else "svarar inte") in got.text, path

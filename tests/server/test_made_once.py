"""What is made of the published data is made once for each version, and never given after what it tells was erased."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest

from server.asking import QueryFailed
from server.made_once import MadeOnce
from server.site import Site
from server.storage import sealed, snapshot
from tests.server.data import BASE

FIRST, SECOND, THIRD = ("0" * 15 + each for each in "123")


def publish(data_dir: Path, version: str, loaded: int | None = 1) -> None:
    """Publish a version that goes back to a load of all files."""
    folder = snapshot.folder_of(data_dir, version)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / snapshot.ABOUT).write_bytes(sealed.written({"version": version, "loaded": loaded}))
    snapshot.pointer(data_dir).write_text(version)


@dataclass
class Maker:
    """Tells the version that it saw, and how often it was asked; it waits while it is held."""

    begun: Event = field(default_factory=Event)
    free: Event = field(default_factory=Event)
    made: int = 0
    meanwhile: Callable[[], None] = lambda: None
    fails: bool = False

    def __call__(self, site: Site) -> tuple[str | None, int]:
        self.made += 1
        seen = snapshot.current_version(site.data_dir), self.made
        self.begun.set()
        assert self.free.wait(20)
        self.meanwhile()
        if self.fails:
            raise QueryFailed("timeout")
        return seen


@pytest.fixture
def maker() -> Maker:
    maker = Maker()
    maker.free.set()
    return maker


@pytest.fixture
def site(tmp_path: Path) -> Site:
    publish(tmp_path, FIRST)
    return Site(tmp_path, BASE, cast(Any, None))


def test_it_is_made_when_wanted_and_once_for_each_version(site: Site, maker: Maker) -> None:
    once = MadeOnce(maker)
    assert once.ready(site) is None and once.latest(site) is None and maker.made == 0
    assert once.at(site) == once.at(site) == once.ready(site) == once.latest(site) == (FIRST, 1)
    publish(site.data_dir, SECOND)
    assert once.ready(site) is None and once.at(site) == once.at(site) == (SECOND, 2)
    publish(site.data_dir, FIRST)
    assert once.at(site) == (FIRST, 3)
    once.forget()
    assert once.ready(site) is None and once.at(site) == (FIRST, 4)


def test_one_makes_it_and_the_others_wait(site: Site, maker: Maker) -> None:
    once = MadeOnce(maker)
    maker.free.clear()
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(once.at, site) for _ in range(4)]
        assert maker.begun.wait(20) and once.ready(site) is None and once.latest(site) is None
        maker.free.set()
        assert {each.result(20) for each in asked} == {(FIRST, 1)}


def test_who_need_not_wait_has_the_latest_where_nothing_was_erased(site: Site, maker: Maker) -> None:
    once = MadeOnce(maker)
    once.at(site)
    publish(site.data_dir, SECOND)
    maker.begun.clear()
    maker.free.clear()
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(once.at, site)
        assert maker.begun.wait(20)
        assert once.latest(site) == (FIRST, 1) and once.ready(site) is None
        maker.free.set()
        assert asked.result(20) == once.latest(site) == (SECOND, 2)


@pytest.mark.parametrize("loaded", [2, None])
def test_nobody_has_what_may_be_erased(site: Site, maker: Maker, loaded: int | None) -> None:
    once = MadeOnce(maker)
    once.at(site)
    publish(site.data_dir, SECOND, loaded)
    assert once.latest(site) is None and once.at(site) == (SECOND, 2)
    publish(site.data_dir, THIRD, loaded)
    assert once.latest(site) == ((SECOND, 2) if loaded else None)


def test_what_was_begun_of_an_earlier_version_is_not_kept(site: Site, maker: Maker) -> None:
    once = MadeOnce(maker)
    maker.meanwhile = lambda: publish(site.data_dir, SECOND, 2)
    assert once.at(site) == (FIRST, 1)
    maker.meanwhile = lambda: None
    publish(site.data_dir, FIRST)
    assert once.ready(site) is None and once.latest(site) is None and once.at(site) == (FIRST, 2)


def test_who_waits_while_something_is_erased_has_what_is_left(site: Site, maker: Maker) -> None:
    once = MadeOnce(maker)
    maker.free.clear()
    with ThreadPoolExecutor(2) as threads:
        before = threads.submit(once.at, site)
        assert maker.begun.wait(20)
        publish(site.data_dir, SECOND, 2)
        after = threads.submit(once.at, site)
        maker.free.set()
        assert before.result(20) == (FIRST, 1) and after.result(20) == (SECOND, 2)


def test_a_failure_is_told_and_not_kept(site: Site, maker: Maker) -> None:
    once = MadeOnce(maker)
    maker.fails = True
    with pytest.raises(QueryFailed):
        once.at(site)
    maker.fails = False
    assert once.ready(site) is None and once.at(site) == (FIRST, 2)


def test_nothing_is_kept_where_nothing_is_published_or_for_another_site(
    tmp_path: Path, site: Site, maker: Maker
) -> None:
    once = MadeOnce(maker)
    nowhere, other = tmp_path / "nowhere", Site(site.data_dir, "https://other.example", site.pool)
    assert once.at(Site(nowhere, BASE, site.pool)) == (None, 1) and once.at(Site(nowhere, BASE, site.pool)) == (
        None,
        2,
    )
    assert once.at(site) == (FIRST, 3) and once.ready(other) is None and once.latest(other) is None
    assert once.at(other) == (FIRST, 4) and once.ready(site) is None


def test_what_an_engine_elsewhere_told_is_made_anew_when_it_is_loaded(site: Site, maker: Maker) -> None:
    once, holds = MadeOnce(maker), [FIRST]
    other = replace(site, elsewhere=lambda: holds[0])
    publish(site.data_dir, SECOND, 2)  # without something that the engine has still
    assert once.at(other) == once.at(other) == (SECOND, 1)
    holds[0] = SECOND
    assert once.ready(other) is None and once.latest(other) is None and once.at(other) == (SECOND, 2)
    publish(site.data_dir, THIRD, 2)
    assert once.ready(other) is None and once.latest(other) == (SECOND, 2)

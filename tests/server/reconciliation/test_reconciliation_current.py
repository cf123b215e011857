"""The index for reconciliation is renewed beside the requests: who waits for it, and who never may have an old one."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, cast

import pytest

from server.app import create_app
from server.asking import QueryFailed, Rows, Term
from server.processes.evaluation import rows
from server.reconciliation.current import Current
from server.reconciliation.index import Index
from server.site import Site
from server.storage import snapshot, store
from tests.server.reconciliation.reconciliation_data import BASE, publish

NAME, NEW = "André Sandelin", "André Sandelius"
BEGINNING = "/reconciliation/suggest/entity?prefix=andr"


@dataclass
class Held:
    """An engine that answers only while nobody holds it."""

    data: Path
    prefixes: dict[str, str] = field(default_factory=dict)
    free: Event = field(default_factory=Event)
    asked: int = 0
    fails: bool = False

    def rows(self, text: str, limit: int = 1000, seconds: float | None = None) -> Rows:
        self.asked += 1
        assert self.free.wait(20)
        if self.fails:
            raise QueryFailed("crash")
        opened = snapshot.open_current(self.data)
        try:
            told = rows(opened.store.query(text), limit)
        finally:
            opened.close()
        table = tuple(tuple(None if term is None else Term(*term) for term in row) for row in told["rows"])
        return Rows(tuple(told["variables"]), table, told["more"], None, "solutions")


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def change(data: Path) -> None:
    """Publish the data with another name, upon the version before."""
    [document] = (data / "documents").glob("*.nq")
    document.unlink()  # the store has a link to it
    publish(data, (NAME, NEW))


def names(index: Index) -> set[str]:
    return {each.name for each in index.all}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Current, Site, Held]]:
    """An index that is kept, of a site whose data are published, before anybody asked for it."""
    publish(tmp_path)
    engine, current = Held(tmp_path), Current()
    site = Site(tmp_path, BASE, cast(Any, engine))
    loop = asyncio.new_event_loop()
    keeping = loop.create_task(current.keep(site))
    thread = Thread(target=lambda: loop.run_until_complete(asyncio.wait([keeping])))
    thread.start()
    engine.free.set()
    yield current, site, engine
    engine.free.set()
    loop.call_soon_threadsafe(keeping.cancel)
    thread.join(20)
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def ready(current: Current, site: Site) -> bool:
    return current.made.ready(site) is not None


def test_it_is_built_before_anybody_asks(kept: tuple[Current, Site, Held]) -> None:
    current, site, engine = kept
    until(lambda: ready(current, site) and current._is_kept)
    asked = engine.asked
    index, is_of_this_version = current.index(site)
    assert is_of_this_version and NAME in names(index) and engine.asked == asked


def test_nobody_waits_after_a_publication(kept: tuple[Current, Site, Held]) -> None:
    current, site, engine = kept
    until(lambda: ready(current, site) and current._is_kept)
    engine.free.clear()
    change(site.data_dir)
    app = create_app(site)
    app.extensions["kommungraf-reconciliation"] = current
    got = app.test_client().get(BEGINNING)
    assert (got.status_code, got.headers["Cache-Control"]) == (200, "no-store") and 'Sandelin"' in got.text
    engine.free.set()
    until(lambda: ready(current, site))
    got = app.test_client().get(BEGINNING)
    assert (got.status_code, got.headers["Cache-Control"]) == (200, "no-cache")
    assert NEW in names(current.index(site)[0]) and NAME not in names(current.index(site)[0])


def test_what_may_be_erased_is_not_given_again(kept: tuple[Current, Site, Held]) -> None:
    current, site, engine = kept
    until(lambda: ready(current, site) and current._is_kept)
    engine.free.clear()
    change(site.data_dir)
    store.rebuild(site.data_dir, BASE)  # as every erasure does
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(current.index, site)
        with pytest.raises(TimeoutError):
            asked.result(0.5)
        engine.free.set()
        index, is_of_this_version = asked.result(20)
    assert is_of_this_version and NAME not in names(index)


def test_who_asks_is_told_where_it_cannot_be_built(kept: tuple[Current, Site, Held]) -> None:
    current, site, engine = kept
    until(lambda: ready(current, site) and current._is_kept)
    engine.fails = True
    change(site.data_dir)
    until(lambda: not current._is_kept)
    with pytest.raises(QueryFailed):
        current.index(site)
    engine.fails = False
    assert NEW in names(current.index(site)[0])

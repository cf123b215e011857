"""The pages of things as files, made by processes side by side. Each has the store and the application that makes the
pages in itself: what pages ask is answered without a way between processes, and once for all pages of a thing."""

import gc
import io
import multiprocessing
import os
import signal
from collections.abc import Collection, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote

import pyoxigraph as ox
from flask import Flask

from server import pages
from server.app import create_app
from server.asking import QueryFailed
from server.blocking import Blocking
from server.catalogue.publisher import Publisher
from server.export.direct import Direct
from server.export.page_as_file import FIRST, RDF, WHOLE, as_file, at, described
from server.export.there import HasPage, pages_there, standing
from server.processes import evaluation, isolation
from server.site import Site
from server.storage import authority, snapshot
from server.things import dereferencing, resources

LANGUAGES: Final = ("sv", "en")
HTML: Final = {"Accept": "text/html"}
SHARE: Final = 50  # things that a process makes the pages of at a time
AHEAD: Final = 2  # shares for each process that are given out


@dataclass(frozen=True, slots=True)
class Settings:
    """What the processes have in common; `version` is that of the store, `web` the address of the site, which is the
    publisher's where there is one."""

    data_dir: Path
    version: str
    base: str
    folder: Path
    web: str
    publisher: Publisher | None


@dataclass(frozen=True, slots=True)
class Share:
    """What came of some things: how many there were, the files made, and the paths that cannot be files."""

    things: int
    files: int
    left_out: list[str]


@dataclass(slots=True)
class Maker:
    """What makes the files of things, in a process of its own."""

    settings: Settings
    engine: Direct
    site: Site
    app: Flask
    has_page: HasPage
    files: int = 0

    def thing(self, path: str) -> bool:
        """The Turtle of a thing and its page in each language; False where it cannot be a file, is gone, or has
        another name now. Raises QueryFailed where there is no page."""
        self.engine.forget()
        found = standing(self.settings.data_dir, self.settings.base, self.engine, path)
        if found is None:
            return False
        place, (iri, stands) = described(path), found
        self._write(f"{place}/{RDF}", self._turtle(iri))
        for language in LANGUAGES:
            page = self._page(iri, stands.classes, place, language)
            html = as_file(page, place, language, language == FIRST, self.has_page)
            self._write(f"{at(place, language)}/index.html", html)
        return True

    def _turtle(self, iri: str) -> bytes:
        base, out = self.settings.base, io.BytesIO()
        query = resources.rdf_query(base, iri, dereferencing.document_iri(base, iri))
        triples = cast(Iterator[ox.Triple], self.engine.store.query(query, base_iri=self.engine.endpoint))
        evaluation.with_prefixes(triples, "turtle", dict(self.engine.prefixes), out)
        return out.getvalue()

    def _page(self, iri: str, classes: Collection[str], path: str, language: str) -> bytes:
        """The page that the service has at this path."""
        asked = {"lang": language, "part": WHOLE}
        with self.app.test_request_context(quote(path), self.settings.base, query_string=asked, headers=HTML):
            response = pages.resource(self.site, iri, classes)
        if response.status_code != 200:
            raise QueryFailed("engine", message=f"{path}: {response.status_code}")
        return response.get_data()

    def _write(self, path: str, content: bytes) -> None:
        write(self.settings.folder, path, content)
        self.files += 1


def write(folder: Path, path: str, content: bytes) -> None:
    """Write the file that a web host sends for a path."""
    file = folder / path.lstrip("/")
    try:
        file.write_bytes(content)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def made_side_by_side(settings: Settings, paths: Iterable[str]) -> Generator[Share]:
    """Make the files of the things at these paths, decoded, with a process for each core, a share at a time. No
    process writes any more when it is closed.

    Raises QueryFailed where a page cannot be made or a process ends, and OSError where a file cannot be written.
    """
    processes = len(os.sched_getaffinity(0))
    anew = multiprocessing.get_context("spawn")  # a fork would have threads and a store of its parent
    pool = ProcessPoolExecutor(processes, anew, _begin, (settings, os.getpid()))
    waiting: set[Future[Share]] = set()
    left = iter(paths)
    try:
        while share := list(islice(left, SHARE)):
            if len(waiting) >= AHEAD * processes:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in done)
            waiting.add(pool.submit(_make, share))
        yield from (each.result() for each in waiting)
    except BrokenProcessPool as error:
        raise QueryFailed("crash") from error
    finally:
        pool.shutdown(cancel_futures=True)


_maker: Maker


def _begin(settings: Settings, parent: int) -> None:
    global _maker
    isolation.die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the work
    store = snapshot.open_version(settings.data_dir, settings.version).store
    engine = Direct(store, authority.prefixes(settings.base), f"{settings.base}/sparql")
    site = Site(settings.data_dir, settings.base, cast(Blocking, engine), settings.publisher, settings.web)
    has_page = pages_there(settings.data_dir, settings.base, engine)
    _maker = Maker(settings, engine, site, create_app(site), has_page)
    gc.freeze()


def _make(paths: list[str]) -> Share:
    before = _maker.files
    left_out = [path for path in paths if not _maker.thing(path)]
    return Share(len(paths), _maker.files - before, left_out)

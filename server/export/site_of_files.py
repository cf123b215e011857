"""A site of files: everything that the service says of what is published, for a web host that runs no program.

DIR/index.html, DIR/en/…    the pages in Swedish, and in English
DIR/doc/{path}/index.html   what is said of <base>/id/{path}, and index.ttl, the same in Turtle
DIR/dumps/                  the dump (server.export.dumps)
DIR/data/                   how to have the data, what is not published, corrections, accessibility
DIR/ns/, alignments/ …      the vocabulary, and its files as they are
DIR/datasets/quality/       what is measured of the data
DIR/datasets/dcat.rdf …     the catalogue, where it is told who publishes
DIR/feed/                   the change feed, where there is one
DIR/404.html, DIR/.kommungraf-site
"""

import asyncio
import ctypes
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph as ox

import ontology
from ontology import documented
from server.asking import QueryFailed
from server.catalogue import page as catalogue_page
from server.catalogue.publisher import Publisher
from server.export import dumps
from server.export.dumping import ExportFailed, export, told_of
from server.export.inside import Inside, inside
from server.export.page_as_file import FIRST, RDF, as_file, at, described
from server.export.statistics import subjects
from server.export.things import LANGUAGES, Settings, made_side_by_side, write
from server.feed import served as feed_served
from server.quality import graph as quality_graph
from server.site import CONCEPT, NS
from server.storage import snapshot
from server.storage.versions import delete

MARK: Final = ".kommungraf-site"
STATIC: Final = Path(__file__).parents[1] / "static"
NODE: Final = "https://w3id.org/tree#node"
CATALOGUE: Final = (("application/rdf+xml", "dcat.rdf"), ("text/turtle", "dcat.ttl"))
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Made:
    """What was made: how many things have pages, how many files there are, and the paths that cannot be files."""

    version: str
    things: int = 0
    files: int = 0
    left_out: list[str] = field(default_factory=list)


def publish(
    data_dir: Path,
    target: Path,
    web: str | None = None,
    progress: Progress = lambda *_: None,
    publisher: Publisher | None = None,
) -> Made:
    """Write the site to a folder that is new, empty or such a site; that one stays until the new one is whole.
    Without a publisher there is no catalogue; `web` is the address of the service where it is not the publisher's.

    Raises ExportFailed, NothingPublished, and Damaged where the store is not what was published.
    """
    _check(target, data_dir)
    web = web or (publisher.web if publisher else None)
    dump = export(data_dir, web).dump
    place = target.resolve()
    making = place.with_name(f".{place.name}.making-{os.getpid()}")
    with told_of(target):
        _sweep(place)
        try:
            made = _made(data_dir, making, dump, web, progress, publisher)
            if snapshot.about(data_dir)["version"] != dump.version:
                raise ExportFailed(
                    f"{data_dir}: något nytt publicerades medan sidorna gjordes; kör samma kommando igen.\n"
                    f"{data_dir}: something new was published while the pages were made; run the same command again."
                )
            _exchange(making, place)
        except QueryFailed as failure:
            raise ExportFailed(
                f"Sidorna kunde inte göras ({failure}): kör samma kommando igen.\n"
                f"The pages could not be made ({failure}): run the same command again."
            ) from failure
        finally:
            if making.exists():
                delete(making)
    return made


def _made(
    data_dir: Path,
    folder: Path,
    dump: dumps.Dump,
    web: str | None,
    progress: Progress,
    publisher: Publisher | None,
) -> Made:
    made = Made(dump.version)
    (folder / "dumps").mkdir(parents=True)
    for file in dump.files:
        shutil.copyfile(dumps.folder_of(data_dir, dump.version) / file.name, folder / "dumps" / file.name)
    (folder / "dumps" / dumps.MANIFEST).write_bytes(dump.json())
    made.files += len(dump.files) + 1
    asyncio.run(_but_things(data_dir, folder, made, web, publisher))
    _things(data_dir, folder, made, publisher, progress)
    (folder / MARK).write_text(json.dumps({"version": dump.version, "made": dump.made}) + "\n", "utf-8")
    return made


async def _but_things(data_dir: Path, folder: Path, made: Made, web: str | None, publisher: Publisher | None) -> None:
    """Everything that is there once, and the canonical texts."""
    base = str(snapshot.about(data_dir)["base"])
    async with inside(data_dir, base, max(2, os.cpu_count() or 1), publisher) as service:
        writer = Writer(folder, service, made)
        for path in ("/", "/dumps/", "/data"):
            await writer.page(path)
        for path in ("/ns", f"/ns/{documented.header(FIRST).version}", "/alignments", quality_graph.PATH):
            await writer.thing(path)
        await writer.others()
        if publisher:
            await writer.catalogue()
        if feed_served.of(data_dir):
            await writer.feed(f"{web or base}/feed")
        await _texts(data_dir, base, writer)


def _things(data_dir: Path, folder: Path, made: Made, publisher: Publisher | None, progress: Progress) -> None:
    """The pages of all things."""
    opened = snapshot.open_current(data_dir)
    try:
        base = str(snapshot.about_version(data_dir, opened.version)["base"])
        total = sum(1 for _ in _paths(opened.store, base))
        settings = Settings(data_dir, opened.version, base, folder, publisher)
        for share in made_side_by_side(settings, _paths(opened.store, base)):
            made.things += share.things
            made.files += share.files
            made.left_out += share.left_out
            progress(made.things, total)
    finally:
        opened.close()


async def _texts(data_dir: Path, base: str, writer: "Writer") -> None:
    """The canonical texts of what is published."""
    opened = snapshot.open_current(data_dir)
    try:
        texts = opened.store.quads_for_pattern(None, ox.NamedNode(f"{NS}canonicalText"), None, ox.DefaultGraph())
        for quad in texts:
            if isinstance(quad.object, ox.NamedNode):
                await writer.text(quad.object.value.removeprefix(base))
    finally:
        opened.close()


def _paths(store: ox.Store, base: str) -> Iterator[str]:
    """The paths, decoded, of all things that the service describes."""
    for iri, _ in subjects(store):
        if iri.startswith(f"{base}/id/"):
            yield iri.removeprefix(base)
        elif iri.startswith(CONCEPT):
            yield "/concept/" + iri.removeprefix(CONCEPT)


@dataclass(frozen=True, slots=True)
class Writer:
    """What asks the service for pages and writes them."""

    folder: Path
    service: Inside
    made: Made

    async def thing(self, path: str) -> None:
        """The pages of a thing, and its Turtle."""
        place = described(path)
        turtle = await self.service.get(path, "text/turtle")
        if turtle.status != 200 or turtle.type != "text/turtle":
            self.made.left_out.append(path)  # gone, or it has another name now
            return
        self._write(f"{place}/{RDF}", turtle.body)
        await self.page(path, place, rdf=True)

    async def text(self, path: str) -> None:
        """A canonical text."""
        got = await self.service.get(path, "text/plain")
        if got.status == 200 and got.type == "text/plain":
            self._write(described(path), got.body)
        else:
            self.made.left_out.append(path)

    async def page(self, path: str, place: str | None = None, rdf: bool = False) -> None:
        """A page in each language; raises QueryFailed where there is none."""
        for language in LANGUAGES:
            got = await self.service.get(path, "text/html", f"lang={language}")
            if got.status != 200:
                raise QueryFailed("engine", message=f"{path}: {got.status}")
            where = place if place is not None else path
            html = as_file(got.body, where, language, rdf and language == FIRST)
            self._write(f"{at(where, language).rstrip('/')}/index.html", html)

    async def others(self) -> None:
        """What pages need, the page for what is missing, the context, and the files of the alignments."""
        for file in sorted(each for each in STATIC.iterdir() if each.is_file()):
            await self.file(f"/static/{file.name}")
        missing = await self.service.get("/404", "text/html", f"lang={FIRST}")
        self._write("/404.html", as_file(missing.body, "/", FIRST, False))
        await self.file("/context.jsonld")
        for each in ontology.alignment_sets():
            await self.file(f"/alignments/{each.name}.sssom.tsv")

    async def file(self, path: str, accept: str = "*/*", place: str | None = None) -> None:
        """What is at a path, as it is; raises QueryFailed where it is not there in that media type."""
        got = await self.service.get(path, accept)
        if got.status != 200 or accept not in {"*/*", got.type}:
            raise QueryFailed("engine", message=f"{path}: {got.status} {got.type}")
        self._write(place or path, got.body)

    async def catalogue(self) -> None:
        """The catalogue, of the files alone; raises QueryFailed where the service has none."""
        for media_type, name in CATALOGUE:
            await self.file(catalogue_page.PATH, media_type, f"/datasets/{name}")
            file = self.folder / "datasets" / name
            file.write_bytes(catalogue_page.of_files(file.read_bytes(), media_type))

    async def feed(self, address: str) -> None:
        """The pages of the feed as they are; its root, which stands in a folder here, with whole addresses."""
        root = await self.service.get("/feed", "application/trig")
        if root.status != 200:
            raise QueryFailed("engine", message=f"/feed: {root.status}")
        quads = list(ox.parse(root.body, format=ox.RdfFormat.TRIG, base_iri=address))
        self._write("/feed/index.trig", ox.serialize(quads, format=ox.RdfFormat.TRIG) or b"")
        nodes = (
            each.object.value
            for each in quads
            if each.predicate.value == NODE and isinstance(each.object, ox.NamedNode)
        )
        for path in dict.fromkeys(urlsplit(node).path for node in nodes):
            await self.file(path, "application/trig")

    def _write(self, path: str, content: bytes) -> None:
        write(self.folder, path, content)
        self.made.files += 1


def _check(target: Path, data_dir: Path) -> None:
    """Raises ExportFailed for a folder that holds something else, lies in the data folder, or has it in itself."""
    place, data = target.resolve(), data_dir.resolve()
    if place.is_relative_to(data) or data.is_relative_to(place):
        raise ExportFailed(
            f"{target} och datamappen ligger i varandra: ange en mapp utanför {data_dir}.\n"
            f"{target} and the data folder lie in each other: give a folder outside {data_dir}."
        )
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).is_file():
        raise ExportFailed(
            f"{target} är inte tom och ingen webbplats som publish har gjort: ange en ny eller tom mapp.\n"
            f"{target} is not empty and no site that publish made: give a new or empty folder."
        )
    if target.exists() and not target.is_dir():
        raise ExportFailed(f"{target} är ingen mapp: ange en annan.\n{target} is not a folder: give another one.")


def _sweep(place: Path) -> None:
    """Remove what those left who were killed while they made a site for this place."""
    for left_over in place.parent.glob(f".{place.name}.making-*"):
        if not Path("/proc", left_over.name.rpartition("-")[2]).exists():
            delete(left_over)


def _exchange(made: Path, target: Path) -> None:
    """Put a finished folder in the place of another in one step, where the system can (renameat2(2)), and remove that
    other one."""
    if not target.exists():
        made.rename(target)
        return
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(here, os.fsencode(made), here, os.fsencode(target), exchange):
        old = made.with_name(f"{made.name}-old")
        target.rename(old)
        made.rename(target)
        old.rename(made)
    delete(made)

"""A site of files: everything that the service says of what is published, for a web host that runs no program.

DIR/index.html, DIR/en/…    the pages in Swedish, and in English
DIR/doc/{path}/index.html   what is said of <base>/id/{path}, and index.ttl, the same in Turtle
DIR/dumps/                  the dump (server.export.dumps)
DIR/data/                   how to have the data, what is not published, corrections, accessibility
DIR/ns/, alignments/ …      the vocabulary, and its files as they are
DIR/datasets/quality/       what is measured of the data
DIR/datasets/dcat.rdf …     the catalogue, where it is told who publishes
DIR/feed/                   the change feed, where there is one
DIR/404.html, DIR/.kommungraf-site…
"""

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph as ox

import ontology
from ontology import documented
from server.asking import QueryFailed
from server.catalogue import page as catalogue_page
from server.catalogue.publisher import Publisher
from server.export import dumps, site_in_place, void
from server.export.direct import Direct, rows_of
from server.export.dumping import ExportFailed, export, offer_of, told_of
from server.export.inside import Inside, inside
from server.export.page_as_file import FIRST, RDF, as_file, at, described
from server.export.statistics import count, subjects
from server.export.there import HasPage, pages_there
from server.export.things import LANGUAGES, Settings, made_side_by_side, write
from server.feed import served as feed_served
from server.quality import graph as quality_graph
from server.site import CONCEPT, NS
from server.storage import snapshot
from server.storage.versions import delete

STATIC: Final = Path(__file__).parents[1] / "static"
NODE: Final = "https://w3id.org/tree#node"
TEXT: Final = ox.NamedNode(f"{NS}canonicalText")
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
    """Write the site to a folder that is new, empty or such a site; that one stays until the new one is whole, and
    what its owner put there is in the new one too. Without a publisher there is no catalogue; `web` is the address of
    the site where it is not the publisher's.

    Raises ExportFailed, NothingPublished, and Damaged where the store is not what was published.
    """
    site_in_place.check(target, data_dir)
    dump = export(data_dir, publisher=publisher, take_any=True).dump
    place = target.resolve()
    making = place.with_name(f".{place.name}.making-{os.getpid()}")
    with told_of(target):
        site_in_place.sweep(place)
        try:
            made = _made(data_dir, making, dump, web, progress, publisher)
            if snapshot.about(data_dir)["version"] != dump.version:
                raise ExportFailed(
                    f"{data_dir}: något nytt publicerades medan sidorna gjordes; kör samma kommando igen.\n"
                    f"{data_dir}: something new was published while the pages were made; run the same command again."
                )
            site_in_place.take_over(making, place)
            site_in_place.exchange(making, place)
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
    dump, offer = _copied(data_dir, folder / "dumps", dump, web, publisher)
    here = replace(publisher, web=offer.web) if publisher else None
    made.files += len(dump.files) + 1
    with _with_dump(data_dir, folder, dump) as told:
        asyncio.run(_but_things(told, folder, made, offer.web, here))
    _things(data_dir, folder, made, offer.web, here, progress)
    site_in_place.finish(folder, json.dumps({"version": dump.version, "made": dump.made}) + "\n")
    return made


def _copied(
    data_dir: Path, target: Path, dump: dumps.Dump, web: str | None, publisher: Publisher | None
) -> tuple[dumps.Dump, dumps.Offer]:
    """The dump as the site has it, and how it is offered there: its description names the address of the site, and no
    SPARQL service."""
    target.mkdir(parents=True)
    for file in dump.files:
        if file.name != void.NAME:
            shutil.copyfile(dumps.folder_of(data_dir, dump.version) / file.name, target / file.name)
    opened = snapshot.open_current(data_dir)
    try:
        about = snapshot.about_version(data_dir, opened.version)
        base, at = str(about["base"]), str(about["published"])
        offer = offer_of(partial(rows_of, opened.store), base, web, publisher)
        told = void.write_void(target, count(opened.store, base), base, offer, dump.files, at, service=False)
    finally:
        opened.close()
    files = tuple(told if file.name == void.NAME else file for file in dump.files)
    found = replace(dump, files=files, offer=offer)
    (target / dumps.MANIFEST).write_bytes(found.json())
    return found, offer


@contextmanager
def _with_dump(data_dir: Path, folder: Path, dump: dumps.Dump) -> Iterator[Path]:
    """The data folder with another list of dump files, of which pages and the catalogue tell."""
    told = folder / ".data"
    dumps.folder_of(told, dump.version).mkdir(parents=True)
    (dumps.folder_of(told, dump.version) / dumps.MANIFEST).write_bytes(dump.json())
    (dumps.root(told) / "current").write_text(dump.version, "ascii")
    for each in data_dir.resolve().iterdir():
        if each.name != dumps.root(told).name:
            (told / each.name).symlink_to(each)
    try:
        yield told
    finally:
        delete(told)


async def _but_things(data_dir: Path, folder: Path, made: Made, web: str, publisher: Publisher | None) -> None:
    """Everything that is there once, and the canonical texts."""
    base = str(snapshot.about(data_dir)["base"])
    opened = snapshot.open_current(data_dir)
    try:
        has_page = pages_there(data_dir, base, Direct(opened.store, {}, f"{base}/sparql"))
        async with inside(data_dir, base, max(2, os.cpu_count() or 1), publisher, web) as service:
            writer = Writer(folder, service, made, has_page)
            for path in ("/", "/dumps/", "/data"):
                await writer.page(path)
            for path in ("/ns", f"/ns/{documented.header(FIRST).version}", "/alignments", quality_graph.PATH):
                await writer.thing(path)
            await writer.others()
            if publisher:
                await writer.catalogue()
            if feed_served.of(data_dir):
                await writer.feed(f"{web}/feed")
            for quad in opened.store.quads_for_pattern(None, TEXT, None, ox.DefaultGraph()):
                if isinstance(quad.object, ox.NamedNode):
                    await writer.text(quad.object.value.removeprefix(base))
    finally:
        opened.close()


def _things(
    data_dir: Path, folder: Path, made: Made, web: str, publisher: Publisher | None, progress: Progress
) -> None:
    """The pages of all things."""
    opened = snapshot.open_current(data_dir)
    try:
        base = str(snapshot.about_version(data_dir, opened.version)["base"])
        total = sum(1 for _ in _paths(opened.store, base))
        settings = Settings(data_dir, opened.version, base, folder, web, publisher)
        with closing(made_side_by_side(settings, _paths(opened.store, base))) as shares:
            for share in shares:
                made.things += share.things
                made.files += share.files
                made.left_out += share.left_out
                progress(made.things, total)
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
    has_page: HasPage

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
            html = as_file(got.body, where, language, rdf and language == FIRST, self.has_page)
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

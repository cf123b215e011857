"""The change feed over HTTP: /feed is the stream and its root node, /feed/PAGE a page (LDES 1.0, TREE).

What a page says is written once (server.feed.log); other formats than TriG are made from it. Turtle and N-Triples are
offered for the root alone: they cannot say what a member holds, which stands in a named graph.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, request

from server import messages
from server.asking import QueryFailed
from server.data_folder.files import content
from server.feed import files as feed_files
from server.feed import log
from server.feed import pages as feed_pages
from server.feed.files import Broken
from server.feed.index import Page
from server.messages import Problem
from server.pages import shared, shown, told, unknown_format
from server.site import Site
from server.storage import sealed
from server.web import negotiation
from server.web.negotiation import GRAPHS, HTML, Format

feed = Blueprint("feed", __name__)

PAGES: Final = tuple(GRAPHS[name] for name in ("trig", "nquads", "jsonld"))
ROOT: Final = (*PAGES, *(GRAPHS[name] for name in ("turtle", "ntriples")))
FULL: Final = "public, max-age=31536000, immutable"
GROWING: Final = "public, max-age=60"
PAGE: Final = re.compile(r"([0-9a-f]{8})-([1-9]\d{0,11})(?:-([1-9]\d{0,11}))?\Z")
WRITTEN: Final = {
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
}


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was at some moment; `epoch` tells it from one that was begun anew."""

    folder: Path
    epoch: str
    pages: tuple[Page, ...]

    def root(self) -> bytes:
        """The root node, in TriG with relative IRIs (its own is feed)."""
        return feed_pages.root(self.epoch, self.pages)

    def text(self, page: Page) -> bytes:
        """A page, in TriG with relative IRIs (its own is feed/NAME). Raises Broken."""
        return feed_files.read(self.folder / "pages", page) if page.file else b""


def of(data_dir: Path) -> Feed | None:
    """The feed of a data folder, or None where nothing was told yet or it is not readable."""
    folder = log.folder_of(data_dir)
    try:
        told = sealed.read(content(folder / log.MANIFEST))
        return Feed(folder, told["epoch"], tuple(Page(**page) for page in told["pages"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        logging.getLogger("kommungraf").error("the change feed is not readable: %s", error)
        return None


@feed.get("/feed")
def stream() -> Response:
    """The stream and its root node."""
    found = of(Site.current().data_dir)
    return _none() if found is None else _answer(found.root(), ROOT, GROWING)


@feed.get("/feed/<name>")
def page(name: str) -> Response:
    """A page."""
    error: Exception | None = None
    for _ in range(5):  # the page that grows may be written anew between the look at the manifest and the file
        found = of(Site.current().data_dir)
        if found is None:
            return _none()
        meant = _meant(found, name)
        if isinstance(meant, Problem):
            return _refused(meant)
        try:
            return _answer(found.text(meant), PAGES, FULL if meant.closed else GROWING)
        except (Broken, OSError) as broken:
            error = broken
    logging.getLogger("kommungraf").error("a page of the change feed is damaged: %s", error)
    return _none()


@feed.get("/feed/member/<name>")
def member(name: str) -> Response:
    """Leads to the page that a member is on (303)."""
    found, match = of(Site.current().data_dir), PAGE.match(name)
    if found is None:
        return _none()
    for each in found.pages if match and match[1] == found.epoch and not match[3] else ():
        if each.first <= int(match[2]) <= each.last and each.members:  # type: ignore[index]
            return _led(f"../{each.name(found.epoch)}")
    return _refused(_GONE if match else _MISSING)


@feed.get("/feed/record/<name>")
def record(name: str) -> Response:
    """Leads to the stream (303): a record is known by its members alone."""
    return _led("../../feed") if PAGE.match(name) else _refused(_MISSING)


@feed.get("/feed/")
@feed.get("/feed/<path:rest>")
def nothing(rest: str = "") -> Response:
    """Any other address under the stream's."""
    return _refused(_MISSING)


feed.after_request(shared)


_MISSING: Final = Problem(
    404,
    "Det finns ingen sådan sida i ändringsflödet: /feed leder till alla.",
    "There is no such page in the change feed: /feed leads to all of them.",
    {"kind": "not-found"},
)
_GONE: Final = Problem(
    410,
    "Sidan finns inte längre, för något på den raderades eller flödet börjades om: /feed leder till dem som finns.",
    "The page is gone, since something on it was erased or the feed was begun anew: /feed leads to those there are.",
    {"kind": "removed"},
)


def _meant(found: Feed, name: str) -> Page | Problem:
    match = PAGE.match(name)
    if not match:
        return _MISSING
    there = next((each for each in found.pages if each.number == int(match[2])), None)
    if match[1] == found.epoch and (there is None or int(match[3] or 1) > there.generation):
        return _MISSING
    served = there is not None and (there.members or not there.closed) and there.name(found.epoch) == name
    return there if there and served else _GONE


def _answer(body: bytes, offers: Sequence[Format], caching: str) -> Response:
    asked = request.args.get("format")
    accept = request.headers.get("Accept")
    chosen = negotiation.by_name(asked, offers) if asked else negotiation.choose(accept, tuple(offers))
    if chosen is None:
        return unknown_format(offers)
    if chosen.format is not GRAPHS["trig"]:
        parsed = ox.parse(body, format=ox.RdfFormat.TRIG, base_iri=Site.current().web + request.path)
        graph = chosen.format not in PAGES
        terms = (quad.triple if graph else quad for quad in parsed)
        body = ox.serialize(terms, format=WRITTEN[chosen.format.name]) or b""
    response = Response(body, content_type=negotiation.content_type(chosen.media_type))
    response.headers["Cache-Control"] = caching
    response.headers["Vary"] = "Accept"
    return response


def _led(place: str) -> Response:
    response = redirect(place, 303)
    assert isinstance(response, Response)
    response.autocorrect_location_header = False
    return response


def _none() -> Response:
    return _refused(messages.of_failure(QueryFailed("unavailable"), "", {}))


def _refused(problem: Problem) -> Response:
    """A problem: a page for browsers; JSON for those who accept anything, who would get TriG if all were well."""
    chosen = negotiation.choose(request.headers.get("Accept"), (*ROOT, HTML))
    if "format" in request.args or chosen is None or chosen.format is not HTML:
        return told(problem)
    response = shown(problem)
    response.headers["Cache-Control"] = "no-store"
    return response

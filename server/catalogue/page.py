"""/datasets/dcat: the catalogue that open-data portals harvest, in RDF/XML unless asked otherwise (DIGG's rules), and
/datasets/…: what it names, as pages for people."""

import re
from typing import Final, get_args
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, jsonify, redirect, request
from werkzeug.wrappers import Response as Redirect

from server.catalogue import graph, openapi
from server.catalogue.access import Profile
from server.catalogue.facts import DumpFile, Facts, dump_files, facts, has_feed
from server.catalogue.publisher import FILE, Publisher
from server.catalogue.shown import Told, dataset
from server.catalogue.terms import DCAT, DCTERMS, PREFIXES, is_a
from server.export.dumps_page import size
from server.made_once import MadeOnce
from server.messages import Problem
from server.pages import missing, page, shared, shown, told, unknown_format
from server.processes.evaluation import GRAPHS as ENGINE_FORMATS
from server.quality import page as quality_page
from server.site import Site, is_iri, page_language
from server.storage import snapshot
from server.web import negotiation
from server.web.negotiation import GRAPHS, HTML

catalogue = Blueprint("catalogue", __name__)

PATH: Final = "/datasets/dcat"
PROFILES: Final[tuple[Profile, ...]] = get_args(Profile)
FORMATS: Final = (GRAPHS["rdfxml"], *(each for name, each in GRAPHS.items() if name != "rdfxml"))
OFFERS: Final = (*FORMATS, HTML)
_DECLARED: Final = re.compile(rb'(?:@prefix [^\n]*\n)+|(?: xmlns:\w+="[^"]*")+')
_DECLARATION: Final = re.compile(rb'@prefix [^\n]*\n| xmlns:\w+="[^"]*"')
UNSAID: Final = Problem(
    404,
    f"Här finns ingen katalog ännu: skriv {FILE} i datamappen (se docs/catalogue.md) och starta om.",
    f"There is no catalogue yet: write {FILE} in the data folder (see docs/catalogue.md) and restart.",
    {"kind": "not-configured"},
)


@catalogue.get(PATH)
def dcat() -> Response:
    """The catalogue; `profile` chooses between the rules of Sweden and those of the EU where they conflict."""
    site = Site.current()
    profile = next((each for each in PROFILES if each == request.args.get("profile", PROFILES[0])), None)
    asked = request.args.get("format")
    accept = request.headers.get("Accept")
    chosen = negotiation.by_name(asked, OFFERS) if asked else negotiation.choose(accept, OFFERS)
    if site.publisher is None:
        return _unsaid(chosen)
    if profile is None:
        names = ", ".join(PROFILES)
        return told(
            Problem(406, f"Profilen finns inte; det här finns: {names}.", f"No such profile; these are: {names}.")
        )
    if chosen is None:
        return unknown_format(OFFERS)
    if chosen.format is HTML:
        return dataset_page(site, site.publisher, f"{site.base}/datasets/all")
    body = serialised(graph_of(site, site.publisher, profile), chosen.format.name)
    response = Response(body, content_type=negotiation.content_type(chosen.media_type))
    response.headers["X-Data-Version"] = snapshot.about(site.data_dir)["version"]
    response.headers["Vary"] = "Accept"
    for other in OFFERS:
        address = f"{PATH}?{urlencode({'format': other.name, 'profile': profile})}"
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{other.media_type}"')
    return response


@catalogue.get("/datasets/<path:name>")
def entry(name: str) -> Response | Redirect:
    """What the catalogue names has its description in the catalogue; a dataset has a page of its own for people."""
    site = Site.current()
    iri = f"{site.base}/datasets/{name}"
    if not is_iri(iri):
        return missing(request.path)
    chosen = negotiation.choose(request.headers.get("Accept"), OFFERS)
    if site.publisher is None:
        measured = any(triple.subject == ox.NamedNode(iri) for triple in quality_page.graph(site))
        return _unsaid(chosen) if measured else missing(request.path)
    named = graph_of(site, site.publisher, PROFILES[0])
    if not any(triple.subject == ox.NamedNode(iri) for triple in named):
        return missing(request.path)
    of = f"/datasets/{name.partition('/')[0]}"
    for_people = chosen and chosen.format is HTML and is_a(site.base + of, DCAT + "Dataset") in named
    if for_people and site.base + of == iri:
        return dataset_page(site, site.publisher, iri)
    response = redirect(site.address(of) if for_people else PATH, 303)
    response.headers["Link"] = f'<{PATH}>; rel="describedby"'
    response.headers["Vary"] = "Accept"
    return response


def _unsaid(chosen: negotiation.Choice | None) -> Response:
    """That there is no catalogue, to people or to a program."""
    return shown(UNSAID) if chosen and chosen.format is HTML else told(UNSAID)


def dataset_page(site: Site, publisher: Publisher, iri: str) -> Response:
    """A dataset of the catalogue for people: that of everything lists the others too. It tells of the dumps, which
    change without a new version of the data, and is not kept."""
    read = Told(said(site, publisher, PROFILES[0]), page_language())
    whole = f"{site.base}/datasets/all"
    named = {each: read.one(each, DCTERMS + "title") for each in read.datasets()}
    others = [(title, site.address(each.removeprefix(site.base))) for each, title in named.items() if each != whole]
    response = page(
        "dataset.html",
        shown=dataset(read, iri),
        whole=None if iri == whole else (named[whole], site.address("/datasets/all")),
        others=sorted(others) if iri == whole else [],
        size=size,
        catalogue=PATH,
        formats=FORMATS,
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Link"] = f'<{PATH}>; rel="describedby"'
    return response


@catalogue.get(openapi.PATH)
def description() -> Response:
    """What programs may ask of this service (OpenAPI 3.1), for dcat:endpointDescription."""
    site = Site.current()
    rules = {rule.rule.partition("<")[0] for rule in current_app.url_map.iter_rules()}
    return jsonify(openapi.document(site.web, rules))


catalogue.after_request(shared)


def graph_of(site: Site, publisher: Publisher, profile: Profile) -> list[ox.Triple]:
    """The catalogue of what is published now. Raises QueryFailed, and Damaged where the dumps cannot be read."""
    return [*said(site, publisher, profile), *quality_page.graph(site)]


def said(site: Site, publisher: Publisher, profile: Profile) -> list[ox.Triple]:
    """The same without what is measured of the datasets."""
    files: tuple[DumpFile, ...] = dump_files(site.data_dir)
    return graph.catalogue(publisher, site.base, FACTS.at(site), files, has_feed(site.data_dir), profile)


def _facts(site: Site) -> Facts:
    return facts(site.pool.rows, snapshot.about(site.data_dir))


FACTS: Final = MadeOnce(_facts)


def of_files(written: bytes, media_type: str) -> bytes:
    """A catalogue as the service gives it in a media type, as it is where nothing but files is offered."""
    [form] = [each.name for each in FORMATS if each.media_type == media_type]
    told = (quad.triple for quad in ox.parse(written, format=ENGINE_FORMATS[form]))
    return serialised(graph.without_service(told), form)


def serialised(triples: list[ox.Triple], form: str) -> bytes:
    """The catalogue in a graph format of server.web.negotiation, by its name; the same bytes for the same
    statements."""
    prefixes = PREFIXES if form in {"turtle", "trig", "rdfxml"} else {}
    written = ox.serialize(triples, format=ENGINE_FORMATS[form], prefixes=prefixes) or b""
    declared = _DECLARED.search(written)  # the engine declares prefixes in any order
    if not declared:
        return written
    parts = sorted(_DECLARATION.findall(declared[0]))
    return written[: declared.start()] + b"".join(parts) + written[declared.end() :]

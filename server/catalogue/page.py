"""/datasets/dcat: the catalogue that open-data portals harvest, in RDF/XML unless asked otherwise (DIGG's rules)."""

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
from server.catalogue.terms import PREFIXES
from server.made_once import MadeOnce
from server.messages import Problem
from server.pages import missing, shared, told, unknown_format
from server.processes.evaluation import GRAPHS as ENGINE_FORMATS
from server.quality import page as quality_page
from server.site import Site, is_iri
from server.storage import snapshot
from server.web import negotiation
from server.web.negotiation import GRAPHS

catalogue = Blueprint("catalogue", __name__)

PATH: Final = "/datasets/dcat"
PROFILES: Final[tuple[Profile, ...]] = get_args(Profile)
OFFERS: Final = (GRAPHS["rdfxml"], *(each for name, each in GRAPHS.items() if name != "rdfxml"))
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
    if site.publisher is None:
        return told(UNSAID)
    if profile is None:
        names = ", ".join(PROFILES)
        return told(
            Problem(406, f"Profilen finns inte; det här finns: {names}.", f"No such profile; these are: {names}.")
        )
    asked = request.args.get("format")
    accept = request.headers.get("Accept")
    chosen = negotiation.by_name(asked, OFFERS) if asked else negotiation.choose(accept, OFFERS)
    if chosen is None:
        return unknown_format(OFFERS)
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
    """What the catalogue names has its description in the catalogue."""
    site = Site.current()
    iri = f"{site.base}/datasets/{name}"
    if (
        is_iri(iri)
        and site.publisher
        and any(triple.subject == ox.NamedNode(iri) for triple in graph_of(site, site.publisher, PROFILES[0]))
    ):
        response = redirect(PATH, 303)
        response.headers["Link"] = f'<{PATH}>; rel="describedby"'
        return response
    return missing(request.path)


@catalogue.get(openapi.PATH)
def description() -> Response:
    """What programs may ask of this service (OpenAPI 3.1), for dcat:endpointDescription."""
    site = Site.current()
    rules = {rule.rule.partition("<")[0] for rule in current_app.url_map.iter_rules()}
    return jsonify(openapi.document(site.web, rules))


catalogue.after_request(shared)


def graph_of(site: Site, publisher: Publisher, profile: Profile) -> list[ox.Triple]:
    """The catalogue of what is published now. Raises QueryFailed, and Damaged where the dumps cannot be read."""
    files: tuple[DumpFile, ...] = dump_files(site.data_dir)
    found = graph.catalogue(publisher, site.base, FACTS.at(site), files, has_feed(site.data_dir), profile)
    return [*found, *quality_page.graph(site)]


def _facts(site: Site) -> Facts:
    return facts(site.pool.rows, snapshot.about(site.data_dir))


FACTS: Final = MadeOnce(_facts)


def of_files(written: bytes, media_type: str) -> bytes:
    """A catalogue as the service gives it in a media type, as it is where nothing but files is offered."""
    [form] = [each.name for each in OFFERS if each.media_type == media_type]
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

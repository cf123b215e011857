"""/atom/…: what a body decided and what happens to a case, as Atom feeds (RFC 4287)."""

import re
from typing import Final

from flask import Blueprint, Response, request
from lxml import etree

from server import pages
from server.nodes import Nodes, ask
from server.site import Site, iri_ref, is_iri, page_language
from server.views.case import CONCERNS
from server.views.events import AROUND, Event, events
from server.views.opinion import opinions, outcome_name
from server.views.view import names
from server.wording import words

atom = Blueprint("atom", __name__)

ENTRIES: Final = 50
MEDIA_TYPE: Final = "application/atom+xml"
ATOM: Final = "{http://www.w3.org/2005/Atom}"
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@atom.get("/atom/body/<path:path>")
def of_a_body(path: str) -> Response:
    """The latest §§ of a body's minutes."""
    site = Site.current()
    iri = f"{site.base}/id/body/{path}"
    if not is_iri(iri):
        return pages.missing(request.path)
    ref = iri_ref(iri)
    latest = (
        f"{{ SELECT ?t WHERE {{ ?m kg:heldBy {ref} ; kg:date ?date . ?t kg:treatedAt ?m }} "
        f"ORDER BY DESC(?date) STR(?t) LIMIT {ENTRIES} }}"
    )
    nodes = ask(
        site, f"{{ BIND({ref} AS ?s) }} UNION {{ {latest} BIND(?t AS ?s) }} UNION {{ {latest} ?t {AROUND} ?s }}"
    )
    return feed(site, iri, nodes, nodes.text(iri, "rdfs:label"))


@atom.get("/atom/case/<path:path>")
def of_a_case(path: str) -> Response:
    """The latest events of a case."""
    site = Site.current()
    iri = f"{site.base}/id/case/{path}"
    if not is_iri(iri):
        return pages.missing(request.path)
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ ?s kg:partOfCase|{CONCERNS} {ref} }} "
        f"UNION {{ ?t {CONCERNS} {ref} . ?t {AROUND} ?s }}",
    )
    return feed(site, iri, nodes, nodes.text(iri, "dcterms:identifier"))


def feed(site: Site, iri: str, nodes: Nodes, title: str | None) -> Response:
    """The events among the nodes as a feed, the newest first; 404 where the thing is not known."""
    if title is None:
        return pages.missing(request.path)
    language = page_language()
    found = sorted((each for each in events(site, nodes) if each.date), key=lambda each: each.date, reverse=True)
    named, told = names(site, language, nodes), words(language)
    here = site.web + request.path
    updated = _time(found[0].date) if found else "1970-01-01T00:00:00Z"
    root = etree.Element(ATOM + "feed", {LANGUAGE: language}, nsmap={None: ATOM[1:-1]})  # type: ignore[dict-item]
    _text(root, "id", here)
    _text(root, "title", f"{named.of_body(iri) or title} – {told['site']}")
    _text(root, "updated", updated)
    etree.SubElement(root, ATOM + "link", rel="self", type=MEDIA_TYPE, href=site.web + site.address(request.path))
    etree.SubElement(root, ATOM + "link", rel="alternate", type="text/html", href=site.web + (site.link(iri) or "/"))
    _text(etree.SubElement(root, ATOM + "author"), "name", told["site"])
    shown = found[:ENTRIES]
    answers = opinions(site, [each.iri for each in shown if each.outcomes])
    for each in shown:
        _entry(root, site, each, [outcome_name(outcome, each.iri, answers, named) for outcome in each.outcomes])
    content = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    response = Response(content, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _entry(feed: etree._Element, site: Site, event: Event, outcomes: list[str]) -> None:
    entry = etree.SubElement(feed, ATOM + "entry")
    _text(entry, "id", event.iri)
    _text(entry, "title", f"§ {event.number} {event.title}" if event.number else event.title)
    _text(entry, "updated", _time(event.date))
    page = site.web + (site.link(event.iri) or "/")
    etree.SubElement(entry, ATOM + "link", rel="alternate", type="text/html", href=page)
    if outcomes:
        _text(entry, "summary", ", ".join(outcomes))


def _text(parent: etree._Element, name: str, text: str) -> None:
    """An element with a text, less the characters that XML 1.0 does not allow (2.2)."""
    etree.SubElement(parent, ATOM + name).text = FORBIDDEN.sub("", text)


def _time(day: str) -> str:
    """The day as a time, as RFC 4287 wants it (3.3)."""
    return f"{day[:10]}T00:00:00Z"

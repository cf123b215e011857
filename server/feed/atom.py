"""/atom/…: what a body decided and what happens to a case, as Atom feeds (RFC 4287).

An entry is new when its document was read here, not when the meeting was held: minutes come weeks later, and old ones
may come any day. A reader of feeds that asks now and then must find them among the first.
"""

import re
from dataclasses import dataclass
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
TOLD_BY: Final = f"{AROUND}|prov:wasGeneratedBy"
"""What of a § or an item an entry is told by, beside itself: also the run of the program that read it."""
IN_UTC: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)")
FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event and when it came to be known here, both as times of RFC 3339. `published` is empty without a day."""

    event: Event
    published: str
    updated: str


@atom.get("/atom/body/<path:path>")
def of_a_body(path: str) -> Response:
    """The §§ of a body's minutes that were read last."""
    site = Site.current()
    iri = f"{site.base}/id/body/{path}"
    if not is_iri(iri):
        return pages.missing(request.path)
    ref = iri_ref(iri)
    latest = site.pool.rows(
        f"{site.prologue}SELECT ?t WHERE {{ ?m kg:heldBy {ref} ; kg:date ?date . ?t kg:treatedAt ?m . "
        "OPTIONAL { ?t prov:wasGeneratedBy ?run . ?run prov:endedAtTime ?read } } "
        f"GROUP BY ?t ORDER BY DESC(MAX(?read)) DESC(MAX(?date)) STR(?t) LIMIT {ENTRIES}",
        ENTRIES,
    )
    these = f"VALUES ?t {{ {' '.join(iri_ref(row[0].value) for row in latest.rows if row[0])} }}"
    nodes = ask(
        site, f"{{ BIND({ref} AS ?s) }} UNION {{ {these} BIND(?t AS ?s) }} UNION {{ {these} ?t {TOLD_BY} ?s }}"
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
        f"UNION {{ ?t {CONCERNS} {ref} . ?t {TOLD_BY} ?s }} "
        f"UNION {{ ?t kg:partOfCase {ref} . ?t prov:wasGeneratedBy ?s }}",
    )
    return feed(site, iri, nodes, nodes.text(iri, "dcterms:identifier"))


def feed(site: Site, iri: str, nodes: Nodes, title: str | None) -> Response:
    """The events among the nodes as a feed, what was read last first; 404 where the thing is not known."""
    if title is None:
        return pages.missing(request.path)
    language = page_language()
    entries = [_entry(nodes, each) for each in events(site, nodes)]
    found = [each for each in entries if each.updated]
    found.sort(key=lambda each: (each.updated, each.published), reverse=True)
    named, told = names(site, language, nodes), words(language)
    here = site.web + request.path
    root = etree.Element(ATOM + "feed", {LANGUAGE: language}, nsmap={None: ATOM[1:-1]})  # type: ignore[dict-item]
    _text(root, "id", here)
    _text(root, "title", f"{named.of_body(iri) or title} – {told['site']}")
    _text(root, "updated", found[0].updated if found else "1970-01-01T00:00:00Z")
    etree.SubElement(root, ATOM + "link", rel="self", type=MEDIA_TYPE, href=site.web + site.address(request.path))
    etree.SubElement(root, ATOM + "link", rel="alternate", type="text/html", href=site.web + (site.link(iri) or "/"))
    _text(etree.SubElement(root, ATOM + "author"), "name", told["site"])
    shown = found[:ENTRIES]
    answers = opinions(site, [each.event.iri for each in shown if each.event.outcomes])
    for each in shown:
        said = [outcome_name(outcome, each.event.iri, answers, named) for outcome in each.event.outcomes]
        _tell(root, site, each, said)
    content = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    response = Response(content, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _entry(nodes: Nodes, event: Event) -> Entry:
    """When it happened is when the source published it, and when its document was last read is when it was updated
    (RFC 4287, 4.2.9 and 4.2.15); where that is not known, the day must do."""
    runs = nodes.iris(event.iri, "prov:wasGeneratedBy")
    ends = [IN_UTC.fullmatch(end) for run in runs for end in nodes.texts(run, "prov:endedAtTime")]
    day = f"{event.date[:10]}T00:00:00Z" if event.date else ""
    return Entry(event, day, max((f"{end[1]}Z" for end in ends if end), default=day))


def _tell(feed: etree._Element, site: Site, told: Entry, outcomes: list[str]) -> None:
    event = told.event
    entry = etree.SubElement(feed, ATOM + "entry")
    _text(entry, "id", event.iri)
    _text(entry, "title", f"§ {event.number} {event.title}" if event.number else event.title)
    if told.published:
        _text(entry, "published", told.published)
    _text(entry, "updated", told.updated)
    page = site.web + (site.link(event.iri) or "/")
    etree.SubElement(entry, ATOM + "link", rel="alternate", type="text/html", href=page)
    if outcomes:
        _text(entry, "summary", ", ".join(outcomes))


def _text(parent: etree._Element, name: str, text: str) -> None:
    """An element with a text, less the characters that XML 1.0 does not allow (2.2)."""
    etree.SubElement(parent, ATOM + name).text = FORBIDDEN.sub("", text)

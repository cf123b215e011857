"""The vocabulary for people and programs: /ns and its version, the JSON-LD context, the alignments."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from flask import Blueprint, Response, make_response, request

import ontology
from ontology import documented as documentation
from server import pages
from server.messages import Problem
from server.site import CONCEPT, NS, Site, page_language
from server.sparql import protocol
from server.things import nearby
from server.vocabulary import diagram, graph, words
from server.web import negotiation
from server.web.negotiation import GRAPHS, HTML, OFFERS

vocabulary = Blueprint("vocabulary", __name__)

TOPICS: Final = ("organisations", "meetings", "cases", "decisions", "reports", "provenance", "corrections")
AUTHORITY: Final = ("party", "municipality", "county")  # lists too long to be read among the definitions
NAMED: Final = {f"{namespace}": prefix for prefix, namespace in ontology.PREFIXES.items()}


@vocabulary.get("/ns")
def namespace() -> Response:
    """The ontology: a page with every term, to which /ns#Term leads, or RDF."""
    return _answer("ontology", "/ns", "vocabulary.html", _page)


@vocabulary.get("/ns/<version>")
def versioned(version: str) -> Response:
    """The version that is published here; any other is gone, and the answer says which there is, and which terms are
    near."""
    header = documentation.header(page_language())
    if version != header.version:
        told = words.both("no_such_version", current=header.version, asked=version)
        near, site = nearby.terms(version), Site.current()
        links = [(ontology.label(each, page_language()), site.link(each) or each) for each in near]
        more = {"kind": "not-found"} | ({"near": near} if near else {})
        return pages.shown(Problem(404, *told, more), links=links)
    return _answer("ontology", f"/ns/{version}", "vocabulary.html", _page)


@vocabulary.get("/alignments")
def alignments() -> Response:
    """How our terms stand to those of other vocabularies: a page, or the graph of the alignments."""
    return _answer(
        "alignments", "/alignments", "alignments.html", lambda language: {"sets": ontology.alignment_sets()}
    )


@vocabulary.get("/alignments/<name>.sssom.tsv")
def alignment_set(name: str) -> Response:
    """One set of alignments, as it stands in its file."""
    for found in ontology.alignment_sets():
        if found.name == name:
            return _file(found.path.read_bytes(), "text/tab-separated-values; charset=utf-8")
    return pages.missing(request.path)


@vocabulary.get("/context.jsonld")
@vocabulary.get("/ontology/context.jsonld")
def context() -> Response:
    """The JSON-LD context of the vocabulary."""
    return _file(_context(), "application/ld+json")


@cache
def _context() -> bytes:
    return ontology.context_file().read_bytes()


def _file(content: bytes, content_type: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers.extend(pages.named(protocol.CORS))
    return response


def _answer(what: str, path: str, template: str, told: Any) -> Response:
    """A page, or the RDF of what it tells; with links to all that there is."""
    asked = request.args.get("format")
    accept = request.headers.get("Accept")
    chosen = negotiation.by_name(asked, OFFERS) if asked else negotiation.choose(accept, OFFERS)
    if chosen is None:
        return pages.unknown_format(OFFERS)
    if chosen.format is HTML:
        language = page_language()
        response = pages.page(
            template, own=words.words(language), formats=list(GRAPHS.values()), ns=NS, **told(language)
        )
    else:
        content = graph.serialised(what, chosen.format.name)
        response = make_response(_file(content, negotiation.content_type(chosen.media_type)))
        response.headers["Vary"] = "Accept"
    for offer in OFFERS:
        response.headers.add("Link", f'<{path}?format={offer.name}>; rel="alternate"; type="{offer.media_type}"')
    return response


def _page(language: str) -> Mapping[str, object]:
    terms = documentation.documented(language)
    return {
        "header": documentation.header(language),
        "terms": terms,
        "topics": [(topic, [each for each in terms.values() if each.topic == topic]) for topic in _topics(terms)],
        "drawn": {each.topic: each for each in diagram.diagrams(language)},
        "sizes": diagram,
        "schemes": _schemes(language),
        "stated_of": documentation.stated_of,
        "leading_to": documentation.leading_to,
        "shown": _shown,
    }


def _topics(terms: Mapping[str, documentation.Documented]) -> list[str]:
    known = {each.topic for each in terms.values()}
    return [*(each for each in TOPICS if each in known), *sorted(known.difference(TOPICS))]


@cache
def _schemes(language: str) -> list[tuple[documentation.Concept, list[documentation.Concept], bool]]:
    """Each concept scheme with its concepts, and whether they are only named."""
    return [
        (documentation.scheme(name, language), documentation.members(name, language), name in AUTHORITY)
        for name in sorted(ontology.schemes(), key=lambda name: (name in AUTHORITY, name))
    ]


def _shown(iri: str) -> str:
    """An IRI as prefix:name where its namespace has a prefix."""
    at = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = NAMED.get(iri[:at])
    return f"{prefix}:{iri[at:]}" if prefix and not iri.startswith(CONCEPT) else iri

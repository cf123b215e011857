"""/data: what is published and how to have it, what is not, how to have it corrected, and how accessible the site is.

The statement of accessibility holds what DIGG asks for (lag 2018:1937, förordning 2018:1938, MDFFS 2019:2).
Beside it, for programs: /robots.txt (RFC 9309) and /.well-known/security.txt (RFC 9116).
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Blueprint, Response, request

from server import pages
from server.catalogue import page as catalogue_page
from server.catalogue.facts import Place
from server.catalogue.publisher_keys import CC0
from server.data_examples import QUERY, examples
from server.export import dumps
from server.export.dumps_page import size
from server.feed import served as feed_served
from server.site import Site, page_language
from server.start import figures_of
from server.storage import snapshot
from server.vocabulary import diagram as vocabulary_diagram
from server.vocabulary import words as vocabulary_words
from server.wording import words

data_page = Blueprint("data", __name__)

ASSESSED: Final = "2026-11-22"
"""The day on which it was last judged how accessible the site is: by the tests of tests/site, and by looking."""
DRAWN: Final = "cases"  # the part of the vocabulary that is shown as a diagram
VALID: Final = timedelta(days=180)  # of security.txt; RFC 9116, 2.5.5 recommends less than a year
UNCRAWLED: Final = (
    "/sparql?", "/search?", "/explore/decisions?", "/explore/motions?", "/rdf-graph-store", "/reconciliation",
)  # fmt: skip
"""What computes an answer for each of endlessly many questions; everything else may be read by everyone."""


@data_page.get("/data")
def shown() -> Response:
    """The page. It tells of the dumps too, which change without a new version of the data, and is not kept."""
    site, language = Site.current(), page_language()
    about, said = snapshot.about(site.data_dir), words(language)
    licence = site.publisher.licence if site.publisher else CC0
    figures = [(said[each], number) for each, number in figures_of(site).items() if number]
    facts = catalogue_page.FACTS.at(site)
    response = pages.page(
        "data.html",
        about=about,
        publisher=site.publisher,
        figures=figures,
        places=sorted(facts.places, key=lambda place: place.code),
        place_name=lambda place: place_name(place, language),
        licence=licence,
        licence_name=site.licence,
        imported=facts.imported,
        dump=dumps.current(site.data_dir),
        size=size,
        has_feed=feed_served.of(site.data_dir) is not None,
        examples=examples(site.web),
        query=QUERY,
        drawn=next(each for each in vocabulary_diagram.diagrams(language) if each.topic == DRAWN),
        sizes=vocabulary_diagram,
        own={**vocabulary_words.words(language), "place": site.address("/ns")},
        assessed=ASSESSED,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@data_page.get("/robots.txt")
def robots() -> Response:
    """What programs that follow every link should leave alone."""
    return _plain("User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in UNCRAWLED))


@data_page.get("/.well-known/security.txt")
def security() -> Response:
    """Whom to tell of a weakness: the contact of the publisher; 404 where nobody is named."""
    site = Site.current()
    if site.publisher is None:
        return pages.missing(request.path)
    until = (datetime.now(UTC) + VALID).strftime("%Y-%m-%dT00:00:00Z")
    response = _plain(
        f"Contact: mailto:{site.publisher.contact.email}\nExpires: {until}\nPreferred-Languages: sv, en\n"
        f"Canonical: {site.web}/.well-known/security.txt\n"
    )
    response.headers["Cache-Control"] = "no-store"  # the day of today is in it
    return response


def place_name(place: Place, language: str) -> str:
    """A municipality's name in a language, in another where it has none in that, or its code."""
    return place.names.get(language) or next(iter(place.names.values()), place.code)


def _plain(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")

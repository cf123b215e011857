"""/datasets/quality: how complete and how right the published data is, as a page and as RDF."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, request

from server import pages, printed
from server.alphabet import swedish
from server.made_once import MadeOnce
from server.processes.evaluation import GRAPHS as ENGINE_FORMATS
from server.quality.figures import Quality, Value, measure, percent
from server.quality.graph import PATH, PREFIXES, triples
from server.quality.metrics import METRICS, Metric
from server.site import Site, page_language
from server.sparql import protocol
from server.web import negotiation
from server.web.negotiation import GRAPHS, HTML, OFFERS
from server.wording import words

quality = Blueprint("quality", __name__)

LONGEST: Final = 60.0  # seconds of one query: it is asked once for each version
DATASET: Final = tuple(each for each in METRICS if each.dimension != "semanticAccuracy")
OF_THE_WHOLE: Final = {"quarantined-documents", "refused-documents", "imported-datasets"}
OF_PLACES: Final = tuple(each for each in DATASET if each.id not in OF_THE_WHOLE)


FIGURES: Final = MadeOnce[Quality](lambda site: measure(partial(site.pool.rows, seconds=LONGEST), site.base))


def graph(site: Site) -> list[ox.Triple]:
    """The measurements of all datasets, for the catalogue too: counted once per version. Raises QueryFailed."""
    return triples(FIGURES.at(site), site.base)


@quality.get(PATH)
def shown() -> Response:
    """The page, or the graph in the format asked for."""
    site, asked = Site.current(), request.args.get("format")
    accept = request.headers.get("Accept")
    chosen = negotiation.by_name(asked, OFFERS) if asked else negotiation.choose(accept, OFFERS)
    if chosen is None:
        return pages.unknown_format(OFFERS)
    if chosen.format is HTML:
        return _page(FIGURES.at(site))
    body = serialised(graph(site), chosen.format.name)
    response = Response(body, content_type=negotiation.content_type(chosen.media_type))
    response.headers.extend(pages.named(protocol.CORS))
    response.headers["Vary"] = "Accept"
    return response


@quality.get(f"{PATH}/<path:name>")
def one(name: str) -> Response:
    """A metric, a measurement or the benchmark: 303 to the document that says what it is."""
    site = Site.current()
    iri = ox.NamedNode(f"{site.base}{PATH}/{name}") if name.replace("/", "").replace("-", "").isalnum() else None
    if iri is None or not any(each.subject == iri for each in graph(site)):
        return pages.missing(request.path)
    response = redirect(PATH, 303, Response)
    assert isinstance(response, Response)
    response.headers.extend(pages.named(protocol.CORS))
    response.headers["Link"] = f'<{PATH}>; rel="describedby"'
    return response


def serialised(said: Sequence[ox.Triple], name: str) -> bytes:
    """Triples in a format of server.web.negotiation.GRAPHS, in the same way each time."""
    used = PREFIXES if name in {"turtle", "trig"} else None
    text = ox.serialize(sorted(said, key=str), format=ENGINE_FORMATS[name], prefixes=used) or b""
    lines = text.splitlines(keepends=True)
    head = [line for line in lines[: len(PREFIXES)] if line.startswith(b"@prefix ")]
    return b"".join([*sorted(head), *lines[len(head) :]])


def _page(figures: Quality) -> Response:
    english, said = page_language() == "en", words(page_language())
    places = [
        (place.names.get("en" if english else "sv", place.code), place.code, of) for place, of in figures.places
    ]
    return pages.page(
        "quality.html",
        metrics=[(*_words(each, english), _number(figures.whole.get(each.id), english)) for each in DATASET],
        columns=[_words(each, english)[0] for each in OF_PLACES],
        places=[
            (name, code, [_number(counted.get(each.id), english) for each in OF_PLACES])
            for name, code, counted in sorted(places, key=lambda each: (swedish(each[0]), each[1]))
        ],
        benchmark=figures.benchmark,
        kinds=[
            (
                said.get(f"quality_kind_{kind.replace(' ', '_')}", kind),
                [str(told[each]) for each in ("right", "extra", "missing")],
                [_number(Decimal(str(told[each])), english) for each in ("precision", "recall", "f1")],
            )
            for kind, told in figures.benchmark.kinds.items()
        ],
        formats=list(GRAPHS.values()),
    )


def _words(metric: Metric, english: bool) -> tuple[str, str]:
    return (metric.en, metric.meaning_en) if english else (metric.sv, metric.meaning_sv)


def _number(value: Value | None, english: bool) -> str:
    """As a reader expects it: shares in per cent, thousands apart."""
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return f"{printed.number(percent(value), 'en' if english else 'sv')} %"
    return f"{value:,}" if english else f"{value:,}".replace(",", "\u00a0")

"""Which form and language of an answer a request gets."""

import pytest

from server.web.negotiation import GRAPHS, HTML, RESULTS, alternatives, by_name, choose, language

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
RESULT_TABLE = [
    (None, "application/sparql-results+json"),
    ("", "application/sparql-results+json"),
    ("*/*", "application/sparql-results+json"),
    ("application/*", "application/sparql-results+json"),
    ("text/*", "text/csv"),
    ("text/csv", "text/csv"),
    ("TEXT/CSV", "text/csv"),
    ("text/csv; charset=utf-8", "text/csv"),
    ("text/csv;q=0.5, text/tab-separated-values;q=0.6", "text/tab-separated-values"),
    ("text/csv;q=0.5,text/tab-separated-values;q=0.5", "text/csv"),
    ("application/sparql-results+xml;q=1, */*;q=0.1", "application/sparql-results+xml"),
    ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
    ("*/*;q=0.5, application/sparql-results+json;q=0.1", "application/sparql-results+xml"),
    ("text/*;q=0, */*", "application/sparql-results+json"),
    ("application/json", "application/json"),
    ("application/xml", "application/xml"),
    ("text/xml, text/csv;q=0.9", "text/xml"),
    ("text/csv;q=0", None),
    ("*/*;q=0", None),
    ("image/png", None),
    ("text/turtle", None),
    ("nonsense", None),
    ("text/csv;q=2", None),
    ("*/csv", None),
    ("image/png, text/csv;q=0.001", "text/csv"),
    ('text/csv;note="a,b";q=0.3', "text/csv"),
    ("text/csv;header=present;q=0.2, text/csv;q=0.9, text/tab-separated-values;q=0.5", "text/csv"),
]
GRAPH_TABLE = [
    (None, "text/turtle"),
    ("application/ld+json", "application/ld+json"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', "application/ld+json"),
    ("application/rdf+xml, text/turtle;q=0.9", "application/rdf+xml"),
    ("application/n-triples;q=0.2, application/n-quads;q=0.8", "application/n-quads"),
    ("application/trig", "application/trig"),
    ("application/x-turtle", "application/x-turtle"),
    ("application/*", "application/n-triples"),
    ("text/html", None),
]


@pytest.mark.parametrize(("accept", "expected"), RESULT_TABLE)
def test_results(accept: str | None, expected: str | None) -> None:
    chosen = choose(accept, tuple(RESULTS.values()))
    assert (chosen.media_type if chosen else None) == expected


@pytest.mark.parametrize(("accept", "expected"), GRAPH_TABLE)
def test_graphs(accept: str | None, expected: str | None) -> None:
    chosen = choose(accept, tuple(GRAPHS.values()))
    assert (chosen.media_type if chosen else None) == expected


def test_a_browser_gets_html_and_a_program_does_not() -> None:
    offers = (*RESULTS.values(), HTML)
    for accept, name in ((BROWSER, "html"), ("*/*", "json"), ("text/html;q=0.5, application/json", "json")):
        chosen = choose(accept, offers)
        assert chosen is not None and chosen.format.name == name


def test_format_by_name_extension_or_media_type() -> None:
    for name in ("turtle", "ttl", "text/turtle", " Turtle "):
        chosen = by_name(name, tuple(GRAPHS.values()))
        assert chosen is not None and chosen.media_type == "text/turtle"
    assert by_name("pdf", tuple(GRAPHS.values())) is None


def test_alternatives_are_listed() -> None:
    assert alternatives(tuple(RESULTS.values())).split(", ")[2:] == ["text/csv", "text/tab-separated-values"]


@pytest.mark.parametrize(
    ("header", "asked", "expected"),
    [
        (None, None, "sv"),
        ("en-GB,en;q=0.9", None, "en"),
        ("sv-SE,sv;q=0.9,en;q=0.8", None, "sv"),
        ("de, en;q=0.3", None, "en"),
        ("en", "sv", "sv"),
        ("sv", "en", "en"),
        ("sv", "xx", "sv"),
    ],
)
def test_language(header: str | None, asked: str | None, expected: str) -> None:
    assert language(header, asked) == expected

"""What a page tells tabs, search engines and those who share it."""

import json
import re
from collections.abc import Iterator, Mapping

import pytest
from lxml import etree, html
from selectolax.lexbor import LexborHTMLParser

from server.printed import heading
from tests.server.data import Server
from tests.site.pages import KINDS, PREFIXES, Kind, in_language

OG = ("og:site_name", "og:title", "og:description", "og:type", "og:locale", "og:url")
RESULTS = "application/sparql-results+json"
SAME = {
    "document marked",
    "query rows",
    "query chart",
    "query graph",
    "query raw",
    "query no rows",
    "query error",
    "search empty",
}
"""Pages that another kind shows too: the same document, the same form."""


@pytest.mark.parametrize("language", ("sv", "en"))
def test_titles_tell_pages_apart(invented: Server, found: Mapping[str, str], language: str) -> None:
    pages: dict[str, list[str]] = {}
    for name in sorted(found.keys() - SAME):
        pages.setdefault(text(page_of(invented, found[name], language), "title"), []).append(name)
    assert {title: names for title, names in pages.items() if len(names) > 1 or not title} == {}


@pytest.mark.parametrize("language", ("sv", "en"))
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_page_says_its_language_and_what_it_is(
    invented: Server, found: Mapping[str, str], kind: Kind, language: str
) -> None:
    page = page_of(invented, found[kind.name], language)
    told = {name: meta(page, name) for name in OG}
    assert [name for name, value in told.items() if not value.strip()] == []
    assert told["og:title"] == text(page, "title")
    assert told["og:locale"] == {"sv": "sv_SE", "en": "en_GB"}[language]
    assert attribute(page, "html", "lang") == language
    assert attribute(page, ".site-header nav a[hreflang]", "lang") == {"sv": "en", "en": "sv"}[language]
    langs = {each.attributes["lang"] or "" for each in page.css("[lang]")}
    assert [each for each in langs if not re.fullmatch("[a-z]{2,3}(-[A-Za-z]+)?", each)] == []


@pytest.fixture(scope="module")
def titles(invented: Server) -> frozenset[str]:
    """The titles that documents give to what they tell of, but for those of one word, which may be names."""
    said = invented.ask(PREFIXES + "SELECT DISTINCT ?title WHERE { ?it dcterms:title ?title }", RESULTS)
    found = {" ".join(each["title"]["value"].split()) for each in json.loads(said.text)["results"]["bindings"]}
    return frozenset(each.casefold() for title in found for each in (title, heading(title)) if " " in each)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_title_of_a_swedish_document_is_marked_as_swedish_on_an_english_page(
    invented: Server, found: Mapping[str, str], titles: frozenset[str], kind: Kind
) -> None:
    """WCAG 2.1, 3.1.2: the language of parts."""
    shown = html.document_fromstring(invented.get(in_language(found[kind.name], "en"), "text/html").text).find(
        ".//main"
    )
    assert shown is not None
    unmarked = [" ".join(text.split()) for text, language in texts(shown) if language == "en"]
    assert [each for each in unmarked if any(title in each.casefold() for title in titles)] == []


def test_the_icon_is_there(invented: Server) -> None:
    got = invented.get(attribute(page_of(invented, "/", "sv"), "link[rel=icon]", "href"))
    assert (got.status, got.type) == (200, "image/svg+xml") and "<svg" in got.text


def texts(element: etree._Element, language: str = "en") -> Iterator[tuple[str, str]]:
    """The texts in an element, each with its language."""
    language = element.get("lang") or language
    if element.tag in {"script", "textarea", "code"}:
        return
    yield element.text or "", language
    for each in element:
        yield from texts(each, language)
        yield each.tail or "", language


def page_of(server: Server, address: str, language: str) -> LexborHTMLParser:
    return LexborHTMLParser(server.get(in_language(address, language), "text/html").text)


def meta(page: LexborHTMLParser, name: str) -> str:
    return attribute(page, f"meta[property='{name}']", "content")


def attribute(page: LexborHTMLParser, selector: str, name: str) -> str:
    found = page.css_first(selector)
    return (found.attributes[name] or "") if found else ""


def text(page: LexborHTMLParser, selector: str) -> str:
    found = page.css_first(selector)
    return found.text().strip() if found else ""

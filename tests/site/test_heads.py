"""What a page tells tabs, search engines and those who share it."""

import re
from collections.abc import Mapping

import pytest

from tests.server.data import Server
from tests.site.conftest import Open
from tests.site.pages import KINDS, Kind, in_language

OG = ("og:site_name", "og:title", "og:description", "og:type", "og:locale", "og:url")
META = "name => document.querySelector(`meta[property='${name}']`)?.content ?? ''"
SAME = {"document marked", "query rows", "query no rows", "query error", "search empty"}
"""Pages that another kind shows too: the same document, the same form."""
UNKNOWN = """() => [...document.querySelectorAll("[lang]")].map(each => each.lang).filter(each => !/^[a-z]{2,3}(-|$)/.test(each))"""


@pytest.mark.parametrize("language", ("sv", "en"))
def test_titles_tell_pages_apart(invented: Server, found: Mapping[str, str], language: str) -> None:
    pages: dict[str, list[str]] = {}
    for name in sorted(found.keys() - SAME):
        got = invented.get(in_language(found[name], language), "text/html")
        [title] = re.findall("<title>(.*?)</title>", got.text, re.DOTALL)
        pages.setdefault(title.strip(), []).append(name)
    assert {title: names for title, names in pages.items() if len(names) > 1 or not title} == {}


@pytest.mark.parametrize("language", ("sv", "en"))
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_page_says_its_language_and_what_it_is(opened: Open, kind: Kind, language: str) -> None:
    with opened(kind, language, scripts=False) as seen:
        assert seen.told("document.documentElement.lang") == language
        assert seen.told(UNKNOWN) == []
        told = {name: seen.told(META, name) for name in OG}
        assert [name for name, value in told.items() if not value.strip()] == []
        assert told["og:title"] == seen.page.title()
        assert told["og:locale"] == {"sv": "sv_SE", "en": "en_GB"}[language]
        other = seen.page.locator(".site-header nav a[hreflang]")
        assert other.get_attribute("lang") == {"sv": "en", "en": "sv"}[language]


@pytest.mark.parametrize(
    "kind", [each for each in KINDS if each.name in {"treatment", "meeting", "document"}], ids=str
)
def test_what_a_swedish_document_says_is_marked_as_swedish_on_english_pages(opened: Open, kind: Kind) -> None:
    with opened(kind, "en", scripts=False) as seen:
        assert seen.page.locator("main [lang=sv]").count()


def test_the_icon_is_there(opened: Open, invented: Server) -> None:
    with opened(KINDS[0]) as seen:
        icon = seen.page.locator("link[rel=icon]").get_attribute("href")
    assert icon
    got = invented.get(icon)
    assert (got.status, got.type) == (200, "image/svg+xml") and "<svg" in got.text

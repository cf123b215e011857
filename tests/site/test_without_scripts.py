"""Every page says the same, and its forms work, where the browser runs no scripts."""

import re

import pytest

from tests.site.conftest import Open
from tests.site.pages import KINDS, Kind
from tests.site.visit import Visit

LEAST = 0.95
"""Share of the words of the page without scripts that must stand on it with scripts: an editor replaces its form."""


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_page_says_the_same_without_scripts(opened: Open, kind: Kind) -> None:
    with opened(kind, scripts=False) as plain:
        heading, words = plain.page.locator("main h1").inner_text(), words_of(plain)
    with opened(kind) as full:
        assert full.page.locator("main h1").inner_text() == heading
        with_scripts = words_of(full)
    assert heading.strip() and words
    missing = words - with_scripts
    assert len(missing) <= (1 - LEAST) * len(words), sorted(missing)[:20]


def words_of(seen: Visit) -> set[str]:
    return set(re.findall(r"\w+", seen.page.locator("main").text_content() or ""))


def test_the_search_form_works_without_scripts(opened: Open) -> None:
    with opened(KINDS[0], scripts=False) as seen:
        seen.page.locator("main input[name=q]").fill("motion")
        seen.page.locator("main form[role=search] button").click()
        seen.page.wait_for_url("**/search?*q=motion*")
        assert seen.page.locator("main a").count() > 3


def test_the_query_form_works_without_scripts(opened: Open) -> None:
    with opened(QUERY, scripts=False) as seen:
        seen.page.locator("main textarea[name=query]").fill('SELECT ?x WHERE { VALUES ?x { "en rad" "två rader" } }')
        seen.page.locator("main form.query button[type=submit]").first.click()
        seen.page.wait_for_url("**/sparql?*query=*")
        assert seen.page.locator("main table tbody tr").count() == 2
        assert "två rader" in seen.page.locator("main table").inner_text()


QUERY = next(kind for kind in KINDS if kind.name == "query")

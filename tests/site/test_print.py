"""On paper there is what was decided, not how to get around on a site."""

import pytest

from tests.server.data import Server
from tests.site.conftest import Open
from tests.site.pages import KINDS, PREFIXES, Kind

AWAY = (
    ".site-header nav",
    ".site-header .find",
    ".site-footer ul",
    ".skip",
    "main .no-print",
    "main .source[aria-label]",
)
SHOWN = "selector => [...document.querySelectorAll(selector)].some(each => each.checkVisibility() && each.getBoundingClientRect().right > 0)"


PLACES = {"meeting", "treatment", "case", "motion", "person", "document"}
MUNICIPALITIES = "SELECT ?name WHERE { ?it a kg:LocalAuthority ; <http://www.w3.org/2000/01/rdf-schema#label> ?name }"
PLACE = "document.querySelector('.crumbs').innerText.split('\\n')[0]"


@pytest.mark.parametrize("kind", [each for each in KINDS if each.name in PLACES], ids=str)
def test_a_printed_page_has_no_navigation(opened: Open, invented: Server, kind: Kind) -> None:
    places = invented.ask(PREFIXES + MUNICIPALITIES, "text/csv").text.splitlines()[1:]
    with opened(kind, scheme="dark") as seen:
        assert seen.told(SHOWN, ".site-header nav")
        seen.page.emulate_media(media="print")
        assert [each for each in AWAY if seen.told(SHOWN, each)] == []
        assert seen.page.locator("main h1").is_visible()
        assert seen.told(PLACE) in places, "on paper too it is told in which municipality"
        assert seen.told("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
        assert seen.told("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        assert seen.page.pdf(format="A4", print_background=False).startswith(b"%PDF")


FOLDED = """() => document.querySelector(".card").insertAdjacentHTML("beforeend",
  "<p class='beginning'>Ett …</p><details class='whole'><summary>Hela texten</summary><p>Ett två.</p></details>")"""
SEEN = (
    "[...document.querySelectorAll('.beginning, .whole > summary, .whole > p')].map(each => each.checkVisibility())"
)
CONTENT = "getComputedStyle(document.querySelector('.whole'), '::details-content').contentVisibility"


def test_a_folded_text_is_printed_whole(opened: Open) -> None:
    with opened(next(kind for kind in KINDS if kind.name == "treatment")) as seen:
        seen.told(FOLDED)
        assert seen.told(SEEN)[:2] == [True, True] and seen.told(CONTENT) == "hidden"
        seen.page.get_by_text("Hela texten").click()
        assert seen.told(SEEN) == [False, True, True], "its beginning is not read twice"
        seen.page.get_by_text("Hela texten").click()
        seen.page.emulate_media(media="print")
        assert seen.told(SEEN)[:2] == [False, False] and seen.told(CONTENT) == "visible"

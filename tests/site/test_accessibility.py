"""WCAG 2.1 AA as far as a machine can see it, on every kind of page."""

import pytest

from tests.site import axe
from tests.site.conftest import Open
from tests.site.pages import KINDS, THINGS, Kind
from tests.site.visit import Visit

SCHEMES = ("light", "dark")
WIDE = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  return [...document.body.querySelectorAll("*")]
    .filter(each => each.getBoundingClientRect().right > page.clientWidth + 1 && !each.closest(".wide"))
    .map(each => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 60)}`).slice(0, 5)
    .concat([`${page.scrollWidth} > ${page.clientWidth}`]);
}"""
PICTURES = """() => {
  const holds = each => each && (each.matches("table, ul, ol, dl") || each.querySelector("table, ul, ol, dl"));
  const told = each => ["aria-describedby", "aria-details"].some(name =>
    (each.getAttribute(name) || "").split(/\\s+/).some(id => id && holds(document.getElementById(id))));
  return [...document.querySelectorAll("svg, img, canvas")]
    .filter(each => !each.closest("[aria-hidden=true]") && !each.parentElement.closest("svg"))
    .filter(each => !told(each) && !holds(each.closest("figure")))
    .map(each => each.outerHTML.slice(0, 200));
}"""
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(each => Number(each.tagName[1]))"


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("language", ("sv", "en"))
def test_axe_finds_nothing(opened: Open, kind: Kind, language: str) -> None:
    """And headings are in order, and every picture has its table or list."""
    with opened(kind, language) as seen:
        levels = seen.told(HEADINGS)
        assert levels.count(1) == 1 and levels[0] == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), levels
        assert seen.told(PICTURES) == []
        assert in_both_schemes(seen) == {}


@pytest.mark.parametrize("kind", THINGS, ids=str)
def test_axe_finds_nothing_on_pages_of_real_documents(opened_real: Open, kind: Kind) -> None:
    with opened_real(kind) as seen:
        assert axe.violations(seen) == []
        assert seen.told(PICTURES) == []
        assert seen.complaints == [] and seen.blocked() == []
        seen.page.set_viewport_size({"width": 320, "height": 256})
        assert seen.told(WIDE) == []


def test_axe_finds_nothing_after_a_query_was_sent(opened: Open) -> None:
    with opened(QUERY) as seen:
        seen.page.locator("main form.query button[type=submit]").first.click()
        seen.page.locator("main table tbody tr").first.wait_for()
        assert in_both_schemes(seen) == {}


def in_both_schemes(seen: Visit) -> dict[str, list[str]]:
    found = {}
    for scheme in SCHEMES:
        seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found[scheme] = axe.violations(seen)
    return {scheme: told for scheme, told in found.items() if told}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_nothing_is_wider_than_the_screen_at_400_per_cent(opened: Open, kind: Kind) -> None:
    with opened(kind, width=320, height=640) as seen:
        assert seen.told(WIDE) == []
        seen.page.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 %
        assert seen.told(WIDE) == []


QUERY = next(kind for kind in KINDS if kind.name == "query")


LISTS = """() => [...document.querySelectorAll("table.stacked tbody tr")].map(row => [
  row.querySelector("th a").getBoundingClientRect().height / row.querySelector("th a").textContent.trim().length,
  Math.max(...[...row.querySelectorAll(".badge")].map(each => each.getBoundingClientRect().right)),
])"""


@pytest.mark.parametrize("width", (320, 768))
def test_filters_that_come_after_the_hits_are_one_step_away(opened: Open, width: int) -> None:
    with opened(next(kind for kind in KINDS if kind.name == "search"), width=width, height=640) as seen:
        heading = seen.page.locator("#filters")
        assert heading.bounding_box()["y"] > 640, "the filters are below the first screen"  # type: ignore[index]
        seen.page.get_by_role("link", name="Avgränsa träffarna").click()
        assert seen.told("document.activeElement.id") == "filters"
        assert 0 <= heading.bounding_box()["y"] < 640  # type: ignore[index]
        seen.page.set_viewport_size({"width": 1280, "height": 640})
        assert not seen.page.get_by_text("Avgränsa träffarna").is_visible(), "there the filters stand beside the hits"


FIGURE = "(box => [box.left, box.right])(document.querySelector('.course').getBoundingClientRect())"
DOTS = """[...document.querySelectorAll(".course circle")].map(each => each.getBoundingClientRect())
  .map(box => [box.left, box.right])"""


@pytest.mark.parametrize("width", (320, 768))
def test_the_course_of_a_case_is_drawn_on_narrow_screens_too(opened: Open, width: int) -> None:
    """Every step is seen, the latest too, and its words are as large as on others."""
    with opened(next(kind for kind in KINDS if kind.name == "case"), width=width, height=640) as seen:
        left, right = seen.told(FIGURE)
        dots = seen.told(DOTS)
        assert len(dots) >= 2 and all(left <= start < end <= right <= width for start, end in dots), dots
        assert dots[-1][0] > right - 40, "the latest stands at the right end"
        assert seen.told("getComputedStyle(document.querySelector('.course text')).fontSize") == "13px"


@pytest.mark.parametrize("width", (1280, 1440))
@pytest.mark.parametrize("language", ("sv", "en"))
def test_an_outcome_is_told_on_one_line(opened: Open, language: str, width: int) -> None:
    with opened(next(kind for kind in KINDS if kind.name == "explore decisions"), language, width=width) as seen:
        heights = seen.told(
            "[...document.querySelectorAll('td .badge')].map(each => each.getBoundingClientRect().height)"
        )
        assert heights and max(heights) < 30


SIDEWAYS = """() => [...document.querySelectorAll(".wide")].filter(each => each.querySelector(".stacked"))
  .map(each => each.scrollWidth - each.clientWidth)"""


@pytest.mark.parametrize("width", (320, 768))
@pytest.mark.parametrize("name", ("explore decisions", "explore motions", "meeting", "quality documents"))
def test_a_list_is_read_without_scrolling_sideways(opened: Open, name: str, width: int) -> None:
    """A title is not broken letter by letter, its outcome is on the screen, and the list is still a table."""
    with opened(next(kind for kind in KINDS if kind.name == name), width=width, height=640) as seen:
        assert seen.told(SIDEWAYS) == [0]
        rows = seen.told(LISTS)
        assert rows and all(height < 4 and (right is None or right <= width) for height, right in rows), rows
        table = seen.page.get_by_role("table")
        assert table.get_by_role("row").count() == len(rows) + 1
        assert table.get_by_role("rowheader").count() == len(rows)

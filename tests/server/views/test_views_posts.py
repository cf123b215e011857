"""The picture of a person's posts in time: what is seen when, and that nothing is drawn that is not known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.views import lanes, stretches
from tests.server.views_data import Page, Reader, published, reading, seen

MAJ = "/doc/person/9999/maj-kaj-s"
PICTURE = "//svg[@role='img']"


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("posts")
    with reading(folder, published(folder, Path(__file__).with_name("posts.trig"))) as reader:
        yield reader


def drawn(page: Page) -> dict[str, list[str]]:
    """The days on each row of the picture, by the words above it."""
    words = {float(each.get("y")): seen(each.text) for each in page.tree.xpath(PICTURE + "/text[not(@dx)]")}
    found: dict[str, list[str]] = {}
    for mark in page.tree.xpath(PICTURE + "/*[title]"):
        y = float(mark.get("y1") or mark.get("cy"))
        above = [text for at, text in sorted(words.items()) if at < y]
        body = [
            seen(each.text) for each in page.tree.xpath(PICTURE + "/text[@class='name']") if float(each.get("y")) < y
        ]
        row = body[-1] if above[-1] == body[-1] else f"{body[-1]}: {above[-1]}"
        found.setdefault(row, []).append(seen(mark.findtext("title")))
    return found


def test_each_role_has_its_row_in_the_lane_of_its_body(posts: Reader) -> None:
    page = posts.get(MAJ)
    assert drawn(page) == {
        "Hamnnämnden, Exempelby: ordförande": ["17 januari 2023 – 16 januari 2024"],
        "Hamnnämnden, Exempelby: ersättare": [
            "5 mars 2019 – 10 september 2019",
            "18 januari 2022 – 29 november 2022",
        ],
        "& hjälpmedel, Exempelby: ledamot": ["2 juli 2021"],
        "Fullmäktige, Provköping: ledamot": ["1 januari 2017", "31 december 2018"],
    }
    assert page.facts()["Parti"] == "Socialdemokraterna, sett 2017–2018 källa"
    assert page.all(PICTURE + "/text[@class='name']")[1] == "Gemensamma nämnden för <hamnar>"
    assert page.all(PICTURE + "/text[@class='year']") == ["2017", "2019", "2021", "2023"]


def test_bars_are_meetings_together_and_rings_single_days(posts: Reader) -> None:
    page = posts.get(MAJ)
    bars, rings = (
        page.tree.xpath(PICTURE + "/line[@class='bar']"),
        page.tree.xpath(PICTURE + "/circle[@class='once']"),
    )
    assert len(bars) == 3 and len(rings) == 3
    assert [each.get("cx") for each in rings] == ["56.23%", "0.0%", "24.97%"]
    assert (bars[0].get("x1"), bars[0].get("x2")) == ("75.55%", "88.01%")
    assert not page.tree.xpath("//*[@style]")


def test_the_picture_says_what_it_shows_and_where_the_same_stands_in_words(posts: Reader) -> None:
    page = posts.get(MAJ, lang="en")
    picture = page.tree.xpath(PICTURE)[0]
    title, said = (page.one(f"//*[@id='{picture.get(name)}']") for name in ("aria-labelledby", "aria-describedby"))
    assert title == "The posts in time, from 1 January 2017 to 16 January 2024. The table says the same."
    assert said == seen(" ".join(page.all("//figcaption//li"))) and "from the first to the last meeting" in said
    table = page.tree.xpath(f"//table[@id='{picture.get('aria-details')}']")[0]
    assert len(table.xpath(".//tbody/tr")) == 5
    assert drawn(page)["& hjälpmedel, Exempelby: member"] == ["2 July 2021"]


def test_only_what_is_in_the_picture_is_explained_and_one_municipality_is_not_repeated(posts: Reader) -> None:
    page = posts.get("/doc/person/9999/ola-enda")
    assert drawn(page) == {"Hamnnämnden": ["18 januari 2022"]}
    assert page.all("//figcaption//li") == ["Ring: rollen syns en enda dag."]


def test_posts_without_days_have_a_table_only(posts: Reader) -> None:
    page = posts.get("/doc/person/9999/lo-dag")
    assert not page.tree.xpath(PICTURE) and len(page.section("posts").xpath(".//tbody/tr")) == 1


def test_a_year_between_two_days_does_not_break_a_stretch_and_a_day_more_does() -> None:
    held = stretches.stretches(["2021-03-02", "2020-03-01", "2019-03-01", "2023-01-01", "2023-01-01"])
    assert [(a.isoformat(), b.isoformat()) for a, b in held] == [
        ("2019-03-01", "2021-03-02"),
        ("2023-01-01", "2023-01-01"),
    ]


def test_no_picture_of_what_is_no_day() -> None:
    assert stretches.picture([("A", "", ["2024-01-01"]), ("B", "", ["någon gång"])]) is None
    assert stretches.picture([]) is None and stretches.picture([("A", "ledamot", [])]) is None


@pytest.mark.parametrize(("first", "last"), [("2024", "2024"), ("2003", "2024"), ("0001", "9999"), ("1998", "2010")])
def test_all_lies_within_the_picture_and_the_years_have_room(first: str, last: str) -> None:
    picture = stretches.picture([("A" * 400, "ledamot", [f"{first}-01-01", f"{last}-12-31"])])
    assert picture is not None
    marks = [each for row in picture.rows for each in row.stretches]
    assert all(0 <= each.start <= each.end <= 100 for each in marks)
    assert marks[-1].end > 99.7 or last != "2024" or first != "2024"
    places = [each.x for each in picture.ticks]
    assert places[0] == 0 and len(places) <= lanes.TICKS and 100 - places[-1] > 16
    assert all(len(each.name) <= lanes.LETTERS and 0 < each.y < picture.height for each in picture.bodies)
    assert picture.rows[0].y < picture.height


def test_what_a_party_did_on_no_day_stands_in_no_year(posts: Reader) -> None:
    page = posts.get("/doc/party/S")
    assert page.status == 200 and page.one("//h2[@id='deeds-proposals']") == "Förslag (1)"
    assert not page.tree.xpath("//h2[@id='years']") and page.facts()["Personer som har setts i partiet"] == "1"


def test_the_bodies_of_a_municipality_are_stacked_on_small_screens(posts: Reader) -> None:
    before = len(posts.pool.queries)
    page = posts.get("/doc/municipality/9999")
    assert len(posts.pool.queries) - before <= 6
    cells = page.section("bodies").xpath(".//table[@class='stacked']/tbody/tr[1]/*")
    assert [(each.get("data-label"), seen(each.text_content())) for each in cells[1:4]] == [
        ("Sammanträden", "5"),
        ("Första", "5 mars 2019"),
        ("Senaste", "våren 2019"),
    ]

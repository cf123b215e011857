"""Proposals that the minutes tell in a line, that concern a point of another, that are long; and who chaired a meeting
of whose attendance nothing is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.views import difference
from tests.server.views_data import Page, Reader, published, reading, seen

SECOND = "/doc/treatment/9999/sjonamnden/2024-09-03/2"
OVE = "/doc/person/9999/ove-strand-x"
QUOTED = "I protokollets ord: Ove Strand (X) yrkar i första hand bifall till <b>motionen</b>."


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("proposals")
    with reading(folder, published(folder, Path(__file__).with_name("proposals.trig"))) as reader:
        yield reader


def card(page: Page, number: int) -> str:
    return page.one(f"//section[@aria-labelledby='proposal-{number}']")


def said(page: Page, heading: str) -> list[str]:
    return [seen(each.text_content()) for each in page.section(heading).xpath("./ul/li")]


def test_what_has_no_words_of_its_own_is_told_in_those_of_the_minutes(lake: Reader) -> None:
    page = lake.get(SECOND)
    assert card(page, 2) == f"Förslag 2 Ove Strand källa Vill: bifall {QUOTED}"
    nameless = "Förslag 1 Sjökontoret källa I protokollets ord: kontorets förslag Förslagets ordalydelse står inte"
    assert card(page, 1) == nameless + " i protokollet."
    assert "I protokollets ord" not in card(page, 3) + card(page, 5), "they have points"
    proposal = lake.get(SECOND + "/proposal/2")
    assert QUOTED in seen(proposal.section("wording").text_content())
    assert QUOTED in said(lake.get(OVE), "deeds-proposals")[0]


def test_support_for_one_point_is_not_told_as_support_for_the_whole(lake: Reader) -> None:
    page = lake.get(SECOND)
    told = "Yrkar bifall till förslag 3, punkt 1 b Yrkar avslag på förslag 3, punkt 1 "
    assert told in card(page, 4)
    led = page.tree.xpath("//section[@aria-labelledby='proposal-4']//a[starts-with(@href, '#')]/@href")
    assert led == ["#proposal-3-2", "#proposal-3-1"]
    assert page.one(f"//*[@id='{led[0][1:]}']") == "1 b Skyltar sätts upp."
    assert "Supports proposal 3, point 1 b" in card(lake.get(SECOND, lang="en"), 4)
    own = lake.get(SECOND + "/proposal/4").facts()
    assert own["Yrkar bifall till"].startswith("punkt 1 b i Förslag till beslut 3 · Siv Holm")
    assert own["Yrkar avslag på"].startswith("punkt 1 i Förslag till beslut 3 · Siv Holm")
    deed = said(lake.get(OVE), "deeds-proposals")[1]
    assert told in deed and "stödde det som blev beslutet" in deed


def test_a_long_text_is_folded(lake: Reader) -> None:
    page = lake.get(SECOND)
    beginning = page.one("//p[@class='beginning']")
    assert beginning.startswith("Holmarna har legat öde") and beginning.endswith(" …") and len(beginning) < 330
    assert page.all("//details[@class='whole']/summary") == ["Hela texten (137 ord)"]
    assert page.one("//details[@class='whole']/p").endswith("Sist av allt står det här.")


def test_what_is_unlike_the_decision_is_not_compared_word_by_word(lake: Reader) -> None:
    page = lake.get(SECOND)
    assert "Helt andra ord än beslutet." in card(page, 5) and "Skillnad mot beslutet" not in card(page, 5)
    assert "Skillnad mot beslutet" in card(page, 3) and "Helt andra ord" not in card(page, 3)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("att godkänna svaret.", "Godkänna svaret"),
        ("Att: gå\natt stå", "att gå\nstå"),
        ("Ett att två", "ett att två"),
    ],
)
def test_that_is_no_difference_at_the_head_of_a_line(before: str, after: str) -> None:
    assert difference.difference(before, after) is None


def test_that_is_a_difference_elsewhere() -> None:
    assert difference.difference("säger att det går", "säger det går") is not None
    assert difference.difference("attsats", "sats") is not None


def test_a_text_that_holds_all_of_the_shorter_is_like_it() -> None:
    for other, unlike in (("x y z a b c", False), ("a b", False), ("a x y", True), ("x y z", True), ("a b x", False)):
        told = difference.difference("a b c", other)
        assert told is not None and difference.unlike(told) is unlike, other


def test_the_source_is_the_heading_with_its_place(lake: Reader) -> None:
    page = lake.get(SECOND)
    told = page.one("//section[@class='about']//dt[text()='Källa']/../dd")
    place, _, words = told.partition(": ")
    assert words == "Fågel- skydd vid sjön" and place.startswith("Dokument, tecken ")
    start, end = map(int, place.removeprefix("Dokument, tecken ").split("–"))
    assert end - start == len("Fågel-\nskydd vid sjön")
    assert lake.sources(page, "//section[@class='about']") == {"Fågel-\nskydd vid sjön"}


def test_a_meeting_of_which_no_attendance_list_is_read_says_so(lake: Reader) -> None:
    page = lake.get("/doc/meeting/9999/sjonamnden/2024-09-03")
    assert page.facts()["Organets ordförande den dagen"] == "Siv Holm" and "Ordförande" not in page.facts()
    told = seen(page.section("attendance").text_content())
    note = "Protokollets närvarolista finns inte i det som är läst. Här står bara de som paragraferna nämner."
    assert note in told and "Eva Alm" in told
    english = lake.get("/doc/meeting/9999/sjonamnden/2024-09-03", lang="en")
    assert english.facts()["Chair of the body on that day"] == "Siv Holm"


def test_a_meeting_that_is_only_planned_has_no_list_to_miss_and_no_chair_is_guessed(lake: Reader) -> None:
    page = lake.get("/doc/meeting/9999/sjonamnden/2024-10-01")
    assert "Organets ordförande den dagen" not in page.facts() and "närvarolista" not in page.text


def test_a_list_that_is_read_is_not_missed(reader: Reader) -> None:
    page = reader.get("/doc/meeting/9999/parknamnden/2024-03-12")
    assert "närvarolista" not in page.text and "Organets ordförande den dagen" not in page.facts()

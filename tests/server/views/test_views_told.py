"""What is told with what it depends on: the condition of a decision, and what the program concluded itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.views.acts import in_singular
from tests.server.views_data import Page, Reader, published, reading, seen

FOURTH = "/doc/treatment/9999/strandnamnden/2024-10-08/4"
CONDITION = "Förutsatt att sjön är <ren> beslutar fullmäktige att:"
POINT = "öppna tre badplatser vid sjön."


@pytest.fixture(scope="module")
def strand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("strand")
    with reading(folder, published(folder, Path(__file__).with_name("strand.trig"))) as reader:
        yield reader


@pytest.mark.parametrize(("page", "within"), [(FOURTH, "decision"), (FOURTH + "/decision", "wording")])
def test_a_decision_is_shown_with_the_words_before_its_points(strand: Reader, page: str, within: str) -> None:
    for language in ("sv", "en"):
        told = strand.get(page, lang=language)
        assert f"{CONDITION} {POINT}" in told.one(f"//section[@aria-labelledby='{within}']")
    (described,) = told.tree.xpath("//script[@type='application/ld+json']/text()")
    assert json.loads(described)["text"] == f"{CONDITION}\n{POINT}"


def test_what_a_proposal_is_compared_with_are_the_points(strand: Reader) -> None:
    page, english = strand.get(FOURTH), strand.get(FOURTH, lang="en")
    assert "Samma ord som beslutets punkter." in page.one("//section[@aria-labelledby='proposal-1']")
    other = page.one("//section[@aria-labelledby='proposal-2']//details")
    assert f"Före punkterna i beslutet står: {CONDITION} öppna två tre badplatser" in other
    assert "The same words as the points of the decision." in english.one("//section[@aria-labelledby='proposal-1']")
    told = english.one("//section[@aria-labelledby='proposal-2']//details")
    assert f"Before its points the decision says: {CONDITION}" in told


@pytest.mark.parametrize(("language", "told"), [("sv", "föreslår: bifall"), ("en", "proposes: approved")])
@pytest.mark.parametrize(
    ("page", "within"),
    [
        ("/doc/meeting/9999/strandnamnden/2024-10-08", "//table"),
        ("/doc/case/9999/SN-2024-7", "//ol[@id='timeline-list']"),
        ("/doc/case/9999/SN-2024-7", "//article/dl"),
        ("/explore/decisions", "//table"),
    ],
)
def test_what_is_only_proposed_to_another_body_is_no_approval(
    strand: Reader, page: str, within: str, language: str, told: str
) -> None:
    shown = strand.get(page, lang=language)
    assert shown.one(f"{within}//a[starts-with(@class, 'badge')]") == told
    assert shown.tree.xpath(f"{within}//a[@class='badge']"), "it has no colour"


def said(page: Page, heading: str) -> list[str]:
    return [seen(each.text_content()) for each in page.section(heading).xpath("./ul/li")]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("sv", ["Badplatser skrivelse SN 2024/7-1", "Badplatser tjänsteutlåtande SN 2024/7-3"]),
        ("en", ["Badplatser letter SN 2024/7-1", "Badplatser official report SN 2024/7-3"]),
    ],
)
@pytest.mark.parametrize("page", [FOURTH, "/doc/case/9999/SN-2024-7"])
def test_documents_of_one_title_are_told_apart(strand: Reader, page: str, language: str, told: list[str]) -> None:
    assert sorted(said(strand.get(page, lang=language), "documents")) == told


@pytest.mark.parametrize(
    ("language", "mark", "note"),
    [("sv", "utläst", "känt från ett annat ställe"), ("en", "inferred", "known from another place")],
)
def test_a_party_that_was_concluded_is_marked(strand: Reader, language: str, mark: str, note: str) -> None:
    meeting = strand.get("/doc/meeting/9999/strandnamnden/2024-10-08", lang=language)
    attendance = "//section[@aria-labelledby='attendance']"
    assert meeting.all(f"{attendance}//li") == [f"Eva Alm (X {mark})", "Ivar Ros (Y)"]
    assert f"{mark.capitalize()}: " in meeting.one(attendance) and note in meeting.one(attendance)
    page = strand.get(FOURTH, lang=language)
    ballots = page.section("vote-1").xpath(".//tbody/tr")
    assert sorted(seen(each.findall("td")[0].text_content()) for each in ballots) == [f"X {mark}", "Y"]
    assert note in page.one("//section[@aria-labelledby='vote-1']")
    (title,) = page.tree.xpath("//section[@aria-labelledby='proposal-1']//small[@title]/@title")
    assert note in title and f"Eva Alm (X {mark})" in page.one("//section[@aria-labelledby='proposal-1']")


@pytest.mark.parametrize(("language", "word"), [("sv", "instämmer i"), ("en", "endorses")])
def test_a_statement_that_joins_another_tells_so_among_what_a_person_did(
    strand: Reader, language: str, word: str
) -> None:
    page = strand.get("/doc/person/9999/ivar-ros-y", lang=language)
    assert said(page, "deeds-statements")[0].endswith(f"{word} ”Vi ville ha en bastu.”")


def test_each_person_has_the_role_of_one(strand: Reader) -> None:
    told = strand.get(FOURTH).one("//section[@aria-labelledby='proposal-1']/p[1]")
    assert told == "ledamoten Eva Alm (X utläst), ledamoten Ivar Ros (Y)"


@pytest.mark.parametrize(
    ("several", "one"),
    [
        ("ledamöterna", "ledamoten"),
        ("Tjänstgörande ersättarna", "Tjänstgörande ersättaren"),
        ("vice ordförandena", "vice ordföranden"),
        ("representanterna", "representanten"),
        ("kommunalrådet", "kommunalrådet"),
        ("ledamoten", "ledamoten"),
        ("", ""),
    ],
)
def test_the_role_of_one_of_several(several: str, one: str) -> None:
    assert in_singular(several) == one

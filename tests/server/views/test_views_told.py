"""What is told with what it depends on: the condition of a decision, and what the program concluded itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.views_data import Reader, published, reading

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

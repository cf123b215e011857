"""What a body answers to a matter that is not its own is never told as if that matter were approved."""

import pytest

from server.naming import look_up
from server.site import CONCEPT
from server.views.opinion import APPROVED, Opinion, opinions
from tests.server.data import BASE
from tests.server.views_data import Reader

REJECTED = CONCEPT + "outcome/rejected"
PARK = f"{BASE}/id/treatment/9999/parknamnden/2024-03-12"
BOARD = f"{BASE}/id/treatment/9999/kommunstyrelsen/2024-04-24/2"
COUNCIL = f"{BASE}/id/treatment/9999/kommunfullmaktige/2024-05-20/3"


def test_which_paragraphs_answer_what_is_not_their_own(reader: Reader) -> None:
    """Not the council's, and not a body's own items (§ 8 is a budget)."""
    asked = [f"{PARK}/7", f"{PARK}/8", BOARD, COUNCIL]
    assert opinions(reader.site, asked) == {
        f"{PARK}/7": Opinion(recommends=True),
        BOARD: Opinion(administration=True),
    }
    assert opinions(reader.site, []) == {}


@pytest.mark.parametrize(
    ("opinion", "outcome", "swedish", "english"),
    [
        (Opinion(), APPROVED, "bifall till förslaget", "proposal approved"),
        (Opinion(), REJECTED, "avslag", "rejected"),
        (Opinion(recommends=True), REJECTED, "föreslår: avslag", "proposes: rejected"),
        (Opinion(administration=True, recommends=True), APPROVED, "enligt förvaltningens förslag", "as the administration proposed"),
        (Opinion(administration=True), REJECTED, "avslag", "rejected"),
    ],
)  # fmt: skip
def test_how_it_is_told(reader: Reader, opinion: Opinion, outcome: str, swedish: str, english: str) -> None:
    for language, told in (("sv", swedish), ("en", english)):
        assert opinion.text(outcome, look_up(reader.site, language, [outcome])) == told


@pytest.mark.parametrize(
    ("path", "within", "told", "look"),
    [
        ("meeting/9999/parknamnden/2024-03-12", "//tr[2]", "föreslår: bifall", "badge"),
        ("case/9999/KS-2024-99", "//ol[@id='timeline-list']", "enligt förvaltningens förslag", "badge"),
        ("case/9999/KS-2024-99", "//article/dl", "enligt förvaltningens förslag", "badge"),
        ("treatment/9999/parknamnden/2024-03-12/7", "//section[@class='decision']", "bifall till förslag 1", "badge"),
        ("treatment/9999/parknamnden/2024-03-12/7/decision", "//dl", "föreslår: bifall", "badge"),
        ("treatment/9999/kommunfullmaktige/2024-05-20/3", "//section[@class='decision']", "avslag", "badge rejected"),
    ],
)
def test_it_has_no_colour(reader: Reader, path: str, within: str, told: str, look: str) -> None:
    (badge,) = reader.get(f"/doc/{path}").tree.xpath(f"{within}//a[starts-with(@class, 'badge')]")
    assert (badge.text_content(), badge.get("class")) == (told, look)


def test_nor_in_what_search_engines_and_feeds_tell(reader: Reader) -> None:
    summary = "//meta[@name='description']/@content"
    assert reader.get("/doc/treatment/9999/parknamnden/2024-03-12/7").one(summary).endswith(". föreslår: bifall")
    assert reader.get("/doc/case/9999/KS-2024-99").one(summary).endswith(". enligt förvaltningens förslag")

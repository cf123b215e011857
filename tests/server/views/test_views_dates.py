"""Dates in the names of things stand as the language of the page has them; the graph keeps them as they are."""

import re

import pytest

from server.search.hits import dated
from tests.server.views_data import Reader

ISO = re.compile(r"(?<![\w/.:-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w/:-])")
MEETING = "/doc/meeting/9999/parknamnden/2024-03-12"


@pytest.mark.parametrize(
    ("language", "name"),
    [("sv", "Sammanträde · Parknämnden 12 mars 2024"), ("en", "Meeting · Parknämnden 12 March 2024")],
)
def test_a_name_made_of_a_path_has_its_date_in_the_language(reader: Reader, language: str, name: str) -> None:
    page = reader.get(MEETING, view="facts", lang=language)
    assert page.one("//h1") == name
    assert page.one("//title") == f"{name} · Kommungraf"
    assert page.all("//meta[@property='og:title']/@content") == [f"{name} · Kommungraf"]


@pytest.mark.parametrize(("language", "title"), [("sv", "Protokoll 12 mars 2024"), ("en", "Protokoll 12 March 2024")])
def test_a_stored_title_has_its_date_in_the_language(reader: Reader, language: str, title: str) -> None:
    page = reader.get(MEETING, lang=language)
    assert title in page.all("//article//a") and not [each for each in page.all("//article//a") if ISO.search(each)]
    assert [each for each in page.all("//meta[@name='description']/@content") if ISO.search(each)] == []


def test_what_the_graph_says_is_told_as_it_is(reader: Reader) -> None:
    page = reader.get("/doc/document/2222222222222222", view="facts")
    assert "Protokoll 2024-03-12" in page.all("//dd//span") and page.one("//h1") == "Protokoll 12 mars 2024"


def test_things_named_by_days_stand_in_the_order_of_the_days(reader: Reader) -> None:
    page = reader.get("/doc/body/9999/kommunfullmaktige", view="facts")
    to = [str(each) for each in page.tree.xpath("//dd//a/@href") if "/id/meeting/" in str(each)]
    assert len(to) > 1 and to == sorted(to)
    names = page.all("//dd//a[contains(@href, '/id/meeting/')]")
    assert names != sorted(names) and not [each for each in names if ISO.search(each)]


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (
            [("Parknämnden", True), (" 2024-03-12", False)],
            [("Parknämnden", True), (" ", False), ("12 March 2024", False)],
        ),
        (
            [("A ", False), ("2024", True), ("-03-12 b", False)],
            [("A ", False), ("12 March 2024", True), (" b", False)],
        ),
        ([("Gungor", True), (" 2024", False)], [("Gungor", True), (" 2024", False)]),
        ([], []),
    ],
)
def test_a_hit_keeps_its_marks(parts: list[tuple[str, bool]], shown: list[tuple[str, bool]]) -> None:
    assert dated(parts, "en") == shown

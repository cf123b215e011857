"""/: what there is, the latest meetings, and the ways in."""

from decimal import Decimal

import pytest

from server import start
from server.made_once import MadeOnce
from server.site import NS
from server.start import Handled
from server.storage import snapshot
from tests.server.views_data import Reader


def test_the_latest_meetings_first(reader: Reader) -> None:
    page = reader.get("/")
    assert page.all("//section[@aria-labelledby='latest']//li") == [
        "11 juni 2024 · Parknämnden, Exempelby",
        "20 maj 2024 · Kommunfullmäktige, Exempelby",
        "24 april 2024 · Kommunstyrelsen, Exempelby",
        "12 mars 2024 · Parknämnden, Exempelby",
        "27 februari 2023 · Kommunfullmäktige, Exempelby",
    ]
    assert page.one("//h1") == "Kommungraf" and page.one("//html/@lang") == "sv"


def test_figures_in_the_language(reader: Reader) -> None:
    classes = snapshot.about(reader.site.data_dir)["classes"]
    assert classes[NS + "Minutes"] == 3, "one of them is only mentioned"
    triples = snapshot.about(reader.site.data_dir)["triples"]
    assert triples > 9999
    page = reader.get("/", lang="en")
    told = page.all("//ul[@class='figures']/li")
    assert told[:2] == ["2 minutes read", "7 meetings"] and "2 motions" in told
    assert "2 lästa protokoll" in reader.get("/data").one("//main")
    assert f"{triples:,} triples" in told
    assert f"{triples:,} tripplar".replace(",", "\u00a0") in reader.get("/").all("//ul[@class='figures']/li")


def test_every_way_in_leads_somewhere_and_keeps_the_language(reader: Reader) -> None:
    page = reader.get("/", lang="en")
    ways = page.tree.xpath("//section[@aria-labelledby='enter']//a/@href")
    assert len(ways) == 6 and all("lang=en" in each and reader.get(each).status == 200 for each in ways)
    assert all("lang=en" in each for each in page.tree.xpath("//section[@aria-labelledby='latest']//a/@href"))
    assert page.one("//main//form/input[@name='lang']/@value") == "en"
    assert page.tree.xpath("//nav/a[@hreflang='sv']/@href") == ["?lang=sv"]


def test_without_a_ledger_only_what_was_read_is_counted(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "HANDLED", MadeOnce(start._handled))
    monkeypatch.setattr(start, "DOCUMENTS", start.DOCUMENTS.replace("processingStatus", "pageCount"))
    page = reader.get("/")
    assert page.one("//section[@aria-labelledby='coverage']/dl").startswith("Publicerade handlingar")
    assert "karantän" not in page.one("//main") and "Olästa" not in page.one("//main")
    assert "Det som programmet inte förstår lämnas utanför och räknas." in page.one("//main")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("sv", "79 % lästa och 20 % utelämnade enligt regel, tillsammans 99 %"),
        ("en", "79 % read and 20 % left out by rule, 99 % together"),
    ],
)
def test_lines_that_are_read_and_left_out_are_told_apart(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    handled = Handled({"accepted": 1}, lines=1000, ignored=200, unread=10)
    monkeypatch.setattr(start, "HANDLED", MadeOnce(lambda site: handled))
    assert told in reader.get("/", lang=language).one("//section[@aria-labelledby='coverage']/dl")


def test_a_share_of_lines_is_never_all_of_them_where_one_is_unread() -> None:
    assert Handled({}, 17543, 0, 364).accounted == Decimal("97.9")
    assert Handled({}, 10_000, 0, 1).accounted == Decimal("99.9")
    assert Handled({}, 10, 0).accounted == 100 and Handled().accounted is None


def test_it_asks_few_questions(reader: Reader) -> None:
    reader.pool.queries.clear()
    reader.get("/")
    assert len(reader.pool.queries) <= 5


def test_one_search_field_on_a_page(reader: Reader) -> None:
    for address in ("/", "/search", "/browse/bodies"):
        assert len(reader.get(address).all("//form[@role='search']")) == 1, address

"""/explore/motions: how a motion ended is what the council decided on it, each motion is told once, all counts agree."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from server.explore import page as explore_page
from server.explore import titles
from server.explore.counts import COUNTS
from server.explore.queries import (
    FACETS,
    MATTERS,
    ORDERED_DECISIONS,
    SORTS,
    TREATED,
    UNTREATED,
    Choice,
    listing,
)
from server.site import CONCEPT, NS
from tests.server.data import BASE
from tests.server.explore.test_explore import table
from tests.server.views_data import Reader, published, reading, seen

COUNCIL, BOARD = f"{BASE}/id/body/9998/kf", f"{BASE}/id/body/9998/ks"
OUTCOMES = [CONCEPT + "outcome/" + each for each in ("approved", "rejected", "answered", "noted", "referred-back")]

PARTIES = """@base <https://data.example/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <https://w3id.org/kommungraf/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<graph/8888888888888888> {
  <municipality/9998> a kg:Municipality ; rdfs:label "Provby"@sv .
  <municipality/9997> a kg:Municipality ; rdfs:label "Annatby"@sv .
  <party/9998/UP> a kg:Party ; rdfs:label "UP"@sv .
  <party/9997/UP> a kg:Party ; rdfs:label "UP"@sv .
  <matter/9998/1/motion> a kg:Motion ; dcterms:title "Ekar"@sv ; kg:onBehalfOf <party/9998/UP> .
  <matter/9997/1/motion> a kg:Motion ; dcterms:title "Almar"@sv ; kg:onBehalfOf <party/9997/UP> .
}
"""
"""Invented motions of two local parties that are called the same."""


@pytest.fixture(scope="module")
def motions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("motions")
    with reading(folder, published(folder, Path(__file__).with_name("explore.trig"))) as reader:
        yield reader


def told(reader: Reader, **choice: str) -> dict[str, str]:
    """Outcomes by titles."""
    return {row[0]: row[5] for row in table(reader.get("/explore/motions", **choice))}


def test_the_outcome_is_that_of_the_council(motions: Reader) -> None:
    page = motions.get("/explore/motions")
    assert table(page) == [
        [
            "Bättre cykel-vägar",
            "motion",
            "MP, V",
            "20 maj 2024",
            "Kommunfullmäktige, Provby, Kommunstyrelsen, Provby",
            "avslag",
        ],
        ["Gågata", "motion", "", "20 maj 2024", "Kommunfullmäktige, Provby, Kommunstyrelsen, Provby", "besvarad"],
        [
            "Damm i parken",
            "motion",
            "V",
            "24 april 2024",
            "Kommunstyrelsen, Provby",
            "behandlad, inte avgjord av fullmäktige",
        ],
        [
            "Ekar",
            "motion",
            "M",
            "1 februari 2023",
            "Kommunfullmäktige, Provby",
            "behandlad, inte avgjord av fullmäktige",
        ],
        ["Fontän", "motion", "M", "", "", "inte behandlad"],
        ["Hundar", "interpellation", "V", "", "", "inte behandlad"],
    ]
    assert page.one("//h2[@id='found']") == "6 träffar"


def test_in_english(motions: Reader) -> None:
    assert (
        list(told(motions, lang="en").values())[2:]
        == ["treated, not decided by the council"] * 2 + ["not treated"] * 2
    )


def test_outcomes_that_no_motion_has_are_not_offered(motions: Reader) -> None:
    page = motions.get("/explore/motions")
    assert page.all("//select[@name='outcome']/option") == [
        "alla",
        "avslag (1)",
        "behandlad, inte avgjord (2)",
        "besvarad (1)",
        "inte behandlad (2)",
    ]


@pytest.mark.parametrize(
    ("language", "offered"),
    [("sv", ["alla", "interpellation (1)", "motion (5)"]), ("en", ["all", "interpellation (1)", "motion (5)"])],
)
def test_chosen_by_the_kind_of_matter(motions: Reader, language: str, offered: list[str]) -> None:
    page = motions.get("/explore/motions", lang=language)
    assert page.all("//select[@name='kind']/option") == offered
    chosen = motions.get("/explore/motions", kind=NS + "Interpellation", lang=language)
    assert [row[:2] for row in table(chosen)] == [["Hundar", "interpellation"]]
    assert chosen.all("//select[@name='kind']/option[@selected]") == ["interpellation (1)"]
    assert "ns#Interpellation>" in chosen.one("//pre/code") and "ns#Motion>" not in chosen.one("//pre/code")
    (csv,) = [str(each) for each in chosen.tree.xpath("//main//a/@href") if "format=csv" in each]
    to = motions.client.get(csv).headers["Location"]
    (query,) = parse_qs(urlsplit(to).query)["query"]
    rows = motions.pool.rows(query)
    names = [row[rows.variables.index("kindName")] for row in rows.rows]
    assert [each.value for each in names if each] == ["interpellation"]


def test_what_is_no_kind_of_matter_is_refused(motions: Reader) -> None:
    for kind in (NS + "Meeting", "x"):
        refused = motions.get("/explore/motions", kind=kind, lang="en")
        assert refused.status == 400 and "Kind of item" not in refused.text and "Kind of matter" in refused.text


def test_local_parties_of_one_name_are_told_apart(tmp_path: Path) -> None:
    graph = tmp_path / "parties.trig"
    graph.write_text(PARTIES, "utf-8")
    with reading(tmp_path, published(tmp_path, graph)) as reader:
        page = reader.get("/explore/motions")
    offered = page.all("//select[@name='party']/option")
    assert offered == ["alla", "UP, Annatby (1)", "UP, Provby (1)"]


def test_chosen_without_an_end(motions: Reader) -> None:
    assert list(told(motions, outcome=TREATED)) == ["Damm i parken", "Ekar"]
    assert list(told(motions, outcome=UNTREATED)) == ["Fontän", "Hundar"]
    assert list(told(motions, outcome=TREATED, body=BOARD)) == ["Damm i parken"]
    assert motions.get("/explore/decisions", outcome=TREATED).status == 400


def test_a_choice_does_not_change_what_is_told(motions: Reader) -> None:
    whole = {row[0]: row for row in table(motions.get("/explore/motions"))}
    for chosen in ({"body": BOARD}, {"year": "2022"}, {"outcome": OUTCOMES[1]}, {"party": f"{BASE}/id/party/MP"}):
        rows = table(motions.get("/explore/motions", **chosen))
        assert rows and all(row == whole[row[0]] for row in rows), chosen


@pytest.mark.parametrize("sort", SORTS["decisions"])
@pytest.mark.parametrize("shown", [1, 2, 3, 50])
def test_decisions_asked_for_by_their_days_are_the_rows_of_the_query(motions: Reader, sort: str, shown: int) -> None:
    counts = COUNTS["decisions"].at(motions.site)
    for body, year, outcome in itertools.product(("", COUNCIL, BOARD), ("", "2022", "2024"), ("", *OUTCOMES[:2])):
        choice = Choice("decisions", body, year, outcome=outcome, sort=sort)
        whole = motions.pool.rows(listing(choice, "sv", 1000)).rows
        for offset in range(0, 10, shown):
            days, before = counts.days_of(choice, shown, offset)
            rows = motions.pool.rows(listing(choice, "sv", shown, before, days)).rows
            assert rows == whole[offset : offset + shown], (choice, offset)


@pytest.mark.parametrize("shown", [1, 2, 50])
def test_decisions_asked_for_by_their_titles_are_the_rows_of_the_query(motions: Reader, shown: int) -> None:
    """A page of them is the same part of the whole, which the query that is shown gives."""
    ordered = titles.TITLES.at(motions.site)
    parties = ("", f"{BASE}/id/party/V", f"{BASE}/id/party/MP")
    for body, year, party, outcome in itertools.product(
        ("", BOARD), ("", "2022", "2024"), parties, ("", *OUTCOMES[:2])
    ):
        choice = Choice("decisions", body, year, party, outcome, sort="title")
        whole = motions.pool.rows(listing(choice, "sv", 1000)).rows
        for offset in range(0, 10, shown):
            these = ordered.page(choice, shown, offset)
            rows = motions.pool.rows(listing(choice, "sv", shown, these=these)).rows
            assert rows == whole[offset : offset + shown], (choice, offset)


def test_a_page_by_title_asks_only_for_its_paragraphs(motions: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore_page, "SHOWN", 2)
    first, second = (table(motions.get("/explore/decisions", sort="title", page=each)) for each in ("1", "2"))
    assert len(first) == len(second) == 2 and first != second
    motions.pool.queries.clear()
    page = motions.get("/explore/decisions", sort="title", page="2", lang="en")
    assert [row[1] for row in table(page)] == [row[1] for row in second]
    asked = [each for each in motions.pool.queries if "ORDER BY ?title" in each]
    assert len(asked) == 1 and asked[0].count("(<") == 2  # the order of all is known
    assert "VALUES (?treatment" not in page.one("//pre/code")


def test_where_the_order_cannot_be_had_in_time_the_engine_is_asked(
    motions: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles.TITLES.forget()
    whole = table(motions.get("/explore/decisions", sort="title"))
    titles.TITLES.forget()
    monkeypatch.setattr(motions.pool, "fails", ORDERED_DECISIONS)
    got = motions.get("/explore/decisions", sort="title", lang="sv")
    assert got.status == 200 and table(got) == whole


def test_a_page_asks_only_for_its_days(motions: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore_page, "SHOWN", 2)
    counts = COUNTS["decisions"].at(motions.site)
    assert counts.days_of(Choice("decisions"), 2, 0) == (["2024-05-20"], 0)
    assert counts.days_of(Choice("decisions"), 2, 3) == (["2024-05-20", "2024-04-24"], 3)
    assert counts.days_of(Choice("decisions"), 2, 4) == (["2024-04-24"], 0)
    assert counts.days_of(Choice("decisions", sort="oldest"), 2, 0) == (["2023-02-01"], 0)
    motions.pool.queries.clear()
    assert len(table(motions.get("/explore/decisions", page="3"))) == 2
    assert [each for each in motions.pool.queries if 'VALUES ?date { "2024-04-24"^^xsd:date }' in each]
    assert "VALUES ?date" not in motions.get("/explore/decisions", page="3").one("//pre/code")


def test_totals_numbers_and_rows_agree(motions: Reader) -> None:
    counts, totals = COUNTS["motions"].at(motions.site), set()
    kinds = ("", *MATTERS[:3])
    parties = ("", f"{BASE}/id/party/V", f"{BASE}/id/party/MP")
    for body, year, party, outcome, kind in itertools.product(
        ("", COUNCIL, BOARD), ("", "2022", "2024"), parties, ("", TREATED, UNTREATED, *OUTCOMES), kinds
    ):
        choice = Choice("motions", body, year, party, outcome, kind)
        for sort in SORTS["motions"] if not year else ("newest",):
            query = listing(Choice("motions", body, year, party, outcome, kind, sort), "sv", 1000)
            assert len(motions.pool.rows(query).rows) == counts.total(choice), choice
        totals.add(counts.total(choice))
        for facet in FACETS:
            for value, number in counts.facet(choice, facet).items():
                chosen = {each: choice.of(each) for each in FACETS} | {facet: value}
                assert counts.total(Choice("motions", **chosen)) == number > 0, (chosen, facet)
    assert {0, 1, 2, 5} <= totals


def test_a_municipality_leads_to_decisions_only_of_bodies_that_have_some(motions: Reader) -> None:
    rows = motions.get("/doc/municipality/9998").section("bodies").xpath(".//tbody/tr")
    links = {seen(row.find("th").text_content()): row.xpath("td[last()]/a/@href") for row in rows}
    assert sorted(links) == ["Kommunfullmäktige", "Kommunstyrelsen", "Äldrenämnden"]
    assert links.pop("Äldrenämnden") == []
    for (link,) in links.values():
        assert table(motions.get(link))

"""/explore: the totals are the rows of the query that is shown, for every choice; the CSV has the same rows."""

import itertools
from urllib.parse import parse_qs, urlsplit

import pytest

from server.explore import page as explore_page
from server.explore.counts import COUNTS
from server.explore.queries import FACETS, SORTS, Choice, listing
from server.pages import CONTROLS
from server.site import CONCEPT
from server.views.opinion import AS_OPINION
from tests.server.data import BASE
from tests.server.views_data import Page, Reader, seen

PARK, COUNCIL = f"{BASE}/id/body/9999/parknamnden", f"{BASE}/id/body/9999/kommunfullmaktige"
APPROVED, REJECTED = CONCEPT + "outcome/approved", CONCEPT + "outcome/rejected"
ANSWERED = APPROVED + AS_OPINION
IN_SWEDISH = "bifall till förslaget (svar, eller förslag till annat organ)"
IN_ENGLISH = "proposal approved (an answer, or a proposal to another body)"
LEFT, GREEN = f"{BASE}/id/party/V", f"{BASE}/id/party/MP"
CHOICES = [
    {name: value for name, value in zip(("body", "year", "party", "outcome", "kind"), values, strict=True) if value}
    for values in itertools.product(
        ("", PARK, COUNCIL),
        ("", "2024"),
        ("", LEFT, GREEN),
        ("", REJECTED, ANSWERED),
        ("", CONCEPT + "item-type/motion"),
    )
]


def table(page: Page) -> list[list[str]]:
    found = page.tree.xpath("//section[@aria-labelledby='found']//tbody/tr")
    return [[seen(cell.text_content()) for cell in row] for row in found]


def test_decisions(reader: Reader) -> None:
    page = reader.get("/explore/decisions")
    rows = table(page)
    assert page.one("//h2[@id='found']") == "7 träffar" and len(rows) == 7
    assert rows[:3] == [
        ["20 maj 2024", "§ 3 Motion om gungor", "Kommunfullmäktige, Exempelby", "avslag"],
        ["24 april 2024", "§ 2 Yttrande om gungor", "Kommunstyrelsen, Exempelby", "enligt förvaltningens förslag"],
        ["12 mars 2024", "§ 7 Svar på motion om gungor", "Parknämnden, Exempelby", "föreslår: bifall"],
    ]
    assert sorted(row[3] for row in rows[3:5]) == ["avslag", "lagd till handlingarna"]  # § 8 has two outcomes
    assert rows[5][1].startswith("§ 9 </title><script>") and "<script>alert" not in page.text
    assert rows[6] == ["12 mars 2024", "§ 10", "Parknämnden, Exempelby", "lagd till handlingarna"]


def test_in_english_with_links_that_keep_the_language(reader: Reader) -> None:
    page = reader.get("/explore/decisions", lang="en", outcome=ANSWERED)
    assert page.one("//h2[@id='found']") == "2 found"
    told = "as the administration proposed"
    assert table(page)[0] == ["24 April 2024", "§ 2 Yttrande om gungor", "Kommunstyrelsen, Exempelby", told]
    assert all("lang=en" in each for each in page.tree.xpath("//main//a/@href"))
    assert page.tree.xpath("//select[@name='outcome']/option[@selected]")[0].text == f"{IN_ENGLISH} (2)"
    assert page.tree.xpath("//main//form/input[@name='lang']/@value") == ["en"]


@pytest.mark.parametrize(("language", "name"), [("sv", IN_SWEDISH), ("en", IN_ENGLISH)])
def test_answers_are_chosen_and_named_apart_from_decisions(reader: Reader, language: str, name: str) -> None:
    """A board and a committee approve what they answer to a motion, or propose to the council: that approves none."""
    motions = {"kind": CONCEPT + "item-type/motion"}
    page = reader.get("/explore/decisions", lang=language, **motions)
    offered = [seen(each.text) for each in page.tree.xpath("//select[@name='outcome']/option[@value != '']")]
    assert (
        offered
        == [{"sv": "avslag (1)", "en": "rejected (1)"}[language], f"{name} (1)"][:: 1 if language == "sv" else -1]
    )
    for sort in SORTS["decisions"]:
        told = table(reader.get("/explore/decisions", outcome=ANSWERED, sort=sort, **motions))
        assert [row[1] for row in told] == ["§ 7 Svar på motion om gungor"]
        assert not table(reader.get("/explore/decisions", outcome=APPROVED, sort=sort))
    found = reader.pool.rows(listing(Choice("decisions"), language, 1000))
    paragraph, outcome = (found.variables.index(each) for each in ("paragraph", "outcomeName"))
    names = {number.value: said.value for row in found.rows if (number := row[paragraph]) and (said := row[outcome])}
    assert names["7"] == names["2"] == name and names["3"] == {"sv": "avslag", "en": "rejected"}[language]


def test_motions(reader: Reader) -> None:
    page = reader.get("/explore/motions")
    assert table(page) == [
        [
            "Gungor åt alla",
            "motion",
            "V",
            "20 maj 2024",
            "Kommunfullmäktige, Exempelby, Parknämnden, Exempelby",
            "avslag",
        ],
        ["<script>alert('motion')</script> bänkar", "motion", "MP, V", "", "", "inte behandlad"],
        ["Skrivelse om parkljus", "skrivelse", "", "", "", "inte behandlad"],
    ]
    assert page.one("//h2[@id='found']") == "3 träffar" and "<script>alert" not in page.text
    assert reader.get("/explore/motions", party=GREEN).one("//h2[@id='found']") == "1 träff"


@pytest.mark.parametrize("subject", ["decisions", "motions"])
def test_the_totals_are_the_rows_of_the_query(reader: Reader, subject: str) -> None:
    counts = COUNTS[subject].at(reader.site)
    totals = set()
    for chosen in CHOICES:
        if subject == "motions" and "kind" in chosen:
            continue
        for sort in SORTS[subject]:
            rows = reader.pool.rows(listing(Choice(subject, **chosen, sort=sort), "sv", 1000)).rows
            total = counts.total(Choice(subject, **chosen))
            assert len(rows) == total, (chosen, sort)
        totals.add(total)
    assert {0, 1} < totals


@pytest.mark.parametrize("subject", ["decisions", "motions"])
def test_each_offered_number_is_what_the_choice_gives(reader: Reader, subject: str) -> None:
    counts = COUNTS[subject].at(reader.site)
    for chosen in ({}, {"body": PARK}, {"party": LEFT}, {"year": "2024", "outcome": REJECTED}):
        for facet in FACETS:
            for value, number in counts.facet(Choice(subject, **chosen), facet).items():
                assert counts.total(Choice(subject, **{**chosen, facet: value})) == number, (chosen, facet, value)


@pytest.mark.parametrize("subject", ["decisions", "motions"])
@pytest.mark.parametrize("chosen", [{}, {"body": PARK, "outcome": REJECTED}, {"party": LEFT, "sort": "title"}])
def test_the_csv_has_the_rows_of_the_page(reader: Reader, subject: str, chosen: dict[str, str]) -> None:
    page = reader.get(f"/explore/{subject}", lang="en", **chosen)
    link = page.tree.xpath("//a[contains(@href, 'format=csv')]/@href")[0]
    got = reader.client.get(link)
    assert got.status_code == 303
    asked = parse_qs(urlsplit(got.headers["Location"]).query)
    assert asked["format"] == ["csv"] and page.one("//pre/code") == seen(asked["query"][0])
    found = reader.pool.rows(asked["query"][0])
    title = found.variables.index("title")
    listed = [row[1] if subject == "decisions" else row[0] for row in table(page)]
    assert len(found.rows) == len(listed)
    titles = [CONTROLS.sub("\ufffd", each.value) if (each := row[title]) else "§ 10" for row in found.rows]
    assert all(seen(each).casefold() in shown.casefold() for each, shown in zip(titles, listed, strict=True))


def test_the_rows_of_decisions_tell_the_municipality(reader: Reader) -> None:
    found = reader.pool.rows(listing(Choice("decisions", body=PARK), "en", 1000))
    body, place = (found.variables.index(each) for each in ("bodyName", "municipalityName"))
    told = {tuple(each.value if each else "" for each in (row[body], row[place])) for row in found.rows}
    assert told == {("Parknämnden", "Exempelby")}


def test_pages_follow_each_other(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = table(reader.get("/explore/decisions"))
    monkeypatch.setattr(explore_page, "SHOWN", 3)
    found, page = [], reader.get("/explore/decisions", year="2024", lang="en")
    while True:
        found += table(page)
        following = page.tree.xpath("//a[@rel='next']/@href")
        if not following:
            break
        assert "lang=en" in following[0] and "year=2024" in following[0]
        page = reader.get(following[0])
    assert [row[1] for row in found] == [row[1] for row in whole]
    assert page.one("//nav[@class='pager']/span") == "Page 3"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("0", 1), ("-1", 1), ("x", 1), ("", 1), ("²", 1), ("4", 3), ("99999", 3), ("9" * 30, 3), ("02", 2)],
)
def test_a_page_that_does_not_exist_is_told_of(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, asked: str, shown: int
) -> None:
    whole = table(reader.get("/explore/decisions"))
    monkeypatch.setattr(explore_page, "SHOWN", 3)
    page = reader.get("/explore/decisions", page=asked)
    assert page.status == 200 and page.one("//nav[@class='pager']/span") == f"Sida {shown}"
    assert table(page) == whole[(shown - 1) * 3 : shown * 3]
    told = [f"Sidan ”{asked[:20]}” finns inte. Här är sida {shown}."] if asked and asked != "02" else []
    assert page.all("//p[@role='status']") == told


def test_the_pages_end_and_say_so(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore_page, "SHOWN", 3)
    monkeypatch.setattr(explore_page, "MOST_PAGES", 2)
    said = "//p[@class='note'][contains(., 'Bläddringen slutar här.')]"
    page = reader.get("/explore/decisions", page="2")
    assert page.all(said) and not page.all("//a[@rel='next']")
    page = reader.get("/explore/decisions")
    assert page.all("//a[@rel='next']") and not page.all(said)


@pytest.mark.parametrize(
    ("facet", "value", "told"),
    [
        ("year", "20x4", "”20x4” kan inte vara År"),
        ("year", "²⁰²⁴", "kan inte vara År"),
        ("body", "<script>", "”<script>” kan inte vara Organ"),
        ("sort", "<script>", "”<script>” kan inte vara Ordning"),
        ("sort", "outcome", "”outcome” kan inte vara Ordning"),
        ("outcome", 'x> } DROP ALL #"', "kan inte vara Utfall"),
    ],
)
def test_what_cannot_be_chosen_is_refused(reader: Reader, facet: str, value: str, told: str) -> None:
    page = reader.get("/explore/decisions", **{facet: value})
    assert page.status == 400 and told in page.one("//p[@role='alert']") and "<script>" not in page.text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_refused_choice_leads_back_to_the_list_without_it(reader: Reader, language: str) -> None:
    page = reader.get("/explore/motions", kind="x y", party=LEFT, sort="title", page="2", lang=language)
    (link,) = page.tree.xpath("//main//a")
    back = reader.get(link.get("href"))
    assert page.status == 400 and link.text in ("Visa listan utan det valet", "Show the list without that choice")
    assert back.status == 200 and [row[0] for row in table(back)][-1] == "Gungor åt alla"
    assert back.tree.xpath("//option[@selected]/@value") == [LEFT, "title"]


def test_what_nothing_has(reader: Reader) -> None:
    page = reader.get("/explore/decisions", body="javascript:alert(1)")
    assert page.status == 200 and "Inget motsvarar det du valt." in page.one("//main")
    assert not [each for each in page.hrefs() if each.startswith("javascript")]


def test_the_list_is_there_without_its_counts(reader: Reader) -> None:
    COUNTS["decisions"].forget()
    reader.pool.fails = "COUNT(DISTINCT ?treatment)"
    page = reader.get("/explore/decisions")
    assert page.status == 200 and len(table(page)) == 7 and page.one("//h2[@id='found']") == "Beslut"
    assert page.one("//p[@class='note']").startswith("Talen kunde inte räknas i tid")


def test_the_counts_are_asked_for_once(reader: Reader) -> None:
    COUNTS["decisions"].forget()
    reader.get("/explore/decisions")
    reader.pool.queries.clear()
    reader.get("/explore/decisions", body=PARK)
    assert not [each for each in reader.pool.queries if "COUNT(" in each]


def test_explore_begins_with_decisions(reader: Reader) -> None:
    got = reader.client.get("/explore?lang=en")
    assert (got.status_code, got.headers["Location"]) == (303, "/explore/decisions?lang=en")

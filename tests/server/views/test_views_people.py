"""The pages of a person, a party and a body: what they did, when, and with whom."""

import json

import pytest

from server.site import CONCEPT
from server.views import bars
from server.views.told_deeds import Ended, _ended
from tests.server.views_data import Page, Reader, seen

ASA = "/doc/person/9999/asa-strom-v"
LEFT = "/doc/party/V"
BODY = "/doc/body/9999/parknamnden"


def rows(page: Page, heading: str) -> list[list[str]]:
    return [[seen(cell.text_content()) for cell in row] for row in page.section(heading).xpath(".//tbody/tr")]


def lines(page: Page, heading: str) -> list[str]:
    return [seen(each.text_content()) for each in page.section(heading).xpath("./ul/li")]


def test_a_person(reader: Reader) -> None:
    page = reader.get(ASA)
    assert page.one("//h1") == "Åsa Ström (V)" and page.one("//p[@class='kind'][1]") == "Förtroendevald"
    assert page.facts() == {
        "Parti": "Vänsterpartiet, sett 2023–2024",
        "Också skrivet": "Aasa Ström, Åsa Ström-Ek",
        "Sammanträden": "närvarande 1 justerare 1",
    }
    assert rows(page, "posts") == [
        ["Parknämnden, Exempelby", "ledamot", "12 mars 2024", "11 juni 2024"],
    ]
    assert lines(page, "matters") == ["Gungor åt alla (motion) Avgjord 20 maj 2024: avslag"]
    assert lines(page, "alike") == ["Åsa Ström öppen Samma namn, inget parti"]
    told = json.loads(page.tree.xpath("//script/text()")[0])
    assert (told["name"], told["alternateName"]) == ("Åsa Ström", ["Aasa Ström", "Åsa Ström-Ek"])


def test_what_a_person_did_the_latest_first(reader: Reader) -> None:
    page = reader.get(ASA)
    assert lines(page, "deeds-proposals") == [
        "12 mars 2024 · Parknämnden, Exempelby § 7 Svar på motion om gungor förslag "
        "Parknämnden bygger tre gungor i Ekparken. Beslut: föreslår: bifall blev beslutet",
        "27 februari 2023 · Kommunfullmäktige, Exempelby § 4 Lekplatser förslag",
    ]
    assert page.one("//h2[@id='deeds-statements']") == "Uttalanden (2)"
    assert page.one("//h2[@id='deeds-votes']") == "Omröstningar (1)"
    assert page.one("//h2[@id='deeds-reservations']") == "Reservationer (1)"
    for kind, word in (("statements", "uttalande"), ("votes", "röst"), ("reservations", "reservation")):
        assert set(page.all(f"//section[@aria-labelledby='deeds-{kind}']//li/a[@class='source']")) == {word}
    recused = reader.get("/doc/person/9999/frans-oneill")
    assert recused.all("//section[@aria-labelledby='deeds-recusals']//li/a[@class='source']") == ["jäv"]
    assert "<script>alert" not in page.text
    assert reader.get("/doc/person/9999/frans-oneill").one("//h2[@id='deeds-recusals']").endswith("(1)")


def test_what_was_wanted_and_what_came_of_it(reader: Reader) -> None:
    """Of proposals, reservations and votes: § 7 adopts proposal 1, which Cia supports and Bo rejects."""
    heading, told = "12 mars 2024 · Parknämnden, Exempelby § 7 Svar på motion om gungor", "Beslut: föreslår: bifall"
    bo, cia, disa = (reader.get(f"/doc/person/9999/{each}") for each in ("bo-ek-m", "cia-lind-s", "disa-berg-mp"))
    assert lines(bo, "deeds-proposals") == [
        f"{heading} förslag Yrkar avslag på förslag 1 {told} ett annat förslag blev beslutet"
    ]
    assert lines(cia, "deeds-proposals") == [
        f"{heading} förslag Yrkar bifall till förslag 1 {told} stödde det som blev beslutet"
    ]
    assert lines(disa, "deeds-proposals") == [
        f"{heading} förslag Parknämnden bygger sex gungor i <u>Ekparken</u>. {told} ett annat förslag blev beslutet"
    ]
    (to,) = cia.section("deeds-proposals").xpath(".//a[contains(text(), 'Yrkar')]/@href")
    assert to == "/id/treatment/9999/parknamnden/2024-03-12/7#proposal-1"
    assert lines(bo, "deeds-votes")[0] == f"{heading} röst Röst: nej · {told}"
    assert lines(disa, "deeds-votes")[0] == f"{heading} röst Röst: ja · {told}"
    assert lines(bo, "deeds-reservations")[0] == f'{heading} reservation Gungor "kostar" & gnisslar. {told}'
    assert not [each for each in bo.section("deeds-votes").xpath(".//a/@class") if "approved" in each]
    english = reader.get("/doc/person/9999/bo-ek-m", lang="en")
    assert "Vote: no · Decision: proposes: approved" in lines(english, "deeds-votes")[0]


def test_a_motion_that_was_not_ended_and_one_of_which_nothing_is_read() -> None:
    council, board = (f"{CONCEPT}body-type/{each}" for each in ("council", "executive"))
    rejected, answered = (f"{CONCEPT}outcome/{each}" for each in ("rejected", "answered"))
    by_others = [("2019-03-01", board, rejected), ("2018-11-05", "", answered), ("2019-05-01", council, "")]
    assert _ended(by_others) == Ended("2018-11-05", "2019-05-01", [])
    again = [
        *by_others,
        ("2020-01-20", council, answered),
        ("2019-12-01", council, rejected),
        ("2020-02-01", board, ""),
    ]
    assert _ended(again) == Ended("2018-11-05", "2020-01-20", [answered])


def test_a_letter_that_no_minutes_treat(reader: Reader) -> None:
    (told,) = lines(reader.get("/doc/person/9999/cia-lind-s"), "matters")
    assert told == "Skrivelse om parkljus (skrivelse) Inget protokoll som behandlar den är läst"


def test_a_person_in_english(reader: Reader) -> None:
    page = reader.get(ASA, lang="en")
    assert page.facts()["Party"] == "Left Party, seen 2023–2024"
    assert lines(page, "alike") == ["Åsa Ström open Same name, no party"]
    hrefs = [each for each in page.tree.xpath("//article//a/@href") if not each.startswith("#")]
    assert len(hrefs) > 15 and all("lang=en" in each for each in hrefs)


def test_an_official_and_a_hostile_name(reader: Reader) -> None:
    assert reader.get("/doc/person/9999/gun-sten").one("//p[@class='kind'][1]") == "Tjänsteman"
    page = reader.get("/doc/person/9999/frans-oneill")
    assert page.one("//h1") == 'Frans "Fransen" O\'Neill <br>' and not page.tree.xpath("//h1/br")


def test_a_person_without_a_name_has_a_list_of_statements(reader: Reader) -> None:
    page = reader.get("/doc/person/9999/namnlos")
    assert page.status == 200 and not page.tree.xpath("//article") and "namnlos" in page.one("//h1")


def test_a_party_year_by_year(reader: Reader) -> None:
    page = reader.get(LEFT)
    assert page.one("//h1") == "Vänsterpartiet (V)"
    assert rows(page, "years") == [["2023", "1", "0", "0"], ["2024", "2", "2", "1"]]
    picture = page.tree.xpath("//svg[@role='img']")[0]
    assert page.one(f"//*[@id='{picture.get('aria-labelledby')}']").startswith(
        "Förslag, reservationer och uttalanden"
    )
    assert rows(page, "years") == [
        [seen(cell.text_content()) for cell in row]
        for row in page.tree.xpath(f"//table[@id='{picture.get('aria-details')}']/tbody/tr")
    ]
    assert [(each.get("class"), seen(each.findtext("title"))) for each in picture.iter("rect")] == [
        ("proposals", "2023: 1"),
        ("proposals", "2024: 2"),
        ("reservations", "2024: 2"),
        ("statements", "2024: 1"),
    ]
    assert page.all("//svg[@role='img']/text[@class='name']") == ["Förslag", "Reservationer", "Uttalanden"]
    assert page.all("//svg[@role='img']/text[@class='year']") == ["2023", "2024"]
    assert page.all("//svg[@role='img']/text[not(@class)]") == ["2", "2", "1"]
    assert page.facts()["Personer som har setts i partiet"] == "1" and page.facts()["Motioner"] == "2"


def test_with_whom_a_party_acts(reader: Reader) -> None:
    assert rows(reader.get(LEFT), "together") == [["Moderaterna", "0", "1"], ["Miljöpartiet de gröna", "1", "0"]]
    assert rows(reader.get("/doc/party/M", lang="en"), "together") == [["Left Party", "0", "1"]]
    assert rows(reader.get("/doc/party/MP"), "together") == [["Vänsterpartiet", "1", "0"]]


def test_the_motions_of_a_party_are_those_to_which_it_links(reader: Reader) -> None:
    page = reader.get(LEFT, lang="en")
    link = page.tree.xpath("//dt[text()='Motions']/../dd/a/@href")[0]
    listed = reader.get(link)
    assert listed.one("//h2[@id='found']") == "2 found" and len(rows(listed, "found")) == 2


def test_a_party_of_which_nothing_is_read(reader: Reader) -> None:
    page = reader.get("/doc/party/9999/EP")
    assert page.one("//h1") == "Exempelpartiet (EP)"
    assert page.facts() == {"Personer som har setts i partiet": "0", "Motioner": "0"}
    assert not page.tree.xpath("//h2[@id='years' or @id='together']")


def test_a_body(reader: Reader) -> None:
    page = reader.get(BODY)
    assert page.one("//h1") == "Parknämnden, Exempelby"
    assert page.facts() == {"Kommun eller region": "Exempelby", "Slag": "nämnd", "Del av": "Kommunstyrelsen"}
    assert page.one("//h2[@id='meetings']") == "Sammanträden (2)"
    assert page.all("//section[@aria-labelledby='meetings']//li") == [
        "11 juni 2024 0 paragrafer",
        "12 mars 2024 6 paragrafer",
    ]
    assert rows(page, "outcomes") == [
        ["lagd till handlingarna", "2"],
        ["avslag", "2"],
        ["bifall till förslaget (svar, eller förslag till annat organ)", "1"],
    ]
    for link, number in zip(page.tree.xpath("//section[@aria-labelledby='outcomes']//a/@href"), "221", strict=True):
        assert reader.get(link).one("//h2[@id='found']").split()[0] == number
    assert rows(page, "members") == [["Åsa Ström", "ledamot", "12 mars 2024", "11 juni 2024"]]


def test_a_body_in_english(reader: Reader) -> None:
    page = reader.get("/doc/body/9999/kommunstyrelsen", lang="en")
    assert page.all("//section[@aria-labelledby='meetings']//li") == ["24 April 2024 1 paragraph"]
    assert page.facts()["Has under it"] == "Parknämnden"
    assert page.one("//link[@type='application/atom+xml']/@href") == "/atom/body/9999/kommunstyrelsen?lang=en"


def test_a_body_without_a_name_has_a_list_of_statements(reader: Reader) -> None:
    page = reader.get("/doc/body/9999/dagnamnden")
    assert page.status == 200 and not page.tree.xpath("//article")


@pytest.mark.parametrize(("path", "most"), [(ASA, 9), (LEFT, 8), (BODY, 8)])
def test_a_page_asks_few_questions(reader: Reader, path: str, most: int) -> None:
    before = len(reader.pool.queries)
    assert reader.get(path).tree.xpath("//article//section")
    asked = reader.pool.queries[before:]  # three of them for any page: its fate, its class, its corrections
    assert len(asked) <= most, asked


def test_counts_of_a_party_stand_with_their_columns_names_on_small_screens(reader: Reader) -> None:
    for heading in ("years", "together"):
        table = reader.get(LEFT).section(heading).xpath(".//table[@class='stacked'][@role='table']")[0]
        names = [seen(each.text) for each in table.xpath(".//th[@class='amount']")]
        assert names and all(row.xpath("./td/@data-label") == names for row in table.xpath("./tbody/tr"))


@pytest.mark.parametrize("path", [ASA, BODY])
def test_tables_with_days_are_stacked_on_small_screens_with_their_columns_names(reader: Reader, path: str) -> None:
    page = reader.get(path)
    days = page.tree.xpath("//table[@class='stacked']//td[time]")
    names = page.all("//table[@class='stacked']//th[@role='columnheader']")
    assert days and all(each.get("data-label") in names and each.get("role") == "cell" for each in days)


def test_years_stand_as_far_apart_as_they_are_in_time() -> None:
    picture = bars.picture({"2012": {"a": 1}, "2009": {"a": 2}, "2010": {"a": 3}}, ("a",))
    assert picture is not None and [each.label for each in picture.ticks] == ["2009", "2010", "2011", "2012"]
    assert [(each.year, each.x) for each in picture.bars] == [("2009", 12.5), ("2010", 37.5), ("2012", 87.5)]
    assert [each.height for each in picture.bars] == [37.3, 56.0, 18.7]
    assert [each.year for each in picture.bars if each.tallest] == ["2010"]


def test_bars() -> None:
    assert bars.picture({}, ("a",)) is None and bars.picture({"2024": {"a": 0}}, ("a",)) is None
    picture = bars.picture({"2024": {"a": 2}, "2023": {"b": 1, "a": 4}}, ("a", "b", "c"))
    assert picture is not None and [each.name for each in picture.kinds] == ["a", "b"]
    assert [(each.kind, each.year, each.height) for each in picture.bars] == [
        ("a", "2023", 56.0),
        ("a", "2024", 28.0),
        ("b", "2023", 14.0),
    ]
    of = {each.name: each for each in picture.kinds}
    assert all(each.y + each.height == of[each.kind].foot < picture.height for each in picture.bars)
    assert all(each.y - of[each.kind].top > 18 for each in picture.bars)  # the number over a bar is below the name


@pytest.mark.parametrize(("count", "thick"), [(1, 24), (28, 7), (60, 3), (400, 2)])
def test_bars_of_many_years_have_room_on_a_small_screen(count: int, thick: int) -> None:
    picture = bars.picture({f"{year:04}": {"a": 1} for year in range(1600, 1600 + count)}, ("a",))
    assert picture is not None and abs(picture.thick - thick) <= 1
    apart = 290 * (picture.bars[1].x - picture.bars[0].x) / 100 if count > 1 else 290
    assert picture.thick < apart or picture.thick == 2

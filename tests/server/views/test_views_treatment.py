"""The page of a §: proposals beside the decision, votes, reservations, statements."""

import json

import pytest

from server.views import difference, seating
from tests.server.views_data import LONG_TITLE, Page, Reader, seen

SEVENTH = "/doc/treatment/9999/parknamnden/2024-03-12/7"
EIGHTH = "/doc/treatment/9999/parknamnden/2024-03-12/8"
NINTH = "/doc/treatment/9999/parknamnden/2024-03-12/9"


def card(page: Page, number: int) -> str:
    return page.one(f"//section[@aria-labelledby='proposal-{number}']")


def lines(page: Page, heading: str) -> list[str]:
    return [seen(each.text_content()) for each in page.section(heading).xpath("./ul/li")]


def test_facts(reader: Reader) -> None:
    page = reader.get(SEVENTH)
    assert page.one("//h1") == "§ 7 Svar på motion om gungor"
    assert page.all("//nav[@class='crumbs']//li") == ["Exempelby", "Parknämnden", "12 mars 2024"]
    assert page.one("//p[@class='lead']") == "Remiss från kommunstyrelsen"
    assert page.facts() == {
        "Sammanträde": "12 mars 2024",
        "Slag av ärende": "motion",
        "Ärende": "PN 2024/31",
        "Hör ihop med": "SBN 2024/5",
        "Gäller": "Gungor åt alla",
    }
    assert "Paragrafen justerades omedelbart." in page.all("//p[@class='note']")
    assert lines(page, "documents") == ["Motion: gungor åt alla motionshandling"]
    story = seen(page.section("story").text_content())
    assert "Ordföranden ställer förslagen mot varandra." in story and "räknat på tre gungor." in story


def test_facts_in_english(reader: Reader) -> None:
    page = reader.get(SEVENTH, lang="en")
    assert page.facts()["Kind of item"] == "motion" and page.facts()["Meeting"] == "12 March 2024"
    assert page.all("//h2")[:2] == ["Decision", "Proposals"]
    assert page.one("//section[@aria-labelledby='decision']//a[contains(@class, 'badge')]") == "proposal 1 approved"
    hrefs = [each for each in page.tree.xpath("//article//a/@href") if not each.startswith("#")]
    assert len(hrefs) > 30 and all("lang=en" in each for each in hrefs)


def test_the_decision(reader: Reader) -> None:
    page = reader.get(SEVENTH)
    told = page.one("//section[@aria-labelledby='decision']")
    assert "bifall till förslag 1 Förslag till Kommunfullmäktige källa" in told
    assert "I protokollets ord: bifaller" in told and "Parknämnden bygger tre gungor i Ekparken." in told
    assert reader.sources(page, "//section[@aria-labelledby='decision']") == {
        "Parknämnden beslutar",
        "bygger tre gungor i Ekparken.",
    }


def test_proposals_beside_the_decision(reader: Reader) -> None:
    page = reader.get(SEVENTH)
    assert "blev beslutet" in card(page, 1) and "Samma ord som beslutet." in card(page, 1)
    assert "vice ordföranden Åsa Ström (V) m.fl. (MP) källa" in card(page, 1)
    assert card(page, 2) == "Förslag 2 Cia Lind Yrkar bifall till förslag 1"
    assert card(page, 3) == "Förslag 3 Bo Ek (M) Yrkar avslag på förslag 1"
    assert "blev beslutet" not in card(page, 2) + card(page, 3) + card(page, 4)
    assert page.tree.xpath("//section[@aria-labelledby='proposal-3']//a[@href='#proposal-1']")
    assert reader.sources(page, "//section[@aria-labelledby='proposal-1']") == {
        "Åsa Ström (V) m.fl. yrkar",
        "bygger tre gungor, som yrkat",
    }


def test_the_difference_word_by_word(reader: Reader) -> None:
    page = reader.get(SEVENTH)
    at = "//section[@aria-labelledby='proposal-4']//details"
    assert page.all(at + "//del") == ["sex", "<u>Ekparken</u>."] and page.all(at + "//ins") == ["tre", "Ekparken."]
    assert "3 a Parknämnden bygger sex gungor i <u>Ekparken</u>." in card(page, 4)
    assert not page.tree.xpath("//section[@aria-labelledby='proposal-1']//details")


def test_a_vote_with_ballots(reader: Reader) -> None:
    page = reader.get(SEVENTH)
    section = page.section("vote-1")
    told = {seen(each.findtext("dt")): seen(each.find("dd").text_content()) for each in section.findall("dl/div")}
    assert told == {"Ja betyder": "ja till gungor", "Nej betyder": "Förslag 3"}
    assert section.xpath(".//a[@href='#proposal-3']")
    assert page.one("//p[@class='answer']") == "2 ja, 1 nej, 1 avstår"
    assert "Ordförandens utslagsröst avgjorde." in page.all("//p[@class='note']")
    rows = [[seen(cell.text_content()) for cell in row] for row in section.xpath(".//tbody/tr")]
    assert rows == [
        ["Disa Berg", "MP", "ja"],
        ["Åsa Ström", "V", "ja"],
        ["framgår inte", "", "avstår"],
        ["Bo Ek källa", "M", "nej"],
    ]
    seats = section.xpath(".//svg[@class='seats']/g")
    assert [(each.get("class"), seen(each.text_content())) for each in seats] == [
        ("yes", "MP"),
        ("yes", "V"),
        ("abstained", ""),
        ("no", "M"),
    ]
    assert reader.sources(page, "//section[@aria-labelledby='vote-1']") == {"Omröstning begärs", "Bo Ek (M) nej"}


def test_a_vote_with_counts_only(reader: Reader) -> None:
    page = reader.get(EIGHTH)
    section = page.section("vote-1")
    assert [[seen(cell.text_content()) for cell in row] for row in section.xpath(".//tbody/tr")] == [
        ["ja", "3"],
        ["nej", "5"],
        ["avstår", "2"],
    ]
    seats = [each.get("class") for each in section.xpath(".//svg[@class='seats']/g")]
    assert sorted(seats) == ["abstained"] * 2 + ["no"] * 5 + ["yes"] * 3
    assert seen(section.find("dl").text_content()).count("framgår inte av protokollet") == 2


@pytest.mark.parametrize("vote", [2, 3])
@pytest.mark.parametrize(
    ("language", "unclear"),
    [("sv", "har inte lästs säkert"), ("en", "not read with certainty")],
)
def test_yes_and_no_are_never_said_to_mean_the_same(reader: Reader, vote: int, language: str, unclear: str) -> None:
    facts = reader.get(EIGHTH, lang=language).section(f"vote-{vote}").find("dl")
    assert [seen(each.text_content()) for each in facts.iter("dd")] == [unclear, unclear]
    page = reader.get(f"{EIGHTH}/vote/{vote}", lang=language)
    assert [each for each in page.all("//dl[@class='facts']//dd") if each == unclear] == [unclear, unclear]


def test_reservations_name_the_parties(reader: Reader) -> None:
    page = reader.get(SEVENTH)
    assert lines(page, "reservations") == ['Bo Ek (M, V) till förmån för förslag 3 källa Gungor "kostar" & gnisslar.']
    assert reader.sources(page, "//section[@aria-labelledby='reservations']") == {"Bo Ek reserverar sig"}


def test_statements_of_each_kind(reader: Reader) -> None:
    page = reader.get(SEVENTH)
    assert lines(page, "statements") == [
        "Särskilt uttalande: Cia Lind Vi ville ha rutschkana. källa",
        "Ersättaryttrande: Disa Berg Ersättare tycker också.",
        "Protokollsanteckning: Åsa Ström (V) Till protokollet antecknas.",
        "Uttalande: Åsa Ström m.fl. instämmer i ”Vi ville ha rutschkana.”",
    ]
    assert reader.sources(page, "//section[@aria-labelledby='statements']") == {"Cia Lind uttalar"}


def test_recusals(reader: Reader) -> None:
    page = reader.get(SEVENTH)
    assert lines(page, "recusals") == ['Frans "Fransen" O\'Neill <br> källa Frans äger gungor.', "Gun Sten"]
    assert reader.sources(page, "//section[@aria-labelledby='recusals']") == {"Frans O'Neill anmäler jäv"}


def test_hostile_words(reader: Reader) -> None:
    page = reader.get(NINTH)
    assert page.one("//h1").startswith("§ 9 </title><script>alert(\"9\")</script> 'citat' & ")
    assert not [each for each in page.hrefs() if each.startswith("javascript")]
    assert "javascript:alert(9) (V)" in card(page, 1)
    assert "<script>alert" not in page.text and page.text.count("</title>") == 1
    told = json.loads(page.tree.xpath("//script[@type='application/ld+json']/text()")[0])
    assert (told["@type"], told["@id"]) == ("CreativeWork", "https://data.example/id" + NINTH.removeprefix("/doc"))
    assert told["creator"]["name"] == "Parknämnden" and told["dateCreated"] == "2024-03-12"
    assert "<script>" in told["name"]


def test_what_is_missing_is_said(reader: Reader) -> None:
    page = reader.get("/doc/treatment/9999/parknamnden/2024-03-12/1")
    assert page.one("//section[@aria-labelledby='decision']/p") == "Inget beslut är läst i paragrafen."
    assert not page.tree.xpath("//*[@id='proposals' or @id='reservations' or @id='statements' or @id='recusals']")
    untitled = reader.get("/doc/treatment/9999/parknamnden/2024-03-12/10")
    assert untitled.one("//h1") == "§ 10 a"
    assert "Beslutets punkter står inte i protokollet eller kunde inte läsas." in untitled.one("//main")
    assert reader.get("/doc/treatment/9999/parknamnden/2024-03-12/11").one("//h1") == "§ 11 " + LONG_TITLE


def test_difference() -> None:
    assert difference.difference("Ett två.", "ett  TVÅ") is None
    assert difference.difference("", "") is None
    told = difference.difference("a b c", "a x c d")
    assert told is not None
    assert [(each.kind, each.text) for each in told] == [
        ("same", "a"),
        ("removed", " b"),
        ("added", " x"),
        ("same", " c"),
        ("added", " d"),
    ]
    assert difference.difference("ord " * (difference.MOST + 1), "annat") is None


def test_seats_are_as_many_as_voters_and_lie_apart() -> None:
    assert seating.picture([]) is None and seating.picture([("yes", "")] * (seating.MOST + 1)) is None
    for number in (1, 2, 7, 61, seating.MOST):
        picture = seating.picture([("yes", "")] * number)
        assert picture is not None and len(picture.seats) == number
        seats = picture.seats
        assert all(0 < each.x < picture.width and 0 < each.y < picture.height for each in seats)
        nearest = min(
            ((a.x - b.x) ** 2 + (a.y - b.y) ** 2 for at, a in enumerate(seats) for b in seats[:at]), default=9e9
        )
        assert nearest >= (2 * seating.SEAT) ** 2, number

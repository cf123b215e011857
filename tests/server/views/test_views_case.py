"""The pages of a case and of a matter: what happened, in order of time, and how it ended."""

import json

import pytest

from server.views import lanes
from tests.server.views_data import Page, Reader, seen

CASE = "/doc/case/9999/PN-2024-31"
MOTION = "/doc/matter/9999/PN-2024-31/motion"
UNANSWERED = "/doc/matter/9999/KS-2024-50/motion"
LETTER = "/doc/matter/9999/PN-2024-66/letter"


def timeline(page: Page) -> list[str]:
    return [seen(each.text_content()) for each in page.tree.xpath("//ol[@id='timeline-list']/li")]


def steps(page: Page) -> dict[str, str]:
    found = page.section("way").xpath("./ol/li")
    return {seen(each.findtext("h3")): seen(each.text_content()).split(" ", 1)[1] for each in found}


def test_all_that_happened_in_all_bodies_in_order(reader: Reader) -> None:
    page = reader.get(CASE)
    assert page.one("//h1") == "PN 2024/31 gungor åt alla"
    assert timeline(page) == [
        "1. 15 januari 2019 Motion: gungor åt alla källa",
        "2. 12 mars 2024 · Parknämnden § 7 Svar på motion om gungor föreslår: bifall källa",
        "3. 24 april 2024 · Kommunstyrelsen § 2 Yttrande om gungor enligt förvaltningens förslag KS 2024/99 källa",
        "4. 20 maj 2024 · Kommunfullmäktige § 3 Motion om gungor avslag källa",
        "5. 11 juni 2024 · Parknämnden · på dagordningen Uppföljning av gungor källa",
    ]
    assert page.facts() == {
        "Diarienummer": "PN 2024/31",
        "Senast": "11 juni 2024, Parknämnden, på dagordningen",
        "Gäller": "Gungor åt alla",
        "Behandlat av": "Parknämnden, Kommunstyrelsen, Kommunfullmäktige",
        "Besvaras i": "KS 2024/99",
    }
    assert reader.sources(page, "//section[@aria-labelledby='timeline']") == {
        "Motion: gungor åt alla",
        "§ 7 Svar på motion om gungor",
        "§ 2 Yttrande om gungor",
        "§ 3 Motion om gungor",
        "9. Uppföljning av gungor",
    }
    assert reader.sources(page, "//section[@class='about']") == {"Dnr PN 2024/31"}


def test_where_it_comes_from_can_be_cited(reader: Reader) -> None:
    said = "//section[@class='about']//dt[text()='{}']/../dd"
    assert reader.get(CASE).one(said.format("Källa")) == "protokoll <b>12</b>.pdf, sida 7: Dnr PN 2024/31"
    assert reader.get(CASE, lang="en").one(said.format("Source")) == "protokoll <b>12</b>.pdf, page 7: Dnr PN 2024/31"
    elsewhere = reader.get("/doc/treatment/9999/kommunfullmaktige/2024-05-20/3")
    assert elsewhere.one(said.format("Källa")) == "Dokument, tecken 27–47: § 3 Motion om gungor"


def test_in_english(reader: Reader) -> None:
    page = reader.get(CASE, lang="en")
    assert page.facts()["Latest"] == "11 June 2024, Parknämnden, on the agenda"
    assert (
        timeline(page)[1] == "2. 12 March 2024 · Parknämnden § 7 Svar på motion om gungor proposes: approved source"
    )
    assert (
        page.one("//meta[@name='description']/@content")
        == "Exempelby. Latest: 11 June 2024, Parknämnden. on the agenda"
    )
    hrefs = [each for each in page.tree.xpath("//article//a/@href") if not each.startswith("#")]
    assert len(hrefs) > 15 and all("lang=en" in each for each in hrefs)


def test_the_picture_shows_each_event_of_the_list(reader: Reader) -> None:
    page = reader.get(CASE)
    dots = page.tree.xpath("//svg[@class='lanes']/circle")
    assert len(dots) == 5 == len(timeline(page))
    assert page.all("//svg[@class='lanes']/text[@class='number']") == ["1", "2", "3", "4", "5"]
    rest = page.all("//svg[@class='lanes']/text[not(@class)]")
    assert rest[:4] == ["Handlingar", "Parknämnden", "Kommunstyrelsen", "Kommunfullmäktige"]
    assert rest[4:] == ["15 januari 2019", "11 juni 2024"]


def test_the_feed_of_the_case_is_named(reader: Reader) -> None:
    page = reader.get(CASE, lang="en")
    assert page.one("//link[@type='application/atom+xml']/@href") == "/atom/case/9999/PN-2024-31?lang=en"
    assert reader.get("/atom/case/9999/PN-2024-31").status == 200


def test_a_case_that_answers_another(reader: Reader) -> None:
    page = reader.get("/doc/case/9999/KS-2024-99")
    assert page.facts()["Svarar på"] == "PN 2024/31"
    assert timeline(page) == [
        "24 april 2024 · Kommunstyrelsen § 2 Yttrande om gungor enligt förvaltningens förslag källa"
    ]
    assert not page.tree.xpath("//svg[@class='lanes']")


def test_a_case_of_which_nothing_is_read(reader: Reader) -> None:
    page = reader.get("/doc/case/9999/TOM-2020-1")
    assert page.one("//h1") == "TOM 2020/1" and "Inget är läst om vad som hände ärendet." in page.one("//main")
    assert json.loads(page.tree.xpath("//script/text()")[0])["name"] == "TOM 2020/1"


def test_a_related_case_has_the_event_too(reader: Reader) -> None:
    page = reader.get("/doc/case/9999/SBN-2024-5")
    assert timeline(page) == [
        "12 mars 2024 · Parknämnden § 7 Svar på motion om gungor föreslår: bifall PN 2024/31 källa"
    ]


def test_an_answered_motion(reader: Reader) -> None:
    page = reader.get(MOTION)
    assert page.one("//h1") == "Gungor åt alla" and page.one("//p[@class='kind'][1]") == "Motion"
    assert page.facts() == {"Väckt av": "Åsa Ström (V) m.fl.", "Ärende": "PN 2024/31"}
    assert seen(page.section("words").text_content()) == "Texten Att bygga gungor. källa"
    told = steps(page)
    assert list(told) == ["Väcks", "Sänds på remiss", "Behandlas", "Avgörs"]
    assert told["Väcks"] == "15 januari 2019" and told["Sänds på remiss"].endswith(
        "Sänd på remiss av Kommunstyrelsen"
    )
    assert told["Behandlas"] == (
        "12 mars 2024 · Parknämnden · § 7 Svar på motion om gungor föreslår: bifall källa "
        "20 maj 2024 · Kommunfullmäktige · § 3 Motion om gungor avslag källa "
        "Utfallet av en motion är fullmäktiges beslut. Det som andra organ beslutar om den är förslag eller yttranden."
    )
    assert told["Avgörs"].startswith("avslag 20 maj 2024 · 1\u00a0952 dagar efter den första uppgiften.")
    assert reader.sources(page, "//section[@aria-labelledby='words']") == {"Att bygga gungor."}
    assert reader.sources(page, "//section[@class='about']") == {"gungor åt alla"}


def test_what_others_than_the_council_say_of_a_motion_has_not_the_look_of_its_outcome(reader: Reader) -> None:
    badges = reader.get(MOTION).section("way").xpath(".//ul//a[contains(@class, 'badge')]")
    assert [(each.text_content(), each.get("class")) for each in badges] == [
        ("föreslår: bifall", "badge"),
        ("avslag", "badge rejected"),
    ]
    assert "yttranden" not in reader.get(UNANSWERED).one("//main") and "yttranden" not in reader.get(LETTER).one(
        "//main"
    )


def test_an_answered_motion_in_english(reader: Reader) -> None:
    page = reader.get(MOTION, lang="en")
    assert steps(page)["Decided"].startswith("rejected 20 May 2024 · 1,952 days after the first fact.")
    assert page.one("//meta[@name='description']/@content") == "Exempelby. Decided: rejected"


def test_a_motion_that_is_not_answered(reader: Reader) -> None:
    page = reader.get(UNANSWERED)
    assert page.one("//h1") == "<script>alert('motion')</script> bänkar" and "<script>alert" not in page.text
    assert page.facts() == {"Väckt av": "Miljöpartiet de gröna, Vänsterpartiet"}
    told = steps(page)
    assert told["Väcks"] == "Dagen då den väcktes framgår inte av det som är läst."
    assert told["Sänds på remiss"].endswith("Ingen remiss är läst.")
    assert told["Behandlas"] == "Inget protokoll som behandlar den är läst."
    assert told["Avgörs"].startswith("Inget avgörande i fullmäktige är läst.")


def test_a_letter_with_questions(reader: Reader) -> None:
    page = reader.get(LETTER)
    assert page.one("//p[@class='kind'][1]") == "Skrivelse"
    assert page.all("//section[@aria-labelledby='questions']//li") == [
        "Hur många lampor finns? källa",
        "När byts <em>lamporna</em>?",
    ]
    assert reader.sources(page, "//section[@aria-labelledby='questions']") == {"Hur många lampor finns?"}
    assert list(steps(page)) == ["Väcks", "Behandlas"]


def test_titles_that_differ_are_all_told(reader: Reader) -> None:
    """Not those that differ in spaces and capitals."""
    note = "//article/p[@class='note']"
    told = "Källorna säger olika. Rubrikerna är: Skrivelse om parkljus, skrivelsen om lampor"
    assert reader.get(LETTER).one(note) == told
    assert reader.get(LETTER, lang="en").one(note).startswith("The sources differ. The titles are: ")
    assert [each.get("lang") for each in reader.get(LETTER, lang="en").tree.xpath(f"{note}/q")] == ["sv", "sv"]
    assert not reader.get(MOTION).tree.xpath(note)


def apart(picture: lanes.Picture) -> float:
    """The fewest pixels between two dots of a lane, where the picture is as narrow as it may be."""
    places = [sorted(each.x for each in picture.dots if each.y == y) for y in picture.lanes]
    gaps = [after - before for lane in places for before, after in zip(lane, lane[1:], strict=False)]
    return min(gaps) / 100 * picture.width


def test_lanes() -> None:
    assert lanes.picture([]) is None and lanes.picture([("2024-01-01", "A"), ("2024-01-01", "B")]) is None
    assert lanes.picture([("2024-01-01", "A"), ("okänd dag", "A")]) is None
    assert lanes.picture([(f"20{year:02}-01-01", "A") for year in range(100)] * 2) is None
    near = [("2024-01-01", "A"), ("2024-01-02", "A"), ("2024-01-02", "B"), ("2034-01-01", "A")]
    picture = lanes.picture(near)
    assert picture is not None and [each.name for each in picture.names] == ["A", "B"]
    of_a = [each.x for each in picture.dots if each.y == picture.lanes[0]]
    assert picture.width == lanes.NARROW and apart(picture) >= lanes.APART - 0.1
    assert of_a == sorted(of_a) and of_a[-1] == 100 - lanes.EDGE
    assert all(each.x >= lanes.EDGE and 0 < each.y < picture.height for each in picture.dots)


@pytest.mark.parametrize("days", [40, 120])
def test_many_events_on_few_days_stay_within_the_picture(days: int) -> None:
    picture = lanes.picture([("2024-01-01", "A")] * (days - 1) + [("2024-02-01", "A")])
    assert picture is not None and len(picture.dots) == days
    places = [each.x for each in picture.dots]
    assert places[0] >= lanes.EDGE - 0.1 and places == sorted(places) and places[-1] <= 100 - lanes.EDGE
    assert picture.width > lanes.NARROW and apart(picture) >= lanes.APART - 0.2


def test_a_long_name_of_a_lane_stands_on_two_lines() -> None:
    name = "Hägersten-Liljeholmens stadsdelsnämnd"
    picture = lanes.picture([("2024-01-01", name), ("2024-02-01", name)])
    assert picture is not None and " ".join(each.name for each in picture.names) == name
    first, second = picture.names
    assert max(map(len, (first.name, second.name))) <= lanes.LETTERS and first.y < second.y < picture.lanes[0]

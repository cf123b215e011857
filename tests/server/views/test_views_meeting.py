"""The page of a meeting: agenda, attendance, who adjusted it, and where each of these stands."""

import pytest

from server import nodes
from server.views.meeting import _ranges
from tests.server.views_data import LONG_TITLE, Page, Reader

MEETING = "/doc/meeting/9999/parknamnden/2024-03-12"


def agenda(page: Page) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td|th")]
        for row in page.section("items").xpath(".//tbody/tr")
    ]


def test_facts_in_swedish(reader: Reader) -> None:
    page = reader.get(MEETING)
    assert page.one("//h1") == "Parknämnden, Exempelby, 12 mars 2024"
    assert page.all("//nav[@class='crumbs']//li") == ["Exempelby", "Parknämnden"]
    assert page.facts() == {
        "Datum": "12 mars 2024",
        "Plats": "Orangeriet <i>sal 2</i>",
        "Protokollets nummer": "3",
        "Ordförande": "Bo Ek",
        "Sekreterare": "Gun Sten",
        "Justerare": "Åsa Ström",
        "Justerat": "19 mars 2024",
        "Protokoll och andra handlingar": "Protokoll 12 mars 2024",
    }
    assert page.one("//html/@lang") == "sv"


def test_facts_in_english(reader: Reader) -> None:
    page = reader.get(MEETING, lang="en")
    assert page.one("//h1") == "Parknämnden, Exempelby, 12 March 2024"
    told = page.facts()
    assert (told["Date"], told["Minutes verified on"], told["Appointed to verify the minutes"]) == (
        "12 March 2024",
        "19 March 2024",
        "Åsa Ström",
    )
    assert page.one("//html/@lang") == "en"


@pytest.mark.parametrize(
    ("language", "label", "day", "done"),
    [
        ("sv", "Justering enligt protokollet", "27 maj 2024", "Justerat"),
        ("en", "Verification announced in the minutes for", "27 May 2024", "Minutes verified on"),
    ],
)
def test_a_day_that_is_only_announced_is_not_told_as_done(
    reader: Reader, language: str, label: str, day: str, done: str
) -> None:
    told = reader.get("/doc/meeting/9999/kommunfullmaktige/2024-05-20", lang=language).facts()
    assert told[label] == day and done not in told


def test_the_agenda(reader: Reader) -> None:
    rows = agenda(reader.get(MEETING))
    assert [row[0] for row in rows] == ["§ 1", "§ 7", "§ 8", "§ 9", "§ 10 a", "§ 11"]
    assert rows[0] == ["§ 1", "Val av justerare källa formalia", "", ""]
    assert rows[1] == [
        "§ 7",
        "Svar på motion om gungor källa motion",
        "föreslår: bifall votering reservation",
        "PN 2024/31",
    ]
    assert rows[2] == ["§ 8", "Budget för dammar källa budget", "lagd till handlingarna avslag votering", ""]
    assert rows[4] == ["§ 10 a", "§ 10 a annat", "lagd till handlingarna", ""]
    assert rows[5][1] == LONG_TITLE


def test_what_is_only_planned_stands_in_the_order_of_the_agenda(reader: Reader) -> None:
    page = reader.get("/doc/meeting/9999/parknamnden/2024-06-11")
    assert [row[:2] for row in agenda(page)] == [
        ["9", "Uppföljning av gungor källa"],
        ["10", "Övrigt En annan källa kallar punkten Övrigt och <frågor>"],
        ["", "framgår inte"],
    ]
    assert reader.sources(page, "//section[@aria-labelledby='items']") == {"9. Uppföljning av gungor"}


def test_a_hostile_title_is_shown_as_it_is(reader: Reader) -> None:
    page = reader.get(MEETING)
    title = agenda(page)[3][1]
    assert title.startswith("</title><script>alert(\"9\")</script> 'citat' & ") and "slut" in title
    assert not page.tree.xpath("//script[not(@type='application/ld+json')]") and "<script>alert" not in page.text


def test_attendance_by_role(reader: Reader) -> None:
    page = reader.get(MEETING)
    groups = page.section("attendance").xpath(".//div[h3]")
    told = {
        " ".join(each.findtext("h3", "").split()): [" ".join(one.text_content().split()) for one in each.iter("li")]
        for each in groups
    }
    assert list(told) == ["Ordförande", "Ledamot", "Tjänstgörande ersättare", "Roll framgår inte"]
    assert told["Ordförande"] == ["Bo Ek (M) källa"]
    assert told["Ledamot"] == ["Åsa Ström (V) § 1–4, 7, 10 källa"]
    assert told["Tjänstgörande ersättare"] == ["Disa Berg (MP) ersätter Cia Lind källa"]
    assert told["Roll framgår inte"] == ['Frans "Fransen" O\'Neill <br>']
    assert reader.sources(page, "//section[@aria-labelledby='attendance']") == {
        "Bo Ek (M), ordförande",
        "Åsa Ström (V), §§ 1-4, 7, 10",
        "Disa Berg (MP) för Cia Lind",
    }


def test_each_source_leads_to_the_words(reader: Reader) -> None:
    page = reader.get(MEETING)
    assert reader.sources(page, "//section[@aria-labelledby='items']") == {
        "§ 1 Val av justerare",
        "§ 7 Svar på motion om gungor",
        "§ 8 Budget för dammar",
        "§ 9 <script>alert(9)</script>",
    }
    assert reader.sources(page, "//section[@class='about']") == {"Sammanträdet den 12 mars"}


def test_links_keep_the_language(reader: Reader) -> None:
    page = reader.get(MEETING, lang="en")
    hrefs = [each for each in page.tree.xpath("//article//a/@href") if not each.startswith("#")]
    assert len(hrefs) > 30 and all("lang=en" in each for each in hrefs)
    assert not [each for each in reader.get(MEETING).tree.xpath("//article//a/@href") if "lang=" in each]


@pytest.mark.parametrize("path", ["meeting/9999/parknamnden/utan-organ", "meeting/9999/dagnamnden/odaterat"])
def test_what_is_not_told_is_left_out(reader: Reader, path: str) -> None:
    page = reader.get(f"/doc/{path}")
    assert page.status == 200 and "None" not in page.one("//main")


def test_a_meeting_without_items(reader: Reader) -> None:
    page = reader.get("/doc/meeting/9999/dagnamnden/odaterat")
    assert "Inga ärenden är lästa från det här mötet." in page.one("//main")
    assert page.facts() == {"Datum": "framgår inte"} and not page.tree.xpath("//time | //h2[@id='attendance']")
    assert "startDate" not in page.text


def test_what_is_too_much_is_said(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.pool.longest = 0
    assert not reader.get(MEETING).tree.xpath("//p[@role='note']")
    monkeypatch.setattr(nodes, "MOST", reader.pool.longest - 1)
    page = reader.get(MEETING)
    assert page.one("//p[@role='note']").startswith("Här finns mer än sidan kan visa.")


def test_ranges() -> None:
    assert [_ranges(each) for each in ([], [3], [2, 1], [1, 2, 3, 7, 9, 10, 9])] == ["", "3", "1–2", "1–3, 7, 9–10"]

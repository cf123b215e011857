"""The page of a document: its text with the facts marked where they stand."""

import re

import pytest

from server.views import document, marked
from server.views.marked import Span
from tests.server.views_data import Reader

DOCUMENT = "/doc/document/2222222222222222"


def test_facts(reader: Reader) -> None:
    page = reader.get(DOCUMENT)
    assert page.one("//h1") == "Parknämnden, Exempelby, 12 mars 2024"
    told = page.facts()
    assert told["Fil"] == "protokoll <b>12</b>.pdf" and told["Antal sidor"] == "1\u00a0200"
    assert reader.get(DOCUMENT, lang="en").facts()["Number of pages"] == "1,200"
    assert page.all("//dt[text()='Hämtad från']/../dd") == [
        "javascript:alert(1)",
        "https://exempelby.example/protokoll.pdf",
    ]
    assert not [each for each in page.hrefs() if each.startswith("javascript")]
    assert "https://exempelby.example/protokoll.pdf" in page.hrefs()


def test_the_whole_text_is_there(reader: Reader) -> None:
    page = reader.get(DOCUMENT)
    text = (reader.site.data_dir / "texts" / "2222222222222222.txt").read_text("utf-8")
    assert "".join(page.tree.xpath("//div[@class='canonical']//text()")) == text
    assert "§ 9 <script>alert(9)</script>" in text and "<script>alert" not in page.text


def test_every_fact_stands_where_it_is_told(reader: Reader) -> None:
    page = reader.get(DOCUMENT)
    spans = [iri for iri in reader.spans.values() if "/2222222222222222/" in iri]
    assert len(page.tree.xpath("//section[@class='beside']/ol/li")) == len(spans) > 15
    for words, iri in reader.spans.items():
        if iri in spans:
            place = iri.rpartition("/")[2]
            begun = page.tree.xpath(f"//span[@id='t-{place}']/following::text()")
            assert "".join(begun).startswith(words)
            assert page.one(f"//li[@id='f-{place}']/q") == words
    for target in page.tree.xpath("//a[starts-with(@href, '#f-')]/@href"):
        assert page.tree.xpath(f"//*[@id='{target[1:]}']"), target


@pytest.mark.parametrize("asked", [{}, {"part": "all"}, {"lang": "en"}])
def test_each_fact_has_one_way_to_its_words_in_the_text(reader: Reader, asked: dict[str, str]) -> None:
    for fact in reader.get(DOCUMENT, **asked).tree.xpath("//section[@class='beside']/ol/li"):
        (to,) = fact.xpath("./a/@href")
        assert reader.marked(to) == fact.findtext("q")
        assert to.endswith("#marked") and all(f"{name}={value}" in to for name, value in asked.items())


def test_the_problems_of_the_document_are_linked(reader: Reader) -> None:
    (to,) = [each for each in reader.get(DOCUMENT, lang="en").hrefs() if each.startswith("/quality/document/")]
    assert to == "/quality/document/2222222222222222?lang=en" and reader.get(to).status == 200
    unknown = reader.get("/doc/document/3333333333333333")
    assert not [each for each in unknown.hrefs() if each.startswith("/quality/document/")]


def test_each_span_is_marked_when_asked_for(reader: Reader) -> None:
    for words, iri in reader.spans.items():
        folder, place = iri.split("/")[-2:]
        assert reader.marked(f"/doc/document/{folder}?at={place}#marked") == words


@pytest.mark.parametrize("at", ["5-5", "9-3", "a-b", "", "99999-100000", "1-2-3", "-1-4", "999999999-9999999999"])
def test_what_marks_nothing(reader: Reader, at: str) -> None:
    page = reader.get(DOCUMENT, at=at)
    assert page.status == 200 and not page.tree.xpath("//mark") and "är markerade" not in page.one("//main")
    said = ["Det ställe som adressen anger finns inte i texten."] if at else []
    assert page.all("//p[@class='note']") == said


def test_a_mark_beyond_the_end_ends_there(reader: Reader) -> None:
    length = len((reader.site.data_dir / "texts" / "2222222222222222.txt").read_text("utf-8"))
    page = reader.get(DOCUMENT, at=f"{length - 6}-999999")
    assert f"Tecken {length - 6} till {length} är markerade." in page.one("//main")
    assert len("".join(page.tree.xpath("//mark//text()"))) == 6


@pytest.mark.parametrize("part", ["0", "2", "0000000015", "9" * 40, "x", "²", "-1"])
def test_a_part_that_is_not_there_is_the_first(reader: Reader, part: str) -> None:
    assert "Parknämndens protokoll" in reader.get(DOCUMENT, part=part).one("//div[@class='canonical']")


def test_a_long_text_in_parts(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked, "LONGEST", 100)
    first = reader.get(DOCUMENT, lang="en")
    of = int(re.findall(r"Part 1 of (\d+)", first.all("//nav[@class='pager']/span")[0])[0])
    text = (reader.site.data_dir / "texts" / "2222222222222222.txt").read_text("utf-8")
    found, page, seen_parts = "", first, 1
    while True:
        found += "".join(page.tree.xpath("//div[@class='canonical']//text()"))
        following = page.tree.xpath("//a[@rel='next']/@href")
        if not following:
            break
        assert "lang=en" in following[0] and following[0].endswith("#text")
        page, seen_parts = reader.get(following[0].partition("#")[0]), seen_parts + 1
    assert found == text and seen_parts == of > 3
    for words, iri in reader.spans.items():  # a mark is in the part that is shown
        if "/2222222222222222/" in iri:
            assert words.startswith(reader.marked(f"{DOCUMENT}?at={iri.rpartition('/')[2]}#marked"))


def test_more_facts_than_can_be_shown_is_said(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not reader.get(DOCUMENT).tree.xpath("//p[@role='note']")
    monkeypatch.setattr(document, "MOST", 3)
    assert reader.get(DOCUMENT).one("//p[@role='note']").startswith("Här finns mer")


def test_a_document_that_was_not_read(reader: Reader) -> None:
    file = reader.site.data_dir / "texts" / "5555555555555555.txt"
    text = file.read_bytes()
    file.unlink()
    try:
        page = reader.get("/doc/document/5555555555555555")
        assert page.status == 200 and not page.tree.xpath("//article")
    finally:
        file.write_bytes(text)


def test_parts_end_with_lines_and_are_the_text() -> None:
    text = "rad ett\nrad två\n" * 4000 + "x" * 40000
    found = marked.parts(text)
    assert "".join(text[each.start : each.end] for each in found) == text
    assert all(each.end - each.start <= marked.LONGEST for each in found)
    assert text[: found[0].end].endswith("\n") and marked.parts("") == [Span(0, 0)]
    assert [marked.part_with(found, each.start) for each in found] == list(range(len(found)))
    assert marked.part_with(found, 10**9) == len(found) - 1


def test_the_narrowest_fact_wins_and_nothing_is_lost() -> None:
    text = "Anna Bok (V) yrkar bifall"
    wide, narrow = Span(0, 25), Span(0, 8)
    found = marked.pieces(text, Span(0, 25), [wide, narrow], Span(5, 12))
    assert "".join(each.text for each in found) == text
    assert [(each.text, each.fact, each.opens, each.marked) for each in found] == [
        ("Anna ", narrow, (narrow, wide), False),
        ("Bok", narrow, (), True),
        (" (V)", wide, (), True),
        (" yrkar bifall", wide, (), False),
    ]

"""/browse: bodies, parties, persons, cases and years."""

from pathlib import Path

import pytest

from server.explore import browse
from tests.server.views_data import Page, Reader, published, reading

NAMED = """@base <https://data.example/id/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix kg: <https://w3id.org/kommungraf/ns#> .
<graph/8888888888888888> {
  <person/9998/1> a kg:Person ; foaf:name "Ann Brännström" .
  <person/9998/2> a kg:Person ; foaf:name "Per Bråthe" .
  <person/9998/3> a kg:Person ; foaf:name "Åke Brodin" .
  <person/9998/4> a kg:Person ; foaf:name "Östen Brodin" .
  <person/9998/5> a kg:Person ; foaf:name "Ärla Brodin" .
}
"""
"""Invented persons whose order differs by the alphabet."""
NUMBERED = """@base <https://data.example/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <https://w3id.org/kommungraf/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<graph/8888888888888888> {
  <registry-number/9998/1> a kg:RegistryNumber ; kg:registryYear "2025"^^xsd:gYear ; kg:registrySequence 33 ;
    kg:registryAuthority "SN" .
  <registry-number/9998/2> a kg:RegistryNumber ; kg:registryYear "2025"^^xsd:gYear ; kg:registrySequence 7 ;
    kg:registryAuthority "SN" .
  <registry-number/9998/3> a kg:RegistryNumber ; kg:registryYear "2025"^^xsd:gYear ; kg:registrySequence 110 ;
    kg:registryAuthority "SN" .
  <registry-number/9998/4> a kg:RegistryNumber ; kg:registryYear "2025"^^xsd:gYear ; kg:registrySequence 40 ;
    kg:registryAuthority "KS" .
  <case/9998/1> a kg:Case ; dcterms:identifier "SN 2025/33" ; kg:hasRegistryNumber <registry-number/9998/1> .
  <case/9998/2> a kg:Case ; dcterms:identifier "SN 2025/7" ; kg:hasRegistryNumber <registry-number/9998/2> .
  <case/9998/3> a kg:Case ; dcterms:identifier "SN 2025/110" ; kg:hasRegistryNumber <registry-number/9998/3> .
  <case/9998/4> a kg:Case ; dcterms:identifier "KS 2025/40" ; kg:hasRegistryNumber <registry-number/9998/4> .
}
"""
"""Invented cases whose numbers do not stand in the order of their letters."""


def listed(page: Page) -> dict[str, list[str]]:
    found = page.tree.xpath("//main/section")
    return {
        " ".join((each.findtext("h2") or "").split()): [
            " ".join(one.text_content().split()) for one in each.iter("li")
        ]
        for each in found
    }


def test_bodies_under_their_municipality(reader: Reader) -> None:
    page = reader.get("/browse/bodies")
    assert listed(page) == {
        "": ["Body · 9999 · dagnamnden 1 sammanträde", "Kommunstyrelsen 1 sammanträde"],
        "Exempelby": ["Kommunfullmäktige 2 sammanträden", "Parknämnden 2 sammanträden"],
    }
    assert "Kommunfullmäktige 2 meetings" in listed(reader.get("/browse/bodies", lang="en"))["Exempelby"]


def test_parties(reader: Reader) -> None:
    page = reader.get("/browse/parties")
    assert listed(page)[""][0] == "Vänsterpartiet 1 person" and "0 personer" not in page.text
    assert "Exempelpartiet, Exempelby" in page.all("//details//li")
    assert listed(reader.get("/browse/parties", lang="en"))[""][0] == "Left Party 1 person"


def test_persons_by_the_last_word_of_the_name(reader: Reader) -> None:
    page = reader.get("/browse/persons", letter="S")
    assert listed(page) == {"S": ["Gun Sten Exempelby", "Åsa Ström Exempelby · V", "Åsa Ström Exempelby"]}
    assert page.tree.xpath("//a[@aria-current='true']")[0].text == "S "
    assert listed(reader.get("/browse/persons", letter="other")) == {
        "andra": ['Frans "Fransen" O\'Neill <br> Exempelby']
    }
    assert listed(reader.get("/browse/persons", letter="I")) == {"I": ["Ida Exempelby"]}
    assert "Här finns inget ännu." in reader.get("/browse/persons", letter="Å").one("//main")


@pytest.mark.parametrize("letter", [None, "", "SS", '") } #', "s"])
def test_persons_open_at_the_first_letter_that_has_any(reader: Reader, letter: str | None) -> None:
    page = reader.get("/browse/persons", **({} if letter is None else {"letter": letter}))
    linked = [str(each) for each in page.tree.xpath("//nav//ul[contains(@class, 'letters')]//a/@href")]
    assert linked == [f"/browse/persons?letter={each}" for each in ("B", "E", "I", "L", "S", "other")]
    assert list(listed(page)) == ["B"] and listed(page) == listed(reader.get(linked[0])) and listed(page)["B"]


def test_letters_tell_how_many_persons_they_have(reader: Reader) -> None:
    page = reader.get("/browse/persons", letter="Å")
    told = page.all("//ul[contains(@class, 'letters')]/li")
    counted = ["B (1)", "E (1)", "I (1)", "L (1)", "S (3)", "andra (1)"]
    assert len(told) == 30 and [each for each in told if "(" in each] == counted
    assert page.tree.xpath("//li/span[@aria-current='true']")[0].text == "Å"


def test_names_stand_in_the_order_of_the_swedish_alphabet(tmp_path: Path) -> None:
    graph = tmp_path / "named.trig"
    graph.write_text(NAMED, "utf-8")
    with reading(tmp_path, published(tmp_path, graph)) as reader:
        found = listed(reader.get("/browse/persons", letter="B"))
    assert found == {"B": ["Åke Brodin", "Ärla Brodin", "Östen Brodin", "Per Bråthe", "Ann Brännström"]}


def test_cases_by_year(reader: Reader) -> None:
    page = reader.get("/browse/cases")
    assert page.all("//option") == ["2024 (2)", "2020 (1)"]
    cases = listed(page)["2024"]
    assert cases[0] in [f"PN 2024/31 Exempelby · {each}" for each in ("Svar på motion om gungor", "Motion om gungor")]
    assert cases[1].startswith("PN 2024/66 Exempelby · </title><script>") and "<script>alert" not in page.text
    assert listed(reader.get("/browse/cases", year="2020")) == {"2020": ["TOM 2020/1 Exempelby"]}
    assert list(listed(reader.get("/browse/cases", year="x"))) == ["2024"]


def test_cases_stand_in_the_order_of_their_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = tmp_path / "numbered.trig"
    graph.write_text(NUMBERED, "utf-8")
    with reading(tmp_path, published(tmp_path, graph)) as reader:
        ordered = ["KS 2025/40", "SN 2025/7", "SN 2025/33", "SN 2025/110"]
        assert listed(reader.get("/browse/cases")) == {"2025": ordered}
        monkeypatch.setattr(browse, "SHOWN", 2)
        assert listed(reader.get("/browse/cases", page="2")) == {"2025": ordered[2:]}


def test_years(reader: Reader) -> None:
    page = reader.get("/browse/years", lang="en")
    assert page.all("//option") == ["2024 (5)", "2023 (1)"]
    assert listed(page)["2024"][:2] == [
        "11 June 2024 · Parknämnden, Exempelby",
        "20 May 2024 · Kommunfullmäktige, Exempelby",
    ]
    assert listed(reader.get("/browse/years", year="2023")) == {
        "2023": ["27 februari 2023 · Kommunfullmäktige, Exempelby"]
    }


@pytest.mark.parametrize("what", sorted(browse.LISTS))
def test_links_keep_the_language_and_lead_somewhere(reader: Reader, what: str) -> None:
    page = reader.get(f"/browse/{what}", lang="en")
    hrefs = page.tree.xpath("//main//a/@href")
    assert page.status == 200 and hrefs and all("lang=en" in each for each in hrefs)
    assert len(page.tree.xpath("//main//a[@aria-current='page']")) == 1


@pytest.mark.parametrize("what", sorted(browse.LISTS))
@pytest.mark.parametrize("number", ["0", "x", "99999999", "²", ""])
def test_a_page_that_is_not_there_is_empty(reader: Reader, what: str, number: str) -> None:
    assert reader.get(f"/browse/{what}", page=number).status == 200


def test_long_lists_have_pages(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for what, chosen in (("years", {"year": "2024"}), ("persons", {"letter": "S"}), ("cases", {"year": "2024"})):
        whole = [one for each in listed(reader.get(f"/browse/{what}", lang="en", **chosen)).values() for one in each]
        with monkeypatch.context() as patch:
            patch.setattr(browse, "SHOWN", 1)
            found, page = [], reader.get(f"/browse/{what}", lang="en", **chosen)
            while True:
                found += [one for each in listed(page).values() for one in each]
                following = page.tree.xpath("//a[@rel='next']/@href")
                if not following:
                    break
                assert "lang=en" in following[0]
                page = reader.get(following[0])
            assert found == whole and len(found) > 1, what
            assert page.one("//nav[@class='pager']/span") == f"Page {len(whole)}"


def test_a_list_that_is_cut_says_so(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "MOST", 1)
    assert reader.get("/browse/bodies").one("//p[@class='note']").startswith("Listan är avkortad")


def test_what_is_no_list(reader: Reader) -> None:
    assert reader.get("/browse/").status == 404 and reader.get("/browse/secrets").status == 404

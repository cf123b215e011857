"""/atom: feeds that follow RFC 4287."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from server.feed import atom
from tests.server.data import BASE
from tests.server.views_data import Reader, published, reading

READ = """@base <https://data.example/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <https://w3id.org/kommungraf/ns#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<graph/6666666666666666> {
  <body/9998/an> a kg:Body ; rdfs:label "Anstaltsnämnden"@sv .
  <case/9998/AN-1> a kg:Case ; dcterms:identifier "AN 1" .
  <meeting/9998/an/2024-05-02> a kg:Meeting ; kg:heldBy <body/9998/an> ; kg:date "2024-05-02"^^xsd:date .
  <meeting/9998/an/2023-05-02> a kg:Meeting ; kg:heldBy <body/9998/an> ; kg:date "2023-05-02"^^xsd:date .
  <meeting/9998/an/2022-05-02> a kg:Meeting ; kg:heldBy <body/9998/an> ; kg:date "2022-05-02"^^xsd:date .
  <treatment/9998/an/2024-05-02/1> a kg:ItemTreatment ; kg:treatedAt <meeting/9998/an/2024-05-02> ;
    dcterms:title "Läst först"@sv ; kg:concernsCase <case/9998/AN-1> ; prov:wasGeneratedBy <run/1> .
  <treatment/9998/an/2023-05-02/1> a kg:ItemTreatment ; kg:treatedAt <meeting/9998/an/2023-05-02> ;
    dcterms:title "Läst sist"@sv ; kg:concernsCase <case/9998/AN-1> ; prov:wasGeneratedBy <run/1>, <run/2> .
  <treatment/9998/an/2022-05-02/1> a kg:ItemTreatment ; kg:treatedAt <meeting/9998/an/2022-05-02> ;
    dcterms:title "Okänt när"@sv ; kg:concernsCase <case/9998/AN-1> ; prov:wasGeneratedBy <run/3> .
  <paper/9998/1> a kg:Document ; dcterms:title "Skrivelse"@sv ; kg:partOfCase <case/9998/AN-1> ;
    dcterms:issued "2021-01-01"^^xsd:date ; prov:wasGeneratedBy <run/1> .
  <run/1> a kg:MappingRun ; prov:endedAtTime "2024-06-01T10:00:00+00:00"^^xsd:dateTime .
  <run/2> a kg:MappingRun ; prov:endedAtTime "2024-07-01T10:00:00+00:00"^^xsd:dateTime .
}
"""
"""Invented §§ that were read in another order than that of their meetings; of one it is not known when."""
NAMES = {"a": "http://www.w3.org/2005/Atom"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PATHS = ["/atom/body/9999/parknamnden", "/atom/case/9999/PN-2024-31", "/atom/case/9999/PN-2024-66"]


def feed(reader: Reader, address: str) -> etree._Element:
    got = reader.client.get(address)
    assert (got.status_code, got.content_type) == (200, "application/atom+xml; charset=utf-8")
    return etree.fromstring(got.get_data())


def texts(root: etree._Element, path: str) -> list[str]:
    return [each.text or "" for each in root.findall(path, NAMES)]


@pytest.mark.parametrize("path", PATHS)
def test_what_a_feed_must_have(reader: Reader, path: str) -> None:
    """RFC 4287, 4.1.1 and 4.1.2."""
    root = feed(reader, path)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "sv"
    assert texts(root, "a:id") == [f"https://data.example{path}"] and len(texts(root, "a:title")) == 1
    assert len(texts(root, "a:author/a:name")) == 1
    links = {each.get("rel"): each.get("href") for each in root.findall("a:link", NAMES)}
    assert links["self"] == f"https://data.example{path}"
    assert reader.client.get(urlsplit(links["alternate"]).path).status_code == 303
    entries = root.findall("a:entry", NAMES)
    ids = [one for each in entries for one in texts(each, "a:id")]
    assert len(ids) == len(set(ids)) == len(entries) > 0
    for each in [root, *entries]:
        assert len(texts(each, "a:title")) == 1 and len(texts(each, "a:updated")) == 1
        assert TIME.fullmatch(texts(each, "a:updated")[0])
    updated = [texts(each, "a:updated")[0] for each in entries]
    assert updated == sorted(updated, reverse=True) and texts(root, "a:updated") == updated[:1]
    for each in entries:
        assert len(each.findall("a:link[@rel='alternate']", NAMES)) == 1


def test_the_feed_of_a_case(reader: Reader) -> None:
    root = feed(reader, "/atom/case/9999/PN-2024-31")
    assert texts(root, "a:title") == ["PN 2024/31, Exempelby – Kommungraf"]
    assert texts(root, "a:entry/a:title") == [
        "Uppföljning av gungor",
        "§ 3 Motion om gungor",
        "§ 2 Yttrande om gungor",
        "§ 7 Svar på motion om gungor",
        "Motion: gungor åt alla",
    ]
    assert texts(root, "a:entry/a:summary") == ["avslag", "enligt förvaltningens förslag", "föreslår: bifall"]


@pytest.mark.parametrize(("path", "papers"), [("body/9998/an", []), ("case/9998/AN-1", ["Skrivelse"])])
def test_new_is_what_was_read_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, papers: list[str]
) -> None:
    graph = tmp_path / "read.trig"
    graph.write_text(READ, "utf-8")
    with reading(tmp_path, published(tmp_path, graph)) as reader:
        root = feed(reader, f"/atom/{path}")
        monkeypatch.setattr(atom, "ENTRIES", 1)
        first = feed(reader, f"/atom/{path}")
    assert texts(root, "a:entry/a:title") == ["Läst sist", "Läst först", *papers, "Okänt när"]
    assert texts(root, "a:updated") == ["2024-07-01T10:00:00Z"]
    read = ["2024-07-01T10:00:00Z", "2024-06-01T10:00:00Z", *["2024-06-01T10:00:00Z" for _ in papers]]
    assert texts(root, "a:entry/a:updated") == [*read, "2022-05-02T00:00:00Z"]
    days = ["2023-05-02", "2024-05-02", *["2021-01-01" for _ in papers], "2022-05-02"]
    assert texts(root, "a:entry/a:published") == [f"{day}T00:00:00Z" for day in days]
    assert texts(first, "a:entry/a:id") == [f"{BASE}/id/treatment/9998/an/2023-05-02/1"]


def test_in_english(reader: Reader) -> None:
    root = feed(reader, "/atom/case/9999/PN-2024-31?lang=en")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert texts(root, "a:entry/a:summary") == ["rejected", "as the administration proposed", "proposes: approved"]
    assert texts(root, "a:id") == ["https://data.example/atom/case/9999/PN-2024-31"]
    assert all("lang=en" in (each.get("href") or "") for each in root.iter("{http://www.w3.org/2005/Atom}link"))


def test_a_title_without_what_xml_forbids(reader: Reader) -> None:
    root = feed(reader, "/atom/case/9999/PN-2024-66")
    assert texts(root, "a:entry/a:title") == ["§ 9 </title><script>alert(\"9\")</script> 'citat' &  slut"]


def test_the_feed_of_a_body(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    root = feed(reader, "/atom/body/9999/parknamnden")
    assert texts(root, "a:title") == ["Parknämnden, Exempelby – Kommungraf"]
    titles = texts(root, "a:entry/a:title")
    assert len(titles) == 6 and titles[0].startswith("§ 1 Val") and "§ 10 a" in [each.strip() for each in titles]
    monkeypatch.setattr(atom, "ENTRIES", 2)
    assert len(texts(feed(reader, "/atom/body/9999/parknamnden"), "a:entry")) == 2


def test_a_feed_without_entries_is_whole(reader: Reader) -> None:
    root = feed(reader, "/atom/case/9999/TOM-2020-1")
    assert texts(root, "a:entry") == [] and TIME.fullmatch(texts(root, "a:updated")[0])


@pytest.mark.parametrize(
    "path", ["/atom/body/9999/ingen", "/atom/case/9999/NOLL-1", "/atom/case/%3Cx%3E", "/atom/x/y"]
)
def test_what_is_unknown(reader: Reader, path: str) -> None:
    assert reader.client.get(path).status_code == 404

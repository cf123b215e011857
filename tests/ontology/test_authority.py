"""Municipalities and parties: the facts, and the ways documents write them."""

import datetime

import pyoxigraph as ox
import pytest

import ontology
from ontology import municipality_code, party, party_code
from server.storage import authority

# Pairs that can be looked up at Statistics Sweden; every county is here.
KNOWN = {
    "0114": "Upplands Väsby",
    "0136": "Haninge",
    "0180": "Stockholm",
    "0182": "Nacka",
    "0192": "Nynäshamn",
    "0305": "Håbo",
    "0380": "Uppsala",
    "0484": "Eskilstuna",
    "0580": "Linköping",
    "0643": "Habo",
    "0780": "Växjö",
    "0880": "Kalmar",
    "0980": "Gotland",
    "1080": "Karlskrona",
    "1280": "Malmö",
    "1281": "Lund",
    "1380": "Halmstad",
    "1438": "Dals-Ed",
    "1480": "Göteborg",
    "1499": "Falköping",
    "1766": "Sunne",
    "1880": "Örebro",
    "1980": "Västerås",
    "2023": "Malung-Sälen",
    "2080": "Falun",
    "2161": "Ljusdal",
    "2281": "Sundsvall",
    "2380": "Östersund",
    "2482": "Skellefteå",
    "2514": "Kalix",
    "2584": "Kiruna",
}
PER_COUNTY = {
    "01": 26,
    "03": 8,
    "04": 9,
    "05": 13,
    "06": 13,
    "07": 8,
    "08": 12,
    "09": 1,
    "10": 5,
    "12": 33,
    "13": 6,
    "14": 49,
    "17": 16,
    "18": 12,
    "19": 10,
    "20": 15,
    "21": 10,
    "22": 7,
    "23": 8,
    "24": 15,
    "25": 14,
}


def test_290_municipalities() -> None:
    places = ontology.municipalities()
    assert len(places) == 290
    assert len(set(places.values())) == 290
    assert all(len(code) == 4 and code.isdecimal() for code in places)


def test_counties() -> None:
    assert set(ontology.counties()) == set(PER_COUNTY)
    codes = list(ontology.municipalities())
    assert {county: sum(code.startswith(county) for code in codes) for county in PER_COUNTY} == PER_COUNTY
    for code in codes:
        place = ontology.municipality(code)
        assert place is not None and place.county == code[:2]


@pytest.mark.parametrize(("code", "name"), KNOWN.items())
def test_known_pairs(code: str, name: str) -> None:
    assert ontology.municipalities()[code] == name
    assert municipality_code(name) == code
    assert municipality_code(code) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Stockholms stad", "0180"),
        ("Stockholms kommun", "0180"),
        ("STOCKHOLMS STAD", "0180"),
        ("Haninge kommun", "0136"),
        ("Falu kommun", "2080"),
        ("Kalmar kommun", "0880"),
        ("Kalix kommun", "2514"),
        ("Upplands Bro kommun", "0139"),
        ("Region Gotland", "0980"),
        ("Västerås stad", "1980"),
        ("  Göteborgs   Stad ", "1480"),
        ("Orust kommun", "1421"),
        ("Mölndals stad", "1481"),
        ("Exempelköpings kommun", None),
        ("9999", None),
        ("", None),
    ],
)
def test_municipality_by_what_is_written(written: str, code: str | None) -> None:
    assert municipality_code(written) == code


def test_every_official_name_leads_home() -> None:
    for code in ontology.municipalities():
        place = ontology.municipality(code)
        assert place is not None
        assert {municipality_code(name) for name in (place.name, *place.names)} == {code}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("S", "S"),
        ("s", "S"),
        ("mp", "MP"),
        ("Mp", "MP"),
        ("fp", "FP"),
        ("kds", "KDS"),
        ("VPK", "VPK"),
        ("Fi", "Fi"),
        ("FI", "Fi"),
        ("F!", "Fi"),
        ("Socialdemokraterna", "S"),
        ("Arbetarepartiet-Socialdemokraterna", "S"),
        ("Moderaterna", "M"),
        ("moderaterna", "M"),
        ("Moderata samlingspartiet", "M"),
        ("Liberalerna", "L"),
        ("Vänsterpartiet", "V"),
        ("Centerpartiet", "C"),
        ("Kristdemokraterna", "KD"),
        ("Miljöpartiet", "MP"),
        ("Miljöpartiet de gröna", "MP"),
        ("Miljöpartiet (de gröna)", "MP"),
        ("Sverigedemokraterna", "SD"),
        ("Feministiskt initiativ", "Fi"),
        ("Folkpartiet", "FP"),
        ("Folkpartiet liberalerna", "FP"),
        ("Nackalistan", "NL"),
        ("KPR", None),
        ("-", None),
        ("", None),
        ("ordförande", None),
    ],
)
def test_party_by_what_is_written(written: str, code: str | None) -> None:
    assert party_code(written) == code


@pytest.mark.parametrize(
    ("written", "place", "name"),
    [
        ("LP", "0186", "Lidingöpartiet"),
        ("LP", "1484", "Lysekilspartiet"),
        ("PP", "0192", "Pensionärspartiet"),
        ("PP", "0180", "Piratpartiet"),
        ("KiM", "1461", "KommunPartiet i Mellerud"),
        ("S", "0182", "Socialdemokraterna"),
    ],
)
def test_one_code_means_different_parties_in_different_places(written: str, place: str, name: str) -> None:
    found = party(written, place)
    assert found is not None and found.names_sv[0] == name


def test_a_local_party_of_another_place_is_not_taken() -> None:
    assert party_code("NL", "0182") == "NL"
    assert party_code("NL", "0180") is None


def test_historic_codes() -> None:
    liberals = party("FP")
    assert liberals is not None
    assert (liberals.successor, liberals.until) == ("L", datetime.date(2015, 11, 21))
    assert [found.successor for code in ("VPK", "KDS") if (found := party(code))] == ["V", "KD"]


VERIFIED = {
    "party/S": "Q105112",
    "party/M": "Q110843",
    "party/SD": "Q504069",
    "party/C": "Q110832",
    "party/V": "Q110837",
    "party/KD": "Q213654",
    "party/MP": "Q213451",
    "party/L": "Q110857",
    "municipality/0180": "Q506250",
}
"""Concept and item, each found in two public sources, but that of L in one."""


def test_only_the_verified_wikidata_items() -> None:
    parties = {f"party/{found.code}": found.wikidata for found in ontology.parties()}
    places = {
        f"municipality/{code}": found.wikidata
        for code in ontology.municipalities()
        if (found := ontology.municipality(code))
    }
    assert {name: item for name, item in {**parties, **places}.items() if item} == VERIFIED


def test_no_other_wikidata_item_stands_anywhere_in_what_is_published() -> None:
    base = "https://data.example"
    wanted = {(ontology.PREFIXES["kgc"] + name, "skos:exactMatch", item) for name, item in VERIFIED.items()}
    wanted |= {(f"{base}/id/{name}", "owl:sameAs", item) for name, item in VERIFIED.items()}
    found = set()
    for quad in ox.parse(authority.nquads(base), format=ox.RdfFormat.N_QUADS):
        if "wikidata" in str(quad.object):
            predicate = quad.predicate.value.replace(ontology.PREFIXES["skos"], "skos:")
            predicate = predicate.replace(ontology.PREFIXES["owl"], "owl:")
            found.add(
                (str(quad.subject)[1:-1], predicate, str(quad.object)[1:-1].removeprefix(ontology.PREFIXES["wd"]))
            )
    assert found == wanted


def test_party_codes_do_not_collide() -> None:
    keys = [(found.municipality, found.code.casefold()) for found in ontology.parties()]
    assert len(set(keys)) == len(keys)
    assert all(found.local for found in ontology.parties() if found.municipality)
    national = [found for found in ontology.parties() if not found.local]
    assert all(party_code(found.code) == found.code for found in national)
    assert all(party_code(name) == found.code for found in national for name in found.names_sv)

"""A surname alone is masked in every document where it can mean nobody but who was erased, and left where it cannot."""

from dataclasses import replace

import pytest

from mapping.document import read_without
from mapping.erased import Erased, erased, mask_erased
from mapping.erased_surnames import erased_surnames
from mapping.lone_surnames import hidden, mask_in_name, means_another, sole_surnames, solely_meant
from mapping.records import Refused
from mapping.text import Text


def rules_for(*names: str) -> list[Erased]:
    rules = erased(names)
    return rules + [replace(rule, everywhere=True) for rule in erased_surnames(names, rules[0].salt)]


KVASTER = rules_for("Gunhild Kvaster")
ALONE = [rule for rule in KVASTER if rule.alone]


@pytest.mark.parametrize(
    "text",
    [
        "Ledamoten Kvaster (V) lämnar följande uttalande.",
        "Nämnden biföll Kvasters yrkande. KVASTER reserverade sig.",
        "Enligt Kvaster, som fick ordet, är frågan avgjord.",
        "På Kvasters begäran antecknas detta.",
        "Mirja Stålbrand\nKvaster\nAndré Sandelin",
        "Svar från kvaster@almvik.example har kommit.",
        "Stålbrand, Kvaster och Sandelin yrkade bifall.",
        "Kvaster (V) och ledamöterna Kvaster, Sandelin",
        "Kvaster V, Sandelin L",
    ],
)
def test_what_means_the_person_is_no_other_thing(text: str) -> None:
    assert means_another(text, ALONE) == set() and solely_meant(text, KVASTER) == ALONE


@pytest.mark.parametrize(
    "text",
    [
        "Städerskan tog sina kvaster och gick.",  # a word
        "Bussen går till skolan i Kvaster varje timme.",
        "Vägen genom norra Kvaster asfalteras.",
        "Norra Kvaster får en park.",
        "Kvasters väg stängs av.",
        "Kvasters\nförskola byggs ut.",
        "Kvastersvägen stängs av.",
        "Kvaster stadsdelsnämnd beslutade.",
        "Kvaster kommun har svarat.",
        "Kvaster Bygg AB har fått uppdraget.",
        "Avtalet med Kvaster & Co förlängs.",
        "Kvaster och Söner AB lämnade anbud.",
        "Fastigheten är Kvaster 2:14.",
        "Kvaster-gruppen lämnade anbud.",
        "Uppgifter finns på www.kvaster.example eller av info@kvaster.example.",
        "Skrivelse av Ragnhild Kvaster.",  # somebody else
        "Skrivelse av R. Kvaster.",
        "Skrivelse av Per\nKvaster.",
        "Kvaster Ragnhild svarade.",
        "Enligt KvaSter gäller lagen.",
    ],
)
def test_what_means_something_else_is_left(text: str) -> None:
    assert means_another(text, ALONE) == set(ALONE) and solely_meant(text, KVASTER) == []


@pytest.mark.parametrize(
    ("surname", "named", "is_sole"),
    [
        ("Kvaster", (), True),
        ("Berg", (), False),
        ("Lund", (), False),
        ("Sund", (), False),
        ("Almvik", ("almvik",), False),  # a municipality of the graph
        ("Kvaster", ("kvaster",), False),  # a body, a party
        ("Vimmerby", (), False),
        ("Sorundanet", (), False),  # a party
        ("Fredrik", (), False),
        ("Motion", (), False),
    ],
)
def test_a_surname_that_is_a_place_a_body_a_party_or_a_word_is_never_the_persons_alone(
    surname: str, named: tuple[str, ...], is_sole: bool
) -> None:
    rules = erased_surnames([f"Gunhild {surname}"], "00")
    assert sole_surnames(rules, named, ()) == (set(rules) if is_sole else set())
    assert sole_surnames(rules, named, (f"Bussen till {surname.lower()}.",)) == set()


MINUTES = """Almviks kommun
Socialnämnden
Protokoll 2018-11-13

§ 1 Plan för nästa år

Beslut
Nämnden godkänner planen.

Ledamoten Kvaster (V) lämnar ett uttalande. {more}
"""


@pytest.mark.parametrize(
    ("more", "is_left"),
    [("", False), ("Ledamoten Ragnhild Kvaster (M) yrkar bifall.", True), ("Kvasters väg stängs av.", True)],
)
def test_a_document_is_read_without_it_unless_the_document_means_another(more: str, is_left: bool) -> None:
    text = Text(MINUTES.format(more=more), "txt")
    read = read_without(text, "0" * 64, None, KVASTER)
    assert not isinstance(read, Refused)
    assert len(read.text.canonical) == len(text.canonical)
    assert ("Kvaster (V)" in read.text.canonical) is is_left
    assert ("Ledamoten ••••••• (V)" in read.text.canonical) is not is_left
    silent = [replace(rule, everywhere=False) for rule in KVASTER]
    read = read_without(text, "0" * 64, None, silent)
    assert not isinstance(read, Refused) and "Ledamoten Kvaster (V)" in read.text.canonical


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("kvaster.xyz", "•••••••.xyz"),
        ("motion-kvaster-2024.pdf", "motion-•••••••-2024.pdf"),
        ("Motion_Kvasters_svar.pdf", "Motion_••••••••_svar.pdf"),
        ("städkvaster.pdf", "städkvaster.pdf"),
    ],
)
def test_a_file_name_is_masked_whatever_stands_between_its_words(name: str, left: str) -> None:
    assert mask_in_name(name, ALONE, ()) == left
    assert mask_in_name(name, ALONE, ("Ragnhild Kvaster",)) == name


def test_what_is_a_place_or_a_word_too_stays_in_a_file_name() -> None:
    rules = [rule for rule in rules_for("Anna Lund", "Anna Strand", "Anna Ek-Dal") if rule.alone]
    names = ("Protokoll Lund.pdf", "detaljplan-strand.pdf", "strand.pdf", "ek-dal_svar.pdf")
    assert [mask_in_name(name, rules, ()) for name in names] == [*names[:2], "••••••.pdf", "••-•••_svar.pdf"]


def test_a_ground_does_not_tell_how_long_a_surname_was() -> None:
    assert hidden("Begärt av Kvaster och Gunhild Kvaster", KVASTER) == "Begärt av ••• och •••"
    assert hidden("Beslutat av Ragnhild Kvaster", KVASTER) == "Beslutat av Ragnhild Kvaster"


@pytest.mark.parametrize("address", ["gkvaster", "GKvaster", "kvasterg", "gkvaster2", "gmkvaster", "gunhildkvaster"])
def test_initials_and_surname_run_together_before_an_at_sign_are_masked(address: str) -> None:
    rules = erased(["Gunhild Maria Kvaster", "Gunhild Kvaster"])
    letters = address.rstrip("2")
    masked = mask_erased(f"Svara {address}@almvik.example nu", rules)
    assert masked == f"Svara {'•' * len(letters)}{address[len(letters) :]}@almvik.example nu"


@pytest.mark.parametrize(
    "text", ["En gkvaster är ett verktyg", "rkvaster@almvik.example", "x.gkvasters@almvik.example"]
)
def test_other_addresses_and_words_are_left(text: str) -> None:
    assert mask_erased(text, erased(["Gunhild Kvaster"])) == text

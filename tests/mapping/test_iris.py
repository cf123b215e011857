"""Addresses: natural keys in a fixed spelling."""

import datetime

import pytest

from mapping.iris import Namer, administration_slug, municipality_key, number_slug, paragraph, party_iri, slug

DAY = datetime.date(2024, 3, 12)
NAMER = Namer("https://k.example", "9999", "socialnamnden", DAY, "0123456789abcdef")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Socialnämnden", "socialnamnden"),
        ("Kommunstyrelsens arbetsutskott", "kommunstyrelsens-arbetsutskott"),
        ("André  Öhr-Ångström", "andre-ohr-angstrom"),
        ("Søren Łukasz", "soren-lukasz"),
        ("§ 12 A", "12-a"),
    ],
)
def test_slug(text: str, wanted: str) -> None:
    assert slug(text) == wanted


def test_registry_numbers_keep_capitals() -> None:
    assert number_slug("SOF 2024/718-1.1") == "SOF-2024-718-1-1"
    assert number_slug("SÄN/2012:3") == "SAN-2012-3"


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [("5", (5, None)), ("63/20", (63, "20")), ("12 A", (12, "A")), ("A", (None, "A"))],
)
def test_paragraph(printed: str, wanted: tuple[int | None, str | None]) -> None:
    assert paragraph(printed) == wanted


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [("Stockholms stad", "0180"), ("0180", "0180"), ("Almviks kommun", "almvik"), ("Almvik", "almvik"), (None, None)],
)
def test_municipality(printed: str | None, wanted: str | None) -> None:
    assert municipality_key(printed) == wanted


def test_what_stands_where() -> None:
    k = "https://k.example/id"
    assert NAMER.meeting == f"{k}/meeting/9999/socialnamnden/2024-03-12"
    assert NAMER.treatment("63-20") == f"{k}/treatment/9999/socialnamnden/2024-03-12/63-20"
    assert NAMER.agenda_item(3) == f"{k}/agenda-item/9999/socialnamnden/2024-03-12/3"
    assert NAMER.case("SN 2024/31") == f"{k}/case/9999/SN-2024-31"
    assert NAMER.matter("KS 2023/410", "motion") == f"{k}/matter/9999/KS-2023-410/motion"
    assert NAMER.goal(2024, "1.2.1") == f"{k}/goal/9999/socialnamnden/2024/1-2-1"
    assert NAMER.run("0.1.0") == f"{k}/run/0123456789abcdef/0.1.0"


def test_without_a_date_the_document_stands_in_its_place() -> None:
    undated = Namer("https://k.example", "9999", "socialnamnden", None, "0123456789abcdef")
    assert undated.agenda_item(3) == "https://k.example/id/agenda-item/0123456789abcdef/3"


def test_an_administration_without_a_name_is_that_of_its_body() -> None:
    assert administration_slug("Förvaltningen", "socialnamnden") == "socialnamnden-forvaltningen"
    assert administration_slug("Socialförvaltningen", "socialnamnden") == "socialforvaltningen"


def test_parties_of_the_country_and_local_ones() -> None:
    assert party_iri("https://k.example", "9999", "S", True) == "https://k.example/id/party/S"
    assert party_iri("https://k.example", "9999", "VÄL", False) == "https://k.example/id/party/9999/VAL"

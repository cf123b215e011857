"""Who acts: names with parties, titles and groups as they are printed."""

import pytest

from mapping.actors import find_actors, parse_actors
from mapping.flow import flow
from mapping.known import Known
from mapping.known_parties import known_parties
from mapping.offices import offices
from mapping.text import Text

KNOWN = Known(frozenset({"S", "M", "V", "VIF"}))


def read(text: str) -> list[tuple[str | None, str | None, bool, str | None]]:
    actors, _ = parse_actors(flow(Text(text).lines()), 0, KNOWN)
    return [(a.name, a.party, a.with_others, a.title) for a in actors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Ek (S) yrkar", [("Anna Ek", "S", False, None)]),
        ("Anna Ek m.fl. (S) yrkar", [("Anna Ek", "S", True, None)]),
        ("Anna Ek (S) med flera har", [("Anna Ek", "S", True, None)]),
        ("Anna Ek (s) yrkar", [("Anna Ek", "S", False, None)]),
        ("Anna Ek och Bo Alm (L) yrkar", [("Anna Ek", "L", False, None), ("Bo Alm", "L", False, None)]),
        ("Anna Ek, Bo Alm båda (V) yrkar", [("Anna Ek", "V", False, None), ("Bo Alm", "V", False, None)]),
        ("Anna Ek, M, och Bo Alm, M, om", [("Anna Ek", "M", False, None), ("Bo Alm", "M", False, None)]),
        ("Anna Ek, SD, gällande", [("Anna Ek", "SD", False, None)]),
        (
            "Anna Ek, Bo Alm och Cia Dal, Sverigedemokraterna (SD) har",
            [("Anna Ek", "SD", False, None), ("Bo Alm", "SD", False, None), ("Cia Dal", "SD", False, None)],
        ),
        (
            "Ordföranden Anna Ek (MP), tjänstgörande ersättaren Bo Alm m.fl. (S) och ledamöterna Cia Dal (V) och Eva Fors (L)",
            [
                ("Anna Ek", "MP", False, "Ordföranden"),
                ("Bo Alm", "S", True, "tjänstgörande ersättaren"),
                ("Cia Dal", "V", False, "ledamöterna"),
                ("Eva Fors", "L", False, "ledamöterna"),
            ],
        ),
        ("Samtliga ledamöter för Moderaterna reserverar", [(None, "M", False, None)]),
        ("Samtliga ledamöter och tjänstgörande ersättare för Liberalerna", [(None, "L", False, None)]),
        (
            "Ledamöterna i C, S och V reserverar",
            [(None, "C", False, None), (None, "S", False, None), (None, "V", False, None)],
        ),
        ("Socialdemokraternas ledamöter", [(None, "S", False, None)]),
        ("MP-gruppen reserverar sig", [(None, "MP", False, None)]),
        ("Ove Ros (VIF) deltar", [("Ove Ros", "VIF", False, None)]),
        ("Lena Wallin-\nStrand (S)", [("Lena Wallin-Strand", "S", False, None)]),
        ("Hans von Ek (M)", [("Hans von Ek", "M", False, None)]),
        ("Bifall till förslaget", []),
        ("Socialnämnden beslutar", []),
        ("Anna Ek Bo", [("Anna Ek Bo", None, False, None)]),
    ],
)
def test_actors_in_a_row(text: str, expected: list[tuple[str | None, str | None, bool, str | None]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Ek (5), ordförande", [("S", "5")]),
        ("Anna Ek m.fl. (5), Bo Ås (S) och Cia Al (1) yrkade avslag.", [("S", "5"), ("S", "S"), ("L", "1")]),
        ("Anna Ek (I) och Bo Ås (l)", [("L", "I"), ("L", "l")]),
        ("Anna Ek (5D) och Bo Ås, båda (5)", [("SD", "5D"), ("S", "5")]),
        ("Samtliga ledamöter (5) reserverar sig", [("S", "5")]),
        ("Anna Ek 5", [(None, None)]),
        ("Anna Ek (7)", [(None, None)]),
        ("Sida 1 (5)", []),
    ],
)
def test_codes_that_a_scanner_misread(text: str, expected: list[tuple[str | None, str | None]]) -> None:
    known = known_parties(text)
    actors, _ = parse_actors(flow(Text(text).lines()), 0, known)
    assert [(a.party, a.party_verbatim) for a in actors] == expected


def test_the_list_ends_where_the_verb_begins() -> None:
    stretch = flow(Text("Anna Ek (S) och Bo Alm (M) yrkade bifall").lines())
    _, end = parse_actors(stretch, 0, KNOWN)
    assert stretch.text[end:] == " yrkade bifall"


def test_the_span_of_an_actor_covers_name_and_party() -> None:
    text = "Ordföranden Anna Ek m.fl. (S) yrkade"
    actors, _ = parse_actors(flow(Text(text).lines()), 0, KNOWN)
    assert text[actors[0].span.start : actors[0].span.end] == "Ordföranden Anna Ek m.fl. (S)"


def test_abbreviations_in_parentheses_are_no_parties() -> None:
    text = "Metoden Calm Step Program (CSP) prövas. Anna Ek (S) frågar."
    assert [a.name for a in find_actors(flow(Text(text).lines()), known_parties(text))] == ["Anna Ek"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Socialdirektör Anna Ek informerar", [("Anna Ek", "Socialdirektör")]),
        ("avdelningschef Anna Ek med utredarna Bo Alm och Cia Dal", ["Anna Ek", "Bo Alm", "Cia Dal"]),
        ("att Anna Ek, utredare vid staben utses", [("Anna Ek", "utredare vid staben")]),
        ("Bygglovschef Anna Ek, planchef Bo Alm", [("Anna Ek", "Bygglovschef"), ("Bo Alm", "planchef")]),
        ("Ordföranden Anna Ek (S)", []),
    ],
)
def test_officials_in_running_text(text: str, expected: list[object]) -> None:
    found = list(dict.fromkeys((a.name, a.title) for a in offices(flow(Text(text).lines()), KNOWN)))
    assert (found if not expected or isinstance(expected[0], tuple) else [name for name, _ in found]) == expected

"""Which codes a document teaches to be parties, though nobody else knows them."""

import pytest

from mapping.known_parties import known_parties
from mapping.rows import layout
from mapping.text import Text

LISTED = """Almviks kommun
Ledamöter
Anna Ek (S), ordförande
Bo Ås (M)
Cia Al (V)
Dan Öst ({})

Övriga närvarande
Eva Gran (ABC)

§ 1
Val
Finn Holm (DEF) informerar.
"""

ROLL = """Närvarolista

Ledamot         Parti   Närv    Ja      Nej
Anna Ek         S       X       X
Bo Ås           M       X               X
Cia Al          {}      X               X

§ 1
Val
"""

BRACKETS = """Omröstningslista

Ledamot                 Ja      Nej
Anna Ek (S)             X
Bo Ås (M)                       X
Cia Al ({})             X
"""


def taught(text: str) -> set[str]:
    page = Text(text)
    return set(known_parties(text, layout(page).rows).codes) - {"S", "M", "V"}


@pytest.mark.parametrize("text", [LISTED, ROLL, BRACKETS], ids=["cover", "column", "roll"])
@pytest.mark.parametrize("code", ["QX", "Qx", "ÖQ", "QXÖP", "QxP"])
def test_a_code_printed_once_among_members(text: str, code: str) -> None:
    assert taught(text.format(code)) == {code}


@pytest.mark.parametrize("text", [LISTED, ROLL, BRACKETS], ids=["cover", "column", "roll"])
@pytest.mark.parametrize("word", ["Ers", "Ordf", "ordf", "tjg", "HABO", "Habo", "Torpa"])
def test_posts_and_places_are_no_parties(text: str, word: str) -> None:
    assert taught(text.format(word)) == set()


def test_organisations_of_those_present_are_no_parties() -> None:
    text = "Ledamöter\nAnna Ek (S)\nBo Ås (QAB)\nCia Al (QCD)\nDan Öst (QEF)\n"
    assert taught(text) == set()

"""Parties: as printed, as named in running text."""

import pytest

from mapping.parties import PartyKey, meant, named_in


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("S", PartyKey("S", True)),
        ("fp", PartyKey("L", True)),
        ("Moderaterna", PartyKey("M", True)),
        ("byal", PartyKey("BYAL", False)),
        ("-", None),
        (None, None),
    ],
)
def test_meant(printed: str | None, wanted: PartyKey | None) -> None:
    assert meant(printed, "almvik") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Centerpartiets, Liberalernas och Miljöpartiets gemensamma förslag", {"C", "L", "MP"}),
        ("Eva Ek m.fl. (S) och Bo Al (fp, V)", {"S", "L", "V"}),
        ("M:s yrkande", {"M"}),
        ("M och KD i enlighet med", {"M", "KD"}),
        ("BYA:s förslag", {"BYA"}),
        ("förvaltningens förslag i SoL-ärendet", set()),
        ("det egna yrkandet", set()),
    ],
)
def test_named_in_a_text(text: str, wanted: set[str]) -> None:
    assert named_in(text, "almvik") == wanted

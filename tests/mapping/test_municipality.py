"""Which municipality a document is of, where its head names others too, or none in full."""

import pytest

from mapping.municipality import municipality_of
from mapping.text import Text

REST = "\n§ 1\nSkola\nDnr KS 2024/52\n\nBeslut\nNämnden avslår ansökan.\n"


@pytest.mark.parametrize(
    ("top", "code"),
    [
        ("Järfälla\nKommunstyrelsen\nRemiss från Stockholms stad\n", "0123"),
        ("Kommunstyrelsen 2024-03-12\nStudiebesök i Lunds kommun\n", None),
        ("Kommunstyrelsen\nSamarbetsavtal med Malmö stad\n", None),
        ("Habo kommun\nKommunstyrelsen\nYttrande till Mullsjö kommun\n", "0643"),
        ("Kommunfullmäktige i Lunds kommun\nProtokoll\n", "1281"),
        ("Kommunstyrelsen\nLunds kommun\n", "1281"),
        ("KOMMUNSTYRELSEN\nLUND\n", "1281"),
        ("Kommunstyrelsen\nLund\n", None),
    ],
)
def test_the_municipality_of_a_head(top: str, code: str | None) -> None:
    assert municipality_of(Text(top + REST), None)[0] == code

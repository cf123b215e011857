"""Lines as running text: what is joined at a line break, and where each character stands."""

import pytest

from mapping.flow import flow, sentences
from mapping.text import Text


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Nämnden godkänner \n förslaget. ", "Nämnden godkänner förslaget."),
        ("godkänna bokslutet och över-\nlämna det", "godkänna bokslutet och överlämna det"),
        ("Lena Wallin-\nStrand", "Lena Wallin-Strand"),
        ("på 1970-\ntalet", "på 1970-talet"),
        ("den 2025-02-\n13", "den 2025-02-13"),
        ("heders- \noch uppfostringsresor", "heders- och uppfostringsresor"),
        ("heders-\noch uppfostringsresor", "heders- och uppfostringsresor"),
        ("Tjänsteutlåtande - \nSvar på remiss", "Tjänsteutlåtande - Svar på remiss"),
        ("SFI-\nundervisning", "SFI-undervisning"),
        ("ett\n\n \n två", "ett två"),
    ],
)
def test_lines_become_running_text(printed: str, read: str) -> None:
    assert flow(Text(printed).lines()).text == read


def test_every_character_knows_where_it_stood() -> None:
    printed = "Ordföranden  yrkar\n  återre-\nmiss av ärendet"
    stretch = flow(Text(printed).lines())
    for index, offset in enumerate(stretch.offsets):
        assert stretch.text[index] == " " or printed[offset] == stretch.text[index]
    at = stretch.text.index("återremiss")
    span = stretch.span(at, at + len("återremiss"))
    assert printed[span.start : span.end] == "återre-\nmiss"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("A yrkar bifall. B yrkar avslag.", 2),
        ("Anna Ek m.fl. (S) yrkar bifall.", 1),
        ("Ulf B. Ek (S) yrkar bifall. Sedan svarar han.", 2),
        ("Räcker pengarna? Nämnden vet inte.", 2),
        ("Kl. 18 öppnas mötet", 1),
        ("ingen punkt", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(list(sentences(flow(Text(text).lines())))) == count

"""Dates and numbers in Swedish and English."""

import pytest

from server import printed


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        ("2025-03-12", "12 mars 2025", "12 March 2025"),
        ("2025-10-01T08:09:10Z", "1 oktober 2025", "1 October 2025"),
        ("0099-01-02", "2 januari 99", "2 January 99"),
        ("2025-02-30", "2025-02-30", "2025-02-30"),
        ("2025", "2025", "2025"),
        ("", "", ""),
        ("<b>igår</b>", "<b>igår</b>", "<b>igår</b>"),
    ],
)
def test_dates(value: str, swedish: str, english: str) -> None:
    assert (printed.date(value, "sv"), printed.date(value, "en")) == (swedish, english)


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        (0, "0", "0"),
        (1234, "1\u00a0234", "1,234"),
        ("11500000", "11\u00a0500\u00a0000", "11,500,000"),
        ("0.5", "0,5", "0.5"),
        (-7.25, "-7,25", "-7.25"),
        ("tolv", "tolv", "tolv"),
        ("", "", ""),
    ],
)
def test_numbers(value: object, swedish: str, english: str) -> None:
    assert (printed.number(value, "sv"), printed.number(value, "en")) == (swedish, english)


@pytest.mark.parametrize(
    ("text", "swedish", "english"),
    [
        ("Parknämnden 2024-03-12", "Parknämnden 12 mars 2024", "Parknämnden 12 March 2024"),
        ("Skrivelse, 2024-03-12.", "Skrivelse, 12 mars 2024.", "Skrivelse, 12 March 2024."),
        ("2024-03-12 och 2024-04-09", "12 mars 2024 och 9 april 2024", "12 March 2024 och 9 April 2024"),
        ("protokoll-2024-03-12.pdf", "protokoll-2024-03-12.pdf", "protokoll-2024-03-12.pdf"),
        ("2024-03-12.pdf", "2024-03-12.pdf", "2024-03-12.pdf"),
        ("https://x.example/2024-03-12/1", "https://x.example/2024-03-12/1", "https://x.example/2024-03-12/1"),
        ("2024-03-12T10:00", "2024-03-12T10:00", "2024-03-12T10:00"),
        ("2024-13-12", "2024-13-12", "2024-13-12"),
    ],
)
def test_dates_in_names(text: str, swedish: str, english: str) -> None:
    assert (printed.dated(text, "sv"), printed.dated(text, "en")) == (swedish, english)


def test_days_between() -> None:
    assert printed.days_between("2024-02-28", "2024-03-01") == 2
    assert printed.days_between("2024-03-01T10:00:00Z", "2024-02-28") == -2
    assert printed.days_between("", "2024-03-01") is None and printed.days_between("2024-03-01", "x") is None

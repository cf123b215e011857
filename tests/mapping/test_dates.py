"""Dates in every usual writing, and what is none."""

import datetime

import pytest

from mapping.dates import find_dates
from tests.growth import LINEAR, growth

DAY = datetime.date(2025, 2, 21)

WRITINGS = [
    "2025-02-21", "2025-02- 21", "2025-02-\n21", "2025-\n02-21", "2025-02-\r\n   21", "2025‑02‑21",
    "21 februari 2025",
    "den 21 februari 2025", "fredag den 21 februari 2025", "Fredagen den 21 februari 2025", "fredag 21 februari 2025",
    "FREDAG DEN 21 FEBRUARI 2025", "21 feb 2025", "21 feb. 2025", "21 febr 2025", "21\xa0februari\xa02025",
    "den 21\nfebruari 2025",
    "den 21 februari\n      2025", "21:a februari 2025", "21/2 2025", "21/02 2025", "21/2-2025", "den 21/2 2025",
]  # fmt: skip


@pytest.mark.parametrize("printed", WRITINGS)
def test_writings(printed: str) -> None:
    text = f"Justerat {printed}, § 1–5."
    found = find_dates(text)
    assert [(match.date, match.verbatim) for match in found] == [(DAY, printed)]
    assert text[found[0].start : found[0].end] == printed


@pytest.mark.parametrize(
    ("month", "number"),
    [
        ("januari", 1), ("jan", 1), ("februari", 2), ("mars", 3), ("mar", 3), ("april", 4), ("apr", 4),
        ("maj", 5), ("juni", 6),
        ("jun", 6), ("juli", 7), ("augusti", 8), ("aug", 8), ("september", 9), ("sept", 9), ("sep", 9),
        ("oktober", 10),
        ("okt", 10), ("november", 11), ("nov", 11), ("december", 12), ("dec", 12),
    ],
)  # fmt: skip
def test_months(month: str, number: int) -> None:
    for printed in (f"7 {month} 2014", f"7 {month.upper()}. 2014"):
        assert [match.date for match in find_dates(printed)] == [datetime.date(2014, number, 7)]


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30", "2025-13-01", "den 31 april 2025", "30/2 2025", "0 maj 2025", "2025-02-211",
        "12025-02-21", "20250221",
        "2024/25", "2006-152-307", "KS 2024-0512", "19121212-1212", "2023–2026", "februari 2025",
        "21 februari", "kl 12.21",
        "21 marsch 2025", "den 21 mars 20251", "1.3.1-585/2016", "212000-0845", "21/2", "08-21 02 2025", "",
    ],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    assert find_dates(text) == []


def test_several_in_order() -> None:
    text = "Sammanträde 2025-02-18, justerat fredag den 21 februari 2025.\nSedan 18/3 2025; 2025-02-30 finns inte."
    assert [match.date.isoformat() for match in find_dates(text)] == ["2025-02-18", "2025-02-21", "2025-03-18"]


@pytest.mark.parametrize("stuff", ["2025-", "den 1 ", "1/1 ", "måndag ", "2025-02-\n", "1   \n   "])
def test_time_grows_with_the_length_only(stuff: str) -> None:
    assert growth(lambda size: find_dates(stuff * (size // len(stuff))), 30_000) < LINEAR

"""Letters come in one piece, and signs that nobody sees go, from every format that a text is written in."""

from collections.abc import Callable

import pytest

from mapping.document import Reading, read
from mapping.formats import read_text
from mapping.text import Text
from tests.mapping.test_formats_docx import p, packed

TYPED = [
    ("Na\u0308mnden och Bjo\u0308rk", "Nämnden och Björk"),
    ("Nämnden be\xadslu\xadtar", "Nämnden beslutar"),
    ("Handlingen skickas över\xad", "Handlingen skickas över-"),
    ("o\ufb03ciellt \ufb01ck \ufb02yg", "officiellt fick flyg"),
    ("\ufeff§\u200b 12\u200d", "§ 12"),
]


def as_text(paragraphs: list[str]) -> bytes:
    return "\n\n".join(paragraphs).encode()


def as_html(paragraphs: list[str]) -> bytes:
    return ("<!doctype html><meta charset=utf-8>" + "".join(f"<p>{text}</p>" for text in paragraphs)).encode()


def as_docx(paragraphs: list[str]) -> bytes:
    return packed("".join(p(text) + p("") for text in paragraphs))


FORMATS = [as_text, as_html, as_docx]
Written = Callable[[list[str]], bytes]


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize(("typed", "whole"), TYPED)
def test_letters_come_in_one_piece(written: Written, typed: str, whole: str) -> None:
    text = read_text(written([typed, "Slut"]))
    assert isinstance(text, Text), text
    assert text.canonical.split("\n") == [whole, "", "Slut"]


def test_cells_are_as_wide_as_what_is_seen() -> None:
    cells = [["Be\xadslu\xadtan\xadde", "Par\u200bti"], ["Anna Ek", "(S)"]]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    page = read_text(f"<!doctype html><table>{rows}</table>".encode())
    in_word = "".join(f"<w:tr>{''.join(f'<w:tc>{p(cell)}</w:tc>' for cell in row)}</w:tr>" for row in cells)
    document = read_text(packed(f"<w:tbl>{in_word}</w:tbl>"))
    assert isinstance(page, Text) and isinstance(document, Text)
    assert page.canonical == document.canonical == "Beslutande   Parti\nAnna Ek      (S)"


@pytest.mark.parametrize("written", FORMATS)
def test_minutes_written_with_odd_signs_are_read_as_the_plain_ones(written: Written) -> None:
    plain = ["Almviks kommun", "Socialnämnden", "Protokoll 2024-03-12", "§ 5", "Plan", "Beslut"]
    plain += [
        "Socialnämnden beslutar att godkänna planen för offentliga möten.",
        "Reservation",
        "Åsa Björk (S) reserverar sig.",
    ]
    odd = [
        text.replace("ä", "a\u0308").replace("Å", "A\u030a").replace("slut", "\xadslut\u200b").replace("ffe", "\ufb00e")
        .replace("§ 5", "§\u2009\ufeff5")
        for text in plain
    ]  # fmt: skip
    before, after = read(written(plain)), read(written(odd))
    assert isinstance(before, Reading) and isinstance(after, Reading)
    assert before.record.items[0].decision and after.record.items[0].decision
    told = [
        [
            (item.number, item.title and item.title.text, item.decision and [q.text for q in item.decision.points],
             [actor.name for reservation in item.reservations for actor in reservation.by])
            for item in reading.record.items
        ]
        for reading in (before, after)
    ]  # fmt: skip
    assert told[0] == told[1] and told[0][0][3] == ["Åsa Björk"]

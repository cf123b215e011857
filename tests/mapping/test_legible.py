"""What the reader sees of a text: plain blanks and hyphens, blank margins, every offset as it was."""

import pytest

from mapping.formats.plain import in_one_piece
from mapping.legible import legible
from mapping.text import Text

LINES = [
    "Socialnämnden", "", "§ 12", "Val av justerare", "Nämnden beslutar", "att välja Åsa Ek (S).", "", "§ 13",
    "Budget", "12 personer", "",
]  # fmt: skip


def numbered(step: int, page: int = 99) -> str:
    return "\n".join(
        f"{(n - 1) % page + 1:>3}  {line}".rstrip() if ((n - 1) % page + 1) % step == 0 else f"     {line}".rstrip()
        for n, line in enumerate(LINES * 4, 1)
    )


@pytest.mark.parametrize("text", [numbered(1), numbered(1, 20), numbered(5), numbered(5, 20)])
def test_numbers_of_lines_are_blank(text: str) -> None:
    seen = legible(Text(text)).canonical
    assert len(seen) == len(text)
    assert [line.strip() for line in seen.split("\n")] == LINES * 4


@pytest.mark.parametrize(
    "text",
    [
        "Kallelse\n\n" + "\n".join(f"{n}  Ärende om vägar" for n in range(1, 30)) + "\n\nVälkomna!\n" * 3,
        "\n".join(f"  {n}  kronor" for n in (12, 4, 4, 90, 7, 7, 3, 18, 2, 2)),
        "\n".join(f"§ {n}\nTitel" for n in range(1, 30)),
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert legible(Text(text)).canonical == text


def test_blanks_and_hyphens_are_plain() -> None:
    assert legible(Text("§\u200912\xa0den 2024\u201105\u201121")).canonical == "§ 12 den 2024-05-21"


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("na\u0308mnden", "nämnden"),
        ("be\xadslu\xadtar", "beslutar"),
        ("över\xad\nlämna över\xad", "över-\nlämna över-"),
        ("o\ufb03ciellt \ufb01ck \ufb02yg", "officiellt fick flyg"),
        ("\ufeff§\u200b 12\u200d", "§ 12"),
    ],
)
def test_letters_come_in_one_piece(typed: str, whole: str) -> None:
    assert in_one_piece(typed) == whole


def test_marks_of_markdown_are_blank() -> None:
    seen = legible(Text("# § 1\n**Beslut**\nNämnden **bifaller**.\n### **Yrkanden**\n#1")).canonical
    assert seen == "  § 1\n  Beslut  \nNämnden **bifaller**.\n      Yrkanden  \n#1"

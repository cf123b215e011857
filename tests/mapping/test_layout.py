"""Rows out of lines: furniture left out, bullets and margins seen for what they are, paragraphs kept together."""

import pytest

from mapping.blocks import blocks
from mapping.points import split_points
from mapping.rows import layout
from mapping.sections import sections
from mapping.text import Text


@pytest.mark.parametrize(
    "line",
    [
        "§ 12 forts.",
        "§ 12 (forts.)",
        "Forts. § 12",
        "Fortsättning på § 63/20",
        "KS § 12      KS/2019:248-212 forts.",
        "§ 12  Svar på motion om bänkar (forts.)",
        "(forts.)",
        "__________",
        "----------",
        "* * *",
        "= = = = = =",
        "Almviks kommun\tPROTOKOLL\t7 (7)",
    ],
)
def test_furniture_in_a_sentence_leaves_no_trace(line: str) -> None:
    page = layout(Text(f"§ 12\nBänkar\n\nNämnden beslutar att köpa\n\n\n{line}\n\n\nfyra bänkar."))
    assert [(row.text, row.gap) for row in page.rows[-2:]] == [
        ("Nämnden beslutar att köpa", True),
        ("fyra bänkar.", False),
    ]


@pytest.mark.parametrize("line", ["§ 13 Fortsatt arbete", "Forts", "- ja", "2 * 3", "§ 12 fortlöpande"])
def test_what_only_looks_like_furniture_is_read(line: str) -> None:
    assert [row.text for row in layout(Text(f"Text\n\n{line}\n\nmer")).rows] == ["Text", line, "mer"]


def test_a_bullet_on_its_own_line_belongs_to_the_next() -> None:
    text = Text("Handlingar\n•\n  SN 2024/31-2 Plan\n•\nSN 2024/31-3 Karta")
    rows = layout(text).rows
    assert [" ".join(row.text.split()) for row in rows] == [
        "Handlingar",
        "• SN 2024/31-2 Plan",
        "• SN 2024/31-3 Karta",
    ]
    assert all(text.canonical[row.line.start] == "•" and row.bullet for row in rows[1:])


def test_a_margin_indents_nothing() -> None:
    rows = layout(Text("        Frågor:\n         Hur många?\n        Svar")).rows
    assert [row.indented for row in rows] == [False, True, False]


def test_att_that_goes_on_opens_no_point() -> None:
    rows = layout(Text("Nämnden beslutar\natt återremittera ärendet för\natt det ska utredas, samt\natt fråga")).rows
    points = split_points(rows).points
    assert [point.text for point in points] == [
        "att återremittera ärendet för att det ska utredas, samt",
        "att fråga",
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("§ 1.\nVal\n\nNämnden väljer Åsa.\n§ 2.\nBudget\n\nEnligt 5 kap.\n§ 34.\ngäller annat.", ["1", "2"]),
        ("§ 1.\nVal av Åsa Ek\n§ 2.\nBudget\n§ 3.\nPlan", ["1", "2", "3"]),
    ],
)
def test_numbers_with_a_stop_on_their_line(text: str, numbers: list[str]) -> None:
    assert [block.head.number for block in blocks(layout(Text(text)).rows)[1]] == numbers


def test_a_heading_on_the_line_of_its_text() -> None:
    text = Text("§ 1\nInformation: budget\n\nBakgrund: Pengarna är slut.\nBeslut: Ärendet bordläggs\ntill hösten.")
    found = sections(layout(text).rows)
    assert [(section.kind, [row.text for row in section.rows]) for section in found] == [
        ("", ["§ 1", "Information: budget"]),
        ("summary", ["Pengarna är slut."]),
        ("decision", ["Ärendet bordläggs", "till hösten."]),
    ]
    for row in found[2].rows:
        assert text.canonical[row.line.start :].startswith(row.text)

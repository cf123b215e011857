"""Holes in the series of §: found between heads, at both ends, and with the lines that look like what is missing."""

import re
from pathlib import Path

import pytest

from mapping.document import Reading, judge_alone, read
from mapping.remarks import SERIES
from tests.conftest import SAMPLES

MINUTES = SAMPLES / "2020-09-15-socialnamnden-protokoll.txt"


def minutes(*heads: str, cover: str = "") -> str:
    blocks = "".join(f"{head}\nPlan för året\n\nBeslut\nSocialnämnden godkänner planen.\n\n" for head in heads)
    return f"Almviks kommun\nSocialnämnden\nSammanträdesprotokoll\n2024-03-12\n{cover}\n\n{blocks}"


CASES: list[tuple[str, list[tuple[int, int, str | None, str | None]], list[str]]] = [
    (minutes("§ 4", "§ 5", "§ 6"), [], []),
    (minutes("§ 4", "§ 6"), [(5, 5, "4", "6")], []),
    (minutes("§ 4", "§ 9", "§ 12"), [(5, 8, "4", "9"), (10, 11, "9", "12")], []),
    (minutes("§ 61/24", "§ 63/24"), [(62, 62, "61/24", "63/24")], []),
    (minutes("§ 4", "& 5", "§ 6"), [(5, 5, "4", "6")], ["& 5"]),
    (minutes("§ 4", "Paragraf 5", "§ 6"), [(5, 5, "4", "6")], ["Paragraf 5"]),
    (minutes("§ 4", "5 Plan för året", "§ 6"), [(5, 5, "4", "6")], ["5 Plan för året"]),
    # the cover page says more than was read
    (minutes("§ 4", "§ 5", cover="Paragrafer      §§ 4–7"), [(6, 7, "5", None)], []),
    (minutes("§ 4", "§ 5", cover="Justerade paragrafer: 2-5"), [(2, 3, None, "4")], []),
    (minutes("§ 4", "§ 5", cover="Anna Berg (S), §§ 4–5"), [], []),
    (minutes("§ 4", "§ 5", cover="Enligt 6 kap. 33–37 §§ kommunallagen"), [], []),
    # the last heads are written otherwise
    (minutes("§ 4", "§ 5", "Paragraf 6", "Paragraf 7"), [(6, 7, "5", None)], ["Paragraf 6", "Paragraf 7"]),
]


@pytest.mark.parametrize(("text", "expected", "candidates"), CASES)
def test_gaps(text: str, expected: list[tuple[int, int, str | None, str | None]], candidates: list[str]) -> None:
    found = read(text.encode())
    assert isinstance(found, Reading), found
    gaps = found.record.account.gaps
    assert [(gap.first, gap.last, gap.after, gap.before) for gap in gaps] == expected
    canonical = found.text.canonical
    assert [canonical[c.start : c.end] for gap in gaps for c in gap.candidates] == candidates


def test_heads_none_of_which_was_recognised_are_told() -> None:
    heads = "".join(f"Paragraf {n}\nSocialnämnden beslutar att godkänna planen.\n\n" for n in (4, 5, 6))
    found = read(f"Almviks kommun\nSocialnämnden\nKallelse\n2024-03-12\n\n{heads}".encode())
    assert isinstance(found, Reading), found
    (gap,) = found.record.account.gaps
    assert (gap.first, gap.last, len(gap.candidates)) == (4, 6, 3)


def test_an_annexed_ordinance_is_another_series() -> None:
    annex = "Bilaga 1\n\n" + "".join(f"§ {n}\nHär står en regel som gäller alla.\n\n" for n in range(1, 9))
    found = read((minutes("§ 4", "§ 5", "§ 6") + annex).encode())
    assert isinstance(found, Reading)
    assert found.record.account.gaps == ()


def test_a_gap_is_a_warning_with_its_place() -> None:
    text = "\f".join((minutes("§ 4"), minutes("& 5", "§ 6").partition("2024-03-12")[2]))
    found = read(text.encode())
    assert isinstance(found, Reading)
    (told,) = [c for c in judge_alone(found).complaints if c.problem.shape == SERIES]
    assert (told.problem.severity, told.page, told.quote) == ("warning", 2, "& 5")
    assert (
        "mellan § 4 och § 6" in told.problem.message_sv and "”& 5” (sida/page 2, rad/line" in told.problem.message_sv
    )
    assert "between § 4 and § 6" in told.problem.message_en


def test_paragraphs_under_one_head_are_all_there() -> None:
    found = read(minutes("§§ 4-5 Bänkar", "§ 6", "§ 7").encode())
    assert isinstance(found, Reading)
    assert [item.number for item in found.record.items] == ["4-5", "6", "7"]
    assert [c for c in judge_alone(found).complaints if "serie" in c.problem.message_en] == []
    holed = read(minutes("§§ 4-5 Bänkar", "§ 7").encode())
    assert isinstance(holed, Reading)
    assert [c for c in judge_alone(holed).complaints if "serie" in c.problem.message_en]


def test_whole_minutes_have_no_gap_and_a_head_taken_out_is_missed() -> None:
    text = MINUTES.read_text("utf-8")
    whole, holed = read(text.encode()), read(text.replace("§ 2", "no. 2").encode())
    assert isinstance(whole, Reading) and isinstance(holed, Reading)
    assert whole.record.account.gaps == ()
    assert [(gap.first, gap.last) for gap in holed.record.account.gaps] == [(2, 2)]


SHARED = Path(__file__).parents[3] / "shared" / "examples"
MANY = [
    path for path in (*sorted(SAMPLES.glob("*protokoll.txt")), *sorted(SHARED.glob("*.txt")))
    if len(re.findall("^.{0,6}§", path.read_text("utf-8"), re.MULTILINE)) > 2
]  # fmt: skip


@pytest.mark.parametrize("path", MANY, ids=lambda path: path.stem)
def test_every_head_that_is_not_recognised_is_missed(path: Path) -> None:
    whole = read(path.read_bytes())
    assert isinstance(whole, Reading)
    text, told = whole.text.canonical, set(whole.record.account.gaps)
    for item in whole.record.items[1:-1]:
        end = text.index("\n", item.span.start)
        broken = re.sub(r"\d+|§", "#", text[item.span.start : end], count=2)
        found = read((text[: item.span.start] + broken + text[end:]).encode())
        assert isinstance(found, Reading)
        assert set(found.record.account.gaps) - told, text[item.span.start : end]

"""The account of a reading: facts by kind, inferred ones, items without a number, and the name of the layout."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from mapping.document import Reading, read
from mapping.facts import account
from mapping.remarks import remarks
from tests.conftest import SAMPLES
from tests.growth import LINEAR, growth


@cache
def told(name: str, text: str | None = None) -> dict[str, Any]:
    (path,) = SAMPLES.glob(name)
    found = read(text.encode() if text is not None else path.read_bytes())
    assert isinstance(found, Reading), found
    return account(found.record, found.text)


def extract(*changes: tuple[str, str]) -> dict[str, Any]:
    (path,) = SAMPLES.glob("2024-09-17*")
    text = path.read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return told("2024-09-17*", text)


def test_facts_are_counted_by_kind() -> None:
    minutes = told("2024-05-21*.pdf")
    assert (minutes["kind"], minutes["municipality"], minutes["body"]) == ("minutes", "Almvik", "Socialnämnden")
    assert (minutes["date"], minutes["pages"]) == ("2024-05-21", 4)
    facts = minutes["facts"]
    assert (facts["meetings"], facts["items"], facts["decisions"]) == (1, 8, 8)
    assert {"decision points", "proposals", "reservations", "attendances", "registry numbers", "listed documents",
            "persons"} <= set(facts)  # fmt: skip
    assert all(number > 0 for number in facts.values())
    report = told("2025-02-18*")["facts"]
    assert all(report[kind] for kind in ("goals", "indicators", "activities", "registry numbers"))


def test_votes_are_counted_with_their_ballots() -> None:
    facts = told("2024-05-21*.pdf")["facts"]
    assert (facts["votes"], facts["ballots"]) == (1, 10)


def test_what_is_inferred_is_counted() -> None:
    (path,) = SAMPLES.glob("2024-09-17*")
    text = path.read_text("utf-8").replace("Almviks kommun", "").replace("Almvik", "")
    found = read(text.encode(), "Haninge")
    assert isinstance(found, Reading)
    assert account(found.record, found.text)["inferred"]["municipality"] == 1
    assert "municipality" not in extract()["inferred"]


def test_a_party_known_from_elsewhere_is_inferred() -> None:
    (path,) = SAMPLES.glob("2024-05-21*.pdf")
    found = read(path.read_bytes())
    assert isinstance(found, Reading)
    assert account(found.record, found.text)["inferred"] == {}
    items = tuple(
        replace(item, reservations=tuple(
            replace(r, by=tuple(replace(a, party_verbatim=None) for a in r.by)) for r in item.reservations))
        for item in found.record.items
    )  # fmt: skip
    assert account(replace(found.record, items=items), found.text)["inferred"] == {"reservations": 3}


def test_an_item_without_a_registry_number_is_listed() -> None:
    assert extract()["withoutRegistryNumber"] == []
    (item,) = extract(("SN 2023/140", ""))["withoutRegistryNumber"]
    assert item["number"] == "4" and item["title"] and item["line"] > 1 and item["page"] is None


def test_a_masked_number_has_its_place() -> None:
    (number,) = extract(("Almviks kommun", "Almviks kommun\n121212-1212\n"))["personalNumbers"]
    assert (number["quote"], number["line"]) == ("••••••-••••", 2)


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("2016-11-15*", "minutes, nämnd, 2010s, § n, n-n/åååå, text"),
        ("2024-02-26*", "minutes, fullmäktige, 2020s, § n, A åååå/n, text"),
        ("2024-05-21*.pdf", "minutes, nämnd, 2020s, § n, A åååå/n, pdf"),
        ("2024-02-19*", "motion, fullmäktige, 2020s, A åååå/n, docx"),
        ("2024-06-18*", "agenda, nämnd, 2020s, html"),
    ],
)
def test_layouts(name: str, layout: str) -> None:
    assert told(name)["layout"] == layout


def test_the_way_a_paragraph_is_headed_is_part_of_the_layout() -> None:
    assert ", § n/n, " in extract(("§ 4", "§ 4/24"))["layout"]
    assert ", A § n, " in extract(("§ 4", "SN § 4"))["layout"]


@pytest.mark.parametrize("stuff", ["121212-1212\n", "§ 7 . . . . ", "Paragraf 4          ", "§ 4\n& 5\n\n§ 6\n"])
def test_time_grows_with_the_length_only(stuff: str) -> None:
    head = (
        "Almviks kommun\nSocialnämnden\nSammanträdesprotokoll\n2024-03-12\n\n§ 1\nPlan\n\nBeslut\nPlanen antas.\n\n"
    )

    def work(size: int) -> None:
        found = read((head + stuff * (size // len(stuff))).encode())
        assert isinstance(found, Reading)
        remarks(found.record, found.text)
        account(found.record, found.text)

    assert growth(work, 5_000, rounds=3) < LINEAR


def test_many_personal_numbers_are_told_in_one_remark() -> None:
    found = read(
        ((SAMPLES / "2024-09-17-socialnamnden-protokollsutdrag.txt").read_text() + "121212-1212\n" * 70).encode()
    )
    assert isinstance(found, Reading)
    told = remarks(found.record, found.text)
    assert (
        len(told) == 1 and told[0].sv.startswith("70 personnummer") and told[0].en.startswith("70 personal numbers")
    )
    assert "rad/line " in told[0].sv and told[0].sv.count(", ") < 30 and "(+50)" in told[0].sv
    assert len(account(found.record, found.text)["personalNumbers"]) == 70

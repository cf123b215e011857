"""The evaluation: what counts as right in both formats of gold, and that every kind of error is noticed."""

import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from mapping.evaluation import Score, as_json, evaluate, pairs, shorten, table, together
from mapping.records import (
    Ballot,
    Decision,
    DocumentRecord,
    Item,
    Point,
    Refused,
    RegistryRef,
    Reservation,
    Statement,
)
from tests.evaluation_case import ADA, BO, CY, DECISION, ITEM, LAYOUT_GOLD, MEETING, REAL_GOLD, RECORD, S, changed, q


@pytest.mark.parametrize("gold", [LAYOUT_GOLD, REAL_GOLD], ids=["layouts", "real"])
def test_a_right_reading_is_right_throughout(gold: dict[str, Any]) -> None:
    result = evaluate("doc", RECORD, gold)
    assert result.misses == ()
    assert {s.f1 for s in result.scores} == {1.0}
    assert result.totals()[-1].tp > 25


WRONG: list[tuple[str, DocumentRecord, str, set[str]]] = [
    ("document", dataclasses.replace(RECORD, body="Kulturnämnden"), "both", {"missing", "extra"}),
    ("document", dataclasses.replace(RECORD, municipality=None), "both", {"missing"}),
    ("persons", dataclasses.replace(RECORD, persons=(ADA, CY)), "real", {"missing"}),
    ("items", changed(title=q("Remiss av motion om bänk")), "both", {"missing", "extra"}),
    ("subtitles", changed(subtitle=None), "real", {"missing"}),
    ("registry numbers", changed(registry_numbers=()), "both", {"missing"}),
    (
        "registry numbers",
        changed(registry_numbers=(RegistryRef("SN 2024/31", "SN 2024/31", "referrer", S),)),
        "real",
        {"missing", "extra"},
    ),
    (
        "decision points",
        changed(decision=Decision((Point("att avslå motionen", S),), "referred-back", S)),
        "both",
        {"missing"},
    ),
    (
        "outcomes",
        changed(decision=dataclasses.replace(DECISION, outcome="rejected")),
        "layouts",
        {"missing", "extra"},
    ),
    ("proposals", changed(proposals=ITEM.proposals[:2]), "both", {"missing"}),
    (
        "proposals",
        changed(proposals=(dataclasses.replace(ITEM.proposals[1], stance="reject"), ITEM.proposals[2])),
        "both",
        {"missing", "extra"},
    ),
    ("reservations", changed(reservations=(Reservation((BO,), S),)), "both", {"missing", "extra"}),
    ("statements", changed(withdrawals=()), "both", {"missing"}),
    (
        "texts",
        changed(statements=(Statement("special_statement", (ADA,), S, text=q("Vi vill tacka alla.")),)),
        "real",
        {"missing", "extra"},
    ),
    ("motion titles", changed(matters=ITEM.matters[1:]), "both", {"missing"}),
    (
        "motion authors",
        changed(matters=(dataclasses.replace(ITEM.matters[0], authors=(ADA,)), ITEM.matters[1])),
        "both",
        {"missing", "extra"},
    ),
    (
        "questions",
        changed(matters=(ITEM.matters[0], dataclasses.replace(ITEM.matters[1], questions=()))),
        "real",
        {"missing"},
    ),
    ("votes", changed(votes=()), "layouts", {"missing"}),
    (
        "ballots",
        changed(votes=(dataclasses.replace(ITEM.votes[0], ballots=(Ballot(ADA, "no"),)),)),
        "layouts",
        {"missing", "extra"},
    ),
    (
        "documents",
        changed(documents=(dataclasses.replace(ITEM.documents[0], identifier=None),)),
        "both",
        {"missing", "extra"},
    ),
    ("immediate adjustment", changed(immediately_adjusted=None), "real", {"missing"}),
    ("report dates", changed(report_date=None), "real", {"missing"}),
    ("references", changed(references=(q("SOU 2020:47"), q("Ds 2025:4"))), "real", {"extra"}),
    (
        "attendance",
        dataclasses.replace(RECORD, meeting=dataclasses.replace(MEETING, attendance=())),
        "layouts",
        {"missing"},
    ),
    (
        "adjusters",
        dataclasses.replace(RECORD, meeting=dataclasses.replace(MEETING, adjusters=(ADA,))),
        "both",
        {"missing", "extra"},
    ),
]


@pytest.mark.parametrize(
    ("kind", "record", "formats", "what"), WRONG, ids=[f"{i}-{w[0]}" for i, w in enumerate(WRONG)]
)
def test_every_kind_of_error_is_noticed(kind: str, record: DocumentRecord, formats: str, what: set[str]) -> None:
    golds = {"layouts": LAYOUT_GOLD, "real": REAL_GOLD}
    for gold in golds.values() if formats == "both" else (golds[formats],):
        misses = evaluate("doc", record, gold).misses
        assert {m.what for m in misses if m.kind == kind} == what
        assert all(m.item in ("", "7") for m in misses)


def test_optional_facts_are_neither_required_nor_wrong() -> None:
    for extra in ("Ordföranden tackade.", None):
        points = (*DECISION.points, *([Point(extra, S)] if extra else []))
        record = changed(decision=dataclasses.replace(DECISION, points=points, follows_administration=S))
        assert evaluate("doc", record, REAL_GOLD).misses == ()
    joined = (DECISION.points[0], Point("att anföra följande. Ordföranden tackade.", S))
    assert evaluate("doc", changed(decision=Decision(joined, "rejected", S)), REAL_GOLD).misses == ()


def test_alternatives_of_kind_and_outcome_count() -> None:
    item = LAYOUT_GOLD["items"][0] | {"outcome": "other", "outcome_alternatives": [None, "noted"]}
    gold = LAYOUT_GOLD | {"kind": "minutes", "kind_alternatives": ["minutes_extract"], "items": [item]}
    assert evaluate("doc", changed(decision=None), gold | {"items": [item | {"decision_points": []}]}).misses == ()
    noted = dataclasses.replace(DECISION, outcome="noted")
    assert evaluate("doc", changed(decision=noted), gold).misses == ()


def test_what_must_be_refused_and_what_must_not_appear() -> None:
    refused = Refused("not-a-meeting-document", "", "")
    newsletter = {"kind": "other", "items": [], "must_be_empty": True}
    assert evaluate("doc", refused, newsletter).scores == (Score("doc", "refusal", 1, 0, 0),)
    assert evaluate("doc", RECORD, newsletter).totals()[-1].recall == 0
    assert evaluate("doc", refused, LAYOUT_GOLD).totals()[-1].tp == 0
    gold = LAYOUT_GOLD | {"must_not_appear": ["191212121212"], "private_persons": ["Bo Al"]}
    texts = [m.text for m in evaluate("doc", RECORD, gold, published="… 191212121212 …").misses]
    assert texts == ["191212121212", "private person Bo Al"]


def test_a_motion_has_its_number_from_the_document() -> None:
    item = {"number": None, "title": "Fler bänkar", "dnr": ["KS 2022/287"], "decision_points": [], "outcome": None}
    gold = {"kind": "motion", "municipality": None, "body": None, "meeting_date": None, "items": [item]}
    record = DocumentRecord(
        "motion",
        None,
        None,
        None,
        None,
        None,
        date=datetime.date(2022, 3, 7),
        own_registry_numbers=(RegistryRef("KS 2022/287", "KS 2022/287", "own", S),),
        items=(Item(1, S, q("Fler bänkar")),),
    )
    assert evaluate("doc", record, gold).misses == ()


def test_pairs_by_name(tmp_path: Path) -> None:
    for name in ("000_abc.txt", "001_def.txt", "02-ks.txt", "000.json", "02-ks.gold.json", "README.md"):
        (tmp_path / name).write_text("")
    assert [(a.name, b.name) for a, b in pairs(tmp_path, tmp_path)] == [
        ("000_abc.txt", "000.json"),
        ("02-ks.txt", "02-ks.gold.json"),
    ]
    assert pairs(tmp_path / "001_def.txt", tmp_path / "000.json") == [
        (tmp_path / "001_def.txt", tmp_path / "000.json")
    ]
    with pytest.raises(FileNotFoundError, match="does not exist"):
        pairs(tmp_path / "none", tmp_path)
    with pytest.raises(FileNotFoundError, match="No document"):
        pairs(tmp_path / "001_def.txt", tmp_path)


def test_table_and_json() -> None:
    result = together([evaluate("a", RECORD, LAYOUT_GOLD), evaluate("b", changed(votes=()), LAYOUT_GOLD)])
    lines = table(result).splitlines()
    assert lines[0].split() == ["document", "kind", "right", "extra", "missing", "precision", "recall", "F1"]
    assert any(line.split() == ["ALL", "votes", "1", "0", "1", "1.000", "0.500", "0.667"] for line in lines)
    assert "missing   b § 7 votes: 2 - 1 - 0" in lines
    content = json.loads(as_json(result))
    assert content["totals"][-1]["kind"] == "all" and content["totals"][-1]["fn"] == len(content["misses"]) == 4
    assert shorten("å" * 300) != "å" * 300

"""The evaluation: what counts as right in both formats of gold, and that every kind of error is noticed."""

import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from mapping.evaluation import Score, as_json, evaluate, pairs, shorten, table, together
from mapping.evaluation_facts import fold, fold_point, fold_title
from mapping.records import (
    Actor,
    Attendance,
    Ballot,
    Decision,
    DocumentRecord,
    Item,
    ListedDocument,
    Matter,
    Meeting,
    Point,
    Proposal,
    Quote,
    Refused,
    RegistryRef,
    Reservation,
    Statement,
    Vote,
    Withdrawal,
)
from mapping.text import Span

S = Span(0, 1)
ADA, BO, CY = Actor("Ada Ek", "S", S), Actor("Bo Al", "M", S), Actor("Cy Ask", None, S, is_official=True)


def q(text: str) -> Quote:
    return Quote(text, S)


DECISION = Decision((Point("att avslå motionen,", S), Point("att anföra följande.", S)), "referred-back", S)
MEETING = Meeting(
    datetime.date(2024, 3, 12),
    S,
    minutes_number=q("3/2024"),
    chair=ADA,
    adjusters=(BO,),
    adjusted_on=datetime.date(2024, 3, 15),
    attendance=(
        Attendance(ADA, "chair"),
        Attendance(BO, "serving-substitute", substitutes_for=Actor("Dan By", "M", S)),
    ),
)
ITEM = Item(
    position=1,
    span=S,
    number="7",
    title=q("Remiss av motion om bänkar"),
    subtitle=q("Svar på remiss"),
    registry_numbers=(RegistryRef("Dnr SN 2024/31", "SN 2024/31", "own", S),),
    matters=(
        Matter("motion", "Motion om bänkar", S, authors=(BO,)),
        Matter("member-letter", "Skrivelse om köer", S, authors=(ADA,), questions=(q("Hur långa är köerna?"),)),
    ),
    decision=DECISION,
    proposals=(
        Proposal((Actor(None, None, S, is_administration=True),), "own", S),
        Proposal((ADA, BO), "approve", S),
        Proposal((BO,), "own", S, points=(Point("att bifalla motionen, samt", S),)),
    ),
    votes=(
        Vote(
            S, yes=2, no=1, yes_for=q("att motionen avslås."), ballots=(Ballot(ADA, "yes"), Ballot(BO, "abstained"))
        ),
    ),
    reservations=(Reservation((Actor(None, "M", S),), S),),
    statements=(Statement("special_statement", (ADA,), S, text=q("Vi vill tacka alla för ett gott arbete i dag.")),),
    withdrawals=(Withdrawal("abstention", (BO,), S),),
    documents=(ListedDocument("Remiss av motion", "Tjänsteutlåtande - Remiss av motion", S, "SN 2024/31-2"),),
    officials=(CY,),
    references=(q("SOU 2020:47"),),
    immediately_adjusted=S,
    report_date=datetime.date(2024, 3, 1),
)
RECORD = DocumentRecord(
    "minutes-extract",
    None,
    "0136",
    None,
    "Socialnämnden",
    None,
    meeting=MEETING,
    items=(ITEM,),
    persons=(ADA, BO, BO, CY),
)
HEAD: dict[str, Any] = {
    "kind": "minutes_extract",
    "municipality": "Haninge",
    "body": "Socialnämnden",
    "meeting_date": "2024-03-12",
    "protocol_number": "3/2024",
    "adjusters": [{"name": "Bo Al", "party": "M"}],
    "adjustment_date": "2024-03-15",
}
LAYOUT_GOLD: dict[str, Any] = HEAD | {
    "chair": {"name": "Ada Ek", "party": "S"},
    "attendance": [
        {"name": "Ada Ek", "party": "S", "role": "chair"},
        {"name": "Bo Al", "party": "M", "role": "serving_substitute", "replaces": "Dan By"},
    ],
    "items": [
        {
            "number": "7",
            "title": "Remiss av motion  om bänkar",
            "dnr": ["SN 2024/31"],
            "decision_points": ["att avslå motionen", "att anföra följande"],
            "outcome": "remitted",
            "motion": {"title": "bänkar", "authors": [{"name": "Bo Al", "party": "M"}]},
            "proposals": [
                {"by": [{"name": "Bo Al", "party": "M"}, {"name": "Ada Ek", "party": "S"}], "stance": "approve"},
                {"by": [{"name": "Bo Al", "party": "M"}], "stance": "own"},
            ],
            "votes": [
                {
                    "yes": 2,
                    "no": 1,
                    "abstain": 0,
                    "yes_for": "motionen avslås",
                    "ballots": {
                        "yes": [{"name": "Ada Ek", "party": "S"}],
                        "no": [],
                        "abstain": [{"name": "Bo Al", "party": "M"}],
                    },
                }
            ],
            "reservations": [{"by": [{"name": None, "party": "M"}]}],
            "statements": [
                {"kind": "special_statement", "by": [{"name": "Ada Ek", "party": "S"}]},
                {"kind": "abstention", "by": [{"name": "Bo Al", "party": "M"}]},
            ],
            "documents": [{"id": "SN 2024/31-2", "title": "Tjänsteutlåtande - Remiss av motion"}],
            "letters": [{"title": "Skrivelse om köer", "by": [{"name": "Ada Ek", "party": "S"}]}],
        }
    ],
}
REAL_GOLD: dict[str, Any] = HEAD | {
    "kind": "minutes-extract",
    "items": [
        {
            "number": 7,
            "title": "Remiss av motion om bänkar",
            "subtitle": "Svar på remiss",
            "dnr": [{"value": "SN 2024/31", "normalised": "SN 2024/31", "role": "own"}],
            "decision_points": [
                {"point": 1, "text": "att avslå motionen"},
                {"point": 2, "text": "att anföra följande."},
            ],
            "decision_points_optional": ["Ordföranden tackade."],
            "motion": {"title": "bänkar", "authors": [{"name": "Bo Al", "party": "M"}]},
            "proposals": [
                {
                    "by": [{"name": "Ada Ek", "party": "S"}, {"name": "Bo Al", "party": "M"}],
                    "stance": "for-administration",
                    "points": [],
                },
                {
                    "by": [{"name": "Bo Al", "party": "M"}],
                    "stance": "own-proposal",
                    "points": ["att bifalla motionen"],
                },
            ],
            "reservations": [{"by": [{"party": "M", "who": "Samtliga"}]}],
            "statements": [
                {
                    "kind": "special-statement",
                    "by": [{"name": "Ada Ek", "party": "S"}],
                    "first_words": "Vi vill tacka alla",
                    "last_words": "gott arbete i dag.",
                },
                {"kind": "abstention", "by": [{"name": "Bo Al", "party": "M"}]},
            ],
            "documents": [
                {
                    "id": "SN 2024/31-2",
                    "title": "Remiss av motion",
                    "as_printed": "Tjänsteutlåtande - Remiss av motion",
                }
            ],
            "officials": [{"name": "Cy Ask", "title": "utredare"}],
            "report_date": "2024-03-01",
            "other_references": ["SOU 2020:47"],
            "law_references": ["LSS 9:9"],
            "immediate_adjustment": True,
            "follows_administration": None,
        }
    ],
    "written_questions": [
        {
            "title": "Skrivelse om kön",
            "title_in_decision": "Skrivelse om köer",
            "addressed_in_item": 7,
            "authors": [{"name": "Ada Ek", "party": "S"}],
            "questions": ["Hur långa är köerna?"],
        }
    ],
    "persons": [
        {"name": "Ada Ek", "party": "S"},
        {"name": "Bo Ahl", "cross_document_variants": ["Bo Al"], "party": "M"},
        {"name": "Cy Ask", "party": None},
    ],
}


@pytest.mark.parametrize("gold", [LAYOUT_GOLD, REAL_GOLD], ids=["layouts", "real"])
def test_a_right_reading_is_right_throughout(gold: dict[str, Any]) -> None:
    result = evaluate("doc", RECORD, gold)
    assert result.misses == ()
    assert {s.f1 for s in result.scores} == {1.0}
    assert result.totals()[-1].tp > 25


def changed(**fields: Any) -> DocumentRecord:
    return dataclasses.replace(RECORD, items=(dataclasses.replace(ITEM, **fields),))


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


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  två   ord ", "två ord"),
        ("FINSAM- organisationen", "FINSAM-organisationen"),
        ("plan - och", "plan - och"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("att avslå, samt", "att avslå"),
        ("att avslå.", "att avslå"),
        ("att anföra följande:", "att anföra följande"),
        ("samt", "samt"),
    ],
)
def test_fold_point(text: str, folded: str) -> None:
    assert fold_point(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Motion om bänkar", "bänkar"),
        ("Svar på motion: Fria resor", "fria resor"),
        ("Skrivelse angående köer.", "köer"),
        ("Motionslopp", "motionslopp"),
        ("Motion", "motion"),
    ],
)
def test_fold_title(text: str, folded: str) -> None:
    assert fold_title(text) == folded


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

"""A record and the two golds, one of each format, that it agrees with throughout."""

import dataclasses
import datetime
from typing import Any

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


def changed(**fields: Any) -> DocumentRecord:
    return dataclasses.replace(RECORD, items=(dataclasses.replace(ITEM, **fields),))

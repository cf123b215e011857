"""Decisions told without a heading: the sentence in which the meeting's own body decides, or what becomes of the item."""

import pytest

from mapping.records import Item
from tests.mapping.paragraph import item

SECOND = "\n\n§ 6\nVal\n\nBeslut\nAnna Ek (S) väljs.\n"


def read(text: str) -> Item:
    return item(f"§ 5\nPlan\n\n{text}{SECOND}")


@pytest.mark.parametrize(
    ("text", "points", "outcome"),
    [
        ("Socialnämnden beslutar att anta planen.", ["att anta planen."], "approved"),
        ("Nämnden beslutar att anta planen.", ["Nämnden beslutar att anta planen."], "approved"),
        ("Nämnden avslår ansökan.", ["Nämnden avslår ansökan."], "rejected"),
        ("Härefter bifaller socialnämnden förslaget.", ["Härefter bifaller socialnämnden förslaget."], "approved"),
        ("Nämnden beslutade enhälligt att anta planen.", ["Nämnden beslutade enhälligt att anta planen."], "approved"),
        ("Nämnden har sålunda antagit planen.", ["Nämnden har sålunda antagit planen."], "approved"),
        ("Chefen berättar. Nämnden tackar för informationen.", ["Nämnden tackar för informationen."], "noted"),
        ("Nämnden beslutar att ärendet ska avgöras i dag.\n\nNämnden beslutar att avslå planen.", ["Nämnden beslutar att avslå planen."], "rejected"),
        ("Socialnämnden beslutade den 3 mars, § 12, att bordlägga ärendet.\n\nNämnden beslutar att anta planen.", ["Nämnden beslutar att anta planen."], "approved"),
        ("Kommunstyrelsen beslutade att avslå planen.\n\nNämnden beslutar att anta planen.", ["Nämnden beslutar att anta planen."], "approved"),
        ("Planen antas.", ["Planen antas."], "approved"),
        ("Chefen berättar om badet.\n\nÄrendet bordläggs.", ["Ärendet bordläggs."], "postponed"),
        ("Chefen informerar om:\n- badet,\n- parken.\n\nInformationen läggs till handlingarna.", ["Informationen läggs till handlingarna."], "noted"),
    ],
)  # fmt: skip
def test_told(text: str, points: list[str], outcome: str) -> None:
    decision = read(text).decision
    assert decision is not None
    assert ([point.text for point in decision.points], decision.outcome) == (points, outcome)


@pytest.mark.parametrize(
    "text",
    [
        "Chefen berättar om badet.",
        # another body's
        "Kommunstyrelsen beslutar att anta planen.",
        "Kommunstyrelsen beslutade att anta planen.\n\nChefen berättar om badet.",
        "Kommunstyrelsen föreslår att planen antas.",
        "Socialförvaltningen föreslår att planen antas.",
        "Kommunfullmäktige avslår motionen.",
        # an earlier one
        "Socialnämnden beslutade den 3 mars, § 12, att bordlägga ärendet.",
        "Nämnden har tidigare beslutat att anta planen.",
        "Nämnden har i mars antagit planen.",
        # what somebody moves, a quotation, the opening of the meeting
        "Anna Ek (S) yrkar att nämnden beslutar att anta planen.",
        "”Nämnden beslutar att anta planen” står det i förslaget.",
        "Efter upprop beslutar nämnden att förklara mötet öppnat.",
        "Ordföranden ajournerar mötet och avslutar det.",
        "Planen " + "och planen " * 60 + "antas.",
    ],
)
def test_not_told(text: str) -> None:
    assert read(text).decision is None


def test_the_rest_is_the_summary() -> None:
    found = read("Chefen berättar om badet.\n\nNämnden beslutar att anta planen.\n\nTorget är stängt.")
    assert found.summary and found.summary.text == "Chefen berättar om badet. Torget är stängt."


def test_adjusted_at_once() -> None:
    found = read("Nämnden beslutar att anta planen. Paragrafen förklaras omedelbart justerad.")
    assert found.decision and [p.text for p in found.decision.points] == ["Nämnden beslutar att anta planen."]
    assert found.immediately_adjusted is not None


def test_a_heading_goes_before_what_the_text_tells() -> None:
    found = item("§ 5\nPlan\n\nNämnden beslutar att avslå planen.\n\nBeslut\nPlanen antas.\n")
    assert found.decision and [p.text for p in found.decision.points] == ["Planen antas."]


def test_a_decision_is_told_in_its_own_paragraph() -> None:
    found = item("§ 5\nPlan\n\nChefen berättar om badet.\n\n§ 6\nVal\n\nNämnden beslutar att välja Anna Ek (S).\n")
    assert found.decision is None

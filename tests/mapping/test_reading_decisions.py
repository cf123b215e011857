"""Outcomes by their operative words: negated, in part, adjusted at once, recommended, and whose proposal is followed."""

import pytest

from mapping.records import Decision
from tests.mapping.paragraph import TOP, item


def decision(text: str) -> Decision:
    found = item(f"§ 5\nPlan\n\nBeslut\n{text}\n").decision
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "outcome", "words"),
    [
        ("Ansökan beviljas inte.", "rejected", "beviljas inte"),
        ("Nämnden beslutar att inte anta planen.", "rejected", "inte anta"),
        ("Medborgarförslaget bifalls inte.", "rejected", "bifalls inte"),
        ("Kommunstyrelsen godkänner inte årsredovisningen.", "rejected", "godkänner inte"),
        ("Ansvarsfrihet beviljas ej.", "rejected", "beviljas ej"),
        ("Motionen tillstyrks inte.", "rejected", "tillstyrks inte"),
        ("Motionen bör inte bifallas.", "rejected", "inte bifallas"),
        ("Nämnden ställer sig inte bakom planen.", "rejected", "ställer sig inte bakom"),
        ("Bygglov nekas.", "rejected", "nekas"),
        ("1. Ansökan beviljas inte.\n2. Yttrandet godkänns.", "rejected", "beviljas inte"),
        # not the other way round: "other"
        ("Ärendet bordläggs inte.", "other", "bordläggs inte"),
        ("Ärendet återremitteras ej.", "other", "återremitteras ej"),
        ("Motionen avslås inte.", "other", "avslås inte"),
        ("Nämnden ger inte förvaltningen i uppdrag att bygga.", "other", "ger inte förvaltningen i uppdrag"),
        ("Nämnden kan inte på detta underlag tillstyrka planen.", "other", "inte på detta underlag tillstyrka"),
        ("Nämnden godkänner rapporten ej påbörjade projekt.", "other", "godkänner rapporten ej"),
        ("Nämnden antar inte föreslagna avgifter.", "rejected", "antar inte"),
        ("Överklagandet avvisas.", "other", "avvisas"),
        ("Ärendet bordläggs inte.\nNämnden antar planen.", "approved", "antar"),
        ("Nämnden beslutar att inte återremittera ärendet utan bifalla planen.", "approved", "bifalla"),
        # the negation belongs to another word
        ("Nämnden godkänner förslaget att inte bygga skolan.", "approved", "godkänner"),
        ("Förslaget att inte bygga skolan godkänns.", "approved", "godkänns"),
        ("Nämnden godkänner planen och beslutar att inte höja avgiften.", "approved", "godkänner"),
        ("Nämnden godkänner redovisningen av ej verkställda beslut.", "approved", "godkänner"),
        ("Nämnden godkänner rapporten Ej verkställda beslut.", "approved", "godkänner"),
        ("Nämnden godkänner inte bara planen.", "approved", "godkänner"),
        ("Nämnden har inget att erinra mot att planen antas.", "approved", "antas"),
        ("Ärendet bordläggs. Det är inte färdigt.", "postponed", "bordläggs"),
        # in part
        ("Ansökan avslås delvis.", "partly-approved", "avslås delvis"),
        ("Ansökan beviljas delvis.", "partly-approved", "beviljas delvis"),
        (
            "Motionen bifalls i första att-satsen och avslås i övrigt.",
            "partly-approved",
            "bifalls i första att-satsen och avslås i övrigt",
        ),
    ],
)
def test_negated_outcomes(text: str, outcome: str, words: str) -> None:
    told = decision(text)
    assert told.outcome == outcome
    assert told.outcome_verbatim and told.outcome_verbatim.text == words


@pytest.mark.parametrize(
    ("sentence", "adjusted"),
    [
        ("Paragrafen förklaras omedelbart justerad.", True),
        ("Paragrafen justeras omedelbart.", True),
        ("Paragrafen förklaras inte omedelbart justerad.", False),
        ("Paragrafen förklaras ej omedelbart justerad.", False),
        ("Paragrafen justeras inte omedelbart.", False),
        ("Paragrafen justeras omedelbart. Den bifogas inte.", True),
    ],
)
def test_immediate_adjustment_may_be_denied(sentence: str, adjusted: bool) -> None:
    found = item(f"§ 5\nPlan\n\nBeslut\nNämnden antar planen.\n{sentence}\n")
    assert (found.immediately_adjusted is not None) is adjusted
    assert found.decision and found.decision.outcome == "approved"


@pytest.mark.parametrize(
    ("whose", "follows"),
    [("förvaltningens", True), ("kontorets", True), ("socialförvaltningens", True), ("arbetsutskottets", False)],
)
def test_only_the_administrations_proposal_is_the_administrations(whose: str, follows: bool) -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\n"
        f"Beslutsgång\nOrdföranden finner att nämnden beslutar enligt {whose} förslag.\n"
    )
    assert found.decision and (found.decision.follows_administration is not None) is follows


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Regionstyrelsen föreslår regionfullmäktige besluta att fastställa taxan.", "regionfullmäktige"),
        ("Direktionen föreslår förbundsfullmäktige att anta budgeten.", "förbundsfullmäktige"),
        ("Nämnden föreslår kommunfullmäktige att anta budgeten.", "kommunfullmäktige"),
    ],
)
def test_recommended_to_whom(text: str, body: str) -> None:
    told = decision(text)
    assert told.recommends_to and told.recommends_to.text == body


@pytest.mark.parametrize(
    "text",
    [
        "Informationen läggs till handlingarna.\nSocialdirektör Anna Ek informerar om:\n- budget\n- lokaler",
        "Informationen läggs till handlingarna. Socialdirektör Anna Ek informerar om budgeten.",
        "att lägga informationen till handlingarna.\nSocialdirektör Anna Ek informerar om budgeten.",
        "Informationen läggs till handlingarna.\n\nSocialdirektör Anna Ek informerar om budgeten.",
    ],
)
def test_who_informs_behind_a_decision_is_kept(text: str) -> None:
    body = f"§ 5\nPlan\n\nBeslut\n{text}\n"
    found = item(body)
    assert [(actor.name, actor.title) for actor in found.officials] == [("Anna Ek", "Socialdirektör")]
    assert [actor.name for actor in found.presenters] == ["Anna Ek"]
    assert found.decision is not None and len(found.decision.points) == 1
    assert found.decision.points[0].text.endswith(" till handlingarna.")
    span = found.decision.span
    assert "Anna Ek" not in (TOP + body)[span.start : span.end]

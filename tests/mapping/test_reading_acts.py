"""What people do in a §: proposals, reservations, statements, votes."""

from typing import Any

import pytest

from tests.mapping.paragraph import item, moved, read


def proposals(body: str) -> list[tuple[str, str, list[str | None], list[str]]]:
    found = item(f"§ 5\nPlan\n\nBeslut\nMotionen avslås.\n\nYrkanden\n{body}")
    return [(p.stance, p.object, [a.name for a in p.by], [q.text for q in p.points]) for p in moved(found)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Anna Ek m.fl. (S) och Bo Alm (M) yrkade bifall till förvaltningens förslag till beslut.", [("approve", "proposal", ["Anna Ek", "Bo Alm"], [])]),
        ("Cia Dal (V) yrkar bifall till motionen.\nBo Alm (M) yrkar avslag på motionen.", [("approve", "motion", ["Cia Dal"], []), ("reject", "motion", ["Bo Alm"], [])]),
        ("Cia Dal (V) yrkar återremiss. Bo Alm (M) yrkar avslag på förslaget.", [("remit", "proposal", ["Cia Dal"], []), ("reject", "proposal", ["Bo Alm"], [])]),
        ("Cia Dal (V): Bifall till motionen.", [("approve", "motion", ["Cia Dal"], [])]),
        ("Cia Dal (V) yrkar bordläggning.", [("table", "proposal", ["Cia Dal"], [])]),
        ("Cia Dal (V) yrkar att motionen ska anses besvarad.", [("answered", "motion", ["Cia Dal"], [])]),
        ("Ordföranden Anna Ek (S) föreslår att nämnden beslutar enligt förvaltningens förslag.", [("approve", "proposal", ["Anna Ek"], [])]),
        ("Bo Alm m.fl. (M) yrkade\n\n1. att nämnden avslår förslaget, samt\n2. att därutöver anföra följande:\n\nKassan är tom.\nMycket.", [("own", "proposal", ["Bo Alm"], ["att nämnden avslår förslaget, samt", "att därutöver anföra följande:"])]),
    ],
)  # fmt: skip
def test_proposals(body: str, expected: list[Any]) -> None:
    assert proposals(body) == expected


def test_a_proposal_keeps_its_motivation_apart_from_its_points() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nFörslaget avslås.\n\nYrkanden\nBo Alm (M) yrkade\n\n1. att avslå,\n"
        "2. att anföra följande:\n\nKassan är tom.\nMycket.\n\nCia Dal (V) yrkade bifall till förslaget.\n"
    )
    assert [p.text.text if p.text else None for p in moved(found)] == ["Kassan är tom. Mycket.", None]


def test_a_reservation_prints_the_proposal_that_was_only_named_among_the_proposals() -> None:
    found = item(
        "§ 5\nRemiss av motion om bad\n\nSocialnämndens beslut\n1. Nämnden hänvisar till tjänsteutlåtandet som svar på remissen.\n\n"
        "Reservation\nLedamoten Cia Dal (V) reserverar sig mot beslutet till förmån\nför det egna förslaget;\n\n"
        "”1. Att tillstyrka motionen.\n2. Att därutöver anföra följande:\n\nBadet saknas.”\n\n"
        "Yrkanden\nOrdföranden Anna Ek (S) yrkar bifall till förvaltningens förslag.\nLedamoten Cia Dal (V) yrkar bifall till eget förslag.\n"
    )
    assert found.decision and found.decision.outcome == "answered"
    assert [(p.stance, p.by[0].name, [q.text for q in p.points]) for p in moved(found)] == [
        ("approve", "Anna Ek", []),
        ("own", "Cia Dal", ["Att tillstyrka motionen.", "Att därutöver anföra följande:"]),
    ]
    text = moved(found)[1].text
    assert text and text.text == "Badet saknas.”"


def test_reservations_statements_and_withdrawals() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nReservationer\nBo Alm m.fl. (M) reserverade sig mot beslutet till förmån för\n"
        "det egna yrkandet.\n\nSärskilt uttalande\nCia Dal (V) lämnade ett särskilt uttalande:\n\nVi vill mer.\nSnart.\n\n"
        "Ersättaryttrande\nGun Hed (KD) ställde sig bakom Centerpartiets yrkande.\n\nJäv\nEva Fors (L) anmäler jäv.\n\n"
        "Deltar ej i beslutet\nAnna Ek (S) deltar inte i beslutet.\n"
    )
    assert [(a.name, a.with_others) for r in found.reservations for a in r.by] == [("Bo Alm", True)]
    assert found.reservations[0].in_favour_of == "det egna yrkandet"
    assert [(s.kind, s.by[0].name, s.text.text if s.text else None, s.endorses) for s in found.statements] == [
        ("special_statement", "Cia Dal", "Vi vill mer. Snart.", None),
        ("substitute_statement", "Gun Hed", None, "Centerpartiets yrkande"),
    ]
    assert [(w.kind, w.by[0].name) for w in found.withdrawals] == [
        ("conflict_of_interest", "Eva Fors"),
        ("abstention", "Anna Ek"),
    ]


def test_who_tells_that_a_party_takes_no_part_takes_part() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nDeltar ej i beslutet\n"
        "Anna Ek (S) meddelar att Socialdemokraterna inte deltar i beslutet.\n"
    )
    assert [(w.kind, w.by[0].name, w.by[0].party) for w in found.withdrawals] == [("abstention", None, "S")]


@pytest.mark.parametrize(
    ("procedure", "yes", "no", "abstain", "meanings", "ballots"),
    [
        ("Ja-röst innebär bifall till bygget och nej-röst bifall till flytten.\nJa röstar: Anna Ek (S) och Bo Alm (M).\nNej röstar: Cia Dal (V).\nAvstår: Gun Hed (KD).\nNämnden beslutar med 2 ja-röster och 1 nej-röst. 1 ledamot avstår.", 2, 1, 1, ("bifall till bygget", "bifall till flytten"), 4),
        ("Fullmäktige godtar: ”Ja för bifall till badet och nej för avslag på badet.” Det blir 31 Ja mot 22 Nej. 3 ledamöter avstår.", 31, 22, 3, ("bifall till badet", "avslag på badet"), 0),
        ("Den som röstar för flytten röstar JA. Den som röstar för bygget röstar NEJ.\n\n                 JA    NEJ\nAnna Ek (S)      x\nBo Alm (M)             x\n\nMed 1 JA-röst mot 1 NEJ-röst beslutas.", 1, 1, None, ("flytten", "bygget"), 2),
        ("Den som vill bifalla planen röstar ja.\nDen som vill avslå planen röstar nej.\n\nAnna Ek (S) Ja\nBo Alm (M) Nej\nCia Dal (V) Avstår\n\nMed 1 ja-röst mot 1 nej-röst och 1 som avstår antas planen.", 1, 1, 1, ("bifalla planen", "avslå planen"), 3),
        ("Det blir fem ja och fem nej. Genom ordförandens utslagsröst byggs inget bad.", 5, 5, None, None, 0),
    ],
)  # fmt: skip
def test_votes(
    procedure: str, yes: int, no: int, abstain: int | None, meanings: tuple[str, str] | None, ballots: int
) -> None:
    found = item(
        f"§ 5\nPlan\n\nBeslut\nFörslaget avslås.\n\nOmröstning\n{procedure}\n\nReservation\nCia Dal (V) reserverar sig.\n"
    )
    (vote,) = found.votes
    assert (vote.yes, vote.no, vote.abstain) == (yes, no, abstain)
    assert ((vote.yes_for.text, vote.no_for.text) if vote.yes_for and vote.no_for else None) == meanings
    assert len(vote.ballots) == ballots
    assert vote.casting_vote == ("utslagsröst" in procedure)


def test_a_party_reserves_itself() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nReservationer\n"
        "Moderaterna (M) reserverar sig mot beslutet till förmån för eget yrkande.\n"
    )
    assert [(a.name, a.party) for r in found.reservations for a in r.by] == [(None, "M")]


def test_numbered_movers_and_the_rejection_of_a_motion_to_send_back() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nYrkanden\n1. Anna Ek (S) yrkar bifall till förslaget.\n"
        "2. Bo Alm (M) yrkar avslag på återremissyrkandet.\n"
    )
    assert [(p.stance, [a.name for a in p.by]) for p in moved(found)] == [
        ("approve", ["Anna Ek"]),
        ("reject", ["Bo Alm"]),
    ]


def test_an_annex_behind_the_last_paragraph_belongs_to_no_reservation() -> None:
    record = read(
        "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nReservation\nBo Alm (M) reserverar sig mot beslutet.\n\n"
        "\x0cBilaga 1\n\nVoteringslista § 5\n\nAnna Ek (S)   Ja\nBo Alm (M)   Nej\n"
    )
    [reservation] = record.items[0].reservations
    assert [a.name for a in reservation.by] == ["Bo Alm"]
    assert dict(record.account.ignored)["annex"] == 4


def test_proposals_under_a_longer_heading_and_what_they_are_about() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nSammanfattning\nFörvaltningen föreslår att nämnden antar planen.\n\n"
        "Yrkanden under sammanträdet\nAnna Ek (S) yrkar återremiss. Bo Alm m.fl. (KD) yrkar bifall till förslaget.\n"
        "Cia Dal (V) instämmer i Bo Alms yrkande.\n"
        "Eva Fors (L) yrkar bifall till förvaltningens förslag med ändringen att punkt 2 utgår.\n"
    )
    assert [(p.by[0].name, p.stance, p.object) for p in moved(found)] == [
        ("Anna Ek", "remit", "proposal"),
        ("Bo Alm", "approve", "proposal"),
        ("Eva Fors", "amend", "proposal"),
    ]
    assert [actor.name for actor in moved(found)[1].by] == ["Bo Alm", "Cia Dal"]


@pytest.mark.parametrize(
    ("printed", "points"),
    [
        ("a) Rapporten läggs till handlingarna.\nb) Chefen får i uppdrag att\nåterkomma.", [("a", "Rapporten läggs till handlingarna."), ("b", "Chefen får i uppdrag att återkomma.")]),
        ("1. Planen antas.\n3. Uppdraget avslutas.", [("1", "Planen antas."), ("3", "Uppdraget avslutas.")]),
        ("1. Planen antas enligt punkt\n3. i bilagan.\n2. Uppdraget avslutas.", [("1", "Planen antas enligt punkt 3. i bilagan."), ("2", "Uppdraget avslutas.")]),
    ],
)  # fmt: skip
def test_lettered_points_and_numbers_left_out(printed: str, points: list[tuple[str, str]]) -> None:
    found = item(f"§ 5\nPlan\n\nKommunstyrelsens beslut\n{printed}\n")
    assert found.decision and [(p.number, p.text) for p in found.decision.points] == points

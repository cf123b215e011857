"""What is denied, was done elsewhere or is only proposed is no act and no decision of the meeting."""

import pytest

from tests.mapping.paragraph import moved, read

HEAD = "§ 5 Taxa\nDnr SN 2024/1\n\n"
DECIDED = "Beslut\nNämnden beslutar att höja taxan.\n\n"


@pytest.mark.parametrize(
    "told",
    [
        "Reservation\nAnna Ek (S) reserverar sig inte.\n",
        "Reservationer\nAnna Ek (S) reserverade sig i arbetsutskottet.\n",
        "Särskilt yttrande\nAnna Ek (S) avstår från att lämna särskilt yttrande.\n",
        "Särskilt yttrande\nAnna Ek (S) instämmer inte i Bo Alms (M) särskilda yttrande.\n",
        "Jäv\nAnna Ek (S) anmälde jäv vid förra sammanträdet men är inte jävig i dag.\n",
    ],
)
def test_what_is_denied_is_no_act(told: str) -> None:
    item = read(HEAD + DECIDED + told).items[0]
    assert (item.reservations, item.statements, item.withdrawals) == ((), (), ())
    assert item.decision and [p.text for p in item.decision.points] == ["Nämnden beslutar att höja taxan."]


@pytest.mark.parametrize(
    "told",
    [
        "Förvaltningen föreslår att nämnden beslutar att godkänna lokalprogrammet.\nOrdföranden drar tillbaka ärendet.\n",
        "Av handlingarna framgår att tekniska nämnden beslutade att avstyrka.\n\nBeslut\nInget beslut fattas i ärendet.\n",
        "Ordföranden öppnar sammanträdet och hälsar alla välkomna.\n",
    ],
)
def test_what_is_proposed_or_withdrawn_is_not_decided(told: str) -> None:
    assert read(HEAD + told + "\n§ 6 Plan\n\nBeslut\nPlanen antas.\n").items[0].decision is None


def test_a_casting_vote_told_in_the_decision() -> None:
    told = "Omröstning\nJa-röster: 2. Nej-röster: 2.\n\nBeslut\nNämnden antar planen med ordförandens utslagsröst.\n"
    (vote,) = read(HEAD + told).items[0].votes
    assert (vote.yes, vote.no, vote.casting_vote) == (2, 2, True)


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ("Tjugosju (27) ledamöter röstar ja, elva (11) röstar nej och två (2) avstår från att rösta.", (27, 11, 2)),
        ("Med trettioen ja-röster mot trettio nej-röster bifalls förslaget.", (31, 30, None)),
        ("Ja-röster: 7. Nej-röster: 4.", (7, 4, None)),
        ("Med 7 ja-röster mot 5 nej-röster och 1 nedlagd röst bifalls förslaget.", (7, 5, 1)),
    ],
)
def test_counts_of_a_vote(told: str, counts: tuple[int, int, int | None]) -> None:
    (vote,) = read(HEAD + DECIDED + "Omröstning\n" + told + "\n").items[0].votes
    assert (vote.yes, vote.no, vote.abstain) == counts


@pytest.mark.parametrize(
    ("clause", "stance"),
    [
        ("att ärendet bordläggs.", "table"),
        ("att motionen avslås.", "reject"),
        ("att motionen anses besvarad.", "answered"),
        ("att taxan höjs med 4 procent i stället för 2.", "own"),
    ],
)
def test_what_is_moved_in_one_clause_of_its_own(clause: str, stance: str) -> None:
    told = f"Yrkanden\nAnna Ek (S) yrkar\n{clause}\n\nBo Alm (M) yrkar bifall till förslaget.\n\n"
    found = [p for p in read(HEAD + told + DECIDED).items[0].proposals if p.by[0].name == "Anna Ek"]
    assert [p.stance for p in found] == [stance]


def test_ballots_beside_each_other() -> None:
    lines = (
        "Anna Ek (S)         Ja       Bo Alm (M)        Nej\nCia Dal (V)         Ja       Eva Fors (C)      Avstår\n"
    )
    told = f"Omröstningsresultat\n{lines}\nMed 2 ja-röster mot 1 nej-röst bifalls förslaget. 1 ledamot avstår.\n"
    (vote,) = read(HEAD + DECIDED + told).items[0].votes
    assert [(b.actor.name, b.value) for b in vote.ballots] == [
        ("Anna Ek", "yes"),
        ("Bo Alm", "no"),
        ("Cia Dal", "yes"),
        ("Eva Fors", "abstained"),
    ]


def test_what_another_body_did_is_not_done_here() -> None:
    told = (
        "Byggnadsnämnden behandlade ärendet 2024-01-15, § 7. Vid omröstning avgavs 6 ja-röster och 5 nej-röster.\n"
        "Mot byggnadsnämndens beslut reserverade sig Anna Ek (S) och Bo Alm (M).\n"
        "Cia Dal (V) yrkade i byggnadsnämnden bifall till planen.\n\n"
        "Regionfullmäktige beslutade att avslå förslaget. Eva Fors (C) reserverade sig.\n\n"
    )
    item = read(HEAD + told + DECIDED).items[0]
    assert (item.votes, item.reservations, moved(item)) == ((), (), [])


def test_acts_that_name_a_paragraph_stand_with_it() -> None:
    other = "§ 6 Plan\nDnr SN 2024/2\n\nBeslut\nNämnden beslutar att anta planen.\n"
    told = "Till förmån för sitt yrkande i § 5 reserverar sig Anna Ek (S).\n\n"
    vote = "Omröstning\nOmröstning begärs om förslaget i § 5. Ja-röst för bifall, nej-röst för avslag. Utfallet är 3 ja-röster och 2 nej-röster.\n"
    taxa, plan = read(HEAD + DECIDED + other + told + vote).items
    assert [r.by[0].name for r in taxa.reservations] == ["Anna Ek"] and plan.reservations == ()
    assert [(v.yes, v.no) for v in taxa.votes] == [(3, 2)] and plan.votes == ()
    assert plan.decision and [p.text for p in plan.decision.points] == ["Nämnden beslutar att anta planen."]


@pytest.mark.parametrize(
    "told",
    [
        "Anna Ek (S) undrar om nämnden beslutar att bygga skolan.\n",
        "Nästa möte väntas nämnden besluta att avslå förslaget.\n",
    ],
)
def test_what_is_asked_or_expected_is_not_decided(told: str) -> None:
    assert read(HEAD + told + "\n§ 6 Plan\n\nBeslut\nPlanen antas.\n").items[0].decision is None


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ("Ärendet utgår. Förslaget var att nämnden beslutar att sälja huset.", "withdrawn"),
        ("Nämnden beslutar att upphäva sitt beslut 2023-11-14 § 210 att avslå ansökan.", "approved"),
        ("Nämnden beslutar att medborgarförslaget är besvarat.", "answered"),
        ("Nämnden beslutar att ta del av meddelandena.", "noted"),
    ],
)
def test_outcomes_by_the_operative_verb(told: str, outcome: str) -> None:
    decision = read(HEAD + told + "\n\n§ 6 Plan\n\nBeslut\nPlanen antas.\n").items[0].decision
    assert decision and decision.outcome == outcome


def test_a_line_of_its_own_before_a_decision_is_no_part_of_it() -> None:
    told = "Sökande: Anna Ek, Storgatan 4, 999 99 Almvik\nNämnden beviljar bygglov för ett garage.\n"
    decision = read(HEAD + told + "\n§ 6 Plan\n\nBeslut\nPlanen antas.\n").items[0].decision
    assert decision and [p.text for p in decision.points] == ["Nämnden beviljar bygglov för ett garage."]


def test_those_of_the_public_who_write_are_not_named() -> None:
    told = "§ 5 Skrivelse från boende\n\nSkrivelse har inkommit från Greta Blom och Arne Blom om buller.\n\n"
    item = read(told + "Beslut\nSkrivelsen läggs till handlingarna.\n").items[0]
    assert [m.authors for m in item.matters] == [()]

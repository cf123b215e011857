"""What is denied, was done elsewhere or is only proposed is no act and no decision of the meeting."""

import pytest

from tests.mapping.paragraph import read

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

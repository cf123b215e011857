"""Acts stand with the § and the body they were made in, and a decision ends where what people do about it begins."""

import pytest

from tests.mapping.paragraph import item, moved, read


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Olle Strand (M) reserverar sig mot beslutet.", "reservations"),
        ("Mot beslutet reserverar sig Olle Strand (M).", "reservations"),
        ("Olle Strand (M) deltar inte i beslutet.", "withdrawals"),
        ("Olle Strand (M) lämnar ett särskilt yttrande.", "statements"),
        ("Olle Strand (M) får till protokollet antecknat att bänken är grön.", "statements"),
    ],
)
def test_an_act_behind_a_decision_without_a_blank_line_is_no_part_of_it(line: str, kind: str) -> None:
    found = item(f"§ 1 Bänkar\nBeslut\nBänkar köps.\n{line}\n")
    assert found.decision and [point.text for point in found.decision.points] == ["Bänkar köps."]
    (act,) = getattr(found, kind)
    assert [(actor.name, actor.party) for actor in act.by] == [("Olle Strand", "M")]


@pytest.mark.parametrize(
    "before",
    [
        "Arbetsutskottets beslut 2024-05-07 § 33\nÄrendet avslås.\nReservation\nOlle Strand (M) reserverade sig.\n",
        "Arbetsutskottets beslut\nÄrendet avslås.\nReservation\nOlle Strand (M) reserverade sig.\n",
        "Reservation\nOlle Strand (M) reserverade sig mot arbetsutskottets beslut.\n",
    ],
)
def test_what_another_body_decided_and_who_reserved_there_is_not_the_meetings(before: str) -> None:
    found = item(f"§ 1 Bänkar\n{before}\nNämndens beslut\nBänkar köps.\n")
    assert found.decision and [point.text for point in found.decision.points] == ["Bänkar köps."]
    assert found.reservations == ()


@pytest.mark.parametrize(
    ("phrase", "stances"),
    [
        ("yrkar avslag på förslaget om bordläggning", ["reject"]),
        ("yrkar bifall till förslaget och avslag på återremissyrkandet", ["approve", "reject"]),
        ("yrkar bifall till yrkandet om återremiss", ["remit"]),
        ("yrkar att ärendet avgörs idag samt bifall till förslaget", ["decide_today", "approve"]),
        ("yrkar i första hand återremiss, i andra hand avslag på förslaget", ["remit", "reject"]),
        ("yrkar inte något", []),
    ],
)
def test_both_halves_of_what_is_moved_and_neither_turned_round(phrase: str, stances: list[str]) -> None:
    found = item(f"§ 1 Bänkar\nYrkanden\nEva Ros (C) {phrase}.\n\nBeslut\nBänkar köps.\n")
    assert [proposal.stance for proposal in moved(found)] == stances


@pytest.mark.parametrize("own_first", [True, False])
def test_what_a_body_decides_itself_stands_beside_what_it_recommends(own_first: bool) -> None:
    own = "Nämnden beslutar för egen del\n1. att köpa bänkar.\n\n"
    proposed = "Nämnden föreslår kommunfullmäktige besluta\n1. att anslå en miljon.\n\n"
    found = item("§ 1 Bänkar\n" + (own + proposed if own_first else proposed + own))
    assert found.decision and {point.text for point in found.decision.points} == {
        "att köpa bänkar.",
        "att anslå en miljon.",
    }
    assert found.decision.recommends_to and found.decision.recommends_to.text == "kommunfullmäktige"


def test_the_roll_knows_the_party_of_one_whom_a_list_gives_another() -> None:
    found = item(
        "Beslutande:\nOlle Strand (M)\nEva Ros (C)\nKim Sten (V)\n\n§ 1 Bänkar\nBeslut\nBänkar köps.\n\n"
        "Reservation\nOlle Strand (M), Eva Ros och Kim Sten (V) reserverar sig.\n"
    )
    (reservation,) = found.reservations
    assert [actor.party for actor in reservation.by] == ["M", "C", "V"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Olle Strand (M) reserverar sig mot beslutet i § 1.", "reservations"),
        ("Reservation mot § 1\nOlle Strand (M) reserverar sig.", "reservations"),
        ("Olle Strand (M) deltog inte i beslutet i § 1.", "withdrawals"),
        ("Vid omröstning i § 1 avgavs 3 ja-röster och 2 nej-röster.", "votes"),
        ("Protokollsanteckning\nOlle Strand (M) lämnar en protokollsanteckning till § 1.", "statements"),
    ],
)
def test_an_act_that_names_another_section_stands_with_that_one(line: str, kind: str) -> None:
    first, second = read(f"§ 1 Bänkar\nBeslut\nBänkar köps.\n\n§ 2 Bord\nBeslut\nBord köps.\n\n{line}\n").items
    assert len(getattr(first, kind)) == 1 and getattr(second, kind) == ()


def test_an_act_may_concern_several_sections_and_one_that_is_not_there() -> None:
    told = "Olle Strand (M) reserverar sig mot besluten i §§ 1-2.\nEva Ros (C) reserverar sig mot beslutet i § 9.\n"
    body = f"§ 1 Bänkar\nBeslut\nBänkar köps.\n\n§ 2 Bord\nBeslut\nBord köps.\n\nReservation\n{told}"
    for found in read(body).items:
        assert [actor.name for made in found.reservations for actor in made.by] == ["Olle Strand"]


def test_another_bodys_section_moves_no_act() -> None:
    told = "Olle Strand (M) reserverar sig mot beslutet till förmån för arbetsutskottets beslut § 1."
    first, second = read(f"§ 1 Bänkar\nBeslut\nJa.\n\n§ 2 Bord\nBeslut\nBord köps.\n\nReservation\n{told}\n").items
    assert first.reservations == () and len(second.reservations) == 1


@pytest.mark.parametrize(
    "heading",
    ["Nämnden beslutade 2024-01-11", "Socialnämndens beslut 2024-01-11", "Styrelsen beslutar", "Styrelsens beslut"],
)
def test_what_was_decided_earlier_or_elsewhere_leaves_the_decision_above_it(heading: str) -> None:
    found = item(f"§ 1 Bänkar\nBeslut\nAnsökan avslås.\n\nÄrendet\n{heading}\n1. Att bygga.\n2. Att riva.\n")
    assert found.decision and [point.text for point in found.decision.points] == ["Ansökan avslås."]


def test_two_who_act_in_one_sentence_each_in_a_section() -> None:
    told = "Olle Strand (M) deltog inte i beslutet i § 1 och Eva Ros (C) deltog inte i detta beslut."
    first, second = read(f"§ 1 Bänkar\nBeslut\nJa.\n\n§ 2 Bord\nBeslut\nBord köps.\n\nDeltar ej\n{told}\n").items
    assert [actor.name for made in first.withdrawals for actor in made.by] == ["Olle Strand"]
    assert [actor.name for made in second.withdrawals for actor in made.by] == ["Eva Ros"]


def test_two_who_reserve_themselves_one_in_writing() -> None:
    told = "Mot beslutet reserverar sig Olle Strand (M) skriftligt samt Eva Ros (C)."
    found = item(f"§ 1 Bänkar\nBeslut\nBänkar köps.\n\nReservation\n{told}\n")
    assert [actor.name for made in found.reservations for actor in made.by] == ["Olle Strand", "Eva Ros"]

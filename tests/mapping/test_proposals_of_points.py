"""Proposals about some points of another: never told as being about the whole of it; and the numbers they name."""

import pytest

from mapping.named_points import named_points, part_of
from tests.mapping.paragraph import said

PROPOSED = (
    "Anna Ek m.fl. (M) föreslår att nämnden beslutar följande:\n\n1. Att delvis godkänna förslaget.\n"
    "2. Att avsätta medel.\n3. Att återkomma med ett ärende.\n\n"
)


def links(moved: str, decided: str = "") -> set[str]:
    """What of supporting and rejecting is said of the proposals of a §."""
    body = f"§ 5\nBudget\n\nBeslut\nBudgeten godkänns.\n\nYrkanden\n{PROPOSED}{moved}\n{decided}"
    wanted = ("kg:supports ", "kg:supportsPoint ", "kg:rejects ", "kg:rejectsPoint ", "kg:requestedOutcome ")
    return {line for line in said(body) if any(kind in line for kind in wanted)}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Moderaternas förslag till beslut avseende beslutspunkt 3", ("3",)),
        ("bifall till punkterna 1–3 och 5 a samt 7", ("1", "2", "3", "5 a", "7")),
        ("avslag på punkt 2.", ("2",)),
        ("andra att-satsen", ("2",)),
        ("beslutspunkt 3, 4. Att uppdra åt förvaltningen", ("3",)),
        ("bifall till förslaget utom punkt 3", ()),
        ("delvis bifall till förslaget", ()),
        ("bifall till förslaget", None),
        ("bifall till förslag 2024/12 i dess helhet", None),
        ("bifall till förslaget att medge undantag från planen", None),
    ],
)
def test_the_points_that_a_text_is_about(text: str, part: tuple[str, ...] | None) -> None:
    assert part_of(text) == part
    assert named_points(text) == (part or named_points(text))


def test_who_joins_a_party_as_regards_one_point_supports_that_point() -> None:
    told = links(
        "Bo Alm (L) ansluter sig till Moderaternas förslag till beslut avseende beslutspunkt 3,\n"
        "3. Att återkomma med ett ärende,\nsamt föreslår att nämnden beslutar följande:\n\n"
        "1. Att avslå förvaltningens förslag.\n2. Att uppdra åt förvaltningen att återkomma.\n"
    )
    assert told == {"proposal/3 kg:supportsPoint proposal/2/3"}  # proposal/1: the administration's


def test_who_joins_the_whole_supports_the_whole() -> None:
    told = links("Bo Alm (L) ansluter sig till Moderaternas förslag till beslut.\n")
    assert told == {"proposal/2 kg:supports proposal/1"}


def test_a_point_that_the_proposal_does_not_have_is_left_open() -> None:
    assert links("Bo Alm (L) ansluter sig till Moderaternas förslag till beslut avseende beslutspunkt 9.\n") == set()


def test_who_agrees_with_one_point_has_not_moved_the_whole() -> None:
    body = f"§ 5\nBudget\n\nBeslut\nBudgeten godkänns.\n\nYrkanden\n{PROPOSED}"
    told = said(f"{body}Bo Alm (L) instämmer i Anna Eks yrkande i punkt 2.\n")
    assert "proposal/2 kg:supportsPoint proposal/1/2" in told
    assert not any(line.startswith("proposal/1 kg:proposedBy") and "bo-alm" in line for line in told)


def test_the_rejection_of_a_point_of_the_administration_rejects_that_point() -> None:
    told = said(
        "§ 5\nBudget\n\nBeslut\nBudgeten godkänns.\n\nFörvaltningens förslag till beslut\n1. Budgeten godkänns.\n"
        "2. Avgiften höjs.\n\nYrkanden\nBo Alm (L) yrkar avslag på punkt 2.\n"
        "Cia Dal (V) yrkar bifall till förvaltningens förslag utom punkt 2.\n"
    )
    assert {line for line in told if "reject" in line or "support" in line or "requested" in line} == {
        "proposal/2 kg:rejectsPoint proposal/1/2"
    }
    assert 'proposal/3 kg:text "bifall till förvaltningens förslag utom punkt 2"@sv' in told


def test_a_reservation_in_favour_of_one_point_is_not_in_favour_of_the_whole() -> None:
    told = said(
        f"§ 5\nBudget\n\nBeslut\nBudgeten godkänns.\n\nYrkanden\n{PROPOSED}\n"
        "Reservation\nCia Dal (V) reserverar sig till förmån för Anna Eks förslag i punkt 2.\n\n"
        "Bo Alm (L) reserverar sig till förmån för Anna Eks förslag.\n"
    )
    assert {line for line in told if "inFavourOf" in line} == {"reservation/2 kg:inFavourOf proposal/1"}

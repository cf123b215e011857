"""Votes told in a §: several in one §, their counts, and who voted how, by names, surnames or side by side."""

import pytest

from mapping.records import Vote
from tests.mapping.paragraph import item, read

COVER = "Beslutande\nAnna Ek (S)\nBo Alm (M)\nCia Dal (V)\nDan Berg (S)\nEva Berg (M)\nGun af Hed (KD)\n\n"

Ballots = list[tuple[str, str]]


def votes(told: str, cover: str = COVER) -> tuple[Vote, ...]:
    return item(
        f"{cover}§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nOmröstning\n{told}\n\n§ 6\nVal\n\nBeslut\nX väljs.\n"
    ).votes


def ballots(told: str, cover: str = COVER) -> list[Ballots]:
    return [[(b.actor.name or "", b.value) for b in vote.ballots] for vote in votes(told, cover)]


YES, NO, NOT_VOTING = "yes", "no", "abstained"
TODAY = "Ja-röst för bifall, nej-röst för avslag."
PLAN = "Ja-röst för planen, nej-röst för torget."
TODAY_NAMES = "Ja: Anna Ek (S), Bo Alm (M)\nNej: Cia Dal (V)."
PLAN_NAMES = "Ja: Cia Dal (V)\nNej: Anna Ek (S), Bo Alm (M)."
ALIKE_NAMES = "Ja: Anna Ek (S), Cia Dal (V)\nNej: Bo Alm (M)."
TODAY_COUNT = "Med 2 ja-röster mot 1 nej-röst avgörs ärendet i dag."
PLAN_COUNT = "Med 1 ja-röst mot 2 nej-röster avslås planen."
ALIKE_COUNT = "Med 2 ja-röster mot 1 nej-röst antas planen."
TODAY_BALLOTS = [("Anna Ek", YES), ("Bo Alm", YES), ("Cia Dal", NO)]
PLAN_BALLOTS = [("Cia Dal", YES), ("Anna Ek", NO), ("Bo Alm", NO)]
ALIKE_BALLOTS = [("Anna Ek", YES), ("Cia Dal", YES), ("Bo Alm", NO)]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((TODAY, TODAY_NAMES, TODAY_COUNT, PLAN, PLAN_NAMES, PLAN_COUNT), [TODAY_BALLOTS, PLAN_BALLOTS]),
        ((TODAY, TODAY_COUNT, TODAY_NAMES, PLAN, PLAN_COUNT, PLAN_NAMES), [TODAY_BALLOTS, PLAN_BALLOTS]),
        ((TODAY, TODAY_NAMES, TODAY_COUNT, PLAN, ALIKE_NAMES, ALIKE_COUNT), [TODAY_BALLOTS, ALIKE_BALLOTS]),
        ((TODAY, TODAY_COUNT, TODAY_NAMES, PLAN, ALIKE_COUNT, ALIKE_NAMES), [TODAY_BALLOTS, ALIKE_BALLOTS]),
        ((TODAY, TODAY_COUNT, PLAN, PLAN_NAMES, PLAN_COUNT), [[], PLAN_BALLOTS]),
        ((TODAY, TODAY_NAMES, TODAY_COUNT, PLAN, PLAN_COUNT), [TODAY_BALLOTS, []]),
        ((TODAY, TODAY_COUNT, TODAY_NAMES, PLAN, PLAN_COUNT), [TODAY_BALLOTS, []]),
    ],
)
def test_of_several_votes_each_has_its_own_ballots(told: tuple[str, ...], expected: list[Ballots]) -> None:
    assert ballots("\n\n".join(told)) == expected


def test_each_of_several_votes_has_its_own_counts_and_meanings() -> None:
    first, second = votes("\n\n".join((TODAY, TODAY_COUNT, "1 ledamot avstår.", PLAN, PLAN_COUNT)))
    assert [(v.yes, v.no, v.abstain) for v in (first, second)] == [(2, 1, 1), (1, 2, None)]
    meanings = [(v.yes_for.text, v.no_for.text) for v in (first, second) if v.yes_for and v.no_for]
    assert meanings == [("bifall", "avslag"), ("planen", "torget")]


def test_two_tables_of_one_paragraph_are_two_votes() -> None:
    told = (
        "Den som vill avgöra ärendet i dag röstar ja. Den som vill återremittera röstar nej.\n\n"
        "                 JA    NEJ\nAnna Ek (S)      x\nBo Alm (M)             x\n\n"
        "Med 1 ja-röst mot 1 nej-röst avgörs ärendet i dag.\n\n"
        "Den som vill anta planen röstar ja. Den som vill avslå planen röstar nej.\n\n"
        "                 JA    NEJ\nAnna Ek (S)            x\nBo Alm (M)       x\n\n"
        "Med 1 ja-röst mot 1 nej-röst antas planen."
    )
    assert ballots(told) == [[("Anna Ek", YES), ("Bo Alm", NO)], [("Anna Ek", NO), ("Bo Alm", YES)]]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Ja: Ek och Alm. Nej: Dal.", [("Anna Ek", YES), ("Bo Alm", YES), ("Cia Dal", NO)]),
        ("Ja: Ek, D. Berg. Nej: E. Berg och Dal.", [("Anna Ek", YES), ("Dan Berg", YES), ("Eva Berg", NO), ("Cia Dal", NO)]),
        ("Ja: Ek samt Alm; Nej: Dal.", [("Anna Ek", YES), ("Bo Alm", YES), ("Cia Dal", NO)]),
        ("Ja: af Hed. Nej: Dal.", [("Cia Dal", NO)]),
        # two have it, nobody has it: the list tells nobody
        ("Ja: Ek, Berg. Nej: Dal.", [("Cia Dal", NO)]),
        ("Ja: Ek, Ström. Nej: Dal.", [("Cia Dal", NO)]),
        ("Ja: Ek, S. Alm. Nej: Dal.", [("Cia Dal", NO)]),
    ],
)  # fmt: skip
def test_surnames_mean_those_who_are_there(told: str, expected: Ballots) -> None:
    assert ballots(f"{told}\n\n{TODAY_COUNT}") == [expected]


def test_surnames_tell_nobody_where_it_is_not_known_who_was_there() -> None:
    assert ballots(f"Ja: Ek och Alm. Nej: Dal.\n\n{TODAY_COUNT}", "") == [[]]


def test_a_ballot_by_surname_stands_where_the_surname_stands() -> None:
    record = read(f"{COVER}§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nOmröstning\nJa: Ek. Nej: Dal.\n\n{TODAY_COUNT}\n")
    found = record.items[0]
    for ballot in found.votes[0].ballots:
        assert found.span.start < ballot.actor.span.start and ballot.actor.span.end < found.span.end


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("Anna Ek (S)      Bo Alm (M)       Dan Berg (S)\nCia Dal (V)", [("Anna Ek", YES), ("Bo Alm", NO), ("Dan Berg", NOT_VOTING), ("Cia Dal", YES)]),
        ("Anna Ek (S)      Bo Alm (M)\n                 Cia Dal (V)      Dan Berg (S)", [("Anna Ek", YES), ("Bo Alm", NO), ("Cia Dal", NO), ("Dan Berg", NOT_VOTING)]),
        ("Anna Ek (S)      Bo Alm (M)       och andra\nCia Dal (V)", [("Cia Dal", YES)]),
    ],
)  # fmt: skip
def test_names_side_by_side(rows: str, expected: Ballots) -> None:
    assert ballots(f"JA               NEJ              AVSTÅR\n{rows}\n\n{TODAY_COUNT}") == [expected]


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ("Med 31 röster mot 22 beslutas att anta planen.", (31, 22, None, None)),
        ("Det blir fem ja och tre nej. En ledamot avstår.", (5, 3, 1, None)),
        ("Med 5 ja-röster mot 3 nej-röster, 2 avstår och 1 frånvarande antas planen.", (5, 3, 2, 1)),
        ("Tre ledamöter röstar ja och två röstar nej.", (3, 2, None, None)),
    ],
)
def test_counts(told: str, counts: tuple[int, int, int | None, int | None]) -> None:
    (vote,) = votes(told)
    assert (vote.yes, vote.no, vote.abstain, vote.absent) == counts


def test_who_abstains_in_a_sentence() -> None:
    assert ballots(f"{TODAY_COUNT} Cia Dal (V) avstår från att rösta.") == [[("Cia Dal", NOT_VOTING)]]


@pytest.mark.parametrize(
    "told", ["Omröstning begärs inte.", "Planen för 2024 ja.", "Nämnden har 13 ledamöter mot 11."]
)
def test_what_is_no_vote(told: str) -> None:
    assert votes(told) == ()


def test_a_vote_belongs_to_the_paragraph_that_tells_it() -> None:
    record = read(
        f"{COVER}§ 5\nPlan\n\nBeslut\nPlanen antas.\n\n§ 6\nBad\n\nBeslut\nBadet byggs.\n\nOmröstning\n{TODAY_COUNT}\n"
        "\n§ 7\nVal\n\nBeslut\nX väljs.\n"
    )
    assert [len(found.votes) for found in record.items] == [0, 1, 0]

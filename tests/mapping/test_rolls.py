"""Tables of the members with marks: who was there, how each voted, and which § an annexed list belongs to."""

import pytest

from tests.mapping.paragraph import read

ITEMS = "\n" + "".join(f"§ {n}\nPlan {n}\n\nBeslut\nPlanen antas.\n\n" for n in (1, 2, 3))

Present = list[tuple[str, str | None, str, tuple[int, ...] | None, str | None]]


def present(cover: str) -> Present:
    meeting = read(cover + ITEMS).meeting
    assert meeting
    return [
        (
            a.actor.name or "",
            a.actor.party,
            a.role,
            a.paragraphs,
            a.substitutes_for.name if a.substitutes_for else None,
        )
        for a in meeting.attendance
    ]


def member(
    name: str,
    party: str,
    role: str = "member",
    paragraphs: tuple[int, ...] | None = None,
    instead: str | None = None,
) -> tuple[str, str | None, str, tuple[int, ...] | None, str | None]:
    return name, party, role, paragraphs, instead


ANNA, BO = member("Anna Ek", "S"), member("Bo Alm", "M")

MARKED = """
Ledamot           Parti   Närv
Anna Ek           S       X
Bo Alm            M       -
Cia Dal           V       X
"""
BY_PARTY = """
Ledamot              Närv   Tjg
Socialdemokraterna (S)
Anna Ek, ordf        X
Eva Fors             X
Ersättare
Hans Ivarsson        X      X
Jan Karlberg         X
Moderaterna (M)
Bo Alm               X
"""
SIDE_BY_TABS = """
Ledamot\tParti\tNärv\tErsättare\tParti\tNärv
Anna Ek\tS\tX\tKim Ro\tS\tX
Bo Alm\tM\tX\tOda Rask\tM\tX
"""
LETTERS = """
Namn              Parti   X/T/N
Anna Ek           S       X
Bo Alm            M       -
Cia Dal           V       T
Dan Berg          C       N
"""
YES_AND_NO = """
Ledamot           Parti   Närvarande
Anna Ek           S       Ja
Cia Dal           V       Nej
Bo Alm            M       Ja
"""
NOT_THERE = """
Ledamot           Parti   Närv
Ledamöter
Anna Ek           S       X
Eva Fors          L       N
Bo Alm            M       X
Ersättare
Cia Dal           V       T
Dan Berg          C       N
"""
NOT_SERVING = """
Ledamot           Parti   Tjg   Ej tjg
Anna Ek           S       X
Dan Berg          C             X
Bo Alm            M       X
"""
UNMARKED_SUBSTITUTES = """
Ledamot           Parti   Närvarande
Anna Ek           S       X
Bo Alm            M       X
Ej tjänstgörande ersättare
Cia Dal           V
Dan Berg          C
"""
AWAY = """
Förhindrad ledamot          Tjänstgörande ersättare
Cia Dal (V)                 Dan Berg (V)
Eva Fors (L)                Gun Hed (L)  §§ 1-2
"""
ONLY_NAMES = """
NÄRVAROLISTA

Namn              Parti
Anna Ek           S
Bo Alm            M
Cia Dal           V   tjg ers för Eva Fors
"""
IN_PART = """
Ledamot                Parti   Närv
Anna Ek, ordförande    S       X
Bo Alm                 M       X     t.o.m. § 1
Cia Dal                V       X     ej § 2
Dan Berg               C       X     fr.o.m. § 2
"""
OVER_PAGES = """
Ledamot           Parti   Närv
                          X/-
Anna Ek           S       X
Bo Alm            M       X
Sida 2 (3)

Ledamot           Parti   Närv
                          X/-
Cia Dal           V       X
"""
BEHIND_TEXT = """
Ledamot           Parti   Närv
Anna Ek           S       X
Bo Alm            M       X

Mötet hölls i salen.
Alla var glada.
Kaffe dracks.
Cia Dal           V       X
"""
SUBSTITUTE_BESIDE = """
Ledamot           Ersättare             Närv
Anna Ek (S)                             X
Bo Alm (M)        Dan Berg (M)
Cia Dal (V)       Eva Fors (V)          X     t.o.m. § 1
"""
ALSO_VOTES = """
                                 § 2
Ledamot           Parti   Närv   Ja   Nej
Anna Ek           S       X      X
Bo Alm            M       X           X
Cia Dal           V       -
Vakant            L
Summa                     2      1    1
"""

PARTY_FIRST = """
Parti   Ledamot           Närv
S       1. Anna Ek        X
M       2. Bo Alm         X
V       3. Cia Dal        X
"""
NAMES_OF_PARTIES = """
Ledamot              Närv
Socialdemokraterna
Anna Ek              X
Moderaterna
Bo Alm               X
"""


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        pytest.param(MARKED, [ANNA, member("Cia Dal", "V")], id="marks"),
        pytest.param(
            BY_PARTY,
            [
                member("Anna Ek", "S", "chair"),
                member("Eva Fors", "S"),
                member("Hans Ivarsson", "S", "serving-substitute"),
                member("Jan Karlberg", "S", "substitute"),
                BO,
            ],
            id="a party's name over its members ends the substitutes of the party before",
        ),
        pytest.param(
            LETTERS,
            [ANNA, member("Cia Dal", "V", "serving-substitute"), member("Dan Berg", "C", "substitute")],
            id="X, T and N",
        ),
        pytest.param(YES_AND_NO, [ANNA, BO], id="yes and no tell of presence"),
        *(
            pytest.param(
                NOT_THERE.replace("Närv", head),
                [ANNA, BO, member("Cia Dal", "V", "serving-substitute"), member("Dan Berg", "C", "substitute")],
                id=f"N below {head} behind a member is absence, behind a substitute presence",
            )
            for head in ("Närv", "X/T/N")
        ),
        pytest.param(NOT_SERVING, [ANNA, member("Dan Berg", "C", "substitute"), BO], id="not serving"),
        pytest.param(
            UNMARKED_SUBSTITUTES,
            [ANNA, BO, member("Cia Dal", "V", "substitute"), member("Dan Berg", "C", "substitute")],
            id="present substitutes need no mark",
        ),
        pytest.param(
            AWAY,
            [
                member("Dan Berg", "V", "serving-substitute", None, "Cia Dal"),
                member("Gun Hed", "L", "serving-substitute", (1, 2), "Eva Fors"),
            ],
            id="who was away was not there",
        ),
        pytest.param(
            ONLY_NAMES,
            [ANNA, BO, member("Cia Dal", "V", "serving-substitute", None, "Eva Fors")],
            id="a list of those present has no marks",
        ),
        pytest.param(
            ONLY_NAMES.replace("NÄRVAROLISTA", "Förtroendevalda"), [], id="another list of names tells of no presence"
        ),
        pytest.param(
            IN_PART,
            [
                member("Anna Ek", "S", "chair"),
                member("Bo Alm", "M", "member", (1,)),
                member("Cia Dal", "V", "member", (1, 3)),
                member("Dan Berg", "C", "member", (2, 3)),
            ],
            id="a part of the meeting",
        ),
        pytest.param(OVER_PAGES, [ANNA, BO, member("Cia Dal", "V")], id="the head comes again on the next page"),
        pytest.param(BEHIND_TEXT, [ANNA, BO], id="text ends a table"),
        pytest.param(
            SUBSTITUTE_BESIDE,
            [
                ANNA,
                member("Dan Berg", "M", "serving-substitute", None, "Bo Alm"),
                member("Cia Dal", "V", "member", (1,)),
                member("Eva Fors", "V", "serving-substitute", (2, 3), "Cia Dal"),
            ],
            id="the substitute beside",
        ),
        pytest.param(
            SIDE_BY_TABS,
            [ANNA, member("Kim Ro", "S", "substitute"), BO, member("Oda Rask", "M", "substitute")],
            id="members and substitutes side by side, columns by tabs",
        ),
        pytest.param(ALSO_VOTES, [ANNA, BO], id="columns of a vote are none of presence"),
        pytest.param(PARTY_FIRST, [ANNA, BO, member("Cia Dal", "V")], id="the party first, numbers before the names"),
        pytest.param(NAMES_OF_PARTIES, [ANNA, BO], id="parties by their names alone"),
        pytest.param(MARKED.replace("Närv", "Närv   Anteckning"), [], id="a column that nobody knows"),
        pytest.param(MARKED.replace("M       -", "M       F"), [ANNA, member("Cia Dal", "V")], id="F is away"),
        pytest.param(
            MARKED + "\nEva Fors har anmält förhinder till mötet i dag.\n",
            [ANNA, member("Cia Dal", "V")],
            id="a sentence is no entry",
        ),
        pytest.param(MARKED.replace("Närv", "Ja   Nej"), [], id="a list of votes tells of no presence"),
    ],
)
def test_who_was_there(cover: str, expected: Present) -> None:
    assert present(cover) == expected


def test_a_roll_of_one_row_is_none() -> None:
    assert present("\nLedamot           Parti   Närv\nAnna Ek           S       X\n") == []


# -- votes

TOLD = "Med 1 ja-röst mot 1 nej-röst antas planen."
OTHER = "Med 2 ja-röster mot 1 nej-röst antas planen."
LIST = """
Ledamot           Parti   Ja   Nej   Avst
Anna Ek           S       X
Bo Alm            M            X
Cia Dal           V                  X
"""
BALLOTS = [("Anna Ek", "S", "yes"), ("Bo Alm", "M", "no"), ("Cia Dal", "V", "abstained")]


def paragraph(number: int | str, vote: str = "", title: str = "Plan") -> str:
    told = f"Omröstning\n{vote}\n\n" if vote else ""
    return f"§ {number}\n{title} {number}\n\nBeslut\nPlanen antas.\n\n{told}"


def ballots(body: str) -> dict[str, list[list[tuple[str, str, str]]]]:
    """The ballots of each vote, by § (a number that comes again with a prime)."""
    found: dict[str, list[list[tuple[str, str, str]]]] = {}
    for item in read(body).items:
        number = f"{item.number}'" if item.number in found else item.number or ""
        found[number] = [
            [(b.actor.name or "", b.actor.party or "", b.value) for b in vote.ballots] for vote in item.votes
        ]
    return {number: votes for number, votes in found.items() if votes}


SAID = LIST.replace("X\nBo", "Ja\nBo").replace("X\nCia", "Nej\nCia").replace("  X\n", "Avst\n")
WITH_SUBSTITUTE = """
Ledamot           Parti  Tjänstgörande ersättare   Ja   Nej   Frånv
Anna Ek           S                                X
Bo Alm            M      Dan Berg                       X
Cia Dal           V                                           X
"""
SUBSTITUTE_OF_ANOTHER_PARTY = WITH_SUBSTITUTE.replace("Dan Berg    ", "Dan Berg (C)")
SUBSTITUTE_AWAY = WITH_SUBSTITUTE.replace("V              ", "V      Eva Fors")
DASHED = """
Ledamot           Parti   Ja   Nej   Avst
Anna Ek           S       -    -     -
Bo Alm            M       -    X     -
Cia Dal           V       -    -     X
"""
TWO = """
                          § 1         § 2
Ledamot           Parti   Ja   Nej    Ja   Nej
Anna Ek           S       X                X
Bo Alm            M            X      X
"""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(LIST, BALLOTS, id="marks"),
        pytest.param(SAID, BALLOTS, id="words"),
        pytest.param(LIST.replace("Ja   Nej   Avst", "J    N     Av  "), BALLOTS, id="letters"),
        pytest.param(
            WITH_SUBSTITUTE,
            [("Anna Ek", "S", "yes"), ("Dan Berg", "M", "no"), ("Cia Dal", "V", "absent")],
            id="the substitute votes, the member is absent",
        ),
        pytest.param(
            SUBSTITUTE_OF_ANOTHER_PARTY,
            [("Anna Ek", "S", "yes"), ("Dan Berg", "C", "no"), ("Cia Dal", "V", "absent")],
            id="the substitute is of another party",
        ),
        pytest.param(
            SUBSTITUTE_AWAY,
            [("Anna Ek", "S", "yes"), ("Dan Berg", "M", "no"), ("Cia Dal", "V", "absent")],
            id="absent is the member, whoever was called",
        ),
        pytest.param(DASHED, BALLOTS[1:], id="a dash is no ballot"),
    ],
)
def test_ballots_of_a_list(table: str, expected: list[tuple[str, str, str]]) -> None:
    body = paragraph(1) + paragraph(2, TOLD) + paragraph(3) + "Omröstningslista § 2\n"
    assert ballots(body + table) == {"2": [expected]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(paragraph(1) + paragraph(2, TOLD + "\n" + LIST) + paragraph(3), {"2": [BALLOTS]}, id="in the §"),
        pytest.param(
            paragraph(1) + paragraph(2, TOLD) + paragraph(3) + "Omröstningslista § 2\n" + LIST,
            {"2": [BALLOTS]},
            id="its title prints the §",
        ),
        pytest.param(
            paragraph(1, TOLD) + paragraph(2, TOLD + "\n" + LIST) + paragraph(3),
            {"1": [[]], "2": [BALLOTS]},
            id="in one of two § with the same counts",
        ),
        pytest.param(
            paragraph(1, TOLD) + paragraph(2, LIST) + paragraph(3),
            {"1": [[]], "2": [BALLOTS]},
            id="in a § that tells no vote, whatever another tells",
        ),
        pytest.param(
            paragraph(1, TOLD) + paragraph(2) + paragraph(3, OTHER + "\n" + LIST),
            {"1": [[]], "3": [BALLOTS]},
            id="in the last § that tells a vote, whatever another tells",
        ),
        pytest.param(
            paragraph(1, TOLD) + paragraph(2, TOLD) + paragraph(3, LIST),
            {"1": [[]], "2": [[]], "3": [BALLOTS]},
            id="in the last §, and two others tell such a vote",
        ),
        pytest.param(
            paragraph(1, TOLD) + paragraph(2, TOLD) + paragraph(3) + "Omröstningslista\n" + "Rum\n" * 4 + LIST,
            {"1": [[]], "2": [[]]},
            id="a title some lines above",
        ),
        pytest.param(
            paragraph(1, TOLD)
            + paragraph(2, TOLD)
            + paragraph(3)
            + "Omröstningslista\nSvar på motion, § 2\nRum 2\nRum 3\nRum 4\n"
            + LIST,
            {"1": [[]], "2": [BALLOTS]},
            id="the § some lines above, behind the title",
        ),
        pytest.param(
            paragraph(1, TOLD)
            + paragraph(2, TOLD)
            + paragraph(3)
            + "Omröstningslista\nÄrendet bordlades den 2 mars, § 1.\n"
            + LIST,
            {"1": [[]], "2": [[]]},
            id="a sentence below the title",
        ),
        pytest.param(
            "Närvaro                   § 2" + LIST + "\n" + paragraph(1, TOLD) + paragraph(2, TOLD) + paragraph(3),
            {"1": [[]], "2": [BALLOTS]},
            id="the § alone over the columns of a list without a title",
        ),
        pytest.param(
            paragraph(1) + paragraph(2) + paragraph(3) + "Omröstningslista § 2\n" + LIST,
            {"2": [BALLOTS]},
            id="a vote that only the list tells",
        ),
        pytest.param(
            paragraph(1, TOLD + " Se omröstningslista nr 2.")
            + paragraph(2, TOLD + " Se omröstningslista nr 1.")
            + paragraph(3)
            + "Omröstningslista nr 1\n"
            + LIST,
            {"1": [[]], "2": [BALLOTS]},
            id="the § that refers to its number, never the § before it",
        ),
        pytest.param(
            paragraph(1, OTHER) + paragraph(2, TOLD) + paragraph(3) + "Voteringslista\n" + LIST,
            {"1": [[]], "2": [BALLOTS]},
            id="the only vote with the same counts",
        ),
        pytest.param(
            paragraph(1, TOLD) + paragraph(2, TOLD) + paragraph(3) + "Voteringslista\n" + LIST,
            {"1": [[]], "2": [[]]},
            id="two votes with the same counts: it stays open",
        ),
        pytest.param(
            paragraph(1) + paragraph(2, TOLD) + paragraph(3) + "Voteringslista § 9\n" + LIST,
            {"2": [[]]},
            id="a § that the meeting has not",
        ),
        pytest.param(
            LIST + "\n" + paragraph(1, OTHER) + paragraph(2, TOLD) + paragraph(3),
            {"1": [[]], "2": [BALLOTS]},
            id="a list before the first §",
        ),
        pytest.param(
            paragraph(1) + paragraph(2, OTHER + "\n\n" + TOLD) + paragraph(3) + "Omröstningslista § 2\n" + LIST,
            {"2": [[], BALLOTS]},
            id="of two votes the one with its counts",
        ),
        pytest.param(
            paragraph(1)
            + paragraph(2, OTHER + "\n\n" + OTHER.replace("2", "4"))
            + paragraph(3)
            + "Omröstningslista § 2\n"
            + LIST,
            {"2": [[], []]},
            id="of two votes none has its counts: it stays open",
        ),
        pytest.param(
            paragraph(1) + paragraph(2) + paragraph(3, f"Ärendet bordlades den 2 mars, § 1.\n{TOLD}\n{LIST}"),
            {"3": [BALLOTS]},
            id="text above that tells of another §",
        ),
        pytest.param(
            paragraph(1)
            + paragraph(2)
            + paragraph(3, f"{TOLD}\nOrdningen är den i 5 kap.\n§ 1 kommunallagen:\n{LIST}"),
            {"3": [BALLOTS]},
            id="text above that tells of a law",
        ),
        pytest.param(
            paragraph(1) + paragraph(2) + paragraph(2, f"{TOLD}\n{LIST}", "Bad") + paragraph(3),
            {"2'": [BALLOTS]},
            id="a number that comes again: the § it stands in",
        ),
        pytest.param(
            paragraph(1) + paragraph(2) + paragraph(2, TOLD, "Bad") + paragraph(3) + "Omröstningslista § 2\n" + LIST,
            {"2'": [BALLOTS]},
            id="a number that comes again: the § with the same counts",
        ),
        pytest.param(
            paragraph("1/24") + paragraph("2/24", TOLD) + "Omröstningslista § 2\n" + LIST,
            {"2/24": [BALLOTS]},
            id="without the year",
        ),
        pytest.param(
            paragraph("1/24") + paragraph("2/24", TOLD) + "Omröstningslista § 2/23\n" + LIST,
            {"2/24": [[]]},
            id="of another year",
        ),
        pytest.param(
            paragraph(1, TOLD) + paragraph(2, TOLD) + paragraph(3) + "Omröstningslista\n" + TWO,
            {
                "1": [[("Anna Ek", "S", "yes"), ("Bo Alm", "M", "no")]],
                "2": [[("Anna Ek", "S", "no"), ("Bo Alm", "M", "yes")]],
            },
            id="two votes side by side, each under its §",
        ),
        pytest.param(
            paragraph(1) + paragraph(2, TOLD) + paragraph(3) + "Underskrifter\n" + LIST,
            {"2": [BALLOTS]},
            id="an annex whose beginning is not told: not the last §, where no vote is told",
        ),
    ],
)
def test_the_paragraph_of_a_list(body: str, expected: dict[str, list[list[tuple[str, str, str]]]]) -> None:
    assert ballots(body) == expected


def test_a_list_gives_its_counts_to_a_vote_that_no_paragraph_tells() -> None:
    (vote,) = read(paragraph(1) + paragraph(2) + "Omröstningslista § 1\n" + LIST).items[0].votes
    assert (vote.yes, vote.no, vote.abstain) == (1, 1, 1)
    (vote,) = (
        read(paragraph(1) + paragraph(2) + "Omröstningslista § 1\n" + LIST.replace("Avst", "    ")).items[0].votes
    )
    assert vote.abstain is None


def test_a_second_list_replaces_no_ballots() -> None:
    again = LIST.replace("Anna Ek", "Dan Berg")
    listed = f"Omröstningslista § 1\n{LIST}\nOmröstningslista § 1\n{again}"
    assert ballots(paragraph(1, TOLD) + paragraph(2) + listed) == {"1": [BALLOTS]}


def test_a_list_that_a_paragraph_refers_to_by_number_goes_to_no_other() -> None:
    other = "Namn      Parti   Ja   Nej   Avst\nAnna Ek   S            x\nBo Alm    M       x\nCia Dal   V                  x\n"
    told = paragraph(1, f"{TOLD} Se omröstningslista 1.") + paragraph(2, f"{TOLD} Se omröstningslista 2.")
    listed = f"Omröstningslista 2\n{other}\nOmröstningslista 1\n{LIST}"
    assert ballots(told + paragraph(3) + listed) == {
        "1": [BALLOTS],
        "2": [[("Anna Ek", "S", "no"), ("Bo Alm", "M", "yes"), ("Cia Dal", "V", "abstained")]],
    }
    only_second = f"Omröstningslista 2\n{other}"
    assert ballots(told.replace("lista 2", "lista 3") + paragraph(3) + only_second) == {"1": [[]], "2": [[]]}


INSTEAD = """
NÄRVARO- OCH OMRÖSTNINGSLISTA

                             Närv   Tjänstgör             § 2
Parti   Ledamöter            X / -  istället för          Ja   Nej
S       Anna Ek, ordf        X                            X
M       Bo Alm               X      t o m § 2                  X
V       Cia Dal              -

        Ersättare
V       Eva Fors             X      Cia Dal               X
                                    fr o m § 2
"""


def test_those_who_serve_instead_of_whom_a_column_names() -> None:
    assert present(INSTEAD) == [
        member("Anna Ek", "S", "chair"),
        member("Bo Alm", "M", "member", (1, 2)),
        member("Eva Fors", "V", "serving-substitute", (2, 3), "Cia Dal"),
    ]
    votes = [item.votes for item in read(INSTEAD + ITEMS).items]
    assert [[(b.actor.name, b.value) for vote in of for b in vote.ballots] for of in votes] == [
        [],
        [("Anna Ek", "yes"), ("Bo Alm", "no"), ("Eva Fors", "yes")],
        [],
    ]


AWAY_IN_PART = """
Förhindrad ledamot                  Inkallad ersättare

Anna Ek (S)                         Kim Ro (S)

Bo Alm (M), närv t o m              Oda Rask (M), tjg fr o m § 2
kl 12.25, § 1
"""


def test_those_listed_as_away_who_were_there_in_part() -> None:
    assert present(AWAY_IN_PART) == [
        member("Bo Alm", "M", "member", (1,)),
        member("Kim Ro", "S", "serving-substitute", None, "Anna Ek"),
        member("Oda Rask", "M", "serving-substitute", (2, 3), "Bo Alm"),
    ]


def test_surnames_first_are_those_of_the_cover() -> None:
    cover = "\nBeslutande\nAnna Ek (S), ordförande\nEva Berg Holm (L)\nBo Alm (M)\n"
    listed = "\nOmröstningslista § 2\n\nNamn             Parti    Ja    Nej\nAlm Bo           M              X\nBerg Holm, Eva   L        X\nEk Anna          S        X\n"
    votes = read(cover + ITEMS + listed).items[1].votes
    assert [(b.actor.name, b.value) for b in votes[0].ballots] == [
        ("Bo Alm", "no"),
        ("Eva Berg Holm", "yes"),
        ("Anna Ek", "yes"),
    ]


def test_a_list_that_belongs_to_no_paragraph_is_told() -> None:
    listed = "\nOmröstningslista nr 7\n\nNamn             Parti    Ja    Nej\nBo Alm           M              X\nAnna Ek          S        X\n"
    record = read("\nBeslutande\nAnna Ek (S), ordförande\nBo Alm (M)\n\nParagrafer 1-3\n" + ITEMS + listed)
    assert not any(item.votes for item in record.items)
    assert [u.reason for u in record.account.unread] == ["vote list of no §"] * 3


def test_the_sums_below_a_list_are_what_the_minutes_say() -> None:
    listed = (
        "§ 1\nSkatt\n\nVotering\nJa-röst för bifall, nej-röst för avslag.\n"
        "Namn                    Ja      Nej     Avstår\nAnna Ek (S)             X\nBo Alm (M)              X\n"
        "Cia Dal (V)                     X\nEva Fors (C)                            X\nResultat                3       1       1\n\n"
        "Beslut\nNämnden antar planen.\n"
    )
    (vote,) = read(listed).items[0].votes
    assert (vote.yes, vote.no, vote.abstain) == (3, 1, 1)
    assert sum(ballot.value == "yes" for ballot in vote.ballots) == 2  # a warning of the gate: names are not tallies

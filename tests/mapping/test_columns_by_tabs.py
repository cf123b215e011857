"""Tables whose columns are set by tab stops say what those set by blanks say."""

from random import Random

import pytest

from mapping.document import Reading, read
from mapping.records import DocumentRecord
from mapping.text import Line
from tests.mapping.disturbed_layout import tab_stops

ROLL = """Almviks kommun
Kommunstyrelsen
Protokoll 2024-05-21

Beslutande: Enligt förteckning

Närvarolista och omröstningslista

                                                § 1
Namn                    Parti   Närv    Ja      Nej     Avst
Anna Ek                 S       X       X
Bo Ås                   M       X               X
Cia Al                  V       X                       X
Dan Öst                 C       -
Summa                                   1       1       1

§ 1
Bänkar

Kommunstyrelsen beslutar
att köpa bänkar.

Med 1 JA-röst mot 1 NEJ-röst, 1 avstår, beslutar kommunstyrelsen att köpa.
"""

BESIDE = """Almviks kommun
Kommunstyrelsen
Protokoll 2024-05-21

Ledamöter                       Ersättare
Anna Ek (S), ordförande         Dan Öst (C)
Bo Ås (M)                       Eva Gran (V)
Cia Al (V)

§ 1
Bänkar

Kommunstyrelsen beslutar
att köpa bänkar.

Den som röstar för bifall röstar JA. Den som röstar för avslag röstar NEJ.

        JA                      NEJ                     AVSTÅR
        Anna Ek (S)             Bo Ås (M)               Cia Al (V)

Med 1 JA-röst mot 1 NEJ-röst, 1 avstår, beslutar kommunstyrelsen att köpa.
"""


def told(text: str) -> tuple[list[tuple[str | None, str | None, str]], list[tuple[str | None, str]]]:
    """Who was there and who voted how."""
    reading = read(text.encode())
    assert isinstance(reading, Reading), reading
    record: DocumentRecord = reading.record
    assert record.meeting is not None
    present = [(entry.actor.name, entry.actor.party, entry.role) for entry in record.meeting.attendance]
    return present, [(b.actor.name, b.value) for vote in record.items[0].votes for b in vote.ballots]


CAST = [("Anna Ek", "yes"), ("Bo Ås", "no"), ("Cia Al", "abstained")]


@pytest.mark.parametrize(
    ("text", "present"),
    [
        (ROLL, [("Anna Ek", "S", "member"), ("Bo Ås", "M", "member"), ("Cia Al", "V", "member")]),
        (
            BESIDE,
            [
                ("Anna Ek", "S", "chair"),
                ("Dan Öst", "C", "substitute"),
                ("Bo Ås", "M", "member"),
                ("Eva Gran", "V", "substitute"),
                ("Cia Al", "V", "member"),
            ],
        ),
    ],
)
def test_tabs_and_blanks_set_the_same_columns(text: str, present: list[tuple[str, str, str]]) -> None:
    with_tabs = tab_stops(text, Random(0))
    assert "\t" in with_tabs
    assert told(text) == (present, CAST)
    assert told(with_tabs) == (present, CAST)


def test_a_tab_reaches_to_the_next_multiple_of_eight() -> None:
    line = Line("ab\tc\t\td", 100)
    assert [line.column(index) for index in range(len(line.text) + 1)] == [0, 1, 2, 8, 9, 16, 24, 25]

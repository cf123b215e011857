"""Which § somebody was there for: the words of a note, and what leaves it open."""

import pytest

from mapping.partial_presence import paragraph_numbers
from tests.mapping.paragraph import read

CASES: list[tuple[str, tuple[int, ...] | None]] = [
    ("frånvarande § 1", (2, 3)),
    ("ej närvarande § 1", (2, 3)),
    ("inte närvarande under § 1", (2, 3)),
    ("§ 1 frånvarande", (2, 3)),
    ("jäv § 1", (2, 3)),
    ("§ 1 jäv", (2, 3)),
    ("§ 1 (jäv)", (2, 3)),
    ("jäv § 1, § 3", (2,)),
    ("utgår på grund av jäv § 2", (1, 3)),
    ("ersätts av Bo Ek (M) § 2", (1, 3)),
    ("ersätter Bo Ek (M) vid jäv § 2", (2,)),
    ("ersätter Bo Ek (M), ej § 2", (1, 3)),
    ("deltar ej i § 1", (2, 3)),
    ("ej tjänstgörande § 1", (2, 3)),
    ("ej tjg ers §§ 1-2", (1, 2)),
    ("ej fr.o.m. § 2", (1,)),
    ("frånvarande t.o.m. § 1", (2, 3)),
    ("lämnar kl. 19.15 efter § 1", (1,)),
    ("avviker efter § 1", (1,)),
    ("lämnar före § 2", (1,)),
    ("lämnar kl. 19.00 under § 2", (1, 2)),
    ("går kl. 19 fr.o.m. § 3", (1, 2)),
    ("lämnar mötet under behandlingen av § 2", (1, 2)),
    ("t.o.m. § 2", (1, 2)),
    ("tom 2 §", (1, 2)),
    ("anländer kl. 18.30 under § 1", (1, 2, 3)),
    ("fr.o.m. kl. 18.30, § 2", (2, 3)),
    ("inträder § 2", (2, 3)),
    ("from § 2", (2, 3)),
    ("inträder efter § 1", (2, 3)),
    ("tjänstgör efter § 1", (2, 3)),
    ("inträder § 2, lämnar efter § 2", (2,)),
    ("från § 1 till § 2", (1, 2)),
    ("§ 1 t.o.m. § 2", (1, 2)),
    ("t.o.m. § 2, ers fr.o.m. § 3", (1, 2)),
    ("§§ 1-2", (1, 2)),
    ("§ 1 och § 3", (1, 3)),
    ("§§ 1-3, ej § 2", (1, 3)),
    ("ej § 2", (1, 3)),
    ("skolkurator, delar av § 2", (2,)),
]
OPEN = ["ersätter Bo Ek (M), jäv § 2", "reserverar sig § 1", "lämnar § 2", "till § 2", "deltar inte i beslutet § 1"]


@pytest.mark.parametrize(("note", "paragraphs"), CASES)
def test_the_paragraphs_that_a_note_leaves(note: str, paragraphs: tuple[int, ...] | None) -> None:
    assert paragraph_numbers(f" {note}", (1, 2, 3)) == paragraphs
    assert paragraph_numbers(f", {note}", (1, 2, 3)) == paragraphs


@pytest.mark.parametrize("note", OPEN)
def test_a_note_that_does_not_tell_leaves_the_paragraphs_open(note: str) -> None:
    assert paragraph_numbers(note, (1, 2, 3)) is None
    meeting = read(f"Beslutande\nAnna Ek (S), {note}\n\n§ 1\nPlan\n\nBeslut\nPlanen antas.\n").meeting
    assert meeting
    if "Bo Ek" not in note:
        assert [(a.actor.name, a.paragraphs, a.note) for a in meeting.attendance] == [("Anna Ek", None, note)]

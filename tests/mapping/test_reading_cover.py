"""Cover pages: names and lists side by side, who serves for whom, those who adjust, offices told in a row."""

import pytest

from mapping.records import Meeting
from tests.mapping.paragraph import read

ITEMS = "\n\n" + "".join(f"§ {n}\nPlan {n}\n\nBeslut\nPlanen antas.\n\n" for n in (1, 2, 3))

Present = tuple[str, str | None, str, tuple[int, ...] | None, str | None]


def meeting(cover: str) -> Meeting:
    found = read(cover + ITEMS).meeting
    assert found
    return found


def there(
    name: str,
    party: str | None,
    role: str = "member",
    paragraphs: tuple[int, ...] | None = None,
    instead: str | None = None,
) -> Present:
    return name, party, role, paragraphs, instead


ANNA, BO = there("Anna Ek", "S"), there("Bo Alm", "M")
SUBSTITUTES = [there("Cia Dal", "V", "substitute"), there("Dan Berg", "C", "substitute")]


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        pytest.param(
            "Ledamöter                 Ersättare\nAnna Ek (S)               Cia Dal (V)\nBo Alm (M)                Dan Berg (C)",
            [ANNA, SUBSTITUTES[0], BO, SUBSTITUTES[1]],
            id="two lists side by side",
        ),
        pytest.param(
            "Ledamöter                 Ersättare\nAnna Ek (S)               Cia Dal (V)\n                          Dan Berg (C)",
            [ANNA, *SUBSTITUTES],
            id="the right list is longer",
        ),
        pytest.param(
            "Ledamöter                 Ersättare\n                          Cia Dal (V)\n                          Dan Berg (C)",
            SUBSTITUTES,
            id="nothing below the first label: the second is a label inside its column",
        ),
        pytest.param(
            "Närvarande                Frånvarande\nAnna Ek (S)               Cia Dal (V)\nBo Alm (M)                Dan Berg (C)",
            [ANNA, BO],
            id="who is listed as absent is not there",
        ),
        pytest.param(
            "Beslutande     Ledamöter\n               Anna Ek (S)\n               Bo Alm (M)\n               Ersättare\n"
            "               Cia Dal (V)\n               Dan Berg (C)",
            [ANNA, BO, *SUBSTITUTES],
            id="labels inside the column of another",
        ),
        pytest.param(
            "Beslutande     Anna Ek (S), ordf       Bo Alm (M)\n"
            "               Cia Dal (V) §§ 1-2      Dan Berg (C)  ersätter Eva Fors (L)",
            [
                there("Anna Ek", "S", "chair"),
                BO,
                there("Cia Dal", "V", "member", (1, 2)),
                there("Dan Berg", "C", "serving-substitute", None, "Eva Fors"),
            ],
            id="names side by side, what is said of each beside it",
        ),
        pytest.param(
            "Ordföranden       Anna Ek (S)\n                  Bo Alm (M)\nVice ordföranden  Cia Dal (V)",
            [there("Anna Ek", "S", "chair"), BO, there("Cia Dal", "V", "vice-chair")],
            id="only the first below the chair's label is the chair",
        ),
        pytest.param(
            "Tjänstgörande ersättare\nAnna Ek (S) för Bo Alm (M)\nCia Dal (V) tjg ers för Dan Berg (V) fr.o.m. § 2\n"
            "Ej tjänstgörande ersättare\nEva Fors (L) t.o.m. § 2\nGun Hed (L) ej §§ 1, 3",
            [
                there("Anna Ek", "S", "serving-substitute", None, "Bo Alm"),
                there("Cia Dal", "V", "serving-substitute", (2, 3), "Dan Berg"),
                there("Eva Fors", "L", "substitute", (1, 2)),
                there("Gun Hed", "L", "substitute", (2,)),
            ],
            id="who serves for whom, and for which §",
        ),
        pytest.param(
            "Beslutande\nAnna Ek (S), ordf\n\nEj tjänstgörande ersättare\nAnna Ek (S)",
            [there("Anna Ek", "S", "chair")],
            id="who is listed twice is there once, in the first of the ranks",
        ),
        pytest.param(
            "Beslutande\nAnna Ek (S)\n\nTjänstemän    Parkchef Ida Lund, gatuchef Per Ås § 2, sekreterare Nils Olander samt\n"
            "              skolchef Kim Sten",
            [
                ANNA,
                there("Ida Lund", None, "official"),
                there("Per Ås", None, "official", (2,)),
                there("Nils Olander", None, "secretary"),
                there("Kim Sten", None, "official"),
            ],
            id="offices told in a row, over a line's end",
        ),
    ],
)
def test_who_was_there(cover: str, expected: list[Present]) -> None:
    assert [
        (
            a.actor.name or "",
            a.actor.party,
            a.role,
            a.paragraphs,
            a.substitutes_for.name if a.substitutes_for else None,
        )
        for a in meeting(cover).attendance
    ] == expected


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Justerare    Bo Alm (M), § 1-2, Anna Ek (S), § 3", ["Bo Alm", "Anna Ek"]),
        ("Utses att justera    Bo Alm (M)\n                     Cia Dal (V) ersättare", ["Bo Alm"]),
        ("Justerare    Bo Alm (M) och Anna Ek (S)", ["Bo Alm", "Anna Ek"]),
        ("Justerare    Bo Alm (M)\n\nJusterande   Bo Alm (M)", ["Bo Alm"]),
    ],
)
def test_who_adjusts(printed: str, names: list[str]) -> None:
    assert [actor.name for actor in meeting(f"Beslutande\nAnna Ek (S)\n\n{printed}").adjusters] == names


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Justeringens plats och tid    Kommunhuset, 2024-03-20", "2024-03-20"),
        ("Justerat den 20 mars 2024", "2024-03-20"),
        ("Sammanträdesdatum    2024-03-20", "None"),
    ],
)
def test_when_the_minutes_were_adjusted(printed: str, expected: str) -> None:
    assert str(meeting(f"Beslutande\nAnna Ek (S)\n\n{printed}").adjusted_on) == expected


@pytest.mark.parametrize(
    ("printed", "announced"),
    [
        ("Justerat: 2024-03-20", False),
        ("Justerat den 20 mars 2024", False),
        ("Protokollet justerades den 20 mars 2024", False),
        ("Protokollet är justerat den 20 mars 2024.", False),
        ("Justerare    Bo Alm (M)\n             Digitalt signerat 2024-03-20", False),
        ("Bo Alm, justerare, 2024-03-20", False),
        ("Justeringens plats och tid    Kommunhuset, 2024-03-20", True),
        ("Justeringsdag: 2024-03-20", True),
        ("Justeras den 20 mars 2024", True),
        ("Protokollet ska justeras den 20 mars 2024.", True),
        ("Protokollet ska vara justerat den 20 mars 2024.", True),
        ("Justeringsdag: 2024-03-19\nJusterat: 2024-03-20", False),
    ],
)
def test_a_day_set_for_adjusting_is_not_a_day_of_adjustment(printed: str, announced: bool) -> None:
    found = meeting(f"Beslutande\nAnna Ek (S)\n\n{printed}")
    assert (str(found.adjusted_on), found.adjustment_announced) == ("2024-03-20", announced)


@pytest.mark.parametrize(
    ("end", "day", "announced"),
    [("", "2024-03-20", True), ("\n\nUnderskrifter\nBo Alm, justerare, 2024-03-21\n", "2024-03-21", False)],
)
def test_a_paragraph_announces_when_the_minutes_are_adjusted(end: str, day: str, announced: bool) -> None:
    paragraph = "Val av justerare\n\nBeslut\nBo Alm (M) utsågs att justera. Ordföranden meddelade att justering sker den 20 mars 2024.\n"
    found = read(f"\n\n§ 1\n{paragraph}\n§ 2\nPlan\n\nBeslut\nPlanen antas.{end}").meeting
    assert found
    assert (str(found.adjusted_on), found.adjustment_announced) == (day, announced)


@pytest.mark.parametrize(
    ("note", "paragraphs"),
    [
        ("§ 2", (2,)),
        ("§§ 1, 3", (1, 3)),
        ("§§ 1–2", (1, 2)),
        ("ej § 2", (1, 3)),
        ("t.o.m. § 2", (1, 2)),
        ("fr.o.m. § 2", (2, 3)),
        ("från och med § 3", (3,)),
        ("efter § 1", (2, 3)),
        ("kl 13-14", None),
        ("", None),
    ],
)
def test_partial_presence(note: str, paragraphs: tuple[int, ...] | None) -> None:
    assert [a.paragraphs for a in meeting(f"Beslutande\nAnna Ek (S) {note}\n").attendance] == [paragraphs]


PRIVATE = [
    "Sven Svensson, sökande § 1",
    "Märta Olsson, allmänheten",
    "Eva Lind, vårdnadshavare",
    "Bo Ek, åhörare",
    "Bo Ek          Åhörare",
    "Kim Sten, journalist",
    "Kim Sten, förälder",
    "Kim Sten, anhörig",
    "Kim Sten, elev",
    "Kim Sten, boende i Almby",
    "Kim Sten, klagande",
    "Kim Sten, fastighetsägare",
]


@pytest.mark.parametrize("line", PRIVATE)
def test_a_private_person_is_no_official(line: str) -> None:
    record = read(f"Beslutande\nAnna Ek (S)\n\nÖvriga närvarande\nJan Orre, revisor\n{line}\n{ITEMS}")
    assert record.meeting
    assert [a.actor.name for a in record.meeting.attendance] == ["Anna Ek", "Jan Orre"]
    assert not record.account.unread


@pytest.mark.parametrize("title", ["konsult", "polis", "arkitekt", "elevhälsochef", "boendechef"])
def test_a_guest_in_a_role_is_an_official(title: str) -> None:
    found = meeting(f"Beslutande\nAnna Ek (S)\n\nÖvriga närvarande\nKim Sten, {title}\n").attendance
    assert [(a.actor.name, a.role, a.actor.title) for a in found][1:] == [("Kim Sten", "official", title)]


@pytest.mark.parametrize("title", ["revisor", "Lärarförbundet", "kommunrevisor", "ordf. kommunala handikapprådet"])
def test_who_comes_from_outside_is_no_official(title: str) -> None:
    found = meeting(f"Beslutande\nAnna Ek (S)\n\nÖvriga närvarande\nKim Sten, {title}\n").attendance
    assert [(a.actor.name, a.role, a.actor.is_official) for a in found][1:] == [("Kim Sten", "other", False)]


def test_a_label_of_those_from_outside() -> None:
    found = meeting("Beslutande\nAnna Ek (S)\n\nFackliga företrädare\nKim Sten, ombud\n").attendance
    assert [(a.actor.name, a.role) for a in found][1:] == [("Kim Sten", "other")]


def test_a_label_before_a_name_with_one_blank() -> None:
    found = meeting("Beslutande\nBo Alm (M)\n\nJusterare: Per Ek (S)\nSekreterare Mia Kvist\nOrdförande Anna Ek (S)")
    assert [actor.name for actor in found.adjusters] == ["Per Ek"]
    assert found.secretary and found.secretary.name == "Mia Kvist"
    assert found.chair and found.chair.name == "Anna Ek"


def test_a_role_before_a_name_ends_no_list() -> None:
    found = meeting("Beslutande\nOrdförande Anna Ek (S)\nBo Alm (M)\n\nJusterande Per Ek (S)")
    assert [(a.actor.name, a.role) for a in found.attendance] == [("Anna Ek", "chair"), ("Bo Alm", "member")]
    assert [actor.name for actor in found.adjusters] == ["Per Ek"]


def test_attendance_told_in_a_sentence_is_not_passed_over() -> None:
    told = "Närvarande var Anna Ek (S), ordförande, Bo Alm (M) och Cia Dal (V),\nden sistnämnda som ersättare för Dan Berg (C)."
    record = read(f"Plats: Rådhuset\n\n{told}\n{ITEMS}")
    assert record.meeting
    assert record.meeting.attendance or len(record.account.unread) == 2

"""Motions and letters that a § treats, with their authors and questions."""

import pytest

from tests.mapping.paragraph import item


@pytest.mark.parametrize(
    ("title", "summary", "name", "authors"),
    [
        ("Remiss av Motion om fri ledsagning", "En motion från Anna Ek, SD, gällande ledsagning har remitterats.", "fri ledsagning", [("Anna Ek", "SD")]),
        ("Svar på motion: Fria bussar", "Anna Ek (V) har i en motion föreslagit fria bussar.", "Fria bussar", [("Anna Ek", "V")]),
        ("Motion av Anna Ek (V) och Bo Alm (V) om simskola", "Text.", "simskola", [("Anna Ek", "V"), ("Bo Alm", "V")]),
        ("Remiss av Motion om bad", "Motionen är skriven av Anna Ek, SD.", "bad", [("Anna Ek", "SD")]),
        ("Yttrande över motion om bad", "Bo Alm (M) yttrar sig.", "bad", []),
    ],
)  # fmt: skip
def test_motions(title: str, summary: str, name: str, authors: list[tuple[str, str]]) -> None:
    found = item(f"§ 5\n{title}\nSN 2024/7\n\nBeslut\nMotionen avslås.\n\nSammanfattning av ärendet\n{summary}\n")
    (matter,) = found.matters
    assert (matter.kind, matter.title) == ("motion", name)
    assert [(a.name, a.party) for a in matter.authors] == authors


def test_letters_with_their_questions() -> None:
    found = item(
        "§ 5\nNämndens frågor\n\nBeslut\nFrågorna besvaras.\n\nSammanfattning av ärendet\nSkrivelser:\n\n"
        "Skrivelse om kön till \nboendet\nAnna Ek m.fl. (M) och Bo Alm (KD)\n\nKön är lång.\n\nVi undrar därför:\n\n"
        "1. Hur lång är kön?\n2. Vem står\ni den?\n\nSkrivelse om tolkar\nCia Dal (C)\n\nVi vill veta mer.\n"
    )
    assert [(m.title, [a.name for a in m.authors], [q.text for q in m.questions]) for m in found.matters] == [
        ("Skrivelse om kön till boendet", ["Anna Ek", "Bo Alm"], ["Hur lång är kön?", "Vem står i den?"]),
        ("Skrivelse om tolkar", ["Cia Dal"], []),
    ]


@pytest.mark.parametrize(
    ("title", "name", "referrer"),
    [
        ("Svar på remiss från kommunstyrelsen", "Svar på remiss från kommunstyrelsen", "kommunstyrelsen"),
        ("Svar på remiss från kommunstyrelsen om ny plan", "ny plan", "kommunstyrelsen"),
        ("Yttrande över remiss angående plan för parker", "plan för parker", None),
    ],
)
def test_who_refers_is_no_name_of_what_is_referred(title: str, name: str, referrer: str | None) -> None:
    (matter,) = item(f"§ 5\n{title}\nSN 2024/7\n\nBeslut\nYttrandet antas.\n").matters
    assert (matter.kind, matter.title) == ("referral", name)
    assert (matter.referred_by.text if matter.referred_by else None) == referrer


def test_letters_that_a_decision_hands_on() -> None:
    found = item(
        "§ 5\nSkrivelser\n\nBeslut\nFöljande skrivelser överlämnas till förvaltningen:\n"
        "1. Skrivelse om badet från Bo Alm m.fl. (M).\n2. Skrivelse om parken från Vänsterpartiet.\n"
    )
    assert [(m.kind, m.title, [a.name for a in m.authors]) for m in found.matters] == [
        ("member-letter", "Skrivelse om badet", ["Bo Alm"])
    ]


def test_who_asks_without_a_party_or_a_seat_is_a_private_person() -> None:
    body = "§ 5\nFråga från Per Hed om skolskjuts\nSN 2024/7\n\nBeslut\nFrågan är besvarad.\n"
    assert [matter.authors for matter in item(body).matters] == [()]
    (matter,) = item(body.replace("Per Hed", "Per Hed (C)")).matters
    assert [author.name for author in matter.authors] == ["Per Hed"]


@pytest.mark.parametrize("who", ["Sökanden", "Klaganden", "Vårdnadshavaren", "Fastighetsägaren"])
def test_a_private_person_of_the_case_moves_nothing(who: str) -> None:
    body = f"§ 5\nBygglov\nSN 2024/7\n\nBeslut\nLov ges.\n\nYrkanden\n{who} Karl Svensson yrkar bifall.\n"
    found = item(body)
    assert found.proposals == () and "Svensson" not in str(found.officials)

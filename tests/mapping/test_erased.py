"""Erased names are known again by their letters, and nothing else is masked."""

import re

import pytest

from mapping.erased import erased, mask_erased

RULES = erased(["Åsa Ek-Lind"])


@pytest.mark.parametrize(
    "text",
    [
        "Åsa Ek-Lind",
        "ÅSA EK-LIND",
        "Åsa Ek Lind",
        "Ek-Lind, Åsa",
        "Åsa Ek-\n   Lind",
        "Åsa Ek-Linds",
        "A\u030asa Ek-Lind",
        "Åsa (S) Ek-Lind",
        "Åsa [Sjöbopartiet], Ek-Lind",
        "Ek-Lind (KD), Åsa",
        "Åsa B. Ek-Lind",
        "Åsa B C Ek-Lind",
        "Å. Ek-Lind",
        "Å Ek Lind",
        "Ek-Lind, Å",
        "Åsa" + 60 * " " + "Ek-Lind",
        "Åsa\t\t | \t Ek-Lind",
    ],
)
def test_a_name_is_masked_letter_by_letter(text: str) -> None:
    masked = mask_erased(f"Bo Ek, {text}, Per Lind", RULES)
    assert len(masked) == len(f"Bo Ek, {text}, Per Lind")
    assert masked.startswith("Bo Ek, •") and masked.endswith("•, Per Lind")
    assert not [letter for letter in masked[7:-10] if letter.isalpha()]


@pytest.mark.parametrize(
    "text",
    [
        "Åsa Ek",
        "Ek-Lind",
        "Åsa Ek-Lindgren",
        "Moåsa Ek-Lind",
        "Åsa (S), ersatt av Ek-Lind",
        "B. Ek-Lind",
        "Åek Lind",
        "å Ek-Lind",
        "Åsa i Ek-Lind",
        "Åsa Britta Ek-Lind",
    ],  # fmt: skip
)
def test_other_names_are_left(text: str) -> None:
    assert mask_erased(text, RULES) == text
    assert mask_erased(text, []) == text


def test_nothing_kept_tells_the_name() -> None:
    assert not [rule for rule in RULES if "ek" in rule.hash.casefold() or "lind" in repr(rule)]
    assert {rule.hash for rule in RULES}.isdisjoint(rule.hash for rule in erased(["Åsa Ek-Lind"]))


@pytest.mark.parametrize("text", ["Karin Lindmark Öhr", "Öhr, Karin Lindmark", "Karin Lindmark Karin Öhr"])
def test_the_longest_of_several_spellings_is_masked(text: str) -> None:
    masked = mask_erased(f"{text}, Per Öhr", erased(["Karin Lindmark", "Karin Lindmark Öhr", "Karin Öhr"]))
    assert masked == "".join("•" if letter.isalpha() else letter for letter in text) + ", Per Öhr"


def test_initials_stand_for_first_names() -> None:
    rules = erased(["Rimfors, Karl-Erik Gösta", "Bo E. Ekö"])
    for text in ("K-E Rimfors", "K.E.G. Rimfors", "K-E. Gösta Rimfors", "Bo Ekö", "Bo E. Ekö", "B E Ekö", "B. Ekös"):
        assert not [letter for letter in mask_erased(text, rules) if letter.isalpha()], text
    assert mask_erased("KEG Rimfors, Beekö", rules) == "KEG Rimfors, Beekö"


@pytest.mark.parametrize(
    "text",
    [
        "/doc/person/[astr%C3%B6m-%C3%B6rn].",
        "?q=[%C3%96rn%20Astr%c3%b6m]&x=1",
        "?q=[%D6rn+Astr%F6m]",
        "av [&Ouml;rn&nbsp;Astr&#246;m], 5 %",
        "av [&#xD6;rn Astr&#XF6;ms]",
        "av [Örn Astro&#776;m]",
        "[\uff2frn \uff21\uff33\uff34\uff32\uff2f\uff2d]",
        "100 %25 &amp; &foo; %E5 Örn %C3 %[]",
    ],
)
def test_an_escaped_name_is_masked_with_its_escapes(text: str) -> None:
    before, name, behind = re.split(r"[\[\]]", text)
    masked = "".join(sign if sign in " -+" else "•" for sign in name)
    assert mask_erased(before + name + behind, erased(["Örn Astrom"])) == before + masked + behind

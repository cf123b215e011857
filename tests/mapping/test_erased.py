"""Erased names are known again by their letters, and nothing else is masked."""

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
    ],
)
def test_a_name_is_masked_letter_by_letter(text: str) -> None:
    masked = mask_erased(f"Bo Ek, {text}, Per Lind", RULES)
    assert len(masked) == len(f"Bo Ek, {text}, Per Lind")
    assert masked.startswith("Bo Ek, •") and masked.endswith("•, Per Lind")
    assert not [letter for letter in masked[7:-10] if letter.isalpha()]


@pytest.mark.parametrize(
    "text", ["Åsa Ek", "Ek-Lind", "Åsa Ek-Lindgren", "Moåsa Ek-Lind", "Åsa (S), ersatt av Ek-Lind"]
)
def test_other_names_are_left(text: str) -> None:
    assert mask_erased(text, RULES) == text
    assert mask_erased(text, []) == text


def test_nothing_kept_tells_the_name() -> None:
    assert not [rule for rule in RULES if "ek" in rule.hash.casefold() or "lind" in repr(rule)]
    assert {rule.hash for rule in RULES}.isdisjoint(rule.hash for rule in erased(["Åsa Ek-Lind"]))

"""What makes two wordings of one fact the same in an evaluation."""

import pytest

from mapping.evaluation_facts import fold, fold_point, fold_title


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  två   ord ", "två ord"),
        ("FINSAM- organisationen", "FINSAM-organisationen"),
        ("plan - och", "plan - och"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("att avslå, samt", "att avslå"),
        ("att avslå.", "att avslå"),
        ("att anföra följande:", "att anföra följande"),
        ("samt", "samt"),
    ],
)
def test_fold_point(text: str, folded: str) -> None:
    assert fold_point(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Motion om bänkar", "bänkar"),
        ("Svar på motion: Fria resor", "fria resor"),
        ("Skrivelse angående köer.", "köer"),
        ("Motionslopp", "motionslopp"),
        ("Motion", "motion"),
    ],
)
def test_fold_title(text: str, folded: str) -> None:
    assert fold_title(text) == folded

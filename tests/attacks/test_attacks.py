"""Every attack, against a server of its own."""

import pytest

from tests.attacks.attack import SOON, Arena, Attack, attempt
from tests.attacks.runner import ATTACKS


@pytest.mark.parametrize(("number", "attack"), list(enumerate(ATTACKS)), ids=[each.name for each in ATTACKS])
def test_attack(arena: Arena, number: int, attack: Attack) -> None:
    row = attempt(arena, attack, number)
    if row.after > SOON and len(row.wrong) == 1:  # a machine that others use may stand still; an attack does it again
        row = attempt(arena, attack, number)
    assert not row.wrong, f"expected {attack.expected}, got {row.got}: {'; '.join(row.wrong)}"


def test_each_attack_has_a_name_of_its_own() -> None:
    assert len({each.name for each in ATTACKS}) == len(ATTACKS) >= 40

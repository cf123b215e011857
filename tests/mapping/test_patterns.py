"""No regular expression of the mapping is catastrophic: text that is hard on it costs at most the square of its length."""

import re
from functools import cache
from statistics import median

import pytest

from tests.growth import seconds
from tests.mapping.patterns import Found, attacks, every_pattern

LENGTHS = (10, 13, 17, 22, 29, 38, 49, 64, 84, 110, 165, 250, 375, 560)
"""Small steps, so that a pattern of exponential cost is stopped at the first step that shows it."""
NOTICED = 0.003
"""CPU seconds from which a cost is looked at: hundreds of times what a good pattern takes for a line of text."""
SQUARE = 6
"""The most that twice the length may cost: work that grows with the square costs 4 times, with the cube 8 times."""
ROUNDS = 7
"""How often what takes long is measured; most of them decide.

A machine may be half as fast for a while, and one that is interrupted every few milliseconds makes whatever takes longer
look worse than it is. So what is compared is measured in turn and takes about as long: the text once, and half of it
SQUARE times.
"""
PLAIN = (" ", "a", "A", "1", "-", ".", "Aa ", "Anna Ek (S), ", "att ", "1. ", "ord, ", "Aa-", "\t", "§ 1 ")


def cost(pattern: re.Pattern[str], text: str, times: int = 1) -> float:
    return seconds(lambda: [sum(1 for _ in pattern.finditer(text)) for _ in range(times)])


def catastrophe(pattern: re.Pattern[str], before: str, unit: str, behind: str) -> str | None:
    """What is wrong where a pattern's cost runs away on before + unit × n + behind."""

    def text(length: int) -> str:
        return before + unit * max(1, length // len(unit)) + behind

    for length in LENGTHS:
        if cost(pattern, text(length)) < NOTICED:
            continue
        wholes, ratios = [], []
        for _ in range(ROUNDS):
            wholes.append(cost(pattern, text(length)))
            ratios.append(SQUARE * wholes[-1] / cost(pattern, text(length // 2), SQUARE))
        if median(wholes) < NOTICED:
            continue
        times = median(ratios)
        if times > SQUARE:
            return f"{before[:40]!r} + {unit[:40]!r} × {length // len(unit)}: {times:.0f} times half of it"
        return None
    return None


@cache
def by_module() -> dict[str, list[Found]]:
    modules: dict[str, list[Found]] = {}
    for found in every_pattern():
        modules.setdefault(re.split(r"[:( ]", found.where)[0], []).append(found)
    return modules


def test_the_patterns_are_found() -> None:
    every = [found for several in by_module().values() for found in several]
    assert len(every) > 400
    written = {found.pattern.pattern for found in every}
    assert {
        r"(?<=\w)-\s+(?=\w)",
        r"juster(?:ing(?:en)?|as|at|a|ats|ades|des)\b",
    } <= written  # one in a call, one in a module
    assert any("yrkade" in pattern and "instämmande" in pattern for pattern in written)  # one from the lexicon


@pytest.mark.parametrize("part", range(8))
def test_no_pattern_is_catastrophic(part: int) -> None:
    every = [found for several in by_module().values() for found in several][part::8]
    wrong = []
    for found in every:
        for before, unit, behind in (*attacks(found.pattern), *(("", unit, "\x01") for unit in PLAIN)):
            told = catastrophe(found.pattern, before, unit, behind)
            if told is not None:
                wrong.append(f"{found.where}: {found.pattern.pattern[:100]}\n    {told}")
                break
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("bad", [r"(?:a+)+b", r"(?:-[A-Z]?\w+)*x", r"\s*,?\s*(?:ja)?\s*x", r"(?s)(?:<!--.*?-->)*<p"])
def test_a_catastrophic_pattern_is_known(bad: str) -> None:
    pattern = re.compile(bad)
    assert any(catastrophe(pattern, *attack) for attack in attacks(pattern))

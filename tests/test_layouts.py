"""Invented documents in the layouts of some fifty municipalities, read as a careful person reads them."""

from functools import cache
from pathlib import Path

import pytest

from mapping.evaluation import Evaluation, Score, evaluate_file, pairs, table, together

LAYOUTS = Path(__file__).parent / "layouts"
PAIRS = pairs(LAYOUTS, LAYOUTS)
ENOUGH = 20  # facts of a kind, fewer say nothing of it
NEVER_ELSEWHERE = ("votes", "reservations", "ballots")


@cache
def evaluation(path: Path, answer: Path) -> Evaluation:
    return evaluate_file(path, answer)


@cache
def totals() -> dict[str, Score]:
    return {score.kind: score for score in together([evaluation(*pair) for pair in PAIRS]).totals()}


def test_there_are_many() -> None:
    assert len(PAIRS) >= 70


@pytest.mark.parametrize(("path", "answer"), PAIRS, ids=[path.stem for path, _ in PAIRS])
def test_a_document_is_read(path: Path, answer: Path) -> None:
    found = evaluation(path, answer)
    assert found.totals()[-1].f1 >= 0.94, table(found)


def test_the_documents_together() -> None:
    assert totals()["all"].f1 >= 0.99


@pytest.mark.parametrize("kind", [kind for kind, score in totals().items() if score.tp + score.fn >= ENOUGH])
def test_every_kind_of_fact(kind: str) -> None:
    assert totals()[kind].f1 >= 0.93


@pytest.mark.parametrize("kind", NEVER_ELSEWHERE)
def test_nothing_is_told_of_a_paragraph_that_is_not_said_there(kind: str) -> None:
    assert totals()[kind].fp == 0

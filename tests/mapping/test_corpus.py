"""Real documents and documents in other layouts, held against hand-made answers. Needs ../shared."""

import json
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from mapping.document import Reading, judge_alone, read
from mapping.evaluation import Evaluation, evaluate, pairs, together
from mapping.records import Refused
from tests.mapping.test_golden import check_evidence, check_spans

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="../shared, the real documents and their golds, is absent"
)

FOLDERS = {"corpus": ("corpus", "gold"), "examples": ("examples", "examples")}
# The least F1 of each kind of fact on the real documents that have a gold.
AIMS = {
    "items": 0.97,
    "registry numbers": 0.97,
    "decision points": 0.97,
    "documents": 0.97,
    "proposals": 0.95,
    "reservations": 0.95,
    "statements": 0.95,
    "motion authors": 0.95,
    "adjusters": 0.95,
    "persons": 0.95,
}


@cache
def reading(path: Path, municipality: str | None = None) -> Reading | Refused:
    return read(path.read_bytes(), municipality)


def evaluation(folder: str) -> Evaluation:
    documents, golds = (SHARED / name for name in FOLDERS[folder])
    parts = []
    for document, path in pairs(documents, golds):
        gold = json.loads(path.read_text(encoding="utf-8"))
        given = gold["municipality"] if gold.get("municipality_in_text") is False else None
        found = reading(document, given)
        parts.append(evaluate(document.stem, found if isinstance(found, Refused) else found.record, gold))
    return together(parts)


def test_the_real_documents_reach_the_aim() -> None:
    whole = {score.kind: score for score in evaluation("corpus").totals()}
    short = {kind: whole[kind].f1 for kind, aim in AIMS.items() if whole[kind].f1 < aim}
    assert not short
    assert whole["all"].f1 >= 0.97


def test_documents_in_other_layouts_reach_the_aim() -> None:
    whole = {score.kind: score for score in evaluation("examples").totals()}
    assert whole["all"].f1 >= 0.97, evaluation("examples").misses


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_no_line_of_minutes_and_agendas_is_left_unread(number: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared is absent")
    (path,) = (SHARED / "corpus").glob(f"{number}_*.txt")
    found = reading(path)
    assert isinstance(found, Reading)
    assert [found.text.canonical[u.span.start : u.span.end] for u in found.record.account.unread] == []


DOCUMENTS = sorted((SHARED / "corpus").glob("*.txt")) + sorted((SHARED / "examples").glob("*.txt"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_documents_conform_with_evidence_and_are_the_same_twice(path: Path) -> None:
    found = reading(path)
    if path.stem.startswith("22"):
        assert isinstance(found, Refused) and found.reason == "not-a-meeting-document"
        return
    assert isinstance(found, Reading)
    graph = judge_alone(found)
    assert [c.problem for c in graph.complaints if c.problem.severity == "violation"] == []
    assert judge_alone(found).quads == graph.quads
    parsed = ox.Dataset(ox.parse(graph.quads.encode(), format=ox.RdfFormat.N_QUADS))
    check_spans(found, parsed)
    check_evidence(parsed)


def test_personal_numbers_are_nowhere_in_what_is_published() -> None:
    (path,) = (SHARED / "examples").glob("23-*.txt")
    found = reading(path)
    assert isinstance(found, Reading)
    gold = json.loads((path.parent / "23-von-karlshamn-personnummer.gold.json").read_text(encoding="utf-8"))
    public = judge_alone(found).quads + found.text.canonical
    assert [number for number in gold["must_not_appear"] if number in public] == []
    assert not any(name in (actor.name or "") for name in gold["private_persons"] for actor in found.record.persons)

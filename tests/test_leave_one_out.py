"""A municipality that nobody has told us of reads as well: its own data taken away, its example loses next to nothing.

What is keyed by municipality is data of the ontology: its local parties, and its place among the 290. Each is left out
in turn, and then every local party of the country at once.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import mapping.iris
import mapping.parties
import ontology
import ontology.graph
import ontology.party_codes
import ontology.places
from mapping.document import Reading, read
from mapping.evaluation import Evaluation, evaluate_file, pairs, read_gold, table
from mapping.evaluation_facts import Fact, found

SHARED = Path(__file__).parents[2] / "shared"
SAMPLE = Path(__file__).parent / "samples" / "documents" / "2024-02-26-kommunfullmaktige-protokoll.txt"
LOSS = 0.02
CODE = ontology.graph.PREFIXES["kg"] + "municipalityCode"
LOCAL = ontology.graph.PREFIXES["kg"] + "localParty"

Keep = Callable[[str, ontology.graph.Graph, str], bool]
"""Whether a node (its file, the file's graph, its IRI) stays."""


def forget() -> None:
    """Everything that is kept of the authority data."""
    for module in (ontology.party_codes, ontology.places, mapping.parties, mapping.iris):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@pytest.fixture
def leave_out(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Keep], None]]:
    every = {name: ontology.graph.authority(name) for name in ontology.graph.AUTHORITY}

    def chosen(keep: Keep) -> None:
        left = {name: {iri: graph[iri] for iri in graph if keep(name, graph, iri)} for name, graph in every.items()}
        assert sum(map(len, left.values())) <= sum(map(len, every.values()))
        for module in ("ontology.party_codes", "ontology.places"):
            monkeypatch.setattr(f"{module}.authority", left.__getitem__)
        forget()

    yield chosen
    monkeypatch.undo()
    forget()


def code_of(graph: ontology.graph.Graph, iri: str) -> str | None:
    return next((value.text for value in graph[iri].get(CODE, ())), None)


def without_its_parties(code: str) -> Keep:
    return lambda name, graph, iri: name != "parties" or code_of(graph, iri) != code


def without_its_place(code: str) -> Keep:
    return lambda name, graph, iri: code_of(graph, iri) != code


def without_local_parties(code: str) -> Keep:
    return lambda name, graph, iri: LOCAL not in graph[iri] and code_of(graph, iri) != code


WAYS = {"its parties": without_its_parties, "its place": without_its_place, "local parties": without_local_parties}


def examples() -> list[tuple[Path, Path]]:
    folders = (("examples", "examples"), ("corpus", "gold"))
    here = [(SHARED / a, SHARED / b) for a, b in folders if (SHARED / a).is_dir() and (SHARED / b).is_dir()]
    return [
        pair for documents, golds in here for pair in pairs(documents, golds) if read_gold(pair[1])["municipality"]
    ]


def f1(evaluation: Evaluation) -> float:
    return evaluation.totals()[-1].f1


@cache
def whole(path: Path, answer: Path) -> float:
    return f1(evaluate_file(path, answer))


@pytest.mark.parametrize("way", WAYS)
def test_an_example_reads_as_well_without_the_data_of_its_municipality(
    way: str, leave_out: Callable[[Keep], None]
) -> None:
    if not examples():
        pytest.skip("no documents with gold answers here: ../shared/examples, ../shared/corpus and ../shared/gold")
    before = [whole(*pair) for pair in examples()]
    for (path, answer), known in zip(examples(), before, strict=True):
        name = read_gold(answer)["municipality"]
        leave_out(WAYS[way](ontology.municipality_code(name) or "none"))
        # whose a document is that only mentions an unknown municipality, a clerk has to say
        after = evaluate_file(path, answer, name if way != "its parties" else None)
        assert f1(after) >= known - LOSS, f"{path.name} without {way}:\n{table(after)}"


def facts(text: str) -> list[Fact]:
    reading = read(text.encode())
    assert isinstance(reading, Reading), reading
    return sorted(found(reading.record), key=repr)


NACKA = SAMPLE.read_text("utf-8").replace("Almviks", "Nacka").replace("(MP)", "(NL)").replace("(V)", "(Vn)")


@pytest.mark.parametrize("way", WAYS)
def test_a_local_party_that_nobody_knows_is_read_where_names_carry_it(
    way: str, leave_out: Callable[[Keep], None]
) -> None:
    assert ontology.party("NL", "0182") is not None and ontology.municipality_code("Nacka") == "0182"
    before = facts(NACKA)
    leave_out(WAYS[way]("0182"))
    assert ontology.party("NL", "0182") is None
    after = facts(NACKA)
    strange = [fact for fact in after if fact.kind != "document"]
    assert [fact.keys for fact in strange] == [fact.keys for fact in before if fact.kind != "document"]
    assert {"(NL)", "(Vn)"} <= {word for fact in strange for word in fact.text.split()}


def test_a_local_party_of_one_member_who_is_named_once(leave_out: Callable[[Keep], None]) -> None:
    leave_out(without_its_place("0182"))
    reading = read(SAMPLE.read_text("utf-8").replace("Almviks", "Nacka").replace("(C)", "(NL)").encode())
    assert isinstance(reading, Reading)
    assert ("Bertil Fagerhult", "NL") in {(actor.name, actor.party) for actor in reading.record.persons}

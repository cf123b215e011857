"""Every benchmark runs on something tiny and tells figures; the times themselves are nobody's test."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapping.document import judge_alone, read
from mapping.records import Refused
from ontology import municipality_code
from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import gate, generate, growth, reading, serving, spent
from tests.benchmarks.measure import Figure, cpu, wall

TINY = [
    source
    for source in reading.sources()
    if source.name.endswith((".docx", "2025-03-18-socialnamnden-protokoll.pdf"))
]


def checked(figures: Iterator[Figure]) -> list[Figure]:
    found = list(figures)
    assert found
    for figure in found:
        assert figure.ours > 0 and figure.rate > 0 and (figure.ratio or 1) > 0
    assert all(figure.name in benchmarks.table(found) for figure in found)
    return found


def test_reading() -> None:
    found = checked(reading.figures(TINY, runs=1))
    assert {figure.against for figure in found} == {
        "without gate",
        "bare pypdfium2",
        "bare f-strings",
        "20 pages/s of one core",
    }


def test_gate() -> None:
    [_, judged] = checked(gate.figures(TINY[:1], runs=1))
    assert judged.against == "pySHACL" and judged.aim == 50


def test_growth() -> None:
    found = checked(growth.series("one municipality", 2, 4, doublings=1))
    assert [figure.against for figure in found] == ["", "per document at 2", "the first time"]


def test_serving() -> None:
    assert [figure.group for figure in checked(serving.figures(2, calls=3, runs=1))] == [
        "store",
        "look-up",
        "look-up",
    ]


def test_a_ratio_is_how_many_times_as_fast() -> None:
    assert Figure("", "", 2.0, 10, "quads", "it", 6.0).ratio == 3.0
    assert Figure("", "", 2.0, 10, "quads").rate == 5.0
    slow, quick = cpu(lambda: sum(range(200_000)), lambda: sum(range(2_000)), runs=3, least=0.01)
    assert slow > quick > 0
    assert min(wall(lambda: None, calls=3)) > 0


def test_spent_counts_the_processes_of_a_program_and_tells_its_failure() -> None:
    busy = "sum(range(10_000_000))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{busy}'])"
    assert spent.run(sys.executable, "-c", child).cpu > spent.run(sys.executable, "-c", "").cpu
    with pytest.raises(RuntimeError, match="gone wrong"):
        spent.run(sys.executable, "-c", "raise SystemExit('gone wrong')")


@pytest.mark.parametrize("number", [0, 1, 13, 300])
def test_invented_minutes_are_read_whole_and_conform(number: int) -> None:
    found = read(generate.minutes(number).encode())
    assert not isinstance(found, Refused)
    assert not found.record.account.unread
    assert len(found.record.items) == 6 + number % 12 % 2
    assert not judge_alone(found).complaints


def test_invented_minutes_are_the_same_each_time_and_differ_from_one_another(tmp_path: Path) -> None:
    assert generate.minutes(7, seed=2) == generate.minutes(7, seed=2) != generate.minutes(7, seed=3)
    assert len({path.read_bytes() for path in generate.write(tmp_path, 60)}) == 60


def test_invented_municipalities_are_many_and_none_of_the_real_ones() -> None:
    names = {generate.place(number).name for number in range(5000)}
    assert len(names) == 5000
    assert not any(map(municipality_code, names))


def test_the_command_tells_figures_as_table_or_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figure = Figure("gate", "a graph", 0.5, 1_234_567, "triples", "it", 30.0, aim=50)
    monkeypatch.setattr(benchmarks, "chosen", lambda *_: iter([figure]))
    benchmarks.main([])
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.split() == "gate a graph 0.500 2,470,000 triples/s 60.0 it 30.0 ≥ 50 met".split()  # noqa: SIM905
    benchmarks.main(["--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["machine"]["cores"] > 0
    assert told["figures"][0]["ratio"] == 60.0 and told["figures"][0]["against"] == "it"

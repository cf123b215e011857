"""Every benchmark runs on something tiny and tells figures; the times themselves are nobody's test."""

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapping.document import BASE, judge_alone, read
from mapping.records import Refused
from ontology import municipality_code
from server.storage import snapshot, store
from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import (
    building,
    client,
    corpus,
    exporting,
    gate,
    generate,
    growth,
    limits,
    load,
    pages,
    questions,
    reading,
    reconciling,
    servers,
    serving,
    spent,
)  # fmt: skip
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
    found = list(growth.series("one municipality", 2, 4, doublings=1))
    assert found[-1].ours > 0  # the others are differences of two, which the noise of a machine may turn round
    assert [figure.against for figure in found] == ["", "per document at 2", "the first time"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of some sixty documents, published."""
    data = tmp_path_factory.mktemp("corpus") / "data"
    corpus.make(data, 60)
    store.build(data, BASE)
    return data


def test_pages(small: Path) -> None:
    *_, median, p95 = checked(pages.figures(small, most=2))
    assert (median.against, p95.against) == ("150 ms", "300 ms") and p95.ours >= median.ours


def test_reconciling(small: Path) -> None:
    assert len(checked(reconciling.figures(small, calls=1))) == 3


def test_serving(small: Path) -> None:
    found = checked(serving.figures(small, seconds=0.2, calls=3, rounds=1))
    assert {figure.against for figure in found} == {"", "0.4 ms", "Store.query", "native server"}


def test_limits(small: Path) -> None:
    assert [figure.aim for figure in checked(limits.figures(small, runs=1))] == [1.0, 1.0, None] * 2


def test_store(small: Path) -> None:
    published, ordered, _, *replaced = checked(building.figures(small, runs=1))
    assert published.aim == 0.9 and published.amount > 20_000 and published.ours < ordered.ours
    assert {each.theirs for each in replaced} == {0.3} and [each.aim for each in replaced] == [1.0, None, None, None]
    seen, longest, told, last = (each.ours for each in replaced)
    assert seen <= longest < last and seen < told <= last


def test_exporting(small: Path) -> None:
    *n_quads, everything, memory, growth = checked(exporting.figures(small, runs=1))
    assert {each.aim for each in n_quads} == {0.5} and len(n_quads) == 3
    assert everything.amount == n_quads[0].amount > 20_000 and memory.unit == growth.unit == "MiB"


def test_load(small: Path) -> None:
    found = checked(load.figures(small, minutes=0.02, documents=2, clients=10))
    answered = [each for each in found if each.unit == "answers"]
    assert len(answered) == 3 and all("errors none" in each.name for each in answered)
    held = [each for each in found if each not in answered]
    assert [each.unit for each in held] == ["MiB of memory", "descriptors"] * 3
    assert [each.aim is None for each in held] == [False] * 4 + [True] * 2


def test_questions(small: Path) -> None:
    opened = snapshot.open_current(small)
    found = checked(questions.figures(opened.store, times=2))
    opened.close()
    assert len(found) == 2 * 27


def test_the_load_generator_counts_what_is_no_answer() -> None:
    port = servers.free_port()
    with socket.create_server(("127.0.0.1", port)) as listening:
        process = client.start(client.Plan(port, (client.request("/"),), clients=3, seconds=0.5))
        for answer in (
            b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding",
            b"",
        ):
            connection, (host, _) = listening.accept()
            assert host.startswith("127.0.1.") and b"Cache-Control: no-cache" in connection.recv(1000)
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_WR)
            listening.settimeout(2)
    seen = client.finish(process)
    assert seen.statuses.get("503") == 1 and seen.statuses["lost"] >= 2 and seen.errors == sum(seen.statuses.values())


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

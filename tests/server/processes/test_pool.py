"""Query processes: their answers, their limits, and that none outlives its parent."""

import asyncio
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import zstandard

from server.asking import Answer, Limits, Query, QueryFailed, Rows, Term
from server.processes import evaluation, frames
from server.processes.pool import Pool
from server.processes.query_process import Worker
from server.processes.reception import HELD
from server.storage import store
from server.web import content_coding
from tests.server.data import BASE, LONG, make

ROOT = Path(__file__).parents[3]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
ALL = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


class Held:
    """A pool in an event loop of its own, asked from outside of it."""

    def __init__(self, data: Path, size: int = 1, limits: Limits | None = None, spare: int = 0) -> None:
        self.runner = asyncio.Runner()
        self.pool = Pool(data, size, limits or Limits(memory=2**30), spare=spare)
        self.run(self.pool.start())

    def run(self, asked: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(asked)

    def query(self, query: Query) -> Answer:
        answer: Answer = self.run(self.pool.run(query))
        return answer

    def rows(self, text: str, **more: Any) -> Rows:
        found: Rows = self.run(self.pool.rows(Query(text, rows=1000, **more)))
        return found

    def close(self) -> None:
        self.run(self.pool.close())
        self.runner.close()


@pytest.fixture(scope="module")
def pool(published: Path) -> Iterator[Held]:
    made = Held(published)
    yield made
    made.close()


def failure(pool: Held, query: Query) -> QueryFailed:
    with pytest.raises(QueryFailed) as caught:
        pool.query(query)
    return caught.value


def works(pool: Held) -> None:
    assert pool.rows("ASK { ?s a <https://w3id.org/kommungraf/ns#Meeting> }").boolean is True


async def abandon(answer: Answer) -> None:
    answer.abandon()


async def everything(answer: Answer) -> bytes:
    return b"".join([piece async for piece in answer.body()])


def test_a_query_over_its_time_is_stopped_and_its_process_replaced(pool: Held) -> None:
    began = time.monotonic()
    failed = failure(pool, Query(ENDLESS, seconds=0.8))
    assert failed.kind == "timeout" and failed.details["seconds"] == 0.8
    assert time.monotonic() - began < LONG
    works(pool)


def test_a_query_over_its_memory_kills_only_its_process(pool: Held) -> None:
    assert failure(pool, Query(GREEDY)).kind == "crash"
    works(pool)


@pytest.mark.parametrize("shape", [("{", "}"), ("(", ")"), ("EXISTS {", "}")])
def test_deep_nesting_neither_crashes_nor_hangs(pool: Held, shape: tuple[str, str]) -> None:
    opening, closing = shape
    depth = 60000 // len(opening + closing)
    inner = opening * depth + ("1" if opening == "(" else "") + closing * depth
    query = f"ASK {inner}" if opening == "{" else f"ASK {{ FILTER {inner} }}"
    try:
        pool.query(Query(query, seconds=3))
    except QueryFailed as failed:
        assert failed.kind in {"crash", "timeout", "syntax"}
    works(pool)


def test_a_process_that_died_while_idle_is_replaced_unseen(pool: Held) -> None:
    idle = pool.pool._idle[0]
    signal.pidfd_send_signal(idle.descriptor, signal.SIGKILL)
    pool.run(asyncio.sleep(0.2))
    assert idle not in pool.pool._workers
    works(pool)


def test_a_dead_forking_process_is_replaced(pool: Held) -> None:
    before = pool.pool.forker
    assert before
    os.kill(before, signal.SIGKILL)
    pool.run(asyncio.sleep(0.1))  # its children die with it
    works(pool)
    assert pool.pool.forker != before


def test_too_long_a_query_is_not_sent(pool: Held) -> None:
    assert failure(pool, Query("ASK {} #" + "å" * 33000)).kind == "too-long"


def test_errors_say_where(pool: Held) -> None:
    failed = failure(pool, Query("SELECT *\nWHERE {\n  ?s ?p }"))
    assert failed.kind == "syntax" and (failed.details["line"], failed.details["column"]) == (3, 10)
    failed = failure(pool, Query("SELECT * {\n?s a zork:x ; kg:adjustedOn 1 }"))
    assert failed.kind == "syntax" and failed.details["undeclared"] == ["zork", "kg"]
    failed = failure(pool, Query("ASK {\n FILTER(<http://x.example/f>(1)) }"))
    assert failed.details == {"function": "http://x.example/f", "line": 2, "column": 9}
    assert failure(pool, Query("ASK {}", default=("not an iri",))).kind == "dataset"
    assert failure(pool, Query("ASK {}", results=None)).details == {"form": "boolean"}
    assert failure(pool, Query("DESCRIBE <a:b>", graphs=None)).details == {"form": "graph"}


def test_a_large_result_is_streamed_whole(pool: Held) -> None:
    values = " ".join(str(number) for number in range(700))
    query = f"SELECT ?a ?b ?t {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} BIND('{'x' * 20}' AS ?t) }}"
    for coding in (None, "zstd"):
        answer = pool.query(Query(query, results="csv", coding=coding))
        assert answer.coding == coding
        assert coding or answer.whole is None
        body = pool.run(everything(answer))
        body = zstandard.ZstdDecompressor().decompressobj().decompress(body) if coding else body
        assert len(body) > HELD and body.count(b"\r\n") == 700 * 700 + 1
    works(pool)


def test_a_result_that_is_cut_says_so(published: Path) -> None:
    held = Held(published, limits=Limits(memory=2**30, result=3 * 2**20))
    try:
        answer = held.query(Query(ALL, results="csv"))
        assert answer.whole is None
        with pytest.raises(QueryFailed, match="too-large"):
            held.run(everything(answer))
        held.run(abandon(held.query(Query(ALL, results="csv"))))
        works(held)
    finally:
        held.close()


def test_what_a_client_is_shown_is_cut_and_what_a_page_needs_is_whole(pool: Held) -> None:
    query = "SELECT (STRDT(?y, <a:d>) AS ?a) (IRI(CONCAT('a:', ?y)) AS ?b) ?y ?z { %s BIND('kort'@sv AS ?z) }"
    long = "BIND('åäöåäöåäöå' AS ?x0) " + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(9))
    asked = query % f"{long} BIND(?x9 AS ?y)"
    whole = pool.rows(asked)
    assert [len(each.value) for each in whole.rows[0] if each] == [5120, 5122, 5120, 4] and not whole.cut
    cut = pool.rows(asked, cut=2000)
    typed, iri, plain, short = cut.rows[0]
    assert typed and iri and plain and short and cut.cut
    assert typed == Term("literal", "åäöåäöåäöå" * 200 + "…", None, "a:d", True)
    assert (iri.kind, len(iri.value), plain.value[-2:]) == ("literal", 2001, "å…")
    assert short == Term("literal", "kort", "sv", short.datatype)
    assert not pool.rows(asked, cut=6000).cut


def test_all_that_a_client_is_shown_is_bounded(pool: Held) -> None:
    long = "BIND('aaaaaaaaaaaaaaaa' AS ?x0) " + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(7))
    values = " ".join(map(str, range(500)))
    columns = " ".join(f"(?x7 AS ?y{n})" for n in range(5))
    asked = f"SELECT {columns} {{ {long} VALUES ?n {{ {values} }} }}"
    assert len(pool.rows(asked).rows) == 500
    with pytest.raises(QueryFailed) as caught:
        pool.rows(asked, cut=2000)
    assert (caught.value.kind, caught.value.details) == ("too-large", {"bytes": evaluation.TABLE})
    four = long.replace("a" * 16, "\U0001f600" * 16)
    wide = f"SELECT {columns} {{ {four} VALUES ?n {{ {values[:800]} }} }}"
    with pytest.raises(QueryFailed, match="too-large"):
        pool.rows(wide, cut=2000)
    none = " ".join(f"?v{n}" for n in range(1000))
    found = pool.rows(f"SELECT {none} {{ VALUES ?n {{ {values} }} }}", cut=2000)
    assert len(found.rows) == evaluation.CELLS // 1000 and found.more
    works(pool)


def test_small_results_are_not_coded(pool: Held) -> None:
    assert pool.query(Query("ASK {}", coding="gzip")).coding is None
    everything_there_is = pool.query(Query("SELECT * { ?s ?p ?o } LIMIT 100", coding="gzip"))
    assert everything_there_is.coding == "gzip"
    assert everything_there_is.whole and everything_there_is.whole[:2] == b"\x1f\x8b"


def test_queries_that_give_something_else_each_time_are_told_apart(pool: Held) -> None:
    assert pool.query(Query("SELECT (1 AS ?a) {}")).fixed
    for call in ("NOW()", "rand()", "UUID()", "STRUUID()"):
        assert not pool.query(Query(f"SELECT ({call} AS ?a) {{}}")).fixed


def test_several_default_graphs_are_merged_without_repetition(pool: Held) -> None:
    graphs = (f"{BASE}/id/graph/aaaaaaaaaaaaaaaa", f"{BASE}/id/graph/bbbbbbbbbbbbbbbb")
    label = f"<{BASE}/id/body/9999/socialnamnden> <http://www.w3.org/2000/01/rdf-schema#label> ?l"

    def count(where: str, head: str = "", **more: tuple[str, ...]) -> str:
        row = pool.rows(f"SELECT (COUNT(*) AS ?n) {head} WHERE {{ {where} }}", **more).rows[0][0]
        return row.value if row else ""

    assert count(label, default=graphs) == "1"
    assert count(label, f"FROM <{graphs[0]}> FROM <{graphs[1]}>") == "1"
    assert count("?s a <https://w3id.org/kommungraf/ns#Meeting>", default=graphs[:1]) == "1"
    assert count("?s a <https://w3id.org/kommungraf/ns#Meeting>", f"FROM <{graphs[0]}>", default=graphs) == "2"
    assert count("GRAPH ?g { ?s a <https://w3id.org/kommungraf/ns#Meeting> }", named=graphs[:1]) == "1"
    assert count("?s ?p ?o", default=("http://nobody.example/",)) == "0"


def test_another_published_version_is_seen(tmp_path: Path) -> None:
    documents = make(tmp_path)
    first = store.publish(tmp_path, documents[:1], BASE)
    pool = Held(tmp_path, size=2)
    try:
        meetings = "SELECT ?m { ?m a <https://w3id.org/kommungraf/ns#Meeting> }"
        assert len(pool.rows(meetings).rows) == 1
        second = store.publish(tmp_path, documents, BASE)
        assert len(pool.rows(meetings).rows) == len(pool.rows(meetings).rows) == 2
        assert pool.query(Query("ASK {}")).version == second.version
        store.publish(tmp_path, documents[1:], BASE)
        pool.run(asyncio.sleep(1.5))  # idle processes leave a version within a second
        store.publish(tmp_path, documents, BASE)
        folders = [path.name for path in (tmp_path / "store").iterdir() if (path / "quads").exists()]
        assert first.version not in folders and len(folders) <= 2
    finally:
        pool.close()


def test_all_busy(published: Path) -> None:
    held = Held(published, limits=Limits(memory=2**30, patience=0.2))

    async def two() -> tuple[str, str]:
        long = asyncio.ensure_future(kind(held.pool.run(Query(ENDLESS, seconds=0.7))))
        await asyncio.sleep(0.1)
        return await kind(held.pool.run(Query("ASK {}"))), await long

    try:
        assert held.run(two()) == ("busy", "timeout")
        works(held)
    finally:
        held.close()


async def kind(asked: Awaitable[Answer]) -> str:
    try:
        await asked
    except QueryFailed as failed:
        return failed.kind
    return "answered"


def test_one_client_does_not_take_all_processes(published: Path) -> None:
    held = Held(published, size=2)

    async def storm() -> tuple[str, float, list[str]]:
        evil = [asyncio.ensure_future(kind(held.pool.run(Query(ENDLESS, seconds=1, client="a")))) for _ in range(3)]
        await asyncio.sleep(0.1)
        began = time.monotonic()
        other = await kind(held.pool.run(Query("ASK {}", client="b")))
        took = time.monotonic() - began
        evil[2].cancel()  # one that waits for its turn, and leaves
        return other, took, [await each for each in evil[:2]]

    try:
        other, took, evil = held.run(storm())
        assert other == "answered" and took < 0.9 and evil == ["timeout", "timeout"]
        assert not held.pool._running and not held.pool._waiting
        works(held)
    finally:
        held.close()


def test_a_process_that_stands_by_takes_the_place_of_one_that_a_query_ended(published: Path) -> None:
    """No other is started meanwhile; and it does not add to the queries that run at once."""
    held = Held(published, size=1, spare=1)

    async def both() -> tuple[str, float]:
        while len(held.pool._workers) < 2:
            await asyncio.sleep(0.01)
        assert held.pool.idle == 1
        held.pool._starts = asyncio.Semaphore(0)
        began = time.monotonic()
        endless = asyncio.create_task(held.pool.run(Query(ENDLESS, seconds=0.3)))
        await asyncio.sleep(0.05)
        assert held.pool.idle == 0 and len(held.pool._idle) == 1
        await held.pool.run(Query("ASK {}", "json"))
        took = time.monotonic() - began
        assert held.pool.idle == 1 and len(held.pool._workers) == 1
        held.pool._starts.release()
        try:
            await endless
        except QueryFailed as failed:
            return failed.kind, took
        return "answered", took

    try:
        kind, took = held.run(both())
        assert kind == "timeout" and took >= 0.3
    finally:
        held.close()


def test_however_many_are_killed_at_once_the_next_query_is_answered(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other is noticed, as on a busy machine; those that stand by are more than may be tried."""
    monkeypatch.setattr("server.processes.pool.SETTLED", 1.0)
    monkeypatch.setattr("server.processes.pool.SUDDEN", 60.0)
    held = Held(published, size=1, spare=3)

    async def gone(worker: Worker) -> None:
        signal.pidfd_send_signal(worker.descriptor, signal.SIGKILL)
        while worker in held.pool._workers:
            await asyncio.sleep(0.01)

    async def killed() -> str:
        while len(held.pool._workers) < 4:
            await asyncio.sleep(0.01)
        all_of_them = list(held.pool._workers)
        for worker in all_of_them:
            signal.pidfd_send_signal(worker.descriptor, signal.SIGSTOP)
        asked = asyncio.create_task(held.pool.run(Query("ASK {}", "json")))
        await asyncio.sleep(0)
        [first] = [worker for worker in all_of_them if worker.asked]
        await gone(first)
        await asyncio.sleep(0.01)
        for worker in all_of_them:
            if worker is not first:
                await gone(worker)
        return (await asked).form

    try:
        assert held.run(killed())
    finally:
        held.close()


def test_a_process_that_ended_as_soon_as_it_was_ready_is_not_asked(published: Path) -> None:
    held = Held(published, size=1)
    forker = held.pool._forker

    class Ended:
        async def worker(self, *told: Any) -> Worker | None:
            worker = await forker.worker(*told)
            assert worker and worker.line
            worker.line.close()
            return worker

    try:
        held.pool._forker = Ended()  # type: ignore[assignment]
        assert held.run(held.pool._start()) is False and len(held.pool._workers) == 1
        held.pool._forker = forker
        works(held)
    finally:
        held.close()


def test_what_cannot_be_forked_is_tried_again_and_harms_none_that_runs(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second fork fails, as it does where a limit of processes is reached."""
    (tmp_path / "sitecustomize.py").write_text(
        "import errno, itertools, os\n"
        "fork, calls = os.fork, itertools.count(1)\n"
        "def limited():\n"
        "    if next(calls) == 2: raise BlockingIOError(errno.EAGAIN, 'Resource temporarily unavailable')\n"
        "    return fork()\n"
        "os.fork = limited\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    held = Held(published, size=1, spare=1)
    [first] = held.pool._workers

    async def two() -> None:
        while len(held.pool._workers) < 2:
            await asyncio.sleep(0.01)

    try:
        held.run(asyncio.wait_for(two(), 5))
        assert first in held.pool._workers and held.pool.replaced == 0
        works(held)
    finally:
        held.close()


def test_whatever_keeps_a_process_from_being_started_is_told_and_tried_again(
    published: Path, caplog: pytest.LogCaptureFixture
) -> None:
    held = Held(published, size=1)
    forker = held.pool._forker

    class Refusing:
        tries = 0

        async def worker(self, *told: Any) -> Worker | None:
            self.tries += 1
            if self.tries == 1:
                raise RuntimeError("can't start new thread")
            return await forker.worker(*told) if self.tries > 2 else None

    async def one_more() -> None:
        held.pool._start_one_more()
        while len(held.pool._workers) < 2:
            await asyncio.sleep(0.01)

    try:
        held.pool._forker = Refusing()  # type: ignore[assignment]
        held.run(asyncio.wait_for(one_more(), 5))
        held.pool._forker = forker
        assert "can't start new thread" in caplog.text and "did not open the store" in caplog.text
    finally:
        held.close()


def test_without_descriptors_queries_are_stopped_all_the_same(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long query is to yield to others, for which its threads are listed."""
    held = Held(published, size=1)
    listed = os.listdir

    def full(path: str) -> list[str]:
        if path.startswith("/proc/"):
            raise OSError(errno.EMFILE, "Too many open files")
        return listed(path)

    try:
        monkeypatch.setattr("server.processes.query_process.os.listdir", full)
        assert failure(held, Query(ENDLESS, seconds=0.5)).kind == "timeout"
        monkeypatch.undo()
        works(held)
    finally:
        held.close()


def test_a_forker_that_was_closed_starts_nothing_more(published: Path) -> None:
    held = Held(published, size=1)
    held.close()
    assert held.pool._forker.fork() is None and held.pool.forker is None


def test_the_process_that_has_read_most_goes_to_those_whose_queries_are_short(published: Path) -> None:
    """One that is new is the last choice; a client whose queries end processes gets it, and gets it again."""
    held = Held(published, size=3)

    async def there() -> list[Worker]:
        while held.pool.idle < 3:
            await asyncio.sleep(0.01)
        return list(held.pool._idle)

    try:
        first, second, warm = held.run(there())
        held.rows("ASK {}", client="b")
        assert held.run(there()) == [first, second, warm]
        assert failure(held, Query(ENDLESS, seconds=0.1, client="a")).kind == "timeout"
        new, *others = held.run(there())
        assert others == [first, second] and new not in (first, second, warm)
        assert failure(held, Query(ENDLESS, seconds=0.1, client="a")).kind == "timeout"
        newer, *others = held.run(there())
        assert others == [first, second] and newer != new
        held.rows("ASK {}", client="b")
        assert held.run(there()) == [newer, first, second]
        held.rows("ASK {}", client="a")
        assert held.run(there()) == [newer, first, second]
    finally:
        held.close()


def test_a_client_that_leaves_while_it_is_answered_frees_the_process(pool: Held) -> None:
    async def leave() -> None:
        asked = asyncio.ensure_future(pool.pool.run(Query(ENDLESS, seconds=30)))
        await asyncio.sleep(0.1)
        asked.cancel()
        await asyncio.sleep(0)
        await asyncio.wait_for(pool.pool.rows(Query("ASK {}", rows=1)), 5)

    pool.run(leave())


def test_query_processes_die_with_the_process_that_uses_them(published: Path) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from server.processes.pool import Pool\n"
        "async def main():\n"
        "    pool = Pool(Path(sys.argv[1]), size=2); await pool.start()\n"
        "    print(pool.forker, flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(published)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        forker = int(process.stdout.readline())
        children = [int(pid) for pid in Path(f"/proc/{forker}/task/{forker}/children").read_text().split()]
        assert len(children) == 2
        process.kill()
    until = time.monotonic() + LONG
    while any(_runs(pid) for pid in [forker, *children]):
        assert time.monotonic() < until, "query processes outlived their parent"
        time.sleep(0.05)


def test_only_python_writes_to_the_standard_error_of_query_processes(published: Path) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from server.processes.pool import Pool\n"
        "from server.asking import Limits, Query, QueryFailed\n"
        "async def main():\n"
        "    pool = Pool(Path(sys.argv[1]), 1, Limits(memory=2**30)); await pool.start()\n"
        "    try: await pool.run(Query(sys.argv[2]))\n"
        "    except QueryFailed as failed: print(failed.kind)\n"
        "    await pool.close()\n"
        "asyncio.run(main())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(published), GREEDY], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert (ran.stdout, ran.stderr) == ("crash\n", "")
    code = (
        "import os, socket; from pathlib import Path; from server.processes import worker\n"
        "def fault(*given): os.write(2, b'engine'); raise LookupError('a fault')\n"
        "worker.serve = fault\n"
        "worker._child(os.getppid(), socket.socket(), worker.Settings('.', 2**30, {}, None))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert "Traceback" in ran.stderr and "LookupError: a fault" in ran.stderr and "engine" not in ran.stderr


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_nothing_leaves_a_query_process() -> None:
    """The engine itself, past every check of the text, cannot reach a listener on this machine."""
    code = (
        "import sys, pyoxigraph, socket; from server.processes import isolation; isolation.no_network()\n"
        "query = 'SELECT * { SERVICE <http://127.0.0.1:%s/> { ?s ?p ?o } }' % sys.argv[1]\n"
        "for text in (query, query.replace('SERVICE', 'SERVICE SILENT')):\n"
        "    try: print(list(pyoxigraph.Store().query(text)))\n"
        "    except (OSError, RuntimeError): print('refused')\n"
        "try: socket.socket(); print('socket')\n"
        "except PermissionError: print('no socket')\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        ran = subprocess.run(
            [sys.executable, "-c", code, str(listener.getsockname()[1])], capture_output=True, text=True, cwd=ROOT
        )
        assert ran.stdout.split("\n")[0] == "refused" and "no socket" in ran.stdout, ran.stderr
        with pytest.raises(TimeoutError):
            listener.accept()


def test_frames_that_are_cut_are_noticed() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        buffer = bytearray()
        frames.send(ours, frames.frame(frames.DATA, b"whole"))
        assert frames.receive(theirs, buffer) == [(frames.DATA, b"whole")]
        ours.sendall(
            frames.frame(frames.DATA, b"a") + frames.frame(frames.END) + frames.frame(frames.DATA, b"b")[:-1]
        )
        assert frames.receive(theirs, buffer) == [(frames.DATA, b"a"), (frames.END, b"")]
        ours.sendall(b"b" + frames.HEAD.pack(frames.DATA, 10) + b"half")
        assert frames.receive(theirs, buffer) == [(frames.DATA, b"b")]
        with pytest.raises(BlockingIOError):
            frames.receive(theirs, buffer, socket.MSG_DONTWAIT)
        ours.close()
        with pytest.raises(frames.Closed):
            frames.receive(theirs, buffer)


def test_small_graphs_are_written_the_same_way_each_time() -> None:
    triples = [
        ox.Triple(ox.NamedNode(f"http://a.example/{n}"), ox.NamedNode("http://b.example/p"), ox.Literal(n))
        for n in range(5)
    ]
    prefixes = {"a": "http://a.example/", "b": "http://b.example/", "c": "http://c.example/"}
    texts = []
    for order in (triples, triples[::-1]):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            sink = evaluation.Sink(ours, frames.Outcome("graph", "turtle", "", True, 0.0, "v"))
            evaluation.with_prefixes(iter(order), "turtle", prefixes, sink)
            sink.end(0.0)
            [(kind, content)] = frames.split(bytearray(theirs.recv(frames.SIZE)))
            assert kind == frames.WHOLE
            texts.append(frames.parted(content)[1].decode())
    assert texts[0] == texts[1]
    assert texts[0].startswith("@prefix a: <http://a.example/> .\n@prefix b: ") and "c.example" not in texts[0]
    assert os.linesep in texts[0]


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, None), ("", None), ("identity", None), ("gzip", "gzip"), ("gzip, zstd", "zstd"), ("gzip;q=1, zstd;q=0.5", "gzip"),
        ("gzip;q=0", None), ("*", "zstd"), ("*;q=0", None), ("br", None), ("identity;q=1, gzip;q=0.5", None), ("x-gzip", "gzip"),
        ("gzip;q=2", None), ("GZIP;Q=0.3", "gzip"), ("zstd;q=0, *;q=0.1", "gzip"),
    ],
)  # fmt: skip
def test_the_content_coding_that_is_liked_best(header: str | None, chosen: str | None) -> None:
    assert content_coding.choose(header) == chosen


def test_frames_in_one_piece_and_in_many() -> None:
    sent = frames.frame(frames.OUTCOME, b"{}") + frames.frame(frames.DATA, b"x" * 70000) + frames.frame(frames.END)
    expected = [(frames.OUTCOME, b"{}"), (frames.DATA, b"x" * 70000), (frames.END, b"")]
    for step in (1, 7, 1000, len(sent)):
        buffer, found = bytearray(), []
        for at in range(0, len(sent), step):
            buffer += sent[at : at + step]
            found += list(frames.split(buffer))
        assert found == expected and not buffer


def test_the_kernel_ends_query_processes_first(pool: Held) -> None:
    pool.rows("ASK {}")
    for worker in pool.pool._workers:
        assert Path(f"/proc/{worker.number}/oom_score_adj").read_text() == "1000\n"

"""Query processes: their answers, their limits, and that none outlives its parent."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from server import evaluation, frames, store
from server.pool import IN_MEMORY, Pool, Query, QueryFailed
from tests.server.data import BASE, LONG, make

ROOT = Path(__file__).parents[2]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"


@pytest.fixture(scope="module")
def pool(published: Path) -> Iterator[Pool]:
    made = Pool(published, size=1, memory=2**30)
    yield made
    made.close()


def failure(pool: Pool, query: Query) -> QueryFailed:
    with pytest.raises(QueryFailed) as caught:
        pool.query(query)
    return caught.value


def works(pool: Pool) -> None:
    assert pool.rows("ASK { ?s a <https://w3id.org/kommungraf/ns#Meeting> }").boolean is True


def test_a_query_over_its_time_is_stopped_and_its_process_replaced(pool: Pool) -> None:
    began = time.monotonic()
    failed = failure(pool, Query(ENDLESS, seconds=0.5))
    assert failed.kind == "timeout" and failed.details["seconds"] == 0.5
    assert time.monotonic() - began < LONG
    works(pool)


def test_a_query_over_its_memory_kills_only_its_process(pool: Pool) -> None:
    assert failure(pool, Query(GREEDY)).kind == "crash"
    works(pool)


@pytest.mark.parametrize("shape", [("{", "}"), ("(", ")"), ("EXISTS {", "}")])
def test_deep_nesting_neither_crashes_nor_hangs(pool: Pool, shape: tuple[str, str]) -> None:
    opening, closing = shape
    depth = 60000 // len(opening + closing)
    inner = opening * depth + ("1" if opening == "(" else "") + closing * depth
    query = f"ASK {inner}" if opening == "{" else f"ASK {{ FILTER {inner} }}"
    try:
        pool.query(Query(query, seconds=3))
    except QueryFailed as failed:
        assert failed.kind in {"crash", "timeout", "syntax"}
    works(pool)


def test_a_process_that_died_while_idle_is_replaced_unseen(pool: Pool) -> None:
    idle = pool._take()
    signal.pidfd_send_signal(idle.process, signal.SIGKILL)
    pool._idle.put(idle)
    time.sleep(0.1)
    works(pool)


def test_a_dead_forking_process_is_replaced(pool: Pool) -> None:
    assert pool._forker is not None
    pool._forker.process.kill()
    time.sleep(0.3)  # its children die with it
    works(pool)


def test_too_long_a_query_is_not_sent(pool: Pool) -> None:
    assert failure(pool, Query("ASK {} #" + "å" * 33000)).kind == "too-long"


def test_errors_say_where(pool: Pool) -> None:
    failed = failure(pool, Query("SELECT *\nWHERE {\n  ?s ?p }"))
    assert failed.kind == "syntax" and (failed.details["line"], failed.details["column"]) == (3, 10)
    assert failure(pool, Query("ASK {}", default=("not an iri",))).kind == "dataset"
    assert failure(pool, Query("ASK {}", results=None)).details == {"form": "boolean"}
    assert failure(pool, Query("DESCRIBE <a:b>", graphs=None)).details == {"form": "graph"}


def test_a_large_result_is_whole_and_waits_on_disk(pool: Pool) -> None:
    values = " ".join(str(number) for number in range(700))
    query = f"SELECT ?a ?b ?t {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} BIND('{'x' * 20}' AS ?t) }}"
    outcome = pool.query(Query(query, results="csv"))
    assert outcome.spilled is not None and outcome.length > IN_MEMORY
    body = b"".join(outcome.body())
    assert len(body) == outcome.length and body.count(b"\r\n") == 700 * 700 + 1
    works(pool)


def test_several_default_graphs_are_merged_without_repetition(pool: Pool) -> None:
    graphs = (f"{BASE}/id/graph/aaaaaaaaaaaaaaaa", f"{BASE}/id/graph/bbbbbbbbbbbbbbbb")
    label = f"<{BASE}/id/body/9999/socialnamnden> <http://www.w3.org/2000/01/rdf-schema#label> ?l"

    def count(where: str, head: str = "", **more: tuple[str, ...]) -> str:
        row = pool.rows(f"SELECT (COUNT(*) AS ?n) {head} WHERE {{ {where} }}", **more).rows[0][0]  # type: ignore[arg-type]
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
    pool = Pool(tmp_path, size=2)
    try:
        meetings = "SELECT ?m { ?m a <https://w3id.org/kommungraf/ns#Meeting> }"
        assert len(pool.rows(meetings).rows) == 1
        second = store.publish(tmp_path, documents, BASE)
        assert len(pool.rows(meetings).rows) == len(pool.rows(meetings).rows) == 2
        assert pool.query(Query("ASK {}")).version == second.version
        assert not (tmp_path / "store" / first.version).exists()  # idle processes left it within the wait
    finally:
        pool.close()


def test_all_busy(published: Path) -> None:
    pool = Pool(published, size=1, patience=0.2)
    try:
        busy = threading.Thread(target=lambda: failure(pool, Query(ENDLESS, seconds=1)))
        busy.start()
        time.sleep(0.1)
        assert failure(pool, Query("ASK {}")).kind == "busy"
        busy.join()
        works(pool)
    finally:
        pool.close()


def test_query_processes_die_with_the_process_that_uses_them(published: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from server.pool import Pool\n"
        "pool = Pool(Path(sys.argv[1]), size=2); print(pool._forker.process.pid, flush=True); time.sleep(60)"
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
        "import sys; from pathlib import Path; from server.pool import Pool, Query, QueryFailed\n"
        "pool = Pool(Path(sys.argv[1]), size=1, memory=2**30)\n"
        "try: pool.query(Query(sys.argv[2]))\n"
        "except QueryFailed as failed: print(failed.kind)\n"
        "pool.close()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(published), GREEDY], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert (ran.stdout, ran.stderr) == ("crash\n", "")
    code = (
        "import os, socket; from pathlib import Path; from server import worker\n"
        "def fault(*given): os.write(2, b'engine'); raise LookupError('a fault')\n"
        "worker.serve = fault\n"
        "worker._child(os.getppid(), socket.socket(), Path(), 2**30)"
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
        "import sys, pyoxigraph, socket; from server import isolation; isolation.no_network()\n"
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
        frames.send(ours, frames.DATA, b"whole")
        assert frames.receive(theirs) == (frames.DATA, b"whole")
        ours.sendall(frames.HEAD.pack(frames.DATA, 10) + b"half")
        ours.close()
        with pytest.raises(frames.Closed):
            frames.receive(theirs)


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
            sink = evaluation.Sink(ours)
            evaluation.with_prefixes(iter(order), "turtle", prefixes, sink)
            sink.flush()
            texts.append(frames.receive(theirs)[1].decode())
    assert texts[0] == texts[1]
    assert texts[0].startswith("@prefix a: <http://a.example/> .\n@prefix b: ") and "c.example" not in texts[0]
    assert os.linesep in texts[0]

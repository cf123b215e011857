"""Serving: the store built beside a bare bulk load, and a look-up through each layer that guards it."""

import http.client
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pyoxigraph as ox

from mapping.document import BASE, PersonLines, judge, read
from mapping.identity import person_quads, resolve
from mapping.records import Refused
from server import snapshot, store
from server.pool import Pool, Query
from tests.benchmarks import generate
from tests.benchmarks.growth import COMMAND
from tests.benchmarks.measure import Figure, cpu, wall

QUERY = "SELECT ?p ?o WHERE { <%s> ?p ?o }"
START = 30.0  # seconds the server has to answer for the first time


def figures(documents: int = 24, calls: int = 200, runs: int = 3) -> Iterator[Figure]:
    """(e) the store of some invented minutes built, and its resources looked up one by one."""
    with TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        files = _write(data, documents)
        yield _build(data, Path(temporary), files, runs)
        yield from _lookups(data, calls)


def _write(data: Path, documents: int) -> list[Path]:
    """The graphs of the first invented minutes, laid out as ingest does."""
    (data / "documents").mkdir(parents=True)
    found = [read(generate.minutes(number).encode()) for number in range(documents)]
    readings = [each for each in found if not isinstance(each, Refused)]
    persons = resolve(mention for reading in readings for mention in reading.mentions)
    told = person_quads(persons, BASE)
    (data / "persons.nq").write_text(told, encoding="utf-8")
    about = PersonLines.read(told)
    files = []
    for reading in readings:
        path = data / "documents" / f"{reading.id}.nq"
        path.write_text(judge(reading, persons, about).quads, encoding="utf-8")
        files.append(path)
    return [*files, data / "persons.nq"]


def _build(data: Path, scratch: Path, files: list[Path], runs: int) -> Figure:
    lines, bare_store = scratch / "load.nq", scratch / "bare"
    store.build(data, BASE)
    published = snapshot.open_current(data)
    published.store.dump(lines, ox.RdfFormat.N_QUADS)
    published.close()

    def ours() -> None:
        shutil.rmtree(data / "store", ignore_errors=True)
        store.build(data, BASE)

    def bare() -> None:
        shutil.rmtree(bare_store, ignore_errors=True)
        opened = ox.Store(str(bare_store))
        opened.bulk_load(path=str(lines), format=ox.RdfFormat.N_QUADS)
        opened.flush()

    mine, theirs = cpu(ours, bare, runs=runs)
    return Figure("store", "store.build", mine, store.about(data)["quads"], "quads", "bare bulk_load", theirs)


def _lookups(data: Path, calls: int) -> Iterator[Figure]:
    opened = snapshot.open_current(data)
    pool = Pool(data, size=1)
    asked = [cycle(_queries(opened.store)) for _ in range(3)]
    try:
        with _served(data) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START)

            def direct() -> None:
                answer = opened.store.query(next(asked[0]))
                assert isinstance(answer, ox.QuerySolutions)
                _some(answer.serialize(format=ox.QueryResultsFormat.JSON))

            def pooled() -> None:
                _some(b"".join(pool.query(Query(next(asked[1]))).body()))

            def served() -> None:
                _some(_got(connection, next(asked[2])))

            first, second, third = wall(direct, pooled, served, calls=calls)
            connection.close()
    finally:
        pool.close()
        opened.close()
    against = "Store.query"
    yield Figure("look-up", "p50 through the pool", second, 1, "queries", against, first, "wall")
    yield Figure("look-up", "p50 through HTTP and the pool", third, 1, "queries", against, first, "wall")


def _queries(opened: ox.Store) -> list[str]:
    """A look-up of each of a hundred persons."""
    persons = opened.query("SELECT DISTINCT ?x { ?x a <http://xmlns.com/foaf/0.1/Person> } ORDER BY ?x LIMIT 100")
    assert isinstance(persons, ox.QuerySolutions)
    return [QUERY % person["x"].value for person in persons]


def _some(answer: bytes | None) -> None:
    if not answer or b'"value"' not in answer:
        raise RuntimeError(f"a look-up found nothing: {answer!r}")


def _got(connection: http.client.HTTPConnection, query: str) -> bytes:
    connection.request("GET", f"/sparql?query={quote(query)}", headers={"Accept": "application/sparql-results+json"})
    return connection.getresponse().read()


@contextmanager
def _served(data: Path) -> Iterator[int]:
    """The port of a server over a data folder, in processes of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command: list[str | Path] = [COMMAND, "serve", "--data", data, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START)
            _got(connection, "ASK {}")
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")

"""A second engine behind the same interface, with a default graph of its own: the server of the package oxigraph."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.asking import Query, QueryFailed
from server.processes import evaluation
from server.remote import engine_load
from server.remote.engine import Address, RemoteEngine
from server.storage import snapshot
from tests.engines.data import BASE, QUERIES, publish, rows, table, with_engine
from tests.engines.serving import oxigraph
from tests.engines.test_virtuoso_load import quad


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    with oxigraph() as (address, _):
        yield address


def test_the_26_queries_have_the_same_rows(address: Address, small: Path) -> None:
    opened = snapshot.open_current(small)

    async def differing(remote: RemoteEngine) -> list[str]:
        assert remote.dialect and remote.dialect.merge == "own"
        loaded = await engine_load.load(remote, small)
        assert loaded.sent == loaded.graphs == 8
        assert (await engine_load.load(remote, small)).sent == 0
        texts = [path.read_text("utf-8") for path in QUERIES]
        texts.append("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        return [text for text in texts if await table(remote, text) != rows(opened.store.query(text))]

    assert with_engine(address, differing) == []
    opened.close()


def test_what_went_is_gone(address: Address, tmp_path: Path) -> None:
    async def texts(remote: RemoteEngine) -> list[int]:
        counts = []
        for quads in ([quad("a", 1), quad("b", 2, "gone")], [quad("a", 1)]):
            await engine_load.load(remote, publish(tmp_path, quads))
            found = await remote.ask_as_it_is("SELECT ?s { { ?s ?p 'gone' } UNION { GRAPH ?g { ?s ?p 'gone' } } }")
            counts.append(len(found.rows))
        return counts

    assert with_engine(address, texts) == [2, 0]


WRONG = [
    "ASK {",
    f"SELECT ?x {{ <{BASE}> ?x }}",
    "SELECT *\nWHERE {\n  ?s ?p }",
    "SELECT * FROM <urn:a>\nFROM <urn:b> { ?s ?p ?o ; }}",
    "SELECT * { GRAPH ?g { ?s ?p ?o } ?s ?p }",
    "SELECT * { GRAPH ?g { ?s ?p ?o }\n ?s ?p } # GRAPH",
    "SELECT * { GRAPH ?g { ?s ?p ?o } } }",
    "SELECT * {\n ?s a zork:thing }",
]


def test_a_syntax_error_is_told_with_the_place_that_it_has_at_home(address: Address, small: Path) -> None:
    async def failed(remote: RemoteEngine) -> list[QueryFailed]:
        await engine_load.load(remote, small)
        found = []
        for query in WRONG:
            with pytest.raises(QueryFailed) as caught:
                await remote.rows(Query(query, rows=10))
            found.append(caught.value)
        return found

    engine = RemoteEngine(address, endpoint="https://site.example/sparql")
    for query, failure in zip(WRONG, with_engine(address, failed, engine), strict=True):
        with pytest.raises(evaluation.Refusal) as caught:
            evaluation.evaluate(ox.Store(), query, [], [])
        home = caught.value.failure
        place = (failure.details["line"], failure.details["column"])
        assert failure.kind == "syntax" and "error at" not in failure.details["message"], query
        assert place == ((2, 7) if "zork" in query else (home["line"], home["column"])), query

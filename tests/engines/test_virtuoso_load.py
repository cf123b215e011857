"""Virtuoso is loaded, brought up to date and counted; nobody without a password writes there; limits hold there."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import kommungraf
from server.asking import Limits, Query, QueryFailed
from server.remote import client as remote_http
from server.remote import engine_load
from server.remote.dialect import MARKER
from server.remote.engine import Address, RemoteEngine
from server.remote.engine_load import LoadFailed
from server.remote.graph_client import GraphStore
from server.remote.virtuoso import VirtuosoLoader
from tests.engines import data, virtuoso
from tests.engines.data import BASE, with_engine
from tests.engines.virtuoso import Virtuoso

WORD = "kommungraf-test-word"


def writer(engine: Virtuoso) -> Address:
    return Address(engine.query, f"{engine.query}-graph-crud-auth", engine.user, engine.password)


def quad(graph: str, number: int, text: str = WORD) -> ox.Quad:
    name = ox.NamedNode(f"{BASE}/id/graph/{graph}")
    return ox.Quad(ox.NamedNode(f"{BASE}/id/x/{number}"), ox.NamedNode("urn:says"), ox.Literal(text), name)


def bulk(engine: Virtuoso) -> VirtuosoLoader:
    return VirtuosoLoader(engine.load, f"127.0.0.1:{engine.sql}", engine.user, engine.password, engine.isql)


def loaded(engine: Virtuoso, folder: Path, loader: VirtuosoLoader | None = None) -> engine_load.Loaded:
    return with_engine(writer(engine), lambda remote: engine_load.load(remote, folder, loader, leave=0))


def values(engine: Virtuoso, query: str) -> list[str | None]:
    found = with_engine(Address(engine.query), lambda remote: remote.ask_as_it_is(query))
    return [row[0].value if row[0] else None for row in found.rows]


def dropped(engine: Virtuoso, *names: str) -> None:
    async def drop(remote: RemoteEngine) -> None:
        async with remote_http.session(remote.address) as session:
            for name in names:
                await GraphStore(session, remote.address.graphs).delete(name)

    with_engine(writer(engine), drop)


@pytest.mark.parametrize("by", ["http", "bulk"])
def test_only_what_changed_is_sent_and_what_went_is_gone(engine: Virtuoso, tmp_path: Path, by: str) -> None:
    loader = bulk(engine) if by == "bulk" else None
    dropped(engine, MARKER)
    kept, gone = [quad("a", 1), quad("a", 2)], [quad("b", 1), quad("b", 3, "secret-of-b")]
    first = loaded(engine, data.publish(tmp_path, [*kept, *gone]), loader)
    assert (first.graphs, first.sent, first.quads) == (5, 5, first.triples + 1)
    assert loaded(engine, tmp_path, loader).sent == 0
    second = loaded(engine, data.publish(tmp_path, [*kept, quad("c", 4)]), loader)
    assert (second.sent, second.removed, second.triples) == (1, 1, first.triples)
    assert values(engine, 'SELECT ?g { GRAPH ?g { ?s ?p ?o FILTER(STR(?o) = "secret-of-b") } }') == []
    merges = values(
        engine, 'SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), "urn:kommungraf:merge")) }'
    )
    assert merges == [f"urn:kommungraf:merge:{second.version}"]
    assert not list(engine.load.iterdir())


def test_a_graph_that_lost_a_triple_there_is_noticed_and_mended(engine: Virtuoso, tmp_path: Path) -> None:
    first = loaded(engine, data.publish(tmp_path, [quad("a", 1), quad("a", 2)]))
    dropped(engine, f"{BASE}/id/graph/a", f"urn:kommungraf:merge:{first.version}")
    assert loaded(engine, tmp_path).sent == 1
    count = "SELECT (COUNT(*) AS ?n) { GRAPH <%s> { ?s ?p ?o } }"
    assert values(engine, count % f"{BASE}/id/graph/a") == ["2"]
    assert values(engine, count % f"urn:kommungraf:merge:{first.version}") == [str(first.triples)]


def test_a_short_count_names_the_graph(engine: Virtuoso, tmp_path: Path) -> None:
    """Virtuoso holds 1.5 as a decimal and as a double for the same value: one of the two triples is lost."""
    kinds = ("decimal", "double")
    lost = [
        ox.Quad(
            ox.NamedNode("urn:s"),
            ox.NamedNode("urn:p"),
            ox.Literal("1.5", datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}")),
            ox.NamedNode(f"{BASE}/id/graph/short"),
        )
        for kind in kinds
    ]
    with pytest.raises(LoadFailed, match=f"{BASE}/id/graph/short holds 1 triples in the engine and 2"):
        loaded(engine, data.publish(tmp_path, lost))


def test_a_file_that_virtuoso_does_not_load_is_told(
    engine: Virtuoso, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = data.publish(tmp_path / "data", [quad("d", 1)])
    dropped(engine, MARKER)
    refusing = tmp_path / "isql"
    refusing.write_text("#!/bin/sh\necho '*** Error 28000: [Virtuoso Driver]CL034: Bad login'\n")
    refusing.chmod(0o755)
    with pytest.raises(LoadFailed, match="no login"):
        loaded(engine, folder, replace(bulk(engine), isql=str(refusing)))
    with pytest.raises(LoadFailed, match="is missing: install"):
        loaded(engine, folder, replace(bulk(engine), isql=str(tmp_path / "none")))

    name = "kommungraf-0.nq"
    content = b"<urn:a> <urn:b> broken <urn:c> .\n"

    def broken(where: Path, *_: object) -> list[str]:
        (where / name).write_bytes(content)
        return [name]

    monkeypatch.setattr("server.remote.virtuoso._write", broken)
    with pytest.raises(LoadFailed, match="holds 0 triples in the engine"):  # it skips the line, and says nothing
        loaded(engine, folder, bulk(engine))
    content = b"no quads"
    with pytest.raises(LoadFailed, match=r"Virtuoso did not load kommungraf-0\.nq \(state"):
        loaded(engine, folder, bulk(engine))


def test_nobody_writes_without_a_password(engine: Virtuoso, tmp_path: Path) -> None:
    folder = data.publish(tmp_path, [quad("e", 1)])
    nobody = Address(engine.query, engine.query.replace("/sparql", "/sparql-graph-crud"))
    with pytest.raises(LoadFailed, match="not allowed"):
        with_engine(nobody, lambda remote: engine_load.load(remote, folder, leave=0))
    wrong = Address(engine.query, f"{engine.query}-graph-crud-auth", "dba", "wrong")
    with pytest.raises(LoadFailed, match="not allowed"):
        with_engine(wrong, lambda remote: engine_load.load(remote, folder, leave=0))


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as heard:
        heard.bind(("127.0.0.1", 0))
        heard.listen()
        heard.settimeout(0.5)
        yield heard


ATTACKS = {
    "update": "INSERT DATA { GRAPH <urn:attack> { <urn:a> <urn:b> <urn:c> } }",
    "service": "SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
    "fetching function": "SELECT (bif:http_get('http://127.0.0.1:%d/') AS ?x) {}",
    "fetching function by prefix": "PREFIX b: <bif:> SELECT (b:http_get('http://127.0.0.1:%d/') AS ?x) {}",
    "fetching function escaped": "SELECT (<\\u0062if:http_get>('http://127.0.0.1:%d/') AS ?x) {}",
    "fetching graph": "SELECT * FROM <http://127.0.0.1:%d/> OPTION (get:soft 'replacing') { ?s ?p ?o }",
    "pragma": "DEFINE get:soft 'replace' SELECT * FROM <http://127.0.0.1:%d/> { ?s ?p ?o }",
    "fetching graph plainly": "SELECT * FROM <http://127.0.0.1:%d/> { ?s ?p ?o }",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_write_nothing_and_reach_nobody(
    engine: Virtuoso, small: Path, listener: socket.socket, attack: str
) -> None:
    loaded(engine, small)
    text = ATTACKS[attack].replace("%d", str(listener.getsockname()[1]))

    async def tried(remote: RemoteEngine) -> QueryFailed | None:
        try:
            await remote.run(Query(text))
        except QueryFailed as failure:
            return failure
        return None

    failure = with_engine(Address(engine.query), tried)
    if attack != "fetching graph plainly":
        assert failure and failure.kind in {"refused", "syntax"}
    with pytest.raises(TimeoutError):
        listener.accept()
    assert values(engine, "SELECT ?s { GRAPH <urn:attack> { ?s ?p ?o } }") == []


@pytest.mark.parametrize("attack", ["update", "service"])
def test_the_account_that_asks_could_not_do_it_either(engine: Virtuoso, listener: socket.socket, attack: str) -> None:
    text = ATTACKS[attack].replace("%d", str(listener.getsockname()[1]))
    with pytest.raises(QueryFailed):
        values(engine, text)
    with pytest.raises(TimeoutError):
        listener.accept()
    assert values(engine, "SELECT ?s { GRAPH <urn:attack> { ?s ?p ?o } }") == []


ENDLESS = {
    "count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "rows": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c ?a LIMIT 5",
}


@pytest.mark.parametrize("query", ENDLESS)
def test_an_endless_query_is_stopped_at_its_limit(engine: Virtuoso, small: Path, query: str) -> None:
    loaded(engine, small)

    async def stopped(remote: RemoteEngine) -> float:
        began = time.monotonic()
        with pytest.raises(QueryFailed) as caught:
            await remote.run(Query(ENDLESS[query], seconds=1.0))
        assert caught.value.kind in {"timeout", "too-large"}
        return time.monotonic() - began

    limited = RemoteEngine(Address(engine.query), limits=Limits(result=2**24))
    assert with_engine(limited.address, stopped, limited) < 1.5
    until = time.monotonic() + 20
    while True:  # the engine itself stops, a second or two later
        began = time.monotonic()
        assert values(engine, "SELECT (COUNT(*) AS ?n) { GRAPH <urn:no> { ?s ?p ?o } }") == ["0"]
        if time.monotonic() - began < 0.5:
            break
        assert time.monotonic() < until


def test_rows_above_the_engines_own_cap_are_no_result(small: Path) -> None:
    try:
        with virtuoso.running(rows=100) as capped:
            query = "SELECT ?s { GRAPH <http://www.openlinksw.com/schemas/virtrdf#> { ?s ?p ?o } }"
            with pytest.raises(QueryFailed):
                values(capped, query)
            assert len(values(capped, query + " LIMIT 50")) == 50
    except virtuoso.Unavailable as error:
        pytest.skip(f"no Virtuoso here: {error}")


def test_the_command_loads_and_tells_what_is_wrong(
    engine: Virtuoso, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMMUNGRAF_STORE_USER", engine.user)
    monkeypatch.setenv("KOMMUNGRAF_STORE_PASSWORD", engine.password)
    run = CliRunner().invoke
    done = run(kommungraf.main, ["load", "--data", str(small), "--store", engine.query, "--leave", "0"])
    assert done.exit_code == 0 and "graphs" in done.output
    done = run(kommungraf.main, ["load", "--data", str(small), "--store", "http://127.0.0.1:9/sparql"])
    assert done.exit_code == 4 and "Ingen motor svarar" in done.output and "No engine answers" in done.output
    done = run(kommungraf.main, ["load", "--data", str(tmp_path), "--store", engine.query])
    assert done.exit_code == 5
    done = run(kommungraf.main, ["load", "--data", str(small), "--store", "http://me:pw@127.0.0.1:9/sparql"])
    assert done.exit_code == 2 and "pw@" not in done.output
    monkeypatch.setenv("KOMMUNGRAF_STORE_PASSWORD", "wrong")
    (changed := tmp_path / "changed").mkdir()
    data.publish(changed, [quad("f", 1)])
    done = run(kommungraf.main, ["load", "--data", str(changed), "--store", engine.query])
    assert done.exit_code == 4 and "not allowed" in done.output and "wrong" not in done.output

"""Virtuoso gives the same answers as the engine at home: the shipped queries, the graphs, and every page."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.asking import Query, QueryFailed
from server.remote import engine_load
from server.remote.engine import Address, RemoteEngine
from server.storage import snapshot
from server.things.dereferencing import described_at
from tests.engines.data import BASE, QUERIES, rows, table, with_engine
from tests.engines.serving import Site, served
from tests.engines.virtuoso import Virtuoso

each_set = pytest.mark.parametrize("name", ["small", "samples"])


@pytest.fixture(scope="module")
def folders(small: Path, samples_with_refused: Path) -> dict[str, Path]:
    return {"small": small, "samples": samples_with_refused}


def writer(engine: Virtuoso) -> Address:
    return Address(engine.query, "", engine.user, engine.password)


def load(engine: Virtuoso, folder: Path) -> engine_load.Loaded:
    return with_engine(writer(engine), lambda remote: engine_load.load(remote, folder, leave=0))


@each_set
def test_the_26_queries_have_the_same_rows(engine: Virtuoso, folders: dict[str, Path], name: str) -> None:
    load(engine, folders[name])
    opened = snapshot.open_current(folders[name])

    async def differing(remote: RemoteEngine) -> list[str]:
        found = []
        for path in QUERIES:
            text = path.read_text("utf-8")
            expected = rows(opened.store.query(text))
            assert expected, path.name
            if await table(remote, text) != expected:
                found.append(path.name)
        return found

    assert with_engine(Address(engine.query), differing) == []
    opened.close()


QUESTIONS = {
    "a count of all": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "a join over what stands in many graphs": f"SELECT (COUNT(*) AS ?n) {{ ?m a <{BASE}#x> }}",
    "triples of each graph": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "one graph": f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{BASE}/id/graph/ontology> {{ ?s ?p ?o }} }}",
    "one graph and each": f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{BASE}/id/graph/persons> {{ ?s a ?c }} GRAPH ?g {{ ?s ?p ?o }} }}",
    "its own dataset": f"SELECT (COUNT(*) AS ?n) FROM <{BASE}/id/graph/persons> {{ ?s ?p ?o }}",
    "named graphs only": f"SELECT (COUNT(*) AS ?n) FROM NAMED <{BASE}/id/graph/persons> {{ ?s ?p ?o }}",
    "one named graph": f"SELECT ?g FROM NAMED <{BASE}/id/graph/persons> {{ GRAPH ?g {{ ?s a ?c }} }}",
    "no named graphs": f"SELECT ?g FROM <{BASE}/id/graph/persons> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "numbers": "PREFIX kg: <https://w3id.org/kommungraf/ns#> SELECT ?x ?n { ?x kg:paragraphNumber ?n }",
    "texts": "PREFIX kg: <https://w3id.org/kommungraf/ns#> SELECT ?x ?t { ?x kg:text ?t }",
    "unbound": "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) (UNDEF 2) } }",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_dataset_is_the_same(engine: Virtuoso, small: Path, question: str) -> None:
    load(engine, small)
    opened = snapshot.open_current(small)
    expected = rows(opened.store.query(QUESTIONS[question]))
    assert with_engine(Address(engine.query), lambda remote: table(remote, QUESTIONS[question])) == expected
    opened.close()


def test_booleans_and_graphs_are_standard(engine: Virtuoso, small: Path) -> None:
    load(engine, small)

    async def bodies(remote: RemoteEngine) -> list[bytes]:
        found = []
        for text in (
            "ASK { ?s ?p ?o }",
            "ASK { <urn:no> ?p ?o }",
            f"CONSTRUCT WHERE {{ <{BASE}/id/party/S> ?p ?o }}",
        ):
            answer = await remote.run(Query(text, graphs="ntriples"))
            found.append(b"".join([piece async for piece in answer.body()]))
        return found

    yes, no, graph = with_engine(Address(engine.query), bodies)
    assert b'"boolean":true' in yes and b'"boolean":false' in no
    opened = snapshot.open_current(small)
    expected = opened.store.query(f"CONSTRUCT WHERE {{ <{BASE}/id/party/S> ?p ?o }}")
    assert isinstance(expected, ox.QueryTriples)
    assert {quad.triple for quad in ox.parse(graph, format=ox.RdfFormat.N_TRIPLES)} == set(expected)
    opened.close()


def test_several_default_graphs_are_refused_not_miscounted(engine: Virtuoso, small: Path) -> None:
    load(engine, small)
    query = Query("SELECT ?s { ?s ?p ?o }", default=(f"{BASE}/id/graph/persons", f"{BASE}/id/graph/ledger"))
    with pytest.raises(QueryFailed, match="several default graphs"):
        with_engine(Address(engine.query), lambda remote: remote.run(query))


@pytest.fixture(scope="module")
def sites(engine: Virtuoso, folders: dict[str, Path]) -> Iterator[tuple[Site, Site]]:
    """The sample documents served over Virtuoso, and as they are at home."""
    load(engine, folders["samples"])
    with served(folders["samples"], "--store", engine.query) as there, served(folders["samples"]) as here:
        yield there, here


LISTS = ["/explore/decisions", "/explore/motions", *(f"/browse/{each}" for each in ("persons", "cases", "parties"))]


def test_every_page_is_the_same(sites: tuple[Site, Site]) -> None:
    there, here = sites
    paths, seen = ["/", "/ns", "/sparql", "/doc/municipality/almvik", *LISTS], {"/"}
    for path in paths:
        pages = [re.sub(rb"http://127\.0\.0\.1:\d+", b"", site.get(path, "text/html")) for site in (there, here)]
        assert pages[0] == pages[1], path
        for link in re.findall(rb'href="(/(?:id|concept|ns)[^"#?]*)"', pages[0]):
            path = described_at(link.decode())
            if len(paths) < 60 and path not in seen:
                seen.add(path)
                paths.append(path)
    assert len(paths) == 60


@pytest.mark.parametrize(
    "path",
    [
        "/doc/meeting/almvik/socialnamnden/2024-05-21",
        "/doc/graph/persons",
        "/doc/person/almvik/mirja-stalbrand-s",
        "/doc/concept/outcome/approved",
    ],
)
def test_the_rdf_of_a_page_is_the_same(sites: tuple[Site, Site], path: str) -> None:
    graphs = [set(ox.parse(site.get(path, "application/n-triples"), format=ox.RdfFormat.N_TRIPLES)) for site in sites]
    assert graphs[0] == graphs[1] and graphs[0]


def test_the_version_is_that_of_what_was_loaded(sites: tuple[Site, Site], folders: dict[str, Path]) -> None:
    version = snapshot.current_version(folders["samples"])
    assert [site.ask("ASK {}").headers["X-Data-Version"] for site in sites] == [version, version]


def test_answers_in_turn_do_not_disturb_each_other(engine: Virtuoso, small: Path) -> None:
    load(engine, small)

    async def many(remote: RemoteEngine) -> list[int]:
        texts = [f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {number}" for number in range(30)]
        counted = await asyncio.gather(*(table(remote, text) for text in texts))
        return [sum(each.values()) for each in counted]

    assert with_engine(Address(engine.query), many) == [1] * 30

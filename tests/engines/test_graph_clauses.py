"""GRAPH clauses are found and said otherwise, and back doors are seen, in the text of a query."""

import pyoxigraph as ox
import pytest

from server.remote import graph_clauses
from server.remote.dialect import DIALECTS, of_server

HIDDEN = ("urn:hidden",)


def store() -> ox.Store:
    made = ox.Store()
    for graph in ("urn:a", "urn:b", "urn:hidden"):
        for number in range(3):
            name = ox.NamedNode(f"urn:{graph[-1]}{number}")
            made.add(ox.Quad(name, ox.NamedNode("urn:p"), ox.NamedNode("urn:o"), ox.NamedNode(graph)))
    return made


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?g { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?g { graph $g { ?s ?p ?o . { ?s ?p ?q } } FILTER(?s != <urn:a1>) }",
        "SELECT ?g { OPTIONAL { GRAPH ?g { ?s ?p ?o } } }",
        "SELECT ?g { { GRAPH ?g { ?s ?p '}' } } UNION { GRAPH ?g { ?s ?p ?o } } }",
        "SELECT ?g { GRAPH ?g { ?s ?p ?o # a } in a comment\n } }",
        "SELECT ?h ?g { GRAPH ?h { ?s ?p ?o GRAPH ?g { ?s ?p ?q } } }",
    ],
)
def test_a_hidden_graph_is_not_among_those_of_a_variable(query: str) -> None:
    shown = store().query(graph_clauses.hide(query, HIDDEN))
    without = store()
    without.remove_graph(ox.NamedNode("urn:hidden"))
    assert sorted(map(str, shown)) == sorted(map(str, without.query(query)))  # type: ignore[arg-type]


def test_the_graphs_that_are_named() -> None:
    assert graph_clauses.named("SELECT * { ?s ?p ?o }") == ()
    assert graph_clauses.named("SELECT * { GRAPH <urn:a> { } GRAPH <urn:b> {} GRAPH <urn:a> {} }") == (
        "urn:a",
        "urn:b",
    )
    assert graph_clauses.named("SELECT * { GRAPH <urn:a> { } GRAPH ?g {} }") is None
    assert graph_clauses.named("PREFIX : <urn:> SELECT * { GRAPH :a { } }") is None


def test_a_named_graph_can_be_a_variable() -> None:
    query = (
        "PREFIX u: <urn:> SELECT ?s ?t { GRAPH u:a { ?s ?p ?o } GRAPH <urn:b> { ?t ?q ?o } GRAPH ?g { ?s ?p ?o } }"
    )
    rewritten = graph_clauses.with_variables(query)
    assert graph_clauses.named(rewritten) is None and "GRAPH u:a" not in rewritten
    assert sorted(map(str, store().query(rewritten))) == sorted(map(str, store().query(query)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (bif:http_get('x') AS ?x) {}",
        "PREFIX b: <BIF:> SELECT (b:http_get('x') AS ?x) {}",
        "SELECT (<sql:f>('x') AS ?x) {}",
        r"SELECT (<\u0062\U00000069f:f>('x') AS ?x) {}",
        "SELECT * { <a b#> bif:contains 'x' }",
        "define input:storage 'x' SELECT * {}",
        "SELECT (`x` AS ?x) {}",
        "SELECT * FROM <urn:a> OPTION (get:soft 'soft') {}",
    ],
)
def test_back_doors_of_virtuoso_are_seen(query: str) -> None:
    assert DIALECTS["virtuoso"].back_door(query)
    assert DIALECTS["oxigraph"].back_door(query) is None


def test_plain_queries_are_no_back_doors() -> None:
    assert not DIALECTS["virtuoso"].back_door(
        "PREFIX kg: <https://w3id.org/kommungraf/ns#> SELECT ?budget { ?x kg:y ?z }"
    )
    assert not DIALECTS["virtuoso"].back_door(r"SELECT * { ?s ?p 'a\u00e5 definite target: 1' }")


def test_engines_are_known_by_their_names() -> None:
    assert of_server("Virtuoso/07.20.3229 (Linux)") is DIALECTS["virtuoso"]
    assert of_server("nginx") is None
    address = "http://h:1/sparql"
    assert DIALECTS["virtuoso"].graph_store(address) == "http://h:1/sparql-graph-crud-auth"
    assert DIALECTS["fuseki"].graph_store("http://h:1/ds/query") == "http://h:1/ds/data"
    assert (
        DIALECTS["graphdb"].graph_store("http://h:1/repositories/r") == "http://h:1/repositories/r/rdf-graphs/service"
    )
    assert DIALECTS["neptune"].graph_store(address) == "http://h:1/sparql/gsp/"
    assert DIALECTS["oxigraph"].graph_store("http://h:1/query") == "http://h:1/store"
    assert DIALECTS["qlever"].graph_store("http://h:1/api") == "http://h:1/api"

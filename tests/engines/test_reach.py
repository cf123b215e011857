"""What an engine elsewhere is never asked, since some reading of it reaches another service; and what it is asked."""

import pytest

from server.remote.reach import beyond
from server.storage import authority
from tests.attacks.reaching import SERVICES
from tests.engines.data import BASE


@pytest.mark.parametrize("name", SERVICES)
def test_every_attack_is_seen(name: str) -> None:
    assert beyond(SERVICES[name])


INNOCENT = [
    "# SERVICE <a:b>\nSELECT ('SERVICE <http://a.example/> {}' AS ?x) (<a:SERVICE> AS ?y) {} # INSERT DATA {}",
    "SELECT * { ?s ?p ?o FILTER(CONTAINS(LCASE(?o), 'social service') && ?o < 3) } ORDER BY ?service",
    "PREFIX service: <http://service.example/#> SELECT * { ?service service:x 'a'@en-service ; a:service ?o }",
    "PREFIX x: <http://a.example/#> SELECT * { ?s <http://a.example/service#x> '''of service''' . ?s x:y '''z''' }",
    "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in authority.prefixes(BASE).items()) + "ASK { ?s a <x#y> }",
    "SELECT * { ?s ?p '\\u0022' }",
]


@pytest.mark.parametrize("query", INNOCENT)
def test_the_word_by_itself_is_no_offence(query: str) -> None:
    assert not beyond(query)


@pytest.mark.parametrize(
    "query", ["SELECT * { \\u0053ERVICE <a:b> {} }", 'SELECT * { BIND("\\u0022 AS ?x) SERVICE <a:b> {} #" AS ?x) }']
)
def test_escapes_are_read_both_ways(query: str) -> None:
    assert beyond(query)

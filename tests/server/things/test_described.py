"""The RDF of a thing: all that the graph says of it, both ways."""

import pyoxigraph as ox

from server.things.resources import rdf_query

BASE = "https://data.example"


def test_all_that_refer_to_a_thing_are_told() -> None:
    """A role, or a party, has as many as there are persons: none is left out without a word."""
    made = ox.Store()
    party, member = ox.NamedNode(f"{BASE}/id/party/S"), ox.NamedNode("http://www.w3.org/ns/org#memberOf")
    persons = [ox.NamedNode(f"{BASE}/id/person/9999/n-{number}") for number in range(12_000)]
    made.bulk_extend(ox.Quad(person, member, party) for person in persons)
    told = made.query(rdf_query(BASE, party.value, None))
    assert isinstance(told, ox.QueryTriples)
    assert {triple.subject for triple in told} == set(persons)

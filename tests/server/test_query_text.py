"""What a query asks for, told from its text before it is run."""

import pytest

from server.query_text import dataset, first_keyword, refused, undeclared, without

REFUSED = [
    ("SELECT * { ?s ?p ?o }", None),
    ("select * { service <http://a.example/> { ?s ?p ?o } }", "service"),
    ("SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }", "service"),
    ("# SERVICE\nSELECT * { ?s ?p 'SERVICE' }", None),
    ('SELECT ?service { ?service ex:service service:x . <a:SERVICE> ?p """a "SERVICE" b""" }', None),
    ("SELECT * { ?s ?p 'it\\'s' . SERVICE <a:b> {} }", "service"),
    ("SELECT * { ?s ?p '#' . SERVICE <a:b#c> {} }", "service"),
    ("SELECT * { FILTER(?a<?b) SERVICE <a:b> {} FILTER(?c>?d) }", "service"),
    ("INSERT DATA { <a:a> <b:b> 1 }", "update"),
    ("PREFIX x: <http://x.example/#> # c\nBASE <http://b.example/>\n delete where { ?s ?p ?o }", "update"),
    ("LOAD <http://a.example/>", "update"),
    ("WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "update"),
    ("ASK { ?s ?p 'LOAD' }", None),
]


@pytest.mark.parametrize(("query", "expected"), REFUSED)
def test_refused(query: str, expected: str | None) -> None:
    assert refused(query) == expected


def test_first_keyword() -> None:
    assert first_keyword("PREFIX a: <b:c> # SELECT\nconstruct where {}") == "CONSTRUCT"
    assert first_keyword("{ SELECT") is None
    assert first_keyword("") is None


def test_dataset_clauses_are_read_and_blanked() -> None:
    query = "PREFIX g: <http://g.example/>\nSELECT *\nFROM g:one FROM <http://g.example/two>\nFROM NAMED g:three {}"
    found = dataset(query)
    assert found.default == ("http://g.example/one", "http://g.example/two")
    assert found.named == ("http://g.example/three",)
    assert found.resolved
    blanked = without(query, found.clauses)
    assert "FROM" not in blanked and len(blanked) == len(query) and blanked.count("\n") == 3
    assert not dataset("SELECT * FROM <relative> {}").resolved
    assert not dataset("SELECT * FROM no:prefix {}").resolved
    assert dataset("SELECT * { ?s ?p 'FROM <a:b>' } # FROM <a:b>").default == ()


def test_undeclared_prefixes() -> None:
    query = "PREFIX a: <b:c> SELECT * { ?s a:x kg:y ; rdfs:label '''x:y''' . _:b kg:z <d:e> }"
    assert undeclared(query) == ("kg", "rdfs")

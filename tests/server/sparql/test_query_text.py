"""What a query asks for, told from its text before it is run."""

import re
import time

import pytest

from server.sparql import query_text
from server.sparql.query_text import (
    called_at,
    dataset,
    first_keyword,
    gives_the_same_each_time,
    refused,
    undeclared,
    without,
)
from server.storage import authority
from tests.server.data import BASE

REFUSED = [
    ("SELECT * { ?s ?p ?o }", None),
    ("select * { service <http://a.example/> { ?s ?p ?o } }", "service"),
    ("SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }", "service"),
    ("# SERVICE\nSELECT * { ?s ?p 'SERVICE' }", None),
    ('SELECT ?service { ?service ex:service service:x . <a:SERVICE> ?p """a "SERVICE" b""" }', None),
    ("SELECT * { ?s ?p 'it\\'s' . SERVICE <a:b> {} }", "service"),
    ("SELECT * { ?s ?p '#' . SERVICE <a:b#c> {} }", "service"),
    ("SELECT * { FILTER(?a<?b) SERVICE <a:b> {} FILTER(?c>?d) }", "service"),
    ("SELECT * { ?s ?p trueSERVICE SILENT <a:b> {} }", "service"),
    ("SELECT * { ?s ?p 1SERVICE<a:b>{} }", "service"),
    ("SELECT * { ?s ?p 1.5e3service<a:b>{} }", "service"),
    ("PREFIX a: <a:b> SELECT * { ?s a:-1SERVICE <a:b> {} }", "service"),
    ("SELECT * { ?s <a:b>/atrueSERVICE <a:b> {} }", "service"),
    ("SELECT * { SERVICESILENT<a:b>{} }", "service"),
    ("SELECT * { ?s a:bSERVICE _:bSERVICE ; a:1-SERVICE 'a'@enSERVICE ; ?pSERVICE ?1SERVICE }", None),
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
    assert dataset("SELECT * FROM <b> {}", "http://a.example/c").default == ("http://a.example/b",)
    assert dataset("BASE <http://a.example/> SELECT * FROM <b> {}", "urn:x").default == ("http://a.example/b",)
    assert dataset("SELECT * FROM <urn:\\u00e5> {}").default == ("urn:å",)
    assert dataset("PREFIX a\u030a: <urn:> SELECT * FROM a\u030a:a\u030a {}").default == ("urn:a\u030a",)
    assert dataset("SELECT ?a\u030aFROM {}").clauses == ()
    assert not dataset("SELECT * FROM no:prefix {}").resolved
    assert dataset("SELECT * { ?s ?p 'FROM <a:b>' } # FROM <a:b>").default == ()
    assert dataset("SELECT*FROM<a:b>FROMNAMED<a:c>{}").named == ("a:c",)
    assert without("ASKFROM<a:b>{}", dataset("ASKFROM<a:b>{}").clauses) == "ASK         {}"
    assert first_keyword("ASKFROM<a:b>{}") == "ASK"


FLIPPED = "1<?x&&'>'=' FROM <a:z> '"  # what begins with < is no IRI
CLAUSES = [
    (f"SELECT ?y {{ OPTIONAL {{ FILTER({FLIPPED}) }} BIND(' FROM <a:b> ' AS ?y) }}", ()),
    ("SELECT ?y { BIND(' FROM <a:b> FROM <a:c> ' AS ?y) }", ()),
    (f"SELECT ({FLIPPED} AS ?y) FROM <a:b> {{ BIND(' FROM <a:c> ' AS ?z) }}", ("a:b",)),
    (f"SELECT ({FLIPPED.replace('1', '1e5')} AS ?y)FROM<a:b>{{}}", ("a:b",)),
    (f"SELECT ({FLIPPED.replace('<', '<=')} AS ?y)FROM<a:b>{{}}", ("a:b",)),
    (f"SELECT ({FLIPPED.replace('1', '<a:f>(1)')} AS ?y)FROM<a:b>{{}}", ("a:b",)),
    (f"SELECT (EXISTS {{ ?s <a:p> (1 <a:c>) FILTER({FLIPPED}) }} AS ?y) FROM <a:b> {{}}", ("a:b",)),
    ("SELECT (COUNT(DISTINCT <a:f>(?x)) AS ?n) (MAX(?x)<?y AS ?m) FROM <a:b> {}", ("a:b",)),
    ("SELECT (GROUP_CONCAT(?x; SEPARATOR=' FROM <a:c> ') AS ?n) FROM <a:b> {}", ("a:b",)),
    (
        "CONSTRUCT { <a:a> <a:b> ' FROM <a:c> ', [ <a:d> (1 <a:e>) ] } FROM <a:b> WHERE { ?s ?p ' FROM <a:f> ' }",
        ("a:b",),
    ),
    ("CONSTRUCT FROM <a:b> FROM <a:c> WHERE { ?s ?p ' FROM <a:f> ' }", ("a:b", "a:c")),
    ("DESCRIBE <a:a> FROM <a:b>", ("a:b",)),
    ("DESCRIBE ?s <a:a> FROM <a:b> { ?s ?p ' FROM <a:f> ' }", ("a:b",)),
    ("ASK # FROM <a:c>\nFROM # {\n <a:b> { { SELECT * { ?s ?p ' FROM <a:f> ' } } }", ("a:b",)),
]


@pytest.mark.parametrize(("query", "expected"), CLAUSES, ids=[query for query, _ in CLAUSES])
def test_dataset_clauses_are_told_from_strings(query: str, expected: tuple[str, ...]) -> None:
    found = dataset(query)
    assert found.default == expected and found.resolved and not found.named
    kept = without(query, found.clauses)
    assert kept.count("FROM") == query.count("FROM") - len(expected)


def test_thousands_of_dataset_clauses_are_read() -> None:
    """The web process reads them for an engine elsewhere."""
    found = dataset("BASE <a:> SELECT * " + " ".join(f"FROM <{n}>" for n in range(4000)) + " {}")
    assert found.resolved and len(set(found.default)) == 4000


def test_undeclared_prefixes() -> None:
    query = "PREFIX a: <b:c> SELECT * { ?s a:x kg:y ; rdfs:label '''x:y''' . _:b kg:z <d:e> }"
    assert undeclared(query) == ("kg", "rdfs")


def test_words_within_names_are_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own prefixes hold one ("sparql-service-description"), and so would every query of a page be read twice."""
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in authority.prefixes(BASE).items())
    query = declared + "SELECT * { ?fromWhere a:within <http://a.example/from/load#with-add> ; a:clear ?x-drop }"
    assert "SERVICE" in query.upper() and "WITH" in query.upper() and "FROM" in query.upper()
    monkeypatch.setattr(query_text, "tokens", lambda query: pytest.fail("the query was read"))
    assert refused(query) is None and dataset(query).clauses == ()


@pytest.mark.parametrize("before", ["*", ")", ">", "\n", "\t", "}", '"a"', " true", "1", "1.", "1e5", "[]", "a:-1"])
@pytest.mark.parametrize("after", [" ", "<", "\n", "#", "\t"])
def test_words_for_themselves_are_found_whatever_stands_beside(before: str, after: str) -> None:
    assert query_text._special(f"SELECT {before}from{after}") and query_text._special(f"{{ {before}Service{after}")


@pytest.mark.parametrize(
    "piece", ["a-", "a.", "\\'", "'''\\'", '\\"', "<a", "a:", "a:....", "_:a.", "'''", "\\u00e5"]
)
@pytest.mark.parametrize("before", ["", "'", "'" * 3, '"', "<"])
def test_no_text_takes_long_to_read(before: str, piece: str) -> None:
    """The web process reads a query that failed; a text made for it must not hold it up."""
    text = before + piece * (65_536 // len(piece))
    started = time.process_time()
    undeclared(text)
    assert time.process_time() - started < 2


def test_nothing_of_a_name_is_given_back() -> None:
    """A pattern that tries each beginning of a name again, where no colon follows, takes four times as long."""
    pattern = query_text._TOKEN
    trying = re.compile(pattern.pattern.replace("{0,254}+", "{0,254}"), pattern.flags)
    assert trying.pattern != pattern.pattern

    def seconds(tokens: re.Pattern[str], text: str) -> float:
        taken = []
        for _ in range(5):
            started = time.process_time()
            list(tokens.finditer(text))
            taken.append(time.process_time() - started)
        return min(taken)

    for piece in ("a.", "å.", "a-b."):
        text = piece * (65_536 // len(piece))
        assert [each.span() for each in pattern.finditer(text)] == [each.span() for each in trying.finditer(text)]
        assert seconds(pattern, text) < 0.7 * seconds(trying, text)


def test_only_so_many_tokens_are_read_for_prefixes() -> None:
    assert undeclared("a:a " * 10 + "b:b", 10) == ("a",)
    assert undeclared("a:a " * 10 + "b:b", 11) == ("a", "b")


ANEW = [
    "CONSTRUCT { [] <a:b> [] } {}",
    "CONSTRUCT { ?s <a:b> [ <a:c> 1 ] } { ?s ?p ?o }",
    "CONSTRUCT { _:a <a:b> 1 } {}",
    "CONSTRUCT { <a:a> <a:b> (1) } {}",
    "CONSTRUCT WHERE { [] <a:b> ?x }",
    "construct from <a:b> where { _:x <a:b> ?x }",
    "CONSTRUCT { <a:a> <a:b> '}' . [] <a:b> 1 } {}",
    "CONSTRUCT { <a:a> <a:b> 1 {| <a:c> 2 |} } {}",
    "CONSTRUCT { << <a:a> <a:b> 1 >> <a:c> 2 } {}",
    "CONSTRUCT { <a:a> <a:b> 1 ~ } {}",
    "SELECT (BNODE() AS ?x) {}",
    "SELECT (NOW  () AS ?x) {}",
    "SELECT (RAND # of the machine\n () AS ?x) {}",
]
SAME = [
    "CONSTRUCT { ?s ?p ?o } { ?s ?p [] FILTER(?x = 1) }",
    "CONSTRUCT FROM <a:b> WHERE { ?s <a:b> ?x }",
    "CONSTRUCT { <a:[> <a:b> '[]' } { _:x <a:b> ?x }".replace("[>", "(>"),
    "SELECT ('CONSTRUCT { [] }' AS ?x) { [] ?p ?o }",
    "DESCRIBE <a:a>",
]


def test_blank_nodes_that_are_made_anew_are_not_the_same_each_time() -> None:
    assert [query for query in ANEW if gives_the_same_each_time(query)] == []
    assert [query for query in SAME if not gives_the_same_each_time(query)] == []


@pytest.mark.parametrize("piece", ["NOW#", "NOW ", "NOW", "UUID\n#"])
def test_whether_an_answer_is_the_same_each_time_is_told_at_once(piece: str) -> None:
    began = time.process_time()
    gives_the_same_each_time(piece * (65536 // len(piece)))
    assert time.process_time() - began < 0.5


def test_a_function_is_found_where_it_is_called() -> None:
    function = "http://x.example/f"
    assert called_at(f"SELECT ?x {{\n FILTER(<{function}>(1)) }}", function) == (2, 9)
    assert called_at("PREFIX x: <http://x.example/> ASK { ?s x:f 1 FILTER(1<?y&&x:f (1)) }", function) == (1, 59)
    assert called_at("BASE <http://x.example/> ASK { FILTER(<g>(<f>(1))) }", function) == (1, 43)
    assert called_at("ASK { FILTER(<f>(1)) }", function, "http://x.example/sparql") == (1, 14)
    assert called_at("ASK { FILTER(<f>(1)) }", function) is None

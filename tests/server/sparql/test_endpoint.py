"""The SPARQL endpoint over HTTP: protocol, formats, refusals, limits."""

import csv
import http.client
import io
import json
import socket
import time
import xml.etree.ElementTree as ElementTree
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from tests.server.data import BASE, LONG, RDF_FORMATS, Server

KG = "https://w3id.org/kommungraf/ns#"
SELECT = f"SELECT ?m ?d WHERE {{ ?m <{KG}date> ?d . ?m a <{KG}Meeting> }}"
CONSTRUCT = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}/id/graph/persons> {{ ?s ?p ?o }} }}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "{http://www.w3.org/2005/sparql-results#}"


def rows(kind: str, body: bytes) -> int:
    if "json" in kind:
        return len(json.loads(body)["results"]["bindings"])
    if "xml" in kind:
        return len(ElementTree.fromstring(body).findall(f"{XML}results/{XML}result"))
    if kind == "text/csv":
        return len(list(csv.reader(io.StringIO(body.decode(), newline="")))) - 1
    return body.count(b"\n") - 1


@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
        "application/json",
        "application/xml",
    ],
)
def test_results(server: Server, accept: str) -> None:
    got = server.ask(SELECT, accept)
    assert (got.status, got.type) == (200, accept)
    assert rows(accept, got.body) == 2
    assert "Accept" in got.headers["Vary"]
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert got.headers["Content-Length"] == str(len(got.body))
    assert server.ask("ASK { ?s ?p ?o }", accept).status == 200


@pytest.mark.parametrize(("accept", "format"), RDF_FORMATS)
def test_graphs(server: Server, accept: str, format: ox.RdfFormat) -> None:
    for query in (CONSTRUCT, f"DESCRIBE <{BASE}/id/person/9999/vera-exempel-v>"):
        got = server.ask(query, accept)
        assert (got.status, got.type) == (200, accept)
        assert len({quad.triple for quad in ox.parse(got.body, format=format)}) == 4


def test_three_ways_of_asking(server: Server) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p 'Vera Exempel' # å\n}"
    answers = [
        server.ask(query, "text/csv"),
        server.request("POST", "/sparql", urlencode({"query": query}).encode(), {**FORM, "Accept": "text/csv"}),
        server.request("POST", "/sparql", query.encode(), {**DIRECT, "Accept": "text/csv"}),
        server.request(
            "POST",
            "/sparql?format=csv",
            query.encode(),
            {"Content-Type": "application/sparql-query; charset=UTF-8", "Accept": "text/turtle"},
        ),
    ]
    assert [(got.status, got.body) for got in answers] == [(200, b"n\r\n1\r\n")] * 4


def test_dataset_of_the_protocol(server: Server) -> None:
    first = f"{BASE}/id/graph/aaaaaaaaaaaaaaaa"
    second = f"{BASE}/id/graph/bbbbbbbbbbbbbbbb"
    count = "SELECT (COUNT(*) AS ?n) %s WHERE { %s ?s a <https://w3id.org/kommungraf/ns#Meeting> %s }"

    def number(query: str, *dataset: tuple[str, str], post: bool = False) -> int:
        where = urlencode(dataset)
        if post:
            got = server.request("POST", f"/sparql?{where}", query.encode(), {**DIRECT, "Accept": "text/csv"})
        else:
            got = server.get(f"/sparql?{urlencode({'query': query})}&{where}", "text/csv")
        assert got.status == 200, got.text
        return int(got.text.split()[1])

    plain = count % ("", "", "")
    graph = count % ("", "GRAPH ?g {", "}")
    assert number(plain) == 2 and number(graph) == 2
    assert number(plain, ("default-graph-uri", first)) == number(plain, ("default-graph-uri", first), post=True) == 1
    assert number(plain, ("default-graph-uri", first), ("default-graph-uri", second)) == 2
    assert number(graph, ("named-graph-uri", first)) == 1
    assert number(plain, ("named-graph-uri", first)) == 0
    assert number(count % (f"FROM <{first}>", "", ""), ("default-graph-uri", second)) == 1
    assert number(plain, ("default-graph-uri", "http://nobody.example/")) == 0


REFUSED = [
    ("GET", "/sparql?query=", 400, None, {}),
    ("GET", "/sparql?query=SELECT%20%2A%20%7B", 400, None, {}),
    ("GET", "/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D", 400, None, {}),
    ("GET", "/sparql?query=%FF%FE", 400, None, {}),
    ("GET", "/sparql?query=ASK%7B%7D&timeout=soon", 400, None, {}),
    ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=no%20iri", 400, None, {}),
    ("GET", "/sparql?update=CLEAR%20ALL", 403, None, {}),
    ("POST", "/sparql", 403, b"update=CLEAR%20ALL", FORM),
    ("POST", "/sparql", 403, b"CLEAR ALL", {"Content-Type": "application/sparql-update"}),
    ("POST", "/sparql", 403, b"LOAD <http://127.0.0.1:9/>", DIRECT),
    ("POST", "/sparql", 403, b"PREFIX a: <b:c> INSERT DATA { a:a a:b a:c }", DIRECT),
    ("POST", "/sparql", 415, b"ASK {}", {"Content-Type": "text/plain"}),
    ("POST", "/sparql", 415, b"ASK {}", {"Content-Type": ""}),
    ("POST", "/sparql", 415, "ASK {}".encode("utf-16"), {"Content-Type": "application/sparql-query; charset=UTF-16"}),
    ("POST", "/sparql", 400, "ASK {}".encode("utf-16"), DIRECT),
    ("POST", "/sparql", 400, b"nothing=1", FORM),
    ("POST", "/sparql?query=ASK%7B%7D", 400, b"ASK {}", DIRECT),
    ("POST", "/sparql", 413, b"ASK {} #" + b"x" * 70000, DIRECT),
    ("POST", "/sparql", 413, b"ASK {} #" + b"x" * 1500000, DIRECT),
    ("POST", "/sparql", 413, b"x" * 12_000_000, DIRECT),
    ("PUT", "/sparql", 405, b"ASK {}", DIRECT),
    ("DELETE", "/sparql", 405, None, {}),
]


@pytest.mark.parametrize(("method", "path", "status", "body", "headers"), REFUSED)
def test_refused_with_one_sentence_in_two_languages(
    server: Server, method: str, path: str, status: int, body: bytes | None, headers: dict[str, str]
) -> None:
    got = server.request(method, path, body, headers)
    assert (got.status, got.type) == (status, "application/problem+json"), got.text
    told = json.loads(got.body)
    assert told["status"] == status and told["sv"] and told["en"] and told["sv"] != told["en"]


def test_a_post_without_length_is_refused(server: Server) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize("asked", [("/sparql", "image/png"), ("/sparql?format=pdf", "text/turtle")])
def test_no_service_description_in_a_format_that_there_is_not(server: Server, asked: tuple[str, str]) -> None:
    got = server.get(*asked)
    assert (got.status, got.type) == (406, "application/problem+json"), got.text
    assert {"text/turtle", "text/html"} <= set(json.loads(got.body)["alternatives"])


@pytest.mark.parametrize("asked", [("/sparql", "text/csv"), ("/sparql?format=csv", "text/turtle")])
def test_who_wants_a_result_and_sends_no_query_is_told_that(server: Server, asked: tuple[str, str]) -> None:
    got = server.get(*asked)
    assert got.status == 400 and "No query" in json.loads(got.body)["en"]


def test_not_acceptable_lists_what_there_is(server: Server) -> None:
    for query, accept, alternative in (
        (SELECT, "image/png", "text/csv"),
        (SELECT, "text/turtle", "text/csv"),
        (CONSTRUCT, "text/csv", "text/turtle"),
        (SELECT, "*/*;q=0", "application/sparql-results+json"),
    ):
        got = server.ask(query, accept)
        assert got.status == 406 and alternative in json.loads(got.body)["alternatives"], got.text
    assert server.ask(SELECT, "image/png", format="pdf").status == 406
    assert server.ask(SELECT, "image/png", format="tsv").type == "text/tab-separated-values"


def test_a_syntax_error_names_its_place_and_a_forgotten_prefix(server: Server) -> None:
    told = json.loads(server.ask("SELECT *\nWHERE {\n  ?s ?p }").body)
    assert (told["line"], told["column"]) == (3, 10)
    assert "rad 3" in told["sv"] and "line 3" in told["en"]
    got = server.get("/sparql?query=" + quote("ASK { ?m a kg:Meeting }"), **{"Accept-Language": "en"})
    told = json.loads(got.body)
    assert told["detail"] == told["en"] and "PREFIX kg: <https://w3id.org/kommungraf/ns#>" in told["en"]


def test_what_a_format_cannot_hold_is_said_with_those_that_can(server: Server) -> None:
    for query, accept, said in (
        ("SELECT ('\\u0001' AS ?x) {}", "application/sparql-results+xml", "U+0001"),
        ("CONSTRUCT { <a:a> <http://e/1> 1 } {}", "application/rdf+xml", "<http://e/1>"),
        (f"CONSTRUCT {{ <a:a> <{RDF}li> 1 }} {{}}", "application/rdf+xml", f"<{RDF}li>"),
        ("CONSTRUCT { <a:a> <a:b> <<( <a:a> <a:b> 1 )>> } {}", "application/ld+json", "JSON-LD"),
    ):
        got = server.ask(query, accept)
        told = json.loads(got.body)
        assert (got.status, told["kind"]) == (406, "unwritable") and said in told["sv"] and said in told["en"]
        assert accept not in told["alternatives"]
        for other in told["alternatives"]:
            assert server.ask(query, other).status in {200} | ({406} if "xml" in other else set())


def test_a_result_that_turns_out_unwritable_half_way_breaks_off(server: Server) -> None:
    values = " ".join(map(str, range(300)))
    many = f"VALUES ?a {{ {values} }} VALUES ?b {{ {values} }}"
    query = f"SELECT ?a ?b ?c {{ {{ {many} }} UNION {{ BIND('\\uFFFE' AS ?c) }} }}"
    with pytest.raises(http.client.IncompleteRead):
        server.ask(query, "application/sparql-results+xml")
    assert server.ask(query, "text/csv").status == 200


def test_blank_nodes_of_a_template_have_no_entity_tag(server: Server) -> None:
    made = "/sparql?" + urlencode({"query": "CONSTRUCT { [] <a:b> [] } {}"})
    answers = [server.get(made, "application/n-triples", **{"Cache-Control": "no-cache"}) for _ in range(2)]
    assert answers[0].body != answers[1].body
    assert all(each.headers["ETag"] is None for each in answers)
    assert server.get("/sparql?" + urlencode({"query": CONSTRUCT}), "application/n-triples").headers["ETag"]


def test_a_string_stays_what_it_is_with_other_graphs(server: Server) -> None:
    query = "SELECT ?y { OPTIONAL { FILTER(1<?x&&'>'='') } BIND(' FROM <a:b> FROM <a:c> ' AS ?y) }"
    for graphs in ({}, {"default-graph-uri": f"{BASE}/id/graph/persons"}):
        assert server.ask(query, "text/csv", **graphs).text == "y\r\n FROM <a:b> FROM <a:c> \r\n"


def test_an_unknown_function_has_a_place(server: Server) -> None:
    told = json.loads(server.ask("SELECT * {\n FILTER(<http://x.example/f>(1)) }").body)
    assert (told["kind"], told["line"], told["column"]) == ("function", 2, 9) and "rad 2" in told["sv"]


def test_long_values_are_cut_on_the_page_alone(server: Server) -> None:
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(20))
    query = f"SELECT (STRLEN(?x20) AS ?n) ?x20 {{ BIND('&' AS ?x0) {doubled} }}"
    page = server.ask(query, "text/html", lang="en")
    assert len(page.body) < 60_000 and "&amp;" * 2000 + "…" in page.text and "&amp;" * 2001 not in page.text
    assert "the other formats have the whole value" in page.text
    assert "andra formaten har hela värdet" in server.ask(query, "text/html", lang="sv", view="raw").text
    assert server.ask(query, "text/csv").body.count(b"&") == 2**20
    assert "whole value" not in server.ask(SELECT, "text/html", lang="en").text


def test_service_and_load_reach_nobody(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        address = f"<http://127.0.0.1:{listener.getsockname()[1]}/>"
        for query in (
            f"SELECT * {{ SERVICE {address} {{ ?s ?p ?o }} }}",
            f"SELECT * {{ service silent {address} {{ ?s ?p ?o }} }}",
            f"ASK {{ FILTER EXISTS {{ SERVICE {address} {{ ?s ?p ?o }} }} }}",
            f"LOAD {address}",
        ):
            assert server.ask(query).status == 403
        for query in (f"SELECT * FROM {address} {{ ?s ?p ?o }}", f"DESCRIBE {address}"):
            assert server.ask(query).status == 200
        parameters = urlencode({"query": "ASK {}", "default-graph-uri": address[1:-1]})
        assert server.get(f"/sparql?{parameters}").status == 200
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_query_over_its_time_gets_504_and_the_next_one_an_answer(server: Server) -> None:
    began = time.monotonic()
    got = server.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout="1")
    assert got.status == 504 and time.monotonic() - began < LONG
    assert json.loads(got.body)["kind"] == "timeout" and "Retry-After" not in got.headers
    assert server.ask("ASK {}").status == 200


@pytest.mark.parametrize(
    "query",
    ["ASK " + "{" * 30000 + "}" * 30000, "ASK { FILTER " + "(" * 30000 + "1" + ")" * 30000 + " }"],
)
def test_deep_nesting_does_not_take_the_server_down(server: Server, query: str) -> None:
    assert server.request("POST", "/sparql", query.encode(), DIRECT).status in {200, 503, 504}
    assert server.ask("ASK {}").status == 200


def test_too_much_memory_gets_503_and_others_are_served(server: Server) -> None:
    got = server.ask("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f")
    assert got.status in {503, 504} and json.loads(got.body)["kind"] in {"crash", "timeout"}
    assert server.ask("ASK {}").status == 200


def test_head_and_options(server: Server) -> None:
    path = "/sparql?" + urlencode({"query": SELECT})
    head, whole = server.request("HEAD", path), server.get(path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.body)) and head.type == whole.type
    options = server.request("OPTIONS", "/sparql")
    assert options.status == 204 and "POST" in options.headers["Access-Control-Allow-Methods"]
    assert options.headers["Access-Control-Allow-Origin"] == "*"


def test_the_form(server: Server) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    form = server.get("/sparql", browser)
    assert (form.status, form.type) == (200, "text/html")
    assert "<textarea" in form.text and "PREFIX kg:" in form.text
    assert form.text.count("<script") == form.text.count('<script src="/static/built/')
    table = server.ask(SELECT, browser, lang="en")
    assert "<table" in table.text and '<a href="/id/meeting/9999/socialnamnden/2024-04-09?lang=en"' in table.text
    assert 'lang="en"' in table.text and "2 rows" in table.text
    wrong = server.ask("SELECT <script>", browser)
    assert wrong.status == 400 and 'class="problem"' in wrong.text and "<script>" not in wrong.text
    assert "SELECT &lt;script&gt;" in wrong.text  # what was written is still in the form
    assert server.ask(CONSTRUCT, browser).text.count("<tr>") == 5
    assert "answer" in server.ask("ASK {}", browser, format="html").text
    assert server.ask(SELECT, browser, format="csv").type == "text/csv"

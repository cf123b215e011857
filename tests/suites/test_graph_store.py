"""The W3C's Graph Store Protocol suite, against a store that the world may read and not write.

A writing request of a test is refused with 405, and made here by publishing what it would have made; then the reading
requests that follow must be answered as the test says. Of the 13 tests the nine that name the graph in the query
string are asked for; four need graphs that lie below the address of the store, which is not offered.
"""

import email
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.suites.manifests import NEEDED, SPARQL, Exchange, entries, exchanges
from tests.suites.service import Response, Served

pytestmark = NEEDED
PATH = "/rdf-graph-store"
TESTS = exchanges("graph-store-protocol/manifest.ttl") if SPARQL.is_dir() else {}
DIRECT = sorted(name for name in TESTS if name.endswith("_direct"))
INDIRECT = sorted(name for name in TESTS if not name.endswith("_direct"))
CODES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
NEW = "http://www.example/gsp/new"
OLDER = [
    "put__initial_state",
    "get_of_put__initial_state",
    "put__graph_already_in_store",
    "get_of_put__graph_already_in_store",
    "put__default_graph",
    "get_of_put__default_graph",
    "delete__existing_graph",
    "get_of_delete__existing_graph",
    "delete__nonexistent_graph",
    "post__existing_graph",
    "get_of_post__existing_graph",
    "post__multipart_formdata",
    "get_of_post__multipart_formdata",
    "post__create__new_graph",
    "get_of_post__create__new_graph",
    "get_of_post__after_noop",
    "head_on_an_existing_graph",
    "head_on_a_nonexisting_graph",
]

State = dict[str | None, list[ox.Triple]]


def graph_of(each: Exchange) -> str | None:
    """The graph that a request names; None is the default graph."""
    values = parse_qs(urlsplit(each.path).query, keep_blank_values=True)
    if "default" in values:
        return None
    return values.get("graph", [NEW])[0].replace("$LOCATION$", NEW)


def sent(each: Exchange) -> list[ox.Triple]:
    """The triples in the body of a request: Turtle, or each part of a form."""
    kind = dict(each.headers)["content-type"]
    if kind.startswith("multipart/"):
        form = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + each.body.strip())
        payloads = [part.get_payload(decode=True) for part in form.walk() if not part.is_multipart()]
        texts = [payload for payload in payloads if isinstance(payload, bytes)]
    else:
        texts = [each.body]
    return [
        quad.triple
        for text in texts
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=NEW, rename_blank_nodes=True)
    ]


def written(state: State, each: Exchange) -> State:
    """What a store would hold after a writing request."""
    graph, rest = graph_of(each), dict(state)
    if each.method == "DELETE":
        rest.pop(graph, None)
    else:
        rest[graph] = [*(state.get(graph, []) if each.method == "POST" else []), *sent(each)]
    return rest


def send(served: Served, each: Exchange) -> Response:
    target = each.path.replace("/gsp", PATH, 1).replace("$LOCATION$", NEW)
    return served.literally(each.method, target, each.headers, each.body)


def refused(answer: Response) -> None:
    assert answer.status == 405, (answer.status, answer.body[:300])
    allowed = {method.strip() for method in (answer.headers["Allow"] or "").split(",")}
    assert allowed >= {"GET", "HEAD"} and not allowed & {"PUT", "POST", "DELETE", "PATCH"}


def test_the_suite_is_whole() -> None:
    assert (len(TESTS), len(INDIRECT), len(DIRECT)) == (13, 9, 4)


@pytest.mark.parametrize("name", INDIRECT)
def test_reading_as_written_and_writing_refused(served: Served, name: str) -> None:
    state: State = {}
    version = served.show(state)
    for each in TESTS[name]:
        answer = send(served, each)
        if each.method not in {"GET", "HEAD"}:
            refused(answer)
            unchanged = served.request("GET", "/sparql?query=ASK%7B%7D", {})
            assert unchanged.headers["X-Data-Version"] == version
            state = written(state, each)
            version = served.show(state)
            continue
        assert answer.status in {CODES[status] for status in each.statuses}, (answer.status, answer.body[:300])
        assert each.method == "GET" or answer.body == b""
        if each.answer:
            kind, text = each.answer
            assert answer.media_type == kind.partition(";")[0]
            found = Graph().parse(data=answer.body, format="turtle")
            assert isomorphic(found, Graph().parse(data=text, format="turtle", publicID=NEW))


@pytest.mark.parametrize("name", DIRECT)
def test_graphs_below_the_store_are_not_offered(served: Served, name: str) -> None:
    for each in TESTS[name]:
        answer = send(served, each)
        assert answer.status in {404, 405}, (answer.status, answer.body[:300])


def test_the_older_suite_asks_the_same() -> None:
    """http-rdf-update/, in prose, is withdrawn in favour of the suite above, which holds each of its requests."""
    older = list(entries(SPARQL / "http-rdf-update/manifest.ttl"))
    assert [str(entry).rpartition("#")[2] for _, entry in older] == OLDER
    methods = {each.method for exchanges_ in TESTS.values() for each in exchanges_}
    for graph, entry in older:
        assert any(str(comment).startswith("This test is deprecated") for comment in graph.objects(entry))
        assert str(entry).rpartition("#")[2].partition("_")[0].upper() in methods


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("query", ["?default", "?graph=http%3A%2F%2Fwww.example%2Fnone", ""])
def test_no_method_writes(served: Served, method: str, query: str) -> None:
    body = b"" if method == "DELETE" else b"<urn:s> <urn:p> <urn:o> ."
    refused(served.literally(method, PATH + query, [("Content-Type", "text/turtle")] if body else [], body))


@pytest.mark.parametrize("query", ["", "?graph=", "?graph=a&graph=b", "?default&graph=http%3A%2F%2Fwww.example%2F"])
def test_a_request_that_names_no_one_graph(served: Served, query: str) -> None:
    """Graph Store Protocol, section 4.2: one `default` or one `graph`; without either only a description is meant."""
    answer = served.request("GET", PATH + query, {"Accept": "text/turtle"})
    assert answer.status == 400 or (query == "" and answer.status == 200), (answer.status, answer.body[:300])

"""The W3C's SPARQL 1.1 Protocol suite, byte for byte, against a public service that reads only.

27 of the 34 tests pass as they are written; the seven update operations are refused, and the store is what it was.
"""

import pyoxigraph as ox
import pytest

from tests.suites.answers import from_json, from_xml
from tests.suites.manifests import NEEDED, SPARQL, Exchange, exchanges
from tests.suites.service import Response, Served

pytestmark = NEEDED
TESTS = exchanges("protocol/manifest.ttl") if SPARQL.is_dir() else {}
UPDATES = sorted(name for name in TESTS if name.startswith("update_"))
AS_WRITTEN = sorted(name for name in TESTS if not name.startswith("update_"))
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values",
    ),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml"),
}  # fmt: skip
READ = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def service(served: Served) -> Served:
    """The graphs that the tests name: data1 to data3; data0 is empty, which a graph store need not hold."""
    named: dict[str | None, list[ox.Triple]] = {
        DATA.format(number): [quad.triple for quad in ox.parse(path=str(SPARQL / f"protocol/data{number}.nt"))]
        for number in (1, 2, 3)
    }
    served.show({None: [triple for triples in named.values() for triple in triples], **named})
    return served


def send(service: Served, each: Exchange) -> Response:
    return service.literally(each.method, each.path.replace("/sparql/", "/sparql", 1), each.headers, each.body)


def everything(service: Served) -> tuple[str | None, bytes]:
    """The version of the data and all quads, in order."""
    query = b"CONSTRUCT { ?s ?p ?o } WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/n-triples"}
    got = service.request("POST", "/sparql", headers, query)
    assert got.status == 200
    return got.headers["X-Data-Version"], b"\n".join(sorted(got.body.splitlines()))


def test_the_suite_is_whole() -> None:
    assert (len(TESTS), len(AS_WRITTEN), len(UPDATES)) == (34, 27, 7)
    prefixes = ("query_", "bad_query_", "bad_multiple_queries", "bad_update_", "bad_multiple_updates")
    assert all(name.startswith(prefixes) for name in AS_WRITTEN)


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_as_written(service: Served, name: str) -> None:
    for each in TESTS[name]:
        got = send(service, each)
        assert f"{got.status // 100}xx" in each.statuses, (got.status, got.body)
        if each.format:
            assert got.media_type in FORMATS[each.format]
        if each.boolean is not None:
            read = from_xml if got.media_type.endswith("xml") else from_json
            assert read(got.body) is each.boolean
        if each.format == "RDF":
            list(ox.parse(got.body, format=READ[got.media_type]))


@pytest.mark.parametrize("name", UPDATES)
def test_updates_are_refused(service: Served, name: str) -> None:
    before = everything(service)
    sent = [each for each in TESTS[name] if each.boolean is None]
    assert sent and all(each.method == "POST" for each in sent)
    for each in sent:
        got = send(service, each)
        assert 400 <= got.status < 500, (got.status, got.body)
        assert "json" in got.media_type and b"update" in got.body
    assert everything(service) == before

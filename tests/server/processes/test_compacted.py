"""JSON-LD with the context of the vocabulary says what the other formats say, whatever the graph holds."""

import json
from io import BytesIO

import pyoxigraph as ox
import pytest

from server.processes import compacted
from server.remote import result as remote_result
from tests.server.data import BASE, CONTEXT, Server, quads

ADDRESS = f"{BASE}/context.jsonld"
PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix kg: <https://w3id.org/kommungraf/ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix x: <http://x.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . x:s
"""


def written(said: str) -> tuple[bytes, set[ox.Triple]]:
    triples = [quad.triple for quad in ox.parse(f"{PREFIXES} {said} .", format=ox.RdfFormat.TURTLE)]
    sink = BytesIO()
    compacted.write(triples, ADDRESS, sink)
    return sink.getvalue(), set(triples)


def read(body: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in quads(body, ox.RdfFormat.JSON_LD)}


@pytest.mark.parametrize(
    "said",
    [
        'x:p "01"^^xsd:integer, "+1"^^xsd:integer, 1, "abc"^^xsd:integer, 123456789012345678901234567890',
        'x:p true, "1"^^xsd:boolean, 1.0, 1.0e0, "1.5"^^xsd:double, "1E400"^^xsd:double, "INF"^^xsd:double',
        'oa:start 5, "5"^^xsd:nonNegativeInteger, "05"^^xsd:nonNegativeInteger, "x"',
        'rdfs:label "x"@sv, "y"@sv, "z"@en, "w"@sv-SE, "x", x:o',
        'dcterms:issued "2024-01-01"^^xsd:date, "2024-01-01", "2024"^^xsd:gYear',
        'x:p "2024-01-01T00:00:00Z"^^xsd:dateTime, "<a/>"^^rdf:XMLLiteral, "<b>"^^rdf:HTML, "@id", ""',
        "x:p _:a . _:a x:q _:a",
        'a "text", _:b, kg:Meeting, x:C ; kg:heldBy "text", _:b ; skos:altLabel "x"@sv, "x"',
    ],
)
def test_values_stay_as_they_are(said: str) -> None:
    body, triples = written(said)
    assert read(body) == triples
    assert b'"@context":null' not in body


@pytest.mark.parametrize(
    "said",
    [
        "owl:sameAs <kg:Meeting>",  # an absolute IRI, of the scheme kg
        "<kg:Meeting> 1",
        'x:p "x"@sv--rtl',
        "a kg:Meeting . <kg:s> x:p 1",
    ],
)
def test_what_cannot_be_compacted_is_written_in_full(said: str) -> None:
    body, triples = written(said)
    assert read(body) == triples
    assert b'"@context":null' in body


def test_it_uses_the_short_names() -> None:
    body, _ = written('a kg:Meeting ; rdfs:label "Möte"@sv, "Meeting"@en ; kg:heldBy x:b ; skos:exactMatch x:c, x:a')
    assert body.decode() == (
        '{"@context":"https://data.example/context.jsonld","id":"http://x.example/s","type":"Meeting",'
        '"exactMatch":["http://x.example/a","http://x.example/c"],"heldBy":"http://x.example/b",'
        '"label":{"en":"Meeting","sv":"Möte"}}\n'
    )


def test_a_large_graph_is_written_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacted, "PIECE", 3)
    for subjects in (1, 4):
        said = " . ".join(f"x:s{n} x:p {', '.join(map(str, range(5)))}" for n in range(subjects))
        body, triples = written(f"a x:C . {said}")
        assert read(body) == triples and len(triples) == 5 * subjects + 1
    assert read(written("x:p 1, 2, 3, 4, 5")[0]) == written("x:p 1, 2, 3, 4, 5")[1]
    sink = BytesIO()
    compacted.write([], ADDRESS, sink)
    assert json.loads(sink.getvalue()) == {"@context": ADDRESS, "@graph": []}


def test_what_an_engine_elsewhere_answered_is_compacted_too() -> None:
    answered = b'<http://x.example/s> <http://www.w3.org/2000/01/rdf-schema#label> "x"@sv .\n'
    with remote_result.written(BytesIO(answered), "graph", "jsonld", {}, ADDRESS) as made:
        assert json.loads(made.read()) == {"@context": ADDRESS, "id": "http://x.example/s", "label": {"sv": "x"}}
    with remote_result.written(BytesIO(answered), "graph", "jsonld", {}) as made:
        assert isinstance(json.loads(made.read()), list)


def test_a_description_has_the_context_and_a_result_has_none(server: Server) -> None:
    path = "/doc/treatment/9999/socialnamnden/2024-03-12/7"
    got = server.get(path, "application/ld+json")
    told = json.loads(got.body)
    assert told["@context"] == ADDRESS
    nodes = {node["id"]: node for node in told.get("@graph", [told])}
    node = nodes[BASE + path.replace("doc", "id", 1)]
    assert "ItemTreatment" in node["type"] and not [name for name in node if name.startswith(("http", "kg:"))]
    assert server.get(f"{path}?format=jsonld").body == got.body
    assert json.loads(server.get("/context.jsonld").body)["@context"] == CONTEXT
    result = server.ask("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5", "application/ld+json")
    assert isinstance(json.loads(result.body), list)

"""A data folder with a small invented graph, and plain HTTP requests."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox

import ontology

BASE = "https://data.example"
LONG = 8.0
"""Seconds that no answer takes even on a busy machine; less than a query may run that asks for no other time."""
RDF_FORMATS = [
    ("text/turtle", ox.RdfFormat.TURTLE),
    ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ("application/ld+json", ox.RdfFormat.JSON_LD),
    ("application/trig", ox.RdfFormat.TRIG),
    ("application/n-quads", ox.RdfFormat.N_QUADS),
]
CONTEXT = json.loads(ontology.context_file().read_bytes())["@context"]
GRAPH = Path(__file__).with_name("graph.trig")
TEXTS = {
    "aaaaaaaaaaaaaaaa": "Protokoll\n§ 7\nXY: Remiss av motion om fler bänkar i parkerna.\n",
    "bbbbbbbbbbbbbbbb": "Protokoll\n§ 3\nBänkar, del 2.\n",
    "cccccccccccccccc": "Text of a document in quarantine.\n",
}


def make(folder: Path, graph: Path = GRAPH, texts: Mapping[str, str] = TEXTS) -> list[Path]:
    """Write the N-Quads files and texts of a TriG file as ingest does; the documents' files."""
    by_graph: dict[str, list[ox.Quad]] = {}
    for quad in ox.parse(path=str(graph), format=ox.RdfFormat.TRIG):
        by_graph.setdefault(str(quad.graph_name)[1:-1].rpartition("/")[2], []).append(quad)
    (folder / "documents").mkdir(parents=True)
    (folder / "texts").mkdir()
    for name, text in texts.items():
        (folder / "texts" / f"{name}.txt").write_bytes(text.encode())
    documents = []
    for name, quads in by_graph.items():
        path = folder / "persons.nq" if name == "persons" else folder / "documents" / f"{name}.nq"
        lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines()
        path.write_bytes(b"\n".join(sorted(lines)) + b"\n")
        if name != "persons":
            documents.append(path)
    return documents


@dataclass(frozen=True)
class Got:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def type(self) -> str:
        return (self.headers["Content-Type"] or "").partition(";")[0]


@dataclass(frozen=True)
class Server:
    """A running server; each request has a connection of its own."""

    port: int

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Got:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Got(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, accept: str | None = None, **headers: str) -> Got:
        return self.request("GET", path, headers={**({"Accept": accept} if accept is not None else {}), **headers})

    def ask(self, query: str, accept: str | None = None, **parameters: str) -> Got:
        return self.get("/sparql?" + urlencode({"query": query, **parameters}), accept)


def quads(body: bytes, format: ox.RdfFormat, web: str = BASE) -> list[ox.Quad]:
    """What a description says. Compacted JSON-LD names our context, which is taken from its file."""
    if format == ox.RdfFormat.JSON_LD:
        told = json.loads(body)
        assert told["@context"] == f"{web}/context.jsonld"
        body = json.dumps({**told, "@context": CONTEXT}).encode()
    return list(ox.parse(body, format=format))

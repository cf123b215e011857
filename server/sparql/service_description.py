"""The service description (SPARQL 1.1 Service Description) with the counts of the data (VoID)."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import pyoxigraph as ox

from server.asking import Engine
from server.processes.evaluation import GRAPHS

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
FORMATS: Final = "http://www.w3.org/ns/formats/"
DCTERMS: Final = "http://purl.org/dc/terms/"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
RDF_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PREFIXES: Final = {"sd": SD, "void": VOID, "formats": FORMATS, "dcterms": DCTERMS, "rdfs": RDFS}
SERVED: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples",
    "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip
LIMITS: Final = {
    "sv": "Endast läsning: inga uppdateringar, ingen SERVICE. Frågetext högst {KiB} KiB; {seconds:g} s per fråga, "
    "högst {most:g} s med parametern timeout; resultat högst {MiB} MiB.",
    "en": "Read-only: no updates, no SERVICE. Query text of at most {KiB} KiB; {seconds:g} s for each query, at most "
    "{most:g} s with the parameter timeout; results of at most {MiB} MiB.",
}

Said = tuple[str, str, ox.NamedNode | ox.Literal]


def serialised(about: Mapping[str, Any], engine: Engine, format: str) -> bytes:
    """The description in one of the graph formats of server.web.negotiation; made once for each version of the data.

    `about` is what was counted at publication (server.storage.snapshot.about), `engine` the one that answers, and its
    limits.
    """
    allowed = engine.limits
    limits = (allowed.query // 1024, allowed.seconds, allowed.most_seconds, allowed.result // 2**20)
    classes = tuple(about["classes"].items())
    properties = tuple(about.get("properties", {}).items())
    named = tuple(about.get("named", {}).items())
    counted = (about["triples"], about["graphs"], classes, properties, named)
    return _serialised(engine.endpoint or "", str(about["version"]), counted, limits, format)


@lru_cache(maxsize=16)
def _serialised(endpoint: str, version: str, counted: Any, limits: Any, format: str) -> bytes:
    triples = [
        ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)
        for subject, predicate, value in _said(endpoint, version, counted, limits)
    ]
    prefixes = PREFIXES if format in {"turtle", "trig", "rdfxml"} else {}
    return ox.serialize(triples, format=GRAPHS[format], prefixes=prefixes) or b""


def _said(endpoint: str, version: str, counted: Any, limits: tuple[float, ...]) -> Iterator[Said]:
    told = dict(zip(("KiB", "seconds", "most", "MiB"), limits, strict=True))
    triples, graphs, classes, properties, named = counted
    dataset, default = endpoint + "#dataset", endpoint + "#default-graph"
    yield from _is(endpoint, SD + "Service")
    yield endpoint, SD + "endpoint", ox.NamedNode(endpoint)
    yield endpoint, SD + "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query")
    for name in SERVED:
        yield endpoint, SD + "resultFormat", ox.NamedNode(FORMATS + name)
    for language, text in LIMITS.items():
        yield endpoint, RDFS + "comment", ox.Literal(text.format_map(told), language=language)
    yield endpoint, SD + "defaultDataset", ox.NamedNode(dataset)
    yield from _is(dataset, SD + "Dataset")
    yield from _is(dataset, VOID + "Dataset")
    yield dataset, VOID + "sparqlEndpoint", ox.NamedNode(endpoint)
    yield dataset, DCTERMS + "hasVersion", ox.Literal(version)
    yield dataset, VOID + "triples", ox.Literal(triples)
    yield dataset, SD + "defaultGraph", ox.NamedNode(default)
    yield from _is(default, SD + "Graph")
    yield from _is(default, VOID + "Dataset")
    yield default, VOID + "triples", ox.Literal(triples)
    yield default, VOID + "classes", ox.Literal(len(classes))
    if properties:
        yield default, VOID + "properties", ox.Literal(len(properties))
    for kind, found, key, count in (
        ("class", classes, "class", "entities"),
        ("property", properties, "property", "triples"),
    ):
        for number, (iri, size) in enumerate(found, 1):
            part = f"{endpoint}#{kind}-{number}"
            yield default, f"{VOID}{kind}Partition", ox.NamedNode(part)
            yield from _is(part, VOID + "Dataset")
            yield part, VOID + key, ox.NamedNode(iri)
            yield part, VOID + count, ox.Literal(size)
    yield dataset, RDFS + "comment", ox.Literal(f"{graphs} named graphs", language="en")
    yield dataset, RDFS + "comment", ox.Literal(f"{graphs} namngivna grafer", language="sv")
    for number, (iri, size) in enumerate(named, 1):
        part, graph = f"{endpoint}#named-graph-{number}", f"{endpoint}#graph-{number}"
        yield dataset, SD + "namedGraph", ox.NamedNode(part)
        yield from _is(part, SD + "NamedGraph")
        yield part, SD + "name", ox.NamedNode(iri)
        yield part, SD + "graph", ox.NamedNode(graph)
        yield from _is(graph, SD + "Graph")
        yield from _is(graph, VOID + "Dataset")
        yield graph, VOID + "triples", ox.Literal(size)


def _is(subject: str, class_: str) -> Iterator[Said]:
    yield subject, RDF_TYPE.value, ox.NamedNode(class_)

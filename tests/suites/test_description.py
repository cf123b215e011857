"""The W3C's three service description tests: GET of the endpoint without a query.

They have names and no machine-readable steps; what they ask is in SPARQL 1.1 Service Description, sections 2 and 3.
"""

import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tests.suites.manifests import NEEDED, SPARQL, entries
from tests.suites.service import BASE, Response, Served

pytestmark = NEEDED
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SYNTAXES = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
}
# Section 3.4: each property with the class of what it describes and of what it points to.
SCHEMA: dict[URIRef, tuple[URIRef, URIRef]] = {
    SD.endpoint: (SD.Service, RDFS.Resource),
    SD.feature: (SD.Service, SD.Feature),
    SD.defaultEntailmentRegime: (SD.Service, SD.EntailmentRegime),
    SD.entailmentRegime: (SD.NamedGraph, SD.EntailmentRegime),
    SD.defaultSupportedEntailmentProfile: (SD.Service, SD.EntailmentProfile),
    SD.supportedEntailmentProfile: (SD.NamedGraph, SD.EntailmentProfile),
    SD.extensionFunction: (SD.Service, SD.Function),
    SD.extensionAggregate: (SD.Service, SD.Aggregate),
    SD.languageExtension: (SD.Service, SD.Feature),
    SD.supportedLanguage: (SD.Service, SD.Language),
    SD.propertyFeature: (SD.Service, SD.Feature),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.availableGraphs: (SD.Service, SD.GraphCollection),
    SD.resultFormat: (SD.Service, RDFS.Resource),
    SD.inputFormat: (SD.Service, RDFS.Resource),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.GraphCollection, SD.NamedGraph),
    SD.name: (SD.NamedGraph, RDFS.Resource),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
CLASSES = {
    SD.Service, SD.Feature, SD.Language, SD.Function, SD.Aggregate, SD.EntailmentRegime, SD.EntailmentProfile,
    SD.GraphCollection, SD.Dataset, SD.Graph, SD.NamedGraph,
}  # fmt: skip
# Section 3.3: the instances that the vocabulary itself names.
FEATURES = {
    SD.DereferencesURIs, SD.UnionDefaultGraph, SD.RequiresDataset, SD.EmptyGraphs, SD.BasicFederatedQuery,
}  # fmt: skip
LANGUAGES = {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update}
DEFINED_ELSEWHERE = {SD.Function, SD.Aggregate, SD.Feature}
NOT_DESCRIBED = ("http://www.w3.org/ns/entailment/", "http://www.w3.org/ns/owl-profile/")


@pytest.fixture(scope="module")
def answers(served: Served) -> dict[str | None, Response]:
    """What GET of the endpoint gives, by what is accepted; None: nothing is said of it."""
    served.show({})
    return {
        accept: served.request("GET", "/sparql", {"Accept": accept} if accept else {}) for accept in (None, *SYNTAXES)
    }


def description(answer: Response) -> Graph:
    assert answer.status == 200 and answer.media_type in SYNTAXES, (
        answer.status,
        answer.media_type,
        answer.body[:300],
    )
    return Graph().parse(data=answer.body, format=SYNTAXES[answer.media_type], publicID=BASE)


def test_the_suite_is_whole() -> None:
    names = {str(entry).rpartition("#")[2] for _, entry in entries(SPARQL / "service-description/manifest.ttl")}
    assert names == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}


@pytest.mark.parametrize("accept", [None, *SYNTAXES])
def test_returns_rdf(answers: dict[str | None, Response], accept: str | None) -> None:
    answer = answers[accept]
    assert len(description(answer)) > 0
    assert accept is None or answer.media_type == accept


@pytest.mark.parametrize("accept", [None, *SYNTAXES])
def test_has_endpoint_triple(answers: dict[str | None, Response], served: Served, accept: str | None) -> None:
    """The endpoint is the one that was asked, under the address it was asked by or the one it is published under."""
    graph = description(answers[accept])
    endpoints = {str(endpoint) for endpoint in graph.objects(None, SD.endpoint)}
    assert endpoints & {f"http://127.0.0.1:{served.port}/sparql", f"{BASE}/sparql"}
    assert all((service, RDF.type, SD.Service) in graph for service in graph.subjects(SD.endpoint))


@pytest.mark.parametrize("accept", [None, *SYNTAXES])
def test_conforms_to_schema(answers: dict[str | None, Response], accept: str | None) -> None:
    assert faults(description(answers[accept])) == []


def faults(graph: Graph) -> list[str]:
    """What a description has against the vocabulary: unknown terms, and things that are not of the class asked for."""
    found = []
    for subject, said, value in graph:
        predicate, text = URIRef(str(said)), str(value)
        if predicate in SCHEMA:
            domain, range_ = SCHEMA[predicate]
            if not is_a(graph, subject, domain):
                found.append(f"{subject} has {predicate} and is no {domain}")
            if isinstance(value, Literal) or not is_a(graph, value, range_):
                found.append(f"{predicate} {value} is no {range_}")
        elif predicate.startswith(str(SD)):
            found.append(f"{predicate} is not in the vocabulary")
        if text.startswith(str(SD)) and value not in (CLASSES if predicate == RDF.type else FEATURES | LANGUAGES):
            found.append(f"{predicate} {value} is not in the vocabulary")
    for service in graph.subjects(RDF.type, SD.Service):
        if len(set(graph.objects(service, SD.endpoint))) != 1:
            found.append(f"{service} has not one endpoint")
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        found += [f"{named} has no name"] if graph.value(named, SD.name) is None else []
    return sorted(found)


def is_a(graph: Graph, node: Node, wanted: URIRef) -> bool:
    if wanted == RDFS.Resource or (wanted, node) in {(SD.Feature, each) for each in FEATURES}:
        return True
    if wanted == SD.Language and node in LANGUAGES:
        return True
    if wanted in {SD.EntailmentRegime, SD.EntailmentProfile} and str(node).startswith(NOT_DESCRIBED):
        return True
    if wanted in DEFINED_ELSEWHERE and isinstance(node, URIRef) and not node.startswith(str(SD)):
        return True
    kinds = set(graph.objects(node, RDF.type))
    return wanted in kinds or (wanted == SD.GraphCollection and SD.Dataset in kinds)


def test_the_schema_finds_faults() -> None:
    service, other = BNode(), BNode()
    graph = Graph()
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, URIRef(BASE + "/sparql")))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    assert faults(graph) == []
    for wrong in [
        (service, SD.supportedLanguage, OWL.Thing),
        (service, SD.supportedLanguage, SD.SPARQL12Query),
        (service, SD.endpoint, Literal("/sparql")),
        (service, SD.endpoints, URIRef(BASE)),
        (service, SD.namedGraph, other),
        (other, RDF.type, SD.NamedGraph),
        (other, RDF.type, SD.Graphs),
    ]:
        graph.add(wrong)
        assert faults(graph) != [], wrong
        graph.remove(wrong)

"""The graphs that come with the program, under a base: the ontology, and the authority data that documents point to.

graph/ontology holds the classes and properties; graph/alignments how they stand to those of other vocabularies;
graph/authority the concepts, and for each concept of a municipality or a party the resource under the base that the
documents' graphs use.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

import pyoxigraph as ox

import ontology

NS: Final = "https://w3id.org/kommungraf/ns"
CONCEPT: Final = "https://w3id.org/kommungraf/concept/"
RDF_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

# scheme: (path under <base>/id/, classes, properties that the resource has in common with its concept)
RESOURCES: Final = {
    "municipality": (
        "municipality",
        (f"{NS}#Municipality", f"{NS}#LocalAuthority", "http://www.w3.org/ns/org#FormalOrganization"),
        (f"{NS}#municipalityCode",),
    ),
    "party": (
        "party",
        (f"{NS}#Party", "http://www.w3.org/ns/org#Organization"),
        ("http://www.w3.org/2004/02/skos/core#notation",),
    ),
}
LABELS: Final = ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#altLabel")
SAME: Final = (
    "http://www.w3.org/2002/07/owl#sameAs",
    "http://www.w3.org/2004/02/skos/core#exactMatch",
)


def prefixes(base: str) -> Mapping[str, str]:
    """The prefixes of Turtle answers and of the query form."""
    return ontology.PREFIXES


@cache
def nquads(base: str) -> bytes:
    """The graphs as sorted N-Quads lines. Raises ValueError when a blank node stands in the Turtle files."""
    vocabulary = ox.NamedNode(f"{base}/id/graph/ontology")
    authority = ox.NamedNode(f"{base}/id/graph/authority")
    declared: dict[str, list[ox.Quad]] = {}
    quads = set(aligned(ox.NamedNode(f"{base}/id/graph/alignments")))
    for path in ontology.files():
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                raise ValueError(f"{path}: a blank node; published data have none")
            subject = quad.subject.value
            graph = authority if subject.startswith(CONCEPT) else vocabulary
            quads.add(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
            if subject.startswith(CONCEPT):
                declared.setdefault(subject, []).append(quad)
    for concept, said in declared.items():
        scheme, _, notation = concept.removeprefix(CONCEPT).partition("/")
        if notation and scheme in RESOURCES:
            quads.update(_resource(base, scheme, notation, said, authority))
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return b"\n".join(sorted(lines.splitlines())) + b"\n"


def aligned(graph: ox.NamedNode | ox.DefaultGraph) -> list[ox.Quad]:
    """The statements that ontology/alignments/*.sssom.tsv make, in a graph. Raises ontology.BadAlignment."""
    return [
        ox.Quad(ox.NamedNode(each.subject), ox.NamedNode(each.predicate), ox.NamedNode(each.object), graph)
        for found in ontology.alignment_sets()
        for each in found.alignments
    ]


def _resource(base: str, scheme: str, notation: str, said: list[ox.Quad], graph: ox.NamedNode) -> list[ox.Quad]:
    folder, classes, shared = RESOURCES[scheme]
    subject = ox.NamedNode(f"{base}/id/{folder}/{notation}")
    found = [ox.Quad(subject, RDF_TYPE, ox.NamedNode(name), graph) for name in classes]
    found.append(ox.Quad(subject, ox.NamedNode(SAME[1]), said[0].subject, graph))
    for quad in said:
        if quad.predicate.value in (*LABELS, *shared):
            found.append(ox.Quad(subject, quad.predicate, quad.object, graph))
        elif quad.predicate.value in SAME and "wikidata.org" in str(quad.object):
            found.append(ox.Quad(subject, ox.NamedNode(SAME[0]), quad.object, graph))
    return found

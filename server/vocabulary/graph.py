"""The vocabulary and its alignments as RDF, from the files that come with the program."""

from functools import cache

import pyoxigraph as ox

import ontology
from server.processes.evaluation import GRAPHS, WITH_PREFIXES
from server.storage import authority


@cache
def serialised(what: str, format: str) -> bytes:
    """`what`: "ontology" (classes, properties, and the standard terms in use) or "alignments"; `format`: a name of
    server.web.negotiation.GRAPHS. Without a named graph. Raises ontology.BadAlignment."""
    quads = sorted(_quads(what), key=lambda quad: (str(quad.subject), str(quad.predicate), str(quad.object)))
    prefixes = dict(ontology.PREFIXES) if format in WITH_PREFIXES else None
    return ox.serialize(quads, format=GRAPHS[format], prefixes=prefixes) or b""


def _quads(what: str) -> list[ox.Quad]:
    if what == "alignments":
        return authority.aligned(ox.DefaultGraph())
    return [
        quad
        for path in ontology.files()
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        if not str(quad.subject).startswith("<" + authority.CONCEPT)
    ]

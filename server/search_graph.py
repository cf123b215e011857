"""What the search index is made from: the default graph of a version, all of it at once or one subject at a time."""

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

import ontology
from server.naming import RDF_TYPE, RDFS_LABEL
from server.site import NS

DC: Final = "http://purl.org/dc/terms/"
ALT: Final = "http://www.w3.org/2004/02/skos/core#altLabel"
NOTATION: Final = "http://www.w3.org/2004/02/skos/core#notation"
NAME: Final = "http://xmlns.com/foaf/0.1/name"
MEMBERSHIP: Final = "http://www.w3.org/ns/org#hasMembership"
ORGANISATION: Final = "http://www.w3.org/ns/org#organization"
OURS: Final = (
    *("concernsCase", "partOfAuthority", "partOfMunicipality", "resultedIn", "hasReservation", "hasStatement"),
    *("treats", "basedOnDocument", "submittedBy", "onBehalfOf", "statedBy", "reservedBy", "proposedBy", "heldBy"),
    *("date", "hasRegistryNumber", "notationVerbatim", "registryYear", "paragraphNumber", "paragraphSuffix"),
    *("treatedAt", "onAgendaOf", "itemNumber", "subtitle", "summary", "hasProposal", "hasPoint", "text", "position"),
    *("outcomeVerbatim", "decidedBy", "inFavourOf", "question", "partOfCase", "location", "fileName", "documents"),
    *("goalNumber", "analysis", "period", "startDate"),
)
PROPERTIES: Final = (
    *(NS + each for each in OURS),
    *(DC + each for each in ("title", "identifier", "issued")),
    *(ALT, NOTATION, NAME, RDFS_LABEL, MEMBERSHIP, ORGANISATION),
)
"""What is told of a subject, beside its classes."""
WHERE_FROM: Final = f"<{NS}evidence>, <http://www.w3.org/ns/prov#wasGeneratedBy>"
"""What a body or a person has thousands of."""

Said = dict[str, list[str]]


class Graph:
    """The default graph of a store; `looked` are the subjects that were looked at. `whole`: read all that counts at
    first, for whoever wants nearly everything (some 200 MB for ten million quads)."""

    def __init__(self, store: ox.Store, whole: bool = False) -> None:
        self.looked: set[str] = set()
        self._store = store
        self._meetings: dict[str, tuple[str, str]] = {}
        self._said: dict[str, dict[str, list[tuple[bool, str]]]] | None = None
        if whole:
            self._said = {}
            for name in PROPERTIES:
                for subject, english, value in self._pairs(name):
                    self._said.setdefault(subject, {}).setdefault(name, []).append((english, value))

    def said(self, iri: str) -> Said:
        """What is said about a thing: the values of each property, Swedish ones first. All its values are texts."""
        self.looked.add(iri)
        found = self._asked(iri) if self._said is None else self._said.get(iri, {})
        return {name: [value for _, value in sorted(values)] for name, values in found.items()}

    def subjects(self, name: str, iri: str) -> Iterator[str]:
        """What has a thing as the value of a property."""
        found = self._store.quads_for_pattern(None, ox.NamedNode(name), ox.NamedNode(iri), ox.DefaultGraph())
        return (quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode))

    def is_a(self, iri: str, name: str) -> bool:
        """Whether a thing is of one of our classes."""
        quad = ox.Quad(ox.NamedNode(iri), ox.NamedNode(RDF_TYPE), ox.NamedNode(NS + name), ox.DefaultGraph())
        return quad in self._store

    def meeting(self, iri: str) -> tuple[str, str]:
        """(body, date) of a meeting."""
        self.looked.add(iri)
        if iri not in self._meetings:
            said = self.said(iri)
            body, date = (said.get(NS + name, [""])[0] for name in ("heldBy", "date"))
            self._meetings[iri] = body, date
        return self._meetings[iri]

    def _asked(self, iri: str) -> dict[str, list[tuple[bool, str]]]:
        found: dict[str, list[tuple[bool, str]]] = {}
        query = f"SELECT ?p ?o WHERE {{ {ox.NamedNode(iri)} ?p ?o FILTER(?p NOT IN ({WHERE_FROM})) }}"
        for name, value in self._store.query(query):  # type: ignore[union-attr]
            found.setdefault(name.value, []).append((_is_english(value), value.value))
        return found

    def _pairs(self, name: str) -> Iterator[tuple[str, bool, str]]:
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(name), None, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                yield quad.subject.value, _is_english(quad.object), quad.object.value


def _is_english(value: object) -> bool:
    return isinstance(value, ox.Literal) and value.language == "en"


def document_class(graph: Graph, iri: str) -> str:
    """The label of what sort of document it is, "Protokoll"; empty where that is not known."""
    names = ("Minutes", "MinutesExtract", "Agenda", "OfficialReport", "MotionDocument", "AnnualReport", "Appendix")
    found = next((name for name in names if graph.is_a(iri, name)), None)
    return ontology.label(NS + found, "sv").capitalize() if found else ""

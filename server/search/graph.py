"""What the search index is made from: the default graph of a version, all of it at once or one subject at a time."""

import sys
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

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
    "preamble",
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
ENGLISH: Final = "\U0010ffff"

Said = dict[str, list[str]]


class Graph:
    """The default graph of a store; `looked` are the subjects that were looked at. `whole`: read all that counts at
    first, for whoever wants nearly everything (some 200 MB for ten million quads)."""

    def __init__(self, store: ox.Store, whole: bool = False) -> None:
        self.looked: set[str] = set()
        self._store = store
        self._meetings: dict[str, tuple[str, str]] = {}
        self._asked: dict[str, dict[str, list[str]]] = {}
        self._whole = {name: _pairs(store, name) for name in PROPERTIES} if whole else None

    def said(self, iri: str) -> Said:
        """What is said about a thing: the values of each property, Swedish ones first. All its values are texts."""
        self.looked.add(iri)
        if self._whole is None:
            return {name: _ordered(values) for name, values in self._ask(iri).items()}
        return {name: _ordered(values[iri]) for name, values in self._whole.items() if iri in values}

    def subjects(self, name: str, iri: str) -> Iterator[str]:
        """What has a thing as the value of a property."""
        found = self._store.quads_for_pattern(None, ox.NamedNode(name), ox.NamedNode(iri), ox.DefaultGraph())
        return (quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode))

    def is_a(self, iri: str, name: str) -> bool:
        """Whether a thing is of one of our classes."""
        if self._whole is None:
            return NS + name in self._ask(iri).get(RDF_TYPE, ())
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

    def _ask(self, iri: str) -> dict[str, list[str]]:
        if iri not in self._asked:
            found: dict[str, list[str]] = {}
            query = f"SELECT ?p ?o WHERE {{ {ox.NamedNode(iri)} ?p ?o FILTER(?p NOT IN ({WHERE_FROM})) }}"
            for name, value in self._store.query(query):  # type: ignore[union-attr]
                found.setdefault(name.value, []).append(_marked(value))
            self._asked[iri] = found
        return self._asked[iri]


def _pairs(store: ox.Store, name: str) -> dict[str, list[str]]:
    """What has a property, and its values."""
    found: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(name), None, ox.DefaultGraph()):
        if isinstance(quad.subject, ox.NamedNode):
            value = _marked(quad.object)
            found.setdefault(sys.intern(quad.subject.value), []).append(sys.intern(value))
    return found


def _marked(value: object) -> str:
    """A value, after a sign that comes last of all where it is English."""
    english = isinstance(value, ox.Literal) and value.language == "en"
    return ENGLISH + value.value if english else str(value.value)  # type: ignore[attr-defined]


def _ordered(values: list[str]) -> list[str]:
    return (
        [each.removeprefix(ENGLISH) for each in sorted(values)] if len(values) > 1 or values[0] >= ENGLISH else values
    )

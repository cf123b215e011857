"""The ontology and the shapes give a property the same datatype."""

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

import ontology
import shapes
from ontology import PREFIXES
from ontology.graph import terms, values

DEMANDED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?path ?datatype { ?shape sh:path ?path ; sh:datatype ?datatype }
"""


@cache
def demanded() -> dict[str, set[str]]:
    """Property to the datatypes that shapes demand of its values."""
    store = ox.Store()
    for path in sorted(Path(shapes.__file__).parent.glob("*.ttl")):
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    found: dict[str, set[str]] = {}
    solutions = store.query(DEMANDED)
    assert isinstance(solutions, ox.QuerySolutions)
    for row in solutions:
        path, datatype = row["path"], row["datatype"]
        assert isinstance(path, ox.NamedNode) and isinstance(datatype, ox.NamedNode)
        found.setdefault(path.value, set()).add(datatype.value)
    return found


@pytest.mark.parametrize("iri", ontology.properties())
def test_the_datatype_of_a_property(iri: str) -> None:
    kind = values(terms(), iri, "rdf:type")[0].text
    ranges = {value.text for value in values(terms(), iri, "rdfs:range")}
    if kind != PREFIXES["owl"] + "DatatypeProperty":
        assert iri not in demanded(), "shapes demand a literal of a property that leads to a resource"
    elif iri in demanded():
        assert demanded()[iri] == (ranges or {PREFIXES["rdf"] + "langString"})


def test_most_datatypes_are_demanded() -> None:
    own = [iri for iri in demanded() if iri.startswith(PREFIXES["kg"])]
    assert len(own) > 50

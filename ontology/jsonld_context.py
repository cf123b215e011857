"""The JSON-LD context of the vocabulary (JSON-LD 1.1, section 3.1), made from its terms.

context.jsonld in this folder is what `written` gives; a test compares them, and says how it is written anew.
"""

import json
from pathlib import Path
from typing import Any, Final

from ontology.graph import FOLDER, PREFIXES, terms, values
from ontology.terms import classes, properties, term

FILE = FOLDER / "context.jsonld"
XSD: Final = PREFIXES["xsd"]
IRI: Final = {"@type": "@id"}
TEXTS: Final = {"@container": "@language"}

# The standard terms that published data use, by the names that they have in JSON. A name has no prefix: where
# two vocabularies have the same, one of them is written otherwise here.
STANDARD: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "label": ("rdfs:label", TEXTS),
    "title": ("dcterms:title", TEXTS),
    "description": ("dcterms:description", TEXTS),
    "prefLabel": ("skos:prefLabel", TEXTS),
    "definition": ("skos:definition", TEXTS),
    "altLabel": ("skos:altLabel", {}),  # a name in Swedish, or another spelling of a person's name, in no language
    "hiddenLabel": ("skos:hiddenLabel", {}),
    "notation": ("skos:notation", {}),
    "identifier": ("dcterms:identifier", {}),
    "name": ("foaf:name", {}),
    "exact": ("oa:exact", {}),
    "start": ("oa:start", {"@type": "xsd:nonNegativeInteger"}),
    "end": ("oa:end", {"@type": "xsd:nonNegativeInteger"}),
    "issued": ("dcterms:issued", {"@type": "xsd:date"}),
    "startedAtTime": ("prov:startedAtTime", {"@type": "xsd:dateTime"}),
    "endedAtTime": ("prov:endedAtTime", {"@type": "xsd:dateTime"}),
    "documentType": ("dcterms:type", IRI),
    "references": ("dcterms:references", IRI),
    "source": ("dcterms:source", IRI),
    "isReplacedBy": ("dcterms:isReplacedBy", IRI),
    "sameAs": ("owl:sameAs", IRI),
    "broader": ("skos:broader", IRI),
    "inScheme": ("skos:inScheme", IRI),
    "topConceptOf": ("skos:topConceptOf", IRI),
    "exactMatch": ("skos:exactMatch", IRI),
    "closeMatch": ("skos:closeMatch", IRI),
    "broadMatch": ("skos:broadMatch", IRI),
    "member": ("org:member", IRI),
    "organization": ("org:organization", IRI),
    "hasMembership": ("org:hasMembership", IRI),
    "hasSource": ("oa:hasSource", IRI),
    "wasGeneratedBy": ("prov:wasGeneratedBy", IRI),
    "used": ("prov:used", IRI),
    "isDefinedBy": ("rdfs:isDefinedBy", IRI),
}


def context() -> dict[str, Any]:
    """The document with the context: prefixes, then classes, properties and standard terms by their short names."""
    found: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type"}
    found.update(sorted(PREFIXES.items()))
    own = PREFIXES["kg"]
    for iri in sorted(classes()):
        found[iri.removeprefix(own)] = "kg:" + iri.removeprefix(own)
    for iri in sorted(properties()):
        name = iri.removeprefix(own)
        found[name] = _definition("kg:" + name, _coercion(iri))
    for name, (curie, coercion) in STANDARD.items():
        term(curie)  # raises UnknownTerm where ontology/standard.ttl does not know it
        found.setdefault(name, _definition(curie, coercion))
    return {"@context": found}


def _definition(curie: str, coercion: dict[str, str]) -> str | dict[str, str]:
    return {"@id": curie, **coercion} if coercion else curie


def _coercion(iri: str) -> dict[str, str]:
    """How a property's values are written: as IRIs, with a datatype, by language, or as they are."""
    kind = values(terms(), iri, "rdf:type")[0].text
    if kind == PREFIXES["owl"] + "ObjectProperty":
        return IRI
    if kind != PREFIXES["owl"] + "DatatypeProperty":
        return {}  # an IRI or a text: each value says which
    ranges = [value.text for value in values(terms(), iri, "rdfs:range")]
    if not ranges or ranges == [PREFIXES["rdf"] + "langString"]:
        return TEXTS
    (datatype,) = ranges
    return {} if datatype == XSD + "string" else {"@type": "xsd:" + datatype.removeprefix(XSD)}


def context_file() -> Path:
    """Where the context stands as it is served."""
    return FILE


def written() -> str:
    """The document as it stands in context.jsonld and is served."""
    return json.dumps(context(), ensure_ascii=False, indent=1) + "\n"

"""The words of the vocabulary for programs that complete queries: /sparql/terms, as JSON."""

import json
from functools import cache
from typing import Any, Final

from flask import Blueprint, Response

import ontology
from ontology import documented, graph
from server import pages
from server.site import Site, page_language

query_terms = Blueprint("query_terms", __name__)

PLACES: Final = ("county", "municipality")
THINGS: Final = ("party", "municipality")  # what the data speak of are not the concepts, but things of the same names
OTHERS: Final = {namespace: prefix for prefix, namespace in ontology.PREFIXES.items() if prefix not in ("kg", "kgc")}
KINDS: Final = {"object": "property", "datatype": "property"}


@query_terms.get("/sparql/terms")
def terms() -> Response:
    """Every class, property and concept of ours, and the terms of other vocabularies that we use, in the reader's
    language.

    {"prefixes": {prefix: namespace}, "terms": [{"name": "kg:Meeting", "kind": "class" | "property" | "concept",
    "label": "Sammanträde", "definition": "…"}]}; a concept has a prefix of its scheme ("outcome:approved"). A name
    that SPARQL cannot write with its prefix ("party:0182/NL") is to be written as an IRI.
    """
    response = Response(_terms(page_language(), Site.current().base), content_type="application/json")
    response.headers["Vary"] = "Accept-Language"
    return pages.shared(response)


@cache
def _terms(language: str, base: str) -> bytes:
    prefixes = dict(ontology.PREFIXES)
    found: list[dict[str, Any]] = []
    for each in documented.documented(language).values():
        kind = KINDS.get(each.kind, each.kind)
        found.append(_told(f"kg:{each.name}", kind, each.label, each.definition))
    found += _standard(language)
    for scheme in sorted(ontology.schemes()):
        prefixes[scheme] = f"{base}/id/{scheme}/" if scheme in THINGS else f"{ontology.PREFIXES['kgc']}{scheme}/"
        for concept in documented.members(scheme, language):
            definition = "" if scheme in PLACES else concept.definition
            name = f"{scheme}:{concept.name.partition('/')[2]}"
            found.append(_told(name, "concept", concept.label, definition))
    whole = {"prefixes": prefixes, "terms": found}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _standard(language: str) -> list[dict[str, str]]:
    """The terms of other vocabularies; classes have names that begin with a capital letter."""
    found: list[dict[str, str]] = []
    for iri in sorted(graph.terms()):
        at = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = OTHERS.get(iri[:at])
        if prefix and iri[at:]:
            kind = "class" if iri[at].isupper() else "property"
            found.append(_told(f"{prefix}:{iri[at:]}", kind, ontology.label(iri, language), ""))
    return found


def _told(name: str, kind: str, label: str, definition: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "label": label} | ({"definition": definition} if definition else {})

"""The words of the vocabulary for programs that complete queries: /sparql/terms, as JSON."""

import json
from functools import cache
from typing import Any, Final

from flask import Blueprint, Response

import ontology
from ontology import documented
from server import pages
from server.site import page_language

query_terms = Blueprint("query_terms", __name__)

PLACES: Final = ("county", "municipality")
KINDS: Final = {"object": "property", "datatype": "property"}


@query_terms.get("/sparql/terms")
def terms() -> Response:
    """Every class, property and concept of ours in the reader's language.

    {"prefixes": {prefix: namespace}, "terms": [{"name": "kg:Meeting", "kind": "class" | "property" | "concept",
    "label": "Sammanträde", "definition": "…"}]}; a concept has a prefix of its scheme ("outcome:approved").
    """
    response = Response(_terms(page_language()), content_type="application/json")
    response.headers["Vary"] = "Accept-Language"
    return pages.shared(response)


@cache
def _terms(language: str) -> bytes:
    prefixes = dict(ontology.PREFIXES)
    found: list[dict[str, Any]] = []
    for each in documented.documented(language).values():
        kind = KINDS.get(each.kind, each.kind)
        found.append(_told(f"kg:{each.name}", kind, each.label, each.definition))
    for scheme in sorted(ontology.schemes()):
        prefixes[scheme] = f"{ontology.PREFIXES['kgc']}{scheme}/"
        for concept in documented.members(scheme, language):
            definition = "" if scheme in PLACES else concept.definition
            name = f"{scheme}:{concept.name.partition('/')[2]}"
            found.append(_told(name, "concept", concept.label, definition))
    whole = {"prefixes": prefixes, "terms": found}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _told(name: str, kind: str, label: str, definition: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "label": label} | ({"definition": definition} if definition else {})

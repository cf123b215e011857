"""The RDF of everything that has an IRI here: /id/… and /concept/…, for programs."""

from typing import Final
from urllib.parse import parse_qs

from server import negotiation, resources
from server.asking import Query
from server.graph_store import GraphPlan
from server.messages import Problem
from server.negotiation import GRAPHS, HTML, Choice
from server.request import Heard
from server.site import CONCEPT, is_iri
from server.sparql import Planned
from server.wording import words

NOTHING: Final = Problem(404, words("sv")["missing"], words("en")["missing"], {"kind": "not-found"})
OFFERS: Final = (HTML, *GRAPHS.values())


def plan(heard: Heard, base: str, coding: str | None) -> GraphPlan | None:
    """What to ask the engine for the RDF of what a path names, or None where a page is wanted, or nothing like it."""
    iri = _iri(heard.path, base)
    if iri is None or heard.method not in {"GET", "HEAD"} or not is_iri(iri):
        return None
    chosen = _chosen(heard)
    if chosen is None or chosen.format is HTML:
        return None
    query = Query(resources.rdf_query(base, iri), None, chosen.format.name, coding=coding, client=heard.client.key)
    return GraphPlan(Planned(query, None, chosen), resources.exists_query(iri))


def _iri(path: str, base: str) -> str | None:
    if path.startswith("/concept/"):
        return CONCEPT + path.removeprefix("/concept/")
    return base + path if path.startswith("/id/") and not path.startswith("/id/text/") else None


def _chosen(heard: Heard) -> Choice | None:
    asked = parse_qs(heard.query_string.decode("latin-1")).get("format")
    return negotiation.by_name(asked[0], OFFERS) if asked else negotiation.choose(heard.text(b"accept"), OFFERS)

"""SPARQL 1.1 Graph Store HTTP Protocol, the part that reads: GET and HEAD of a graph at /rdf-graph-store."""

from dataclasses import dataclass
from typing import Final

from server.asking import Query
from server.messages import Problem
from server.site import iri_ref, is_iri
from server.sparql import protocol
from server.sparql.protocol import GRAPH_OFFERS, Planned
from server.web import negotiation, parameters
from server.web.request import Heard

PATH: Final = "/rdf-graph-store"
ALLOWED: Final = "GET, HEAD, OPTIONS"
NO_GRAPH: Final = Problem(
    404,
    "Det finns ingen sådan graf: SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ger alla.",
    "There is no such graph: SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } gives all of them.",
    {"kind": "not-found"},
)


@dataclass(frozen=True, slots=True)
class GraphPlan:
    """The query for a graph's content, and one that asks whether the graph exists (None: it does)."""

    planned: Planned
    exists: str | None


def plan(heard: Heard, coding: str | None) -> GraphPlan | Problem:
    """What to ask the engine for a graph (4.1, 4.2: ?graph=IRI, ?default), or the problem with the request."""
    if heard.method not in {"GET", "HEAD"}:
        return Problem(
            405,
            "Graferna går bara att läsa här (GET, HEAD).",
            "The graphs are read-only here (GET, HEAD).",
            headers=(("Allow", ALLOWED),),
        )
    try:
        pairs = parameters.pairs(heard.query_string)
    except ValueError:
        pairs = []
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    named = values.get("graph", [])
    default = "default" in values
    once = all(len(values.get(name, [])) < 2 for name in ("default", "graph", "format"))
    if not once or default + len(named) != 1 or not all(map(is_iri, named)):
        return Problem(
            400,
            f"Ange en graf: {PATH}?default eller {PATH}?graph=IRI (en fullständig IRI, en gång).",
            f"Name one graph: {PATH}?default or {PATH}?graph=IRI (an absolute IRI, once).",
            {"kind": "request"},
        )
    wanted = values.get("format", [""])[0]
    chosen = (
        negotiation.by_name(wanted, GRAPH_OFFERS)
        if wanted
        else negotiation.choose(heard.text(b"accept"), GRAPH_OFFERS)
    )
    if chosen is None:
        return protocol.not_acceptable(GRAPH_OFFERS)
    where = "?s ?p ?o" if default else f"GRAPH {iri_ref(named[0])} {{ ?s ?p ?o }}"
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}"
    query = Query(text, None, chosen.format.name, coding=coding, client=heard.client.key)
    return GraphPlan(Planned(query, None, chosen), None if default else f"ASK {{ {where} }}")

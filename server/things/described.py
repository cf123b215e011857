"""The RDF of everything that has an IRI here, at /doc/…, for programs."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from server.asking import Query
from server.sparql.protocol import Headers, Planned
from server.things import dereferencing, resources
from server.web.negotiation import HTML, TEXT
from server.web.request import Heard


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask for the RDF of an IRI: its standing, its description, and the headers that this has besides."""

    standing: Query
    planned: Planned
    links: Headers


def plan(heard: Heard, base: str, web: str, coding: str | None) -> Plan | None:
    """What to ask the engine for the RDF at a path, or None where a page is wanted, or there is nothing like it.
    `web` is the address of the service, where the context of JSON-LD is."""
    if heard.method not in {"GET", "HEAD"} or not heard.path.startswith("/doc/"):
        return None
    iri = dereferencing.iri_of(heard.path, base)
    if iri is None:
        return None
    asked = parse_qs(heard.query_string.decode("latin-1")).get("format")
    chosen = dereferencing.choose(heard.path, asked[0] if asked else None, heard.text(b"accept"))
    if chosen is None or chosen.format in (HTML, TEXT):
        return None
    text = resources.rdf_query(base, iri, dereferencing.document_iri(base, iri))
    context = f"{web}/context.jsonld"
    query = Query(text, None, chosen.format.name, coding=coding, client=heard.client.key, context=context)
    links = dereferencing.links(heard.path, iri, chosen.format)
    return Plan(dereferencing.question(base, iri), Planned(query, None, chosen), links)

"""The kinds of pages, and how to find an address of each in a running graph.

A page that is added to the site is added here: every test of this folder then opens it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from tests.server.data import Server

PREFIXES = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
"""
MANY = "SELECT ?it WHERE {{ {} }} GROUP BY ?it ORDER BY DESC(COUNT(DISTINCT ?other)) ?it LIMIT 1"
ROWS = PREFIXES + "SELECT ?meeting ?date WHERE { ?meeting a kg:Meeting ; kg:date ?date } ORDER BY ?date LIMIT 5"

COUNTED = (
    PREFIXES + "SELECT ?body (COUNT(?meeting) AS ?meetings) WHERE { ?meeting kg:heldBy ?body } GROUP BY ?body LIMIT 9"
)
DRAWN = PREFIXES + "CONSTRUCT { ?meeting kg:heldBy ?body } WHERE { ?meeting kg:heldBy ?body } LIMIT 9"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page. `path` is its address; where `query` is given, the address is `path` with {} filled in by the
    path below /doc/ of the first ?it that the query finds. `status` is what a browser is answered."""

    name: str
    path: str = "/doc/{}"
    query: str = ""
    status: int = 200

    def __str__(self) -> str:
        return self.name


def asking(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query, "format": "html", **more})


def most(pattern: str) -> str:
    """The thing that has most of what a pattern calls ?other."""
    return MANY.format(pattern)


FIXED = (
    Kind("start", "/"),
    Kind("search", "/search?q=motion"),
    Kind("search nothing", "/search?q=qwxzqwxz"),
    Kind("search empty", "/search"),
    Kind("explore decisions", "/explore/decisions"),
    Kind("explore motions", "/explore/motions"),
    Kind("browse bodies", "/browse/bodies"),
    Kind("browse parties", "/browse/parties"),
    Kind("browse persons", "/browse/persons"),
    Kind("browse cases", "/browse/cases"),
    Kind("browse years", "/browse/years"),
    Kind("query", "/sparql"),
    Kind("query rows", asking(ROWS)),
    Kind("query chart", asking(COUNTED, view="chart")),
    Kind("query graph", asking(DRAWN)),
    Kind("query raw", asking(COUNTED, view="raw")),
    Kind("query no rows", asking("SELECT ?s WHERE { ?s a <http://example.org/none> }")),
    Kind("query error", asking("SELECT ?s WHERE { ?s a "), status=400),
    Kind("query example", "/sparql?example=05-motions-and-their-end"),
    Kind("quality", "/quality"),
    Kind("quality documents", "/quality/documents"),
    Kind("quality paragraphs", "/quality/paragraphs"),
    Kind("quality identities", "/quality/identities"),
    Kind("quality unread", "/quality/unread"),
    Kind("quality figures", "/datasets/quality"),
    Kind("data", "/data"),
    Kind("dumps", "/dumps/"),
    Kind("vocabulary", "/ns"),
    Kind("concepts", "/doc/concept/outcome"),
    Kind("missing", "/doc/person/0000/nobody", status=404),
    Kind("gone", "/doc/person/almvik/erik-glomden-s", status=410),
)
THINGS = (
    Kind("meeting", query=most("?other kg:treatedAt ?it")),
    Kind("treatment", query=most("?it kg:resultedIn ?d ; kg:hasProposal ?other FILTER NOT EXISTS { ?it kg:hasVote ?v }")),
    Kind("treatment with a vote", query=most("?it kg:hasVote/kg:hasBallot ?other")),
    Kind("treatment with reservations", query=most("?it kg:hasReservation ?other")),
    Kind("case", query=most("?treatment kg:concernsCase ?it ; kg:treatedAt ?other")),
    Kind("motion", query=most("?it a kg:Motion ; kg:submittedBy ?other")),
    Kind("person", query=most("?it a kg:Person . ?other kg:attendee ?it")),
    Kind("party", query=most("?it a kg:Party . ?other kg:representsParty ?it")),
    Kind("body", query=most("?other kg:heldBy ?it")),
    Kind("municipality", query=most("?it a kg:Municipality . ?other kg:partOfMunicipality ?it")),
    Kind("document", query=most("?it kg:canonicalText ?text ; kg:documents/^kg:treatedAt ?other")),
    Kind("document marked", query=most("?it kg:canonicalText ?text ; kg:documents/^kg:treatedAt ?other"), path="/doc/{}?at=0-40"),
    Kind("annual report", query=most("?it a kg:AnnualReport . ?it ?other ?value")),
    Kind("goal", query=most("?it a kg:Goal ; ?p ?other")),
    Kind("document for the clerk", query=most("?it kg:hasReport/sh:result ?other"), path="/quality/{}"),
    Kind("all statements", query=most("?other kg:treatedAt ?it"), path="/doc/{}?view=facts"),
    Kind("something else", query=most("?it a kg:Attendance . ?other kg:hasAttendance ?it")),
    Kind("span", query=most("?other kg:evidence ?it")),
)  # fmt: skip
KINDS = (*FIXED, *THINGS)
PRINTED = ("meeting", "case")


def addresses(server: Server, kinds: tuple[Kind, ...] = KINDS) -> Mapping[str, str]:
    """The address of a page of each kind, by the kind's name; a kind of which the graph has none is left out."""
    return {kind.name: found for kind in kinds if (found := next(found_of(server, kind), None))}


def found_of(server: Server, kind: Kind) -> Iterator[str]:
    """The addresses of pages of a kind, the first the one that the tests open."""
    if not kind.query:
        yield kind.path
        return
    got = server.ask(PREFIXES + kind.query, "text/csv")
    assert got.status == 200, (kind, got.text)
    for iri in got.text.split()[1:]:
        yield address_of(kind, iri)


def address_of(kind: Kind, iri: str) -> str:
    """The address of a thing's page of a kind."""
    return kind.path.format(quote(iri.partition("/id/")[2], safe="/:@!$&'()*+,;=~-._"))


def many(kind: Kind, most: int) -> Kind:
    """A kind whose query finds many things, those with most to show."""
    return replace(kind, query=re.sub(r"LIMIT 1\b", f"LIMIT {most}", kind.query))


def in_language(address: str, language: str) -> str:
    path, mark, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}lang={language}{mark}{fragment}"

"""What can be reconciled: persons, parties, bodies and cases of the published graph, read once per version."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ontology import KG
from server.asking import Rows

PAGE: Final = 20_000  # rows of one query
TYPES: Final = ("Person", "Party", "Body", "Case")
PREFIXES: Final = (
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX org: <http://www.w3.org/ns/org#> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    f"PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX kg: <{str(KG.Person).removesuffix('Person')}> "
)
_QUERIES: Final = (
    ("name", "Person", "?s a kg:Person ; foaf:name ?v"),
    ("name", "Party", "?s a kg:Party ; rdfs:label ?v FILTER(LANG(?v) != 'en')"),
    ("name", "Body", "?s a kg:Body ; rdfs:label ?v"),
    ("name", "Case", "?s a kg:Case ; dcterms:identifier ?v"),
    ("spelling", "Person", "?s a kg:Person ; skos:altLabel ?v"),
    ("spelling", "Party", "?s a kg:Party ; rdfs:label ?v FILTER(LANG(?v) = 'en')"),
    ("spelling", "Party", "?s a kg:Party ; skos:altLabel|skos:exactMatch/skos:altLabel ?v"),
    ("spelling", "Body", "?s a kg:Body ; skos:altLabel ?v"),
    ("spelling", "Case", "?s a kg:Case ; kg:hasRegistryNumber/kg:notationVerbatim ?v"),
    ("code", "Party", "?s a kg:Party ; skos:notation ?v"),
    ("open", "Person", "?s a kg:Person . { ?s kg:possiblySameAs ?v } UNION { ?v kg:possiblySameAs ?s }"),
    ("municipality", "Body", "?s a kg:Body ; kg:partOfAuthority/kg:municipalityCode ?v"),
)
_POSTS: Final = (
    "SELECT ?s ?v (MIN(?a) AS ?first) (MAX(?b) AS ?last) WHERE { ?s a kg:Person ; org:hasMembership ?m . "
    "?m org:organization ?v OPTIONAL { ?m kg:observedFrom ?a } OPTIONAL { ?m kg:observedUntil ?b } %s } "
    "GROUP BY ?s ?v"
)
_CODE: Final = re.compile(r"/id/(?:person|party|body|case)/(\d{4})/")

Ask = Callable[[str, int], Rows]


@dataclass(slots=True, eq=False)
class Entity:
    """A thing that can be chosen. `code` is a party's abbreviation, `municipality` a code of SCB; `parties`, `posts`
    (bodies) and `open` (persons who may be the same) are IRIs; `first` and `last` are ISO dates between which the
    graph has seen a person act."""

    iri: str
    type: str
    name: str = ""
    spellings: set[str] = field(default_factory=set)
    code: str | None = None
    municipality: str | None = None
    parties: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Entities:
    """All of them by IRI, and the names of municipalities by code, the usual one first."""

    of: dict[str, Entity]
    municipalities: dict[str, list[str]]


def read(ask: Ask) -> Entities:
    """Everything that can be reconciled, asked for in pages of PAGE rows. Raises QueryFailed."""
    of: dict[str, Entity] = {}
    for kind, type_, pattern in _QUERIES:
        for iri, value in _pairs(ask, pattern):
            if kind == "name" and iri not in of:
                local = _CODE.search(iri)
                of[iri] = Entity(iri, type_, value, municipality=local[1] if local else None)
            elif iri in of:
                _add(of[iri], kind, value)
    for iri, organisation, first, last in _paged(ask, _POSTS):
        _post(of, iri, organisation, first, last)
    municipalities: dict[str, list[str]] = {}
    for pattern in ("?m rdfs:label ?v FILTER(LANG(?v) != 'en')", "?m skos:altLabel|rdfs:label ?v"):
        for code, name in _pairs(ask, f"?m a kg:Municipality ; kg:municipalityCode ?s . {pattern}"):
            if name not in municipalities.setdefault(code, []):
                municipalities[code].append(name)
    return Entities(of, municipalities)


def _add(entity: Entity, kind: str, value: str) -> None:
    if kind == "code":
        entity.code = value
    elif kind == "municipality":
        entity.municipality = value
    elif kind == "open":
        entity.open.add(value)
    elif value != entity.name:
        entity.spellings.add(value)


def _post(of: dict[str, Entity], iri: str, organisation: str, first: str, last: str) -> None:
    person, held = of.get(iri), of.get(organisation)
    if person is None:
        return
    if held and held.type == "Party":
        person.parties.add(organisation)
    elif held:
        person.posts.add(organisation)
        person.municipality = person.municipality or held.municipality
    person.first = min(filter(None, (person.first, first)), default=None)
    person.last = max(filter(None, (person.last, last)), default=None)


def _pairs(ask: Ask, pattern: str) -> Iterator[tuple[str, str]]:
    for first, second, *_ in _paged(ask, f"SELECT DISTINCT ?s ?v WHERE {{ {pattern} %s }}"):
        yield first, second


def _paged(ask: Ask, query: str) -> Iterator[list[str]]:
    """The rows of a query, page after page in the order of ?s and ?v; `%s` stands where a page may begin."""
    after = ""
    while True:
        found = ask(f"{PREFIXES}{query % after} ORDER BY STR(?s) STR(?v) LIMIT {PAGE + 1}", PAGE)
        rows = [[term.value if term else "" for term in row] for row in found.rows]
        yield from rows
        if not found.more:
            return
        subject, value = _text(rows[-1][0]), _text(rows[-1][1])
        after = f"FILTER(STR(?s) > {subject} || STR(?s) = {subject} && STR(?v) > {value})"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'

"""What can be reconciled: persons, parties, bodies and cases of the published graph, read once per version."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ontology import KG, concept
from server.asking import Rows

PAGE: Final = 20_000  # rows of one query
TYPES: Final = ("Person", "Party", "Body", "Case")
LOCAL: Final = frozenset({"Body", "Case"})  # what each municipality names by itself
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
    ("local", "Party", "?s a kg:Party ; skos:exactMatch ?v . ?v kg:localParty true"),
    ("open", "Person", "?s a kg:Person . { ?s kg:possiblySameAs ?v } UNION { ?v kg:possiblySameAs ?s }"),
    ("municipality", "Body", "?s a kg:Body ; kg:partOfAuthority ?v"),
)
_POSTS: Final = (
    "SELECT ?s ?v (MIN(?a) AS ?first) (MAX(?b) AS ?last) WHERE { ?s a kg:Person ; org:hasMembership ?m . "
    "?m org:organization ?v OPTIONAL { ?m kg:observedFrom ?a } OPTIONAL { ?m kg:observedUntil ?b } %s } "
    "GROUP BY ?s ?v"
)
_CONCEPTS: Final = (
    f"?s a kg:Party ; skos:exactMatch ?v FILTER(STRSTARTS(STR(?v), '{concept('party', 'S').removesuffix('S')}'))"
)
_OF: Final = re.compile(r"(https?://.+/id/)(?:person|party|body|case)/([^/]+)/.+")

Ask = Callable[[str, int], Rows]


@dataclass(slots=True, eq=False)
class Entity:
    """A thing that can be chosen. `code` is a party's abbreviation, `municipality` a code of SCB, or the IRI of an
    authority that has none (a joint authority, a council of another country); `local` is whether another municipality
    may have one with the same name; `parties`, `posts` (bodies) and `open` (persons who may be the same) are IRIs;
    `first` and `last` are ISO dates between which the graph has seen a person act."""

    iri: str
    type: str
    name: str = ""
    spellings: set[str] = field(default_factory=set)
    code: str | None = None
    municipality: str | None = None
    local: bool = False
    parties: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Entities:
    """All of them by IRI, the names of municipalities by code (IRI where there is none), the usual one first, and
    for the IRI of a thing that another one stands for, the IRI of that."""

    of: dict[str, Entity]
    municipalities: dict[str, list[str]]
    same: dict[str, str] = field(default_factory=dict)


def read(ask: Ask, base: str) -> Entities:
    """Everything that can be reconciled, asked for in pages of PAGE rows. Raises QueryFailed.

    Parties that are the same concept are one: each Kommungraf that was imported brings its own S and M."""
    of: dict[str, Entity] = {}
    codes, municipalities = _municipalities(ask)
    for kind, type_, pattern in _QUERIES:
        for iri, value in _pairs(ask, pattern):
            if kind == "name" and iri not in of:
                place = _local(iri, municipalities)
                local = type_ in LOCAL or (type_ == "Party" and place is not None)
                of[iri] = Entity(iri, type_, value, municipality=place, local=local)
            elif iri in of and kind == "municipality":
                code = codes.get(value, value)
                of[iri].municipality = code if code in municipalities else of[iri].municipality
            elif iri in of:
                _add(of[iri], kind, value)
    same = _joined(of, _pairs(ask, _CONCEPTS), f"{base}/id/")
    for iri, organisation, first, last in _paged(ask, _POSTS):
        _post(of, iri, same.get(organisation, organisation), first, last)
    return Entities(of, municipalities, same)


def _joined(of: dict[str, Entity], concepts: Iterable[tuple[str, str]], own: str) -> dict[str, str]:
    """Leave one entity for each concept, one of our own where there is one, with the spellings of all; the IRI that
    stands for each of the others."""
    groups: dict[str, list[str]] = {}
    for iri, concept_ in concepts:
        if iri in of:
            groups.setdefault(concept_, []).append(iri)
    same: dict[str, str] = {}
    for found in groups.values():
        kept, *others = sorted(found, key=lambda iri: (not iri.startswith(own), iri))
        for iri in others:
            other = of.pop(iri)
            same[iri] = kept
            for spelling in (other.name, *other.spellings):
                _add(of[kept], "spelling", spelling)
    return same


def _municipalities(ask: Ask) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The codes of municipalities by IRI; and the names of authorities by code, or IRI where they have none."""
    codes = dict(_pairs(ask, "?s kg:municipalityCode ?v"))
    names: dict[str, list[str]] = {}
    for pattern in (
        "?s a kg:Municipality ; kg:municipalityCode ?c ; rdfs:label ?v FILTER(LANG(?v) != 'en')",
        "?s a kg:Municipality ; kg:municipalityCode ?c ; skos:altLabel|rdfs:label ?v",
        "?b kg:partOfAuthority ?s . ?s rdfs:label ?v",
    ):
        for iri, name in _pairs(ask, pattern):
            if name not in names.setdefault(codes.get(iri, iri), []):
                names[codes.get(iri, iri)].append(name)
    return codes, names


def _local(iri: str, municipalities: dict[str, list[str]]) -> str | None:
    """Whose a thing is by its IRI, where that is one of ours: <base>/id/case/0180/… or <base>/id/case/almvik/…"""
    found = _OF.fullmatch(iri)
    if not found:
        return None
    if re.fullmatch(r"\d{4}", found[2]):
        return found[2]
    authority = f"{found[1]}municipality/{found[2]}"
    return authority if authority in municipalities else None


def _add(entity: Entity, kind: str, value: str) -> None:
    if kind == "code":
        entity.code = value
    elif kind == "open":
        entity.open.add(value)
    elif kind == "local":
        entity.local = True
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

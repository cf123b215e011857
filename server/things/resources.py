"""What the graph says about one IRI, arranged for a page: both directions, grouped by property."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from server.alphabet import swedish
from server.asking import Rows, Term
from server.naming import RDF_TYPE, Names, look_up
from server.site import NS, Site, iri_ref, is_iri

MOST: Final = 3000  # statements about one resource that a page shows
SHOWN: Final = 25  # resources that refer to it by one property, on a page
LAST: Final = (NS + "evidence", "http://www.w3.org/ns/prov#wasGeneratedBy")
DESCRIBED_AT: Final = "http://xmlns.com/foaf/0.1/isPrimaryTopicOf"
FIRST: Final = (
    "http://purl.org/dc/terms/title",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://xmlns.com/foaf/0.1/name",
)


@dataclass(frozen=True, slots=True)
class Group:
    """One property and its values; `total` counts also those that are not listed."""

    property: str
    values: tuple[Term, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Description:
    iri: str
    says: tuple[Group, ...]
    referring: tuple[Group, ...]
    names: Names


def describe(site: Site, iri: str, language: str) -> Description | None:
    """Everything about an IRI, or None when the graph says nothing about it. Raises QueryFailed and ValueError."""
    ref = iri_ref(iri)
    said = site.pool.rows(f"SELECT ?p ?o WHERE {{ {ref} ?p ?o }}", MOST)
    counts = site.pool.rows(f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ ?s ?p {ref} }} GROUP BY ?p", MOST)
    if not said.rows and not counts.rows:
        return None
    totals = {p.value: int(n.value) for p, n in counts.rows if p and n}
    referring = _referring(site, ref, tuple(totals))
    mentioned = {iri} | {
        term.value
        for rows in (said, referring)
        for row in rows.rows
        for term in row
        if term and term.kind == "iri" and is_iri(term.value)
    }
    names = look_up(site, language, sorted(mentioned))
    groups = _groups(said, names, language)
    back = _groups(referring, names, language)
    back = tuple(Group(each.property, each.values, totals[each.property]) for each in back)
    return Description(iri, groups, back, names)


def rdf_query(base: str, iri: str, document: str | None) -> str:
    """The query for what the RDF of an IRI holds: a named graph's content and properties, or statements about it; and
    the IRI of the document that holds them, where it is given, so that each thing is a subject of something."""
    ref = iri_ref(iri)
    told = f"{ref} <{DESCRIBED_AT}> {iri_ref(document)} ." if document else ""
    if iri.startswith(base + "/id/graph/"):
        both = f"{{ GRAPH {ref} {{ ?s ?p ?o }} }} UNION {{ {ref} ?q ?v }}"
        return f"CONSTRUCT {{ {told} ?s ?p ?o . {ref} ?q ?v }} WHERE {{ {both} }}"
    decided = f"{{ ?c <{NS}corrects> {ref} ; ?d ?e }}"  # a correction is told whole: what was said, who decided, why
    about = f"{{ {ref} ?p ?o }} UNION {{ ?s ?q {ref} }} UNION {decided}"
    return f"CONSTRUCT {{ {told} {ref} ?p ?o . ?s ?q {ref} . ?c ?d ?e }} WHERE {{ {about} }}"


def _referring(site: Site, ref: str, properties: Sequence[str]) -> Rows:
    if not properties:
        return Rows(("p", "s"), (), False, None, "solutions")
    parts = []
    for each in properties:
        found = f"SELECT ?s WHERE {{ ?s {iri_ref(each)} {ref} }} ORDER BY STR(?s) LIMIT {SHOWN}"
        parts.append(f"{{ {{ {found} }} BIND({iri_ref(each)} AS ?p) }}")
    return site.pool.rows(f"SELECT ?p ?s WHERE {{ {' UNION '.join(parts)} }}", MOST)


def _groups(rows: Rows, names: Names, language: str) -> tuple[Group, ...]:
    by_property: dict[str, dict[Term, None]] = {}
    in_order = replace(names, iso=True)
    for name, value in rows.rows:
        if name and value and name.value != RDF_TYPE:
            by_property.setdefault(name.value, {})[value] = None

    def place(item: tuple[str, dict[Term, None]]) -> tuple[int, str]:
        rank = 0 if item[0] in FIRST else 2 if item[0] in LAST else 1
        return rank, swedish(names.of(item[0]))

    def order(term: Term) -> tuple[bool, list[tuple[int, str]], str]:
        name = in_order.of(term.value) if term.kind == "iri" else term.value
        return term.language not in (None, language), _natural(name), term.value

    return tuple(
        Group(name, tuple(sorted(values, key=order)), len(values))
        for name, values in sorted(by_property.items(), key=place)
    )


def _natural(text: str) -> list[tuple[int, str]]:
    """A key by which "§ 9" comes before "§ 10"."""
    key: list[tuple[int, str]] = []
    for word in swedish(text).split():
        digits = word.strip("·,.:;()§")
        key.append((int(digits), "") if digits.isdecimal() and len(digits) < 10 else (10**10, word))
    return key

"""What a graph offers for the parameters of the examples: values to choose from, and values to begin with."""

from collections.abc import Mapping
from typing import Final

import ontology
from server.asking import QueryFailed, Term
from server.made_once import MadeOnce
from server.naming import class_label
from server.query_page.example_values import term, values_in, with_values
from server.query_page.examples import Example, Parameter, in_language
from server.site import Site
from server.storage import snapshot

MOST: Final = 600  # values to choose from; where there are more, none are listed
ACTS: Final = "FILTER(EXISTS { ?act kg:onBehalfOf ?group } || EXISTS { ?cast kg:representsParty ?group })"
PARTIES: Final = f"?group a kg:Party ; skos:notation ?x . {ACTS}"
AUTHORS: Final = "?matter kg:submittedBy ?person . ?person foaf:name ?x"
PATTERNS: Final[Mapping[str, str]] = {
    "bodyName": '?meeting kg:heldBy ?body . ?body rdfs:label ?x . FILTER(LANG(?x) != "en")',
    "year": "?meeting a kg:Meeting ; kg:date ?date . BIND(YEAR(?date) AS ?x)",
    "year gYear": "?report a kg:AnnualReport ; kg:year ?x",
    "date": "?meeting a kg:Meeting ; kg:date ?x",
    "party": PARTIES,
    "otherParty": PARTIES,
    "wantedParty": PARTIES,
    "wantedAuthor": AUTHORS,
    "number": "?registryNumber a kg:RegistryNumber ; skos:notation ?x",
    "wantedNumber": "?report a kg:OfficialReport ; dcterms:identifier ?x",
    "wantedOutcome": '?decision kg:decisionOutcome ?outcome . ?outcome rdfs:label ?x . FILTER(LANG(?x) = "sv")',
    "name": "?person a kg:Person ; foaf:name ?x . "
    "FILTER(EXISTS { ?person skos:altLabel ?spelling } || EXISTS { ?person kg:possiblySameAs ?other })",
}
"""Patterns that bind ?x to what a parameter may be, by its name, and its kind where that makes a difference."""


_Found = tuple[tuple[Term | None, ...], ...]
_KNOWN: Final = MadeOnce[dict[str, _Found]](lambda _: {})
"""What was found, by query, of those that were asked."""


def choices(site: Site, parameter: Parameter, language: str) -> tuple[Term, ...]:
    """The values to choose from, in order; none where there are too many, or where that takes too long."""
    name = parameter.name
    pattern = PATTERNS.get(f"{name} {parameter.kind}", PATTERNS.get(name, ""))
    if not pattern or parameter.kind == "iri":
        return ()
    pattern = in_language(pattern, language)
    found = _rows(site, f"SELECT DISTINCT ?x WHERE {{ {pattern} }} ORDER BY ?x LIMIT {MOST + 1}")
    return () if len(found) > MOST else tuple(row[0] for row in found if row[0])


def started(site: Site, example: Example, language: str) -> str:
    """The query to begin with: the example's, with values that the graph has where it lacks the example's own."""
    text = in_language(example.text, language)
    if not example.sample:
        return text
    own = values_in(text, example.parameters)
    given = {name: terms[0] for name, terms in own.items() if terms}
    names = " ".join(f"?{name}" for name in given)
    binding = f"VALUES ({names}) {{ ({' '.join(map(term, given.values()))}) }}"
    for before in (binding, ""):
        rows = _rows(site, f"SELECT {names} WHERE {{ {before} {example.sample} }} LIMIT 1")
        if rows:
            terms = zip(given, rows[0], strict=True)
            return with_values(text, {**own, **{name: (each,) for name, each in terms if each}})
    return text


def lacking(site: Site, example: Example, language: str) -> list[str]:
    """The kinds of things that an example asks for and the graph has none of, by their names."""
    counted = snapshot.about(site.data_dir)["classes"]
    wanted = [ontology.term(each) for each in example.needs]
    return [class_label(each, language) for each in wanted if not counted.get(each)]


def unknown(site: Site, example: Example, query: str, language: str) -> list[tuple[Parameter, str]]:
    """The parameters to which a query gives a value that the graph does not have, and the value."""
    values = values_in(query, example.parameters)
    found: list[tuple[Parameter, str]] = []
    for each in example.parameters:
        known = choices(site, each, language)
        for value in values.get(each.name, ()) if known else ():
            if value.value not in {one.value for one in known}:
                found.append((each, value.value))
    return found


def _rows(site: Site, query: str) -> _Found:
    """The answer to a query of ours, asked once for each version of the data; nothing where it takes too long."""
    known = _KNOWN.at(site)
    if query in known:
        return known[query]
    try:
        found = site.pool.rows(site.prologue + query, MOST + 1, 2.0).rows
    except QueryFailed as failure:
        if failure.kind not in {"timeout", "crash", "too-large", "busy"}:
            raise
        return ()
    known[query] = found
    return found

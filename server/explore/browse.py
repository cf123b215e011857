"""/browse/…: what there is, by body, party, person, case and year: lists that need no search."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, Response, request

from server import pages
from server.alphabet import swedish
from server.asking import Rows
from server.made_once import MadeOnce
from server.naming import Names, look_up
from server.site import Site, page_language
from server.wording import words

browse = Blueprint("browse", __name__)

SHOWN: Final = 100  # entries on one page
MOST: Final = 5000  # entries of a list that has no pages
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ"
OTHER: Final = "other"
"""In place of a letter: names that begin with another."""
LAST_WORD: Final = 'BIND(REPLACE(?name, "^.* ", "") AS ?last)'
"""SPARQL: by what a person's ?name is looked up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing, and what is said of it: a number, a text, and the municipality it belongs to."""

    iri: str
    name: str
    count: int | None = None
    note: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list under headings. `choices`: pairs of an argument's value and its text, from which one is `chosen`;
    `counts`: of letters, how many persons each has, where it has any. `folded`: what few look for."""

    groups: Mapping[str, list[Entry]]
    argument: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    chosen: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    more: bool = False
    folded: tuple[Entry, ...] = ()


@browse.get("/browse/<any(bodies, parties, persons, cases, years):what>")
def listed(what: str) -> Response:
    """One of the lists."""
    site, language = Site.current(), page_language()
    asked = request.args.get("page", "")
    number = max(int(asked[:4]), 1) if asked.isdecimal() else 1
    found = LISTS[what](site, language, number)
    return pages.page("browse.html", what=what, lists=tuple(LISTS), found=found, number=number)


def _bodies(site: Site, language: str, number: int) -> Listed:
    """Every body that has met, under its municipality."""
    rows = _ask(
        site,
        "SELECT ?body ?place (COUNT(?meeting) AS ?n) WHERE { ?meeting kg:heldBy ?body . "
        "OPTIONAL { ?body kg:partOfAuthority ?place } } GROUP BY ?body ?place",
        MOST,
    )
    found = [(body, place, int(n)) for body, place, n in _texts(rows)]
    named = look_up(site, language, [each for body, place, _ in found for each in (body, place) if each])
    groups: dict[str, list[Entry]] = {}
    for body, place, n in sorted(found, key=lambda each: (_key(named, each[1]), _key(named, each[0]))):
        groups.setdefault(named.of(place) if place else "", []).append(Entry(body, named.of(body), n))
    return Listed(groups, more=rows.more)


def _parties(site: Site, language: str, number: int) -> Listed:
    """Every party, with the number of persons seen in it."""
    rows = _ask(
        site,
        "SELECT ?party (COUNT(DISTINCT ?person) AS ?n) WHERE { ?party a kg:Party . "
        "OPTIONAL { ?m org:organization ?party . ?m org:member ?person } } GROUP BY ?party",
        MOST,
    )
    found = [(party, int(n)) for party, n in _texts(rows)]
    named = look_up(site, language, [each for each, _ in found] + _places(site, (each for each, _ in found)))
    ordered = sorted(found, key=lambda each: (-each[1], each[0]))
    entries = [Entry(party, named.of_body(party), n) for party, n in ordered if n]
    unseen = sorted((Entry(party, named.of_body(party)) for party, n in found if not n), key=_by_name)
    return Listed({"": entries}, more=rows.more, folded=tuple(unseen))


def _persons(site: Site, language: str, number: int) -> Listed:
    """Persons by the first letter of the last word of their names."""
    counts = INITIALS.at(site)
    letter = request.args.get("letter", "")
    if letter not in (*LETTERS, OTHER):
        letter = next((each for each in (*LETTERS, OTHER) if each in counts), "A")
    wanted = f'= "{letter}"' if letter != OTHER else f"NOT IN ({', '.join(map(_quoted, LETTERS))})"
    rows = _ask(
        site,
        "SELECT ?person ?name ?short WHERE { ?person a kg:Person ; foaf:name ?name . "
        f"{LAST_WORD} "
        f"FILTER(UCASE(SUBSTR(?last, 1, 1)) {wanted}) "
        "OPTIONAL { ?person org:hasMembership ?m . ?m org:organization ?party . ?party a kg:Party . "
        "?party skos:notation ?short } } ORDER BY ?last ?name",
        MOST,
    )
    told: dict[tuple[str, str], list[str]] = {}
    for person, name, short in _texts(rows):
        told.setdefault((person, name), []).append(short)
    page = sorted(told.items(), key=lambda each: _by_surname(each[0][1]))[(number - 1) * SHOWN : number * SHOWN + 1]
    named = look_up(site, language, _places(site, (person for (person, _), _ in page)))
    entries = [
        Entry(person, name, note=", ".join(dict.fromkeys(filter(None, shorts))), place=_place(site, named, person))
        for (person, name), shorts in page[:SHOWN]
    ]
    other = words(language)["browse_other"]
    choices = (*((each, each) for each in LETTERS), (OTHER, other))
    shown = {other if letter == OTHER else letter: entries}
    return Listed(shown, "letter", choices, letter, counts, len(page) > SHOWN)


def _initials(site: Site) -> dict[str, int]:
    """How many persons each of LETTERS and OTHER has, where it has any."""
    rows = _ask(
        site,
        "SELECT ?letter (COUNT(DISTINCT ?person) AS ?n) WHERE { ?person a kg:Person ; foaf:name ?name . "
        f"{LAST_WORD} BIND(UCASE(SUBSTR(?last, 1, 1)) AS ?letter) }} GROUP BY ?letter",
        MOST,
    )
    counts: dict[str, int] = {}
    for letter, n in _texts(rows):
        of = letter if letter in LETTERS and letter else OTHER
        counts[of] = counts.get(of, 0) + int(n)
    return counts


INITIALS: Final = MadeOnce(_initials)
"""Of what is published now."""


def _cases(site: Site, language: str, number: int) -> Listed:
    """Cases by the year of their registry number: in each series in the order of its numbers."""
    counted = _ask(
        site,
        "SELECT ?year (COUNT(?case) AS ?n) WHERE { ?case a kg:Case ; kg:hasRegistryNumber ?r . "
        "?r kg:registryYear ?year } GROUP BY ?year ORDER BY DESC(?year)",
        MOST,
    )
    years = {year[:4]: int(n) for year, n in _texts(counted)}
    year = _chosen(years)
    if not year:
        return Listed({})
    order = "?series ?at ?number ?case"
    rows = _ask(
        site,
        "SELECT ?case ?number (SAMPLE(?heading) AS ?title) WHERE { { "
        "SELECT ?case ?number (MIN(?office) AS ?series) (MIN(?place) AS ?at) WHERE { "
        f'?r kg:registryYear "{year}"^^xsd:gYear . '
        "?case kg:hasRegistryNumber ?r ; a kg:Case ; dcterms:identifier ?number . "
        "OPTIONAL { ?r kg:registryAuthority ?office } OPTIONAL { ?r kg:registrySequence ?place } } "
        f"GROUP BY ?case ?number ORDER BY {order} LIMIT {SHOWN + 1} OFFSET {(number - 1) * SHOWN} }} "
        "OPTIONAL { ?treatment kg:concernsCase ?case ; dcterms:title ?heading } } "
        f"GROUP BY ?case ?number ?series ?at ORDER BY {order}",
        SHOWN + 1,
    )
    found = _texts(rows)
    named = look_up(site, language, _places(site, (case for case, _, _ in found)))
    entries = [Entry(case, name, note=title, place=_place(site, named, case)) for case, name, title in found]
    return _of_year(entries, year, years)


def _years(site: Site, language: str, number: int) -> Listed:
    """The meetings of one year."""
    counted = _ask(
        site,
        "SELECT ?year (COUNT(?meeting) AS ?n) WHERE { ?meeting a kg:Meeting ; kg:date ?date "
        "BIND(YEAR(?date) AS ?year) } GROUP BY ?year ORDER BY DESC(?year)",
        MOST,
    )
    years = {year: int(n) for year, n in _texts(counted)}
    year = _chosen(years)
    if not year:
        return Listed({})
    rows = _ask(
        site,
        "SELECT ?meeting ?date ?body WHERE { ?meeting a kg:Meeting ; kg:date ?date ; kg:heldBy ?body "
        f"FILTER(YEAR(?date) = {year}) }} ORDER BY DESC(?date) STR(?meeting) "
        f"LIMIT {SHOWN + 1} OFFSET {(number - 1) * SHOWN}",
        SHOWN + 1,
    )
    found = list(_texts(rows))
    bodies = {body for _, _, body in found}
    named = look_up(site, language, [*bodies, *filter(None, map(site.place_of, bodies))])
    entries = [Entry(meeting, date, note=named.of_body(body)) for meeting, date, body in found]
    return _of_year(entries, year, years)


LISTS: Final[Mapping[str, Callable[[Site, str, int], Listed]]] = {
    "bodies": _bodies,
    "parties": _parties,
    "persons": _persons,
    "cases": _cases,
    "years": _years,
}


def _chosen(years: Mapping[str, int]) -> str:
    """The year asked for, else the first, which is the latest; empty where there is none."""
    asked = request.args.get("year", "")
    return asked if asked in years else next(iter(years), "")


def _of_year(entries: list[Entry], year: str, years: Mapping[str, int]) -> Listed:
    """One page of the entries of a year, of which `entries` has one more than are shown where there are more."""
    choices = tuple((each, f"{each} ({n})") for each, n in years.items())
    return Listed({year: entries[:SHOWN]}, "year", choices, year, more=len(entries) > SHOWN)


def _ask(site: Site, query: str, most: int) -> Rows:
    declared = site.prologue
    return site.pool.rows(declared + query, most)


def _places(site: Site, iris: Iterable[str]) -> list[str]:
    """The municipalities of things that belong to one."""
    return sorted({place for iri in iris if (place := site.place_of(iri))})


def _place(site: Site, named: Names, iri: str) -> str:
    """The name of the municipality of something; empty where it is not known."""
    place = site.place_of(iri)
    return named.of(place) if place and place in named.known else ""


def _quoted(letter: str) -> str:
    return f'"{letter}"'


def _texts(rows: Rows) -> list[tuple[Any, ...]]:
    return [tuple(each.value if each else "" for each in row) for row in rows.rows]


def _by_name(entry: Entry) -> str:
    return swedish(entry.name)


def _by_surname(name: str) -> tuple[str, str]:
    return swedish(name.rpartition(" ")[2]), swedish(name)


def _key(named: Names, iri: str) -> str:
    return swedish(named.of(iri)) if iri else ""

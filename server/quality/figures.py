"""The figures of quality, counted in the published graph, and those of the program on its benchmark.

Data of others that were imported are counted apart: what their documents lack is not for us to mend.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ontology import concept
from server.asking import Rows
from server.site import NS

BENCHMARK_FILE: Final = Path(__file__).with_name("benchmark.json")
MOST: Final = 10_000  # rows: one for each municipality, and name of one
_OF: Final = "?meeting kg:heldBy/kg:partOfAuthority ?place ."
_SERIES: Final = (
    "SELECT ?place (SUM(?last - ?first + 1) AS ?all) (SUM(?there) AS ?some) WHERE { { SELECT ?place ?meeting "
    "(MIN(?n) AS ?first) (MAX(?n) AS ?last) (COUNT(DISTINCT ?n) AS ?there) WHERE { "
    f"?item kg:treatedAt ?meeting ; kg:paragraphNumber ?n . {_OF} }} GROUP BY ?place ?meeting }} }} GROUP BY ?place"
)
_ITEMS: Final = (
    "SELECT ?place (COUNT(DISTINCT ?item) AS ?all) (COUNT(DISTINCT ?with) AS ?some) WHERE { ?item kg:treatedAt "
    "?meeting . "
    f"{_OF} OPTIONAL {{ ?item kg:concernsCase ?case BIND(?item AS ?with) }} }} GROUP BY ?place"
)
_MEETINGS: Final = (
    "SELECT ?place (COUNT(DISTINCT ?meeting) AS ?all) (COUNT(DISTINCT ?with) AS ?some) WHERE { ?meeting a "
    "kg:Meeting . "
    f"{_OF} OPTIONAL {{ ?d kg:documents ?meeting ; a kg:Minutes BIND(?meeting AS ?with) }} }} GROUP BY ?place"
)
_LINES: Final = (
    "(SUM(?claimed) AS ?a) (SUM(?ignored) AS ?b) (SUM(?unread) AS ?c) (COUNT(?d) AS ?n) WHERE { "
    f"?d kg:processingStatus <{concept('processing-status', 'accepted')}> ; kg:linesClaimed ?claimed ; "
    "kg:linesIgnored ?ignored ; kg:linesUnread ?unread . "
)
PLACES: Final = (
    "{ SELECT DISTINCT ?d ?place { GRAPH ?graph { ?body kg:partOfAuthority ?place . ?run prov:used ?d } "
    'FILTER(!STRENDS(STR(?graph), "/original")) FILTER NOT EXISTS { ?d a kg:ImportedDataset } } }'
)
"""Of which authorities each document is, by the bodies in its graph, as the files of a municipality's dataset are.
An import's graph of everything ("…/original") does not tell which of its documents are whose."""
_WARNINGS: Final = (
    "(COUNT(DISTINCT ?r) AS ?n) WHERE { "
    f"?d kg:processingStatus <{concept('processing-status', 'accepted')}> ; kg:hasReport ?report . "
    "?report sh:result ?r . ?r sh:resultSeverity sh:Warning . "
)
_STATUSES: Final = (
    "SELECT ?status ?imported (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d kg:processingStatus ?status "
    "BIND(EXISTS { ?d a kg:ImportedDataset } AS ?imported) "
)
_NAMES: Final = (
    "SELECT ?place ?code ?name WHERE { ?place kg:municipalityCode ?code ; rdfs:label ?name "
    "FILTER(LANG(?name) IN ('sv', 'en')) }"
)
STATUSES: Final = ("accepted", "quarantined", "refused")

Ask = Callable[[str, int], Rows]
Value = int | Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality: its code, and its names by language."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The figures of `kommungraf evaluate` on the benchmark, by kind of fact ("all": all of them): right, extra and
    missing facts, precision, recall and F1; of so many documents, read by this version of the program."""

    program: str
    documents: int
    kinds: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Quality:
    """All figures: of the whole, and of each municipality of which something is published, by metric."""

    whole: Mapping[str, Value]
    places: tuple[tuple[Place, Mapping[str, Value]], ...]
    benchmark: Benchmark


def measure(ask: Ask, base: str) -> Quality:
    """Count everything that was read from documents here: what is under the base, and was not imported. Raises
    QueryFailed."""
    own, imported = f"{base}/id/", f"{base}/id/municipality/import/"
    by_place: dict[str, dict[str, int]] = {}
    for name, query in (("numbers", _SERIES), ("items", _ITEMS), ("meetings", _MEETINGS)):
        for place, every, some in _rows(ask, query):
            if place.startswith(own) and not place.startswith(imported):
                _count(by_place, place, **{name: int(every), f"good_{name}": int(some)})
    whole: dict[str, int] = {}
    for counted in by_place.values():
        for name, number in counted.items():
            whole[name] = whole.get(name, 0) + number
    for place, *lines in _rows(ask, f"SELECT ?place {_LINES} {PLACES} }} GROUP BY ?place"):
        if place.startswith(own):
            _count(by_place, place, **_lines(lines))
    ours = f'FILTER(STRSTARTS(STR(?d), "{own}"))'
    for lines in _rows(ask, f"SELECT {_LINES} {ours} }}"):
        whole |= _lines(lines)
    for place, warnings in _rows(ask, f"SELECT ?place {_WARNINGS} {PLACES} }} GROUP BY ?place"):
        if place.startswith(own):
            _count(by_place, place, warnings=int(warnings))
    for (warnings,) in _rows(ask, f"SELECT {_WARNINGS} {ours} FILTER NOT EXISTS {{ ?d a kg:ImportedDataset }} }}"):
        whole["warnings"] = int(warnings)
    statuses = {
        (status, kind == "true"): int(number)
        for status, kind, number in _rows(ask, f"{_STATUSES} {ours} }} GROUP BY ?status ?imported")
    }
    told = {f"{each}-documents": statuses.get((concept("processing-status", each), False), 0) for each in STATUSES}
    told["imported-datasets"] = statuses.get((concept("processing-status", "accepted"), True), 0)
    places = _named(ask, by_place)
    return Quality(
        _figures(whole) | (told if statuses else {}),
        tuple((place, _figures(counted)) for place, counted in places),
        benchmark(),
    )


def benchmark() -> Benchmark:
    """The figures of the program, as they were when it was made."""
    told = json.loads(BENCHMARK_FILE.read_text("utf-8"))
    return Benchmark(told["program"], told["documents"], told["kinds"])


def share(some: int, every: int) -> Decimal:
    """A share with four decimals, never 1 where something is missing."""
    rounded = (Decimal(some) / Decimal(every)).quantize(Decimal("0.0001"))
    return rounded if some == every or rounded < 1 else Decimal("0.9999")


def percent(part: Decimal) -> Decimal:
    """A share in per cent with one decimal, never 100 where something is missing."""
    rounded = (part * 100).quantize(Decimal("0.1"))
    return Decimal(100) if part == 1 else min(rounded, Decimal("99.9"))


def _figures(counted: Mapping[str, int]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    if counted.get("numbers"):
        found["paragraph-completeness"] = share(counted["good_numbers"], counted["numbers"])
        found["missing-paragraphs"] = counted["numbers"] - counted["good_numbers"]
    if counted.get("items"):
        found["items-with-registry-number"] = share(counted["good_items"], counted["items"])
    if counted.get("meetings"):
        found["meetings-with-minutes"] = share(counted["good_meetings"], counted["meetings"])
    if counted.get("lines"):
        found["line-coverage"] = share(counted["lines"] - counted["unread"], counted["lines"])
        found["unread-lines"] = counted["unread"]
    if counted.get("documents"):
        found["accepted-documents"] = counted["documents"]
        found["warnings"] = counted.get("warnings", 0)
    return found


def _lines(told: list[str]) -> dict[str, int]:
    claimed, ignored, unread, documents = (int(each or 0) for each in told)
    return {"lines": claimed + ignored + unread, "unread": unread, "documents": documents}


def _count(by_place: dict[str, dict[str, int]], place: str, **numbers: int) -> None:
    counted = by_place.setdefault(place, {})
    for name, number in numbers.items():
        counted[name] = counted.get(name, 0) + number


def _named(ask: Ask, by_place: Mapping[str, dict[str, int]]) -> list[tuple[Place, dict[str, int]]]:
    names: dict[str, dict[str, str]] = {}
    codes: dict[str, str] = {}
    for row in ask(_prefixed(_NAMES), MOST).rows:
        place, code, name = row
        if place and code and name and place.value in by_place:
            codes[place.value] = code.value
            names.setdefault(place.value, {})[name.language or ""] = name.value
    found = [(Place(codes[iri], names[iri]), by_place[iri]) for iri in codes]
    return sorted(found, key=lambda each: each[0].code)


def _rows(ask: Ask, query: str) -> Iterator[list[str]]:
    for row in ask(_prefixed(query), MOST).rows:
        yield [term.value if term else "" for term in row]


def _prefixed(query: str) -> str:
    w3 = "http://www.w3.org/"
    return (
        f"PREFIX kg: <{NS}> PREFIX prov: <{w3}ns/prov#> PREFIX rdfs: <{w3}2000/01/rdf-schema#> "
        f"PREFIX sh: <{w3}ns/shacl#> {query}"
    )

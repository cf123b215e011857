"""The 27 questions on a store: each asked with values that stand in the data, and as the file stands.

As it stands, a question whose values are UNDEF asks for everything, and takes as long as its rows. So does 25 ("what has
changed since") with any day long past: it lists every document read since, some 20 µs each.
"""

import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pyoxigraph as ox

from server.query_page.examples import FOLDER
from tests.benchmarks.measure import Figure

SECONDS = 0.150  # what one in twenty answers may take at most
PREFIXES = """
PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX prov: <http://www.w3.org/ns/prov#>
"""
PARTY = "?s a kg:Party ; skos:notation {}"
BODY_AND_YEAR = "?m kg:heldBy ?b ; kg:date ?d . ?b rdfs:label ?bodyName . BIND(YEAR(?d) AS ?year)"
PARAGRAPH = (
    "?t kg:treatedAt ?m ; kg:paragraphNumber ?paragraph . ?m kg:heldBy ?b ; kg:date ?date . ?b rdfs:label ?bodyName"
)
VALUES = {
    "01": BODY_AND_YEAR,
    "02": BODY_AND_YEAR,
    "03": "?n a kg:RegistryNumber ; skos:notation ?number",
    "04": "?r a kg:OfficialReport ; dcterms:identifier ?wantedNumber",
    "05": "?m a kg:Motion ; kg:submittedBy ?p ; kg:onBehalfOf ?o . ?p foaf:name ?wantedAuthor . ?o skos:notation ?wantedParty",
    "07": PARAGRAPH,
    "08": BODY_AND_YEAR,
    "09": BODY_AND_YEAR,
    "10": f"{PARTY.format('?party')} . ?o a kg:Party ; skos:notation ?otherParty",
    "11": PARAGRAPH,
    "12": PARTY.format("?party"),
    "13": PARAGRAPH,
    "15": BODY_AND_YEAR,
    "16": "?p a kg:Person ; foaf:name ?spelling",
    "18": "?n a kg:RegistryNumber ; skos:notation ?number",
    "19": "?l a kg:MemberLetter ; kg:submittedBy ?p . ?p foaf:name ?wantedAuthor",
    "20": "?r a kg:AnnualReport ; kg:year ?year",
    "21": "?r a kg:AnnualReport ; kg:year ?year",
    "22": "?r a kg:AnnualReport ; kg:year ?year",
    "23": "?fact a kg:Decision",
    "25": "?run prov:endedAtTime ?since",
    "26": "?p a kg:Person ; foaf:name ?name",
    "27": PARTY.format("?wantedParty"),
}
"""Where the values of a question's parameters stand in the data."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one question: seconds of each answer, most rows of one, seconds and rows of the file as it is."""

    name: str
    seconds: tuple[float, ...]
    rows: int
    whole: float
    whole_rows: int

    @property
    def p50(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(0.95 * (len(self.seconds) - 1) + 0.5)]


def figures(opened: ox.Store, times: int = 40) -> Iterator[Figure]:
    """(c) the 95th percentile of each question with values, and the file as it stands."""
    for path in sorted(FOLDER.glob("*.rq")):
        asked = ask(opened, path, times)
        told = f"{asked.name}: p95, p50 {1000 * asked.p50:.1f} ms, at most {asked.rows} rows"
        yield Figure("questions", told, asked.p95, 1, "queries", f"{1000 * SECONDS:g} ms", SECONDS, aim=1.0)
        told = f"{asked.name}: as it stands, {asked.whole_rows} rows"
        yield Figure("questions", told, asked.whole, 1, "queries")


def ask(opened: ox.Store, path: Path, times: int = 40) -> Asked:
    """Ask a question as it stands and with up to `times` different values, each twice; the second answer counts."""
    text = path.read_text("utf-8")
    name = path.name[:2]
    (whole, whole_rows) = _answer(opened, text)
    texts = list(variants(opened, text, VALUES.get(name), times))
    measured = [(_answer(opened, each), _answer(opened, each))[1] for each in texts] or [_answer(opened, text)]
    seconds, rows = zip(*measured, strict=True)
    return Asked(name, seconds, max(rows), whole, whole_rows)


def variants(opened: ox.Store, text: str, where: str | None, times: int, seed: int = 1) -> Iterator[str]:
    """A question's text with other values at its top: as many different rows of the data, chosen by the seed."""
    if where is None:
        return
    names = re.findall(r"(\w+)=", re.search(r"^# parameters: (.*)$", text, re.M)[1])  # type: ignore[index]
    known = [name for name in names if f"?{name} " in f"{where} " or f"?{name})" in where]
    found = opened.query(f"{PREFIXES} SELECT DISTINCT {' '.join(f'?{n}' for n in known)} WHERE {{ {where} }}")
    assert isinstance(found, ox.QuerySolutions)
    rows = sorted(tuple(str(row[name]) for name in known) for row in found)
    for row in random.Random(seed).sample(rows, min(times, len(rows))):
        yield with_values(text, known, row)


def with_values(text: str, names: Sequence[str], terms: Sequence[str]) -> str:
    """The text with these terms at the top."""
    given = dict(zip(names, terms, strict=True))

    def one(match: re.Match[str]) -> str:
        return f"VALUES ?{match[1]} {{ {given.get(match[1], match[2])} }}"

    def several(match: re.Match[str]) -> str:
        wanted = re.findall(r"\?(\w+)", match[1])
        return f"VALUES ({match[1]}) {{ ({' '.join(given[n] for n in wanted)}) }}" if wanted[0] in given else match[0]

    text = re.sub(r"VALUES \?(\w+) \{ (.*?) \}", one, text)
    return re.sub(r"VALUES \(([^)]*)\) \{ \((.*?)\) \}", several, text)


def _answer(opened: ox.Store, text: str) -> tuple[float, int]:
    started = time.process_time()
    found = opened.query(text)
    assert isinstance(found, ox.QuerySolutions)
    answer = found.serialize(format=ox.QueryResultsFormat.JSON)
    seconds = time.process_time() - started
    return seconds, len(json.loads(answer or b"")["results"]["bindings"])

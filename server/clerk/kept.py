"""What the clerk's pages choose from: every document, every hole in the series of §, every open identity.

Asked once for each published version, and kept.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from ontology import concept
from server.alphabet import swedish
from server.asking import Rows
from server.clerk.gaps import Gap, Meeting, gaps
from server.made_once import MadeOnce
from server.quality.figures import PLACES
from server.site import Site

STATUSES: Final = ("accepted", "quarantined", "refused")
SEVERITIES: Final = ("violation", "warning", "info")
MOST: Final = 500_000  # rows
LONGEST: Final = 60.0  # seconds of one query

_DOCUMENTS: Final = (
    "SELECT ?d ?status ?name ?claimed ?ignored ?unread WHERE { "
    + " UNION ".join(
        f'{{ ?d kg:processingStatus <{concept("processing-status", each)}> ; kg:fileName ?name BIND("{each}" AS '
        "?status) OPTIONAL { ?d kg:linesClaimed ?claimed } OPTIONAL { ?d kg:linesIgnored ?ignored } "
        "OPTIONAL { ?d kg:linesUnread ?unread } }"
        for each in STATUSES
    )
    + " }"
)
_PROBLEMS: Final = (
    "SELECT ?d ?severity (COUNT(?r) AS ?n) WHERE { ?d kg:hasReport ?report . ?report sh:result ?r . "
    "?r sh:resultSeverity ?severity } GROUP BY ?d ?severity"
)
_NUMBERS: Final = (
    'SELECT ?meeting ?body ?date (GROUP_CONCAT(STR(?n); separator=" ") AS ?numbers) WHERE { ?meeting kg:heldBy '
    "?body ; kg:date ?date . ?t kg:treatedAt ?meeting ; kg:paragraphNumber ?n } GROUP BY ?meeting ?body ?date"
)
_OPEN: Final = f"SELECT ?note WHERE {{ ?note kg:identityStatus <{concept('identity-status', 'open')}> }}"


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was handed in. `places`: codes of municipalities, where what is published tells; `problems`:
    numbers by severity; lines are None of a document that was refused."""

    iri: str
    status: str
    file_name: str
    lines: int | None
    unread: int | None
    places: tuple[str, ...]
    problems: Mapping[str, int]

    @property
    def id(self) -> str:
        return self.iri.rpartition("/")[2]

    @property
    def share(self) -> float:
        """Of the lines, how many were not read, in per cent."""
        return 100 * (self.unread or 0) / self.lines if self.lines else 0.0


@dataclass(frozen=True, slots=True)
class Kept:
    """Documents by file name, holes by body and day, and the notes of open identities (IRIs, in order)."""

    documents: Sequence[Document]
    gaps: Sequence[Gap]
    notes: Sequence[str]

    @property
    def statuses(self) -> Counter[str]:
        return Counter(each.status for each in self.documents)

    @property
    def problems(self) -> Counter[str]:
        """How many problems there are, by severity."""
        counts: Counter[str] = Counter()
        for each in self.documents:
            counts.update(each.problems)
        return counts

    @property
    def unread(self) -> int:
        return sum(each.unread or 0 for each in self.documents)

    @property
    def missing(self) -> int:
        """§ numbers that are missing, but for those before all that is known of a year."""
        return sum(each.missing for each in self.gaps if each.kind != "before")


def place_in(iri: str) -> str:
    """The code of the municipality in the IRI of a body or a note on identity; empty where there is none."""
    parts = iri.partition("/id/")[2].split("/")
    return parts[1] if len(parts) > 2 else ""


def _told(site: Site) -> Kept:
    places: dict[str, list[str]] = {}
    for document, place in _rows(site, f"SELECT ?d ?place WHERE {{ {PLACES} }}"):
        places.setdefault(document, []).append(place.rpartition("/")[2])
    problems: dict[str, dict[str, int]] = {}
    for document, severity, number in _rows(site, _PROBLEMS):
        problems.setdefault(document, {})[severity.rpartition("#")[2].lower()] = int(number)
    documents = [
        Document(
            iri,
            status,
            name,
            int(claimed) + int(ignored) + int(unread) if unread else None,
            int(unread) if unread else None,
            tuple(sorted(places.get(iri, ()))),
            problems.get(iri, {}),
        )
        for iri, status, name, claimed, ignored, unread in _rows(site, _DOCUMENTS)
    ]
    meetings = (
        Meeting(iri, body, date, frozenset(int(each) for each in numbers.split() if each.isdecimal()))
        for iri, body, date, numbers in _rows(site, _NUMBERS)
    )
    return Kept(
        sorted(documents, key=lambda each: (swedish(each.file_name), each.iri)),
        gaps(meetings),
        sorted(note for (note,) in _rows(site, _OPEN)),
    )


KEPT: Final = MadeOnce(_told)


def _rows(site: Site, query: str) -> Iterator[list[str]]:
    declared = site.prologue
    ask = partial(site.pool.rows, seconds=LONGEST)
    found: Rows = ask(declared + query, MOST)
    for row in found.rows:
        yield [term.value if term else "" for term in row]

"""What the catalogue tells of the published data: which municipalities, from when to when, and which dump files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from server.asking import Rows, Term
from server.catalogue.rights import Ask, Imported, imported
from server.site import NS
from server.storage import changed
from server.storage.snapshot import Damaged

PROV: Final = "http://www.w3.org/ns/prov#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
DCTERMS: Final = "http://purl.org/dc/terms/"
MOST: Final = 1000  # municipalities; Sweden has 290
_VOCABULARY: Final = NS.removesuffix("ns#")  # it is dated too
_DATED: Final = (f"<{NS}date>|<{DCTERMS}issued>|<{NS}year>", f"<{NS}registryYear>")
"""Where there is no meeting: dates of documents and the years that reports are of, or else those of registration."""
_DAYS: Final = (
    'BIND(STR(?told) AS ?text) BIND(IF(STRLEN(?text) = 4, CONCAT(?text, "-01-01"), ?text) AS ?from) '
    'BIND(IF(STRLEN(?text) = 4, CONCAT(?text, "-12-31"), ?text) AS ?to)'
)


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day, as YYYY-MM-DD."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality of one's own that something is published of: its IRI, which is under the base, SCB's code, names
    by language, when its meetings were (where it has none, the time of its documents), its version, and when it last
    changed (xsd:dateTime)."""

    iri: str
    code: str
    names: Mapping[str, str]
    period: Period | None
    version: str
    modified: str


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file of D/dumps/<version>/manifest.json: `coding` is "gzip", "zip" or None; `describes` tells in "sv" and
    "en" what is in it; `municipality` is SCB's code where it holds what is of one alone; `made` (xsd:dateTime) is
    when its dump was, which may be of an earlier version than the one that is published."""

    name: str
    media_type: str
    coding: str | None
    bytes: int
    sha256: str
    describes: Mapping[str, str]
    municipality: str | None = None
    made: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What was published: its version, when its first document was read and when anything of it last changed
    (xsd:dateTime), what is in it, and what of it others published."""

    version: str
    issued: str
    modified: str
    period: Period | None
    places: tuple[Place, ...]
    imported: tuple[Imported, ...] = ()


def facts(ask: Ask, about: Mapping[str, Any]) -> Facts:
    """The facts of a published version (server.storage.snapshot.about), by queries. Raises QueryFailed.

    The first time is that of the ledger, so that a version that is built anew has the same; where there is none, that
    of the publication. When it changed stands in what was counted; of an older program, the last time of the ledger.
    """
    base = about["base"]
    changes = changed.of(about) or {}
    [read] = ask(
        f"SELECT (MIN(?at) AS ?first) (MAX(?at) AS ?last) WHERE {{ GRAPH <{base}/id/graph/ledger> "
        f"{{ ?each <{PROV}endedAtTime>|<{PROV}invalidatedAtTime> ?at }} }}",
        1,
    ).rows or ((None, None),)
    periods = ask(
        f"SELECT ?place (MIN(?date) AS ?first) (MAX(?date) AS ?last) WHERE {{ ?meeting <{NS}heldBy> ?body ; "
        f"<{NS}date> ?date . ?body <{NS}partOfMunicipality> ?place {_own(base)} }} GROUP BY ?place",
        MOST,
    )
    whole = ask(
        f"SELECT (MIN(?date) AS ?first) (MAX(?date) AS ?last) WHERE {{ ?m a <{NS}Meeting> ; <{NS}date> ?date }}", 1
    )
    named = ask(
        f"SELECT DISTINCT ?place ?code ?name WHERE {{ "
        f"{{ SELECT DISTINCT ?place {{ ?body <{NS}partOfMunicipality> ?place {_own(base)} }} }} "
        f"?place <{NS}municipalityCode> ?code ; <{RDFS}label> ?name }} ORDER BY ?code",
        2 * MOST,
    )
    dated = {place.value: _period(first, last) for place, first, last in periods.rows if place}
    last = read[1].value if read[1] else about["published"]
    modified = changes[changed.WHOLE]["changed"] if changes else last
    places = _places(named, dated, about["version"], modified, changes)
    for path in _DATED:
        if all(place.period for place in places):
            break
        dated = _undated(ask, path) | dated
        places = _places(named, dated, about["version"], modified, changes)
    return Facts(
        about["version"],
        read[0].value if read[0] else about["published"],
        modified,
        _whole(ask, _period(*whole.rows[0]) if whole.rows else None, places),
        tuple(places),
        imported(ask, base),
    )


def _own(base: str) -> str:
    """Municipalities that others named, whose data was imported, are datasets of those others."""
    return f'FILTER(STRSTARTS(STR(?place), "{base}/id/"))'


def _undated(ask: Ask, path: str) -> dict[str, Period | None]:
    """The first and last day that documents of each municipality tell by a property path. An import's graph of
    everything ("…/original") does not tell which of its dates are whose."""
    found = ask(
        f"SELECT ?place (MIN(?from) AS ?first) (MAX(?to) AS ?last) WHERE {{ "
        f"GRAPH ?graph {{ ?body <{NS}partOfMunicipality> ?place . ?thing {path} ?told }} "
        f'FILTER(!STRENDS(STR(?graph), "/original")) {_DAYS} }} GROUP BY ?place',
        MOST,
    )
    return {place.value: _period(first, last) for place, first, last in found.rows if place}


def _whole(ask: Ask, meetings: Period | None, places: list[Place]) -> Period | None:
    """The time of all meetings and of every municipality; where that is none, the time that documents tell."""
    periods = [each for each in (meetings, *(place.period for place in places)) if each]
    for path in () if periods else _DATED:
        found = ask(
            f"SELECT (MIN(?from) AS ?first) (MAX(?to) AS ?last) WHERE {{ ?thing {path} ?told {_DAYS} "
            f'FILTER(!STRSTARTS(STR(?thing), "{_VOCABULARY}")) }}',
            1,
        ).rows
        if found and (period := _period(*found[0])):
            return period
    if not periods:
        return None
    return Period(min(each.first for each in periods), max(each.last for each in periods))


def _places(
    named: Rows, dated: Mapping[str, Period | None], version: str, modified: str, changes: changed.Told
) -> list[Place]:
    """The municipalities; of one of which nothing is known of its changes, those of the whole."""
    names: dict[tuple[str, str], dict[str, str]] = {}
    for place, code, name in named.rows:
        if place and code and name and name.language:
            names.setdefault((place.value, code.value), {})[name.language] = name.value
    found = []
    for (iri, number), texts in names.items():
        own = changes.get(iri)
        told = (changed.version(own), own["changed"]) if own else (version, modified)
        found.append(Place(iri, number, texts, dated.get(iri), *told))
    return found


def _period(first: Term | None, last: Term | None) -> Period | None:
    return Period(first.value[:10], last.value[:10]) if first and last else None


def dump_files(data_dir: Path) -> tuple[DumpFile, ...]:
    """The dump files that are current; none where none were made. Raises Damaged where their list is not readable."""
    manifest = manifest_path(data_dir)
    if manifest is None:
        return ()
    try:
        told = json.loads(manifest.read_text("utf-8"))
        return tuple(
            DumpFile(
                str(each["name"]),
                str(each["media_type"]),
                each.get("encoding") or None,
                int(each["bytes"]),
                str(each["sha256"]),
                {language: str(each["describes"][language]) for language in ("sv", "en")},
                each.get("municipality"),
                str(told["made"]),
            )
            for each in told["files"]
        )
    except FileNotFoundError:
        return ()  # replaced by newer ones just now
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{manifest}: {error}") from error


def manifest_path(data_dir: Path) -> Path | None:
    """The list of the current dump files: D/dumps/current is a link to their folder, or a file with its name."""
    current = data_dir / "dumps" / "current"
    if current.is_dir():
        return current / "manifest.json"
    return current.parent / current.read_text("utf-8").strip() / "manifest.json" if current.is_file() else None


def has_feed(data_dir: Path) -> bool:
    """Whether there is a change feed."""
    return (data_dir / "feed" / "manifest.json").exists()

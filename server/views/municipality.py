"""A municipality, region or joint authority: its bodies with their meetings, the latest meetings, and its parties."""

from dataclasses import dataclass
from typing import Any, Final

from server.asking import Rows
from server.nodes import ask
from server.site import Site, iri_ref
from server.views.view import View, names
from server.wording import words

BODIES: Final = 500
LATEST: Final = 12
REPORTS: Final = 50


@dataclass(frozen=True, slots=True)
class Body:
    """A body, and how many meetings are read; `first` and `last`: ISO 8601 days of meetings, empty where none is."""

    iri: str
    meetings: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Met:
    meeting: str
    body: str
    date: str


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a local authority. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(site, f"{{ BIND({ref} AS ?s) }}")
    if not nodes.texts(iri, "rdfs:label"):
        return None
    bodies, latest = _bodies(site, ref), _latest(site, ref)
    parties, reports = _parties(site, ref), _reports(site, ref)
    mentioned = {iri, *(each.iri for each in bodies), *parties, *(one for each in reports for one in each[:2])}
    named, told = names(site, language, more=mentioned), words(language)
    title = named.of(iri)
    values: dict[str, Any] = {
        "names": named,
        "code": nodes.text(iri, "kg:municipalityCode"),
        "also": [each for each in nodes.texts(iri, "skos:altLabel") if each != title],
        "same": nodes.iris(iri, "owl:sameAs"),
        "concepts": nodes.iris(iri, "skos:exactMatch"),
        "bodies": sorted(bodies, key=lambda each: (-each.meetings, named.of(each.iri).casefold())),
        "meetings": sum(each.meetings for each in bodies),
        "latest": latest,
        "parties": parties,
        "reports": reports,
    }
    return View(
        template="municipality.html",
        kind=(named.kind(iri) or told["body_place"]).capitalize(),
        title=title,
        values=values,
        summary=told["municipality_summary"].format(name=title),
        trail=[(site.address("/browse/bodies"), told["bodies"])],
        sources=nodes.iris(iri, "kg:evidence")[:3],
        query=QUERY.format(place=ref),
        json_ld={
            "@context": "https://schema.org",
            "@type": "GovernmentOrganization",
            "@id": iri,
            "name": title,
            **({"alternateName": values["also"]} if values["also"] else {}),
            **({"identifier": values["code"]} if values["code"] else {}),
            **({"sameAs": values["same"]} if values["same"] else {}),
        },
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
SELECT ?body (COUNT(?meeting) AS ?meetings) (MAX(?date) AS ?latest) WHERE {{
  ?body kg:partOfAuthority {place} .
  OPTIONAL {{ ?meeting kg:heldBy ?body ; kg:date ?date }}
}}
GROUP BY ?body
ORDER BY DESC(?meetings)"""


def _bodies(site: Site, ref: str) -> list[Body]:
    rows = _ask(
        site,
        "SELECT ?body (COUNT(?meeting) AS ?n) (MIN(?date) AS ?first) (MAX(?date) AS ?last) WHERE { "
        f"?body kg:partOfAuthority {ref} . OPTIONAL {{ ?meeting kg:heldBy ?body ; kg:date ?date }} }} GROUP BY ?body",
        BODIES,
    )
    return [Body(body, int(n), first, last) for body, n, first, last in _texts(rows) if body]


def _latest(site: Site, ref: str) -> list[Met]:
    rows = _ask(
        site,
        f"SELECT ?meeting ?body ?date WHERE {{ ?body kg:partOfAuthority {ref} . ?meeting kg:heldBy ?body ; "
        f"kg:date ?date }} ORDER BY DESC(?date) STR(?meeting) LIMIT {LATEST}",
        LATEST,
    )
    return [Met(*each) for each in _texts(rows)]


def _parties(site: Site, ref: str) -> dict[str, int]:
    """How many persons seen in each party have been seen in the bodies, the most first."""
    rows = _ask(
        site,
        f"SELECT ?party (COUNT(DISTINCT ?person) AS ?n) WHERE {{ ?body kg:partOfAuthority {ref} . "
        "?seat org:organization ?body ; org:member ?person . ?in org:member ?person ; org:organization ?party . "
        "?party a kg:Party } GROUP BY ?party ORDER BY DESC(?n) STR(?party)",
        BODIES,
    )
    return {party: int(n) for party, n in _texts(rows) if party}


def _reports(site: Site, ref: str) -> list[tuple[str, str, str]]:
    """Annual reports: their IRIs, those of the bodies, and their years, the latest first."""
    rows = _ask(
        site,
        "SELECT ?report ?on ?year WHERE { "
        f"{{ ?on kg:partOfAuthority {ref} . ?report kg:reportsOn ?on . OPTIONAL {{ ?report kg:year ?year }} }} UNION "
        f"{{ ?report kg:reportsOn {ref} . BIND({ref} AS ?on) OPTIONAL {{ ?report kg:year ?year }} }} "
        f"}} ORDER BY DESC(?year) STR(?report) LIMIT {REPORTS}",
        REPORTS,
    )
    return [(report, on, year) for report, on, year in _texts(rows)]


def _ask(site: Site, query: str, most: int) -> Rows:
    declared = "".join(f"PREFIX {name}: <{site.pool.prefixes[name]}> " for name in ("kg", "org"))
    return site.pool.rows(declared + query, most)


def _texts(rows: Rows) -> list[list[str]]:
    return [[each.value if each else "" for each in row] for row in rows.rows]

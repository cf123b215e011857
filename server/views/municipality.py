"""A municipality, region or joint authority: its bodies with their meetings, the latest meetings, and its parties."""

from dataclasses import dataclass, field
from typing import Any, Final

from server.alphabet import swedish
from server.nodes import ask
from server.site import Site, iri_ref
from server.views.view import View, names
from server.wording import words

LATEST: Final = 12  # meetings
MOST: Final = 3000  # rows that one page is made of


@dataclass(frozen=True, slots=True)
class Body:
    """A body, and how many meetings are read; `first` and `last`: ISO 8601 days of meetings, empty where none is;
    `decides`: a decision with an outcome is read."""

    iri: str
    meetings: int
    first: str
    last: str
    decides: bool


@dataclass(frozen=True, slots=True)
class Met:
    meeting: str
    body: str
    date: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is told of a place. `parties`: how many persons of each have had posts in the bodies or acted in them, the
    most first; `reports`: annual reports with whom they report on and their years, the latest first."""

    bodies: list[Body] = field(default_factory=list)
    latest: list[Met] = field(default_factory=list)
    parties: dict[str, int] = field(default_factory=dict)
    reports: list[tuple[str, str, str]] = field(default_factory=list)
    cut: bool = False


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a local authority. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(site, f"{{ BIND({ref} AS ?s) }}")
    if not nodes.texts(iri, "rdfs:label"):
        return None
    found = _found(site, ref)
    mentioned = {iri, *(each.iri for each in found.bodies), *found.parties}
    mentioned |= {one for report, on, _ in found.reports for one in (report, on)}
    named, told = names(site, language, more=mentioned), words(language)
    title = named.of(iri)
    values: dict[str, Any] = {
        "names": named,
        "code": nodes.text(iri, "kg:municipalityCode"),
        "also": [each for each in nodes.texts(iri, "skos:altLabel") if each != title],
        "same": nodes.iris(iri, "owl:sameAs"),
        "concepts": nodes.iris(iri, "skos:exactMatch"),
        "bodies": sorted(found.bodies, key=lambda each: (-each.meetings, swedish(named.of(each.iri)))),
        "meetings": sum(each.meetings for each in found.bodies),
        "latest": found.latest,
        "parties": found.parties,
        "reports": found.reports,
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
        cut=found.cut,
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
SELECT ?body (COUNT(?meeting) AS ?meetings) (MAX(?date) AS ?latest) WHERE {{
  ?body kg:partOfAuthority {place} .
  OPTIONAL {{ ?meeting kg:heldBy ?body ; kg:date ?date }}
}}
GROUP BY ?body
ORDER BY DESC(?meetings)"""


FOUND: Final = """
SELECT ?kind ?thing ?of ?number ?first ?last WHERE {{
  {{ SELECT ("body" AS ?kind) ?thing (COUNT(?meeting) AS ?number) (MIN(?date) AS ?first) (MAX(?date) AS ?last)
    WHERE {{
      ?thing kg:partOfAuthority {place} . OPTIONAL {{ ?meeting kg:heldBy ?thing ; kg:date ?date }}
    }} GROUP BY ?thing }} UNION
  {{ SELECT DISTINCT ("decides" AS ?kind) ?thing WHERE {{
      ?thing kg:partOfAuthority {place} . ?meeting kg:heldBy ?thing .
      ?t kg:treatedAt ?meeting ; kg:resultedIn/kg:decisionOutcome ?outcome
    }} }} UNION
  {{ SELECT ("met" AS ?kind) ?thing ?of ?last WHERE {{
      ?of kg:partOfAuthority {place} . ?thing kg:heldBy ?of ; kg:date ?last
    }} ORDER BY DESC(?last) STR(?thing) LIMIT {latest} }} UNION
  {{ SELECT ("party" AS ?kind) ?thing (COUNT(DISTINCT ?person) AS ?number) WHERE {{
      {{ SELECT DISTINCT ?person WHERE {{
        {{ ?body kg:partOfAuthority {place} . ?seat org:organization ?body ; org:member ?person }} UNION
        {{ ?body kg:partOfAuthority {place} . ?meeting kg:heldBy ?body . ?item kg:treatedAt|kg:onAgendaOf ?meeting .
          ?item kg:hasProposal|kg:hasReservation|kg:hasStatement|kg:concernsMatter ?act .
          ?act kg:proposedBy|kg:reservedBy|kg:statedBy|kg:submittedBy ?person }}
      }} }}
      ?in org:member ?person ; org:organization ?thing . ?thing a kg:Party
    }} GROUP BY ?thing }} UNION
  {{ SELECT ("report" AS ?kind) ?thing ?of ?last WHERE {{
      ?of kg:partOfAuthority {place} . ?thing kg:reportsOn ?of . OPTIONAL {{ ?thing kg:year ?last }}
    }} }} UNION
  {{ SELECT ("report" AS ?kind) ?thing ({place} AS ?of) ?last WHERE {{
      ?thing kg:reportsOn {place} . OPTIONAL {{ ?thing kg:year ?last }}
    }} }}
}}"""


def _found(site: Site, ref: str) -> Found:
    """All that is told of the place, in one query. Raises QueryFailed."""
    declared = site.prologue
    rows = site.pool.rows(declared + FOUND.format(place=ref, latest=LATEST), MOST)
    found = Found()
    deciding = {thing.value for kind, thing, *_ in rows.rows if kind and kind.value == "decides" and thing}
    for row in rows.rows:
        kind, thing, of, number, first, last = (each.value if each else "" for each in row)
        if kind == "body" and thing:
            found.bodies.append(Body(thing, int(number), first, last, thing in deciding))
        elif kind == "met":
            found.latest.append(Met(thing, of, last))
        elif kind == "party" and thing:
            found.parties[thing] = int(number)
        elif kind == "report":
            found.reports.append((thing, of, last))
    return Found(
        found.bodies,
        sorted(found.latest, key=lambda each: (each.date, each.meeting), reverse=True),
        dict(sorted(found.parties.items(), key=lambda each: (-each[1], each[0]))),
        sorted(found.reports, key=lambda each: (each[2], each[0]), reverse=True),
        rows.more,
    )

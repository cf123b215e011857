"""A body: its meetings year by year, who sits in it, and what it decided how often."""

from dataclasses import dataclass
from typing import Any, Final

from server.nodes import ask, in_order
from server.site import Site, iri_ref
from server.views.opinion import AS_OPINION, OPINIONS, counted_name
from server.views.view import View, names, trail
from server.wording import words

MOST_MEETINGS: Final = 2000
MEMBERS: Final = 150


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting: its IRI, its day (ISO 8601), and how many §§ are read."""

    meeting: str
    date: str
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Seat:
    """A membership: person, role, party as seen, and the days between which it was seen."""

    person: str
    role: str | None
    first: str
    last: str


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a body. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ {ref} kg:partOfAuthority|kg:parentBody ?s }} "
        f"UNION {{ ?s kg:parentBody {ref} }}",
    )
    if not nodes.texts(iri, "rdfs:label"):
        return None
    held, seats, outcomes = _held(site, ref), _seats(site, ref), _outcomes(site, ref)
    concepts = {each.removesuffix(AS_OPINION) for each in outcomes}
    named = names(
        site,
        language,
        nodes,
        more={*(each.person for each in seats), *(each.role for each in seats if each.role), *concepts},
    )
    told, title = words(language), named.of(iri)
    path = iri.removeprefix(site.base + "/id/body/")
    place = nodes.iri(iri, "kg:partOfAuthority")
    years: dict[str, list[Held]] = {}
    for each in held:
        years.setdefault(each.date[:4], []).append(each)
    values: dict[str, Any] = {
        "names": named,
        "place": place,
        "body_type": nodes.iri(iri, "kg:bodyType"),
        "parent": nodes.iri(iri, "kg:parentBody"),
        "parts": in_order(nodes, (each for each in nodes if iri in nodes.iris(each, "kg:parentBody"))),
        "years": years,
        "meetings": len(held),
        "seats": seats,
        "outcomes": outcomes,
        "counted": {each: counted_name(each, named) for each in outcomes},
        "most": max(outcomes.values(), default=0),
    }
    return View(
        template="body.html",
        kind=told["body"],
        title=f"{title}, {named.of(place)}" if place else title,
        values=values,
        summary=told["body_summary"].format(name=title),
        trail=trail(site, iri, named)[:-1],
        sources=nodes.iris(iri, "kg:evidence")[:3],
        query=QUERY.format(body=ref),
        json_ld={
            "@context": "https://schema.org",
            "@type": "GovernmentOrganization",
            "@id": iri,
            "name": title,
            **({"parentOrganization": {"@id": place, "name": named.of(place)}} if place else {}),
        },
        feeds=[(told["body_feed"].format(name=title), site.address(f"/atom/body/{path}"))],
        cut=len(held) >= MOST_MEETINGS,
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
SELECT ?date ?meeting (COUNT(?treatment) AS ?paragraphs) WHERE {{
  ?meeting kg:heldBy {body} ; kg:date ?date .
  OPTIONAL {{ ?treatment kg:treatedAt ?meeting }}
}}
GROUP BY ?date ?meeting
ORDER BY DESC(?date)"""


def _held(site: Site, ref: str) -> list[Held]:
    """The meetings, the latest first, with the number of §§ that are read of each."""
    rows = site.pool.rows(
        f"{site.prologue}SELECT ?meeting ?date (COUNT(?t) AS ?n) WHERE {{ ?meeting kg:heldBy {ref} ; kg:date ?date "
        "OPTIONAL { ?t kg:treatedAt ?meeting } } GROUP BY ?meeting ?date ORDER BY DESC(?date)",
        MOST_MEETINGS,
    )
    return [Held(each.value, day.value, int(n.value)) for each, day, n in rows.rows if each and day and n]


def _seats(site: Site, ref: str) -> list[Seat]:
    """Memberships, the latest seen first."""
    rows = site.pool.rows(
        f"{site.prologue}SELECT ?person ?role ?first ?last WHERE {{ ?m org:organization {ref} ; org:member ?person . "
        "OPTIONAL { ?m kg:role ?role } OPTIONAL { ?m kg:observedFrom ?first } "
        "OPTIONAL { ?m kg:observedUntil ?last } } ORDER BY DESC(?last) STR(?role) STR(?person)",
        MEMBERS,
    )
    return [
        Seat(person.value, role.value if role else None, first.value if first else "", last.value if last else "")
        for person, role, first, last in rows.rows
        if person
    ]


def _outcomes(site: Site, ref: str) -> dict[str, int]:
    """How many §§ had which outcome, the commonest first: what /explore/decisions lists for each; an outcome may end
    AS_OPINION."""
    rows = site.pool.rows(
        f"{site.prologue}SELECT ?outcome (COUNT(DISTINCT ?treatment) AS ?n) WHERE {{ "
        f"?meeting kg:heldBy {ref} ; kg:date ?date . "
        "?treatment kg:treatedAt ?meeting ; kg:resultedIn/kg:decisionOutcome ?concept . "
        f'OPTIONAL {{ SELECT DISTINCT ?treatment ("{AS_OPINION}" AS ?opinion) WHERE {{ '
        f"?treatment kg:treatedAt/kg:heldBy {ref} . {OPINIONS} }} }} "
        'BIND(CONCAT(STR(?concept), COALESCE(?opinion, "")) AS ?outcome) } '
        "GROUP BY ?outcome ORDER BY DESC(?n) STR(?outcome)"
    )
    return {outcome.value: int(n.value) for outcome, n in rows.rows if outcome and n}

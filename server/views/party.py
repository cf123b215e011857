"""A party: what it did each year, with which other parties it proposes and reserves itself, and the latest acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.nodes import ask
from server.site import NS, Site, iri_ref
from server.views import bars, deeds
from server.views.view import View, names
from server.wording import words

MOST: Final = 3000  # rows of numbers
KINDS: Final = ("proposals", "reservations", "statements")
PROPERTIES: Final = {
    "proposals": "kg:hasProposal",
    "reservations": "kg:hasReservation",
    "statements": "kg:hasStatement",
}


@dataclass(frozen=True, slots=True)
class Companion:
    """Another party, and how many proposals and reservations are made together with it."""

    party: str
    proposals: int
    reservations: int


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a party. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(site, f"{{ BIND({ref} AS ?s) }}")
    if not nodes.said:
        return None
    done = deeds.deeds(site, dict.fromkeys(KINDS, f"?act kg:onBehalfOf {ref}"))
    counted = _counted(site, ref)
    companions = _companions(counted)
    dated = sorted({year for kind in KINDS for year in counted.get(kind, {}) if year})
    years = {year: {kind: counted.get(kind, {}).get(year, 0) for kind in KINDS} for year in dated}
    named = names(site, language, nodes, more={*deeds.mentioned(done), *(each.party for each in companions)})
    told = words(language)
    short = nodes.text(iri, "skos:notation") or ""
    title = named.of(iri)
    values: dict[str, Any] = {
        "names": named,
        "short": short,
        "same": nodes.iris(iri, "owl:sameAs"),
        "members": counted["members"][""],
        "motions": counted["motions"][""],
        "motion": NS + "Motion",
        "kinds": KINDS,
        "years": years,
        "picture": bars.picture(years, KINDS),
        "companions": companions,
        "most": max((max(each.proposals, each.reservations) for each in companions), default=0),
        "deeds": done,
    }
    return View(
        template="party.html",
        kind=told["party"],
        title=f"{title} ({short})" if short and short != title else title,
        values=values,
        summary=told["party_summary"].format(name=title),
        trail=[(site.address("/browse/parties"), told["parties"])],
        sources=nodes.iris(iri, "kg:evidence")[:1],
        query=QUERY.format(party=ref),
        json_ld={
            "@context": "https://schema.org",
            "@type": "PoliticalParty",
            "@id": iri,
            "name": title,
            **({"alternateName": short} if short else {}),
            **({"sameAs": values["same"]} if values["same"] else {}),
        },
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
SELECT ?other (COUNT(DISTINCT ?act) AS ?together) WHERE {{
  ?act kg:onBehalfOf {party}, ?other .
  FILTER(?other != {party})
}}
GROUP BY ?other
ORDER BY DESC(?together)"""


COUNTED: Final = """
SELECT ?kind ?of ?n WHERE {{
  {{ SELECT ("members" AS ?kind) (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?m org:organization {party} ; org:member ?x }} }}
  UNION
  {{ SELECT ("motions" AS ?kind) (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a kg:Motion ; kg:onBehalfOf {party} }} }}
  UNION
  {{ SELECT ?kind ?of (COUNT(DISTINCT ?act) AS ?n) WHERE {{
      {done} BIND(YEAR(?date) AS ?of)
    }} GROUP BY ?kind ?of }}
  UNION
  {{ SELECT ?kind ?of (COUNT(DISTINCT ?act) AS ?n) WHERE {{
      ?act kg:onBehalfOf {party} . ?act kg:onBehalfOf ?of FILTER(?of != {party})
      ?act a ?kind FILTER(?kind IN (kg:Proposal, kg:Reservation))
    }} GROUP BY ?kind ?of }}
}}"""


def _counted(site: Site, ref: str) -> dict[str, dict[str, int]]:
    """All that is counted of a party, in one query: by kind, and then by year; by class of what parties did together,
    and then by the other party. Raises QueryFailed."""
    dated = "?t kg:treatedAt ?m . ?m kg:date ?date"  # in every branch: joined to the union it is far slower
    done = " UNION ".join(
        f'{{ ?act kg:onBehalfOf {ref} . ?t {name} ?act . {dated} BIND("{kind}" AS ?kind) }}'
        for kind, name in PROPERTIES.items()
    )
    rows = site.pool.rows(site.prologue + COUNTED.format(party=ref, done=done), MOST)
    found: dict[str, dict[str, int]] = {}
    for kind, of, number in rows.rows:
        if kind and number:
            found.setdefault(kind.value.removeprefix(NS), {})[of.value if of else ""] = int(number.value)
    return found


def _companions(counted: Mapping[str, Mapping[str, int]]) -> Sequence[Companion]:
    proposals, reservations = counted.get("Proposal", {}), counted.get("Reservation", {})
    companions = [
        Companion(each, proposals.get(each, 0), reservations.get(each, 0)) for each in {*proposals, *reservations}
    ]
    return sorted(companions, key=lambda each: (-each.proposals - each.reservations, each.party))

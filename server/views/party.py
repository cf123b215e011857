"""A party: what it did each year, with which other parties it proposes and reserves itself, and the latest acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.nodes import ask
from server.site import Site, iri_ref
from server.views import bars, deeds
from server.views.view import View, names
from server.wording import words

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
    years = _years(site, ref)
    companions = _companions(site, ref)
    members = _count(site, f"?m org:organization {ref} ; org:member ?x")
    named = names(site, language, nodes, more={*deeds.mentioned(done), *(each.party for each in companions)})
    told = words(language)
    short = nodes.text(iri, "skos:notation") or ""
    title = named.of(iri)
    values: dict[str, Any] = {
        "names": named,
        "short": short,
        "same": nodes.iris(iri, "owl:sameAs"),
        "members": members,
        "motions": _count(site, f"?x a kg:Motion ; kg:onBehalfOf {ref}"),
        "kinds": KINDS,
        "years": dict(sorted(years.items())),
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


def _years(site: Site, ref: str) -> dict[str, dict[str, int]]:
    """How many acts of each kind each year."""
    dated = "?t kg:treatedAt ?m . ?m kg:date ?date"  # in every branch: joined to the union it is far slower
    parts = " UNION ".join(
        f'{{ ?act kg:onBehalfOf {ref} . ?t {name} ?act . {dated} BIND("{kind}" AS ?kind) }}'
        for kind, name in PROPERTIES.items()
    )
    rows = site.pool.rows(
        f"{site.prologue}SELECT ?year ?kind (COUNT(DISTINCT ?act) AS ?n) WHERE {{ {parts} "
        "BIND(YEAR(?date) AS ?year) } GROUP BY ?year ?kind"
    )
    found: dict[str, dict[str, int]] = {}
    for year, kind, number in rows.rows:
        if year and kind and number:
            found.setdefault(year.value, {})[kind.value] = int(number.value)
    return found


def _companions(site: Site, ref: str) -> Sequence[Companion]:
    rows = site.pool.rows(
        f"{site.prologue}SELECT ?other ?kind (COUNT(DISTINCT ?act) AS ?n) WHERE {{ "
        f"?act kg:onBehalfOf {ref} . ?act kg:onBehalfOf ?other FILTER(?other != {ref}) "
        "?act a ?kind FILTER(?kind IN (kg:Proposal, kg:Reservation)) } GROUP BY ?other ?kind"
    )
    found: dict[str, dict[str, int]] = {}
    for other, kind, number in rows.rows:
        if other and kind and number:
            found.setdefault(other.value, {})[kind.value.rpartition("#")[2]] = int(number.value)
    companions = [
        Companion(each, counts.get("Proposal", 0), counts.get("Reservation", 0)) for each, counts in found.items()
    ]
    return sorted(companions, key=lambda each: (-each.proposals - each.reservations, each.party))


def _count(site: Site, pattern: str) -> int:
    row = site.pool.rows(f"{site.prologue}SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}").rows[0]
    return int(row[0].value) if row[0] else 0

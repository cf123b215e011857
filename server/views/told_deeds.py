"""What acts of persons and parties said, and what came of them: asked for those that a page shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from server.nodes import natural
from server.site import Site, iri_ref
from server.views.matter import ENDS
from server.views.opinion import COUNCIL

MOST: Final = 5000  # rows
SAID: Final = {
    "text": "?act kg:text ?value BIND(0 AS ?at)",
    "point": "?act kg:hasPoint ?point . ?point kg:text ?value OPTIONAL { ?point kg:position ?at }",
    "wanted": "?act kg:requestedOutcome ?value BIND(0 AS ?at)",
    "quote": "?within kg:hasProposal ?act . ?act kg:evidence/oa:exact ?value BIND(0 AS ?at) "
    "FILTER NOT EXISTS { ?act kg:hasPoint|kg:text ?worded }",
    **{
        name: f"?act kg:{name} ?other . ?other kg:position ?number "
        'BIND(CONCAT(STR(?number), "/") AS ?value) BIND(0 AS ?at)'
        for name in ("supports", "rejects")
    },
    **{
        f"{name}Point": f"?act kg:{name}Point ?other . ?whole kg:hasPoint ?other ; kg:position ?number . "
        "?other kg:position ?place OPTIONAL { ?other kg:pointNumber ?printed } "
        'BIND(CONCAT(STR(?number), "/", COALESCE(STR(?printed), STR(?place))) AS ?value) BIND(0 AS ?at)'
        for name in ("supports", "rejects")
    },
    "endorses": "?act kg:endorses ?value BIND(0 AS ?at)",
    "vote": "?act kg:ballotValue ?value BIND(0 AS ?at)",
    "adopted": "?value kg:adopts ?act BIND(0 AS ?at)",
    "supported": "?act kg:supports|(kg:supportsPoint/^kg:hasPoint) ?other . ?value kg:adopts ?other BIND(0 AS ?at)",
    "refused": "?treatment kg:hasProposal ?act . ?treatment kg:resultedIn ?value . ?value kg:adopts ?x "
    "BIND(0 AS ?at)",
    "outcome": "?treatment kg:hasProposal|kg:hasReservation|(kg:hasVote/kg:hasBallot) ?act . "
    "?treatment kg:resultedIn ?decision . ?decision kg:decisionOutcome ?value BIND(0 AS ?at)",
}
"""What is told of an act, and where it stands; each joined to the acts in its own branch."""


@dataclass(frozen=True, slots=True)
class Told:
    """Of one act: its words, the outcome it wants (IRI), what it supports and rejects, what it joins (IRI), the
    ballot (IRI), and the outcomes of its § (IRIs). `quote`: how a proposal without words of its own stands in the
    document. `supports` and `rejects`: the number of a proposal on the page of its §, and of the point where it is
    only one. `fate`: "adopted" as the decision, "supported" what was, "refused" for another, or empty where it is not
    known."""

    text: str = ""
    quote: str = ""
    wanted: str = ""
    supports: Sequence[tuple[str, str]] = ()
    rejects: Sequence[tuple[str, str]] = ()
    endorses: str = ""
    vote: str = ""
    outcomes: Sequence[str] = ()
    fate: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """Of a matter: the first and last day on which a § treats it (ISO 8601), and how the council ended it (IRIs)."""

    first: str
    last: str
    outcomes: Sequence[str]


def told(site: Site, acts: Iterable[str]) -> dict[str, Told]:
    """What acts (IRIs) said, and what came of them. Raises QueryFailed."""
    values = " ".join(map(iri_ref, acts))
    if not values:
        return {}
    parts = " UNION ".join(
        f'{{ VALUES ?act {{ {values} }} {pattern} BIND("{kind}" AS ?kind) }}' for kind, pattern in SAID.items()
    )
    rows = site.pool.rows(f"{site.prologue}SELECT ?act ?kind ?value ?at WHERE {{ {parts} }}", MOST)
    said: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for row in rows.rows:
        act, kind, value, at = (each.value if each else "" for each in row)
        said.setdefault(act, {}).setdefault(kind, []).append((at, value))
    return {act: _told(found) for act, found in said.items()}


def _told(said: dict[str, list[tuple[str, str]]]) -> Told:
    values = {
        kind: list(dict.fromkeys(value for _, value in sorted(found, key=lambda each: (natural(each[0]), each[1]))))
        for kind, found in said.items()
    }
    first = {kind: found[0] for kind, found in values.items()}
    return Told(
        text=" ".join(values.get("point") or values.get("text") or ()),
        quote=first.get("quote", ""),
        wanted=first.get("wanted", ""),
        supports=_places([*values.get("supports", ()), *values.get("supportsPoint", ())]),
        rejects=_places([*values.get("rejects", ()), *values.get("rejectsPoint", ())]),
        endorses=first.get("endorses", ""),
        vote=first.get("vote", ""),
        outcomes=values.get("outcome", ()),
        fate=next((each for each in ("adopted", "supported", "refused") if each in first), ""),
    )


def _places(said: Sequence[str]) -> list[tuple[str, str]]:
    """Numbers of proposals with those of their points, of "3/" and "3/1"."""
    return [(number, point) for number, _, point in (each.partition("/") for each in said)]


def ended(site: Site, matters: Sequence[str]) -> dict[str, Ended]:
    """When matters (IRIs) were treated, and how the council ended them, latest decision; only those that a § treats.
    Raises QueryFailed."""
    if not matters:
        return {}
    values = " ".join(map(iri_ref, matters))
    rows = site.pool.rows(
        f"{site.prologue}SELECT DISTINCT ?matter ?date ?type ?outcome WHERE {{ VALUES ?matter {{ {values} }} "
        "?t kg:concernsMatter ?matter ; kg:treatedAt ?meeting . ?meeting kg:date ?date ; kg:heldBy ?body . "
        "OPTIONAL { ?body kg:bodyType ?type } OPTIONAL { ?t kg:resultedIn/kg:decisionOutcome ?outcome } }",
        MOST,
    )
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows.rows:
        matter, day, held, outcome = (each.value if each else "" for each in row)
        found.setdefault(matter, []).append((day, held, outcome))
    return {matter: _ended(said) for matter, said in found.items()}


def _ended(said: Sequence[tuple[str, str, str]]) -> Ended:
    days = [day for day, _, _ in said]
    ends = [(day, outcome) for day, held, outcome in said if held == COUNCIL and outcome in ENDS]
    last = max((day for day, _ in ends), default="")
    return Ended(min(days), last or max(days), sorted({outcome for day, outcome in ends if day == last}))

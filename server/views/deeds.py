"""What a person or a party has done in the §§ of minutes: the latest of each kind, and how many there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from server.nodes import natural
from server.site import Site
from server.views.opinion import Opinion, opinions
from server.views.told_deeds import Ended, Told, told

SHOWN: Final = 12  # of each kind, on one page

WITHIN: Final[Mapping[str, str]] = {
    "proposals": "?treatment kg:hasProposal ?act",
    "reservations": "?treatment kg:hasReservation ?act",
    "statements": "?treatment kg:hasStatement ?act",
    "votes": "?vote kg:hasBallot ?act . ?treatment kg:hasVote ?vote",
    "recusals": "?treatment kg:hasRecusal|kg:hasNonParticipation ?act",
}
"""How an act of a kind stands in a §."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One act: the IRIs of the act, its § and the body; the number and title of the §; an ISO 8601 date; what it said
    and what came of it; what the § answers where that is not the body's own."""

    act: str
    treatment: str
    number: str
    title: str
    date: str
    body: str
    told: Told
    opinion: Opinion | None


@dataclass(slots=True)
class Deeds:
    """The latest acts of one kind, and the number of all."""

    total: int
    latest: list[Deed] = field(default_factory=list)


def deeds(site: Site, done: Mapping[str, str]) -> dict[str, Deeds]:
    """The acts of each kind for which a pattern is given that binds ?act; kinds without acts are left out.

    Raises QueryFailed.
    """
    counted = (
        f'{{ SELECT ("{kind}" AS ?kind) (COUNT(DISTINCT ?act) AS ?n) WHERE {{ {pattern} . {WITHIN[kind]} }} }}'
        for kind, pattern in done.items()
    )
    latest = (
        f'{{ {{ SELECT ("{kind}" AS ?kind) ?act ?treatment ?date ?meeting WHERE {{ {pattern} . '
        f"{WITHIN[kind]} . ?treatment kg:treatedAt ?meeting . ?meeting kg:date ?date }} "
        f"ORDER BY DESC(?date) STR(?act) LIMIT {SHOWN} }} ?meeting kg:heldBy ?body "
        "OPTIONAL { ?treatment kg:paragraphNumber ?number } OPTIONAL { ?treatment dcterms:title ?title } }"
        for kind, pattern in done.items()
    )
    asked = f"SELECT ?kind ?n ?act ?treatment ?number ?title ?date ?body WHERE {{ {_union([*counted, *latest])} }}"
    rows = [[each.value if each else "" for each in row] for row in site.pool.rows(site.prologue + asked).rows]
    totals = {kind: int(total) for kind, total, *_ in rows if total}
    found = {kind: Deeds(totals[kind]) for kind in done if totals.get(kind)}
    acts = [(kind, deed) for kind, total, *deed in rows if not total]
    said = told(site, {act for _, (act, *_) in acts})
    answers = opinions(site, {treatment for _, (_, treatment, *_) in acts})
    for kind, (act, treatment, number, title, date, body) in acts:
        deed = Deed(act, treatment, number, title, date, body, said.get(act, Told()), answers.get(treatment))
        found[kind].latest.append(deed)
    for each in found.values():  # the latest day first, and within it in the order of the minutes
        each.latest.sort(key=lambda deed: (natural(deed.number), natural(deed.act)))
        each.latest.sort(key=lambda deed: deed.date, reverse=True)
    return found


def mentioned(found: Mapping[str, Deeds], ends: Mapping[str, Ended] | None = None) -> set[str]:
    """The IRIs of the bodies, outcomes and ballots, and of the acts of a kind that holds more than one class."""
    shown = [deed for each in found.values() for deed in each.latest]
    iris = {iri for each in shown for iri in (each.body, each.told.wanted, each.told.vote, *each.told.outcomes)}
    iris |= {each.told.endorses for each in shown}
    iris |= {outcome for each in (ends or {}).values() for outcome in each.outcomes}
    iris |= {deed.act for deed in found["recusals"].latest} if "recusals" in found else set()
    return iris - {""}


def _union(parts: Iterable[str]) -> str:
    return " UNION ".join(parts)

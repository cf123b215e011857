"""What a person or a party has done in the §§ of minutes: the latest of each kind, and how many there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from server.nodes import natural
from server.site import Site

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
    """One act: the IRIs of the act, its § and the body; the number and title of the §; an ISO 8601 date."""

    act: str
    treatment: str
    number: str
    title: str
    date: str
    body: str


@dataclass(slots=True)
class Deeds:
    """The latest acts of one kind, and the number of all."""

    total: int
    latest: list[Deed] = field(default_factory=list)


def deeds(site: Site, done: Mapping[str, str]) -> dict[str, Deeds]:
    """The acts of each kind for which a pattern is given that binds ?act; kinds without acts are left out.

    Raises QueryFailed.
    """
    declared = site.prologue
    counted = _union(
        f'{{ SELECT ("{kind}" AS ?kind) (COUNT(DISTINCT ?act) AS ?n) WHERE {{ {pattern} . {WITHIN[kind]} }} }}'
        for kind, pattern in done.items()
    )
    rows = site.pool.rows(f"{declared}SELECT ?kind ?n WHERE {{ {counted} }}").rows
    totals = {kind.value: int(number.value) for kind, number in rows if kind and number}
    found = {kind: Deeds(totals[kind]) for kind in done if totals.get(kind)}
    if not found:
        return {}
    latest = _union(
        f'{{ {{ SELECT ("{kind}" AS ?kind) ?act ?treatment ?date ?meeting WHERE {{ {done[kind]} . '
        f"{WITHIN[kind]} . ?treatment kg:treatedAt ?meeting . ?meeting kg:date ?date }} "
        f"ORDER BY DESC(?date) STR(?act) LIMIT {SHOWN} }} ?meeting kg:heldBy ?body "
        "OPTIONAL { ?treatment kg:paragraphNumber ?number } OPTIONAL { ?treatment dcterms:title ?title } }"
        for kind in found
    )
    variables = "?kind ?act ?treatment ?number ?title ?date ?body"
    for row in site.pool.rows(f"{declared}SELECT {variables} WHERE {{ {latest} }}").rows:
        of_kind, *said = (each.value if each else "" for each in row)
        found[of_kind].latest.append(Deed(*said))
    for each in found.values():  # the latest day first, and within it in the order of the minutes
        each.latest.sort(key=lambda deed: (natural(deed.number), natural(deed.act)))
        each.latest.sort(key=lambda deed: deed.date, reverse=True)
    return found


def mentioned(found: Mapping[str, Deeds]) -> set[str]:
    """The IRIs of the bodies, and of the acts of a kind that holds more than one class."""
    bodies = {deed.body for each in found.values() for deed in each.latest}
    return bodies | {deed.act for deed in found["recusals"].latest} if "recusals" in found else bodies


def _union(parts: Iterable[str]) -> str:
    return " UNION ".join(parts)

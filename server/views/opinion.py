"""What a body other than the council answers to a motion, a referral or a letter, or proposes to another body:
that is not what becomes of the matter.

A motion is decided by the council (kommunallagen 2017:725, 5 kap. 35 §); what others approve is the proposal before
them, often that of their administration, which may advise against the motion.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from server.naming import Names
from server.site import CONCEPT, Site, iri_ref
from server.wording import words

COUNCIL: Final = CONCEPT + "body-type/council"
APPROVED: Final = CONCEPT + "outcome/approved"
ANSWERED: Final = ("MemberLetter", "Referral", "Report")
"""Our classes of matters that the body they were sent to answers: the council need not decide on them."""
FROM_OTHERS: Final = frozenset(
    CONCEPT + "item-type/" + each for each in ("motion", "referral", "citizen-proposal", "member-letter")
)
"""Kinds of items in which somebody else's matter is answered."""
OPINIONS: Final = (
    f"{{ ?treatment kg:concernsMatter ?theirs }} UNION {{ ?treatment kg:resultedIn/kg:recommendsTo ?other }} "
    f"UNION {{ VALUES ?from {{ {' '.join(f'<{each}>' for each in sorted(FROM_OTHERS))} }} "
    "?treatment kg:itemType ?from } "
    f"?treatment kg:treatedAt/kg:heldBy ?by . FILTER NOT EXISTS {{ ?by kg:bodyType <{COUNCIL}> }}"
)
"""SPARQL: the §§ (?treatment) that `opinions` tells of, all of them."""
_IN_FROM_OTHERS: Final = ", ".join(f"<{each}>" for each in sorted(FROM_OTHERS))
WHETHER_OPINION: Final = f"""OPTIONAL {{ ?treatment kg:concernsMatter ?theirs }}
      OPTIONAL {{ ?treatment kg:resultedIn ?one . ?one kg:recommendsTo ?other }}
      OPTIONAL {{ ?treatment kg:itemType ?from FILTER(?from IN ({_IN_FROM_OTHERS})) }}
      OPTIONAL {{ ?meeting kg:heldBy ?by . ?by kg:bodyType ?council FILTER(?council = <{COUNCIL}>) }}
      BIND((BOUND(?theirs) || BOUND(?other) || BOUND(?from)) && !BOUND(?council) AS ?opinion)"""
"""SPARQL: whether a § (?treatment) of a ?meeting is one of them, for each of the §§ that are looked at."""
AS_OPINION: Final = "#opinion"
"""What an outcome's IRI ends with where a choice or a count is of such §§ alone; without it, of all others."""


def counted_name(outcome: str, names: Names) -> str:
    """What an outcome is called among choices and counts: its IRI, which may end AS_OPINION."""
    concept = outcome.removesuffix(AS_OPINION)
    if concept == outcome:
        return names.of(outcome)
    told = words(names.language)
    name = told["opinion_approved"] if concept == APPROVED else names.of(concept)
    return told["opinion_counted"].format(name)


@dataclass(frozen=True, slots=True)
class Opinion:
    """A § in which a body answers a matter that is not its own, or only proposes. `administration`: to such a matter,
    what it adopted was the proposal of its administration; `recommends`: it proposes to another body what that is to
    decide."""

    administration: bool = False
    recommends: bool = False

    def text(self, outcome: str, names: Names) -> str:
        """What the outcome (IRI) of its decision is called, so that no reader takes it for that of the matter."""
        told, name = words(names.language), names.of(outcome)
        if outcome == APPROVED and self.administration:
            return told["opinion_administration"]
        if self.recommends:
            return told["opinion_recommends"].format(name)
        return told["opinion_approved"] if outcome == APPROVED else name


def opinions(site: Site, treatments: Collection[str]) -> dict[str, Opinion]:
    """Those §§ (IRIs) that are such answers or proposals. Raises QueryFailed."""
    if not treatments:
        return {}
    values = " ".join(map(iri_ref, treatments))
    rows = site.pool.rows(
        f"{site.prologue}SELECT ?t ?type ?kind ?matter ?by ?to WHERE {{ VALUES ?t {{ {values} }} "
        "?t kg:treatedAt/kg:heldBy ?body ; kg:resultedIn ?decision . "
        "OPTIONAL { ?body kg:bodyType ?type } OPTIONAL { ?t kg:itemType ?kind } "
        "OPTIONAL { ?t kg:concernsMatter ?matter } OPTIONAL { ?decision kg:recommendsTo ?to } "
        "OPTIONAL { ?decision kg:adopts/kg:proposedBy ?by . ?by a kg:Administration } }",
        20 * len(treatments),
    )
    found: dict[str, Opinion] = {}
    for row in rows.rows:
        treatment, held, kind, matter, by, to = (each.value if each else "" for each in row)
        answer = bool(matter) or kind in FROM_OTHERS
        if held != COUNCIL and (answer or to):
            before = found.get(treatment, Opinion())
            administration = before.administration or (answer and bool(by))
            found[treatment] = Opinion(administration, before.recommends or bool(to))
    return found


def outcome_name(outcome: str, treatment: str, found: Mapping[str, Opinion], names: Names) -> str:
    """What the outcome (IRI) of a § (IRI) is called, whether it is among these answers or not."""
    return found[treatment].text(outcome, names) if treatment in found else names.of(outcome)

"""A decision, proposal, reservation, statement, vote or recusal: who and what, and the § in which it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server import printed
from server.naming import Names, body_of
from server.nodes import Nodes, ask, in_order
from server.site import Site, iri_ref
from server.views.acts import PROPOSED, act, others, points
from server.views.opinion import opinions
from server.views.treatment import same_meaning
from server.views.view import View, names, swedish, trail
from server.wording import words


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of act is tied to its §, to those who did it, and where the page of the § has it."""

    within: str
    by: str
    anchor: str
    numbered: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    "kg:Decision": Kind("kg:resultedIn", "kg:decidedBy", "decision"),
    "kg:Proposal": Kind("kg:hasProposal", "kg:proposedBy", "proposal", numbered=True),
    "kg:Reservation": Kind("kg:hasReservation", "kg:reservedBy", "reservations"),
    "kg:Statement": Kind("kg:hasStatement", "kg:statedBy", "statements"),
    "kg:VoteEvent": Kind("kg:hasVote", "kg:castBy", "vote", numbered=True),
    "kg:Recusal": Kind("kg:hasRecusal", "kg:person", "recusals"),
    "kg:NonParticipation": Kind("kg:hasNonParticipation", "kg:person", "recusals"),
}
WITHIN: Final = "|".join(each.within for each in KINDS.values())
TIES: Final = ("against", "inFavourOf", "adopts", "supports", "rejects", "endorses", "recommendsTo")
MEANINGS: Final = ("yesMeans", "noMeans")
COUNTS: Final = ("yes", "no", "abstain", "absent")


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of an act in a §; None for one that stands in no § of a meeting. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ {ref} kg:hasPoint|kg:signatory ?s }} UNION {{ ?s {WITHIN} {ref} }} "
        f"UNION {{ ?t {WITHIN} {ref} . ?t kg:treatedAt ?s }} "
        f"UNION {{ ?t kg:hasProposal {ref} . ?t kg:hasProposal ?s }} "
        f"UNION {{ {ref} kg:supports|kg:rejects|kg:supportsPoint|kg:rejectsPoint ?s }} "
        f"UNION {{ BIND({ref} AS ?worded) ?t kg:hasProposal ?worded {PROPOSED} }}",
    )
    kind = next((each for name, each in KINDS.items() if nodes.is_a(iri, name)), None)
    treatment = next((each for each in in_order(nodes, nodes) if kind and iri in nodes.iris(each, kind.within)), None)
    meeting = nodes.iri(treatment, "kg:treatedAt") if treatment else None
    if kind is None or treatment is None or meeting is None:
        return None
    said, body = act(nodes, iri, kind.by), body_of(site, treatment)
    ties = {name: tied for name in TIES if (tied := _tied(nodes, others(nodes, iri, name)))}
    outcomes, wanted = nodes.iris(iri, "kg:decisionOutcome"), nodes.iris(iri, "kg:requestedOutcome")
    mentioned = {iri, treatment, body, *outcomes, *wanted, *said.parties}
    mentioned |= {one for who in said.actors for one in (who.iri, who.party) if one}
    mentioned |= {one for name in MEANINGS for one in nodes.iris(iri, f"kg:{name}")}
    mentioned |= {whole for tied in ties.values() for _, whole, _ in tied}
    named, told = names(site, language, more=filter(None, mentioned)), words(language)
    number, at = _number(nodes, treatment, iri, kind), kind.anchor
    paragraph, day = named.of(treatment), nodes.text(meeting, "kg:date") or ""
    what = named.kind(iri).capitalize()
    which = f" {number}" if number and len(nodes.iris(treatment, kind.within)) > 1 else ""
    paragraph_number = nodes.text(treatment, "kg:paragraphNumber") or ""
    where = f"{named.of(body)} {printed.date(day, language)}".strip()
    title = f"{what}{which}, § {paragraph_number}, {where}"
    values: dict[str, Any] = {
        "names": named,
        "act": said,
        "by_word": f"act_{kind.by.partition(':')[2]}",
        "treatment": treatment,
        "paragraph": paragraph,
        "anchor": f"{at}-{number}" if number else at,
        "meeting": meeting,
        "body": body,
        "day": day,
        "outcomes": outcomes,
        "opinion": opinions(site, [treatment] if outcomes else []).get(treatment),
        "wanted": wanted,
        "verbatim": nodes.text(iri, "kg:outcomeVerbatim"),
        "ties": ties,
        "counts": {each: count for each in COUNTS if (count := nodes.text(iri, f"kg:{each}Count")) is not None},
        "unclear": same_meaning(nodes, iri),
        "means": {name: _meaning(nodes, iri, name, named) for name in MEANINGS} if kind.anchor == "vote" else {},
    }
    return View(
        template="act_page.html",
        kind=told["act_in"],
        title=title,
        values=values,
        summary=" ".join(f"{paragraph}. {said.words or said.quote}".split())[:200],
        trail=[
            *trail(site, body, named),
            (site.link(meeting), printed.date(day, language)),
            (site.link(treatment), paragraph, swedish(language)),
        ],
        sources=nodes.iris(iri, "kg:evidence"),
        query=QUERY.format(act=ref),
        json_ld={
            "@context": "https://schema.org",
            "@type": "CreativeWork",
            "@id": iri,
            "name": title,
            "inLanguage": "sv",
            "isPartOf": {"@id": treatment, "name": paragraph},
            **({"dateCreated": day} if day else {}),
            **({"text": said.words} if said.words else {}),
        },
        cut=nodes.cut,
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
SELECT ?property ?value WHERE {{
  {{ {act} ?property ?value }} UNION {{ {act} kg:hasPoint ?point . ?point ?property ?value }}
}}
ORDER BY ?property ?value"""


def _number(nodes: Nodes, treatment: str, iri: str, kind: Kind) -> int | None:
    """The number that the page of the § gives it; None for what has none there."""
    if not kind.numbered:
        return None
    order = ("kg:position",) if kind.anchor == "proposal" else ()
    return in_order(nodes, nodes.iris(treatment, kind.within), *order).index(iri) + 1


def _tied(nodes: Nodes, iris: Sequence[str]) -> list[tuple[str, str, str]]:
    """What an act is tied to: its IRI; for a point its proposal and its number there, else the IRI again and ""."""
    found = []
    for each in iris:
        whole = next((one for one in nodes if each in nodes.iris(one, "kg:hasPoint")), each)
        told = ((at, point) for at, point in enumerate(points(nodes, whole), 1) if point.iri == each)
        found.append((each, whole, next((point.number or str(at) for at, point in told), "")))
    return found


def _meaning(nodes: Nodes, vote: str, name: str, named: Names) -> str | None:
    proposal = nodes.iri(vote, f"kg:{name}")
    return nodes.text(vote, f"kg:{name}") or (named.of(proposal) if proposal else None)

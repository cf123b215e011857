"""A § of the minutes: the proposals beside the decision and how they differ, the vote, reservations, statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server import printed
from server.naming import Names, body_of
from server.nodes import Nodes, ask, in_order, paragraph
from server.site import Site, iri_ref
from server.views.acts import INFERRED, PROPOSED, Act, Point, act, in_words, points
from server.views.opinion import APPROVED, opinions, outcome_name
from server.views.proposals import numbers_of, proposals
from server.views.seating import Picture, picture
from server.views.view import View, marks, names, swedish, titles, trail
from server.wording import words

ACTS: Final = ("kg:hasProposal", "kg:resultedIn", "kg:hasReservation", "kg:hasStatement", "kg:hasVote")
OTHER_ACTS: Final = ("kg:hasRecusal", "kg:hasNonParticipation")
WITHIN: Final = "|".join((*ACTS, *OTHER_ACTS))
PARTS: Final = "kg:hasPoint|kg:signatory|kg:hasBallot"
ABOUT: Final = "kg:concernsMatter|kg:basedOnDocument|kg:concernsCase|kg:relatedCase"
MEANINGS: Final = ("kg:yesMeans", "kg:noMeans")
VOTES: Final = ("yes", "abstained", "not-participating", "recused", "absent", "no")
"""Ballots from the left of the picture to the right."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision; `approved`: the numbers of the proposals that its approval is of; `preamble`: the words before its
    points."""

    iri: str
    outcomes: Sequence[str]
    approved: Sequence[int]
    verbatim: str | None
    preamble: str | None
    points: Sequence[Point]
    recommends: Sequence[str]
    span: str | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot; `inferred`: its party does not stand beside the name in the document."""

    person: str | None
    party: str | None
    vote: str | None
    span: str | None
    inferred: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an answer in a vote meant: words of the minutes, or a proposal (IRI); neither where it is not clear."""

    text: str | None = None
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote: pairs of a kind of answer and its number; `yes` and `no` are what these meant."""

    iri: str
    counts: Sequence[tuple[str, int]]
    yes: Meaning | None
    no: Meaning | None
    casting: bool
    ballots: Sequence[Ballot]
    picture: Picture | None
    span: str | None


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a §. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ {ref} {WITHIN} ?s }} UNION {{ {ref} ({WITHIN})/({PARTS}) ?s }} "
        f"UNION {{ {ref} {ABOUT}|kg:treatedAt|kg:evidence ?s }} "
        f"UNION {{ {ref} kg:hasProposal ?worded {PROPOSED} }}",
    )
    meeting = nodes.iri(iri, "kg:treatedAt")
    if not meeting:
        return None
    named, told = names(site, language, nodes), words(language)
    number, heading = paragraph(nodes, iri), nodes.text(iri, "dcterms:title") or ""
    title, body = f"§ {number} {heading}".strip() if number else heading or named.of(iri), body_of(site, iri)
    day = nodes.text(meeting, "kg:date") or ""
    numbers = numbers_of(nodes, iri)
    decisions = [_decision(nodes, each, numbers) for each in in_order(nodes, nodes.iris(iri, "kg:resultedIn"))]
    answers = opinions(site, [iri] if decisions else [])
    values: dict[str, Any] = {
        "names": named,
        "meeting": meeting,
        "day": day,
        "subtitle": nodes.text(iri, "kg:subtitle"),
        "summary": nodes.text(iri, "kg:summary"),
        "kind_of_item": nodes.iri(iri, "kg:itemType"),
        "cases": nodes.iris(iri, "kg:concernsCase"),
        "related": nodes.iris(iri, "kg:relatedCase"),
        "matters": in_order(nodes, nodes.iris(iri, "kg:concernsMatter")),
        "documents": in_order(nodes, nodes.iris(iri, "kg:basedOnDocument"), "dcterms:identifier"),
        "marks": marks(nodes, named, nodes.iris(iri, "kg:basedOnDocument")),
        "adjusted_at_once": nodes.holds(iri, "kg:immediatelyAdjusted"),
        "procedure": nodes.text(iri, "kg:procedure"),
        "decisions": decisions,
        "opinion": answers.get(iri),
        "yes": APPROVED,
        "proposals": proposals(nodes, named, numbers, [each.iri for each in decisions]),
        "votes": [_vote(nodes, each) for each in in_order(nodes, nodes.iris(iri, "kg:hasVote"))],
        "reservations": _reservations(nodes, iri),
        "statements": _statements(nodes, iri),
        "recusals": [act(nodes, each, "kg:person") for name in OTHER_ACTS for each in nodes.iris(iri, name)],
    }
    outcomes = ", ".join(outcome_name(each, iri, answers, named) for one in decisions for each in one.outcomes)
    return View(
        template="treatment.html",
        kind=told["treatment"],
        title=title,
        title_language=swedish(language) if heading else "",
        values=values,
        summary=f"{named.of(body)} {printed.date(day, language)}".strip() + f". {outcomes}",
        trail=[*trail(site, body, named), (site.link(meeting), printed.date(day, language) or named.of(meeting))],
        sources=[head] if (head := _headed(nodes, iri, heading)) else [],
        query=QUERY.format(treatment=ref),
        json_ld=_json_ld(iri, title, day, body, named, decisions),
        cut=nodes.cut,
        titles=titles(nodes, iri),
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
SELECT ?what ?who ?party ?text WHERE {{
  VALUES ?what {{ kg:hasProposal kg:resultedIn kg:hasReservation kg:hasStatement kg:hasVote }}
  {treatment} ?what ?act .
  OPTIONAL {{ ?act kg:proposedBy|kg:reservedBy|kg:statedBy ?who }}
  OPTIONAL {{ ?act kg:onBehalfOf ?party }}
  OPTIONAL {{ ?act kg:text|kg:hasPoint/kg:text ?text }}
}}
ORDER BY ?what ?act"""


def _headed(nodes: Nodes, treatment: str, heading: str) -> str | None:
    """The span where the heading of a § stands, of all that are evidence of it."""
    spans, wanted = nodes.iris(treatment, "kg:evidence"), _letters(heading)
    found = [each for each in spans if _letters(nodes.text(each, "oa:exact") or "") == wanted]
    return next(iter([*found, *spans]), None)


def _letters(text: str) -> str:
    """The letters and digits of a text: a heading may be divided over lines."""
    return "".join(filter(str.isalnum, text.casefold()))


def _decision(nodes: Nodes, iri: str, numbers: Mapping[str, int]) -> Decision:
    return Decision(
        iri=iri,
        outcomes=nodes.iris(iri, "kg:decisionOutcome"),
        approved=sorted(numbers[each] for each in nodes.iris(iri, "kg:adopts") if each in numbers),
        verbatim=nodes.text(iri, "kg:outcomeVerbatim"),
        preamble=nodes.text(iri, "kg:preamble"),
        points=points(nodes, iri),
        recommends=nodes.iris(iri, "kg:recommendsTo"),
        span=nodes.iri(iri, "kg:evidence"),
    )


def _vote(nodes: Nodes, iri: str) -> Vote:
    ballots = [
        Ballot(
            person=nodes.iri(each, "kg:castBy"),
            party=nodes.iri(each, "kg:representsParty"),
            vote=nodes.iri(each, "kg:ballotValue"),
            span=nodes.iri(each, "kg:evidence"),
            inferred=INFERRED in nodes.iris(each, "kg:confidence"),
        )
        for each in in_order(nodes, nodes.iris(iri, "kg:hasBallot"))
    ]
    ballots.sort(key=lambda each: (_place(each.vote), _last(each.party)))
    said = [(kind, nodes.text(iri, f"kg:{kind}Count")) for kind in ("yes", "no", "abstain", "absent")]
    counts = [(kind, int(number)) for kind, number in said if number is not None]
    seated = [(_last(each.vote), _last(each.party)) for each in ballots]
    if not seated:
        votes = {"abstain": "abstained"}
        order = sorted(counts, key=lambda each: VOTES.index(votes.get(each[0], each[0])))
        seated = [(votes.get(kind, kind), "") for kind, number in order for _ in range(min(number, 1000))]
    unclear = same_meaning(nodes, iri)
    yes, no = (Meaning() if unclear else _meaning(nodes, iri, name) for name in MEANINGS)
    return Vote(
        iri=iri,
        counts=counts,
        yes=yes,
        no=no,
        casting=nodes.holds(iri, "kg:castingVote"),
        ballots=ballots,
        picture=picture(seated),
        span=nodes.iri(iri, "kg:evidence"),
    )


def same_meaning(nodes: Nodes, vote: str) -> bool:
    """Whether yes and no are said to mean the same, which cannot be: it is not known then what they mean."""
    yes, no = (
        {" ".join(each.casefold().split()) for each in (nodes.text(vote, name), nodes.iri(vote, name)) if each}
        for name in MEANINGS
    )
    return not yes.isdisjoint(no)


def _meaning(nodes: Nodes, vote: str, name: str) -> Meaning | None:
    text, proposal = nodes.text(vote, name), nodes.iri(vote, name)
    return Meaning(text, proposal) if text or proposal else None


def _reservations(nodes: Nodes, treatment: str) -> list[tuple[Act, list[str]]]:
    """Reservations, and the proposals in whose favour they were made."""
    return [
        (act(nodes, each, "kg:reservedBy"), nodes.iris(each, "kg:inFavourOf"))
        for each in in_order(nodes, nodes.iris(treatment, "kg:hasReservation"), "kg:position")
    ]


def _statements(nodes: Nodes, treatment: str) -> list[tuple[Act, str, list[str]]]:
    """Statements, the local name of their class, and what they endorse."""
    kinds = ("SpecialStatement", "SubstituteStatement", "MinutesNote")
    return [
        (
            act(nodes, each, "kg:statedBy"),
            next((kind for kind in kinds if nodes.is_a(each, f"kg:{kind}")), "Statement"),
            nodes.iris(each, "kg:endorses"),
        )
        for each in in_order(nodes, nodes.iris(treatment, "kg:hasStatement"), "kg:position")
    ]


def _place(vote: str | None) -> int:
    last = _last(vote)
    return VOTES.index(last) if last in VOTES else len(VOTES)


def _last(iri: str | None) -> str:
    return (iri or "").rpartition("/")[2]


def _json_ld(
    iri: str, title: str, day: str, body: str, named: Names, decisions: Sequence[Decision]
) -> dict[str, Any]:
    """The § as a schema.org CreativeWork: what was written of it at the meeting, seldom a rule (Legislation)."""
    text = "\n".join(filter(None, (in_words(each.preamble, each.points) for each in decisions)))
    return {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": iri,
        "name": title,
        "inLanguage": "sv",
        **({"dateCreated": day} if day else {}),
        **({"text": text} if text else {}),
        **({"creator": {"@type": "GovernmentOrganization", "@id": body, "name": named.of(body)}} if body else {}),
    }

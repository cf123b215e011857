"""A motion, a skrivelse, an interpellation: who put it, where it was sent, how it was answered, how it ended."""

from collections.abc import Sequence
from typing import Any, Final

from server import printed
from server.naming import Names
from server.nodes import Nodes, ask, in_order
from server.site import CONCEPT, Site, iri_ref
from server.views.acts import act
from server.views.events import AROUND, Event, events
from server.views.opinion import ANSWERED, COUNCIL, opinions
from server.views.view import View, names, swedish, titles, within
from server.wording import words

ENDS: Final = frozenset(
    CONCEPT + "outcome/" + each for each in ("approved", "partly-approved", "rejected", "answered", "withdrawn")
)
"""Outcomes of a decision of the council after which a motion has ended (kommunallagen 2017:725, 5 kap. 35 §)."""

PARTS: Final = "kg:signatory|kg:question|kg:hasPoint|kg:partOfCase|kg:referredBy"


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a matter. Raises QueryFailed."""
    ref = iri_ref(iri)
    concerned = f"{{ ?t kg:concernsMatter {ref} }} UNION {{ {ref} kg:partOfCase/^kg:concernsCase ?t }}"
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ {ref} {PARTS} ?s }} "
        f"UNION {{ {ref} kg:partOfCase/kg:hasRegistryNumber ?n . ?s kg:hasRegistryNumber ?n . ?s a kg:Document }} "
        f"UNION {{ {concerned} BIND(?t AS ?s) }} UNION {{ {concerned} ?t ({AROUND})/kg:heldBy? ?s }}",
    )
    heading = nodes.text(iri, "dcterms:title")
    if not heading:
        return None
    named, told = names(site, language, nodes), words(language)
    place, found = within(site, iri, named), events(site, nodes)
    papers = [each for each in nodes if nodes.is_a(each, "kg:MotionDocument")]
    submitted = min((day for each in papers if (day := nodes.text(each, "dcterms:issued"))), default=None)
    answers = [each for each in found if each.body and not each.planned]
    end = next((each for each in reversed(answers) if _ends(nodes, iri, each)), None)
    first = submitted or (answers[0].date if answers else "")
    said = act(nodes, iri, "kg:submittedBy")
    values: dict[str, Any] = {
        "names": named,
        "said": said,
        "questions": _questions(nodes, iri),
        "cases": nodes.iris(iri, "kg:partOfCase"),
        "referred_by": nodes.iris(iri, "kg:referredBy"),
        "papers": in_order(nodes, papers),
        "submitted": submitted,
        "answers": answers,
        "opinions": opinions(site, [each.iri for each in answers if each.outcomes]),
        "end": end,
        "first": first,
        "days": printed.days_between(first, end.date) if end and first else None,
        "is_motion": nodes.is_a(iri, "kg:Motion"),
    }
    kind = named.kind(iri).capitalize()
    return View(
        template="matter.html",
        kind=kind,
        title=printed.heading(heading),
        title_language=swedish(language),
        values=values,
        summary=_summary(named, end, answers if any(nodes.is_a(iri, "kg:" + each) for each in ANSWERED) else None),
        trail=[*place, (site.address("/explore/motions"), told["explore_motions"])],
        place=place[0][1] if place else "",
        sources=nodes.iris(iri, "kg:evidence")[:5],
        query=QUERY.format(matter=ref),
        json_ld=_json_ld(iri, heading, named, [each.iri for each in said.actors]),
        cut=nodes.cut,
        titles=titles(nodes, iri),
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
SELECT ?date ?body ?outcome ?treatment WHERE {{
  ?treatment kg:concernsMatter {matter} ; kg:treatedAt ?meeting .
  ?meeting kg:date ?date ; kg:heldBy ?body .
  OPTIONAL {{ ?treatment kg:resultedIn/kg:decisionOutcome ?outcome }}
}}
ORDER BY ?date"""


def _ends(nodes: Nodes, matter: str, event: Event) -> bool:
    """Whether the council decided on the matter itself: other §§ of its case may decide something else."""
    if matter not in nodes.iris(event.iri, "kg:concernsMatter"):
        return False
    return nodes.iri(event.body or "", "kg:bodyType") == COUNCIL and any(each in ENDS for each in event.outcomes)


def _questions(nodes: Nodes, iri: str) -> list[tuple[str, str | None]]:
    """The questions of a skrivelse, verbatim, each with its span."""
    ordered = in_order(nodes, nodes.iris(iri, "kg:question"), "kg:position")
    return [(nodes.text(each, "kg:text") or "", nodes.iri(each, "kg:evidence")) for each in ordered]


def _summary(named: Names, end: Event | None, answers: Sequence[Event] | None) -> str:
    """How it ended; of what the council need not decide (`answers`) when it was treated last."""
    told = words(named.language)
    if end is None and answers:
        return f"{told['matter_answers']}: {printed.date(answers[-1].date, named.language)}"
    if end is None:
        return told["matter_no_end" if answers is None else "matter_no_answers"]
    return f"{told['matter_end']}: {', '.join(named.of(each) for each in end.outcomes)}"


def _json_ld(iri: str, title: str, named: Names, authors: Sequence[str]) -> dict[str, Any]:
    people = [
        {"@type": "Person" if "/person/" in each else "Organization", "@id": each, "name": named.of(each)}
        for each in authors
    ]
    return {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": iri,
        "name": title,
        "inLanguage": "sv",
        **({"author": people} if people else {}),
    }

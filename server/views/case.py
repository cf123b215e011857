"""A case: everything that happened to a registry number, in all bodies and documents, as a picture and as a list."""

from collections.abc import Mapping
from typing import Any, Final

from server import printed
from server.naming import Names
from server.nodes import Nodes, ask, in_order
from server.site import Site, iri_ref
from server.views import lanes
from server.views.events import AROUND, Event, bodies, events
from server.views.opinion import Opinion, opinions, outcome_name
from server.views.view import View, marks, names, swedish, within
from server.wording import words

CONCERNS: Final = "kg:concernsCase|kg:relatedCase|kg:concernsCase/kg:respondsTo"


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a case. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ {ref} kg:hasRegistryNumber|kg:respondsTo ?s }} "
        f"UNION {{ ?s kg:partOfCase|kg:respondsTo {ref} }} "
        f"UNION {{ {ref} kg:hasRegistryNumber ?n . ?s kg:hasRegistryNumber ?n . ?s a kg:Document }} "
        f"UNION {{ ?s {CONCERNS} {ref} }} UNION {{ ?t {CONCERNS} {ref} . ?t {AROUND} ?s }}",
    )
    number = nodes.text(iri, "dcterms:identifier")
    if not number:
        return None
    reports = ask(
        site,
        f"{ref} kg:hasRegistryNumber ?n . ?n kg:evidence ?span . ?span oa:hasSource ?s . ?s a kg:AnnualReport",
    )
    found = events(site, nodes)
    answers = opinions(site, [each.iri for each in found if each.outcomes])
    named, told = names(site, language, nodes, reports), words(language)
    place, title = within(site, iri, named), _title(nodes, iri, found) or number
    seen = [(each.date, named.of(each.body) if each.body else told["case_documents"]) for each in found if each.date]
    last = next((each for each in reversed(found) if each.date), None)
    path = iri.removeprefix(site.base + "/id/case/")
    documents = _documents(nodes, iri, found)
    values: dict[str, Any] = {
        "names": named,
        "number": number,
        "registry": nodes.iri(iri, "kg:hasRegistryNumber"),
        "answers_to": nodes.iris(iri, "kg:respondsTo"),
        "answered_in": in_order(nodes, (each for each in nodes if iri in nodes.iris(each, "kg:respondsTo"))),
        "matters": _matters(nodes, iri),
        "documents": documents,
        "marks": marks(nodes, named, documents),
        "reports": in_order(reports, reports),
        "events": found,
        "opinions": answers,
        "last": last,
        "bodies": bodies(found),
        "picture": lanes.picture(seen) if len(seen) == len(found) else None,
    }
    return View(
        template="case.html",
        kind=told["case"],
        title=f"{number} {title}" if title != number else number,
        title_language=swedish(language) if title != number else "",
        values=values,
        summary=_summary(told, last, answers, named),
        trail=[*place, (site.address("/browse/cases"), told["cases"])],
        place=place[0][1] if place else "",
        sources=nodes.iris(iri, "kg:evidence")[:5],
        query=QUERY.format(case=ref),
        json_ld={
            "@context": "https://schema.org",
            "@type": "CreativeWork",
            "@id": iri,
            "identifier": number,
            "name": title,
            "inLanguage": "sv",
            **({"dateModified": last.date} if last else {}),
        },
        feeds=[(told["case_feed"], site.address(f"/atom/case/{path}"))],
        cut=nodes.cut,
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?date ?body ?paragraph ?title ?treatment WHERE {{
  ?treatment kg:concernsCase|kg:relatedCase|kg:concernsCase/kg:respondsTo {case} ;
    kg:treatedAt ?meeting ; kg:paragraphNumber ?paragraph ; dcterms:title ?title .
  ?meeting kg:date ?date ; kg:heldBy ?body .
}}
ORDER BY ?date ?paragraph"""


def _title(nodes: Nodes, iri: str, found: list[Event]) -> str:
    """What the case is about: the title of its matter, else that of the first § that concerns it."""
    titles = [nodes.text(each, "dcterms:title") for each in _matters(nodes, iri)]
    titles += [each.title for each in found if iri in each.cases]
    return next((each for each in titles if each), "")


def _matters(nodes: Nodes, iri: str) -> list[str]:
    return in_order(
        nodes, (each for each in nodes if iri in nodes.iris(each, "kg:partOfCase") and _matter(nodes, each))
    )


def _matter(nodes: Nodes, iri: str) -> bool:
    return nodes.is_a(iri, "kg:Matter")


def _documents(nodes: Nodes, iri: str, found: list[Event]) -> list[str]:
    """The case's documents that no event stands for."""
    shown = {each.iri for each in found}
    return in_order(nodes, (each for each in nodes if nodes.is_a(each, "kg:Document") and each not in shown))


def _summary(told: Any, last: Event | None, answers: Mapping[str, Opinion], named: Names) -> str:
    if last is None:
        return str(told["case_nothing"])
    where = f", {named.of(last.body)}" if last.body else ""
    outcomes = ", ".join(outcome_name(each, last.iri, answers, named) for each in last.outcomes)
    outcome = told["case_planned"] if last.planned else outcomes
    return f"{told['case_last']}: {printed.date(last.date, named.language)}{where}. {outcome}".strip()

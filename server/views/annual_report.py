"""An annual report: its goals as a tree, its indicators against their targets, its budget; or its text, marked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import request

from server.naming import Names
from server.nodes import Nodes, ask, in_order
from server.site import Site, iri_ref
from server.views import document, goals
from server.views.goals import Activity, Goal, Indicator
from server.views.view import Step, View, names, trail
from server.wording import words

AS_TEXT: Final = ("at", "part")
"""Arguments that only the text has: who names characters wants to see them."""
AGAINST: Final = ("above", "equal", "below", None)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a budget table, as printed. `total`: other rows are summed in it."""

    iri: str
    label: str
    budget: str | None
    outcome: str | None
    deviation: str | None
    previous: str | None
    unit: str | None
    total: bool
    span: str | None


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of an annual report; with view=text, or where no goals are read, its text. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION "
        f"{{ {ref} kg:hasGoal|kg:hasActivity|kg:hasIndicator|kg:hasBudgetLine|kg:reportsOn ?s }}",
    )
    found_goals = goals.goals(site, nodes, nodes.iris(iri, "kg:hasGoal"))
    activities = goals.activities(site, nodes, nodes.iris(iri, "kg:hasActivity"))
    indicators = goals.indicators(site, nodes, nodes.iris(iri, "kg:hasIndicator"))
    lines = _lines(site, nodes, iri)
    bodies = nodes.iris(iri, "kg:reportsOn")
    cases = {each for one in activities for each in one.cases} | {each for one in indicators for each in one.cases}
    cases |= {*nodes.iris(iri, "kg:relatedCase")}
    registry = nodes.iris(iri, "kg:hasRegistryNumber")
    concepts = {each for one in found_goals for each in (one.level, one.fulfilment) if each}
    named, told = names(site, language, more={iri, *bodies, *registry, *cases, *concepts}), words(language)
    title = title_of(nodes, iri, named)
    way = trail(site, bodies[0], named) if bodies else []
    if request.args.get("view") == "text" or any(each in request.args for each in AS_TEXT):
        return _text(site, iri, language, title, [*way, (site.link(iri), title, named.language_of(iri))])
    if not (found_goals or activities or indicators or lines):
        return document.show(site, iri, language)
    indicators_of = _under(found_goals, indicators)
    values: dict[str, Any] = {
        "names": named,
        "bodies": bodies,
        "year": nodes.text(iri, "kg:year"),
        "cases": in_order(nodes, cases),
        "registry": registry,
        "has_text": bool(nodes.iri(iri, "kg:canonicalText")),
        "goals": found_goals,
        "tree": goals.tree(found_goals),
        "fulfilled": _fulfilled(found_goals),
        "activities": activities,
        "deviating": sum(each.deviates is True for each in activities),
        "activities_of": _under(found_goals, activities),
        "indicators": indicators,
        "indicators_of": indicators_of,
        "in_table": [each for own in indicators_of.values() for each in own],
        "against": {each: count for each in AGAINST if (count := _against(indicators)[each])},
        "measures": [each for each in goals.MEASURES if any(_has(one, each) for one in indicators)],
        "goal_numbers": {each.iri: each.number for each in found_goals},
        "lines": lines,
    }
    return View(
        template="annual_report.html",
        kind=(named.kind(iri) or told["document"]).capitalize(),
        title=title,
        title_language=named.language_of(iri),
        values=values,
        summary=told["report_summary"].format(title=title, goals=len(found_goals), indicators=len(indicators)),
        trail=way,
        sources=nodes.iris(iri, "kg:evidence")[:2],
        query=QUERY.format(report=ref),
        json_ld={
            "@context": "https://schema.org",
            "@type": "Report",
            "@id": iri,
            "name": title,
            "inLanguage": "sv",
            **({"temporalCoverage": values["year"]} if values["year"] else {}),
            "about": [{"@type": "GovernmentOrganization", "@id": each, "name": named.of(each)} for each in bodies],
        },
        cut=nodes.cut,
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?number ?goal ?fulfilment ?indicator ?outcome ?target WHERE {{
  {report} kg:hasGoal ?node .
  ?node dcterms:title ?goal .
  OPTIONAL {{ ?node kg:goalNumber ?number }}
  OPTIONAL {{ ?node kg:fulfilment/skos:prefLabel ?fulfilment FILTER(LANG(?fulfilment) = "sv") }}
  OPTIONAL {{
    ?row kg:underGoal ?node ; rdfs:label ?indicator .
    OPTIONAL {{ ?row kg:outcomeVerbatim ?outcome }}
    OPTIONAL {{ ?row kg:targetVerbatim ?target }}
  }}
}}
ORDER BY ?number ?indicator"""


def title_of(nodes: Nodes, report: str, named: Names) -> str:
    """The title of a report; where it is not known, what it is, its year and whose it is."""
    title = nodes.text(report, "dcterms:title")
    if title:
        return title
    year, bodies = nodes.text(report, "kg:year"), nodes.iris(report, "kg:reportsOn")
    told = " ".join(filter(None, (named.kind(report).capitalize(), year)))
    return ", ".join(filter(None, (told, *(named.of(each) for each in bodies)))) or named.of(report)


def _text(site: Site, iri: str, language: str, title: str, way: Sequence[Step]) -> View | None:
    """The report's text, with the way back to what it tells."""
    view = document.show(site, iri, language)
    return replace(view, kind=words(language)["report_whole"], title=title, trail=way) if view else None


def _fulfilled(found: Sequence[Goal]) -> Mapping[str | None, int]:
    """How many goals have which fulfilment, the best first; None for those of which none is stated."""
    counted = Counter(each.fulfilment for each in found)
    order = ("full", "partial", "none")

    def place(concept: str | None) -> tuple[int, str]:
        last = (concept or "").rpartition("/")[2]
        return (order.index(last) if last in order else len(order)), last

    return {each: counted[each] for each in sorted(counted, key=place)}


def _under(
    found: Sequence[Goal], things: Sequence[Activity] | Sequence[Indicator]
) -> Mapping[str | None, Sequence[Activity | Indicator]]:
    """Things by the goal that they stand under, in the order of the goals; None for those under none of these."""
    known = {each.iri for each in found}
    under: dict[str | None, list[Activity | Indicator]] = {each.iri: [] for each in found} | {None: []}
    for each in things:
        under[next((goal for goal in each.goals if goal in known), None)].append(each)
    return {goal: those for goal, those in under.items() if those}


def _against(found: Sequence[Indicator]) -> Counter[str | None]:
    return Counter(each.against_target for each in found)


def _has(one: Indicator, measure: str) -> bool:
    return measure in one.printed or measure in one.numbers


def _lines(site: Site, nodes: Nodes, report: str) -> list[Line]:
    rows = in_order(nodes, nodes.iris(report, "kg:hasBudgetLine"))
    totals = {each for row in rows for each in nodes.iris(row, "kg:partOfTotal")}

    def said(row: str, name: str) -> str | None:
        return nodes.text(row, f"kg:{name}Verbatim") or nodes.text(row, f"kg:{name}")

    return [
        Line(
            iri=row,
            label=nodes.text(row, "rdfs:label") or row.rpartition("/")[2],
            budget=said(row, "budgeted"),
            outcome=said(row, "outcome"),
            deviation=said(row, "budgetDeviation"),
            previous=said(row, "previousOutcome"),
            unit=nodes.text(row, "kg:unit"),
            total=row in totals,
            span=goals.widest(site, nodes, row),
        )
        for row in rows
    ]

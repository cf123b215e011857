"""A goal, an activity or an indicator of an annual report: what the report says of it, and where it stands there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from server.nodes import Nodes, ask, in_order
from server.site import Site, iri_ref
from server.views import annual_report, goals
from server.views.view import View, names, swedish, trail
from server.wording import words

KINDS: Final[Mapping[str, str]] = {
    "kg:Goal": "goal",
    "kg:GoalActivity": "activity",
    "kg:IndicatorObservation": "indicator",
}
HOLDS: Final = "kg:hasGoal|kg:hasActivity|kg:hasIndicator"


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a goal, an activity or an indicator. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ ?s {HOLDS} {ref} }} UNION {{ {ref} kg:parentGoal+ ?s }} "
        f"UNION {{ {ref} kg:underGoal ?s }} UNION {{ {ref} kg:underGoal/kg:parentGoal+ ?s }} "
        f"UNION {{ ?s kg:parentGoal|kg:underGoal {ref} }}",
    )
    kind = next((word for name, word in KINDS.items() if nodes.is_a(iri, name)), None)
    if kind is None:
        return None
    reports = in_order(nodes, (each for each in nodes if nodes.is_a(each, "kg:AnnualReport")), "kg:year")
    bodies = [body for each in reports for body in nodes.iris(each, "kg:reportsOn")]
    above = _above(nodes, iri)
    said: Any = {"goal": goals.goal, "activity": goals.activity, "indicator": goals.indicator}[kind](site, nodes, iri)
    below = goals.goals(site, nodes, (each for each in nodes if iri in nodes.iris(each, "kg:parentGoal")))
    activities = goals.activities(site, nodes, _under(nodes, iri, "kg:GoalActivity"))
    indicators = goals.indicators(site, nodes, _under(nodes, iri, "kg:IndicatorObservation"))
    concepts = {
        each for one in nodes for name in ("goalLevel", "fulfilment") for each in nodes.iris(one, f"kg:{name}")
    }
    cases = {case for one in nodes for case in nodes.iris(one, "kg:relatedCase") if one not in reports}
    named = names(site, language, more={iri, *reports, *bodies, *concepts, *cases})
    told = words(language)
    title = said.label if kind == "indicator" else f"{getattr(said, 'number', '')} {said.title}".strip()
    titles = {each: annual_report.title_of(nodes, each, named) for each in reports}
    way = trail(site, bodies[0], named) if bodies else []
    way += [(site.link(each), titles[each], named.language_of(each)) for each in reports[:1]]
    way += [(site.link(each), _called(nodes, each), swedish(language)) for each in above]
    values: dict[str, Any] = {
        "names": named,
        "what": kind,
        "said": said,
        "reports": titles,
        "above": {each: _called(nodes, each) for each in reversed(above)},
        "below": below,
        "activities": activities,
        "indicators": [said] if kind == "indicator" else indicators,
        "measures": goals.MEASURES,
    }
    return View(
        template="goal.html",
        kind=told[f"goal_is_{kind}"],
        title=title or named.of(iri),
        title_language=swedish(language) if title else named.language_of(iri),
        values=values,
        summary=told["goal_summary"].format(title=title, report=next(iter(titles.values()), "")),
        trail=way,
        sources=nodes.iris(iri, "kg:evidence"),
        query=QUERY.format(thing=ref),
        json_ld=_json_ld(iri, kind, title, said, reports),
        cut=nodes.cut,
    )


QUERY: Final = """SELECT ?property ?value WHERE {{
  {thing} ?property ?value
}}
ORDER BY ?property ?value"""


def _above(nodes: Nodes, iri: str) -> list[str]:
    """The goals above a thing, the highest first."""
    found: list[str] = []
    at = nodes.iri(iri, "kg:underGoal") or nodes.iri(iri, "kg:parentGoal")
    while at and at != iri and at not in found:
        found.append(at)
        at = nodes.iri(at, "kg:parentGoal")
    return found[::-1]


def _called(nodes: Nodes, goal: str) -> str:
    return " ".join(filter(None, (nodes.text(goal, "kg:goalNumber"), nodes.text(goal, "dcterms:title"))))


def _under(nodes: Nodes, iri: str, name: str) -> list[str]:
    return [each for each in nodes if iri in nodes.iris(each, "kg:underGoal") and nodes.is_a(each, name)]


def _json_ld(iri: str, kind: str, title: str, said: Any, reports: Sequence[str]) -> dict[str, Any]:
    """A goal as a schema.org CreativeWork, an activity as an Action, an indicator as an Observation."""
    more: dict[str, Any] = {"@type": "CreativeWork", "isPartOf": [{"@id": each} for each in reports]}
    if kind == "activity":
        more = {"@type": "Action", "startTime": said.start, "endTime": said.end}
    if kind == "indicator":
        outcome = said.numbers.get("outcome")
        more = {
            "@type": "Observation",
            "value": str(outcome) if outcome is not None else None,
            "unitText": said.unit,
            "observationPeriod": said.period,
        }
    return {"@context": "https://schema.org", "@id": iri, "name": title} | {k: v for k, v in more.items() if v}

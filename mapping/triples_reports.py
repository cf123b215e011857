"""Annual reports: goals, activities, indicators and economy."""

import re

from mapping.records import AnnualReport, BudgetLine, Goal, GoalActivity, Indicator, Quote, RegistryRef
from mapping.triples_cases import case
from mapping.triples_page import Page
from ontology import KG, concept, std

_NUMBER = re.compile(
    r"(?P<sign>[-–−]?)\s*(?P<whole>\d{1,3}(?:[ \xa0\u202f.]\d{3})+|\d+)(?:[,.](?P<part>\d+))?\s*"
    r"(?:%|[^\W\d_]+)?\.?"
)


def annual_report(page: Page, report: AnnualReport) -> None:
    document = page.name.document
    if page.record.body:
        page.graph.link(document, KG.reportsOn, page.name.body_of(page.record.body))
    elif page.record.municipality:
        page.graph.link(document, KG.reportsOn, page.name.authority())
    page.graph.year(document, KG.year, report.year)
    page.evidence(document, report.year_span)
    for ref in page.record.mentioned_registry_numbers:
        related = case(page, ref.normalised, ref.verbatim, ref.span, ref.classification)
        page.graph.link(document, KG.relatedCase, related)
    known = {_key(goal) for goal in report.goals}
    for goal in report.goals:
        _goal(page, report.year, goal, known)
    counts: dict[tuple[str, str | None], int] = {}
    for activity in report.activities:
        iri = _below(page, report.year, "activity", activity.goal, counts)
        _activity(page, iri, activity)
        _placed(page, iri, report.year, activity.goal, known)
        page.graph.link(document, KG.hasActivity, iri)
    for indicator in report.indicators:
        iri = _below(page, report.year, "indicator", indicator.goal, counts)
        _indicator(page, iri, indicator)
        _placed(page, iri, report.year, indicator.goal, known)
        page.graph.link(document, KG.hasIndicator, iri)
    for position, line in enumerate(report.budget, 1):
        iri = _budget_iri(page, report.year, position)
        page.graph.link(document, KG.hasBudgetLine, iri)
        _budget_line(page, report.year, iri, line)


def _budget_iri(page: Page, year: int, position: int) -> str:
    return f"{page.name.goal(year, None)}/budget-line/{position}"


def _budget_line(page: Page, year: int, iri: str, line: BudgetLine) -> None:
    page.node(iri, KG.BudgetLine, line.span)
    page.prose(iri, std("rdfs:label"), line.label)
    page.plain(iri, KG.unit, line.unit)
    _cells(page, iri, line.cells)
    _inferred(page, iri, line.inferred)
    if line.total:
        page.graph.link(iri, KG.partOfTotal, _budget_iri(page, year, line.total))


def _inferred(page: Page, iri: str, inferred: bool) -> None:
    if inferred:
        page.graph.link(iri, KG.confidence, concept("confidence", "inferred"))


def _related(page: Page, iri: str, related: tuple[RegistryRef, ...]) -> None:
    for ref in related:
        page.graph.link(iri, KG.relatedCase, case(page, ref.normalised, ref.verbatim, ref.span, ref.classification))


def _below(page: Page, year: int, kind: str, goal: str | None, counts: dict[tuple[str, str | None], int]) -> str:
    counts[kind, goal] = counts.get((kind, goal), 0) + 1
    return f"{page.name.goal(year, goal)}/{kind}/{counts[kind, goal]}"


def _placed(page: Page, iri: str, year: int, goal: str | None, known: set[str]) -> None:
    if goal in known:
        page.graph.link(iri, KG.underGoal, page.name.goal(year, goal))


def _key(goal: Goal) -> str:
    return goal.key or goal.number or goal.title


def _goal(page: Page, year: int, goal: Goal, known: set[str]) -> None:
    iri = page.node(page.name.goal(year, _key(goal)), KG.Goal, goal.span)
    page.graph.link(page.name.document, KG.hasGoal, iri)
    _related(page, iri, goal.related)
    if not page.graph.first(iri, "goal"):
        return
    page.graph.link(iri, KG.goalLevel, concept("goal-level", goal.level))
    page.plain(iri, KG.goalNumber, goal.number)
    page.prose(iri, std("dcterms:title"), goal.title)
    if goal.fulfilment:
        page.graph.link(iri, KG.fulfilment, concept("fulfilment", goal.fulfilment))
    _inferred(page, iri, goal.inferred)
    if goal.parent in known and goal.parent != _key(goal):
        page.graph.link(iri, KG.parentGoal, page.name.goal(year, goal.parent))


def _activity(page: Page, iri: str, activity: GoalActivity) -> None:
    page.node(iri, KG.GoalActivity, activity.span)
    page.prose(iri, std("dcterms:title"), activity.title)
    if activity.start_date:
        page.graph.date(iri, KG.startDate, activity.start_date)
    if activity.end_date:
        page.graph.date(iri, KG.endDate, activity.end_date)
    if activity.deviation is not None:
        page.graph.boolean(iri, KG.deviation, activity.deviation)
    page.prose(iri, KG.analysis, activity.analysis)
    _related(page, iri, activity.related)


def _indicator(page: Page, iri: str, indicator: Indicator) -> None:
    page.node(iri, KG.IndicatorObservation, indicator.span)
    page.prose(iri, std("rdfs:label"), indicator.label)
    page.plain(iri, KG.unit, indicator.unit)
    page.plain(iri, KG.period, indicator.period)
    _cells(page, iri, indicator.cells)
    _inferred(page, iri, indicator.inferred)
    _related(page, iri, indicator.related)


def _cells(page: Page, iri: str, cells: tuple[tuple[str, Quote], ...]) -> None:
    for name, quote in cells:
        if name == "analysis":
            page.prose(iri, KG.analysis, quote)
            continue
        page.plain(iri, KG[f"{name}Verbatim"], quote)
        page.evidence(iri, quote.span)
        value = decimal(quote.text)
        if value is not None:
            page.graph.decimal(iri, KG[name], value)


def decimal(printed: str) -> str | None:
    """ "61,5 %" gives "61.5", "12 400" gives "12400", "100,00" gives "100.0"; None for anything but one number."""
    match = _NUMBER.fullmatch(printed.strip())
    if match is None:
        return None
    whole = re.sub(r"\D", "", match["whole"]).lstrip("0") or "0"
    part = (match["part"] or "0").rstrip("0") or "0"
    return f"{'-' if match['sign'] else ''}{whole}.{part}"

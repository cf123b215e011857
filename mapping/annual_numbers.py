"""The registry numbers of annual reports: the report's own, and the others at what they stand under."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from mapping.annual_found import Found
from mapping.flow import flow
from mapping.records import AnnualReport, RegistryRef
from mapping.registry_numbers import find, registry_ref
from mapping.rows import Layout


def tied(report: AnnualReport, mentioned: Sequence[RegistryRef], found: Found) -> AnnualReport:
    """The report with each registry number at the goal, activity or indicator in whose text it stands."""
    places = sorted(found.places, key=lambda place: place[0])
    starts = [place[0] for place in places]
    below: dict[tuple[str, str | int | None], list[RegistryRef]] = {}
    for ref in mentioned:
        at = bisect_right(starts, ref.span.start) - 1
        if at >= 0:
            below.setdefault(places[at][1:], []).append(ref)
    return replace(
        report,
        goals=tuple(replace(goal, related=tuple(below.get(("goal", goal.key), ()))) for goal in report.goals),
        activities=tuple(
            replace(each, related=tuple(below.get(("activity", i), ()))) for i, each in enumerate(report.activities)
        ),
        indicators=tuple(
            replace(each, related=tuple(below.get(("indicator", i), ()))) for i, each in enumerate(report.indicators)
        ),
    )


def numbers(page: Layout, first_goal: int) -> tuple[tuple[RegistryRef, ...], tuple[RegistryRef, ...]]:
    """(the report's own number on its first lines, the numbers of cases that it mentions)."""
    own: list[RegistryRef] = []
    mentioned: list[RegistryRef] = []
    whole = flow(row.line for row in page.rows)
    top = page.rows[min(12, first_goal, len(page.rows) - 1)].line.start
    for match in find(whole.text):
        span = whole.span(match.start, match.end)
        if span.start < top and not own:
            own.append(registry_ref(match, "own", span))
        else:
            mentioned.append(registry_ref(match, "other", span))
    return tuple(own), tuple(mentioned)

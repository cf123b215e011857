"""Pages made for what they show: one module and one template for each kind of thing.

A module has one function `show(site, iri, language)` that asks the graph and returns a `View`, or None where the
graph does not hold what the page needs; then, and for every other kind, the page lists the statements
(server.things.resources).
"""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from server.site import NS, Site
from server.views import (
    act_page,
    annual_report,
    body,
    case,
    document,
    goal,
    matter,
    meeting,
    municipality,
    party,
    person,
    treatment,
)
from server.views.view import View

Show = Callable[[Site, str, str], View | None]

BY_CLASS: Final[Mapping[str, Show]] = {
    NS + "Body": body.show,
    NS + "Case": case.show,
    NS + "Matter": matter.show,
    NS + "Meeting": meeting.show,
    NS + "Party": party.show,
    NS + "Person": person.show,
    NS + "AnnualReport": annual_report.show,  # before what it is too, a document
    NS + "Document": document.show,
    NS + "Goal": goal.show,
    NS + "GoalActivity": goal.show,
    NS + "IndicatorObservation": goal.show,
    NS + "ItemTreatment": treatment.show,
    NS + "LocalAuthority": municipality.show,
    **{NS + each.partition(":")[2]: act_page.show for each in act_page.KINDS},
}


def view(site: Site, iri: str, classes: Collection[str], language: str) -> View | None:
    """The page made for a thing of some classes (IRIs), or None where there is no such page. Raises QueryFailed and
    ValueError."""
    show = next((show for each, show in BY_CLASS.items() if each in classes), None)
    return show(site, iri, language) if show else None

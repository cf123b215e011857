"""What happened in an affair, in order of time: §§ of minutes, items of agendas, papers with a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from server.nodes import Nodes, natural, paragraph
from server.site import Site

AROUND: Final = "kg:treatedAt|kg:onAgendaOf|kg:resultedIn"
"""What of a § or an item an event is told by, beside itself."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `date`: ISO 8601, empty where it is not known; `body`, `iri`, `outcomes`, `cases`, `span`: IRIs;
    `number`: of the §, or empty; `planned`: it stands on an agenda, and no § tells of it."""

    date: str
    body: str | None
    iri: str
    number: str
    title: str
    outcomes: Sequence[str]
    cases: Sequence[str]
    planned: bool
    span: str | None


def events(site: Site, nodes: Nodes) -> list[Event]:
    """The §§ and agenda items among the nodes as events, and the documents that have a day, the earliest first.

    An item is left out where a § treats it, or where the same meeting has a § with its title.
    """
    treated = {item for iri in nodes for item in nodes.iris(iri, "kg:treats")}
    titles = {(nodes.iri(each, "kg:treatedAt"), _plain(nodes, each)) for each in nodes}
    found = []
    for iri in nodes:
        meeting = nodes.iri(iri, "kg:treatedAt")
        planned = nodes.iri(iri, "kg:onAgendaOf") if not meeting else None
        if planned and (iri in treated or (planned, _plain(nodes, iri)) in titles):
            continue
        if meeting or planned:
            found.append(_of_a_meeting(nodes, iri, meeting or planned or "", bool(planned)))
        elif nodes.is_a(iri, "kg:Document") and nodes.text(iri, "dcterms:issued"):
            found.append(_of_a_document(nodes, iri))
    return sorted(found, key=lambda each: (each.date, each.body or "", natural(each.number), each.iri))


def bodies(found: Iterable[Event]) -> list[str]:
    """The bodies of events, in the order in which they come."""
    return list(dict.fromkeys(each.body for each in found if each.body))


def _of_a_meeting(nodes: Nodes, iri: str, meeting: str, planned: bool) -> Event:
    decisions = nodes.iris(iri, "kg:resultedIn")
    return Event(
        date=nodes.text(meeting, "kg:date") or "",
        body=nodes.iri(meeting, "kg:heldBy"),
        iri=iri,
        number=paragraph(nodes, iri),
        title=nodes.text(iri, "dcterms:title") or "",
        outcomes=list(dict.fromkeys(each for one in decisions for each in nodes.iris(one, "kg:decisionOutcome"))),
        cases=nodes.iris(iri, "kg:concernsCase"),
        planned=planned,
        span=nodes.iri(iri, "kg:evidence"),
    )


def _of_a_document(nodes: Nodes, iri: str) -> Event:
    return Event(
        date=nodes.text(iri, "dcterms:issued") or "",
        body=None,
        iri=iri,
        number="",
        title=nodes.text(iri, "dcterms:title") or nodes.text(iri, "dcterms:identifier") or "",
        outcomes=(),
        cases=nodes.iris(iri, "kg:partOfCase"),
        planned=False,
        span=nodes.iri(iri, "kg:evidence"),
    )


def _plain(nodes: Nodes, iri: str) -> str:
    return " ".join((nodes.text(iri, "dcterms:title") or "").casefold().split())

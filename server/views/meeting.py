"""A meeting: its agenda with the outcome of each §, who was there, and who adjusted the minutes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from server import printed
from server.naming import Names, body_of
from server.nodes import Nodes, ask, in_order, paragraph
from server.site import CONCEPT, Site, iri_ref
from server.views.acts import INFERRED
from server.views.opinion import opinions
from server.views.view import View, names, titles, trail
from server.wording import words


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the agenda. `also`: other titles that sources give it; `outcomes` are concepts; `span` is where the §
    or the item stands."""

    iri: str
    number: str
    title: str
    also: Sequence[str]
    kind: str | None
    outcomes: Sequence[str]
    cases: Sequence[str]
    voted: bool
    reserved: bool
    span: str | None


@dataclass(frozen=True, slots=True)
class Present:
    """One person at the meeting, in one role; `inferred`: the party does not stand beside the name."""

    person: str
    party: str | None
    substitutes_for: str | None
    paragraphs: str
    span: str | None
    inferred: bool


@dataclass(slots=True)
class Group:
    role: str | None
    present: list[Present] = field(default_factory=list)


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a meeting. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ {ref} kg:hasAttendance ?s }} UNION {{ ?s kg:documents {ref} }} "
        f"UNION {{ ?s kg:treatedAt {ref} }} UNION {{ ?s kg:onAgendaOf {ref} }} "
        f"UNION {{ ?t kg:treatedAt {ref} ; kg:resultedIn ?s }} "
        f"UNION {{ {ref} kg:heldBy ?body . ?s org:organization ?body ; kg:role {iri_ref(CHAIR)} }}",
    )
    if not nodes.iri(iri, "kg:heldBy"):
        return None
    named = names(site, language, nodes)
    body = body_of(site, iri)
    told = words(language)
    day = nodes.text(iri, "kg:date") or ""
    name = named.of_body(body)
    title = f"{name}{',' if ',' in name else ''} {printed.date(day, language)}".strip()
    documents = in_order(nodes, (each for each in nodes if iri in nodes.iris(each, "kg:documents")))
    people = {
        name: nodes.iris(iri, f"kg:{name}")
        for name in ("chair", "secretary", "adjustedBy")
        if nodes.iris(iri, f"kg:{name}")
    }
    items, groups = _items(nodes, iri), _groups(nodes, iri, named)
    values: dict[str, Any] = {
        "names": named,
        "day": day,
        "place": nodes.text(iri, "kg:location"),
        "number": nodes.text(iri, "kg:minutesNumber"),
        "adjusted_on": nodes.text(iri, "kg:adjustedOn"),
        "adjustment_announced": nodes.holds(iri, "kg:adjustmentAnnounced"),
        "people": people,
        "chair_then": [] if "chair" in people else _chair_then(nodes, day),
        "documents": documents,
        "items": items,
        "opinions": opinions(site, [each.iri for each in items if each.outcomes]),
        "groups": groups,
        "unlisted": any(nodes.iris(each.iri, "kg:treatedAt") for each in items) and not any(map(_listed, groups)),
    }
    return View(
        template="meeting.html",
        kind=told["meeting"],
        title=title,
        values=values,
        summary=told["meeting_summary"].format(title=title, items=len(values["items"])),
        trail=trail(site, body, named),
        sources=nodes.iris(iri, "kg:evidence"),
        query=QUERY.format(meeting=ref),
        json_ld=_json_ld(iri, title, day, body, named, values),
        cut=nodes.cut,
    )


QUERY = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?paragraph ?title ?outcome ?treatment WHERE {{
  ?treatment kg:treatedAt {meeting} ; kg:paragraphNumber ?paragraph ; dcterms:title ?title .
  OPTIONAL {{
    ?treatment kg:resultedIn/kg:decisionOutcome/skos:prefLabel ?outcome
    FILTER(LANG(?outcome) = "sv")
  }}
}}
ORDER BY ?paragraph"""


def _items(nodes: Nodes, meeting: str) -> list[Item]:
    """The §§ of the minutes; of a meeting that has none, the items of its agenda."""
    treated = [each for each in nodes if meeting in nodes.iris(each, "kg:treatedAt")]
    planned = [each for each in nodes if meeting in nodes.iris(each, "kg:onAgendaOf")]
    if treated:
        return [
            _item(nodes, each, "§ {}", "kg:paragraphNumber")
            for each in in_order(nodes, treated, "kg:paragraphNumber", "kg:paragraphSuffix")
        ]
    return [_item(nodes, each, "{}", "kg:itemNumber") for each in in_order(nodes, planned, "kg:position")]


def _item(nodes: Nodes, iri: str, form: str, number: str) -> Item:
    said = paragraph(nodes, iri) if number == "kg:paragraphNumber" else nodes.text(iri, number)
    decisions = nodes.iris(iri, "kg:resultedIn")
    return Item(
        iri=iri,
        number=form.format(said) if said else "",
        title=next(iter(titles(nodes, iri)), ""),
        also=titles(nodes, iri)[1:],
        kind=nodes.iri(iri, "kg:itemType"),
        outcomes=list(dict.fromkeys(each for one in decisions for each in nodes.iris(one, "kg:decisionOutcome"))),
        cases=nodes.iris(iri, "kg:concernsCase"),
        voted=bool(nodes.iris(iri, "kg:hasVote")),
        reserved=bool(nodes.iris(iri, "kg:hasReservation")),
        span=nodes.iri(iri, "kg:evidence"),
    )


def _groups(nodes: Nodes, meeting: str, named: Names) -> list[Group]:
    """Those present, by their role, in the order of the roles and then of the document."""
    found: dict[str | None, Group] = {}
    for iri in in_order(nodes, nodes.iris(meeting, "kg:hasAttendance")):
        person = nodes.iri(iri, "kg:attendee")
        if person is None:
            continue
        role = nodes.iri(iri, "kg:attendanceRole")
        present = Present(
            person=person,
            party=nodes.iri(iri, "kg:representsParty"),
            substitutes_for=nodes.iri(iri, "kg:substitutesFor"),
            paragraphs=_ranges([int(each) for each in nodes.texts(iri, "kg:presentForParagraph")]),
            span=nodes.iri(iri, "kg:evidence"),
            inferred=INFERRED in nodes.iris(iri, "kg:confidence"),
        )
        found.setdefault(role, Group(role)).present.append(present)
    return sorted(found.values(), key=lambda each: _rank(each.role))


CHAIR: Final = CONCEPT + "role/chair"
ROLES: Final = ("chair", "first-vice-chair", "vice-chair", "member", "serving-substitute", "substitute")


def _chair_then(nodes: Nodes, day: str) -> list[str]:
    """Who is known to have chaired the body on a day (ISO 8601), whoever chaired the meeting."""
    held = [
        each
        for each in in_order(nodes, (one for one in nodes if CHAIR in nodes.iris(one, "kg:role")))
        if day and (nodes.text(each, "kg:observedFrom") or "9") <= day <= (nodes.text(each, "kg:observedUntil") or "")
    ]
    return list(dict.fromkeys(person for each in held for person in nodes.iris(each, "org:member")))


def _listed(group: Group) -> bool:
    """Whether those of a group are on a list of attendance: minutes also name who presented an item."""
    return group.role is None or _rank(group.role)[0] < len(ROLES)


def _rank(role: str | None) -> tuple[int, str]:
    name = (role or "").rpartition("/")[2]
    return (ROLES.index(name) if name in ROLES else len(ROLES)), name


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers as ranges: "1-4, 7"."""
    runs: list[list[int]] = []
    for each in sorted(set(numbers)):
        if runs and each == runs[-1][-1] + 1:
            runs[-1][1:] = [each]
        else:
            runs.append([each])
    return ", ".join("–".join(map(str, run)) for run in runs)


def _json_ld(iri: str, title: str, day: str, body: str, named: Names, values: dict[str, Any]) -> dict[str, Any]:
    """The meeting as a schema.org Event."""
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": iri,
        "name": title,
        **({"startDate": day} if day else {}),
        **({"location": {"@type": "Place", "name": values["place"]}} if values["place"] else {}),
        "organizer": {"@type": "GovernmentOrganization", "@id": body, "name": named.of(body)},
        "eventStatus": "https://schema.org/EventScheduled",
    }

"""What is found: a thing of the graph as the index has it, made of the thing and of what stands close to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import tantivy

import ontology
from server.naming import RDF_TYPE, RDFS_LABEL, with_suffix
from server.search.graph import ALT, DC, MEMBERSHIP, NAME, NOTATION, ORGANISATION, Graph, Said
from server.search.schema import ACTORS, digest, numbers
from server.site import NS

KIND_OF: Final = {
    "Case": "case", "ItemTreatment": "treatment", "Decision": "decision", "Motion": "motion", "Matter": "matter",
    "Reservation": "statement", "Statement": "statement", "Person": "person", "Party": "party", "Body": "body",
    "Administration": "body", "LocalAuthority": "body", "Meeting": "meeting", "AgendaItem": "agenda",
    "Document": "document", "Goal": "goal", "GoalActivity": "goal", "IndicatorObservation": "goal",
}  # fmt: skip
BACK: Final = tuple(
    NS + name
    for name in (
        *("concernsCase", "partOfAuthority", "partOfMunicipality", "resultedIn", "hasReservation", "hasStatement"),
        *("treats", "basedOnDocument"),
    )
)
"""Properties by whose objects something is known that the index tells of these."""
UNSEEN: Final = ("/id/span/", "/id/run/", "/id/text/", "/id/graph/", "/id/attendance/", "/id/registry-number/")
"""Paths of what is of no account to the index: registry numbers stand in their cases' identifiers too."""
LONGEST: Final = 20_000  # characters of a text that are searched
TITLES: Final = 5  # of a case: the titles under which it was treated
CALLED: Final = {"case": "ärende diarienummer", "meeting": "möte", "document": "dokument", "goal": "indikator"}
"""What a kind is called beside the labels of its classes: "motion cykelbanor" is to find motions in whose titles that
is not said."""
NARROWER: Final = {
    "matter": ("MemberLetter", "Interpellation", "SimpleQuestion", "CitizenProposal", "Referral", "Report"),
    "statement": ("Reservation", "SpecialStatement", "SubstituteStatement", "MinutesNote"),
    "document": (
        *("Minutes", "MinutesExtract", "Agenda", "OfficialReport", "MotionDocument", "AnnualReport"),
        "Appendix",
    ),
    "body": ("Municipality", "JointAuthority", "Region"),
}
"""Classes within those of KIND_OF by which a thing is called."""
SAID_BY: Final = tuple(NS + name for name in ("submittedBy", "onBehalfOf", "statedBy", "reservedBy", "proposedBy"))


@dataclass(slots=True)
class Found:
    """A thing that can be found: fields of server.search.schema. `names` are looked up without marks on letters."""

    iri: str
    kind: str
    sort: str
    title: str = ""
    mark: str = ""
    page: str = ""
    text: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    body: str = ""
    near: list[str] = field(default_factory=list)
    date: str = ""

    def document(self, refs: set[str]) -> tantivy.Document:
        """As it is indexed; `refs`: the subjects that it was made of."""
        made = tantivy.Document()
        for name, value in (
            ("id", self.iri),
            ("kind", self.kind),
            ("sort", self.sort),
            ("title", self.title),
            ("mark", self.mark),
        ):
            made.add_text(name, value)
        made.add_text("page", self.page or self.iri)
        made.add_text("text", "\n".join(dict.fromkeys(filter(None, self.text)))[:LONGEST])
        called = [] if self.kind in ACTORS else [_label(self.sort), CALLED.get(self.kind, "")]
        made.add_text("names", " ".join([*self.names, *called]))
        for name, values in (("number", self.own), ("about", self.about)):
            for each in dict.fromkeys(number for value in values for number in numbers(value)):
                made.add_text(name, each)
        for each in dict.fromkeys(self.cases):
            made.add_text("cases", each)
        if self.body:
            made.add_text("body", self.body)
        for each in dict.fromkeys([*self.near, *filter(None, [self.body])]):
            made.add_text("near", each)
        digits = self.date[:10].replace("-", "").ljust(8, "0")
        day = int(digits) if digits.isdecimal() and len(digits) == 8 else 0
        made.add_unsigned("day", day)
        made.add_unsigned("year", day // 10_000)
        for each in refs:
            made.add_unsigned("refs", digest(each))
        return made


def document(graph: Graph, iri: str) -> tantivy.Document | None:
    """A thing as it is indexed; None for what nobody searches."""
    name = next((name for name in KIND_OF if graph.is_a(iri, name)), None)
    return document_of(graph, iri, name) if name else None


def documents(graph: Graph) -> Iterator[tantivy.Document | None]:
    """Everything as it is indexed."""
    done: set[str] = set()
    for name in KIND_OF:
        for iri in graph.subjects(RDF_TYPE, NS + name):
            if iri not in done:
                done.add(iri)
                yield document_of(graph, iri, name)


def document_of(graph: Graph, iri: str, name: str) -> tantivy.Document | None:
    """A thing of a class of KIND_OF, the first that it has; None where nothing tells what it is called."""
    graph.looked.clear()
    found = _found(graph, iri, name)
    return found.document(graph.looked) if found.title else None


def behind(graph: Graph, iri: str) -> Iterator[str]:
    """Of what the index tells something that stands at this thing."""
    said = graph.said(iri)
    return (value for name in BACK for value in said.get(name, ()))


def _found(graph: Graph, iri: str, name: str) -> Found:
    said = graph.said(iri)
    kind = KIND_OF[name]
    sort = next((each for each in NARROWER.get(kind, ()) if graph.is_a(iri, each)), name)
    found = Found(iri, kind, sort, title=_one(said, DC + "title", NAME, RDFS_LABEL, DC + "identifier"))
    found.near = [each for name in SAID_BY for each in said.get(name, ())]
    {
        "case": _case, "treatment": _treatment, "decision": _decision, "motion": _matter, "matter": _matter,
        "statement": _statement, "meeting": _meeting, "agenda": _agenda, "document": _document, "goal": _goal,
        "person": _actor, "party": _actor, "body": _actor,
    }[found.kind](graph, found, said)  # fmt: skip
    if name == "LocalAuthority" and not next(graph.subjects(NS + "partOfAuthority", iri), None):
        found.title = ""  # no document tells of it
    return found


def _actor(graph: Graph, found: Found, said: Said) -> None:
    """A person, party, body, administration or municipality."""
    found.names = [value for name in (NAME, RDFS_LABEL, ALT, NOTATION) for value in said.get(name, ())]
    found.text = [value for value in said.get(ALT, ()) if value != found.title]
    if found.kind == "party":
        found.mark = _one(said, NOTATION)
    for each in said.get(MEMBERSHIP, ()):
        found.near += graph.said(each).get(ORGANISATION, ())
    found.near += [*said.get(NS + "partOfAuthority", ()), *said.get(NS + "partOfMunicipality", ())]


def _case(graph: Graph, found: Found, said: Said) -> None:
    found.mark = found.title
    found.own = [found.title]
    titles: dict[str, None] = {}
    for each in graph.subjects(NS + "concernsCase", found.iri):
        titles.update(dict.fromkeys(graph.said(each).get(DC + "title", ())))
        if len(titles) >= TITLES:
            break
    first, *others = [*sorted(titles), ""]
    found.title, found.text = first or found.title, others
    for each in said.get(NS + "hasRegistryNumber", ()):
        number = graph.said(each)
        found.own += number.get(NS + "notationVerbatim", ())
        found.date = _one(number, NS + "registryYear")


def _treatment(graph: Graph, found: Found, said: Said) -> None:
    number = _one(said, NS + "paragraphNumber")
    found.mark = f"§ {with_suffix(number, _one(said, NS + 'paragraphSuffix'))}" if number else ""
    found.title = found.title or found.mark
    _item(graph, found, said)
    if meeting := _one(said, NS + "treatedAt"):
        found.body, found.date = graph.meeting(meeting)


def _agenda(graph: Graph, found: Found, said: Said) -> None:
    if next(graph.subjects(NS + "treats", found.iri), None):
        found.title = ""  # the § is found instead
        return
    found.mark = _one(said, NS + "itemNumber")
    _item(graph, found, said)
    if meeting := _one(said, NS + "onAgendaOf"):
        found.body, found.date = graph.meeting(meeting)


def _item(graph: Graph, found: Found, said: Said) -> None:
    found.text = [*said.get(NS + "subtitle", ()), *said.get(NS + "summary", ())]
    for each in said.get(NS + "hasProposal", ()):
        found.text += _points(graph, graph.said(each))
        found.near += [actor for name in SAID_BY for actor in graph.said(each).get(name, ())]
    _of_case(graph, found, said.get(NS + "concernsCase", ()))


def _decision(graph: Graph, found: Found, said: Said) -> None:
    found.text = _points(graph, said) or said.get(NS + "outcomeVerbatim", [])
    _within(graph, found, NS + "resultedIn")
    found.body = _one(said, NS + "decidedBy") or found.body
    found.date = _one(said, NS + "date") or found.date


def _statement(graph: Graph, found: Found, said: Said) -> None:
    found.text = list(said.get(NS + "text", ()))
    for each in said.get(NS + "inFavourOf", ()):
        found.text += _points(graph, graph.said(each))
    for name in ("hasReservation", "hasStatement"):
        _within(graph, found, NS + name)


def _within(graph: Graph, found: Found, name: str) -> None:
    """What a part of a § has from the § it stands in."""
    for treatment in graph.subjects(name, found.iri):
        whole = Found(treatment, "treatment", "ItemTreatment")
        said = graph.said(treatment)
        whole.title = _one(said, DC + "title")
        _treatment(graph, whole, {key: said[key] for key in said if key != NS + "hasProposal"})
        found.title, found.mark, found.page = whole.title, whole.mark, treatment
        found.body, found.date = whole.body, whole.date
        found.cases, found.about = whole.cases, whole.about
        return


def _matter(graph: Graph, found: Found, said: Said) -> None:
    for each in said.get(NS + "question", ()):
        found.text += graph.said(each).get(NS + "text", ())
    found.text += [*said.get(NS + "text", ()), *said.get(NS + "summary", ())]
    _of_case(graph, found, said.get(NS + "partOfCase", ()))
    found.date = _one(said, DC + "issued", NS + "date") or found.date


def _meeting(graph: Graph, found: Found, said: Said) -> None:
    found.body, found.date = graph.meeting(found.iri)
    found.title = _place(graph, found)
    found.text = list(said.get(NS + "location", ()))


def _document(graph: Graph, found: Found, said: Said) -> None:
    found.own = list(said.get(DC + "identifier", ()))
    found.text = [*found.own, *said.get(NS + "fileName", ())]
    if meeting := _one(said, NS + "documents"):
        found.body, found.date = graph.meeting(meeting)
    found.date = _one(said, DC + "issued") or found.date
    if not found.title and found.body:
        found.title = f"{_label(found.sort).capitalize()} {_place(graph, found)}"
    _of_case(graph, found, said.get(NS + "partOfCase", ()))
    for each in graph.subjects(NS + "basedOnDocument", found.iri):
        at = graph.said(each)
        found.page = each
        if meeting := _one(at, NS + "treatedAt", NS + "onAgendaOf"):
            found.body = found.body or graph.meeting(meeting)[0]
            found.date = found.date or graph.meeting(meeting)[1]
        break


def _goal(graph: Graph, found: Found, said: Said) -> None:
    found.mark = _one(said, NS + "goalNumber")
    found.text = list(said.get(NS + "analysis", ()))
    year = _one(said, NS + "period", NS + "startDate")[:4]
    found.date = year if year.isdecimal() else ""


def _of_case(graph: Graph, found: Found, cases: Sequence[str]) -> None:
    for each in cases:
        case = graph.said(each)
        found.cases.append(each)
        found.about += case.get(DC + "identifier", ())
        for number in case.get(NS + "hasRegistryNumber", ()) if not found.date else ():
            found.date = _one(graph.said(number), NS + "registryYear")


def _points(graph: Graph, said: Said) -> list[str]:
    """The text of a decision or a proposal, and of its points in order, after what introduces them."""
    points = [graph.said(each) for each in said.get(NS + "hasPoint", ())]
    points.sort(key=lambda each: _one(each, NS + "position").zfill(4))
    before = [*said.get(NS + "preamble", ()), *said.get(NS + "text", ())]
    return [*before, *(text for each in points for text in each.get(NS + "text", ()))]


def _label(name: str) -> str:
    return ontology.label(NS + name, "sv")


def _place(graph: Graph, found: Found) -> str:
    return f"{_one(graph.said(found.body), RDFS_LABEL)} {found.date}".strip() if found.body else ""


def _one(said: Said, *names: str) -> str:
    return next((said[name][0] for name in names if said.get(name)), "")

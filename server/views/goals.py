"""What an annual report tells: goals in their tree, the activities under them, and indicators with their targets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from server.nodes import Nodes, in_order
from server.site import SPAN, Site
from server.views import gauge

MEASURES: Final = ("outcome", "outcomeWomen", "outcomeMen", "previousOutcome", "target", "councilTarget")
DEEPEST: Final = 6  # levels of goals that are shown one within the other


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal; one without a title is called by the end of its IRI.

    `level` and `fulfilment` are concepts; `parent` is the goal above it.
    """

    iri: str
    number: str
    title: str
    level: str | None
    fulfilment: str | None
    parent: str | None
    analysis: str | None
    span: str | None


@dataclass(slots=True)
class Branch:
    """A goal with the goals below it."""

    goal: Goal
    below: list["Branch"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity, from an ISO 8601 day to another; `deviates` is None where the document does not say it."""

    iri: str
    title: str
    start: str | None
    end: str | None
    deviates: bool | None
    analysis: str | None
    goals: Sequence[str]
    cases: Sequence[str]
    span: str | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator's row: `printed` are its measures as the document has them, `numbers` those that are numbers."""

    iri: str
    label: str
    unit: str | None
    period: str | None
    printed: Mapping[str, str]
    numbers: Mapping[str, Decimal]
    analysis: str | None
    goals: Sequence[str]
    cases: Sequence[str]
    span: str | None
    picture: gauge.Picture | None

    @property
    def against_target(self) -> str | None:
        """ "above", "equal" or "below"; None where the outcome or the body's own target is no number.

        Whether above is good the documents do not say.
        """
        if "outcome" not in self.numbers or "target" not in self.numbers:
            return None
        outcome, target = self.numbers["outcome"], self.numbers["target"]
        return "equal" if outcome == target else "above" if outcome > target else "below"


def goal(site: Site, nodes: Nodes, iri: str) -> Goal:
    """A goal, as the nodes tell it."""
    return Goal(
        iri=iri,
        number=nodes.text(iri, "kg:goalNumber") or "",
        title=nodes.text(iri, "dcterms:title") or iri.rpartition("/")[2],
        level=nodes.iri(iri, "kg:goalLevel"),
        fulfilment=nodes.iri(iri, "kg:fulfilment"),
        parent=nodes.iri(iri, "kg:parentGoal"),
        analysis=nodes.text(iri, "kg:analysis"),
        span=widest(site, nodes, iri),
    )


def activity(site: Site, nodes: Nodes, iri: str) -> Activity:
    """An activity, as the nodes tell it."""
    return Activity(
        iri=iri,
        title=nodes.text(iri, "dcterms:title") or iri.rpartition("/")[2],
        start=nodes.text(iri, "kg:startDate"),
        end=nodes.text(iri, "kg:endDate"),
        deviates=nodes.holds(iri, "kg:deviation") if nodes.text(iri, "kg:deviation") else None,
        analysis=nodes.text(iri, "kg:analysis"),
        goals=nodes.iris(iri, "kg:underGoal"),
        cases=nodes.iris(iri, "kg:relatedCase"),
        span=widest(site, nodes, iri),
    )


def indicator(site: Site, nodes: Nodes, iri: str) -> Indicator:
    """An indicator, as the nodes tell it."""
    numbers = {name: number for name in MEASURES if (number := _number(nodes.text(iri, f"kg:{name}"))) is not None}
    printed = {name: text for name in MEASURES if (text := nodes.text(iri, f"kg:{name}Verbatim"))}
    return Indicator(
        iri=iri,
        label=nodes.text(iri, "rdfs:label") or iri.rpartition("/")[2],
        unit=nodes.text(iri, "kg:unit"),
        period=nodes.text(iri, "kg:period"),
        printed=printed,
        numbers=numbers,
        analysis=nodes.text(iri, "kg:analysis"),
        goals=nodes.iris(iri, "kg:underGoal"),
        cases=nodes.iris(iri, "kg:relatedCase"),
        span=widest(site, nodes, iri),
        picture=gauge.picture(numbers),
    )


def goals(site: Site, nodes: Nodes, iris: Iterable[str]) -> list[Goal]:
    """Goals in the order of their numbers."""
    return [goal(site, nodes, each) for each in in_order(nodes, iris, "kg:goalNumber")]


def activities(site: Site, nodes: Nodes, iris: Iterable[str]) -> list[Activity]:
    """Activities in the order in which the document has them."""
    return [activity(site, nodes, each) for each in in_order(nodes, iris)]


def indicators(site: Site, nodes: Nodes, iris: Iterable[str]) -> list[Indicator]:
    """Indicators in the order in which the document has them."""
    return [indicator(site, nodes, each) for each in in_order(nodes, iris)]


def tree(found: Sequence[Goal]) -> list[Branch]:
    """Goals, each under its parent where that is among them, at most `DEEPEST` levels; each stands once."""
    below: dict[str | None, list[Goal]] = {}
    known = {each.iri for each in found}
    for each in found:
        below.setdefault(each.parent if each.parent in known else None, []).append(each)
    placed: set[str] = set()
    roots: list[Branch] = []

    def place(first: Goal, siblings: list[Branch]) -> None:
        waiting = [(first, siblings, 1)]
        while waiting:
            each, beside, depth = waiting.pop()
            if each.iri in placed:
                continue
            placed.add(each.iri)
            branch = Branch(each)
            beside.append(branch)
            inside = branch.below if depth < DEEPEST else beside
            waiting += [(lower, inside, depth + 1) for lower in reversed(below.get(each.iri, []))]

    for each in below.get(None, []):
        place(each, roots)
    for each in found:  # goals that stand under each other in a ring have no first
        place(each, roots)
    return roots


def widest(site: Site, nodes: Nodes, iri: str) -> str | None:
    """The longest span of the evidence: the whole row rather than one of its numbers."""
    return max(nodes.iris(iri, "kg:evidence"), key=lambda each: _length(site, each), default=None)


def _length(site: Site, span: str) -> int:
    found = SPAN.match(span.removeprefix(site.base))
    start, _, end = found[2].partition("-") if found else ("0", "", "0")
    return int(end) - int(start)


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None

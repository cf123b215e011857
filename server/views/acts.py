"""What people did in a §: who proposed, reserved themselves or stated something, for which party, in which words."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.nodes import Nodes, in_order


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, party or administration; `party` is what was stated then; `role` and `others` ("m.fl.") likewise."""

    iri: str
    party: str | None
    role: str | None
    others: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a proposal or a decision, verbatim."""

    number: str | None
    text: str
    span: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """A proposal, reservation, statement or recusal. `parties` are all for which it was done."""

    iri: str
    actors: Sequence[Actor]
    parties: Sequence[str]
    others: bool
    points: Sequence[Point]
    text: str | None
    span: str | None

    @property
    def parties_alone(self) -> list[str]:
        """The parties that stand beside no actor and are none."""
        beside = {each.iri for each in self.actors} | {each.party for each in self.actors}
        return [each for each in self.parties if each not in beside]

    @property
    def words(self) -> str:
        """What it says, as one text: its points, or where it has none its text."""
        return "\n".join(each.text for each in self.points) or self.text or ""


def act(nodes: Nodes, iri: str, *by: str) -> Act:
    """An act, done by those whom the properties `by` name."""
    signed = in_order(nodes, nodes.iris(iri, "kg:signatory"), "kg:position")
    actors = [_signed(nodes, each) for each in signed]
    known = {each.iri for each in actors}
    others = [each for name in by for each in nodes.iris(iri, name) if each not in known]
    actors += [Actor(each, None, None, False) for each in dict.fromkeys(others)]
    stated = [*(each.party for each in actors if each.party), *nodes.iris(iri, "kg:onBehalfOf")]
    return Act(
        iri=iri,
        actors=actors,
        parties=list(dict.fromkeys([*stated, *nodes.iris(iri, "kg:representsParty")])),
        others=nodes.holds(iri, "kg:withOthers") and not any(each.others for each in actors),
        points=points(nodes, iri),
        text=nodes.text(iri, "kg:text"),
        span=nodes.iri(iri, "kg:evidence"),
    )


def points(nodes: Nodes, iri: str) -> list[Point]:
    """The points of a proposal or decision, in their order."""
    return [
        Point(nodes.text(each, "kg:pointNumber"), nodes.text(each, "kg:text") or "", nodes.iri(each, "kg:evidence"))
        for each in in_order(nodes, nodes.iris(iri, "kg:hasPoint"), "kg:position", "kg:pointNumber")
    ]


def _signed(nodes: Nodes, iri: str) -> Actor:
    party = nodes.iri(iri, "kg:representsParty")
    who = nodes.iri(iri, "kg:person") or party or iri
    return Actor(
        iri=who,
        party=party if who != party else None,
        role=nodes.text(iri, "kg:roleVerbatim"),
        others=nodes.holds(iri, "kg:withOthers"),
    )

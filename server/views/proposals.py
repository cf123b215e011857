"""The proposals of a § beside its decision: what each says, which of the others it supports, and how it differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.naming import Names
from server.nodes import Nodes, in_order
from server.site import NS
from server.views import difference
from server.views.acts import Act, act, others, points, shortened

ADMINISTRATION: Final = NS + "Administration"
LONG: Final = 700  # characters of a text that is folded, after some ten lines of it
BEGINNING: Final = 320  # characters of these lines


@dataclass(frozen=True, slots=True)
class Place:
    """A proposal by its number on the page of its §, or one point of it; `anchor` is its id there."""

    number: int
    point: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal beside the decision; `changes`: its own words against the decision's; `unlike`: these have little in
    common. `beginning`: of a long text; `unworded`: nothing tells what it proposes."""

    act: Act
    number: int
    adopted: bool
    supports: Sequence[Place]
    rejects: Sequence[Place]
    wanted: str | None
    changes: Sequence[difference.Piece] | None
    same: bool
    unlike: bool
    beginning: str
    unworded: bool


def numbers_of(nodes: Nodes, treatment: str) -> dict[str, int]:
    """The proposals of a §, and the numbers by which its page calls them."""
    proposed = in_order(nodes, nodes.iris(treatment, "kg:hasProposal"), "kg:position")
    return {iri: number for number, iri in enumerate(proposed, 1)}


def proposals(nodes: Nodes, named: Names, numbers: Mapping[str, int], decisions: Sequence[str]) -> list[Proposal]:
    """The proposals that have these numbers, beside the decisions (IRIs) of their §."""
    places = _places(nodes, numbers)
    adopted = {each for one in decisions for each in nodes.iris(one, "kg:adopts")}
    decided = "\n".join(each.text for one in decisions for each in points(nodes, one))
    found = []
    for iri, number in numbers.items():
        said = act(nodes, iri, "kg:proposedBy")
        own = "\n".join(each.text for each in said.points)
        changes = difference.difference(own, decided) if own and decided else None
        supports = [places[each] for each in others(nodes, iri, "supports") if each in places]
        rejects = [places[each] for each in others(nodes, iri, "rejects") if each in places]
        wanted = nodes.iri(iri, "kg:requestedOutcome")
        nameless = all(ADMINISTRATION in named.classes(each.iri) for each in said.actors)  # "the office's proposal"
        found.append(
            Proposal(
                act=said,
                number=number,
                adopted=iri in adopted,
                supports=supports,
                rejects=rejects,
                wanted=wanted,
                changes=changes,
                same=bool(own and decided and changes is None and len(own) < len(decided) * 2),
                unlike=bool(changes and difference.unlike(changes)),
                beginning=shortened(said.text, BEGINNING) if said.text and len(said.text) > LONG else "",
                unworded=not (said.words or supports or rejects or wanted) and (nameless or not said.quote),
            )
        )
    return found


def _places(nodes: Nodes, numbers: Mapping[str, int]) -> dict[str, Place]:
    """The proposals of a § and their points (IRIs), as its page has them."""
    found = {iri: Place(number, "", f"proposal-{number}") for iri, number in numbers.items()}
    for iri, number in numbers.items():
        for at, point in enumerate(points(nodes, iri), 1):
            found[point.iri] = Place(number, point.number or str(at), f"proposal-{number}-{at}")
    return found

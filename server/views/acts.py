"""What people did in a §: who proposed, reserved themselves or stated something, for which party, in which words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.nodes import Nodes, in_order
from server.site import CONCEPT

INFERRED: Final = CONCEPT + "confidence/inferred"
_SINGULAR: Final = (
    (re.compile(r"ledamöterna\b", re.IGNORECASE), "ledamoten"),
    (re.compile(r"(ersättar|företrädar)na\b", re.IGNORECASE), r"\1en"),
    (re.compile(r"(ordförande)na\b", re.IGNORECASE), r"\1n"),
    (re.compile(r"(representant|suppleant)erna\b", re.IGNORECASE), r"\1en"),
)
"""Roles of several persons, and of one."""
LONGEST: Final = 400  # characters of what is quoted
PROPOSED: Final = "FILTER NOT EXISTS { ?worded kg:hasPoint|kg:text ?any } ?worded kg:evidence ?s"
"""What to ask of proposals (?worded) that have neither points nor text, for their `quote`."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, party or administration; `party` is what was stated then; `role` and `others` ("m.fl.") likewise.
    `inferred`: the party does not stand beside the name in the document."""

    iri: str
    party: str | None
    role: str | None
    others: bool
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a proposal or a decision, verbatim."""

    iri: str
    number: str | None
    text: str
    span: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """A proposal, reservation, statement, recusal or decision. `parties` are all for which it was done. `preamble`:
    the words before the points of a decision. `quote`: the words of the document, where it has neither points nor
    text and the evidence was asked for."""

    iri: str
    actors: Sequence[Actor]
    parties: Sequence[str]
    others: bool
    preamble: str | None
    points: Sequence[Point]
    text: str | None
    quote: str
    span: str | None

    @property
    def parties_alone(self) -> list[str]:
        """The parties that stand beside no actor and are none."""
        beside = {each.iri for each in self.actors} | {each.party for each in self.actors}
        return [each for each in self.parties if each not in beside]

    @property
    def words(self) -> str:
        """What it says, as one text: its points after what introduces them, or where it has none its text."""
        return in_words(self.preamble, self.points) or self.text or ""


def act(nodes: Nodes, iri: str, *by: str) -> Act:
    """An act, done by those whom the properties `by` name."""
    signed = in_order(nodes, nodes.iris(iri, "kg:signatory"), "kg:position")
    actors = [_signed(nodes, each) for each in signed]
    known = {each.iri for each in actors}
    others = [each for name in by for each in nodes.iris(iri, name) if each not in known]
    actors += [Actor(each, None, None, False) for each in dict.fromkeys(others)]
    stated = [*(each.party for each in actors if each.party), *nodes.iris(iri, "kg:onBehalfOf")]
    told, text, span = points(nodes, iri), nodes.text(iri, "kg:text"), nodes.iri(iri, "kg:evidence")
    return Act(
        iri=iri,
        actors=actors,
        parties=list(dict.fromkeys([*stated, *nodes.iris(iri, "kg:representsParty")])),
        others=nodes.holds(iri, "kg:withOthers") and not any(each.others for each in actors),
        preamble=nodes.text(iri, "kg:preamble"),
        points=told,
        text=text,
        quote=shortened(nodes.text(span, "oa:exact") or "", LONGEST) if span and not told and not text else "",
        span=span,
    )


def in_words(preamble: str | None, told: Sequence[Point]) -> str:
    """Points as one text, after the words that introduce them, which may tell the condition on which they hold."""
    return "\n".join(filter(None, [preamble, *(each.text for each in told)]))


def shortened(text: str, longest: int) -> str:
    """A text on one line, its end left out after a whole word where it is longer than this."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"


def in_singular(role: str) -> str:
    """The role of one person, where minutes print that of several before the first of them ("ledamöterna")."""
    for several, one in _SINGULAR:
        role = several.sub(one, role)
    return role


def others(nodes: Nodes, iri: str, name: str) -> list[str]:
    """What an act is tied to by a property of ours, or by its twin for points: "supports" and "supportsPoint"."""
    return [*nodes.iris(iri, f"kg:{name}"), *nodes.iris(iri, f"kg:{name}Point")]


def points(nodes: Nodes, iri: str) -> list[Point]:
    """The points of a proposal or decision, in their order."""
    return [
        Point(
            each,
            nodes.text(each, "kg:pointNumber"),
            nodes.text(each, "kg:text") or "",
            nodes.iri(each, "kg:evidence"),
        )
        for each in in_order(nodes, nodes.iris(iri, "kg:hasPoint"), "kg:position", "kg:pointNumber")
    ]


def _signed(nodes: Nodes, iri: str) -> Actor:
    party = nodes.iri(iri, "kg:representsParty")
    who = nodes.iri(iri, "kg:person") or party or iri
    return Actor(
        iri=who,
        party=party if who != party else None,
        role=in_singular(nodes.text(iri, "kg:roleVerbatim") or ""),
        others=nodes.holds(iri, "kg:withOthers"),
        inferred=INFERRED in nodes.iris(iri, "kg:confidence"),
    )

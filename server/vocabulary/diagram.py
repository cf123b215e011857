"""The diagrams of the vocabulary: to the left classes with properties that lead on, to the right where these lead.

Each is laid out by what it holds alone, so that a new term finds its place: a line goes from the row of a property to
each class of its range, and the classes to the right stand as near as may be to the lines that reach them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from ontology.documented import Documented, documented

ROW: Final = 26
GAP: Final = 14
LEFT: Final = 380  # width of a class with its properties
RIGHT: Final = 250  # width of a class that is led to
TARGETS: Final = 720  # where those stand
WIDTH: Final = TARGETS + RIGHT
ROUNDS: Final = 8  # of bringing both sides nearer to each other's order

Link = tuple[Documented, Documented, Documented]  # class, property, class


@dataclass(frozen=True, slots=True)
class Box:
    """A class: `y` of its upper edge, `height`, and the properties of its rows."""

    term: Documented
    y: int
    height: int
    rows: tuple[Documented, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagram:
    """`topic`: what it shows; `paths`: the lines, as path data; `links`: what they join."""

    topic: str
    height: int
    sources: tuple[Box, ...]
    targets: tuple[Box, ...]
    paths: tuple[str, ...]
    links: tuple[Link, ...]


@cache
def diagrams(language: str) -> tuple[Diagram, ...]:
    """One diagram for each topic whose classes have properties that lead to our classes, in order of topic."""
    terms = documented(language)
    topics = sorted({each.topic for each in terms.values() if each.kind == "class"})
    drawn = (_diagram(topic, terms) for topic in topics)
    return tuple(each for each in drawn if each)


def _diagram(topic: str, terms: Mapping[str, Documented]) -> Diagram | None:
    links = [
        (terms[source], each, terms[target])
        for each in terms.values()
        for source in each.domain
        for target in each.range
        if source in terms and target in terms and terms[source].topic == topic
    ]
    if not links:
        return None
    links.sort(key=lambda link: [term.label for term in link])
    tried = [_laid_out(topic, links)]
    for _ in range(ROUNDS):
        tried.append(_laid_out(topic, _nearer(tried[-1])))
    return min(tried, key=_climb)


def _laid_out(topic: str, links: list[Link]) -> Diagram:
    sources, height = _sources(links)
    at, targets = _rows(sources), _targets(links, _rows(sources))
    to = {box.term.iri: _middle(box, 0) for box in targets}
    paths = tuple(_curve(at[source.iri, each.iri], to[target.iri]) for source, each, target in links)
    height = max(height, targets[-1].y + targets[-1].height)
    return Diagram(topic, height + 2, sources, targets, paths, tuple(links))


def _nearer(drawn: Diagram) -> list[Link]:
    """The links in the order of what they lead to: classes by the mean of their lines, properties within a class."""
    to = {box.term.iri: _middle(box, 0) for box in drawn.targets}
    ends: dict[str, list[int]] = {}
    for source, _, target in drawn.links:
        ends.setdefault(source.iri, []).append(to[target.iri])
    mean = {iri: sum(found) / len(found) for iri, found in ends.items()}
    return sorted(drawn.links, key=lambda link: (mean[link[0].iri], link[0].label, to[link[2].iri], link[1].label))


def _climb(drawn: Diagram) -> int:
    """How much all lines rise and fall."""
    at, to = _rows(drawn.sources), {box.term.iri: _middle(box, 0) for box in drawn.targets}
    return sum(abs(at[source.iri, each.iri] - to[target.iri]) for source, each, target in drawn.links)


def _rows(sources: tuple[Box, ...]) -> dict[tuple[str, str], int]:
    """The height of the line of each property of each class."""
    return {(box.term.iri, row.iri): _middle(box, n) for box in sources for n, row in enumerate(box.rows, 1)}


def _sources(links: list[Link]) -> tuple[tuple[Box, ...], int]:
    rows: dict[str, dict[str, Documented]] = {}
    terms = {source.iri: source for source, _, _ in links}
    for source, each, _ in links:
        rows.setdefault(source.iri, {})[each.iri] = each
    boxes, y = [], 1
    for iri, found in rows.items():
        boxes.append(Box(terms[iri], y, ROW * (1 + len(found)), tuple(found.values())))
        y += boxes[-1].height + GAP
    return tuple(boxes), y - GAP


def _targets(links: list[Link], at: Mapping[tuple[str, str], int]) -> tuple[Box, ...]:
    """The classes that are led to, each at the mean height of its lines, or below what stands there already."""
    ends: dict[str, list[int]] = {}
    terms = {target.iri: target for _, _, target in links}
    for source, each, target in links:
        ends.setdefault(target.iri, []).append(at[source.iri, each.iri])
    wished = sorted((sum(found) // len(found), iri) for iri, found in ends.items())
    boxes: list[Box] = []
    least = 1
    for middle, iri in wished:
        boxes.append(Box(terms[iri], max(least, middle - ROW // 2), ROW))
        least = boxes[-1].y + ROW + GAP
    return tuple(boxes)


def _middle(box: Box, row: int) -> int:
    return box.y + ROW * row + ROW // 2


def _curve(begin: int, end: int) -> str:
    near, far = LEFT + (TARGETS - LEFT) // 3, TARGETS - (TARGETS - LEFT) // 3
    return f"M{LEFT} {begin}C{near} {begin} {far} {end} {TARGETS - 7} {end}"

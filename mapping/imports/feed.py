"""Another Kommungraf's change feed (LDES on TREE, docs/feed.md): its pages are followed, and what they tell is kept.

A feed tells of the default graph, one thing at a time, so all of it stands in one graph here. A thing that violates
a shape is held back by itself: otherwise one fault at the source would keep here what is erased there. Two documents
may tell of one thing each in their own way, and each be right by itself: what they break together is a warning.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from mapping.document import Judged
from mapping.imports import dump, reading, sources
from mapping.limits import Confine
from mapping.records import Refused
from mapping.side_by_side import Lost, spread
from shapes import Problem, validate

ROUNDS: Final = 10
"""How often things that violate a shape are held back, and those left judged again."""
_NODE: Final = "https://w3id.org/tree#node"
_STREAM: Final = "https://w3id.org/ldes#EventStream"
_OF: Final = "http://purl.org/dc/terms/isVersionOf"
_OBJECT: Final = "https://www.w3.org/ns/activitystreams#object"
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SHACL: Final = "http://www.w3.org/ns/shacl#"
_TOGETHER: Final = tuple(
    f"{_SHACL}{each}ConstraintComponent"
    for each in ("MaxCount", "Disjoint", "LessThan", "LessThanOrEquals", "UniqueLang", "SPARQL")
)
"""What may hold for what each of two documents says of a thing, and not for both together."""
STRICT: Final = frozenset(
    f"https://w3id.org/kommungraf/shapes#{name}"
    for name in (
        *("no-personal-number", "no-blank-nodes", "declared-properties", "declared-classes"),
        *("number-keeps-its-print", "quote-as-long-as-its-span", "not-possibly-oneself"),
    )
)
"""Rules in SPARQL that no second document can break."""
_REFERENCES: Final = tuple(f"{_SHACL}{each}ConstraintComponent" for each in ("Class", "MinCount"))
_KIND: Final = re.compile(r"https://www\.w3\.org/ns/activitystreams#(Create|Update|Delete)")
_MEMBER: Final = re.compile(r"(https?://.+)/feed/member/([0-9a-f]{1,32})-(\d{1,15})")
_RECORD: Final = re.compile(r"(https?://.+)/feed/record/([0-9a-f]{1,32})-(\d{1,15})")

Records = dict[int, tuple[str, int]]
"""The thing that each record is about ("": gone), and the number of the last member about it."""


@dataclass(frozen=True, slots=True)
class Node:
    """What a page says of the feed: whether it describes the stream, and which pages it leads to."""

    is_stream: bool
    leads_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """What to do with a feed: `pages` that are new (address, file), and what is known from before: `files` with
    what was told, the `records`, the `epoch`, and by page the members that it had where it was still to grow."""

    task: reading.Task
    pages: tuple[tuple[str, Path], ...]
    files: tuple[Path, ...] = ()
    epoch: str = ""
    records: Records = field(default_factory=dict)
    seen: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a feed now. `held`: things that violate a shape, with what is wrong with them; `gone`:
    something that was told before is told no more."""

    found: reading.Imported
    held: Judged
    epoch: str
    records: Records
    seen: dict[str, tuple[int, ...]]
    gone: bool


@dataclass(slots=True)
class _Things:
    """The triples of each thing, and how many others were left out, while the members of pages are applied."""

    triples: dict[str, list[str]]
    records: Records
    base: str = ""
    epoch: str = ""
    left_out: int = 0
    gone: bool = False


def nodes(pages: Iterable[tuple[str, Path]], confine: Confine | None = None) -> dict[str, Node | Refused]:
    """What each page (address, file) leads to, read in a process of its own."""
    tasks = [(address, (address, path)) for address, path in pages]
    found = spread(node, tasks, 1, seconds=reading.SECONDS, confine=confine)
    return {address: reading.lost() if isinstance(told, Lost) else told for address, told in found}


def node(address: str, path: Path) -> Node | Refused:
    """Read what a page leads to (TREE 1.0: tree:relation, tree:node)."""
    leads_to: dict[str, None] = {}
    is_stream = False
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TRIG, base_iri=address):
            if quad.predicate.value == _NODE and isinstance(quad.object, ox.NamedNode):
                leads_to[quad.object.value.partition("#")[0]] = None
            is_stream = is_stream or (quad.predicate.value == _TYPE and quad.object == ox.NamedNode(_STREAM))
    except (SyntaxError, ValueError) as error:
        return _broken(address, f"sidan är inte TriG ({error})", f"the page is no TriG ({error})")
    return Node(is_stream, tuple(leads_to))


def read(asked: Followed, confine: Confine | None = None) -> Told | Refused:
    """Apply and judge the pages of a feed in a process of its own, which may die of it."""
    for _, found in spread(work, [(asked.task.sha256, (asked,))], 1, seconds=asked.task.seconds, confine=confine):
        return reading.lost(asked.task.seconds) if isinstance(found, Lost) else found
    raise AssertionError("one task, one result")


def work(asked: Followed) -> Told | Refused:
    """Apply the members of new pages to what was told before, and judge all of it."""
    task = asked.task
    things = _Things(_before(asked.files), dict(asked.records), epoch=asked.epoch)
    members: list[tuple[int, str, int, str, list[str]]] = []
    seen: dict[str, tuple[int, ...]] = {}
    for address, path in asked.pages:
        page = _page(address, path, things)
        if isinstance(page, Refused):
            return page
        members += page
        seen[address] = tuple(number for number, *_ in page)
        things.gone |= not set(asked.seen.get(address, ())) <= set(seen[address])
    if things.base == task.base:
        return dump.nothing(task.base)
    for number, kind, record, thing, triples in sorted(members):
        _apply(things, number, kind, record, thing, triples)
    return _judged(asked, things, seen)


def _before(files: Iterable[Path]) -> dict[str, list[str]]:
    """The triples of each thing as they were told before, without what is said of the import itself."""
    triples: dict[str, list[str]] = defaultdict(list)
    for path in files:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS):
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.endswith("/original"):
                triples[quad.subject.value].append(str(quad.triple))
    return triples


def _page(address: str, path: Path, things: _Things) -> list[tuple[int, str, int, str, list[str]]] | Refused:
    """The members of a page: number, kind, record, thing ("" of a deletion) and its triples."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    held: dict[str, list[ox.Triple]] = defaultdict(list)
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TRIG, base_iri=address):
            if isinstance(quad.graph_name, ox.NamedNode):
                held[quad.graph_name.value].append(quad.triple)
            elif quad.predicate.value in (_OF, _OBJECT) and isinstance(quad.object, ox.NamedNode):
                said[str(quad.subject)[1:-1]][quad.predicate.value] = quad.object.value
            elif quad.predicate.value == _TYPE and (told := _KIND.fullmatch(str(quad.object)[1:-1])):
                said[str(quad.subject)[1:-1]][_TYPE] = told[1]
    except (SyntaxError, ValueError) as error:
        return _broken(address, f"sidan är inte TriG ({error})", f"the page is no TriG ({error})")
    found = []
    for iri, of in said.items():
        member, record = _MEMBER.fullmatch(iri), _RECORD.fullmatch(of.get(_OF, ""))
        kind, thing = of.get(_TYPE, ""), of.get(_OBJECT, "")
        own = (member[1], member[2]) if member else ("", "")
        things.base, things.epoch = things.base or own[0], things.epoch or own[1]
        if not member or not record or own != (record[1], record[2]) or own != (things.base, things.epoch):
            return _broken(address, f"{iri} är ingen medlem av en Kommungrafs flöde",
                           f"{iri} is no member of the feed of a Kommungraf")  # fmt: skip
        triples = [] if kind == "Delete" else held[iri]
        if bool(thing) != (kind in ("Create", "Update")) or not all(_is_about(thing, each) for each in triples):
            return _broken(
                address, f"{iri} säger annat än om sin sak", f"{iri} says something else than of its thing"
            )
        found.append((int(member[3]), kind, int(record[3]), thing, [str(each) for each in triples]))
    return found


def _is_about(thing: str, triple: ox.Triple) -> bool:
    return triple.subject == ox.NamedNode(thing) and isinstance(triple.object, ox.NamedNode | ox.Literal)


def _apply(things: _Things, number: int, kind: str, record: int, thing: str, triples: list[str]) -> None:
    was, last = things.records.get(record, ("", 0))
    if number <= last:
        return
    things.records[record] = (thing, number)
    if was and (kind == "Delete" or was != thing):
        things.gone |= bool(things.triples.pop(was, None))
    if kind != "Delete":
        if thing.startswith(f"{things.base}/id/"):
            things.triples[thing] = triples
        else:
            things.left_out += len(triples)


def _judged(asked: Followed, things: _Things, seen: dict[str, tuple[int, ...]]) -> Told | Refused:
    """Hold back what violates a shape, until nothing of what is left does."""
    task, graph = asked.task, f"{asked.task.base}/id/graph/{asked.task.id}/original"
    about = reading.provenance(task, [graph])
    kept = {iri: "".join(f"{each} <{graph}> .\n" for each in sorted(set(triples)))
            for iri, triples in sorted(things.triples.items())}  # fmt: skip
    held: dict[str, str] = {}
    wrong: set[Problem] = set()
    try:
        for _ in range(ROUNDS):
            problems = {_softened(each, held) for each in validate(about + "".join(kept.values()))}
            violating = {each for each in problems if each.severity == "violation" and each.focus in kept}
            wrong |= violating
            if not violating:
                break
            held |= {iri: kept.pop(iri) for iri in {each.focus for each in violating}}
    except ValueError as error:
        return sources.broken(task.name, f"den har vad formerna inte känner ({error})",
                              f"it has what the shapes do not know ({error})")  # fmt: skip
    if not kept and not held and not asked.files:
        return Refused("empty", f"{task.name} berättar inte om någon sak.", f"{task.name} tells of nothing.")
    found = reading.Imported(reading.judged(task, about + "".join(kept.values()), problems), things.left_out)
    return Told(found, reading.judged(task, "".join(held.values()), wrong), things.epoch, things.records, seen,
                things.gone)  # fmt: skip


def _softened(problem: Problem, held: Mapping[str, str]) -> Problem:
    """A problem as it counts in a feed, which does not say which document told what; nor does a thing lose its place
    because another, that it refers to or that refers to it, is `held` back."""
    together = problem.component in _TOGETHER and problem.shape not in STRICT
    alone = held and problem.component in _REFERENCES and _is_near(problem, held)
    is_soft = together or alone or problem.focus in held
    return replace(problem, severity="warning") if is_soft and problem.severity == "violation" else problem


def _is_near(problem: Problem, held: Mapping[str, str]) -> bool:
    """Whether what a thing lacks is held back: what it refers to, or, by an inverse path, what refers to it."""
    if problem.value is not None:
        return problem.value in held
    return problem.path is None and any(f" <{problem.focus}> " in each for each in held.values())


def _broken(address: str, sv: str, en: str) -> Refused:
    return sources.broken(address, sv, en)

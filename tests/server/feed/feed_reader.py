"""A small reader of a Linked Data Event Stream, with nothing of ours in it, which judges what it reads by the rules."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urldefrag

import pyoxigraph as ox

AS = "https://www.w3.org/ns/activitystreams#"
DCT = "http://purl.org/dc/terms/"
LDES = "https://w3id.org/ldes#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TREE = "https://w3id.org/tree#"

Get = Callable[[str], bytes]
"""The TriG at an absolute address."""


@dataclass(frozen=True)
class Member:
    iri: str
    kind: str
    record: str
    created: str
    thing: str | None
    payload: frozenset[ox.Triple]


@dataclass(frozen=True)
class Node:
    """A page: its address, the bounds that the root gives it, and its members."""

    address: str
    lower: str
    upper: str | None
    members: tuple[Member, ...]


class Graph:
    """Quads, asked for the one or the many values of a property."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.quads = list(quads)
        self.said: dict[tuple[str, str], list[str]] = {}
        for quad in self.quads:
            for term in (quad.subject, quad.object, quad.graph_name):
                assert not isinstance(term, ox.BlankNode), quad
            if isinstance(quad.graph_name, ox.DefaultGraph):
                assert isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, (ox.NamedNode, ox.Literal))
                self.said.setdefault((quad.subject.value, quad.predicate.value), []).append(quad.object.value)

    def many(self, subject: str, predicate: str) -> list[str]:
        return self.said.get((subject, predicate), [])

    def one(self, subject: str, predicate: str) -> str:
        [value] = self.many(subject, predicate)
        return value


def parsed(text: bytes, address: str) -> Graph:
    return Graph(ox.parse(text, format=ox.RdfFormat.TRIG, base_iri=address))


def read(get: Get, root: str) -> list[Node]:
    """Every page that the root leads to, in the order of their bounds; raises where a rule is broken."""
    graph = parsed(get(root), root)
    [stream] = [s for (s, p), values in graph.said.items() if p == RDF + "type" and LDES + "EventStream" in values]
    assert urldefrag(stream)[0] == root
    assert graph.one(stream, TREE + "view") == root
    assert graph.one(stream, LDES + "timestampPath") == DCT + "created"
    assert graph.one(stream, LDES + "versionOfPath") == DCT + "isVersionOf"
    assert graph.many(graph.one(stream, TREE + "shape"), RDF + "type")
    assert graph.one(graph.one(root, LDES + "retentionPolicy"), LDES + "versionAmount") == "1"
    bounds: dict[str, dict[str, str]] = {}
    for relation in graph.many(root, TREE + "relation"):
        assert graph.one(relation, TREE + "path") == DCT + "created"
        kind = graph.one(relation, RDF + "type").removeprefix(TREE)
        ends = bounds.setdefault(graph.one(relation, TREE + "node"), {})
        assert kind not in ends
        ends[kind] = graph.one(relation, TREE + "value")
    nodes = [node(get(address), address, stream, ends) for address, ends in bounds.items()]
    seen = Counter(member.iri for each in nodes for member in each.members)
    assert not seen or max(seen.values()) == 1
    times = [datetime.fromisoformat(member.created) for each in nodes for member in each.members]
    assert times == sorted(times)
    assert all(time.tzinfo for time in times)
    assert sum(each.upper is None for each in nodes) <= 1 and all(each.upper for each in nodes[:-1])
    return nodes


def node(text: bytes, address: str, stream: str, ends: dict[str, str]) -> Node:
    graph = parsed(text, address)
    assert graph.one(address, RDF + "type") == TREE + "Node"
    assert not graph.many(address, TREE + "relation")
    listed = graph.many(stream, TREE + "member")
    payload: dict[str, set[ox.Triple]] = {}
    for quad in graph.quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            payload.setdefault(quad.graph_name.value, set()).add(quad.triple)
    assert set(payload) <= set(listed)
    members = tuple(member(graph, iri, payload.get(iri, set())) for iri in listed)
    lower, upper = ends["GreaterThanOrEqualTo" + "Relation"], ends.get("LessThanOrEqualTo" + "Relation")
    assert members and all(lower <= each.created <= (upper or each.created) for each in members)
    return Node(address, lower, upper, members)


def member(graph: Graph, iri: str, payload: set[ox.Triple]) -> Member:
    kind = graph.one(iri, RDF + "type").removeprefix(AS)
    things = graph.many(iri, AS + "object")
    assert kind in ("Create", "Update", "Delete")
    assert bool(payload) == bool(things) == (kind != "Delete")
    assert {str(triple.subject) for triple in payload} == {f"<{thing}>" for thing in things}
    record, created = graph.one(iri, DCT + "isVersionOf"), graph.one(iri, DCT + "created")
    return Member(iri, kind, record, created, things[0] if things else None, frozenset(payload))


def replayed(members: Iterable[Member]) -> set[ox.Triple]:
    """What is left when the latest version of each record is taken."""
    latest = {each.record: each.payload for each in sorted(members, key=lambda each: each.created)}
    return {triple for payload in latest.values() for triple in payload}

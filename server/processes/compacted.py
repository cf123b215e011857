"""A graph as JSON-LD compacted with the context of the vocabulary, whose address the document names.

As JSON-LD 1.1 Processing Algorithms and API, 6, does it, for a context of prefixes and terms alone: rdflib, which
compacts too, would parse what is in literals of XML and HTML. What the engine reads back from a piece must be what
was written: where it is not, as of an IRI that looks like a shortened one (foaf:name), the piece is written in full.
"""

import itertools
import json
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, Final

import pyoxigraph as ox

import ontology

PIECE: Final = 10_000  # triples that are compacted together, in memory
RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
FIRST: Final = {"@context": 0, "@id": 1, "id": 1, "@type": 2, "type": 2}


def write(triples: Iterable[ox.Triple], address: str, sink: Any) -> None:
    """Write a graph as one object: the one node that is told of, or all of them under @graph."""
    triples = iter(triples)
    nodes = _nodes(list(itertools.islice(triples, PIECE)))
    following = list(itertools.islice(triples, PIECE))
    if len(nodes) == 1 and "@context" not in nodes[0] and not following:
        sink.write(_json({"@context": address, **nodes[0]}) + b"\n")
        return
    sink.write(b'{"@context":' + _json(address) + b',"@graph":[')
    sink.write(b",\n".join(map(_json, nodes)))
    while following:
        sink.write(b"".join(b",\n" + _json(node) for node in _nodes(following)))
        following = list(itertools.islice(triples, PIECE))
    sink.write(b"]}\n")


def _nodes(triples: list[ox.Triple]) -> list[dict[str, Any]]:
    """The nodes of a piece, in the same way each time."""
    nodes = _compacted(triples)
    if nodes is None:
        expanded = json.loads(ox.serialize(triples, format=ox.RdfFormat.JSON_LD) or b"[]")
        nodes = [{"@context": None, **node} for node in expanded]
    return [_ordered(node) for node in sorted(nodes, key=lambda node: str(node.get("id", node.get("@id"))))]


def _compacted(triples: list[ox.Triple]) -> list[dict[str, Any]] | None:
    """The nodes with the context's terms; None where that would say something else."""
    nodes: dict[str, dict[str, Any]] = {}
    for each in triples:
        if isinstance(each.subject, ox.Triple) or isinstance(each.object, ox.Triple):
            return None
        subject = _id(each.subject)
        _add(nodes.setdefault(subject, {"id": subject}), each.predicate.value, each.object)
    found = list(nodes.values())
    document = _json({"@context": _context(), "@graph": found})
    try:
        back = {quad.triple for quad in ox.parse(document, format=ox.RdfFormat.JSON_LD)}
    except SyntaxError:
        return None
    return found if back == set(triples) else None


def _add(node: dict[str, Any], property: str, value: ox.NamedNode | ox.BlankNode | ox.Literal) -> None:
    """Add a value to a node under the term for the property with values of its kind, or else the prefixed name."""
    names = _terms().get(property, {})
    plain = names.get(None) or _short(property)
    if not isinstance(value, ox.Literal):
        if property == RDF_TYPE:
            _append(node, "type", _short(value.value) if isinstance(value, ox.NamedNode) else str(value))
        elif "@id" in names:
            _append(node, names["@id"], _id(value))
        else:
            _append(node, plain, {"id": _id(value)})
    elif value.language and "@language" in names:
        _append(node.setdefault(names["@language"], {}), value.language, value.value)
    elif value.language:
        _append(node, plain, {"@value": value.value, "@language": value.language})
    elif value.datatype.value in names:
        _append(node, names[value.datatype.value], value.value)
    elif value.datatype.value == STRING:
        _append(node, plain, value.value)
    else:
        _append(node, plain, {"@value": value.value, "type": _short(value.datatype.value)})


def _append(node: dict[str, Any], name: str, value: Any) -> None:
    if name not in node:
        node[name] = value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]


def _id(term: ox.NamedNode | ox.BlankNode) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


@cache
def _context() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ontology.context_file().read_bytes())["@context"]
    return found


@cache
def _terms() -> dict[str, dict[str | None, str]]:
    """The terms of each property, by what they say of their values: "@id", "@language", a datatype, or nothing."""
    found: dict[str, dict[str | None, str]] = {}
    for name, told in _context().items():
        if isinstance(told, dict):
            kind = told.get("@container") or told.get("@type")
            found.setdefault(_whole(told["@id"]), {})[_whole(kind) if kind else None] = name
        elif isinstance(told, str) and ":" in told and not told.startswith("http"):
            found.setdefault(_whole(told), {})[None] = name
    return found


def _whole(name: str) -> str:
    prefix, colon, rest = name.partition(":")
    return _context()[prefix] + rest if colon else name


@lru_cache(maxsize=4096)
def _short(iri: str) -> str:
    """A class's or property's name without kinds of values; else with a prefix, where one fits, or the IRI."""
    if name := _terms().get(iri, {}).get(None):
        return name
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return f"{prefix}:{iri[end:]}" if (prefix := _prefixes().get(iri[:end])) else iri


@cache
def _prefixes() -> dict[str, str]:
    return {iri: name for name, iri in _context().items() if isinstance(iri, str) and iri.endswith(("#", "/"))}


def _ordered(value: Any) -> Any:
    """A value in the same order each time: there are no lists, of which the order would say something."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (FIRST.get(key, 3), key))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return sorted((_ordered(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

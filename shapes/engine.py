"""The SHACL engine of the gate: the library `shacl_rust`, with what it leaves unsaid said here.

The library skips what it does not know (an unknown constraint, a malformed count, a pattern it cannot compile)
without a word, and meets a broken query only when it first has something to check. `load` therefore reads the
shapes itself and refuses everything it cannot vouch for before a single document is judged.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox
import shacl_rust  # type: ignore[import-untyped]

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

SH = "http://www.w3.org/ns/shacl#"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# SHACL Core and SHACL-SPARQL; the names after "conforms" belong to reports, which test suites keep beside shapes.
_KNOWN = _words(
    """
    targetClass targetNode targetSubjectsOf targetObjectsOf property path inversePath alternativePath
    zeroOrMorePath oneOrMorePath zeroOrOnePath severity message name description order group defaultValue deactivated
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength
    pattern flags languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node
    qualifiedValueShape qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint closed ignoredProperties
    hasValue in sparql select ask prefixes declare prefix namespace parameter optional labelTemplate validator
    nodeValidator propertyValidator shapesGraph nodeShape
    conforms result focusNode resultPath resultSeverity resultMessage value sourceShape sourceConstraint
    sourceConstraintComponent detail
    """
)
_COUNTS = _words("minCount maxCount minLength maxLength qualifiedMinCount qualifiedMaxCount")
_FLAGS = _words("deactivated uniqueLang qualifiedValueShapesDisjoint closed optional")
_NODE_KINDS = _words("IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral")
# SHACL, section 5.2.1 and appendix A: what a query with pre-bound variables may not hold.
_NOT_PREBINDABLE = re.compile(
    r"\b(?i:MINUS|VALUES|SERVICE)\b|\b(?i:AS)\s+[?$](?:this|currentShape|shapesGraph|PATH)\b"
)
# The engine hands back only terms that stand in the graphs: a computed value would come back empty.
_COMPUTED = re.compile(r"(\S+)\s+(?i:AS)\s+[?$](?:value|path)\b")
_PLAIN_TERM = re.compile(r"\((?:[?$]\w+|\w*:[\w-]+|<[^<>]*>)")
_ASK_NOT_PREBINDABLE = re.compile(r"\b(?i:AS)\s+[?$]value\b")
_SPARQL_STRING = re.compile(r"<[^<>\s]*>|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|#[^\n]*")


class UnsupportedShape(ValueError):
    """A shape holds something the engine would skip. Write it in SHACL Core or SHACL-SPARQL, or correct it."""


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result. Every term in N-Triples form; a path that is not a single property is "path"."""

    focus: str
    path: str | None
    value: str | None
    shape: str
    component: str
    severity: str


@dataclass(frozen=True, slots=True)
class Shapes:
    """Checked shapes.

    `ntriples`: all of them; `property_shapes`: the nodes (N-Triples terms) that are property shapes; `targeted`:
    for every shape that aims at classes or properties, these (N-Triples terms) and all that the shape needs;
    `always`: the rest.
    """

    ntriples: str
    property_shapes: frozenset[str]
    targeted: tuple[tuple[tuple[str, ...], str], ...]
    always: str

    def concerning(self, nquads: str) -> str:
        """The shapes that can say anything of some N-Triples or N-Quads: a shape whose class or property is not
        in them has no focus node (SHACL, section 2.1.3). The engine reads its shapes anew for every graph."""
        if "#subClassOf>" in nquads:
            return self.ntriples
        parts = [part for targets, part in self.targeted if any(target in nquads for target in targets)]
        return self.always + "".join(parts)


def load(triples: Iterable[ox.Triple]) -> Shapes:
    """Check shapes and make them ready for `run`; raises UnsupportedShape and names what stands in the way."""
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    store = ox.Store()
    store.extend(dataset)
    declared = store.query(f"SELECT DISTINCT ?p ?n {{ ?x <{SH}prefix> ?p ; <{SH}namespace> ?n }}")
    assert isinstance(declared, ox.QuerySolutions)
    prefixes = "".join(f"PREFIX {row['p'].value}: <{row['n'].value}>\n" for row in declared)
    property_shapes = set()
    for quad in dataset:
        if quad.predicate.value.startswith(SH):
            name = quad.predicate.value[len(SH) :]
            fault = _fault(name, quad.object, prefixes)
            if fault:
                raise UnsupportedShape(f"{quad.subject} sh:{name} {quad.object}: {fault}")
            if name == "path":
                property_shapes.add(str(quad.subject))
    # The engine needs no messages to judge, and reading them costs it a tenth of a small graph's time.
    for quad in [quad for quad in dataset if quad.predicate.value == SH + "message"]:
        dataset.remove(quad)
    ntriples = "".join(f"{quad.triple} .\n" for quad in dataset)
    return Shapes(ntriples, frozenset(property_shapes), *_by_target(dataset))


_AIMS = tuple(ox.NamedNode(SH + name) for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf"))
_BY_NODE = ox.NamedNode(SH + "targetNode")
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_CLASSES = (
    ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#Class"),
    ox.NamedNode("http://www.w3.org/2002/07/owl#Class"),
)


def _by_target(dataset: ox.Dataset) -> tuple[tuple[tuple[tuple[str, ...], str], ...], str]:
    """(targets and text of each shape that aims at classes or properties, the text of all else).

    What several shapes need stands once, in the text of all else."""
    aimed: list[tuple[tuple[str, ...], set[Node]]] = []
    uses: Counter[Node] = Counter()
    always: set[Node] = set()
    for subject in dict.fromkeys(quad.subject for quad in dataset):
        own = list(dataset.quads_for_subject(subject))
        aims = tuple(sorted(str(quad.object) for quad in own if quad.predicate in _AIMS))
        needed = _needed(dataset, subject)
        if any(quad.predicate == _BY_NODE or (quad.predicate == _TYPE and quad.object in _CLASSES) for quad in own):
            always |= needed
        elif aims:
            aimed.append((aims, needed))
            uses.update(needed)
    always |= {quad.subject for quad in dataset if isinstance(quad.subject, Node) and uses[quad.subject] != 1}

    def text(nodes: set[Node]) -> str:
        return "".join(sorted(f"{quad.triple} .\n" for node in nodes for quad in dataset.quads_for_subject(node)))

    return tuple((aims, text(needed - always)) for aims, needed in aimed), text(always)


def _needed(dataset: ox.Dataset, subject: object) -> set[Node]:
    """A node and every node it leads to."""
    seen: set[Node] = set()
    waiting = [subject]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ox.NamedNode | ox.BlankNode) and node not in seen:
            seen.add(node)
            waiting += [quad.object for quad in dataset.quads_for_subject(node)]
    return seen


def _fault(name: str, value: Term, prefixes: str) -> str | None:
    if name not in _KNOWN:
        return "the engine does not know this property"
    text = value.value if isinstance(value, ox.Literal | ox.NamedNode) else ""
    if name in _COUNTS and not (isinstance(value, ox.Literal) and re.fullmatch(r"\d+", text)):
        return "not a count"
    if name in _FLAGS and text not in ("true", "false", "1", "0"):
        return "neither true nor false"
    if name == "nodeKind" and text.removeprefix(SH) not in _NODE_KINDS:
        return "not a kind of node"
    if name == "pattern" and not _compiles(text):
        return "the pattern does not compile"
    return _query_fault(name, text, prefixes) if name in ("select", "ask") else None


def _compiles(pattern: str) -> bool:
    answer = ox.Store().query(f"SELECT (REGEX('', {ox.Literal(pattern)}) AS ?ok) {{}}")
    assert isinstance(answer, ox.QuerySolutions)
    return next(answer)["ok"] is not None


def _query_fault(name: str, query: str, prefixes: str) -> str | None:
    bare = _SPARQL_STRING.sub("''", query)
    forbidden = _NOT_PREBINDABLE.search(bare) or (name == "ask" and _ASK_NOT_PREBINDABLE.search(bare))
    if forbidden:
        return f"{forbidden.group()} cannot stand in a query with pre-bound variables"
    for computed in _COMPUTED.finditer(query):
        if name == "select" and not _PLAIN_TERM.fullmatch(computed[1]):
            return f"{computed.group()}: ?value and ?path must be terms of the graph, not computed"
    try:
        ox.Store().query(prefixes + re.sub(r"[$?]PATH\b", "<urn:path>", query))
    except SyntaxError as error:
        return f"the query is not SPARQL: {error}"
    return None


def run(data: str, shapes: Shapes, data_format: str = "nq") -> list[Result]:
    """Validate N-Quads (graph names ignored, a triple in two graphs counts once) or another RDF text.

    Raises ValueError where the data is no RDF, UnsupportedShape where the engine reports that it could not
    evaluate a shape.
    """
    wanted = shapes.concerning(data) if data_format in ("nq", "nt") else shapes.ntriples
    report = shacl_rust.validate(data, wanted, data_format=data_format, shapes_format="nt")
    return [_result(found, shapes) for found in report["results"]]


def _result(found: dict[str, str], shapes: Shapes) -> Result:
    shape, component = found["sourceShape"], found["sourceConstraintComponent"]
    path, value = found.get("resultPath"), found.get("value")
    if path is not None and not re.fullmatch(r"<[^<>]*>", path):
        path = "path"
    if component == f"<{SH}SPARQLConstraintComponent>":
        if any(message.startswith("SPARQL ") and "error" in message for message in found["messages"]):
            raise UnsupportedShape(f"{shape}: {found['messages']}")
        if value is None and shape not in shapes.property_shapes:
            # SHACL 5.3.2: the value node of a node shape is the focus node where ?value is not projected.
            value = found["focusNode"]
    return Result(found["focusNode"], path, value, shape, component, found["severity"])

"""The gate: a document's graph in, problems a clerk can act on out."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from shapes import engine

_SH = engine.SH
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `severity`: "violation" (blocks), "warning" (published, flagged) or "info". `focus`, `path`, `shape` and
    `component` are IRIs; `value` is the offending value as plain text. `path` is None where no single property is
    at fault. The messages tell what is wrong and what to do, for a clerk.
    """

    severity: str
    focus: str
    path: str | None
    value: str | None
    shape: str
    component: str
    message_sv: str
    message_en: str


def files() -> tuple[Path, ...]:
    """The Turtle files of the shapes, one per subject, in order of name."""
    return tuple(sorted(Path(__file__).parent.glob("*.ttl")))


@dataclass(frozen=True, slots=True)
class Loaded:
    """Shapes ready to judge, and the Swedish and English message of each shape (by its N-Triples term)."""

    shapes: engine.Shapes
    messages: dict[str, tuple[str, str]]


@cache
def load(paths: tuple[Path, ...] | None = None) -> Loaded:
    """Read and check the shapes (all of them where no paths are given).

    Raises UnsupportedShape where a shape holds a construct the engine would skip or lacks a message in either
    language, SyntaxError where a file is no Turtle.
    """
    triples = [
        quad.triple for path in paths or files() for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    ]
    shapes = engine.load(triples)
    said: dict[str, dict[str, str]] = {}
    owner: dict[str, str] = {}
    for triple in triples:
        if triple.predicate.value == _SH + "message" and isinstance(triple.object, ox.Literal):
            said.setdefault(str(triple.subject), {})[triple.object.language or ""] = triple.object.value
        elif triple.predicate.value == _SH + "sparql":
            owner[str(triple.object)] = str(triple.subject)
    messages = {}
    for node, texts in said.items():
        if set(texts) != {"sv", "en"}:
            raise engine.UnsupportedShape(f"{node}: one message in Swedish and one in English is needed")
        messages[owner.get(node, node)] = (texts["sv"], texts["en"])
    return Loaded(shapes, messages)


def validate(nquads: str | bytes, context: str | bytes = "") -> list[Problem]:
    """Judge a graph (N-Quads; graph names are ignored, all graphs count as one).

    `context` is read as part of the same graph: what the corpus says of the persons in the document. Returns the
    problems, worst first, then in order of IRI. Raises ValueError where the text is no N-Quads.
    """
    return judge(_text(nquads) + "\n" + _text(context), load())


def judge(nquads: str, loaded: Loaded) -> list[Problem]:
    """What the given shapes say of a graph, in the order of `validate`."""
    problems = {_problem(result, loaded) for result in engine.run(nquads, loaded.shapes)}
    return sorted(
        problems,
        key=lambda p: (_SEVERITIES.index(p.severity), p.focus, p.path or "", p.shape, p.component, p.value or ""),
    )


def _text(data: str | bytes) -> str:
    return data.decode() if isinstance(data, bytes) else data


def _problem(result: engine.Result, loaded: Loaded) -> Problem:
    focus, value = plain(result.focus), None if result.value is None else plain(result.value)
    message_sv, message_en = (text.replace("{?value}", value or "") for text in loaded.messages[result.shape])
    if result.focus == result.shape and value is not None:
        # A rule about the graph as a whole is its own focus node, and names the node at fault as the value.
        focus, value = value, None
    return Problem(
        severity=plain(result.severity).removeprefix(_SH).lower(),
        focus=focus,
        path=plain(result.path) if result.path and result.path.startswith("<") else None,
        value=value,
        shape=plain(result.shape),
        component=plain(result.component),
        message_sv=message_sv,
        message_en=message_en,
    )


def plain(term: str) -> str:
    """An N-Triples term as text: the IRI, the lexical form, the blank node's label."""
    if term.startswith("<"):
        return term[1:-1]
    if term.startswith('"'):
        (quad,) = ox.parse(f"<x:s> <x:p> {term} .", format=ox.RdfFormat.N_TRIPLES)
        assert isinstance(quad.object, ox.Literal)
        return quad.object.value
    return term


def report_quads(problems: list[Problem], report_iri: str, document_iri: str, graph_iri: str) -> str:
    """A sh:ValidationReport of a document as sorted N-Quads of one graph, without blank nodes.

    The results are `<report_iri>/1`, `/2` … in the order of the problems; the document points to its report with
    kg:hasReport.
    """
    graph = ox.NamedNode(graph_iri)
    report = ox.NamedNode(report_iri)
    has_report = "https://w3id.org/kommungraf/ns#hasReport"
    quads: list[ox.Quad] = []

    def say(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        quads.append(ox.Quad(subject, ox.NamedNode(predicate), value, graph))

    conforms = not any(problem.severity == "violation" for problem in problems)
    say(ox.NamedNode(document_iri), has_report, report)
    say(report, _RDF_TYPE, ox.NamedNode(_SH + "ValidationReport"))
    say(report, _SH + "conforms", ox.Literal(conforms))
    for number, problem in enumerate(problems, start=1):
        result = ox.NamedNode(f"{report_iri}/{number}")
        say(report, _SH + "result", result)
        say(result, _RDF_TYPE, ox.NamedNode(_SH + "ValidationResult"))
        # A blank node has no name outside its document: the document stands in for it.
        focus = document_iri if problem.focus.startswith("_:") else problem.focus
        say(result, _SH + "focusNode", ox.NamedNode(focus))
        say(result, _SH + "resultSeverity", ox.NamedNode(_SH + problem.severity.capitalize()))
        say(result, _SH + "sourceShape", ox.NamedNode(problem.shape))
        say(result, _SH + "sourceConstraintComponent", ox.NamedNode(problem.component))
        say(result, _SH + "resultMessage", ox.Literal(problem.message_sv, language="sv"))
        say(result, _SH + "resultMessage", ox.Literal(problem.message_en, language="en"))
        if problem.path is not None:
            say(result, _SH + "resultPath", ox.NamedNode(problem.path))
        if problem.value is not None:
            say(result, _SH + "value", ox.Literal(problem.value))
    return "".join(sorted(f"{quad} .\n" for quad in quads))

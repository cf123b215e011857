"""The graph of every sample document, held against a golden that a person has read.

A golden holds what the document says, a fact a line, sorted: IRIs and prefixes shortened, each piece of evidence
as its characters. What is the same for every node is left out here and tested below: the spans' own statements,
the run, the standard classes. A missing golden is written and the test fails until it has been read."""

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from mapping.document import BASE, Judged, Reading, judge_alone, read
from ontology import KG, PREFIXES, std

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "documents").iterdir())
GOLDENS = Path(__file__).parent / "golden"
QUOTE = 60

PREFIX_OF = sorted(((iri, prefix) for prefix, iri in PREFIXES.items()), key=lambda pair: -len(pair[0]))
LEFT_OUT = {std("prov:wasGeneratedBy"), std("oa:hasSource"), std("oa:start"), std("oa:end"), std("oa:exact"), KG.page}


@cache
def judged(path: Path) -> tuple[Reading, Judged]:
    reading = read(path.read_bytes())
    assert isinstance(reading, Reading), reading
    return reading, judge_alone(reading)


def value(term: object) -> str:
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value


def short(term: object, reading: Reading) -> str:
    assert isinstance(term, ox.NamedNode | ox.Literal)
    if isinstance(term, ox.Literal):
        return str(term) if len(term.value) < 200 else f'"{term.value[:100]} … {term.value[-60:]}"'
    span = re.search(r"/id/span/[0-9a-f]{16}/(\d+)-(\d+)$", term.value)
    if span:
        exact = " ".join(reading.text.canonical[int(span.group(1)) : int(span.group(2))].split())
        return f"‹{exact if len(exact) <= QUOTE else exact[: QUOTE // 2] + ' … ' + exact[-QUOTE // 2 :]}›"
    path = term.value.replace(reading.id, "DOC").removeprefix(f"{BASE}/id/")
    for iri, prefix in PREFIX_OF:
        if path.startswith(iri):
            return f"{prefix}:{path.removeprefix(iri)}"
    return re.sub(r"^run/DOC/.*", "run", path)


def told(path: Path) -> str:
    reading, graph = judged(path)
    lines = set()
    for quad in ox.parse(graph.quads.encode(), format=ox.RdfFormat.N_QUADS):
        predicate = quad.predicate.value
        typed = predicate == std("rdf:type") and not value(quad.object).startswith(PREFIXES["kg"])
        if predicate in LEFT_OUT or typed or value(quad.object) in (KG.SourceSpan, KG.MappingRun):
            continue
        lines.add(" ".join(short(term, reading) for term in (quad.subject, quad.predicate, quad.object)))
    return "\n".join(sorted(lines)) + "\n"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_graph_is_the_golden(path: Path) -> None:
    golden = GOLDENS / f"{path.stem}.txt"
    now = told(path)
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(now, encoding="utf-8")
        pytest.fail(f"{golden.name} was missing and has been written: read it, then run again")
    assert now == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_is_accepted(path: Path) -> None:
    complaints = judged(path)[1].complaints
    assert [c.problem for c in complaints if c.problem.severity == "violation"] == []


def graph_of(path: Path) -> ox.Dataset:
    return ox.Dataset(ox.parse(judged(path)[1].quads.encode(), format=ox.RdfFormat.N_QUADS))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_spans_quote_exactly_the_characters_at_their_offsets(path: Path) -> None:
    check_spans(judged(path)[0], graph_of(path))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_extracted_node_has_evidence_and_its_run(path: Path) -> None:
    check_evidence(graph_of(path))


def check_spans(reading: Reading, graph: ox.Dataset) -> None:
    node = ox.NamedNode
    spans = {q.subject for q in graph.quads_for_object(node(KG.SourceSpan))}
    assert spans
    for span in spans:
        stated = {q.predicate.value: value(q.object) for q in graph.quads_for_subject(span)}
        start, end = int(stated[std("oa:start")]), int(stated[std("oa:end")])
        assert stated[std("oa:exact")] == reading.text.canonical[start:end], span
        assert value(span).endswith(f"/{start}-{end}")
        assert stated[std("oa:hasSource")] == f"{BASE}/id/document/{reading.id}"


NO_EVIDENCE = {"SourceSpan", "MappingRun"}


def check_evidence(graph: ox.Dataset) -> None:
    """Every node of one of our classes shows its source and its run; a document is its own source."""
    node = ox.NamedNode
    bare = []
    for quad in graph.quads_for_predicate(node(std("rdf:type"))):
        name = value(quad.object).removeprefix(PREFIXES["kg"])
        if name == value(quad.object) or name in NO_EVIDENCE:
            continue
        stated = {q.predicate.value for q in graph.quads_for_subject(quad.subject)}
        if not {KG.evidence, std("prov:wasGeneratedBy")} <= stated and KG.sha256 not in stated:
            bare.append((name, value(quad.subject)))
    assert bare == []

"""What is told from the text of a query, beside what a parser and the engine make of it.

All queries and updates of the W3C's SPARQL 1.1 suites, of which rdflib's parser tells what they are; and queries made
of clauses, names and comments that look like other things, of which the engine tells which graphs they use.
"""

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.parser import parseQuery, parseUpdate
from rdflib.plugins.sparql.parserutils import CompValue

from server.processes import evaluation
from server.sparql.query_text import dataset, first_keyword, refused, without
from tests.suites.manifests import NEEDED, SPARQL

FILES = sorted(SPARQL.rglob("*.r[qu]"))
NOT_PARSED = {"service/service03.rq", "service/service06.rq"}  # right, but rdflib cannot read them
WITHOUT_OPERATION = {f"syntax-update-1/syntax-update-{number}.ru" for number in (38, 39, 40)}


def parsed(text: str) -> Any:
    """rdflib's tree of a query, "update", or None for what is neither."""
    try:
        return parseQuery(text)
    except Exception:  # rdflib and its parser library raise of all kinds
        try:
            parseUpdate(text)
        except Exception:
            return None
        return "update"


def uses_service(tree: Any) -> bool:
    if isinstance(tree, CompValue):
        return tree.name == "ServiceGraphPattern" or any(uses_service(each) for each in tree.values())
    return not isinstance(tree, str) and hasattr(tree, "__iter__") and any(uses_service(each) for each in tree)


@NEEDED
def test_the_texts_of_the_suites() -> None:
    told = {"query": 0, "service": 0, "update": 0, "neither": 0}
    for path in FILES:
        name, text = str(path.relative_to(SPARQL)), path.read_text("utf-8")
        tree = parsed(text)
        if tree is None:
            told["neither"] += 1
            assert refused(text) is None or name in NOT_PARSED or path.suffix == ".ru", name
        elif tree == "update":
            told["update"] += 1
            assert refused(text) == ("update" if name not in WITHOUT_OPERATION else None), name
        else:
            service = uses_service(tree)
            told["service" if service else "query"] += 1
            assert refused(text) == ("service" if service else None), name
            assert first_keyword(text) == tree[1].name.removesuffix("Query").upper(), name
            assert named_by_parser(tree, path) == named_by_text(text, path), name
    assert told == {"query": 373, "service": 8, "update": 141, "neither": 41}


def named_by_parser(tree: Any, path: Path) -> list[tuple[str, str]]:
    clauses = tree[1].datasetClause or []
    base = path.as_uri().rpartition("/")[0]
    return [(kind, f"{base}/{iri}") for clause in clauses for kind, iri in clause.items()]


def named_by_text(text: str, path: Path) -> list[tuple[str, str]]:
    found = dataset(text, path.as_uri())
    assert found.resolved
    return [*(("default", iri) for iri in found.default), *(("named", iri) for iri in found.named)]


GRAPHS = [f"http://g.example/{number}" for number in range(4)]
# Ways to write the graph {n}: escaped, relative, with "å" as a letter and a ring, with FROM and named as prefixes.
WAYS = ["<http://g.example/{n}>", "<http://g.example/\\u003{n}>", "<{n}>", "FROM:{n}", "a\u030a:{n}", "named:{n}"]
PROLOGUE = [
    "BASE <http://g.example/>", "PREFIX FROM: <http://g.example/>", "prefix a\u030a: <http://g.example/>",
    "# SELECT * FROM <x>\nPREFIX service: <urn:SERVICE#>", "PREFIX : <http://g.example/FROM#>",
    "PREFIX named: <http://g.example/>",
]  # fmt: skip
GAPS = [" ", "\n", "\t\r\n", " # FROM <http://g.example/0> '\n", "#SERVICE\r"]
DECOYS = [
    "FILTER(?v != 'FROM <http://g.example/0>')", 'FILTER(?v != "it\'s # FROM :a \\" SERVICE")',
    "FILTER(?v != '''a'' FROM <x> ' \\''' SERVICE ''')", 'FILTER(?v != """ " FROM "" SERVICE <x> {} """@from)',
    "OPTIONAL { ?FROM service:service ?SERVICE }", "OPTIONAL { [] <urn:SERVICE> FROM:from }",
    "FILTER(1<2&&3>2)", "FILTER(?v!=FROM:a\\.FROM)", "OPTIONAL { ?a\u030aFROM a\u030a:service\u030aFROM $SERVICE }",
    "OPTIONAL { :x\u3042FROM :FROM.SERVICE \"FROM\"@en-SERVICE . }", "# SERVICE <x> {}\n",
]  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> str:
    """A query whose rows are the graphs that it uses, as default graph or by name."""

    def gap() -> str:
        return draw(st.sampled_from(GAPS))

    def word(text: str) -> str:
        return draw(st.sampled_from([text, text.lower(), text.title()]))

    text = "".join(line + gap() for line in PROLOGUE) + word("SELECT") + gap() + "?d" + gap() + "?n" + gap()
    for number in draw(st.lists(st.integers(0, len(GRAPHS) - 1), max_size=4)):
        named = word("NAMED") + gap() if draw(st.booleans()) else ""
        text += word("FROM") + gap() + named + draw(st.sampled_from(WAYS)).replace("{n}", str(number)) + gap()
    decoys = draw(st.lists(st.sampled_from(DECOYS), max_size=4))
    body = "{ ?s ?p ?d BIND(?d AS ?v) %s } UNION { GRAPH ?g { ?s ?p ?n } BIND(?n AS ?v) %s }"
    return text + "WHERE {" + gap() + body % (gap().join(decoys), gap().join(decoys)) + "}"


def graphs_used(query: str, **replaced: Any) -> tuple[set[str], set[str]]:
    """The graphs that a query's default graph is merged of, and those that it has by name, as the engine sees it."""
    store = ox.Store()
    says = ox.NamedNode("urn:says")
    store.extend(ox.Quad(says, says, ox.Literal(iri), ox.NamedNode(iri)) for iri in GRAPHS)
    rows: Any = store.query(query, **replaced)
    found = [(row["d"], row["n"]) for row in rows]
    return {one.value for one, _ in found if one}, {other.value for _, other in found if other}


@settings(max_examples=150, deadline=None)
@given(queries())
def test_the_dataset_is_the_engines(query: str) -> None:
    assert refused(query) is None and first_keyword(query) == "SELECT"
    used = graphs_used(query)
    found = dataset(query)
    assert found.resolved
    if found.clauses:
        assert used == (set(found.default), set(found.named))
    else:
        assert used == (set(), set(GRAPHS))
    other = {"default_graph": [ox.NamedNode(GRAPHS[1])], "named_graphs": [ox.NamedNode(GRAPHS[2])]}
    assert graphs_used(without(query, found.clauses), **other) == ({GRAPHS[1]}, {GRAPHS[2]})


@settings(max_examples=60, deadline=None)
@given(queries(), st.sampled_from(["<http://a.example/>", "?g", ":a", "SILENT <a>"]), st.sampled_from(GAPS))
def test_a_service_is_found(query: str, where: str, gap: str) -> None:
    assert refused(f"{query[:-1]}{gap}SERVICE{gap}{where}{gap}{{}} }}") == "service"


@pytest.mark.parametrize("operation", ["INSERT DATA {}", "delete where { ?s ?p ?o }", "Clear all", "LOAD <a>"])
@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(PROLOGUE), max_size=4), st.sampled_from(GAPS))
def test_an_update_is_found(operation: str, prologue: list[str], gap: str) -> None:
    assert refused(gap.join([*prologue, operation])) == "update"


def test_graphs_named_relatively_are_merged() -> None:
    """The engine would count a triple twice that stands in two graphs of a FROM (SPARQL 1.1, 13.2: an RDF merge)."""
    store = ox.Store()
    says = ox.NamedNode("urn:says")
    store.extend(ox.Quad(says, says, says, ox.NamedNode(iri)) for iri in GRAPHS)
    for prologue, base in (("", GRAPHS[0]), ("BASE <http://g.example/> ", "http://other.example/")):
        rows = evaluation.evaluate(store, f"{prologue}SELECT ?s FROM <0> FROM <1> {{ ?s ?p ?o }}", [], [], base)
        assert len(list(rows)) == 1

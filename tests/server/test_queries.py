"""Each question of the model is a query that two engines parse, whose terms are declared, and that gives the
rows expected: on a small hand-written graph that answers all of them, and on the sample documents.

Expected rows lie in `query_rows/`. A missing file is written, and the test fails until a person has read it.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from rdflib.plugins.sparql import prepareQuery

import kommungraf
import ontology
from server.query_page.examples import FOLDER, read
from server.storage import authority
from server.storage.snapshot import open_current

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "samples"
BASE = "https://kommungraf.example"
PATHS = sorted(FOLDER.glob("*.rq"))
CONCEPT = re.compile(r"PREFIX ([a-z-]+): <https://w3id\.org/kommungraf/concept/([a-z-]+)/>")

each_query = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def store(quads: list[ox.Quad]) -> ox.Store:
    """The quads in their graphs, and their merge and the authority data in the default graph."""
    known = list(ox.parse(authority.nquads(BASE), format=ox.RdfFormat.N_QUADS))
    result = ox.Store()
    result.extend(quads)
    result.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in [*quads, *known])
    return result


@cache
def small() -> ox.Store:
    return store(list(ox.parse(path=HERE / "query_graph.trig", format=ox.RdfFormat.TRIG)))


def rows(data: ox.Store, path: Path) -> str:
    """The answer as tab-separated values, data IRIs without the base."""
    answer = data.query(path.read_text("utf-8"))
    assert isinstance(answer, ox.QuerySolutions)
    table = answer.serialize(format=ox.QueryResultsFormat.TSV)
    assert table is not None
    return table.decode().replace(f"<{BASE}/id/", "<")


def without_run(table: str) -> str:
    """What differs from run to run, or from version to version of the program, left out; times no longer order."""
    told = re.sub(r'"[^"]*"\^\^<http://www\.w3\.org/2001/XMLSchema#dateTime>', "TIME", table)
    head, *lines = told.replace(f'"{kommungraf.__version__}"', "VERSION").splitlines(keepends=True)
    return head + "".join(sorted(lines) if told != table else lines)


def as_expected(actual: str, golden: Path) -> None:
    if not golden.exists():
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(actual, "utf-8")
        pytest.fail(f"{golden.name} was written: read it, and keep it if it is right")
    assert actual == golden.read_text("utf-8")


def test_there_is_a_query_for_each_of_the_27_questions() -> None:
    assert [path.name[:3] for path in PATHS] == [f"{number:02}-" for number in range(1, 28)]


@each_query
def test_the_header_tells_what_it_asks_in_both_languages(path: Path) -> None:
    example = read(path)
    assert set(example.title) == set(example.description) == {"sv", "en"}
    assert all([*example.title.values(), *example.description.values()])
    assert example.title["sv"] != path.stem


@each_query
def test_parameters_are_values_at_the_top(path: Path) -> None:
    text = path.read_text("utf-8")
    told = re.search(r"^# parameters: (.*)$", text, flags=re.MULTILINE)
    names = re.findall(r"(\w+)=", told[1]) if told else []
    top = [line.strip() for line in text.partition("WHERE {\n")[2].splitlines()]
    inside = [line for line in top if line != "{" and not line.startswith("SELECT") and line != "WHERE {"]
    opening = "\n".join(line for line in inside[: max(1, len(names))] if line.startswith("VALUES"))
    assert [name for name in names if f"?{name}" not in opening] == []


@each_query
def test_a_second_engine_parses_it(path: Path) -> None:
    prepareQuery(path.read_text("utf-8"))


def test_the_examples_of_the_page_on_writing_queries_parse() -> None:
    page = (FOLDER.parents[1] / "docs" / "queries.md").read_text("utf-8")
    blocks = re.findall(r"^```sparql\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        text = block if "SELECT" in block else f"SELECT * {{ ?motion a kg:Motion {block} }}"
        prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in ontology.PREFIXES.items())
        found = ox.Store().query(prefixes + text)
        assert isinstance(found, ox.QuerySolutions) and not list(found)


@each_query
def test_its_terms_are_declared(path: Path) -> None:
    text = path.read_text("utf-8")
    body = re.sub(r"<[^>]*>|#.*", "", text)
    terms = set(re.findall(r"(?<![\w-])kg:(\w+)", body))
    assert terms
    assert {ontology.term(f"kg:{name}") for name in terms} == {ontology.KG[name] for name in terms}
    for prefix, scheme in CONCEPT.findall(text):
        used = set(re.findall(rf"(?<![\w-]){prefix}:([\w-]+)", body))
        assert used
        for notation in used:
            ontology.concept(scheme, notation)


@each_query
def test_the_small_graph_answers_it(path: Path) -> None:
    as_expected(rows(small(), path), HERE / "query_rows" / "graph" / f"{path.name[:2]}.tsv")


def test_the_small_graph_uses_declared_terms_only() -> None:
    graph = (HERE / "query_graph.trig").read_text("utf-8")
    for name in set(re.findall(r"(?<![\w-])kg:(\w+)", graph)):
        ontology.term(f"kg:{name}")


def test_the_quotes_of_the_small_graph_are_as_long_as_they_say() -> None:
    spans = small().query(
        "PREFIX oa: <http://www.w3.org/ns/oa#> SELECT ?span "
        "WHERE { ?span oa:start ?start ; oa:end ?end ; oa:exact ?exact FILTER(?end - ?start != STRLEN(?exact)) }"
    )
    assert isinstance(spans, ox.QuerySolutions)
    assert [str(row["span"]) for row in spans] == []


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ox.Store]:
    """The store that the program itself makes of the sample documents."""
    data = tmp_path_factory.mktemp("samples")
    folders = [str(SAMPLES / "documents"), str(SAMPLES / "refused")]
    done = CliRunner().invoke(kommungraf.main, ["ingest", *folders, "--data", str(data), "--jobs", "1"])
    assert done.exit_code == 0, done.output
    published = open_current(data)
    yield published.store
    published.close()


@each_query
def test_the_sample_documents_answer_it(path: Path, samples: ox.Store) -> None:
    as_expected(without_run(rows(samples, path)), HERE / "query_rows" / "samples" / f"{path.name[:2]}.tsv")

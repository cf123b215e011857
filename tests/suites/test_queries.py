"""The W3C's SPARQL 1.1 query suite (328 tests) and result format suite (10) over HTTP and by the engine alone.

What fails is named in engine_failures.txt, each with its reason. A test that fails over HTTP and not in the engine is
a fault of ours; one that begins or ceases to fail is to be looked at, and the file to be changed.
"""

from pathlib import Path

import pytest

from tests.suites.manifests import NEEDED, SPARQL, query_tests
from tests.suites.queries import NotAnswered, by_engine, graphs, over_http, passes
from tests.suites.service import Served

pytestmark = NEEDED
MANIFESTS = ("manifest-sparql11-query.ttl", "manifest-sparql11-results.ttl")
TESTS = [test for name in MANIFESTS for test in query_tests(name)] if SPARQL.is_dir() else []
NAMED = Path(__file__).with_name("engine_failures.txt")


def named() -> dict[str, str]:
    """The reason of each failure that is known, by the name of the test."""
    lines = [line for line in NAMED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = dict(line.split(": ", 1) for line in lines)
    assert len(found) == len(lines) and all(found.values())
    return found


@pytest.fixture(scope="module")
def engine() -> set[str]:
    """What the engine fails."""
    return {test.name for test in TESTS if not passes(test, by_engine(test, graphs(test)))}


@pytest.fixture(scope="module")
def http(served: Served) -> dict[str, str]:
    """What fails over HTTP, and how. Tests with the same data follow each other: one store for each data."""
    failed: dict[str, str] = {}
    shown: object = None
    version = ""
    for test in sorted(TESTS, key=lambda each: (each.data, each.named)):
        if shown != (test.data, test.named):
            version = served.show(graphs(test))
            shown = (test.data, test.named)
        try:
            found = over_http(test, served, version)
        except NotAnswered as refused:
            failed[test.name] = str(refused)
        else:
            if not passes(test, found):
                failed[test.name] = repr(found)
    return failed


def test_the_suites_are_whole() -> None:
    kinds = [test.kind for test in TESTS]
    assert [kinds.count(f"{kind}SyntaxTest11") for kind in ("Positive", "Negative")] == [63, 40]
    assert len({test.name for test in TESTS}) == len(TESTS) == 328 + 10


def test_the_engine_fails_what_is_named(engine: set[str]) -> None:
    assert engine == set(named())


def test_over_http_the_same_fails(http: dict[str, str], engine: set[str]) -> None:
    assert {name: how for name, how in http.items() if name not in engine} == {}
    assert set(http) == engine


def test_how_many_pass(http: dict[str, str]) -> None:
    of_formats = {name for name in http if name.startswith(("csv-tsv-res/", "json-res/"))}
    assert 328 - len(set(http) - of_formats) >= 318
    assert 10 - len(of_formats) >= 6

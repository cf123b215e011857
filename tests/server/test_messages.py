"""What a client is told when a query fails: one sentence in each language, without a place left open."""

import json
import re

import pytest

from server.asking import QueryFailed
from server.messages import of_failure
from server.sparql import query_text

FAILURES = [
    (QueryFailed("dataset"), 400, "IRI"),
    (QueryFailed("function", function="http://a.example/f"), 400, "http://a.example/f finns"),
    (QueryFailed("function", function="a:f", line=2, column=7), 400, "a:f (rad 2, kolumn 7)"),
    (QueryFailed("refused", what="update"), 403, "INSERT"),
    (QueryFailed("refused", what="service"), 403, "SERVICE"),
    (QueryFailed("not-acceptable", form="graph"), 406, "graf"),
    (QueryFailed("not-acceptable", form="rows"), 406, "rader"),
    (QueryFailed("not-acceptable", form="boolean"), 406, "rader"),
    (
        QueryFailed("unwritable", form="solutions", format="xml", holds="character", value="U+0001"),
        406,
        "XML: U+0001. Det kan hämtas som application/sparql-results+json, text/csv, text/tab-separated-values.",
    ),
    (QueryFailed("unwritable", form="graph", format="rdfxml", holds="predicate", value="<a:1>"), 406, "<a:1>"),
    (QueryFailed("unwritable", form="graph", format="jsonld", holds="triple", value=""), 406, "trippeltermer"),
    (QueryFailed("too-long", bytes=65536), 413, "64 KiB"),
    (QueryFailed("too-deep", depth=100), 400, "100"),
    (QueryFailed("timeout", seconds=0.5), 504, "0.5 s"),
    (QueryFailed("timeout", seconds=10.0), 504, "10 s"),
    (QueryFailed("crash"), 503, "minne"),
    (QueryFailed("too-large", bytes=2**28), 503, "256 MiB"),
    (QueryFailed("too-large", disk=True), 503, "Disken för stora svar"),
    (QueryFailed("too-large", unread=True), 503, "inte är hämtade"),
    (QueryFailed("busy"), 503, "upptagna"),
    (QueryFailed("unavailable"), 503, "ingest"),
    (QueryFailed("unreachable"), 503, "svarar inte"),
    (QueryFailed("engine", message="{seconds"), 500, "inte ditt"),
    (QueryFailed("unheard-of"), 500, "inte ditt"),
]


@pytest.mark.parametrize(("failure", "status", "said"), FAILURES, ids=[f.reason for f, _, _ in FAILURES])
def test_a_failure_is_told_in_both_languages(failure: QueryFailed, status: int, said: str) -> None:
    problem = of_failure(failure, "ASK {}", {})
    assert problem.status == status and said in problem.sv and problem.more["kind"] == failure.reason
    assert problem.more.get("seconds") == failure.details.get("seconds")
    assert problem.sv != problem.en and not re.search("[{}]", problem.sv + problem.en)
    assert bool(problem.headers) == (failure.reason in {"busy", "disk", "unread", "unavailable", "unreachable"})


def test_a_prefix_that_nobody_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "expected one of Prefix not found, ['%'], ['-' | '0' ..= '9']"
    failure = QueryFailed("syntax", line=1, column=17, message=said, undeclared=("zork",))
    monkeypatch.setattr(query_text, "tokens", lambda query: pytest.fail("the query was read beside the engine"))
    problem = of_failure(failure, "SELECT * { ?s a zork:x }", {"kg": "https://w3id.org/kommungraf/ns#"})
    assert problem.sv == "Frågan går inte att läsa på rad 1, kolumn 17: prefixet zork: är inte deklarerat."
    assert problem.en == "The query cannot be read at line 1, column 17: the prefix zork: is declared nowhere."
    assert problem.more["message"] == said and json.loads(problem.json("sv"))["undeclared_prefixes"] == ["zork"]


def test_an_engine_that_tells_no_prefixes() -> None:
    """The beginning of the query is read then, and no more."""
    failure = QueryFailed("syntax", line=1, column=17, message="Prefix not found")
    prefixes = {"kg": "https://w3id.org/kommungraf/ns#"}
    assert of_failure(failure, "SELECT * { ?s a kg:Case }", prefixes).more["missing_prefixes"] == ["kg"]
    assert "missing_prefixes" not in of_failure(failure, "a " * 2000 + "kg:Case", prefixes).more

"""What a client is told when a query fails: one sentence in each language, without a place left open."""

import json
import re

import pytest

from server.asking import QueryFailed
from server.messages import of_failure

FAILURES = [
    (QueryFailed("dataset"), 400, "IRI"),
    (QueryFailed("function", function="http://a.example/f"), 400, "http://a.example/f"),
    (QueryFailed("refused", what="update"), 403, "INSERT"),
    (QueryFailed("refused", what="service"), 403, "SERVICE"),
    (QueryFailed("not-acceptable", form="graph"), 406, "graf"),
    (QueryFailed("not-acceptable", form="rows"), 406, "rader"),
    (QueryFailed("not-acceptable", form="boolean"), 406, "rader"),
    (QueryFailed("too-long", bytes=65536), 413, "64 KiB"),
    (QueryFailed("too-deep", depth=100), 400, "100"),
    (QueryFailed("timeout", seconds=0.5), 504, "0.5 s"),
    (QueryFailed("timeout", seconds=10.0), 504, "10 s"),
    (QueryFailed("crash"), 503, "minne"),
    (QueryFailed("too-large", bytes=2**28), 503, "256 MiB"),
    (QueryFailed("too-large", disk=True), 503, "Disken för stora svar"),
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
    assert bool(problem.headers) == (failure.reason in {"busy", "disk", "unavailable", "unreachable"})


def test_a_prefix_that_nobody_knows_is_named() -> None:
    said = "expected one of Prefix not found, ['%'], ['-' | '0' ..= '9']"
    failure = QueryFailed("syntax", line=1, column=17, message=said)
    problem = of_failure(failure, "SELECT * { ?s a zork:x }", {"kg": "https://w3id.org/kommungraf/ns#"})
    assert problem.sv == "Frågan går inte att läsa på rad 1, kolumn 17: prefixet zork: är inte deklarerat."
    assert problem.en == "The query cannot be read at line 1, column 17: the prefix zork: is declared nowhere."
    assert problem.more["message"] == said and json.loads(problem.json("sv"))["undeclared_prefixes"] == ["zork"]

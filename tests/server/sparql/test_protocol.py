"""What a request asks for, and what is said of one that cannot be understood."""

import pytest

from server.messages import Problem
from server.sparql import protocol, query_text
from server.sparql.protocol import DIRECT, FORM, Asked, Request, read, wants_page
from server.sparql.query_text import first_keyword

LONGEST = 64 * 1024
HTML_TOO = "application/json, text/html;q=0.1"


def posted(body: bytes, content_type: str) -> Asked | Problem:
    return read(Request("POST", b"", content_type, body))


@pytest.mark.parametrize("before", [b"", b"a=1&"])
def test_the_length_of_a_query_is_looked_at_first(before: bytes) -> None:
    fits, longer = b"ASK {} #" + b"x" * (LONGEST - 8), b"ASK {} #" + b"x" * (LONGEST - 7)
    coded = before + b"query=" + b"".join(b"%%%02X" % each for each in fits)
    for got in (posted(fits, DIRECT), posted(coded, FORM), read(Request("GET", before + b"query=ASK"), 3)):
        assert isinstance(got, Asked) and got.query
    non_ascii = before + b"query=" + "å".encode() * (LONGEST // 2 + 1)
    for got in (
        posted(longer, DIRECT),
        posted(b"\xff" * (LONGEST + 1), DIRECT),
        posted(coded + b"x", FORM),
        posted(non_ascii, FORM),
        read(Request("GET", before + b"query=ASK+"), 3),
    ):
        assert isinstance(got, Problem) and (got.status, got.more["kind"]) == (413, "too-long")


def test_only_the_beginning_of_a_query_is_read_for_its_first_keyword(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def keyword(query: str) -> str | None:
        lengths.append(len(query))
        return first_keyword(query)

    monkeypatch.setattr(query_text, "first_keyword", keyword)
    graphs_or_page = "application/sparql-results+json;q=0.9, text/turtle;q=0.1, text/html;q=0.5"
    for prologue, expected in (("", True), ("a: " * 3000, False)):
        asked = posted((prologue + "DESCRIBE <a:a>").encode(), DIRECT)
        assert isinstance(asked, Asked) and wants_page(asked, graphs_or_page) is expected
    asked = posted(b"a: " * (LONGEST // 3), DIRECT)
    assert isinstance(asked, Asked) and not wants_page(asked, HTML_TOO)
    assert max(lengths) <= protocol.PROLOGUE and len(lengths) == 3


@pytest.mark.parametrize(
    "content_type",
    [
        DIRECT + ';a="' + ";" * 80_000,
        DIRECT + "; charset*" + "9" * 90 + "=x",
        DIRECT + '; charset="utf-8',
        "a" * 9000,
    ],
)
def test_a_content_type_that_cannot_be_read_is_told(content_type: str) -> None:
    got = posted(b"ASK {}", content_type)
    assert isinstance(got, Problem) and got.status == 415
    assert "går inte att läsa" in got.sv and "cannot be read" in got.en


@pytest.mark.parametrize("name", ["Query", "QUERY", "query[]", "?query", "%20query", "query+", "query:", "_query_"])
def test_a_parameter_that_is_not_quite_called_query_is_told(name: str) -> None:
    for got in (read(Request("GET", f"{name}=ASK%7B%7D".encode())), posted(f"{name}=ASK+%7B%7D".encode(), FORM)):
        assert isinstance(got, Problem) and got.status == 400
        assert "Parametern heter query" in got.sv and "The parameter is called query" in got.en


@pytest.mark.parametrize("name", ["queries", "query2", "q", "fråga", "", "query" * 5, "query-string"])
def test_other_parameters_are_ignored(name: str) -> None:
    got = read(Request("GET", f"query=ASK%7B%7D&{name}=x".encode()))
    assert isinstance(got, Asked) and got.query == "ASK{}"

"""The log: whole lines of JSON whatever a client sends, and no person in them."""

import hashlib
import json
import logging
import re
import threading
import time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.web import journal
from server.web.journal import BLANK, Asked, Gathered, Journal, Lines, blanked, to_standard_error

CLIENT = "192.0.2.0/24"
NAME = "Karin Lindmark"


class Written:
    """The lines that a journal wrote."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []

    def all(self) -> list[dict[str, Any]]:
        for line in self.raw:
            assert line.endswith(b"\n") and re.fullmatch(rb"[\x20-\x7e]*", line[:-1]), line
        return [json.loads(line) for line in self.raw]


def told(asked: Asked, slow_seconds: float | None = 1.0, slow_text: bool = False) -> list[dict[str, Any]]:
    written = Written()
    Journal(written.raw.append, slow_seconds, slow_text).query(asked, CLIENT)
    return written.all()


def test_a_query_is_one_line_with_its_hash_and_what_it_cost() -> None:
    query = 'SELECT ?s { ?s ?p "å" }'
    (line,) = told(Asked(query, "ok", 200, 0.0123456789, 480, 3, "json"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "info",
        "event": "query",
        "query": hashlib.sha256(query.encode()).hexdigest()[:32],
        "length": 24,
        "outcome": "ok",
        "status": 200,
        "seconds": 0.012346,
        "bytes": 480,
        "rows": 3,
        "format": "json",
        "cached": False,
        "client": CLIENT,
    }


def test_a_request_is_one_line_without_its_path() -> None:
    written = Written()
    Journal(written.raw.append).request("page", "GET", 404, 0.004, 1200, CLIENT)
    (line,) = written.all()
    assert set(line) == {"time", "level", "event", "route", "method", "status", "seconds", "bytes", "client"}
    assert line["event"] == "request" and line["route"] == "page" and line["bytes"] == 1200


@pytest.mark.parametrize("evil", ["\r\n", "\x1b[2J", "\n{}\n", "\0", "\u2028", "\x85", "\x9b", "\ud800", '"}', "\\"])
def test_what_a_client_sends_cannot_break_a_line(evil: str) -> None:
    lines = told(Asked(f"ASK {{ }} # {evil}", evil, 400, 2.0, format=evil), slow_text=True)
    assert [line["event"] for line in lines] == ["query", "slow-query"]
    assert lines[0]["outcome"] == lines[0]["format"] == evil
    written = Written()
    Journal(written.raw.append).request("page", evil, 400, 0.1, 0, evil)
    assert len(written.all()) == 1


@given(st.text(), st.text(), st.floats(0, 100), st.booleans())
def test_any_text_gives_whole_lines(text: str, outcome: str, seconds: float, slow_text: bool) -> None:
    assert len(told(Asked(text, outcome, 200, seconds), 1.0, slow_text)) == 1 + (seconds >= 1)


def test_a_slow_query_is_told_again_as_a_warning_and_without_its_text() -> None:
    query, slow = told(Asked(f'ASK {{ ?s ?p "{NAME}" }}', "timeout", 504, 10.0))
    assert slow["event"] == "slow-query" and slow["level"] == "warning"
    assert slow["query"] == query["query"] and "text" not in slow
    for none in (None, 0):
        assert len(told(Asked("ASK {}", "ok", 200, 50.0), none)) == 1


# The literals of a query in every way to write them; what must stay is what is asked for.
LITERALS = [
    ('?s foaf:name "{}"', '?s foaf:name "…"'),
    ("?s foaf:name '{}'@sv", '?s foaf:name "…"@sv'),
    ('?s foaf:name """a " {} \n "" b"""', '?s foaf:name "…"'),
    ("?s foaf:name '''{}'''^^xsd:string", '?s foaf:name "…"^^xsd:string'),
    ('FILTER(CONTAINS(?n, "\\"{}\\""))', 'FILTER(CONTAINS(?n, "…"))'),
    ('?s ?p "a\\\\" , "{}"', '?s ?p "…" , "…"'),
    ("FILTER(?a<'{}'&&?b>'x')", 'FILTER(?a<"…"&&?b>"…")'),
    ("FILTER(?a<'Karin'&&?b>'Lindmark') # {}", "FILTER(?a<…>"),
    ("?s ?p ?o # {}\n . ?s a ?t", "?s ?p ?o . ?s a ?t"),
    ("?s ?p <http://e/#a> , '{}'", '?s ?p <http://e/#a> , "…"'),
    ("VALUES ?n {{ '{}' \"{}\" }} LIMIT 10", 'VALUES ?n { "…" "…" } LIMIT 10'),
]


@pytest.mark.parametrize(("pattern", "kept"), LITERALS)
def test_a_name_in_a_literal_is_never_written(pattern: str, kept: str) -> None:
    query = f"SELECT * {{ {pattern.format(*[NAME] * pattern.count('{}'))} }}"
    for slow_text in (False, True):
        lines = told(Asked(query, "ok", 200, 2.0), slow_text=slow_text)
        assert "Karin" not in json.dumps(lines) and "Lindmark" not in json.dumps(lines)
        assert lines[1].get("text", BLANK) is None or kept in lines[1].get("text", kept)


@pytest.mark.parametrize(
    "query",
    [
        'ASK { ?s ?p "Karin Lindmark }',
        "ASK { ?s ?p 'Karin\nLindmark' }",
        "ASK { ?s ?p \\u0022Karin Lindmark\\u0022 }",
        'ASK { ?s ?p """Karin "Lindmark }',
    ],
)
def test_where_a_string_ends_nowhere_nothing_is_written(query: str) -> None:
    assert blanked(query) is None
    assert told(Asked(query, "timeout", 504, 2.0), slow_text=True)[1]["text"] is None


def test_a_query_that_cannot_be_read_is_never_written() -> None:
    assert "text" not in told(Asked(f"SELECT {NAME}", "syntax", 400, 2.0), slow_text=True)[1]


def test_long_numbers_are_blanked_and_iris_limits_and_years_are_not() -> None:
    query = (
        "SELECT ?n1234567 { ?s kg:n 191212121212 , 19121212-1212, 0701234567 ; kg:year 2024 ; kg:x1234567 ?n1234567 ."
        " ?s a <http://e/1234567> } LIMIT 1000 OFFSET 20"
    )
    assert blanked(query) == (
        "SELECT ?n1234567 { ?s kg:n … , …, … ; kg:year 2024 ; kg:x1234567 ?n1234567 . ?s a <http://e/1234567> }"
        " LIMIT 1000 OFFSET 20"
    )


QUOTES = st.lists(
    st.sampled_from(["'", '"', "\\", "'''", '"""', "#", "\n", "<", ">", "a", " ", "?x", "&&"]), max_size=12
)


@given(QUOTES, QUOTES, st.sampled_from(["'{}'", '"{}"', "'''{}'''", '"""{}"""']))
def test_a_literal_after_anything_whose_strings_end_is_blanked(
    before: list[str], after: list[str], form: str
) -> None:
    """Whatever stands around it, as long as the strings before it end."""
    assume(blanked("".join(before)) is not None)
    text = blanked("".join(before) + " " + form.format("Karin") + " " + "".join(after))
    assert text is None or "Karin" not in text


def test_what_libraries_log_is_a_line_without_values() -> None:
    def fail(query: str) -> None:
        raise ValueError(f"cannot read {query}")

    try:
        fail(NAME)
    except ValueError as error:
        raised = (type(error), error, error.__traceback__)
    record = logging.LogRecord("asyncio", logging.ERROR, "x.py", 1, f"Task failed\nValueError('{NAME}')", (), raised)
    line = json.loads(Lines().format(record))
    assert line["message"] == "Task failed" and line["exception"] == "ValueError" and "fail:" in line["raised"]
    assert "Karin" not in json.dumps(line) and "\n" not in Lines().format(record)
    record = logging.LogRecord("uvicorn.error", logging.WARNING, "x.py", 1, "bad\x1b request %s", ("x",), None)
    line = json.loads(Lines().format(record))
    assert (line["level"], line["logger"], line["message"]) == ("warning", "uvicorn.error", "bad\x1b request x")


def test_lines_go_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    Journal().event("started", workers=4)
    to_standard_error(b"")
    out, err = capfd.readouterr()
    assert out == "" and json.loads(err)["workers"] == 4


def test_a_line_costs_a_query_little() -> None:
    """A line stays far below what the smallest query costs (100 µs); measured: some 12 µs without the write."""
    written: list[bytes] = []
    journal, best = Journal(written.append), 1.0
    asked = Asked("SELECT * { ?s ?p ?o } LIMIT 10 # " + "x" * 500, "ok", 200, 0.002, 3000, None, "json")
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(1000):
            journal.query(asked, CLIENT)
        best = min(best, (time.perf_counter() - began) / 1000)
    print(f"{best * 1e6:.1f} µs")
    assert best < 80e-6


def test_lines_are_gathered_and_none_is_lost() -> None:
    written: list[bytes] = []
    gathered = Gathered(written.append)
    for number in range(3):
        gathered(b"%d\n" % number)
    time.sleep(0.5)
    gathered(b"last\n")
    gathered.close()
    assert written == [b"0\n1\n2\n", b"last\n"]


def test_a_reader_that_takes_nothing_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST_UNREAD", 1000)
    free, written = threading.Event(), list[bytes]()

    def stuck(content: bytes) -> None:
        free.wait(10)
        written.append(content)

    gathered = Gathered(stuck)
    gathered(b"first\n")
    time.sleep(0.4)
    for _ in range(1000):
        gathered(b"x" * 99 + b"\n")
    free.set()
    time.sleep(0.8)
    gathered(b"later\n")
    gathered.close()
    told = b"".join(written)
    assert told.startswith(b"first\n") and b"later\n" in told and b'"event": "dropped"' in told
    assert told.count(b"x\n") < 20

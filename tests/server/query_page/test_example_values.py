"""Values of an example's parameters: read from a query, written into it, and never more than values."""

import time

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.asking import Term
from server.query_page.example_values import XSD, meant, shown, values_in, with_values
from server.query_page.examples import Example, Parameter, examples

BODY = Parameter("bodyName", {"sv": "organ", "en": "body"}, "sv", False)
YEAR = Parameter("year", {"sv": "år", "en": "year"}, "integer", True)
QUERY = """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
# VALUES ?bodyName { "not this" }
SELECT * WHERE {
  VALUES ?bodyName { "Socialnämnden"@sv }
  values ?year { UNDEF }
  VALUES (?date ?paragraph) { ("2024-05-21"^^xsd:date 5) }
}"""
DATE = Parameter("date", {"sv": "dag", "en": "day"}, "date", False)
PARAGRAPH = Parameter("paragraph", {"sv": "paragraf", "en": "paragraph"}, "integer", False)
ALL = (BODY, YEAR, DATE, PARAGRAPH)


def test_the_values_of_a_query_are_read_as_the_engine_reads_them() -> None:
    assert values_in(QUERY, ALL) == {
        "bodyName": (Term("literal", "Socialnämnden", "sv"),),
        "year": (),
        "date": (Term("literal", "2024-05-21", None, XSD + "date"),),
        "paragraph": (Term("literal", "5", None, XSD + "integer"),),
    }
    assert (
        values_in("SELECT * { VALUES ?bodyName { broken", ALL)
        == values_in("SELECT * { VALUES ?bodyName { ?x } }", ALL)
        == {}
    )


def test_values_are_written_where_they_stood() -> None:
    values = values_in(QUERY, ALL) | {
        "bodyName": (Term("literal", "Raad"), Term("literal", "Rat", "de")),
        "year": (Term("literal", "2023", None, XSD + "integer"),),
        "date": (Term("literal", "2023-01-09", None, XSD + "date"),),
    }
    written = with_values(QUERY, values)
    assert 'VALUES ?bodyName { "Raad" "Rat"@de }' in written and "VALUES ?year { 2023 }" in written
    assert f'VALUES (?date ?paragraph) {{ ("2023-01-09"^^<{XSD}date> 5) }}' in written
    assert '# VALUES ?bodyName { "not this" }' in written
    assert values_in(written, ALL)["bodyName"] == (Term("literal", "Raad"), Term("literal", "Rat", "de"))


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_whatever_is_written_stays_one_value(text: str) -> None:
    value = Term("literal", text, "sv")
    written = with_values(QUERY, values_in(QUERY, ALL) | {"bodyName": (value,)})
    found = ox.Store().query(written)
    assert isinstance(found, ox.QuerySolutions)
    (row,) = found
    name = row["bodyName"]
    assert isinstance(name, ox.Literal) and name.value == text
    assert [str(each) for each in found] == []


@pytest.mark.parametrize(
    "kind, text, value",
    [
        ("sv", ' Nämnden "A" } # ', Term("literal", 'Nämnden "A" } #', "sv")),
        ("string", "x\\", Term("literal", "x\\")),
        ("integer", "2024", Term("literal", "2024", None, XSD + "integer")),
        ("integer", "2024 }", None),
        ("integer", "٢٠٢٤", None),
        ("date", "2024-05-21", Term("literal", "2024-05-21", None, XSD + "date")),
        ("date", "2024-02-31", None),
        ("gYear", "2024", Term("literal", "2024", None, XSD + "gYear")),
        ("gYear", "24", None),
        ("dateTime", "2024-05-21", Term("literal", "2024-05-21T00:00:00Z", None, XSD + "dateTime")),
        ("dateTime", "soon", None),
        ("iri", "https://a.example/b", Term("iri", "https://a.example/b")),
        ("iri", "https://a.example/> } DROP ALL #", None),
        ("iri", "not an iri", None),
        ("string", "", None),
        ("string", "x" * 1001, None),
    ],
)
def test_what_a_reader_writes(kind: str, text: str, value: Term | None) -> None:
    parameter = Parameter("x", {"sv": "x", "en": "x"}, kind, False)
    assert meant(parameter, text, ()) == (None if value is None else (value,))


def test_a_known_value_keeps_its_language_and_nothing_means_any() -> None:
    known = (Term("literal", "Gemeenteraad", "nl"),)
    assert meant(BODY, "Gemeenteraad", known) == known
    assert meant(YEAR, "  ", ()) == ()
    several = meant(Parameter("subject", {}, "string", False), "bänk | park", ())
    assert several == (Term("literal", "bänk"), Term("literal", "park")) and shown(several) == "bänk | park"


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_every_parameter_of_every_example_stands_in_its_query(example: Example) -> None:
    values = values_in(example.text, example.parameters)
    assert list(values) == [each.name for each in example.parameters]
    for each in example.parameters:
        assert each.label["sv"] and each.label["en"]
        assert values[each.name] or each.optional, f"{each.name} has no value and may not be empty"
        if values[each.name]:
            assert meant(each, shown(values[each.name]), ()) == values[each.name]
    again = with_values(example.text, values)
    assert values_in(again, example.parameters) == values


@pytest.mark.parametrize(
    "query",
    [
        "VALUES ?x {" * 5900,
        "VALUES ?x {" * 5900 + "}",
        'VALUES ?bodyName { "a" }' * 2700,
        "VALUES ?bodyName {" + '"a" ' * 16000 + "}",
    ],
)
def test_a_query_made_to_be_slow_is_read_quickly(query: str) -> None:
    began = time.process_time()
    with_values(query, values_in(query, ALL))
    assert time.process_time() - began < 4

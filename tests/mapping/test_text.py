"""The canonical text: spans, lines and pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.text import Line, Span, Text


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 5), (6, 5), (-1, 3)])
def test_a_span_is_neither_empty_nor_reversed(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(start, end)


def test_spans_are_ordered_by_place() -> None:
    assert sorted([Span(5, 6), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(5, 6)]


def test_lines_know_where_they_stand() -> None:
    assert list(Text("§ 1\n\n Beslut \n").lines()) == [Line("§ 1", 0), Line("", 4), Line(" Beslut ", 5), Line("", 14)]


@given(st.text())
def test_lines_quote_the_text_and_lose_nothing(canonical: str) -> None:
    lines = list(Text(canonical).lines())
    assert all(canonical[line.start : line.end] == line.text for line in lines)
    assert "\n".join(line.text for line in lines) == canonical


def test_pages() -> None:
    text = Text("ett\ntvå\ntre\n", "pdf", (0, 4, 8))
    assert text.page_count == 3
    assert [text.page_of(offset) for offset in (0, 3, 4, 7, 8, 11)] == [1, 1, 2, 2, 3, 3]


def test_unknown_pages() -> None:
    assert Text("ett").page_count is None
    assert Text("ett").page_of(1) is None

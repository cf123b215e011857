"""What is counted of a store that was loaded."""

import pyoxigraph as ox
import pytest

from server.storage import load

ODD = {
    "a name that is escaped": '<a:1> <a:b> "x" <https://data.example/id/\\u00e5> .\n',
    "two lines that are one number": '<a:1> <a:b> "1.50"^^<X#decimal> <a:g> .\n<a:1> <a:b> "1.5"^^<X#decimal> <a:g> .\n',
    "a line twice": "<a:1> <a:b> <a:c> <a:g> .\n" * 2,
}


@pytest.mark.parametrize("name", ODD)
def test_graphs_are_counted_where_their_lines_do_not_tell(name: str) -> None:
    content = ODD[name].replace("X", "http://www.w3.org/2001/XMLSchema").encode()
    opened = ox.Store()
    loaded = load.bulk_load(opened, [("a.nq", content), ("b.nq", b"<a:2> <a:b> <a:c> <a:g> .\n")])
    counts = load.count(opened, loaded)
    assert counts.graphs == {
        graph.value: sum(1 for _ in opened.quads_for_pattern(None, None, None, graph))
        for graph in opened.named_graphs()
    }
    assert counts == load.count(opened)


def test_a_bare_carriage_return_is_no_end_of_a_line() -> None:
    content = b"<a:1> <a:b> <a:c> <a:g> .\r<a:2> <a:b> <a:c> <a:g> .\n"
    with pytest.raises(ValueError, match="a.nq, line 1"):
        load.bulk_load(ox.Store(), [("a.nq", content)])


def test_a_class_that_is_no_iri_is_not_counted() -> None:
    opened = ox.Store()
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    lines = f'<a:1> {kind} "a text" <a:g> .\n<a:1> {kind} <a:c> <a:g> .\n'
    loaded = load.bulk_load(opened, [("a.nq", lines.encode())])
    counts = load.count(opened, loaded)
    assert (counts.classes, counts.triples) == ({"a:c": 1}, 2)

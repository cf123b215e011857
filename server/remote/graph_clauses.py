"""The GRAPH clauses of a query, as its text has them: what they name, and how to say the same otherwise."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.sparql.query_text import Token, tokens

ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Clause:
    """`GRAPH name { … }`: its name, and where the whole begins and ends."""

    name: Token
    start: int
    end: int


def hide(query: str, graphs: Iterable[str]) -> str:
    """The query with `GRAPH ?g { … }` written as `{ GRAPH ?g { … } FILTER(?g NOT IN (<hidden>)) }`.

    A group is joined as its one member would be (SPARQL 1.1, 18.2.2.6), so nothing else changes; the text stays on
    its lines. A query whose braces do not match is left as it is: the engine will say so.
    """
    return _changed(query, hiding(query, graphs))


def hiding(query: str, graphs: Iterable[str]) -> list[tuple[int, int, str]]:
    """What `hide` puts into the query: where, there again, and the text."""
    listed = ", ".join(f"<{graph}>" for graph in graphs)
    return [
        change
        for clause in clauses(query)
        if clause.name.kind == "variable"
        for change in (
            (clause.start, clause.start, "{ "),
            (clause.end, clause.end, f" FILTER({clause.name.text} NOT IN ({listed})) }}"),
        )
    ]


def named(query: str) -> tuple[str, ...] | None:
    """The graphs that the clauses name; None where one of them is a variable, or no absolute IRI."""
    names = [clause.name for clause in clauses(query)]
    if not all(name.kind == "iri" and ABSOLUTE.match(name.text) for name in names):
        return None
    return tuple(dict.fromkeys(name.text[1:-1] for name in names))


def with_variables(query: str) -> str:
    """The query with `GRAPH <g> { … }` written as `{ GRAPH ?graph1 { … } FILTER(?graph1 = <g>) }`."""
    changes: list[tuple[int, int, str]] = []
    for number, clause in enumerate(clauses(query), 1):
        if clause.name.kind != "variable":
            fresh, name = f"?kommungraf_graph_{number}", clause.name
            changes += [(clause.start, clause.start, "{ "), (name.start, name.end, fresh)]
            changes.append((clause.end, clause.end, f" FILTER({fresh} = {name.text}) }}"))
    return _changed(query, changes)


def clauses(query: str) -> Iterator[Clause]:
    """Every GRAPH clause of a query, outer ones before those in them."""
    found = list(tokens(query))
    for place, token in enumerate(found[:-2]):
        name, opening = found[place + 1], found[place + 2]
        if token.kind == "word" and token.text.upper() == "GRAPH" and opening.text == "{":
            end = _closing(found, place + 2)
            if end is not None:
                yield Clause(name, token.start, end)


def _closing(found: list[Token], opening: int) -> int | None:
    """Where the group that opens there has ended."""
    depth = 0
    for token in found[opening:]:
        if token.kind == "other" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
            if depth == 0:
                return token.end
    return None


def _changed(query: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """The query with other texts from there to there."""
    for start, end, text in sorted(changes, reverse=True):
        query = query[:start] + text + query[end:]
    return query

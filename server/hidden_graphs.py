"""Named graphs that are no data: kept out of what GRAPH with a variable ranges over, by the text of a query."""

from collections.abc import Iterable

from server.query_text import Token, tokens


def hide(query: str, graphs: Iterable[str]) -> str:
    """The query with `GRAPH ?g { … }` written as `{ GRAPH ?g { … } FILTER(?g NOT IN (<hidden>)) }`.

    By SPARQL 1.1 (18.2.2.2) a group is joined as its one member would be, so nothing else changes; the text stays on
    its lines. A query whose braces do not match is returned as it is: the engine will say so.
    """
    listed = ", ".join(f"<{graph}>" for graph in graphs)
    found = list(tokens(query))
    inserts: list[tuple[int, str]] = []
    for place, token in enumerate(found[:-2]):
        name, opening = found[place + 1], found[place + 2]
        if token.kind != "word" or token.text.upper() != "GRAPH" or name.kind != "variable" or opening.text != "{":
            continue
        end = _closing(found, place + 2)
        if end is None:
            return query
        inserts += [(token.start, "{ "), (end, f" FILTER({name.text} NOT IN ({listed})) }}")]
    for at, text in sorted(inserts, reverse=True):
        query = query[:at] + text + query[at:]
    return query


def _closing(found: list[Token], opening: int) -> int | None:
    """Where the group that opens there has ended."""
    depth = 0
    for token in found[opening:]:
        if token.kind == "other" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
            if depth == 0:
                return token.end
    return None

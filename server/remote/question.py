"""A query as it is sent to an engine elsewhere: what may be asked there, and of which graphs."""

from dataclasses import dataclass
from typing import Final

from server.asking import Query, QueryFailed
from server.remote import graph_clauses, reach
from server.remote.dialect import MARKER, NOTHING, Dialect
from server.remote.marker import Marker
from server.sparql import query_text

FORMS: Final = {"SELECT": "solutions", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
DEEPEST: Final = 100  # brackets in each other
LONGEST: Final = 1500  # what follows on each other, weighed
WEIGHTS: Final = (
    dict.fromkeys(("AS", "EXISTS", "FILTER", "GRAPH", "MINUS", "OPTIONAL", "SELECT", "UNION", "VALUES"), 6)
    | dict.fromkeys("!+-*/|&^<", 3)
    | dict.fromkeys(".;,", 1)
)
"""An engine reads and plans a query by recursion: each of these is a step deeper, and where its stack ends, it ends
for everybody. The limits are half of what ended the Oxigraph server 0.5, or less."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is sent: the parameters of SPARQL 1.1 Protocol 2.1, and the form of the result that is expected.

    `own` is the query as it was asked, and `put_in` where in it how many characters were put in."""

    parameters: tuple[tuple[str, str], ...]
    form: str
    own: str = ""
    put_in: tuple[tuple[int, int], ...] = ()

    def told(self, failed: QueryFailed) -> QueryFailed:
        """A failure with its place in the query as it was asked."""
        line, column = failed.details.get("line"), failed.details.get("column")
        lines = dict(self.parameters)["query"].split("\n")
        if not self.own or not line or not column or line > len(lines):
            return failed
        at = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
        for start, length in self.put_in:
            at = at - length if at >= start + length else min(at, start)
        line, column = query_text.place(self.own, at)
        return QueryFailed(failed.kind, **failed.details | {"line": line, "column": column})


def form_of(query: str, known: Dialect, most: int) -> str:
    """The form of a query that may be sent: "solutions", "boolean" or "graph". Raises QueryFailed.

    What is refused here would also be refused by an account without rights there; Virtuoso's built-in functions
    would not.
    """
    if len(query.encode("utf-8", "surrogatepass")) > most:
        raise QueryFailed("too-long", bytes=most)
    what = query_text.refused(query) or ("service" if reach.beyond(query) else None)
    if what:
        raise QueryFailed("refused", what=what)
    if _too_deep(query):
        raise QueryFailed("too-deep", depth=DEEPEST)
    door = known.back_door(query)
    if door:
        raise _syntax(f"{door[:60]} is not SPARQL 1.1")
    missing = query_text.undeclared_at(query)
    if missing:
        raise _syntax(f"Prefix not found: {next(iter(missing))}", *next(iter(missing.values())), tuple(missing))
    form = FORMS.get(query_text.first_keyword(query) or "")
    if form is None:
        raise _syntax("expected SELECT, ASK, CONSTRUCT or DESCRIBE")
    return form


def asking(query: Query, form: str, known: Dialect, loaded: Marker, base: str | None) -> Asking:
    """A query, of the graphs that it names or else of what was loaded. Raises QueryFailed."""
    text, default, named = query.text, list(query.default), list(query.named)
    own = query_text.dataset(text)
    if default or named:
        text = query_text.without(text, own.clauses)
    elif own.clauses and own.resolved:
        text, default, named = query_text.without(text, own.clauses), list(own.default), list(own.named)
    elif own.clauses:
        raise QueryFailed("dataset", message="write the IRIs of FROM and FROM NAMED in full")
    if known.merge == "graph" and not default and not named:  # a graph that a clause names must be in the dataset
        of_clauses = graph_clauses.named(text)
        text = graph_clauses.with_variables(text) if of_clauses is None else text
        default, named = [loaded.merge], list(of_clauses or ())
    elif known.merge == "graph":  # what is not told is empty, not everything
        default, named = default or [NOTHING], named or [NOTHING]
    start = f"BASE <{base}> " if base else ""
    put_in = [(0, len(start))]
    if not named:
        hidden = (MARKER, *known.own_graphs, *((loaded.merge,) if loaded.merge else ()))
        put_in += sorted((where, len(put)) for where, _, put in graph_clauses.hiding(text, hidden))
        text = graph_clauses.hide(text, hidden)
    if known.merge == "graph" and len(set(default)) > 1:
        raise QueryFailed("dataset", message="this engine counts a triple once in each of several default graphs")
    graphs = [("default-graph-uri", each) for each in dict.fromkeys(default)]
    graphs += [("named-graph-uri", each) for each in dict.fromkeys(named)]
    return Asking(
        (("query", start + text), *graphs), form, "" if known.merge == "graph" else query.text, tuple(put_in)
    )


def _too_deep(query: str) -> bool:
    depth = length = 0
    for token in query_text.tokens(query):
        if token.kind == "other":
            depth += (token.text in "{([") - (token.text in "})]")
        if token.kind in {"other", "word"}:
            length += WEIGHTS.get(token.text.upper(), 0)
        if depth > DEEPEST or length > LONGEST:
            return True
    return False


def _syntax(
    message: str, line: int | None = None, column: int | None = None, undeclared: tuple[str, ...] = ()
) -> QueryFailed:
    return QueryFailed("syntax", line=line, column=column, message=message, undeclared=undeclared)

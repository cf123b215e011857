"""What differs between SPARQL 1.1 engines: where the merge of all graphs stands, and what they have of their own."""

import re
from dataclasses import dataclass
from typing import Final

from server import query_text

MARKER: Final = "urn:kommungraf:loaded"  # the graph that tells what was loaded
MERGE: Final = "urn:kommungraf:merge:"  # and the version: the graph that stands for the default graph
NOTHING: Final = "urn:kommungraf:nothing"  # a graph that nobody fills


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine's ways.

    `merge` tells what a query's default graph is: "own", a graph of its own that we load; "graph", the union of all
    graphs with a triple counted in each, so that every query names a graph with the merge instead; "union", that
    union with each triple once, which needs no loading. `time` is the request parameter that limits a query, as
    (name, text with {seconds} or {milliseconds}). `cut` are response headers that say that rows are missing.
    `graphs` turns the address for queries into that of the Graph Store Protocol. `own_graphs` come with the engine.
    """

    name: str
    merge: str
    time: tuple[str, str] | None = None
    cut: tuple[str, ...] = ()
    graphs: tuple[str, str] = (r"\Z", "")
    own_graphs: tuple[str, ...] = ()
    doors: re.Pattern[str] | None = None
    server: str = ""

    def graph_store(self, query_address: str) -> str:
        """Where the engine's Graph Store Protocol is, as its documentation has it."""
        pattern, instead = self.graphs
        return re.sub(pattern, instead, query_address, count=1)

    def back_door(self, query: str) -> str | None:
        """What in a query is no SPARQL 1.1 but would reach the engine's own functions, or None."""
        if self.doors is None:
            return None
        for place, token in enumerate(query_text.tokens(query)):
            if token.kind == "word" and place == 0 and token.text.upper() == "DEFINE":
                return token.text
            if token.kind == "other" and token.text == "`":
                return token.text
            if token.kind in {"iri", "name"} and self.doors.match(token.text.lstrip("<")):
                return token.text
        return None


DIALECTS: Final = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            "virtuoso",
            "graph",
            ("timeout", "{milliseconds}"),
            ("X-SQL-State", "X-SPARQL-MaxRows"),  # "anytime" results: 200, and what was found until then
            (r"/sparql/?\Z", "/sparql-graph-crud-auth"),
            (
                "http://www.openlinksw.com/schemas/virtrdf#",
                "http://www.w3.org/ns/ldp#",
                "http://www.w3.org/2002/07/owl#",
                "http://localuriqaserver/sparql",
            ),
            re.compile(r"(bif|sql|virt\w*|\w*virtrdf\w*|http://www\.openlinksw\.com/)(:|/|\b)", re.IGNORECASE),
            "Virtuoso",
        ),
        Dialect("oxigraph", "own", graphs=(r"/query/?\Z", "/store"), server="oxigraph"),
        Dialect("fuseki", "own", ("timeout", "{seconds}"), graphs=(r"/(query|sparql)/?\Z", "/data"), server="Fuseki"),
        Dialect(
            "graphdb", "union", ("timeout", "{seconds}"), graphs=(r"/?\Z", "/rdf-graphs/service"), server="GraphDB"
        ),
        Dialect("qlever", "union", ("timeout", "{seconds}s"), server="QLever"),
        Dialect("neptune", "union", ("queryTimeout", "{milliseconds}"), graphs=(r"/?\Z", "/gsp/")),
    )
}


def of_server(header: str) -> Dialect | None:
    """The dialect of an engine that names itself in the header Server, or None."""
    named = (each for each in DIALECTS.values() if each.server)
    return next((each for each in named if each.server.lower() in header.lower()), None)

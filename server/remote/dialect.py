"""What differs between SPARQL 1.1 engines: where the merge of all graphs stands, and what they have of their own."""

import re
from dataclasses import dataclass
from typing import Final

MARKER: Final = "urn:kommungraf:loaded"  # the graph that tells what was loaded
MERGE: Final = "urn:kommungraf:merge:"  # and the version: the graph that stands for the default graph
ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")  # SPARQL 1.1, 19.2
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
        """What in a query would reach the engine's own functions and switches, or None.

        It is looked for in all of the text, comments and strings too: what an engine takes for a string is its
        own affair, and `bif:http_get` fetches any address although SERVICE is forbidden.
        """
        if self.doors is None:
            return None
        found = self.doors.search(unescaped(query))
        return found.group() if found else None


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
            re.compile(r"\b(bif|sql|get|virt\w*)\s*:|\bdefine\s+\w+\s*:|`|openlinksw", re.IGNORECASE),
            "Virtuoso",
        ),
        Dialect("oxigraph", "own", graphs=(r"/query/?\Z", "/store"), server="oxigraph"),
        Dialect("fuseki", "own", ("timeout", "{seconds}"), graphs=(r"/(query|sparql)/?\Z", "/data"), server="Fuseki"),
        Dialect(
            "graphdb", "union", ("timeout", "{seconds}"), graphs=(r"/?\Z", "/rdf-graphs/service"), server="GraphDB"
        ),
        Dialect("qlever", "union", ("timeout", "{seconds}s"), server="QLever"),
        Dialect("neptune", "union", graphs=(r"/?\Z", "/gsp/")),
    )
}


def unescaped(query: str) -> str:
    """A query whose escapes stand for their characters everywhere, as some engines read it."""
    return ESCAPE.sub(lambda escape: chr(int(escape[1] or escape[2], 16) % 0x110000), query)


def of_server(header: str) -> Dialect | None:
    """The dialect of an engine that names itself in the header Server, or None."""
    named = (each for each in DIALECTS.values() if each.server)
    return next((each for each in named if each.server.lower() in header.lower()), None)

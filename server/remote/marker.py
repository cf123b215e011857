"""The graph in an engine elsewhere that tells what was loaded there: the version, and the digest of each graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.asking import Rows
from server.remote.dialect import MARKER

NS: Final = "urn:kommungraf:loaded#"
QUERY: Final = f"SELECT ?s ?p ?o {{ GRAPH <{MARKER}> {{ ?s ?p ?o }} }}"
HEAD: Final = f"SELECT ?s ?p ?o {{ GRAPH <{MARKER}> {{ VALUES ?s {{ <{MARKER}> }} ?s ?p ?o }} }}"


@dataclass(frozen=True, slots=True)
class Marker:
    """What was loaded. `merge` is the graph with the merge of all graphs, or empty where the engine needs none."""

    version: str
    base: str
    merge: str
    digests: Mapping[str, str]

    def ntriples(self) -> bytes:
        """The graph, as it is loaded."""
        told = {"version": self.version, "base": self.base, "merge": self.merge}
        lines = [f'<{MARKER}> <{NS}{name}> "{value}" .\n' for name, value in told.items()]
        lines += [f'<{graph}> <{NS}digest> "{digest}" .\n' for graph, digest in sorted(self.digests.items())]
        return "".join(lines).encode()


def read(rows: Rows) -> Marker | None:
    """The marker of the answer to QUERY, or of that to HEAD without digests; None where there is none."""
    told: dict[str, str] = {}
    digests: dict[str, str] = {}
    for subject, name, value in rows.rows:
        if subject and name and value and subject.value == MARKER:
            told[name.value.removeprefix(NS)] = value.value
        elif subject and value:
            digests[subject.value] = value.value
    if not {"version", "base", "merge"} <= told.keys():
        return None
    return Marker(told["version"], told["base"], told["merge"], digests)

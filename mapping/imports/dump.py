"""The N-Quads dump of another Kommungraf: its graphs and identities as they are.

Left out is what this program brings itself or makes anew: the vocabulary and its concepts, the default graph, and
what the other took in from us.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from mapping.imports.sources import Source, broken
from mapping.records import Refused

_GRAPH: Final = re.compile(r"(https?://[^/].*)/id/graph/(.+)")
VOCABULARY: Final = (
    *("https://w3id.org/kommungraf/", "http://www.w3.org/", "http://purl.org/", "http://xmlns.com/"),
    *("http://rdfs.org/", "http://schema.org/"),
)
"""Where all that our vocabulary speaks of begins: no source may say more of it."""
PERSON: Final = re.compile(r"<([^<>\s]+/id/person/[^<>\s]+)>")
OURS: Final = ("ontology", "alignments")
"""Graphs that every Kommungraf brings itself: its vocabulary, and how that stands to others."""
SHARED: Final = ("authority", "persons", "ledger", "reports", "corrections", "renamed")
"""Graphs that are about all documents of a Kommungraf, and none of them."""


@dataclass(frozen=True, slots=True)
class Dump:
    """Lines of N-Quads by the name of their graph, and how many were left out."""

    graphs: dict[str, list[str]]
    left_out: int


def graphs(source: Source, base: str) -> Dump | Refused:
    """The graphs of a dump that may stand beside those of a base, or why it is refused."""
    kept: dict[str, list[str]] = defaultdict(list)
    bases: set[str] = set()
    left_out = 0
    for name, content in source.files:
        try:
            for quad in ox.parse(content, format=ox.RdfFormat.N_QUADS):
                if isinstance(quad.graph_name, ox.DefaultGraph):
                    left_out += 1
                    continue
                graph = _GRAPH.fullmatch(quad.graph_name.value) if isinstance(quad.graph_name, ox.NamedNode) else None
                if graph is None:
                    return _no_dump(name, str(quad.graph_name))
                theirs, local = graph[1], graph[2]
                bases.add(theirs)
                if theirs == base or local in OURS:
                    left_out += 1
                    continue
                if not (
                    isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal)
                ):
                    return broken(name, f"{quad.subject} är en tom nod, och Kommungraf har inga",
                                  f"{quad.subject} is a blank node, and a Kommungraf has none")  # fmt: skip
                subject = quad.subject.value
                if subject.startswith(f"{theirs}/id/") or (
                    local.endswith("/original") and not subject.startswith((f"{base}/", *VOCABULARY))
                ):
                    kept[quad.graph_name.value].append(f"{quad} .\n")
                elif subject.startswith(VOCABULARY) and local == "authority":
                    left_out += 1
                elif not subject.startswith(base) and re.match(r"https?://.+/id/graph/", subject):
                    kept[quad.graph_name.value].append(f"{quad} .\n")  # what they say of graphs that they took in
                else:
                    return broken(name, f"{subject} är inte en av dess egna IRI:er, som börjar med {theirs}/id/",
                                  f"{subject} is none of its own IRIs, which begin with {theirs}/id/")  # fmt: skip
        except (SyntaxError, ValueError) as error:
            return broken(name, f"raderna är inte N-Quads ({error})", f"its lines are no N-Quads ({error})")
    if not kept:
        return nothing(base) if base in bases else _no_dump(source.files[0][0] if source.files else "–", "–")
    return Dump(dict(kept), left_out)


def parts(dump: Dump) -> Iterator[tuple[str, str]]:
    """Each graph of a document, to be judged, and what the dump says of the persons in it."""
    persons: dict[str, list[str]] = defaultdict(list)
    for graph, lines in dump.graphs.items():
        if graph.endswith("/id/graph/persons"):
            for line in lines:
                persons[line[1 : line.index(">")]].append(line)
    for graph, lines in dump.graphs.items():
        if graph.rpartition("/id/graph/")[2] not in SHARED and not graph.endswith("/original"):
            text = "".join(lines)
            named = sorted(set(PERSON.findall(text)) & persons.keys())
            yield text, "".join(line for iri in named for line in persons[iri])


def _no_dump(name: str, graph: str) -> Refused:
    return Refused(
        "unknown-format",
        f"{name} är ingen dump från en Kommungraf: grafen {graph} heter inte BAS/id/graph/…. Ange formatet med --as.",
        f"{name} is no dump of a Kommungraf: the graph {graph} is not BASE/id/graph/…. Give the format with --as.",
    )


def nothing(base: str) -> Refused:
    return Refused(
        "own-base",
        f"Alla grafer i dumpen börjar med datamappens egen bas {base}: identiteterna skulle blandas. Läs tillbaka "
        "egna data med kommungraf restore, eller be den andra att välja en egen bas.",
        f"All graphs of the dump begin with the data folder's own base {base}: identities would be mixed. Bring your "
        "own data back with kommungraf restore, or ask the other to choose a base of their own.",
    )

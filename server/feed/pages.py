"""The text of the change feed: a Linked Data Event Stream (LDES 1.0, TREE), written as TriG.

A member is a version of a record: what the default graph says of one subject, in a named graph that has the IRI of
the member; a deletion has none. IRIs of pages are relative, those of members and records are under the base.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from server.feed.index import Page

Kind = Literal["Create", "Update", "Delete"]

POLL: Final = 300  # seconds after which to look again is soon enough: a municipality publishes some times a day
PREFIXES: Final = {
    "as": "https://www.w3.org/ns/activitystreams#",
    "dcterms": "http://purl.org/dc/terms/",
    "ldes": "https://w3id.org/ldes#",
    "sh": "http://www.w3.org/ns/shacl#",
    "tree": "https://w3id.org/tree#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEMBER: Final = re.compile(rb"v:(\d+) a as:(\w+) ; dcterms:isVersionOf r:(\d+) ;")


class Member(NamedTuple):
    """A member as it stands in a page: its number, what it tells, its record, and its text."""

    number: int
    kind: str
    record: int
    text: bytes


def member(number: int, kind: Kind, record: int, created: str, iri: str, triples: bytes) -> bytes:
    """The text of a member; `triples` in N-Triples, one a line. A deletion says not even the IRI."""
    head = f'v:{number} a as:{kind} ; dcterms:isVersionOf r:{record} ; dcterms:created "{created}"^^xsd:dateTime'
    listed = f"<../feed#stream> tree:member v:{number} .\n\n"
    if kind == "Delete":
        return f"{head} .\n{listed}".encode()
    return f"{head} ; as:object <{iri}> .\nv:{number} {{\n".encode() + triples + f"}}\n{listed}".encode()


def members(page: bytes) -> Iterator[Member]:
    """The members of a page, which stand between empty lines."""
    for block in page.split(b"\n\n"):
        found = _MEMBER.match(block)
        if found:
            yield Member(int(found[1]), found[2].decode(), int(found[3]), block + b"\n\n")


def page(base: str, epoch: str, name: str, texts: Sequence[bytes]) -> bytes:
    """A page: a tree:Node that no relation leads on from."""
    own = {"v": f"{base}/feed/member/{epoch}-", "r": f"{base}/feed/record/{epoch}-"}
    head = f"{_prefixes(own)}<../feed#stream> tree:view <../feed> .\n<{name}> a tree:Node .\n\n"
    return head.encode() + b"".join(texts)


def root(epoch: str, pages: Sequence[Page]) -> bytes:
    """The stream, its contract, and the root node, with relations to every page that has members."""
    there = [page for page in pages if page.members]
    return "".join((_prefixes({}), _STREAM, *(_relation(page, page.name(epoch)) for page in there))).encode()


def _prefixes(own: dict[str, str]) -> str:
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in (PREFIXES | own).items()) + "\n"


def _relation(page: Page, name: str) -> str:
    """Between which times the members of a page are; of the page that still grows, from when on."""
    bounds = [("GreaterThanOrEqualTo", "from", page.lower)]
    if page.closed:
        bounds.append(("LessThanOrEqualTo", "to", page.upper))
    return "".join(
        f"<feed> tree:relation <feed#{name}-{bound}> .\n<feed#{name}-{bound}> a tree:{kind}Relation ; "
        f'tree:path dcterms:created ; tree:value "{value}"^^xsd:dateTime ; tree:node <feed/{name}> .\n'
        for kind, bound, value in bounds
    )


_STREAM: Final = f"""<feed#stream> a ldes:EventStream ;
  dcterms:title "Ändringar i grafen"@sv , "Changes of the graph"@en ;
  tree:view <feed> ; tree:shape <feed#shape> ;
  ldes:timestampPath dcterms:created ; ldes:versionOfPath dcterms:isVersionOf ;
  ldes:versionCreateObject as:Create ; ldes:versionUpdateObject as:Update ; ldes:versionDeleteObject as:Delete ;
  ldes:pollingInterval {POLL} .
<feed> a tree:Node , ldes:EventSource ; ldes:retentionPolicy <feed#retention> .
<feed#retention> a ldes:RetentionPolicy ; ldes:versionAmount 1 .
<feed#shape> a sh:NodeShape ; sh:property <feed#shape-created> , <feed#shape-record> , <feed#shape-object> .
<feed#shape-created> sh:path dcterms:created ; sh:datatype xsd:dateTime ; sh:minCount 1 ; sh:maxCount 1 .
<feed#shape-record> sh:path dcterms:isVersionOf ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 .
<feed#shape-object> sh:path as:object ; sh:nodeKind sh:IRI ; sh:maxCount 1 .
"""

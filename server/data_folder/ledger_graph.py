"""The ledger as a graph: what became of each document. The only published quads that hold a time of reading."""

import json
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ontology import KG, concept
from server.data_folder.ledger import Entry, Removed

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FOAF_DOCUMENT = "http://xmlns.com/foaf/0.1/Document"
PROV = "http://www.w3.org/ns/prov#"
IMPORT = "import "
"""What the format of an entry begins with that is an import."""
DATE_TIME = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")


def ledger_quads(entries: Iterable[Entry], base: str, removed: Iterable[Removed] = ()) -> str:
    """The quads of graph/ledger, sorted: status, reason, line counts and file name of every document; of a removed
    one, that it was removed, when and on what ground."""
    graph = ox.NamedNode(f"{base}/id/graph/ledger")
    told = [triple for entry in entries for triple in _triples(entry, base)]
    told += [triple for each in removed for triple in _tombstone(each, base)]
    lines = {f"{ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o, graph)} .\n" for s, p, o in told}
    return "".join(sorted(lines))


def _triples(entry: Entry, base: str) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
    document = f"{base}/id/document/{entry.id}"
    version = entry.program.partition("+")[0]
    run = f"{base}/id/run/{entry.id}/{version}"
    yield document, RDF_TYPE, ox.NamedNode(KG.Document)
    yield document, RDF_TYPE, ox.NamedNode(FOAF_DOCUMENT)
    yield document, KG.processingStatus, ox.NamedNode(concept("processing-status", entry.status))
    if entry.format.startswith(IMPORT):
        form = concept("import-format", entry.format.removeprefix(IMPORT))
        yield document, RDF_TYPE, ox.NamedNode(KG.ImportedDataset)
        yield document, KG.importFormat, ox.NamedNode(form)
    yield document, KG.fileName, ox.Literal(entry.file_name)
    yield document, KG.sha256, ox.Literal(entry.sha256)
    if entry.status == "refused":
        yield document, KG.refusalReason, ox.Literal(entry.reason_sv, language="sv")
        yield document, KG.refusalReason, ox.Literal(entry.reason_en, language="en")
    else:
        yield document, KG.linesClaimed, ox.Literal(entry.claimed)
        yield document, KG.linesIgnored, ox.Literal(sum(json.loads(entry.ignored).values()))
        yield document, KG.linesUnread, ox.Literal(len(json.loads(entry.unread)))
    yield run, RDF_TYPE, ox.NamedNode(KG.MappingRun)
    yield run, RDF_TYPE, ox.NamedNode(PROV + "Activity")
    yield run, KG.programVersion, ox.Literal(version)
    yield run, PROV + "used", ox.NamedNode(document)
    yield run, PROV + "endedAtTime", ox.Literal(entry.ended_at, datatype=DATE_TIME)


def _tombstone(removed: Removed, base: str) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
    document = f"{base}/id/document/{removed.id}"
    yield document, RDF_TYPE, ox.NamedNode(KG.Document)
    yield document, RDF_TYPE, ox.NamedNode(FOAF_DOCUMENT)
    yield document, KG.processingStatus, ox.NamedNode(concept("processing-status", "removed"))
    yield document, KG.sha256, ox.Literal(removed.sha256)
    yield document, PROV + "invalidatedAtTime", ox.Literal(removed.date, datatype=DATE_TIME)
    if removed.ground:
        yield document, KG.refusalReason, ox.Literal(removed.ground)

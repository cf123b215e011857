"""Corrections as a graph: for each, what it corrects, the former and the new value, who decided, why and when."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

import ontology
from ontology import KG, std
from server.corrections.correction import Correction

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DATE = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")
DATE_TIME = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
SHOWN = 80  # characters of a value in a label


def correction_quads(corrections: Iterable[Correction], base: str) -> str:
    """The quads of graph/corrections, sorted; also of those that were withdrawn, with when and why."""
    graph = f"{base}/id/graph/corrections"
    lines = {f"<{each.iri(base)}> {said} <{graph}> .\n" for each in corrections for said in _said(each)}
    return "".join(sorted(lines))


def _said(correction: Correction) -> Iterator[str]:
    own = KG.Correction
    for each in (own, *ontology.superclasses(own), *ontology.standard_class(own)):
        yield f"<{RDF_TYPE}> <{each}>"
    yield f"<{KG.corrects}> <{correction.subject}>"
    yield f"<{KG.correctedProperty}> <{correction.predicate}>"
    yield f"<{KG.formerValue}> {correction.former}"
    yield f"<{KG.newValue}> {correction.value}"
    yield f"<{KG.decisionMaker}> {ox.Literal(correction.decided_by)}"
    yield f"<{KG.ground}> {ox.Literal(correction.ground)}"
    yield f"<{KG.date}> {ox.Literal(correction.date, datatype=DATE)}"
    for language, text in labels(correction).items():
        yield f"<{std('rdfs:label')}> {ox.Literal(text, language=language)}"
    if correction.withdrawn:
        yield f"<{std('prov:invalidatedAtTime')}> {ox.Literal(correction.withdrawn, datatype=DATE_TIME)}"
        yield f"<{KG.withdrawalGround}> {ox.Literal(correction.withdrawal)}"


def labels(correction: Correction) -> dict[str, str]:
    """A correction in one line, by language."""
    former, value = shown(correction.former), shown(correction.value)
    ended = {"sv": " (återtagen)", "en": " (withdrawn)"} if correction.withdrawn else {"sv": "", "en": ""}
    return {
        "sv": f"Rättelse {correction.number}{ended['sv']}: ”{former}” blev ”{value}”",
        "en": f"Correction {correction.number}{ended['en']}: “{former}” became “{value}”",
    }


def shown(term: str) -> str:
    """A term of N-Triples as a person reads it: an IRI or the text of a literal, cut where it is long."""
    text = plain(term)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 2]} …"


def plain(term: str) -> str:
    """The IRI or the text of a literal that N-Triples writes so."""
    (quad,) = ox.parse(f"<x:s> <x:p> {term} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.NamedNode | ox.Literal)
    return quad.object.value

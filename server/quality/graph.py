"""The figures of quality as RDF after the W3C Data Quality Vocabulary (Working Group Note, 15 December 2016)."""

from collections.abc import Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from server.quality.figures import Quality, Value
from server.quality.metrics import LDQD, METRICS, Metric

DQV: Final = "http://www.w3.org/ns/dqv#"
DCTERMS: Final = "http://purl.org/dc/terms/"
PREFIXES: Final = {
    "dcterms": DCTERMS,
    "dqv": DQV,
    "ldqd": LDQD,
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
PATH: Final = "/datasets/quality"
ACCURACY: Final = {"benchmark-precision": "precision", "benchmark-recall": "recall", "benchmark-f1": "f1"}
_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

Triples = Iterator[ox.Triple]


def triples(quality: Quality, base: str) -> list[ox.Triple]:
    """Metrics, and a measurement of each that was counted, of the datasets <base>/datasets/all and /datasets/<code>;
    the accuracy is that of the program on its benchmark, <base>/datasets/quality/benchmark. No blank nodes."""
    said = [triple for metric in METRICS for triple in _metric(metric, base)]
    said += _measured(quality.whole, base, "all")
    for place, figures in quality.places:
        said += _measured(figures, base, place.code)
    return [*said, *_benchmark(quality, base)]


def _metric(metric: Metric, base: str) -> Triples:
    iri = f"{base}{PATH}/metric/{metric.id}"
    yield _link(iri, _TYPE.value, DQV + "Metric")
    yield _link(iri, DQV + "inDimension", LDQD + metric.dimension)
    yield _link(iri, DQV + "expectedDataType", _datatype(metric.share))
    for language, label, meaning in (("sv", metric.sv, metric.meaning_sv), ("en", metric.en, metric.meaning_en)):
        yield _text(iri, PREFIXES["skos"] + "prefLabel", label, language)
        yield _text(iri, PREFIXES["rdfs"] + "label", label, language)
        yield _text(iri, PREFIXES["skos"] + "definition", meaning, language)


def _measured(figures: Mapping[str, Value], base: str, dataset: str) -> Triples:
    for metric in METRICS:
        if metric.id in figures:
            yield from _measurement(metric, figures[metric.id], base, dataset, f"{base}/datasets/{dataset}")


def _measurement(metric: Metric, value: object, base: str, of: str, measured: str) -> Triples:
    iri = f"{base}{PATH}/{of}/{metric.id}"
    yield _link(measured, DQV + "hasQualityMeasurement", iri)
    yield _link(iri, _TYPE.value, DQV + "QualityMeasurement")
    yield _link(iri, DQV + "computedOn", measured)
    yield _link(iri, DQV + "isMeasurementOf", f"{base}{PATH}/metric/{metric.id}")
    literal = ox.Literal(str(value), datatype=ox.NamedNode(_datatype(metric.share)))
    yield ox.Triple(ox.NamedNode(iri), ox.NamedNode(DQV + "value"), literal)


def _benchmark(quality: Quality, base: str) -> Triples:
    iri, made = f"{base}{PATH}/benchmark", quality.benchmark
    yield _link(iri, _TYPE.value, PREFIXES["prov"] + "Entity")
    yield _link(f"{base}/datasets/all", PREFIXES["rdfs"] + "seeAlso", iri)
    yield _text(iri, DCTERMS + "title", "Programmets läsning av facitsamlingen", "sv")
    yield _text(iri, DCTERMS + "title", "The program's reading of the benchmark", "en")
    about = f"{made.documents} handlingar, lästa av version {made.program}"
    yield _text(iri, DCTERMS + "description", f"{about}, jämförda med svar gjorda för hand.", "sv")
    about = f"{made.documents} documents, read by version {made.program}"
    yield _text(iri, DCTERMS + "description", f"{about}, compared with answers made by hand.", "en")
    for metric in METRICS:
        if metric.id in ACCURACY:
            yield from _measurement(metric, made.kinds["all"][ACCURACY[metric.id]], base, "benchmark", iri)


def _datatype(share: bool) -> str:
    return PREFIXES["xsd"] + ("decimal" if share else "integer")


def _link(subject: str, predicate: str, target: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(target))


def _text(subject: str, predicate: str, text: str, language: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(text, language=language))

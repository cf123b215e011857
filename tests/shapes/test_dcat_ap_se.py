"""The shapes for DCAT-AP-SE: made from DIGG's rules, and each obligatory and recommended property among them."""

import json
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH, Namespace

from shapes import dcat_ap_se

SHAPES = Path(dcat_ap_se.__file__).parent / "catalogue" / "dcat_ap_se.ttl"
RULES = Path(__file__).parents[3] / "shared/suites/dcat-ap-se"
SE = Namespace(dcat_ap_se.NS)
PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in dcat_ap_se.PREFIXES.items())
with_rules = pytest.mark.skipif(not RULES.exists(), reason="DIGG's rules are not on this machine")


@cache
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(SHAPES, format="turtle")


def results(data: str | rdflib.Graph) -> list[tuple[str, str, str]]:
    """Severity, property and shape of each result."""
    graph = rdflib.Graph().parse(data=PREFIXES + data, format="turtle") if isinstance(data, str) else data
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes(), inference="none")
    names = graph.namespace_manager
    for prefix, iri in dcat_ap_se.PREFIXES.items():
        names.bind(prefix, iri, override=True, replace=True)
    return sorted(
        (
            str(report.value(each, SH.resultSeverity)).removeprefix(str(SH)),
            names.qname(str(path)) if (path := report.value(each, SH.resultPath)) else "",
            str(report.value(each, SH.sourceShape)).removeprefix(str(SE)),
        )
        for each in report.subjects(RDF.type, SH.ValidationResult)
    )


@with_rules
def test_they_are_made_from_the_rules() -> None:
    bundle = json.loads((RULES / "3.0.1/bundle.json").read_text("utf-8"))
    assert dcat_ap_se.turtle(bundle) == SHAPES.read_text("utf-8")


CATALOG = {
    "dcterms:title": "O", "dcterms:description": "O", "dcterms:publisher": "O", "dcterms:license": "O",
    "dcat:dataset": "O", "dcterms:issued": "R", "dcterms:language": "R", "dcterms:modified": "R",
    "foaf:homepage": "R", "dcterms:spatial": "R", "dcat:themeTaxonomy": "R",
}  # fmt: skip
SERIES = {
    "dcterms:title": "O", "dcterms:description": "O", "dcterms:publisher": "O", "dcat:contactPoint": "R",
    "dcat:keyword": "R", "dcat:theme": "R", "dcterms:issued": "R", "dcterms:conformsTo": "R",
    "dcterms:spatial": "R", "dcterms:temporal": "R",
}  # fmt: skip
NEEDED = {
    "<urn:x> a dcat:Catalog .": CATALOG,
    "<urn:x> a dcat:Dataset .": {**SERIES, "dcterms:accessRights": "R"},
    "<urn:x> a dcat:DatasetSeries .": SERIES,
    "<urn:x> a dcat:Distribution .": {
        "dcat:accessURL": "O", "dcterms:description": "R", "dcterms:format": "R", "dcatap:availability": "R",
        "dcterms:license": "R",
    },
    "<urn:x> a dcat:DataService .": {
        "dcterms:title": "O", "dcat:endpointURL": "O", "dcat:endpointDescription": "R", "dcat:contactPoint": "R",
        "dcat:keyword": "R", "dcterms:format": "R", "dcterms:accessRights": "R",
    },
    "<urn:x> a foaf:Agent .": {
        "foaf:name": "O", "dcterms:type": "O", "dcterms:description": "R", "dcterms:identifier": "R",
        "org:classification": "R",
    },
    "<urn:d> dcat:contactPoint <urn:x> .": {
        "rdf:type": "O", "vcard:fn": "O", "vcard:hasEmail": "O", "vcard:hasTelephone": "R", "vcard:hasAddress": "R",
    },
    "<urn:d> dcterms:temporal <urn:x> .": {"dcat:startDate": "R", "dcat:endDate": "R"},
    "<urn:d> vcard:hasAddress <urn:x> .": {
        "vcard:country-name": "R", "vcard:locality": "R", "vcard:postal-code": "R", "vcard:street-address": "R",
    },
    "<urn:d> vcard:hasTelephone <urn:x> .": {"vcard:hasValue": "O"},
    "<urn:d> spdx:checksum <urn:x> .": {"spdx:checksumValue": "O", "spdx:algorithm": "O"},
}  # fmt: skip


@pytest.mark.parametrize("bare", NEEDED)
def test_what_is_obligatory_and_what_is_recommended(bare: str) -> None:
    """A thing that says nothing lacks exactly that."""
    told = {path: {"Violation": "O", "Warning": "R"}[severity] for severity, path, _ in results(bare)}
    assert told == NEEDED[bare]


WRONG = {
    '<urn:x> a dcat:Catalog ; dcterms:license <http://creativecommons.org/licenses/by/4.0/>': "Catalog-dcterms-license-list",
    '<urn:x> a dcat:Catalog ; dcterms:publisher <urn:a>, <urn:b>': "Catalog-dcterms-publisher-most",
    '<urn:x> a dcat:Catalog ; dcterms:issued "yesterday"': "Catalog-dcterms-issued-kind",
    '<urn:x> a dcat:Dataset ; dcterms:title <urn:a>': "Dataset-dcterms-title-kind",
    '<urn:x> a dcat:Distribution ; dcat:accessURL <urn:a>': "Distribution-dcat-accessURL-pattern",
    '<urn:x> a dcat:Distribution ; dcterms:format <urn:a>': "Distribution-dcterms-format-kind",
    '<urn:x> a dcat:DataService ; dcat:endpointURL "a"': "DataService-dcat-endpointURL-kind",
    '<urn:x> a foaf:Agent ; dcterms:type <urn:a>': "Agent-dcterms-type-list",
    '<urn:x> a foaf:Agent ; dcterms:type "a"': "Agent-dcterms-type-kind",
    '<urn:d> dcat:contactPoint <urn:x> . <urn:x> a <urn:a>': "Contact-rdf-type-list",
    '<urn:d> dcat:contactPoint <urn:x> . <urn:x> vcard:hasEmail <urn:a>': "Contact-vcard-hasEmail-pattern",
    '<urn:d> vcard:hasTelephone <urn:x> . <urn:x> vcard:hasValue <tel:abc>': "vcard-hasTelephone-vcard-hasValue-pattern",
    '<urn:x> a dcat:Dataset ; dcatap:applicableLegislation <http://data.europa.eu/eli/reg_impl/2023/138/oj>':
        "Dataset-dcatap-hvdCategory-needed",
}  # fmt: skip


@pytest.mark.parametrize("data", WRONG)
def test_what_is_wrong_is_a_violation(data: str) -> None:
    assert WRONG[data] in {shape for severity, _, shape in results(data + " .") if severity == "Violation"}


def test_a_high_value_category_is_needed_only_under_that_law() -> None:
    assert "Dataset-dcatap-hvdCategory-needed" not in {shape for *_, shape in results("<urn:x> a dcat:Dataset .")}


def test_a_text_without_a_language_is_a_warning() -> None:
    found = results('<urn:x> a dcat:Dataset ; dcterms:title "Beslut" .')
    assert ("Warning", "dcterms:title", "Dataset-dcterms-title-language") in found


def test_a_value_outside_a_list_weighs_as_much_as_its_absence() -> None:
    theme, frequency = (
        "<urn:x> a dcat:Dataset ; dcat:theme <urn:a> .",
        "<urn:x> a dcat:Dataset ; dcterms:accrualPeriodicity <urn:a> .",
    )
    checksum = "<urn:d> spdx:checksum <urn:x> . <urn:x> spdx:algorithm <urn:a> ."
    assert ("Warning", "dcat:theme", "Dataset-dcat-theme-list") in results(theme)
    assert ("Info", "dcterms:accrualPeriodicity", "Dataset-dcterms-accrualPeriodicity-list") in results(frequency)
    assert ("Info", "spdx:algorithm", "spdx-checksum-spdx-algorithm-list") in results(checksum)


@with_rules
def test_the_example_of_what_is_obligatory_lacks_the_type_of_its_agent() -> None:
    """It was written before the type became obligatory (3.0.1)."""
    found = results(rdflib.Graph().parse(RULES / "exempel/obligatoriskt.ttl"))
    assert [each for each in found if each[0] == "Violation"] == [
        ("Violation", "dcterms:type", "Agent-dcterms-type-present")
    ]


@with_rules
def test_the_example_of_what_is_recommended_has_no_violation() -> None:
    found = results(rdflib.Graph().parse(RULES / "exempel/rekommenderat.ttl"))
    assert found and not [each for each in found if each[0] == "Violation"]


def test_they_are_shapes_and_say_why_in_both_languages() -> None:
    conforms, _, report = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes(), meta_shacl=True, inference="none")
    assert conforms, report
    judging = set(shapes().subjects(SH.severity))
    assert len(judging) > 200
    for shape in judging:
        said = list(shapes().objects(shape, SH.message))
        assert {each.language for each in said if isinstance(each, rdflib.Literal)} == {"sv", "en"}, shape


def test_without_a_file_the_program_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert dcat_ap_se.main([]) == 2
    told = capsys.readouterr()
    assert not told.out and "bundle.json" in told.err

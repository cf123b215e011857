"""The catalogue: by the rules of Sweden and of the EU, the same whenever it is made, and true of what is served."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from uuid import UUID

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from click.testing import CliRunner
from openapi_spec_validator import validate as validate_openapi
from rdflib import DCTERMS, FOAF, RDF, SH, Namespace, URIRef

from kommungraf import main
from server.catalogue import access as catalogue_access
from server.catalogue import openapi
from server.storage import store
from tests.server.catalogue import catalogue_case
from tests.server.conftest import ROOT
from tests.server.data import BASE, RDF_FORMATS, Got, Server

SUITES = ROOT.parent / "shared/suites"
EU = SUITES / "dcat-ap/releases/3.0.1/html/shacl"
SE = ROOT / "shapes/catalogue/dcat_ap_se.ttl"
BUNDLE = SUITES / "dcat-ap-se/3.0.1/bundle.json"
PATH = "/datasets/dcat"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
CLASSES = (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService, FOAF.Agent, VCARD.Organization)
CC0 = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
with_eu = pytest.mark.skipif(not EU.exists(), reason="the shapes of DCAT-AP are not on this machine")


@pytest.fixture(scope="module")
def swedish(service: Server) -> rdflib.Graph:
    return graph(service.get(PATH))


@pytest.fixture(scope="module")
def european(service: Server) -> rdflib.Graph:
    return graph(service.get(PATH + "?profile=dcat-ap"))


def graph(got: Got) -> rdflib.Graph:
    assert (got.status, got.type) == (200, "application/rdf+xml")
    return rdflib.Graph().parse(data=got.body, format="xml")


def results(data: rdflib.Graph, *shapes: Path) -> list[tuple[str, str, str]]:
    """Severity, property and value of each result, by the shapes of some files."""
    rules = rdflib.Graph()
    for path in shapes:
        rules.parse(path, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=rules, inference="none")
    return sorted(
        (
            str(report.value(each, SH.resultSeverity)).removeprefix(str(SH)),
            re.split("[#/]", str(report.value(each, SH.resultPath)))[-1],
            str(report.value(each, SH.value)),
        )
        for each in report.objects(None, SH.result)
    )


@with_eu
def test_it_keeps_to_the_rules_of_the_eu(european: rdflib.Graph) -> None:
    assert results(european, EU / "shapes.ttl") == []
    assert results(european, EU / "shapes_recommended.ttl") == []


def test_it_lacks_nothing_that_sweden_demands_or_recommends(swedish: rdflib.Graph) -> None:
    """One notice for each file: the list of checksum algorithms ends at SHA-1, which is no longer to be trusted."""
    told = results(swedish, SE)
    files = len(set(swedish.objects(None, DCAT.downloadURL)))
    assert files > 10 and told == [("Info", "algorithm", str(SPDX.checksumAlgorithm_sha256))] * files


@with_eu
def test_the_two_profiles_differ_in_format_and_algorithm_alone(swedish: rdflib.Graph, european: rdflib.Graph) -> None:
    assert {p for _, p, _ in swedish ^ european} == {DCTERMS["format"], SPDX.algorithm}
    assert {path for severity, path, _ in results(swedish, EU / "shapes.ttl")} == {"format"}
    kinds = {(severity, path) for severity, path, _ in results(european, SE)}
    assert kinds == {("Violation", "format"), ("Info", "algorithm")}


def background() -> rdflib.Graph:
    """What the EU's tables and the vocabularies say of the things that a catalogue points to, as far as the shapes of
    ranges and tables ask: made from the lists of DIGG's rules, and of what stands outside them the classes."""
    made = rdflib.Graph()
    ADMS, SKOS = Namespace("http://purl.org/adms/"), rdflib.SKOS
    classes = {
        "language": DCTERMS.LinguisticSystem, "access-right": DCTERMS.RightsStatement,
        "frequency": DCTERMS.Frequency, "file-type": DCTERMS.MediaTypeOrExtent, "country": DCTERMS.Location,
    }  # fmt: skip

    def add(table: str, iri: str) -> None:
        made.add((URIRef(iri), RDF.type, SKOS.Concept))
        made.add((URIRef(iri), SKOS.inScheme, URIRef(table)))
        made.add((URIRef(table), RDF.type, SKOS.ConceptScheme))
        name = table.removeprefix(AUTHORITY)
        if name in classes:
            made.add((URIRef(iri), RDF.type, classes[name]))

    for template in json.loads(BUNDLE.read_text("utf-8"))["templates"]:
        for iri in (choice["value"] for choice in template.get("choices", ())):
            if str(iri).startswith(AUTHORITY) and "/" in iri.removeprefix(AUTHORITY):
                add(iri.rpartition("/")[0], iri)
            elif str(iri).startswith(ADMS.publishertype):
                add(str(ADMS["publishertype/1.0"]), iri)
            elif str(iri).startswith("http://creativecommons.org/"):
                made.add((URIRef(iri), RDF.type, DCTERMS.LicenseDocument))
    for name in catalogue_access.FILE_TYPES.values():
        add(AUTHORITY + "file-type", f"{AUTHORITY}file-type/{name}")
    for media_type in (*catalogue_access.FILE_TYPES, "application/gzip"):
        iana = URIRef("http://www.iana.org/assignments/media-types/" + media_type)
        made.add((iana, RDF.type, DCTERMS.MediaType))
    add(AUTHORITY + "country", AUTHORITY + "country/SWE")
    made.add((URIRef(f"{BASE}/id/municipality/0180"), RDF.type, DCTERMS.Location))
    made.add((VCARD.Organization, rdflib.RDFS.subClassOf, VCARD.Kind))
    sha256 = URIRef(catalogue_access.ALGORITHM["dcat-ap"])
    made.add((sha256, RDF.type, SPDX.ChecksumAlgorithm))
    return made


@with_eu
def test_what_it_points_to_is_of_the_right_classes(european: rdflib.Graph) -> None:
    assert results(european + background(), EU / "range.ttl") == []


@with_eu
def test_its_values_are_in_the_tables_of_the_eu(european: rdflib.Graph) -> None:
    """But for what no municipality can meet: it is no body of the EU, and what is not in GeoNames has no IRI there."""
    told = set(results(european + background(), EU / "mdr-vocabularies.shape.ttl"))
    assert told == {
        ("Warning", "publisher", "http://dataportal.se/organisation/SE2120009999"),
        ("Warning", "spatial", f"{BASE}/id/municipality/0180"),
    }


def test_what_is_harvested_has_names_and_no_records(swedish: rdflib.Graph) -> None:
    assert not [term for triple in swedish for term in triple if isinstance(term, rdflib.BNode)]
    assert not set(swedish.subjects(RDF.type, DCAT.CatalogRecord))
    for class_ in CLASSES:
        things = set(swedish.subjects(RDF.type, class_))
        assert things and all(re.fullmatch(r"https?://[^?#]+", str(each)) for each in things), class_
    assert len(set(swedish.subjects(RDF.type, FOAF.Agent))) == 1
    assert set(swedish.objects(None, DCTERMS.publisher)) == set(swedish.subjects(RDF.type, FOAF.Agent))
    assert set(swedish.objects(None, DCTERMS.license)) == {CC0}


def test_datasets_have_uuids_of_their_own(swedish: rdflib.Graph) -> None:
    datasets = list(swedish.subjects(RDF.type, DCAT.Dataset))
    identifiers = {str(swedish.value(each, DCTERMS.identifier)) for each in datasets}
    assert len(datasets) == len(identifiers) == 2
    assert all(str(UUID(each)) == each and UUID(each).version == 5 for each in identifiers)


def test_texts_are_in_swedish_and_english(swedish: rdflib.Graph) -> None:
    for predicate in (DCTERMS.title, DCTERMS.description, DCAT.keyword, FOAF.name, VCARD.fn):
        for subject in set(swedish.subjects(predicate)):
            said = {each.language for each in swedish.objects(subject, predicate) if isinstance(each, rdflib.Literal)}
            assert said == {"sv", "en"}, (subject, predicate)


def test_a_municipality_has_its_dataset_with_its_own_period(swedish: rdflib.Graph) -> None:
    own, whole = URIRef(f"{BASE}/datasets/0180"), URIRef(f"{BASE}/datasets/all")
    assert set(swedish.objects(own, DCTERMS.title)) == {
        rdflib.Literal("Politiska beslut: Stockholms kommun", lang="sv"),
        rdflib.Literal("Political decisions: Stockholm Municipality", lang="en"),
    }
    assert swedish.value(own, DCTERMS.spatial) == URIRef(f"{BASE}/id/municipality/0180")
    for dataset in (own, whole):
        period = swedish.value(dataset, DCTERMS.temporal)
        days = [str(swedish.value(period, each)) for each in (DCAT.startDate, DCAT.endDate)]
        assert days == ["2024-01-31", "2025-11-20"], dataset
        for predicate, at in ((DCTERMS.issued, "2025-12-01T08:00:00Z"), (DCTERMS.modified, "2025-12-24T15:00:00Z")):
            assert swedish.value(dataset, predicate) == rdflib.Literal(at, datatype=rdflib.XSD.dateTime)


@pytest.mark.parametrize(
    ("told", "days"),
    [
        (f'<{DCTERMS.issued}> "2018-10-15"^^<{catalogue_case.XSD}date>', ["2018-10-15", "2018-10-15"]),
        (f'<{catalogue_case.NS}year> "2024"^^<{catalogue_case.XSD}gYear>', ["2024-01-01", "2024-12-31"]),
        (f'<{catalogue_case.NS}registryYear> "2021"^^<{catalogue_case.XSD}gYear>', ["2021-01-01", "2021-12-31"]),
    ],
)
def test_the_period_of_a_municipality_without_meetings_is_that_of_its_documents(
    tmp_path: Path, told: str, days: list[str]
) -> None:
    catalogue_case.publish_motions(tmp_path, told)
    command = ["catalogue", "--data", str(tmp_path), "--config", str(ROOT / "docs/kommungraf.toml")]
    for profile in ("dcat-ap-se", "dcat-ap"):
        done = CliRunner().invoke(main, [*command, "--profile", profile])
        found = rdflib.Graph().parse(data=done.stdout_bytes, format="xml")
        for dataset in ("0180", "all"):
            period = found.value(URIRef(f"{BASE}/datasets/{dataset}"), DCTERMS.temporal)
            assert [str(found.value(period, each)) for each in (DCAT.startDate, DCAT.endDate)] == days
        if profile == "dcat-ap-se":
            assert results(found, SE) == []


@with_eu
def test_a_municipality_without_meetings_meets_the_shapes_of_the_eu(tmp_path: Path) -> None:
    catalogue_case.publish_motions(tmp_path, f'<{DCTERMS.issued}> "2018-10-15"^^<{catalogue_case.XSD}date>')
    command = ["catalogue", "--data", str(tmp_path), "--config", str(ROOT / "docs/kommungraf.toml")]
    done = CliRunner().invoke(main, [*command, "--profile", "dcat-ap"])
    found = rdflib.Graph().parse(data=done.stdout_bytes, format="xml")
    assert results(found, EU / "shapes.ttl", EU / "shapes_recommended.ttl") == []


def test_where_nothing_is_dated_no_period_is_made_up(tmp_path: Path) -> None:
    catalogue_case.publish_motions(tmp_path, f'<{DCTERMS.title}> "Badplatser"@sv')
    command = ["catalogue", "--data", str(tmp_path), "--config", str(ROOT / "docs/kommungraf.toml")]
    found = rdflib.Graph().parse(data=CliRunner().invoke(main, command).stdout_bytes, format="xml")
    assert (URIRef(f"{BASE}/datasets/0180"), RDF.type, DCAT.Dataset) in found
    assert not set(found.subjects(DCTERMS.temporal))


@pytest.mark.parametrize(("accept", "format"), RDF_FORMATS)
def test_every_format_holds_the_same(service: Server, accept: str, format: ox.RdfFormat) -> None:
    expected = {quad.triple for quad in ox.parse(service.get(PATH).body, format=ox.RdfFormat.RDF_XML)}
    for got in (service.get(PATH, accept), service.get(f"{PATH}?format={accept}")):
        assert (got.status, got.type) == (200, accept) and "Accept" in got.headers["Vary"]
        assert {quad.triple for quad in ox.parse(got.body, format=format)} == expected
        assert any(f'rel="alternate"; type="{accept}"' in link for link in got.headers.get_all("Link", []))


def test_what_there_is_not_is_refused_with_what_there_is(service: Server) -> None:
    for got in (service.get(PATH, "image/png"), service.get(PATH + "?format=pdf")):
        assert got.status == 406 and "application/rdf+xml" in json.loads(got.body)["alternatives"]
    got = service.get(PATH + "?profile=geodcat")
    assert got.status == 406 and "dcat-ap-se" in got.text
    for accept in ("*/*", "application/xml", "image/png, */*;q=0.5"):
        assert service.get(PATH, accept).type in {"application/rdf+xml", "application/xml"}


def test_it_is_the_same_until_something_is_published(service: Server, folder: Path) -> None:
    got, head = service.get(PATH), service.request("HEAD", PATH)
    assert got.headers["Access-Control-Allow-Origin"] == "*" and got.headers["X-Data-Version"]
    assert (head.status, head.body, head.headers["ETag"]) == (200, b"", got.headers["ETag"])
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.body))
    assert not got.headers["ETag"].startswith("W/")
    assert service.get(PATH, **{"If-None-Match": got.headers["ETag"]}).status == 304
    assert service.get(PATH + "?profile=dcat-ap").headers["ETag"] != got.headers["ETag"]
    for form in ("rdfxml", "turtle", "jsonld"):
        result = CliRunner().invoke(main, ["catalogue", "--data", str(folder), "--format", form])
        assert result.exit_code == 0 and result.stdout_bytes == service.get(f"{PATH}?format={form}").body


def test_it_is_the_same_when_the_store_is_built_anew(tmp_path: Path) -> None:
    catalogue_case.publish(tmp_path)
    command = ["catalogue", "--data", str(tmp_path), "--config", str(ROOT / "docs/kommungraf.toml")]
    before = CliRunner().invoke(main, command)
    store.rebuild(tmp_path, BASE)
    after = CliRunner().invoke(main, command)
    assert before.exit_code == after.exit_code == 0 and before.stdout_bytes == after.stdout_bytes


def test_a_new_dump_is_told_at_once(service: Server, folder: Path) -> None:
    current = folder / "dumps" / "current"
    version = current.read_text("ascii")
    assert b"Meeting.csv" in service.get(PATH).body
    try:
        current.unlink()
        assert b"Meeting.csv" not in service.get(PATH).body
    finally:
        current.write_text(version, "ascii")
    assert b"Meeting.csv" in service.get(PATH).body


def test_what_it_names_leads_to_it(service: Server, swedish: rdflib.Graph) -> None:
    named = {str(each) for each in swedish.subjects() if str(each).startswith(BASE + "/datasets/")}
    assert len(named) > 8
    for iri in named:
        got = service.get(iri.removeprefix(BASE))
        where = "/datasets/quality" if "/datasets/quality/" in iri else PATH
        assert (got.status, got.headers["Location"]) == (303, where), iri
    asked = service.request("OPTIONS", PATH, headers={"Origin": "https://portal.example"})
    assert asked.status == 200 and asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert service.get("/datasets/0180").headers["Access-Control-Allow-Origin"] == "*"
    for unknown in ("/datasets/9999", "/datasets/%3Cx%3E", "/datasets/"):
        assert service.get(unknown).status == 404


ADDRESSES = (
    DCAT.accessURL, DCAT.downloadURL, DCAT.endpointURL, DCAT.endpointDescription, DCAT.landingPage, FOAF.homepage,
)  # fmt: skip


def test_every_address_of_ours_answers(service: Server, swedish: rdflib.Graph) -> None:
    web = f"http://127.0.0.1:{service.port}"
    asked = {str(each) for predicate in ADDRESSES for each in swedish.objects(None, predicate)}
    ours = {each for each in asked if each.startswith(web) and "/dumps/" not in each}
    assert {each.removeprefix(web) for each in ours} >= {"/", "/sparql", "/openapi.json"} and len(ours) >= 4
    for address in ours:
        got = service.get(address.removeprefix(web))
        if got.status == 303:
            got = service.get(got.headers["Location"])
        assert got.status == 200 and got.body, address
        for distribution in swedish.subjects(DCAT.accessURL, URIRef(address)):
            declared = {str(each) for each in swedish.objects(distribution, DCAT.mediaType | DCTERMS["format"])}
            assert declared == {got.type, "http://www.iana.org/assignments/media-types/" + got.type}, address


def test_files_are_declared_as_they_are(swedish: rdflib.Graph, folder: Path) -> None:
    made = {path.name: path for path in (folder / "dumps").glob("*/*") if path.name != "manifest.json"}
    files = {str(file).rpartition("/")[2]: file for file in swedish.subjects(DCAT.downloadURL)}
    assert files.keys() == made.keys() and len(files) > 10
    (manifest,) = (folder / "dumps").glob("*/manifest.json")
    at = rdflib.Literal(json.loads(manifest.read_text("utf-8"))["made"], datatype=rdflib.XSD.dateTime)
    assert {swedish.value(file, DCTERMS.modified) for file in files.values()} == {at}
    for name, file in files.items():
        content, checksum = made[name].read_bytes(), swedish.value(file, SPDX.checksum)
        assert int(str(swedish.value(file, DCAT.byteSize))) == len(content)
        assert str(swedish.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()


def test_a_municipality_has_a_file_of_its_own(service: Server, swedish: rdflib.Graph) -> None:
    """It is in no other dataset, and holds what was read of the municipality's documents."""
    own = URIRef(f"{BASE}/datasets/0180")
    files = [each for each in swedish.objects(own, DCAT.distribution) if (each, DCAT.downloadURL, None) in swedish]
    file, tables = own + "/kommungraf-0180.nq.gz", own + "/kommungraf-0180-tables.zip"
    assert len(files) == 2 and set(files) == {file, tables}
    assert all(list(swedish.subjects(DCAT.distribution, each)) == [own] for each in files)
    for predicate, media_type in ((DCAT.mediaType, "text/csv"), (DCAT.packageFormat, "application/zip")):
        assert str(swedish.value(tables, predicate)).endswith("/media-types/" + media_type)
    assert swedish.value(tables, DCAT.compressFormat) is None
    got = service.get(str(swedish.value(file, DCAT.downloadURL)).removeprefix(f"http://127.0.0.1:{service.port}"))
    wanted = ox.parse(catalogue_case.DOCUMENT, format=ox.RdfFormat.N_QUADS)
    assert set(ox.parse(gzip.decompress(got.body), format=ox.RdfFormat.N_QUADS)) == set(wanted)


def test_files_are_served_as_they_are_declared(service: Server, swedish: rdflib.Graph) -> None:
    for file in swedish.subjects(DCAT.downloadURL):
        address = str(swedish.value(file, DCAT.downloadURL))
        got = service.get(address.removeprefix(f"http://127.0.0.1:{service.port}"))
        packed = swedish.value(file, DCAT.compressFormat) or swedish.value(file, DCAT.packageFormat)
        declared = packed or swedish.value(file, DCAT.mediaType)
        assert got.status == 200 and str(declared).endswith("/media-types/" + got.type)
        assert int(str(swedish.value(file, DCAT.byteSize))) == len(got.body)
        checksum = swedish.value(swedish.value(file, SPDX.checksum), SPDX.checksumValue)
        assert hashlib.sha256(got.body).hexdigest() == str(checksum)


def test_the_service_is_described_as_openapi(service: Server) -> None:
    got = service.get("/openapi.json", Origin="https://www.dataportal.se")
    assert got.type == "application/json" and got.headers["Access-Control-Allow-Origin"] == "*"
    document = json.loads(got.body)
    validate_openapi(document)
    assert document["openapi"] == "3.1.0" and document["servers"] == [{"url": f"http://127.0.0.1:{service.port}"}]
    assert {"/sparql", PATH, "/id/{path}"} <= document["paths"].keys()
    for path in document["paths"]:
        if "{" not in path and path != "/feed":  # where nothing was told yet, there is no feed
            asked = "?default" if path == "/rdf-graph-store" else ""
            assert service.get(path + asked).status == 200, path
    assert service.get("/id/municipality/0180", "text/turtle").status in {200, 303}


def test_what_is_not_served_is_not_described() -> None:
    assert "/dumps/{path}" not in openapi.document("https://data.example", ())["paths"]
    assert "/dumps/{path}" in openapi.document("https://data.example", ("/dumps/",))["paths"]


def test_without_a_publisher_it_says_what_to_write(server: Server) -> None:
    got = server.get(PATH)
    assert got.status == 404 and "kommungraf.toml" in json.loads(got.body)["sv"]
    assert server.get("/openapi.json").status == 200

"""The vocabulary's pages and data: every term, concept and scheme, in two languages and every format."""

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from itertools import pairwise

import pyoxigraph as ox
import pytest

import ontology
from ontology import documented
from server.vocabulary import diagram as vocabulary_diagram
from tests.server.data import BASE, RDF_FORMATS, Server, quads

HTML = "text/html"
NS, CONCEPT = ontology.PREFIXES["kg"], ontology.PREFIXES["kgc"]
LANGUAGES = ("sv", "en")
VERSION = documented.header("sv").version


class Page(HTMLParser):
    """The anchors, links and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [each] if (each := found.get("id")) else []
        self.links += [each] if tag == "a" and (each := found.get("href")) else []

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, server: Server) -> tuple[str, Page]:
    got = server.get(f"/ns?lang={request.param}", HTML)
    assert (got.status, got.type) == (200, HTML) and f'<html lang="{request.param}">' in got.text
    return request.param, Page(got.text)


def test_each_term_is_told_at_its_anchor(page: tuple[str, Page]) -> None:
    language, shown = page
    terms = documented.documented(language)
    assert set(terms) == {*ontology.classes(), *ontology.properties()}
    for iri, term in terms.items():
        assert shown.ids.count(iri.removeprefix(NS)) == 1
        assert term.label == ontology.label(iri, language)
        for text in (term.label, term.definition, term.example, term.other_label):
            assert text and text in shown.text, (iri, text)
        for each in term.alignments:
            assert each.object in shown.links and each.comment in shown.text


def test_each_concept_and_scheme_has_its_anchor(page: tuple[str, Page]) -> None:
    language, shown = page
    for name in ontology.schemes():
        assert shown.ids.count(f"concept/{name}") == 1
        assert documented.scheme(name, language).definition in shown.text
        for concept in documented.members(name, language):
            assert shown.ids.count(f"concept/{concept.name}") == 1
            assert concept.label in shown.text and concept.definition in shown.text and concept.example in shown.text


def test_every_link_on_the_page_leads_somewhere(page: tuple[str, Page], server: Server) -> None:
    _, shown = page
    assert len(shown.ids) == len(set(shown.ids))
    assert {link[1:] for link in shown.links if link.startswith("#")} <= set(shown.ids)
    local = {link for link in shown.links if link.startswith("/") and not link.startswith(("/concept", "/sparql"))}
    for link in sorted(local):
        assert server.get(link, "*/*").status in (200, 303), link


def test_what_is_said_of_a_class_and_a_property(server: Server) -> None:
    text = server.get("/ns?lang=en", HTML).text

    def entry(name: str) -> str:
        found = re.search(rf'(?s)<article class="term" id="{name}">.*?</article>', text)
        assert found
        return found[0]

    motion, matter, part = entry("Motion"), entry("Matter"), entry("partOfMunicipality")
    assert '<dt>Broader</dt><dd><a href="#Matter">matter</a>' in motion
    assert '<a href="#Motion">motion</a>' in matter and "prov:Entity" in matter
    assert '<a href="#submittedBy">' in motion and '(from <a href="#Matter">matter</a>)' in motion
    assert '<a href="#ItemTreatment">item treatment</a> → <a href="#concernsMatter">' in matter
    assert '<a href="#partOfAuthority">' in part and '<dt>Leads to</dt><dd><a href="#Municipality">' in part
    assert 'close match: <a href="http://data.vlaanderen.be/ns/besluit#Zitting">' in entry("Meeting")
    assert "xsd:date" in entry("adjustedOn") and "text in a language" in entry("summary")
    assert "<dt>Stated of</dt><dd>anything</dd>" in entry("evidence")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_diagrams_show_each_property_between_our_classes_and_a_list_does(language: str, server: Server) -> None:
    text = server.get(f"/ns?lang={language}", HTML).text
    terms = documented.documented(language)
    wanted = {
        (source, iri, target)
        for iri, term in terms.items()
        for source in term.domain
        for target in term.range
        if source in terms and target in terms
    }
    drawn = vocabulary_diagram.diagrams(language)
    links = [(source.iri, each.iri, target.iri) for found in drawn for source, each, target in found.links]
    assert set(links) == wanted and len(links) == len(wanted) > 80
    pictures = re.findall(r"(?s)<svg .*?</svg>", text)
    assert len(pictures) == len(drawn) >= 5
    rows = re.findall(r'<tr><td>(.*?)</td><td><a href="#(.*?)">.*?</a></td><td>(.*?)</td></tr>', text)
    assert sorted(rows) == sorted(
        (terms[source].label, terms[iri].name, terms[target].label) for source, iri, target in wanted
    )
    by_topic = {found.topic: found for found in drawn}
    for picture in pictures:
        root = ET.fromstring(picture)
        assert not [each for each in root.iter() if "style" in each.attrib], "the pages allow no inline style"
        topic = root.attrib["aria-labelledby"].removeprefix("diagram-")
        assert len(root.findall(".//path[@class='line']")) == len(by_topic.pop(topic).links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_a_diagram_lies_over_another_thing(language: str) -> None:
    for found in vocabulary_diagram.diagrams(language):
        for boxes in (found.sources, found.targets):
            assert all(upper.y + upper.height < lower.y for upper, lower in pairwise(boxes))
            assert boxes[0].y >= 0 and boxes[-1].y + boxes[-1].height <= found.height
        wide = max(len(box.term.label) for box in (*found.sources, *found.targets))
        assert wide * 9 < vocabulary_diagram.RIGHT, "a label of at most nine units for each character fits its box"


@pytest.mark.parametrize(("media_type", "format"), RDF_FORMATS)
@pytest.mark.parametrize("path", ["/ns", "/alignments", f"/ns/{VERSION}"])
def test_every_format_holds_the_same(server: Server, path: str, media_type: str, format: ox.RdfFormat) -> None:
    got = server.get(path, media_type)
    assert (got.status, got.type) == (200, media_type)
    assert {"accept", "accept-encoding"} <= {each.strip().lower() for each in got.headers["Vary"].split(",")}
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    graph = "alignments" if path == "/alignments" else "ontology"
    published = server.get(f"/rdf-graph-store?graph={BASE}/id/graph/{graph}", "application/n-triples")
    triples = {quad.triple for quad in ox.parse(published.body, format=ox.RdfFormat.N_TRIPLES)}
    assert {quad.triple for quad in ox.parse(got.body, format=format)} == triples and len(triples) > 50
    head = server.request("HEAD", path, headers={"Accept": media_type})
    assert (head.status, head.body, head.headers["ETag"]) == (200, b"", got.headers["ETag"])
    assert server.get(path, media_type, **{"If-None-Match": got.headers["ETag"]}).status == 304


@pytest.mark.parametrize("path", ["/ns", "/alignments"])
@pytest.mark.parametrize("accept", [HTML, "text/turtle"])
def test_each_answer_links_to_the_others(server: Server, path: str, accept: str) -> None:
    links = server.get(path, accept).headers.get_all("Link") or []
    found = {}
    for link in links:
        match = re.fullmatch(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', link)
        assert match
        found[match[2]] = match[1]
    assert set(found) == {HTML, *(name for name, _ in RDF_FORMATS)}
    for media_type, target in found.items():
        got = server.get(target)
        assert (got.status, got.type) == (200, media_type)


def test_turtle_is_written_for_people(server: Server) -> None:
    turtle = server.get("/ns", "text/turtle").text
    assert "kg:Meeting a owl:Class" in turtle and f'owl:versionInfo "{VERSION}"' in turtle
    assert f"owl:versionIRI <https://w3id.org/kommungraf/ns/{VERSION}>" in turtle
    assert "skos:closeMatch" not in turtle.replace("skos:closeMatch rdfs:label", "")


@pytest.mark.parametrize("path", ["/ns", "/alignments"])
def test_what_is_not_offered_is_refused_with_what_is(server: Server, path: str) -> None:
    for got in (server.get(path, "image/png"), server.get(f"{path}?format=pdf")):
        assert got.status == 406 and "text/turtle" in got.text


def test_the_language_of_the_page(server: Server) -> None:
    for accept, lang in (("en", "en"), ("sv", "sv"), ("fi", "sv"), ("en;q=0.2, sv;q=0.9", "sv")):
        got = server.get("/ns", HTML, **{"Accept-Language": accept})
        assert f'<html lang="{lang}">' in got.text and "Accept-Language" in got.headers["Vary"]


def test_only_the_version_that_is_published_answers(server: Server) -> None:
    assert server.get(f"/ns/{VERSION}", HTML).status == 200
    prior = documented.header("sv").prior
    for version in (prior, "9.9.9", "x"):
        got = server.get(f"/ns/{version}", "text/turtle")
        assert (got.status, got.type) == (404, "application/problem+json")
        assert VERSION in got.text and version in got.text
        told = server.get(f"/ns/{version}?lang=en", HTML)
        assert told.status == 404 and f"Only version {VERSION} of the vocabulary is here" in told.text


def test_the_context_is_served_to_everyone(server: Server) -> None:
    got = server.get("/context.jsonld", "application/ld+json", Origin="https://elsewhere.example")
    assert (got.status, got.type, got.headers["Access-Control-Allow-Origin"]) == (200, "application/ld+json", "*")
    assert json.loads(got.body) == ontology.context()
    assert server.get("/ontology/context.jsonld").body == got.body
    assert server.get("/context.jsonld", **{"If-None-Match": got.headers["ETag"]}).status == 304


@pytest.mark.parametrize("found", ontology.alignment_sets(), ids=lambda found: found.name)
def test_the_alignments_are_served_as_they_stand(server: Server, found: ontology.AlignmentSet) -> None:
    got = server.get(f"/alignments/{found.name}.sssom.tsv")
    assert (got.status, got.type, got.body) == (200, "text/tab-separated-values", found.path.read_bytes())
    assert f"/alignments/{found.name}.sssom.tsv" in Page(server.get("/alignments", HTML).text).links


def test_an_unknown_set_is_not_found(server: Server) -> None:
    for path in ("/alignments/nothing.sssom.tsv", "/alignments/..%2Fcore.sssom.tsv", "/alignments/besluit"):
        assert server.get(path).status == 404


def concept_paths() -> list[str]:
    """Every scheme, and every concept; of the long lists the first, the last and one between them."""
    found = []
    for name in ontology.schemes():
        members = list(ontology.concepts(name).values())
        found += [CONCEPT + name, *(members if len(members) < 40 else (members[0], members[20], members[-1]))]
    return [iri.removeprefix(CONCEPT) for iri in found]


@pytest.mark.parametrize("path", concept_paths())
def test_each_concept_and_scheme_has_a_page_and_data(server: Server, path: str) -> None:
    shown = server.get(f"/doc/concept/{path}", HTML)
    assert shown.status == 200 and ontology.label(CONCEPT + path) in shown.text
    for media_type, format in RDF_FORMATS[:4]:
        got = server.get(f"/doc/concept/{path}", media_type)
        assert (got.status, got.type) == (200, media_type)
        assert ox.NamedNode(CONCEPT + path) in {quad.subject for quad in quads(got.body, format)}


def test_the_store_holds_every_concept(server: Server) -> None:
    query = (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        f"SELECT ?c {{ GRAPH <{BASE}/id/graph/authority> {{ ?c a skos:Concept ; skos:inScheme ?s }} }}"
    )
    rows = json.loads(server.ask(query, "application/sparql-results+json").body)["results"]["bindings"]
    declared = {iri for name in ontology.schemes() for iri in ontology.concepts(name).values()}
    assert {row["c"]["value"] for row in rows} >= declared and len(declared) > 400

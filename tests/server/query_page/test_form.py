"""The query page: examples with parameters that run from their links, and a result seen in several ways."""

import html
import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from click.testing import CliRunner

import kommungraf
from server.asking import Rows, Term
from server.naming import RDFS_LABEL, Names
from server.query_page import form
from server.query_page import result as query_result
from server.query_page.example_values import XSD
from server.query_page.examples import Example, examples, in_language
from tests.server.conftest import free_port, start
from tests.server.data import BASE, Got, Server

PAGE = "text/html"
SAMPLES = Path(__file__).parents[2] / "samples"
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
NS = "https://w3id.org/kommungraf/ns#"
COUNTS = (
    "PREFIX kg: <https://w3id.org/kommungraf/ns#> SELECT ?day (COUNT(?t) AS ?many) (COUNT(?t) - 3 AS ?less) "
    "WHERE { ?t kg:treatedAt ?m . ?m kg:date ?day } GROUP BY ?day ORDER BY ?day"
)
HOSTILE = "CONSTRUCT { ?t <http://purl.org/dc/terms/title> ?x } WHERE { ?t <http://purl.org/dc/terms/title> ?x }"


def served(data: Path, folders: list[Path]) -> Iterator[Server]:
    """A server over what the program makes of documents."""
    arguments = ["ingest", *map(str, folders), "--data", str(data), "--jobs", "1"]
    done = CliRunner().invoke(kommungraf.main, arguments)
    assert done.exit_code == 0, done.output
    port = free_port()
    process = start(data, port)
    assert process.poll() is None, process.communicate()[0]
    yield Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from served(tmp_path_factory.mktemp("samples"), [SAMPLES / "documents", SAMPLES / "refused"])


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not CORPUS.is_dir():
        pytest.skip(f"{CORPUS} is not here")
    yield from served(tmp_path_factory.mktemp("corpus"), [CORPUS])


def followed(server: Server, path: str) -> Got:
    """The page at an address, or where that leads."""
    got = server.get(path, PAGE)
    return server.get(got.headers["Location"], PAGE) if got.status == 303 else got


def table_rows(got: Got) -> int:
    return got.text.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>")


def links(got: Got) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'href="([^"]*)"', got.text)]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_every_example_runs_from_its_link_and_shows_rows(sampled: Server, example: Example, language: str) -> None:
    assert any(f"example={example.name}&run=1" in each for each in links(sampled.get("/sparql", PAGE)))
    got = followed(sampled, f"/sparql?example={example.name}&run=1&lang={language}")
    assert got.status == 200 and f'<h2 id="example">{example.title[language]}</h2>' in got.text.replace("&#39;", "'")
    assert table_rows(got) or got.text.count('<div class="note" role="note">\n<p>') == 1
    none = {"27-a-subject-in-several-countries"} if not table_rows(got) else set()
    assert table_rows(got) or example.name in none
    for each in example.parameters:
        assert f'name="{each.name}"' in got.text and each.label[language] in got.text


@pytest.mark.parametrize("graph", ["server", "real"])
@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_an_example_without_rows_says_why(graph: str, example: Example, request: pytest.FixtureRequest) -> None:
    got = followed(request.getfixturevalue(graph), f"/sparql?example={example.name}&run=1&lang=en")
    assert got.status == 200
    assert table_rows(got) or re.search(r'role="note">\n<p>(The query is about|The graph has)', got.text)


def cells(text: str) -> list[str]:
    """The cells of the first row of a result."""
    row = re.search(r"<tbody>\s*<tr.*?</tr>", text, re.DOTALL)
    return [seen for each in re.findall(r"<td.*?</td>", row[0], re.DOTALL) if (seen := plain(each))] if row else []


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", markup)).split())


@pytest.mark.parametrize(
    ("language", "status", "other"), [("sv", "avvisad", "refused"), ("en", "refused", "avvisad")]
)
def test_an_example_answers_in_the_language_of_the_page(
    sampled: Server, language: str, status: str, other: str
) -> None:
    shown = followed(sampled, f"/sparql?example=24-quarantine&run=1&lang={language}").text
    assert status in " ".join(cells(shown)) and other not in " ".join(cells(shown))
    share = re.search(r'id="share" type="text" readonly value="([^"]*)"', shown)
    assert share and f"example=24-quarantine&run=1&lang={language}" in html.unescape(share[1])
    link = re.search(r'<a href="([^"]*)" hreflang="(sv|en)"', shown)
    assert link and link[2] != language
    turned = " ".join(cells(sampled.get("/sparql" + html.unescape(link[1]), PAGE).text))
    assert other in turned and status not in turned


def test_what_only_one_language_has_is_asked_for_as_it_is() -> None:
    text = 'FILTER(LANG(?bodyName) != "en") FILTER(LANG(?outcome) = "sv") FILTER(LANG(?reason) != "en")'
    english = 'FILTER(LANG(?bodyName) != "en") FILTER(LANG(?outcome) = "en") FILTER(LANG(?reason) != "sv")'
    assert in_language(text, "en") == english and in_language(english, "sv") == text == in_language(text, "sv")


def test_on_a_graph_of_real_documents_most_examples_show_rows(real: Server) -> None:
    shown = [each.name for each in examples() if table_rows(followed(real, f"/sparql?example={each.name}&run=1"))]
    assert len(shown) > 15, shown


def test_the_reason_is_the_right_one(server: Server) -> None:
    absent = followed(server, "/sparql?example=09-votes&run=1&lang=sv")
    assert "inte finns i den här grafen: votering." in absent.text
    unknown = followed(server, "/sparql?example=01-meetings-of-a-body&run=1&bodyName=%3Cb%3EX&year=2024&lang=en")
    assert "nothing with this value: name of the body <strong>&lt;b&gt;X</strong>" in unknown.text
    assert "with this value: year" not in unknown.text
    fits = followed(server, "/sparql?example=17-referred-back-or-postponed&run=1&lang=en")
    assert "none that meet all conditions" in fits.text


def test_an_example_that_is_not_there_is_told(server: Server) -> None:
    got = server.get("/sparql?example=99-%3Cb%3E&lang=en", PAGE)
    assert got.status == 200 and "There is no example called “99-&lt;b&gt;”." in got.text
    for address in ("/sparql", "/sparql?example=09-votes", "/sparql?example="):
        assert "Det finns inget exempel" not in server.get(address, PAGE).text


def test_an_example_begins_with_values_that_the_graph_has(server: Server) -> None:
    got = server.get("/sparql?example=03-case-through-bodies&lang=en", PAGE)
    assert 'VALUES ?number { "KS 2024/112" }' in html.unescape(got.text)  # no sample has a registry number here
    got = server.get("/sparql?example=01-meetings-of-a-body&lang=en", PAGE)
    assert "<option selected>Socialnämnden</option>" in got.text and "<option selected>2024</option>" in got.text
    assert '<option value="">any</option>' in got.text and 'id="result"' not in got.text


def test_a_form_of_parameters_leads_to_the_query_with_them(server: Server) -> None:
    hostile = 'A" } UNION { ?s ?p ?o } #'
    got = server.get(f"/sparql?example=01-meetings-of-a-body&bodyName={quote(hostile)}&year=&run=1&view=raw", PAGE)
    assert got.status == 303
    asked = parse_qs(urlsplit(got.headers["Location"]).query)
    assert r'VALUES ?bodyName { "A\" } UNION { ?s ?p ?o } #"@sv }' in asked["query"][0]
    assert "VALUES ?year { UNDEF }" in asked["query"][0] and asked["view"] == ["raw"]
    assert not got.headers["Location"].startswith("http")
    page = server.get(got.headers["Location"], PAGE)
    assert page.status == 200 and f'value="{html.escape(hostile)}"' in page.text.replace("&#34;", "&quot;")


def test_a_value_that_is_none_is_told_at_its_field_and_nothing_runs(server: Server) -> None:
    got = server.get("/sparql?example=25-changes-since&since=soon%22%3E&run=1&lang=en", PAGE)
    assert got.status == 200 and 'id="result"' not in got.text
    assert 'value="soon&#34;&gt;"' in got.text and 'aria-invalid="true"' in got.text
    assert "The value cannot be used." in got.text and "soon" not in got.text.partition("<textarea")[2]


def test_the_share_link_is_short_and_gives_the_same(server: Server) -> None:
    first = followed(
        server, "/sparql?example=01-meetings-of-a-body&run=1&year=2024&bodyName=Socialn%C3%A4mnden&lang=sv"
    )
    share = re.search(r'id="share" type="text" readonly value="([^"]*)"', first.text)
    assert share
    address = html.unescape(share[1])
    web = f"http://127.0.0.1:{server.port}"
    assert address.startswith(f"{web}/sparql?example=01-meetings-of-a-body&run=1&") and "query=" not in address
    again = followed(server, address.removeprefix(web) + "&lang=sv")
    assert table_rows(again) == table_rows(first) == 2
    own = server.ask("SELECT ?s { ?s a ?c } LIMIT 3", PAGE)
    assert f'value="{web}/sparql?query=SELECT+%3Fs' in own.text


def test_edit_fills_the_editor_and_runs_nothing(server: Server) -> None:
    got = server.get("/sparql?" + urlencode({"edit": "ASK { <urn:a> ?p </textarea><script> }"}), PAGE)
    assert got.status == 200 and 'id="result"' not in got.text and "<script>" not in got.text
    assert "ASK { &lt;urn:a&gt; ?p &lt;/textarea&gt;&lt;script&gt; }" in got.text


def test_a_chart_has_its_numbers_beside_it(server: Server) -> None:
    table = server.ask(COUNTS, PAGE, lang="sv")
    chart = next(each for each in links(table) if "view=chart" in each)
    got = server.get(chart.partition("#")[0] + "&number=many", PAGE)
    body = got.text.partition('<table class="chart">')[2]
    assert body.count("<rect") == 2 and body.count('width="100.0%"') == 2 and 'class="amount">1<' in body
    assert '<th scope="row"><span>2024-03-12</span></th>' in body
    below = server.get(chart.partition("#")[0] + "&number=less", PAGE).text.partition('<table class="chart">')[2]
    assert 'x="0.0%" y="0" width="100.0%"' in below and 'class="amount">-2<' in below
    assert not [each for each in links(server.ask("SELECT ?s { ?s a ?c }", PAGE)) if "view=chart" in each]


def test_bars_are_named_by_what_tells_them_apart() -> None:
    def whole(number: int) -> Term:
        return Term("literal", str(number), None, XSD + "integer")

    rows = tuple((whole(year), Term("literal", party), whole(year % 7)) for year in (2023, 2024) for party in "SV")
    found = Rows(("year", "party", "many"), rows, False, None, "solutions")
    chart = query_result.chart(found)
    assert chart and (chart.label, chart.number) == (("year", "party"), "many")
    assert chart.bars[0].label == (whole(2023), Term("literal", "S"))
    assert query_result.chart(found, "party", "year") and not query_result.chart(
        Rows(("a",), (), False, None, "solutions")
    )
    huge = Rows(
        ("a", "n"),
        ((Term("literal", "x"), Term("literal", "1e9999", None, XSD + "double")),),
        False,
        None,
        "solutions",
    )
    assert query_result.chart(huge) is None


def test_the_text_of_a_result(server: Server) -> None:
    raw = server.ask(COUNTS, PAGE, view="raw")
    text = html.unescape(raw.text.partition('<pre class="raw"')[2].partition(">")[2].partition("</pre>")[0])
    assert [row["many"]["value"] for row in json.loads(text)["results"]["bindings"]] == ["1", "1"]
    lines = server.ask(COUNTS, PAGE, view="raw", raw="csv")
    assert "day,many,less\n2024-03-12,1,-2\n" in lines.text
    turtle = server.ask(HOSTILE, PAGE, view="raw")
    assert "dcterms:title" in turtle.text and "&lt;script&gt;alert(" in turtle.text and "<script>" not in turtle.text
    assert '"boolean": true' in html.unescape(server.ask("ASK {}", PAGE, view="raw").text)


def test_a_picture_of_a_graph_has_its_statements_as_a_table(server: Server) -> None:
    got = server.ask(HOSTILE, PAGE, view="graph")
    assert table_rows(got) == 6 and "<script>" not in got.text
    told = re.search(r"data-graph='([^']*)'", got.text)
    assert told
    drawn = json.loads(html.unescape(told[1]))
    assert len(drawn["links"]) == 6 and {each["kind"] for each in drawn["nodes"]} == {"iri", "literal"}
    assert any(each["name"].startswith('<script>alert("bänk")') for each in drawn["nodes"])
    many = server.ask("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 400", PAGE, view="graph", lang="en")
    assert "more nodes than a picture can show" in many.text and table_rows(many) == 400


def test_results_are_fetched_in_every_format_and_links_lead_to_our_pages(server: Server) -> None:
    got = server.ask("SELECT ?m ?x { ?m a <" + NS + "Meeting> BIND(<javascript:alert(1)> AS ?x) }", PAGE, lang="en")
    assert (
        f'<a href="/id/meeting/9999/socialnamnden/2024-03-12?lang=en" title="{BASE}/id/meeting/9999/socialnamnden/2024-03-12">'
        in got.text
    )
    assert 'href="javascript' not in got.text and "javascript:alert(1)" in got.text
    assert re.search(r"2 rows, <span class=\"soft\">(0\.\d{1,3} s|under 1 ms)</span>", got.text)
    fetched = {parse_qs(urlsplit(each).query)["format"][0]: each for each in links(got) if "format=" in each}
    assert set(fetched) == {"json", "xml", "csv", "tsv"}
    assert server.get(fetched["csv"]).type == "text/csv"
    graph = server.ask(HOSTILE, PAGE)
    turtle = next(each for each in links(graph) if "format=turtle" in each)
    assert server.get(turtle).type == "text/turtle"


def test_limits_are_told_in_words(server: Server) -> None:
    many = server.ask("SELECT ?s { ?s ?p ?o } LIMIT 501", PAGE, lang="en")
    assert "The first 500 rows, " in many.text and "500 rows," not in many.text.replace("The first 500 rows,", "")
    assert "Only the first rows are shown" in many.text and table_rows(many) == 500
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c != ?f && ?f != ?i) }"
    late = server.ask(slow, PAGE, timeout="0.2", lang="en")
    assert late.status == 504 and "The query was stopped after 0.2 s" in late.text and "COUNT(*)" in late.text


def test_things_are_called_by_their_names(server: Server) -> None:
    bodies = server.ask("SELECT DISTINCT ?body { ?m <" + NS + "heldBy> ?body }", PAGE, lang="en").text
    assert f'title="{BASE}/id/body/9999/socialnamnden" lang="sv">Socialnämnden</a></td>' in bodies
    unknown = server.ask("SELECT ?x { BIND(<https://a.example/1> AS ?x) }", PAGE).text
    assert '<td><a href="https://a.example/1">https://a.example/1</a></td>' in unknown


def test_things_that_are_called_the_same_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    things = [f"{BASE}/id/person/9999/{each}" for each in ("ann-ek", "ann-ek-2", "bo-al")]
    known = {
        iri: {RDFS_LABEL: [Term("literal", name)]}
        for iri, name in zip(things, ("Ann Ek", "Ann Ek", "Bo Al"), strict=True)
    }
    monkeypatch.setattr(query_result, "look_up", lambda site, language, iris: Names(site, language, known))
    site: Any = SimpleNamespace(place_of=lambda iri: None, short=lambda iri: iri.removeprefix(BASE), base=BASE)
    found = Rows(("x",), tuple((Term("iri", each),) for each in things), False, None, "solutions")
    assert query_result.named(site, found, "sv") == {
        things[0]: ("Ann Ek", "/id/person/9999/ann-ek", ""),
        things[1]: ("Ann Ek", "/id/person/9999/ann-ek-2", ""),
        things[2]: ("Bo Al", "", ""),
    }


def test_the_words_of_the_engine_are_a_quotation(server: Server) -> None:
    got = server.ask("SELECT ?s WHERE { ?s a ", PAGE, lang="sv").text
    assert "<p>Frågan går inte att läsa: felet är på rad 1, kolumn " in got
    quoted = re.search(r'<q lang="en">(.*?)</q>', got, re.DOTALL)
    assert quoted and quoted[1].startswith("expected ") and got.count("expected ") == 1


def test_the_line_that_cannot_be_read_is_shown(server: Server) -> None:
    got = server.ask("SELECT * {\n  ?s ?? <b>\n}", PAGE, lang="en")
    assert got.status == 400 and re.search(r'data-line="2" data-column="\d+"', got.text)
    assert "<mark>  ?s ?? &lt;b&gt;</mark>" in got.text and 'role="alert"' in got.text
    lacked = server.ask("SELECT * { ?s a kg:Meeting }", PAGE, lang="en")
    mended = next(each for each in links(lacked) if "edit=" in each)
    assert parse_qs(urlsplit(mended).query)["edit"] == [f"PREFIX kg: <{NS}>\nSELECT * {{ ?s a kg:Meeting }}"]
    assert server.get(mended, PAGE).status == 200


@pytest.mark.parametrize("language, label", [("sv", "sammanträde"), ("en", "meeting")])
def test_the_words_that_complete_a_query(server: Server, language: str, label: str) -> None:
    got = server.get(f"/sparql/terms?lang={language}")
    assert (got.status, got.type) == (200, "application/json") and got.headers["ETag"]
    told = json.loads(got.body)
    terms = {each["name"]: each for each in told["terms"]}
    assert terms["kg:Meeting"]["kind"] == "class" and terms["kg:Meeting"]["label"] == label
    assert terms["kg:heldBy"]["kind"] == "property" and terms["kg:heldBy"]["definition"]
    assert terms["outcome:approved"]["kind"] == "concept" and terms["dcterms:title"]["kind"] == "property"
    assert told["prefixes"]["party"] == f"{BASE}/id/party/" and "party:V" in terms
    assert told["prefixes"]["outcome"] == "https://w3id.org/kommungraf/concept/outcome/"
    assert all(name.partition(":")[0] in told["prefixes"] for name in terms)
    again = server.get(f"/sparql/terms?lang={language}", **{"If-None-Match": got.headers["ETag"]})
    assert again.status == 304


def test_the_page_has_a_script_only_where_it_is_built(server: Server) -> None:
    got = server.get("/sparql", PAGE)
    built = (form.BUILT / "query.js").is_file()
    assert ("/static/built/query.js" in got.text) is built
    assert "style=" not in got.text and "unsafe" not in got.headers["Content-Security-Policy"]
    assert server.get("/static/query.css").status == 200

"""Pages and RDF at the addresses of published IRIs."""

import json
import unicodedata
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest

from tests.server.data import BASE, RDF_FORMATS, TEXTS, Server, quads

ITEM = "/id/treatment/9999/socialnamnden/2024-03-12/7"
PAGE = "/doc/treatment/9999/socialnamnden/2024-03-12/7"
HTML = "text/html"


class Links(HTMLParser):
    """The links and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.tags: list[str] = []
        self._at = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "script" and said.get("type") == "application/ld+json":
            tag = "data"  # which no browser runs
        self.tags.append(tag)
        if tag == "a":
            self._at = dict(attrs)["href"] or ""
            self.links.setdefault(self._at, "")

    def handle_data(self, data: str) -> None:
        if self._at:
            self.links[self._at] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._at = ""


def test_a_page_shows_labels_and_both_directions(server: Server) -> None:
    got = server.get(PAGE + "?view=facts", HTML)
    assert (got.status, got.type) == (200, HTML)
    links = Links(got.text).links
    assert "<h1>§ 7 Remiss av motion om fler bänkar</h1>" in got.text
    assert links["/id/case/9999/SN-2024-31"] == "SN 2024/31"
    assert links["/id/meeting/9999/socialnamnden/2024-03-12"] == "Sammanträde · Socialnämnden 12 mars 2024"
    assert links["/id" + ITEM[3:] + "/decision"] == "Beslut · bifall · § 7, Socialnämnden 12 mars 2024"
    assert links["/ns#concernsCase"] == "gäller ärende"
    assert (links["?format=turtle"], links["?format=rdfxml"]) == ("Turtle", "RDF/XML")
    back = Links(server.get("/doc/case/9999/SN-2024-31?view=facts", HTML).text).links
    assert back[ITEM] == "§ 7 Remiss av motion om fler bänkar"
    assert "/id/treatment/9999/socialnamnden/2024-04-09/3" in back
    only_object = server.get("/doc/party/V?view=facts", HTML).text
    assert "/reservation/1" in only_object


def test_text_from_documents_is_escaped(server: Server) -> None:
    for path in ("/doc/treatment/9999/socialnamnden/2024-04-09/3", "/doc/meeting/9999/socialnamnden/2024-04-09"):
        page = server.get(path, HTML)
        assert "script" not in Links(page.text).tags and "&lt;script&gt;" in page.text and "<script>" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/explore/decisions?outcome=a%00b", "/sparql?edit=a%00b", "/quality/documents?name=a%00b", "/search?q=a%00b"]
    + ["/id/person/a%00b", "/nowhere/a%00b", "/explore/decisions?outcome=a%1B%C2%85b", "/sparql?query=a%0Bb"],
)
def test_control_characters_are_not_echoed(server: Server, path: str) -> None:
    got = server.get(path, HTML)
    assert got.type == HTML and "</html>" in got.text
    assert [each for each in got.text if unicodedata.category(each) == "Cc" and each not in "\n\t"] == []


def test_what_was_typed_around_a_control_character_is_kept(server: Server) -> None:
    assert "ASK {\ufffd}</textarea>" in server.get("/sparql?edit=ASK%20%7B%00%7D", HTML).text


def test_pages_in_two_languages(server: Server) -> None:
    swedish = server.get(PAGE + "?view=facts", HTML, **{"Accept-Language": "sv"}).text
    english = server.get(PAGE + "?view=facts", HTML, **{"Accept-Language": "en"}).text
    assert 'lang="sv"' in swedish and "gäller ärende" in swedish
    assert 'html lang="en"' in english and "concerns case" in english
    assert "/id/case/9999/SN-2024-31?lang=en" in Links(server.get(PAGE + "?lang=en&view=facts", HTML).text).links


@pytest.mark.parametrize(("accept", "format"), RDF_FORMATS)
def test_rdf_by_negotiation(server: Server, accept: str, format: ox.RdfFormat) -> None:
    path = "/doc/case/9999/SN-2024-31"
    for got in (server.get(path, accept), server.get(f"{path}?format={accept}", HTML)):
        assert (got.status, got.type) == (200, accept) and "Accept" in got.headers["Vary"]
        triples = {quad.triple for quad in quads(got.body, format)}
        case = ox.NamedNode(f"{BASE}/id/case/9999/SN-2024-31")
        assert len([each for each in triples if each.subject == case]) == 4  # with where it is described
        assert len([each for each in triples if each.object == case]) == 2


def test_a_named_graph_is_addressed_by_its_iri(server: Server) -> None:
    path = "/id/graph/aaaaaaaaaaaaaaaa"
    rdf = server.get("/doc" + path[3:], "text/turtle")
    asked = server.ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{BASE}{path}> {{ ?s ?p ?o }} }}", "text/csv")
    holds = int(asked.text.split()[1])
    assert len(list(ox.parse(rdf.body, format=ox.RdfFormat.TURTLE))) == holds + 1  # where the graph is described
    assert f": {holds}<" in server.get("/doc" + path[3:], HTML).text


def test_not_found_helps(server: Server) -> None:
    got = server.get("/id/treatment/9999/socialnamnden/2024-03-12/99", HTML)
    assert (got.status, got.type) == (404, HTML)
    assert "/id/meeting/9999/socialnamnden/2024-03-12" in Links(got.text).links
    got = server.get("/id/person/9999/nobody", "text/turtle")
    assert (got.status, got.type) == (404, "application/problem+json") and json.loads(got.body)["en"]
    unknown = (
        "/nowhere",
        "/id/%3Cscript%3E",
        "/id/a%22b",
        "/id/a%20b",
        "/id/%00",
        "/id/%7F",
        "/concept/outcome/nothing",
    )
    for path in (*unknown, "/id/[x]", "/id/%EF%BF%BE", "/id/treatment/[/b/c/d"):
        got = server.get(path, HTML)
        assert got.status == 404 and "script" not in Links(got.text).tags
    assert server.get(PAGE, "image/png").status == 406


def test_canonical_texts(server: Server) -> None:
    got = server.get("/doc/text/aaaaaaaaaaaaaaaa")
    assert got.status == 200 and got.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert got.body == TEXTS["aaaaaaaaaaaaaaaa"].encode()
    for path in ("cccccccccccccccc", "dddddddddddddddd", "..%2f..%2fpersons", "AAAAAAAAAAAAAAAA"):
        for address in (f"/id/text/{path}", f"/doc/text/{path}"):
            assert server.get(address).status == 404, path  # in quarantine; unknown; not a name
    page = server.get("/doc/text/aaaaaaaaaaaaaaaa", "text/html,*/*;q=0.8")
    assert page.type == HTML and "?format=text" in Links(page.text).links


def test_a_span_is_shown_in_its_text(server: Server) -> None:
    page = server.get("/doc/span/aaaaaaaaaaaaaaaa/18-35", HTML).text
    assert "<mark>Remiss av motion </mark>om fler" in page
    assert ITEM in Links(page).links


def test_start_page(server: Server) -> None:
    got = server.get("/", HTML)
    links = Links(got.text).links
    assert got.status == 200 and 'action="/search"' in got.text
    meetings = [link for link in links if link.startswith("/id/meeting/")]
    assert meetings == [f"/id/meeting/9999/socialnamnden/{date}" for date in ("2024-04-09", "2024-03-12")]
    assert "/browse/bodies" in links and "/explore/decisions" in links
    assert not [link for link in links if link.startswith("http")]
    style = server.get("/static/style.css")
    assert style.status == 200 and style.type == "text/css" and b"http" not in style.body


def test_a_browser_that_asks_for_an_icon_gets_it(server: Server) -> None:
    got = server.get("/favicon.ico", "*/*")
    assert got.status == 200 and got.body == server.get("/static/favicon.svg", "*/*").body
    assert got.type.startswith("image/svg+xml")


def test_head(server: Server) -> None:
    for path, accept in ((PAGE, HTML), (PAGE, "text/turtle"), ("/", HTML), ("/doc/text/aaaaaaaaaaaaaaaa", "*/*")):
        head, whole = server.request("HEAD", path, headers={"Accept": accept}), server.get(path, accept)
        assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(whole.body)))


def test_every_link_on_the_pages_leads_somewhere(server: Server) -> None:
    seen: set[str] = set()
    waiting = ["/", ITEM]
    while waiting and len(seen) < 240:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        got = server.get(path, HTML)
        if got.status == 303:
            waiting.append(got.headers["Location"])
            continue
        assert got.status == 200, path
        if got.type == HTML and "/ns" not in path and "municipality" not in path and "/concept" not in path:
            found = Links(got.text).links
            waiting += [link.partition("#")[0] for link in found if link.startswith("/") and "/sparql?" not in link]
            assert all(link.startswith(("/", "#", "?", "http://", "https://")) for link in found)
    assert len(seen) > 15

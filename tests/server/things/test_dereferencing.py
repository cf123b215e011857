"""Every published identifier, as a client meets it: 303 to a description in every format, or why there is none.

DIGG's profile for persistent identifiers: BI-1 to BI-5, UM-2, UM-4, UM-7, UM-10 to UM-12.
"""

import hashlib
import http.client
import itertools
import json
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from server.gone import renamed
from server.site import CONCEPT, NS
from server.storage import snapshot, store
from tests.conftest import ROOT, Done
from tests.server.conftest import free_port, start
from tests.server.data import BASE, RDF_FORMATS, Got, Server, make, quads

ITEM = "treatment/9999/socialnamnden/2024-03-12/7"
HTML = "text/html"
TABLE = [line.split("\t") for line in Path(__file__).with_name("accepts.tsv").read_text("utf-8").splitlines()[1:]]
QUERIES = {
    2: ("SELECT * {}", "ASK {}"),
    3: ("CONSTRUCT { <a:a> <a:b> <a:c> } {}", f"DESCRIBE <{BASE}/id/{ITEM}>"),
}
ALTERNATE = re.compile(r'<([^>]+)>; rel="alternate"; type="([^"]+)"(?:; hreflang="(\w\w)")?')
RENAMED = """# gammal sökväg, tabb, ny sökväg
body/9999/socialutskottet\tbody/9999/socialnamnden

case/9999/SN-2024-30\tcase/9999/SN-2024-31
case/9999/SN-2024-30\ttreatment/9999/socialnamnden/2024-03-12/7
"""


class Kept:
    """A server over one connection, which many requests need."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def request(self, method: str, path: str, accept: str) -> Got:
        self.connection.request(method, path, headers={"Accept": accept})
        answer = self.connection.getresponse()
        return Got(answer.status, answer.headers, answer.read())


def terms(data_dir: Path) -> set[str]:
    """Every IRI of the store, and the blank nodes, as they stand in N-Quads."""
    opened = snapshot.open_current(data_dir)
    try:
        return {
            str(term)
            for quad in opened.store
            for term in (quad.subject, quad.object, quad.graph_name)
            if isinstance(term, ox.NamedNode | ox.BlankNode)
        }
    finally:
        opened.close()


def identifiers(data_dir: Path, base: str) -> list[str]:
    """Every published IRI that is to be dereferenced here: things, graphs and concepts."""
    return sorted(term[1:-1] for term in terms(data_dir) if term.startswith((f"<{base}/id/", f"<{CONCEPT}")))


def path_of(iri: str, base: str) -> str:
    return "/concept/" + iri.removeprefix(CONCEPT) if iri.startswith(CONCEPT) else iri.removeprefix(base)


def leads_to_its_description(site: Kept, iri: str, base: str, method: str, formats: list[tuple[str, str]]) -> None:
    path = path_of(iri, base)
    got = site.request(method, path, "*/*")
    place = got.headers["Location"]
    assert got.status == 303, (iri, got.status)
    assert place == "/doc" + path.removeprefix("/id") and got.headers["Link"] == f'<{place}>; rel="describedby"'
    for media_type, form in formats:
        found = site.request("GET", place, media_type)
        assert (found.status, found.type) == (200, media_type), (iri, media_type, found.status)
        if media_type != HTML:
            subjects = {each.subject for each in quads(found.body, dict(RDF_FORMATS)[form], base)}
            assert ox.NamedNode(iri) in subjects, (iri, media_type)


def test_every_identifier_leads_to_its_description_in_every_format(server: Server, published: Path) -> None:
    iris = identifiers(published, BASE)
    folders = {iri.removeprefix(BASE + "/id/").partition("/")[0] for iri in iris if iri.startswith(BASE)}
    assert len(iris) > 400 and folders > {"text", "graph", "span", "document", "treatment", "party", "person"}
    formats = [(HTML, ""), *((media_type, media_type) for media_type, _ in RDF_FORMATS)]
    site = Kept(server.port)
    for iri, method in zip(iris, itertools.cycle(("GET", "HEAD"))):
        leads_to_its_description(site, iri, BASE, method, formats)


def test_every_identifier_of_the_sample_documents_leads_to_its_description(sample_data: Path) -> None:
    base = store.base_of(sample_data)
    iris = identifiers(sample_data, base)
    folders = {iri.removeprefix(base + "/id/").partition("/")[0] for iri in iris if iri.startswith(base)}
    assert len(iris) > 1500 and folders > {"text", "graph", "span", "document", "run", "meeting", "membership"}
    port = free_port()
    process = start(sample_data, port)
    try:
        site = Kept(port)
        forms = itertools.cycle([(HTML, ""), *((media_type, media_type) for media_type, _ in RDF_FORMATS)])
        for iri, method, form in zip(iris, itertools.cycle(("GET", "HEAD")), forms):
            leads_to_its_description(site, iri, base, method, [form])
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def test_identifiers_are_fit_to_last(sample_data: Path, published: Path) -> None:
    for data_dir in (sample_data, published):
        base = store.base_of(data_dir)
        fit = re.compile(rf"<{re.escape(base)}/id(/[A-Za-z0-9._~-]+)+>")
        found = terms(data_dir)
        assert not [term for term in found if term.startswith("_:")]
        assert not [term for term in found if term.startswith(f"<{base}") and not fit.fullmatch(term)]
        assert re.fullmatch(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+", base)  # a name; no port, user, query or fragment
        assert not [term for term in found if term.startswith(f"<{CONCEPT}") and re.search(r"[?#]|:\d", term)]


def test_the_table_of_accept_headers() -> None:
    assert len(TABLE) >= 60 and len({row[0] for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=[row[0][:60] for row in TABLE])
def test_each_accept_header_gets_what_it_likes_best(server: Server, row: list[str]) -> None:
    accept = {"(no header)": None, "(empty)": ""}.get(row[0], row[0])
    paths = [("/doc/" + ITEM, 1)]
    paths += [("/sparql?" + urlencode({"query": query}), at) for at, queries in QUERIES.items() for query in queries]
    for path, at in paths:
        got = server.get(path, accept)
        expected = (406, "application/problem+json") if row[at] == "-" else (200, row[at])
        assert (got.status, got.type) == expected, path
        assert "Accept" in re.split(r",\s*", got.headers["Vary"])
        if got.status == 406:
            assert "text/turtle" in json.loads(got.body)["alternatives"] or at == 2


def hashed(body: bytes, format: ox.RdfFormat) -> str:
    """The SHA-256 of the triples as RDFC-1.0 writes them."""
    dataset = ox.Dataset(quads(body, format))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = (ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b"").splitlines()
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()


@pytest.mark.parametrize(
    "path",
    [
        ITEM,
        "person/9999/vera-exempel-v",
        "text/aaaaaaaaaaaaaaaa",
        "span/aaaaaaaaaaaaaaaa/18-35",
        "graph/bbbbbbbbbbbbbbbb",
        "municipality/0180",
        "concept/outcome/approved",
    ],
)
def test_every_format_says_the_same(server: Server, path: str) -> None:
    got = [(server.get(f"/doc/{path}", media_type), format) for media_type, format in RDF_FORMATS]
    assert all(each.status == 200 for each, _ in got)
    assert len({hashed(each.body, format) for each, format in got}) == 1
    assert len({each.headers["ETag"] for each, _ in got}) == len(RDF_FORMATS)


def test_a_description_links_to_its_other_forms_and_to_its_thing(server: Server) -> None:
    types = {HTML, *(media_type for media_type, _ in RDF_FORMATS)}
    for path in (ITEM, "text/aaaaaaaaaaaaaaaa", "concept/outcome/approved"):
        for accept in (HTML, "text/turtle", "text/plain"):
            got = server.get(f"/doc/{path}", accept)
            if got.status == 406:
                continue
            head = server.request("HEAD", f"/doc/{path}", headers={"Accept": accept})
            assert head.headers["Link"] == got.headers["Link"] and head.body == b""
            thing = CONCEPT + "outcome/approved" if path.startswith("concept") else f"{BASE}/id/{path}"
            assert f'<{thing}>; rel="describes"' in got.headers["Link"]
            found = ALTERNATE.findall(got.headers["Link"])
            offered = types | ({"text/plain"} if path.startswith("text") else set())
            assert {each[1] for each in found} - {HTML} == offered - {got.type, HTML}
            assert {each[2] for each in found if each[1] == HTML} == ({"en"} if accept == HTML else {"sv", "en"})
            for address, media_type, language in found:
                other = server.get(address)
                assert (other.status, other.type) == (200, media_type)
                assert not language or f'<html lang="{language}"' in other.text


def test_a_description_is_sent_once(server: Server, published: Path) -> None:
    version = snapshot.current_version(published)
    for path, accept in itertools.product((ITEM, "text/aaaaaaaaaaaaaaaa"), (HTML, "text/turtle", "application/trig")):
        got = server.get(f"/doc/{path}", accept)
        tag = got.headers["ETag"]
        assert tag.startswith(f'"{version}-') and got.headers["Access-Control-Allow-Origin"] == "*"
        for method in ("GET", "HEAD"):
            again = server.request(method, f"/doc/{path}", headers={"Accept": accept, "If-None-Match": tag})
            assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
        assert server.get(f"/doc/{path}", "application/n-triples", **{"If-None-Match": tag}).status == 200


def test_a_redirect_keeps_format_and_language_and_nothing_else(server: Server) -> None:
    for method in ("GET", "HEAD"):
        got = server.request(method, f"/id/{ITEM}?x=1&lang=en&format=turtle&lang=sv")
        assert got.headers["Location"] == f"/doc/{ITEM}?format=turtle&lang=en"
        assert got.headers["Link"] == f'</doc/{ITEM}>; rel="describedby"'
        assert got.headers["Access-Control-Allow-Origin"] == "*" and (got.body == b"") == (method == "HEAD")
    assert server.get(f"/doc/{ITEM}?format=turtle&lang=en", HTML).type == "text/turtle"
    assert server.get(f"/doc/{ITEM}?format=pdf").status == 406
    page = server.get(f"/doc/{ITEM}?format=pdf", "text/html,*/*;q=0.8")
    assert page.status == 406 and page.type == "text/html"
    assert f'<a href="/doc/{ITEM}?format=turtle">Turtle</a>' in page.text and "?format=html" in page.text
    got = server.get(f"/id/{ITEM}?lang=%0d%0aX-Evil:1")
    assert got.status == 303 and "X-Evil" not in got.headers


def test_other_methods_and_other_paths(server: Server) -> None:
    for path, method in itertools.product(
        (f"/id/{ITEM}", f"/doc/{ITEM}", "/concept/outcome"), ("POST", "PUT", "DELETE")
    ):
        got = server.request(method, path)
        assert got.status == 405 and {"GET", "HEAD"} <= set(got.headers["Allow"].split(", "))
    assert server.request("OPTIONS", f"/id/{ITEM}").headers["Access-Control-Allow-Origin"] == "*"
    for kind, accept in itertools.product(("id", "doc"), (HTML, "text/turtle", "image/png")):
        got = server.get(f"/{kind}/{ITEM}9", accept)
        assert got.status == 404 and (accept != HTML or "/id/meeting/9999/socialnamnden/2024-03-12" in got.text)
        assert server.get(f"/{kind}/", accept).status == 404
    assert (
        server.get("/concept/nothing", HTML).status == server.get("/doc/concept/nothing", "text/turtle").status == 404
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make(tmp_path)
    return tmp_path


@pytest.fixture
def changed(folder: Path) -> Iterator[tuple[Server, Path]]:
    """A server over data where a body was renamed, a case divided, and a person withdrawn."""
    (folder / "renamed.tsv").write_text(RENAMED)
    person, graph = f"<{BASE}/id/person/9999/vera-exempel-v>", f"<{BASE}/id/graph/persons>"
    when = '"2025-01-02T03:04:05Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    with (folder / "persons.nq").open("a") as persons:
        persons.write(f"{person} <{NS}processingStatus> <{CONCEPT}processing-status/removed> {graph} .\n")
        persons.write(f'{person} <{NS}refusalReason> "Artikel 17" {graph} .\n')
        persons.write(f"{person} <http://www.w3.org/ns/prov#invalidatedAtTime> {when} {graph} .\n")
        title = '<http://purl.org/dc/terms/title> "Grafen"'
        persons.write(f"<{BASE}/id/graph/bbbbbbbbbbbbbbbb> {title} {graph} .\n")
    store.build(folder, BASE)
    port = free_port()
    process = start(folder, port)
    yield Server(port), folder
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)


def test_what_was_renamed_divided_or_withdrawn(changed: tuple[Server, Path]) -> None:
    server, folder = changed
    for kind, accept, method in itertools.product(("id", "doc"), (HTML, "text/turtle"), ("GET", "HEAD")):
        got = server.request(method, f"/{kind}/body/9999/socialutskottet?lang=en&x=1", headers={"Accept": accept})
        assert got.status == 308 and got.headers["Location"] == "/id/body/9999/socialnamnden?lang=en"
        assert got.headers["Link"] == '</id/body/9999/socialnamnden>; rel="successor-version"'
        got = server.request(method, f"/{kind}/case/9999/SN-2024-30", headers={"Accept": accept})
        assert got.status == 300 and "Location" not in got.headers
        both = ("/id/case/9999/SN-2024-31", f"/id/{ITEM}")
        assert got.headers["Link"] == ", ".join(f'<{each}>; rel="successor-version"' for each in both)
        if method == "GET" and accept == HTML:
            assert all(f'href="{each}"' in got.text for each in both) and "SN 2024/31" in got.text
        elif method == "GET":
            assert json.loads(got.body)["successors"] == [BASE + each for each in both]
        gone = server.request(method, f"/{kind}/person/9999/vera-exempel-v", headers={"Accept": accept})
        assert gone.status == 410 and (method == "HEAD" or "Artikel 17" in gone.text)
    of_graph = server.get("/doc/graph/bbbbbbbbbbbbbbbb", "application/n-triples").text
    assert '"Grafen"' in of_graph and '"Protokoll 2024-04-09"@sv' in of_graph
    rows = server.ask(f"SELECT ?old ?new {{ GRAPH <{BASE}/id/graph/renamed> {{ ?old ?p ?new }} }}", "text/csv")
    assert rows.text.count("\n") == 4
    (folder / "renamed.tsv").unlink()
    store.build(folder, BASE)
    until = time.monotonic() + 20  # readers look for a new version each second
    while (status := server.get("/id/body/9999/socialutskottet").status) != 404 and time.monotonic() < until:
        time.sleep(0.1)
    assert status == 404


@pytest.mark.parametrize(
    ("lines", "line", "told"),
    [
        ("body/9999/a body/9999/b\n", 1, "a tab"),
        ("# x\nbody/9999/a\tbody/9999/b\tbody/9999/c\n", 2, "a tab"),
        ("/id/body/9999/a\tbody/9999/b\n", 1, "behind /id/"),
        ("body/9999/a\thttps://other.example/b\n", 1, "behind /id/"),
        ("body/9999/a\tbody/9999/b#c\n", 1, "behind /id/"),
        ("body/9999/a\tbody/9999/b\nbody/9999/a\tbody/9999/b\n", 2, "the same as line 1"),
        ("body/9999/a\tbody/9999/a\n", 1, "back to itself"),
        ("body/9999/a\tbody/9999/b\nbody/9999/b\tbody/9999/c\nbody/9999/c\tbody/9999/a\n", 3, "back to itself"),
        ("body/9999/a\tbody/9999/b\nbody/9999/socialnamnden\tbody/9999/a\n", 2, "still in the graph"),
        ("graph/aaaaaaaaaaaaaaaa\tgraph/x\n", 1, "still in the graph"),
    ],
)
def test_what_cannot_be_renamed_is_refused_by_its_line(folder: Path, lines: str, line: int, told: str) -> None:
    store.build(folder, BASE)
    before = snapshot.current_version(folder)
    (folder / "renamed.tsv").write_text(lines)
    with pytest.raises(store.PublishFailed) as failed:
        store.build(folder, BASE)
    swedish, english = str(failed.value).split("\n")
    assert f"renamed.tsv, rad {line}: " in swedish and f"renamed.tsv, line {line}: " in english and told in english
    assert snapshot.current_version(folder) == before
    with pytest.raises(store.PublishFailed):
        store.build(folder, BASE, anew=True)
    with pytest.raises(store.PublishFailed):
        store.rebuild(folder, BASE)
    assert snapshot.current_version(folder) == before


def test_a_list_that_is_not_utf_8_is_refused(folder: Path) -> None:
    (folder / "renamed.tsv").write_bytes("body/9999/å\tbody/9999/a\n".encode("latin-1"))
    with pytest.raises(store.PublishFailed, match=r"renamed\.tsv is not UTF-8"):
        store.build(folder, BASE)


def test_a_list_that_cannot_be_used_stops_an_ingest_before_it_begins(
    command: Callable[..., Done], sample_data: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_data, data)
    (data / "renamed.tsv").write_text("body/9999/a\n")
    (tmp_path / "new.txt").write_text("no municipal document\n")
    ledger = (data / "ledger.nq").read_bytes()
    done = command("ingest", tmp_path / "new.txt", "--data", data)
    assert done.returncode == 5 and "renamed.tsv, rad 1: " in done.stderr
    assert (data / "ledger.nq").read_bytes() == ledger


def test_the_list_in_the_documentation_can_be_read(tmp_path: Path) -> None:
    [told] = re.findall(r"^```\n(#[^`]*\t[^`]*)```$", (ROOT / "docs/operation.md").read_text("utf-8"), re.MULTILINE)
    (tmp_path / "renamed.tsv").write_text(told, "utf-8")
    assert [each.line for each in renamed.read(tmp_path)] == [2, 3, 4]

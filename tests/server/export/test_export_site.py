"""The site of files: every link in it leads to a file, and it says what the service says."""

import errno
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox
import pytest
import rdflib
from selectolax.lexbor import LexborHTMLParser

from server.asking import QueryFailed
from server.catalogue import publisher
from server.export import dumps, site_in_place, site_of_files
from server.export import things as export_things
from server.export.dumping import ExportFailed, export
from server.export.page_as_file import as_file, at
from server.site import CONCEPT, NS
from server.storage import snapshot, store
from tests.conftest import ROOT
from tests.server.data import BASE, RDF_FORMATS, Server, make

PUBLISHER = publisher.read(ROOT / "docs" / "kommungraf.toml")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("for-site")
    store.publish(folder, make(folder), BASE)
    return folder


@pytest.fixture(scope="module")
def site(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("www") / "site"
    made = site_of_files.publish(data, target, publisher=PUBLISHER)
    assert made.things > 500 and not made.left_out
    assert made.files == sum(path.is_file() for path in target.rglob("*")) - 2  # the mark, and the list of files
    return target


def file_of(site: Path, address: str) -> Path:
    """The file that a web host sends for an address."""
    path = site / unquote(urlsplit(address).path).lstrip("/")
    return path / "index.html" if path.is_dir() else path


def test_every_link_leads_to_a_file(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    seen = 0
    for page in pages:
        own = "/" + str(page.relative_to(site)).removesuffix("index.html")
        for node in LexborHTMLParser(page.read_bytes()).css("[href]"):
            href = node.attributes["href"] or ""
            if not urlsplit(href).scheme:
                seen += 1
                assert "?" not in href, (own, href)
                assert file_of(site, urljoin(own, href)).is_file(), (own, href)
    assert seen > 5 * len(pages) > 1000


def dead_links(site: Path) -> list[tuple[str, str]]:
    """Links within the site that lead to no file, with the page where they stand."""
    found = []
    for page in sorted(site.rglob("*.html")):
        own = "/" + str(page.relative_to(site)).removesuffix("index.html")
        links = [node.attributes["href"] or "" for node in LexborHTMLParser(page.read_bytes()).css("[href]")]
        local = [href for href in links if not urlsplit(href).scheme]
        found += [(own, href) for href in local if not file_of(site, urljoin(own, href)).is_file()]
    return found


def test_what_has_no_page_is_named_and_not_linked_to(tmp_path: Path) -> None:
    """What a report of a document in quarantine tells of, and what was removed."""
    gone, report = f"{BASE}/id/document/eeeeeeeeeeeeeeee", f"{BASE}/id/report/dddddddddddddddd/1"
    meeting, text = f"{BASE}/id/meeting/0180/provnamnden/2024-01-31", f"{BASE}/id/text/dddddddddddddddd"
    shacl = "http://www.w3.org/ns/shacl#"
    lines = (
        f"<{report}> <{rdflib.RDF.type}> <{shacl}ValidationResult>",
        f"<{report}> <{shacl}focusNode> <{meeting}>",
        f"<{report}> <{rdflib.RDFS.seeAlso}> <{gone}>",
        f"<{report}> <{rdflib.RDFS.seeAlso}> <{BASE}/id/document/dddddddddddddddd>",
        f"<{BASE}/id/document/dddddddddddddddd> <{NS}canonicalText> <{text}>",
        f"<{gone}> <{NS}processingStatus> <{CONCEPT}processing-status/removed>",
        f'<{gone}> <http://www.w3.org/ns/prov#invalidatedAtTime> "2025-01-01T00:00:00Z"^^<{rdflib.XSD.dateTime}>',
    )
    path = tmp_path / "data" / "documents" / "dddddddddddddddd.nq"
    path.parent.mkdir(parents=True)
    path.write_text("".join(f"{line} <{BASE}/id/graph/dddddddddddddddd> .\n" for line in lines), "utf-8")
    store.publish(tmp_path / "data", [path], BASE)
    made = site_of_files.publish(tmp_path / "data", tmp_path / "site")
    assert set(made.left_out) == {gone.removeprefix(BASE), text.removeprefix(BASE)}
    assert dead_links(tmp_path / "site") == []
    page = LexborHTMLParser((tmp_path / "site/doc/report/dddddddddddddddd/1/index.html").read_bytes())
    links = {each.attributes["href"] for each in page.css("main a[href]")}
    assert "/doc/document/dddddddddddddddd" in links
    told = " ".join(each.text() for each in page.css("main"))
    assert "januari 2024" in told and "eeeeeeeeeeeeeeee" in told


def test_no_separator_stands_alone(site: Path) -> None:
    """What stood between links, some of which lead to nothing here."""
    for page in site.rglob("*.html"):
        for node in LexborHTMLParser(page.read_bytes()).css("main p, main dd, main li"):
            told = " ".join(node.text().split())
            assert not re.search(r"(?:^|[·:]) ?·|·$", told), (page, told)


def test_pages_in_two_languages_lead_to_each_other(site: Path) -> None:
    swedish, english = (LexborHTMLParser((site / path).read_bytes()) for path in ("index.html", "en/index.html"))
    assert [tree.css("html")[0].attributes["lang"] for tree in (swedish, english)] == ["sv", "en"]
    assert swedish.css('a[hreflang="en"]')[0].attributes["href"] == "/en/"
    assert english.css('a[hreflang="sv"]')[0].attributes["href"] == "/"
    assert not swedish.css("form") and swedish.css("main .figures")


@pytest.mark.parametrize("path", ["/", "/doc/municipality/0180"])
def test_a_page_says_where_its_file_is_in_each_language(site: Path, path: str) -> None:
    web = PUBLISHER.web
    for language, own in (("sv", path), ("en", f"/en{path}")):
        tree = LexborHTMLParser((site / own[1:] / "index.html").read_bytes())
        assert tree.css('link[rel="canonical"]')[0].attributes["href"] == web + own
        others = {each.attributes["hreflang"]: each.attributes["href"] for each in tree.css("link[hreflang]")}
        assert others == {"sv": web + path, "en": f"{web}/en{path}", "x-default": web + path}, language


def addresses_of_pages(site: Path) -> set[str]:
    """The hosts that pages name as their own."""
    asked = 'link[rel="canonical"], link[hreflang], meta[property="og:url"]'
    found = set()
    for page in site.rglob("*.html"):
        for node in LexborHTMLParser(page.read_bytes()).css(asked):
            address = urlsplit(node.attributes.get("href") or node.attributes.get("content") or "")
            found.add(f"{address.scheme}://{address.netloc}")
    return found


def test_every_thing_is_there_in_turtle_as_served(site: Path, data: Path, server: Server) -> None:
    opened = snapshot.open_current(data)
    iris = {
        quad.subject.value
        for quad in opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith((f"{BASE}/id/", CONCEPT))
    }
    opened.close()
    for iri in iris:
        path = iri.removeprefix(f"{BASE}/id/") if iri.startswith(BASE) else "concept/" + iri.removeprefix(CONCEPT)
        assert (site / "doc" / path / "index.ttl").is_file() and (site / "en" / "doc" / path / "index.html").is_file()
    turtle = dict(RDF_FORMATS)["text/turtle"]
    for iri in sorted(each for each in iris if "/id/meeting/" in each):
        path = iri.removeprefix(BASE)
        served = next(
            got for got in (server.get(at, "text/turtle") for at in ("/doc" + path[3:], path)) if got.status == 200
        )
        file = site / ("doc" + path[3:]) / "index.ttl"
        assert set(ox.parse(file.read_bytes(), format=turtle)) == set(ox.parse(served.body, format=turtle))


def but_address(page: bytes) -> list[bytes]:
    """The lines of a page but those with its own addresses on the web, which differ between hosts."""
    own = (b"og:url", b'rel="canonical"', b'link rel="alternate" hreflang')
    return [line for line in page.splitlines() if not any(each in line for each in own)]


def test_pages_are_those_that_are_served(site: Path, server: Server) -> None:
    for path in ("/doc/municipality/0180", "/doc/concept/role/chair"):
        for language in ("sv", "en"):
            served = server.get(f"{path}?lang={language}", "text/html")
            assert served.status == 200
            file = site / at(path, language)[1:] / "index.html"
            made = as_file(served.body, path, language, language == "sv")
            assert but_address(file.read_bytes()) == but_address(made)


def test_without_a_feed_there_is_a_site(data: Path, tmp_path: Path) -> None:
    """Data that were published by an earlier version of the program have none."""
    copy = Path(shutil.copytree(data, tmp_path / "data", ignore=shutil.ignore_patterns("feed")))
    made = site_of_files.publish(copy, tmp_path / "site")
    assert made.things > 500 and not (tmp_path / "site" / "feed").exists()


def test_what_hinders_a_process_is_told(data: Path, tmp_path: Path) -> None:
    opened = snapshot.open_current(data)
    settings = export_things.Settings(data, opened.version, BASE, tmp_path / "file", BASE, None)
    settings.folder.touch()
    with pytest.raises(NotADirectoryError):
        list(export_things.made_side_by_side(settings, ["/id/municipality/0180"]))
    opened.close()
    with pytest.raises(QueryFailed, match="crash"):
        list(export_things.made_side_by_side(replace(settings, version="0" * 16), ["/id/municipality/0180"]))


def test_the_data_page_has_what_files_can_answer(site: Path) -> None:
    for folder, wanted in (("data", "Tillgänglighetsredogörelse"), ("en/data", "Accessibility statement")):
        found = LexborHTMLParser((site / folder / "index.html").read_bytes())
        assert wanted in [each.text() for each in found.css("h2#accessibility")]
        assert found.css_first('a[href="/dumps/kommungraf.nq.gz"]') is not None
        assert found.css_first("h2#sparql, h2#reconciliation, .running") is None


def test_the_dump_is_there(site: Path) -> None:
    told = json.loads((site / "dumps" / "manifest.json").read_text("utf-8"))
    for file in told["files"]:
        assert hashlib.sha256((site / "dumps" / file["name"]).read_bytes()).hexdigest() == file["sha256"]
    assert "kommungraf.nq.gz" in (site / "dumps" / "index.html").read_text("utf-8")


def test_the_catalogue_and_the_feed_are_there(site: Path, data: Path) -> None:
    told = [rdflib.Graph().parse(site / "datasets" / name) for name in ("dcat.rdf", "dcat.ttl")]
    for graph in told:
        assert graph.value(None, rdflib.RDF.type, DCAT.Catalog) and len(graph) == len(told[0]) > 100
        offered = {str(each) for each in graph.objects(None, DCAT.downloadURL)}
        assert offered and all(each.startswith(f"{PUBLISHER.web}/dumps/") for each in offered)
        assert all(file_of(site, each).is_file() for each in offered)
        assert "sparql" not in graph.serialize(format="nt") and not set(
            graph.subjects(rdflib.RDF.type, DCAT.DataService)
        )
        named = {*graph.objects(None, DCAT.distribution), *graph.objects(None, DCAT.dataset)}
        assert named and all((each, rdflib.DCTERMS.title, None) in graph for each in named)
    root = (site / "feed" / "index.trig").read_text("utf-8")
    nodes = re.findall(rf"{re.escape(PUBLISHER.web)}/feed/[^>#]+", root)
    assert nodes and all(file_of(site, each).stat().st_size for each in nodes)


def test_the_dump_of_a_site_names_the_files_and_no_service(site: Path, data: Path, tmp_path: Path) -> None:
    """Wherever the service says that it is."""
    export(data, "https://service.example")
    called = {"sv": "Beslut i Exempelby", "en": "Decisions of Exempelby"}
    for web, licence in (
        (None, PUBLISHER.licence),
        ("https://w.example", "http://creativecommons.org/licenses/by/4.0/"),
    ):
        target, here = tmp_path / str(web is None), web or PUBLISHER.web
        site_of_files.publish(data, target, web, publisher=replace(PUBLISHER, licence=licence, dataset_title=called))
        told = json.loads((target / "dumps" / "manifest.json").read_text("utf-8"))
        [file] = [each for each in told["files"] if each["name"] == "void.ttl"]
        void = (target / "dumps" / "void.ttl").read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(void), hashlib.sha256(void).hexdigest())
        graph = rdflib.Graph().parse(target / "dumps" / "void.ttl")
        assert len(graph) == file["triples"] and not set(graph.objects(None, VOID.sparqlEndpoint))
        assert {str(each) for each in graph.objects(None, rdflib.DCTERMS.license)} == {licence}
        offered = {str(each) for each in graph.objects(None, VOID.dataDump)}
        assert len(offered) == 3 and all(each.startswith(f"{here}/dumps/") for each in offered)
        catalogue = rdflib.Graph().parse(target / "datasets" / "dcat.ttl")
        titles = [
            set(each.objects(rdflib.URIRef(f"{BASE}/datasets/all"), rdflib.DCTERMS.title))
            for each in (graph, catalogue)
        ]
        assert titles[0] == titles[1] == {rdflib.Literal(text, lang=code) for code, text in called.items()}
        assert rdflib.Literal(file["sha256"], datatype=rdflib.XSD.hexBinary) in set(catalogue.objects())
        assert not (target / ".data").exists()
        reached = [*catalogue.objects(None, DCAT.accessURL), *catalogue.objects(None, DCAT.landingPage)]
        assert len(reached) > 10 and {urlsplit(str(each)).netloc for each in reached} == {urlsplit(here).netloc}
        assert addresses_of_pages(target) == {here}
    dump = dumps.current(data)
    assert dump and dump.offer and dump.offer.web == "https://service.example"


def test_the_vocabulary_and_the_figures_are_there_as_served(site: Path, server: Server) -> None:
    for path in ("/context.jsonld", "/static/vocabulary.css"):
        assert (site / path[1:]).read_bytes() == server.get(path).body
    version = re.search(r'href="(/ns/[0-9.]+)"', (site / "ns" / "index.html").read_text("utf-8"))
    assert version
    for path in ("/ns", version[1], "/alignments"):
        assert (site / path[1:] / "index.ttl").read_bytes() == server.get(path, "text/turtle").body
    figures = rdflib.Graph().parse(site / "datasets" / "quality" / "index.ttl")
    assert len(figures) > 50 and (site / "en" / "datasets" / "quality" / "index.html").is_file()


def test_a_catalogue_that_cannot_be_made_makes_no_site(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise QueryFailed("engine", message="of a test")

    site_of_files.publish(data, tmp_path / "without", "https://w.example")
    assert addresses_of_pages(tmp_path / "without") == {"https://w.example"}
    assert not (tmp_path / "without" / "datasets" / "dcat.rdf").exists()
    monkeypatch.setattr("server.catalogue.page.graph_of", broken)
    with pytest.raises(ExportFailed, match="/datasets/dcat") as told:
        site_of_files.publish(data, tmp_path / "site", publisher=PUBLISHER)
    assert len(str(told.value).splitlines()) == 2 and [path.name for path in tmp_path.iterdir()] == ["without"]


def test_the_rules_for_apache_lead_to_files_in_their_media_types(site: Path) -> None:
    rules = (ROOT / "docs" / "export.md").read_text("utf-8").partition("\nApache, in")[2]
    conditions: list[str] = []
    feed = next(each for each in (site / "feed").iterdir() if each.suffix == "")
    typed = []
    for line in rules.splitlines():
        name, *told = line.split() or [""]
        if name == "RewriteCond":
            conditions.append(" ".join(told))
        elif name == "RewriteRule":
            if "text/turtle" in " ".join(conditions):
                assert "%{REQUEST_FILENAME}/index.ttl -f" in conditions  # a canonical text has no Turtle
                assert re.match(told[0], "doc/municipality/0180") and told[1] == "/doc/$1/index.ttl"
            elif "$" not in told[1] and told[1] != "-":
                assert (site / told[1][1:]).is_file(), line
            typed += [told[2]] if re.match(told[0], f"feed/{feed.name}") else []
            conditions = []
    assert typed == ["[T=application/trig]"] and "Header merge Vary Accept" in rules
    assert "index.trig" in re.findall("DirectoryIndex (.*)", rules)[0].split()


def test_what_is_missing_has_a_page(site: Path) -> None:
    assert "Här finns ingenting" in (site / "404.html").read_text("utf-8")
    assert (site / "static" / "style.css").stat().st_size > 500


def test_a_site_is_replaced_and_nothing_else(site: Path, data: Path, tmp_path: Path) -> None:
    old = site / "doc" / "meeting" / "old"
    old.mkdir()
    (old / "index.html").write_text("of an earlier version")
    site_in_place.finish(site, (site / site_in_place.MARK).read_text("utf-8"))
    (site.with_name(f".{site.name}.making-999999999") / "doc").mkdir(parents=True)  # of one that was killed
    site_of_files.publish(data, site)
    assert not old.exists() and (site / "index.html").exists()
    assert [path.name for path in site.parent.iterdir()] == [site.name]
    (tmp_path / "mine.txt").write_text("not yours")
    with pytest.raises(ExportFailed, match="not empty") as told:
        site_of_files.publish(data, tmp_path)
    assert len(str(told.value).splitlines()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(ExportFailed, match="not a folder"):
        site_of_files.publish(data, tmp_path / "mine.txt")


OWN = {
    ".htaccess": "a",
    "own.txt": "b",
    "doc/.htaccess": "c",
    "a/b/c": "d",
    ".well-known/e": "f",
    "static/z.svg": "g",
}


@pytest.fixture
def own_files(site: Path) -> Iterator[None]:
    for path, content in OWN.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(content)
        (site / path).chmod(0o640)
    (site / "elsewhere").symlink_to("/nowhere")
    yield
    for path in (*OWN, "elsewhere"):
        (site / path).unlink(missing_ok=True)


@pytest.mark.usefixtures("own_files")
def test_what_its_owner_put_into_a_site_stays(site: Path, data: Path) -> None:
    before = {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}
    for _ in range(2):
        site_of_files.publish(data, site)
        assert {path: (site / path).read_text() for path in OWN} == OWN
        assert {(site / path).stat().st_mode & 0o777 for path in OWN} == {0o640}
        assert (site / "elsewhere").readlink() == Path("/nowhere")
        assert {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()} == before
        assert sorted(site_in_place.not_made(site)) == sorted([*OWN, "elsewhere"])


@pytest.mark.usefixtures("own_files")
def test_of_a_site_without_a_list_what_stands_at_its_root_stays(site: Path, data: Path) -> None:
    (site / site_in_place.LIST).unlink()
    assert {path.name for path in site.iterdir()} - site_in_place.ROOT == {
        ".htaccess", "own.txt", "a", ".well-known", "elsewhere"
    }  # fmt: skip
    site_of_files.publish(data, site)
    assert [path for path in OWN if not (site / path).exists()] == ["doc/.htaccess", "static/z.svg"]


def test_a_file_of_its_owner_is_not_replaced(site: Path, data: Path) -> None:
    dcat = site / "datasets" / "dcat.rdf"
    site_of_files.publish(data, site)
    dcat.write_text("mine")
    with pytest.raises(ExportFailed, match="files of your own") as told:
        site_of_files.publish(data, site, publisher=PUBLISHER)
    assert str(told.value).splitlines()[2:] == ["  datasets/dcat.rdf"] and dcat.read_text() == "mine"
    dcat.unlink()
    listed = site / site_in_place.LIST
    listed.write_bytes(listed.read_bytes()[: listed.stat().st_size // 2])
    with pytest.raises(ExportFailed, match="is damaged"):
        site_of_files.publish(data, site, publisher=PUBLISHER)
    assert [path.name for path in site.parent.iterdir()] == [site.name]


def test_a_site_and_the_data_folder_are_apart(data: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(data)
    before = sorted(data.rglob("*"))
    for target in (data, data / "site", data / "dumps", tmp_path / "link" / "site", data.parent):
        with pytest.raises(ExportFailed, match="give a folder outside") as told:
            site_of_files.publish(data, target)
        assert len(str(told.value).splitlines()) == 2
    assert sorted(data.rglob("*")) == before


def test_a_full_disk_leaves_the_earlier_site(site: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}

    def full(self: site_of_files.Writer, path: str, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(site_of_files.Writer, "_write", full)
    with pytest.raises(ExportFailed, match="full") as told:
        site_of_files.publish(data, site)
    assert told.value.full
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before
    assert [path.name for path in site.parent.iterdir()] == [site.name]


def test_what_is_published_meanwhile_is_not_mixed_in(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    files = make(folder)
    store.publish(folder, files, BASE)
    begun: list[int] = []

    def meanwhile(number: int, _total: int) -> None:
        if not begun:
            begun.append(number)
            files[0].write_text(re.sub("\n.*\n$", "\n", files[0].read_text("utf-8")), "utf-8")
            store.build(folder, BASE)

    with pytest.raises(ExportFailed, match="something new was published"):
        site_of_files.publish(folder, tmp_path / "site", progress=meanwhile)
    assert begun and not (tmp_path / "site").exists() and dumps.current(folder)


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("/id/a%20b?lang=en", "/en/doc/a%20b"),
        ("/id/a", "/doc/a"),
        ("/id/text/0a?lang=en", "/doc/text/0a.txt"),
        ("/concept/role/chair", "/doc/concept/role/chair"),
        ("/ns#Meeting", "/ns#Meeting"),
        ("?lang=en", "/en/doc/x"),
        ("/ns/0.2.0?lang=en", "/en/ns/0.2.0"),
        ("/ns?format=turtle", "/ns/index.ttl"),
        ("/ns?format=jsonld", None),
        ("/context.jsonld", "/context.jsonld"),
        ("/alignments/eli.sssom.tsv", "/alignments/eli.sssom.tsv"),
        ("/datasets/quality?lang=en", "/en/datasets/quality"),
        ("?format=turtle", "index.ttl"),
        ("?format=jsonld", None),
        ("/sparql?query=x", None),
        ("/quality/document/0a", None),
        ("/doc/document/0a?part=all&at=3-9#marked", "/doc/document/0a#t-3-9"),
        ("https://elsewhere.example/?format=turtle", "https://elsewhere.example/?format=turtle"),
        ("/dumps/void.ttl", "/dumps/void.ttl"),
        ("#content", "#content"),
    ],
)
def test_links_become_links_to_files(href: str, found: str | None) -> None:
    made = LexborHTMLParser(as_file(f'<main><p>x <a href="{href}">y</a></p></main>'.encode(), "/doc/x", "sv", True))
    assert [node.attributes["href"] for node in made.css("a")] == ([found] if found else [])

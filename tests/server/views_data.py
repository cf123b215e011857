"""The graph of views.trig published, and its site in this process: its pages are read as a browser would read them."""

import asyncio
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pyoxigraph as ox
from flask.testing import FlaskClient
from lxml import html

from server.app import create_app
from server.asking import QueryFailed, Rows
from server.blocking import Blocking
from server.processes.pool import Pool
from server.site import NS, Site
from server.storage import authority, store
from tests.server.data import BASE

GRAPH = Path(__file__).with_name("views.trig")
EVIDENCE = ox.NamedNode(NS + "evidence")
BLOCK = re.compile(r"<(?:p|li|ul|ol|dl|dd|h\d|section|details|summary|td|th|br)\b")
"""What begins a line of its own in a browser."""
OA = "http://www.w3.org/ns/oa#"
LONG_TITLE = "Å" * 4990 + " slut ord"
"""A title of 5,000 characters; it stands in § 11."""


def published(folder: Path, graph: Path = GRAPH) -> dict[str, str]:
    """Write and publish the graph. What each quotation's span is called (IRI), by the quoted words."""
    by_graph: dict[str, list[ox.Quad]] = {}
    for quad in (*ox.parse(path=str(graph), format=ox.RdfFormat.TRIG), *_long()):
        by_graph.setdefault(str(quad.graph_name)[1:-1].rpartition("/")[2], []).append(quad)
    (folder / "documents").mkdir(parents=True)
    (folder / "texts").mkdir()
    spans: dict[str, str] = {}
    documents = []
    for name, quads in by_graph.items():
        told = _with_spans(name, quads, folder / "texts" / f"{name}.txt", spans)
        file = folder / "persons.nq" if name == "persons" else folder / "documents" / f"{name}.nq"
        lines = (ox.serialize(told, format=ox.RdfFormat.N_QUADS) or b"").splitlines()
        file.write_bytes(b"\n".join(sorted(set(lines))) + b"\n")
        if name != "persons":
            documents.append(file)
    store.publish(folder, documents, BASE)
    return spans


def _long() -> Iterator[ox.Quad]:
    """§ 11, whose title is very long."""
    graph = ox.NamedNode(BASE + "/id/graph/2222222222222222")
    treatment = ox.NamedNode(BASE + "/id/treatment/9999/parknamnden/2024-03-12/11")
    said: dict[str, ox.NamedNode | ox.Literal] = {
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": ox.NamedNode(NS + "ItemTreatment"),
        NS + "paragraphNumber": ox.Literal(11),
        NS + "treatedAt": ox.NamedNode(BASE + "/id/meeting/9999/parknamnden/2024-03-12"),
        "http://purl.org/dc/terms/title": ox.Literal(LONG_TITLE, language="sv"),
    }
    for name, value in said.items():
        yield ox.Quad(treatment, ox.NamedNode(name), value, graph)


def _with_spans(name: str, quads: list[ox.Quad], file: Path, spans: dict[str, str]) -> list[ox.Quad]:
    """The quads with a span for each quotation; the document's text is its quotations, each on a line."""
    quoted = list(dict.fromkeys(filter(None, map(_quotation, quads))))
    text = "".join(f"Före.\n{each}\n" for each in quoted)
    if name != "persons":
        file.write_bytes(text.encode())
    graph, found = ox.NamedNode(f"{BASE}/id/graph/{name}"), []
    for each in quads:
        words = _quotation(each)
        if not words:
            found.append(each)
            continue
        start = text.index(f"\n{words}\n") + 1
        span = ox.NamedNode(f"{BASE}/id/span/{name}/{start}-{start + len(words)}")
        spans[words] = span.value
        found.append(ox.Quad(each.subject, EVIDENCE, span, graph))
        document = ox.NamedNode(f"{BASE}/id/document/{name}")
        found.append(ox.Quad(span, ox.NamedNode(OA + "hasSource"), document, graph))
        if name == "2222222222222222":  # of the other documents the pages are not known
            found.append(ox.Quad(span, ox.NamedNode(NS + "page"), ox.Literal(7), graph))
        for at, value in (("exact", words), ("start", start), ("end", start + len(words))):
            found.append(ox.Quad(span, ox.NamedNode(OA + at), ox.Literal(value), graph))
    return found


def _quotation(quad: ox.Quad) -> str:
    return quad.object.value if quad.predicate == EVIDENCE and isinstance(quad.object, ox.Literal) else ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A query that was answered: with how many rows, in how many CPU seconds of the process that answered it."""

    text: str
    rows: int
    seconds: float


@dataclass
class Asked:
    """The engine as pages see it; a query that holds the words `fails` fails as `kind` says."""

    engine: Blocking
    fails: str = ""
    kind: str = "timeout"
    queries: list[str] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    longest: int = 0  # statements that a page was made of, at most

    @property
    def prefixes(self) -> Mapping[str, str]:
        return self.engine.prefixes

    def rows(self, text: str, limit: int = 1000, seconds: float | None = None) -> Rows:
        self.queries.append(text)
        if self.fails and self.fails in text:
            raise QueryFailed(self.kind, seconds=10.0)
        rows = self.engine.rows(text, limit, seconds)
        self.answered.append(Answered(text, len(rows.rows), rows.seconds))
        if "SELECT ?s ?p ?o" in text:
            self.longest = max(self.longest, len(rows.rows))
        return rows


@dataclass
class Page:
    """An answer, and what its HTML says."""

    status: int
    text: str
    headers: Mapping[str, str]

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(BLOCK.sub(r" \g<0>", self.text))

    def one(self, path: str) -> str:
        """The text of the one element at an XPath."""
        found = self.all(path)
        assert len(found) == 1, (path, found)
        return found[0]

    def all(self, path: str) -> list[str]:
        """The texts of the elements at an XPath, spaces as they are seen."""
        return [seen(each if isinstance(each, str) else each.text_content()) for each in self.tree.xpath(path)]

    def facts(self) -> dict[str, str]:
        """What the page's first list of facts says, by its terms."""
        told = self.tree.xpath("//article//dl[contains(@class, 'facts')]")[0]
        return {seen(each.findtext("dt")): seen(each.find("dd").text_content()) for each in told.findall("div")}

    def section(self, heading: str) -> html.HtmlElement:
        """The section that an id labels."""
        return self.tree.xpath(f"//section[@aria-labelledby='{heading}']")[0]

    def hrefs(self) -> list[str]:
        return [str(each) for each in self.tree.xpath("//@href")]


def seen(text: str | None) -> str:
    """A text with its spaces as a browser shows them."""
    return re.sub(r"[ \t\r\n]+", " ", text or "").strip()


@dataclass
class Reader:
    """Somebody who reads the site."""

    site: Site
    pool: Asked
    client: FlaskClient
    spans: Mapping[str, str]

    def get(self, path: str, **arguments: str) -> Page:
        address = path + ("?" + urlencode(arguments) if arguments else "")
        got = self.client.get(address, headers={"Accept": "text/html"})
        return Page(got.status_code, got.get_data(as_text=True), dict(got.headers))

    def marked(self, link: str) -> str:
        """The marked words of the document to which a link leads."""
        to = urlsplit(link)
        assert to.fragment == "marked", link
        page = self.get(to.path, **{name: values[0] for name, values in parse_qs(to.query).items()})
        assert page.status == 200 and len(page.tree.xpath("//mark[@id='marked']")) == 1, link
        return "".join(page.tree.xpath("//mark//text()"))

    def sources(self, page: Page, within: str = "") -> set[str]:
        """The words that the source links of a page, or of a part of it, lead to."""
        links = page.tree.xpath(within + "//a[contains(@href, '#marked')]/@href")
        return {self.marked(str(each)) for each in links}


@contextmanager
def reading(folder: Path, spans: Mapping[str, str], base: str = BASE) -> Iterator[Reader]:
    """The site over a published folder, in this process, with query processes of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    engine = Pool(folder, size=2, prefixes=authority.prefixes(base))
    asyncio.run_coroutine_threadsafe(engine.start(), loop).result(60)
    pool = Asked(Blocking(engine, loop))
    site = Site(folder, base, pool)  # type: ignore[arg-type]
    try:
        yield Reader(site, pool, create_app(site).test_client(), spans)
    finally:
        asyncio.run_coroutine_threadsafe(engine.close(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()

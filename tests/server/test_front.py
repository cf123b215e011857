"""What the web front adds to the protocol: tags, codings, descriptions, the graph store, fair use, health."""

import asyncio
import gzip
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
import zstandard

from server.asking import Query
from server.processes.pool import Pool
from server.processes.reception import Reception
from server.web import admission, fair_use
from server.web.admission import Admission
from server.web.client_address import Client
from server.web.fair_use import Clients
from server.web.journal import Journal
from server.web.metrics import Metrics, State
from tests.server.conftest import ROOT, free_port, start
from tests.server.data import BASE, Server

KG = "https://w3id.org/kommungraf/ns#"
SELECT = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 100"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"


def path(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query, **more})


def test_an_entity_tag_saves_the_second_answer(server: Server) -> None:
    first = server.get(path(SELECT))
    tag = first.headers["ETag"]
    assert tag.startswith('"' + first.headers["X-Data-Version"])
    for headers in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"x", {tag}'},
        {"If-None-Match": tag, "Cache-Control": "no-cache"},
    ):
        again = server.get(path(SELECT), **headers)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    other = server.get(path(SELECT), "text/csv", **{"If-None-Match": tag})
    assert other.status == 200 and other.headers["ETag"] != tag
    assert server.get(path(SELECT), **{"If-None-Match": '"other"'}).status == 200
    assert server.get(path(SELECT), **{"If-None-Match": "*"}).status == 304
    assert server.get(path("ASK { ?s ?p 77 }"), **{"If-None-Match": "*"}).status == 304  # the first time it is asked
    assert server.get(path("ASK {"), **{"If-None-Match": "*"}).status == 400


def test_what_changes_from_time_to_time_has_no_tag_and_is_not_kept(server: Server) -> None:
    query = "SELECT (STRUUID() AS ?a) {}"
    answers = [server.get(path(query)) for _ in range(3)]
    assert len({each.body for each in answers}) == 3
    assert all("ETag" not in each.headers and each.headers["Cache-Control"] == "no-store" for each in answers)


def test_a_kept_answer_is_the_same_and_belongs_to_what_chose_it(server: Server) -> None:
    for accept in ("text/csv", "application/sparql-results+json"):
        first, second = server.get(path(SELECT), accept), server.get(path(SELECT), accept)
        assert first.body == second.body and first.type == second.type == accept
        assert first.headers.items() == second.headers.items() or first.headers["Date"] != second.headers["Date"]
    posted = [
        server.request(
            "POST", "/sparql", query.encode(), {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
        )
        for query in ("SELECT (1 AS ?a) {}", "SELECT (2 AS ?a) {}")
    ]
    assert posted[0].body != posted[1].body
    hits = re.compile(r"^kommungraf_cache_hits_total (\S+)", re.MULTILINE)
    before = float(hits.findall(server.get("/metrics").text)[0])
    direct = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    again = server.request("POST", "/sparql", b"SELECT (2 AS ?a) {}", direct)
    assert again.body == posted[1].body and float(hits.findall(server.get("/metrics").text)[0]) == before + 1


def test_a_page_is_made_once_for_each_language_and_coding(server: Server) -> None:
    def ask(**headers: str) -> tuple[int, bytes, dict[str, str], float]:
        hits = float(re.findall(rb"^kommungraf_cache_hits_total (\S+)$", server.get("/metrics").body, re.M)[0])
        found = server.get("/", "text/html", **headers)
        told = {name: value for name, value in found.headers.items() if name.lower() != "date"}
        return found.status, found.body, told, hits

    kinds: tuple[dict[str, str], ...] = ({"Accept-Language": "en"}, {"Accept-Language": "sv"})
    first = [ask(**kind) for kind in kinds]
    second = [ask(**kind) for kind in kinds]
    assert first[0][1] != first[1][1]
    assert [each[:3] for each in first] == [each[:3] for each in second]
    assert second[1][3] == second[0][3] + 1
    tag = first[0][2]["ETag"] if "ETag" in first[0][2] else first[0][2]["etag"]
    again = ask(**kinds[0], **{"If-None-Match": tag})
    assert again[:2] == (304, b"") and not {name.lower() for name in again[2]} & {"content-type", "content-length"}
    assert server.get("/doc/nothing", "text/html").status == server.get("/doc/nothing", "text/html").status == 404
    whole = server.get("/", "text/html", **kinds[0], **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(whole.body) == first[0][1]


def test_codings(server: Server) -> None:
    plain = server.get(path(SELECT))
    zipped = server.get(path(SELECT), **{"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip" and gzip.decompress(zipped.body) == plain.body
    coded = server.get(path(SELECT), **{"Accept-Encoding": "gzip, zstd"})
    assert coded.headers["Content-Encoding"] == "zstd"
    assert zstandard.ZstdDecompressor().decompressobj().decompress(coded.body) == plain.body
    assert len({each.headers["ETag"] for each in (plain, zipped, coded)}) == 3
    assert all("Accept-Encoding" in each.headers["Vary"] for each in (plain, zipped, coded))
    assert "Content-Encoding" not in server.get(path("ASK {}"), **{"Accept-Encoding": "gzip"}).headers
    page = server.get("/", "text/html", **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(page.body) == server.get("/", "text/html").body
    assert (
        server.get("/", "text/html", **{"If-None-Match": server.get("/", "text/html").headers["ETag"]}).status == 304
    )


def test_the_service_description(server: Server) -> None:
    for accept, format in ((None, ox.RdfFormat.TURTLE), ("application/rdf+xml", ox.RdfFormat.RDF_XML)):
        got = server.get("/sparql", accept)
        assert got.status == 200
        store = ox.Store()
        store.extend(ox.Quad(*quad.triple) for quad in ox.parse(got.body, format=format))
        found = store.query(
            f"PREFIX sd: <{SD}> PREFIX void: <{VOID}> SELECT ?endpoint ?n WHERE {{ ?service a sd:Service ; "
            "sd:endpoint ?endpoint ; sd:supportedLanguage sd:SPARQL11Query ; sd:resultFormat ?any ; "
            "sd:defaultDataset/sd:defaultGraph/void:triples ?n } LIMIT 1"
        )
        assert isinstance(found, ox.QuerySolutions)
        row = next(found)
        assert row["endpoint"] == ox.NamedNode(f"{BASE}/sparql")
        counted = json.loads(server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)
        assert row["n"].value == counted["results"]["bindings"][0]["n"]["value"]
        meetings = store.query(
            f"PREFIX void: <{VOID}> SELECT ?n {{ ?part void:class <{KG}Meeting> ; void:entities ?n }}"
        )
        assert isinstance(meetings, ox.QuerySolutions) and next(meetings)["n"].value == "2"
    tag = server.get("/sparql").headers["ETag"]
    assert server.get("/sparql", **{"If-None-Match": tag}).status == 304
    coded = server.get("/sparql", **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(coded.body) == server.get("/sparql").body and coded.headers["ETag"] != tag
    assert server.get("/sparql", "text/html").type == "text/html"
    assert server.get("/sparql", "application/sparql-results+json").status == 400


def test_the_graph_store_is_read_only(server: Server) -> None:
    graph = f"{BASE}/id/graph/persons"
    got = server.get("/rdf-graph-store?" + urlencode({"graph": graph}), "application/n-triples")
    assert got.status == 200 and got.body.count(b" .\n") == 4
    default = server.get("/rdf-graph-store?default", "application/n-triples")
    assert set(got.body.splitlines()) < set(default.body.splitlines())
    head = server.request("HEAD", "/rdf-graph-store?default", headers={"Accept": "application/n-triples"})
    assert (head.status, head.body, head.type) == (200, b"", "application/n-triples")
    assert server.get("/rdf-graph-store?" + urlencode({"graph": BASE + "/id/graph/nothing"})).status == 404
    for wrong in (
        "",
        "?graph=relative",
        "?default&graph=http://a.example/",
        "?graph=http://a.example/&graph=http://b.example/",
    ):
        assert server.get("/rdf-graph-store" + wrong).status == 400
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        refused = server.request(method, "/rdf-graph-store?default", b"")
        assert refused.status == 405 and refused.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert server.get("/rdf-graph-store?default", "text/csv").status == 406


def test_health_and_metrics(server: Server) -> None:
    assert server.get("/healthz").status == 200
    ready = server.get("/readyz")
    assert ready.status == 200 and json.loads(ready.body)["version"] == server.ask("ASK {}").headers["X-Data-Version"]
    server.request("PUT", "/sparql", b"")
    told = server.get("/metrics").text
    assert 'kommungraf_queries_total{outcome="ok"}' in told and "process_open_fds" in told
    for route, status in (("sparql", 200), ("sparql", 405), ("operation", 200)):
        assert f'kommungraf_requests_total{{route="{route}",status="{status}"}}' in told
    assert server.request("POST", "/healthz", b"").status == 405
    rested(server)


def rested(server: Server) -> None:
    """Both query processes wait for a query again."""
    until = time.monotonic() + 5
    while 'kommungraf_workers{state="idle"} 2.0' not in server.get("/metrics").text:
        assert time.monotonic() < until
        time.sleep(0.05)


def raw(server: Server, *sent: bytes, wait: float = 5) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), wait) as connection:
        answer = b""
        try:
            for piece in sent:
                connection.sendall(piece)
            while piece := connection.recv(65536):
                answer += piece
        except (TimeoutError, ConnectionResetError, BrokenPipeError):
            pass
        return answer


SMUGGLING = {
    "length and chunks": b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
    "bare line feeds": b"GET /healthz HTTP/1.1\nHost: a\n\n",
    "one bare line feed": b"GET /healthz HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
    "a blank before the colon": b"GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n",
    "a folded header": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


@pytest.mark.parametrize("kind", SMUGGLING)
def test_malformed_requests_get_one_answer_and_no_second(server: Server, kind: str) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = raw(server, SMUGGLING[kind] + hidden)
    assert answer.startswith(b"HTTP/1.1 400 ") and answer.count(b"HTTP/1.1 ") == 1, answer
    assert server.get("/healthz").status == 200


@pytest.mark.parametrize("asked", ["/search?q=förskola", "/sök", "/search?q=two words", "\0"])
def test_an_address_that_is_not_encoded_is_told_how_to_be(server: Server, asked: str) -> None:
    head, _, body = raw(server, f"GET {asked} HTTP/1.1\r\nHost: a\r\n\r\n".encode()).partition(b"\r\n\r\n")
    told = json.loads(body)
    assert head.startswith(b"HTTP/1.1 400 ") and b"content-type: application/problem+json" in head.lower()
    assert "%C3%A5" in told["sv"] and "percent-encoded" in told["en"] and told["kind"] == "malformed-request"


def test_a_head_without_end_is_refused(server: Server) -> None:
    head = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
    answer = raw(server, head, *(b"X-%d: %s\r\n" % (number, b"y" * 8000) for number in range(200)))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    assert server.get("/healthz").status == 200


@pytest.mark.parametrize(("accept", "type"), [("text/html,*/*", "text/plain"), ("*/*", "application/problem+json")])
def test_too_long_an_address_is_told(server: Server, accept: str, type: str) -> None:
    got = server.get("/sparql?query=ASK%20%7B%7D" + "%20" * 22000, accept)
    assert (got.status, got.type) == (414, type)
    assert "Adressen är för lång" in got.text and "The address is too long" in got.text and "POST" in got.text
    if got.type != "text/plain":
        assert json.loads(got.body)["status"] == 414
    assert server.get("/sparql?query=ASK%20%7B%7D" + "%20" * 21000, "text/csv").status != 414


def test_a_large_result_arrives_in_pieces_and_whole(server: Server) -> None:
    values = " ".join(str(number) for number in range(400))
    query = f"SELECT ?a ?b {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} }}"
    got = server.ask(query, "text/csv")
    assert got.headers["Transfer-Encoding"] == "chunked" and "Content-Length" not in got.headers
    assert got.body.count(b"\r\n") == 400 * 400 + 1
    old = raw(server, f"GET {path(query)} HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode())
    assert b"content-length: " in old and old.count(b"\r\n") > 400 * 400


@pytest.fixture(scope="module")
def strict(published: Path) -> Iterator[Server]:
    """A server with small limits, as the command starts it."""
    port = free_port()
    command = [sys.executable, "-m", "kommungraf", "serve", "--data", str(published), "--port", str(port)]
    limits = ["--workers", "2", "--memory", "1024", "--result-mib", "2", "--query-time-per-minute", "2"]
    more = ["--errors-per-minute", "5", "--most-seconds", "5", "--idle-seconds", "2", "--header-seconds", "2"]
    process = subprocess.Popen(
        [*command, *limits, *more, "--trusted-proxy", "127.0.0.1", "--slow-seconds", "0.1"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    strict = Server(port)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if strict.get("/readyz").status == 200:
                break
        except OSError:
            time.sleep(0.05)
    yield strict
    assert strict.get(path(ENDLESS, timeout="0.3"), **{"X-Forwarded-For": "192.0.2.99"}).status == 504
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 0
    lines = [json.loads(line) for line in told.splitlines()]
    assert {"query", "slow-query"} <= {line["event"] for line in lines}
    assert "203.0.113.7" not in told and "Exempel" not in told


def behind(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def test_a_cut_result_is_seen_to_be_cut(strict: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", strict.port, timeout=30)
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . FILTER(?a != 'Vera Exempel') }"
    connection.request("GET", path(query), headers={"Accept": "text/csv", **behind("192.0.2.1")})
    answer = connection.getresponse()
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    old = raw(
        strict,
        f"GET {path(query)} HTTP/1.0\r\nAccept: text/csv\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n".encode(),
        wait=20,
    )
    assert old.startswith(b"HTTP/1.1 503 ") and b"too-large" in old


def test_query_time_is_shared_fairly(strict: Server) -> None:
    greedy, modest = behind("203.0.113.7"), behind("203.0.113.8")
    statuses = [strict.get(path(ENDLESS, timeout="1.5", n=str(n)), **greedy).status for n in range(5)]
    assert statuses[:2] == [504, 504] and 429 in statuses
    began = time.monotonic()
    refused = strict.get(path("ASK { ?s ?p 1 }"), "application/json", **greedy)
    assert time.monotonic() - began >= admission.HELD
    assert refused.status == 429 and 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert json.loads(refused.body)["kind"] == "too-much-time"
    assert strict.get(path("ASK { ?s ?p 2 }"), **modest).status == 200
    table = strict.get(path("ASK { ?s ?p 3 }"), "text/html", **greedy)
    assert table.status == 429 and table.headers["Retry-After"]


def test_requests_that_are_no_queries_are_rationed(strict: Server) -> None:
    twice = "/sparql?query=ASK%7B%7D&query=ASK%7B%7D"
    statuses = [strict.get(twice, **behind("198.51.100.9")).status for _ in range(25)]
    assert statuses[:20] == [400] * 20 and statuses[-1] == 429
    began = time.monotonic()
    assert strict.get(twice, **behind("198.51.100.9")).status == 429
    assert time.monotonic() - began >= admission.HELD


def test_errors_are_rationed(strict: Server) -> None:
    statuses = [strict.get(path(f"SELECT {n}"), **behind("198.51.100.1")).status for n in range(25)]
    assert statuses[:20] == [400] * 20 and statuses[-1] == 429


def test_a_client_may_ask_for_less_time_and_not_for_more(strict: Server) -> None:
    began = time.monotonic()
    got = strict.get(path(ENDLESS, timeout="0.3"), **behind("198.51.100.2"))
    assert got.status == 504 and time.monotonic() - began < 3
    assert json.loads(got.body)["seconds"] == 0.3


def test_slow_heads_and_idle_connections_are_closed(strict: Server) -> None:
    began = time.monotonic()
    assert raw(strict, b"GET /healthz HTTP/1.1\r\nHost: a\r\n", wait=10).startswith(b"HTTP/1.1 408 ")
    assert raw(strict, b"", wait=10) == b""
    assert raw(strict, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", wait=10).startswith(b"HTTP/1.1 200 ")
    assert time.monotonic() - began < 20


def test_idle_connections_starve_nobody(server: Server) -> None:
    idle = []
    try:
        for _ in range(1000):
            idle.append(socket.create_connection(("127.0.0.1", server.port), 10))
        for number, each in enumerate(idle[:300]):
            each.sendall(b"GET /sparql?query=ASK HTTP/1.1\r\nHost: a\r\nX: %d" % number)
        began = time.monotonic()
        assert all(server.ask("ASK {}").status == 200 for _ in range(20))
        assert time.monotonic() - began < 5
    finally:
        for each in idle:
            each.close()


def test_a_client_that_leaves_frees_its_query_process(server: Server) -> None:
    for number in range(2):
        with socket.create_connection(("127.0.0.1", server.port), 10) as gone:
            gone.sendall(f"GET {path(ENDLESS, n=str(number))} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            time.sleep(0.3)
    until = time.monotonic() + 5
    while 'kommungraf_workers{state="idle"} 2.0' not in server.get("/metrics").text:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_pages_are_made_while_many_tables_are_waited_for(server: Server) -> None:
    def table(number: int) -> None:
        server.get(path(ENDLESS, n=str(number), timeout="2"), "text/html")

    waiting = [threading.Thread(target=table, args=(number,)) for number in range(20)]
    for each in waiting:
        each.start()
    time.sleep(0.2)
    began = time.monotonic()
    assert server.get("/static/style.css").status == 200
    assert time.monotonic() - began < 1.5
    for each in waiting:
        each.join()
    rested(server)


def test_an_answer_under_way_is_given_when_the_server_is_told_to_stop(published: Path) -> None:
    port = free_port()
    process = start(published, port)
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(Server(port).ask(ENDLESS, timeout="2").status))
    asking.start()
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    asking.join()
    told = process.communicate(timeout=30)[0]
    assert answers == [504] and process.returncode == 0 and "Traceback" not in told


@pytest.mark.parametrize("moment", [0.3, 0.36, 0.42, 0.48, 0.55, 0.7])
def test_a_server_that_starts_can_be_stopped(published: Path, moment: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "kommungraf", "serve", "--data", str(published), "--port", str(free_port())],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(moment)
    process.send_signal(signal.SIGTERM)
    process.wait(5)


def test_a_large_answer_that_nobody_reads_is_charged_and_let_go(published: Path) -> None:
    values = " ".join(str(number) for number in range(400))
    large = f"SELECT ?a ?b {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} }}"
    client = Client("a", "a")

    async def unread() -> tuple[float, object]:
        pool = Pool(published, 2)
        await pool.start()
        clients = Clients(fair_use.Limits(parallel=1))
        lines: list[bytes] = []
        admission = Admission(
            pool, clients, Metrics(lambda: State(0, 0, 0, 0, 0, 0, 0, 0, 0, "", 0)), Journal(lines.append)
        )
        try:
            for _ in range(3):
                answer = await admission.run(Query(large, client="a"), client)
                assert answer.whole is None
                answer.abandon()
            return sum(json.loads(line)["seconds"] for line in lines), clients.admit("a", time.monotonic())
        finally:
            await pool.close()

    spent, refused = asyncio.run(unread())
    assert spent > 0 and refused is None and Reception.spilled == 0

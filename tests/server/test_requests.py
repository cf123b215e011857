"""Requests over HTTP that are odd, slow or conditional: each gets the answer that RFC 9110 and 9112 want."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlencode

import pytest

from server.serve import PAGES
from tests.server.data import Got, Server

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
JSON = "application/sparql-results+json"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
ASKED = "/sparql?" + urlencode({"query": "ASK { ?s a ?c }"})


def raw(server: Server, sent: bytes) -> bytes:
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(sent)
        while piece := connection.recv(65536):
            answer += piece
    return answer


def problem(got: Got, status: int) -> dict[str, object]:
    assert (got.status, got.type) == (status, "application/problem+json"), got.text
    told: dict[str, object] = json.loads(got.body)
    assert told["status"] == status and told["sv"] and told["en"] and told["sv"] != told["en"]
    return told


@pytest.fixture
def slow(server: Server) -> Iterator[None]:
    """More bodies than there are threads that make pages have begun, and do not go on."""
    with ExitStack() as held:
        for path in ["/reconciliation", "/search", "/"] * PAGES:
            connection = held.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
            head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM['Content-Type']}\r\n"
            connection.sendall(f"{head}Content-Length: 100000\r\n\r\nq".encode())
        time.sleep(0.5)
        yield


@pytest.mark.usefixtures("slow")
def test_slow_bodies_hold_up_no_page(server: Server) -> None:
    began = time.monotonic()
    assert server.get(f"/?x={began}", "text/html").status == 200
    assert time.monotonic() - began < 15  # a body is waited for 30 s


@pytest.mark.parametrize("path", ["/reconciliation", "/", "/nothing", "/sparql"])
def test_a_body_has_a_length_a_limit_and_no_coding(server: Server, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM['Content-Type']}\r\nConnection: close\r\n"
    assert raw(server, f"{head}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n".encode()).startswith(
        b"HTTP/1.1 411 "
    )
    problem(server.request("POST", path, b"queries=" + b"x" * 2**20, FORM), 413)
    for coding in ("gzip", "br", "identity, gzip", "x"):
        coded = server.request("POST", path, b"queries={}", {**FORM, "Content-Encoding": coding})
        assert "Content-Encoding" in str(problem(coded, 415)["en"]) and coded.headers["Accept-Encoding"] == "identity"


def test_a_body_as_it_is_may_say_so(server: Server) -> None:
    for coding in ("identity", "Identity", ""):
        headers = {**DIRECT, "Content-Encoding": coding, "Accept": JSON}
        assert server.request("POST", "/sparql", b"ASK {}", headers).status == 200
    assert server.request("POST", "/reconciliation", b"queries=%7B%7D", FORM).status == 200


@pytest.mark.parametrize(
    "path", ["//sparql", "///sparql", "/%2fsparql", "/%2Fsparql/", "//sparql/", "//ns", "//static/style.css", "//"]
)
def test_two_slashes_are_not_one(server: Server, path: str) -> None:
    problem(server.get(path + "?query=ASK%7B%7D", "application/json"), 404)
    page = server.get(path, BROWSER)
    assert (page.status, page.type) == (404, "text/html")
    assert server.request("POST", path, b"ASK {}", DIRECT).status in {404, 405}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("a", 200), ("data.example", 200), ("data.example:8000", 200), ("127.0.0.1:80", 200), ("[::1]:8000", 200),
        ("xn--mrk-qla.example", 200), ("a_b", 200), ("a:", 200), ("", 200), ("a%20b", 200),
        ("a b", 400), ("a/b", 400), ("a@b", 400), ("[", 400), ("[::1", 400), ("[:::::]", 400), ("[a]", 400), ("a:99999999", 400),
        ("a:65536", 400), ("a:b", 400), ("å", 400), ("a,b", 400), ("a%2", 400), ("a" * 256, 400), ("a?b", 400), ("a#b", 400),
    ],
)  # fmt: skip
def test_a_host_is_a_name_or_an_address(server: Server, host: str, status: int) -> None:
    answer = raw(server, f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/static/style.css",
        ASKED,
        "/sparql",
        "/rdf-graph-store?default",
        "/doc/meeting/9999/socialnamnden/2024-04-09",
    ],
)
def test_what_is_wanted_only_as_it_was_is_told_when_it_is_another(server: Server, path: str) -> None:
    accept = BROWSER if path in {"/", "/static/style.css"} else "text/turtle" if path != ASKED else JSON
    for _ in range(2):  # the second time it is kept
        whole = server.get(path, accept)
        assert whole.status == 200
        tag = whole.headers["ETag"]
        for good in (tag, f'"nope", {tag}', "*"):
            assert server.get(path, accept, **{"If-Match": good}).body == whole.body
            fresh = server.get(path, accept, **{"If-Match": good, "Cache-Control": "no-cache"})
            assert (fresh.status, fresh.body) == (200, whole.body)
        for bad in ('"nope"', f"W/{tag}"):
            got = server.get(path, accept, **{"If-Match": bad})
            if accept == BROWSER:
                assert (got.status, got.type) == (412, "text/html") and "If-Match" in got.text
                assert got.headers["Content-Security-Policy"]
            else:
                problem(got, 412)
        both = {"If-Match": '"nope"', "If-None-Match": tag}
        assert server.get(path, accept, **both).status == 412
        assert server.get(path, accept, **{"If-None-Match": tag}).status == 304
    refused = server.get("/static/style.css", "application/json", **{"If-Match": '"nope"'})
    assert problem(refused, 412)["title"] == "Precondition Failed"


def test_what_has_no_tag_and_what_is_posted_is_answered_whatever_is_wanted(server: Server) -> None:
    wanted = {"If-Match": '"nope"'}
    assert server.get("/sparql?" + urlencode({"query": "SELECT (NOW() AS ?x) {}"}), JSON, **wanted).status == 200
    assert server.request("POST", "/sparql", b"ASK {}", {**DIRECT, **wanted, "Accept": JSON}).status == 200

"""Requests that are HTTP, and wrong or strange as SPARQL Protocol: encodings, duplicates, sizes, headers, methods."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import quote, urlencode

from tests.attacks.attack import SOON, Arena, Attack
from tests.attacks.judging import judged, told
from tests.attacks.pages import judged_page
from tests.attacks.target import FORM, JSON, QUERY, Headers, Wrong

NEGOTIATED: Final = frozenset({200, 400, 406})
INJECTED: Final = "x\r\nX-Evil: 1\r\n\r\n<script>alert(1)</script>"

# Name, expected statuses, method, path, headers, body.
REQUESTS: Final[tuple[tuple[str, set[int], str, str, Headers, bytes | None], ...]] = (
    ("invalid UTF-8 in the address", {400}, "GET", "/sparql?query=ASK%20%7B%7D%23%FF%FE", (), None),
    ("overlong UTF-8 in the address", {400}, "GET", "/sparql?query=ASK%20%7B%7D%23%C0%AF", (), None),
    ("a surrogate in the address", {400}, "GET", "/sparql?query=ASK%20%7B%7D%23%ED%A0%80", (), None),
    ("an escaped surrogate", {400}, "POST", "/sparql", [("Content-Type", QUERY)], b"SELECT ('\\uD800' AS ?x) {}"),
    ("NUL between tokens", {400}, "POST", "/sparql", [("Content-Type", QUERY)], b"ASK {\0}"),
    ("NUL in a string", {200, 400}, "POST", "/sparql", [("Content-Type", QUERY)], b"ASK { FILTER('\0' = '') }"),
    ("%00 in a parameter", {400}, "GET", "/sparql?query=ASK%20%7B%7D%00", (), None),
    ("broken escapes", {400}, "GET", "/sparql?query=ASK%20%7B%7%zz", (), None),
    ("invalid UTF-8", {400}, "POST", "/sparql", [("Content-Type", QUERY)], b"ASK {} #\xff"),
    ("overlong UTF-8", {400}, "POST", "/sparql", [("Content-Type", QUERY)], b"ASK {} #\xc0\xaf"),
    ("a surrogate", {400}, "POST", "/sparql", [("Content-Type", QUERY)], b"ASK {} #\xed\xa0\x80"),
    ("a byte order mark", {200, 400}, "POST", "/sparql", [("Content-Type", QUERY)], b"\xef\xbb\xbfASK {}"),
    ("UTF-16", {400}, "POST", "/sparql", [("Content-Type", QUERY)], "ASK {}".encode("utf-16")),
    ("UTF-16 as told", {400, 415}, "POST", "/sparql", [("Content-Type", QUERY + "; charset=utf-16")], "ASK {}".encode("utf-16")),
    ("UTF-7 as told", {400, 415}, "POST", "/sparql", [("Content-Type", QUERY + "; charset=utf-7")], b"ASK {}"),
    ("invalid UTF-8 in a form", {400}, "POST", "/sparql", [("Content-Type", FORM)], b"query=ASK%20%7B%7D%23%ff"),
    ("no type", {400, 415}, "POST", "/sparql", (), b"ASK {}"),
    ("a strange type", {400, 415}, "POST", "/sparql", [("Content-Type", "multipart/form-data; boundary=x")], b"--x--"),
    ("a type of 100 kB", {400, 413, 415, 431}, "POST", "/sparql", [("Content-Type", "a" * 50_000 + "/" + ";b=c" * 9_000)], b"ASK {}"),
    ("two queries", {400}, "GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", (), None),
    ("two queries in a form", {400}, "POST", "/sparql", [("Content-Type", FORM)], b"query=ASK%7B%7D&query=ASK%7B%7D"),
    ("query in address and form", {400}, "POST", "/sparql?query=ASK%7B%7D", [("Content-Type", FORM)], b"query=ASK%7B%7D"),
    ("query in address and body", {400}, "POST", "/sparql?query=ASK%7B%7D", [("Content-Type", QUERY)], b"ASK {}"),
    ("query and update", {400, 403}, "GET", "/sparql?query=ASK%7B%7D&update=CLEAR%20ALL", (), None),
    ("no query", {400}, "POST", "/sparql", [("Content-Type", FORM)], b"nothing=1"),
    ("an empty query", {400}, "GET", "/sparql?query=", (), None),
    ("an empty body", {400}, "POST", "/sparql", [("Content-Type", QUERY)], b""),
    ("2,000 parameters", {200, 400, 414}, "GET", "/sparql?query=ASK%7B%7D" + "&a=b" * 2000, (), None),
    ("2,000 graphs", {200, 400, 414}, "GET", "/sparql?query=ASK%7B%7D" + "&default-graph-uri=a:b" * 2000, (), None),
    ("a graph that is no IRI", {400}, "GET", "/sparql?query=ASK%7B%7D&default-graph-uri=%3Ca%20b%3E", (), None),
    ("a body of 10 MB", {413}, "POST", "/sparql", [("Content-Type", QUERY)], b"ASK {} #" + b"x" * 10_000_000),
    ("a form of 10 MB", {413}, "POST", "/sparql", [("Content-Type", FORM)], b"query=ASK%7B%7D%23" + b"x" * 10_000_000),
    ("a million fields", {400, 413}, "POST", "/sparql", [("Content-Type", FORM)], b"a&" * 500_000 + b"query=ASK%7B%7D"),
    ("a compressed body", {415}, "POST", "/sparql", [("Content-Type", QUERY), ("Content-Encoding", "gzip")], b"\x1f\x8b\x08\0ASK {}"),
    ("Query", {400}, "GET", "/sparql?Query=ASK%7B%7D", (), None),
    ("query[]", {400}, "GET", "/sparql?query[]=ASK%7B%7D", (), None),
    ("a tag that nothing has", {412}, "GET", "/sparql?query=ASK%7B%7D", [("If-Match", '"x"')], None),
    ("a form of pages, compressed", {415}, "POST", "/reconciliation", [("Content-Type", FORM), ("Content-Encoding", "gzip")], b"\x1f\x8b"),
    ("a form of pages, of 10 MB", {413}, "POST", "/reconciliation", [("Content-Type", FORM)], b"queries=" + b"x" * 10_000_000),
    *((f"{path} with slashes before it", {404}, "GET", "/" + path + "?query=ASK%7B%7D", (), None) for path in ("/sparql", "//sparql", "%2fsparql", "/ns", "/static/style.css")),
    *((f"method {method}", {405, 501}, method, "/sparql", (), None) for method in ("PUT", "DELETE", "PATCH", "TRACE")),
)  # fmt: skip
STORE: Final = "/rdf-graph-store"
TURTLE: Final = (("Content-Type", "text/turtle"),)
GRAPHS: Final[tuple[tuple[str, set[int], str, str, Headers, bytes | None], ...]] = (
    *((f"graph store: {method}", {405}, method, STORE + "?default", TURTLE, b"<a:a> <a:b> <a:c> .") for method in ("PUT", "POST", "DELETE", "PATCH")),
    ("graph store: another site", {404}, "GET", STORE + "?graph=http://LISTENER/", (), None),
    ("graph store: a file", {404}, "GET", STORE + "?graph=file:///etc/passwd", (), None),
    ("graph store: no IRI", {400}, "GET", STORE + "?graph=%3E%20%7D%20UNION%20%7B", (), None),
    ("graph store: both", {400}, "GET", STORE + "?default&graph=a:b", (), None),
    ("graph store: two", {400}, "GET", STORE + "?graph=a:b&graph=a:c", (), None),
    ("graph store: neither", {400}, "GET", STORE, (), None),
)  # fmt: skip
ACCEPTS: Final = {
    "10,000 ranges": ", ".join(f"a{n}/b;q=0.{n % 10}" for n in range(10_000)),
    "q=NaN": "application/sparql-results+json;q=NaN",
    "q=1e9": "text/csv;q=1e9, */*;q=0.1",
    "q=-1": "text/csv;q=-1",
    "commas": "," * 10_000,
    "quotes": 'text/csv;a="' + "\\" * 10_000,
    "parameters": "text/csv" + ";a=b" * 5_000,
    "spaces": "text/csv" + " " * 20_000 + ";q=x",
    "bytes": "text/\udcff\udcfe",
    "html and script": "text/html;q=0.1, <script>alert(1)</script>",
}
LARGE: Final = 2**20 - 100
COSTLY: Final = {  # what takes long to read where it is not bounded: headers and a body of a POST
    "a type of semicolons": ([("Content-Type", QUERY + ';a="' + ";" * 80_000)], b"ASK {}"),
    "a type of parameters": ([("Content-Type", QUERY + ";a=b" * 60_000)], b"ASK {}"),
    "a charset in parts": ([("Content-Type", QUERY + "; charset*" + "9" * 5000 + "=x")], b"ASK {}"),
    "a prologue of 1 MiB": ([("Content-Type", QUERY), ("Accept", "application/json, text/html;q=0.1")], b"a: " * (LARGE // 3)),
    "a form of escapes": ([("Content-Type", FORM)], b"a=1&query=" + b"%41" * (LARGE // 3)),
    "a form of percent signs": ([("Content-Type", FORM)], b"a=1&query=" + b"%" * LARGE),
    "a form of broken escapes": ([("Content-Type", FORM)], b"%z=%z&" * 999 + b"query=" + b"%z" * (LARGE // 2 - 3000)),
    "half-open entity tags": ([("Content-Type", QUERY), ("If-None-Match", '"a,' * 80_000), ("If-Match", '"a,' * 1000)], b"ASK {}"),
}  # fmt: skip
PARAMETERS: Final = ("lang", "format", "query", "timeout", "example", "default-graph-uri", "named-graph-uri")


def attacks() -> Iterator[Attack]:
    for name, allowed, method, path, headers, body in (*REQUESTS, *GRAPHS):
        yield _request(name, allowed, method, path, headers, body)
    for name, accept in ACCEPTS.items():
        yield Attack(f"Accept: {name}", "200 400 406 413 431, at once", _accept(accept))
    for name, (headers, body) in COSTLY.items():
        yield Attack(f"{name}, 12 at once", "no small query waits long", _costly(headers, body))
    for name in PARAMETERS:
        yield Attack(f"CR LF in {name}", "no new header", _injection(name))
    yield Attack("CR LF in the path", "no new header", _paths)
    yield Attack("lines for the log", "200, and no line of the attacker's", _log)
    yield Attack("headers that lie about the client", "200", _forwarded)


def _request(name: str, allowed: set[int], method: str, path: str, headers: Headers, body: bytes | None) -> Attack:
    def act(arena: Arena) -> str:
        with_accept = [*headers, ("Accept", "text/turtle" if path.startswith(STORE) else JSON)]
        return judged(arena.target.request(method, arena.here(path), with_accept, body), allowed)

    return Attack(name, " ".join(map(str, sorted(allowed))), act)


def _accept(accept: str) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        began = time.monotonic()
        answer = arena.target.get("/sparql?query=ASK%20%7B%7D", ("Accept", accept))
        got = judged_page(answer) if answer.type == "text/html" else judged(answer, {*NEGOTIATED, 413, 431})
        if time.monotonic() - began > 1:
            raise Wrong(f"{got} after {time.monotonic() - began:.1f} s")
        return got

    return act


def _costly(headers: Headers, body: bytes) -> Callable[[Arena], str]:
    """One of them is answered in the time of a small query; meanwhile small queries are answered too."""

    def act(arena: Arena) -> str:
        def send(_: int) -> str:
            return told(arena.target.request("POST", "/sparql", headers, body))

        with ThreadPoolExecutor(12) as senders:
            sent = [senders.submit(send, number) for number in range(12)]
            longest = max(arena.small.ask(arena.others) for _ in range(3))
            got = {each.result() for each in sent}
        if longest > SOON:
            raise Wrong(f"a small query took {longest:.1f} s meanwhile")
        if got & {"500"} or not all(each[0] in "24" for each in got):
            raise Wrong(" ".join(sorted(got)))
        return " ".join(sorted(got))

    return act


def _injection(name: str) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        got = []
        for value in (INJECTED, "x\nX-Evil: 1", "x\rX-Evil: 1", "x\u560d\u560aX-Evil: 1"):
            pairs = [("query", "ASK {}")] if name != "query" else []
            path = "/sparql?" + urlencode([*pairs, (name, value)])
            got.append(judged(arena.target.get(path, ("Accept", JSON)), NEGOTIATED))
        return " ".join(dict.fromkeys(got))

    return act


def _paths(arena: Arena) -> str:
    got = []
    for path in ("/%0d%0aX-Evil:1", "/id/a%0d%0aX-Evil:%201", "/sparql/%0d%0aX-Evil:1", "/static/%0d%0aX-Evil:1"):
        got.append(judged(arena.target.get(path, ("Accept", "text/turtle")), {301, 302, 303, 307, 308, 400, 404}))
    return " ".join(dict.fromkeys(got))


def _forwarded(arena: Arena) -> str:
    lies = [
        ("Accept", JSON), ("X-Forwarded-For", "127.0.0.1, " * 500 + "'\"><script>"), ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "javascript"), ("Forwarded", "for=unknown;host=evil.example"), ("X-Original-URL", "/metrics"),
        ("X-HTTP-Method-Override", "DELETE"), ("Range", "bytes=0-0,1-1"), ("If-None-Match", '"' + "x" * 5000),
        ("Expect", "100-continue"), ("Cookie", "a=" + "b" * 4000), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABkAAQA"),
    ]  # fmt: skip
    answer = arena.target.request("GET", "/sparql?query=" + quote("ASK {}"), lies)
    if b"evil.example" in answer.body:
        raise Wrong("the answer names a host that the client made up")
    return judged(answer, {200})


def _log(arena: Arena) -> str:
    """What test servers' logs are looked through for afterwards (conftest.py)."""
    forged = 'x\n{"forged": true}\r\n{"forged": true}\x1b[31m'
    query = "ASK { FILTER('''" + forged + "''' = 'x') }"
    headers = [("Accept", JSON), ("User-Agent", 'x"} {"forged": true}'), ("Referer", "http://a.example/?\x9b31m")]
    got = [judged(arena.target.request("GET", "/sparql?" + urlencode({"query": query}), headers), {200, 400})]
    got.append(judged(arena.target.get("/" + quote(forged), ("Accept", JSON)), {404}))
    return " ".join(got)

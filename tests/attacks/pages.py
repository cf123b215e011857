"""Pages: text from queries and documents that wants to be markup, and addresses that want to be other files or sites."""

import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from tests.attacks.attack import Arena, Attack
from tests.attacks.judging import harmless, judged, told
from tests.attacks.target import Answer, Target, Wrong

HTML: Final = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
SCRIPT: Final = "<script>alert(1)</script>"
QUOTED: Final = "\"'><img src=x onerror=alert(1)>"
DRAWN: Final = frozenset({"foreignobject", "use", "animate", "set", "image"})  # what can load or run in an SVG
FORBIDDEN: Final = DRAWN | {"script", "iframe", "object", "embed", "base", "img", "math", "video", "template"}
ADDRESSES: Final = frozenset({"href", "src", "action", "formaction", "cite", "poster", "data"})

# Queries shown as tables; a result of None means that the text need not appear.
TABLES: Final = {
    "a literal": (f"SELECT ('{SCRIPT}' AS ?x) {{}}", SCRIPT),
    "a literal that ends an attribute": (f'SELECT ("""{QUOTED}""" AS ?x) {{}}', QUOTED),
    "a literal that ends the form": ("SELECT ('</textarea></form><script>alert(1)</script>' AS ?x) {}", "</textarea></form>"),
    "a template": ("SELECT ('{{ 7*7 }}{% raw %}${7*7}' AS ?x) {}", "{{ 7*7 }}"),
    "a language": ("SELECT (STRLANG('x', 'x-onerror') AS ?x) (STRLANG('y', '\"><script>') AS ?y) {}", None),
    "a datatype": ("SELECT (STRDT('x', <javascript:alert(1)>) AS ?x) {}", None),
    "javascript:": ("SELECT (<javascript:alert(1)> AS ?x) (<JaVaScRiPt:alert(1)> AS ?y) {}", "javascript:alert(1)"),
    "data: and vbscript:": ("SELECT (<data:text/html,%3Cscript%3E> AS ?x) (<vbscript:x> AS ?y) {}", "data:text/html"),
    "an IRI with quotes": ("SELECT (<https://a.example/'onmouseover='alert(1)> AS ?x) {}", "'onmouseover="),
    "an IRI of user and host": ("SELECT (<https://data.example@evil.example/> AS ?x) {}", "evil.example"),
    "an IRI under the base": ("SELECT (<https://data.example/id//evil.example/'onclick=alert(1)> AS ?x) {}", None),
    "an IRI under the vocabulary": ("SELECT (<https://w3id.org/kommungraf/concept///evil.example/> AS ?x) {}", None),
    "an IRI made in the query": (f"SELECT (IRI('https://a.example/{SCRIPT}') AS ?x) {{}}", None),
    "a variable": ("SELECT (1 AS ?ｓｃｒｉｐｔ) {}", "ｓｃｒｉｐｔ"),
    "a blank node": (f"SELECT (BNODE('{SCRIPT}') AS ?x) {{}}", None),
    "a triple": (f"CONSTRUCT {{ <javascript:a> <javascript:b> '{SCRIPT}' }} {{}}", SCRIPT),
    "a graph": ("SELECT * { GRAPH <javascript:alert(1)> { ?s ?p ?o } }", None),
    "an error": (f"SELECT {SCRIPT}", SCRIPT),
    "an error with a prefix": ('ASK { ?x kg:"><script> ?o }', None),
    "direction marks": ("SELECT ('\u202e\u2066<b>\x0c\x1b[31m' AS ?x) {}", None),
}  # fmt: skip
ECHOES: Final = ("lang", "format", "query", "timeout", "example", "default-graph-uri", "named-graph-uri", "unknown")
PATHS: Final = (
    "/id/text/..%2f..%2fpersons.nq", "/id/text/../../persons.nq", "/id/text/%2e%2e/%2e%2e/persons.nq",
    "/id/text/..%5c..%5cpersons.nq", "/id/text/....//....//persons.nq", "/id/text//etc/passwd",
    "/static/..%2f..%2fapp.py", "/static/../app.py", "/static/..%2ftemplates%2flayout.html", "/static//etc/passwd",
    "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/static/..\\..\\app.py",
    "/static/..%c0%af..%c0%afapp.py", "/static/style.css%00.html", "/static/", "/static",
    "//evil.example/", "//evil.example/..", "/\\evil.example/", "/%5cevil.example", "/%2f%2fevil.example/%2e%2e",
    "/.//evil.example", "/id//evil.example/", "/ns//evil.example", "/sparql//evil.example", "///evil.example/",
    "/concept/%2e%2e/%2e%2e/", "/id/graph/..%2f..", "/id/span/aaaaaaaaaaaaaaaa/999999999-0", "/id/" + "a/" * 5000,
    "/id/text/%ff%fe", "/id/%ed%a0%80", "/%", "/id/%zz", "/id/a?format=%00", "/sparql?example=..%2f..%2fx",
    "/.git/config", "/.env", "/server/app.py", "/ledger.sqlite", "/data/ledger.nq", "/store/current", "/rdf-graph-store?graph=..%2f",
)  # fmt: skip
SECRETS: Final = (b"root:x:", b"import ", b"{% ", b"<https://data.example/id/person/", b"SQLite format")


class Page(HTMLParser):
    """What a browser would make of a page: everything that could run or lead away, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        picture = tag == "svg" and "viewbox" in said and {"aria-labelledby", "aria-hidden"} & said.keys()
        ours = tag == "script" and (
            (said.keys() == {"src", "defer"} and (said["src"] or "").startswith("/static/built/"))
            or (said.keys() == {"type"} and said["type"] == "application/ld+json")  # which no browser runs
        )
        if (tag in FORBIDDEN and not ours) or (tag == "svg" and not picture):
            self.wrong.append(f"<{tag}>")
        leads = tag == "link" and said.get("rel") in {"canonical", "alternate"}  # nothing is loaded from there
        for name, value in attrs:
            address = (value or "").strip()
            if name.startswith("on") or name in {"style", "srcdoc", "http-equiv", "ping"}:
                self.wrong.append(f"<{tag} {name}={address!r}>")
            foreign = address.startswith(("//", "/\\", "\\")) or (
                tag in {"link", "form"} and not leads and ":" in address
            )
            if name in ADDRESSES and (foreign or urlsplit(address).scheme not in {"", "http", "https", "mailto"}):
                self.wrong.append(f"<{tag} {name}={address!r}>")

    def handle_data(self, data: str) -> None:
        self.text += data


def judged_page(answer: Answer, shown: str | None = None) -> str:
    """What came back. Raises Wrong for a page that could run or load what an attacker wrote, or lacks the headers
    that forbid it."""
    if answer.type != "text/html":
        return judged(answer, set(range(200, 505)))
    got = told(answer)
    harmless(answer)
    policy = answer.headers["Content-Security-Policy"] or ""
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";") if rule.strip()}
    if rules.get("frame-ancestors") != ["'none'"] or "default-src" not in rules or "'unsafe-inline'" in policy:
        raise Wrong(f"{got} with Content-Security-Policy: {policy}")
    if answer.headers["X-Content-Type-Options"] != "nosniff" or "utf-8" not in answer.headers["Content-Type"].lower():
        raise Wrong(f"{got} without nosniff, or without charset")
    page = Page(answer.body.decode())
    if page.wrong:
        raise Wrong(f"{got} with {' '.join(page.wrong)}")
    if not answer.whole or b"</html>" not in answer.body[-20:]:
        raise Wrong(f"{got}: the page is cut")
    if shown is not None and shown not in page.text:
        raise Wrong(f"{got}: {shown} is not on the page, so this shows nothing")
    return got


def attacks() -> Iterator[Attack]:
    for name, (query, shown) in TABLES.items():
        yield Attack(f"page: {name}", "a page, all text", _table(query, shown))
    for name in ECHOES:
        yield Attack(f"page: markup in {name}", "a page, all text", _echo(name))
    yield Attack("page: markup in addresses", "a page, all text", _missing)
    yield Attack("page: everything published", "pages, all text", everything)
    yield Attack("page: limit of the form", "a page within the limit", _limit)
    for path in PATHS:
        yield Attack(f"path {path[:60]}", "no file, no other site", _path(path))


def _form(target: Target, **parameters: str) -> Answer:
    return target.get("/sparql?" + urlencode({**parameters}), HTML)


def _table(query: str, shown: str | None) -> Callable[[Arena], str]:
    return lambda arena: judged_page(_form(arena.target, query=query, format="html"), shown)


def _echo(name: str) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        got = []
        for value in (SCRIPT, QUOTED, "javascript:alert(1)", "' onfocus='alert(1)' autofocus='"):
            got.append(judged_page(_form(arena.target, **{"query": "SELECT (1 AS ?x) {}", name: value})))
        return " ".join(dict.fromkeys(got))

    return act


def _missing(arena: Arena) -> str:
    got = []
    for value in (SCRIPT, QUOTED, "javascript:alert(1)"):
        for path in (
            "/",
            "/id/",
            "/id/case/9999/",
            "/concept/",
            "/id/treatment/9999/a/b/",
            "/static/",
            "/rdf-graph-store?graph=",
        ):
            got.append(judged_page(arena.target.get(path + quote(value, safe=""), HTML)))
    return " ".join(sorted(set(got)))


def everything(arena: Arena) -> str:
    """Follow the links from the start page, and from what a query finds that holds markup."""
    waiting = [
        "/",
        "/ns",
        "/sparql",
        "/id/case/9999/evil",
        "/id/graph/eeeeeeeeeeeeeeee",
        "/id/graph/eeeeeeeeeeeeeeee?lang=en",
    ]
    seen: set[str] = set()
    while waiting and len(seen) < 40:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = arena.target.get(path, HTML)
        judged_page(answer)
        parts = answer.body.decode("utf-8", "replace").split('href="')[1:] if answer.type == "text/html" else []
        links = [part.partition('"')[0].partition("#")[0] for part in parts]
        waiting += [link for link in links if link.startswith(("/id/", "/concept/")) and "&" not in link]
    return f"{len(seen)} pages"


def _limit(arena: Arena) -> str:
    """The form keeps to the limit that it is given, as the endpoint does for programs."""
    began = time.monotonic()
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    got = judged_page(_form(arena.target, query=query, timeout="1", format="html"))
    if time.monotonic() - began > 2:
        raise Wrong(f"{got} after {time.monotonic() - began:.1f} s, with a limit of 1 s")
    return got


def _path(path: str) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        got = []
        for accept in (HTML, ("Accept", "text/turtle")):
            answer = arena.target.get(path, accept)
            harmless(answer)
            if answer.type == "text/html":
                judged_page(answer)
            elif answer.status != 400:  # which may come from before the application
                judged(answer, {200, 301, 302, 303, 307, 308, 404, 405, 406, 414, 431})
            for secret in SECRETS:
                if answer.status == 200 and secret in answer.body and answer.type not in {"text/turtle", "text/html"}:
                    raise Wrong(f"a file of the server: {answer.body[:80]!r}")
            got.append(told(answer))
        return " ".join(dict.fromkeys(got))

    return act

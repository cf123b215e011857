"""Results that a format cannot hold, that are too large for a page, or that are read out of a query's strings."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from tests.attacks.attack import SOON, Arena, Attack, asking
from tests.attacks.expensive import TWENTY
from tests.attacks.judging import judged
from tests.attacks.pages import HTML, judged_page
from tests.attacks.target import QUERY, Wrong

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MOST_PAGE: Final = 2**20  # bytes of the page of 15 rows
PARALLEL: Final = 24
UNREADABLE: Final = b"SELECT " + b"a." * 32_000
XML: Final = ("'\\u0001'", "'\\u0008\\u000C\\u001F'", "'\\uFFFE'", "'\\uFFFF'")
PREDICATES: Final = (
    *("http://e/1", "http://e/", "urn:x:1-2", "http://e/x?a=1&b=2", "http://www.w3.org/2000/xmlns/a"),
    *(RDF + name for name in ("RDF", "Description", "li", "about", "aboutEach", "bagID")),
)
TRIPLE: Final = "<<( <a:a> <a:b> 'x' )>>"
# A less-than sign that looks like the beginning of an IRI, after which quotation marks are read the other way round.
FLIPPED: Final = "OPTIONAL { FILTER(1<?x&&'>'='') }"
BLANK: Final = ("[] <a:b> []", "_:a <a:b> 1", "<a:a> <a:b> (1 2)", "<a:a> <a:b> '}' . [] <a:b> 1")


def attacks() -> Iterator[Attack]:
    for value in XML:
        yield _unwritable(f"SELECT ({value} AS ?x) {{}}", "application/sparql-results+xml")
        yield _unwritable(f"CONSTRUCT {{ <a:a> <a:b> {value} }} {{}}", "application/rdf+xml")
    for predicate in PREDICATES:
        yield _unwritable(f"CONSTRUCT {{ <a:a> <{predicate}> 1 }} {{}}", "application/rdf+xml")
    yield _unwritable(f"CONSTRUCT {{ <a:a> <a:b> {TRIPLE} }} {{}}", "application/ld+json")
    yield Attack("a page of 240 MiB", "a page with the beginning of each value", large_page, 5.0)
    yield Attack(f"{PARALLEL} queries of dots", "small queries within 2 s meanwhile", dots, 5.0)
    for template in BLANK:
        yield Attack(f"blank nodes of {template}", "no entity tag for other bytes", _blank(template))
    for word in ("FROM <a:b>", "FROM <a:b> FROM <a:c>", "FROM NAMED <a:b>"):
        yield Attack(f"{word} in a string that looks like none", "the string", _string(f" {word} "))


def _unwritable(query: str, accept: str) -> Attack:
    return asking(f"{accept}: {query}", query, {406}, accept=accept)


def large_page(arena: Arena) -> str:
    rows = " ".join(map(str, range(15)))
    query = f"SELECT ?x20 {{ BIND('&&&&&&&&&&&&&&&&' AS ?x0) {TWENTY} VALUES ?n {{ {rows} }} }}"
    body = query.encode()
    answer = arena.target.request("POST", "/sparql?timeout=5", [HTML, ("Content-Type", QUERY)], body)
    if len(answer.body) > MOST_PAGE:
        raise Wrong(f"a page of {len(answer.body)} bytes")
    return judged_page(answer, "&" * 100 if answer.status == 200 else None)


def dots(arena: Arena) -> str:
    """Texts that no pattern reads at once, each from an address of its own."""
    target = arena.target

    def ask(number: int) -> None:
        own = replace(target, source=f"127.10.0.{number + 1}") if target.host == "127.0.0.1" else target
        got.append(own.request("POST", "/sparql", [("Content-Type", QUERY)], UNREADABLE).status)

    got: list[int] = []
    senders = [threading.Thread(target=ask, args=(number,)) for number in range(PARALLEL)]
    for each in senders:
        each.start()
    longest = 0.0
    while any(each.is_alive() for each in senders):
        longest = max(longest, arena.small.ask(arena.others))
    if longest > SOON:
        raise Wrong(f"a small query took {longest:.1f} s meanwhile")
    if len(got) < PARALLEL or set(got) - {400, 429, 503}:
        raise Wrong(f"{len(got)} answers: {set(got)}")
    return f"{longest:.2f} s meanwhile"


def _blank(template: str) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        path = "/sparql?" + urlencode({"query": f"CONSTRUCT {{ {template} }} {{}}"})
        headers = [("Accept", "application/n-triples"), ("Cache-Control", "no-cache")]
        answers = [arena.target.request("GET", path, headers) for _ in range(2)]
        got = [judged(each, {200}) for each in answers]
        tags = {each.headers["ETag"] for each in answers}
        if len({each.body for each in answers}) > 1 and len(tags) == 1 and None not in tags:
            raise Wrong(f"other bytes have the same entity tag {tags}")
        return got[0]

    return act


def _string(value: str) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        got = []
        for graphs in ((), (("default-graph-uri", "a:g"),)):
            query = f"SELECT ?y {{ {FLIPPED} BIND('{value}' AS ?y) }}"
            path = "/sparql?" + urlencode([("query", query), *graphs])
            answer = arena.target.get(path, ("Accept", "text/csv"))
            got.append(judged(answer, {200}))
            if answer.body.decode() != f"y\r\n{value}\r\n":
                raise Wrong(f"{value!r} became {answer.body!r}")
        return " ".join(dict.fromkeys(got))

    return act

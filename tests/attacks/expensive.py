"""Queries that would compute, or write, without end."""

from collections.abc import Callable, Iterator
from typing import Final

from tests.attacks.attack import Arena, Attack, asking
from tests.attacks.judging import judged
from tests.attacks.target import Wrong

TIMED_OUT: Final = frozenset({504})
STOPPED: Final = frozenset({413, 503, 504})  # by its time, its memory or the size of its result
MAY_END: Final = frozenset({200, *STOPPED})  # it may be done in time where the data are few
FOUR: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
TWENTY: Final = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(20))
SIXTY: Final = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(60))
MANY: Final = " ".join(map(str, range(1000)))
ANY: Final = "(<a:b>|!<a:b>|^(<a:b>|!<a:b>))*"
LARGE: Final = f"SELECT ?x20 {{ BIND('0123456789abcdef' AS ?x0) {TWENTY} VALUES ?n {{ %s }} }}"  # 16 MiB a row
LONG: Final = LARGE.replace("?x20", "(SUBSTR(?x16, 1, 1000) AS ?x)")


def attacks() -> Iterator[Attack]:
    yield asking("COUNT of a product", f"SELECT (COUNT(*) AS ?n) {{ {FOUR} }}", TIMED_OUT)
    yield asking(
        "a product without rows",
        f"SELECT * {{ {FOUR} FILTER(CONCAT(STR(?a), STR(?f)) = CONCAT(STR(?i), STR(?l), 'x')) }}",
        TIMED_OUT,
    )
    yield asking("DISTINCT of a product", f"SELECT DISTINCT * {{ {FOUR} }}", STOPPED)
    yield asking("GROUP BY of a product", f"SELECT ?a ?f (COUNT(*) AS ?n) {{ {FOUR} }} GROUP BY ?a ?f", STOPPED)
    yield asking("GROUP BY everything", f"SELECT ?a ?f ?i (MAX(?l) AS ?m) {{ {FOUR} }} GROUP BY ?a ?f ?i", STOPPED)
    yield asking("ORDER BY of a product", f"SELECT * {{ {FOUR} }} ORDER BY ?c ?f ?l", STOPPED)
    yield asking("GROUP_CONCAT of a product", f"SELECT (GROUP_CONCAT(?a) AS ?x) {{ {FOUR} }}", STOPPED)
    yield asking("COUNT DISTINCT of a product", f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {FOUR} }}", STOPPED)
    yield asking("every row of a product", f"SELECT * {{ {FOUR} }}", STOPPED)
    yield asking("every row of a product as CSV", f"SELECT * {{ {FOUR} }}", STOPPED, accept="text/csv")
    yield asking("every row of a product as XML", f"SELECT * {{ {FOUR} }}", STOPPED, accept="application/xml")
    yield asking("CONSTRUCT of a product", f"CONSTRUCT {{ ?a ?e ?i }} {{ {FOUR} }}", STOPPED, accept="text/turtle")
    yield asking("DESCRIBE of a product", f"DESCRIBE * {{ {FOUR} }}", STOPPED, accept="application/n-triples")
    yield asking("huge OFFSET", f"SELECT * {{ {FOUR} }} OFFSET 9000000000000000000 LIMIT 1", TIMED_OUT)
    yield asking("huge LIMIT", "SELECT * { ?s ?p ?o } LIMIT 18446744073709551616", {200, 400})
    yield asking("negative LIMIT", "SELECT * { ?s ?p ?o } LIMIT -1", {400})
    product = " ".join(f"VALUES ?v{n} {{ {MANY} }}" for n in range(8))
    yield asking("product of VALUES", f"SELECT (COUNT(*) AS ?n) {{ {product} }}", STOPPED)
    yield asking("sorted product of VALUES", f"SELECT * {{ {product} }} ORDER BY DESC(?v0)", STOPPED)
    yield asking("doubled string", f"SELECT (STRLEN(?x60) AS ?n) {{ BIND('x' AS ?x0) {SIXTY} }}", STOPPED | {200})
    grown = f"BIND('0123456789' AS ?x0) {TWENTY} BIND(REPLACE(?x20, '.', ?x20) AS ?y)"
    yield asking("REPLACE that grows", f"SELECT (STRLEN(?y) AS ?n) {{ {grown} }}", STOPPED | {200})
    yield asking(
        "encoded again and again",
        f"SELECT (ENCODE_FOR_URI(?x20) AS ?y) {{ BIND('%' AS ?x0) {TWENTY} {FOUR} }}",
        STOPPED,
    )
    per_row = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?a ?b ?c FILTER REGEX('x', CONCAT(STR(?o), '|', STR(?c), '\\\\w{1,100}')) }"
    yield asking("a regular expression for each row", per_row, STOPPED)
    yield asking(
        "nested repetition", f"SELECT (REGEX(?x20, '(a+)+$') AS ?y) {{ BIND('a' AS ?x0) {TWENTY} }}", MAY_END
    )
    yield asking("a large regular expression", "ASK { FILTER REGEX('x', '((\\\\w{100}){100}){100}') }", MAY_END)
    yield asking("paths over everything", f"SELECT (COUNT(*) AS ?n) {{ ?s {ANY} ?o . ?o {ANY} ?t }}", STOPPED)
    yield asking(
        "paths over everything, both ends", f"SELECT (COUNT(*) AS ?n) {{ ?s {ANY}/{ANY}/{ANY} ?o }}", STOPPED | {200}
    )
    yield asking(
        "EXISTS over a product",
        f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER EXISTS {{ {FOUR} FILTER(?a = 1) }} }}",
        STOPPED,
    )
    yield asking(
        "OPTIONAL over OPTIONAL",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f } OPTIONAL { ?g ?h ?i } OPTIONAL { ?j ?k ?l } }",
        TIMED_OUT,
    )
    yield asking(
        "numbers without end", "SELECT (COUNT(DISTINCT ?r) AS ?n) { " + product + " BIND(UUID() AS ?r) }", STOPPED
    )
    yield asking(
        "large numbers",
        "SELECT (1e308*1e308 AS ?a) (99999999999999999999*9 AS ?b) (1/0 AS ?c) ('9999999-01-01T00:00:00'^^<http://www.w3.org/2001/XMLSchema#dateTime> + 1 AS ?d) {}",
        {200, 400},
    )
    yield Attack("result larger than the limit", "413 503, or broken off", too_large, 10.0)
    for value in ("1e308", "inf", "nan", "-1", "0", "1_0", "0x10", "٣", "1;2", " "):
        yield Attack(f"timeout={value!r}", "a limit that ends, or 400", _timeout(value), 2.0)


def too_large(arena: Arena) -> str:
    """More than half a GiB, which takes about a second to write."""
    answer = arena.target.ask(LARGE % " ".join(map(str, range(40))), 10.0)
    got = judged(answer, {200, 413, 503})
    if answer.status == 200 and answer.whole:
        raise Wrong(f"{len(answer.body)} bytes were sent: there is no limit")
    return got


def _timeout(value: str) -> Callable[[Arena], str]:
    return lambda arena: judged(arena.target.ask("SELECT * { ?s ?p ?o } LIMIT 3", timeout=value), {200, 400})

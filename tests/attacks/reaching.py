"""Queries that try to reach other machines, local files, or the data themselves."""

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlencode

from tests.attacks.attack import Arena, Attack, asking
from tests.attacks.judging import judged
from tests.attacks.target import FORM, JSON, QUERY, Wrong

REFUSED: Final = frozenset({400, 403})
NO_UPDATE: Final = frozenset({400, 403, 405, 415})
EMPTY: Final = frozenset({200, 400, 403})
AT: Final = "<http://LISTENER/>"

SERVICES: Final = {
    "SELECT": f"SELECT * {{ SERVICE {AT} {{ ?s ?p ?o }} }}",
    "ASK": f"ASK {{ SERVICE {AT} {{ ?s ?p ?o }} }}",
    "SILENT": f"SELECT * {{ SERVICE SILENT {AT} {{ ?s ?p ?o }} }}",
    "lower case": f"select * {{ service silent {AT} {{ ?s ?p ?o }} }}",
    "mixed case": f"SELECT * {{ sErViCe {AT} {{ ?s ?p ?o }} }}",
    "after a comment": f"SELECT * {{ SERVICE # }} \n{AT} {{ ?s ?p ?o }} }}",
    "after a comment that ends with CR": f"SELECT * {{ #x\rSERVICE {AT} {{ ?s ?p ?o }} }}",
    "after an IRI with #": f"SELECT * {{ ?s <http://a.example/#> ?o SERVICE {AT} {{ ?s ?p ?o }} }}",
    "after a string": f"SELECT * {{ BIND('\\'' AS ?x) SERVICE {AT} {{ ?s ?p ?o }} BIND('' AS ?y) }}",
    "after a long string": f'SELECT * {{ BIND("""a"\\"""" AS ?x) SERVICE {AT} {{ ?s ?p ?o }} }}',
    "without spaces": f"SELECT*{{SERVICE{AT}{{?s ?p ?o}}}}",
    "behind a less-than sign": f"SELECT * {{ FILTER(1<?x&&'>'='') SERVICE {AT} {{ ?s ?p ?o }} FILTER(''='') }}",
    "SILENT behind a less-than sign": f"SELECT * {{ FILTER(1<?x&&'>'='') SERVICE SILENT {AT} {{ ?s ?p ?o }} FILTER(''='') }}",
    "prefixed name": "PREFIX e: <http://LISTENER/> SELECT * { SERVICE e:x { ?s ?p ?o } }",
    "empty prefix": "PREFIX : <http://LISTENER/> SELECT * { SERVICE : { ?s ?p ?o } }",
    "BASE": "BASE <http://LISTENER/> SELECT * { SERVICE <x> { ?s ?p ?o } }",
    "relative": "SELECT * { SERVICE <//LISTENER/> { ?s ?p ?o } }",
    "VALUES": f"SELECT * {{ VALUES ?e {{ {AT} }} SERVICE ?e {{ ?s ?p ?o }} }}",
    "BIND": "SELECT * { BIND(IRI('http://LISTENER/') AS ?e) SERVICE SILENT ?e { ?s ?p ?o } }",
    "EXISTS": f"ASK {{ FILTER EXISTS {{ SERVICE {AT} {{ ?s ?p ?o }} }} }}",
    "subquery": f"SELECT * {{ {{ SELECT * {{ SERVICE {AT} {{ ?s ?p ?o }} }} }} }}",
    "OPTIONAL": f"SELECT * {{ OPTIONAL {{ SERVICE {AT} {{ ?s ?p ?o }} }} }}",
    "MINUS": f"SELECT * {{ ?s ?p ?o MINUS {{ SERVICE {AT} {{ ?s ?p ?o }} }} }}",
    "CONSTRUCT": f"CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE {AT} {{ ?s ?p ?o }} }}",
    "DESCRIBE": f"DESCRIBE ?s {{ SERVICE {AT} {{ ?s ?p ?o }} }}",
    "localhost": "SELECT * { SERVICE <http://localhost:PORT/> { ?s ?p ?o } }",
    "IPv6": "SELECT * { SERVICE <http://[::1]:PORT/> { ?s ?p ?o } }",
    "link-local metadata": "SELECT * { SERVICE <http://169.254.169.254/latest/meta-data/> { ?s ?p ?o } }",
    "file": "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    "escaped letter": f"SELECT * {{ \\u0053ERVICE {AT} {{ ?s ?p ?o }} }}",
    "after true": f"SELECT * {{ BIND(1 AS ?x) OPTIONAL {{ ?s ?p trueSERVICE SILENT {AT} {{ ?a ?b ?c }} }} }}",
    "after false, lower case": f"SELECT * {{ {{ ?s ?p falseservice silent {AT} {{ ?a ?b ?c }} }} UNION {{}} }}",
    "after a number": f"SELECT * {{ OPTIONAL {{ ?s ?p 1SERVICE SILENT {AT} {{ ?a ?b ?c }} }} }}",
    "after a decimal": f"SELECT * {{ OPTIONAL {{ ?s ?p 1.5SERVICE SILENT {AT} {{ ?a ?b ?c }} }} }}",
    "after a double": f"SELECT * {{ OPTIONAL {{ ?s ?p 1.5e3SERVICE SILENT {AT} {{ ?a ?b ?c }} }} }}",
    "after a and true": f"SELECT * {{ OPTIONAL {{ ?s atrueSERVICE SILENT {AT} {{ ?a ?b ?c }} }} }}",
    "after a path": f"SELECT * {{ OPTIONAL {{ ?s <a:b>/atrueSERVICE SILENT {AT} {{ ?a ?b ?c }} }} }}",
    "after an optional path": f"SELECT * {{ OPTIONAL {{ ?s <a:b>?'a'SERVICE SILENT {AT} {{ ?a ?b ?c }} }} }}",
    "after an empty name and a number": f"PREFIX a: <a:> SELECT * {{ OPTIONAL {{ ?s a:-1SERVICE SILENT {AT} {{}} }} }}",
    "after an empty name and .5": f"PREFIX a: <a:> SELECT * {{ OPTIONAL {{ ?s a:.5SERVICE SILENT {AT} {{}} }} }}",
    "after brackets": f"SELECT * {{ BIND(1 AS ?x) OPTIONAL {{ ?s ?p ()SERVICE SILENT {AT} {{}} ?a ?b []SERVICE {AT} {{}} }} }}",
    "one word with SILENT": f"SELECT * {{ SERVICESILENT{AT}{{ ?s ?p ?o }} }}",
    "SILENT in one word with its name": "PREFIX SERVICESILENTe: <a:> PREFIX e: <http://LISTENER/> SELECT * { SERVICESILENTe:x { ?s ?p ?o } }",
    "SILENT in a name of its own": "PREFIX serviceSilent: <a:> PREFIX : <http://LISTENER/> SELECT * { serviceSilent:x#\n{ ?s ?p ?o } }",
    "SILENT in a name after a number": "PREFIX SERVICESILENTe: <a:> PREFIX e: <http://LISTENER/> SELECT * { OPTIONAL { ?s ?p 1SERVICESILENTe:x{} } }",
    "SILENT in a name after true": "PREFIX e: <http://LISTENER/> SELECT * { OPTIONAL { ?s ?p trueSERVICESILENTe:x{} } }",
    "SILENT in a string that nobody closes": f"SELECT * {{ VALUES ?x {{ '''a' }} SERVICE SILENT {AT} {{ ?s ?p ?o }} }}",
    "SILENT before a greater-than sign": f"SELECT * {{ FILTER(1<2)SERVICE#>\n SILENT {AT} {{ ?s ?p ?o }} }}",
    "SILENT behind a comment": f"SELECT * {{ FILTER(1<?x#>'''\n) SERVICE SILENT {AT} {{ ?s ?p ?o }} #'''\n }}",
    "SILENT behind a name and a comment": f"PREFIX a: <a:> SELECT * {{ FILTER(1<a:b#>'''\n) SERVICE SILENT {AT} {{ ?s ?p ?o }} #'''\n }}",
    "federated GRAPH": f"SELECT * {{ GRAPH ?g {{ SERVICE {AT} {{ ?s ?p ?o }} }} }}",
}
# Who reads only the words takes the string after the less-than sign for an IRI, and SERVICE for part of a string. The
# engine then finds no network, which SILENT makes an empty answer (SPARQL 1.1 Federated Query, 2.3).
UNSEEN: Final = frozenset(
    name for name in SERVICES if name.startswith(("SILENT in", "SILENT behind", "SILENT before"))
)
UPDATES: Final = {
    "INSERT DATA": "INSERT DATA { <a:a> <a:b> <a:c> }",
    "DELETE WHERE": "DELETE WHERE { ?s ?p ?o }",
    "DELETE INSERT": "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "LOAD": f"LOAD {AT}",
    "LOAD SILENT": f"LOAD SILENT {AT} INTO GRAPH <a:g>",
    "LOAD file": "LOAD <file:///etc/passwd>",
    "CLEAR": "CLEAR ALL",
    "DROP": "DROP SILENT ALL",
    "CREATE": "CREATE GRAPH <a:g>",
    "WITH": "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "COPY": "COPY DEFAULT TO <a:g>",
    "MOVE": "MOVE <a:g> TO DEFAULT",
    "after a prologue": "BASE <a:b> PREFIX c: <a:c> INSERT DATA { c:a c:b c:c }",
    "after a comment": "# SELECT * {}\nCLEAR ALL",
    "after a query": "ASK {} ; CLEAR ALL",
    "lower case": "clear all",
}
SOURCES: Final = (
    "http://LISTENER/",
    "file:///etc/passwd",
    "file:///proc/self/environ",
    "ftp://LISTENER/x",
    "//LISTENER/",
)


def attacks() -> Iterator[Attack]:
    for name, query in SERVICES.items():
        yield _service(name, query)
    yield Attack("the word SERVICE in a string", "200", _innocent)
    for name, update in UPDATES.items():
        yield Attack(f"update: {name}", "400 403 405 415, five ways", _updates(update))
    for iri in SOURCES:
        yield asking(f"FROM <{iri}>", f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}", EMPTY)
        yield asking(f"FROM NAMED <{iri}>", f"SELECT * FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", EMPTY)
        yield asking(f"GRAPH <{iri}>", f"SELECT * {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}", EMPTY)
        yield asking(f"DESCRIBE <{iri}>", f"DESCRIBE <{iri}>", EMPTY, accept="text/turtle")
        yield Attack(f"graphs of the protocol: {iri}", "200 without rows, or 400 403", _protocol(iri))


def _service(name: str, query: str) -> Attack:
    def act(arena: Arena) -> str:
        text = arena.here(query).replace("PORT", str(arena.listener.port))
        return judged(arena.target.ask(text, 1.0, "*/*"), allowed)

    allowed = REFUSED | ({200} if name in UNSEEN else set())
    return Attack(f"SERVICE: {name}", " ".join(map(str, sorted(allowed))), act)


def _innocent(arena: Arena) -> str:
    query = "# SERVICE <a:b>\nSELECT ('SERVICE <http://a.example/> {}' AS ?x) (<a:SERVICE> AS ?y) {} # INSERT DATA {}"
    return judged(arena.target.ask(query), {200})


def _updates(update: str) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        text = arena.here(update)
        posted = ((QUERY, text), ("application/sparql-update", text), (FORM, urlencode({"update": text})))
        got = [
            judged(arena.target.request("POST", "/sparql", [("Content-Type", kind)], body.encode()), NO_UPDATE)
            for kind, body in posted
        ]
        for parameter in ("query", "update"):
            got.append(judged(arena.target.get("/sparql?" + urlencode({parameter: text})), NO_UPDATE))
        return " ".join(dict.fromkeys(got))

    return act


def _protocol(iri: str) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        here = arena.here(iri)
        got = []
        for name, query in (
            ("default-graph-uri", "SELECT * { ?s ?p ?o }"),
            ("named-graph-uri", "SELECT * { GRAPH ?g { ?s ?p ?o } }"),
        ):
            answer = arena.target.get("/sparql?" + urlencode({"query": query, name: here}), ("Accept", JSON))
            got.append(judged(answer, EMPTY))
            if answer.status == 200 and b'"value"' in answer.body:
                raise Wrong(f"rows came from {here}: {answer.body[:160]!r}")
        return " ".join(dict.fromkeys(got))

    return act

"""Caches that want to be given the wrong format, language, encoding or version (RFC 9110, 12.5.5 and 13; RFC 9111)."""

import gzip
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import zstandard

from tests.attacks.attack import Arena, Attack
from tests.attacks.judging import judged
from tests.attacks.target import JSON, Answer, Wrong

CONSTRUCT: Final = "/sparql?query=" + quote("CONSTRUCT { <a:a> <a:b> <a:c> } {}")
SELECT: Final = "/sparql?query=" + quote("SELECT (1 AS ?x) {}")
ROWS: Final = "/sparql?query=" + quote("SELECT * { VALUES ?x { " + "1 2 3 4 5 " * 500 + "} }")
GRAPH: Final = "/doc/graph/ontology"
MISSING: Final = "/id/case/9999/nothing"
WRONG: Final = "/sparql?query=ASK%20%7B"
PAGE: Final = "text/html"
EXPECTED: Final = (
    (CONSTRUCT, "text/turtle", 200), (CONSTRUCT, PAGE, 200), (CONSTRUCT, "application/n-triples", 200),
    (CONSTRUCT, "image/png", 406), (CONSTRUCT, "text/turtle", 200), (SELECT, "image/png", 406), (SELECT, "text/csv", 200),
    (SELECT, PAGE, 200), (SELECT, JSON, 200), (GRAPH, "application/n-triples", 200), (GRAPH, PAGE, 200),
    (GRAPH, "text/turtle", 200), (GRAPH, "image/png", 406), ("/ns", "text/turtle", 200), ("/ns", PAGE, 200),
    (MISSING, "text/turtle", 404), (MISSING, PAGE, 404), (WRONG, "text/csv", 400), (WRONG, PAGE, 400),
    ("/sparql", PAGE, 200), ("/sparql", "text/turtle", 200), ("/sparql", PAGE, 200),
)  # fmt: skip


def attacks() -> Iterator[Attack]:
    yield Attack("cache: one address in several formats", "each client gets its own", formats)
    yield Attack("cache: tags of other formats", "304 only for the same", tags)
    yield Attack("cache: encodings", "what was asked for, and Vary", encodings)


def formats(arena: Arena) -> str:
    """A cache by RFC 9111, 4.1 stands between several clients and the server."""
    kept: dict[tuple[str, ...], Answer] = {}
    varies: dict[str, list[str]] = {}

    def fetch(path: str, **headers: str) -> Answer:
        def key() -> tuple[str, ...]:
            return (path, *(headers.get(name, "") for name in varies[path]))

        if path in varies and key() in kept:
            return kept[key()]
        answer = arena.target.get(path, *((name.replace("_", "-"), value) for name, value in headers.items()))
        names = {name.strip().title().replace("-", "_") for name in (answer.headers["Vary"] or "").split(",")}
        varies[path] = sorted({*varies.get(path, []), *names} - {""})
        kept[key()] = answer
        return answer

    for path, accept, status in EXPECTED:
        for language in ("sv", "en"):
            answer = fetch(path, Accept=accept, Accept_Language=language)
            wanted = "application/problem+json" if status >= 400 and accept != PAGE else accept
            if (answer.status, answer.type) != (status, wanted):
                raise Wrong(f"{path[:60]} as {accept}: {answer.status} {answer.type}, Vary: {answer.headers['Vary']}")
            if "accept" not in (answer.headers["Vary"] or "").lower().replace("accept-", ""):
                raise Wrong(f"{path[:60]} as {accept}: {answer.status} without Vary: Accept")
            if accept == PAGE and f'<html lang="{language}"'.encode() not in answer.body:
                raise Wrong(f"{path[:60]}: the page is not in the language {language}")
    return f"{len(EXPECTED) * 2} right"


def tags(arena: Arena) -> str:
    """A strong tag stands for one sequence of bytes: another format has another, and is sent whole."""
    seen: dict[str, str] = {}
    for accept in (JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"):
        answer = arena.target.get(SELECT, ("Accept", accept))
        judged(answer, {200})
        tag = answer.headers["ETag"]
        if not tag or not tag.startswith('"') or tag in seen:
            raise Wrong(f"ETag: {tag} for {accept}" + (f" and {seen[tag]}" if tag in seen else ""))
        same = arena.target.get(SELECT, ("Accept", accept), ("If-None-Match", f'"x", {tag}'))
        if (same.status, same.body, same.headers["ETag"]) != (304, b"", tag) or "Accept" not in (
            same.headers["Vary"] or ""
        ):
            raise Wrong(
                f"{accept}: {same.status}, ETag: {same.headers['ETag']}, Vary: {same.headers['Vary']} instead of 304"
            )
        for other in (*seen, '"x"', "x" * 1000, tag[:-2] + '"'):
            judged(arena.target.get(SELECT, ("Accept", accept), ("If-None-Match", other)), {200})
        seen[tag] = accept
    return f"{len(seen)} tags"


def encodings(arena: Arena) -> str:
    plain = arena.target.get(ROWS, ("Accept", "text/csv"))
    judged(plain, {200})
    if plain.headers["Content-Encoding"]:
        raise Wrong(f"nobody asked for {plain.headers['Content-Encoding']}")
    got = []
    for asked in (
        "gzip",
        "zstd",
        "br, gzip;q=0.5, *;q=0",
        "gzip;q=0, zstd;q=0",
        "x" * 5000,
        "gzip;q=x",
        "identity;q=0",
        "*",
    ):
        answer = arena.target.get(ROWS, ("Accept", "text/csv"), ("Accept-Encoding", asked))
        kind = answer.headers["Content-Encoding"] or "identity"
        if answer.status in {406, 415} and asked == "identity;q=0":
            continue
        if answer.status != 200 or not answer.whole or "x" * 10 in asked and kind != "identity":
            raise Wrong(f"{answer.status} {kind} for Accept-Encoding: {asked[:40]}")
        if "Accept-Encoding" not in (answer.headers["Vary"] or "") or kind in REFUSED.get(asked, ()):
            raise Wrong(f"{kind} for Accept-Encoding: {asked[:40]}, Vary: {answer.headers['Vary']}")
        tag = answer.headers["ETag"]
        if kind != "identity" and tag is not None and tag == plain.headers["ETag"] and tag.startswith('"'):
            raise Wrong(f"one strong ETag for {kind} and identity")
        if _decoded(kind, answer.body) != plain.body:
            raise Wrong(f"{kind} holds something else")
        got.append(kind)
    return " ".join(dict.fromkeys(got))


REFUSED: Final = {"gzip;q=0, zstd;q=0": ("gzip", "zstd"), "br, gzip;q=0.5, *;q=0": ("zstd",), "gzip": ("zstd",)}


def _decoded(kind: str, body: bytes) -> bytes:
    if kind == "gzip":
        return gzip.decompress(body)
    if kind == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    return body

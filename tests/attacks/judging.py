"""Whether an answer is one that a program may be given: whole, or a problem that says so."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import pyoxigraph as ox

from tests.attacks.target import Answer, Wrong

PROBLEM: Final = "application/problem+json"
STOPPED: Final = frozenset({503, 504})


def _csv(body: bytes) -> None:
    text = body.decode()
    if text in {"true", "false"}:
        return
    if not text.endswith("\r\n") or len({len(row) for row in csv.reader(io.StringIO(text, newline=""))} - {0}) > 1:
        raise ValueError("a row is cut")


def _tsv(body: bytes) -> None:
    lines = body.decode().split("\n")
    if lines in (["true"], ["false"]):
        return
    if lines.pop() or len({line.count("\t") for line in lines}) > 1:
        raise ValueError("a row is cut")


def _rdf(format: ox.RdfFormat) -> Callable[[bytes], object]:
    return lambda body: sum(1 for _ in ox.parse(body, format=format))


PARSERS: Final[Mapping[str, Callable[[bytes], object]]] = {
    "application/sparql-results+json": json.loads,
    "application/json": json.loads,
    "application/sparql-results+xml": ElementTree.fromstring,
    "application/xml": ElementTree.fromstring,
    "text/csv": _csv,
    "text/tab-separated-values": _tsv,
    "text/plain": bytes.decode,
    "text/turtle": _rdf(ox.RdfFormat.TURTLE),
    "application/n-triples": _rdf(ox.RdfFormat.N_TRIPLES),
    "application/rdf+xml": _rdf(ox.RdfFormat.RDF_XML),
    "application/ld+json": _rdf(ox.RdfFormat.JSON_LD),
    "application/trig": _rdf(ox.RdfFormat.TRIG),
    "application/n-quads": _rdf(ox.RdfFormat.N_QUADS),
}


def judged(answer: Answer, allowed: Collection[int]) -> str:
    """What came back, in a few words. Raises Wrong for a status that is not allowed, a result that is cut and looks
    whole, an error that is no problem+json (RFC 9457), and for what no answer may hold."""
    got = told(answer)
    if answer.status not in allowed:
        raise Wrong(f"{got} instead of {' '.join(map(str, sorted(allowed)))}: {answer.body[:160]!r}")
    harmless(answer)
    if answer.headers["X-Content-Type-Options"] != "nosniff":
        raise Wrong(f"{got} without X-Content-Type-Options: nosniff")
    if answer.status >= 400:
        _problem(answer)
    elif not answer.whole:
        return got + ", broken off visibly"
    elif answer.body:
        _parsed(answer)
    return got


def told(answer: Answer) -> str:
    """The status of an answer, and the kind of the problem."""
    kind = ""
    if answer.type == PROBLEM:
        try:
            kind = " " + str(json.loads(answer.body).get("kind", ""))
        except ValueError:
            kind = " (cut)"
    return f"{answer.status}{kind}".strip()


def harmless(answer: Answer) -> None:
    """Raises Wrong for a header that the attacker wrote, a way to another site, and a 5xx that is not 503 or 504."""
    location = answer.headers["Location"]
    if location is not None and (not location.startswith("/") or location.startswith(("//", "/\\"))):
        raise Wrong(f"sent elsewhere: Location: {location}")
    if any(name.lower().startswith("x-evil") for name in answer.headers):
        raise Wrong("a header of the attacker's is in the answer")
    if "Access-Control-Allow-Credentials" in answer.headers:
        raise Wrong("other sites may use the reader's credentials")
    if answer.status >= 500 and answer.status not in STOPPED:
        raise Wrong(f"{answer.status}: {answer.body[:160]!r}")


def _problem(answer: Answer) -> None:
    if answer.type != PROBLEM or not answer.whole:
        raise Wrong(f"{answer.status} as {answer.type or 'nothing'}, not as a whole {PROBLEM}: {answer.body[:80]!r}")
    try:
        members: Any = json.loads(answer.body)
    except ValueError as error:
        raise Wrong(f"{answer.status} with a problem that is no JSON: {error}") from error
    if members.get("status") != answer.status or not members.get("sv") or not members.get("en"):
        raise Wrong(f"{answer.status} with a problem that does not say so in both languages: {answer.body[:160]!r}")


def _parsed(answer: Answer) -> None:
    parse = PARSERS.get(answer.type)
    if parse is None:
        raise Wrong(f"{answer.status} as {answer.type or 'nothing'}")
    try:
        parse(answer.body)
    except (ValueError, SyntaxError) as error:
        raise Wrong(f"{answer.status} with {answer.type} that looks whole and is not: {error}") from error

"""Inside a query process: one query on the read-only store, and its result on the socket."""

import itertools
import json
import re
import socket
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pyoxigraph as ox

from server.processes import compacted, frames, writable
from server.processes.frames import Outcome, Request
from server.processes.writable import Unwritable
from server.sparql import query_text
from server.storage import snapshot
from server.web import content_coding
from server.web.content_coding import Coder

RESULTS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}
WITH_PREFIXES: Final = frozenset({"turtle", "trig", "rdfxml"})
SORTED: Final = 2000  # triples of a graph that is sorted before it is written
CELLS: Final = 20_000  # of the rows that are cut: where there are many columns, so much fewer rows
TABLE: Final = 4 * 2**20  # bytes of all of them
TOKENS: Final = 10_000  # of a query that cannot be read, among which prefixes are looked for
MISSING: Final = 100  # prefixes that were not declared, of which a failure tells
UNKNOWN_FUNCTION: Final = re.compile(r"^The custom function <(.*)> is not supported")
POSITION: Final = re.compile(r"^error at (\d+):(\d+): ")


class Refusal(Exception):
    """The query is not answered: the kind of failure (see QueryFailed in server.asking) and what the engine said."""

    def __init__(self, kind: str, **more: object) -> None:
        super().__init__(kind)
        self.failure: dict[str, Any] = {"kind": kind, **more}


class TooLarge(Exception):
    """The result is larger than it may be."""


class Sink:
    """Where the serialiser writes. A small result leaves in one piece with its outcome and its end; a larger one in
    frames of at most frames.SIZE bytes, in the content coding that was asked for."""

    def __init__(self, peer: socket.socket, outcome: Outcome, coding: str | None = None, most: int = 2**40) -> None:
        self.peer = peer
        self.outcome = outcome
        self.coding = coding  # that it has once it is large enough
        self.left = most  # bytes that the result may still have, before it is coded
        self.held = bytearray()
        self.coder: Coder | None = None
        self.begun = False

    def write(self, piece: bytes) -> int:
        self.left -= len(piece)
        if self.left < 0:
            raise TooLarge
        self.held += self.coder.compress(piece) if self.coder else piece
        if self.coding and not self.coder and len(self.held) > content_coding.LEAST:
            self.coder, self.outcome.coding = content_coding.coder(self.coding), self.coding
            self.held = bytearray(self.coder.compress(bytes(self.held)))
        while len(self.held) >= frames.SIZE:
            self._send(frames.frame(frames.DATA, self.held[: frames.SIZE]))
            del self.held[: frames.SIZE]
        return len(piece)

    def flush(self) -> None:
        """The engine asks for it at its end; what is held leaves with `end`."""

    def end(self, seconds: float) -> None:
        if self.coder:
            self.held += self.coder.flush()
        if not self.begun:
            self.outcome.seconds = seconds
            frames.send(self.peer, frames.frame(frames.WHOLE, frames.joined(self.outcome.written(), self.held)))
            return
        last = [frames.frame(frames.DATA, self.held)] if self.held else []
        self._send(*last, frames.frame(frames.END, str(seconds).encode()))

    def _send(self, *pieces: bytes) -> None:
        if self.begun:
            frames.send(self.peer, *pieces)
            return
        self.begun = True
        frames.send(self.peer, frames.frame(frames.OUTCOME, self.outcome.written()), *pieces)


def run(
    opened: snapshot.Snapshot,
    request: Request,
    prefixes: dict[str, str],
    endpoint: str | None,
    peer: socket.socket,
) -> None:
    """Answer one query on the socket. Raises Refusal before or after the first data frame."""
    began = time.thread_time()
    results = evaluate(opened.store, request.query, request.default, request.named, endpoint)
    form = {ox.QuerySolutions: "solutions", ox.QueryBoolean: "boolean"}.get(type(results), "graph")
    chosen = "rows" if request.rows is not None else request.graphs if form == "graph" else request.results
    if chosen is None:
        raise Refusal("not-acceptable", form=form)
    fixed = query_text.gives_the_same_each_time(request.query)
    outcome = Outcome(form, chosen, "", fixed, 0.0, opened.version)
    most = request.most if request.cut is None else min(request.most, TABLE)
    sink: Any = Sink(peer, outcome, request.coding, most)  # the engine needs no more of a file
    try:
        if request.rows is None:
            write(results, form, chosen, prefixes, request.context, sink)
        else:
            found = rows(results, request.rows, request.cut)
            sink.write(json.dumps(found, ensure_ascii=False).encode())
    except Refusal:
        raise
    except Exception as error:
        if sink.left < 0:  # what the engine makes of the sink's own exception
            raise Refusal("too-large", bytes=most) from error
        raise
    sink.end(time.thread_time() - began)


def write(results: Any, form: str, name: str, prefixes: dict[str, str], context: str | None, sink: Any) -> None:
    """Write a result in the format `name`; JSON-LD compacted where the address of a context is given. Raises
    Refusal: unwritable, where the format cannot hold what the result holds."""
    sink = writable.into(sink, name)
    try:
        if form != "graph":
            results.serialize(sink, RESULTS[name])
        elif name == "jsonld" and context:
            compacted.write(results, context, sink)
        elif name in WITH_PREFIXES:
            with_prefixes(writable.checked(results, name), name, prefixes, sink)
        else:
            ox.serialize(results, sink, GRAPHS[name])
    except Unwritable as error:
        raise Refusal("unwritable", form=form, format=name, holds=error.kind, value=error.value) from error
    except OSError as error:
        if name != "jsonld" or "RDF 1.2" not in str(error):
            raise
        raise Refusal("unwritable", form=form, format=name, holds="triple", value="") from error


def with_prefixes(triples: Iterable[ox.Triple], name: str, prefixes: dict[str, str], sink: Any) -> None:
    """Write a graph with prefixes; a small one sorted, with those that it uses, in the same way each time."""
    triples = iter(triples)
    first = list(itertools.islice(triples, SORTED + 1))
    if len(first) > SORTED:
        ox.serialize(itertools.chain(first, triples), sink, GRAPHS[name], prefixes=prefixes)
        return
    lines = ox.serialize(first, format=ox.RdfFormat.N_TRIPLES) or b""
    used = {prefix: iri for prefix, iri in prefixes.items() if f"<{iri}".encode() in lines}
    first.sort(key=str)
    text = ox.serialize(first, format=GRAPHS[name], prefixes=used) or b""
    if name == "rdfxml":
        sink.write(text)
        return
    head = [line for line in text.split(b"\n")[: len(used)] if line.startswith(b"@prefix ")]
    rest = text[sum(len(line) + 1 for line in head) :]
    sink.write(b"".join(line + b"\n" for line in sorted(head)) + rest)


def evaluate(
    store: ox.Store, query: str, default: Sequence[str], named: Sequence[str], base: str | None = None
) -> Any:
    """The engine's answer; `default` and `named` (graph IRIs from the protocol) replace the query's own FROM.

    Several default graphs are merged into a store of their own first: the engine would count a triple that
    stands in two of them twice.
    """
    what = query_text.refused(query)
    if what:
        raise Refusal("refused", what=what)
    own = query_text.dataset(query, base)
    if default or named:
        query = query_text.without(query, own.clauses)
    elif len(set(own.default)) > 1 and own.resolved:
        query = query_text.without(query, own.clauses)
        default, named = list(own.default), list(own.named)
    try:
        if len(set(default)) > 1:
            return merged(store, default, named).query(query, base_iri=base)
        if default or named:
            return store.query(
                query,
                base_iri=base,
                default_graph=[ox.NamedNode(iri) for iri in dict.fromkeys(default)],
                named_graphs=[ox.NamedNode(iri) for iri in named],
            )
        return store.query(query, base_iri=base)
    except SyntaxError as error:
        where = POSITION.match(str(error))
        line, column = (int(where[1]), int(where[2])) if where else (None, None)
        message = POSITION.sub("", str(error), count=1)
        missing = query_text.undeclared(query, TOKENS)[:MISSING]
        raise Refusal("syntax", line=line, column=column, message=message[:500], undeclared=missing) from error
    except ValueError as error:
        raise Refusal("dataset", message=str(error)) from error
    except RuntimeError as error:
        unknown = UNKNOWN_FUNCTION.search(str(error))
        if unknown:
            line, column = query_text.called_at(query, unknown[1], base) or (None, None)
            raise Refusal("function", function=unknown[1][:200], line=line, column=column) from error
        raise


def merged(store: ox.Store, default: Sequence[str], named: Sequence[str]) -> ox.Store:
    """A store in memory: the de-duplicated merge of the graphs `default`, and the graphs `named`."""
    made = ox.Store()
    for iri in dict.fromkeys(default):
        found = store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
        made.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in found)
    for iri in dict.fromkeys(named):
        made.bulk_extend(store.quads_for_pattern(None, None, None, ox.NamedNode(iri)))
    return made


def rows(results: Any, limit: int, cut: int | None = None) -> dict[str, Any]:
    """At most `limit` rows as plain values: each term as [kind, value, language, datatype], or null.

    With `cut`, no value has more characters: a longer one is a literal of its beginning, with True as the fifth.
    Raises Refusal: too-large, where these values are together too long still.
    """
    if isinstance(results, ox.QueryBoolean):
        return {"boolean": bool(results), "variables": [], "rows": [], "more": False}
    found: list[list[list[Any] | None]] = []
    graph = not isinstance(results, ox.QuerySolutions)
    variables = ["s", "p", "o"] if graph else [variable.value for variable in results.variables]
    more = False
    length = 0
    if cut is not None:
        limit = max(1, min(limit, CELLS // max(1, len(variables))))
    for row in results:
        if len(found) == limit:
            more = True
            break
        values = (row.subject, row.predicate, row.object) if graph else row
        if cut is None:
            found.append([_plain(value) for value in values])
            continue
        found.append(shown := [_cut(_plain(value), cut) for value in values])
        length += sum(len(term[1]) for term in shown if term)
        if length > TABLE:
            raise Refusal("too-large", bytes=TABLE)
    return {"boolean": None, "variables": variables, "rows": found, "more": more}


def _plain(term: Any) -> list[Any] | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return ["iri", term.value, None, None]
    if isinstance(term, ox.Literal):
        return ["literal", term.value, term.language, term.datatype.value]
    return ["blank" if isinstance(term, ox.BlankNode) else "triple", str(term), None, None]


def _cut(term: list[Any] | None, most: int) -> list[Any] | None:
    """A plain value, or the beginning of one that is longer, with an ellipsis."""
    if term is None or all(part is None or len(part) <= most for part in term):
        return term
    _, value, language, datatype = term
    kept = [part if part and len(part) <= most else None for part in (language, datatype)]
    return ["literal", value[:most] + "…", *kept, True]

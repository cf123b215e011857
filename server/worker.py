"""The processes that run user queries: one that only forks, and its children, each with a read-only store.

Started by server.pool as `python -m server.worker FD DATA_DIR MEMORY`. The forking process has no threads, no store
and no network. On a byte on socket FD, which brings one end of a socket pair, it forks a child that answers queries
on that socket (server.frames) and sends back the child's process descriptor. When FD closes, all of them end.
"""

import array
import itertools
import json
import os
import re
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from server import frames, isolation, query_text, snapshot

STACK: Final = 512 * 2**20  # bytes: a query of 64 KiB nested as deep as it can be parses within this
GRACE: Final = 0.25  # seconds after its limit until a query that nobody stopped stops itself

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
POSITION: Final = re.compile(r"^error at (\d+):(\d+): ")


class Refusal(Exception):
    """The query is not answered: the kind of failure (see server.pool) and what the engine said."""

    def __init__(self, kind: str, **more: object) -> None:
        super().__init__(kind)
        self.failure = {"kind": kind, **more}


class Sink:
    """Where the serialiser writes: frames of at most frames.SIZE bytes."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer
        self.held = bytearray()

    def write(self, piece: bytes) -> int:
        self.held += piece
        while len(self.held) >= frames.SIZE:
            frames.send(self.peer, frames.DATA, self.held[: frames.SIZE])
            del self.held[: frames.SIZE]
        return len(piece)

    def flush(self) -> None:
        if self.held:
            frames.send(self.peer, frames.DATA, self.held)
            self.held.clear()


def run(opened: snapshot.Snapshot, request: dict[str, Any], peer: socket.socket) -> None:
    """Answer one query on the socket. Raises Refusal before or after the first data frame."""
    results = evaluate(opened.store, request["query"], request["default"], request["named"], request["base"])
    form = {ox.QuerySolutions: "solutions", ox.QueryBoolean: "boolean"}.get(type(results), "graph")
    chosen = request["graphs"] if form == "graph" else request["results"]
    if request["rows"] is None and chosen is None:
        raise Refusal("not-acceptable", form=form)
    outcome = {"form": form, "format": chosen, "version": opened.version}
    frames.send(peer, frames.OUTCOME, json.dumps(outcome).encode())
    sink: Any = Sink(peer)  # the engine needs no more of a file than write
    if request["rows"] is not None:
        sink.write(json.dumps(rows(results, request["rows"])).encode())
    elif form != "graph":
        results.serialize(sink, RESULTS[chosen])
    elif chosen in WITH_PREFIXES:
        with_prefixes(results, chosen, request["prefixes"], sink)
    else:
        results.serialize(sink, GRAPHS[chosen])
    sink.flush()
    frames.send(peer, frames.END)


def with_prefixes(triples: Iterator[ox.Triple], name: str, prefixes: dict[str, str], sink: Any) -> None:
    """Write a graph with prefixes; a small one sorted, with those that it uses, in the same way each time."""
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


def evaluate(store: ox.Store, query: str, default: list[str], named: list[str], base: str | None = None) -> Any:
    """The engine's answer; `default` and `named` (graph IRIs from the protocol) replace the query's own FROM.

    Several default graphs are merged into a store of their own first: the engine would count a triple that
    stands in two of them twice.
    """
    what = query_text.refused(query)
    if what:
        raise Refusal("refused", what=what)
    own = query_text.dataset(query)
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
        raise Refusal("syntax", line=line, column=column, message=message[:500]) from error
    except ValueError as error:
        raise Refusal("dataset", message=str(error)) from error


def merged(store: ox.Store, default: list[str], named: list[str]) -> ox.Store:
    """A store in memory: the de-duplicated merge of the graphs `default`, and the graphs `named`."""
    made = ox.Store()
    for iri in dict.fromkeys(default):
        found = store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
        made.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in found)
    for iri in dict.fromkeys(named):
        made.bulk_extend(store.quads_for_pattern(None, None, None, ox.NamedNode(iri)))
    return made


def rows(results: Any, limit: int) -> dict[str, Any]:
    """At most `limit` rows as plain values: each term as [kind, value, language, datatype], or null."""
    if isinstance(results, ox.QueryBoolean):
        return {"boolean": bool(results), "variables": [], "rows": [], "more": False}
    found: list[list[list[str | None] | None]] = []
    graph = not isinstance(results, ox.QuerySolutions)
    variables = ["s", "p", "o"] if graph else [variable.value for variable in results.variables]
    more = False
    for row in results:
        if len(found) == limit:
            more = True
            break
        values = (row.subject, row.predicate, row.object) if graph else row
        found.append([_plain(value) for value in values])
    return {"boolean": None, "variables": variables, "rows": found, "more": more}


def _plain(term: Any) -> list[str | None] | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return ["iri", term.value, None, None]
    if isinstance(term, ox.Literal):
        return ["literal", term.value, term.language, term.datatype.value]
    return ["blank" if isinstance(term, ox.BlankNode) else "triple", str(term), None, None]


def serve(peer: socket.socket, data_dir: Path) -> None:
    """Answer queries, one at a time, until the socket closes; open the store anew when another is published."""
    opened, seen = _open(data_dir)
    poll = select.poll()
    poll.register(peer, select.POLLIN)
    frames.send(peer, frames.READY)
    while True:
        waiting = poll.poll(1000)
        if _published(data_dir) != seen:
            if opened:
                opened.close()
            opened = None  # the engine closes a store when it is forgotten
            opened, seen = _open(data_dir)
        if not waiting:
            continue
        try:
            _, content = frames.receive(peer)
        except frames.Closed:
            return
        request = json.loads(content)
        signal.setitimer(signal.ITIMER_REAL, request["seconds"] + GRACE)
        _answer(opened, request, peer)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(opened: snapshot.Snapshot | None, request: dict[str, Any], peer: socket.socket) -> None:
    try:
        if opened is None:
            raise Refusal("unavailable")
        run(opened, request, peer)
    except Refusal as refusal:
        failure = refusal.failure
    except MemoryError:
        failure = {"kind": "memory"}
    except (OSError, RuntimeError) as error:
        failure = {"kind": "engine", "message": str(error)[:500]}
    else:
        return
    frames.send(peer, frames.FAILED, json.dumps(failure).encode())


def _open(data_dir: Path) -> tuple[snapshot.Snapshot | None, tuple[int, int] | None]:
    seen = _published(data_dir)
    try:
        return snapshot.open_current(data_dir), seen
    except (snapshot.NothingPublished, snapshot.Damaged) as error:
        print(f"kommungraf: {error}", file=sys.stderr, flush=True)
        return None, seen


def _published(data_dir: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(snapshot.pointer(data_dir))
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _child(parent: int, peer: socket.socket, data_dir: Path, memory: int) -> None:
    isolation.die_with(parent)
    isolation.limit_memory(memory + STACK)
    threading.stack_size(STACK)
    thread = threading.Thread(target=_quietly, args=(serve, peer, data_dir))
    thread.start()
    thread.join()


def _quietly(work: Callable[[socket.socket, Path], None], peer: socket.socket, data_dir: Path) -> None:
    try:
        work(peer, data_dir)
    except frames.Closed:
        return


def main(control_fd: int, data_dir: Path, memory: int) -> None:
    """Fork a query process for every request on the control socket until it closes."""
    isolation.no_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=control_fd)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    me = os.getpid()
    while True:
        _reap()
        if not poll.poll(1000):
            continue
        byte, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not byte:
            return
        peer = socket.socket(fileno=descriptors[0])
        child = os.fork()
        if child == 0:
            control.close()
            try:
                _child(me, peer, data_dir, memory)
            finally:
                os._exit(0)
        peer.close()
        descriptor = os.pidfd_open(child)
        socket.send_fds(control, [array.array("i", [child]).tobytes()], [descriptor])
        os.close(descriptor)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

"""`kommungraf serve` over a data folder whose published store is exactly the graphs that a test asks for."""

import gc
import hashlib
import http.client
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from server.storage import publication, sealed, snapshot

ROOT = Path(__file__).parents[2]
BASE = "https://suites.example"
START = 60.0  # seconds within which a busy machine starts a server
SWITCH = 20.0  # seconds within which a server sees another version
EMPTY = "urn:x-suites:empty"
"""An IRI that names no graph: asked for as default graph it gives an empty one."""
FILLER = ox.Triple(ox.NamedNode("urn:x-suites:s"), ox.NamedNode("urn:x-suites:p"), ox.NamedNode("urn:x-suites:o"))

Graphs = Mapping[str | None, Sequence[ox.Triple]]
"""Triples by the IRI of their graph; None is the default graph."""


def publish(data_dir: Path, graphs: Graphs) -> str:
    """Publish a store that holds these graphs and nothing else; its version.

    `server.storage.store.publish` cannot: what it publishes has the merge of all graphs as default graph, and the authority
    data besides. A store without a triple in the default graph is taken for damaged, so an empty one is filled.
    """
    quads = [
        ox.Quad(each.subject, each.predicate, each.object, ox.NamedNode(graph) if graph else ox.DefaultGraph())
        for graph, triples in graphs.items()
        for each in triples
    ]
    if not graphs.get(None):
        quads.append(ox.Quad(FILLER.subject, FILLER.predicate, FILLER.object))
    version = hashlib.sha256("\n".join(sorted(map(str, quads))).encode()).hexdigest()[:16]
    folder = snapshot.folder_of(data_dir, version)
    if not folder.exists():
        _build(folder, version, quads)
    beside = snapshot.pointer(data_dir).with_name(".current")
    beside.write_text(version + "\n", "ascii")
    beside.replace(snapshot.pointer(data_dir))
    return version


def _build(folder: Path, version: str, quads: Sequence[ox.Quad]) -> None:
    folder.mkdir(parents=True)
    store = ox.Store(str(folder / snapshot.ENGINE))
    store.extend(quads)
    store.flush()
    named = list(store.named_graphs())
    default = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    figures = {
        "version": version,
        "base": BASE,
        "published": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "quads": len(store),
        "triples": default,
        "graphs": len(named),
        "classes": {},
        "properties": {},
        "layout": publication.LAYOUT,
        "engineVersion": ox.__version__,
    }
    del store
    gc.collect()  # the engine lets go of its files when the last reference is gone
    figures["engine"] = snapshot.seal(folder / snapshot.ENGINE, {}, math.inf)
    (folder / snapshot.LOCK).touch()
    (folder / snapshot.ABOUT).write_bytes(sealed.written(figures))


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def media_type(self) -> str:
        return (self.headers["Content-Type"] or "").partition(";")[0].strip()


class Served:
    """A running server over a data folder. Requests go one after another over one connection."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir = data_dir
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Response:
        """A request with these headers, a Host and, where there is a body, its length."""
        self.connection.request(method, path, body or None, dict(headers))
        answer = self.connection.getresponse()
        return Response(answer.status, answer.headers, answer.read())

    def literally(self, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes) -> Response:
        """A request whose bytes are these, on a connection of its own; the length is told where a body may be."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        if body or method in {"POST", "PUT"}:
            lines.append(f"Content-Length: {len(body)}")
        with socket.create_connection(("127.0.0.1", self.port), 60) as sent:
            sent.sendall("\r\n".join([*lines, "", ""]).encode("ascii") + body)
            answer = http.client.HTTPResponse(sent, method=method)
            answer.begin()
            return Response(answer.status, answer.headers, answer.read())

    def show(self, graphs: Graphs) -> str:
        """Publish these graphs and wait until they are what is served; the version."""
        version = publish(self.data_dir, graphs)
        until = time.monotonic() + SWITCH
        while time.monotonic() < until:
            seen = self.request("GET", "/sparql?query=ASK%7B%7D", {"Accept": "application/sparql-results+json"})
            if seen.headers["X-Data-Version"] == version:
                return version
            time.sleep(0.02)
        raise AssertionError(f"version {version} is not served after {SWITCH} s")


@contextmanager
def serving(data_dir: Path) -> Iterator[Served]:
    """`kommungraf serve` over a data folder, with a first store, until the end of the block."""
    publish(data_dir, {})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(Path(sys.executable).parent / "kommungraf"), "serve", "--data", str(data_dir), "--port", str(port)]
    command += ["--errors-per-minute", "0", "--query-time-per-minute", "0"]  # the suites hold many wrong queries
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    log = data_dir / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        until = time.monotonic() + START
        while not _answers(port):
            assert process.poll() is None and time.monotonic() < until, log.read_text("utf-8")
            time.sleep(0.05)
        yield Served(data_dir, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _answers(port: int) -> bool:
    try:
        return Served(Path(), port).request("GET", "/sparql?query=ASK%7B%7D", {}).status == 200
    except OSError:
        return False

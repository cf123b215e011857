"""A server whose store is lost or damaged while it runs says so in sentences, and goes on when it is there again."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from server.storage import store
from server.storage.versions import delete
from tests.server.conftest import free_port, start
from tests.server.data import BASE, Server

POINTER = Path("store") / "current"


def put(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def harm(data: Path) -> None:
        delete(data / POINTER)
        make(data / POINTER)

    return harm


HARMS: dict[str, Callable[[Path], object]] = {
    "the pointer emptied": put(Path.touch),
    "the pointer to nothing": put(lambda path: path.write_text("deadbeefdeadbeef")),
    "the pointer a folder": put(Path.mkdir),
    "the pointer a pipe": put(os.mkfifo),
    "the pointer a link to itself": put(lambda path: path.symlink_to(path)),
    "the store lost": lambda data: shutil.rmtree(data / "store"),
}


def test_what_cannot_be_read_is_told_in_sentences(published: Path, tmp_path: Path) -> None:
    data = shutil.copytree(published, tmp_path / "data")
    port = free_port()
    process = start(data, port)
    server = Server(port)
    try:
        for name, harm in HARMS.items():
            harm(data)
            for path in (
                "/",
                "/data",
                "/search?q=bänk",
                "/explore/decisions",
                "/doc/body/9999/socialnamnden",
                "/quality",
            ):
                got = server.get(path.replace("ä", "%C3%A4"), "text/html")
                assert got.status in (200, 503), (name, path, got.status, got.text[:300])
            assert server.get("/", "text/html").status == 503, name
            for path in ("/readyz", "/sparql?query=ASK%7B%7D"):
                assert server.get(path).status == 503, (name, path)
            assert server.get("/sparql", "text/turtle").status == 503, name
            metrics = server.get("/metrics")
            assert metrics.status == 200 and "kommungraf_quads 0.0\n" in metrics.text, name
            store.build(data, BASE)
            assert server.get("/", "text/html").status == 200, name
            until = time.monotonic() + 60
            while server.get("/readyz").status != 200:
                assert time.monotonic() < until, name
                time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
        told = process.communicate(timeout=30)[0]
    assert "Traceback" not in told

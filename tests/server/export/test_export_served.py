"""/dumps/: the files as they are served, whole and in part, and the page that tells of them."""

import gzip
import hashlib
import http.client
import json
import os
import re
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

import pyoxigraph as ox
import pytest

from server.export import dumping, dumps
from server.export.void import VOID
from server.storage import store
from tests.server.conftest import free_port, start
from tests.server.data import BASE, Got, Server, make, quads

LARGE = 200 * 2**20
FILE = "/dumps/kommungraf.nq.gz"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumped")
    store.publish(folder, make(folder), BASE)
    return folder


@pytest.fixture(scope="module")
def process(data: Path) -> Iterator[tuple[Server, Popen[str]]]:
    port = free_port()
    found = start(data, port)
    assert found.poll() is None, found.communicate()[0]
    yield Server(port), found
    found.send_signal(signal.SIGTERM)
    found.wait(20)


@pytest.fixture(scope="module")
def dumped(data: Path, process: tuple[Server, Popen[str]]) -> Server:
    """A server that was asked before there was a dump."""
    server, _ = process
    for path in (FILE, "/dumps/manifest.json"):
        assert server.get(path, "text/html").status == 404, path
    page = server.get("/dumps/?lang=en", "text/html")
    assert page.status == 200 and "no files to fetch yet" in page.text and "manifest.json" not in page.text
    assert json.loads(server.get("/dumps/", "application/json").body)["kind"] == "no-dump"
    assert "med <code>kommungraf export</code>.</p>" in server.get("/dumps/", "text/html").text
    dumping.export(data)
    return server


def test_every_file_is_what_the_manifest_says(dumped: Server) -> None:
    told = json.loads(dumped.get("/dumps/manifest.json").body)
    assert json.loads(dumped.get("/dumps/", "application/json").body) == told
    for file in told["files"]:
        got = dumped.get("/dumps/" + file["name"], **{"Accept-Encoding": "gzip, zstd"})
        assert got.status == 200 and got.headers["Content-Length"] == str(file["bytes"]) == str(len(got.body))
        assert hashlib.sha256(got.body).hexdigest() == file["sha256"]
        assert got.type == (f"application/{file['encoding']}" if file["encoding"] else file["media_type"])
        assert got.headers["Content-Encoding"] is None and got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Cache-Control"] == "no-cache" and got.headers["Access-Control-Allow-Origin"] == "*"
    assert gzip.decompress(dumped.get(FILE).body).startswith(b"<https://")


def test_head_and_conditions(dumped: Server) -> None:
    whole = dumped.get(FILE)
    head = dumped.request("HEAD", FILE)
    assert (head.status, head.body) == (200, b"")
    left = {"Date"}
    assert {k: v for k, v in head.headers.items() if k not in left} == {
        k: v for k, v in whole.headers.items() if k not in left
    }
    tag = whole.headers["ETag"]
    assert re.fullmatch('"[0-9a-f]{32}"', tag)
    again = dumped.get(FILE, **{"If-None-Match": tag})
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert dumped.get(FILE, **{"If-None-Match": '"other"'}).status == 200
    refused = dumped.request("POST", FILE, b"")
    assert refused.status == 405 and refused.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-7", -7, None), ("bytes=5-99999999", 5, None)],
)
def test_a_part_is_sent(dumped: Server, asked: str, begin: int, end: int | None) -> None:
    whole = dumped.get(FILE)
    part = dumped.get(FILE, Range=asked)
    assert part.status == 206 and part.body == whole.body[begin:end]
    size = len(whole.body)
    first = begin % size
    assert part.headers["Content-Range"] == f"bytes {first}-{first + len(part.body) - 1}/{size}"
    assert part.headers["Content-Length"] == str(len(part.body)) and part.headers["ETag"] == whole.headers["ETag"]


def test_what_is_no_part_of_it(dumped: Server) -> None:
    size = dumped.get(FILE).headers["Content-Length"]
    beyond = dumped.get(FILE, Range="bytes=99999999-")
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    for asked in ("bytes=0-1,3-4", "lines=1-2", "bytes=b", "nonsense"):
        assert dumped.get(FILE, Range=asked).status == 200


def test_the_rest_of_a_file_that_changed_is_the_whole(dumped: Server) -> None:
    tag = dumped.get(FILE).headers["ETag"]
    modified = dumped.get(FILE).headers["Last-Modified"]
    assert dumped.get(FILE, Range="bytes=5-", **{"If-Range": tag}).status == 206
    assert dumped.get(FILE, Range="bytes=5-", **{"If-Range": modified}).status == 206
    assert dumped.get(FILE, Range="bytes=5-", **{"If-Range": '"before"'}).status == 200


@pytest.mark.parametrize(
    "name", ["nothing.nq.gz", "current", "lock", "../ledger.sqlite", "..%2Fledger.sqlite", ".making-1/x", "%2e%2e/x"]
)
def test_nothing_else_is_given(dumped: Server, name: str) -> None:
    assert dumped.get("/dumps/" + name).status == 404


def test_the_description_of_the_dataset_stands_where_it_is_looked_for(dumped: Server) -> None:
    found = dumped.get("/.well-known/void")
    assert found.type == "text/turtle" and found.body == dumped.get("/dumps/void.ttl").body


def counted(got: Got) -> tuple[set[str], set[str], set[str]]:
    """The dumps that a description names, its number of triples, and what else it counts of the whole."""
    assert (got.status, got.type, got.headers["Access-Control-Allow-Origin"]) == (200, "text/turtle", "*")
    said = [
        each for each in quads(got.body, ox.RdfFormat.TURTLE) if each.subject == ox.NamedNode(f"{BASE}/datasets/all")
    ]

    def values(name: str) -> set[str]:
        return {each.object.value for each in said if each.predicate.value == VOID + name}  # type: ignore[union-attr]

    assert values("sparqlEndpoint") == {f"{BASE}/sparql"} and values("classPartition")
    return values("dataDump"), values("triples"), values("distinctSubjects") | values("subset")


def test_the_published_version_is_described_also_without_a_dump_of_it(
    dumped: Server, data: Path, request: pytest.FixtureRequest
) -> None:
    files, number, more = counted(dumped.get("/.well-known/void"))
    assert files and more
    dumps.drop(data)
    request.addfinalizer(lambda: dumping.export(data))
    assert counted(dumped.get("/.well-known/void")) == (set(), number, set())
    assert dumped.request("HEAD", "/.well-known/void").status == 200
    dumping.export(data)
    path = max((data / "documents").glob("*.nq"), key=lambda each: each.stat().st_size)
    whole = path.read_text("utf-8")
    request.addfinalizer(lambda: (path.write_text(whole, "utf-8"), store.build(data, BASE)))
    path.write_text("".join(whole.splitlines(keepends=True)[:-1]), "utf-8")
    published = store.build(data, BASE)
    assert counted(dumped.get("/.well-known/void")) == (files, {str(published.triples)}, set())


def test_the_page_in_two_languages(dumped: Server, data: Path) -> None:
    swedish, english = dumped.get("/dumps/?lang=sv", "text/html"), dumped.get("/dumps/?lang=en", "text/html")
    assert swedish.status == english.status == 200
    assert "Öppna en tabell i ett kalkylprogram" in swedish.text and "Open a table in a spreadsheet" in english.text
    dump = dumps.current(data)
    assert dump
    for file in dump.files:
        assert f'href="/dumps/{file.name}"' in english.text and file.describes["en"] in english.text
    assert 'href="/dumps/' in dumped.get("/", "text/html").text
    assert dumped.get("/dumps/", "image/png").status == 406


def test_the_page_follows_the_export_at_once(dumped: Server, data: Path) -> None:
    """The published version is the same: nothing of what was answered before may be kept."""
    before = dumps.current(data)
    assert before and FILE in dumped.get("/dumps/", "text/html").text
    dumps.drop(data)
    assert FILE not in dumped.get("/dumps/", "text/html").text and dumped.get(FILE).status == 404
    dumping.export(data)
    assert FILE in dumped.get("/dumps/", "text/html").text and dumped.get(FILE).status == 200


def peak(pid: int) -> int:
    """The most memory that a process has had, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


def test_a_large_file_is_not_held_in_memory(data: Path, dumped: Server, process: tuple[Server, Popen[str]]) -> None:
    """Ten clients that begin to fetch a large file and take little, and one that takes all of it."""
    dump = dumps.current(data)
    assert dump
    folder = dumps.folder_of(data, dump.version)
    with (folder / "large.nq.gz").open("wb") as file:
        file.truncate(LARGE)
    large = replace(dump.files[0], name="large.nq.gz", bytes=LARGE, sha256="f" * 64)
    (folder / "manifest.json").write_bytes(replace(dump, files=(*dump.files, large)).json())
    pointer = dumps.root(data) / "current"
    pointer.write_bytes(pointer.read_bytes())
    before = peak(process[1].pid)
    slow = [http.client.HTTPConnection("127.0.0.1", dumped.port, timeout=30) for _ in range(10)]
    for connection in slow:
        connection.request("GET", "/dumps/large.nq.gz")
        assert connection.getresponse().read(10) == bytes(10)
    connection = http.client.HTTPConnection("127.0.0.1", dumped.port, timeout=30)
    connection.request("GET", "/dumps/large.nq.gz")
    answer, length = connection.getresponse(), 0
    while piece := answer.read(2**20):
        length += len(piece)
    assert length == LARGE
    assert dumped.get("/", "text/html").status == 200  # those who wait take no thread of the pages
    for connection in slow:
        connection.close()
    assert peak(process[1].pid) - before < 60 * 2**20


@pytest.mark.parametrize("harm", ["cut", "longer", "lost", "pipe", "folder"])
def test_a_file_that_is_not_what_was_made_is_not_given_out(dumped: Server, data: Path, harm: str) -> None:
    dump = dumps.current(data)
    assert dump
    path = dumps.folder_of(data, dump.version) / FILE.removeprefix("/dumps/")
    whole = path.read_bytes()
    tag = dumped.get(FILE).headers["ETag"]
    path.unlink()
    try:
        if harm == "cut":
            path.write_bytes(whole[:1000])
        elif harm == "longer":
            path.write_bytes(whole + b"x")
        elif harm == "pipe":
            os.mkfifo(path)
        elif harm == "folder":
            path.mkdir()
        got = dumped.get(FILE)
        assert (got.status, got.headers["ETag"]) == (503, None) and "kommungraf export" in got.text
        assert dumped.get(FILE, Range="bytes=0-9").status == 503
    finally:
        dumping.export(data)  # as the answer tells to do
    assert dumped.get(FILE).headers["ETag"] == tag


def test_what_is_exported_again_from_the_same_data_is_offered_at_once(dumped: Server, data: Path) -> None:
    (dumps.folder_of(data, (dumps.current(data) or pytest.fail()).version) / "manifest.json").unlink()
    assert dumped.get(FILE).status == 200  # the manifest was read before
    dumping.export(data, web="https://elsewhere.example")
    told = {file["name"]: file for file in json.loads(dumped.get("/dumps/manifest.json").body)["files"]}
    for name, file in told.items():
        got = dumped.get(f"/dumps/{name}")
        assert (got.status, len(got.body)) == (200, file["bytes"]), name
    dumping.export(data)

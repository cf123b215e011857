"""What was erased is in nothing that goes out: the pages of the feed, search, reconciliation, quality, dumps with the
tables of a municipality, and a site of files."""

import gzip
import io
import json
import re
import shutil
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from server.export import dumps
from tests.commands.test_erased_and_corrected import FORMS, MINUTES, NAME, holding
from tests.conftest import SAMPLES, kommungraf
from tests.server.conftest import free_port, start
from tests.server.data import Server

ASKED = urlencode({"queries": json.dumps({"a": {"query": NAME}, "b": {"query": "Fredagskvist"}})})
QUALITY = ("", "/documents", "/documents?municipality=1233", "/paragraphs", "/identities", "/unread")
ALONE = "2016-11-15-socialnamnden-protokoll.txt"


def unpacked(name: str, content: bytes) -> bytes:
    """The bytes of a file to download, as they are when nothing is compressed."""
    if name.endswith(".gz"):
        return gzip.decompress(content)
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            return b"".join(name.encode() + held.read(name) for name in held.namelist())
    return content


def feed(server: Server) -> Iterator[tuple[str, str]]:
    """Every page of the feed, from its beginning."""
    waiting, seen = ["/feed"], set[str]()
    while waiting:
        if (path := waiting.pop()) not in seen:
            seen.add(path)
            text = server.get(path, "application/trig").text
            waiting += [f"/feed/{page}" for page in re.findall(r"(?<=[/<])[0-9a-f]{8}-\d+(?=>)", text)]
            yield path, text


def public(server: Server, data: Path) -> Iterator[tuple[str, bytes]]:
    """(what, content) of what goes out besides things and SPARQL."""
    for path, text in feed(server):
        yield path, text.encode()
    for word in ("fredagskvist", "planen", "xyz"):
        for accept in ("text/html", "application/json"):
            yield f"search {word}", server.get(f"/search?q={word}", accept).text.replace(word, "").encode()
    answer = json.loads(server.get(f"/reconciliation?{ASKED}", "application/json").text)
    yield "reconciliation", json.dumps(answer, ensure_ascii=False).encode()
    for path in QUALITY:
        for accept in ("text/html", "text/csv"):
            yield f"/quality{path}", server.get(f"/quality{path}", accept).text.encode()
    dump = dumps.current(data)
    for file in dump.files if dump else ():
        got = server.get(f"/dumps/{file.name}", "*/*")
        assert got.status == 200, file.name
        yield file.name, unpacked(file.name, got.body)


def told(data: Path) -> dict[str, bytes]:
    """All that, of a server on a data folder that was exported."""
    assert kommungraf("export", "--data", data).returncode == 0
    process = start(data, port := free_port())
    try:
        return dict(public(Server(port), data))
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def naming(told: dict[str, bytes]) -> set[str]:
    return {what for what, content in told.items() if any(form.encode() in content for form in FORMS)}


def test_an_erased_person_is_in_nothing_that_goes_out(tmp_path: Path) -> None:
    documents, data = tmp_path / "in", tmp_path / "data"
    documents.mkdir()
    text = (SAMPLES / MINUTES).read_text("utf-8").replace("\nMirja Stålbrand (S)\n", f"\n{NAME} (S)\n")
    (documents / "fredagskvist.txt").write_text(text.replace("Almviks kommun", "Vellinge kommun"), "utf-8")
    shutil.copy(SAMPLES / ALONE, documents / "alone.txt")
    alone = (documents / "alone.txt").read_text("utf-8").replace("Karin Lindmark", "Fredagskvist")
    (documents / "alone.txt").write_text(alone, "utf-8")
    (documents / "fredagskvist.xyz").write_text("x")
    assert kommungraf("ingest", documents, "--data", data, "--jobs", "1").returncode == 0
    before = naming(told(data))
    archive = "kommungraf-1233-tables.zip"
    assert before >= {"reconciliation", "search fredagskvist", "/quality/documents", "kommungraf.nq.gz", archive}
    assert any(what.startswith("/feed/") for what in before)

    done = kommungraf("forget", "--person", NAME, "--data", data, "--ground", "Artikel 17", "--jobs", "1")
    assert done.returncode == 0 and "left alone" not in done.stderr, done.stderr
    assert kommungraf("ingest", documents, "--data", data, "--jobs", "1").returncode == 0
    after = told(data)
    assert archive in after and any(what.startswith("/feed/") for what in after) and naming(after) == set()
    assert holding(data, *FORMS) == set()
    assert kommungraf("publish", tmp_path / "www", "--data", data).returncode == 0
    assert list((tmp_path / "www").rglob("*.zip")) and holding(tmp_path / "www", *FORMS) == set()

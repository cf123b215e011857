"""Another Kommungraf that runs, imported by its feed and its dump over HTTP: followed, erased, and what goes wrong."""

import http.client
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import pytest

from commands import fetch, import_from_web
from mapping.imports import feed as feed_of
from ontology import KG
from server.data_folder.folder import entries
from shapes import load
from tests.conftest import ROOT
from tests.imports.test_import import LBLOD, OPARL, SAMPLES, THEIRS, files, imported, quads_of, run
from tests.server.conftest import free_port, start
from tests.server.data import Server

MINUTES = "2024-05-21-socialnamnden-protokoll.pdf"
ERASED = b"Agneta"
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """A web server that hands each request to a function, and notes it with the status it got."""

    address: str
    seen: list[tuple[str, int]] = field(default_factory=list)

    def since(self) -> list[tuple[str, int]]:
        """The requests since the last look."""
        seen, self.seen[:] = list(self.seen), []
        return seen


@contextmanager
def site(answer: Callable[[str, dict[str, str]], Answer]) -> Iterator[Site]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path, dict(self.headers))
            told.seen.append((self.path, status))
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        told = Site(f"http://127.0.0.1:{httpd.server_address[1]}")
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        try:
            yield told
        finally:
            httpd.shutdown()
            thread.join()


@contextmanager
def served(data: Path) -> Iterator[Site]:
    """`kommungraf serve` over a data folder, behind something that counts the requests."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "kommungraf", "serve", "--data", str(data), "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def ask(path: str, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            got = connection.getresponse()
            body = got.read()
            kept = ("Content-Type", "ETag", "Cache-Control")
            return got.status, {name: got.headers[name] for name in kept if got.headers[name]}, body
        finally:
            connection.close()

    try:
        until = time.monotonic() + 60
        while True:
            try:
                assert ask("/feed", {})[0] == 200
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < until
                time.sleep(0.1)
        with site(ask) as found:
            yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("ingested") / "data"
    assert run("ingest", SAMPLES, "--data", data, "--jobs", "1", "--base", THEIRS).exit_code == 0
    return data


@pytest.fixture
def theirs(ingested: Path, tmp_path: Path) -> Path:
    """The data folder of another Kommungraf."""
    return Path(shutil.copytree(ingested, tmp_path / "theirs"))


def default(data: Path) -> set[tuple[str, str, str]]:
    """What a data folder says, without graphs, of the things of the other Kommungraf."""
    found = {(str(q.subject), str(q.predicate), str(q.object)) for q in quads_of(data)}
    return {each for each in found if each[0].startswith(f"<{THEIRS}/id/")}


def holding(data: Path, text: bytes) -> list[Path]:
    return [path for path in data.rglob("*") if path.is_file() and text in path.read_bytes()]


def test_a_feed_is_followed_and_what_is_erased_there_is_gone_here(theirs: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    assert run("ingest", SAMPLES / MINUTES, "--data", ours, "--jobs", "1").exit_code == 0
    with served(theirs) as web:
        feed = f"{web.address}/feed"
        web.since()
        assert "accepted" in imported(feed, ours).output
        pages = [path for path, _ in web.since()]
        assert len(pages) == len(set(pages)) > 3
        assert default(theirs) <= default(ours)
        extra = {subject for subject, *_ in default(ours) - default(theirs)}
        assert all("/id/graph/" in subject for subject in extra)
        taken = tmp_path / "taken.ttl"
        said = f'\n<{THEIRS}/id/body/x> <http://www.w3.org/2004/02/skos/core#prefLabel> "Annat"@sv .\n'
        taken.write_text(LBLOD.read_text("utf-8") + said, "utf-8")
        refused = run("import", taken, "--data", ours)
        assert refused.exit_code == 2 and "another Kommungraf that is imported" in refused.output
        before = files(ours)

        imported(feed, ours)
        assert web.since() == [("/feed", 200), (pages[-1], 304)]
        assert files(ours) == before
        licence = "https://creativecommons.org/licenses/by/4.0/"
        imported(feed, ours, "--licence", licence)
        assert f"<{licence}>" in {str(quad.object) for quad in quads_of(ours)}
        web.since()

        meeting = f"{THEIRS}/id/meeting/almvik/socialnamnden/2024-05-21"
        decision = ("--value", "Rådhuset", "--decided-by", "Nämndsekreteraren", "--ground", "Skrivfel")
        corrected = run("correct", meeting, "kg:location", "--data", theirs, "--jobs", "1", *decision)
        assert corrected.exit_code == 0, corrected.output
        imported(feed, ours)
        assert web.since() == [("/feed", 200), (pages[-1], 200)]
        assert default(theirs) <= default(ours)
        assert [value for _, _, value in default(ours) if "Rådhuset" in value]
        assert len([e for e in entries(ours) if e.format == "import kommungraf"]) == 1

        assert run("export", "--data", ours).exit_code == 0
        assert holding(ours, ERASED) and run("forget", MINUTES, "--data", ours, "--ground", "Gallring").exit_code == 0
        name = next(v.strip('"') for _, p, v in default(theirs) if p.endswith("foaf/0.1/name>") and "Agneta" in v)
        erased = run("erase", "--name", name, "--data", theirs, "--ground", "Artikel 17")
        assert erased.exit_code == 0, erased.output
        assert (
            run("remove", "2016-11-15-socialnamnden-protokoll.txt", "--data", theirs, "--reason", "x").exit_code == 0
        )
        web.since()
        imported(feed, ours)
        assert 1 < len(web.since()) <= len(pages) + 1
        assert default(theirs) <= default(ours)
        assert {subject for subject, *_ in default(ours) - default(theirs)} <= extra
        assert not holding(ours, ERASED) and not holding(ours, "Björnstad".encode())
        assert run("verify", "--data", ours).exit_code == 0


def test_a_person_erased_here_stays_erased_however_often_the_feed_is_followed(theirs: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    with served(theirs) as web:
        feed = f"{web.address}/feed"
        imported(feed, ours)
        assert list((ours / "followed").iterdir())
        assert run("erase", "--name", "Agneta Björnstad", "--data", ours, "--ground", "Artikel 17").exit_code == 0
        assert not holding(ours, ERASED)
        for _ in range(2):
            imported(feed, ours)
            assert not holding(ours, ERASED) and not list((ours / "followed").iterdir())
    assert default(ours)


def test_a_feed_that_was_begun_anew_is_followed_from_its_beginning(theirs: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    with served(theirs) as web:
        imported(f"{web.address}/feed", ours)
        before = default(ours)
        shutil.rmtree(theirs / "feed")
        assert run("remove", MINUTES, "--data", theirs, "--reason", "x").exit_code == 0
        imported(f"{web.address}/feed", ours)
    assert default(theirs) <= default(ours) and before - default(ours)


def test_a_dump_is_fetched_by_its_address(theirs: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    assert run("export", "--data", theirs).exit_code == 0
    with served(theirs) as web:
        address = f"{web.address}/dumps/kommungraf.nq.gz"
        imported(address, ours)
    assert default(theirs) <= default(ours)
    assert f"<{address}>" in {str(quad.object) for quad in quads_of(ours)}
    (entry,) = entries(ours)
    assert (entry.file_name, entry.status) == (address, "accepted")


BASE_PAGE = f"""PREFIX as: <https://www.w3.org/ns/activitystreams#> PREFIX dct: <http://purl.org/dc/terms/>
PREFIX tree: <https://w3id.org/tree#> PREFIX v: <{THEIRS}/feed/member/ab-> PREFIX r: <{THEIRS}/feed/record/ab->
<../feed#stream> tree:view <../feed> .
"""
ROOT_PAGE = b"""PREFIX tree: <https://w3id.org/tree#> <feed#stream> a <https://w3id.org/ldes#EventStream> .
<feed> tree:relation <feed#1> . <feed#1> tree:node <feed/ab-1> ."""
TRIG = {"Content-Type": "application/trig"}


def member(number: int, title: str) -> str:
    thing = f"{THEIRS}/id/case/{number}"
    return (
        f"v:{number} a as:Create ; dct:isVersionOf r:{number} ; as:object <{thing}> .\n"
        f'v:{number} {{ <{thing}> dct:title "{title}"@sv }}\n'
    )


def test_what_is_corrected_here_is_followed_as_it_was_told(tmp_path: Path) -> None:
    pages = {"/feed": ROOT_PAGE, "/feed/ab-1": (BASE_PAGE + member(1, "Lekplatsen")).encode()}
    data = tmp_path / "data"
    decision = ("--value", "Lekparken", "--decided-by", "Nämndsekreteraren", "--ground", "Skrivfel")
    with site(lambda path, _: (200, TRIG, pages[path])) as web:
        imported(f"{web.address}/feed", data)
        corrected = run("correct", f"{THEIRS}/id/case/1", "dcterms:title", "--data", data, "--jobs", "1", *decision)
        assert corrected.exit_code == 0, corrected.output
        pages["/feed/ab-1"] += member(2, "Torget").encode()
        imported(f"{web.address}/feed", data)
        assert '"Lekparken"@sv' in {str(quad.object) for quad in quads_of(data)}
        (entry,) = entries(data)
        read = (data / "uncorrected" / f"{entry.id}.nq").read_text("utf-8")
        assert "Lekplatsen" in read and "Torget" in read and "Lekparken" not in read


def test_a_correction_of_what_the_source_erased_is_gone_and_that_is_told(tmp_path: Path) -> None:
    pages = {"/feed": ROOT_PAGE, "/feed/ab-1": (BASE_PAGE + member(1, "Lekplatsen") + member(2, "Torget")).encode()}
    data = tmp_path / "data"
    decision = ("--value", "Lekparken", "--decided-by", "Nämndsekreteraren", "--ground", "Skrivfel")
    with site(lambda path, _: (200, TRIG, pages[path])) as web:
        imported(f"{web.address}/feed", data)
        corrected = run("correct", f"{THEIRS}/id/case/1", "dcterms:title", "--data", data, "--jobs", "1", *decision)
        assert corrected.exit_code == 0, corrected.output
        pages["/feed/ab-1"] += b"v:3 a as:Delete ; dct:isVersionOf r:1 .\n"
        imported(f"{web.address}/feed", data)
    assert not holding(data, b"Lekplatsen") and not holding(data, b"Lekparken")
    process = start(data, port := free_port())
    try:
        for path in ("/id/correction/1", "/doc/correction/1"):
            gone = Server(port).get(path, "text/turtle")
            assert gone.status == 410, gone.text
            assert "The correction was erased" in gone.text and f"Källan {web.address}/feed berättar" in gone.text
        assert Server(port).get("/id/correction/2", "text/turtle").status == 404
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_a_thing_that_violates_a_shape_is_held_back_alone(tmp_path: Path) -> None:
    page = BASE_PAGE + member(1, "Lekplatsen") + member(2, "Brev om 19121212-1212")
    pages = {"/feed": ROOT_PAGE, "/feed/ab-1": page.encode()}
    data = tmp_path / "data"
    with site(lambda path, _: (200, TRIG, pages[path])) as web:
        done = run("import", f"{web.address}/feed", "--data", data)
        assert done.exit_code == 3 and "accepted" in done.output and "held back" in done.output, done.output
        published = {str(quad.object) for quad in quads_of(data)}
        assert '"Lekplatsen"@sv' in published and not [each for each in published if "1212" in each]
        (told,) = (data / "quarantine").glob("*.txt")
        assert "personnummer" in told.read_text("utf-8")
        pages["/feed/ab-1"] = (
            BASE_PAGE + member(1, "Lekplatsen") + "v:3 a as:Delete ; dct:isVersionOf r:2 ."
        ).encode()
        assert run("import", f"{web.address}/feed", "--data", data).exit_code == 0
    assert not holding(data, b"19121212")


def test_what_two_documents_there_told_differently_is_imported_with_a_warning(tmp_path: Path) -> None:
    place, result = f"{THEIRS}/id/municipality/0180", f"{THEIRS}/id/report/1234567812345678/1"
    page = (
        BASE_PAGE
        + f"""PREFIX kg: <https://w3id.org/kommungraf/ns#> PREFIX org: <http://www.w3.org/ns/org#>
        v:1 a as:Create ; dct:isVersionOf r:1 ; as:object <{place}> .
        v:1 {{ <{place}> a kg:Municipality, kg:LocalAuthority, org:FormalOrganization, org:Organization ;
            <http://www.w3.org/2000/01/rdf-schema#label> "Stockholm"@sv ; kg:municipalityCode "0180", "0181" }}
        v:2 a as:Create ; dct:isVersionOf r:2 ; as:object <{result}> .
        v:2 {{ <{result}> kg:line 107 }}"""
    )
    pages = {"/feed": ROOT_PAGE, "/feed/ab-1": page.encode()}
    data = tmp_path / "data"
    with site(lambda path, _: (200, TRIG, pages[path])) as web:
        done = run("import", f"{web.address}/feed", "--data", data)
    assert done.exit_code == 0, done.output
    code = "https://w3id.org/kommungraf/ns#municipalityCode"
    assert {'"0180"', '"0181"'} <= {str(quad.object) for quad in quads_of(data) if quad.predicate.value == code}
    (told,) = (data / "reports").glob("*.txt")
    text = told.read_text("utf-8")
    assert text.startswith("1. [varning/warning]") and "2. [" not in text
    assert f"   {place}\n   {code}: 0180\n   {code}: 0181\n" in text


def told_of(data: Path) -> dict[str, set[str]]:
    """What a Kommungraf says of each of its things, as lines of N-Triples."""
    found: dict[str, set[str]] = {}
    for quad in quads_of(data):
        thing = str(quad.subject)[1:-1]
        if thing.startswith(f"{THEIRS}/id/") and "/id/graph/" not in thing:
            found.setdefault(thing, set()).add(f"{quad.triple} .")
    return found


def page_of(things: dict[str, set[str]]) -> bytes:
    members = (
        f"v:{n} a as:Create ; dct:isVersionOf r:{n} ; as:object <{thing}> .\nv:{n} {{ {' '.join(sorted(lines))} }}\n"
        for n, (thing, lines) in enumerate(sorted(things.items()), 1)
    )
    return (BASE_PAGE + "".join(members)).encode()


def followed(things: dict[str, set[str]], data: Path) -> tuple[int, set[str]]:
    """The exit code of an import of a feed that tells this, and the things that are published of it."""
    pages = {"/feed": ROOT_PAGE, "/feed/ab-1": page_of(things)}
    with site(lambda path, _: (200, TRIG, pages[path])) as web:
        done = run("import", f"{web.address}/feed", "--data", data)
    return done.exit_code, {thing for thing, *_ in default(data)}


def vote_of(things: dict[str, set[str]]) -> tuple[str, str]:
    """A vote that says what yes and no mean, and the line that says what yes does."""
    for thing, lines in sorted(things.items()):
        yes = [line for line in lines if f"<{KG.yesMeans}>" in line]
        if yes and any(f"<{KG.noMeans}>" in line for line in lines):
            return thing, yes[0]
    raise AssertionError("no sample has a vote")


def test_what_two_documents_contradict_each_other_in_is_imported_whole(ingested: Path, tmp_path: Path) -> None:
    """Minutes and their extract, which say the opposite of what yes means, conform each by itself."""
    things = told_of(ingested)
    vote, yes = vote_of(things)
    things[vote].add(yes.replace(f"<{KG.yesMeans}>", f"<{KG.noMeans}>"))
    code, published = followed(things, tmp_path / "data")
    assert (code, {f"<{each}>" for each in things} - published) == (0, set())
    (told,) = (tmp_path / "data" / "reports").glob("*.txt")
    assert "yes and no are said to mean the same" in told.read_text("utf-8")


def test_only_the_thing_itself_is_held_back_and_not_what_refers_to_it(ingested: Path, tmp_path: Path) -> None:
    things = told_of(ingested)
    vote, _ = vote_of(things)
    paragraph = next(each for each, lines in things.items() if any(f"<{KG.hasVote}> <{vote}>" in x for x in lines))
    for number, thing in enumerate((vote, paragraph)):
        wrong = f'<{thing}> <{KG.text}> "Brev om 19121212-1212" .'
        code, published = followed(things | {thing: things[thing] | {wrong}}, tmp_path / str(number))
        assert (code, {f"<{each}>" for each in things} - published) == (3, {f"<{thing}>"})


def test_the_rules_that_hold_for_all_documents_together_are_there() -> None:
    assert {f"<{each}>" for each in feed_of.STRICT} <= load().messages.keys()


def answering(status: int = 200, body: bytes = b"", **headers: str) -> Callable[[str, dict[str, str]], Answer]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda path, asked: (status, named, body)


BAD: dict[str, tuple[Callable[[str, dict[str, str]], Answer], int, str]] = {
    "nothing there": (answering(404), 9, "answers 404"),
    "a fault": (answering(500), 9, "answers 500"),
    "a page": (answering(body=b"<p>", Content_Type="text/html"), 9, "gives text/html, which is not imported"),
    "trig that is no feed": (answering(body=b"<a> <b> <c> .", Content_Type="application/trig"), 9, "no change feed"),
    "broken trig": (answering(body=b"<a> <b>", Content_Type="application/trig"), 9, "the page is no TriG"),
    "led to a file": (answering(302, Location="file:///etc/passwd"), 9, "does not lead on to a web address"),
    "led to ftp": (answering(302, Location="ftp://127.0.0.1/x.nq"), 9, "no web address"),
    "led in a ring": (answering(302, Location="/again"), 9, "leads round in a ring"),
    "more than is told": (answering(body=b"x" * 5000, Content_Type="application/n-quads"), 9, "the most that is"),
    "less than is told": (
        answering(body=b"x", Content_Length="9", Content_Type="application/n-quads"), 4,
        "broke off before all of it came (IncompleteRead",
    ),
    "broken off between pieces": (
        answering(body=b"5\r\nab", Transfer_Encoding="chunked", Content_Type="application/n-quads"), 4, "broke off",
    ),
    "pages without end": (
        lambda path, _: (200, TRIG, ROOT_PAGE.replace(b"<feed/ab-1>", f"<{path}x>".encode())), 9,
        "leads on from page to page more than 20 times",
    ),
    "pages elsewhere": (
        answering(body=ROOT_PAGE.replace(b"<feed/ab-1>", b"<http://10.0.0.1/x>"), Content_Type="application/trig"),
        9, "on another server",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_an_address_does_not_give(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer, code, told = BAD[what]
    monkeypatch.setattr(fetch, "WAIT", 5.0)
    if what == "more than is told":
        monkeypatch.setattr(fetch.Fetcher, "__post_init__", lambda self: setattr(self, "left", 4096))
    with site(answer) as web:
        done = run("import", f"{web.address}/x", "--data", tmp_path / "data")
    assert (done.exit_code, told in done.output) == (code, True), done.output
    assert len(done.output.strip().splitlines()) == 2
    assert not list((tmp_path / "data" / "documents").iterdir()) and not entries(tmp_path / "data")


def test_where_the_time_is_out_it_is_told_how_much_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 1.0)
    monkeypatch.setattr(import_from_web, "DEEPEST", 10**6)
    with site(BAD["pages without end"][0]) as web:
        done = run("import", f"{web.address}/x", "--data", tmp_path / "data")
    assert done.exit_code == 4 and "too slowly" not in done.output
    assert f"1 s were not enough: {len(web.seen)} answers (0.0 MiB) were fetched, the last from" in done.output


def test_a_fault_of_this_machine_is_not_told_as_one_of_the_host(tmp_path: Path) -> None:
    with site(answering(body=b"x")) as web, pytest.raises(FileNotFoundError):
        fetch.Fetcher().get(f"{web.address}/x", "*/*", tmp_path / "no folder" / "x")


@pytest.mark.parametrize(
    ("address", "code", "told"),
    [
        ("http://no-such-host.invalid/feed", 4, "is not found"),
        ("http://127.0.0.1:PORT/feed", 4, "Nobody answers"),
        ("https://name:word@a.example/feed", 2, "without a user name"),
        ("http:///feed", 2, "cannot be fetched"),
    ],
)
def test_an_address_where_nobody_answers(address: str, code: int, told: str, tmp_path: Path) -> None:
    done = run("import", address.replace("PORT", str(free_port())), "--data", tmp_path / "data")
    assert (done.exit_code, told in done.output) == (code, True), done.output


def test_other_formats_come_by_their_address_too(tmp_path: Path) -> None:
    kinds = {"/a": (LBLOD, "text/turtle"), "/b": (OPARL / sorted(os.listdir(OPARL))[0], "application/json")}

    def answer(path: str, _: dict[str, str]) -> Answer:
        file, kind = kinds[path]
        return 200, {"Content-Type": kind}, file.read_bytes()

    with site(answer) as web:
        for path, form in (("/a", "lblod"), ("/b", "oparl")):
            done = run("import", f"{web.address}{path}", "--data", tmp_path / "data")
            assert done.exit_code in (0, 2), done.output
            assert f"import {form}" in {entry.format for entry in entries(tmp_path / "data")}


def test_what_was_taken_of_a_feed_is_in_a_copy(theirs: Path, tmp_path: Path) -> None:
    ours, copy, again = tmp_path / "ours", tmp_path / "copy", tmp_path / "again"
    with served(theirs) as web:
        imported(f"{web.address}/feed", ours)
        assert run("backup", "--data", ours, "--to", copy).exit_code == 0
        assert run("restore", "--data", again, "--from", copy).exit_code == 0
        assert quads_of(again) == quads_of(ours)
        (state,) = (again / "followed").iterdir()
        assert json.loads(state.read_bytes())["pages"]
        web.since()
        imported(f"{web.address}/feed", again)
        assert [status for _, status in web.since()] == [200, 304]
    assert files(again) == files(ours) and not [q for q in quads_of(again) if isinstance(q.object, ox.BlankNode)]

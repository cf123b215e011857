"""The change feed over HTTP, read by a client that is not ours."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.feed import log as feed_log
from server.feed import served as feed_served
from server.storage import store
from tests.server.conftest import free_port, start
from tests.server.data import BASE, Server, make
from tests.server.feed import feed_reader
from tests.server.feed.feed_reader import AS, DCT
from tests.server.feed.test_feed import default_graph, held

CLIENT = Path(__file__).parents[3] / "node_modules" / ".bin" / "ldes-client"
ABBREVIATED = re.compile(rb"^(<[^>]*> <[^>]*> )(true|false|[-+.0-9eE]+)(?= )", re.MULTILINE)
"""Literals as the client writes them in its N-Quads: short, as in Turtle."""
FORMATS = {
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}


def addresses(server: Server) -> list[str]:
    graph = feed_reader.parsed(server.get("/feed").body, f"{BASE}/feed")
    return [
        iri.removeprefix(BASE)
        for iri in dict.fromkeys(sum((v for (_, p), v in graph.said.items() if p.endswith("#node")), []))
    ]


def test_every_format_says_the_same(server: Server) -> None:
    page = addresses(server)[0]
    for path, offered in (("/feed", list(FORMATS)), (page, list(FORMATS)[:3])):
        said = []
        for media_type in offered:
            got = server.get(path, media_type)
            assert (got.status, got.type) == (200, media_type)
            parsed = ox.parse(got.body, format=FORMATS[media_type], base_iri=f"http://127.0.0.1:{server.port}{path}")
            said.append(
                {
                    ox.Quad(quad.subject, quad.predicate, quad.object, getattr(quad, "graph_name", ox.DefaultGraph()))
                    for quad in parsed
                }
            )
        assert all(each == said[0] for each in said)
        by_name = server.get(f"{path}?format=nquads")
        assert by_name.type == "application/n-quads"
        assert server.get(path).type == "application/trig"


def test_what_cannot_say_what_a_page_holds_is_refused(server: Server) -> None:
    in_browser = server.get(addresses(server)[0], "text/html")
    assert in_browser.status == 406 and "application/trig" not in in_browser.text and "TriG" in in_browser.text
    for accept in ("text/turtle", "application/rdf+xml", "image/png"):
        got = server.get(addresses(server)[0], accept)
        assert got.status == 406
        assert json.loads(got.body)["alternatives"] == [
            "application/trig",
            "application/n-quads",
            "application/ld+json",
        ]


def test_full_pages_are_kept_for_ever_and_what_grows_is_not(server: Server) -> None:
    first, *_, last = addresses(server)
    for path, caching in (
        (first, "public, max-age=31536000, immutable"),
        (last, "public, max-age=60"),
        ("/feed", "public, max-age=60"),
    ):
        got = server.get(path, "application/trig")
        assert got.headers["Cache-Control"] == caching
        assert got.headers["Access-Control-Allow-Origin"] == "*"
        assert set(got.headers["Vary"].split(", ")) == {"Accept", "Accept-Encoding"}
        tag = got.headers["ETag"]
        assert tag.startswith('"')
        assert server.get(path, "application/trig", **{"If-None-Match": tag}).status == 304
        assert server.get(path, "application/n-quads").headers["ETag"] != tag
        head = server.request("HEAD", path, headers={"Accept": "application/trig"})
        assert (head.status, head.body, head.headers["ETag"]) == (200, b"", tag)
        assert head.headers["Content-Length"] == str(len(got.body))
        asked = server.request("OPTIONS", path)
        assert asked.status == 200 and "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]
        assert server.request("POST", path, b"", {"Content-Length": "0"}).status == 405


def test_what_is_not_there_is_told_in_sentences(server: Server) -> None:
    name = addresses(server)[0].rpartition("/")[2]
    epoch, number = name.split("-")
    for path, status in (
        ("/feed/nothing", 404),
        (f"/feed/{epoch}-999999", 404),
        (f"/feed/{epoch}-{number}-2", 404),
        (f"/feed/{epoch}-0", 404),
        (f"/feed/00000000-{number}", 410),
        (f"/feed/member/{epoch}-999999", 410),
        ("/feed/member/x", 404),
        ("/feed/record/x", 404),
        ("/feed/", 404),
        ("/feed/member/", 404),
        ("/feed/record/x/y", 404),
    ):
        for accept in (None, "*/*", "application/json", "application/trig"):
            got = server.get(path, accept)
            assert (got.status, got.type) == (status, "application/problem+json"), path
            assert {"sv", "en"} <= json.loads(got.body).keys() and got.headers["Cache-Control"] == "no-store"
        for accept in ("text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"):
            got = server.get(path, accept)
            assert (got.status, got.type, got.headers["Cache-Control"]) == (status, "text/html", "no-store"), path
            assert 'role="alert"' in got.text and "/feed" in got.text
    got = server.get(f"/feed/member/{epoch}-1")
    assert (got.status, got.headers["Location"]) == (303, f"../{name}")
    assert server.get(f"/feed/record/{epoch}-1").status == 303


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[tuple[Path, Server]]:
    """A data folder whose base is the address at which it is served."""
    port = free_port()
    store.publish(tmp_path / "data", make(tmp_path / "data"), f"http://127.0.0.1:{port}")
    process = start(tmp_path / "data", port)
    yield tmp_path / "data", Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def replace(path: Path, old: str, new: str) -> None:
    beside = path.with_suffix(".tmp")
    beside.write_text(path.read_text().replace(old, new))
    beside.replace(path)


def test_an_erasure_is_served_at_once_and_its_page_is_gone(followed: tuple[Path, Server]) -> None:
    data, server = followed
    base = f"http://127.0.0.1:{server.port}"

    def members() -> list[feed_reader.Member]:
        nodes = feed_reader.read(lambda address: server.get(address.removeprefix(base)).body, f"{base}/feed")
        return [member for node in nodes for member in node.members]

    assert feed_reader.replayed(members()) == default_graph(data)
    found = feed_served.of(data)
    assert found
    holding = [page for page in found.pages if b"vera-exempel-v" in found.text(page)]
    path = f"/feed/{holding[0].name(found.epoch)}"
    full = holding[0].closed
    assert server.get(path).status == 200
    (data / "persons.nq").unlink()
    for document in (data / "documents").glob("*.nq"):
        replace(document, "vera-exempel-v", "masked")
    store.rebuild(data, base)
    assert not held(data / "feed", "vera-exempel-v", "Vera Exempel")
    assert feed_reader.replayed(members()) == default_graph(data)
    assert server.get(path).status == (410 if full else 200)
    for document in (data / "documents").glob("*.nq"):
        document.unlink()
    store.rebuild(data, base)
    assert feed_reader.replayed(members()) == default_graph(data)
    assert "vera-exempel-v" not in server.get(path, **{"Cache-Control": "no-cache"}).text


def followed_by_client(server: Server, state: Path, *more: str) -> list[ox.Quad]:
    """What the client emits; it says nothing on standard output but N-Quads."""
    done = subprocess.run(
        [str(CLIENT), "--save", str(state), *more, f"http://127.0.0.1:{server.port}/feed"],
        capture_output=True,
        timeout=120,
        env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
        check=True,
    )
    assert b"rror" not in done.stderr, done.stderr.decode()
    return list(ox.parse(ABBREVIATED.sub(written_out, done.stdout), format=ox.RdfFormat.N_QUADS))


def written_out(match: re.Match[bytes]) -> bytes:
    kind = "boolean" if match[2].isalpha() else "integer" if match[2].strip(b"+-").isdigit() else "decimal"
    kind = "double" if kind == "decimal" and b"e" in match[2].lower() else kind
    return match[1] + b'"' + match[2] + b'"^^<http://www.w3.org/2001/XMLSchema#' + kind.encode() + b">"


def by_member(quads: list[ox.Quad]) -> dict[str, dict[str, str]]:
    """The properties of each member, in the order in which they were emitted."""
    found: dict[str, dict[str, str]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, ox.DefaultGraph):
            assert isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, (ox.NamedNode, ox.Literal))
            said = found.setdefault(quad.subject.value, {})
            assert quad.predicate.value not in said, "a member was emitted twice"
            said[quad.predicate.value] = quad.object.value
    return found


def replay(quads: list[ox.Quad]) -> set[ox.Triple]:
    told = by_member(quads)
    latest: dict[str, str] = {}
    for iri in sorted(told, key=lambda iri: told[iri][DCT + "created"]):
        latest[told[iri][DCT + "isVersionOf"]] = iri
    last = {ox.NamedNode(iri) for iri in latest.values()}
    return {quad.triple for quad in quads if quad.graph_name in last}


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: the client from npm cannot run")
@pytest.mark.skipif(not CLIENT.exists(), reason="node_modules is missing (npm ci): the client from npm cannot run")
def test_ldes_client_replays_the_published_graph_and_then_only_what_is_new(
    followed: tuple[Path, Server], tmp_path: Path
) -> None:
    data, server = followed
    base, state = f"http://127.0.0.1:{server.port}", tmp_path / "state"
    emitted = followed_by_client(server, state)
    assert replay(emitted) == default_graph(data)
    assert followed_by_client(server, state) == []

    replace(data / "persons.nq", "Vera Exempel", "Vera Ny Exempel")
    documents = sorted((data / "documents").glob("*.nq"))
    documents[-1].unlink()
    store.build(data, base)
    new = followed_by_client(server, state)
    kinds = [said["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"] for said in by_member(new).values()]
    assert set(kinds) == {AS + "Update", AS + "Delete"}
    assert not by_member(new).keys() & by_member(emitted).keys()
    assert replay(emitted + new) == default_graph(data)

    for path in (data / "persons.nq", documents[0]):
        path.unlink()
    store.rebuild(data, base)  # an erasure: pages are replaced
    after = followed_by_client(server, state)
    assert {said["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"] for said in by_member(after).values()} == {
        AS + "Delete"
    }
    assert replay(emitted + new + after) == default_graph(data)
    fresh = followed_by_client(server, tmp_path / "other", "--ordered", "ascending")
    assert replay(fresh) == default_graph(data)
    times = [said[DCT + "created"] for said in by_member(fresh).values()]
    assert times == sorted(times) and len(set(times)) > 1
    found = feed_served.of(data)
    assert found and len(times) == sum(page.members for page in found.pages)
    assert len(times) > feed_log.MEMBERS


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: the client from npm cannot run")
@pytest.mark.skipif(not CLIENT.exists(), reason="node_modules is missing (npm ci): the client from npm cannot run")
def test_ldes_client_follows_a_service_whose_identifiers_lead_nowhere(
    server: Server, published: Path, tmp_path: Path
) -> None:
    """The base is data.example, and nobody has said where the service is reached: it is where it listens."""
    emitted = followed_by_client(server, tmp_path / "state")
    assert replay(emitted) == default_graph(published)
    assert {iri.rpartition("/")[0] for iri in by_member(emitted)} == {f"{BASE}/feed/member"}

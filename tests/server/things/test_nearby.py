"""What is told at an identifier that is none: those near to it, of what is published and of nothing else."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.asking import QueryFailed
from server.gone.tombstones import REMOVED, WHEN
from server.site import CONCEPT, NS, Site
from server.storage import snapshot, store
from server.things import nearby
from tests.server.conftest import free_port, start
from tests.server.data import Server
from tests.server.reconciliation.reconciliation_data import BASE, publish

HTML = "text/html"
KNOWN = sorted(f"person/9998/{name}" for name in ("anna-ek-s", "anna-ek-v", "bo-alm", "rolf-vinterlid-c"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The towns of the reconciliation, where one of the two who are called Maria Bergsten was erased."""
    folder = tmp_path_factory.mktemp("nearby")
    publish(folder)
    gone, graph = f"<{BASE}/id/person/9998/maria-bergsten-s>", f"<{BASE}/id/graph/persons>"
    when = '"2025-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    said = ((f"{NS}processingStatus", f"<{REMOVED}>"), (WHEN, when))
    (folder / "persons.nq").write_text("".join(f"{gone} <{name}> {value} {graph} .\n" for name, value in said))
    store.build(folder, BASE)
    port = free_port()
    process = start(folder, port)
    asked_until_read(Server(port))
    yield Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def asked_until_read(server: Server) -> None:
    """The identifiers are read beside the first answers, which may be without them."""
    until = time.monotonic() + 20
    while not near(server, "/id/party/SS") and time.monotonic() < until:
        time.sleep(0.05)


def near(server: Server, path: str, accept: str = "application/json") -> list[str]:
    got = server.get(path, accept)
    assert (got.status, got.type) == (404, "application/problem+json"), got.text
    found: list[str] = json.loads(got.body).get("near", [])
    return found


def own(*paths: str) -> list[str]:
    return [f"{BASE}/id/{path}" for path in paths]


@pytest.mark.parametrize("accept", ["application/json", "text/turtle"])
@pytest.mark.parametrize("kind", ["id", "doc"])
def test_programs_are_told_what_is_near(town: Server, kind: str, accept: str) -> None:
    first = own("person/9998/andre-sandelin-l", "municipality/9998")
    assert near(town, f"/{kind}/person/9998/andre-sandelin", accept) == first
    assert near(town, f"/{kind}/person/9998/andrea-sandelin-l", accept) == first
    assert near(town, f"/{kind}/body/9997/socialnamden", accept) == own(
        "body/9997/socialnamnden", "municipality/9997"
    )
    assert own("case/9998/SOF-2024-718")[0] in near(town, f"/{kind}/case/9998/sof-2024-718", accept)
    assert near(town, f"/{kind}/person/9998/nobody-at-all", accept) == own("municipality/9998")
    assert near(town, f"/{kind}/nothing/of/the/kind", accept) == []
    concept = "/concept" if kind == "id" else "/doc/concept"
    assert near(town, f"{concept}/outcome/aproved", accept)[0] == CONCEPT + "outcome/approved"


def test_people_are_told_the_same(town: Server) -> None:
    got = town.get("/doc/person/9998/andre-sandelin?lang=en", HTML)
    assert (got.status, got.type) == (404, HTML)
    assert 'href="/id/person/9998/andre-sandelin-l?lang=en">André Sandelin<' in got.text


def test_what_was_erased_is_neither_named_nor_told_of_as_near(town: Server) -> None:
    assert town.get("/id/person/9998/maria-bergsten-s").status == 410
    for accept in ("application/json", HTML):
        got = town.get("/id/person/9998/maria-bergsten", accept)
        assert got.status == 404 and "maria-bergsten-v" in got.text and "maria-bergsten-s" not in got.text


def test_concepts_near_are_those_of_the_same_scheme() -> None:
    assert nearby._concepts("outcome/aproved")[0] == CONCEPT + "outcome/approved"
    assert nearby._concepts("outcom/approved")[0] == CONCEPT + "outcome"
    assert not any(each.startswith(CONCEPT + "role/") for each in nearby._concepts("outcome/chair"))
    assert nearby._concepts("outcome/xyzzy") == nearby._concepts("xyzzy/xyzzy") == []


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("person/9998/rolf-vinterlid", ["person/9998/rolf-vinterlid-c"]),
        ("person/9998/rolf-vinterlid-m", ["person/9998/rolf-vinterlid-c"]),
        ("person/9998/anna-ek", ["person/9998/anna-ek-s", "person/9998/anna-ek-v"]),
        ("person/9998/", []),
        ("person/9997/rolf-vinterlid", []),
        ("person", []),
        ("person/9998/" + "a" * 10_000, []),
    ],
)
def test_names_that_differ_little_are_near(path: str, found: list[str]) -> None:
    assert nearby.alike(path, KNOWN) == found


def test_the_work_is_bounded() -> None:
    many = sorted(f"person/9998/name-{number:06}" for number in range(100_000))
    begun = time.process_time()
    found = nearby.alike("person/9998/name-05000x", many)
    assert len(found) == nearby.SHOWN and time.process_time() - begun < 0.1
    assert all(each.startswith("person/9998/name-05000") for each in found)


def test_where_reading_fails_there_is_nothing_near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def rows(self, *_: object) -> object:
            self.asked = getattr(self, "asked", 0) + 1
            raise QueryFailed("busy")

    current = snapshot.pointer(tmp_path)
    current.parent.mkdir()
    current.write_text("0123456789abcdef")
    broken = Broken()
    site = Site(tmp_path, BASE, broken)  # type: ignore[arg-type]
    assert [nearby.known(site) for _ in range(3)] == [(), (), ()]
    assert broken.asked == 1
    monkeypatch.setattr(nearby, "OLD", 0.0)
    assert nearby.known(site) == () and broken.asked == 2

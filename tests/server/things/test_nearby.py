"""What is told at an identifier that is none: those near to it, of what is published and of nothing else."""

import json
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest

from server.asking import QueryFailed
from server.gone.tombstones import REMOVED, WHEN
from server.naming import RDF_TYPE
from server.site import CONCEPT, NS, Site
from server.storage import snapshot, store
from server.things import nearby
from server.things.likeness import SHOWN
from tests.conftest import ROOT
from tests.server.conftest import free_port, start
from tests.server.data import Server
from tests.server.reconciliation.reconciliation_data import BASE, publish
from tests.server.views_data import Reader

HTML = "text/html"
DOCUMENT, MEETING = "59f289adff3c193d", "9998/socialnamnden/2024-11-20"
OF_A_DOCUMENT = (
    (f"document/{DOCUMENT}", "a", f"{NS}Document"),
    (f"document/{DOCUMENT}", f"{NS}canonicalText", f"text/{DOCUMENT}"),
    (f"span/{DOCUMENT}/1252-1337", "http://www.w3.org/ns/oa#hasSource", f"document/{DOCUMENT}"),
    (f"span/{DOCUMENT}/2400-2460", "http://www.w3.org/ns/oa#hasSource", f"document/{DOCUMENT}"),
    (f"span/{DOCUMENT}/1252-1337", "a", f"{NS}SourceSpan"),
    (f"span/{DOCUMENT}/2400-2460", "a", f"{NS}SourceSpan"),
    (f"meeting/{MEETING}", "a", f"{NS}Meeting"),
    (f"treatment/{MEETING}/30", f"{NS}treatedAt", f"meeting/{MEETING}"),
    (f"treatment/{MEETING}/30", "a", f"{NS}ItemTreatment"),
    (f"treatment/{MEETING}/30", f"{NS}resultedIn", f"treatment/{MEETING}/30/decision"),
    (f"treatment/{MEETING}/30/decision", "a", f"{NS}Decision"),
    (
        "person/9998/andre-sandelin-l",
        "http://www.w3.org/ns/org#hasMembership",
        "membership/9998/andre-sandelin-l/socialnamnden/member",
    ),
    ("membership/9998/andre-sandelin-l/socialnamnden/member", "a", "http://www.w3.org/ns/org#Membership"),
    ("registry-number/9998/SOF-2024-718", "a", f"{NS}RegistryNumber"),
)
"""What is said of a document and of what it tells, besides the towns of the reconciliation."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The towns of the reconciliation, where one of the two who are called Maria Bergsten was erased."""
    folder = tmp_path_factory.mktemp("nearby")
    publish(folder)
    gone, graph = f"<{BASE}/id/person/9998/maria-bergsten-s>", f"<{BASE}/id/graph/persons>"
    when = '"2025-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    said = ((f"{NS}processingStatus", f"<{REMOVED}>"), (WHEN, when))
    (folder / "persons.nq").write_text("".join(f"{gone} <{name}> {value} {graph} .\n" for name, value in said))
    lines = (
        f"<{BASE}/id/{x}> <{RDF_TYPE if p == 'a' else p}> <{o if ':' in o else f'{BASE}/id/{o}'}> "
        f"<{BASE}/id/graph/{DOCUMENT}> .\n"
        for x, p, o in OF_A_DOCUMENT
    )
    (folder / "documents" / f"{DOCUMENT}.nq").write_text("".join(sorted(lines)))
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
    while "incomplete" in server.get("/id/party/SS", "application/json").text and time.monotonic() < until:
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


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (f"document/{DOCUMENT[:-1]}e", f"document/{DOCUMENT}"),
        (f"document/{DOCUMENT[:6]}", f"document/{DOCUMENT}"),
        (f"text/{DOCUMENT[:-1]}e", f"text/{DOCUMENT}"),
        (f"text/{DOCUMENT[:6]}", f"text/{DOCUMENT}"),
        (f"graph/{DOCUMENT[:-1]}e", f"document/{DOCUMENT}"),
        (f"span/{DOCUMENT}/1252-1338", f"span/{DOCUMENT}/1252-1337"),
        (f"span/{DOCUMENT}/2410-2460", f"span/{DOCUMENT}/2400-2460"),
        (f"span/{DOCUMENT}/12521337", f"span/{DOCUMENT}/1252-1337"),
        (f"span/{DOCUMENT[1:]}/1252-1337", f"span/{DOCUMENT}/1252-1337"),
        (f"span/{DOCUMENT}/7-8", f"document/{DOCUMENT}"),
        ("party/S/", "party/S"),
        ("party/SS", "party/S"),
        ("municipality/998", "municipality/9998"),
        ("case/998/SOF-2024-718", "case/9998/SOF-2024-718"),
        ("registry-number/9998/SOF-2024-7188", "registry-number/9998/SOF-2024-718"),
        ("meeting/9998/socialnamden/2024-11-20", f"meeting/{MEETING}"),
        ("meetings/9998/socialnamnden/2024-11-20", f"meeting/{MEETING}"),
        ("treatment/9998/socialnamden/2024-11-20/30/decision", f"treatment/{MEETING}/30/decision"),
        (f"treatment/{MEETING}/31", f"treatment/{MEETING}/30"),
        (f"treatmnt/{MEETING}/30", f"treatment/{MEETING}/30"),
        (f"treatment/{MEETING}/30/decison", f"treatment/{MEETING}/30/decision"),
        (
            "membership/9998/andre-sandelin-l/socialnamnden/membr",
            "membership/9998/andre-sandelin-l/socialnamnden/member",
        ),
        ("persons/9998/andre-sandelin-l", "person/9998/andre-sandelin-l"),
        ("person/9998/andré-sandelin-l", "person/9998/andre-sandelin-l"),
    ],
)
def test_a_slip_in_any_part_of_a_path_is_seen(town: Server, path: str, found: str) -> None:
    told = near(town, "/id/" + quote(path))
    assert told[0] == own(found)[0] and len(told) <= SHOWN + 4


def test_terms_of_the_vocabulary_are_near_to_an_address_that_is_no_version(town: Server) -> None:
    for name in ("Meeting", "meting"):
        assert near(town, f"/ns/{name}") == [NS + "Meeting"]
    assert 'href="/ns#Meeting"' in town.get("/ns/Meeting", HTML).text
    assert near(town, "/ns/0.0.1") == near(town, "/ns/x") == []


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
    assert nearby._concepts("outcom/approved")[0] == CONCEPT + "outcome/approved"
    assert nearby._concepts("decision-outcome/aproved") == [CONCEPT + "outcome/approved", CONCEPT + "outcome"]
    assert nearby._concepts("outcom/xyzzy") == nearby._concepts("outcom") == [CONCEPT + "outcome"]
    assert not any(each.startswith(CONCEPT + "role/") for each in nearby._concepts("outcome/chair"))
    assert nearby._concepts("outcome/xyzzy") == nearby._concepts("xyzzy/xyzzy") == []


def test_every_folder_of_identifiers_is_known() -> None:
    named = re.findall(r"""self\.id\("([a-z-]+)"|/id/([a-z-]+)/""", (ROOT / "mapping" / "iris.py").read_text("utf-8"))
    folders = {own or other for own, other in named}
    assert len(folders) > 12 and folders <= nearby.OWN | nearby.PART_OF.keys()


def test_where_not_all_was_compared_the_answer_says_so(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    path, told = "/doc/person/9999/nobody-at-all", ("inte jämförts med allt", "was not compared with all")
    monkeypatch.setattr(nearby, "WAIT", 30.0)
    whole = reader.client.get(path, headers={"Accept": "application/json"}).get_json()
    assert "incomplete" not in whole and not any(
        each in whole[key] for each, key in zip(told, ("sv", "en"), strict=True)
    )
    assert told[1] not in reader.get(path, lang="en").text
    monkeypatch.setattr(nearby, "known", lambda site: nearby.NONE)
    part = reader.client.get(path, headers={"Accept": "application/json"}).get_json()
    assert part["incomplete"] is True and told[0] in part["sv"] and told[1] in part["en"]
    for language, words in zip(("sv", "en"), told, strict=True):
        assert words in reader.get(path, lang=language).text


def test_identifiers_are_incomplete_while_they_are_read_and_where_there_are_too_many(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    read = nearby._identifiers
    monkeypatch.setattr(nearby, "_identifiers", lambda site: go_on.wait(30) and read(site))
    nearby.READING.forget()
    try:
        assert not nearby.known(reader.site).whole
        go_on.set()
        monkeypatch.setattr(nearby, "WAIT", 30.0)
        assert nearby.known(reader.site).whole
        monkeypatch.setattr(nearby, "MOST", 20)
        few = read(reader.site)
        assert not few.whole and len(few.ordered) <= 20
    finally:
        go_on.set()
        nearby.READING.forget()


def test_where_the_parts_of_a_thing_cannot_be_asked_the_rest_is_told(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearby, "WAIT", 30.0)
    meeting = "9999/parknamnden/2024-03-12"
    iri = f"{reader.site.base}/id/attendance/{meeting}/asa-storm-v"
    near = nearby.nearby(reader.site, iri, "sv")
    assert near.whole and near.found[0][0] == f"{reader.site.base}/id/attendance/{meeting}/asa-strom-v"
    reader.pool.fails = "STRSTARTS"
    near = nearby.nearby(reader.site, iri, "sv")
    assert not near.whole and near.found[0][0] == f"{reader.site.base}/id/meeting/{meeting}"


@pytest.mark.parametrize(
    "path",
    [
        "persn/9999/x",
        "treatment/9999/parknamnden/2024-03-12/7" + "/x" * 60,
        "treatment/9999/parknamnden/2024-03-12/7" + "/x" * 900,
        "span/2222222222222222/1-2",
        "body/9999/parknamnden/x",
        "/" * 1900,
        "x" * 1900,
    ],
)
def test_an_address_costs_few_queries_and_none_is_about_all(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(nearby, "WAIT", 30.0)
    nearby.known(reader.site)
    reader.pool.queries.clear()
    nearby.nearby(reader.site, f"{reader.site.base}/id/{path}", "sv")
    assert len(reader.pool.queries) <= 5 and sum(map(len, reader.pool.queries)) < 20_000
    parts = [each for each in reader.pool.queries if "STRSTARTS" in each]
    assert len(parts) <= 1 and all(each.count("UNION") < 2 * nearby.DEEP for each in parts)
    assert not any("?x ?p ?of" in each for each in parts)


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
    assert [nearby.known(site) for _ in range(3)] == [nearby.NONE] * 3
    assert broken.asked == 1
    monkeypatch.setattr(nearby, "OLD", 0.0)
    assert nearby.known(site) == nearby.NONE and broken.asked == 2

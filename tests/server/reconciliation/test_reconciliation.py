"""The reconciliation service over HTTP: every answer is valid by the official schemas, every fault is a 4xx."""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from server.reconciliation.query import BATCH, IDS, LONGEST
from tests.server.conftest import free_port, start
from tests.server.data import Got, Server
from tests.server.reconciliation.reconciliation_data import BASE, publish

ROOT = Path(__file__).parents[3]
SUITE = ROOT.parent / "shared/suites/reconciliation/0.2"
AJV = Path(__file__).with_name("ajv_reconciliation.cjs")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PERSON = "person/9998/andre-sandelin-l"
NAMES = {"q0": {"query": "Andre Sandelin (L)", "type": "Person", "limit": 3}, "q1": {"query": "SN 2024/31"}}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("reconciliation")
    publish(folder)
    port = free_port()
    process = start(folder, port)
    assert process.poll() is None, process.communicate()[0]
    yield Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def post(service: Server, headers: dict[str, str] | None = None, **fields: object) -> Got:
    told = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    return service.request("POST", "/reconciliation", urlencode(told).encode(), FORM | (headers or {}))


def said(got: Got) -> Any:
    assert (got.status, got.type) == (200, "application/json"), got.text
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    return json.loads(got.body)


def valid(*answers: tuple[str, object]) -> None:
    """Every answer conforms to the schema of this name."""
    assert faults(answers) == [[] for _ in answers]


def faults(answers: Sequence[tuple[str, object]]) -> list[list[str]]:
    """What is wrong with each answer by the schema of this name."""
    if not shutil.which("node"):
        pytest.skip("node is not installed: answers are not checked against the schemas")
    if not SUITE.is_dir():
        pytest.skip(f"the schemas are not at {SUITE}")
    if not (ROOT / "node_modules/ajv").is_dir():
        pytest.skip("ajv is not installed: run npm ci")
    done = subprocess.run(
        ["node", AJV, SUITE / "schemas"], input=json.dumps(answers), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    return found


def examples(kind: str, verdict: str) -> list[Path]:
    return sorted((SUITE / "examples" / kind / verdict).glob("*.json"))


def test_the_manifest_tells_what_there_is(service: Server) -> None:
    manifests = [
        said(service.get(path, **{"Accept-Language": language}))
        for path in ("/reconciliation", "/reconciliation/")
        for language in ("sv", "en")
    ]
    assert [each["versions"] for each in manifests] == [["0.2"]] * 4
    assert manifests[0]["identifierSpace"] == f"{BASE}/id/"
    assert manifests[0] != manifests[1] and manifests[0] == manifests[2]
    valid(*(("manifest", each) for each in manifests))


def test_queries_are_answered_by_form_and_by_address(service: Server) -> None:
    posted = said(post(service, queries=NAMES))
    asked = said(service.get("/reconciliation?" + urlencode({"queries": json.dumps(NAMES)})))
    assert posted == asked
    assert [each["match"] for each in posted["q0"]["result"]].count(True) == 1
    assert posted["q0"]["result"][0] | {"features": []} == {
        "id": PERSON,
        "name": "André Sandelin",
        "description": "person (L), Socialnämnden, Almviks kommun, 2016–2025",
        "type": [{"id": "Person", "name": "Person"}],
        "score": 95.0,
        "match": True,
        "features": [],
    }
    assert [each["match"] for each in posted["q1"]["result"]] == [False, False]
    valid(("reconciliation-result-batch", posted), ("reconciliation-query-batch", NAMES))


@pytest.mark.parametrize(
    ("query", "municipality", "meant"),
    [
        ("Socialnämnden", "9998", "body/9998/socialnamnden"),
        ("Socialnämnden (Tallbo)", None, "body/9997/socialnamnden"),
        ("Socialnämnden (Kvarnaby)", None, "body/kvarnaby/socialnamnden"),
        ("Socialnämnden", "Kvarnaby kommun", "body/kvarnaby/socialnamnden"),
        ("Socialnämnden", f"{BASE}/id/municipality/kvarnaby", "body/kvarnaby/socialnamnden"),
    ],
)
def test_a_body_whose_municipality_has_no_code_is_told_from_its_namesakes(
    service: Server, query: str, municipality: str | None, meant: str
) -> None:
    asked: dict[str, object] = {"query": query, "type": "Body"}
    if municipality:
        asked["properties"] = [{"pid": "municipality", "v": municipality}]
    found = said(post(service, queries={"q": asked}))["q"]["result"]
    assert [each["id"] for each in found if each["match"]] == [meant]
    assert found[0]["id"] == meant
    assert found[0]["score"] == 100


def test_there_is_one_form_of_answer_whatever_is_accepted(service: Server) -> None:
    for accept in ("image/png", "text/html", "application/json;q=0, text/turtle"):
        assert "identifierSpace" in said(service.get("/reconciliation", accept))
        assert said(post(service, {"Accept": accept}, queries=NAMES)).keys() == NAMES.keys()
        assert service.get(f"/reconciliation/preview?id={quote(PERSON)}", accept).type == "text/html"


def test_answers_to_the_examples_of_the_specification_are_valid(service: Server) -> None:
    if not SUITE.is_dir():
        pytest.skip(f"the examples are not at {SUITE}")
    found = examples("reconciliation-query-batch", "valid")
    answers = [said(post(service, queries=path.read_text("utf-8"))) for path in found]
    assert len(answers) >= 4
    assert not any(each["match"] for answer in answers for one in answer.values() for each in one["result"])
    valid(*(("reconciliation-result-batch", each) for each in answers))


def test_the_schemas_find_faults() -> None:
    kinds = ("manifest", "reconciliation-result-batch", "data-extension-response")
    told = [(kind, json.loads(path.read_text("utf-8"))) for kind in kinds for path in examples(kind, "invalid")]
    found = faults(told)
    assert len(told) >= 12 and all(found)


def test_wrong_queries_are_refused(service: Server) -> None:
    if not SUITE.is_dir():
        pytest.skip(f"the examples are not at {SUITE}")
    found = examples("reconciliation-query-batch", "invalid")
    assert len(found) >= 3
    for path in found:
        refused(post(service, queries=path.read_text("utf-8")), 400)


@pytest.mark.parametrize(
    ("status", "queries"),
    [
        (400, "no JSON"),
        (400, "[" * 100_000),
        (400, []),
        (400, {"q": "André"}),
        (400, {"q": {"query": 7}}),
        (400, {"q": {"query": "x", "limit": 0}}),
        (400, {"q": {"query": "x", "limit": 1.5}}),
        (400, {"q": {"query": "x", "limit": True}}),
        (400, '{"q": {"query": "x", "limit": NaN}}'),
        (400, {"q": {"query": "x", "type": {"id": "Person"}}}),
        (400, {"q": {"query": "x", "type_strict": "perhaps"}}),
        (400, {"q": {"query": "x", "properties": "party"}}),
        (400, {"q": {"query": "x", "properties": [{"pid": "party"}]}}),
        (400, {"q": {"query": "x", "properties": [{"pid": "party", "v": {"name": "S"}}]}}),
        (400, {"\ud800": {}}),
        (413, {"q": {"query": "x" * (LONGEST + 1)}}),
        (413, {"q": {"query": "x", "properties": [{"pid": "party", "v": ["S"] * 100}]}}),
        (413, {str(n): {"query": "x"} for n in range(BATCH + 1)}),
    ],
)
def test_each_fault_has_its_answer(service: Server, status: int, queries: object) -> None:
    refused(post(service, queries=queries), status)


def refused(got: Got, status: int) -> None:
    assert (got.status, got.type) == (status, "application/problem+json"), got.text
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    told = json.loads(got.body)
    assert told["status"] == status and told["sv"] and told["en"] and told["sv"] != told["en"]


def test_what_is_sent_otherwise_is_refused(service: Server) -> None:
    refused(service.request("POST", "/reconciliation", b"{}", {"Content-Type": "application/json"}), 415)
    refused(post(service, other="x"), 400)
    refused(service.request("POST", "/reconciliation", b"queries=%ff", FORM), 400)
    refused(service.request("POST", "/reconciliation", b"queries=" + b"x" * 2**20, FORM), 413)
    refused(service.get("/reconciliation?extend=%5B%5D"), 400)


def test_odd_texts_are_answered(service: Server) -> None:
    odd = ["", " ", "\ud800", "\0", "()", "(", "((X))", "§", "0" * 200, "ﷺ" * 100, ",", "a,", ", b", "-" * 300, "𝔄 𝔅"]
    answer = said(post(service, queries={str(n): {"query": each} for n, each in enumerate(odd)}))
    assert not any(each["match"] for one in answer.values() for each in one["result"])
    valid(("reconciliation-result-batch", answer))


def test_browsers_of_other_sites_may_ask(service: Server) -> None:
    for path in ("", "/", "/suggest/entity", "/preview"):
        got = service.request("OPTIONS", f"/reconciliation{path}", headers={"Origin": "https://other.example"})
        assert (got.status, got.headers["Access-Control-Allow-Origin"]) == (204, "*")
    paths = [
        "",
        "?queries={}",
        "/suggest/type",
        "/properties",
        f"/preview?id={PERSON}",
        f"/view?id={PERSON}",
        "/view",
    ]
    for path in paths:
        assert service.get(f"/reconciliation{path}").headers["Access-Control-Allow-Origin"] == "*", path


def test_names_are_suggested_as_they_are_typed(service: Server) -> None:
    def names(prefix: str, more: str = "") -> list[str]:
        answer = said(service.get(f"/reconciliation/suggest/entity?prefix={quote(prefix)}{more}"))
        valid(("suggest-entities-response", answer))
        return [each["name"] for each in answer["result"]]

    assert names("sand") == names("ANDRÉ SA") == ["André Sandelin"]
    assert names("sof 2024") == names("SOF-2024") == names("SOF 2024/7") == ["SOF 2024/718"]
    assert names(PERSON) == names(f"{BASE}/id/{PERSON}") == ["André Sandelin"]
    assert names("Erik N", "&cursor=1") == names("Erik N")[1:] and len(names("Erik N")) == 2
    assert names("socialdem", "&type=Party") == ["Socialdemokraterna"]
    assert names("") == names("ingen sådan") == []
    refused(service.get("/reconciliation/suggest/entity?prefix=a&cursor=-1"), 400)
    refused(service.get("/reconciliation/suggest/entity?prefix=" + "a" * (LONGEST + 1)), 413)


def test_types_and_properties_are_suggested(service: Server) -> None:
    types = said(service.get("/reconciliation/suggest/type?prefix=&lang=en"))
    properties = said(service.get("/reconciliation/suggest/property?prefix=p&lang=sv"))
    assert [each["id"] for each in types["result"]] == ["Person", "Party", "Body", "Case"]
    assert [each["name"] for each in properties["result"]] == ["parti", "period"]
    valid(("suggest-types-response", types), ("suggest-properties-response", properties))


def test_properties_are_proposed_and_fetched(service: Server) -> None:
    proposed = said(service.get("/reconciliation/properties?type=Person&limit=5"))
    assert len(proposed["properties"]) == 5 and proposed["type"] == "Person"
    every = [each["id"] for each in said(service.get("/reconciliation/properties?type=Person"))["properties"]]
    wanted = {"ids": [PERSON, "person/none"], "properties": [{"id": each} for each in every]}
    answer = said(post(service, {"Accept-Language": "en"}, extend=wanted))
    assert answer["rows"]["person/none"] == {each: [] for each in every}
    assert answer["rows"][PERSON] == {
        "party": [{"id": "party/L", "name": "Liberalerna"}],
        "body": [{"id": "body/9998/socialnamnden", "name": "Socialnämnden"}],
        "municipality": [{"str": "Almviks kommun"}],
        "name": [{"str": "André Sandelin"}],
        "spelling": [],
        "first": [{"date": "2016-11-15T00:00:00"}],
        "last": [{"date": "2025-03-18T00:00:00"}],
        "iri": [{"str": f"{BASE}/id/{PERSON}"}],
    }
    valid(("data-extension-property-proposal", proposed), ("data-extension-response", answer))
    refused(post(service, extend={"ids": [PERSON], "properties": [{"id": "birthday"}]}), 400)
    refused(post(service, extend={"ids": PERSON, "properties": []}), 400)
    refused(post(service, extend={"ids": [PERSON], "properties": ["party"]}), 400)
    refused(post(service, extend={"ids": [str(n) for n in range(IDS + 1)], "properties": []}), 413)


class Tags(HTMLParser):
    """The elements and attributes of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(f"@{name}" for name, _ in attrs)}


def test_an_entity_is_previewed_in_a_frame_without_scripts(service: Server) -> None:
    path = f"/reconciliation/preview?id={quote(PERSON, safe='')}"
    got = service.get(path, **{"Accept-Language": "sv"})
    assert (got.status, got.type) == (200, "text/html") and "André Sandelin" in got.text
    assert "frame-ancestors *" in got.headers["Content-Security-Policy"]
    assert not Tags(got.text).seen & {"script", "@onclick", "@onload", "@style"}
    flown = said(service.get(f"/reconciliation/flyout?id={quote(PERSON, safe='')}"))
    assert flown["id"] == PERSON and f'href="http://127.0.0.1:{service.port}/reconciliation/view?id=' in flown["html"]
    refused(service.get("/reconciliation/preview?id=%3Cscript%3E"), 404)


def test_what_a_document_says_is_no_html(service: Server) -> None:
    odd = "body/9998/leknamnden"
    page = service.get(f"/reconciliation/preview?id={odd}").text
    flown = said(service.get(f"/reconciliation/flyout?id={odd}"))["html"]
    for html in (page, flown):
        assert "&lt;b onclick=x&gt;" in html and not Tags(html).seen & {"b", "@onclick"}


def test_a_view_leads_to_the_page(service: Server) -> None:
    got = service.get(f"/reconciliation/view?id={quote(PERSON, safe='')}")
    assert (got.status, got.headers["Location"]) == (303, f"/id/{PERSON}")
    assert service.get("/id/" + PERSON, "text/html").headers["Location"] == f"/doc/{PERSON}"
    assert service.get("/doc/" + PERSON, "text/html").status == 200
    refused(service.get("/reconciliation/view?id=person/none"), 404)


def test_many_may_ask_at_once_and_what_is_published_anew_is_found(tmp_path: Path) -> None:
    publish(tmp_path)
    port = free_port()
    process = start(tmp_path, port)
    assert process.poll() is None, process.communicate()[0]
    service = Server(port)
    query = {"q": {"query": "Viktor Enbacke"}}
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = [said(got) for got in pool.map(lambda _: post(service, queries=query), range(24))]
        assert all(each == answers[0] for each in answers) and answers[0]["q"]["result"][0]["match"]
        publish(tmp_path, ("Viktor Enbacke", "Viktor Nyman"))
        assert not any(each["match"] for each in said(post(service, queries=query))["q"]["result"])
        assert said(post(service, queries={"q": {"query": "Viktor Nyman"}}))["q"]["result"][0]["match"]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)

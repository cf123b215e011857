"""Identifiers keep their base where the service has another address, and every link leads to the service."""

import html
import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

import pyoxigraph as ox
import pytest
import rdflib

from tests.server.catalogue import catalogue_case
from tests.server.conftest import ROOT, free_port
from tests.server.data import BASE, RDF_FORMATS, Got, Server, quads

ITEM = "/id/treatment/9999/socialnamnden/2024-03-12/7"
LINK = re.compile(r"<([^>]*)>")
REFERENCE = re.compile(r'(?:href|src|action)="([^"]*)"')
STARTS = ("/", "/sparql", "/ns", "/alignments", "/dumps/", "/feed", "/datasets/dcat", "/datasets/quality", ITEM)
MOST = 40  # addresses of a kind that are followed
TREE, DCAT = "https://w3id.org/tree#", "http://www.w3.org/ns/dcat#"
ADDRESSES = [
    *(f"{DCAT}{name}" for name in ("accessURL", "downloadURL", "endpointURL", "endpointDescription", "landingPage")),
    f"{TREE}node",
]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over data of another base."""
    folder, port = tmp_path_factory.mktemp("web"), free_port()
    catalogue_case.publish(folder)
    catalogue_case.dump(folder)
    text = (ROOT / "docs/kommungraf.toml").read_text("utf-8")
    address = f"http://127.0.0.1:{port}"
    (folder / "kommungraf.toml").write_text(text.replace('"https://data.exempelkommun.example"', f'"{address}"', 1))
    command = [sys.executable, "-m", "kommungraf", "serve", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--workers", "2"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            if Server(port).get("/readyz").status == 200:
                break
        except OSError:
            time.sleep(0.05)
    assert process.poll() is None, process.communicate()[0]
    yield address
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


def asked(web: str, address: str, accept: str) -> Got:
    return Server(int(web.rpartition(":")[2])).get(address.removeprefix(web), accept)


def led_to(at: str, got: Got) -> set[str]:
    """Every address that an answer leads to."""
    found = LINK.findall(re.sub(r'<[^>]*>; rel="describes"', "", got.headers.get("Link", "")))
    found += [got.headers["Location"]] if "Location" in got.headers else []
    if got.type == "text/html":
        found += [html.unescape(each) for each in REFERENCE.findall(got.text)]
    elif got.type in dict(RDF_FORMATS) and at.partition("?")[0].endswith(("/feed", "/dcat")):
        parsed = ox.parse(got.body, format=dict(RDF_FORMATS)[got.type], base_iri=at)
        found += [each.object.value for each in parsed if each.predicate.value in ADDRESSES]
    return {urldefrag(urljoin(at, each))[0] for each in found}


def test_every_link_leads_to_the_service(web: str) -> None:
    waiting = [(web + start, accept) for start in STARTS for accept in ("text/html", "*/*", "application/trig")]
    seen: set[tuple[str, str]] = set()
    kinds: Counter[str] = Counter()
    while waiting:
        at, accept = waiting.pop(0)
        kind = at.removeprefix(web).partition("?")[0].split("/")[1]
        if (at, accept) in seen or kinds[kind] == MOST:
            continue
        seen.add((at, accept))
        kinds[kind] += 1
        got = asked(web, at, accept)
        is_start = at.removeprefix(web) in STARTS  # which has not every one of these formats
        assert got.status < 400 or (is_start and got.status == 406), (at, accept)
        for each in led_to(at, got):
            assert not each.startswith(BASE), (at, each)
            if each.startswith(web):
                waiting.append((each, "text/html,*/*;q=0.5"))
    assert {"id", "doc", "concept", "ns", "dumps", "feed", "datasets", "sparql", "static", "openapi.json"} <= {*kinds}


def test_identifiers_keep_their_base(web: str) -> None:
    for path in (ITEM, "/id/body/0180/provnamnden", "/id/graph/dddddddddddddddd"):
        place = asked(web, path, "*/*").headers["Location"]
        for media_type, form in RDF_FORMATS:
            got = asked(web, place, media_type)
            assert f'<{BASE}{path}>; rel="describes"' in got.headers["Link"]
            said = {str(each) for each in quads(got.body, form, web)}
            assert any(f"<{BASE}{path}>" in each for each in said) and not [each for each in said if web in each]
    pages = (each for each in led_to(f"{web}/feed", asked(web, "/feed", "application/trig")) if "/feed/" in each)
    page = min(pages)
    members = asked(web, page, "application/trig").text
    assert f"{BASE}/id/" in members and web not in members


def test_what_openrefine_is_told_leads_to_the_service(web: str) -> None:
    told = json.loads(asked(web, "/reconciliation", "application/json").body)
    assert told["identifierSpace"] == f"{BASE}/id/" and told["view"]["url"].startswith(f"{web}/reconciliation/")
    addresses = re.findall(r'"(https?://[^"]+)"', json.dumps({**told, "identifierSpace": "", "schemaSpace": ""}))
    assert len(addresses) > 3 and [each for each in addresses if not each.startswith(web)] == []


def test_a_program_that_knows_json_ld_fetches_the_context_from_the_service(web: str) -> None:
    place = asked(web, ITEM, "*/*").headers["Location"]
    body = asked(web, place, "application/ld+json").text
    assert json.loads(body)["@context"] == f"{web}/context.jsonld"
    read = rdflib.Graph().parse(data=body, format="json-ld")
    assert read.isomorphic(rdflib.Graph().parse(data=asked(web, place, "text/turtle").text, format="turtle"))

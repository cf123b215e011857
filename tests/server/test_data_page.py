"""/data: what it says of the published data, its examples run as printed, and whom one turns to."""

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from server import printed
from server.app import create_app
from server.catalogue import publisher
from server.catalogue.publisher_keys import CC0, LICENCES, licence_name
from server.data_examples import QUERY, examples
from server.export import dumping
from server.storage import store
from tests.server.catalogue import catalogue_case
from tests.server.conftest import ROOT, free_port, start
from tests.server.data import BASE, Server, make
from tests.server.views_data import Reader

EMAIL = "oppnadata@exempelkommun.example"
MEETINGS = [("2024-04-09", "Socialnämnden", "Exempelby"), ("2024-03-12", "Socialnämnden", "Exempelby")]
EXAMPLE, HOSTILE = "Exempel Municipality", "Exempel <b>Municipality</b>"


def answers(port: int) -> bool:
    try:
        return Server(port).get("/readyz").status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose publisher is known, and which has dumps; its web address is the one where it stands."""
    folder, port = tmp_path_factory.mktemp("told"), free_port()
    catalogue_case.publish(folder)
    dumping.export(folder)
    text = (ROOT / "docs/kommungraf.toml").read_text("utf-8")
    for was, now in (("https://data.exempelkommun.example", f"http://127.0.0.1:{port}"), (EXAMPLE, HOSTILE)):
        assert was in text
        text = text.replace(f'"{was}"', f'"{now}"', 1)
    (folder / "kommungraf.toml").write_text(text, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "kommungraf", "serve", "--data", str(folder), "--port", str(port)]
    )
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until and not answers(port):
        time.sleep(0.05)
    assert process.poll() is None
    yield Server(port)
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def page(of: Server, language: str) -> LexborHTMLParser:
    got = of.get(f"/data?lang={language}", "text/html")
    assert got.status == 200 and got.type == "text/html" and got.headers["Set-Cookie"] is None
    return LexborHTMLParser(got.text)


def section(found: LexborHTMLParser, heading: str) -> str:
    """The text of the section under a heading, on one line."""
    [section] = [each for each in found.css("section") if each.css_first(f"h2#{heading}")]
    return " ".join(section.text().split())


def program(of: Server, key: str) -> str:
    [text] = [each.text() for each in page(of, "en").css(f'pre[aria-labelledby="example-{key}"] code')]
    assert f"http://127.0.0.1:{of.port}/sparql" in text
    return str(text)


def test_the_curl_example_runs_as_printed(told: Server) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    ran = subprocess.run(["sh", "-c", program(told, "curl")], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert [tuple(row.values()) for row in csv.DictReader(io.StringIO(ran.stdout))] == MEETINGS


def test_the_python_example_runs_as_printed(told: Server) -> None:
    text = program(told, "python")
    ran = subprocess.run([sys.executable, "-I", "-c", text], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert [tuple(line.split(" ")) for line in ran.stdout.splitlines()] == MEETINGS


def test_the_r_example_runs_as_printed(told: Server, tmp_path: Path) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed: the example in R was not run")
    (tmp_path / "example.R").write_text(program(told, "r"), "utf-8")
    ran = subprocess.run(["Rscript", "example.R"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert all(each in ran.stdout for meeting in MEETINGS for each in meeting)


def test_the_r_example_asks_what_the_endpoint_answers(told: Server) -> None:
    """What R would send, since it is seldom there."""
    assert f'"http://127.0.0.1:{told.port}/sparql?format=csv&query="' in program(told, "r")
    got = told.get("/sparql?format=csv&query=" + "".join(f"%{byte:02X}" for byte in QUERY.encode()))
    assert got.type == "text/csv" and "2024-04-09,Socialnämnden,Exempelby" in got.text


def test_an_address_with_signs_of_the_shell_stays_an_address() -> None:
    [curl] = [each.text for each in examples("https://data.example/a'$(id)&b") if each.key == "curl"]
    argued = subprocess.run(
        ["sh", "-c", curl.replace("curl", "printf '%s\\n'", 1)], capture_output=True, text=True
    ).stdout.splitlines()
    assert argued[1] == "https://data.example/a'$(id)&b/sparql"


def test_the_query_can_be_put_into_the_editor(told: Server) -> None:
    links = [each.attributes["href"] or "" for each in page(told, "en").css('a[href^="/sparql?edit="]')]
    assert [parse_qs(urlsplit(each).query)["edit"] for each in links] == [[QUERY]]


def test_datasets_with_publisher_licence_and_figures(told: Server) -> None:
    english, swedish = section(page(told, "en"), "datasets"), section(page(told, "sv"), "datasets")
    assert "Open data on political decisions" in english and HOSTILE in english
    assert "CC0 1.0. You may use the data for anything" in english
    assert "CC0 1.0. Du får använda uppgifterna till vad du vill" in swedish and "Exempelkommun" in swedish
    about = json.loads(told.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format="json").body)
    counted = int(about["results"]["bindings"][0]["n"]["value"])
    assert f"{printed.number(counted, 'en')} triples in" in english
    assert f"{' '.join(printed.number(counted, 'sv').split())} tripplar i" in swedish
    assert "4 meetings" in english and "4 sammanträden" in swedish


def test_files_of_single_municipalities_are_folded(told: Server) -> None:
    found = page(told, "sv")
    [folded] = [each for each in found.css("details") if "enskilda kommuner (2)" in each.text()]
    names = ["kommungraf-0180-tables.zip", "kommungraf-0180.nq.gz"]
    assert sorted(each.text() for each in folded.css("a")) == names
    assert len(found.css('a[href="/dumps/kommungraf-0180.nq.gz"]')) == 1
    assert not folded.css('a[href="/dumps/kommungraf.nq.gz"]')
    dumped = LexborHTMLParser(told.get("/dumps/?lang=sv", "text/html").text)
    assert [each.text() for each in dumped.css("details a")] == names
    manifest = json.loads(told.get("/dumps/manifest.json").body)
    [triples] = [each["triples"] for each in manifest["files"] if each["name"] == "kommungraf.nq.gz"]
    assert triples > 999 and f"({printed.number(triples, 'sv')} " in dumped.css("main")[0].text()


def test_every_page_tells_the_licence_of_the_publisher(views_site: Reader) -> None:
    asked = publisher.read(ROOT / "docs/kommungraf.toml")
    assert "Egna data: CC0 1.0. Program" in views_site.get("/").one("//footer")
    for licence, name in ((CC0, "CC0 1.0"), (LICENCES[1], "CC BY 4.0")):
        site = replace(views_site.site, publisher=replace(asked, licence=licence))
        text = create_app(site).test_client().get("/").get_data(as_text=True)
        assert f"Egna data: {name}. Program: MIT." in text


def test_each_municipality_has_its_dataset(told: Server) -> None:
    [row] = page(told, "en").css("#places ~ div tbody tr")
    assert [each.text() for each in row.css("th, td")] == [
        "Stockholm Municipality",
        "0180 in the catalogue",
        "31 January 2024 – 20 November 2025",
    ]
    links = [each.attributes["href"] for each in row.css("a")]
    assert links == ["/id/municipality/0180?lang=en", "/datasets/0180?lang=en"]
    [swedish] = page(told, "sv").css("#places ~ div tbody tr")
    assert "31 januari 2024 – 20 november 2025" in swedish.text()


def test_every_licence_has_a_name() -> None:
    assert licence_name(CC0) == "CC0 1.0"
    assert [licence_name(each) for each in LICENCES[1:3]] == ["CC BY 4.0", "CC BY-SA 4.0"]
    assert len({licence_name(each) for each in LICENCES}) == len(LICENCES)


def test_every_link_leads_somewhere(told: Server) -> None:
    found = page(told, "en")
    ids = {each.attributes["id"] for each in found.css("[id]")}
    asked: set[str] = set()
    for each in found.css("main a[href]"):
        href = each.attributes["href"] or ""
        if href.startswith("#"):
            assert href[1:] in ids
        elif href.startswith("/"):
            asked.add(href.partition("#")[0])
        else:
            assert href.startswith(("https://", "http://creativecommons.org/", f"mailto:{EMAIL}")), href
    assert "/dumps/kommungraf.nq.gz" in asked and "/feed?format=trig" in asked
    for href in sorted(asked):
        assert told.get(href, "text/html, */*;q=0.1").status in (200, 303), href


def test_the_diagram_leads_to_the_vocabulary_and_has_its_table(told: Server) -> None:
    found = page(told, "en")
    drawn = found.css("svg a")
    terms = {
        each.attributes["id"] for each in LexborHTMLParser(told.get("/ns?lang=en", "text/html").text).css("[id]")
    }
    assert drawn
    for each in drawn:
        address, _, term = (each.attributes["href"] or "").partition("#")
        assert address == "/ns?lang=en" and term in terms
    assert "Samma som lista" in section(page(told, "sv"), "ontology")
    assert "has registry number" in found.css("details table")[-1].text()


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("sv", ("delvis förenlig", "(2018:1937)", "Exempelkommun står bakom", "Myndigheten för digital förvaltning")),
        ("en", ("partially complies", "(2018:1937)", f"{HOSTILE} is behind", "Agency for Digital Government")),
    ],
)
def test_the_statement_of_accessibility(told: Server, language: str, wanted: tuple[str, ...]) -> None:
    """What DIGG's rules demand: who, what, status, shortcomings, day, method, how to report, supervision."""
    found = page(told, language)
    text = section(found, "accessibility")
    assert all(each in text for each in (*wanted, EMAIL, "WCAG 2.1", "axe-core", "12"))
    assert found.css_first('section a[href="https://www.digg.se/tdosanmalan"]') is not None
    assert ("22 november 2026" if language == "sv" else "22 November 2026") in text


def test_what_is_not_published_and_how_to_have_it_corrected(told: Server) -> None:
    swedish, english = page(told, "sv"), page(told, "en")
    assert all(each in section(swedish, "not-published") for each in ("Privatpersoner.", "Personnummer.", "karantän"))
    assert all(each in section(english, "not-published") for each in ("Private persons.", "quarantine", "cookies"))
    for found in (swedish, english):
        assert f"mailto:{EMAIL}" in [each.attributes["href"] for each in found.css("section a")]
        assert EMAIL in section(found, "corrections") and "+46 8 000 00 00" in section(found, "corrections")
    assert "Skicka aldrig ditt personnummer" in section(swedish, "corrections")


def test_without_a_publisher_nothing_is_made_up(server: Server) -> None:
    english, swedish = page(server, "en"), page(server, "sv")
    for heading in ("corrections", "accessibility"):
        assert "has not stated a contact yet" in section(english, heading)
        assert "inte angett någon kontakt än" in section(swedish, heading)
    assert "has not stated who publishes" in section(english, "datasets")
    assert "There is no catalogue yet" in section(english, "catalogue")
    endpoint = f"http://127.0.0.1:{server.port}/sparql"
    assert endpoint in section(swedish, "sparql") and BASE not in section(swedish, "sparql")
    assert "inte angett dess webbadress" not in section(swedish, "sparql")
    assert not english.css('main a[href^="mailto:"], main a[href^="/datasets/dcat"], main a[href^="/datasets/9999"]')
    assert server.get("/.well-known/security.txt").status == 404


def test_the_page_follows_the_dumps(tmp_path: Path) -> None:
    """They come and go without a new version of the data: nothing that was answered before is kept."""
    store.publish(tmp_path, make(tmp_path), BASE)
    port = free_port()
    process = start(tmp_path, port)
    try:
        asked = Server(port)
        assert "kommungraf.nq.gz" not in asked.get("/data", "text/html").text
        dumping.export(tmp_path)
        assert "kommungraf.nq.gz" in asked.get("/data", "text/html").text
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_what_programs_should_leave_alone(told: Server) -> None:
    robots = told.get("/robots.txt")
    assert robots.type == "text/plain" and "\nDisallow: /sparql?\n" in robots.text
    assert "Disallow: /\n" not in robots.text and "Disallow: /doc" not in robots.text


def test_whom_to_tell_of_a_weakness(told: Server) -> None:
    text = told.get("/.well-known/security.txt").text
    said = dict(line.split(": ", 1) for line in text.splitlines())
    assert said["Contact"] == f"mailto:{EMAIL}" and said["Expires"].endswith("T00:00:00Z")
    assert said["Canonical"] == f"http://127.0.0.1:{told.port}/.well-known/security.txt"


def test_the_files_that_the_document_of_the_site_names_are_there() -> None:
    text = (ROOT / "docs/site.md").read_text("utf-8")
    named = {*re.findall(r"`((?:server|tests|ontology)/[\w./]*)", text), *re.findall(r"\]\((\w[\w.-]*\.md)\)", text)}
    assert {"server/words/data.toml", "catalogue.md"} <= named
    assert [each for each in named if not (ROOT / each).exists() and not (ROOT / "docs" / each).exists()] == []

"""The catalogue in a browser: a page of each dataset, with what the catalogue tells of it and nothing else."""

import html
import json
import re
from pathlib import Path

from tests.server.data import BASE, Server

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_dataset_has_a_page_that_tells_what_the_catalogue_tells(service: Server, folder: Path) -> None:
    got = service.get("/datasets/0180?lang=sv", BROWSER)
    assert (got.status, got.type, got.headers["Cache-Control"]) == (200, "text/html", "no-store")
    assert "Accept" in got.headers["Vary"] and 'rel="describedby"' in got.headers["Link"]
    assert "protokoll" in got.text and "<script>" not in got.text and "&lt;script&gt;" in got.text
    text = html.unescape(got.text)
    assert re.findall("<h1>(.*?)</h1>", text) == ["Politiska beslut: Stockholms kommun"]
    for told in ("Exempelkommun", "CC0 1.0", "2024-01-31", "2025-11-20", "2025-12-01", "2025-12-24", "N-Quads, gzip"):
        assert told in text, told
    assert f"<code>{BASE}/datasets/0180</code>" in text
    file, tables = [each for each in manifest(folder) if each.get("municipality") == "0180"]
    assert tables["name"] == "kommungraf-0180-tables.zip" and f'/dumps/{tables["name"]}"' in text
    assert f'/dumps/{file["name"]}"' in text and size(file["bytes"]) in text
    assert "/dumps/kommungraf.nq.gz" not in text  # that of the whole is not its own
    assert '<a href="/datasets/all?lang=sv">Politiska beslut</a>' in text


def test_the_catalogue_is_the_page_of_the_whole_with_every_dataset(service: Server, folder: Path) -> None:
    for path in ("/datasets/dcat?lang=en", "/datasets/all?lang=en"):
        got = service.get(path, BROWSER)
        assert (got.status, got.type) == (200, "text/html")
        assert "<h1>Political decisions</h1>" in got.text and "Published by" in got.text
        assert '<a href="/datasets/0180?lang=en">Political decisions: Stockholm Municipality</a>' in got.text
        for file in manifest(folder):
            assert (f'/dumps/{file["name"]}"' in got.text) == (file.get("municipality") is None)
    assert service.get("/datasets/dcat?format=html", "text/turtle").type == "text/html"


def test_programs_are_led_to_the_catalogue_and_people_to_the_dataset(service: Server) -> None:
    for name in ("0180", "all/sparql", "contact"):
        for accept in ("*/*", "text/turtle"):
            got = service.get(f"/datasets/{name}", accept)
            assert (got.status, got.headers["Location"], got.headers["Vary"]) == (303, "/datasets/dcat", "Accept")
    assert service.get("/datasets/0180/sparql", BROWSER).headers["Location"] == "/datasets/0180"
    assert service.get("/datasets/contact", BROWSER).headers["Location"] == "/datasets/dcat"
    assert service.get("/datasets/0181", BROWSER).status == 404


def test_without_a_publisher_a_dataset_that_is_measured_says_what_to_write(server: Server) -> None:
    for name in ("all", "dcat"):
        page = server.get(f"/datasets/{name}", BROWSER)
        assert (page.status, page.type) == (404, "text/html") and "kommungraf.toml" in page.text
        assert "kommungraf.toml" in json.loads(server.get(f"/datasets/{name}", "application/json").body)["sv"]
    assert "kommungraf.toml" not in server.get("/datasets/0999", BROWSER).text


def manifest(folder: Path) -> list[dict[str, object]]:
    (path,) = (folder / "dumps").glob("*/manifest.json")
    files: list[dict[str, object]] = json.loads(path.read_text("utf-8"))["files"]
    return files


def size(number: object) -> str:
    assert isinstance(number, int)
    return f"{number} byte" if number < 1000 else f"{number / 1000:.1f} kB".replace(".", ",")

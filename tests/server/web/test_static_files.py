"""Static files: coded as the client asks, once; each coding with a tag of its own."""

import gzip
from pathlib import Path

import pytest
import zstandard

from server.web import content_coding, static_files
from tests.server.data import Server
from tests.server.views_data import Reader

STYLE = "/static/style.css"
PLAIN = (static_files.FOLDER / "style.css").read_bytes()


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_style_sheet_is_sent_coded(server: Server, coding: str) -> None:
    got = server.get(STYLE, "*/*", **{"Accept-Encoding": coding})
    assert got.status == 200 and got.headers["Content-Encoding"] == coding
    assert got.headers["Content-Type"] == "text/css; charset=utf-8"
    assert (gzip.decompress if coding == "gzip" else zstandard.ZstdDecompressor().decompress)(got.body) == PLAIN
    assert len(got.body) < len(PLAIN) / 2 and int(got.headers["Content-Length"]) == len(got.body)
    assert got.headers["Vary"] == "Accept-Encoding" and got.headers["Cache-Control"] == "no-cache"
    assert len(got.headers.get_all("Date") or ()) == 1
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]


def test_it_is_sent_as_it_is_to_who_reads_no_coding(server: Server) -> None:
    for accepted in ({}, {"Accept-Encoding": "identity"}, {"Accept-Encoding": "br, gzip;q=0"}):
        got = server.get(STYLE, "*/*", **accepted)
        assert got.body == PLAIN and got.headers["Content-Encoding"] is None, accepted
        assert got.headers["Vary"] == "Accept-Encoding"


def test_each_coding_has_a_tag_and_who_has_it_is_told_so(server: Server) -> None:
    tags = {}
    for coding in ("identity", "gzip", "zstd"):
        tags[coding] = server.get(STYLE, "*/*", **{"Accept-Encoding": coding}).headers["ETag"]
        again = server.get(STYLE, "*/*", **{"Accept-Encoding": coding, "If-None-Match": tags[coding]})
        assert (again.status, again.body) == (304, b"") and again.headers["ETag"] == tags[coding]
        assert again.headers["Vary"] == "Accept-Encoding"
    assert len(set(tags.values())) == 3 and not any(each.startswith("W/") for each in tags.values())
    other = server.get(STYLE, "*/*", **{"Accept-Encoding": "zstd", "If-None-Match": tags["gzip"]})
    assert other.status == 200


def test_a_file_is_coded_once_until_it_is_another(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    real = content_coding.smallest

    def counting(coding: str, content: bytes) -> bytes:
        counted.append(coding)
        return real(coding, content)

    monkeypatch.setattr(content_coding, "smallest", counting)
    monkeypatch.setattr(static_files, "FOLDER", tmp_path)
    (tmp_path / "one.css").write_text("p { color: red }\n" * 200)

    def tag(coding: str) -> str:
        return str(reader.client.get("/static/one.css", headers={"Accept-Encoding": coding}).headers["ETag"])

    assert len({tag("gzip") for _ in range(3)} | {tag("zstd") for _ in range(3)}) == 2
    assert counted == ["gzip", "zstd"]
    before = tag("gzip")
    (tmp_path / "one.css").write_text("p { color: blue }\n" * 200)
    assert tag("gzip") != before and counted == ["gzip", "zstd", "gzip"]


def test_what_is_small_or_no_text_is_sent_as_it_is(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_files, "FOLDER", tmp_path)
    for name in ("small.css", "picture.png"):
        (tmp_path / name).write_bytes(b"a" * (100 if name == "small.css" else 5000))
        got = reader.client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
        assert got.status_code == 200 and "Content-Encoding" not in got.headers and set(got.data) == {97}


@pytest.mark.parametrize("path", ["/static/none.css", "/static/../app.py", "/static/%2e%2e/app.py", "/static/built"])
def test_nothing_else_is_sent(reader: Reader, path: str) -> None:
    assert reader.client.get(path).status_code == 404


def test_the_icon(server: Server) -> None:
    got = server.get("/favicon.ico", "*/*")
    assert got.status == 200 and got.type == "image/svg+xml"


def test_long_words_are_hyphenated_on_narrow_screens() -> None:
    _, _, narrow = PLAIN.partition(b"@media (max-width: 40rem)")
    assert b"body { hyphens: auto; }" in narrow

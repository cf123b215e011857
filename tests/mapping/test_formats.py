"""Bytes -> text or refusal: recognition by content, plain text, and every reason to refuse."""

import io
import random
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mapping.formats import read_text
from mapping.records import Refused
from mapping.text import Text

MINUTES = "Socialnämnden\nProtokoll 2025-02-18\n\n§ 1\nÅterremiss — “ja”\n"


def text_of(data: bytes) -> Text:
    text = read_text(data)
    assert isinstance(text, Text), text
    return text


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_plain_text_is_the_file_itself(encoding: str, line_end: str) -> None:
    text = text_of(MINUTES.replace("\n", line_end).encode(encoding))
    assert text == Text(MINUTES, "text", ())


def test_utf16_of_both_orders_and_latin_1() -> None:
    assert text_of(b"\xff\xfe" + MINUTES.encode("utf-16-le")).canonical == MINUTES
    assert text_of(b"\xfe\xff" + MINUTES.encode("utf-16-be")).canonical == MINUTES
    assert text_of("Återremiss på § 3".encode("latin-1")).canonical == "Återremiss på § 3"


def test_blanks_at_line_ends_and_symbols_are_kept() -> None:
    source = " § 1 \nGodkännande  \n\n\uf0b7 punkt \n•\ttabb\xa0"
    assert text_of(source.encode()).canonical == source


def test_form_feeds_are_page_breaks_and_offsets_hold() -> None:
    source = "Sida ett\n\fSida två § 1\n\f\fSida fyra\n\f"
    text = text_of(source.encode())
    assert text.canonical == source.replace("\f", "\n")
    assert text.page_starts == (0, 10, 24, 25)
    assert text.page_of(source.index("§")) == 2
    assert text.page_of(source.index("fyra")) == 4


def test_characters_that_cannot_be_published_become_blanks() -> None:
    source = MINUTES * 20 + "a\x0bb\x01c\ufffed"
    assert text_of(source.encode()).canonical == MINUTES * 20 + "a b c d"


REFUSED = [
    ("nothing", b"", "empty", ""),
    ("blanks", b" \r\n\t\n", "empty", ""),
    ("zeros", b"\x00" * 100, "empty", ""),
    ("byte order mark", b"\xef\xbb\xbf\n", "empty", ""),
    ("RTF", b"{\\rtf1\\ansi Protokoll}", "unknown-format", "RTF"),
    ("old Word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "unknown-format", ".doc"),
    (
        "Word with password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted",
        "",
    ),
    ("PNG", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "unknown-format", "PNG"),
    ("JPEG", b"\xff\xd8\xff\xe0" + b"JFIF" * 9, "unknown-format", "JPEG"),
    ("TIFF", b"II*\x00" + b"\x08" * 40, "unknown-format", "TIFF"),
    ("gzip", b"\x1f\x8b\x08\x00" + b"x" * 40, "unknown-format", "gzip"),
    ("Excel", zipped(**{"[Content_Types].xml": "<x/>", "xl__workbook.xml": "<x/>"}), "unknown-format", ".xlsx"),
    ("OpenDocument", zipped(**{"content.xml": "<x/>"}), "unknown-format", "OpenDocument"),
    ("zip", zipped(**{"protokoll.txt": "text"}), "unknown-format", "zip"),
    ("truncated zip", zipped(**{"word__document.xml": "<x/>" * 99})[:-30], "corrupt", ""),
    ("XML", b"<?xml version='1.0'?><feed><entry/></feed>", "unknown-format", "XML"),
    ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown-format", "XML"),
    ("binary", random.Random(1).randbytes(5000), "unknown-format", "bin"),
    ("control characters", bytes(range(1, 32)) * 20, "unknown-format", "bin"),
    ("cut UTF-8", ("Nämnden återremitterar ärendet på måndag. " * 3).encode()[:-2] + b"\xc3", "corrupt", "teckenkod"),
    ("odd UTF-16", b"\xff\xfe" + "Protokoll".encode("utf-16-le") + b"x", "corrupt", "teckenkod"),
]


@pytest.mark.parametrize(("data", "reason", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(data: bytes, reason: str, told: str) -> None:
    refused = read_text(data)
    assert isinstance(refused, Refused), refused
    assert refused.reason == reason
    assert told in refused.sv
    for sentence in (refused.sv, refused.en):
        assert sentence.endswith(".") and "{" not in sentence and len(sentence) < 300


def test_too_large() -> None:
    refused = read_text(b"x" * 3_000_000, limit=2_000_000)
    assert isinstance(refused, Refused) and refused.reason == "too-large"
    assert "3 MB" in refused.sv and "2 MB" in refused.en
    assert isinstance(read_text(b"x" * 2_000_000, limit=2_000_000), Text)


@pytest.mark.parametrize(
    ("start", "format"),
    [
        ("<!DOCTYPE html><html><body>", "html"),
        ("\n <HTML lang=sv>", "html"),
        ("<?xml version='1.0'?>\n<!-- sparad --><!doctype HTML>", "html"),
        ("<p>", "html"),
        ("<div class='a'>", "html"),
        ("Se <p> i texten: ", "text"),
        ("<<< ", "text"),
        ("BM Bygg AB yttrar sig. ", "text"),
    ],
)
def test_the_content_tells_the_format(start: str, format: str) -> None:
    text = text_of((start + "Protokoll från mötet").encode())
    assert text.format == format
    assert "Protokoll från mötet" in text.canonical


MAGIC = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"<html>",
    b"<table><td>",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<ol><li>",
    b"<meta charset=utf-7>",
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MAGIC), st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@example(b"<html>", b"<p>&#xd800;&#0;&#xfffe;</p>")
@example(b"<meta charset=unicode_escape>", b"\\ud800\\x00 \xe5")
@example(b"<meta charset=idna>", b"\xe5\xe4\xf6")
def test_no_bytes_make_it_crash(magic: bytes, data: bytes) -> None:
    result = read_text(magic + data)
    if isinstance(result, Text):
        assert result.canonical.strip()
        assert not set(result.canonical) & set("\x00\x01\x08\x0b\x0c\r\x1f\ufffe\uffff")
        result.canonical.encode("utf-8")
    else:
        assert result.reason in ("empty", "encrypted", "corrupt", "images-only", "unknown-format", "too-large")
    assert read_text(magic + data) == result

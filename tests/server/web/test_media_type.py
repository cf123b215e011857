"""What a Content-Type says, at a cost that is bounded."""

import time

import pytest

from server.web.media_type import LONGEST, MediaType, read

QUERY = "application/sparql-query"
READ = [
    (QUERY, MediaType(QUERY)),
    ("Application/SPARQL-Query", MediaType(QUERY)),
    (f" {QUERY} ", MediaType(QUERY)),
    (f"{QUERY};charset=utf-8", MediaType(QUERY, "utf-8")),
    (f'{QUERY} ; Charset="UTF-8"', MediaType(QUERY, "utf-8")),
    (f'{QUERY}; charset="ut\\f-8"', MediaType(QUERY, "utf-8")),
    (f"{QUERY}; charset = utf8;", MediaType(QUERY, "utf8")),
    (f"{QUERY};;a; charset=", MediaType(QUERY)),
    (f'{QUERY}; a="b; charset=utf-16"', MediaType(QUERY)),
    (f"{QUERY}; version=1.1; charset=iso-8859-1", MediaType(QUERY, "iso-8859-1")),
    (f"{QUERY}; charset=utf-8; charset=UTF-8", MediaType(QUERY, "utf-8")),
]
UNREAD = [
    "",
    "sparql-query",
    "a/b/c",
    f"{QUERY}, {QUERY}",
    f"{QUERY} charset=utf-8",
    f'{QUERY}; charset="utf-8',
    f"{QUERY}; charset=utf-8; charset=utf-16",
    f"{QUERY}; charset*=utf-8''utf-8",
    f"{QUERY}; charset*0=utf-8",
    f"{QUERY}; charset*" + "9" * 100 + "=x",
    f"{QUERY}; å=x",
    f"{QUERY};" + " " * LONGEST,
]


@pytest.mark.parametrize(("content_type", "expected"), READ)
def test_a_media_type_and_its_charset(content_type: str, expected: MediaType) -> None:
    assert read(content_type) == expected


@pytest.mark.parametrize("content_type", UNREAD)
def test_what_cannot_be_read_for_certain_is_not_read(content_type: str) -> None:
    assert read(content_type) is None


@pytest.mark.parametrize(
    "evil", [';a="' + ";" * 200_000, ";a" * 90, '"\\' * 90, "; " * 90, ';a="\\"' * 30, " " * 180]
)
def test_no_content_type_takes_long_to_read(evil: str) -> None:
    began = time.process_time()
    read(QUERY + evil)
    assert time.process_time() - began < 0.05

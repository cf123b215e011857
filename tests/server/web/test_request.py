"""What is heard of a request."""

import time
from typing import Any

import pytest

from server.web import client_address
from server.web.request import LONGEST_RANGE, Heard, hear

TAG = b'"v-1"'


def heard(*headers: tuple[bytes, bytes], method: str = "GET", version: str = "1.1") -> Heard:
    scope: dict[str, Any] = {"method": method, "path": "/", "query_string": b"", "headers": headers}
    return hear({**scope, "client": ("192.0.2.1", 1), "http_version": version}, client_address.proxies(()))


def test_a_range_that_takes_long_to_read_is_not_heard() -> None:
    short = b"bytes=0-0,2-2"
    assert heard((b"range", short)).headers[b"range"] == short
    long = b"bytes=" + b",".join(b"%d-%d" % (each, each) for each in range(0, 9999, 2))
    assert len(long) > LONGEST_RANGE and b"range" not in heard((b"range", long)).headers


@pytest.mark.parametrize(
    ("wanted", "lacks"),
    [(b'"v-1"', False), (b'"a", "v-1"', False), (b"*", False), (b'"a"', True), (b'W/"v-1"', True), (b'W/"v-1", "v-1"', False), (b"v-1", True)],
)  # fmt: skip
def test_an_entity_tag_is_one_that_is_wanted_or_not(wanted: bytes, lacks: bool) -> None:
    assert heard((b"if-match", wanted)).lacks(TAG) is lacks
    assert not heard((b"if-match", wanted), method="POST").lacks(TAG) and not heard().lacks(TAG)


def test_only_http_1_0_may_name_no_host() -> None:
    assert heard(version="1.0").names_one_host and not heard().names_one_host
    assert not heard((b"host", b"a"), (b"host", b"a")).names_one_host
    assert not heard((b"host", b"a b"), version="1.0").names_one_host


@pytest.mark.parametrize("evil", [b"%41", b"a", b"[", b":", b"a:1"])
def test_no_host_takes_long_to_read(evil: bytes) -> None:
    began = time.process_time()
    assert not heard((b"host", evil * 80_000)).names_one_host
    assert time.process_time() - began < 0.05

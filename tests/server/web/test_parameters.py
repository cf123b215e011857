"""The parameters of addresses and forms, as the standard library reads them, at a cost that is bounded."""

import time
from contextlib import suppress
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.parameters import MOST, MOST_MALFORMED, pairs

PIECES = st.sampled_from(
    ["a", "=", "&", "%C3", "%A5", "%3D", "%26", "%", "+", "å", "\n", "\r", "%0A", "%2", "==", "?"]
)
BODY = 2**20
EVIL = [b"%41", b"%z", b"%", b"\n%41", b"+", "å%41".encode(), b"%41=%41&", b"%z&", b"=", b"a=%"]


@given(st.one_of(st.lists(PIECES).map("".join).map(str.encode), st.binary(max_size=30)))
def test_what_is_sent_is_read_as_the_standard_library_reads_it(sent: bytes) -> None:
    try:
        expected = parse_qsl(sent.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(ValueError):
            pairs(sent)
    else:
        assert pairs(sent) == expected


def test_at_most_so_many_and_so_much_that_is_malformed() -> None:
    assert len(pairs(b"&".join([b"a=1"] * MOST))) == MOST
    assert pairs(b"a=" + b"%" * (MOST_MALFORMED - 10)) == [("a", "%" * (MOST_MALFORMED - 10))]
    for sent in (b"&" * MOST, b"a=" + b"%" * (MOST_MALFORMED + 1), b"a=%&" * 900 + b"b=" + b"%" * MOST_MALFORMED):
        with pytest.raises(ValueError):
            pairs(sent)


@pytest.mark.parametrize("evil", EVIL)
def test_no_form_takes_long_to_read(evil: bytes) -> None:
    for sent in (b"query=" + evil * (BODY // len(evil)), b"a=1&query=" + evil * (BODY // len(evil)), evil * 900):
        quickest = 9.0
        for _ in range(3):
            began = time.process_time()
            with suppress(ValueError):
                pairs(sent)
            quickest = min(quickest, time.process_time() - began)
        assert quickest < 0.2

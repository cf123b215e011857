"""What a request asks for: queries as programs send them."""

from urllib.parse import quote_plus, unquote_plus

from hypothesis import given
from hypothesis import strategies as st

from server.sparql import protocol
from server.sparql.protocol import Asked, Request

PIECES = st.sampled_from(["%C3", "%A5", "%3D", "%", "=", "%25", "a", "%0A", "\n", "\r", "+", "å", "==", "%%", "%2"])
SENT = st.one_of(st.binary(max_size=30).filter(lambda sent: b"&" not in sent), st.lists(PIECES).map("".join))


def text_of(sent: bytes) -> str | None:
    """The query that is read from what stands after `query=`, None where that is refused."""
    asked = protocol.read(Request("GET", b"query=" + sent))
    return asked.query if isinstance(asked, Asked) else None


@given(st.text())
def test_any_query_arrives_as_it_was_sent(query: str) -> None:
    assert text_of(quote_plus(query).encode()) == query


@given(SENT)
def test_what_is_sent_is_read_as_the_standard_library_reads_it(sent: bytes | str) -> None:
    sent = sent.encode() if isinstance(sent, str) else sent
    try:
        expected = unquote_plus(sent.decode("utf-8"), errors="strict")
    except UnicodeDecodeError:
        expected = None
    assert text_of(sent) == expected

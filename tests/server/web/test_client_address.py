"""Who the client is: tables of peers and headers, and that nothing a client sends is an error or is believed."""

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.web.client_address import LOCAL, UNKNOWN, BadProxy, Client, Proxies, client, proxies

NONE = Proxies()
ONE = proxies(["10.0.0.0/8", "fd00::/8"])
SOCKET = proxies(["unix:"])
V4 = Client("192.0.2.7", "192.0.2.0/24")
V6 = Client("2001:db8:1:2::/64", "2001:db8:1::/48")
PROXY = Client("10.0.0.1", "10.0.0.0/24")
INNER = Client("10.0.0.2", "10.0.0.0/24")

PEERS = [
    ("192.0.2.7", V4),
    ("::ffff:192.0.2.7", V4),
    ("2001:db8:1:2:3:4:5:6", V6),
    ("2001:DB8:1:2::1", V6),
    ("fe80::1%eth0", Client("fe80::/64", "fe80::/48")),
    ("", LOCAL),
    (None, LOCAL),
    ("testclient", UNKNOWN),
    ("192.0.2.7\r\nX: y", UNKNOWN),
]


@pytest.mark.parametrize(("peer", "expected"), PEERS)
@pytest.mark.parametrize("trusted", [NONE, ONE])
def test_a_peer_that_is_no_trusted_proxy_is_the_client_whatever_it_says(
    peer: str | None, expected: Client, trusted: Proxies
) -> None:
    headers = [(b"x-forwarded-for", b"198.51.100.1"), (b"forwarded", b"for=198.51.100.1")]
    assert client(peer, headers, trusted) == expected


FORWARDED_FOR = [
    ("192.0.2.7", V4),
    (" 192.0.2.7 ", V4),
    ("192.0.2.7:4711", V4),
    ("::ffff:192.0.2.7", V4),
    ("[::ffff:192.0.2.7]:80", V4),
    ("2001:db8:1:2::9", V6),
    ("[2001:db8:1:2::9]", V6),
    ("[2001:db8:1:2::9]:443", V6),
    ("198.51.100.1, 192.0.2.7", V4),
    ("192.0.2.7, 10.0.0.2", V4),
    ("198.51.100.1, 192.0.2.7, 10.0.0.3, 10.0.0.2", V4),
    ("192.0.2.7,,10.0.0.2, ,", V4),
    ("192.0.2.7, fd00::2", V4),
    ("10.0.0.2", INNER),
    ("10.0.0.2, 10.0.0.3", INNER),
    ("", PROXY),
    (",", PROXY),
    ("unknown", PROXY),
    ("192.0.2.7, unknown", PROXY),
    ("192.0.2.7, unknown, 10.0.0.2", INNER),
    ("192.0.2.7, 10.0.0.2, 10.0.0.256", PROXY),
    ("192.0.2.7:", PROXY),
    ("192.0.2", PROXY),
    ("0300.0.2.7", PROXY),
    ("[192.0.2.7]", PROXY),
    ("[2001:db8::1", PROXY),
    ("<script>", PROXY),
    ("1" * 5000, PROXY),
    ("192.0.2.7" + ", 10.0.0.2" * 19, V4),
    ("192.0.2.7" + ", 10.0.0.2" * 20, INNER),
]


@pytest.mark.parametrize(("value", "expected"), FORWARDED_FOR, ids=[value[:40] for value, _ in FORWARDED_FOR])
def test_the_rightmost_address_that_is_not_trusted(value: str, expected: Client) -> None:
    assert client("10.0.0.1", [(b"x-forwarded-for", value.encode())], ONE) == expected


FORWARDED = [
    ("for=192.0.2.7", V4),
    ("For=192.0.2.7;proto=https;by=10.0.0.1", V4),
    ('proto=https;for="192.0.2.7:4711"', V4),
    ('for="[2001:db8:1:2::9]:4711"', V6),
    ('for="[2001:db8:1:2::9]"', V6),
    ('for="192.0.2.\\7"', V4),
    ('for=198.51.100.1, for=192.0.2.7;by="a, b", for=10.0.0.2', V4),
    ("for=192.0.2.7, , for=10.0.0.2,", V4),
    ("for=192.0.2.7;;proto=http;", V4),
    ('for=192.0.2.7;host=";for=198.51.100.1"', V4),
    ('host="\\";for=198.51.100.1";for=192.0.2.7', V4),
    ("for=_hidden", PROXY),
    ("for=192.0.2.7, for=_SEVKISEK", PROXY),
    ("for=192.0.2.7, for=unknown, for=10.0.0.2", INNER),
    ("for=192.0.2.7, proto=https", PROXY),
    ("for=192.0.2.7;for=198.51.100.1", PROXY),
    ("for=2001:db8:1:2::9", PROXY),
    ('for="192.0.2.7', PROXY),
    ('for=198.51.100.1;by=", for="[2001:db8:1:2::9]"', PROXY),
    ('for=198.51.100.1;by=", for=192.0.2.7;by="_x"', PROXY),
    ("192.0.2.7", PROXY),
    ("for = 192.0.2.7", PROXY),
    ("", PROXY),
]


@pytest.mark.parametrize(("value", "expected"), FORWARDED)
def test_what_rfc_7239_writes(value: str, expected: Client) -> None:
    assert client("10.0.0.1", [(b"forwarded", value.encode())], ONE) == expected


def test_several_lines_of_a_header_are_one_list() -> None:
    lines = [(b"x-forwarded-for", b"198.51.100.1"), (b"accept", b"*/*"), (b"x-forwarded-for", b"192.0.2.7, 10.0.0.2")]
    assert client("10.0.0.1", lines, ONE) == V4


def test_two_headers_are_believed_only_when_they_agree() -> None:
    says = (b"x-forwarded-for", b"192.0.2.7")
    assert client("10.0.0.1", [says, (b"forwarded", b'for="192.0.2.7:80"')], ONE) == V4
    assert client("10.0.0.1", [says, (b"forwarded", b"for=198.51.100.1")], ONE) == PROXY
    assert client("10.0.0.1", [says, (b"forwarded", b"for=_x")], ONE) == PROXY


def test_a_unix_socket_is_trusted_only_when_it_is_said() -> None:
    says = [(b"x-forwarded-for", b"192.0.2.7")]
    for peer in (None, ""):
        assert client(peer, says, SOCKET) == V4
        assert client(peer, says, ONE) == LOCAL
        assert client(peer, [(b"x-forwarded-for", b"?")], SOCKET) == LOCAL
    assert client("10.0.0.1", says, SOCKET) == PROXY


def test_what_a_trusted_proxy_may_be_given_as() -> None:
    trusted = proxies(["192.0.2.1", "10.0.0.0/8", "2001:db8::/32", "unix:"])
    assert trusted.socket and [str(network) for network in trusted.networks] == [
        "192.0.2.1/32",
        "10.0.0.0/8",
        "2001:db8::/32",
    ]
    assert proxies([]) == NONE
    for wrong in ("", "*", "localhost", "10.0.0.1/8", "unix", "10.0.0.0/33"):
        with pytest.raises(BadProxy) as caught:
            proxies([wrong])
        assert len(str(caught.value).splitlines()) == 2 and repr(wrong) in str(caught.value)


@pytest.mark.parametrize(
    "evil", [" ", ";", ",", '"', 'for="a;', "for=a;", 'for="\\"', "for=a, ", "=", "a", "[", ":", "1.", "\t,"]
)
def test_a_long_header_costs_no_more_than_its_length(evil: str) -> None:
    value = (evil * 60_000)[:60_000].encode() + b"x"
    began = time.process_time()
    assert client("10.0.0.1", [(b"forwarded", value), (b"x-forwarded-for", value)], ONE) == PROXY
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("evil", ["1.1.1.1,", ",", "a,", "for=1.1.1.1,", "a=b,", ";", 'for="'])
def test_thousands_of_hops_are_not_all_looked_at(evil: str) -> None:
    value = (evil * 250_000)[:250_000]
    given = [(b"x-forwarded-for", f"{value},192.0.2.8".encode())]
    for headers in ([(b"forwarded", value.encode())], given):
        quickest = 9.0
        for _ in range(3):
            began = time.process_time()
            found = client("10.0.0.1", headers, ONE)
            quickest = min(quickest, time.process_time() - began)
        assert quickest < 0.005
    assert found == client("192.0.2.8", [], ONE)


HEADERS = st.lists(st.tuples(st.sampled_from([b"x-forwarded-for", b"forwarded", b"via"]), st.binary(max_size=80)))
LIKELY = st.lists(st.sampled_from(['for="', "for=", "[", "]", '"', "\\", ",", ";", ":", "::1", "10.0.0.2", "%", " "]))


@given(st.one_of(st.none(), st.text(), st.sampled_from(["10.0.0.1", "fd00::1"])), HEADERS, LIKELY)
def test_nothing_that_is_sent_is_an_error(
    peer: str | None, headers: list[tuple[bytes, bytes]], more: list[str]
) -> None:
    headers = [*headers, (b"forwarded", "".join(more).encode()), (b"x-forwarded-for", "".join(more).encode())]
    for trusted in (NONE, ONE, SOCKET):
        found = client(peer, headers, trusted)
        assert found.key.isascii() and found.shown.isascii() and len(found.key) < 50


@given(st.text(), st.ip_addresses().map(str))
def test_what_a_client_claims_does_not_change_who_it_is(claim: str, address: str) -> None:
    assume(not any(address.startswith(start) for start in ("10.", "fd", "::ffff:a")))  # the proxies' own
    claimed = client("10.0.0.1", [(b"x-forwarded-for", f"{claim}, {address}".encode("utf-8", "replace"))], ONE)
    silent = client("10.0.0.1", [(b"x-forwarded-for", address.encode())], ONE)
    assert claimed == silent

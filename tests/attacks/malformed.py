"""Bytes that are not HTTP, or that two servers in a row would read in two ways (RFC 9112, 11)."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from tests.attacks.attack import Arena, Attack
from tests.attacks.judging import harmless, told
from tests.attacks.target import Answer, Wrong, read_answer

POST: Final = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
GET: Final = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: a\r\n"
SECOND: Final = GET + b"X-Smuggled: 1\r\n\r\n"
CHUNKED: Final = b"6\r\nASK {}\r\n0\r\n\r\n"
BAD: Final = frozenset({400})
MOMENT: Final = 0.15  # seconds to wait for an answer that must not come
LONG: Final = frozenset({400, 413, 414, 431})
# Requests that are refused, or answered, without their body: which must not be read as the next request.
UNREAD: Final = (
    ("wrong type", "POST /sparql HTTP/1.1\r\nContent-Type: text/plain", frozenset({415})),
    ("method", "PUT /sparql HTTP/1.1", frozenset({405, 501})),
    ("GET", "GET /sparql?query=ASK%20%7B%7D HTTP/1.1", frozenset({200, 400})),
    ("update", "POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-update", frozenset({400, 403, 415})),
    ("a page", "POST / HTTP/1.1\r\nAccept: text/turtle", frozenset({405})),
    ("no page", "POST /nothing HTTP/1.1\r\nAccept: text/turtle", frozenset({404, 405})),
    ("static", "POST /static/style.css HTTP/1.1\r\nAccept: text/turtle", frozenset({405})),
)

HOSTS_THAT_ARE_NONE: Final = ("a b", "a/b", "a@b", "[", "[::1", "a:99999999", "å", "a,b", "%", "a" * 80_000)
# The bytes, and the statuses of the one answer; 0 stands for a connection that is closed without one.
REQUESTS: Final[dict[str, tuple[bytes, frozenset[int]]]] = {
    "Content-Length and chunked": (POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED + SECOND, BAD),
    "chunked and Content-Length": (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + CHUNKED + SECOND, BAD),
    "Transfer-Encoding twice": (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + CHUNKED + SECOND, BAD | {501}),
    "Transfer-Encoding: xchunked": (POST + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKED + SECOND, BAD | {501}),
    "Transfer-Encoding: chunked, identity": (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNKED + SECOND, BAD | {501}),
    "vertical tab before chunked": (POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n" + CHUNKED + SECOND, BAD | {501}),
    "two lengths": (POST + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {} ", BAD),
    "a list of lengths": (POST + b"Content-Length: 6, 6\r\n\r\nASK {}", BAD),
    "length +6": (POST + b"Content-Length: +6\r\n\r\nASK {}", BAD),
    "length -1": (POST + b"Content-Length: -1\r\n\r\nASK {}", BAD),
    "length 0x6": (POST + b"Content-Length: 0x6\r\n\r\nASK {}", BAD),
    "length beyond 64 bits": (POST + b"Content-Length: 99999999999999999999\r\n\r\nASK {}", BAD | {413}),
    "chunked, no length": (POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED, frozenset({400, 411})),
    "chunk size beyond 64 bits": (POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nASK {}\r\n", frozenset({400, 411, 413})),
    "chunks that end with LF": (POST + b"Transfer-Encoding: chunked\r\n\r\n6\nASK {}\n0\n\n", frozenset({400, 411})),
    **{
        f"a request in an unread body, {name}": (head.encode() + b"\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(SECOND) + SECOND, statuses)
        for name, head, statuses in UNREAD
    },
    "bare LF": (GET.replace(b"\r\n", b"\n") + b"\n", BAD),
    "one bare LF": (GET + b"A: b\nC: d\r\n\r\n", BAD),
    "bare CR": (GET + b"A: b\rX-Evil: d\r\n\r\n", BAD),
    "no Host": (GET.replace(b"Host: a\r\n", b"") + b"\r\n", BAD),
    "two Hosts": (GET + b"Host: b\r\n\r\n", BAD),
    **{f"Host: {host[:20]}": (GET.replace(b"Host: a", b"Host: " + host.encode()) + b"\r\n", BAD) for host in HOSTS_THAT_ARE_NONE},
    "HTTP/0.9": (b"GET /sparql?query=ASK%20%7B%7D\r\n\r\n", BAD | {0, 505}),
    "HTTP/9.9": (GET.replace(b"1.1", b"9.9") + b"\r\n", BAD | {505}),
    "HTTP/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", BAD | {0, 505}),
    "folded header": (GET + b"A: b\r\n c\r\n\r\n", BAD | {200}),
    "space before the colon": (GET + b"A : b\r\n\r\n", BAD),
    "a header without a name": (GET + b": b\r\n\r\n", BAD),
    "vertical tab in a name": (GET + b"A\x0b: b\r\n\r\n", BAD),
    "NUL in a header": (GET + b"A: b\0c\r\n\r\n", BAD),
    "a header of 1 MB": (GET + b"A: " + b"b" * 2**20 + b"\r\n\r\n", LONG | {0}),
    "10,000 headers": (GET + b"".join(b"A%d: b\r\n" % n for n in range(10_000)) + b"\r\n", LONG | {0}),
    "an address of 1 MB": (b"GET /sparql?query=ASK%20%7B%7D%23" + b"x" * 2**20 + b" HTTP/1.1\r\nHost: a\r\n\r\n", LONG | {0}),
    "a method of 1 MB": (b"A" * 2**20 + b" / HTTP/1.1\r\nHost: a\r\n\r\n", LONG | {0, 405, 501}),
    "garbage": (bytes(range(256)) * 16, BAD | {0}),
    "a TLS greeting": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 517, BAD | {0}),
    "spaces in the address": (b"GET /sparql?query=ASK {} HTTP/1.1\r\nHost: a\r\n\r\n", BAD),
    "CONNECT": (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", BAD | {405, 501}),
    "an unknown method": (b"EVIL / HTTP/1.1\r\nHost: a\r\n\r\n", BAD | {405, 501}),
    "the address of another host": (b"GET http://evil.example/sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: evil.example\r\n\r\n", BAD | {200, 404, 421}),
    "OPTIONS *": (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", BAD | {200, 204, 404, 405}),
    "an upgrade to WebSocket": (GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", BAD | {200, 403, 426, 501}),
}  # fmt: skip


HOSTS: Final = ("/static//style.css", "/id//a", "/sparql/", "/ns/", "/id/case/9999/SN-2024-31", "/nothing")


def attacks() -> Iterator[Attack]:
    yield Attack("Host of another site", "never named", another_host)
    for name, (raw, allowed) in REQUESTS.items():
        yield Attack(
            name, " ".join(str(status) if status else "closed" for status in sorted(allowed)), _send(raw, allowed)
        )


def _send(raw: bytes, allowed: frozenset[int]) -> Callable[[Arena], str]:
    def act(arena: Arena) -> str:
        answers = _answers(arena, raw)
        got = " ".join(told(each) for each in answers) or "closed"
        if len(answers) > 1:
            raise Wrong(f"one request, {len(answers)} answers: {got}")
        if (answers[0].status if answers else 0) not in allowed:
            raise Wrong(got)
        for answer in answers:
            harmless(answer)
            if b"<html" in answer.body.lower():
                raise Wrong(f"{got} as HTML")
        return got

    return act


def _answers(arena: Arena, raw: bytes) -> list[Answer]:
    """The answer to these bytes, and those that follow it within a moment."""
    found: list[Answer] = []
    with arena.target.open(5) as connection, connection.makefile("rb") as file:
        with suppress(ConnectionError):  # refused and cut off before all was sent
            connection.sendall(raw)
        answer = read_answer(file)
        connection.settimeout(MOMENT)
        while answer is not None:
            found.append(answer)
            try:
                answer = read_answer(file) if file.peek(1) else None
            except (ConnectionError, TimeoutError):
                answer = None
    return found


def another_host(arena: Arena) -> str:
    """Nothing in an answer comes from the Host header: caches and mails would carry it to others."""
    got = []
    for path in HOSTS:
        for answer in _answers(arena, f"GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n".encode()):
            if b"evil.example" in answer.body or "evil.example" in str(answer.headers):
                raise Wrong(f"{path} names a host that the client made up: {answer.headers['Location']}")
            got.append(told(answer))
    return " ".join(dict.fromkeys(got))

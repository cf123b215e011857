"""Clients that are slow, silent, gone, many, or in a hurry."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from tests.attacks.attack import SOON, Arena, Attack, rows_of
from tests.attacks.expensive import FOUR, LARGE
from tests.attacks.judging import judged
from tests.attacks.pages import judged_page
from tests.attacks.target import FORM, JSON, QUERY, Target, Wrong, read_answer

ENDLESS: Final = f"SELECT (COUNT(*) AS ?n) {{ {FOUR} }}"
RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: a close that sends RST
MORE_THAN_WORKERS: Final = 12


def attacks() -> Iterator[Attack]:
    yield Attack("100 requests in a row without waiting", "100 right answers in order", pipelined)
    yield Attack("thousands of requests behind a slow one", "small queries within 2 s meanwhile", flooded, 5.0)
    yield Attack("readers that stop", "small queries within 2 s meanwhile", stopped_readers, 5.0)
    yield Attack("clients that leave while a query runs", "its process is free at once", left, 5.0)
    yield Attack("clients that reset while a result comes", "nothing is held", reset_while_reading, 5.0)
    yield Attack("bodies that come slowly", "small queries within 2 s meanwhile", slow_bodies)
    yield Attack("bodies for pages that come slowly", "a page within 2 s meanwhile", slow_bodies_of_pages)
    yield Attack(
        "300 slow and 1,000 idle connections", "small queries not slower than 5 times, or 0.2 s", slow_and_idle
    )
    yield Attack("one connection, opened 2,000 times", "small queries within 2 s", opened_and_closed)


def _request(target: Target, query: str, seconds: float) -> bytes:
    body = query.encode()
    length = ("Content-Length", str(len(body)))
    return (
        target.head("POST", f"/sparql?timeout={seconds:g}", [("Content-Type", QUERY), ("Accept", JSON), length])
        + body
    )


def pipelined(arena: Arena) -> str:
    raw, numbers = b"", []
    for _ in range(100):
        query, number = arena.small.text()
        raw += arena.target.head("GET", f"/sparql?query={quote(query)}", [("Accept", JSON)])
        numbers.append(number)
    with arena.target.open() as connection, connection.makefile("rb") as file:
        sender = threading.Thread(target=_send_all, args=(connection, raw))
        sender.start()
        for at, number in enumerate(numbers):
            answer = read_answer(file)
            if answer is None:
                raise Wrong(f"closed after {at} answers")
            judged(answer, {200})
            if rows_of(answer.body, number) != arena.small.rows:
                raise Wrong(f"answer {at + 1} is wrong")
        sender.join()
    return "100 right"


def flooded(arena: Arena) -> str:
    raw = _request(arena.target, ENDLESS, 4) + 8000 * arena.target.head("GET", "/healthz")
    with ExitStack() as held:
        for _ in range(16):
            connection = held.enter_context(arena.target.open())
            connection.settimeout(0.05)
            with suppress(OSError):  # not taken now, or refused
                connection.sendall(raw)
        return f"{_meanwhile(arena, 5):.2f} s meanwhile"


def _send_all(connection: socket.socket, raw: bytes) -> None:
    with suppress(OSError):
        connection.sendall(raw)


def _meanwhile(arena: Arena, times: int) -> float:
    """The longest of some small queries, in seconds. Raises Wrong when it was too long."""
    longest = max(arena.small.ask(arena.others) for _ in range(times))
    if longest > SOON:
        raise Wrong(f"a small query took {longest:.1f} s meanwhile")
    return longest


def stopped_readers(arena: Arena) -> str:
    """More clients than there are query processes ask for 32 MiB each, and read nothing."""
    query = LARGE % "1 2"
    with ExitStack() as held:
        for _ in range(MORE_THAN_WORKERS):
            connection = held.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            if arena.target.source:
                connection.bind((arena.target.source, 0))
            connection.connect((arena.target.host, arena.target.port))
            connection.sendall(_request(arena.target, query, 5))
        time.sleep(1)
        return f"{_meanwhile(arena, 5):.2f} s meanwhile"


def left(arena: Arena) -> str:
    with ExitStack() as held:
        for _ in range(MORE_THAN_WORKERS):
            connection = held.enter_context(arena.target.open())
            connection.sendall(_request(arena.target, ENDLESS, 5))
        time.sleep(0.5)
    longest = _meanwhile(arena, 3)
    if arena.processes and arena.processes.still_running(time.monotonic() + 1):
        raise Wrong("a query runs on for a client that has left")
    return f"{longest:.2f} s after"


def reset_while_reading(arena: Arena) -> str:
    for _ in range(MORE_THAN_WORKERS):
        with arena.target.open() as connection:
            connection.sendall(_request(arena.target, LARGE % "1", 5))
            connection.recv(100)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    return f"{_meanwhile(arena, 3):.2f} s after"


def slow_bodies(arena: Arena) -> str:
    head = arena.target.head("POST", "/sparql", [("Content-Type", QUERY), ("Content-Length", "1000")])
    with ExitStack() as held:
        slow = [held.enter_context(arena.target.open()) for _ in range(50)]
        for connection in slow:
            connection.sendall(head)
        longest = 0.0
        for _ in range(5):
            for connection in slow:
                with suppress(OSError):  # may be cut off
                    connection.sendall(b"#")
            longest = max(longest, _meanwhile(arena, 3))
    return f"{longest:.2f} s meanwhile"


def slow_bodies_of_pages(arena: Arena) -> str:
    head = arena.target.head("POST", "/reconciliation", [("Content-Type", FORM), ("Content-Length", "100000")])
    with ExitStack() as held:
        for _ in range(50):
            held.enter_context(arena.target.open()).sendall(head + b"q")
        began = time.monotonic()
        judged_page(arena.others.get(f"/?x={began}", ("Accept", "text/html")))
        took = time.monotonic() - began
        if took > SOON:
            raise Wrong(f"a page took {took:.1f} s meanwhile")
    return f"{took:.2f} s for a page"


def slow_and_idle(arena: Arena) -> str:
    def percentile() -> float:
        return sorted(arena.small.ask(arena.others) for _ in range(60))[58]

    before = percentile()
    with ExitStack() as held:
        for _ in range(1000):
            held.enter_context(arena.target.open())
        slow = [held.enter_context(arena.target.open()) for _ in range(300)]
        for connection in slow:
            connection.sendall(b"GET /sparql?query=ASK+{} HTTP/1.1\r\nHost: a\r\nX: ")
        during = percentile()
        for connection in slow:
            with suppress(OSError):
                connection.sendall(b"x")
        during = max(during, percentile())
    if during > max(5 * before, 0.2):
        raise Wrong(f"the slowest of small queries took {during:.3f} s instead of {before:.3f} s")
    return f"{before * 1000:.0f} -> {during * 1000:.0f} ms"


def opened_and_closed(arena: Arena) -> str:
    for _ in range(2000):
        arena.target.open().close()
    return f"{_meanwhile(arena, 3):.2f} s after"


def storm(arena: Arena) -> str:
    """200 evil queries at once from one address, while another asks small ones; fair use must tell them apart."""
    evil = replace(arena.target, source="127.0.0.2") if arena.target.host == "127.0.0.1" else arena.target
    with ExitStack() as held:

        def ask(_: int) -> None:
            connection = held.enter_context(evil.open())
            connection.sendall(_request(evil, ENDLESS, 1))

        with ThreadPoolExecutor(20) as senders:
            list(senders.map(ask, range(200)))
        until = time.monotonic() + 4
        longest, number = 0.0, 0
        while time.monotonic() < until:
            longest = max(longest, _meanwhile(arena, 1))
            number += 1
            time.sleep(0.02)
    return f"{number} small queries, longest {longest:.2f} s"

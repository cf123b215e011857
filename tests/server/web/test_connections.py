"""Clients that send much at once, take nothing, or break off in the middle; of answers, the order and the ends."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.server.conftest import ROOT, free_port
from tests.server.data import Server

RUN = (
    "import sys; from pathlib import Path; from server.asking import Limits; from server.serve import Service, serve; "
    "from server.web.connections import Patience; patience = Patience(head=2, body=2, idle=4, taking=3); "
    "sys.exit(serve(Path(sys.argv[1]), Service(port=int(sys.argv[2]), queries=4, limits=Limits(memory=2**30), "
    "patience=patience)))"
)
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
TINY = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(16))
MEGABYTE = f"SELECT ?x16 {{ BIND('0123456789abcde\\n' AS ?x0) {DOUBLED} }}"


def slow(seconds: float) -> bytes:
    return f"GET /sparql?timeout={seconds:g}&query={quote(PRODUCT)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def large(rows: int) -> bytes:
    query = MEGABYTE.replace("{ BIND", "{ VALUES ?n { " + " ".join(map(str, range(rows))) + " } BIND", 1)
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n".encode()


@pytest.fixture(scope="module")
def hasty(published: Path) -> Iterator[tuple[Server, int]]:
    """A server that waits for clients some seconds only, and the number of its process."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(published), str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    server, until = Server(port), time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if server.get("/readyz").status == 200:
                break
        except OSError:
            time.sleep(0.05)
    yield server, process.pid
    process.terminate()
    assert process.wait(30) == 0


def opened(server: Server, number: int = 0, small: bool = False) -> socket.socket:
    """A connection from an address of its own; with a `small` window, what is not read stays with the server."""
    made = socket.socket()
    if small:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.bind((f"127.5.0.{number + 1}", 0))
    made.settimeout(20)
    made.connect(("127.0.0.1", server.port))
    return made


def resident(pid: int) -> int:
    """MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def is_whole(server: Server) -> bool:
    """Whether no query runs, and four processes stand by beside the four that may run one."""
    told = server.get("/metrics").text.splitlines()
    return {'kommungraf_workers{state="idle"} 4.0', 'kommungraf_workers{state="standby"} 4.0'} <= set(told)


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def everything(connection: socket.socket) -> bytes:
    found = b""
    while True:
        try:
            piece = connection.recv(2**16)
        except ConnectionResetError:
            return found + b"(reset)"
        if not piece:
            return found
        found += piece


def asked_soon(server: Server) -> None:
    began = time.monotonic()
    assert server.ask(f"SELECT ({time.time()} AS ?x) {{}}").status == 200
    assert time.monotonic() - began < 2


def test_who_sends_thousands_of_requests_at_once_takes_nobodys_turn(hasty: tuple[Server, int]) -> None:
    server, pid = hasty
    before = resident(pid)
    with ExitStack() as held:
        for _ in range(16):
            connection = held.enter_context(opened(server))
            connection.settimeout(0.05)
            sent = memoryview(slow(4) + TINY * 8000)
            try:
                while sent:
                    sent = sent[connection.send(sent) :]
            except OSError:  # not taken now, or refused
                pass
        asked_soon(server)
        assert resident(pid) < before + 60
        time.sleep(2.5)  # the server looks at its connections each second
        asked_soon(server)
        assert resident(pid) < before + 60


def test_requests_sent_at_once_are_answered_in_order(hasty: tuple[Server, int]) -> None:
    server, _ = hasty
    head = "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nAccept: text/csv\r\n"
    bodies = [f"SELECT ({number} AS ?x) {{}} # {'x' * 3000}".encode() for number in range(60)]
    sent = b"".join(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies)
    with opened(server) as connection:
        connection.sendall(sent + b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answers = everything(connection)
    told = [answer.partition(b"\r\n\r\n")[2] for answer in answers.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    assert told[:-1] == [b"x\r\n%d\r\n" % number for number in range(60)]


NO_PATH = b"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n"  # what is wrong is seen when its head is complete


@pytest.mark.parametrize("behind", [b"GARBAGE\r\n\r\n", b"GET /healthz HTTP/1.1\r\nHo", NO_PATH])
def test_what_is_wrong_is_told_after_the_answers_before_it(hasty: tuple[Server, int], behind: bytes) -> None:
    server, _ = hasty
    with opened(server) as connection:
        connection.sendall(slow(3) + TINY)
        time.sleep(0.3)
        connection.sendall(behind)
        answers = everything(connection)
    first, second, third = answers.split(b"HTTP/1.1 ")[1:]
    assert first.startswith(b"504 ") and second.startswith(b"200 ")
    assert third.startswith(b"408 " if b"Ho" in behind and behind != NO_PATH else b"400 ")
    assert json.loads(third.partition(b"\r\n\r\n")[2])["sv"]


@pytest.mark.parametrize("behind", [b"GARBAGE\r\n\r\n", NO_PATH])
@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_nothing_is_written_into_an_answer_under_way(
    hasty: tuple[Server, int], version: bytes, behind: bytes
) -> None:
    server, _ = hasty
    with opened(server, small=True) as connection:
        connection.sendall(large(8).replace(b"HTTP/1.1", b"HTTP/" + version))
        time.sleep(0.5)
        connection.sendall(behind)
        answer = everything(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    if version == b"1.0":
        assert body.count(b"\n") > 8 * 2**16 and b"HTTP/1.1" not in body
    else:
        whole, _, after = body.partition(b"\r\n0\r\n\r\n")
        assert whole.count(b"\n") > 8 * 2**16 and after.startswith(b"HTTP/1.1 400 ") and b"HTTP/1.1" not in whole


def test_who_takes_nothing_is_let_go(hasty: tuple[Server, int]) -> None:
    server, pid = hasty
    before = descriptors(pid)
    with ExitStack() as held:
        for number in range(20):
            connection = held.enter_context(opened(server, number, small=True))
            connection.sendall(large(1) * 4)
        time.sleep(1)
        assert descriptors(pid) >= before + 20
        until = time.monotonic() + 12
        while descriptors(pid) > before + 2:
            assert time.monotonic() < until
            time.sleep(0.2)
        asked_soon(server)


def test_who_takes_slowly_is_served(hasty: tuple[Server, int]) -> None:
    server, _ = hasty
    with opened(server, small=True) as connection:
        connection.sendall(large(4).replace(b"Host: a", b"Host: a\r\nConnection: close"))
        found, began = b"", time.monotonic()
        while time.monotonic() - began < 7:  # 64 kB in three seconds are enough
            found += connection.recv(16384)
            time.sleep(0.1)
        found += everything(connection)
    assert found.count(b"\n") > 4 * 2**16 and b"(reset)" not in found


def test_a_refusal_can_be_read_while_more_is_sent(hasty: tuple[Server, int]) -> None:
    server, _ = hasty
    with opened(server) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
        for number in range(80):
            connection.sendall(b"X-%d: %s\r\n" % (number, b"y" * 8000))
        answer = everything(connection)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["kind"] == "head-too-large"


def test_what_stands_behind_the_chunks_is_limited(hasty: tuple[Server, int]) -> None:
    server, pid = hasty
    before = resident(pid)
    with opened(server) as connection:
        connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: ")
        with suppress(OSError):
            for _ in range(400):
                connection.sendall(b"y" * 100_000)
        answers = everything(connection)
    assert answers.count(b"HTTP/1.1 ") == 1 and answers.startswith(b"HTTP/1.1 411 ")  # it has its answer
    asked_soon(server)
    assert resident(pid) < before + 20


def test_a_request_is_answered_once(hasty: tuple[Server, int]) -> None:
    server, _ = hasty
    with opened(server) as connection:
        connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nASK")
        answers = everything(connection)  # the rest of the body does not come
    assert answers.count(b"HTTP/1.1 ") == 1 and answers.startswith(b"HTTP/1.1 411 ")


def test_a_body_with_an_upgrade_is_refused_and_never_taken_for_a_request(hasty: tuple[Server, int]) -> None:
    server, _ = hasty
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
    with opened(server) as connection:
        connection.sendall(b"%bContent-Length: %d\r\n\r\n" % (head, len(TINY)))
        time.sleep(0.3)
        connection.sendall(TINY)
        answers = everything(connection)
    assert answers.count(b"HTTP/1.1 ") == 1 and answers.startswith(b"HTTP/1.1 400 ") and b"Upgrade" in answers


def test_too_many_headers_are_told_as_such(hasty: tuple[Server, int]) -> None:
    server, _ = hasty
    with opened(server) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 220 + b"\r\n")
        assert everything(connection).startswith(b"HTTP/1.1 431 ")


def test_the_head_of_a_refusal_has_no_body(hasty: tuple[Server, int]) -> None:
    server, _ = hasty
    with opened(server) as connection:
        connection.sendall(b"HEAD /sparql?query=" + b"%20" * 22000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 414 ") and not body


@pytest.mark.parametrize("waiting", [1000, 5000, 12000])
def test_who_leaves_behind_waiting_requests_is_seen(hasty: tuple[Server, int], waiting: int) -> None:
    server, pid = hasty
    until = time.monotonic() + 5
    while not is_whole(server):
        assert time.monotonic() < until
        time.sleep(0.1)
    before = descriptors(pid)
    with opened(server) as connection:
        connection.sendall(slow(10) + TINY * waiting)
        time.sleep(0.5)
    until = time.monotonic() + 5
    while descriptors(pid) > before or not is_whole(server):
        assert time.monotonic() < until
        time.sleep(0.1)

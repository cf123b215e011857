"""That the attacks notice what they look for: servers, pages and processes that do wrong."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_connection, create_server

import pytest

from tests.attacks.judging import judged
from tests.attacks.pages import judged_page
from tests.attacks.target import Target, Wrong
from tests.attacks.watching import Listener, Processes

OK = b"HTTP/1.1 200 OK\r\nX-Content-Type-Options: nosniff\r\n"
ROWS = b'{"results": {}}'
CSV = OK + b"Content-Type: text/csv\r\n"
JSON = OK + b"Content-Type: application/json\r\n"
PAGE = (
    OK + b"Content-Type: text/html; charset=utf-8\r\n"
    b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\r\n%s</html>"
)
SPIN = "import os\nif os.fork() == 0:\n  while True: pass\nimport time; time.sleep(60)"


@contextmanager
def answering(raw: bytes) -> Iterator[Target]:
    """A server that gives one client these bytes, whatever it asks."""
    with create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection = listener.accept()[0]
            with connection:
                connection.recv(2**16)
                connection.sendall(raw)

        thread = threading.Thread(target=serve)
        thread.start()
        yield Target("127.0.0.1", listener.getsockname()[1], patience=5)
        thread.join()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (JSON + b"Content-Length: 10\r\n\r\n" + ROWS[:10], "looks whole"),
        (JSON + b'Transfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n0\r\n\r\n', "looks whole"),
        (JSON + b"\r\n" + ROWS[:10], "looks whole"),
        (CSV + b"Content-Length: 8\r\n\r\na,b\r\n1,2", "looks whole"),
        (CSV + b"Content-Length: 8\r\n\r\na,b\r\n1\r\n", "looks whole"),
        (CSV.replace(b"nosniff", b"") + b"Content-Length: 3\r\n\r\na\r\n", "nosniff"),
        (OK.replace(b"200", b"500") + b"\r\n", "500"),
        (OK.replace(b"200", b"503") + b"Content-Type: text/html\r\n\r\n<html>", "503 as text/html"),
        (OK.replace(b"200", b"303") + b"Location: //evil.example/\r\n\r\n", "sent elsewhere"),
        (OK + b"X-Evil: 1\r\n\r\n", "attacker"),
        (b"", "without an answer"),
        (b"<html>", "not an HTTP/1.1 answer"),
    ],
)
def test_a_wrong_answer_is_noticed(raw: bytes, said: str) -> None:
    with answering(raw) as target, pytest.raises(Wrong, match=said):
        judged(target.ask("ASK {}"), {200, 303, 500, 503})


@pytest.mark.parametrize(
    "raw",
    [
        JSON + b"Content-Length: 99\r\n\r\n" + ROWS,
        JSON + b'Transfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n',
        JSON + b'Transfer-Encoding: chunked\r\n\r\n9\r\n{"a',
    ],
)
def test_a_result_that_breaks_off_is_not_taken_for_whole(raw: bytes) -> None:
    with answering(raw) as target:
        assert judged(target.ask("ASK {}"), {200}) == "200, broken off visibly"


def test_right_answers_are_right() -> None:
    problem = json.dumps({"status": 504, "kind": "timeout", "sv": "ja", "en": "yes"}).encode()
    stopped = OK.replace(b"200", b"504") + b"Content-Type: application/problem+json\r\n\r\n" + problem
    for raw, got in ((JSON + b"\r\n" + ROWS, "200"), (stopped, "504 timeout"), (CSV + b"\r\na,b\r\n1,2\r\n", "200")):
        with answering(raw) as target:
            assert judged(target.ask("ASK {}"), {200, 504}) == got


@pytest.mark.parametrize(
    "markup",
    [
        b"<script>1</script>",
        b"<script src=/static/built/../x.js></script>",
        b"<script type=module>1</script>",
        b"<p onclick='x'>",
        b"<a href='javascript:x'>",
        b"<a href=' JAVASCRIPT:x'>",
        b"<a href='//evil.example/'>",
        b"<img src=x>",
        b"<svg><text>x</text></svg>",
        b"<svg viewBox='0 0 1 1' aria-labelledby=x><foreignObject>x</foreignObject></svg>",
        b"<svg viewBox='0 0 1 1' aria-labelledby=x onload=x>",
        b"<link rel=stylesheet href='https://evil.example/'>",
        b"<form action='https://evil.example/'>",
    ],
)
def test_markup_is_noticed(markup: bytes) -> None:
    with answering(PAGE % markup) as target, pytest.raises(Wrong, match="200 with <"):
        judged_page(target.get("/"))
    escaped = markup.replace(b"<", b"&lt;")
    with answering(PAGE % escaped) as target:
        assert judged_page(target.get("/"), markup.decode()) == "200"
    with answering((PAGE % b"").replace(b"frame-ancestors", b"x")) as target, pytest.raises(Wrong, match="Policy"):
        judged_page(target.get("/"))


def test_a_call_is_counted() -> None:
    listener = Listener()
    try:
        assert listener.calls() == 0
        create_connection(("127.0.0.1", listener.port), 5).close()
        assert (listener.calls(), listener.calls()) == (1, 0)
    finally:
        listener.close()


def test_a_query_process_that_runs_on_is_noticed() -> None:
    command = [sys.executable, "-c", SPIN, "server.processes.worker"]
    parent = subprocess.Popen([sys.executable, "-c", f"import subprocess; subprocess.run({command})"])
    processes = Processes(parent.pid, allowed=0.5)
    thread = processes.watch()
    try:
        assert processes.busy_one(20) in processes.workers()
        until = time.monotonic() + 20
        while not processes.found and time.monotonic() < until:
            time.sleep(0.05)
        assert processes.found
        assert processes.still_running(time.monotonic() + 0.2) == set(processes.workers())
    finally:
        processes.stop()
        thread.join()
        for process in [*processes.workers(), *processes.forkers()]:
            subprocess.run(["kill", "-9", str(process)], check=True)
        parent.wait(10)

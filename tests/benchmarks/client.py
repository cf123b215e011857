"""Many HTTP clients in one process of its own that costs little: `python -m tests.benchmarks.client` < a plan.

Each client has one connection, sends a request, reads its whole answer, thinks, and sends the next. Requests are bytes
made before; of an answer the status and the length are read, no more. What was measured comes out as JSON.
"""

import json
import os
import random
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from server.processes import turns

ROOT = Path(__file__).parents[2]
TIMEOUT = 60.0  # seconds without an answer after which a client gives up
AGAIN = 0.05  # seconds until a client whose connection broke tries again
JSON = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send where: `requests` are sent in turn, each client beginning elsewhere.

    `think`: seconds between an answer and the next request, on average. `network`: each client comes from an address
    of its own, 127.0.{network}.1 and on, so that a server that shares its time among clients tells them apart.
    """

    port: int
    requests: tuple[str, ...]
    clients: int = 1
    seconds: float = 1.0
    think: float = 0.0
    network: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """What the clients saw. `statuses`: how many answers had which; "lost": connections that broke.

    `latencies`: seconds of each answer, in the order they came; `elapsed`: seconds from the first request on.
    """

    statuses: dict[str, int]
    latencies: tuple[float, ...]
    elapsed: float

    def __add__(self, later: "Measured") -> "Measured":
        """What the clients saw of two plans, one after the other."""
        statuses = dict(Counter(self.statuses) + Counter(later.statuses))
        return Measured(statuses, self.latencies + later.latencies, self.elapsed + later.elapsed)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.elapsed

    def part(self, share: float) -> float:
        """The latency that this share of the answers did not exceed: 0.5 is the median."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def errors(self) -> int:
        """Answers other than 200, and broken connections."""
        return sum(count for status, count in self.statuses.items() if status != "200")


def request(path: str, accept: str = JSON, cache: bool = False) -> str:
    """A GET request, ready to send. `cache`: whether an answer kept from before will do."""
    fresh = "" if cache else "Cache-Control: no-cache\r\n"
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n{fresh}\r\n"


def asked(path: str, query: str, cache: bool = False, **more: object) -> str:
    """A GET request for the answer to a query."""
    rest = "".join(f"&{name}={quote(str(value))}" for name, value in more.items())
    return request(f"{path}?query={quote(query)}{rest}", cache=cache)


def run(plan: Plan) -> Measured:
    """Carry out a plan in a process of its own."""
    return finish(start(plan))


def start(plan: Plan) -> "subprocess.Popen[str]":
    """Begin a plan in a process of its own; `finish` waits for it."""
    command = [sys.executable, "-m", "tests.benchmarks.client", json.dumps(asdict(plan) | {"requests": []})]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    json.dump(plan.requests, process.stdin)
    process.stdin.close()
    return process


def finish(process: "subprocess.Popen[str]") -> Measured:
    """What the clients of a process saw, once they are done. Raises RuntimeError."""
    assert process.stdout
    told = process.stdout.read()
    if process.wait():
        raise RuntimeError("the clients' process failed")
    found: dict[str, Any] = json.loads(told)
    return Measured(found["statuses"], tuple(found["latencies"]), found["elapsed"])


@dataclass(slots=True, eq=False)
class _Client:
    plan: Plan
    messages: Sequence[bytes]
    number: int
    at: int = 0
    connection: socket.socket | None = None
    held: bytearray = field(default_factory=bytearray)
    wanted: int | None = None  # length of the whole answer, -1 where it comes in chunks
    began: float = 0.0
    due: float = 0.0

    def send(self, selector: selectors.BaseSelector) -> None:
        if self.connection is None:
            own = (f"127.0.{self.plan.network}.{1 + self.number % 250}", 0)
            self.connection = socket.create_connection(("127.0.0.1", self.plan.port), TIMEOUT, own)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(self.connection, selectors.EVENT_READ, self)
        self.held.clear()
        self.wanted = None
        self.began = time.perf_counter()
        self.connection.sendall(self.messages[self.at % len(self.messages)])
        self.at += 1

    def leave(self, selector: selectors.BaseSelector) -> None:
        if self.connection is not None:
            selector.unregister(self.connection)
            self.connection.close()
            self.connection = None

    def receive(self) -> bool:
        """Take what has come; False where the connection broke."""
        assert self.connection
        try:
            piece = self.connection.recv(262144)
        except OSError:
            return False
        self.held += piece
        return bool(piece)

    def whole(self) -> bool:
        """Whether the answer is complete."""
        if self.wanted is None:
            end = self.held.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.held[:end]).lower()
            place = head.find(b"\r\ncontent-length:")
            self.wanted = -1 if place < 0 else end + 4 + int(head[place + 17 :].split(b"\r\n", 1)[0])
        return self.held.endswith(b"\r\n0\r\n\r\n") if self.wanted < 0 else len(self.held) >= self.wanted


def carry_out(plan: Plan) -> Measured:
    """Carry out a plan in this process."""
    selector = selectors.DefaultSelector()
    messages = [message.encode("latin-1") for message in plan.requests]
    chance = random.Random(1)
    began = time.perf_counter()
    clients = [_Client(plan, messages, n, n * len(messages) // plan.clients) for n in range(plan.clients)]
    waiting = list(clients)
    for client in clients:
        client.due = began + chance.random() * plan.think
    statuses: Counter[str] = Counter()
    latencies: list[float] = []
    until = began + plan.seconds
    while (now := time.perf_counter()) < until or len(waiting) < len(clients):
        if now < until:
            ready = [client for client in waiting if client.due <= now]
            waiting = [client for client in waiting if client.due > now]
            for client in ready:
                try:
                    client.send(selector)
                except OSError:
                    statuses["lost"] += 1
                    client.leave(selector)
                    client.due = now + AGAIN
                    waiting.append(client)
        elif now > until + TIMEOUT:
            statuses["lost"] += len(clients) - len(waiting)
            break
        for key, _ in selector.select(0.005 if waiting and now < until else 0.2):
            client = key.data
            lost = not client.receive()
            if not lost and not client.whole():
                continue
            now = time.perf_counter()
            client.due = now + plan.think * (0.5 + chance.random())
            if lost:
                statuses["lost"] += 1
                client.due = now + AGAIN
            else:
                latencies.append(now - client.began)
                statuses[client.held[9:12].decode("latin-1")] += 1
            if lost or b"connection: close" in client.held[:2000].lower():
                client.leave(selector)
            waiting.append(client)
    elapsed = time.perf_counter() - began
    for client in clients:
        client.leave(selector)
    return Measured(dict(statuses), tuple(latencies), elapsed)


def _not_to_wait() -> None:
    """Clients have machines of their own: let what they measure hold no waiting of theirs for a processor here."""
    with suppress(PermissionError):  # for root alone; short turns help others
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    turns.take(turns.SHORT)


if __name__ == "__main__":
    _not_to_wait()
    told = json.loads(sys.argv[1])
    print(json.dumps(asdict(carry_out(Plan(**told | {"requests": tuple(json.load(sys.stdin))})))))

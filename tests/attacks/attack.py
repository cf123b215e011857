"""One attack, what it meets, and what must hold after it."""

import itertools
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tests.attacks.judging import STOPPED, judged
from tests.attacks.target import JSON, Target, Wrong
from tests.attacks.watching import SPARE, Listener, Processes

SOON: Final = 2.0  # seconds within which a small query is answered after an attack


@dataclass(frozen=True, slots=True)
class Small:
    """A small query whose right answer is known: everything said about one IRI. It is never the same text twice."""

    subject: str
    rows: tuple[str, ...]
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def text(self) -> tuple[str, int]:
        number = next(self._numbers)
        return f"SELECT ?p ?o (7 * {number} AS ?n) WHERE {{ <{self.subject}> ?p ?o }} ORDER BY ?p ?o LIMIT 20", number

    def ask(self, target: Target) -> float:
        """Seconds that the right answer took. Raises Wrong for any other."""
        query, number = self.text()
        began = time.monotonic()
        answer = target.ask(query)
        seconds = time.monotonic() - began
        judged(answer, {200})
        if rows_of(answer.body, number) != self.rows:
            raise Wrong(f"the small query was answered wrongly: {answer.body[:200]!r}")
        return seconds

    @staticmethod
    def of(target: Target) -> "Small":
        found = target.ask("SELECT ?s WHERE { ?s a ?c FILTER(isIRI(?s)) } LIMIT 1")
        judged(found, {200})
        subject = json.loads(found.body)["results"]["bindings"][0]["s"]["value"]
        query, number = (small := Small(subject, ())).text()
        return replace(small, rows=rows_of(target.ask(query).body, number))


def rows_of(body: bytes, number: int) -> tuple[str, ...]:
    """The rows of a small query's result. Raises Wrong when it is that of another query."""
    bindings: list[dict[str, Any]] = json.loads(body)["results"]["bindings"]
    if not bindings or any(row["n"]["value"] != str(7 * number) for row in bindings):
        raise Wrong(f"the answer to another query: {body[:200]!r}")
    return tuple(f"{row['p']['value']} {row['o']['value']}" for row in bindings)


@dataclass(frozen=True, slots=True)
class Arena:
    """Where attacks happen. `processes` is None when the server's are not ours to see."""

    target: Target
    others: Target  # the same server for a client at another address
    small: Small
    listener: Listener
    processes: Processes | None = None

    def here(self, text: str) -> str:
        """A text with the listener's address in the place of LISTENER."""
        return text.replace("LISTENER", f"127.0.0.1:{self.listener.port}")


@dataclass(frozen=True, slots=True)
class Attack:
    """`act` tells what came back or raises Wrong; `seconds` is the limit that its queries ask for."""

    name: str
    expected: str
    act: Callable[[Arena], str]
    seconds: float = 1.0
    needs_processes: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What became of an attack; `after` is the seconds of the next small query."""

    attack: Attack
    got: str
    seconds: float
    after: float
    wrong: tuple[str, ...]


def attempt(arena: Arena, attack: Attack, number: int) -> Row:
    """Carry out an attack and look at the server after it; `number` tells clients on loopback apart."""
    wrong: list[str] = []
    if arena.processes:
        arena.processes.allowed = attack.seconds + SPARE
    target = arena.target
    if target.host == "127.0.0.1":
        target = replace(target, source=f"127.9.{number // 250}.{number % 250 + 1}")
    began = time.monotonic()
    try:
        got = attack.act(replace(arena, target=target))
    except Wrong as error:
        got = "wrong"
        wrong.append(str(error))
    seconds = time.monotonic() - began
    after = 0.0
    try:
        after = arena.small.ask(arena.others)
        if after > SOON:
            wrong.append(f"the next small query took {after:.1f} s")
    except Wrong as error:
        wrong.append(f"next small query: {error}")
    if calls := arena.listener.calls():
        wrong.append(f"the listener was called {calls} times")
    if arena.processes:
        left = arena.processes.still_running(max(began + attack.seconds, time.monotonic()) + SPARE)
        wrong += [f"query process {pid} still runs" for pid in left]
        wrong += dict.fromkeys(arena.processes.found)
        arena.processes.found.clear()
    return Row(attack, got, seconds, after, tuple(wrong))


def asking(
    name: str,
    query: str,
    allowed: Collection[int],
    seconds: float = 1.0,
    accept: str = JSON,
    **parameters: str,
) -> Attack:
    """An attack that is one query, which must be answered by its limit and what a busy machine needs. Where it may be
    stopped (503, 504), its result may also break off visibly."""

    def act(arena: Arena) -> str:
        began = time.monotonic()
        answer = arena.target.ask(arena.here(query), seconds, accept, **parameters)
        took = time.monotonic() - began
        stopped = answer.status == 200 and not answer.whole and STOPPED & set(allowed)
        got = judged(answer, {200} if stopped else allowed)
        if took > seconds + SPARE:
            raise Wrong(f"{got} after {took:.1f} s, with a limit of {seconds:g} s")
        if b"root:" in answer.body:
            raise Wrong("the answer holds a file of the machine")
        return got

    return Attack(name, " ".join(map(str, sorted(allowed))), act, seconds)

"""Reconciling: a batch of 100 names, some of them misspelt, and a suggestion, through HTTP."""

import json
import random
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from server.storage import snapshot
from tests.benchmarks import servers
from tests.benchmarks.measure import Figure, Work, wall

NAMES = 100
MOST = 1.0  # seconds that they may take
SUGGESTION = 0.2  # seconds until what is typed is completed
PERSONS = "SELECT DISTINCT ?n { ?x a <https://w3id.org/kommungraf/ns#Person> ; <http://xmlns.com/foaf/0.1/name> ?n }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def figures(data: Path, calls: int = 20) -> Iterator[Figure]:
    """The figures of a published data folder, beside the seconds that each may take."""
    batch, prefix = _asked(data)
    with servers.ours(data) as served:
        connection = HTTPConnection("127.0.0.1", served.port, timeout=300)
        began = time.perf_counter()
        _post(connection, "{}")
        first = time.perf_counter() - began
        yield Figure("reconciling", "index, when it is first wanted", first, 1, "index", clock="wall")
        (names,) = wall(lambda: _post(connection, batch), calls=calls)
        yield Figure(
            "reconciling", "100 names, half of them misspelt", names, NAMES, "names", "bound", MOST, "wall", 1
        )
        (suggested,) = wall(_typing(connection, prefix), calls=calls)
        yield Figure("reconciling", "a suggestion", suggested, 1, "answers", "bound", SUGGESTION, "wall", 1)
        connection.close()


def _asked(data: Path) -> tuple[str, str]:
    opened = snapshot.open_current(data)
    try:
        rows: Any = opened.store.query(PERSONS)
        found = sorted(row[0].value for row in rows)
    finally:
        opened.close()
    chance = random.Random(5)
    names = [chance.choice(found) for _ in range(NAMES)]
    names[::2] = [_misspelt(name, chance) for name in names[::2]]
    return json.dumps({str(n): {"query": name, "type": "Person"} for n, name in enumerate(names)}), names[1][:3]


def _misspelt(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(name))
    return name[:at] + chance.choice("aehinrst") + name[at + 1 :]


def _post(connection: HTTPConnection, queries: str) -> None:
    connection.request("POST", "/reconciliation", urlencode({"queries": queries}), FORM)
    _read(connection)


def _typing(connection: HTTPConnection, prefix: str) -> Work:
    def ask() -> None:
        connection.request(
            "GET",
            "/reconciliation/suggest/entity?" + urlencode({"prefix": prefix}),
            headers={"Cache-Control": "no-cache"},
        )
        _read(connection)

    return ask


def _read(connection: HTTPConnection) -> None:
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status

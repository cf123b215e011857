"""An engine whose clients each have their share of it, and whose queries are counted and written down."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from server import messages
from server.asking import Answer, Engine, Query, QueryFailed, Rows
from server.web import metrics
from server.web.client_address import Client
from server.web.fair_use import Clients
from server.web.journal import Asked, Journal
from server.web.metrics import Metrics

GONE: Final = 499  # what the log has for a client that left before its answer, as nginx does
HELD: Final = 0.5  # seconds until who asks too much is told so: who asks again at once would keep the others waiting
# Not an error of the client, or none at all.
NO_ERROR: Final = frozenset({"abandoned", "busy", "disk", "unavailable", "unreachable", "engine"})


@dataclass(frozen=True, slots=True)
class Admission:
    """What stands between the clients and an engine."""

    engine: Engine
    clients: Clients
    metrics: Metrics
    journal: Journal

    async def run(self, query: Query, client: Client) -> Answer:
        """The engine's answer to a query of this client (server.asking.Engine.run).

        Raises QueryFailed, also where the client has to wait."""
        began = await self._begin(query.text, client)
        try:
            answer = await self.engine.run(query)
        except BaseException as failure:
            self._failed(query.text, client, began, failure)
            raise
        whole = answer.whole
        if whole is None:
            answer.then(lambda: self._over(query.text, client, answer))
        else:
            self._ended(query.text, client, answer, len(whole))
        return answer

    async def rows(self, query: Query, client: Client) -> Rows:
        """The engine's rows (server.asking.Engine.rows). Raises QueryFailed, also where the client has to wait."""
        began = await self._begin(query.text, client)
        try:
            rows = await self.engine.rows(query)
        except BaseException as failure:
            self._failed(query.text, client, began, failure)
            raise
        spent = rows.seconds
        self.clients.end(client.key, spent, False, time.monotonic())
        self.metrics.query("ok", spent)
        self.journal.query(Asked(query.text, "ok", 200, spent, rows=len(rows.rows), format="html"), client.shown)
        return rows

    async def misused(self, client: Client) -> None:
        """A request that is no query has come. Raises QueryFailed where the client has sent too many."""
        now = time.monotonic()
        if wait := self.clients.admit(client.key, now):
            await asyncio.sleep(HELD)
            raise QueryFailed(wait.why, wait=wait.seconds)
        self.clients.spend(client.key, 0.0, True, now)

    def _over(self, text: str, client: Client, answer: Answer) -> None:
        """The engine is done with a large answer, whoever still reads it."""
        if answer.failure:
            self._stopped(text, client, answer.failure.seconds, answer.failure)
        else:
            self._ended(text, client, answer, answer.length)

    def _ended(self, text: str, client: Client, answer: Answer, length: int) -> None:
        self.clients.end(client.key, answer.seconds, False, time.monotonic())
        self.metrics.query("ok", answer.seconds, length)
        asked = Asked(text, "ok", 200, answer.seconds, length, format=answer.format)
        self.journal.query(asked, client.shown)

    def _stopped(self, text: str, client: Client, seconds: float, failure: BaseException) -> None:
        kind = failure.reason if isinstance(failure, QueryFailed) else "abandoned"
        self.clients.end(client.key, seconds, kind not in NO_ERROR, time.monotonic())
        self._note(text, client, seconds, kind, failure)

    async def _begin(self, text: str, client: Client) -> float:
        now = time.monotonic()
        wait = self.clients.admit(client.key, now)
        if wait:
            failure = QueryFailed(wait.why, wait=wait.seconds)
            self._note(text, client, 0.0, wait.why, failure)
            await asyncio.sleep(HELD)
            raise failure
        self.clients.begin(client.key, now)
        return now

    def _failed(self, text: str, client: Client, began: float, failure: BaseException) -> None:
        spent = failure.seconds if isinstance(failure, QueryFailed) else time.monotonic() - began
        self._stopped(text, client, spent, failure)

    def _note(self, text: str, client: Client, seconds: float, kind: str, failure: BaseException) -> None:
        outcome = metrics.outcome(kind)
        self.metrics.query(outcome, seconds)
        told = kind != "abandoned"
        status = messages.of_failure(failure, "", {}).status if told and isinstance(failure, QueryFailed) else GONE
        self.journal.query(Asked(text, outcome, status, seconds), client.shown)

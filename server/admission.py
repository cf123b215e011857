"""An engine whose clients each have their share of it, and whose queries are counted and written down."""

import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from server import messages, metrics
from server.asking import Answer, Engine, Query, QueryFailed, Rows
from server.client_address import Client
from server.fair_use import Clients
from server.journal import Asked, Journal
from server.metrics import Metrics


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
        began = self._begin(query.text, client)
        try:
            answer = await self.engine.run(query)
        except BaseException as failure:
            self._failed(query.text, client, began, failure)
            raise
        whole = answer.whole
        if whole is None:
            return _Watched(self, answer, query.text, client)
        self.ended(query.text, client, answer, len(whole))
        return answer

    async def rows(
        self,
        text: str,
        limit: int,
        default: tuple[str, ...],
        named: tuple[str, ...],
        client: Client,
        seconds: float | None,
    ) -> Rows:
        """The engine's rows (server.asking.Engine.rows). Raises QueryFailed, also where the client has to wait."""
        began = self._begin(text, client)
        try:
            rows = await self.engine.rows(text, limit, default, named, client.key, seconds)
        except BaseException as failure:
            self._failed(text, client, began, failure)
            raise
        spent = time.monotonic() - began
        self.clients.end(client.key, spent, False, time.monotonic())
        self.metrics.query("ok", spent)
        self.journal.query(Asked(text, "ok", 200, spent, rows=len(rows.rows), format="html"), client.shown)
        return rows

    def ended(self, text: str, client: Client, answer: Answer, length: int) -> None:
        """An answer has left whole."""
        self.clients.end(client.key, answer.seconds, False, time.monotonic())
        self.metrics.query("ok", answer.seconds, length)
        asked = Asked(text, "ok", 200, answer.seconds, length, format=answer.format)
        self.journal.query(asked, client.shown)

    def cut(self, text: str, client: Client, seconds: float, failure: BaseException) -> None:
        """An answer was not finished, or a query has none."""
        kind = failure.kind if isinstance(failure, QueryFailed) else "abandoned"
        self.clients.end(client.key, 0.0 if kind == "busy" else seconds, kind != "abandoned", time.monotonic())
        self._note(text, client, seconds, kind, failure)

    def _begin(self, text: str, client: Client) -> float:
        now = time.monotonic()
        wait = self.clients.admit(client.key, now)
        if wait:
            failure = QueryFailed(wait.why, wait=wait.seconds)
            self._note(text, client, 0.0, wait.why, failure)
            raise failure
        self.clients.begin(client.key, now)
        return now

    def _failed(self, text: str, client: Client, began: float, failure: BaseException) -> None:
        self.cut(text, client, time.monotonic() - began, failure)

    def _note(self, text: str, client: Client, seconds: float, kind: str, failure: BaseException) -> None:
        outcome = metrics.outcome(kind)
        self.metrics.query(outcome, seconds)
        status = messages.of_failure(failure, "", {}).status if isinstance(failure, QueryFailed) else 499
        self.journal.query(Asked(text, outcome, status, seconds), client.shown)


class _Watched:
    """A large answer on its way (server.asking.Answer), which is charged when it has left, or is cut."""

    def __init__(self, admission: Admission, answer: Answer, text: str, client: Client) -> None:
        self._admission, self._answer, self._text, self._client = admission, answer, text, client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._answer, name)

    async def body(self) -> AsyncGenerator[bytes, None]:
        length, began = 0, time.monotonic()
        try:
            async for piece in self._answer.body():
                length += len(piece)
                yield piece
        except BaseException as failure:
            self._admission.cut(self._text, self._client, time.monotonic() - began, failure)
            raise
        self._admission.ended(self._text, self._client, self._answer, length)

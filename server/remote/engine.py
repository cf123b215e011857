"""A SPARQL 1.1 engine elsewhere: the same questions and answers as those of the pool of query processes.

Nothing of an answer leaves before it has arrived whole and was read; see server.remote.result.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Final
from weakref import WeakValueDictionary

import aiohttp

from server.asking import Limits, Query, QueryFailed, Rows, no_room
from server.remote import client as remote_http
from server.remote import dialect, marker, question, result
from server.remote.client import Address
from server.remote.dialect import Dialect
from server.remote.marker import Marker
from server.remote.question import Asking
from server.sparql import query_text
from server.web import content_coding

__all__ = ["FRESH", "Address", "RemoteAnswer", "RemoteEngine"]

FRESH: Final = 1.0  # seconds after which the version of the data is asked for again
HEAD: Final = Asking((("query", marker.HEAD),), "solutions")


@dataclass(slots=True)
class RemoteAnswer:
    """A result that has arrived. It is a server.asking.Answer: `whole`, or where it is large, on disk."""

    form: str
    format: str | None
    version: str
    coding: str | None
    fixed: bool
    seconds: float
    whole: bytes | None
    large: IO[bytes] | None
    length: int = 0
    failure: QueryFailed | None = None

    def then(self, told: Callable[[], None]) -> None:
        """The engine is done with it already."""
        told()

    async def settled(self) -> None:
        """The engine is done with it already."""

    async def body(self) -> AsyncGenerator[bytes, None]:
        """The serialised result in pieces; to be read once."""
        if self.whole is not None:
            yield self.whole
        if self.large:
            with self.large as file:
                while piece := file.read(remote_http.PIECE):
                    yield piece

    def abandon(self) -> None:
        """Nobody wants the rest."""
        if self.large:
            self.large.close()


@dataclass(slots=True)
class RemoteEngine:
    """An engine elsewhere, used from one event loop: what server.processes.pool.Pool is for the local store.

    It is a server.asking.Engine. `size` is how many queries are with the engine at a time, half of them of one
    client where the limits say no other number; `limits.memory` is for the engine's own configuration to set.
    """

    address: Address
    dialect: Dialect | None = None  # None: as the engine names itself, else one with a default graph of its own
    size: int = 8
    limits: Limits = field(default_factory=Limits)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    endpoint: str | None = None
    replaced: int = field(default=0, init=False)  # no process of ours runs there
    idle: int = field(default=0, init=False)  # how many more queries could be sent now
    standby: int = field(default=0, init=False)
    loaded: Marker | None = field(default=None, init=False)
    _session: aiohttp.ClientSession | None = field(default=None, init=False)
    _places: asyncio.Semaphore = field(init=False)
    _clients: WeakValueDictionary[str, asyncio.Semaphore] = field(default_factory=WeakValueDictionary, init=False)
    _watching: "asyncio.Task[None] | None" = field(default=None, init=False)

    async def start(self) -> None:
        """Connect, and see what is loaded there. Raises QueryFailed: "unavailable" where nothing is loaded."""
        await self.connect()
        await self._marker()
        self._watching = asyncio.create_task(self._watch())

    async def connect(self) -> None:
        """Connect, and learn what engine it is, once. Raises QueryFailed."""
        if self._session:
            return
        self._places, self.idle = asyncio.Semaphore(self.size), self.size
        self._session = remote_http.session(self.address)
        if self.dialect is None:
            named = dialect.of_server(await remote_http.name_of(self._session, self.address))
            self.dialect = named or dialect.DIALECTS["oxigraph"]

    async def close(self) -> None:
        """Let go of the connections."""
        if self._watching:
            self._watching.cancel()
        if self._session:
            await self._session.close()
            self._session = None

    def version(self) -> str | None:
        """The version of the data that the engine holds, a second old at most; None where that is not known."""
        return self.loaded.version if self.loaded else None

    async def run(self, query: Query) -> RemoteAnswer:
        """Answer a query. Raises QueryFailed."""
        known = self._dialect()
        form = await asyncio.to_thread(question.form_of, query.text, known, self.limits.query)
        chosen = query.graphs if form == "graph" else query.results
        if chosen is None:
            raise QueryFailed("not-acceptable", form=form)
        began = time.monotonic()
        loaded = await self._marker()
        seconds = min(query.seconds or self.limits.seconds, self.limits.most_seconds)
        asked = await asyncio.to_thread(question.asking, query, form, known, loaded, self.endpoint)
        async with self._place(query.client):
            received = await self._received(asked, seconds)
        try:
            made = await asyncio.to_thread(result.written, received, form, chosen, self.prefixes, query.context)
        except result.Broken as error:
            raise _broken(error) from error
        except OSError as error:
            raise no_room(error) from error
        finally:
            result.drop(received)
        fixed = query_text.gives_the_same_each_time(query.text)
        length = made.seek(0, 2)
        made.seek(0)
        took = time.monotonic() - began
        if length > result.IN_MEMORY:
            return RemoteAnswer(form, chosen, loaded.version, None, fixed, took, None, made)
        with made:
            whole = made.read()
        coding = query.coding if length > content_coding.LEAST else None
        if coding:
            whole = await asyncio.to_thread(content_coding.coded, coding, whole)
        return RemoteAnswer(form, chosen, loaded.version, coding, fixed, took, whole, None)

    async def rows(self, query: Query) -> Rows:
        """A query's result as values, at most so many rows as `query.rows` says. Raises QueryFailed."""
        assert query.rows is not None
        seconds = min(query.seconds or self.limits.seconds, self.limits.most_seconds)
        known = self._dialect()
        form = await asyncio.to_thread(question.form_of, query.text, known, self.limits.query)
        loaded = await self._marker()
        asked = await asyncio.to_thread(question.asking, query, form, known, loaded, self.endpoint)
        async with self._place(query.client):
            return await self._rows(asked, query.rows, seconds, query.cut)

    async def ask_as_it_is(self, text: str, limit: int = 10_000_000, seconds: float = 600.0) -> Rows:
        """The rows of a SELECT of our own on the engine's own default graph. Raises QueryFailed."""
        return await self._rows(Asking((("query", text),), "solutions"), limit, seconds)

    def _dialect(self) -> Dialect:
        if self.dialect is None:
            raise QueryFailed("unreachable")
        return self.dialect

    async def _received(self, asked: Asking, seconds: float) -> IO[bytes]:
        if self._session is None:
            raise QueryFailed("unreachable")
        return await remote_http.receive(
            self._session, self.address, self._dialect(), asked, seconds, self.limits.result
        )

    async def _rows(self, asked: Asking, limit: int, seconds: float, cut: int | None = None) -> Rows:
        received = await self._received(asked, seconds)
        try:
            found = await asyncio.to_thread(result.rows, received, asked.form, limit, cut)
        except result.Broken as error:
            raise _broken(error) from error
        except OSError as error:
            raise no_room(error) from error
        finally:
            result.drop(received)
        return Rows.read(found, asked.form)

    async def _marker(self) -> Marker:
        if self.loaded is None:
            self.loaded = marker.read(await self._rows(HEAD, 10, remote_http.OWN))
        if self.loaded is None:
            raise QueryFailed("unavailable", message="nothing is loaded")
        return self.loaded

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(FRESH)
            found = None
            with suppress(QueryFailed):  # nothing is known then: the next query asks again, and tells its asker
                found = marker.read(await self._rows(HEAD, 10, remote_http.OWN))
            self.loaded = found

    @asynccontextmanager
    async def _place(self, client: str | None) -> AsyncIterator[None]:
        """A place among those of the client, who has some as long as it asks, and among all. Raises QueryFailed."""
        most = self.limits.parallel or max(1, self.size // 2)
        its = self._clients.setdefault(client, asyncio.Semaphore(most)) if client else asyncio.Semaphore()
        async with _taken(its, self.limits.patience), _taken(self._places, self.limits.patience):
            self.idle -= 1
            try:
                yield
            finally:
                self.idle += 1


@asynccontextmanager
async def _taken(places: asyncio.Semaphore, patience: float) -> AsyncIterator[None]:
    try:
        await asyncio.wait_for(places.acquire(), patience)
    except TimeoutError as error:
        raise QueryFailed("busy") from error
    try:
        yield
    finally:
        places.release()


def _broken(error: result.Broken) -> QueryFailed:
    return QueryFailed("engine", message=f"the engine's answer is broken: {error}")

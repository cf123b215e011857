"""Queries to a SPARQL 1.1 engine elsewhere: the same questions and answers as those of the pool of query processes.

Nothing of an answer leaves before it has arrived whole and was read; see server.remote_result.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Final

import aiohttp

from server import dialect, marker, query_text, remote_failure, remote_result
from server.asking import Query, QueryFailed, Rows, Term
from server.dialect import NOTHING, Dialect
from server.hidden_graphs import hide
from server.marker import Marker
from server.pool import MOST_BYTES, MOST_SECONDS, PATIENCE, QUERY_BYTES, SECONDS

FRESH: Final = 1.0  # seconds for which the version of the data is believed
PIECE: Final = 64 * 1024  # bytes of a result that leave at a time
FORMS: Final = {"SELECT": "solutions", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
CHANGING: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine is asked (`query`) and written (`graphs`, its Graph Store Protocol), and as whom.

    Without `user` nobody logs in. `scheme` is "digest" or "basic"; never what the engine would like better.
    """

    query: str
    graphs: str = ""
    user: str | None = None
    password: str = ""
    scheme: str = "digest"


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """A whole result. It is a server.asking.Answer."""

    form: str
    format: str | None
    version: str
    fixed: bool
    seconds: float
    result: IO[bytes]
    coding: str | None = None
    whole: bytes | None = None

    async def body(self) -> AsyncIterator[bytes]:
        """The serialised result in pieces; to be read once."""
        with self.result as file:
            while piece := file.read(PIECE):
                yield piece

    def abandon(self) -> None:
        """Nobody wants the rest."""
        self.result.close()


@dataclass(slots=True)
class RemoteEngine:
    """An engine elsewhere, used from one event loop: what server.pool.Pool is for the local store.

    `seconds` is a query's time when it asks for no other, `most_bytes` what the engine may send for one query,
    `parallel` how many queries are with the engine at a time; others wait `patience` seconds.
    """

    address: Address
    dialect: Dialect | None = None  # None: as the engine names itself, else one with a default graph of its own
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES
    parallel: int = 8
    patience: float = PATIENCE
    prefixes: Mapping[str, str] = field(default_factory=dict)
    endpoint: str | None = None
    loaded: Marker | None = field(default=None, init=False)
    _session: aiohttp.ClientSession | None = field(default=None, init=False)
    _places: asyncio.Semaphore | None = field(default=None, init=False)
    _asked: float = field(default=0.0, init=False)

    async def start(self) -> None:
        """Connect, and see what is loaded there. Raises QueryFailed: "unavailable" where nothing is."""
        await self.connect()
        await self._marker()

    async def connect(self) -> None:
        """Connect, and learn what engine it is. Raises QueryFailed."""
        self._places = asyncio.Semaphore(self.parallel)
        self._session = session(self.address)
        if self.dialect is None:
            named = dialect.of_server(await self._server())
            self.dialect = named or dialect.DIALECTS["oxigraph"]

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    async def run(self, query: Query) -> RemoteAnswer:
        """Answer a query. Raises QueryFailed."""
        form = _admitted(query, self._dialect())
        chosen = query.graphs if form == "graph" else query.results
        if chosen is None:
            raise QueryFailed("not-acceptable", form=form)
        began = time.monotonic()
        loaded = await self._marker()
        seconds = min(query.seconds or self.seconds, MOST_SECONDS)
        text, dataset = self._asking(query, loaded)
        received = await self._received(text, dataset, form, seconds)
        try:
            made = await asyncio.to_thread(remote_result.written, received, form, chosen, self.prefixes)
        except remote_result.Broken as error:
            raise QueryFailed("engine", message=f"the engine's answer is broken: {error}") from error
        finally:
            received.close()
        words = {token.text.upper() for token in query_text.tokens(query.text) if token.kind == "word"}
        fixed = not words & CHANGING
        return RemoteAnswer(form, chosen, loaded.version, fixed, time.monotonic() - began, made)

    async def rows(
        self,
        text: str,
        limit: int = 1000,
        default: tuple[str, ...] = (),
        named: tuple[str, ...] = (),
        client: str | None = None,
    ) -> Rows:
        """A query's result as values, at most `limit` rows. Raises QueryFailed."""
        query = Query(text, default=default, named=named, rows=limit)
        form = _admitted(query, self._dialect())
        asked, dataset = self._asking(query, await self._marker())
        return await self._rows(asked, dataset, form, limit, self.seconds)

    async def ask_as_it_is(self, text: str, limit: int = 10_000_000, seconds: float = 600.0) -> Rows:
        """The rows of a SELECT of our own on the engine's own default graph. Raises QueryFailed."""
        return await self._rows(text, [], "solutions", limit, seconds)

    def _dialect(self) -> Dialect:
        if self.dialect is None:
            raise QueryFailed("unavailable")
        return self.dialect

    async def _rows(self, text: str, dataset: list[tuple[str, str]], form: str, limit: int, seconds: float) -> Rows:
        received = await self._received(text, dataset, form, seconds)
        try:
            found = await asyncio.to_thread(remote_result.rows, received, form, limit)
        except remote_result.Broken as error:
            raise QueryFailed("engine", message=f"the engine's answer is broken: {error}") from error
        finally:
            received.close()
        table = tuple(tuple(None if term is None else Term(*term) for term in row) for row in found["rows"])
        return Rows(tuple(found["variables"]), table, found["more"], found["boolean"], form)

    async def _marker(self) -> Marker:
        if self.loaded is None or time.monotonic() - self._asked > FRESH:
            found = await self._rows(marker.HEAD, [], "solutions", 10, self.seconds)
            self.loaded, self._asked = marker.read(found), time.monotonic()
        if self.loaded is None:
            raise QueryFailed("unavailable", message="nothing is loaded")
        return self.loaded

    def _asking(self, query: Query, loaded: Marker) -> tuple[str, list[tuple[str, str]]]:
        """The text to send, and the parameters that tell the dataset (SPARQL 1.1 Protocol, 2.1.4)."""
        text, default, named = query.text, list(query.default), list(query.named)
        own = query_text.dataset(text)
        if default or named:
            text = query_text.without(text, own.clauses)
        elif own.clauses and own.resolved:
            text, default, named = query_text.without(text, own.clauses), list(own.default), list(own.named)
        elif own.clauses:
            raise QueryFailed("dataset", message="write the IRIs of FROM and FROM NAMED in full")
        known = self._dialect()
        if not named:
            text = hide(text, (dialect.MARKER, *known.own_graphs, *((loaded.merge,) if loaded.merge else ())))
        if self.endpoint:
            text = f"BASE <{self.endpoint}> {text}"
        if known.merge != "graph":
            return text, _parameters(default, named)
        if len(set(default)) > 1:
            raise QueryFailed("dataset", message="this engine counts a triple in each of several default graphs")
        if default or named:
            return text, _parameters(default or [NOTHING], named or [NOTHING])
        return text, _parameters([loaded.merge], [])

    async def _received(self, text: str, dataset: list[tuple[str, str]], form: str, seconds: float) -> IO[bytes]:
        """What the engine sent, whole. Raises QueryFailed."""
        assert self._session and self._places
        known = self._dialect()
        parameters = [("query", text), *dataset]
        if known.time:
            name, told = known.time
            parameters.append((name, told.format(seconds=max(1, round(seconds)), milliseconds=round(seconds * 1000))))
        try:
            await asyncio.wait_for(self._places.acquire(), self.patience)
        except TimeoutError as error:
            raise QueryFailed("busy") from error
        received = remote_result.spool()
        try:
            async with asyncio.timeout(seconds):
                await self._receive(parameters, form, known, received, seconds)
        except TimeoutError as error:
            received.close()
            raise QueryFailed("timeout", seconds=seconds) from error
        except aiohttp.ClientConnectorError as error:
            received.close()
            raise QueryFailed("unavailable") from error
        except aiohttp.ClientError as error:
            received.close()
            raise QueryFailed("engine", message=f"the engine broke off: {type(error).__name__}") from error
        except BaseException:
            received.close()
            raise
        finally:
            self._places.release()
        return received

    async def _receive(
        self, parameters: list[tuple[str, str]], form: str, known: Dialect, into: IO[bytes], seconds: float
    ) -> None:
        assert self._session
        headers = {"Accept": remote_result.ACCEPTED[form], "Accept-Encoding": "identity"}
        length = 0
        async with self._session.post(
            self.address.query, data=parameters, headers=headers, allow_redirects=False
        ) as answer:
            if answer.status != 200:
                start = await answer.content.read(remote_failure.MOST)
                raise remote_failure.of(answer.status, answer.content_type, start, seconds)
            if any(answer.headers.get(each) for each in known.cut):
                raise QueryFailed("timeout", seconds=seconds)
            if answer.content_type not in remote_result.MEDIA_TYPES[form]:
                raise QueryFailed("engine", message=f"the engine answered with {answer.content_type[:80]}")
            async for piece in answer.content.iter_chunked(PIECE):
                length += len(piece)
                if length > self.most_bytes:
                    raise QueryFailed("too-large", bytes=self.most_bytes)
                into.write(piece)

    async def _server(self) -> str:
        """How the engine names itself. Raises QueryFailed."""
        assert self._session
        try:
            async with (
                asyncio.timeout(self.seconds),
                self._session.post(self.address.query, data={"query": "ASK {}"}, allow_redirects=False) as answer,
            ):
                return answer.headers.get("Server", "")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise QueryFailed("unavailable") from error


def session(address: Address) -> aiohttp.ClientSession:
    """A client that obeys no proxy settings, keeps no cookies, and logs in where the address has a user."""
    digest = address.user and address.scheme == "digest"
    login = (aiohttp.DigestAuthMiddleware(address.user or "", address.password),) if digest else ()
    basic = aiohttp.BasicAuth(address.user, address.password) if address.user and not digest else None
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=login,
        auth=basic,
        timeout=aiohttp.ClientTimeout(total=None),
        connector=aiohttp.TCPConnector(limit=0),
    )


def _admitted(query: Query, known: Dialect) -> str:
    """The form of a query that may be sent. Raises QueryFailed."""
    if len(query.text.encode("utf-8", "surrogatepass")) > QUERY_BYTES:
        raise QueryFailed("too-long", bytes=QUERY_BYTES)
    what = query_text.refused(query.text)
    if what:
        raise QueryFailed("refused", what=what)
    door = known.back_door(query.text)
    if door:
        raise _syntax(f"{door[:60]} is not SPARQL 1.1")
    missing = query_text.undeclared(query.text)
    if missing:
        raise _syntax(f"Prefix not found: {missing[0]}")
    form = FORMS.get(query_text.first_keyword(query.text) or "")
    if form is None:
        raise _syntax("expected SELECT, ASK, CONSTRUCT or DESCRIBE")
    return form


def _syntax(message: str) -> QueryFailed:
    return QueryFailed("syntax", line=None, column=None, message=message)


def _parameters(default: list[str], named: list[str]) -> list[tuple[str, str]]:
    parameters = [("default-graph-uri", each) for each in dict.fromkeys(default)]
    return parameters + [("named-graph-uri", each) for each in dict.fromkeys(named)]

"""HTTP to a SPARQL 1.1 engine elsewhere: one query sent, its answer received whole or not at all."""

import asyncio
from dataclasses import dataclass
from typing import IO, Final

import aiohttp

from server.asking import QueryFailed, no_room
from server.remote import failure, result
from server.remote.dialect import Dialect
from server.remote.question import Asking

PIECE: Final = 64 * 1024  # bytes that are read at a time
OWN: Final = 10.0  # seconds for a question of our own about the engine


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine is asked (`query`) and written (`graphs`, its Graph Store Protocol), and as whom.

    Without `user` nobody logs in. `scheme` is "digest", "basic" or "bearer" (the password is a token); never what the
    engine would like better.
    """

    query: str
    graphs: str = ""
    user: str | None = None
    password: str = ""
    scheme: str = "digest"


def session(address: Address) -> aiohttp.ClientSession:
    """A client that obeys no proxy settings, keeps no cookies, and logs in where the address has a user."""
    digest = address.user and address.scheme == "digest"
    login = (aiohttp.DigestAuthMiddleware(address.user or "", address.password),) if digest else ()
    basic = aiohttp.BasicAuth(address.user or "", address.password) if address.scheme == "basic" else None
    token = {"Authorization": f"Bearer {address.password}"} if address.scheme == "bearer" else {}
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=login,
        auth=basic if address.user else None,
        headers=token if address.user else {},
        timeout=aiohttp.ClientTimeout(total=None),
        connector=aiohttp.TCPConnector(limit=0),
    )


async def receive(
    session: aiohttp.ClientSession,
    address: Address,
    known: Dialect,
    asked: Asking,
    seconds: float,
    most: int,
) -> IO[bytes]:
    """What the engine sent for a query, at most so many bytes in so many seconds. Raises QueryFailed."""
    into = result.spool()
    try:
        async with asyncio.timeout(seconds):
            await _receive(session, address, known, asked, seconds, most, into)
    except BaseException as error:
        result.drop(into)
        if isinstance(error, TimeoutError):
            raise QueryFailed("timeout", seconds=seconds) from error
        if isinstance(error, aiohttp.ClientConnectionError):
            raise QueryFailed("unreachable") from error
        if isinstance(error, aiohttp.ClientError):
            raise QueryFailed("engine", message=f"the engine broke off: {type(error).__name__}") from error
        if isinstance(error, OSError):
            raise no_room(error) from error
        raise
    return into


async def _receive(
    session: aiohttp.ClientSession,
    address: Address,
    known: Dialect,
    asked: Asking,
    seconds: float,
    most: int,
    into: IO[bytes],
) -> None:
    headers = {"Accept": result.ACCEPTED[asked.form], "Accept-Encoding": "identity"}
    sent = list(asked.parameters)
    if known.time:
        name, told = known.time
        sent.append((name, told.format(seconds=max(1, round(seconds)), milliseconds=round(seconds * 1000))))
    length = 0
    async with session.post(address.query, data=sent, headers=headers, allow_redirects=False) as answer:
        if answer.status != 200:
            start = await answer.content.read(failure.MOST)
            raise asked.told(failure.of(answer.status, answer.content_type, start, seconds))
        if any(answer.headers.get(each) for each in known.cut):
            raise QueryFailed("timeout", seconds=seconds)
        if answer.content_type not in result.MEDIA_TYPES[asked.form]:
            raise QueryFailed("engine", message=f"the engine answered with {answer.content_type[:80]}")
        async for piece in answer.content.iter_chunked(PIECE):
            length += len(piece)
            if length > most:
                raise QueryFailed("too-large", bytes=most)
            into.write(piece)


async def name_of(session: aiohttp.ClientSession, address: Address) -> str:
    """How the engine names itself, in the header Server. Raises QueryFailed."""
    try:
        async with (
            asyncio.timeout(OWN),
            session.post(address.query, data={"query": "ASK {}"}, allow_redirects=False) as answer,
        ):
            return answer.headers.get("Server", "")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise QueryFailed("unreachable") from error

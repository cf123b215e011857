"""The service as a program inside this one asks it: the same answers, without a port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from server.catalogue.publisher import Publisher
from server.processes.pool import Pool
from server.serve import Service, application
from server.storage import authority
from server.web import fair_use
from server.web.journal import Journal

ALL: Final = fair_use.Limits(None, None, None, None, None)
HOPS: Final = 3  # redirects that are followed


@dataclass(frozen=True, slots=True)
class Got:
    """An answer; `path` is where it was, after redirects."""

    path: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(slots=True)
class Client:
    """What stands for a client's connection: what is sent to it is gathered (server.web.sending, ASGI)."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: list[bytes] = field(default_factory=list)
    under_way: Any = None
    gone: bool = False

    async def answer(self, _cycle: object, status: int, head: bytes, body: bytes) -> None:
        """Take a whole answer, as server.web.connections.Connection sends it."""
        self.status, self.body = status, [body]
        for line in head.split(b"\r\n"):
            name, colon, value = line.partition(b": ")
            if colon:
                self.headers.append((name, value))

    async def send(self, message: dict[str, Any]) -> None:
        """Take a message of ASGI."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        else:
            self.body.append(message.get("body", b""))


@dataclass(frozen=True, slots=True)
class Inside:
    """The application, to be asked; `host` is the name under which it believes to be reached."""

    application: Any
    host: str

    async def get(self, path: str, accept: str = "text/html", query: str = "") -> Got:
        """The answer to GET, redirects within the service followed. `path` is decoded."""
        for _ in range(HOPS):
            got = await self._once(path, accept, query)
            where = got.headers.get("location", "")
            if got.status not in {301, 303, 307, 308} or not where.startswith("/"):
                return got
            path, _, query = _unquoted(where)
        return got

    async def _once(self, path: str, accept: str, query: str) -> Got:
        client = Client()
        headers = [(b"host", self.host.encode()), (b"accept", accept.encode())]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "method": "GET", "scheme": "http", "http_version": "1.1",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": headers, "client": ("127.0.0.1", 0), "server": ("localhost", 80),
            "connection": client, "cycle": None,
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        await self.application(scope, receive, client.send)
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in client.headers}
        return Got(path, client.status, told, b"".join(client.body))


@asynccontextmanager
async def inside(
    data_dir: Path, base: str, queries: int, publisher: Publisher | None = None, web: str | None = None
) -> AsyncIterator[Inside]:
    """The service over a data folder with so many query processes; `web` is where it is reached, where no publisher
    tells it. Raises QueryFailed where it cannot start."""
    pool = Pool(data_dir, queries, Service().limits, authority.prefixes(base), f"{base}/sparql")
    service = Service(share=ALL, cache=0, journal=Journal(write=_nowhere), publisher=publisher)
    front = application(data_dir, base, pool, service, own_address=web)
    try:
        await pool.start()
        yield Inside(front, base.partition("://")[2].partition("/")[0])
    finally:
        await asyncio.to_thread(front.pages.executor.shutdown)  # a page that is being made asks the pool still
        await pool.close()
        await asyncio.sleep(0)


def _nowhere(_line: bytes) -> None:
    """Requests of our own are not told."""


def _unquoted(where: str) -> tuple[str, str, str]:
    address, mark, query = where.partition("?")
    return unquote(address), mark, query

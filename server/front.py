"""The ASGI application: programs are answered here, pages by Flask in threads beside it."""

import asyncio
import json
import logging
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from server import client_address, graph_store, metrics, negotiation, request, sparql
from server.asking import QueryFailed
from server.client_address import Client, Proxies
from server.endpoint import PATHS, Endpoint
from server.messages import Problem
from server.request import Disconnected, Heard
from server.sparql import Headers, Reply

WATCH: Final = 0.1  # seconds after which it is watched whether the client still waits
METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
READ: Final = ("GET", "HEAD")
FAULT: Final = (
    "Begäran kunde inte besvaras; felet är inte ditt.",
    "The request was not answered; it is not your fault.",
)
NO_SNIFFING: Final = (b"x-content-type-options", b"nosniff")
STATUS: Final = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


@dataclass(slots=True)
class Front:
    """What the server calls for each request; `pages` is the application that makes HTML pages, as ASGI."""

    endpoint: Endpoint
    pages: Any
    proxies: Proxies

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        heard = request.hear(scope)
        begun = False

        async def sending(message: Any) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._answer(heard, scope, receive, sending)
        except (Disconnected, QueryFailed):
            return  # a result that is cut leaves the transfer broken, to be seen
        except Exception as error:
            logging.getLogger("kommungraf").exception("a request was not answered", exc_info=error)
            if not begun:
                await _send(send, heard, _refused(heard, 500, *FAULT))

    async def _answer(self, heard: Heard, scope: Any, receive: Any, send: Any) -> None:
        if not _one_host(heard):
            await _send(send, heard, _refused(heard, 400, "Rubriken Host saknas.", "The header Host is missing."))
        elif heard.path in PATHS:
            await self._sparql(heard, scope, receive, send)
        elif heard.path == graph_store.PATH:
            await self._answered(heard, receive, send, self._graph(heard))
        elif reply := await self._small(heard):
            await _send(send, heard, reply)
        else:
            await self._page(heard, scope, receive, send)

    async def _sparql(self, heard: Heard, scope: Any, receive: Any, send: Any) -> None:
        key = _key(heard)
        headers = heard.headers
        if heard.method in READ and b"cache-control" not in headers:
            kept = self.endpoint.kept.get(self.endpoint.version(), key)
            if kept:
                self.endpoint.admission.metrics.query("cached", 0.0, len(kept.body))
                if kept.tag in headers.get(b"if-none-match", b""):
                    await _send_whole(send, 304, kept.unchanged, b"")
                else:
                    await _send_whole(send, 200, kept.headers, kept.body)
                return
        if heard.method == "OPTIONS":
            await _send(send, heard, Reply(204, (*sparql.PREFLIGHT, *sparql.CORS)))
            return
        if heard.method not in METHODS:
            await _send(send, heard, _not_allowed(heard, ", ".join(METHODS)))
            return
        body = await self._body(heard, receive)
        asked = sparql.read(
            sparql.Request(
                heard.method,
                heard.query_string,
                heard.text(b"content-type") or "",
                body,
                heard.text(b"accept"),
                heard.text(b"accept-language"),
            )
        )
        if isinstance(asked, Problem):
            await _send(send, heard, sparql.refusal(asked, _language(heard)))
        elif sparql.wants_page(asked, heard.text(b"accept")):
            await self._page(heard, scope, _again(body or b""), send)
        else:
            key = (*key, headers.get(b"content-type", b""), body) if body else key
            await self._answered(heard, receive, send, self.endpoint.sparql(heard, asked, self._client(heard), key))

    async def _body(self, heard: Heard, receive: Any) -> bytes | None:
        """The body of a request, empty where none belongs to it, None where its length is not told."""
        if heard.method != "POST":
            return b""
        if b"content-length" not in heard.headers:
            return None
        return await request.body(receive, sparql.MOST_BODY)

    def _client(self, heard: Heard) -> Client:
        return client_address.client(heard.peer or None, heard.headers.items(), self.proxies)

    async def _graph(self, heard: Heard) -> Reply:
        if heard.method == "OPTIONS":
            return Reply(204, ((b"allow", graph_store.ALLOWED.encode()), *sparql.PREFLIGHT[1:], *sparql.CORS))
        return await self.endpoint.graph(heard, self._client(heard), _key(heard))

    async def _small(self, heard: Heard) -> Reply | None:
        """The answers that tell how the service is, for those who watch it."""
        if heard.path == "*" and heard.method == "OPTIONS":  # RFC 9110, 9.3.7: the server as a whole
            return Reply(204, ((b"allow", ", ".join(METHODS).encode()),))
        if heard.method not in READ:
            return None
        if heard.path == "/metrics":
            told = self.endpoint.admission.metrics.exposition()
            return Reply(200, ((b"content-type", metrics.MEDIA_TYPE.encode()), (b"cache-control", b"no-store")), told)
        if heard.path == "/healthz":
            return Reply(200, STATUS, b'{"status":"ok"}\n')
        return await self._ready() if heard.path == "/readyz" else None

    async def _ready(self) -> Reply:
        try:
            async with asyncio.timeout(2):
                await self.endpoint.engine.rows("ASK {}")
            status, told = 200, {"status": "ready", "version": self.endpoint.version()}
        except (QueryFailed, TimeoutError) as error:
            status, told = 503, {"status": "not ready", "reason": getattr(error, "kind", "timeout")}
        body = json.dumps(told).encode() + b"\n"
        return Reply(status, STATUS, body)

    async def _page(self, heard: Heard, scope: Any, receive: Any, send: Any) -> None:
        client = self._client(heard)
        planned = self.endpoint.description_of(heard, client)
        if planned is not None:
            await self._answered(heard, receive, send, self.endpoint.described(heard, planned, client, _key(heard)))
            return
        if not heard.query_string.isascii():
            scope = {**scope, "query_string": quote(heard.query_string, safe="%&=+;/?:@!$'()*,~-._").encode()}
        began, status, length = time.monotonic(), 0, 0

        async def note(message: Any) -> None:
            nonlocal status, length
            status = message.get("status", status)
            length += len(message.get("body", b""))
            await send(message)

        await self.pages({**scope, "client-of-page": client}, receive, note)
        seconds = time.monotonic() - began
        route: metrics.Route = "static" if heard.path.startswith("/static/") else "page"
        self.endpoint.admission.metrics.request(route, status, seconds)
        self.endpoint.admission.journal.request(route, heard.method, status, seconds, length, client.shown)

    async def _answered(self, heard: Heard, receive: Any, send: Any, answering: Any) -> None:
        """Send what is being answered, unless the client leaves: then the query is stopped."""
        task = asyncio.current_task()
        assert task
        watching: asyncio.Task[None] | None = None
        left = False

        async def watch() -> None:
            nonlocal left
            while (await receive())["type"] != "http.disconnect":
                pass
            left = True
            task.cancel()

        def begin() -> None:
            nonlocal watching
            watching = asyncio.get_running_loop().create_task(watch())

        timer = asyncio.get_running_loop().call_later(WATCH, begin)
        try:
            await _send(send, heard, await answering)
        except asyncio.CancelledError:
            if not left:
                raise
            raise Disconnected from None
        finally:
            timer.cancel()
            if watching and not watching.done():
                watching.cancel()


def _key(heard: Heard) -> tuple[bytes, ...]:
    """What chooses the answer to a request without a body."""
    headers = heard.headers
    return (
        heard.path.encode(),
        heard.query_string,
        headers.get(b"accept", b""),
        headers.get(b"accept-encoding", b""),
    )


def _one_host(heard: Heard) -> bool:
    """RFC 9112, 3.2: a request of HTTP/1.1 names one host."""
    return heard.headers.get(b"host", b"," if heard.version == "1.1" else b"").count(b",") == 0


def _language(heard: Heard) -> str:
    return negotiation.language(heard.text(b"accept-language"))


def _refused(heard: Heard, status: int, sv: str, en: str) -> Reply:
    return sparql.refusal(Problem(status, sv, en), _language(heard))


def _not_allowed(heard: Heard, allowed: str) -> Reply:
    sv, en = "Metoden är inte tillåten här.", "The method is not allowed here."
    return sparql.refusal(Problem(405, sv, en, headers=(("Allow", allowed),)), _language(heard))


def _again(body: bytes) -> Any:
    """A body that was read already, to be read once more."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _send(send: Any, heard: Heard, reply: Reply) -> None:
    body = reply.body
    if isinstance(body, bytes):
        headers = reply.headers
        if reply.status not in {204, 304} and headers[-1][0] != b"content-length":
            headers = (*headers, (b"content-length", str(len(body)).encode()))
        await _send_whole(send, reply.status, headers, body)
        return
    await send({"type": "http.response.start", "status": reply.status, "headers": (*reply.headers, NO_SNIFFING)})
    if heard.method == "HEAD":
        await body.aclose()
    else:
        async for piece in body:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _send_whole(send: Any, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": (*headers, NO_SNIFFING)})
    await send({"type": "http.response.body", "body": body})

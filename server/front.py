"""The ASGI application: programs are answered here, pages by Flask in threads beside it."""

import asyncio
import json
import logging
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from server import client_address, graph_store, messages, metrics, negotiation, request, sparql
from server.admission import GONE
from server.asking import QueryFailed
from server.client_address import Client, Proxies
from server.endpoint import PATHS, Endpoint
from server.messages import Problem
from server.request import Disconnected, Heard
from server.sparql import Headers, Reply

WATCH: Final = 0.1  # seconds after which it is watched whether the client still waits
METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
READ: Final = ("GET", "HEAD")
OPERATION: Final = ("/healthz", "/readyz", "/metrics")
TAKEN: Final = 60.0  # seconds within which a client takes the next piece of a large answer
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
        began, status, length, told = time.monotonic(), 0, 0, False

        async def sending(message: Any) -> None:
            nonlocal status, length
            status = message.get("status", status)
            length += len(message.get("body", b""))
            await send(message)

        try:
            told = await self._answer(heard, scope, receive, sending)
        except Disconnected:
            status = status or GONE
        except QueryFailed:
            told = True  # a result that is cut leaves the transfer broken, to be seen
        except Exception as error:
            logging.getLogger("kommungraf").exception("a request was not answered", exc_info=error)
            if not status:
                await _send(sending, heard, _refused(heard, 500, *FAULT))
        seconds = time.monotonic() - began
        route = _route(heard.path)
        self.endpoint.admission.metrics.request(route, status, seconds)
        if not told:
            shown = self._client(heard).shown
            self.endpoint.admission.journal.request(route, heard.method, status, seconds, length, shown)

    async def _answer(self, heard: Heard, scope: Any, receive: Any, send: Any) -> bool:
        """Answer a request; whether the journal has been told of it."""
        if not _one_host(heard):
            refused = _refused(heard, 400, "Rubriken Host ska stå en gång.", "The header Host must stand once.")
            return await _send(send, heard, refused)
        if heard.path in PATHS:
            return await self._sparql(heard, scope, receive, send)
        if heard.path == graph_store.PATH:
            return await self._answered(heard, receive, send, self._graph(heard))
        if reply := await self._small(heard):
            return await _send(send, heard, reply)
        return await self._page(heard, scope, receive, send)

    async def _sparql(self, heard: Heard, scope: Any, receive: Any, send: Any) -> bool:
        key = _key(heard)
        if heard.method in READ and await self._kept(heard, key, send):
            return True
        if heard.method == "OPTIONS":
            return await _send(send, heard, Reply(204, (*sparql.PREFLIGHT, *sparql.CORS)))
        if heard.method not in METHODS:
            return await _send(send, heard, _not_allowed(heard, ", ".join(METHODS)))
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
        client = self._client(heard)
        if isinstance(asked, Problem):
            try:
                self.endpoint.admission.misused(client)
            except QueryFailed as failure:
                asked = messages.of_failure(failure, "", {})
            return await _send(send, heard, sparql.refusal(asked, _language(heard)))
        if sparql.wants_page(asked, heard.text(b"accept")):
            if asked.query:
                found = await _watched(receive, self.endpoint.rows(asked, client))
                scope = {**scope, "found": found}
            await self._page(heard, scope, _again(body or b""), send)
            return bool(asked.query)
        if body:
            key = (*key, heard.headers.get(b"content-type", b""), body)
            if await self._kept(heard, key, send):
                return True
        return await self._answered(heard, receive, send, self.endpoint.sparql(heard, asked, client, key))

    async def _kept(self, heard: Heard, key: tuple[bytes, ...], send: Any) -> bool:
        """Send an answer that was given before, where there is one and the client does not mind."""
        if b"cache-control" in heard.headers:
            return False
        kept = self.endpoint.kept.get(self.endpoint.version(), key)
        if not kept:
            return False
        admission = self.endpoint.admission
        admission.metrics.query("cached", 0.0, len(kept.body))
        admission.journal.query(kept.told, self._client(heard).shown)
        match = heard.headers.get(b"if-none-match", b"")
        if heard.method != "POST" and (kept.tag in match or match == b"*"):
            await _send_whole(send, 304, kept.unchanged, b"")
        else:
            await _send_whole(send, 200, kept.headers, kept.body)
        return True

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
        if heard.path not in OPERATION:
            return None
        if heard.method not in READ:
            return _not_allowed(heard, ", ".join(READ))
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

    async def _page(self, heard: Heard, scope: Any, receive: Any, send: Any) -> bool:
        client = self._client(heard)
        planned = self.endpoint.description_of(heard, client)
        if planned is not None:
            found = self.endpoint.described(heard, planned, client, _key(heard))
            return await self._answered(heard, receive, send, found)
        if not heard.query_string.isascii():
            scope = {**scope, "query_string": quote(heard.query_string, safe="%&=+;/?:@!$'()*,~-._").encode()}
        await self.pages(scope, receive, send)
        return False

    async def _answered(self, heard: Heard, receive: Any, send: Any, answering: Any) -> bool:
        """Send what is being answered, unless the client leaves: then the query is stopped."""
        reply: Reply = await _watched(receive, answering)
        told: bool = await _watched(receive, _send(send, heard, reply))
        return told


async def _watched(receive: Any, working: Any) -> Any:
    """What is being worked on, unless the client leaves: then the work is cancelled. Raises Disconnected."""
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
        return await working
    except asyncio.CancelledError:
        if not left:
            raise
        task.uncancel()
        raise Disconnected from None
    finally:
        timer.cancel()
        if watching and not watching.done():
            watching.cancel()


def _route(path: str) -> metrics.Route:
    if path in PATHS:
        return "sparql"
    if path == graph_store.PATH:
        return "graphs"
    if path in OPERATION:
        return "operation"
    return "static" if path.startswith("/static/") else "page"


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


async def _send(send: Any, heard: Heard, reply: Reply) -> bool:
    """Send an answer; whether the journal has been told of it. Raises QueryFailed where it is cut."""
    body = reply.body
    if isinstance(body, bytes):
        headers = reply.headers
        if reply.status not in {204, 304} and headers[-1][0] != b"content-length":
            headers = (*headers, (b"content-length", str(len(body)).encode()))
        await _send_whole(send, reply.status, headers, body)
        return reply.told
    try:
        await send({"type": "http.response.start", "status": reply.status, "headers": (*reply.headers, NO_SNIFFING)})
        if heard.method != "HEAD":
            async for piece in body.body():
                async with asyncio.timeout(TAKEN):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                await asyncio.sleep(0)  # the transport tells in the next turn of the loop that it has enough
        await send({"type": "http.response.body", "body": b""})
    except TimeoutError as error:
        raise QueryFailed("abandoned") from error
    finally:
        body.abandon()
    return reply.told


async def _send_whole(send: Any, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": (*headers, NO_SNIFFING)})
    await send({"type": "http.response.body", "body": body})

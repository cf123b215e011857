"""The ASGI application: programs are answered here, pages by Flask in threads beside it."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from server import messages
from server.asking import Query, QueryFailed
from server.export import dumps_reply
from server.export.dumps import Offered
from server.messages import Problem
from server.sparql import graph_store, protocol
from server.sparql.endpoint import PATHS, Endpoint
from server.sparql.protocol import Asked, Reply
from server.things import dereferencing
from server.web import metrics, request
from server.web.admission import GONE
from server.web.client_address import Proxies
from server.web.request import Disconnected, Heard
from server.web.sending import MadePage, Sending

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
READ: Final = ("GET", "HEAD")
CHANGING: Final = ("/datasets/dcat",)  # pages that tell of more than the published version: not kept
OPERATION: Final = ("/healthz", "/readyz", "/metrics")
FAULT: Final = (
    "Begäran kunde inte besvaras; felet är inte ditt.",
    "The request was not answered; it is not your fault.",
)
HOST: Final = (
    "Rubriken Host ska stå en gång, som namn eller namn:port.",
    "The header Host must stand once, as a name or name:port.",
)
CODED: Final = Problem(
    415,
    "Skicka kroppen som den är, utan Content-Encoding.",
    "Send the body as it is, without Content-Encoding.",
    headers=(("Accept-Encoding", "identity"),),
)
TOO_LARGE: Final = Problem(413, "Högst 1 MiB åt gången: dela upp.", "At most 1 MiB at a time: divide it.")
STATUS: Final = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


@dataclass(slots=True)
class Front:
    """What the server calls for each request; `pages` is the application that makes HTML pages, as ASGI; `prepare`
    does beforehand what the first of them would wait for, and `keeping` renews what they have in memory, beside the
    requests."""

    endpoint: Endpoint
    pages: Any
    proxies: Proxies
    dumps: Offered
    prepare: Callable[[], None]
    keeping: Callable[[], Coroutine[Any, Any, None]]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        began = time.monotonic()
        heard = request.hear(scope, self.proxies)
        sending = Sending(heard, scope, send)
        try:
            await self._answer(heard, scope, receive, sending)
        except Disconnected:
            sending.status = sending.status or GONE
        except QueryFailed:
            sending.told = True  # a result that is cut leaves the transfer broken, to be seen
        except Exception as error:
            logging.getLogger("kommungraf").exception("a request was not answered", exc_info=error)
            if not sending.status:
                await sending.reply(_refused(heard, 500, *FAULT))
        seconds = time.monotonic() - began
        route, status = _route(heard.path), sending.status
        self.endpoint.admission.metrics.request(route, status, seconds)
        if not sending.told:
            shown = heard.client.shown
            self.endpoint.admission.journal.request(route, heard.method, status, seconds, sending.length, shown)

    async def _answer(self, heard: Heard, scope: Any, receive: Any, sending: Sending) -> None:
        if not heard.names_one_host:
            await sending.reply(_refused(heard, 400, *HOST))
        elif heard.path in PATHS:
            await self._sparql(heard, scope, receive, sending)
        elif heard.path == graph_store.PATH:
            await sending.watched(_answered(heard, sending, self._graph(heard)))
        elif reply := dumps_reply.reply(heard, self.dumps) or await self._small(heard):
            await sending.reply(_unless_lacking(heard, reply))
        elif not (heard.path.startswith(dereferencing.THINGS) and await self._thing(heard, sending)):
            await self._page(heard, scope, receive, sending)

    async def _thing(self, heard: Heard, sending: Sending) -> bool:
        """Answer at the identifier of a thing; False where a page tells why it has no description."""
        if heard.method == "OPTIONS":
            allow = (b"allow", dereferencing.ALLOWED.encode())
            reply: Reply | None = Reply(204, (allow, *protocol.PREFLIGHT[1:], *protocol.CORS))
        elif heard.method not in READ:
            reply = _not_allowed(heard, dereferencing.ALLOWED)
        else:
            reply = await sending.watched(self.endpoint.thing(heard))
        if reply:
            await sending.reply(reply)
        return reply is not None

    async def _sparql(self, heard: Heard, scope: Any, receive: Any, sending: Sending) -> None:
        key, reads = _key(heard), heard.method in READ
        body, refused = b"", None
        if reads and await self._kept(heard, key, sending):
            return
        if not reads:
            if heard.method == "OPTIONS":
                await sending.reply(Reply(204, (*protocol.PREFLIGHT, *protocol.CORS)))
                return
            if heard.method not in METHODS:
                await sending.reply(_not_allowed(heard, ", ".join(METHODS)))
                return
            body, refused = await _body(heard, receive)
        asked = refused or self._asked(heard, body)
        if isinstance(asked, Problem):
            try:
                await sending.watched(self.endpoint.admission.misused(heard.client))
            except QueryFailed as failure:
                asked = messages.of_failure(failure, "", {})
            await sending.reply(protocol.refusal(asked, heard.language))
        elif protocol.wants_page(asked, heard.text(b"accept")):
            if asked.query:
                scope = {**scope, "found": await sending.watched(self.endpoint.rows(asked, heard.client))}
            await self.pages(scope, _again(body), sending)
            sending.told = bool(asked.query)
        else:
            if body:
                key = (*key, heard.headers.get(b"content-type", b""), body)
                if await self._kept(heard, key, sending):
                    return
            await sending.watched(_answered(heard, sending, self.endpoint.sparql(heard, asked, key)))

    def _asked(self, heard: Heard, body: bytes) -> Asked | Problem:
        asked = protocol.Request(
            heard.method,
            heard.query_string,
            heard.text(b"content-type") or "",
            body,
            heard.text(b"accept"),
            heard.text(b"accept-language"),
        )
        return protocol.read(asked, self.endpoint.engine.limits.query)

    async def _kept(self, heard: Heard, key: tuple[bytes, ...], sending: Sending) -> bool:
        """Send an answer that was given before, where there is one and the client does not mind."""
        if b"cache-control" in heard.headers:
            return False
        kept = self.endpoint.kept.get(self.endpoint.version(), key)
        if not kept or heard.lacks(kept.tag):
            return False
        if kept.told:
            self.endpoint.admission.metrics.query("cached", 0.0, len(kept.body))
            self.endpoint.admission.journal.query(kept.told, heard.client.shown)
            sending.told = True
        if heard.has(kept.tag):
            await sending.whole(304, kept.unchanged, b"")
        else:
            await sending.whole(200, kept.head, kept.body)
        return True

    async def _graph(self, heard: Heard) -> Reply:
        if heard.method == "OPTIONS":
            return Reply(204, ((b"allow", graph_store.ALLOWED.encode()), *protocol.PREFLIGHT[1:], *protocol.CORS))
        return await self.endpoint.graph(heard, _key(heard))

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
                await self.endpoint.engine.rows(Query("ASK {}", rows=1))
            status, told = 200, {"status": "ready", "version": self.endpoint.version()}
        except (QueryFailed, TimeoutError) as error:
            status, told = 503, {"status": "not ready", "reason": getattr(error, "kind", "timeout")}
        body = json.dumps(told).encode() + b"\n"
        return Reply(status, STATUS, body)

    async def _page(self, heard: Heard, scope: Any, receive: Any, sending: Sending) -> None:
        planned = self.endpoint.description_of(heard)
        if planned is not None:
            key = _key(heard)
            if await self._kept(heard, key, sending):
                return
            if reply := await sending.watched(self.endpoint.described(heard, planned, key)):
                await sending.reply(_unless_lacking(heard, reply))
                return
        if not heard.query_string.isascii():
            scope = {**scope, "query_string": quote(heard.query_string, safe="%&=+;/?:@!$'()*,~-._").encode()}
        key = (*_key(heard), heard.headers.get(b"accept-language", b""))
        if heard.method in READ and await self._kept(heard, key, sending):
            return
        body, refused = await _body(heard, receive) if heard.method == "POST" else (b"", None)
        if refused or len(body) > protocol.MOST_BODY:
            await sending.reply(protocol.refusal(refused or TOO_LARGE, heard.language))
            return
        if heard.path.startswith("//"):  # as the URL Standard writes such a path; pages would take it for one slash
            scope = {**scope, "path": "/." + heard.path}
        version, made = self.endpoint.version(), MadePage(sending)
        if heard.path.startswith("/feed"):
            version = None  # the feed follows the data, a moment later
        await self.pages(scope, _again(body), made)
        if (
            heard.path not in CHANGING
            and version
            and heard.method == "GET"
            and version == self.endpoint.version()
            and (page := made.kept())
        ):
            self.endpoint.kept.keep(version, key, page)


async def _answered(heard: Heard, sending: Sending, answering: Awaitable[Reply]) -> None:
    await sending.reply(_unless_lacking(heard, await answering))


def _unless_lacking(heard: Heard, reply: Reply) -> Reply:
    """An answer, or 412 where its entity tag is known and none that the client wants (RFC 9110, 13.1.1, 13.2.2)."""
    tag = dict(reply.headers).get(b"etag") if b"if-match" in heard.headers else None
    if tag is None or not heard.lacks(tag):
        return reply
    if not isinstance(reply.body, bytes):
        reply.body.abandon()
    return replace(protocol.refusal(protocol.OF_ANOTHER, heard.language), told=reply.told)


async def _body(heard: Heard, receive: Any) -> tuple[bytes, Problem | None]:
    """The body of a POST, read before anything waits for it, or why it is not taken."""
    if heard.headers.get(b"content-encoding", b"").lower() not in {b"", b"identity"}:
        return b"", CODED
    if b"content-length" not in heard.headers:
        return b"", protocol.NO_LENGTH
    return await request.body(receive, protocol.MOST_BODY), None


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


def _refused(heard: Heard, status: int, sv: str, en: str) -> Reply:
    return protocol.refusal(Problem(status, sv, en), heard.language)


def _not_allowed(heard: Heard, allowed: str) -> Reply:
    sv, en = "Metoden är inte tillåten här.", "The method is not allowed here."
    return protocol.refusal(Problem(405, sv, en, headers=(("Allow", allowed),)), heard.language)


def _again(body: bytes) -> Any:
    """A body that was read already, to be read once more."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive

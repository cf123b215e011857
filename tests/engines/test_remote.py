"""What an engine elsewhere may send: nothing of it gets out that is not a whole result of the right kind."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from server.asking import Limits, Query, QueryFailed
from server.remote import dialect, marker
from server.remote.dialect import DIALECTS
from server.remote.engine import Address, RemoteAnswer, RemoteEngine
from server.remote.marker import Marker
from tests.server.processes.test_reception import at_most

JSON = "application/sparql-results+json"
LOADED = Marker("v1", "https://base.example", "", {"urn:g": "d1"})
ROWS = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "urn:x"}}]}}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def marked(name: str) -> web.Response:
    told = [(dialect.MARKER, marker.NS + key, value) for key, value in
            (("version", LOADED.version), ("base", LOADED.base), ("merge", LOADED.merge))]  # fmt: skip
    rows = [
        {"s": {"type": "uri", "value": s}, "p": {"type": "uri", "value": p}, "o": {"type": "literal", "value": o}}
        for s, p, o in told
    ]
    return web.json_response({"head": {"vars": ["s", "p", "o"]}, "results": {"bindings": rows}}, content_type=JSON)


def asked(
    handler: Handler, work: Callable[[RemoteEngine], Awaitable[object]], limits: Limits | None = None
) -> object:
    """What is done with an engine that answers every query but the one for its marker with a handler."""

    async def handle(request: web.Request) -> web.StreamResponse:
        query = str((await request.post()).get("query", ""))
        return await marked(query) if query == marker.HEAD else await handler(request)

    async def run() -> object:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        engine = RemoteEngine(
            Address(f"http://127.0.0.1:{port}/sparql"), DIALECTS["oxigraph"], limits=limits or Limits()
        )
        try:
            await engine.start()
            return await work(engine)
        finally:
            await engine.close()
            await runner.cleanup()

    return asyncio.run(run())


def failure(handler: Handler, query: str = "SELECT ?x {}", limits: Limits | None = None) -> QueryFailed:
    async def work(engine: RemoteEngine) -> QueryFailed:
        with pytest.raises(QueryFailed) as caught:
            await engine.run(Query(query))
        return caught.value

    found = asked(handler, work, limits)
    assert isinstance(found, QueryFailed)
    return found


def says(status: int, text: str, kind: str = "text/plain", **headers: str) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type=kind, headers=headers)

    return handler


@pytest.mark.parametrize(
    ("query", "text", "kind", "holds"),
    [
        (
            "SELECT ?x {}",
            json.dumps(ROWS).replace('"uri"', '"literal"').replace("urn:x", "\\u0001"),
            JSON,
            "character",
        ),
        ("CONSTRUCT WHERE {}", "<a:a> <http://e/1> 'x' .\n".replace("'", '"'), "application/n-triples", "predicate"),
    ],
)
def test_what_a_format_cannot_hold_is_told_as_at_home(query: str, text: str, kind: str, holds: str) -> None:
    async def work(engine: RemoteEngine) -> QueryFailed:
        assert (await engine.run(Query(query))).whole
        with pytest.raises(QueryFailed) as caught:
            await engine.run(Query(query, results="xml", graphs="rdfxml"))
        return caught.value

    failed = asked(says(200, text, kind), work)
    assert isinstance(failed, QueryFailed) and (failed.kind, failed.details["holds"]) == ("unwritable", holds)


def test_what_a_client_is_shown_is_cut() -> None:
    def long(number: int) -> Handler:
        return says(200, json.dumps(ROWS).replace('"uri"', '"literal"').replace("urn:x", "x" * number), JSON)

    async def shown(engine: RemoteEngine) -> list[int]:
        found = [await engine.rows(Query("SELECT ?x {}", rows=9, cut=cut)) for cut in (None, 100)]
        return [len(term.value) for each in found for row in each.rows for term in row if term]

    async def wide(engine: RemoteEngine) -> str:
        with pytest.raises(QueryFailed) as caught:
            await engine.rows(Query("SELECT ?x {}", rows=9, cut=2**30))
        return caught.value.kind

    assert asked(long(500), shown) == [500, 101]
    assert asked(long(5 * 2**20), wide) == "too-large"


PAGE = "<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        (says(200, PAGE, "text/html"), "engine"),
        (says(200, PAGE, JSON), "engine"),
        (says(200, json.dumps(ROWS)[:-1], JSON), "engine"),
        (says(200, '{"head":{},"boolean":true}', JSON), "engine"),
        (says(200, "", JSON), "engine"),
        (says(204, "", JSON), "engine"),
        (says(302, "", Location="http://127.0.0.1:9/"), "engine"),
        (says(307, "", Location="http://127.0.0.1:9/"), "engine"),
        (says(400, "Parse error: line 2, column 5: what?"), "syntax"),
        (says(400, PAGE, "text/html"), "syntax"),
        (says(401, ""), "engine"),
        (says(500, "out of memory"), "engine"),
        (says(500, "Query timed out after 10 s"), "timeout"),
        (says(503, "busy"), "busy"),
        (says(429, "slower"), "busy"),
        (says(504, ""), "timeout"),
    ],
)
def test_what_is_no_result_is_a_failure(handler: Handler, kind: str) -> None:
    found = failure(handler)
    assert found.kind == kind
    assert "script" not in str(found)


def test_a_syntax_error_tells_its_place() -> None:
    found = failure(says(400, "Parse error: line 2, column 5: what?"))
    assert (found.details["line"], found.details["column"]) == (2, 5)
    assert "what?" in found.details["message"]


def test_a_body_that_breaks_off_is_no_result() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": JSON, "Content-Length": "100000"})
        await answer.prepare(request)
        await answer.write(json.dumps(ROWS).encode())
        assert request.transport
        request.transport.close()
        return answer

    assert failure(handler).kind == "engine"


def test_an_engine_that_never_ends_is_left_at_the_limit() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": JSON})
        await answer.prepare(request)
        for _ in range(100):
            await answer.write(b" " * 10)
            await asyncio.sleep(0.1)
        return answer

    began = time.monotonic()
    found = failure(handler, limits=Limits(seconds=0.5))
    assert found.kind == "timeout" and found.details["seconds"] == 0.5
    assert time.monotonic() - began < 2


def test_a_result_that_is_too_large_is_no_result() -> None:
    assert failure(says(200, " " * 3_000_000, JSON), limits=Limits(result=2_000_000)).kind == "too-large"


def test_queries_beyond_the_places_wait_and_are_told() -> None:
    async def handler(_: web.Request) -> web.Response:
        await asyncio.sleep(0.6)
        return web.json_response(ROWS, content_type=JSON)

    async def work(engine: RemoteEngine) -> list[object]:
        query = Query("SELECT ?x {}", client="203.0.113.1")
        return list(await asyncio.gather(*(engine.run(query) for _ in range(3)), return_exceptions=True))

    found = asked(handler, work, Limits(parallel=2, patience=0.3))
    assert isinstance(found, list)
    kinds = [each.kind if isinstance(each, QueryFailed) else type(each).__name__ for each in found]
    assert kinds == ["RemoteAnswer", "RemoteAnswer", "busy"]


def test_large_results_wait_on_disk_and_come_out_whole() -> None:
    number = 60_000
    row = '{"x":{"type":"literal","value":"' + "å" * 40 + '"}}'
    body = '{"head":{"vars":["x"]},"results":{"bindings":[' + ",".join([row] * number) + "]}}"

    async def work(engine: RemoteEngine) -> tuple[bool, int]:
        answer = await engine.run(Query("SELECT ?x {}", results="csv"))
        whole = b"".join([piece async for piece in answer.body()])
        return answer.whole is None, whole.count(b"\n")

    assert asked(says(200, body, JSON), work) == (True, number + 1)


@pytest.mark.parametrize(
    ("number", "results"), [(80_000, "csv"), (45_000, "xml")], ids=["as it comes", "as it leaves"]
)
def test_a_large_result_while_the_disk_is_full_is_no_result(
    number: int, results: str, caplog: pytest.LogCaptureFixture
) -> None:
    row = '{"x":{"type":"literal","value":"' + "a" * 40 + '"}}'
    body = '{"head":{"vars":["x"]},"results":{"bindings":[' + ",".join([row] * number) + "]}}"

    async def work(engine: RemoteEngine) -> str:
        with pytest.raises(QueryFailed) as caught:
            await engine.run(Query("SELECT ?x {}", results=results))
        return caught.value.reason

    with at_most(2**20):
        assert asked(says(200, body, JSON), work) == "disk"
    assert "not kept on disk" in caplog.text


def test_an_address_where_nothing_is_says_so() -> None:
    async def work() -> None:
        engine = RemoteEngine(Address("http://127.0.0.1:9/sparql"), DIALECTS["oxigraph"])
        try:
            await engine.start()
        finally:
            await engine.close()

    with pytest.raises(QueryFailed, match="unreachable"):
        asyncio.run(work())


@pytest.mark.parametrize(
    "query", ["INSERT DATA { <urn:a> <urn:b> <urn:c> }", "SELECT * { SERVICE <urn:x> {} }", "hello"]
)
def test_what_may_not_be_asked_is_never_sent(query: str) -> None:
    sent = []

    async def handler(request: web.Request) -> web.Response:
        sent.append(request)
        return web.json_response(ROWS, content_type=JSON)

    assert failure(handler, query).kind in {"refused", "syntax"}
    assert not sent


def test_what_is_sent_is_the_protocol() -> None:
    sent: dict[str, Any] = {}

    async def handler(request: web.Request) -> web.Response:
        form = await request.post()
        sent.update(
            {name: form.getall(name) for name in form}, accept=request.headers["Accept"], method=request.method
        )
        return web.json_response(ROWS, content_type=JSON)

    async def work(engine: RemoteEngine) -> object:
        query = Query("SELECT ?x FROM <urn:c> { ?x ?y ?z }", default=("urn:a",), named=("urn:b",))
        return await engine.run(query)

    assert isinstance(asked(handler, work), RemoteAnswer)
    assert sent["method"] == "POST" and sent["accept"] == JSON
    assert (sent["default-graph-uri"], sent["named-graph-uri"]) == (["urn:a"], ["urn:b"])
    assert "FROM" not in sent["query"][0]


@pytest.mark.parametrize("size", [90, 101, 3000])
@pytest.mark.parametrize("brackets", ["{}", "()", "[]"])
def test_what_is_too_deep_for_an_engine_is_never_sent(size: int, brackets: str) -> None:
    query = f"SELECT ?x {{ ?x ?y '{'{' * 200}' {brackets[0] * size}{brackets[1] * size} }}"
    assert failure(says(500, ""), query).kind == ("engine" if size < 100 else "too-deep")


@pytest.mark.parametrize("step", ["!", "1+", "1||", "OPTIONAL{}", "UNION{}", "/<a:b>", "?s?p?o."])
def test_so_is_what_is_too_long(step: str) -> None:
    assert failure(says(500, ""), f"SELECT ?x {{ {step * 1600} }}").kind == "too-deep"
    assert failure(says(500, ""), f"SELECT ?x {{ {step * 80} }}").kind == "engine"

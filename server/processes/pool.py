"""The pool of query processes: each runs one query at a time, and is replaced when a query kills it."""

import asyncio
import json
import logging
import marshal
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from server.asking import Answer, Limits, Query, QueryFailed, Rows
from server.processes import frames
from server.processes.forker import START, Forker, Line, Worker
from server.processes.reception import Reception
from server.processes.worker import Settings

LONG: Final = 0.25  # seconds after which a query yields to shorter ones
TICK: Final = (
    0.02  # seconds between two looks at how long queries run: one timer for all costs less than one for each
)
STOPPED: Final = frozenset({"timeout", "too-large", "abandoned", "crash"})  # what ends a query process
SUDDEN: Final = 0.1  # seconds within which a process that ends is not taken for the query's victim at once
AGAIN: Final = 0.2  # seconds until a query process that could not be started is tried again
REMEMBERED: Final = 16  # clients whose queries were the last that ended a query process


class _Died(QueryFailed):
    """The process was gone as soon as it was asked: it may have been killed from outside."""


@dataclass(slots=True, eq=False)
class _Job:
    client: str | None
    started: "asyncio.Future[Worker]"


@dataclass(slots=True)
class Pool:
    """Query processes over one data folder, used from one event loop. It is a server.asking.Engine.

    When this process dies, all of them die.
    """

    data_dir: Path
    size: int = 4
    limits: Limits = field(default_factory=Limits)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    endpoint: str | None = None
    replaced: int = field(default=0, init=False)
    _idle: list[Worker] = field(default_factory=list, init=False)
    _running: dict[str, int] = field(default_factory=dict, init=False)  # queries of each client that has any
    _costly: dict[str, None] = field(default_factory=dict, init=False)  # clients whose queries ended a process lately
    _workers: set[Worker] = field(default_factory=set, init=False)
    _waiting: deque[_Job] = field(default_factory=deque, init=False)
    _forker: Forker = field(init=False)
    _starting: set["asyncio.Task[None]"] = field(default_factory=set, init=False)
    _watching: asyncio.TimerHandle | None = field(default=None, init=False)
    _closed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        where = str(self.data_dir.resolve())
        self._forker = Forker(Settings(where, self.limits.memory, dict(self.prefixes), self.endpoint))

    @property
    def idle(self) -> int:
        """How many query processes wait for a query."""
        return len(self._idle)

    @property
    def forker(self) -> int | None:
        """The number of the process that forks the others."""
        return self._forker.pid

    async def start(self) -> None:
        """Start all query processes. Raises QueryFailed."""
        for _ in range(self.size):
            worker = await self._start()
            if worker is None:
                raise QueryFailed("engine", message="a query process did not start")
            self._free(worker)

    async def run(self, query: Query) -> Answer:
        """Answer a query: returns once the result is whole or too large to be held. Raises QueryFailed."""
        if len(query.text) * 4 > self.limits.query < len(query.text.encode("utf-8", "surrogatepass")):
            raise QueryFailed("too-long", bytes=self.limits.query)
        seconds = min(query.seconds or self.limits.seconds, self.limits.most_seconds)
        tried = 0
        while True:
            worker = self._take(query.client) or await self._wait(query)
            reception = self._ask(worker, query, seconds)
            try:
                await reception.begun
            except _Died:
                tried += 1
                if tried > self.size:
                    raise  # not killed from outside, perhaps with the others: a query that kills does so again
            except asyncio.CancelledError:
                reception.abandon()
                raise
            else:
                return reception

    async def rows(self, query: Query) -> Rows:
        """A query's result as values, at most so many rows as `query.rows` says. Raises QueryFailed."""
        answer = await self.run(query)
        found = json.loads(b"".join([piece async for piece in answer.body()]))
        return Rows.read(found, answer.form, answer.seconds)

    async def close(self) -> None:
        """End the processes."""
        self._closed = True
        if self._watching:
            self._watching.cancel()
        for task in self._starting:
            task.cancel()
        for worker in list(self._workers):
            worker.kill()
        self._workers.clear()
        self._idle.clear()
        await asyncio.to_thread(self._forker.close)

    def _take(self, client: str | None) -> Worker | None:
        """A free process, where the client may have one more: that which answered last, since it has read most of
        the store; but a client whose queries end processes gets the one that nobody will miss."""
        if not self._idle or not self._may_run(client):
            return None
        if client:
            self._running[client] = self._running.get(client, 0) + 1
        return self._idle.pop(0 if client in self._costly else -1)

    def _may_run(self, client: str | None) -> bool:
        return client is None or self._running.get(client, 0) < (self.limits.parallel or max(1, self.size // 2))

    async def _wait(self, query: Query) -> Worker:
        loop = asyncio.get_running_loop()
        job = _Job(query.client, loop.create_future())
        self._waiting.append(job)
        timer = loop.call_later(self.limits.patience, self._give_up, job)
        try:
            return await job.started
        except asyncio.CancelledError:
            if job in self._waiting:
                self._waiting.remove(job)
            elif not job.started.cancelled() and not job.started.exception():
                self._leave(query.client)
                self._free(job.started.result())
            raise
        finally:
            timer.cancel()

    def _give_up(self, job: _Job) -> None:
        if not job.started.done():
            self._waiting.remove(job)
            job.started.set_exception(QueryFailed("busy"))

    def _ask(self, worker: Worker, query: Query, seconds: float) -> Reception:
        loop = asyncio.get_running_loop()
        reception = Reception(worker.over, query.client)
        worker.answering, worker.client, worker.asked, worker.seconds = reception, query.client, loop.time(), seconds
        if not self._watching:
            self._watching = loop.call_later(TICK, self._watch)
        request = {
            "query": query.text,
            "results": query.results,
            "graphs": query.graphs,
            "default": query.default,
            "named": query.named,
            "rows": query.rows,
            "cut": query.cut,
            "coding": query.coding,
            "context": query.context,
            "seconds": seconds,
            "most": self.limits.result,
        }
        worker.send(frames.frame(frames.QUERY, marshal.dumps(request)))
        return reception

    def _watch(self) -> None:
        """Stop the queries whose time is over, and put the long ones behind the others."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for worker in [each for each in self._workers if each.answering]:
            took = now - worker.asked
            if took >= worker.seconds and worker.answering:
                worker.answering.fail(QueryFailed("timeout", seconds=worker.seconds))
            elif took >= LONG and not worker.tired:
                worker.yield_to_others()
        busy = any(each.answering for each in self._workers)
        self._watching = loop.call_later(TICK, self._watch) if busy else None

    def _done(self, worker: Worker, ended: Reception) -> None:
        """A query has ended, one way or another: its process is free, or has to be replaced."""
        if ended.failure:
            ended.seconds = ended.failure.seconds = asyncio.get_running_loop().time() - worker.asked
        worker.answering = None
        self._leave(worker.client)
        stopped = ended.failure and ended.failure.kind in STOPPED
        if worker.tired or stopped:
            if worker.client:
                self._costly.pop(worker.client, None)
                self._costly[worker.client] = None
                if len(self._costly) > REMEMBERED:
                    del self._costly[next(iter(self._costly))]
            self._replace(worker)
        else:
            self._free(worker)

    def _leave(self, client: str | None) -> None:
        if client:
            left = self._running.pop(client) - 1
            if left:
                self._running[client] = left

    def _free(self, worker: Worker, new: bool = False) -> None:
        self._idle.insert(0 if new else len(self._idle), worker)
        if self._waiting:
            self._serve_waiting()

    def _serve_waiting(self) -> None:
        """Give free processes to those that wait, the first whose client may have one more."""
        while self._idle and self._waiting:
            for job in self._waiting:
                if not job.started.done() and self._may_run(job.client):  # one that leaves is done
                    break
            else:
                return
            self._waiting.remove(job)
            worker = self._take(job.client)
            assert worker
            job.started.set_result(worker)

    def _lost(self, worker: Worker) -> None:
        """A process has ended by itself."""
        if worker.answering:
            began = worker.answering.form or asyncio.get_running_loop().time() - worker.asked > SUDDEN
            worker.answering.fail(QueryFailed("crash") if began else _Died("crash"))
        elif worker in self._workers:
            if worker in self._idle:
                self._idle.remove(worker)
            self._replace(worker)

    def _replace(self, worker: Worker) -> None:
        worker.kill()
        self._workers.discard(worker)
        if self._closed:
            return
        self.replaced += 1
        task = asyncio.get_running_loop().create_task(self._start_until_it_runs())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _start_until_it_runs(self) -> None:
        while (worker := await self._tried()) is None:
            await asyncio.sleep(AGAIN)
        self._free(worker, new=True)

    async def _tried(self) -> Worker | None:
        try:
            return await self._start()
        except OSError as error:  # no descriptors or no processes left just now
            logging.getLogger("kommungraf").error("a query process was not started: %s", error)
            return None

    async def _start(self) -> Worker | None:
        forked = await asyncio.to_thread(self._forker.fork)
        if forked is None:
            return None
        ours, worker = forked
        ready = asyncio.get_running_loop().create_future()

        def got(kind: bytes, content: bytes) -> None:
            if kind == frames.READY and not ready.done():
                ready.set_result(True)
            elif worker.answering:
                worker.answering.take(kind, content)

        def lost() -> None:
            if not ready.done():
                ready.set_result(False)
            else:
                self._lost(worker)

        loop = asyncio.get_running_loop()
        line, _ = await loop.create_unix_connection(lambda: Line(got, lost), sock=ours)
        worker.line, worker.over = line, partial(self._done, worker)
        try:
            async with asyncio.timeout(START):
                runs = await ready
        except TimeoutError:
            runs = False
        if not runs or self._closed:
            worker.kill()
            return None
        self._workers.add(worker)
        return worker

"""The pool of query processes: each runs one query after the other, and is replaced when a query kills it."""

import asyncio
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from server.asking import Answer, Limits, Query, QueryFailed, Rows
from server.processes.costly import CostlyClients
from server.processes.forker import Forker
from server.processes.query_process import Worker
from server.processes.reception import Reception
from server.processes.waiting import Job, Waiting
from server.processes.worker import Settings

LONG: Final = 0.25  # seconds after which a query yields to shorter ones
TICK: Final = 0.01  # seconds between two looks at the queries that run: one timer costs less than one for each
SHORT: Final = 0.02  # seconds after which nothing waits behind a query any more
AHEAD: Final = 8  # queries that a process is asked at once
SOON: Final = 0.001  # seconds of queries ahead for which another process is not woken
LATEST: Final = 16  # queries whose mean tells how long the next ones will take
STOPPED: Final = frozenset({"timeout", "too-large", "abandoned", "crash"})  # what ends a query process
SUDDEN: Final = 0.1  # seconds within which a process that ends is not taken for the query's victim at once
SETTLED: Final = 0.01  # until those that were killed with one that was asked are known to be gone; each time more
AGAIN: Final = 0.2  # seconds until a query process that could not be started is tried again, then twice as long
LATER: Final = 2.0  # seconds until then at most


class _Died(QueryFailed):
    """The process was gone as soon as it was asked: it may have been killed from outside."""


class _Behind(QueryFailed):
    """It stood in line for long, or behind a query that has ended the process."""


@dataclass(slots=True)
class Pool:
    """Query processes over one data folder, used from one event loop. It is a server.asking.Engine.

    `size` of them are at queries at once, at most; `spare` more stand by for those that a query ends. When this
    process dies, all of them die.
    """

    data_dir: Path
    size: int = 4
    limits: Limits = field(default_factory=Limits)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    endpoint: str | None = None
    spare: int = 0
    replaced: int = field(default=0, init=False)
    _idle: list[Worker] = field(default_factory=list, init=False)
    _running: dict[str, int] = field(default_factory=dict, init=False)  # queries of each client that has any
    _costly: CostlyClients = field(default_factory=CostlyClients, init=False)
    _quick: dict[Worker, None] = field(default_factory=dict, init=False)  # those at a query that is short so far
    _pace: float = field(default=SOON, init=False)  # seconds of a processor that the latest queries took, on average
    _cores: int = field(default_factory=lambda: len(os.sched_getaffinity(0)), init=False)
    _workers: set[Worker] = field(default_factory=set, init=False)
    _waiting: Waiting = field(default_factory=Waiting, init=False)
    _forker: Forker = field(init=False)
    _starting: set["asyncio.Task[None]"] = field(default_factory=set, init=False)
    _starts: asyncio.Semaphore = field(init=False)  # one after the other: the first is there sooner
    _watching: asyncio.TimerHandle | None = field(default=None, init=False)
    _closed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        where = str(self.data_dir.resolve())
        self._forker = Forker(Settings(where, self.limits.memory, dict(self.prefixes), self.endpoint))
        self._starts = asyncio.Semaphore(self._cores)

    @property
    def idle(self) -> int:
        """How many query processes wait for a query, and may be asked one."""
        return min(len(self._idle), self.size - self._busy)

    @property
    def standby(self) -> int:
        """How many more there are, for those that a query ends."""
        return len(self._idle) - self.idle

    @property
    def _busy(self) -> int:
        return len(self._workers) - len(self._idle)

    @property
    def forker(self) -> int | None:
        """The number of the process that forks the others."""
        return self._forker.pid

    async def start(self) -> None:
        """Start all query processes; those to spare are there a moment later. Raises QueryFailed."""
        for _ in range(self.size):
            if not await self._start():
                raise QueryFailed("engine", message="a query process did not start")
        for _ in range(self.spare):
            self._start_one_more()

    async def run(self, query: Query) -> Answer:
        """Answer a query: returns once the result is whole or too large to be held. Raises QueryFailed."""
        if len(query.text) * 4 > self.limits.query < len(query.text.encode("utf-8", "surrogatepass")):
            raise QueryFailed("too-long", bytes=self.limits.query)
        seconds = min(query.seconds or self.limits.seconds, self.limits.most_seconds)
        tried, stood = 0, 0.0
        while True:
            reception = self._ask(query, seconds, stood) or await self._wait(query, seconds, stood)
            try:
                await reception.begun
            except _Behind:
                stood = max(reception.stood + asyncio.get_running_loop().time() - reception.asked, TICK)
            except _Died:
                tried += 1
                if tried > self.size:
                    raise  # not killed from outside, perhaps with the others: a query that kills does so again
                await asyncio.sleep(tried * SETTLED)
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
            if worker.running:
                worker.running.fail(QueryFailed("crash"))
            self._replace(worker)
        for job in list(self._waiting.jobs):
            self._waiting.fail(job, "busy")
        await asyncio.to_thread(self._forker.close)

    def _take(self, client: str | None, behind: bool) -> Worker | None:
        """A process for a query, where the client may have one more.

        Where as many as there are processors are at short queries, or one of them is through with its own sooner than
        another would be woken, it takes this one too, if the query may stand `behind` another and nobody waits for a
        process to do nothing else: to go on costs a process half of being woken. Else a free one: that which answered
        last, since it has read most of the store; but a client whose queries end processes gets the one that nobody
        will miss, and gets it again.
        """
        if not self._may_run(client):
            return None
        worker = None
        if behind and self._quick and not self._waiting.alone and client not in self._costly:
            worker = next((each for each in self._quick if len(each.asked) * self._pace < SOON), None)
            if worker is None and len(self._quick) >= self._cores:
                worker = min(self._quick, key=lambda each: len(each.asked))
        if (worker is None or len(worker.asked) >= AHEAD) and self.idle:
            worker = self._idle.pop(0 if client in self._costly else -1)
            worker.apart = client in self._costly
        if worker is None or len(worker.asked) >= AHEAD:
            return None
        if client:
            self._running[client] = self._running.get(client, 0) + 1
        return worker

    def _may_run(self, client: str | None) -> bool:
        return client is None or self._running.get(client, 0) < (self.limits.parallel or max(1, self.size // 2))

    async def _wait(self, query: Query, seconds: float, stood: float) -> Reception:
        alone = stood > 0 or query.client in self._costly
        job = Job(query, seconds, stood, alone, asyncio.get_running_loop().create_future())
        return await self._waiting.wait(job, self.limits.patience)

    def _ask(self, query: Query, seconds: float, stood: float) -> Reception | None:
        """Ask a process, where there is one for it. Who `stood` behind another so many seconds does so only once."""
        worker = self._take(query.client, behind=not stood)
        if worker is None:
            return None
        if not self._watching:
            self._watching = asyncio.get_running_loop().call_later(TICK, self._watch)
        if not worker.asked and query.client not in self._costly:
            self._quick[worker] = None
        reception = Reception(worker.over, query.client, seconds, stood)
        worker.ask(reception, query, self.limits.result)
        return reception

    def _watch(self) -> None:
        """Stop the queries whose time is over, let none wait behind one that takes longer, and put the long ones
        behind the others."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for worker in list(self._workers):
            running, took = worker.running, now - worker.since
            if running is None:
                continue
            stands = worker.stands(now)
            if max(took, stands) >= SHORT:
                self._quick.pop(worker, None)
            if stands >= SHORT:
                worker.forget()
                for each in worker.behind():
                    each.fail(_Behind("busy"))
            if running.ended:  # nobody waits for it any more
                if took >= (SHORT if worker.forgets is None else LONG):
                    self._costly.add(running.client)
                    self._replace(worker)
            elif took + running.stood >= running.limit:
                running.fail(QueryFailed("timeout", seconds=running.limit))
            elif took >= LONG and not worker.tired:
                worker.yield_to_others()
        busy = any(each.asked for each in self._workers)
        self._watching = loop.call_later(TICK, self._watch) if busy else None

    def _done(self, worker: Worker, ended: Reception) -> None:
        """A query has ended, one way or another: its process goes on, or has to be replaced."""
        self._leave(ended.client)
        if ended is not worker.running:  # it had not begun
            if self._waiting:
                asyncio.get_running_loop().call_soon(self._serve_waiting)
            return
        if ended.failure:
            ended.seconds = ended.failure.seconds = asyncio.get_running_loop().time() - worker.since
        self._pace += (ended.seconds - self._pace) / LATEST
        stopped = ended.failure and ended.failure.kind in STOPPED
        if worker.tired or stopped:
            self._costly.add(ended.client)
            self._replace(worker)

    def _leave(self, client: str | None) -> None:
        if client:
            left = self._running.pop(client) - 1
            if left:
                self._running[client] = left

    def _more(self, worker: Worker, new: bool = False) -> None:
        """This process can be asked more, if it was not killed meanwhile."""
        if worker not in self._workers:
            return
        if not worker.asked:
            self._quick.pop(worker, None)
            self._idle.insert(0 if new or worker.apart else len(self._idle), worker)
        if self._waiting:
            self._serve_waiting()

    def _serve_waiting(self) -> None:
        self._waiting.serve(lambda job: self._ask(job.query, job.seconds, job.stood), self._may_run)

    def _lost(self, worker: Worker) -> None:
        """A process has ended by itself."""
        running = worker.running
        if running and not running.ended:
            began = running.form or asyncio.get_running_loop().time() - worker.since > SUDDEN
            running.fail(QueryFailed("crash") if began else _Died("crash"))
        self._replace(worker)

    def _replace(self, worker: Worker) -> None:
        """End a process, and start another; what stood in line there is asked elsewhere."""
        if worker not in self._workers:
            return
        self._workers.discard(worker)
        self._quick.pop(worker, None)
        if worker in self._idle:
            self._idle.remove(worker)
        worker.kill()
        behind = worker.behind()
        worker.asked.clear()
        for each in behind:
            each.fail(QueryFailed("crash") if self._closed else _Behind("busy"))
        if self._closed:
            return
        self.replaced += 1
        self._start_one_more()
        if self._waiting:
            self._serve_waiting()

    def _start_one_more(self) -> None:
        task = asyncio.get_running_loop().create_task(self._start_until_it_runs())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _start_until_it_runs(self) -> None:
        pause = AGAIN
        while True:
            async with self._starts:
                if await self._start() or self._closed:
                    return
            await asyncio.sleep(pause)
            pause = min(2 * pause, LATER)

    async def _start(self) -> bool:
        """Start one; whether it runs. What hinders it is told in the log."""
        why: object = "it ended, or did not open the store"
        try:
            worker = await self._forker.worker(self._done, self._more, self._lost)
        except Exception as error:  # no descriptors, no processes or no threads are left just now
            worker, why = None, error
        if worker and worker.line and not self._closed and not worker.line.is_closing():
            self._workers.add(worker)
            self._more(worker, new=True)
            return True
        if worker:
            worker.kill()
        if not self._closed:
            logging.getLogger("kommungraf").error("a query process was not started: %s", why)
        return False

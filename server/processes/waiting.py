"""The queries that no process has taken yet, in the order in which they came."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from server.asking import Query, QueryFailed
from server.processes.reception import Reception


@dataclass(slots=True, eq=False)
class Job:
    """A query that waits, with the seconds it may take and those it `stood` behind another already. Where it is
    `alone`, it needs a process that does nothing else."""

    query: Query
    seconds: float
    stood: float
    alone: bool
    asked: "asyncio.Future[Reception]"


@dataclass(slots=True)
class Waiting:
    """Those that wait; `alone` of them for a process that does nothing else."""

    jobs: list[Job] = field(default_factory=list)
    alone: int = 0

    def __len__(self) -> int:
        return len(self.jobs)

    async def wait(self, job: Job, seconds: float) -> Reception:
        """Until a process was asked, so many seconds at most. Who stood in line before goes before the others. Raises
        QueryFailed."""
        self.jobs.insert(0 if job.stood else len(self.jobs), job)
        self.alone += job.alone
        timer = asyncio.get_running_loop().call_later(seconds, self.fail, job, "busy")
        try:
            return await job.asked
        except asyncio.CancelledError:
            if job in self.jobs:
                self._remove(job)
            elif not job.asked.cancelled() and not job.asked.exception():
                reception = job.asked.result()
                reception.begun.cancel()  # nobody waits for it
                reception.abandon()
            raise
        finally:
            timer.cancel()

    def serve(self, ask: Callable[[Job], Reception | None], may_run: Callable[[str | None], bool]) -> None:
        """Let those go that can: each whose client may have one more and for which `ask` finds a process."""
        for job in list(self.jobs):
            if job.asked.done() or not may_run(job.query.client):  # one that leaves is done
                continue
            reception = ask(job)
            if reception is None:
                return
            self._remove(job)
            job.asked.set_result(reception)

    def fail(self, job: Job, why: str) -> None:
        if not job.asked.done():
            self._remove(job)
            job.asked.set_exception(QueryFailed(why))

    def _remove(self, job: Job) -> None:
        self.jobs.remove(job)
        self.alone -= job.alone

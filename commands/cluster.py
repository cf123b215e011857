"""Documents read on a cluster (dask.distributed): the same work as in processes here, on machines that share no disk.

A batch of documents is one task. The machine that has it reads each in a confined process of its own, as at home: so
a document can bring down that process, never the machine's worker. A worker that is lost loses nothing: its batches
are given to others; one that loses several workers is divided, and a document that does so by itself is refused.
"""

import functools
import multiprocessing
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import metadata
from pathlib import Path
from platform import python_version
from types import ModuleType
from typing import Any, Final

from commands import confinement
from mapping import program
from mapping.formats import pdf_ocr
from mapping.side_by_side import Lost, spread

CONNECT: Final = 10.0  # seconds to find the scheduler, and its workers
TOGETHER: Final = 10  # documents in one task at most: a second of work or more
BYTES: Final = 4 * 2**20  # of the documents in one task, where there are several
AHEAD: Final = 2  # tasks for each thread of a worker
LIBRARIES: Final = ("distributed", "lxml", "pyoxigraph", "pypdfium2", "rapidfuzz", "selectolax", "shacl-rust")

Task = tuple[Any, tuple[object, ...]]


class ClusterFailed(Exception):
    """The cluster cannot be used; the message says why, in Swedish and English. What was read before is kept."""

    def __init__(self, sv: str, en: str) -> None:
        super().__init__(f"{sv}\n{en}")


def programs() -> dict[str, str]:
    """What decides what is read, and must be the same everywhere."""
    versions = {name: metadata.version(name) for name in LIBRARIES}
    return {
        "kommungraf": program.fingerprint(),
        "python": python_version(),
        "ocr": str(pdf_ocr.installed()),
    } | versions


@contextmanager
def cluster(address: str) -> Iterator["Cluster"]:
    """The cluster whose scheduler is at an address. Raises ClusterFailed."""
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise ClusterFailed(
            "Paketet distributed saknas: installera kommungraf[cluster].",
            "The package distributed is missing: install kommungraf[cluster].",
        ) from error
    try:
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterFailed(
            f"Inget kluster svarar på {address}: kontrollera adressen, och att dask scheduler är i gång.",
            f"No cluster answers at {address}: check the address, and that dask scheduler runs.",
        ) from error
    with client:
        made = Cluster(client, address)
        made.check()
        yield made


class Cluster:
    """The workers of a scheduler."""

    def __init__(self, client: Any, address: str) -> None:
        self.client = client
        self.address = address

    def check(self) -> None:
        """There are workers, and they run what we run. Raises ClusterFailed."""
        try:
            self.client.wait_for_workers(1, timeout=CONNECT)
        except TimeoutError as error:
            raise ClusterFailed(
                f"Klustret på {self.address} har ingen arbetare: starta dask worker {self.address}.",
                f"The cluster at {self.address} has no worker: start dask worker {self.address}.",
            ) from error
        ours = programs()
        for worker, theirs in self.client.run(_programs_there, on_error="return").items():
            if theirs != ours:
                raise _otherwise(str(worker), ours, theirs)

    def spread(
        self,
        work: Callable[..., Any],
        tasks: Iterable[Task],
        jobs: int,
        begin: Callable[..., None] | None = None,
        given: tuple[object, ...] = (),
        seconds: float = 0,
        confine: Callable[[], None] | None = None,
    ) -> Iterator[tuple[Any, Any]]:
        """As mapping.side_by_side.spread; `jobs` and `confine` are each worker's own. Raises ClusterFailed too."""
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        ours = programs()
        held = self.client.submit(_hold, given, pure=False) if given else ()  # made again where its worker is lost
        waiting = _batches(tasks)
        divided: deque[list[Task]] = deque()
        suspected: deque[list[Task]] = deque()  # tasks that may only have stood beside the one that took the worker
        alone = False
        sent: dict[str, list[Task]] = {}
        done = as_completed(loop=self.client.loop)
        try:
            while True:
                while len(sent) < self._room() and not (sent and alone):
                    batch = divided.popleft() if divided else next(waiting, None)
                    if alone := batch is None and not sent and bool(suspected):
                        batch = suspected.popleft()
                    if batch is None:
                        break
                    arguments = [task[1] for task in batch]
                    future = self.client.submit(_there, ours, work, arguments, begin, held, seconds, pure=False)
                    sent[future.key] = batch
                    done.add(future)
                if not sent:
                    return
                future = next(done)
                batch = sent.pop(future.key)
                try:
                    found = future.result()
                except KilledWorker:
                    if len(batch) == 1 and alone:
                        yield batch[0][0], Lost.DIED
                    elif len(batch) == 1:
                        suspected.append(batch)
                    divided.extend([task] for task in batch if len(batch) > 1)
                    continue
                if isinstance(found, dict):
                    raise _otherwise("", ours, found)
                yield from ((task[0], result) for task, result in zip(batch, found, strict=True))
        except Exception as error:
            if type(error).__module__.startswith(("distributed", "asyncio", "concurrent")) or isinstance(
                error, OSError
            ):
                raise self._broken(error) from error
            raise
        finally:
            with suppress(Exception):  # the scheduler may be gone, and its tasks with it
                self.client.cancel([*done.futures], force=True)

    def _room(self) -> int:
        if self.client.scheduler is None:
            raise self._broken(ConnectionError())
        threads: int = sum(self.client.nthreads().values())
        return max(1, threads) * AHEAD

    def _broken(self, error: Exception) -> ClusterFailed:
        return ClusterFailed(
            f"Klustret på {self.address} slutade svara ({type(error).__name__}). Det som hann läsas är kvar: kör "
            "kommandot igen.",
            f"The cluster at {self.address} stopped answering ({type(error).__name__}). What was read is kept: run "
            "the command again.",
        )


def _batches(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Tasks together that are worth a task of the scheduler, which costs some milliseconds."""
    batch: list[Task] = []
    size = 0
    for task in tasks:
        batch.append(task)
        size += sum(len(each) for each in task[1] if isinstance(each, bytes | str))
        if len(batch) >= TOGETHER or size >= BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _programs_there() -> dict[str, str]:
    return programs()


def _hold(given: tuple[object, ...]) -> tuple[object, ...]:
    return given


def _there(
    ours: dict[str, str],
    work: Callable[..., Any],
    tasks: list[tuple[object, ...]],
    begin: Callable[..., None] | None,
    given: tuple[object, ...],
    seconds: float,
) -> list[Any] | dict[str, str]:
    """On a worker: what became of each task; or which programs it has, where these are others."""
    theirs = programs()
    if theirs != ours:
        return theirs
    # Workers of dask are marked as daemons, which may start no processes; these end with their parent by themselves,
    # and have no use for the program that dask's worker is, which each would load.
    sys.modules["__main__"] = ModuleType("__main__")
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    found: dict[int, Any] = {}
    with ExitStack() as kept:
        scratch = Path(kept.enter_context(tempfile.TemporaryDirectory())) if pdf_ocr.installed() else None
        confine = functools.partial(confinement.confine, scratch)
        found.update(spread(work, enumerate(tasks), 1, begin, given, seconds, confine))
    return [found[number] for number in range(len(tasks))]


def _otherwise(worker: str, ours: dict[str, str], theirs: object) -> ClusterFailed:
    if not isinstance(theirs, dict):
        differing = f"{type(theirs).__name__}: {theirs}"[:200]
    else:
        differing = ", ".join(
            f"{name} {theirs.get(name)} ({ours[name]})" for name in ours if theirs.get(name) != ours[name]
        )
    return ClusterFailed(
        f"Arbetaren {worker} i klustret har ett annat program än här: {differing}. Installera en version överallt.",
        f"The worker {worker} of the cluster runs another program than this one: {differing}. Install one version "
        "everywhere.",
    )

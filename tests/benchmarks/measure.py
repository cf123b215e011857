"""Time, and what is told of it: every figure is a ratio of two ways of doing one thing in one run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

LEAST = 0.05  # CPU seconds of one sample: shorter work is repeated until it takes as long

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    `ours` and `theirs` are seconds of the same amount of work, ours and what it is compared with (`against`; empty
    where it stands alone): CPU seconds, wall-clock seconds where `clock` is "wall", or `unit` where it is "none". `amount` is how much was done
    in `ours` seconds, in `unit`; `aim` the ratio wanted at least, None where there is none.
    """

    group: str
    name: str
    ours: float
    amount: float
    unit: str
    against: str = ""
    theirs: float | None = None
    clock: str = "cpu"
    aim: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times as fast ours is; below 1 it is slower."""
        return None if self.theirs is None else self.theirs / self.ours

    @property
    def rate(self) -> float:
        return self.amount / self.ours


def cpu(*ways: Work, runs: int = 5, least: float = LEAST) -> tuple[float, ...]:
    """The median CPU seconds (all threads of this process) of each way of doing one thing.

    The ways take turns, so that a machine that grows slower is slower for all; each is tried once before.
    """
    repeats = [_repeats(way, least) for way in ways]
    samples: list[list[float]] = [[] for _ in ways]
    for _ in range(runs):
        for way, times, kept in zip(ways, repeats, samples, strict=True):
            started = time.process_time()
            for _ in range(times):
                way()
            kept.append((time.process_time() - started) / times)
    return tuple(map(statistics.median, samples))


def _repeats(way: Work, least: float) -> int:
    way()
    started = time.process_time()
    way()
    once = time.process_time() - started
    return max(1, round(least / max(once, 1e-6)))


def wall(*ways: Work, calls: int = 200) -> tuple[float, ...]:
    """The median wall-clock seconds of a single call of each way: for what waits for another process."""
    samples: list[list[float]] = [[] for _ in ways]
    for number in range(calls + 5):
        for way, kept in zip(ways, samples, strict=True):
            started = time.perf_counter()
            way()
            if number >= 5:  # the first calls warm the caches
                kept.append(time.perf_counter() - started)
    return tuple(map(statistics.median, samples))

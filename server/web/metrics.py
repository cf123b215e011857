"""What the service counts, for Prometheus (text format, https://prometheus.io/docs/instrumenting/exposition_formats/).

What happens on every request is counted in plain numbers, on one event loop; what the pool, the cache and the data
know themselves is asked for only when somebody reads. Nothing here tells one client or one query from another.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, Literal, get_args

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST

Route = Literal["sparql", "graphs", "page", "static", "operation", "other"]
Outcome = Literal[
    "ok",
    "cached",  # answered from the cache of results, or 304
    "syntax",  # also everything else that is wrong with the request
    "refused",  # updates, SERVICE
    "rate",  # the client used more than its share
    "busy",  # no query process was free in time
    "timeout",
    "memory",  # or nested too deep
    "too-large",  # the result
    "disk",  # for large results, is full
    "abandoned",  # the client left
    "unavailable",  # nothing is published, or the engine elsewhere does not answer
    "error",  # the service's own fault
]
# What the kinds of failures (server.messages) count as; what is not named here is an error of the service.
OUTCOMES: Final[Mapping[str, Outcome]] = {
    "syntax": "syntax",
    "request": "syntax",
    "dataset": "syntax",
    "function": "syntax",
    "not-acceptable": "syntax",
    "unwritable": "syntax",
    "too-long": "syntax",
    "too-deep": "syntax",
    "refused": "refused",
    "too-many-parallel": "rate",
    "too-much-time": "rate",
    "too-many-errors": "rate",
    "busy": "busy",
    "timeout": "timeout",
    "crash": "memory",
    "memory": "memory",
    "too-large": "too-large",
    "disk": "disk",
    "unread": "too-large",
    "abandoned": "abandoned",
    "unavailable": "unavailable",
    "unreachable": "unavailable",
}
EVALUATED: Final = frozenset[Outcome](
    ["ok", "timeout", "memory", "too-large", "disk", "abandoned", "error"]
)  # these took a query process
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)
BYTES: Final = (2**10, 2**13, 2**16, 2**19, 2**22, 2**25, 2**28)


@dataclass(frozen=True, slots=True)
class State:
    """How things stand now; what ends in `replaced`, `hits` and `misses` is counted since the start."""

    workers_busy: int
    workers_idle: int
    workers_standby: int
    workers_replaced: int
    cache_entries: int
    cache_bytes: int
    cache_hits: int
    cache_misses: int
    clients: int  # that fair use remembers
    data_version: str
    quads: int


class Metrics:
    """The counters of one service; `state` is asked whenever they are read."""

    def __init__(self, state: Callable[[], State]) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)  # memory, descriptors, CPU and start time of this process
        self._registry.register(_Now(state))
        self._registry.register(_Counted(self))
        self.requests: dict[tuple[Route, int], int] = defaultdict(int)
        self.queries: dict[Outcome, int] = dict.fromkeys(get_args(Outcome), 0)
        self.request_seconds = {route: Tally(SECONDS) for route in get_args(Route)}
        self.query_seconds = Tally(SECONDS)
        self.result_bytes = Tally(BYTES)

    def request(self, route: Route, status: int, seconds: float) -> None:
        """A request was answered."""
        self.requests[route, status] += 1
        self.request_seconds[route].observe(seconds)

    def query(self, outcome: Outcome, seconds: float = 0.0, result_bytes: int = 0) -> None:
        """A query came to its end, whether it ran or not."""
        self.queries[outcome] += 1
        if outcome in EVALUATED:
            self.query_seconds.observe(seconds)
        if outcome in ("ok", "cached"):
            self.result_bytes.observe(result_bytes)

    def exposition(self) -> bytes:
        """All of it, in the format MEDIA_TYPE."""
        return generate_latest(self._registry)


@dataclass(slots=True)
class Tally:
    """How many values did not exceed each of some bounds, and their sum."""

    bounds: Sequence[float]
    counts: list[int] = field(init=False)  # up to each bound and above the one before, and above all of them
    sum: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def buckets(self) -> list[tuple[str, float]]:
        """The histogram's buckets, each with all below it."""
        named = [*map(floatToGoString, self.bounds), "+Inf"]
        return list(zip(named, map(float, accumulate(self.counts)), strict=True))


def outcome(kind: str) -> Outcome:
    """What a failed query counts as, by the kind of its failure."""
    return OUTCOMES.get(kind, "error")


class _Counted(Collector):
    """What has been counted, made into samples when somebody reads: to count is done for every request."""

    def __init__(self, counted: Metrics) -> None:
        self._counted = counted

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        counted = self._counted
        requests = CounterMetricFamily(
            "kommungraf_requests", "Requests, by what they were for.", labels=["route", "status"]
        )
        for (route, status), count in counted.requests.items():
            requests.add_metric([route, str(status)], count)
        yield requests
        queries = CounterMetricFamily("kommungraf_queries", "Queries, by their end.", labels=["outcome"])
        for outcome, count in counted.queries.items():
            queries.add_metric([outcome], count)
        yield queries
        seconds = HistogramMetricFamily(
            "kommungraf_request_seconds", "From the head of a request to the end of its answer.", labels=["route"]
        )
        for route, tally in counted.request_seconds.items():
            seconds.add_metric([route], tally.buckets(), tally.sum)
        yield seconds
        for name, told, tally in (
            ("kommungraf_query_seconds", "How long queries had a query process.", counted.query_seconds),
            ("kommungraf_result_bytes", "Sizes of whole results, as they were sent.", counted.result_bytes),
        ):
            yield HistogramMetricFamily(name, told, tally.buckets(), tally.sum)


class _Now(Collector):
    def __init__(self, state: Callable[[], State]) -> None:
        self._state = state

    def describe(self) -> list[Metric]:
        return []  # else the registry would ask for the state before there is one

    def collect(self) -> Iterator[Metric]:
        now = self._state()
        workers = GaugeMetricFamily("kommungraf_workers", "Query processes.", labels=["state"])
        workers.add_metric(["busy"], now.workers_busy)
        workers.add_metric(["idle"], now.workers_idle)
        workers.add_metric(["standby"], now.workers_standby)
        yield workers
        replaced = "Query processes that were replaced, because a query was stopped or they ended."
        yield CounterMetricFamily("kommungraf_workers_replaced", replaced, now.workers_replaced)
        yield GaugeMetricFamily("kommungraf_cache_entries", "Results and pages in the cache.", now.cache_entries)
        yield GaugeMetricFamily("kommungraf_cache_bytes", "Bytes of what is in the cache.", now.cache_bytes)
        yield CounterMetricFamily("kommungraf_cache_hits", "Answers from the cache.", now.cache_hits)
        yield CounterMetricFamily("kommungraf_cache_misses", "What was not in the cache.", now.cache_misses)
        yield GaugeMetricFamily("kommungraf_clients", "Clients that fair use remembers.", now.clients)
        yield GaugeMetricFamily("kommungraf_quads", "Quads in the published data.", now.quads)
        version = {"version": now.data_version}
        yield InfoMetricFamily("kommungraf_data", "The published data.", version)

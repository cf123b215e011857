"""What the service counts, for Prometheus (text format, https://prometheus.io/docs/instrumenting/exposition_formats/).

What happens on every request is counted in children that are bound beforehand; what the pool, the cache and the data
know themselves is asked for only when somebody reads. Nothing here tells one client or one query from another.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

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
    "abandoned",  # the client left
    "unavailable",  # nothing is published
    "error",  # the service's own fault
]
# What the kinds of failures (server.messages) count as; what is not named here is an error of the service.
OUTCOMES: Final[Mapping[str, Outcome]] = {
    "syntax": "syntax",
    "request": "syntax",
    "dataset": "syntax",
    "function": "syntax",
    "not-acceptable": "syntax",
    "too-long": "syntax",
    "refused": "refused",
    "too-many-parallel": "rate",
    "too-much-time": "rate",
    "too-many-errors": "rate",
    "busy": "busy",
    "timeout": "timeout",
    "crash": "memory",
    "memory": "memory",
    "too-large": "too-large",
    "abandoned": "abandoned",
    "unavailable": "unavailable",
}
EVALUATED: Final = frozenset[Outcome](
    ["ok", "timeout", "memory", "too-large", "abandoned", "error"]
)  # these took a query process
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)
BYTES: Final = (2**10, 2**13, 2**16, 2**19, 2**22, 2**25, 2**28)


@dataclass(frozen=True, slots=True)
class State:
    """How things stand now; what ends in `replaced`, `hits` and `misses` is counted since the start."""

    workers_busy: int
    workers_idle: int
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
        self._requests = Counter(
            "kommungraf_requests", "Requests, by what they were for.", ["route", "status"], registry=self._registry
        )
        request_seconds = Histogram(
            "kommungraf_request_seconds",
            "From the head of a request to the end of its answer.",
            ["route"],
            buckets=SECONDS,
            registry=self._registry,
        )
        queries = Counter("kommungraf_queries", "Queries, by their end.", ["outcome"], registry=self._registry)
        self._request_seconds = {route: request_seconds.labels(route) for route in get_args(Route)}
        self._queries = {outcome: queries.labels(outcome) for outcome in get_args(Outcome)}
        self._query_seconds = Histogram(
            "kommungraf_query_seconds",
            "How long queries had a query process.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._result_bytes = Histogram(
            "kommungraf_result_bytes",
            "Sizes of whole results, as they were sent.",
            buckets=BYTES,
            registry=self._registry,
        )
        self._bound: dict[tuple[Route, int], Counter] = {}

    def request(self, route: Route, status: int, seconds: float) -> None:
        """A request was answered."""
        counter = self._bound.get((route, status))
        if counter is None:
            counter = self._bound[route, status] = self._requests.labels(route, str(status))
        counter.inc()
        self._request_seconds[route].observe(seconds)

    def query(self, outcome: Outcome, seconds: float = 0.0, result_bytes: int = 0) -> None:
        """A query came to its end, whether it ran or not."""
        self._queries[outcome].inc()
        if outcome in EVALUATED:
            self._query_seconds.observe(seconds)
        if outcome in ("ok", "cached"):
            self._result_bytes.observe(result_bytes)

    def exposition(self) -> bytes:
        """All of it, in the format MEDIA_TYPE."""
        return generate_latest(self._registry)


def outcome(kind: str) -> Outcome:
    """What a failed query counts as, by the kind of its failure."""
    return OUTCOMES.get(kind, "error")


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
        yield workers
        replaced = "Query processes that were replaced, because a query was stopped or they ended."
        yield CounterMetricFamily("kommungraf_workers_replaced", replaced, now.workers_replaced)
        yield GaugeMetricFamily("kommungraf_cache_entries", "Results in the cache.", now.cache_entries)
        yield GaugeMetricFamily("kommungraf_cache_bytes", "Bytes of the results in the cache.", now.cache_bytes)
        yield CounterMetricFamily("kommungraf_cache_hits", "Answers from the cache.", now.cache_hits)
        yield CounterMetricFamily("kommungraf_cache_misses", "Queries that were not in the cache.", now.cache_misses)
        yield GaugeMetricFamily("kommungraf_clients", "Clients that fair use remembers.", now.clients)
        yield GaugeMetricFamily("kommungraf_quads", "Quads in the published data.", now.quads)
        version = {"version": now.data_version}
        yield InfoMetricFamily("kommungraf_data", "The published data.", version)

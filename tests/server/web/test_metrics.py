"""What is counted: read back with the parser of the format's own library."""

import time
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from server import messages
from server.web.metrics import MEDIA_TYPE, OUTCOMES, Metrics, State, outcome

STATE = State(2, 6, 5, 3, 10, 4096, 7, 9, 4, "v1", 5_457_379)
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(metrics: Metrics) -> Samples:
    families = text_string_to_metric_families(metrics.exposition().decode("utf-8"))
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value for family in families for each in family.samples
    }


def test_requests_by_route_and_status() -> None:
    metrics = Metrics(lambda: STATE)
    metrics.request("sparql", 200, 0.002)
    metrics.request("sparql", 200, 0.3)
    metrics.request("page", 404, 0.01)
    read = samples(metrics)
    assert read["kommungraf_requests_total", (("route", "sparql"), ("status", "200"))] == 2
    assert read["kommungraf_requests_total", (("route", "page"), ("status", "404"))] == 1
    assert read["kommungraf_request_seconds_count", (("route", "sparql"),)] == 2
    assert read["kommungraf_request_seconds_bucket", (("le", "0.0025"), ("route", "sparql"))] == 1
    assert read["kommungraf_request_seconds_sum", (("route", "page"),)] == pytest.approx(0.01)


def test_queries_by_their_end() -> None:
    metrics = Metrics(lambda: STATE)
    metrics.query("ok", 0.02, 3000)
    metrics.query("cached", 0.0001, 500)
    metrics.query("timeout", 10.0)
    metrics.query("rate")
    read = samples(metrics)
    ends = {labels[0][1]: value for (name, labels), value in read.items() if name == "kommungraf_queries_total"}
    assert ends.pop("ok") == ends.pop("cached") == ends.pop("timeout") == ends.pop("rate") == 1
    assert len(ends) >= 8 and set(ends.values()) == {0}  # an end that never came is there, as 0
    assert read["kommungraf_query_seconds_count", ()] == 2
    assert read["kommungraf_query_seconds_sum", ()] == pytest.approx(10.02)
    assert read["kommungraf_result_bytes_count", ()] == 2 and read["kommungraf_result_bytes_sum", ()] == 3500


def test_the_state_is_asked_for_when_it_is_read() -> None:
    state = [STATE]
    metrics = Metrics(lambda: state[0])
    read = samples(metrics)
    assert read["kommungraf_workers", (("state", "busy"),)] == 2
    assert read["kommungraf_workers", (("state", "idle"),)] == 6
    assert read["kommungraf_workers", (("state", "standby"),)] == 5
    assert read["kommungraf_workers_replaced_total", ()] == 3
    assert read["kommungraf_cache_entries", ()] == 10 and read["kommungraf_cache_bytes", ()] == 4096
    assert read["kommungraf_cache_hits_total", ()] == 7 and read["kommungraf_cache_misses_total", ()] == 9
    assert read["kommungraf_quads", ()] == 5_457_379 and read["kommungraf_clients", ()] == 4
    assert read["kommungraf_data_info", (("version", "v1"),)] == 1
    state[0] = replace(STATE, data_version='v2"\n', quads=1)
    read = samples(metrics)
    assert read["kommungraf_quads", ()] == 1
    assert [labels for name, labels in read if name == "kommungraf_data_info"] == [(("version", 'v2"\n'),)]


def test_the_process_tells_of_itself() -> None:
    read = samples(Metrics(lambda: STATE))
    assert read["process_resident_memory_bytes", ()] > 2**20 and read["process_open_fds", ()] > 2
    assert time.time() - 86400 * 30 < read["process_start_time_seconds", ()] <= time.time()
    assert "version=" in MEDIA_TYPE


def test_two_services_in_one_process_count_apart() -> None:
    one, two = Metrics(lambda: STATE), Metrics(lambda: STATE)
    one.query("ok")
    assert samples(one)["kommungraf_queries_total", (("outcome", "ok"),)] == 1
    assert samples(two)["kommungraf_queries_total", (("outcome", "ok"),)] == 0


def test_every_failure_that_is_told_is_counted_as_something() -> None:
    told = {kind.split()[0] for kind in messages._FAILURES}
    assert told - set(OUTCOMES) == {"engine"} and outcome("engine") == "error"
    assert outcome("crash") == "memory" and outcome("too-much-time") == "rate"


def test_counting_costs_a_query_little() -> None:
    """A request and its query stay far below what the smallest query costs (100 µs); measured: some 4 µs."""
    metrics, best = Metrics(lambda: STATE), 1.0
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(2000):
            metrics.request("sparql", 200, 0.002)
            metrics.query("ok", 0.002, 3000)
        best = min(best, (time.perf_counter() - began) / 2000)
    print(f"{best * 1e6:.1f} µs")
    assert best < 50e-6

"""Queries that stand behind another in one process: short ones are answered there, and none waits for a long one."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.asking import Query, QueryFailed
from server.processes import frames, pool, worker
from server.processes.pool import AHEAD, SOON
from server.processes.query_process import Worker
from server.processes.reception import Reception
from tests.server.processes.test_pool import ENDLESS, Held, works


@pytest.fixture
def held(published: Path) -> Iterator[Held]:
    """A pool of two processes on a machine with one processor."""
    made = Held(published, size=2)
    made.pool._cores = 1
    try:
        yield made
        assert not made.pool._running and not made.pool._waiting
    finally:
        made.close()


async def ask(held: Held, number: int, client: str | None = None) -> int:
    """The number, as the engine tells it."""
    text = f"SELECT ?n {{ BIND({number} AS ?n) }}"
    found = await held.pool.rows(Query(text, rows=1, client=client or f"client {number}"))
    [[term]] = found.rows
    assert term
    return int(term.value)


async def all_idle(held: Held) -> None:
    until = time.monotonic() + 5
    while held.pool.idle < held.pool.size:
        assert time.monotonic() < until, "a process is not free again"
        await asyncio.sleep(0.01)
    assert len(set(held.pool._idle)) == held.pool.idle == held.pool.size


def send(worker: Worker, number: signal.Signals) -> None:
    signal.pidfd_send_signal(worker.descriptor, number)


def stop(worker: Worker) -> None:
    """Let it do nothing until it is sent SIGCONT."""
    send(worker, signal.SIGSTOP)
    tasks = list(Path(f"/proc/{worker.number}/task").iterdir())
    until = time.monotonic() + 5
    while any((task / "stat").read_text().rpartition(")")[2].split()[0] != "T" for task in tasks):
        assert time.monotonic() < until, "it was not stopped"
        time.sleep(0.001)


def test_one_process_answers_what_comes_together(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SHORT", 60.0)

    async def together() -> None:
        before = {worker: worker.answered for worker in held.pool._workers}
        for turn in range(20):
            numbers = range(turn * AHEAD, (turn + 1) * AHEAD)
            assert await asyncio.gather(*(ask(held, number) for number in numbers)) == list(numbers)
        assert sorted(worker.answered - before[worker] for worker in held.pool._workers) == [0, 20 * AHEAD]
        more = range(10 * AHEAD)
        assert await asyncio.gather(*(ask(held, number) for number in more)) == list(more)
        await all_idle(held)

    held.run(together())


def test_short_queries_wake_one_process_and_longer_ones_as_many_as_there_are_processors(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "SHORT", 60.0)
    held.pool._cores = 2

    async def together(pace: float) -> list[int]:
        before = {process: process.answered for process in held.pool._workers}
        held.pool._pace = pace
        assert await asyncio.gather(*(ask(held, number) for number in range(AHEAD))) == list(range(AHEAD))
        return sorted(process.answered - before[process] for process in held.pool._workers)

    assert held.run(together(SOON / AHEAD)) == [0, AHEAD]
    assert held.run(together(SOON)) == [AHEAD // 2, AHEAD // 2]
    for number in range(100):
        held.run(ask(held, number))
    assert held.pool._pace < SOON, "what these took was learnt"
    before = held.pool._pace
    with pytest.raises(QueryFailed):
        held.run(held.pool.run(Query(ENDLESS, seconds=0.3)))
    assert held.pool._pace > before + 0.01


def test_a_process_stays_awake_for_the_next_query_where_they_come_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    receive = frames.receive

    def look(peer: socket.socket, buffer: bytearray, flags: int = 0) -> list[tuple[bytes, bytes]]:
        looks.append(flags)
        return receive(peer, buffer, flags)

    monkeypatch.setattr(frames, "receive", look)
    monkeypatch.setattr(worker, "AWAKE", 0.05)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        asked = worker._Asked(theirs)

        def took() -> list[int]:
            looks.clear()
            assert asked.take() and len(asked.waiting) == 1
            asked.waiting.clear()
            return looks

        ours.sendall(query := frames.frame(frames.QUERY, b"?"))
        assert took() == [0], "nothing is known yet"
        for _ in range(worker.LATELY):
            ours.sendall(query)
            took()
        ours.sendall(query)
        assert took() == [frames.AT_ONCE]
        late = threading.Timer(0.2, ours.sendall, [query])
        late.start()
        assert set(took()[:-1]) == {frames.AT_ONCE} and looks[-1] == 0, "awake for a while, then asleep"
        late.join()
        ours.sendall(query)
        assert took() == [frames.AT_ONCE], "one that came late is not what they do on average"
        asked.gap = worker.LONGEST
        ours.sendall(query)
        assert took() == [0]


def test_processes_at_rest_take_no_time(held: Held) -> None:
    def spent() -> int:
        told = [Path(f"/proc/{process.number}/stat").read_text().rpartition(")")[2] for process in held.pool._workers]
        return sum(int(ticks) for each in told for ticks in each.split()[11:13])

    for number in range(20):
        held.run(ask(held, number))
    before = spent()
    time.sleep(1.0)
    assert spent() - before <= 5, "hundredths of a second"


def test_nothing_waits_behind_a_long_query(held: Held) -> None:
    async def behind() -> None:
        long = asyncio.ensure_future(held.pool.run(Query(ENDLESS, seconds=1.0, client="long")))
        await asyncio.sleep(0)
        short = [asyncio.ensure_future(ask(held, number)) for number in range(AHEAD - 1)]
        await asyncio.sleep(0)
        assert [len(worker.asked) for worker in held.pool._quick] == [AHEAD]
        began = time.monotonic()
        assert await asyncio.gather(*short) == list(range(AHEAD - 1))
        assert time.monotonic() - began < 0.5 and not long.done()
        assert await ask(held, 7) == 7, "nor what comes later"
        with pytest.raises(QueryFailed) as failed:
            await long
        assert failed.value.kind == "timeout" and failed.value.seconds < 1.5
        await all_idle(held)

    held.run(behind())


def test_a_process_whose_query_took_longer_goes_on(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LONG", 60.0)
    numbers = " ".join(map(str, range(1500)))
    some_time = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {numbers} }} VALUES ?b {{ {numbers} }} }}"

    async def longer() -> None:
        worker = held.pool._idle[-1]
        for turn in range(3):
            counted = asyncio.ensure_future(held.pool.rows(Query(some_time, rows=1, client="counting")))
            await asyncio.sleep(0)
            assert await asyncio.gather(*(ask(held, number) for number in range(3))) == [0, 1, 2]
            assert worker.forgets == 1 + turn and not counted.done()
            [[count]] = (await counted).rows
            assert count and count.value == "2250000"
            await all_idle(held)
            assert held.pool._idle[-1] is worker

    held.run(longer())


def test_a_process_that_ends_takes_none_with_it(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SUDDEN", 60.0)

    async def killed() -> None:
        worker = held.pool._idle[-1]
        stop(worker)
        asked = [asyncio.ensure_future(ask(held, number)) for number in range(AHEAD)]
        await asyncio.sleep(0)
        assert len(worker.asked) == AHEAD
        send(worker, signal.SIGKILL)
        assert await asyncio.gather(*asked) == list(range(AHEAD))
        assert worker not in held.pool._workers
        await all_idle(held)

    held.run(killed())


def test_what_is_answered_late_is_the_right_query(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has not even begun the first, when it is told to forget those behind it."""
    monkeypatch.setattr(pool, "LONG", 60.0)

    async def slow() -> None:
        worker = held.pool._idle[-1]
        for turn in range(3):
            stop(worker)
            asked = [asyncio.ensure_future(ask(held, 10 * turn + number)) for number in range(AHEAD)]
            await asyncio.sleep(0)
            assert len(worker.asked) == AHEAD
            assert await asyncio.gather(*asked[1:]) == [10 * turn + number for number in range(1, AHEAD)]
            assert not asked[0].done() and worker.forgets
            send(worker, signal.SIGCONT)
            assert await asked[0] == 10 * turn
            await all_idle(held)
            assert worker in held.pool._workers and worker.forgets is None
            while held.pool._idle[-1] is not worker:  # that which answered last is asked next
                held.pool._idle.append(held.pool._idle.pop(0))

    held.run(slow())


def test_a_process_that_had_gone_on_is_free_once_it_says_so() -> None:
    """Who is told to forget queries, and has answered them meanwhile, is asked more only when both are settled."""

    async def told() -> None:
        worker = Worker(0, -1)
        asked = [Reception(lambda _: None) for _ in range(3)]
        for each in asked:
            worker.ask(each, Query("ASK {}"), 1000)
        worker.forget()
        answer = frames.joined(frames.Outcome("boolean", "json", "", True, 0.0, "v").written(), b"{}")
        assert [worker.take(frames.WHOLE, answer) for _ in asked] == [False] * 3 and not worker.asked
        assert worker.take(frames.FORGOTTEN, b"") and worker.forgets is None

    asyncio.run(told())


def test_who_leaves_before_its_turn_leaves_the_others_theirs(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SHORT", 60.0)

    async def leave() -> None:
        worker = held.pool._idle[-1]
        stop(worker)
        asked = [asyncio.ensure_future(ask(held, number)) for number in range(3)]
        await asyncio.sleep(0)
        asked[1].cancel()
        await asyncio.sleep(0)
        send(worker, signal.SIGCONT)
        assert [await asked[0], await asked[2]] == [0, 2]
        await all_idle(held)
        assert worker in held.pool._workers and not held.pool.replaced

    held.run(leave())
    works(held)


def test_a_process_that_was_ended_is_asked_nothing_more(held: Held) -> None:
    """What it sent last may come at once: an answer for which it is ended, and that it has forgotten the others."""

    async def ended() -> None:
        worker = held.pool._idle[-1]
        stop(worker)
        asked = [asyncio.ensure_future(ask(held, number)) for number in range(AHEAD)]
        assert await asyncio.gather(*asked[1:]) == list(range(1, AHEAD))
        assert worker.forgets
        worker.tired = True
        assert worker.line
        line = worker.line.get_protocol()
        solution = b'{"boolean":null,"variables":["n"],"rows":[[["literal","0",null,"i"]]],"more":false}'
        outcome = frames.Outcome("solutions", "rows", "", True, 0.0, "v")
        answer = frames.joined(outcome.written(), solution)
        line.data_received(frames.frame(frames.WHOLE, answer) + frames.frame(frames.FORGOTTEN))
        assert await asked[0] == 0
        assert worker not in held.pool._workers and worker not in held.pool._idle
        await all_idle(held)
        assert held.pool.replaced == 1 and len(held.pool._workers) == 2
        assert await asyncio.gather(*(ask(held, number) for number in range(9))) == list(range(9))
        await all_idle(held)

    held.run(ended())


def test_those_who_need_a_process_of_their_own_do_not_hinder_the_others(held: Held) -> None:
    async def crowded() -> None:
        held.pool._costly.add("costly")
        long = [
            asyncio.ensure_future(held.pool.run(Query(ENDLESS, seconds=1.0, client=f"long {n}"))) for n in range(2)
        ]
        await asyncio.sleep(0.1)
        assert not held.pool._idle and not held.pool._quick
        costly = asyncio.ensure_future(ask(held, 1, "costly"))
        others = [asyncio.ensure_future(ask(held, number)) for number in range(20)]
        await asyncio.sleep(0)
        assert len(held.pool._waiting) == 21 and held.pool._waiting.alone == 1
        assert await asyncio.gather(costly, *others) == [1, *range(20)]
        assert held.pool._waiting.alone == 0
        assert [type(failed) for failed in await asyncio.gather(*long, return_exceptions=True)] == [QueryFailed] * 2
        await all_idle(held)

    held.run(crowded())


def test_who_leaves_while_it_stands_behind_a_long_query_is_forgotten(held: Held) -> None:
    async def leave() -> None:
        worker = held.pool._idle[-1]
        long = asyncio.ensure_future(held.pool.run(Query(ENDLESS, seconds=0.2, client="long")))
        evil = asyncio.ensure_future(held.pool.run(Query(ENDLESS, seconds=10.0, client="evil")))
        await asyncio.sleep(0)
        assert len(worker.asked) == 2
        evil.cancel()
        await asyncio.sleep(0.1)
        assert worker.forgets or len(worker.asked) == 1
        with pytest.raises(QueryFailed):
            await long
        await all_idle(held)

    held.run(leave())


def test_who_leaves_and_whose_query_runs_still_is_known_for_it(held: Held) -> None:
    async def leave() -> None:
        worker = held.pool._idle[-1]
        stop(worker)
        first = asyncio.ensure_future(ask(held, 0))
        evil = asyncio.ensure_future(held.pool.run(Query(ENDLESS, seconds=10.0, client="evil")))
        await asyncio.sleep(0)
        evil.cancel()
        send(worker, signal.SIGCONT)
        assert await first == 0
        await all_idle(held)
        assert worker.forgets is None
        assert (worker in held.pool._workers) != ("evil" in held.pool._costly)

    held.run(leave())


@pytest.mark.parametrize("leaving", [0, 1])
def test_nobody_waits_for_ever_for_a_pool_that_closes(published: Path, leaving: int) -> None:
    held = Held(published, size=2)
    held.pool._cores = 1

    async def closing() -> None:
        worker = held.pool._idle[-1]
        stop(worker)
        asked = [asyncio.ensure_future(ask(held, number)) for number in range(3)]
        await asyncio.sleep(0)
        asked[leaving].cancel()
        await held.pool.close()
        ended = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 5)
        expected: list[type[BaseException]] = [QueryFailed] * 3
        expected[leaving] = asyncio.CancelledError
        assert [type(each) for each in ended] == expected

    held.run(closing())
    held.close()


def test_nobody_stands_behind_a_client_whose_queries_end_processes(held: Held) -> None:
    async def costly() -> None:
        with pytest.raises(QueryFailed):
            await held.pool.run(Query(ENDLESS, seconds=0.1, client="costly"))
        await all_idle(held)
        long = asyncio.ensure_future(held.pool.run(Query(ENDLESS, seconds=0.3, client="costly")))
        await asyncio.sleep(0)
        assert not held.pool._quick
        assert await ask(held, 1) == 1
        with pytest.raises(QueryFailed):
            await long
        await all_idle(held)

    held.run(costly())

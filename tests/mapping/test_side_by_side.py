"""Documents that are slow, break the program or kill their process take no other with them."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapping import corpus, limits, side_by_side
from mapping.corpus import Document, Known, agree, read_all, read_one
from mapping.document import Judged
from mapping.records import Refused
from mapping.side_by_side import Lost, spread
from mapping.text import Text
from tests.conftest import SAMPLES

TEXTS = sorted(SAMPLES.glob("*.txt"))[:3]
LIMIT = 1.0
ENDLESS = re.compile(r"(a+)+b")  # no signal handler and no other thread of Python runs while it searches


def work(number: int, slow: int = 13) -> int:
    if number == slow:
        ENDLESS.match("a" * 60)
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number // 2


def test_a_task_out_of_time_is_ended_and_takes_no_other_with_it() -> None:
    started = time.monotonic()
    found = list(spread(work, ((n, (n,)) for n in range(30)), jobs=2, seconds=LIMIT))
    assert time.monotonic() - started < LIMIT + 15
    assert len(found) == 30
    assert dict(found) == {n: {13: Lost.SLOW, 7: Lost.DIED}.get(n, n // 2) for n in range(30)}


def test_time_is_counted_for_each_task_anew() -> None:
    tasks = ((n, (LIMIT / 3,)) for n in range(6))
    assert dict(spread(nap, tasks, jobs=1, seconds=LIMIT)) == dict.fromkeys(range(6), "rested")


def test_a_task_that_waits_for_a_processor_is_not_refused_for_that(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a document that is read in time elsewhere takes longer by the clock, but not for ever."""
    monkeypatch.setattr(side_by_side, "GRACE", 0.0)
    tasks = [(1, (2 * LIMIT,)), (2, (20 * LIMIT,))]
    started = time.monotonic()
    assert dict(spread(nap, tasks, jobs=1, seconds=LIMIT)) == {1: "rested", 2: Lost.SLOW}
    assert time.monotonic() - started < 15 * LIMIT


def nap(seconds: float) -> str:
    time.sleep(seconds)
    return "rested"


def test_large_tasks_and_results_do_not_block_one_another() -> None:
    large = "å" * 5_000_000
    assert dict(spread(echo, ((n, (large,)) for n in range(5)), jobs=1, seconds=60)) == dict.fromkeys(range(5), large)


def echo(text: str) -> str:
    return text


def test_an_exception_is_raised_and_a_process_that_cannot_begin_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        list(spread(divmod, [(1, (1, 0))], jobs=1))
    with pytest.raises(RuntimeError, match="could not begin"):
        list(spread(echo, [(1, ("a",))], 1, die))


def die() -> None:
    os._exit(3)


def test_no_process_is_left_behind() -> None:
    found: Iterator[tuple[int, int | Lost]] = spread(pid, ((n, ()) for n in range(100)), jobs=2)
    _, process = next(found)
    assert isinstance(process, int)
    found.close()  # type: ignore[attr-defined]
    until = time.monotonic() + 3
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def pid() -> int:
    return os.getpid()


class Taken:
    """What a process that a document has taken over might send."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def taken_over(path: Path, hostile: bool) -> object:
    return Taken(path) if hostile else path.name


def test_what_a_process_sends_is_read_as_values_alone(tmp_path: Path) -> None:
    tasks = ((n, (tmp_path / f"{n}", n == 1)) for n in range(3))
    assert dict(spread(taken_over, tasks, jobs=1, seconds=60)) == {0: "0", 1: Lost.DIED, 2: "2"}
    assert not list(tmp_path.iterdir())


def unstoppable(busy: bool) -> str:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF, signal.SIGALRM})
    signal.signal(signal.SIGPROF, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while busy:
        pass
    time.sleep(600)
    return "rested"


@pytest.mark.parametrize(("busy", "grace"), [(False, 1.0), (True, 600.0)], ids=["sleeping", "busy"])
def test_a_process_that_takes_no_notice_of_its_time_is_ended(
    busy: bool, grace: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "GRACE", grace)
    started = time.monotonic()
    assert list(spread(unstoppable, [(1, (busy,))], jobs=1, seconds=LIMIT)) == [(1, Lost.SLOW)]
    assert time.monotonic() - started < 30


def slow_one(path: Path, municipality: str | None, base: str, hold: bool, erased: object = ()) -> Document | Refused:
    if path == TEXTS[0]:
        ENDLESS.match("a" * 60)
    return read_one(path, municipality, base, hold)


def test_a_slow_document_is_refused_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "read_one", slow_one)
    monkeypatch.setattr(limits, "SECONDS", 5.0)
    found = dict(read_all(TEXTS, None, jobs=2))
    refused = found.pop(TEXTS[0])
    assert isinstance(refused, Refused) and refused.reason == "too-slow"
    assert "5 sekunder" in refused.sv and "5 seconds" in refused.en
    assert len(found) == 2 and all(isinstance(document, Document) for document in found.values())


@pytest.fixture(scope="module")
def known() -> dict[str, Known]:
    """Documents whose persons were resolved otherwise before, so that each must be judged again."""
    documents = [read_one(path, None) for path in TEXTS]
    return {d.sha256: as_known(d, d.text) for d in documents if isinstance(d, Document)}


def as_known(document: Document, text: Text) -> Known:
    return Known(document.mentions, "otherwise", lambda: text, None)


def lost_text() -> Text:
    raise FileNotFoundError("gone")


def kills(text: Text, sha256: str, municipality: str | None, base: str) -> Judged | Refused:
    if "gone wrong" in text.canonical:
        os.kill(os.getpid(), signal.SIGKILL)
    return again(text, sha256, municipality, base)


def hangs(text: Text, sha256: str, municipality: str | None, base: str) -> Judged | Refused:
    if "gone wrong" in text.canonical:
        ENDLESS.match("a" * 60)
    return again(text, sha256, municipality, base)


again = corpus._again
WRONG = Text("gone wrong", "txt")


@pytest.mark.parametrize(
    ("text", "judging", "reason"),
    [
        (lambda: WRONG, again, "not-a-meeting-document"),
        (lambda: WRONG, kills, "crash"),
        (lambda: WRONG, hangs, "too-slow"),
        (lambda: None, again, "crash"),
        (lost_text, again, "unreadable"),
    ],
    ids=["refused now", "kills its process", "hangs", "raises", "lost text"],
)
def test_a_document_that_cannot_be_judged_again_stops_no_other(
    known: dict[str, Known], monkeypatch: pytest.MonkeyPatch, text: object, judging: object, reason: str
) -> None:
    monkeypatch.setattr(corpus, "_again", judging)
    monkeypatch.setattr(limits, "SECONDS", 5.0)
    bad, *good = sorted(known)
    assert len(good) == 2
    broken = Known(known[bad].mentions, "otherwise", text, None)  # type: ignore[arg-type]
    agreement = agree(known | {bad: broken}, jobs=2)
    assert {sha: refused.reason for sha, refused in agreement.refused.items()} == {bad: reason}
    assert agreement.refused[bad].sv and agreement.refused[bad].en
    assert sorted(agreement.rejudged) == good
    assert all(judged.accepted for judged, _ in agreement.rejudged.values())
    assert agreement.persons == agree({sha: known[sha] for sha in good}).persons

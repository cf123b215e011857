"""A large result while the disk fills up: it never looks whole, its journal says so, and the next answer is right."""

import asyncio
import json
import resource
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from server import messages
from server.asking import Query, QueryFailed
from server.processes import reception
from server.processes.pool import Pool
from server.processes.reception import Reception
from server.web import fair_use
from server.web.admission import Admission
from server.web.client_address import Client
from server.web.fair_use import Clients
from server.web.journal import Journal
from server.web.metrics import Metrics, State

VALUES = " ".join(str(number) for number in range(400))
LARGE = f"SELECT ?a ?b {{ VALUES ?a {{ {VALUES} }} VALUES ?b {{ {VALUES} }} }}"
ROOM = 3 * 2**20  # bytes: less than that result has
REAL = tempfile.TemporaryFile


class Short:
    """A file that takes a part of what it is given, as a disk does that fills up, and then goes on."""

    def __init__(self) -> None:
        self.file = REAL(buffering=0)

    def write(self, content: bytes) -> int:
        return self.file.write(content[: max(1, len(content) // 2)])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def asked(folder: Path) -> tuple[int | str, dict[str, Any]]:
    """What became of a large query: its bytes, or why there are none or not all; and what the journal has of it.

    The next query of the same process has its own answer."""
    lines: list[bytes] = []

    async def asking() -> int | str:
        pool = Pool(folder, 1)
        await pool.start()
        metrics = Metrics(lambda: State(0, 0, 0, 0, 0, 0, 0, 0, 0, "", 0))
        admission = Admission(pool, Clients(fair_use.Limits()), metrics, Journal(lines.append))
        try:
            came: int | str
            try:
                answer = await admission.run(Query(LARGE, client="a"), Client("a", "a"))
                came = sum([len(piece) async for piece in answer.body()])
                assert came == answer.length
            except QueryFailed as failure:
                came = failure.reason
                problem = messages.of_failure(failure, "", {})
                assert problem.status == 503 and ("large results is full" in problem.en or came != "disk")
            assert (await pool.rows(Query("ASK {}", rows=1))).boolean is True
            return came
        finally:
            await pool.close()

    came = asyncio.run(asking())
    assert Reception.spilled == 0
    return came, json.loads(lines[0])


def test_what_a_disk_takes_in_parts_is_whole(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, told = asked(published)
    assert isinstance(whole, int) and whole > 2 * ROOM and told["outcome"] == "ok"
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Short())
    assert asked(published)[0] == whole


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """No file gets larger: the last write that fits is taken in part, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("room", [ROOM + 77, 77])
def test_a_cut_result_is_an_error_and_told_as_one(
    published: Path, room: int, caplog: pytest.LogCaptureFixture
) -> None:
    with at_most(room):
        came, told = asked(published)
    assert came == "disk" and (told["outcome"], told["status"]) == ("disk", 503)
    assert "not kept on disk" in caplog.text


def test_more_than_all_results_may_have_is_the_same(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "SPILLED", ROOM)
    monkeypatch.setattr(reception, "SHARE", 1)
    came, told = asked(published)
    assert came == "disk" and told["outcome"] == "disk"


def test_one_client_has_a_share_of_it(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "SPILLED", reception.SHARE * 10 * ROOM)

    async def asking() -> None:
        pool = Pool(published, 1)
        await pool.start()
        try:
            unread = await pool.run(Query(LARGE, client="a"))
            await unread.settled()
            assert 5 * ROOM < Reception.spilled_of["a"] == Reception.spilled == unread.length < 10 * ROOM
            second = await pool.run(Query(LARGE, client="a"))
            with pytest.raises(QueryFailed) as caught:
                await second.settled()
            problem = messages.of_failure(caught.value, "", {})
            assert (problem.status, problem.more["kind"]) == (503, "unread") and "not fetched" in problem.en
            second.abandon()
            await (other := await pool.run(Query(LARGE, client="b"))).settled()
            other.abandon()
            unread.abandon()
            await (again := await pool.run(Query(LARGE, client="a"))).settled()
            again.abandon()
        finally:
            await pool.close()

    asyncio.run(asking())
    assert Reception.spilled == 0 and not Reception.spilled_of


def test_no_place_for_files_is_the_same(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: object) -> IO[bytes]:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    assert asked(published)[0] == "disk"


def test_a_file_system_that_is_full(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", tmp_path], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no file system of its own here: {mounted.stderr.strip()}")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    try:
        came, told = asked(published)
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert came == "disk" and told["outcome"] == "disk"

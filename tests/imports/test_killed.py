"""An import killed at many moments: what is published is the earlier or the later version of the source, never half of
one or both, whatever command comes next; and the same import again completes it."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from server.data_folder.folder import entries
from tests.commands.test_kill_sweep import published
from tests.conftest import ROOT
from tests.imports.test_import import BASE, LBLOD, imported, run

KILLS = 24
PROGRAM = f"""
import os, sys
from contextlib import contextmanager
from pathlib import Path
from commands import import_order as order
from commands.ingest import settle
from mapping import corpus
from mapping.imports import reading
from server.data_folder import folder

@contextmanager
def unconfined(*_):
    yield None

def serially(work, tasks, jobs, begin=None, given=(), seconds=0, confine=None):
    if begin:
        begin(*given)
    for key, arguments in tasks:
        yield key, work(*arguments)

order.confinement = unconfined
reading.spread = corpus.spread = serially
known = {{}}
work = reading.work
reading.work = lambda task: known.get(task.sha256) or known.setdefault(task.sha256, work(task))
print("ready", flush=True)
for line in sys.stdin:
    data, source = line.rstrip().split("\\t")

    def import_():
        with folder.writer(Path(data)) as ledger:
            folder.claim_base(ledger, {BASE!r})
            order.run(ledger, Path(source), "lblod", "b.ttl", {BASE!r})
            settle(ledger, {BASE!r})

    child = os.fork()
    if child == 0:
        try:
            os.dup2(2, 1)
            import_()
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old")
    shutil.copy(LBLOD, folder / "b.ttl")
    imported(folder / "b.ttl", folder / "data")
    return folder / "data"


def test_killed_at_many_moments(old: Path, tmp_path: Path) -> None:
    newer, data = tmp_path / "b.ttl", tmp_path / "data"
    newer.write_text(LBLOD.read_text("utf-8").replace("Lindegroep", "Eikengroep"))
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None

    def attempt(kill_after: float | None = None) -> int:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{data}\t{newer}\n")
        process.stdin.flush()
        child = int(process.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return int(process.stdout.readline())

    def fresh() -> None:
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(old, data)

    try:
        assert process.stdout.readline() == "ready\n"
        before, durations = published(old), []
        for _ in range(3):
            fresh()
            started = time.monotonic()
            assert attempt() == 0
            durations.append(time.monotonic() - started)
        after, chance = published(data), random.Random(7)
        told = {entry.sha256 for folder in (old, data) for entry in entries(folder)}
        assert before != after and len(told) == 2
        seen = {"old": 0, "new": 0, "killed": 0}
        for number in range(KILLS):
            fresh()
            killed = attempt(chance.uniform(0, min(durations)))
            seen["killed"] += killed != 0
            found = published(data)
            assert found in (before, after)
            seen["new" if found == after else "old"] += 1
            (entry,) = entries(data)
            assert entry.status == "accepted" and entry.sha256 in told
            if number % 8 == 0:
                assert run("rebuild", "--data", data).exit_code == 0
                assert published(data) in (before, after)
            assert attempt() == 0
            assert published(data) == after
        assert min(seen["old"], seen["killed"]) > KILLS // 4, seen
        assert run("verify", "--data", data).exit_code == 0
        assert [path.name for path in (data / "documents").iterdir()] == [f"{entries(data)[0].id}.nq"]
    finally:
        process.kill()
        process.communicate()


def test_a_copy_holds_what_was_imported(old: Path, tmp_path: Path) -> None:
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert run("backup", "--data", old, "--to", copy).exit_code == 0
    assert run("restore", "--data", again, "--from", copy).exit_code == 0
    assert published(again) == published(old) and entries(again) == entries(old)
    assert run("verify", "--data", again).exit_code == 0
    newer = tmp_path / "b.ttl"
    newer.write_text(LBLOD.read_text("utf-8").replace("Lindegroep", "Eikengroep"))
    assert "replaced" in imported(newer, again).output
    assert run("remove", "b.ttl", "--data", again, "--reason", "Fel källa").exit_code == 0
    assert not [quad for quad in published(again) if "Molenbeke" in str(quad.object)]

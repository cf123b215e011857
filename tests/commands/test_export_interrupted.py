"""An export of newer data that is killed, or finds the disk full, leaves the earlier dump as it was, and offered."""

import hashlib
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from server.export import dumping, dumps
from server.storage import snapshot, store
from tests.server.data import BASE, make

COMMAND = Path(sys.executable).parent / "kommungraf"


def intact(data: Path) -> dumps.Dump:
    """The dump that is offered, each file of which is what its manifest says."""
    dump = dumps.current(data)
    assert dump
    for file in dump.files:
        content = (dumps.folder_of(data, dump.version) / file.name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
    return dump


def kill_in_the_middle(data: Path) -> int:
    """Kill an export when its first file is whole; its exit code."""
    running = subprocess.Popen([COMMAND, "export", "--data", data], stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not list(dumps.root(data).glob(".making-*/*.ttl.gz")) and time.monotonic() < until:
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    return running.wait(10)


def fill_the_disk(data: Path) -> int:
    """Let no file grow over 20 kB, as on a disk that becomes full within the first; the exit code."""
    return subprocess.run(
        [COMMAND, "export", "--data", data],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        check=False,
        timeout=120,
    ).returncode


@pytest.mark.parametrize(("interrupt", "code"), [(kill_in_the_middle, -signal.SIGKILL), (fill_the_disk, 7)])
def test_the_earlier_dump_is_whole(tmp_path: Path, interrupt: Callable[[Path], int], code: int) -> None:
    store.publish(tmp_path, make(tmp_path), BASE)
    before = dumping.export(tmp_path).dump
    path = max((tmp_path / "documents").glob("*.nq"), key=lambda each: each.stat().st_size)
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    store.build(tmp_path, BASE)
    assert interrupt(tmp_path) == code
    assert intact(tmp_path) == before and before.version != snapshot.current_version(tmp_path)
    assert dumping.export(tmp_path).made
    assert intact(tmp_path).version == snapshot.current_version(tmp_path) != before.version
    assert not list(dumps.root(tmp_path).glob(".making-*"))

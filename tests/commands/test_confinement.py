"""What a process that parses documents cannot do: reach the network, write, run programs, outlive its parent."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import commands.confinement
from commands.confinement import MEMORY, NotConfined, confine
from mapping.side_by_side import Lost, spread
from tests.conftest import COMMAND, ROOT, SAMPLES, Done
from tests.mapping.test_formats_pdf_scans import scanned

SCANNED = SAMPLES / "2024-05-21-socialnamnden-protokoll.pdf"
TARGET = "kept.txt"
ATTEMPTS: dict[str, Callable[[Path], object]] = {
    "internet socket": lambda _: socket.socket(),
    "unix socket": lambda _: socket.socket(socket.AF_UNIX),
    "new file": lambda folder: (folder / "new.txt").write_text("x"),
    "old file": lambda folder: (folder / TARGET).open("r+").write("x"),
    "append": lambda folder: (folder / TARGET).open("a"),
    "cut": lambda folder: os.truncate(folder / TARGET, 0),
    "mode": lambda folder: os.chmod(folder / TARGET, 0o777),
    "owner": lambda folder: os.chown(folder / TARGET, os.getuid(), os.getgid()),
    "time": lambda folder: os.utime(folder / TARGET, (0, 0)),
    "remove": lambda folder: (folder / TARGET).unlink(),
    "rename": lambda folder: (folder / TARGET).rename(folder / "other.txt"),
    "link": lambda folder: os.link(folder / TARGET, folder / "other.txt"),
    "symbolic link": lambda folder: (folder / "other.txt").symlink_to("/"),
    "folder": lambda folder: (folder / "made").mkdir(),
    "pipe": lambda folder: os.mkfifo(folder / "made"),
    "program": lambda _: subprocess.run(["/bin/sh", "-c", "true"], check=True),
    "signal": lambda _: os.kill(os.getppid(), 0),
}


def attempted(name: str, folder: Path) -> str:
    try:
        ATTEMPTS[name](folder)
    except PermissionError:
        return "refused"
    return "done"


def in_process(name: str, folder: Path, how: Callable[[], None] | None) -> object:
    [(_, answer)] = spread(attempted, [(name, (name, folder))], 1, seconds=60, confine=how)
    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / TARGET).write_text("kept")
    return tmp_path


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_confined_process_is_refused(name: str, folder: Path) -> None:
    assert in_process(name, folder, confine) == "refused"
    assert [path.name for path in folder.iterdir()] == [TARGET]
    assert (folder / TARGET).read_text() == "kept"


@pytest.mark.parametrize("name", ATTEMPTS)
def test_without_confinement_it_could(name: str, folder: Path) -> None:
    assert in_process(name, folder, None) == "done"


def confine_without(call: str, scratch: Path | None = None) -> None:
    """`confine` where one of Landlock's system calls fails."""
    setattr(commands.confinement, call, 2**30)  # there is no such call
    confine(scratch)


@pytest.mark.parametrize("call", ["_CREATE", "_ADD", "_RESTRICT"])
def test_without_landlock_a_filter_refuses_the_same(call: str, folder: Path) -> None:
    for name in ATTEMPTS:
        assert in_process(name, folder, partial(confine_without, call)) == "refused", name
    assert [path.name for path in folder.iterdir()] == [TARGET]
    assert (folder / TARGET).read_text() == "kept"


@pytest.mark.parametrize("call", ["_CREATE", "_ADD", "_RESTRICT"])
def test_without_landlock_text_recognition_is_not_run(call: str, tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        code = 1
        try:
            confine_without(call, tmp_path)
        except NotConfined as error:
            code = 7 if "changing files" in str(error) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_with_text_recognition_one_folder_can_be_written_and_programs_run(folder: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / TARGET).write_text("kept")
    how = partial(confine, scratch)
    assert in_process("new file", scratch, how) == in_process("remove", scratch, how) == "done"
    assert in_process("program", scratch, how) == "done"
    for name in ("internet socket", "new file", "old file", "remove", "signal"):
        assert in_process(name, folder, how) == "refused"


RECOGNITION = """
import subprocess, tempfile
from pathlib import Path

class Output:
    DICT = "dict"

class TesseractError(RuntimeError):
    pass

class TesseractNotFoundError(OSError):
    pass

def get_languages():
    return ["swe"]

def image_to_data(picture, lang, timeout, output_type):
    with tempfile.NamedTemporaryFile() as file:
        picture.save(file, "PNG")
        subprocess.run(["/bin/sh", "-c", 'printf igenkänt > "$0.txt"', file.name], check=True)
        word = Path(file.name + ".txt").read_text()
    rows = [(4, 50, 50, 900, 40, ""), (5, 50, 50, 300, 40, word)]
    return dict(zip(("level", "left", "top", "width", "height", "text"), zip(*rows)))
"""


def test_scanned_pages_are_recognised_in_a_temporary_folder_that_is_removed(tmp_path: Path) -> None:
    (tmp_path / "pytesseract.py").write_text(RECOGNITION)  # in place of the extra, whether installed or not
    (tmp_path / "scan.pdf").write_bytes(scanned(SCANNED.read_bytes(), [1, 2]))
    temporary = Path(tempfile.mkdtemp(dir="/tmp"))  # a socket is made below it, whose path has 108 bytes at most
    done: Done = subprocess.run(
        [COMMAND, "text", tmp_path / "scan.pdf"],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}", "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("igenkänt") == 2
    assert not list(temporary.glob("kommungraf-*"))
    shutil.rmtree(temporary)


def grown(size: int) -> int:
    return len(bytearray(size))


def test_memory_is_limited_and_the_next_task_has_it_all() -> None:
    sizes = [2**20, MEMORY, 5 * MEMORY // 8, 5 * MEMORY // 8, 2**20]
    found = dict(spread(grown, ((n, (size,)) for n, size in enumerate(sizes)), 1, seconds=60, confine=confine))
    assert found == {n: Lost.LARGE if size >= MEMORY else size for n, size in enumerate(sizes)}


def lingering(path: Path) -> None:
    path.write_text(str(os.getpid()))
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(600)


PARENT = """
import sys
from functools import partial
from pathlib import Path
from commands.confinement import confine
from mapping.side_by_side import spread
from tests.commands.test_confinement import lingering
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    list(spread(lingering, [(1, (folder / "pid",))], 1, seconds=600, confine=partial(confine, folder)))
"""


def test_it_ends_with_its_parent_even_one_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, tmp_path / "parent.py", tmp_path], env=environment)
    until = time.monotonic() + 30
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < until
        time.sleep(0.05)
    child = Path("/proc") / (tmp_path / "pid").read_text()
    assert child.exists()
    parent.kill()
    parent.wait()
    while child.exists() and "zombie" not in (child / "status").read_text():
        assert time.monotonic() < until
        time.sleep(0.05)


def no_landlock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.confinement, "_no_writes", lambda scratch: False)
    monkeypatch.setattr(commands.confinement, "_CHANGING", {})


def no_seccomp(monkeypatch: pytest.MonkeyPatch) -> None:
    from server.processes import isolation

    def refuse() -> None:
        raise isolation.NotIsolated("no seccomp")

    monkeypatch.setattr(isolation, "no_network", refuse)


@pytest.mark.parametrize(("missing", "told"), [(no_landlock, "Landlock"), (no_seccomp, "seccomp")])
def test_a_system_that_offers_less_is_told_and_nothing_is_read(
    missing: Callable[[pytest.MonkeyPatch], None], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # what confines is for good
        try:
            missing(monkeypatch)
            confine()
        except NotConfined as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        sv, en = pipe.read().splitlines()
    os.waitpid(child, 0)
    assert told in sv and told in en
    assert "läses inte här" in sv and "are not read here" in en


REFUSING = """
import kommungraf, commands.confinement
def confine(scratch=None, memory=0):
    raise commands.confinement.NotConfined("Det går inte här.\\nIt does not work here.")
commands.confinement.confine = confine
if __name__ == "__main__":
    kommungraf.main()
"""


@pytest.mark.parametrize("name", ["map", "text", "ingest", "validate"])
def test_the_commands_refuse_to_work_unconfined(name: str, tmp_path: Path) -> None:
    (tmp_path / "refusing.py").write_text(REFUSING)
    (tmp_path / "graph.ttl").write_text("<http://a.example/> a <http://a.example/B> .")
    given = tmp_path / "graph.ttl" if name == "validate" else next(SAMPLES.glob("*.pdf"))
    data = ["--data", str(tmp_path / "data")] if name == "ingest" else []
    done: Done = subprocess.run(
        [sys.executable, tmp_path / "refusing.py", name, given, *data],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Det går inte här.\nIt does not work here.\n"

"""An ingest of documents that are made to bring it down: each is refused with a reason, and the next one is read."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.confinement import MEMORY, confinement
from mapping.corpus import Document, read_all
from mapping.records import Refused
from server.data_folder import folder
from server.data_folder.folder import Entry
from tests.bombs import BOMBS, spoilt
from tests.conftest import ROOT, SAMPLES

LIMIT = 6.0
"""Seconds for a document here: those that would take 25 are refused sooner."""

GOOD = SAMPLES / "2024-05-21-socialnamnden-protokoll.pdf"
INGEST = """
import os, resource, sys
import kommungraf, mapping.limits
import ctypes
if __name__ == "__main__":
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: every process is waited for, and counted, here
    child = os.fork()
    if child == 0:
        mapping.limits.SECONDS = float(sys.argv.pop(1))
        kommungraf.main()
    try:
        while True:
            ended, status = os.wait()
            if ended == child:
                code = os.waitstatus_to_exitcode(status)
    except ChildProcessError:
        print("most", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
        sys.exit(code)
"""


@dataclass(frozen=True)
class Ingested:
    """What an ingest of all bombs and a good document left: rows of the ledger by name, most memory of a process."""

    data: Path
    rows: dict[str, Entry]
    memory: int
    stderr: str


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingested]:
    root = tmp_path_factory.mktemp("bombs")
    documents, data = root / "in", root / "data"
    documents.mkdir()
    for number, (make, _) in enumerate(BOMBS.values()):
        (documents / f"{number:03}").write_bytes(make())
    (documents / "zzz-good.pdf").write_bytes(GOOD.read_bytes())
    (root / "ingest.py").write_text(INGEST)
    done = subprocess.run(
        [sys.executable, root / "ingest.py", str(LIMIT), "ingest", documents, "--data", data, "--jobs", "2"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    for path in documents.iterdir():
        path.unlink()  # gigabytes are not kept
    rows = {row.file_name: row for row in folder.entries(data)}
    yield Ingested(data, rows, int(done.stdout.rpartition("most ")[2]), done.stderr)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_a_reason(ingested: Ingested, name: str) -> None:
    row = ingested.rows[f"{list(BOMBS).index(name):03}"]
    expected = BOMBS[name][1].split()
    if row.status != "refused":
        assert "read" in expected
        return
    assert row.reason in expected
    assert row.reason_sv.endswith(".") and row.reason_en.endswith(".")


def test_nothing_of_a_bomb_is_published_and_the_good_document_is(ingested: Ingested) -> None:
    read = {row.sha256[:16] for row in ingested.rows.values() if row.status != "refused"}
    assert ingested.rows["zzz-good.pdf"].status == "accepted"
    assert len(read) < 6
    kept = {path.name.partition(".")[0] for name in folder.SUBFOLDERS for path in (ingested.data / name).iterdir()}
    assert kept == read


def test_no_process_takes_more_memory_than_is_allowed(ingested: Ingested) -> None:
    assert 0 < ingested.memory < MEMORY


def test_the_libraries_say_nothing_of_the_documents(ingested: Ingested) -> None:
    lines = [line for line in ingested.stderr.replace("\r", "\n").splitlines() if line.strip()]
    assert [line for line in lines if "doc/s" not in line and "s/doc" not in line] == []


@pytest.mark.parametrize("name", ["large", "growing", "pipe", "device", "folder", "circle", "gone"])
def test_what_is_no_whole_file_is_refused_and_the_next_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "given"
    if name == "large":
        with open(path, "wb") as file:
            file.truncate(300 * 2**30)
    elif name == "growing":
        path = Path("/proc/self/pagemap")  # 0 bytes long, they say, and without end
    elif name == "pipe":
        os.mkfifo(path)
    elif name == "device":
        path = Path("/dev/zero")
    elif name == "folder":
        path.mkdir()
    elif name == "circle":
        path.symlink_to(path)
    with confinement() as confine:
        found = dict(read_all([path, GOOD], None, confine=confine))
    refused = found[path]
    assert isinstance(refused, Refused)
    assert refused.reason == {"large": "too-large", "growing": "too-large"}.get(name, "unreadable")
    assert isinstance(found[GOOD], Document)


def test_spoilt_documents_stop_nothing(tmp_path: Path) -> None:
    """Mutations of the samples, the same each time: every one is read, or refused with a reason that is no fault."""
    paths = []
    for sample in sorted(SAMPLES.iterdir()):
        for seed in range(35):
            path = tmp_path / f"{seed}-{sample.name}"
            path.write_bytes(spoilt(sample.read_bytes(), seed))
            paths.append(path)
    with confinement() as confine:
        found = dict(read_all(paths, None, jobs=2, confine=confine))
    assert sorted(found) == sorted(paths) and len(paths) > 300
    refused = {path.name: result for path, result in found.items() if isinstance(result, Refused)}
    assert {name: told.en for name, told in refused.items() if told.reason in ("crash", "too-slow")} == {}
    assert all(told.sv.endswith(".") and told.en.endswith(".") for told in refused.values())
    assert 0 < len(refused) < len(found)

"""`kommungraf export`: what it prints, its exit codes, and that it may be killed."""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from server.catalogue import publisher
from server.export import dumps
from tests.conftest import ROOT

COMMAND = Path(sys.executable).parent / "kommungraf"
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def data(sample_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_data, tmp_path / "data"))


def test_it_exports_once_and_tells_so(command: Command, data: Path) -> None:
    refused = command("export", "--data", data, "--web", "https://me:secret@data.kommun.example")
    assert refused.returncode == 2 and "is no web address" in refused.stderr and dumps.current(data) is None
    done = command("export", "--data", data, "--web", "https://data.kommun.example:8443")
    assert done.returncode == 0, done.stderr
    dump = dumps.current(data)
    assert dump and done.stdout.splitlines()[-1].startswith(f"{dump.version}: {len(dump.files)} files")
    assert {line.strip() for line in done.stdout.splitlines()[:-1]} == {file.name for file in dump.files}
    void = (dumps.folder_of(data, dump.version) / "void.ttl").read_text("utf-8")
    assert "<https://data.kommun.example:8443/dumps/kommungraf.nq.gz>" in void
    again = command("export", "--data", data, "--web", "https://data.kommun.example:8443")
    assert again.returncode == 0 and again.stdout.endswith("there already · finns redan\n")


def test_the_files_name_the_address_and_the_licence_of_the_publisher(command: Command, data: Path) -> None:
    told = (ROOT / "docs" / "kommungraf.toml").read_text("utf-8")
    licence = 'licence = "http://creativecommons.org/licenses/by/4.0/"\n'
    (data / "kommungraf.toml").write_text(
        licence + re.sub("(?m)^web = .*", 'web = "https://w.example"', told), "utf-8"
    )
    done = command("export", "--data", data)
    dump = dumps.current(data)
    assert done.returncode == 0 and dump, done.stderr
    licence = "http://creativecommons.org/licenses/by/4.0/"
    assert dump.offer == dumps.Offer("https://w.example", licence, title=publisher.TITLE)
    void = (dumps.folder_of(data, dump.version) / "void.ttl").read_text("utf-8")
    assert "<https://w.example/sparql>" in void and "<http://creativecommons.org/licenses/by/4.0/>" in void
    other = command("export", "--data", data, "--config", ROOT / "docs" / "kommungraf.toml")
    assert other.returncode == 0 and other.stdout.endswith("made · gjord\n")
    (data / "kommungraf.toml").write_text("web = 1\n", "utf-8")
    refused = command("export", "--data", data)
    assert refused.returncode == 2 and "line 1: web" in refused.stderr


def test_a_folder_with_nothing_published(command: Command, tmp_path: Path) -> None:
    done = command("export", "--data", tmp_path)
    assert done.returncode == 5 and "kommungraf ingest" in done.stderr and len(done.stderr.splitlines()) == 2


def test_a_full_disk_has_its_own_code(data: Path) -> None:
    """No file may grow over 20 kB, as on a disk that is full."""
    done = subprocess.run(
        [COMMAND, "export", "--data", data],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 7, done.stderr
    assert len(done.stderr.splitlines()) == 2 and "make room" in done.stderr
    assert dumps.current(data) is None and not list(dumps.root(data).glob(".making-*"))


def test_a_killed_export_leaves_the_earlier_dump(command: Command, data: Path) -> None:
    assert command("export", "--data", data).returncode == 0
    before = dumps.current(data)
    assert before
    void = dumps.folder_of(data, before.version) / "void.ttl"
    whole = void.read_bytes()
    void.write_bytes(b"")  # so that it is made again
    running = subprocess.Popen([COMMAND, "export", "--data", data], stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not list(dumps.root(data).glob(".making-*/*.gz")) and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(running.pid, signal.SIGKILL)
    running.wait(10)
    assert dumps.current(data) == before and list(dumps.root(data).glob(".making-*"))
    assert command("export", "--data", data).returncode == 0
    assert void.read_bytes() == whole and not list(dumps.root(data).glob(".making-*"))


def test_a_site_of_files(command: Command, data: Path, tmp_path: Path) -> None:
    target = tmp_path / "www"
    done = command("publish", target, "--data", data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{target}: ") and "did not become" not in done.stderr
    assert (target / "doc" / "municipality" / "0180" / "index.html").is_file()
    assert not (target / "datasets" / "dcat.rdf").exists()
    done = command("publish", target, "--data", data, "--config", ROOT / "docs" / "kommungraf.toml")
    assert done.returncode == 0 and (target / "datasets" / "dcat.rdf").is_file(), done.stderr
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    refused = command("publish", tmp_path / "mine", "--data", data)
    assert refused.returncode == 5 and "not empty" in refused.stderr


@pytest.mark.parametrize(
    ("sent", "code", "begun"),
    [(signal.SIGTERM, 143, ".site.making-*/index.html"), (signal.SIGINT, 1, ".site.making-*/doc/meeting")],
)
def test_a_site_that_is_broken_off_leaves_nothing_beside_it(
    data: Path, tmp_path: Path, sent: signal.Signals, code: int, begun: str
) -> None:
    """While the first pages are made, or those of things by other processes."""
    folder = tmp_path / "www"
    folder.mkdir()
    arguments = [str(COMMAND), "publish", str(folder / "site"), "--data", str(data)]
    process = subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until and not [*folder.glob(begun)]:
        time.sleep(0.02)
    process.send_signal(sent)
    _, told = process.communicate(timeout=120)
    assert process.returncode == code and not [*folder.iterdir()], told
    lines = [line for line in told.splitlines() if "things" not in line]  # of the bar
    assert lines == [
        "Avbrutet: det halvfärdiga togs bort; kör samma kommando igen.",
        "Interrupted: what was unfinished was removed; run the same command again.",
    ]

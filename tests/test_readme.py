"""The README is true: its commands run, its paths exist, its codes and folders are those of the program."""

import glob
import re
import shlex
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import arguments as front
from server.data_folder import folder
from tests.conftest import COMMAND, ROOT, SAMPLES, Done

README = (ROOT / "README.md").read_text("utf-8")
LINES = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines() if line]
COMMANDS = [line for line in LINES if line.startswith("kommungraf ")]
ONE_SHOT = [line for line in COMMANDS if not line.startswith("kommungraf serve ")]
TOLD = re.findall(r"`([\w./-]+(?:/|\.py|\.rq|\.md|\.lock)|LICENSE|Makefile)`", README)
WRITTEN = {
    "documents/",
    "reports/",
    "texts/",
    "quarantine/",
    "store/",
    "dumps/",
    "feed/",
    "search/",
    "data/samples/",
    "data/documents/",
}


def test_every_command_is_kommungraf_or_make() -> None:
    assert [line for line in LINES if line in COMMANDS or line.startswith("make ")] == LINES
    assert len(COMMANDS) > 8


@pytest.mark.parametrize("line", ONE_SHOT)
def test_command_runs(command: Callable[..., Done], sample_data: Path, line: str) -> None:
    words = shlex.split(line.replace("data/samples", str(sample_data)))
    spread = [path for word in words for path in (sorted(glob.glob(word)) if "*" in word else [word])]
    done = command(*spread[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_serve_serves(sample_data: Path) -> None:
    [line] = [line for line in COMMANDS if line.startswith("kommungraf serve ")]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    words = shlex.split(line.replace("data/samples", str(sample_data)).replace("8000", port))
    process = subprocess.Popen([COMMAND, *words[1:]], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert b"<html" in fetched(f"http://127.0.0.1:{port}/")
    finally:
        process.terminate()
        process.communicate(timeout=30)


def fetched(address: str) -> bytes:
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return bytes(answer.read()).lower()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.mark.parametrize("path", sorted({path for path in TOLD if path not in WRITTEN}))
def test_path_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:`|^)make (\w+)", README, re.MULTILINE))))
def test_make_target_exists(target: str) -> None:
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in LINES
    assert (ROOT / ".ci" / "run").read_text("utf-8").rstrip().endswith("make test")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_exit_codes_are_those_of_the_program() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)}
    codes = (front.REFUSED, front.QUARANTINED, front.NO_ADDRESS, front.NO_DATA, front.DIFFERENT, front.NO_ROOM)
    known = {0, 1, *codes, front.UNKNOWN, front.NOT_THERE}
    assert told == known == {int(code) for code in re.findall(r"^  (\d)  ", front.CODES, re.MULTILINE)}


def test_the_data_folder_is_as_told(sample_data: Path) -> None:
    for name in (*folder.SUBFOLDERS, "store"):
        assert f"`{name}/" in README
    for path in re.findall(r"^\| `([\w.]+)`", README, re.MULTILINE):
        by_hand = path in {"decisions.toml", "renamed.tsv", "kommungraf.toml"}
        assert by_hand or (sample_data / path).exists() or (ROOT / path).exists()


def test_decisions_on_persons_are_used_and_kept(command: Callable[..., Done], tmp_path: Path) -> None:
    [told] = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "persons.toml").write_text(told, "utf-8")
    data = tmp_path / "data"
    done = command("ingest", SAMPLES, "--data", data, "--decisions", tmp_path / "persons.toml")
    assert done.returncode == 0, done.stderr
    persons = (data / "persons.nq").read_text("utf-8")
    assert "Bytte namn 2018." in persons
    assert command("ingest", SAMPLES, "--data", data).returncode == 0
    assert (data / "persons.nq").read_text("utf-8") == persons
    (tmp_path / "persons.toml").write_text("[[alike]]\n")
    done = command("ingest", SAMPLES, "--data", data, "--decisions", tmp_path / "persons.toml")
    assert (done.returncode, done.stdout) == (2, "") and "[[alike]]" in done.stderr


def test_no_document_counts_the_shipped_questions() -> None:
    """Such a number is wrong as soon as there is one more."""
    counted = re.compile(r"\b\d\d (?:shipped )?(?:questions|queries|frågor)\b")
    told = {
        path.name: counted.findall(path.read_text("utf-8")) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
    }
    assert {name: found for name, found in told.items() if found} == {}

"""The tools that read every line: mypy --strict and ruff find nothing."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_mypy_finds_nothing() -> None:
    assert run("mypy", "--strict") == ""


def test_ruff_finds_nothing() -> None:
    assert run("ruff", "check", "--no-fix", ".") == ""

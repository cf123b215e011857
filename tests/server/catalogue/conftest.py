"""A folder with a publisher and dumps, and a real server over it."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.catalogue import catalogue_case
from tests.server.conftest import ROOT, free_port
from tests.server.data import Server

KEYWORDS = 'keywords = { sv = ["protokoll", "<script>"], en = ["minutes", "<script>"] }'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogue")
    catalogue_case.publish(folder)
    catalogue_case.dump(folder)
    return folder


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Server]:
    """A server that is reached where its catalogue says."""
    port = free_port()
    text = (ROOT / "docs/kommungraf.toml").read_text("utf-8")
    own = text.replace('"https://data.exempelkommun.example"', f'"http://127.0.0.1:{port}"', 1)
    own = re.sub("^# keywords = .*$", KEYWORDS, own, flags=re.M)
    assert own != text and KEYWORDS in own
    (folder / "kommungraf.toml").write_text(own, "utf-8")
    command = [sys.executable, "-m", "kommungraf", "serve", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--workers", "2"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    found, until = Server(port), time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            if found.get("/readyz").status == 200:
                break
        except OSError:
            time.sleep(0.05)
    assert process.poll() is None, process.communicate()[0]
    yield found
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)

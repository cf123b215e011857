"""Virtuoso, fetched as Debian packages, unpacked below the checkout and started on loopback.

`python -m tests.engines.virtuoso` fetches it and runs it until Ctrl-C, and tells where it is. No root is needed.
"""

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from server.processes import isolation

PACKAGE = "virtuoso-opensource-7-bin"
CACHE = Path(__file__).parents[2] / ".virtuoso"
START = 60.0  # seconds
FETCH = 60.0  # seconds
INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
CheckpointInterval = 60
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {folder}/load
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 600
MaxQueryCostEstimationTime = 0
"""


class Unavailable(Exception):
    """Virtuoso cannot be had here; the message says why."""


@dataclass(frozen=True)
class Virtuoso:
    """A running server. `user` may write graphs by HTTP and SQL; whoever is nobody may only ask."""

    http: int
    sql: int
    folder: Path
    user: str
    password: str
    isql: str
    process: "subprocess.Popen[bytes]"

    @property
    def query(self) -> str:
        return f"http://127.0.0.1:{self.http}/sparql"

    @property
    def load(self) -> Path:
        """The folder whose files the server may read."""
        return self.folder / "load"


def fetch(cache: Path = CACHE) -> Path:
    """The folder with the unpacked packages. Raises Unavailable."""
    root = cache / "root"
    cache.mkdir(exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may run in several processes
        if not (root / "complete").exists():
            _unpack(cache)
            (root / "complete").touch()
    return root


def _unpack(cache: Path) -> None:
    try:
        told = _apt("apt-get", "-s", "install", "--no-install-recommends", PACKAGE, cwd=cache)
        names = [line.split()[1] for line in told.splitlines() if line.startswith("Inst ")] or [PACKAGE]
        _apt("apt-get", "download", *names, cwd=cache)
        for package in sorted(cache.glob("*.deb")):
            _apt("dpkg", "-x", package.name, "root", cwd=cache)
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise Unavailable(f"{PACKAGE} cannot be fetched: {said.strip()[-300:]}") from error


def _apt(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=FETCH, check=True)
    return done.stdout


@contextmanager
def running(rows: int = 10_000_000, buffers: int = 10_000) -> Iterator[Virtuoso]:
    """A server with an empty database of its own, ended at the end. Raises Unavailable.

    `rows` is the greatest number of rows of a result, `buffers` how many pages of 8 KiB it keeps in memory.
    """
    root = fetch()
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, _libraries(root)))}
    with tempfile.TemporaryDirectory(prefix="virtuoso-") as temporary:
        folder = Path(temporary)
        (folder / "load").mkdir()
        http, sql = _free_ports()
        facts = {"folder": folder, "http": http, "sql": sql, "rows": rows, "buffers": buffers}
        (folder / "virtuoso.ini").write_text(INI.format(**facts, dirty=buffers * 3 // 4))
        isql = folder / "isql-vt"  # the program with the libraries that were unpacked beside it
        isql.write_text(
            f'#!/bin/sh\nLD_LIBRARY_PATH="{environment["LD_LIBRARY_PATH"]}" exec "{root}/usr/bin/isql-vt" "$@"\n'
        )
        isql.chmod(0o755)
        with (folder / "out").open("wb") as out:
            process = subprocess.Popen(
                [root / "usr/bin/virtuoso-t", "-f", "-c", folder / "virtuoso.ini"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                preexec_fn=partial(isolation.die_with, os.getpid()),  # also where this process is killed
            )
        server = Virtuoso(http, sql, folder, "dba", secrets.token_hex(8), str(isql), process)
        try:
            _wait(server)
            _set_password(server)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _libraries(root: Path) -> list[Path]:
    return sorted({path.parent for path in root.rglob("*.so*")})


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return int(first.getsockname()[1]), int(second.getsockname()[1])


def _wait(server: Virtuoso) -> None:
    until = time.monotonic() + START
    while server.process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", server.http), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    said = (server.folder / "out").read_text("utf-8", "replace").strip()[-300:]
    raise Unavailable(f"Virtuoso did not start: {said}")


def _set_password(server: Virtuoso) -> None:
    """Nobody keeps the password that every new database has."""
    done = subprocess.run(
        [server.isql, f"127.0.0.1:{server.sql}", "dba"],
        input=f'set password "dba" "{server.password}";\nEXIT;\n',
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    if "Error" in done.stdout + done.stderr:
        raise Unavailable(f"the password could not be set: {(done.stdout + done.stderr)[-300:]}")


def main() -> None:
    with running() as server:
        (server.folder / "password").write_text(server.password)
        print(f"query   {server.query}\nsql     127.0.0.1:{server.sql}\nisql    {server.isql}\nfolder  {server.load}")
        print(f"user    {server.user}, password in {server.folder / 'password'}", flush=True)
        with suppress(KeyboardInterrupt):
            server.process.wait()


if __name__ == "__main__":
    main()

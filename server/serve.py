"""Run the application under a production server until it is told to stop."""

import errno
import logging
import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from server import isolation, snapshot
from server.pool import Pool, QueryFailed

STOPPED: Final = 0
PORT_TAKEN: Final = 4
NO_DATA: Final = 5


def serve(
    data_dir: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    base: str | None = None,
    seconds: float | None = None,
    memory: int | None = None,
    queries: int | None = None,
) -> int:
    """Serve a data folder until SIGTERM or SIGINT; the value is an exit code of this module.

    `workers` web processes share the port; each has `queries` query processes of its own (None: by the cores),
    which run one query at a time for at most `seconds` with at most `memory` bytes.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    problem = _no_data(data_dir, base)
    if problem:
        print(problem, file=sys.stderr)
        return NO_DATA
    refusal = _refused_port(host, port)
    if refusal:
        print(refusal[1], file=sys.stderr)
        return refusal[0]
    queries = queries or max(2, max(4, 2 * (os.cpu_count() or 1)) // workers)
    options = {"base": base, "queries": queries, "seconds": seconds, "memory": memory}
    given = {name: value for name, value in options.items() if value is not None}
    server = Granian(
        "kommungraf",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=queries + 8,  # pages and forms are answered while all query processes are busy
        respawn_failed_workers=True,
        websockets=False,
        workers_kill_timeout=15,
        log_level=LogLevels.error,
    )
    shown = f"[{host}]" if ":" in host else host
    print(f"Kommungraf: http://{shown}:{port}/  (Ctrl-C stoppar · stops)", flush=True)
    server.serve(target_loader=partial(load, data_dir, given, os.getpid()), wrap_loader=False)
    return STOPPED


def load(data_dir: Path, options: dict[str, Any], parent: int) -> Callable[..., Any]:
    """The application of one web process, which ends when its parent does."""
    from server.app import create_app

    isolation.die_with(parent)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return create_app(data_dir, **options)


def _no_data(data_dir: Path, base: str | None) -> str | None:
    empty = (
        f"{data_dir} innehåller inget publicerat: kör först `kommungraf ingest DOKUMENT… --data {data_dir}`.\n"
        f"{data_dir} holds nothing published: first run `kommungraf ingest DOCUMENTS… --data {data_dir}`."
    )
    try:
        published = snapshot.about(data_dir)
    except snapshot.NothingPublished:
        return empty
    if base and base.rstrip("/") != published["base"]:
        return (
            f"Data är publicerade under {published['base']}, inte {base}: ange samma --base.\n"
            f"The data are published under {published['base']}, not {base}: give the same --base."
        )
    pool = None
    try:  # in a process of its own: this one forks the web processes and must not have opened the store
        pool = Pool(data_dir, size=1)
        pool.rows("ASK {}")
    except QueryFailed as failure:
        return (
            f"Databasen i {data_dir} kan inte öppnas ({failure}): kör `kommungraf ingest` igen, den byggs då om.\n"
            f"The store in {data_dir} cannot be opened ({failure}): run `kommungraf ingest` again to rebuild it."
        )
    finally:
        if pool:
            pool.close()
    return None


def _refused_port(host: str, port: int) -> tuple[int, str] | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    PORT_TAKEN,
                    f"Porten {port} på {host} är upptagen: välj en annan med --port, eller stoppa det som kör där.\n"
                    f"Port {port} on {host} is taken: choose another with --port, or stop what runs there.",
                )
            return (
                PORT_TAKEN,
                f"Det går inte att lyssna på {host}, port {port} ({error.strerror}): ange en annan adress.\n"
                f"Cannot listen on {host}, port {port} ({error.strerror}): give another address.",
            )
    return None

"""The command that serves a data folder, with every setting of the service."""

import sys
from pathlib import Path

import click

from kommungraf_arguments import CODES, DATA
from kommungraf_engines import engine_of, engine_options


@click.command(epilog=CODES)
@DATA
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    show_default="2 × cores, at least 4",
    help="Query processes; each runs one query at a time.",
)
@click.option("--seconds", default=10.0, show_default=True, help="Time of one query.")
@click.option("--most-seconds", default=60.0, show_default=True, help="Time that a query may ask for.")
@click.option("--memory", default=2048, show_default=True, type=click.IntRange(512), help="MiB of one query.")
@click.option("--result-mib", default=256, show_default=True, type=click.IntRange(1), help="MiB of one result.")
@click.option(
    "--cache-mib", default=64, show_default=True, type=click.IntRange(0), help="MiB of answers kept; 0: none."
)
@click.option(
    "--parallel",
    type=click.IntRange(1),
    show_default="half the query processes",
    help="Queries of one client that run at a time; others of it wait.",
)
@engine_options(required=False)
@click.option("--idle-seconds", default=60.0, show_default=True, help="How long a connection may be idle.")
@click.option("--header-seconds", default=10.0, show_default=True, help="How long a client may take to send a head.")
def serve(
    data: Path,
    host: str,
    port: int,
    workers: int | None,
    seconds: float,
    most_seconds: float,
    memory: int,
    result_mib: int,
    cache_mib: int,
    parallel: int | None,
    store: str | None,
    engine: str | None,
    idle_seconds: float,
    header_seconds: float,
) -> None:
    """Serve a data folder: SPARQL endpoint, query form and linked-data pages, until Ctrl-C or SIGTERM.

    Every option can also be given as a variable: KOMMUNGRAF_SERVE_PORT for --port. docs/operation.md tells more.

    \b
      kommungraf serve --data data --port 8000
      kommungraf serve --data data --workers 8 --seconds 30
      kommungraf serve --data data --store http://127.0.0.1:8890/sparql
    """
    from server.asking import Limits
    from server.connections import Patience
    from server.serve import Service
    from server.serve import serve as run

    mib = 2**20
    limits = Limits(seconds, most_seconds, memory * mib, result_mib * mib, parallel=parallel)
    patience = Patience(head=header_seconds, idle=idle_seconds)
    remote = engine_of(store, engine) if store else None
    sys.exit(run(data, Service(host, port, None, workers, cache_mib * mib, limits, patience, remote)))

"""The command that serves a data folder, with every setting of the service."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.arguments import CODES, DATA
from commands.catalogue import CONFIG, publisher_of
from commands.engines import engine_of, engine_options

if TYPE_CHECKING:
    from server.web.client_address import Proxies

MIB = 2**20


Command = TypeVar("Command", bound=Callable[..., Any])


def setting(name: str, default: str | float, kind: Any, told: str) -> Callable[[Command], Command]:
    """An option with its default, which the help and docs/operation.md tell."""
    return click.option(name, default=default, show_default=True, type=kind, help=told)


def proxies(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> "Proxies":
    from server.web import client_address

    try:
        return client_address.proxies(given)
    except client_address.BadProxy as error:
        raise click.BadParameter(str(error)) from error


@click.command(epilog=CODES)
@DATA
@CONFIG
@setting("--host", "127.0.0.1", str, "Address to listen on · adress.")
@setting("--port", 8000, click.IntRange(0, 65535), "Port.")
@click.option("--workers", type=click.IntRange(1), help="Query processes; default: two for each core, 8 at least.")
@setting("--seconds", 10.0, click.FloatRange(0.1), "A query's time when it asks for no other.")
@setting("--most-seconds", 60.0, click.FloatRange(0.1), "What a query may ask for at most.")
@setting("--memory", 2048, click.IntRange(512), "MiB that one query may use.")
@setting("--result-mib", 256, click.IntRange(1), "MiB of one result.")
@setting("--cache-mib", 64, click.IntRange(0), "MiB of results that are kept; 0: none.")
@setting("--query-time-per-minute", 60.0, click.FloatRange(0), "Seconds of query time per client; 0: no limit.")
@setting("--errors-per-minute", 60.0, click.FloatRange(0), "Failed queries per client; 0: no limit.")
@setting("--parallel", 200, click.IntRange(0), "Queries of one client at once, running or waiting; 0: no limit.")
@click.option(
    "--trusted-proxy",
    multiple=True,
    metavar="ADDRESS|NETWORK|unix:",
    callback=proxies,
    help="Whose X-Forwarded-For is believed.",
)
@engine_options(required=False)
@setting("--slow-seconds", 1.0, click.FloatRange(0), "Log queries as slow from so many seconds; 0: none.")
@click.option("--log-slow-queries", is_flag=True, help="Log the text of slow queries, its data blanked out.")
@setting("--idle-seconds", 60, click.IntRange(1), "How long an idle connection is kept.")
@setting("--header-seconds", 10, click.IntRange(1), "How long the head of a request may take.")
def serve(
    data: Path,
    config: Path | None,
    host: str,
    port: int,
    workers: int | None,
    seconds: float,
    most_seconds: float,
    memory: int,
    result_mib: int,
    cache_mib: int,
    query_time_per_minute: float,
    errors_per_minute: float,
    parallel: int,
    trusted_proxy: "Proxies",
    store: str | None,
    engine: str | None,
    slow_seconds: float,
    log_slow_queries: bool,
    idle_seconds: int,
    header_seconds: int,
) -> None:
    """Serve a data folder: SPARQL endpoint, query form and linked-data pages, until Ctrl-C or SIGTERM.

    Every option can also be given as a variable: KOMMUNGRAF_SERVE_PORT for --port. docs/operation.md tells more.

    \b
      kommungraf serve --data data --port 8000
      kommungraf serve --data data --workers 8 --seconds 30
      kommungraf serve --data data --store http://127.0.0.1:8890/sparql
    """
    from server.asking import Limits
    from server.serve import Service
    from server.serve import serve as run
    from server.web import fair_use
    from server.web.connections import Patience
    from server.web.journal import Journal

    service = Service(
        host,
        port,
        queries=workers,
        cache=cache_mib * MIB,
        limits=Limits(seconds, most_seconds, memory * MIB, result_mib * MIB),
        patience=Patience(head=header_seconds, idle=idle_seconds),
        share=fair_use.Limits(query_time_per_minute, None, errors_per_minute, 4 * errors_per_minute, parallel),
        proxies=trusted_proxy,
        journal=Journal(slow_seconds=slow_seconds, slow_text=log_slow_queries),
        store=engine_of(store, engine) if store else None,
        publisher=publisher_of(data, config),
    )
    sys.exit(run(data, service))

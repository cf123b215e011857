"""The command that loads an engine elsewhere, and the options by which an engine is named."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.arguments import CODES, DATA, NO_ADDRESS, NO_DATA, REFUSED, fail, warn

if TYPE_CHECKING:
    from server.remote.engine import RemoteEngine

ENGINES = ("virtuoso", "oxigraph", "fuseki", "graphdb", "qlever", "neptune")
SCHEMES = ("digest", "basic", "bearer")
USER, PASSWORD = "KOMMUNGRAF_STORE_USER", "KOMMUNGRAF_STORE_PASSWORD"


def engine_options(required: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options --store and --engine."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option(
            "--engine",
            type=click.Choice(ENGINES),
            help="What engine it is; else as it names itself, or one with a default graph of its own.",
        )(command)
        return click.option(
            "--store",
            metavar="URL",
            required=required,
            callback=_address,
            help="The query address of a SPARQL 1.1 engine, as http://127.0.0.1:8890/sparql · motorns adress.",
        )(command)

    return add


def engine_of(store: str, engine: str | None, graphs: str | None = None, login: bool = False) -> "RemoteEngine":
    """An engine that is to be asked, or with `login` written, by the user that the environment names."""
    try:
        from server.remote import dialect
        from server.remote.engine import Address, RemoteEngine
    except ModuleNotFoundError:
        fail(
            NO_ADDRESS,
            "Paketet aiohttp saknas: installera kommungraf[engines].",
            "The package aiohttp is missing: install kommungraf[engines].",
        )
    user = os.environ.get(USER) if login else None
    scheme = os.environ.get("KOMMUNGRAF_STORE_AUTH", "digest")
    if scheme not in SCHEMES:
        fail(
            REFUSED,
            f"KOMMUNGRAF_STORE_AUTH är {scheme}: ange en av {', '.join(SCHEMES)}.",
            f"KOMMUNGRAF_STORE_AUTH is {scheme}: give one of {', '.join(SCHEMES)}.",
        )
    address = Address(store, graphs or "", user, os.environ.get(PASSWORD, ""), scheme)
    return RemoteEngine(address, dialect.DIALECTS[engine] if engine else None)


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    from urllib.parse import urlsplit

    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise click.BadParameter("write it as http://127.0.0.1:8890/sparql · skriv som http://127.0.0.1:8890/sparql")
    if parts.username or parts.password:
        raise click.BadParameter(f"give user and password in {USER} and {PASSWORD} · ange användare och lösenord där")
    return value


@click.command(epilog=CODES)
@DATA
@engine_options(required=True)
@click.option("--graphs", metavar="URL", help="Its Graph Store Protocol address, where it is another than usual.")
@click.option(
    "--bulk",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Have Virtuoso load files that are written to this folder, one of its DirsAllowed.",
)
@click.option("--sql", default="127.0.0.1:1111", show_default=True, help="Virtuoso's SQL address, for --bulk.")
@click.option("--isql", default="isql-vt", show_default=True, help="Virtuoso's SQL program, for --bulk.")
@click.option("--leave", default=11.0, show_default=True, help="Seconds that queries have to leave what is replaced.")
def load(
    data: Path,
    store: str,
    engine: str | None,
    graphs: str | None,
    bulk: Path | None,
    sql: str,
    isql: str,
    leave: float,
) -> None:
    """Load what is published in a data folder into a SPARQL 1.1 engine, or bring it up to date there.

    Only graphs that changed are sent, and every graph is counted afterwards. The user and the password who may write
    there are taken from KOMMUNGRAF_STORE_USER and KOMMUNGRAF_STORE_PASSWORD, sent by Digest, or as basic or bearer
    in KOMMUNGRAF_STORE_AUTH says. docs/engines.md tells more.

    \b
      kommungraf load --data data --store http://127.0.0.1:8890/sparql
      kommungraf load --data data --store http://127.0.0.1:8890/sparql --bulk /srv/load
    """
    from server.data_folder.files import DataFolderError
    from server.storage.snapshot import Damaged, NothingPublished
    from server.storage.soundness import Unfinished, refuse_unfinished

    remote = engine_of(store, engine, graphs, login=True)
    from server.remote.engine_load import LoadFailed

    try:
        refuse_unfinished(data)
        loaded = asyncio.run(_load(remote, data, bulk, sql, isql, leave))
    except NothingPublished:
        fail(
            NO_DATA,
            f"{data} innehåller inget publicerat. Kör: kommungraf ingest HANDLINGAR --data {data}",
            f"{data} holds nothing published. Run: kommungraf ingest DOCUMENTS --data {data}",
        )
    except (Damaged, Unfinished, DataFolderError) as error:
        warn(str(error))
        sys.exit(NO_DATA)
    except LoadFailed as error:
        warn(str(error))
        sys.exit(NO_ADDRESS)
    click.echo(
        f"{loaded.version}: {loaded.graphs} graphs · grafer, {loaded.quads} quads, {loaded.triples} triples; "
        f"{loaded.sent} sent · skickade, {loaded.removed} removed · borttagna"
    )


async def _load(remote: "RemoteEngine", data: Path, bulk: Path | None, sql: str, isql: str, leave: float) -> Any:
    from server.remote import engine_load
    from server.remote.virtuoso import VirtuosoLoader

    user, password = remote.address.user or "dba", remote.address.password
    loader = VirtuosoLoader(bulk, sql, user, password, isql) if bulk else None
    try:
        return await engine_load.load(remote, data, loader, leave)
    finally:
        await remote.close()

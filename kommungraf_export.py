"""The commands that make files of what is published: export."""

import sys
from pathlib import Path

import click

from kommungraf_arguments import CODES, DATA, NO_DATA, NO_ROOM, address, fail, say, warn
from kommungraf_upkeep import hindrances

WEB = click.option(
    "--web",
    metavar="ADDRESS",
    help="Where the service is reached, where that is not the base · webbadressen.",
    callback=lambda _context, _option, value: address(value) if value else None,
)


@click.command(epilog=CODES)
@DATA
@WEB
def export(data: Path, web: str | None) -> None:
    """Make files to download of everything that is published: N-Quads, Turtle, JSON-LD, and tables (CSV, Parquet).

    Gör filer att hämta av allt publicerat: RDF, och tabeller för den som inte kan RDF. They lie in DIR/dumps, and the
    server offers them at /dumps/. Is the dump of this version there already, nothing is done. docs/export.md tells
    more.

    \b
      kommungraf export --data data
      kommungraf export --data data --web https://data.kommun.se
    """
    from server import tables_parquet
    from server.export import ExportFailed
    from server.export import export as made_of
    from server.snapshot import Damaged, NothingPublished
    from server.soundness import Unfinished, refuse_unfinished

    if not tables_parquet.available():
        say(
            "Inga Parquet-filer görs: paketet pyarrow saknas, installera kommungraf[tables].",
            "No Parquet files are made: the package pyarrow is missing, install kommungraf[tables].",
        )
    with hindrances():
        try:
            refuse_unfinished(data)
            done = made_of(data, web, lambda name: click.echo(f"  {name}"))
        except NothingPublished:
            fail(
                NO_DATA,
                f"{data} innehåller inget publicerat. Kör: kommungraf ingest HANDLINGAR --data {data}",
                f"{data} holds nothing published. Run: kommungraf ingest DOCUMENTS --data {data}",
            )
        except Damaged as error:
            fail(
                NO_DATA,
                f"Lagret är skadat ({error}). Kör: kommungraf rebuild --data {data}",
                f"The store is damaged ({error}). Run: kommungraf rebuild --data {data}",
            )
        except Unfinished as error:
            warn(str(error))
            sys.exit(NO_DATA)
        except ExportFailed as failure:
            warn(str(failure))
            sys.exit(NO_ROOM if failure.full else NO_DATA)
    size = sum(file.bytes for file in done.dump.files)
    state = "made · gjord" if done.made else "there already · finns redan"
    click.echo(f"{done.dump.version}: {len(done.dump.files)} files · filer, {size / 2**20:.1f} MiB, {state}")

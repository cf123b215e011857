"""The commands that make files of what is published: export, publish."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from commands.arguments import CODES, DATA, NO_DATA, NO_ROOM, fail, say, warn, without_numbers
from commands.catalogue import CONFIG, publisher_of
from commands.interrupted import interruptible
from commands.upkeep import hindrances


def _reached(web: str) -> str:
    """The address of the service, without a stroke at its end; it may have a port, as `web` of kommungraf.toml."""
    from server.catalogue.publisher_keys import is_address

    if not is_address(web) or set("?#") & set(web):
        raise click.BadParameter(
            f"{without_numbers(web)!r} is no web address: write it as https://data.kommun.se · är ingen webbadress."
        )
    return web.rstrip("/")


WEB = click.option(
    "--web",
    metavar="ADDRESS",
    help="Where the service is reached; default: web of kommungraf.toml, or else the base · webbadressen.",
    callback=lambda _context, _option, value: _reached(value) if value else None,
)


@click.command(epilog=CODES)
@DATA
@CONFIG
@WEB
def export(data: Path, config: Path | None, web: str | None) -> None:
    """Make files to download of everything that is published: N-Quads, Turtle, JSON-LD, and tables (CSV, Parquet).

    Gör filer att hämta av allt publicerat: RDF, och tabeller för den som inte kan RDF. They lie in DIR/dumps, and the
    server offers them at /dumps/. They name the address and the licence of kommungraf.toml in the data folder, or of
    --config. Is the same dump of this version there already, nothing is done. docs/export.md tells more.

    \b
      kommungraf export --data data
      kommungraf export --data data --web https://data.kommun.se
    """
    from server.export.dumping import export as made_of

    publisher = publisher_of(data, config)
    _tell_of_parquet()
    with _hindered(data):
        done = made_of(data, web, lambda name: click.echo(f"  {name}"), publisher)
    size = sum(file.bytes for file in done.dump.files)
    state = "made · gjord" if done.made else "there already · finns redan"
    click.echo(f"{done.dump.version}: {len(done.dump.files)} files · filer, {size / 2**20:.1f} MiB, {state}")


@click.command(epilog=CODES)
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@DATA
@CONFIG
@WEB
def publish(target: Path, data: Path, config: Path | None, web: str | None) -> None:
    """Write everything that is published as a site of files: pages, RDF and dumps for a host that runs no program.

    Skriv allt publicerat som en webbplats av filer. DIR is new, empty, or a site that was written before, which is
    replaced when the new one is whole. It has a catalogue where it is told who publishes, by kommungraf.toml in the
    data folder or --config. docs/export.md tells how to host it.

    \b
      kommungraf publish /srv/www --data data
      kommungraf publish /srv/www --data data --web https://data.kommun.se
    """
    from tqdm import tqdm

    from server.export.site_of_files import publish as write

    publisher = publisher_of(data, config)
    _tell_of_parquet()
    with _hindered(data), tqdm(unit="things", disable=None) as bar:

        def progress(number: int, total: int) -> None:
            bar.total = total
            bar.update(number - bar.n)

        made = write(data, target, web, progress, publisher)
    for path in made.left_out[:10]:
        say(f"{path} blev ingen fil.", f"{path} did not become a file.")
    left = f", {len(made.left_out)} left out · utelämnade" if made.left_out else ""
    click.echo(f"{target}: {made.things} things · saker, {made.files} files · filer{left}")


def _tell_of_parquet() -> None:
    from server.export import tables_parquet

    if not tables_parquet.available():
        say(
            "Inga Parquet-filer görs: paketet pyarrow saknas, installera kommungraf[tables].",
            "No Parquet files are made: the package pyarrow is missing, install kommungraf[tables].",
        )


@contextmanager
def _hindered(data: Path) -> Iterator[None]:
    """Say what hinders the work or ends it, and end with its code."""
    from server.export.dumping import ExportFailed
    from server.storage.snapshot import Damaged, NothingPublished
    from server.storage.soundness import Unfinished, refuse_unfinished

    with hindrances(), interruptible():
        try:
            refuse_unfinished(data)
            yield
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

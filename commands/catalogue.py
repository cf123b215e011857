"""The command that prints the catalogue, and the option that tells who publishes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.arguments import CODES, DATA, NO_DATA, REFUSED, fail, warn

if TYPE_CHECKING:
    from server.catalogue.publisher import Publisher

CONFIG = click.option(
    "--config",
    metavar="FILE.toml",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Who publishes; default: kommungraf.toml in the data folder, if there is one · vem som publicerar.",
)


def publisher_of(data: Path, config: Path | None) -> "Publisher | None":
    """The publisher of a file, or of the data folder; where it cannot be used, says so and ends the program."""
    from server.catalogue.publisher import BadPublisher, of_folder

    try:
        return of_folder(data, config)
    except BadPublisher as error:
        warn(str(error))
        sys.exit(REFUSED)


@click.command(epilog=CODES)
@DATA
@CONFIG
@click.option(
    "--format",
    "form",
    type=click.Choice(["rdfxml", "turtle", "ntriples", "jsonld", "trig", "nquads"]),
    default="rdfxml",
    show_default=True,
)
@click.option(
    "--profile",
    type=click.Choice(["dcat-ap-se", "dcat-ap"]),
    default="dcat-ap-se",
    show_default=True,
    help="Whose rules, where Sweden's and the EU's conflict · vilkas regler.",
)
def catalogue(data: Path, config: Path | None, form: str, profile: "str") -> None:
    """Print the catalogue of a data folder (DCAT-AP-SE 3.0.1), as the service gives it at /datasets/dcat.

    \b
      kommungraf catalogue --data data
      kommungraf catalogue --data data --config kommungraf.toml --format turtle
    """
    from server.asking import QueryFailed
    from server.catalogue.local import catalogue_local
    from server.catalogue.page import serialised
    from server.storage.snapshot import Damaged, NothingPublished

    publisher = publisher_of(data, config)
    if publisher is None:
        fail(
            REFUSED,
            f"Ingen kommungraf.toml i {data}: skriv den (docs/catalogue.md visar hur), eller ange --config.",
            f"No kommungraf.toml in {data}: write it (docs/catalogue.md tells how), or give --config.",
        )
    try:
        triples = catalogue_local(data, publisher, "dcat-ap" if profile == "dcat-ap" else "dcat-ap-se")
    except (NothingPublished, Damaged, QueryFailed) as error:
        fail(
            NO_DATA,
            f"Lagret i {data} går inte att läsa ({error}). Kör: kommungraf ingest HANDLINGAR --data {data}",
            f"The store in {data} cannot be read ({error}). Run: kommungraf ingest DOCUMENTS --data {data}",
        )
    sys.stdout.buffer.write(serialised(triples, form))

"""The commands that keep a data folder whole: rebuild, verify, backup, restore."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from commands.arguments import CODES, DATA, DIFFERENT, NO_DATA, fail, say, warn
from commands.interrupted import interruptible

PLACE = click.Path(path_type=Path, file_okay=False)


@click.command(epilog=CODES)
@DATA
def rebuild(data: Path) -> None:
    """Build the store anew from the files of a data folder, and drop every older version of it.

    Bygg om lagret av filerna, och ta bort alla äldre versioner. A removal or an erasure that was broken off is
    completed.

    \b
      kommungraf rebuild --data data
    """
    from commands import ingest as order
    from server.data_folder.folder import writer
    from server.storage import store

    with hindrances(), there(data), writer(data) as ledger:
        base = order.base_of(ledger)
        published = order.completed(ledger, base, os.cpu_count() or 1)
        if published is None:
            ledger.compact()
            published = store.rebuild(data, base)
    click.echo(f"{published.version}: {published.quads} quads, {published.graphs} graphs · grafer")


@click.command(epilog=CODES)
@DATA
def verify(data: Path) -> None:
    """Read every quad of the published store and compare it with the files; tell each difference.

    Läs hela lagret, jämför det med filerna och berätta om varje skillnad.

    \b
      kommungraf verify --data data
    """
    from server.data_folder.folder import still
    from server.storage.soundness import differences
    from server.storage.store import NothingPublished, about

    found = 0
    with hindrances(), there(data), still(data):
        try:
            for sv, en in differences(data):
                found += 1
                say(sv, en)
            if not found:
                quads = about(data)["quads"]
                click.echo(f"{quads} quads: the store is what the files say · lagret stämmer med filerna")
        except NothingPublished:
            fail(
                NO_DATA,
                f"{data} innehåller inget lager. Kör: kommungraf rebuild --data {data}",
                f"{data} holds no store. Run: kommungraf rebuild --data {data}",
            )
    if found:
        say(f"Bygg om lagret: kommungraf rebuild --data {data}", f"Rebuild it: kommungraf rebuild --data {data}")
        sys.exit(DIFFERENT)


@click.command(epilog=CODES)
@DATA
@click.option(
    "--to", "target", required=True, metavar="DEST", type=PLACE, help="A new or empty folder · en tom mapp."
)
def backup(data: Path, target: Path) -> None:
    """Copy the ledger and the files of a data folder, from which everything else can be built.

    Kopiera datamappens liggare och filer.

    \b
      kommungraf backup --data data --to kopia
    """
    from server.data_folder.folder import writer
    from server.data_folder.safekeeping import back_up

    with hindrances(), there(data), writer(data) as ledger, interruptible():
        number = back_up(ledger, target)
    click.echo(f"{target}: {number} files · filer")


@click.command(epilog=CODES)
@DATA
@click.option("--from", "source", required=True, metavar="SRC", type=PLACE, help="What backup made · kopian.")
def restore(data: Path, source: Path) -> None:
    """Make a new data folder from a copy, after every file of it was compared, and publish it.

    Gör en ny datamapp av en kopia.

    \b
      kommungraf restore --data data --from kopia
    """
    from commands import ingest as order
    from server.data_folder.folder import writer
    from server.data_folder.safekeeping import restore as restored
    from server.storage import store

    with hindrances():
        with interruptible():
            number = restored(source, data)
        with writer(data) as ledger:
            base = order.base_of(ledger)
            published = order.completed(ledger, base, os.cpu_count() or 1) or store.build(data, base)
    click.echo(f"{data}: {number} files · filer, {published.quads} quads")


@contextmanager
def there(data: Path) -> Iterator[None]:
    from server.data_folder.folder import entries

    entries(data)  # a folder that is none is not made
    yield


@contextmanager
def hindrances() -> Iterator[None]:
    """Say what hinders a command, and end with its code."""
    from server.data_folder.files import is_full
    from server.data_folder.folder import DataFolderError
    from server.data_folder.ledger import clear
    from server.storage.store import PublishFailed

    try:
        with clear():
            yield
    except (DataFolderError, PublishFailed) as error:
        warn(str(error))
        sys.exit(NO_DATA)
    except (OSError, sqlite3.OperationalError) as error:
        fail(
            NO_DATA,
            f"{'Disken är full: frigör utrymme' if is_full(error) else 'Det gick inte: åtgärda felet'} och kör samma "
            f"kommando igen ({error}).",
            f"{'The disk is full: make room' if is_full(error) else 'It failed: mend the fault'} and run the same "
            f"command again ({error}).",
        )

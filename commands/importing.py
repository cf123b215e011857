"""The command `import`: data that others have published, in a data folder beside one's own documents."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from commands.arguments import (
    BASE,
    CODES,
    DATA,
    NO_ADDRESS,
    NOT_THERE,
    OWN_BASE_OPTION,
    QUARANTINED,
    REFUSED,
    fail,
    named,
    say,
    without_numbers,
)
from commands.upkeep import hindrances

if TYPE_CHECKING:
    from server.data_folder.folder import Entry, Ledger

FORMS = ("kommungraf", "lblod", "oparl")


@click.command("import", epilog=CODES)
@click.argument("source", metavar="SOURCE")
@DATA
@click.option(
    "--as", "form", type=click.Choice(FORMS), help="The format; else the names of the files tell · formatet."
)
@click.option(
    "--from",
    "address",
    metavar="URL",
    help="Where a file or folder was fetched; it is published · varifrån en fil eller mapp hämtades.",
)
@click.option(
    "--most-mib",
    "most",
    type=click.IntRange(1),
    metavar="N",
    help="How large the source may be, unpacked; default: 256, of other formats 64. It may take memory and time in "
    "proportion · så stor får källan vara.",
)
@click.option(
    "--licence",
    metavar="URL",
    help="The licence that its publisher gave it; it is published, and shown at /data · dess licens.",
)
@click.option("--again", is_flag=True, help="Import also what was removed · importera även det som tagits bort.")
@OWN_BASE_OPTION
def import_(
    source: str,
    data: Path,
    form: str | None,
    address: str | None,
    most: int | None,
    licence: str | None,
    again: bool,
    base: str | None,
) -> None:
    """Take data of others into a data folder, beside one's own, and publish what conforms.

    Ta in andras data i datamappen. SOURCE is a file or a folder: the N-Quads dump of another Kommungraf (.nq,
    .nq.gz), local decisions of Flanders (LBLOD: .ttl, .jsonld, .nt, .trig) or OParl 1.1 of German councils (.json);
    or the web address of such a file, or of another Kommungraf's change feed, of which only what is new is fetched.
    The same source imported anew replaces the earlier import.

    \b
      kommungraf import https://data.grannkommunen.se/feed --data data
      kommungraf import grannkommunen.nq.gz --data data --from https://data.grannkommunen.se/dumps/all.nq.gz
      kommungraf import besluiten.ttl --data data
      kommungraf import oparl/ --data data --as oparl
    """
    from commands import import_order as order
    from commands.ingest import check_written, settle
    from server.data_folder import folder

    _check_licence(licence)
    size = (most or 0) * 2**20
    from_web = source.lower().startswith(("http:", "https:"))
    given = _address(source, form, address) if from_web else _given(Path(source), form, address)
    with hindrances(), folder.writer(data) as ledger:
        base = base or ledger.note("base") or BASE
        folder.claim_base(ledger, base)
        check_written(ledger)
        if from_web:
            entry = _fetched(ledger, source, given, base, again, size, licence or "")
        else:
            name = address or named(Path(Path(source).name))
            entry = order.run(ledger, Path(source), given or "", name, base, again, size, licence or "")
        if entry.status != "refused":
            settle(ledger, base)
    click.echo(without_numbers(f"{entry.id}: {entry.status}: {entry.file_name}"))
    if entry.status != "accepted":
        say(entry.reason_sv, entry.reason_en)
        sys.exit(REFUSED if entry.status == "refused" else QUARANTINED)
    if f"quarantine/{entry.id}.nq" in entry.digests:
        told = f"quarantine/{entry.id}.txt"
        say(f"Några saker hålls kvar; {told} säger varför.", f"Some things are held back; {told} says why.")
        sys.exit(QUARANTINED)


def _address(source: str, form: str | None, address: str | None) -> str | None:
    """The format that was given for a web address that can be fetched, or None; else ends the program."""
    from mapping.imports import sources

    if not sources.is_address(source) or "@" in urlsplit(source).netloc or address:
        told = without_numbers(source)
        fail(
            REFUSED,
            f"{told} kan inte hämtas: skriv en webbadress utan användarnamn, och utan --from.",
            f"{told} cannot be fetched: write a web address without a user name, and without --from.",
        )
    return form


def _check_licence(licence: str | None) -> None:
    """End the program where a licence is no web address."""
    from mapping.imports import sources

    if licence and not sources.is_address(licence):
        told = without_numbers(licence)
        fail(
            REFUSED,
            f"--licence {told} är ingen webbadress: skriv den som https://creativecommons.org/licenses/by/4.0/.",
            f"--licence {told} is no web address: write it as https://creativecommons.org/licenses/by/4.0/.",
        )


def _fetched(
    ledger: "Ledger", source: str, form: str | None, base: str, again: bool, most: int, licence: str
) -> "Entry":
    """The row of what an address gives; where it gives nothing that can be imported, says so and ends the program."""
    from commands import import_from_web
    from commands.fetch import NotFetched

    try:
        return import_from_web.run(ledger, source, form, base, again, most, licence)
    except NotFetched as error:
        fail(NOT_THERE if error.answered else NO_ADDRESS, error.sv, error.en)


def _given(source: Path, form: str | None, address: str | None) -> str:
    """The format of a source that is there; says what is wrong with the call, and ends the program."""
    from mapping.imports import sources

    if not source.exists():
        fail(
            REFUSED,
            f"{named(source)} finns inte: kontrollera sökvägen.",
            f"{named(source)} does not exist: check the path.",
        )
    if address and not sources.is_address(address):
        fail(
            REFUSED,
            f"--from {without_numbers(address)} är ingen webbadress: skriv den som https://exempel.se/data.nq.gz.",
            f"--from {without_numbers(address)} is no web address: write it as https://example.org/data.nq.gz.",
        )
    told = form or sources.form_of(source)
    if told is None or not sources.files_of(source, told):
        known = "; ".join(f"{name}: {' '.join(ends)}" for name, ends in sources.SUFFIXES.items())
        fail(
            REFUSED,
            f"{named(source)} är inte i något känt format ({known}): ange det med --as, eller spara om källan.",
            f"{named(source)} is in no known format ({known}): give it with --as, or save the source anew.",
        )
    return told

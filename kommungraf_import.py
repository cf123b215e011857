"""The command `import`: data that others have published, in a data folder beside one's own documents."""

import sys
from pathlib import Path

import click

from kommungraf_arguments import BASE_OPTION, CODES, DATA, QUARANTINED, REFUSED, fail, named, say, without_numbers
from kommungraf_upkeep import hindrances

FORMS = ("kommungraf", "lblod", "oparl")


@click.command("import", epilog=CODES)
@click.argument("source", metavar="SOURCE", type=click.Path(path_type=Path))
@DATA
@click.option(
    "--as", "form", type=click.Choice(FORMS), help="The format; else the names of the files tell · formatet."
)
@click.option(
    "--from",
    "address",
    metavar="URL",
    help="Where the source was fetched; it is published, and nothing is fetched from it · varifrån källan hämtades.",
)
@click.option("--again", is_flag=True, help="Import also what was removed · importera även det som tagits bort.")
@BASE_OPTION
def import_(source: Path, data: Path, form: str | None, address: str | None, again: bool, base: str) -> None:
    """Take data of others into a data folder, beside one's own, and publish what conforms.

    Ta in andras data i datamappen. SOURCE is a file or a folder: the N-Quads dump of another Kommungraf (.nq,
    .nq.gz), local decisions of Flanders (LBLOD: .ttl, .jsonld, .nt, .trig) or OParl 1.1 of German councils (.json).
    Nothing is fetched. The same source imported anew replaces the earlier import.

    \b
      kommungraf import grannkommunen.nq.gz --data data --from https://data.grannkommunen.se/dumps/all.nq.gz
      kommungraf import besluiten.ttl --data data
      kommungraf import oparl/ --data data --as oparl
    """
    import kommungraf_imported as order
    from kommungraf_ingest import settle
    from server import folder

    given = _given(source, form, address)
    with hindrances(), folder.writer(data) as ledger:
        folder.claim_base(ledger, base)
        entry = order.run(ledger, source, given, address or named(Path(source.name)), base, again)
        if entry.status != "refused":
            settle(ledger, base)
    click.echo(without_numbers(f"{entry.id}: {entry.status}: {entry.file_name}"))
    if entry.status != "accepted":
        say(entry.reason_sv, entry.reason_en)
        sys.exit(REFUSED if entry.status == "refused" else QUARANTINED)


def _given(source: Path, form: str | None, address: str | None) -> str:
    """The format of a source that is there; says what is wrong with the call, and ends the program."""
    from mapping.imports import sources

    if str(source).startswith(("http:", "https:")):
        fail(
            REFUSED,
            "Inget hämtas från nätet: spara källan som en fil eller mapp, och ange var den hämtades med --from.",
            "Nothing is fetched from the network: save the source as a file or folder, and say with --from where it "
            "was fetched.",
        )
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

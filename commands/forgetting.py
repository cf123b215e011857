"""The commands that erase, documents or a person's name, from everything that a data folder holds."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.arguments import CODES, DATA, REFUSED, UNKNOWN, fail, say, without_numbers
from commands.upkeep import hindrances, there

if TYPE_CHECKING:
    from commands.surnames_left import Left
    from server.data_folder.folder import Entry

JOBS = click.option(
    "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes; default: the cores."
)


@click.command(epilog=CODES)
@click.argument("documents", nargs=-1, metavar="[DOCUMENT…]")
@click.option("--person", metavar="NAME|IRI", help="First name and surname, or the IRI · en person.")
@DATA
@click.option("--ground", default="", metavar="TEXT", help="Why; it is published, without the name · skälet.")
@JOBS
def forget(documents: tuple[str, ...], person: str | None, data: Path, ground: str, jobs: int) -> None:
    """Erase documents, or a person's name from all documents, from everything that a data folder holds.

    Radera handlingar, eller en persons namn ur alla handlingar. Documents are given by id, SHA-256, IRI or file name;
    of each only its SHA-256, the date and the ground are kept. A person's name is masked in the texts, in every
    spelling of the graph, also when a document is ingested later: either part first, with an initial or a party in
    brackets in between, and with initials for the first names; so is a namesake, and of two surnames the first, where
    no other person has that name. A surname alone is masked everywhere, in file names too, where it can mean nobody
    else; otherwise where the document has the whole name too, unless somebody else bears it there. Where it is left
    is told. At the old addresses the ground is told (410). Dumps are removed: make them anew.

    \b
    Left are, and yours to look for:
      - a first name alone, other middle names, misspellings that the graph does not know;
      - titles, addresses, numbers and all else that tells who is meant;
      - the files that were ingested, your copies of the data folder, and what others have fetched.
    Salted hashes are kept, not the name; who has the ledger can try names on them.

    \b
      kommungraf forget 0123456789abcdef --data data --ground "Sekretess, 21 kap. OSL"
      kommungraf forget --person "Förnamn Efternamn" --data data --ground "Artikel 17"
    """
    if bool(documents) == bool(person):
        fail(REFUSED, "Ange handlingar eller --person, det ena.", "Give documents or --person, one of them.")
    if not ground.strip():
        fail(REFUSED, "--ground saknas: ange varför.", "--ground is missing: say why.")
    if person:
        _forget_person(person, data, ground, jobs)
        click.echo("forgotten · raderat")
    else:
        found = _forget_documents(documents, data, ground, jobs, UNKNOWN)
        click.echo("".join(f"{entry.id}: forgotten · raderad\n" for entry in found), nl=False)


@click.command(epilog=CODES, hidden=True)
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT…")
@DATA
@click.option("--reason", "ground", default="", metavar="TEXT", help="The ground; it is published · skälet.")
@JOBS
def remove(documents: tuple[str, ...], data: Path, ground: str, jobs: int) -> None:
    """The older name of `forget DOCUMENT…`, where the ground may be left out.

    \b
      kommungraf remove 0123456789abcdef --data data --reason "Sekretess, 21 kap. OSL"
    """
    found = _forget_documents(documents, data, ground, jobs, REFUSED)
    click.echo("".join(f"{entry.id}: removed · borttagen\n" for entry in found), nl=False)


@click.command(epilog=CODES, hidden=True)
@DATA
@click.option("--name", required=True, metavar="NAME", help="First name and surname · förnamn och efternamn.")
@click.option("--ground", required=True, metavar="TEXT", help="The ground, kept with a hash of the name · skälet.")
@JOBS
def erase(name: str, data: Path, ground: str, jobs: int) -> None:
    """The older name of `forget --person`.

    \b
      kommungraf erase --name "Förnamn Efternamn" --data data --ground "Artikel 17"
    """
    _forget_person(name, data, ground, jobs)
    click.echo("erased · raderat")


def _forget_documents(names: tuple[str, ...], data: Path, ground: str, jobs: int, unknown: int) -> "list[Entry]":
    from commands import ingest as order
    from server.data_folder.folder import writer

    with hindrances(), there(data), writer(data) as ledger:
        found = [_named(name, ledger.entries(), unknown) for name in dict.fromkeys(names)]
        order.remove(ledger, found, without_numbers(ground), jobs)
    return found


def _forget_person(person: str, data: Path, ground: str, jobs: int) -> None:
    from commands import correction_effects, erased_names, surnames_left
    from commands import ingest as order
    from mapping.parties import without_party
    from server.data_folder.folder import writer

    is_iri = person.startswith(("http://", "https://"))
    if not is_iri and len((person := without_party(person)).split()) < 2:
        fail(
            REFUSED,
            "Ange både förnamn och efternamn: ett ensamt namn har många.",
            "Give both first name and surname: many have a single name.",
        )
    with hindrances(), there(data), writer(data) as ledger:
        name = erased_names.name_of(ledger, person) if is_iri else person
        if name is None or len(name.split()) < 2:
            fail(
                UNKNOWN,
                f"{person} är ingen person i datamappen med förnamn och efternamn: ange namnet.",
                f"{person} is no person of the data folder with a first name and a surname: give the name.",
            )
        before, persons = erased_names.contents(ledger), len(erased_names.persons_named(ledger, name))
        surnames = order.erase(ledger, name, without_numbers(ground), jobs)
        after = erased_names.contents(ledger)
        _tell_erased(sum(after.get(sha256) != was for sha256, was in before.items()), persons)
        _tell_left(list(surnames_left.left(ledger, surnames)), correction_effects.left(ledger, surnames))


def _tell_left(found: "list[Left]", corrections: list[int]) -> None:
    named = [(each.name, each.name, each.places) for each in found if each.places]
    named += [(f"Rättelse {number}", f"Correction {number}", ()) for number in corrections]
    for sv, en, places in named:
        in_sv, in_en = (", ".join(each) for each in zip(*places, strict=True)) if places else ("", "")
        say(
            f"{sv}: ett raderat efternamn står kvar för sig{in_sv and f' ({in_sv})'}; någon annan bär det, eller det "
            "är ett ord eller en del av ett annat namn. Läs och avgör.",
            f"{en}: an erased surname is left alone{in_en and f' ({in_en})'}; somebody else bears it, or it is a "
            "word or a part of another name. Read it and decide.",
        )
    if words := sum(not each.places for each in found):
        say(
            f"I {words} handlingar till står efternamnet bara med små bokstäver, som ett ord.",
            f"In {words} further documents the surname stands in small letters alone, as a word.",
        )


def _tell_erased(documents: int, persons: int) -> None:
    sv, en = "", ""
    if not persons:
        sv = (
            " Varning: ingen person i grafen bär namnet. Kontrollera stavningen, eller ange personens IRI. Namnet "
            "hålls ändå borta ur det som läses in från och med nu."
        )
        en = (
            " Warning: no person of the graph has the name; check the spelling, or give the person's IRI. The name "
            "is kept out of what is ingested from now on all the same."
        )
    say(
        f"Namnet raderades ur {documents} handlingar och för {persons} personer.{sv}",
        f"The name was erased from {documents} documents and {persons} persons.{en}",
    )


def _named(name: str, entries: "list[Entry]", unknown: int) -> "Entry":
    key = re.sub(r"^https?://\S+/id/document/", "", name)
    found = [entry for entry in entries if key in (entry.id, entry.sha256, entry.file_name)]
    if not found:
        fail(
            unknown,
            f"{name} är ingen handling i datamappen: ange id, SHA-256, IRI eller filnamn, som status visar dem.",
            f"{name} is no document of the data folder: give its id, SHA-256, IRI or file name; status shows them.",
        )
    if len(found) > 1:
        ids = ", ".join(entry.id for entry in found)
        fail(
            REFUSED, f"Flera handlingar heter {name}: ange id: {ids}", f"Several are named {name}: give the id: {ids}"
        )
    return found[0]

"""The commands that correct a published value by decision, list the corrections, and withdraw one."""

import datetime
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.arguments import CODES, DATA, QUARANTINED, REFUSED, UNKNOWN, fail, say, without_numbers
from commands.upkeep import hindrances, there

if TYPE_CHECKING:
    from server.corrections.terms import BadCorrection
    from server.data_folder.ledger import Ledger

JOBS = click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes; default: cores.")


@click.command(epilog=CODES)
@click.argument("iri", metavar="IRI")
@click.argument("property_", metavar="PROPERTY")
@DATA
@click.option("--value", default="", metavar="VALUE", help="The new value, written as the former · nytt värde.")
@click.option("--was", metavar="OLD", help="Which value is replaced, where there are several · tidigare värde.")
@click.option("--decided-by", default="", metavar="WHO", help="A post or a body; published · beslutat av.")
@click.option("--ground", default="", metavar="WHY", help="Why; it is published · skälet.")
@click.option("--date", "date", metavar="YYYY-MM-DD", help="Of the decision; default: today · beslutets datum.")
@JOBS
def correct(
    iri: str,
    property_: str,
    data: Path,
    value: str,
    was: str | None,
    decided_by: str,
    ground: str,
    date: str | None,
    jobs: int,
) -> None:
    """Replace a value of the published graph by decision; what the documents said is kept beside it.

    Rätta ett värde i grafen genom beslut. It holds wherever a document says the former value, also when it is read
    again. The texts, and the places that facts are taken from, stay as they are.

    \b
      kommungraf correct https://kommungraf.example/id/meeting/0180/x/2024-02-26 kg:location --data data \\
        --value "Rådhuset" --decided-by "Nämndsekreteraren" --ground "Skrivfel i protokollet"
    """
    from commands import correction_requests as order
    from commands import ingest
    from server.corrections.terms import BadCorrection
    from server.data_folder.folder import writer
    from server.gone import renamed

    with hindrances(), there(data), writer(data) as ledger:
        base = ingest.base_of(ledger)
        _complete(ledger, base, jobs)
        renamed.check_published(data, base)  # what hinders the publishing is told before anything is noted
        who, why = _told(ledger, decided_by, "--decided-by"), _told(ledger, ground, "--ground")
        asked = order.Asked(iri, property_, _clean(ledger, value), was, who, why, _date(date))
        try:
            noted, is_new = order.noted(ledger, asked, base)
        except BadCorrection as error:
            _fail(error)
        except order.DoesNotConform as error:
            for focus, sv, en in dict.fromkeys((p.focus, p.message_sv, p.message_en) for p in error.problems):
                say(f"{focus}: {sv}", f"{focus}: {en}")
            fail(
                QUARANTINED,
                "Rättelsen görs inte: grafen skulle strida mot reglerna ovan.",
                "The correction is not made: the graph would violate the rules above.",
            )
        if is_new:
            ingest.settle(ledger, base, jobs)
    click.echo(f"{noted.number}: corrected · rättat")


@click.command(epilog=CODES)
@DATA
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--withdraw", "number", type=int, metavar="NUMBER", help="Withdraw this one · återta rättelsen.")
@click.option("--ground", metavar="WHY", help="Why it is withdrawn; it is published · skälet.")
@JOBS
def corrections(data: Path, as_json: bool, number: int | None, ground: str | None, jobs: int) -> None:
    """List the corrections, with the number of graphs in which each replaces a value; or withdraw one.

    Visa rättelserna, eller återta en.

    \b
      kommungraf corrections --data data
      kommungraf corrections --data data --withdraw 3 --ground "Protokollet hade rätt"
    """
    from commands import correction_effects, ingest
    from commands import correction_requests as order
    from server.corrections.terms import BadCorrection
    from server.data_folder.folder import writer
    from server.data_folder.ledger import reading
    from server.gone import renamed

    with hindrances(), there(data):
        if number is None:
            with reading(data) as ledger:
                found = correction_effects.told(ledger)
            shown = json.dumps(found, ensure_ascii=False, indent=1) if as_json else "\n".join(map(_line, found))
            click.echo(without_numbers(shown) if shown else "no corrections · inga rättelser")
            return
        with writer(data) as ledger:
            base = ingest.base_of(ledger)
            _complete(ledger, base, jobs)
            renamed.check_published(data, base)
            try:
                order.withdrawn(ledger, number, _told(ledger, ground or "", "--ground"))
            except BadCorrection as error:
                _fail(error)
            ingest.settle(ledger, base, jobs)
    click.echo(f"{number}: withdrawn · återtagen")


def _complete(ledger: "Ledger", base: str, jobs: int) -> None:
    """Complete a correction or an erasure that was broken off; then check what the operator wrote."""
    from commands import ingest

    ingest.completed(ledger, base, jobs)
    ingest.check_written(ledger)


def _told(ledger: "Ledger", text: str, option: str) -> str:
    """What is published of a decision: without personal numbers and erased names."""
    from commands import erased_names
    from mapping.lone_surnames import hidden

    if not text.strip():
        fail(REFUSED, f"{option} saknas: en rättelse har det.", f"{option} is missing: a correction has it.")
    return hidden(without_numbers(text.strip()), erased_names.rules_of(ledger))


def _clean(ledger: "Ledger", value: str) -> str:
    if _told(ledger, value, "--value") != value.strip():
        fail(
            REFUSED,
            "Det nya värdet innehåller ett personnummer eller ett raderat namn: skriv det utan.",
            "The new value holds a personal number or an erased name: write it without.",
        )
    return value.strip()


def _date(given: str | None) -> str:
    try:
        return datetime.date.fromisoformat(given).isoformat() if given else datetime.date.today().isoformat()
    except ValueError:
        fail(
            REFUSED,
            f"--date {given} är inget datum: skriv det som 2025-05-20.",
            f"--date {given} is no date: write it as 2025-05-20.",
        )


def _fail(error: "BadCorrection") -> None:
    say(error.sv, error.en)
    sys.exit(UNKNOWN if error.missing else REFUSED)


def _line(each: dict[str, object]) -> str:
    from server.corrections.graph import shown

    ended = f" · withdrawn/återtagen {each['withdrawn']}: {each['withdrawal']}" if each["withdrawn"] else ""
    former, value = shown(str(each["former"])), shown(str(each["value"]))
    return (
        f"{each['number']}: {each['subject']} <{each['predicate']}> ”{former}” → ”{value}” · {each['date']} "
        f"{each['decided_by']}: {each['ground']} · graphs/grafer: {each['graphs']}{ended}"
    )

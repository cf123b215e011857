"""The commands that read documents: map and text print what is read, ingest keeps it in a data folder."""

import os
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.arguments import (
    BASE,
    BASE_OPTION,
    CODES,
    DATA,
    DECISIONS,
    FILES,
    MUNICIPALITY,
    NO_ADDRESS,
    OWN_BASE_OPTION,
    QUARANTINED,
    REFUSED,
    decisions_of,
    fail,
    files_of,
    named,
    say,
    warn,
)
from commands.upkeep import hindrances

if TYPE_CHECKING:
    from mapping.corpus import Document


@click.command("map", epilog=CODES)
@FILES
@click.option(
    "--format",
    "form",
    type=click.Choice(["nquads", "trig", "turtle", "jsonld"]),
    default="nquads",
    show_default=True,
    help="How to write the graphs.",
)
@click.option(
    "--report",
    is_flag=True,
    help="Tell, on standard error, how each document was read: lines, facts, gaps · redovisa läsningen.",
)
@MUNICIPALITY
@DECISIONS
@BASE_OPTION
def map_(
    files: tuple[str, ...], form: str, report: bool, municipality: str | None, decisions: Path | None, base: str
) -> None:
    """Print the graph of each document that is accepted, and of the persons in them.

    Problems of quarantined documents, the reasons of refused ones and the lines that were not understood go to
    standard error.

    \b
      kommungraf map protokoll.pdf --format turtle
      kommungraf map 2025/*.pdf --municipality Stockholm > graph.nq
      kommungraf map protokoll.pdf --report > graph.nq
    """
    paths = files_of(files)
    from commands.confinement import confinement
    from mapping.corpus import Known, agree, read_all
    from mapping.document import tell, written
    from mapping.records import Refused

    known: dict[str, Known] = {}
    judged, names, refused = {}, {}, False
    distinct = dict.fromkeys(paths)
    decided = decisions_of(decisions)
    jobs = min(len(distinct), os.cpu_count() or 1)
    with confinement() as confine:
        found = dict(read_all(distinct, municipality, base, jobs, confine=confine))
        for path in distinct:
            read = found[path]
            if isinstance(read, Refused):
                refused = True
                say(f"{named(path)}: {read.sv}", f"{named(path)}: {read.en}")
                continue
            judged[read.sha256], names[read.sha256] = read.judged, path
            for line, rule, unread, _ in () if report else read.unread:
                warn(f"{named(path)}, rad/line {line}, oläst/unread ({rule}): {unread}")
            if report:
                warn(f"{named(path)}:\n{_account(read)}", end="")
            if read.judged.accepted:
                known[read.sha256] = Known(read.mentions, read.persons, partial(getattr, read, "text"), municipality)
        agreement = agree(known, base, jobs, decided, confine)
    judged |= {sha: again for sha, (again, _) in agreement.rejudged.items()}
    for sha, reason in agreement.refused.items():
        refused = True
        del judged[sha]
        say(f"{named(names[sha])}: {reason.sv}", f"{named(names[sha])}: {reason.en}")
    for sha, one in judged.items():
        if one.complaints:
            warn(f"{named(names[sha])}:\n{tell(one.complaints)}", end="")
    accepted = [one.quads for one in judged.values() if one.accepted]
    if accepted:
        lines = {line for graph in (*accepted, agreement.persons) for line in graph.splitlines(keepends=True)}
        sys.stdout.buffer.write(written("".join(sorted(lines)), form))
    sys.exit(REFUSED if refused else QUARANTINED if len(accepted) < len(judged) else 0)


@click.command(epilog=CODES)
@click.argument("file")
def text(file: str) -> None:
    """Print the canonical text of a document exactly: every offset in the graph counts its code points.

    \b
      kommungraf text protokoll.pdf > protokoll.txt
    """
    from commands.confinement import confinement
    from mapping.canonical import read_text_of
    from mapping.records import Refused

    [path] = files_of((file,))
    with confinement() as confine:
        read = read_text_of(path, confine)
    if isinstance(read, Refused):
        fail(REFUSED, f"{named(path)}: {read.sv}", f"{named(path)}: {read.en}")
    sys.stdout.buffer.write(read.canonical.encode("utf-8"))


@click.command(epilog=CODES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@DATA
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes; default: the cores.")
@click.option(
    "--cluster",
    "address",
    metavar="ADDRESS",
    help="Read on the workers of a dask scheduler, as tcp://10.0.0.5:8786, not in processes here · läs i kluster.",
)
@click.option(
    "--personal-numbers",
    type=click.Choice(["mask", "quarantine"]),
    help="Publish documents that hold personal numbers with these masked, or hold them back; the folder "
    "remembers it, at first it masks · maskera personnummer, eller håll inne handlingarna.",
)
@click.option("--again", is_flag=True, help="Read also what was removed · läs även det som tagits bort.")
@MUNICIPALITY
@DECISIONS
@OWN_BASE_OPTION
def ingest(
    paths: tuple[str, ...],
    data: Path,
    jobs: int,
    address: str | None,
    personal_numbers: str | None,
    again: bool,
    municipality: str | None,
    decisions: Path | None,
    base: str | None,
) -> None:
    """Read documents, or all documents in folders, into a data folder and publish those that conform.

    Documents already there are skipped. The command may be killed at any moment: run it again and it goes on.
    Decisions on persons are kept in the data folder. It ends with 0 whatever became of the single documents:
    `kommungraf status` tells.

    \b
      kommungraf ingest handlingar/ --data data
      kommungraf ingest protokoll.pdf motion.docx --data data --municipality 0180
      kommungraf ingest handlingar/ --data data --personal-numbers quarantine
      kommungraf ingest handlingar/ --data data --cluster tcp://10.0.0.5:8786
    """
    os.nice(19)  # who is served on the same machine goes first
    from commands import ingest as order
    from commands.cluster import ClusterFailed, cluster
    from server.data_folder.folder import entries, expand, write, writer
    from server.data_folder.status import summary

    try:
        with hindrances():
            files = expand(files_of(paths, folders=True))
            with ExitStack() as kept:
                elsewhere = kept.enter_context(cluster(address)).spread if address else None
                ledger = kept.enter_context(writer(data))
                if decisions:
                    decisions_of(decisions)
                    write(data / "decisions.toml", decisions.read_bytes())
                decisions_of(data / "decisions.toml" if (data / "decisions.toml").exists() else None)
                left_out = order.ingest(
                    ledger,
                    files,
                    municipality=municipality,
                    base=base or ledger.note("base") or BASE,
                    jobs=jobs,
                    personal_numbers=personal_numbers,
                    elsewhere=elsewhere,
                    again=again,
                )
    except ClusterFailed as error:
        warn(str(error))
        sys.exit(NO_ADDRESS)
    for removed in left_out:
        say(
            f"Handlingen {removed.id} togs bort {removed.date} och läses inte in. Läs in den ändå med --again.",
            f"Document {removed.id} was removed {removed.date} and is not ingested. Ingest it anyway with --again.",
        )
    click.echo(summary(entries(data)), nl=False)


def _account(read: "Document") -> str:
    from mapping.corpus import row
    from server.data_folder.folder import Entry
    from server.data_folder.reading import account

    return account(Entry(**row(read), file_name="", status=""))

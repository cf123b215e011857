"""The order of an import: what others have published is read, mapped, judged and kept, as a document is.

An import is a row in the ledger and one file of N-Quads. It is known by its name (the address it was fetched from, or
the name of the file) and its format: a later one of the same takes its place.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from commands import erased_names
from commands.arguments import REFUSED, fail, without_numbers
from commands.confinement import confinement
from mapping import program
from mapping.document import Judged, report, tell, verdict
from mapping.erased import Erased, mask_erased
from mapping.imports import reading, sources
from mapping.imports.forgotten import without
from mapping.records import Refused
from server.corrections.correction import active, corrected
from server.data_folder.folder import Entry, Ledger, graph_files

KOMMUNGRAF: Final = "kommungraf"
"""The name of the format that another Kommungraf gives its data in."""


def run(
    ledger: Ledger,
    source: Path,
    form: str,
    name: str,
    base: str,
    again: bool = False,
    most: int = 0,
    licence: str = "",
) -> Entry:
    """Read, map and judge a source, and keep what became of it; its row in the ledger. Nothing is published yet.

    `most`: bytes that it may have, unpacked; it may take memory and time in proportion. 0: as usual."""
    paths = tuple(sources.files_of(source, form))
    sha256 = sources.digest(paths, source)
    not_buried(ledger, sha256, name, again)
    others = tuple(sorted(_bases(ledger, base))) if form != KOMMUNGRAF else ()
    limit = most or sources.MOST[form]
    task = reading.Task(source, paths, form, name, sha256, base, program.version(), limit, others, licence)
    with confinement(sources.times(form, most)) as confine:
        found = reading.read(task, confine)
    return _kept(ledger, head(ledger, task), found, base)


def _bases(ledger: Ledger, base: str) -> set[str]:
    """The bases of the Kommungrafs whose data was imported: those of the graphs of a dump, and those of the things
    that a feed tells of."""
    form = f"{erased_names.IMPORT}{KOMMUNGRAF}"
    graphs: dict[str, str] = {}
    for entry in ledger.entries():
        if (entry.format, entry.status) == (form, "accepted"):
            with open(ledger.folder / "documents" / f"{entry.id}.nq", encoding="utf-8") as lines:
                for line in lines:
                    graphs.setdefault(line.rsplit(" ", 2)[1], line)
    told = {
        line if graph.startswith(f"<{base}/") else graph  # a feed's things stand in one graph of ours
        for graph, line in graphs.items()
        if not graph.startswith(f"<{base}/") or graph.endswith("/original>")
    }
    return {each[1:].partition("/id/")[0] for each in told}


def not_buried(ledger: Ledger, sha256: str, name: str, again: bool) -> None:
    """End the program where a source was removed, unless it is to be imported `again`."""
    buried = next((each for each in ledger.removed() if each.sha256 == sha256), None)
    if buried and not again:
        fail(
            REFUSED,
            f"Källan {name} togs bort {buried.date} och importeras inte. Importera den ändå med --again.",
            f"The source {name} was removed {buried.date} and is not imported. Import it anyway with --again.",
        )


def head(ledger: Ledger, task: reading.Task) -> Entry:
    """The row of an import before anything is known of it."""
    name = erased_names.masked_name(task.name, erased_names.rules_of(ledger))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Entry(task.sha256, name, "refused", program=program.fingerprint(),
                 format=f"{erased_names.IMPORT}{task.form}", ended_at=now)  # fmt: skip


def put(ledger: Ledger, entry: Entry, files: dict[str, str]) -> Entry:
    """Keep what became of an import; in the same step earlier imports of the source are dropped, unless they are
    accepted and this one is not."""
    earlier = {
        each.sha256: each.id
        for each in ledger.entries()
        if (each.file_name, each.format) == (entry.file_name, entry.format)
        and each.sha256 != entry.sha256
        and (entry.status == "accepted" or each.status != "accepted")
    }
    entry = ledger.put(entry, files, earlier)
    for name in earlier.values():
        click.echo(f"{name}: replaced · ersatt: {without_numbers(entry.file_name)}")
    return entry


def refused(ledger: Ledger, head: Entry, found: Refused) -> Entry:
    """Keep why a source was refused; its row."""
    rules = erased_names.rules_of(ledger)
    sv, en = (without_numbers(mask_erased(text, rules)) for text in (found.sv, found.en))
    return put(ledger, replace(head, reason=found.reason, reason_sv=sv, reason_en=en), {})


def _kept(ledger: Ledger, head: Entry, found: reading.Imported | Refused, base: str) -> Entry:
    if isinstance(found, Refused):
        return refused(ledger, head, found)
    entry, files = files_of(ledger, head, found, base)
    return put(ledger, entry, files)


def files_of(ledger: Ledger, head: Entry, found: reading.Imported, base: str) -> tuple[Entry, dict[str, str]]:
    """The row and the files of an import that was judged, without the names of those who were erased."""
    rules = erased_names.rules_of(ledger)
    judged = replace(found.judged, quads=without(found.judged.quads, rules))
    told = verdict(judged)
    told |= {key: mask_erased(str(told[key]), rules) for key in ("reason_sv", "reason_en")}
    entry = replace(head, **told)
    complaints = complaints_of(judged, judged.quads, rules)
    account = account_of(found)
    if entry.status == "accepted":
        files = graph_files(entry.id, judged.quads, corrected(judged.quads, active(ledger)))
    else:
        files = {f"quarantine/{entry.id}.nq": judged.quads}
    files[f"reports/{entry.id}.txt"] = f"{complaints}{account}"
    if complaints:
        files[f"reports/{entry.id}.nq"] = without(report(judged, base), rules)
    if entry.status != "accepted":
        files[f"quarantine/{entry.id}.txt"] = complaints
    click.echo(account, nl=False)
    return entry, files


def complaints_of(judged: Judged, quads: str, rules: list[Erased]) -> str:
    """What is wrong with an import, for a clerk: each thing with its IRI and its values, without those erased."""
    return without_numbers(mask_erased(tell(judged.complaints, quads=quads), rules))


def account_of(found: reading.Imported) -> str:
    """What of the source was mapped, by class, and how much of it is not published."""
    quads = found.judged.quads.count("\n")
    lines = [f"{quads} quads, {found.left_out} statements left out · utelämnade påståenden"]
    for name, things, mapped in found.kinds:
        lines.append(f"  {mapped} of · av {things} mapped · mappade: {name}")
    return "".join(f"{line}\n" for line in lines)

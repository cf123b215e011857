"""The order of an import: what others have published is read, mapped, judged and kept, as a document is.

An import is a row in the ledger and one file of N-Quads. It is known by its name (the address it was fetched from, or
the name of the file) and its format: a later one of the same takes its place.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

import kommungraf_erasure
from kommungraf_arguments import REFUSED, fail, without_numbers
from kommungraf_confinement import confinement
from mapping import program
from mapping.document import report, tell, verdict
from mapping.erased import Erased, mask_erased
from mapping.imports import reading, sources
from mapping.imports.forgotten import without
from mapping.records import Refused
from server.folder import Entry, Ledger


def run(ledger: Ledger, source: Path, form: str, name: str, base: str, again: bool = False) -> Entry:
    """Read, map and judge a source, and keep what became of it; its row in the ledger. Nothing is published yet."""
    paths = tuple(sources.files_of(source, form))
    sha256 = sources.digest(paths, source)
    buried = next((each for each in ledger.removed() if each.sha256 == sha256), None)
    if buried and not again:
        fail(
            REFUSED,
            f"Källan {name} togs bort {buried.date} och importeras inte. Importera den ändå med --again.",
            f"The source {name} was removed {buried.date} and is not imported. Import it anyway with --again.",
        )
    rules = kommungraf_erasure.rules_of(ledger)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    head = Entry(sha256, mask_erased(name, rules), "refused", program=program.fingerprint(),
                 format=f"{kommungraf_erasure.IMPORT}{form}", ended_at=now)  # fmt: skip
    task = reading.Task(source, paths, form, name, sha256, base, program.version())
    with confinement() as confine:
        found = reading.read(task, confine)
    entry = _kept(ledger, head, found, base, rules)
    for earlier in ledger.entries():
        same = (earlier.file_name, earlier.format) == (entry.file_name, entry.format) and earlier.sha256 != sha256
        if same and (entry.status == "accepted" or earlier.status != "accepted"):
            ledger.drop(earlier.sha256)
            click.echo(f"{earlier.id}: replaced · ersatt: {without_numbers(earlier.file_name)}")
    return entry


def _kept(
    ledger: Ledger, head: Entry, found: reading.Imported | Refused, base: str, rules: Sequence[Erased]
) -> Entry:
    if isinstance(found, Refused):
        sv, en = (without_numbers(mask_erased(text, rules)) for text in (found.sv, found.en))
        return ledger.put(replace(head, reason=found.reason, reason_sv=sv, reason_en=en), {})
    judged = replace(found.judged, quads=without(found.judged.quads, rules))
    told = verdict(judged)
    told |= {key: mask_erased(str(told[key]), rules) for key in ("reason_sv", "reason_en")}
    entry = replace(head, **told)
    complaints = mask_erased(tell(judged.complaints), rules)
    account = _account(found)
    place = "documents" if entry.status == "accepted" else "quarantine"
    files = {f"{place}/{entry.id}.nq": judged.quads, f"reports/{entry.id}.txt": f"{complaints}{account}"}
    if complaints:
        files[f"reports/{entry.id}.nq"] = without(report(judged, base), rules)
    if entry.status != "accepted":
        files[f"quarantine/{entry.id}.txt"] = complaints
    click.echo(account, nl=False)
    return ledger.put(entry, files)


def _account(found: reading.Imported) -> str:
    """What of the source was mapped, by class, and how much of it is not published."""
    quads = found.judged.quads.count("\n")
    lines = [f"{quads} quads, {found.left_out} statements left out · utelämnade påståenden"]
    for name, things, mapped in found.kinds:
        lines.append(f"  {mapped} of · av {things} mapped · mappade: {name}")
    return "".join(f"{line}\n" for line in lines)

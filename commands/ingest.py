"""The order of an ingest: what is read, kept, agreed on and published, one step after the other.

It knows the mapping and the server, as the front door does.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from commands import correction_effects, erased_names
from commands.arguments import named, say
from commands.confinement import confinement
from mapping import corpus, program
from mapping.document import Judged, report, tell, verdict
from mapping.erased import Erased
from mapping.identity import BadDecisions, Decisions, read_decisions
from mapping.limits import PASSING, Confine
from mapping.lone_surnames import hidden
from mapping.personal_numbers import mask
from mapping.records import Refused
from mapping.side_by_side import Spread
from server.corrections.correction import CORRECTING
from server.data_folder import agreement, folder, ledger_graph
from server.data_folder.folder import Entry, Ledger
from server.data_folder.ledger import ERASING, Removed
from server.data_folder.reading import account
from server.export import dumps
from server.gone import renamed, vanished
from server.storage import store


def ingest(
    ledger: Ledger,
    files: Iterable[Path],
    *,
    municipality: str | None,
    base: str,
    jobs: int = 1,
    personal_numbers: str | None = None,
    elsewhere: Spread | None = None,
    again: bool = False,
) -> list[Removed]:
    """Read what is new among some files, let all documents of the data folder agree on who is who, and publish.

    `personal_numbers`: "mask" publishes documents that hold such numbers with these masked, "quarantine" holds them
    back; None is what was chosen for the data folder the last time, and at first "mask". `elsewhere` spreads the
    reading over other machines (commands.cluster). `again`: read also what was removed from the data folder; else
    that is left out, and returned.

    Raises DataFolderError where the folder was made with another base or what its operator wrote cannot be used,
    PublishFailed where the store could not be built.
    """
    folder.claim_base(ledger, base)
    check_written(ledger)
    personal_numbers = personal_numbers or ledger.note("personal numbers") or "mask"
    ledger.remember("personal numbers", personal_numbers)
    current: dict[str, Any] = {
        "program": program.fingerprint(),
        "municipality": municipality or "",
        "personal_numbers": personal_numbers,
    }
    fresh = _fresh(ledger, files, current)
    buried = {} if again else {removed.sha256: removed for removed in ledger.removed()}
    left_out = [buried[sha] for sha in fresh.values() if sha in buried]
    fresh = {path: sha for path, sha in fresh.items() if sha not in buried}
    rules = erased_names.rules_of(ledger)
    tqdm.monitor_interval = 0  # no thread of its own
    hold = personal_numbers == "quarantine"
    with confinement() as confine:
        read = corpus.read_all(fresh, municipality, base, jobs, hold, rules, confine, elsewhere)
        for path, found in tqdm(read, total=len(fresh), unit="doc", disable=None, delay=0.5):
            ended = datetime.now(UTC).isoformat(timespec="seconds")
            name = erased_names.file_name(named(Path(path.name)), found, rules)
            head = replace(Entry(fresh[path], name, "refused", ended_at=ended), **current)
            _put(ledger, head, found, base)
    settle(ledger, base, jobs, elsewhere)
    return left_out


def remove(ledger: Ledger, documents: Iterable[Entry], ground: str, jobs: int = 1) -> None:
    """Erase documents: their rows, files and texts, what was published of them, and every older version of the store.

    Only a tombstone is left of each: SHA-256, date and ground. Raises PublishFailed where the store could not be
    built, or is read by processes that do not leave; the next ingest, or `rebuild`, then completes it. Raises
    DataFolderError, and nothing is erased, where what the folder's operator wrote cannot be used.
    """
    check_written(ledger)
    base, now = base_of(ledger), datetime.now(UTC).isoformat(timespec="seconds")
    ground = hidden(ground, erased_names.rules_of(ledger))
    vanished.bury(ledger, [Removed(entry.sha256, now, ground) for entry in documents], base)
    settle(ledger, base, jobs)


def erase(ledger: Ledger, name: str, ground: str, jobs: int = 1) -> list[Erased]:
    """Mask a person's name, in the spellings that are known, in all documents, and erase what was published of it.
    Returned are the rules of the surnames, to tell where these are left.

    Raises as `remove`, and where a file is missing in which the name may stand.
    """
    check_written(ledger)
    for path in sorted(ledger.owned()):
        if not (ledger.folder / path).is_file():
            raise folder.DataFolderError("\n".join(agreement.wrong(ledger, path)))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    surnames = erased_names.note(ledger, name, now, ground)
    settle(ledger, base_of(ledger), jobs)
    return surnames


def base_of(ledger: Ledger) -> str:
    """What the IRIs of a data folder begin with; raises DataFolderError where nothing was ever read into it."""
    base = ledger.note("base")
    if base is None:
        raise folder.DataFolderError(
            f"{ledger.folder} innehåller inga handlingar. Läs in några: kommungraf ingest.\n"
            f"{ledger.folder} holds no documents. Ingest some: kommungraf ingest."
        )
    return base


def settle(ledger: Ledger, base: str, jobs: int = 1, elsewhere: Spread | None = None) -> store.Published:
    """Let all documents of the data folder agree on who is who, and publish; erase what was to be erased."""
    erasing = bool(ledger.note(ERASING))
    if erasing:
        erased_names.masked_renamed(ledger)
        others = erased_names.others(ledger)
        correction_effects.masked(ledger, erased_names.rules_of(ledger), others)
        for entry, found in erased_names.masked(ledger, base):
            _put(ledger, entry, found, base)
    with confinement() as confine:
        persons = _agree(ledger, base, jobs, confine, elsewhere)
    told = ledger_graph.ledger_quads(ledger.entries(), base, ledger.removed())
    if erasing:
        correction_effects.dropped(ledger, persons)
    shared = correction_effects.settled(ledger, base, persons)
    ledger.put_shared({"ledger.nq": told} | shared)
    if erasing:
        ledger.compact()
        published = store.rebuild(ledger.folder, base)
        dumps.drop(ledger.folder)
        ledger.remember(ERASING, "")
    else:
        published = store.build(ledger.folder, base)
    if ledger.note(CORRECTING):
        ledger.remember(CORRECTING, "")
    return published


def completed(ledger: Ledger, base: str, jobs: int = 1) -> store.Published | None:
    """`settle` where an erasure or a correction was broken off; None, and nothing done, where none was."""
    return settle(ledger, base, jobs) if ledger.note(ERASING) or ledger.note(CORRECTING) else None


def _fresh(ledger: Ledger, files: Iterable[Path], current: dict[str, Any]) -> dict[Path, str]:
    """Each file that was not read yet, or otherwise, or whose outcome was lost or may be another now: its SHA-256."""
    inputs: dict[str, Path] = {}
    for path in files:
        try:
            inputs.setdefault(folder.digest(path), path)
        except OSError as error:  # gone meanwhile, or not permitted: without its bytes it has no row in the ledger
            why = f"{named(path)} ({error.strerror})"
            say(f"Filen går inte att läsa och hoppas över: {why}.", f"The file cannot be read and is skipped: {why}.")
    before = {entry.sha256: entry for entry in ledger.entries()}
    return {
        path: sha
        for sha, path in inputs.items()
        if sha not in before
        or replace(before[sha], **current) != before[sha]
        or before[sha].reason in PASSING
        or not folder.whole(ledger, before[sha])
    }


def _agree(ledger: Ledger, base: str, jobs: int, confine: Confine, elsewhere: Spread | None) -> str:
    """Who is who over all documents that conform by themselves, each judged again where that changes it."""
    conforming = {entry.sha256: entry for entry in ledger.entries() if entry.conforms}
    known = {sha: _recalled(ledger, entry, base) for sha, entry in conforming.items()}
    agreement = corpus.agree(known, base, jobs, _decisions(ledger), confine, elsewhere)
    for sha, (judged, persons) in sorted(agreement.rejudged.items()):
        # one that fails only among the others is tried again each time: with other documents it may pass
        entry = replace(conforming[sha], persons=persons if judged.accepted else "")
        _keep(ledger, entry, judged, folder.canonical(ledger, conforming[sha]), base)
    for sha, reason in agreement.refused.items():
        was = conforming[sha]
        head = Entry(sha, was.file_name, "refused", program=was.program, municipality=was.municipality,
                     personal_numbers=was.personal_numbers, ended_at=was.ended_at)  # fmt: skip
        ledger.put(_refusal(head, reason), {})
    return agreement.persons


def check_written(ledger: Ledger) -> None:
    """Raises DataFolderError where what the operator wrote of persons or renamed things cannot be used: before
    anything is noted that could then not be completed."""
    renamed.read(ledger.folder)
    _decisions(ledger)


def _decisions(ledger: Ledger) -> Decisions:
    kept = ledger.folder / "decisions.toml"
    try:
        return read_decisions(kept) if kept.exists() else ()
    except BadDecisions as error:
        raise folder.DataFolderError(
            f"{kept} går inte att använda: rätta filen och kör samma kommando igen ({error})\n"
            f"{kept} cannot be used: correct the file and run the same command again ({error})"
        ) from error


def _refusal(entry: Entry, refused: Refused) -> Entry:
    return replace(entry, reason=refused.reason, reason_sv=mask(refused.sv), reason_en=mask(refused.en))


def _put(ledger: Ledger, head: Entry, found: corpus.Document | Refused, base: str) -> None:
    if isinstance(found, Refused):
        ledger.put(_refusal(head, found), {})
    else:
        _keep(ledger, replace(head, **corpus.row(found)), found.judged, found.text.canonical, base)


def _keep(ledger: Ledger, entry: Entry, judged: Judged, canonical: str, base: str) -> None:
    entry = replace(entry, **verdict(judged))
    complaints = tell(judged.complaints)
    about = report(judged, base) if complaints else ""
    folder.keep(ledger, entry, judged.quads, canonical, about, complaints, account(entry))


def _recalled(ledger: Ledger, entry: Entry, base: str) -> corpus.Known:
    known = corpus.recalled(asdict(entry), lambda: folder.canonical(ledger, entry))
    return replace(known, mentions=correction_effects.dated(ledger, entry, known.mentions, base))

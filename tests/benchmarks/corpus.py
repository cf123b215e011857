"""A synthetic corpus as a data folder after ingest: `python -m tests.benchmarks.corpus DIR [--documents 12000] [--seed 1]`.

Every document is written by `stories` and read by the mapper itself, so its graph is what the mapper makes of such a
document, with its evidence; persons are resolved over all documents of a municipality. Only the gate is left out,
which would take most of the time: a test judges a sample. 12,000 documents are about five million quads.
"""

import argparse
import multiprocessing
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from mapping import corpus, program
from mapping.document import BASE, Judged, Reading, digest, read
from mapping.identity import fingerprint, person_quads, resolve
from mapping.records import Refused
from mapping.triples import document_quads
from server.data_folder import folder, ledger_graph
from server.data_folder.folder import Entry, Ledger
from server.storage import store
from tests.benchmarks import stories
from tests.benchmarks.stories import Paper

DOCUMENTS = 12_000
DAMAGED = 400  # one file in so many is no document, and is refused
BEGUN = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Town:
    """All documents of one municipality, read: rows of the ledger with their graphs and texts, and the persons."""

    documents: tuple[tuple[Entry, str, str], ...]
    persons: str


def papers(count: int, seed: int = 1) -> Iterator[Paper]:
    """The first `count` documents before they are read; now and then a file that is damaged."""
    for number, paper in enumerate(islice(stories.documents(seed), count)):
        damaged = number % DAMAGED == DAMAGED - 1
        yield replace(paper, data=f"%PDF-1.7 {number}".encode(), name=f"{number}-skadad.pdf") if damaged else paper


def make(target: Path, count: int = DOCUMENTS, seed: int = 1, jobs: int = 2) -> None:
    """Fill a data folder, which must not be there yet, as an ingest does; it is not published."""
    towns: dict[str, list[tuple[int, Paper]]] = {}
    for number, paper in enumerate(papers(count, seed)):
        towns.setdefault(paper.town, []).append((number, paper))
    persons: list[str] = []
    with folder.writer(target) as ledger, multiprocessing.get_context("spawn").Pool(jobs) as pool:
        ledger.connection.execute("PRAGMA synchronous = OFF")  # what is lost is made again
        folder.claim_base(ledger, BASE)
        ledger.remember("personal numbers", "mask")
        for town in pool.imap_unordered(town_of, sorted(towns.values(), key=len, reverse=True)):
            _keep(ledger, town)
            persons += town.persons.splitlines(keepends=True)
        folder.write(target / "persons.nq", "".join(sorted(set(persons))).encode())
        folder.write(target / "ledger.nq", ledger_graph.ledger_quads(ledger.entries(), BASE).encode())


def _keep(ledger: Ledger, town: Town) -> None:
    for entry, quads, text in town.documents:
        if entry.status == "accepted":
            folder.keep(ledger, entry, quads, text, "", "")
        else:
            ledger.put(entry, {})


def town_of(numbered: Iterable[tuple[int, Paper]]) -> Town:
    """The documents of one municipality, each read, and their persons agreed on."""
    found = [(_head(number, paper), read(paper.data, paper.town)) for number, paper in numbered]
    readings = [reading for _, reading in found if isinstance(reading, Reading)]
    persons = resolve(mention for reading in readings for mention in reading.mentions)
    rows = []
    for head, reading in found:
        if isinstance(reading, Refused):
            told = replace(head, status="refused", reason=reading.reason, reason_sv=reading.sv, reason_en=reading.en)
            rows.append((told, "", ""))
            continue
        quads = document_quads(reading.record, reading.text, reading.sha256, BASE, persons)
        lines, mentions = reading.record.account, reading.mentions
        agreed = fingerprint(persons, mentions)
        document = corpus.Document(
            reading.sha256, reading.text, mentions, agreed, Judged(reading.sha256, quads, ()), lines.claimed,
            lines.ignored, (), {},
        )  # fmt: skip
        rows.append((replace(head, **corpus.row(document)), quads, reading.text.canonical))
    return Town(tuple(rows), person_quads(persons, BASE))


def _head(number: int, paper: Paper) -> Entry:
    ended = (BEGUN + timedelta(seconds=number)).isoformat(timespec="seconds")
    return Entry(
        digest(paper.data), paper.name, "accepted", program=program.fingerprint(), municipality=paper.town,
        personal_numbers="mask", ended_at=ended,
    )  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.corpus", description=__doc__)
    parser.add_argument("folder", type=Path, help="the data folder to make")
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    make(options.folder, options.documents, options.seed)
    published = store.build(options.folder, BASE)
    print(f"{options.documents} documents, {published.quads - published.triples} quads", file=sys.stderr)


if __name__ == "__main__":
    main()

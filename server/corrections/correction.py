"""Corrections: a value of the published graph replaced by decision, and what the documents said kept beside it.

A correction is a row of the ledger, which is the truth: wherever a document, or graph/persons, says the former value,
the published graph says the new one. It is applied whenever a graph is written, so that it holds also when a document
is read again; what a corrected document said is kept in DIR/uncorrected, and graph/corrections tells of every one.
With the date of a meeting go the dates of the decisions made there, which are no facts of their own.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ontology import KG

if TYPE_CHECKING:
    from server.data_folder.ledger import Ledger

UNCORRECTED: Final = "uncorrected"
FILE: Final = "corrections.nq"
CORRECTING: Final = "correcting"
"""The note that the files may not yet be what the corrections say: they are written before anything else."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A decision. `former` and `value`: terms as N-Triples has them; `date`: of the decision, ISO 8601; `withdrawn`:
    when it was withdrawn (ISO 8601, UTC), and on what ground; both empty where it holds."""

    number: int
    subject: str
    predicate: str
    former: str
    value: str
    decided_by: str
    ground: str
    date: str
    withdrawn: str = ""
    withdrawal: str = ""

    def iri(self, base: str) -> str:
        return f"{base}/id/correction/{self.number}"

    @property
    def before(self) -> str:
        """How a line of N-Quads that says the former value begins, up to its graph."""
        return f"<{self.subject}> <{self.predicate}> {self.former} <"

    @property
    def after(self) -> str:
        return f"<{self.subject}> <{self.predicate}> {self.value} <"


_COLUMNS: Final = "number, subject, predicate, former, value, decided_by, ground, date, withdrawn, withdrawal"


def corrections(ledger: "Ledger") -> list[Correction]:
    """Every correction, also the withdrawn ones, in the order in which they were noted."""
    try:
        rows = ledger.connection.execute(f"SELECT {_COLUMNS} FROM corrections ORDER BY number").fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return []  # a ledger of an older program, opened to be read
    return [Correction(*row) for row in rows]


def active(ledger: "Ledger") -> list[Correction]:
    """The corrections that hold."""
    return [each for each in corrections(ledger) if not each.withdrawn]


def corrected(quads: str, decided: Sequence[Correction]) -> str:
    """N-Quads lines with each correction made, one after the other; sorted and unique where anything was changed."""
    for each in decided:
        said = {one.before: one.after for one in (each, *_following(quads, each)) if one.before in quads}
        if said:
            changed = {_replaced(line, said) for line in quads.split("\n") if line}
            quads = "".join(f"{line}\n" for line in sorted(changed))
    return quads


def _replaced(line: str, said: Mapping[str, str]) -> str:
    at = line.rindex(" <") + 2  # where the graph is named
    return said.get(line[:at], line[:at]) + line[at:]


def _following(quads: str, correction: Correction) -> Iterator[Correction]:
    """Where the date of a meeting is corrected, the same for each decision of what was treated there."""
    if correction.predicate != KG.date or f" <{KG.treatedAt}> <{correction.subject}> <" not in quads:
        return
    facts = [line.split(" ", 2) for line in quads.split("\n") if line]
    meeting, treated_at, resulted_in = f"<{correction.subject}> <", f"<{KG.treatedAt}>", f"<{KG.resultedIn}>"
    treatments = {fact[0] for fact in facts if fact[1] == treated_at and fact[2].startswith(meeting)}
    for treatment, predicate, rest in facts:
        if predicate == resulted_in and treatment in treatments:
            yield replace(correction, subject=rest.partition(">")[0].removeprefix("<"))


def in_effect(texts: Iterable[str], decided: Sequence[Correction]) -> dict[int, int]:
    """In how many of some graphs, as they were read, each correction finds its former value; by its number."""
    found = dict.fromkeys((each.number for each in decided), 0)
    for quads in texts:
        for each in decided:
            if each.before in quads:
                found[each.number] += 1
                if not each.withdrawn:
                    quads = corrected(quads, [each])
    return found


def add(ledger: "Ledger", correction: Correction) -> Correction:
    """Note a correction, which gets its number here; that the files are to follow is noted with it."""
    row = (
        correction.subject, correction.predicate, correction.former, correction.value, correction.decided_by,
        correction.ground, correction.date,
    )  # fmt: skip
    with ledger.connection as change:
        cursor = change.execute(
            "INSERT INTO corrections (subject, predicate, former, value, decided_by, ground, date, withdrawn, "
            "withdrawal) VALUES (?, ?, ?, ?, ?, ?, ?, '', '')",
            row,
        )
        change.execute("REPLACE INTO about (key, value) VALUES (?, '1')", [CORRECTING])
    return Correction(int(cursor.lastrowid or 0), *row)


def withdraw(ledger: "Ledger", number: int, when: str, ground: str) -> None:
    """Note that a correction holds no longer."""
    with ledger.connection as change:
        change.execute(
            "UPDATE corrections SET withdrawn = ?, withdrawal = ? WHERE number = ?", [when, ground, number]
        )
        change.execute("REPLACE INTO about (key, value) VALUES (?, '1')", [CORRECTING])


def replace_all(ledger: "Ledger", kept: Iterable[Correction]) -> None:
    """Keep these corrections, as they are given, and no others: what was erased must not stay in them."""
    rows = [
        (
            c.number,
            c.subject,
            c.predicate,
            c.former,
            c.value,
            c.decided_by,
            c.ground,
            c.date,
            c.withdrawn,
            c.withdrawal,
        )
        for c in kept
    ]
    with ledger.connection as change:
        change.execute("DELETE FROM corrections")
        change.executemany(f"INSERT INTO corrections ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        change.execute("REPLACE INTO about (key, value) VALUES (?, '1')", [CORRECTING])

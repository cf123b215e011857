"""What is told of what stood only in documents that were removed, at what was its IRI: that it is gone (410).

The ledger keeps a salted hash of each IRI that such a document had, as server.gone.forgotten does for persons: an IRI
may hold a name. Nothing of it is published, and a document that is read again takes its hashes away.
"""

import re
import secrets
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final

from server.data_folder.files import DataFolderError
from server.data_folder.ledger import Ledger, Removed, reading
from server.gone import tombstones
from server.gone.forgotten import ADDRESS, hashed
from server.messages import Problem

SALT: Final = "salt of what vanished"
"""The note of the ledger that holds the salt of all these hashes."""


def bury(ledger: Ledger, documents: Iterable[Removed], base: str) -> None:
    """Put tombstones in the place of documents, and remember the IRIs that their graphs have, and the notes on the
    identity of their persons. Those of texts, graphs, spans, runs and reports are known by their documents'."""
    salt = ledger.note(SALT)
    if salt is None:
        salt = secrets.token_hex(16)
        ledger.remember(SALT, salt)
    own = re.compile(rb"<" + re.escape(f"{base}/id/".encode()) + rb"([^>]+)>")
    speaking = _speaking(ledger, own)
    for removed in documents:
        graphs = (ledger.folder / name for name in ledger.files_of(removed.sha256) if name.startswith("documents/"))
        paths = {path for graph in graphs if graph.exists() for path in own.findall(graph.read_bytes())}
        paths |= {each for path in paths for each in speaking.get(path, ())}
        told = (path.decode() for path in paths)
        ledger.bury(removed, [hashed(salt, path) for path in told if not tombstones.OF_A_DOCUMENT.match(path)])


def _speaking(ledger: Ledger, own: re.Pattern[bytes]) -> dict[bytes, set[bytes]]:
    """The notes on identity in graph/persons, by the persons that they speak of."""
    found: dict[bytes, set[bytes]] = {}
    persons = ledger.folder / "persons.nq"
    with persons.open("rb") if persons.exists() else BytesIO() as lines:
        for line in lines:
            subject, *others = own.findall(line)[:-1] or [b""]  # the last one is the graph
            for each in others if subject.startswith(b"identity/") else ():
                found.setdefault(each, set()).add(subject)
    return found


def problem(data_dir: Path, path: str) -> Problem | None:
    """What to answer at a path where nothing is: 410 where a document that was removed had it; else None."""
    match = ADDRESS.match(path)
    if match is None or not (data_dir / "ledger.sqlite").is_file():
        return None
    try:
        with reading(data_dir) as ledger:
            found = _found(ledger, match[1])
    except DataFolderError:
        return None  # whoever writes to it now is not waited for: the address is unknown until then
    return tombstones.problem(*found) if found else None


def _found(ledger: Ledger, path: str) -> tuple[str, str] | None:
    """The date and the ground of the latest removal of a document that had a path."""
    salt = ledger.note(SALT)
    if salt is None:
        return None
    rows = ledger.connection.execute(
        "SELECT date, ground FROM vanished JOIN removed USING (sha256) WHERE hash = ? ORDER BY date DESC LIMIT 1",
        [hashed(salt, path)],
    )
    row: tuple[str, str] | None = rows.fetchone()
    return row
